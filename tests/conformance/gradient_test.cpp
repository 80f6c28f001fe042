// Derivatives: of each operation, of both ways to get them, and of the month plan against finite differences.

#include "tokenbill/gradient.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/random.h"
#include "support/shop.h"
#include "support/simulation.h"
#include "support/thinning.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

struct Slope {
  Op op;
  std::array<double, 4> operands;
  std::array<double, 4> expected;
};
const double e2 = 0.1353352832366127;
const Slope table[] = {
    {Op::add, {2, 3}, {1, 1}},
    {Op::mul, {2, 3}, {3, 2}},
    {Op::mul, {0, 3}, {3, 0}},
    {Op::div, {6, 3}, {1.0 / 3, -2.0 / 3}},
    {Op::div, {6, 0}, {0, 0}},
    {Op::min, {2, 3}, {1, 0}},
    {Op::min, {3, 2}, {0, 1}},
    {Op::min, {2, 2}, {0.5, 0.5}},
    {Op::max, {2, 3}, {0, 1}},
    {Op::max, {3, 2}, {1, 0}},
    {Op::max, {2, 2}, {0.5, 0.5}},
    {Op::excess, {5, 3}, {1, -1}},
    {Op::excess, {3, 5}, {0, 0}},
    {Op::excess, {3, 3}, {0.5, -0.5}},
    {Op::complement, {0.25}, {-1}},
    {Op::complement, {1}, {-1}},
    {Op::complement, {2}, {0}},
    {Op::ceil, {1.5}, {0}},
    {Op::ceil, {2}, {0}},
    {Op::floor, {1.5}, {0}},
    {Op::decay, {0}, {-1}},
    {Op::decay, {2}, {-e2}},
    {Op::decay, {1000}, {0}},
    {Op::root, {4}, {0.25}},
    {Op::root, {0}, {0}},
    {Op::above, {2, 3, 10, 20}, {0, 0, 0, 1}},
    {Op::above, {3, 3, 10, 20}, {0, 0, 0, 1}},
    {Op::above, {4, 3, 10, 20}, {0, 0, 1, 0}},
};

template <class Lane>
typename Lane::Value of_operation(Op op, const std::array<typename Lane::Value, 4>& x) {
  Lane lane;
  return operate(lane, op, [&](std::size_t k) { return x[k]; });
}

/// A scenario priced, whatever came out.
struct Case {
  Catalog catalog;
  Scenario scenario;
  Engine::Priced priced;
};
std::optional<Case> some_case(Random& random) {
  Catalog catalog = random_catalog(random);
  Scenario scenario = random_scenario(random, catalog);
  Result<Engine::Priced> priced = engine().price(catalog, scenario, random_today);
  if (!priced || priced->evaluation.values.empty()) return std::nullopt;
  return Case{std::move(catalog), std::move(scenario), std::move(priced).value()};
}

