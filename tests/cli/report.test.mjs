// tokenbill report: documents that stand alone, and a workbook that calculates what the core calculates.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, have, program, root, run } from "./support.mjs";

const day = ["--date", "2026-11-22"];
const presets = JSON.parse(readFileSync(join(root, "site/presets.json"), "utf8")).presets.map((preset) => preset.id);
const made = (...args) => {
  const result = run(program, args);
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
};
const estimate = (...args) => JSON.parse(made("estimate", ...args, ...day, "--json"));
const month_text = (value) => value.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
const hostile = `<script>alert(1)</script> "a" & 'b' | c * d \\ [e](javascript:f)`;

function hostileScenario() {
  const path = join(folder(), "hostile.json");
  writeFileSync(path, JSON.stringify({ format: "tokenbill-scenario/1", name: hostile, model: "openai/gpt-4o", parameters: {} }));
  return path;
}

test("the page stands alone: its policy allows its own style and nothing else", () => {
  for (const preset of presets) {
    const html = made("report", "--preset", preset, ...day, "--format", "html", "-o", "-");
    const policy = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)[1];
    const style = html.match(/<style>([^]*?)<\/style>/)[1];
    assert.equal(html.match(/<style/g).length, 1);
    const hash = createHash("sha256").update(style).digest("base64");
    assert.equal(policy, `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|<object|<embed|url\(|@import|\son\w+=|\sstyle=/i);
    for (const [, address] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) assert.match(address, /^https?:\/\//);
  }
});

test("figures of page and Markdown are those of the estimate", () => {
  for (const preset of presets) {
    const bill = estimate("--preset", preset);
    const total = month_text(bill.totals.per_month);
    const html = made("report", "--preset", preset, ...day, "--format", "html", "-o", "-");
    const markdown = made("report", "--preset", preset, ...day, "--format", "md", "-o", "-");
    assert.ok(html.includes(`<p class="month">${total} `), `${preset}: ${total}`);
    assert.ok(markdown.includes(`**${total} USD a month**`), `${preset}: ${total}`);
    for (const item of bill.items) {
      if (item.usd_per_month < 0.095) continue;
      assert.ok(html.includes(`${item.label.replaceAll("'", "&#39;")}</td>`), item.label);
      assert.ok(html.includes(`>${month_text(item.usd_per_month)}</td>`), item.label);
      assert.ok(markdown.includes(`| ${month_text(item.usd_per_month)} |`), item.label);
    }
  }
});

test("a name that is markup stays a name", () => {
  const path = hostileScenario();
  const html = made("report", path, ...day, "--format", "html", "-o", "-");
  assert.doesNotMatch(html, /<script/);
  assert.ok(html.includes("&lt;script&gt;alert(1)&lt;/script&gt; &quot;a&quot; &amp; &#39;b&#39;"));
  const markdown = made("report", path, ...day, "--format", "md", "-o", "-");
  assert.ok(markdown.startsWith("# \\<script\\>alert(1)\\</script\\>"));
  assert.ok(markdown.includes("\\[e\\](javascript"));
});

test("tables of Markdown have as many cells in every row as in their head", () => {
  const markdown = made("report", "--preset", "agent", ...day, "--format", "md", "-o", "-");
  let width = 0;
  let tables = 0;
  for (const line of markdown.split("\n")) {
    const cells = line.startsWith("|") ? line.replaceAll("\\|", "").split("|").length : 0;
    if (cells > 0 && width === 0) tables += 1;
    else if (cells > 0) assert.equal(cells, width, line);
    width = cells;
  }
  assert.equal(tables, 3);
});

test("what cannot be written is told", () => {
  for (const [args, words] of [
    [["-o", "report.pdf"], "\\.html, \\.md or \\.xlsx"],
    [["-o", "report"], "without an ending"],
    [["-o", "-", "--format", "xlsx"], "standard output"],
    [["-o", "/nowhere/at/all/report.md"], "cannot be written"],
    [["-o", "/nowhere/at/all/report.xlsx"], "cannot be written"],
    [[], "output"],
  ]) {
    const result = run(program, ["report", "--preset", "chatbot", ...args]);
    assert.equal(result.status, 2, args.join(" "));
    assert.match(result.stderr, new RegExp(words));
  }
});

const has_workbooks = !/built without/.test(run(program, ["report", "--preset", "chatbot", "-o", join(folder(), "try.xlsx")]).stderr);
const no_workbooks = !has_workbooks ? "the program was built without libxlsxwriter" : !have("python3") ? "python3 is not here" : false;

test("the same scenario gives the same workbook, and nothing is left beside it", { skip: no_workbooks }, () => {
  const at = folder();
  for (const name of ["one.xlsx", "two.xlsx"]) made("report", "--preset", "agent", ...day, "-o", join(at, name));
  assert.deepEqual(readFileSync(join(at, "one.xlsx")), readFileSync(join(at, "two.xlsx")));
  assert.deepEqual(readdirSync(at).sort(), ["one.xlsx", "two.xlsx"]);
});

/** Rows of a CSV file without line breaks in its fields. */
const csv = (text) => text.trim().split("\n").map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) => match[1].replace(/^"|"$/g, "").replaceAll('""', '"')));

const changes = [
  [],
  ["prompt_tokens=2345", "output_tokens=777"],
  ["conversations_per_day=12345", "turns_per_conversation=3"],
  ["failure_ratio=0.12", "contingency_ratio=0.31", "people_fte=1.5"],
];

// LibreOffice is asked once for all of them, since it takes seconds to start.
test("recalculated by LibreOffice, every line of the bill is the core's, as written and with other inputs", { skip: no_workbooks || (!have("soffice") && "LibreOffice is not here"), timeout: 300_000 }, () => {
  const at = folder();
  const cases = [];
  for (const preset of presets) {
    const written = join(at, `${preset}.xlsx`);
    made("report", "--preset", preset, ...day, "-o", written);
    for (const [index, change] of changes.entries()) {
      const name = `${preset}-${index}`;
      const edited = run("python3", [join(root, "tests/cli/workbook.py"), written, join(at, `${name}.edited.xlsx`), ...change]);
      // Not every preset can change everything: what it cannot, its workbook says.
      if (edited.status !== 0) {
        assert.match(edited.stderr, /is no input of this workbook/);
        assert.notEqual(index, 0);
        continue;
      }
      cases.push({ name, bill: estimate("--preset", preset, ...change.flatMap((one) => ["--set", one])) });
    }
  }
  assert.ok(cases.length > presets.length * 2, `${cases.length} cases`);
  const files = cases.map(({ name }) => join(at, `${name}.edited.xlsx`));
  const converted = run("soffice", ["--headless", `-env:UserInstallation=file://${join(at, "profile")}`, "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", at, ...files], { timeout: 280_000 });
  assert.equal(converted.status, 0, converted.stderr);
  let lines = 0;
  for (const { name, bill } of cases) {
    const rows = new Map(csv(readFileSync(join(at, `${name}.edited.csv`), "utf8")).map((row) => [row[0], Number(row[1])]));
    const expect = (label, value) => {
      const found = rows.get(label);
      assert.ok(Math.abs(found - value) <= 1e-9 * Math.abs(value) + 1e-12, `${name}, ${label}: ${found} in the workbook, ${value} in the core`);
      lines += 1;
    };
    for (const item of bill.items) expect(item.label, item.usd_per_month);
    expect("Total", bill.totals.per_month);
    expect("USD a month", bill.totals.per_month);
    expect("USD a request", bill.totals.per_request);
    expect("USD a conversation", bill.totals.per_conversation);
  }
  assert.ok(lines > cases.length * 30);
});
