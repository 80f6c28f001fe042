// The report as a page that can be kept, sent and printed: nothing in it is loaded from elsewhere, and nothing runs.

#include <algorithm>
#include <array>
#include <cstdio>

#include "report.h"
#include "tokenbill/format.h"
#include "words.h"

namespace tokenbill {

namespace {
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  return out;
}

/// The colours of the page and of the desktop (colours.def), as custom properties.
std::string colours(bool dark) {
  std::string out;
  const auto add = [&](const char* name, unsigned light_value, unsigned dark_value) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "--%s:#%06x;", name, dark ? dark_value : light_value);
    out += text.data();
  };
#define TOKENBILL_COLOUR(name, light, dark) add(#name, light, dark);
#include "../colours.def"
#undef TOKENBILL_COLOUR
  return out;
}

constexpr std::string_view rules =
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;background:var(--paper);color:var(--ink);"
    "font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}"
    "h1{font-size:1.3rem;margin:0}h2{font-size:1.1rem;margin:2.5rem 0 .75rem;border-bottom:1px solid var(--line);"
    "padding-bottom:.3rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}"
    "p{margin:.4rem 0}.quiet{color:var(--muted)}.small{font-size:.85rem}"
    ".month{font-size:3.2rem;font-weight:700;line-height:1.15;margin:.5rem 0 0}"
    ".month small{font-size:1.1rem;font-weight:600;color:var(--muted)}"
    ".warn{border-left:3px solid var(--warn);padding-left:.75rem}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%}"
    "th{font-weight:400;color:var(--muted);font-size:.85rem;text-align:left;white-space:nowrap}"
    "th,td{padding:.3rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}"
    ".n{text-align:right;white-space:nowrap}tr.sum td{font-weight:700;border-bottom:2px solid var(--line_strong)}"
    ".mark{display:inline-block;width:.7rem;height:.7rem;margin-right:.5rem}"
    ".bar{width:32%;min-width:7rem}svg{display:block;width:100%;height:1rem}"
    "code{display:block;font:inherit;background:var(--surface);padding:.5rem .75rem;margin:.25rem 0;"
    "overflow-wrap:anywhere}"
    "a{color:var(--accent);overflow-wrap:anywhere}footer{margin-top:3rem;color:var(--muted);font-size:.85rem}"
    "@media(max-width:40rem){.bar{display:none}.month{font-size:2.4rem}body{padding:1.25rem .75rem}}"
    "@media print{body{padding:0;max-width:none;font-size:10pt}h2{break-after:avoid}tr,h3,code{break-inside:avoid}"
    ".wide{overflow:visible}}";

std::string style() {
  std::string hues;
#define TOKENBILL_CATEGORY(name, label) hues += ".hue-" #name "{background:var(--" #name ");fill:var(--" #name ")}";
#include "tokenbill/categories.def"
#undef TOKENBILL_CATEGORY
  return ":root{color-scheme:light dark;" + colours(false) + "}@media(prefers-color-scheme:dark){:root{" +
         colours(true) + "}}@media print{:root{" + colours(false) + "}}" + std::string(rules) + hues +
         ".hue-sum{background:var(--sum);fill:var(--sum)}";
}

std::string cell(std::string_view text, bool number = false) {
  return (number ? "<td class=\"n\">" : "<td>") + escaped(text) + "</td>";
}

std::string bar(double from, double to, std::string_view hue) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), "<rect x=\"%.3f\" width=\"%.3f\" y=\"15\" height=\"70\" class=\"hue-",
                from * 1000, std::max(1.0, (to - from) * 1000));
  return "<td class=\"bar\"><svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">" +
         std::string(text.data()) + std::string(hue) + "\"/></svg></td>";
}

std::string source_words(std::string_view source) {
  if (!is_address(source)) return escaped(source);
  std::string_view host = source.substr(source.find("://") + 3);
  host = host.substr(0, host.find('/'));
  return "<a href=\"" + escaped(source) + "\" rel=\"noreferrer\">" + escaped(host) + "</a>";
}

std::string bill_table(const Bill& bill) {
  std::string out =
      "<div class=\"wide\"><table><thead><tr><th>In the order of calculation<th class=\"bar\"><th class=\"n\">USD a "
      "month<th class=\"n\">USD a request<th class=\"n\">share</tr></thead><tbody>\n";
  double start = 0;
  for (const BillItem& item : bill.items) {
    const double share = item.share.value_or(0);
    if (item.usd_per_month != 0.0)
      out += "<tr><td><span class=\"mark hue-" + std::string(category_id(item.category)) + "\"></span>" +
             escaped(item.label) + "</td>" + bar(start, start + share, category_id(item.category)) +
             cell(usd_or_unknown(item.usd_per_month), true) + cell(usd_or_unknown(item.usd_per_request), true) +
             cell(percent_or_unknown(item.share), true) + "</tr>\n";
    start += share;
  }
  out += "<tr class=\"sum\"><td>Total</td>" + bar(0, bill.per_month ? 1 : 0, "sum") +
         cell(usd_or_unknown(bill.per_month), true) + cell(usd_or_unknown(bill.per_request), true) +
         cell(bill.per_month ? percent_text(1) : "", true) + "</tr>\n";
  return out + "</tbody></table></div>\n";
}
}  // namespace

