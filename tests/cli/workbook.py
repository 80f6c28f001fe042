# Changes inputs of a workbook that `tokenbill report` wrote, and takes the values away that stand beside its formulas, so that
# whoever opens it has to calculate.
#   python3 workbook.py IN.xlsx OUT.xlsx [input=number]…
import re
import sys
import zipfile

source, target, *changes = sys.argv[1:]
changes = dict(change.split("=") for change in changes)
with zipfile.ZipFile(source) as book:
    parts = {name: book.read(name) for name in book.namelist()}
texts = [re.sub("<[^>]*>", "", item) for item in re.findall(r"<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.S)]
names = re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"].decode())
inputs = f"xl/worksheets/sheet{names.index('Inputs') + 1}.xml"

sheet = parts[inputs].decode()
rows = {}
for row, cell in re.findall(r'<c r="H(\d+)"[^>]*t="s"[^>]*><v>(\d+)</v>', sheet):
    rows[texts[int(cell)]] = row
for name, number in changes.items():
    if name not in rows:
        sys.exit(f"{name} is no input of this workbook")
    cell = re.compile(rf'<c r="B{rows[name]}"( s="\d+")?[^>]*>.*?</c>', re.S)
    sheet, found = cell.subn(lambda match: f'<c r="B{rows[name]}"{match.group(1) or ""}><v>{number}</v></c>', sheet)
    if found != 1:
        sys.exit(f"the cell of {name} was not found")
parts[inputs] = sheet.encode()

formulas = 0
for name in parts:
    if name.startswith("xl/worksheets/sheet"):
        text, found = re.subn(r'(<c r="[A-Z]+\d+"(?: s="\d+")?)(?: t="str")?>(<f>.*?</f>)<v>[^<]*</v></c>', r"\1>\2</c>", parts[name].decode())
        parts[name] = text.encode()
        formulas += found
        if "</f><v>" in text:
            sys.exit(f"a value of a formula is left in {name}")
if formulas == 0:
    sys.exit("the workbook has no formulas")
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
    for name, data in parts.items():
        book.writestr(name, data)
