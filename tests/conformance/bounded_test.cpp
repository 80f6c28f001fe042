// What a 32-bit machine may give: each operation's bound, and the 32-bit lane of the real plan within it.

#include "tokenbill/bounded.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/bundled.h"
#include "support/random.h"
#include "support/shop.h"
#include "support/simulation.h"
#include "support/thinning.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/json_io.h"
#include "tokenbill/sweep.h"

using namespace tokenbill;

namespace {
using L = BoundedLane;
constexpr double ulp = 1.1920928955078125e-07;  // 2^-23

Bounded about(double value, double relative) { return L::leaf(value, value * relative, false); }
void check_error(const Bounded& got, double value, double error) {
  CHECK(got.value == value);
  CHECK(got.error >= error);
  CHECK(got.error <= error * 1.02 + 1e-37);
}
bool within(float got, const Bounded& bounded) {
  return std::abs(static_cast<double>(got) - bounded.value) <= bounded.error;
}
}  // namespace

TEST_CASE("a number of 24 bits is exact, others are rounded either way") {
  CHECK(L::of(128000).error == 0);
  CHECK(L::of(0.5).error == 0);
  CHECK(L::of(0).error == 0);
  check_error(L::of(0.1), 0.1, 0.1 * ulp);
  check_error(L::of(16777217), 16777217, 16777217 * ulp);
  CHECK(L::of(1e-45).error >= 1e-45);  // may be set to zero
  CHECK(L::of(1e39).unsure);
}

TEST_CASE("a sum is bounded for every order of adding") {
  check_error(L::add(L::of(0.5), L::of(0.25)), 0.75, 0.75 * ulp);
  const Bounded three = L::add(L::add(about(1, 1e-6), L::of(0.5)), L::of(100.5));
  CHECK(three.terms == 3);
  check_error(three, 102, 1e-6 + 2 * 102 * ulp);  // 100.5 may have come first
  CHECK(L::add(L::of(3), L::of(4)).error == 0);
  CHECK(L::add(about(3, 1e-6), L::of(0)).error == doctest::Approx(3e-6));
  CHECK(L::add(L::of(16777216), L::of(1)).error > 0);
}

TEST_CASE("a product and a quotient carry the relative errors of both") {
  check_error(L::mul(L::of(3), L::of(0.5)), 1.5, 1.5 * ulp);
  check_error(L::mul(about(3, 1e-6), about(2, 2e-6)), 6, 6 * (3e-6 + ulp));
  CHECK(L::mul(L::of(0), about(7, 1)).error == 0);
  CHECK(L::mul(L::of(1), about(7, 1e-6)).error == doctest::Approx(7e-6));
  check_error(L::div(L::of(3), L::of(4)), 0.75, 0.75 * 2.5 * ulp);
  check_error(L::div(about(3, 1e-6), about(4, 1e-6)), 0.75, 0.75 * (2e-6 + 2.5 * ulp));
  CHECK(L::div(L::of(3), L::of(0)).unsure);
  CHECK(std::isinf(L::div(L::of(3), about(1, 1)).error));
}

TEST_CASE("the smaller and the larger keep the error of the one that is taken") {
  CHECK(L::min(about(2, 1e-6), about(3, 1e-3)).error == doctest::Approx(2e-6));
  CHECK(L::max(about(2, 1e-6), about(3, 1e-3)).error == doctest::Approx(3e-3));
  CHECK(L::min(about(2, 1e-6), about(2.000001, 1e-3)).error == doctest::Approx(2.000001e-3));
}

TEST_CASE("a difference keeps the absolute error, on both sides of its corner") {
  check_error(L::excess(about(1000, 1e-6), about(999, 1e-6)), 1, 1.999e-3 + ulp);
  const Bounded near = L::excess(about(1000, 1e-6), about(999.9999, 1e-6));
  CHECK(near.value == 1000 - 999.9999);
  CHECK(near.error > near.value);
  CHECK(L::excess(about(999.9999, 1e-6), about(1000, 1e-6)).error > 1e-3);
  CHECK(L::excess(L::of(5), L::of(7)).error == 0);
  CHECK(L::excess(about(5, 1e-6), about(7, 1e-6)).error == 0);
  CHECK(L::excess(L::of(7), L::of(7)).error == 0);
  CHECK(L::excess(L::of(7), L::of(4)).error == 0);
  check_error(L::excess(about(7, 1e-6), L::of(7)), 0, 7e-6);
  check_error(L::complement(L::of(0.25)), 0.75, 0.75 * ulp);
  check_error(L::complement(about(1, 1e-6)), 0, 1e-6);
  CHECK(L::complement(L::of(1)).error == 0);
  CHECK(L::complement(L::of(3)).error == 0);
  CHECK_FALSE(L::complement(about(1, 1e-6)).unsure);
  CHECK(L::ceil(L::complement(about(1, 1e-6))).unsure);  // one jump further
}