// The hash of style() that the policy names; a test holds it against the text.
constexpr std::string_view style_hash = "gq+/PF4+d+Y7+iVHn8tMhs1VBoN5jJtZ9r/XwhCLPt0=";

std::string report_html(const Report& report) {
  const Bill& bill = report.bill;
  std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-" +
         std::string(style_hash) + "'; base-uri 'none'; form-action 'none'\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta name=\"referrer\" content=\"no-referrer\">\n";
  out += "<title>" + escaped(report.title) + ": " + usd_or_unknown(bill.per_month) + " USD a month</title>\n";
  out += "<style>" + style() + "</style>\n</head>\n<body>\n";
  out += "<header><h1>" + escaped(report.title) + "</h1>\n<p class=\"quiet\">on " + escaped(bill.model->name) +
         ", sold by " + escaped(bill.seller->name) + ", with the prices of " + moment_text(bill.date) + "</p>\n";
  out += "<p class=\"month\">" + usd_or_unknown(bill.per_month) + " <small>USD a month</small></p>\n";
  out += "<p>" + usd_or_unknown(bill.per_request) + " a request · " + usd_or_unknown(bill.per_conversation) +
         " a conversation · " + usd_or_unknown(bill.per_day) + " a day · " + usd_or_unknown(bill.per_year) +
         " a year</p>\n";
  if (bill.problem)
    out += "<p class=\"warn\">" + escaped(bill.problem->message) + " " + escaped(bill.problem->hint) + "</p>\n";
  if (!bill.sentence.empty()) out += "<p>" + escaped(bill.sentence) + "</p>\n";
  out += "</header>\n<main>\n<h2>The bill</h2>\n" + bill_table(bill);
  if (!bill.notices.empty()) {
    out += "<h2>To know</h2>\n";
    for (const Notice& notice : bill.notices) out += "<p class=\"warn\">" + escaped(notice.text) + "</p>\n";
  }

  out +=
      "<h2>What it stands on</h2>\n<div class=\"wide\"><table><thead><tr><th>Input<th class=\"n\">Value<th>Origin"
      "<th>Source<th>Checked</tr></thead><tbody>\n";
  for (const BillInput& input : bill.inputs)
    out += "<tr>" + cell(input.label) + cell(figure_text(input.id, input.value, input.unit), true) +
           cell(origin_words(input.origin)) + "<td>" + source_words(input.source) + "</td>" +
           cell(input.checked ? moment_text(*input.checked) : "") + "</tr>\n";
  out += "</tbody></table></div>\n<h2>How each line comes about</h2>\n";
  for (const Explanation& one : report.explanations) {
    out += "<h3>" + escaped(one.subject.label) + ": " +
           escaped(figure_text(one.subject.id, one.subject.value, one.subject.unit)) + "</h3>\n";
    if (!one.formula.empty())
      out += "<code>" + escaped(one.formula) + "</code><code>" + escaped(one.numbers) + "</code>\n";
    if (!one.note.empty()) out += "<p class=\"small\">because " + escaped(one.note) + "</p>\n";
  }

  out +=
      "<h2>Other models for the same work</h2>\n<div class=\"wide\"><table><thead><tr><th class=\"n\">#<th>Model"
      "<th>Seller<th class=\"n\">USD a month<th>Against this one</tr></thead><tbody>\n";
  for (const ComparisonRow* row : models_of(report)) {
    const bool chosen = row->model == report.comparison.baseline;
    out += std::string(chosen ? "<tr class=\"sum\">" : "<tr>") + cell(std::to_string(row->rank), true) +
           cell(row->model->name) + cell(row->seller->name) + cell(usd_or_unknown(row->usd_per_month), true) +
           cell(chosen ? "chosen" : ratio_text(row->ratio_to_baseline)) + "</tr>\n";
  }
  out += "</tbody></table></div>\n<h2>Sources</h2>\n<ul class=\"small\">\n";
  for (const std::string& source : report.sources)
    out += "<li>" +
           (is_address(source) ? "<a href=\"" + escaped(source) + "\" rel=\"noreferrer\">" + escaped(source) + "</a>"
                               : escaped(source)) +
           "</li>\n";
  out += "</ul>\n</main>\n<footer><p>Made by Tokenbill " TOKENBILL_VERSION " on " + moment_text(report.today) +
         "; price list as of " + moment_text(report.prices_as_of) +
         ". Prices are list prices. What is unknown is called unknown and never counts as 0.</p></footer>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace tokenbill
