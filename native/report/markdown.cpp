// The report as Markdown, for an issue, a wiki or a pull request.

#include "report.h"
#include "tokenbill/format.h"
#include "words.h"

namespace tokenbill {

namespace {
// Whatever could be read as markup; a line break would end a row of a table.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string source_link(std::string_view source) {
  if (!is_address(source)) return escaped(source);
  std::string address;
  for (const char c : source) {
    if (c == ' ' || c == '>' || c == '<' || c == '|' || c == '\n' || c == '\r') return escaped(source);
    address += c;
  }
  return "<" + address + ">";
}

std::string checked_words(const std::optional<Moment>& checked) { return checked ? moment_text(*checked) : ""; }
}  // namespace

std::string report_markdown(const Report& report) {
  const Bill& bill = report.bill;
  std::string out = "# " + escaped(report.title) + "\n\n";
  out += "**" + usd_or_unknown(bill.per_month) + " USD a month** on " + escaped(bill.model->name) + " (" +
         escaped(bill.seller->name) + "), with the prices of " + moment_text(bill.date) + ".\n\n";
  out += usd_or_unknown(bill.per_request) + " a request · " + usd_or_unknown(bill.per_conversation) +
         " a conversation · " + usd_or_unknown(bill.per_day) + " a day · " + usd_or_unknown(bill.per_year) +
         " a year\n\n";
  if (bill.problem) out += "> " + escaped(bill.problem->message) + " " + escaped(bill.problem->hint) + "\n\n";
  if (!bill.sentence.empty()) out += escaped(bill.sentence) + "\n\n";

  out += "## The bill\n\n| | USD a month | USD a request | share |\n|:--|--:|--:|--:|\n";
  for (const BillItem& item : bill.items) {
    if (item.usd_per_month == 0.0) continue;
    out += "| " + escaped(item.label) + " | " + usd_or_unknown(item.usd_per_month) + " | " +
           usd_or_unknown(item.usd_per_request) + " | " + percent_or_unknown(item.share) + " |\n";
  }
  out += "| **Total** | **" + usd_or_unknown(bill.per_month) + "** | **" + usd_or_unknown(bill.per_request) + "** | " +
         (bill.per_month ? percent_text(1) : "") + " |\n\n";

  if (!bill.notices.empty()) {
    out += "## To know\n\n";
    for (const Notice& notice : bill.notices) out += "- " + escaped(notice.text) + "\n";
    out += "\n";
  }

  out += "## What it stands on\n\n| input | value | origin | source | checked |\n|:--|--:|:--|:--|:--|\n";
  for (const BillInput& input : bill.inputs)
    out += "| " + escaped(input.label) + " | " + escaped(figure_text(input.id, input.value, input.unit)) + " | " +
           std::string(origin_words(input.origin)) + " | " + source_link(input.source) + " | " +
           checked_words(input.checked) + " |\n";
  out += "\n## How each line comes about\n\n";
  for (const Explanation& one : report.explanations) {
    out += "- **" + escaped(one.subject.label) +
           "**: " + escaped(figure_text(one.subject.id, one.subject.value, one.subject.unit)) + "\n";
    if (!one.formula.empty()) out += "  = " + escaped(one.formula) + "\n  = " + escaped(one.numbers) + "\n";
    if (!one.note.empty()) out += "  because " + escaped(one.note) + "\n";
  }

  out += "\n## Other models\n\n| # | model | seller | USD a month | against this one |\n|--:|:--|:--|--:|:--|\n";
  for (const ComparisonRow* row : models_of(report))
    out += "| " + std::to_string(row->rank) + " | " + escaped(row->model->name) + " | " + escaped(row->seller->name) +
           " | " + usd_or_unknown(row->usd_per_month) + " | " +
           (row->model == report.comparison.baseline ? "**chosen**" : ratio_text(row->ratio_to_baseline)) + " |\n";
  out += "\nMade by Tokenbill " TOKENBILL_VERSION " on " + moment_text(report.today) + "; price list as of " +
         moment_text(report.prices_as_of) +
         ". Prices are list prices; what is unknown is called so and never counts as 0.\n";
  return out;
}

}  // namespace tokenbill
