// UsageImport: never crashes; pieces give the same as the whole; what is accepted as a line of JSON is JSON to the
// strict reader too, but for what that one refuses beyond the syntax.

#include <string>

#include "fuzz/fuzz_support.h"
#include "tokenbill/usage_import.h"

using namespace tokenbill;

namespace {
Catalog shop() {
  Catalog catalog;
  catalog.sellers.push_back({"acme", "Acme", "developer", {}});
  for (const char* id : {"m", "small-2026-01-01"}) {
    Model model;
    model.id = id;
    model.key = "acme/" + model.id;
    PriceRow row;
    row.prices[static_cast<std::size_t>(TokenClass::input)] = 2.5;
    row.prices[static_cast<std::size_t>(TokenClass::output)] = 10;
    row.context_tiers.push_back({1000, false, row.prices});
    model.prices.push_back(row);
    catalog.models.push_back(std::move(model));
  }
  return catalog;
}

UsageReport read(std::string_view text, std::size_t piece) {
  static const Catalog catalog = shop();
  UsageImport import(catalog, {"acme/m", Moment{1795305600}, {}});
  import.begin("fuzz");
  for (std::size_t at = 0; at < text.size(); at += piece) import.feed(text.substr(at, piece));
  import.finish();
  return import.report();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const UsageReport whole = read(text, text.size() + 1);
  const UsageReport pieces = read(text, 1 + size % 7);
  EXPECT(whole.records == pieces.records && whole.broken == pieces.broken && whole.lines == pieces.lines);
  EXPECT(whole.tokens == pieces.tokens && whole.usd == pieces.usd && whole.paid_usd == pieces.paid_usd);
  EXPECT(whole.problems.size() <= whole.broken && whole.problems.size() <= 20);
  for (const double tokens : whole.tokens) EXPECT(tokens >= 0);
  EXPECT(!whole.usd || *whole.usd >= 0);
  for (const UsageProblem& problem : whole.problems) EXPECT(problem.line >= 1 && !problem.message.empty());
  return 0;
}