TEST_CASE("a step is certain unless it lies within the error of what is rounded") {
  CHECK(L::ceil(L::of(2)).error == 0);
  CHECK_FALSE(L::ceil(about(2.5, 1e-6)).unsure);
  CHECK(L::ceil(about(2.5, 1e-6)).error == 0);
  CHECK(L::ceil(about(2, 1e-6)).unsure);
  CHECK(L::ceil(about(2, 1e-6)).error == 1);
  CHECK(L::floor(about(2, 1e-6)).unsure);
  CHECK(L::floor(about(2, 1e-6)).error == 1);
  CHECK_FALSE(L::floor(L::of(2)).unsure);
}

TEST_CASE("the exponential has three units and two for each of its operand") {
  CHECK(L::decay(L::of(0)).error >= 3 * ulp);
  check_error(L::decay(L::of(2)), decay_of(2.0), decay_of(2.0) * 7 * ulp);
  check_error(L::decay(about(2, 1e-5)), decay_of(2.0), decay_of(2.0) * (2e-5 + 7 * ulp));
  CHECK(L::decay(L::of(1e30)).error < 1e-37);
}

TEST_CASE("the root has the accuracy of a quotient by an inverse root") {
  check_error(L::root(L::of(4)), 2, 2 * 4.5 * ulp);
  check_error(L::root(about(4, 1e-5)), 2, 2 * (0.5e-5 + 4.5 * ulp));
  CHECK(L::root(L::of(0)).error == 0);
}

TEST_CASE("a tier is certain unless the threshold lies within the error") {
  CHECK_FALSE(L::above(L::of(128000), L::of(128000), L::of(2), L::of(1)).unsure);
  CHECK_FALSE(L::above(about(128001, 1e-7), L::of(128000), L::of(2), L::of(1)).unsure);
  const Bounded near = L::above(about(128001, 1e-5), L::of(128000), L::of(2), about(1, 1e-3));
  CHECK(near.unsure);
  CHECK(near.value == 2);
  CHECK(near.error == doctest::Approx(1.001));
  CHECK_FALSE(L::above(about(128001, 1e-5), L::of(128000), L::of(2), L::of(2)).unsure);  // the same on both sides
}

