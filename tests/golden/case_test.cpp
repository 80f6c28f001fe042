// Worked cases: prices and a scenario as documents, and the bill that they give, worked by hand in the head of the
// file.
//   # comment
//   === provider     a provider file (docs/formats.md)
//   === scenario     a scenario
//   === bill         one line for each item that is not 0, then totals; UPDATE_GOLDEN=1 rewrites this part

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "support/golden.h"
#include "support/shop.h"
#include "support/test_data.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

std::string_view part(std::string_view text, std::string_view name) {
  const std::string mark = "=== " + std::string(name) + "\n";
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + mark.size());
  return text.substr(0, std::min(text.find("=== "), text.size()));
}

std::string amount_text(const std::optional<double>& usd) { return usd ? usd_text(*usd) : "unknown"; }

std::string bill_text(const Bill& bill) {
  std::string text;
  for (const BillItem& item : bill.items)
    if (!item.usd_per_month || *item.usd_per_month > 0)
      text += std::string(item.label) + ": " + amount_text(item.usd_per_month) + "\n";
  if (bill.status == Status::ok) {
    text += "Month: " + amount_text(bill.per_month) + "\n";
    text += "Request: " + amount_text(bill.per_request) + "\n";
    text += "Year: " + amount_text(bill.per_year) + "\n";
  } else {
    text += "No total (" + std::string(status_id(bill.status)) + "): " + bill.problem->message + "\n";
  }
  if (!bill.sentence.empty()) text += bill.sentence + "\n";
  for (const Notice& notice : bill.notices) text += "Note: " + notice.text + "\n";
  return text;
}

}  // namespace

TEST_CASE("every worked case gives the bill in its file (UPDATE_GOLDEN=1 rewrites it)") {
  int cases = 0;
  for (const TestFile& file : test_files()) {
    if (!file.name.ends_with(".case")) continue;
    ++cases;
    CAPTURE(std::string(file.name));
    const std::array<NamedText, 1> provider = {{{file.name, part(file.text, "provider")}}};
    const Result<Catalog> catalog = parse_providers(provider);
    if (!catalog) {
      FAIL_CHECK(to_text(catalog.error()));
      continue;
    }
    for (const Error& error : catalog->left_out) FAIL_CHECK(to_text(error));
    const Result<Scenario> scenario = parse_scenario(part(file.text, "scenario"), file.name);
    if (!scenario) {
      FAIL_CHECK(to_text(scenario.error()));
      continue;
    }
    const Result<Bill> bill = engine().estimate(*catalog, *scenario, today);
    if (!bill) {
      FAIL_CHECK(to_text(bill.error()));
      continue;
    }
    const std::string found = bill_text(*bill);
    const std::string_view expected = part(file.text, "bill");
    if (updating_golden()) {
      std::string text(file.text.substr(0, file.text.size() - expected.size()));
      CHECK(write_golden(file.name, text + found));
      continue;
    }
    CHECK(found == std::string(expected));
  }
  CHECK(cases >= 8);
}
