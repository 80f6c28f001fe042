// E20, E21 and E22, the claims about own hardware: the figures that docs/claims.md tells, within a tenth.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/bundled.h"
#include "support/own.h"
#include "support/shop.h"
#include "support/test_data.h"
#include "tokenbill/json_io.h"
#include "tokenbill/selfhost.h"

using namespace tokenbill;

namespace {
Scenario read(std::string_view file) {
  Result<Scenario> scenario = parse_scenario(test_file(file), file);
  if (!scenario) FAIL(to_text(scenario.error()));
  return std::move(scenario).value();
}

Decision decided(const Scenario& scenario) { return ::decided(scenario, bundled_hardware()); }

/// USD a month from which own capacity costs less for good; 0 where it never does.
double pays_from(const Decision& decision, std::string_view other) {
  const Crossing* last = nullptr;
  for (const Crossing& crossing : decision.crossings)
    if (crossing.below == other || crossing.above == other) last = &crossing;
  return last != nullptr && last->above == "own" ? last->usd_per_month : 0;
}

bool about(double found, double told) { return found > told * 0.9 && found < told * 1.1; }
}  // namespace

TEST_CASE("E20: an open model pays on own GPUs from hundreds of thousands of dollars on, not from a million tokens") {
  const Decision decision = decided(read("E20-open-model.json"));
  CHECK(about(cost(decision, "api"), 1155));
  CHECK(about(cost(decision, "own"), 12200));
  CHECK(about(pays_from(decision, "api"), 318000));
}

TEST_CASE("E21: one A100 neither holds the model in 16 bits nor serves 100 million tokens a day in 4") {
  Scenario scenario = read("E21-one-a100.json");
  const Decision compressed = decided(scenario);
  CHECK(about(cost(compressed, "own"), 10119));
  CHECK(compressed.own.deployments.front().gpus_at_peak == 3);
  CHECK(about(compressed.own.deployments.front().output_tokens_per_second, 610));
  REQUIRE_FALSE(scenario.set("weight_format", "native"));
  const Decision native = decided(scenario);
  REQUIRE(native.own.problem.has_value());
  CHECK(native.own.deployments.front().reason.find("201 GiB of weights") != std::string::npos);
}

TEST_CASE("E22: at 5 000 USD of a closed model a month H100s do not pay, and hosted open models leave nothing to win") {
  const Decision decision = decided(read("E22-h100.json"));
  CHECK(about(cost(decision, "api"), 5000));
  CHECK(about(cost(decision, "hosted"), 490));
  CHECK(about(cost(decision, "own"), 29231));
  CHECK(decision.own.deployments.front().gpus_at_peak == 8);
  CHECK(about(pays_from(decision, "api"), 52000));
  CHECK(pays_from(decision, "hosted") == 0);
}
