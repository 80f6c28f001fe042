// The scenarios of claims/claims.json through the engine, against figures worked by hand: what each reading of a
// published claim must come out as. The numbers are those of the claim and of the price list; an amount is tokens times
// USD per million.

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "support/bundled.h"
#include "support/shop.h"
#include "support/test_data.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

struct Worked {
  std::string_view claim;
  std::size_t reading;  ///< from 0
  double usd;
};

constexpr double bot = 15000;                     // 1,500,000 requests of 2,000 * 2.5 + 500 * 10 per million = 0.01
constexpr double trimmed = 7500 * 0.4 + 7500;     // the prompt cut by 60 %
constexpr double kept = 0.7;                      // 30 % answered from the cache
constexpr double weekly = 1000 * 52.0 / 12;       // 1,000 cases a week
constexpr double failed_a = 0.03 * 1.03 + 27e-6;  // 0.03 + 0.0009 + 0.000027 failed tries a request

const Worked worked[] = {
    {"E1", 0, 1},   // 100,000 * 500 tokens at 0.02
    {"E1", 1, 10},  // ten passages in a document
    {"E2", 0, bot * 1.25 + 500},
    {"E2", 1, bot * 1.45 + 500},
    {"E2", 2, bot},
    {"E3", 0, trimmed*(0.3 + 0.7 * 0.05) * kept},
    {"E3", 1, trimmed*(0.3 + 0.7 * 0.05) * kept * 1.45 + 500},
    {"E3", 2, trimmed*(0.3 + 0.7 * 0.06) * kept},
    {"E4", 0, 100 * 2.5 * 1.5},
    {"E4", 1, 100 * (2.5 + 1.5)},
    {"E4", 2, 100 * 1.5 * 1.3 * 1.5 * 1.2 * 1.5},
    {"E5", 0, 100 / 0.97},  // but for 0.03^11
    {"E5", 1, 111},         // 1 + 0.1 + 0.01 tries
    {"E5", 2, 150 * (1 - 1.0 / 177147)},
    {"E6", 0, 100 * (1 - 27e-6) + 100 * failed_a * 0.2 * 0.75},
    {"E6", 1, 100 * (1 - 27e-6) + 100 * failed_a},
    {"E7", 0, 165},
    {"E7", 1, 125},
    {"E9", 0, 6000 + 120},  // 200,000 * 1,000 tokens at 30 and 800,000 * 1,000 at 0.15
    {"E9", 1, 30000},
    {"E10", 0, 6120 + 50},
    {"E10", 1, 30000},
    {"E11", 0, 1000},
    {"E11", 1, 12000},
    {"E11", 2, 1500},
    {"E11", 3, 2400},
    {"E12", 0, weekly * 0.01},
    {"E12", 1, weekly * 0.10},
    {"E12", 2, weekly * 0.50},
    {"E13", 0, 15000},
    {"E13", 1, 9375},
    {"E13", 2, 37500},
    {"E14", 0, 1500},
    {"E14", 1, 750},
    {"E14", 2, 250},
    {"E15", 0, 0.00175},  // 2,000 * 0.5 + 500 * 1.5 per million
    {"E15", 1, 0.09},     // 2,000 * 30 + 500 * 60
    {"E15", 2, 0.01},
    {"E16", 0, 0.005},
    {"E16", 1, 0.02},
    {"E16", 2, 0.06},
    {"E17", 0, 100 * (1 - 0.78 * 0.95)},
    {"E17", 1, 38},
    {"E18", 0, 273973 * 0.00146 * 30},
    {"E18", 1, 3287671 * 0.00146 * 2.5},
    {"E19", 0, 50},
    {"E19", 1, 325},
    {"E21", 0, 3000 * 0.59},
    {"E21", 1, 3000 * 0.85},
    {"E23", 0, 10},
    {"E23", 1, 10},
    {"E23", 2, 25},
    {"E23", 3, 50},
    {"E24", 0, 9.5},
    {"E24", 1, 5},
    {"E24", 2, 50},
    {"E25", 0, 110},
    {"E25", 1, 100},
    {"E25", 2, 100},
    {"E26", 0, 9},
    {"E27", 0, 0.66 + 1.98},
    {"E27", 1, 1.32 + 3.96},
    {"E27", 2, 0.435 + 0.87},
    {"E27", 3, 0.15 + 0.60},
    {"E27", 4, 0.14 + 0.28},
    {"E27", 5, 0.28 + 0.42},
    {"E28", 0, 37.5},
    {"E28", 1, 12},
    {"E29", 0, 0.00125},
    {"E29", 1, 0.00027},
    {"E30", 0, 8},
    {"E30", 1, 5},
    {"E30", 2, 2.5 / 0.3},
    {"E30", 3, 1},
    {"E35", 0, 0.549},     // 12 * 6,000 + 1,500 * 66 = 171,000 tokens at 3, 2,400 at 15
    {"E35", 1, 0.164925},  // 22,500 written at 3.75, 148,500 read at 0.3, 2,400 at 15
    {"E35", 2, 0.252},
    {"E36", 0, 15000},
    {"E36", 1, 10000},
    {"E39", 0, 33.5},
    {"E39", 1, 24},
    {"E39", 2, 30},
    {"E40", 0, 80.51},  // 10,000 lookups of 0.000051 and 80 % of 100
    {"E40", 1, 70.51},
    {"E40", 2, 60.51},
    {"E41", 0, 300},
    {"E41", 1, 18},  // 30,000 * (2,000 * 0.15 + 500 * 0.6) per million
};

