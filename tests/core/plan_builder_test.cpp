#include "tokenbill/plan_builder.h"

#include <doctest/doctest.h>

#include <string>

#include "tokenbill/evaluate.h"

using namespace tokenbill;

namespace {
const Unit price_unit = units::usd / units::mtok;

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

double value_of(const Plan& plan, std::string_view id, std::vector<Known> inputs) {
  const Result<Evaluation> evaluation = evaluate(plan, inputs);
  REQUIRE(evaluation.ok());
  return evaluation->of(plan.find(id)->node).value;
}
}  // namespace

TEST_CASE("dollars and tokens are not added, and the message names both") {
  PlanBuilder p;
  const Expr spent = p.input("spent", "Spent", units::usd);
  const Expr prompt = p.input("prompt", "Prompt", units::token);
  p.name("sum", "Sum", units::usd, spent + prompt);
  const Result<Plan> plan = p.build();
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().code == Code::bad_plan);
  CHECK(contains(plan.error().message, "spent [usd]"));
  CHECK(contains(plan.error().message, "prompt [token]"));
  CHECK_FALSE(plan.error().hint.empty());
}

TEST_CASE("a price per million used as if it were per token is refused with the units of both sides") {
  PlanBuilder p;
  p.name("cost", "Cost", units::usd, p.input("tokens", "Tokens", units::token) * p.input("price", "Price", price_unit));
  const Result<Plan> plan = p.build();
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().where == "cost");
  CHECK(plan.error().message == "expected usd, the formula gives usd*token/mtok");
  CHECK(contains(plan.error().hint, "per million"));
}

TEST_CASE("the same formula with the conversion builds, and divides by a million once") {
  PlanBuilder p;
  p.name("cost", "Cost", units::usd,
         p.input("tokens", "Tokens", units::token) * p.input("price", "Price", price_unit) /
             p.constant(1e6, units::token / units::mtok));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK(value_of(*plan, "cost", {{500, true}, {0.02, true}}) == 500 * 0.02 / 1e6);
}

TEST_CASE("the first mistake is the one that is told") {
  PlanBuilder p;
  const Expr usd = p.input("usd", "USD", units::usd);
  const Expr token = p.input("token", "Token", units::token);
  const Expr day = p.input("day", "Day", units::day);
  p.name("first", "First", units::usd, usd + token);
  p.name("second", "Second", units::usd, usd + day);
  const Result<Plan> plan = p.build();
  REQUIRE_FALSE(plan.ok());
  CHECK(contains(plan.error().message, "token [token]"));
}

TEST_CASE("an anonymous operand is described by its operation and unit") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::usd);
  const Expr b = p.input("b", "B", units::day);
  p.name("x", "X", units::usd, a / b + p.constant(3, units::usd));
  const Result<Plan> plan = p.build();
  REQUIRE_FALSE(plan.ok());
  CHECK(contains(plan.error().message, "(div) [usd/day]"));
  CHECK(contains(plan.error().message, "3 [usd]"));
}

TEST_CASE("equal formulas are one node") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::usd);
  const Expr b = p.input("b", "B", units::usd);
  CHECK((a + b).node() == (a + b).node());
  CHECK((a + b).node() != (b + a).node());
  CHECK(p.constant(2).node() == p.constant(2).node());
  CHECK(p.constant(2).node() != p.constant(2, units::usd).node());
  CHECK(p.input("a", "A", units::usd).node() == a.node());
}

TEST_CASE("an input asked for in another unit is refused") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::usd);
  p.input("a", "A", units::token);
  p.name("x", "X", units::usd, a + a);
  const Result<Plan> plan = p.build();
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().where == "a");
  CHECK(contains(plan.error().message, "token"));
  CHECK(contains(plan.error().message, "usd"));
}

TEST_CASE("a second name for the same formula has a node of its own with the same value") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::usd);
  p.name("first", "First", units::usd, a + a);
  p.name("second", "Second", units::usd, a + a);
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  const Named* first = plan->find("first");
  const Named* second = plan->find("second");
  REQUIRE(first != nullptr);
  REQUIRE(second != nullptr);
  CHECK(first->node != second->node);
  CHECK(plan->name_of(first->node)->label == "First");
  CHECK(plan->name_of(second->node)->label == "Second");
  CHECK(value_of(*plan, "first", {{0.1, true}}) == 0.2);
  CHECK(value_of(*plan, "second", {{0.1, true}}) == 0.2);
}

TEST_CASE("an input that is named again keeps its own name") {
  PlanBuilder p;
  p.name("total", "Total", units::usd, p.input("a", "A", units::usd));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK(plan->find("a")->node == plan->inputs()[0].node);
  CHECK(plan->find("total")->node != plan->inputs()[0].node);
}

