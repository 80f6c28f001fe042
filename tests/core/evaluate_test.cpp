// One plan over several lanes.

#include "tokenbill/evaluate.h"

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <vector>

#include "support/random.h"
#include "support/shop.h"
#include "tokenbill/lane.h"

using namespace tokenbill;

TEST_CASE("a month over blocks of 64 is bit for bit the month over plain numbers") {
  using Block = BlockLane<double, 64>;
  const Plan& plan = engine().plan();
  Random random(3);
  std::vector<Block::Value> inputs(plan.inputs().size());
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (double& number : inputs[i]) number = random.count(1e5) / 100;  // divisors are above 0
  Block block;
  std::vector<Block::Value> blocks(plan.nodes().size());
  evaluate<Block>(plan, block, inputs, blocks);
  DoubleLane lane;
  std::vector<double> alone(plan.nodes().size());
  std::vector<double> values(plan.inputs().size());
  int different = 0;
  for (std::size_t k = 0; k < 64; ++k) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = inputs[i][k];
    evaluate<DoubleLane>(plan, lane, values, alone);
    for (std::size_t n = 0; n < alone.size(); ++n) {
      const bool both_nan = alone[n] != alone[n] && blocks[n][k] != blocks[n][k];
      if (!both_nan && alone[n] != blocks[n][k]) ++different;
    }
  }
  CHECK(different == 0);
}

TEST_CASE("the units of the month plan, evaluated, are the units it claims") {
  const Plan& plan = engine().plan();
  UnitLane lane;
  std::vector<UnitLane::Value> inputs;
  for (const PlanInput& input : plan.inputs()) inputs.emplace_back(input.unit);
  std::vector<UnitLane::Value> out(plan.nodes().size());
  evaluate<UnitLane>(plan, lane, inputs, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    CAPTURE(i);
    REQUIRE(out[i].has_value());
    CHECK(*out[i] == plan.units()[i]);
  }
  for (const Term& term : plan.terms()) CHECK(unit_id(plan.units()[term.node]) == "usd/month");
}

TEST_CASE("what stands on changed inputs, computed again, is what computing all gives, to the bit") {
  const Plan& plan = engine().plan();
  Random random(7);
  std::vector<Known> inputs(plan.inputs().size());
  for (Known& input : inputs) input = {random.count(1e5) / 100, random.chance(0.9)};
  const std::array changed = {plan.input_index("conversations_per_day"), plan.input_index("output_tokens")};
  const std::vector<NodeId> nodes = nodes_that_stand_on(plan, changed);
  CHECK(nodes.size() > 10);
  CHECK(nodes.size() < plan.nodes().size());
  CHECK(nodes_that_stand_on(plan, std::array{plan.inputs().size()}).empty());
  Evaluation again;
  REQUIRE_FALSE(evaluate_into(plan, inputs, again));
  for (const Known value : {Known{123.5, true}, Known{0, false}, Known{7, true}}) {
    for (const std::size_t input : changed) inputs[input] = value;
    REQUIRE_FALSE(evaluate_again(plan, nodes, inputs, again));
    const Result<Evaluation> all = evaluate(plan, inputs);
    REQUIRE(all.ok());
    std::size_t different = 0;
    for (std::size_t i = 0; i < plan.nodes().size(); ++i) {
      const Known one = again.of(static_cast<NodeId>(i)), other = all->of(static_cast<NodeId>(i));
      const bool both_nan = one.value != one.value && other.value != other.value;
      if (one.known != other.known || (!both_nan && one.value != other.value)) ++different;
    }
    CHECK(different == 0);
  }
  inputs[changed[0]] = {-1, true};
  const std::optional<Error> bad = evaluate_again(plan, nodes, inputs, again);
  REQUIRE(bad.has_value());
  CHECK(bad->where == "conversations_per_day");
}

TEST_CASE("a lane may look at each value right after it was computed") {
  struct Counting : DoubleLane {
    std::size_t seen = 0;
    void keep(NodeId node, double&) {
      CHECK(node == seen);
      ++seen;
    }
  };
  const Plan& plan = engine().plan();
  Counting lane;
  std::vector<double> out(plan.nodes().size());
  evaluate<Counting>(plan, lane, std::vector<double>(plan.inputs().size(), 1.0), out);
  CHECK(lane.seen == plan.nodes().size());
}