/// A build without the bundle has no prices; then there is nothing to compare.
bool has_prices() { return !test_file("pricing-v1.json").empty(); }

const std::vector<JsonValue>& claims() {
  static const JsonValue document = [] {
    Result<JsonValue> read = parse_json(test_file("claims.json"), "claims.json");
    REQUIRE(read.ok());
    return std::move(read).value();
  }();
  return document.find("claims")->items;
}

/// What a reading comes out as: a figure or an item's month.
std::optional<double> recomputed(const JsonValue& reading) {
  std::vector<Error> problems;
  const Scenario scenario = read_scenario(*reading.find("scenario"), "claims.json", problems);
  for (const Error& problem : problems) FAIL_CHECK(to_text(problem));
  const Bill bill = bill_of(bundled_prices(), scenario);
  if (bill.problem) FAIL_CHECK(to_text(*bill.problem));
  return amount_of(bill, reading.find("figure")->text);
}

}  // namespace

TEST_CASE("every reading of every claim comes out as worked by hand") {
  if (!has_prices()) return;
  std::map<std::pair<std::string_view, std::size_t>, double> expected;
  for (const Worked& one : worked) CHECK(expected.emplace(std::pair(one.claim, one.reading), one.usd).second);
  std::size_t count = 0;
  for (const JsonValue& claim : claims()) {
    const std::string& id = claim.find("id")->text;
    const std::vector<JsonValue>& readings = claim.find("recomputed")->items;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const std::string name = id + ", " + readings[i].find("label")->text;
      CAPTURE(name);
      const auto hand = expected.find({id, i});
      if (hand == expected.end()) {
        FAIL_CHECK("has no figure worked by hand");
        continue;
      }
      ++count;
      const std::optional<double> found = recomputed(readings[i]);
      const double expected_usd = hand->second;
      CAPTURE(expected_usd);
      CAPTURE(found.value_or(-1));
      CHECK(std::abs(found.value_or(-1) - expected_usd) <= 1e-9 * expected_usd);
    }
  }
  CHECK(count == expected.size());
}

TEST_CASE("a claim is called too high, too low or right by its own figures") {
  if (!has_prices()) return;
  int compared = 0;
  for (const JsonValue& claim : claims()) {
    const JsonValue* printed = claim.find("printed_usd");
    const std::vector<JsonValue>& readings = claim.find("recomputed")->items;
    if (printed == nullptr || readings.empty()) continue;
    CAPTURE(claim.find("id")->text);
    const std::string& verdict = claim.find("verdict")->text;
    const double found = recomputed(readings.front()).value_or(-1);
    if (verdict == "too_high" || verdict == "double_count") CHECK(printed->number > found);
    if (verdict == "too_low") CHECK(printed->number < found);
    if (verdict == "right") CHECK(printed->number == doctest::Approx(found).epsilon(0.05));  // as it was rounded
    ++compared;
  }
  CHECK(compared >= 8);
}

TEST_CASE("the support bot of the articles: naive, as printed, counted once, optimised, and with the same overheads") {
  if (!has_prices()) return;
  const auto figure = [](std::string_view id, std::size_t reading) {
    for (const JsonValue& claim : claims())
      if (claim.find("id")->text == id) return recomputed(claim.find("recomputed")->items[reading]).value_or(-1);
    return -1.0;
  };
  CHECK(same(figure("E2", 2), 15000));
  CHECK(same(figure("E2", 1), 22250));
  CHECK(same(figure("E2", 0), 19250));
  CHECK(same(figure("E3", 0), 2462.25));
  CHECK(same(figure("E3", 2), 2513.7));
  CHECK(same(figure("E3", 1), 4070.2625));
}