/// Whether the input moves the two sides of an operation that are equal apart, or what is rounded up or down.
bool at_kink(const Plan& plan, const std::vector<Known>& at, std::size_t input) {
  std::vector<Dual> inputs;
  for (std::size_t k = 0; k < at.size(); ++k) inputs.push_back({at[k].value, k == input ? 1.0 : 0.0});
  std::vector<Dual> out(plan.nodes().size());
  DualLane lane;
  evaluate<DualLane>(plan, lane, inputs, out);
  for (const Node& node : plan.nodes()) {
    // Over many steps a staircase looks like a slope.
    if ((node.op == Op::ceil || node.op == Op::floor) && out[node.args[0]].slope != 0) return true;
    if (node.op != Op::min && node.op != Op::max && node.op != Op::excess) continue;
    const Dual& a = out[node.args[0]];
    const Dual& b = out[node.args[1]];
    if (a.value == b.value && a.slope != b.slope) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("each operation has the slope of the side that its value is taken from") {
  for (const Slope& row : table) {
    CAPTURE(std::string(op_name(row.op)));
    CAPTURE(row.operands[0]);
    CAPTURE(row.operands[1]);
    const double value = of_operation<DoubleLane>(row.op, row.operands);
    const std::array<double, 4> got = slopes(row.op, row.operands[0], row.operands[1], value);
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK(std::abs(got[k] - row.expected[k]) <= 1e-15);
      std::array<Dual, 4> x;
      for (std::size_t i = 0; i < 4; ++i) x[i] = {row.operands[i], i == k ? 1.0 : 0.0};
      const Dual dual = of_operation<DualLane>(row.op, x);
      CHECK(dual.value == value);
      CHECK(dual.slope == got[k]);
    }
  }
}

TEST_CASE("every operation has a slope in the table") {
  for (std::size_t op = 2;; ++op) {
    if (op_name(static_cast<Op>(op)).empty()) break;
    bool found = false;
    for (const Slope& row : table) found = found || row.op == static_cast<Op>(op);
    CAPTURE(std::string(op_name(static_cast<Op>(op))));
    CHECK(found);
    if (static_cast<Op>(op) == Op::above) break;
  }
}

TEST_CASE("the gradient of the month's total is what small changes of each input give") {
  Random random(401);
  int compared = 0;
  int kinks = 0;
  for (int i = 0; i < 400 / thinning; ++i) {
    std::optional<Case> one = some_case(random);
    if (!one || one->priced.status != Status::ok) continue;
    INFO(scenario_text(one->scenario));
    const Plan& plan = *one->priced.plan;
    const NodeId total = plan.find("total")->node;
    const std::vector<double> by_input = gradient(plan, one->priced.evaluation.values, total);
    const double usd = one->priced.evaluation.of(total).value;
    std::vector<Known> inputs = one->priced.binding.inputs;
    Evaluation moved;
    const auto at = [&](std::size_t input, double value) {
      const Known before = inputs[input];
      inputs[input].value = value;
      REQUIRE_FALSE(evaluate_into(plan, inputs, moved));
      inputs[input] = before;
      return moved.of(total).value;
    };
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const double x = inputs[k].value;
      if (!inputs[k].known || x == 0 || std::isnan(by_input[k])) continue;
      const double step = x * 1e-5;
      const double up = (at(k, x + step) - usd) / 1e-5;  // x d total / d x
      const double down = (usd - at(k, x - step)) / 1e-5;
      const double noise = 1e-9 * usd;
      const double size = std::max(std::abs(up), std::abs(down));
      const double apart = std::abs(by_input[k] * x - (up + down) / 2);
      const double allowed = std::abs(up - down) + 1e-6 * size + noise;
      if (std::abs(up - down) > 1e-3 * size + noise || (apart > allowed && at_kink(plan, inputs, k))) {
        ++kinks;
        continue;
      }
      ++compared;
      CAPTURE(plan.inputs()[k].id);
      CAPTURE(x);
      CAPTURE(up);
      CAPTURE(down);
      CHECK(apart <= allowed);
    }
  }
  CHECK(compared > 20000 / thinning);
  CHECK(kinks * 50 < compared);
  MESSAGE(compared << " derivatives compared, " << kinks << " at kinks left out");
}

TEST_CASE("a direction's slope is the same forwards and backwards") {
  Random random(402);
  int compared = 0;
  for (int i = 0; i < 300 / thinning; ++i) {
    std::optional<Case> one = some_case(random);
    if (!one || one->priced.status != Status::ok) continue;
    const Plan& plan = *one->priced.plan;
    const NodeId total = plan.find("total")->node;
    const std::vector<double> by_input = gradient(plan, one->priced.evaluation.values, total);
    std::vector<Dual> inputs;
    double expected = 0;
    double size = 0;
    for (std::size_t k = 0; k < by_input.size(); ++k) {
      const double x = one->priced.binding.inputs[k].value;
      const double slope = std::isnan(by_input[k]) ? 0 : x * random.unit();
      inputs.push_back({x, slope});
      if (slope != 0) expected += by_input[k] * slope;
      if (slope != 0) size += std::abs(by_input[k] * slope);
    }
    std::vector<Dual> out(plan.nodes().size());
    DualLane lane;
    evaluate<DualLane>(plan, lane, inputs, out);
    if (!std::isfinite(out[total].slope)) continue;  // an unknown price, which a plain number cannot say
    ++compared;
    INFO(scenario_text(one->scenario));
    CHECK(std::abs(out[total].slope - expected) <= 1e-9 * size);
  }
  CHECK(compared > 100 / thinning);
}

TEST_CASE("the derivative by what nobody knows the price of is unknown, and no other one") {
  Model model = model_of("m", {{TokenClass::input, 2.5}});  // no price of output
  const Catalog catalog = catalog_of({model});
  const Scenario scenario = bare("m", {{"output_tokens", "0"}});
  Result<Engine::Priced> priced = engine().price(catalog, scenario, today);
  REQUIRE(priced.ok());
  REQUIRE(priced->status == Status::ok);
  const Plan& plan = *priced->plan;
  const std::vector<double> by_input = gradient(plan, priced->evaluation.values, plan.find("total")->node);
  CHECK(std::isnan(by_input[plan.input_index("output_tokens")]));
  // 10,000 a day for 30 days at 2.5 USD for a million tokens
  CHECK(same(by_input[plan.input_index("prompt_tokens")], 0.75));
}
