// Records of usage: reading never crashes, and pieces of any size give the same records and problems as the whole.
// Pricing, whose plan takes long to build, is tried on every sixteenth text.

#include <cmath>
#include <string>

#include "fuzz/fuzz_support.h"
#include "tokenbill/usage_import.h"
#include "usage_record.h"
#include "usage_text.h"

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

/// Everything that was read, written down.
std::string told(std::string_view text, std::size_t piece) {
  std::string all;
  const auto add = [&](std::string_view words) {
    all += words;
    all += '\n';
  };
  UsageText cutter(
      [&](const UsageFields& fields, std::uint64_t line) {
        EXPECT(line >= 1);
        UsageWalk(fields).each([&](const UsageRecord& record, const Error* problem) {
          if (problem) expect_clean(*problem);
          for (const std::string_view words :
               {record.model, record.provider, record.id, record.geography, record.tier_text, record.line_item})
            add(words);
          double sum = 0;
          for (const double tokens : record.tokens) {
            EXPECT(problem || tokens >= 0);
            sum += tokens;
          }
          EXPECT(record.requests >= 0 && record.web_searches >= 0 && std::isfinite(sum));
          EXPECT(!record.paid_usd || std::isfinite(*record.paid_usd));
          add(std::to_string(line) + " " + std::to_string(sum) + " " + std::to_string(record.requests) + " " +
              std::to_string(record.at.value_or(-1)));
        });
      },
      [&](std::uint64_t line, const std::string& message) {
        EXPECT(line >= 1 && !message.empty());
        expect_clean(message);
        add(std::to_string(line) + " " + message);
      });
  cutter.begin();
  for (std::size_t at = 0; at < text.size(); at += piece) cutter.feed(text.substr(at, piece));
  cutter.finish();
  add(std::to_string(cutter.lines()));
  return all;
}

void price(std::string_view text) {
  static const Catalog catalog = shop();
  UsageImport import(catalog, {"acme/m", Moment{1795305600}, {}});
  import.begin("fuzz");
  import.feed(text);
  import.finish();
  const UsageReport report = import.report();
  EXPECT(report.problems.size() <= report.broken && report.problems.size() <= 20);
  for (const double tokens : report.tokens) EXPECT(tokens >= 0);
  EXPECT(!report.usd || *report.usd >= 0);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  EXPECT(told(text, text.size() + 1) == told(text, 1 + size % 7));
  if (size % 16 == 0) price(text);
  return 0;
}