TEST_CASE("an id names one figure only") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::usd);
  p.name("x", "X", units::usd, a + a);
  p.name("x", "Other", units::usd, a + a + a);
  const Result<Plan> plan = p.build();
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().where == "x");
}

TEST_CASE("a formula of another plan is refused") {
  PlanBuilder one;
  PlanBuilder two;
  const Expr foreign = one.input("a", "A", units::usd);
  const Expr own = two.input("b", "B", units::usd);
  two.name("sum", "Sum", units::usd, own + foreign);
  CHECK_FALSE(two.build().ok());
  PlanBuilder three;
  three.name("alien", "Alien", units::usd, foreign);
  const Result<Plan> plan = three.build();
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().where == "alien");
}

TEST_CASE("the builder is empty after build, also after a mistake") {
  PlanBuilder p;
  p.name("x", "X", units::token, p.input("a", "A", units::usd) + p.input("a", "A", units::usd));
  CHECK_FALSE(p.build().ok());
  p.name("x", "X", units::usd, p.input("a", "A", units::usd) + p.constant(1, units::usd));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK(plan->inputs().size() == 1);
  CHECK(value_of(*plan, "x", {{2, true}}) == 3);
}

TEST_CASE("operands stand before their operation on the tape, and inputs in order of use") {
  PlanBuilder p;
  const Expr late = p.input("late", "Late", units::ratio);
  const Expr early = p.input("early", "Early", units::ratio);
  p.name("x", "X", units::ratio, (early + p.constant(1)) * late);
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK(plan->inputs()[0].id == "early");
  CHECK(plan->inputs()[1].id == "late");
  for (NodeId i = 0; i < plan->nodes().size(); ++i)
    for (int k = 0; k < arity(plan->nodes()[i].op); ++k) CHECK(plan->nodes()[i].args[static_cast<std::size_t>(k)] < i);
  CHECK(value_of(*plan, "x", {{2, true}, {5, true}}) == 15);
}

TEST_CASE("what no figure needs is not on the tape, inputs aside") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::ratio);
  p.input("unused", "Unused", units::ratio);
  (void)(a * a * a);
  p.name("x", "X", units::ratio, a + a);
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK(plan->nodes().size() == 3);
  CHECK(plan->input_index("unused") < plan->inputs().size());
}

TEST_CASE("terms keep the order in which they were added") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::usd);
  p.term("z", "Z", Category::output, units::usd, a + a);
  p.term("b", "B", Category::input, units::usd, a);
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  REQUIRE(plan->terms().size() == 2);
  CHECK(plan->terms()[0].id == "z");
  CHECK(plan->terms()[1].id == "b");
  CHECK(plan->find("b")->node == plan->terms()[1].node);
}

TEST_CASE("an id that a plan does not have is not found") {
  PlanBuilder p;
  p.name("x", "X", units::ratio, p.input("a", "A", units::ratio));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK(plan->find("y") == nullptr);
  CHECK(plan->input_index("x") == plan->inputs().size());
}

TEST_CASE("mix takes share of the first and the rest of the second") {
  PlanBuilder p;
  p.name("x", "X", units::usd,
         mix(p.input("share", "Share", units::ratio), p.constant(10, units::usd), p.constant(2, units::usd)));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK(value_of(*plan, "x", {{0.25, true}}) == 4);
  CHECK(value_of(*plan, "x", {{0, true}}) == 2);
  CHECK(value_of(*plan, "x", {{1, true}}) == 10);
}

TEST_CASE("complement and decay of a quantity with a unit are refused") {
  for (const bool use_decay : {false, true}) {
    PlanBuilder p;
    const Expr hours = p.input("hours", "Hours", units::hour);
    p.name("x", "X", units::hour, use_decay ? decay(hours) : complement(hours));
    CHECK_FALSE(p.build().ok());
  }
}

TEST_CASE("an input that is negative, infinite or not a number is refused by name") {
  PlanBuilder p;
  p.name("x", "X", units::usd, p.input("a", "A", units::usd) + p.input("b", "B", units::usd));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  for (const double bad : {-1.0, -5e-324, unknown_number, std::numeric_limits<double>::infinity()}) {
    const std::vector<Known> inputs = {{1, true}, {bad, true}};
    const Result<Evaluation> evaluation = evaluate(*plan, inputs);
    REQUIRE_FALSE(evaluation.ok());
    CHECK(evaluation.error().code == Code::bad_input);
    CHECK(evaluation.error().where == "b");
  }
}

TEST_CASE("a wrong number of inputs is refused") {
  PlanBuilder p;
  p.name("x", "X", units::usd, p.input("a", "A", units::usd));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  CHECK_FALSE(evaluate(*plan, std::vector<Known>{}).ok());
  CHECK_FALSE(evaluate(*plan, std::vector<Known>(2)).ok());
}
