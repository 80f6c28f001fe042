// Budgets of one scenario and of several: 15,000 USD a month is the articles' support bot, 0.01 USD a request.

#include "tokenbill/gate.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/shop.h"

using namespace tokenbill;

namespace {

Scenario bot(Given given = {}, std::string_view model = "m") {
  Scenario s = bare(model, {{"conversations_per_day", "10000"}, {"turns_per_conversation", "5"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

Catalog shop() {
  Model narrow = model_of("narrow", 2.5, 10);
  narrow.context_tokens = 2000;
  return catalog_of({model_of("m", 2.5, 10), model_of("dark", {}), narrow});
}

Gate gate_of(const std::vector<Scenario>& scenarios, const GateSpec& spec) {
  Result<Gate> gate = check_budget(engine(), shop(), scenarios, today, spec);
  if (!gate) FAIL(to_text(gate.error()));
  return std::move(gate).value();
}

GateSpec monthly(double usd) {
  GateSpec spec;
  spec.usd_per_month = usd;
  return spec;
}

}  // namespace

TEST_CASE("a budget holds for the sum of all scenarios, to the cent") {
  const Gate within = gate_of({bot(), bot()}, monthly(30000));
  CHECK(within.verdict == GateVerdict::within);
  CHECK(same(within.usd_per_month, 30000));
  CHECK(same(within.share, 1));
  const Gate above = gate_of({bot(), bot()}, monthly(29999.99));
  CHECK(above.verdict == GateVerdict::above);
  CHECK(above.sentence ==
        "30\u202f000.00 USD a month are above the budget of 29\u202f999.99 USD a month, 0.01 USD too much.");
}

TEST_CASE("a cost that nobody knows is never within a budget") {
  const Gate gate = gate_of({bot(), bot({}, "dark")}, monthly(1e12));
  CHECK(gate.verdict == GateVerdict::unknown);
  CHECK_FALSE(gate.usd_per_month.has_value());
  CHECK_FALSE(gate.left_usd.has_value());
  CHECK(same(gate.lines[0].usd_per_month, 15000));
  CHECK(gate.lines[1].status == Status::unpriced);
  CHECK(gate.lines[1].problem.has_value());
}

TEST_CASE("a scenario that no model can serve has no cost either") {
  const Gate gate = gate_of({bot({}, "narrow")}, monthly(1e12));
  CHECK(gate.verdict == GateVerdict::unknown);
  CHECK(gate.lines[0].status == Status::impossible);
}

TEST_CASE("a budget for a request holds for each scenario") {
  GateSpec spec;
  spec.usd_per_request = 0.01;
  CHECK(gate_of({bot(), bot()}, spec).verdict == GateVerdict::within);
  const Gate gate = gate_of({bot(), bot({{"prompt_tokens", "3000"}})}, spec);
  CHECK(gate.verdict == GateVerdict::above);
  CHECK(gate.lines[0].request_verdict == GateVerdict::within);
  CHECK(gate.lines[1].request_verdict == GateVerdict::above);
  CHECK(gate_of({bot({}, "dark")}, spec).verdict == GateVerdict::unknown);
}

TEST_CASE("a percentile of the ranges is dearer than the likely bill, and the same on every run") {
  const std::vector<Scenario> uncertain = {bot({{"output_tokens", "300 to 2000"}})};
  GateSpec spec = monthly(1e12);
  spec.assumptions = Assumptions::given;
  const double likely = *gate_of(uncertain, spec).usd_per_month;
  spec.percentile = 90;
  const double dear = *gate_of(uncertain, spec).usd_per_month;
  CHECK(dear > likely * 1.2);
  CHECK(*gate_of(uncertain, spec).usd_per_month == dear);
  spec.usd_per_month = (likely + dear) / 2;
  CHECK(gate_of(uncertain, spec).verdict == GateVerdict::above);
}

TEST_CASE("draws without a bill count as the dearest") {
  // Most prompts of this range fit into 2,000 tokens together with their answers, more than a tenth do not.
  const std::vector<Scenario> scenarios = {bot({{"prompt_tokens", "500 to 1700"}, {"output_tokens", "500"}}, "narrow")};
  GateSpec spec = monthly(1e12);
  spec.assumptions = Assumptions::given;
  spec.percentile = 50;
  CHECK(gate_of(scenarios, spec).verdict == GateVerdict::within);
  spec.percentile = 95;
  const Gate gate = gate_of(scenarios, spec);
  CHECK(gate.verdict == GateVerdict::unknown);
  CHECK(gate.lines[0].note.find("have no bill") != std::string::npos);
}

TEST_CASE("the dearest month of a forecast counts, not the first") {
  const std::vector<Scenario> growing = {bot({{"growth_ratio", "10%"}, {"forecast_months", "3"}})};
  CHECK(gate_of(growing, monthly(15000)).verdict == GateVerdict::within);
  GateSpec spec = monthly(15000);
  spec.forecast = true;
  const Gate gate = gate_of(growing, spec);
  CHECK(gate.verdict == GateVerdict::above);
  CHECK(same(gate.usd_per_month, 15000 * 1.21));
  CHECK(gate.lines[0].note.find("Month 3") != std::string::npos);
}

TEST_CASE("what cannot be asked is refused") {
  const std::vector<Scenario> one = {bot()};
  GateSpec spec;
  CHECK(check_budget(engine(), shop(), one, today, spec).error().code == Code::bad_value);
  spec = monthly(1);
  spec.percentile = 42;
  CHECK(check_budget(engine(), shop(), one, today, spec).error().code == Code::out_of_range);
  spec.percentile = 90;
  spec.forecast = true;
  CHECK(check_budget(engine(), shop(), one, today, spec).error().code == Code::inconsistent);
}