TEST_CASE("each operation on 32-bit numbers lies within its bound") {
  Random random(411);
  const auto some = [&]() -> double {
    switch (random.below(5)) {
      case 0:
        return static_cast<double>(random.below(6));
      case 1:
        return random.unit();
      case 2:
        return random.unit() * 1e7;
      case 3:
        return random.unit() * 1e-7;
      default:
        return random.unit() * 60;
    }
  };
  for (int i = 0; i < 20000 / thinning; ++i) {
    const std::array<double, 4> x{some(), some(), some(), some()};
    const auto f = [&](std::size_t k) { return static_cast<float>(x[k]); };
#define CALL_1(name) L::name(L::of(x[0]))
#define CALL_2(name) L::name(L::of(x[0]), L::of(x[1]))
#define CALL_4(name) L::name(L::of(x[0]), L::of(x[1]), L::of(x[2]), L::of(x[3]))
#define TOKENBILL_OP(name, arity, meaning, wgsl)                       \
  {                                                                    \
    const Bounded bounded = CALL_##arity(name);                        \
    const double exact = DoubleLane::name(x[0], x[1], x[2], x[3]);     \
    if (std::isfinite(exact)) {                                        \
      CAPTURE(#name);                                                  \
      CAPTURE(x[0]);                                                   \
      CAPTURE(x[1]);                                                   \
      CHECK(bounded.value == exact);                                   \
      CHECK(within(FloatLane::name(f(0), f(1), f(2), f(3)), bounded)); \
    }                                                                  \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
#undef CALL_1
#undef CALL_2
#undef CALL_4
  }
}

namespace {
/// One tape with 32 bits and with bounds: every node whose exact value is finite lies within its bound.
struct Compared {
  std::vector<double> exact;
  std::vector<float> narrow;
  std::vector<Bounded> bounds;
  long evaluations = 0, unsure_evaluations = 0, nodes = 0, unsure = 0, outside = 0;

  void run(std::span<const Node> tape, const std::vector<double>& inputs, NodeId result) {
    std::vector<float> f;
    std::vector<Bounded> b;
    for (const double x : inputs) {
      f.push_back(static_cast<float>(x));
      b.push_back(L::of(x));
    }
    exact.resize(tape.size());
    narrow.resize(tape.size());
    bounds.resize(tape.size());
    DoubleLane doubles;
    FloatLane floats;
    BoundedLane bounded;
    evaluate<DoubleLane>(tape, {}, doubles, inputs, exact);
    evaluate<FloatLane>(tape, {}, floats, f, narrow);
    evaluate<BoundedLane>(tape, {}, bounded, b, bounds);
    ++evaluations;
    if (bounds[result].unsure && std::isfinite(exact[result])) ++unsure_evaluations;
    for (std::size_t i = 0; i < tape.size(); ++i) {
      if (!std::isfinite(exact[i])) continue;
      ++nodes;
      if (bounds[i].unsure) ++unsure;
      if (bounds[i].value == exact[i] && within(narrow[i], bounds[i])) continue;
      ++outside;
      CAPTURE(i);
      CAPTURE(std::string(op_name(tape[i].op)));
      CAPTURE(exact[i]);
      CAPTURE(narrow[i]);
      CAPTURE(bounds[i].error);
      CAPTURE(bounds[i].unsure);
      CHECK(outside == 0);
    }
  }
};
}  // namespace

TEST_CASE("the month plan with 32 bits lies within its bounds, node by node") {
  Random random(412);
  Compared compared;
  for (int i = 0; i < 1500 / thinning; ++i) {
    const Catalog catalog = random_catalog(random);
    for (int j = 0; j < 4; ++j) {
      const Scenario scenario = random_scenario(random, catalog);
      const Result<Engine::Priced> priced = engine().price(catalog, scenario, random_today);
      if (!priced || priced->evaluation.values.empty()) continue;
      INFO(scenario_text(scenario));
      std::vector<double> inputs;
      for (const Known& known : priced->binding.inputs) inputs.push_back(known.value);
      compared.run(priced->plan->nodes(), inputs, priced->plan->find("total")->node);
    }
  }
  CHECK(compared.evaluations > 4000 / thinning);
  CHECK(compared.unsure * 4 < compared.nodes);
  MESSAGE(compared.evaluations << " evaluations, " << compared.nodes << " nodes, " << compared.unsure
                               << " beyond a step within the bound, " << compared.unsure_evaluations << " totals");
}

TEST_CASE("folded tapes with 32 bits lie within their bounds") {
  const Catalog& catalog = bundled_prices();
  if (catalog.models.empty()) return;
  Random random(413);
  Compared compared;
  double widest = 0;
  static constexpr std::string_view axes[] = {"prompt_tokens",        "output_tokens",          "conversations_per_day",
                                              "static_prefix_tokens", "turns_per_conversation", "reasoning_tokens",
                                              "failure_ratio",        "evaluation_ratio",       "chunk_tokens",
                                              "discount_ratio",       "turn_gap_minutes",       "active_hours_per_day"};
  for (int i = 0; i < 500 / thinning; ++i) {
    Scenario scenario;
    static constexpr std::string_view models[] = {"openai/gpt-4o", "openai/gpt-5", "anthropic/claude-sonnet-4-5",
                                                  "google/gemini-2.5-pro"};
    scenario.model = models[random.below(4)];
    if (random.chance(0.5)) (void)scenario.set("caching", "automatic");
    if (random.chance(0.5)) (void)scenario.set("history", random.chance(0.5) ? "full" : "window");
    if (random.chance(0.5)) (void)scenario.set("static_prefix_tokens", "1500");
    if (random.chance(0.5)) (void)scenario.set("chunks_per_request", "5");
    std::vector<Moved> moved;
    for (int k = 0; k < 3; ++k) {
      const Parameter& parameter = parameters()[parameter_index(axes[random.below(12)])];
      const double most = parameter.unit == units::ratio ? 0.9 : parameter.default_value * 20 + 20;
      moved.push_back({std::string(parameter.id), std::max(parameter.min, most / 100), std::min(parameter.max, most)});
    }
    const Result<MonthShape> shape = points_shape(catalog, scenario, moved);
    if (!shape) continue;
    static constexpr std::string_view outputs[] = {"total"};
    const Result<Sweep> sweep = compile_points(engine().plan(*shape), catalog, scenario, today, moved, outputs);
    if (!sweep) continue;
    INFO(scenario_text(scenario));
    for (int j = 0; j < 500; ++j) {
      std::vector<double> inputs;
      for (const Moved& one : moved) {
        const double x = random.between(one.low, one.high);
        inputs.push_back(random.chance(0.5) ? round_down(x) : x);
      }
      compared.run(sweep->tape, inputs, sweep->outputs[0].node);
      const Bounded& result = compared.bounds[sweep->outputs[0].node];
      if (!result.unsure && result.value > 0) widest = std::max(widest, result.error / result.value);
    }
  }
  CHECK(compared.evaluations > 100000 / thinning);
  CHECK(widest < 1e-3);
  MESSAGE(compared.evaluations << " evaluations, " << compared.nodes << " nodes, " << compared.unsure
                               << " beyond a step within the bound, " << compared.unsure_evaluations
                               << " results; the widest sure result " << widest);
}
