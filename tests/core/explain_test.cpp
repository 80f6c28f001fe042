// The explanation of a figure: its formula in names and in numbers, and what it stands on.

#include "tokenbill/explain.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

// A small plan over a (2), b (3) and c (0), with the figure x.
template <class Formula>
FormulaText written(Formula formula) {
  PlanBuilder p;
  const Expr a = p.input("a", "apples", units::ratio);
  const Expr b = p.input("b", "bread", units::ratio);
  const Expr c = p.input("c", "cake", units::ratio);
  p.name("x", "X", units::ratio, formula(p, a, b, c));
  p.name("keep", "Keep", units::ratio, a + b + c);
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  std::vector<Known> inputs(3);
  inputs[plan->input_index("a")] = {2, true};
  inputs[plan->input_index("b")] = {3, true};
  inputs[plan->input_index("c")] = {0, true};
  const Result<Evaluation> evaluation = evaluate(*plan, inputs);
  REQUIRE(evaluation.ok());
  return formula_text(*plan, *evaluation, plan->find("x")->node);
}

Explanation explained(const Catalog& catalog, const Scenario& scenario, std::string_view item) {
  Result<Explanation> explanation = engine().explain(catalog, scenario, today, item);
  if (!explanation) {
    FAIL_CHECK(to_text(explanation.error()));
    return {};
  }
  return std::move(explanation).value();
}
bool uses(const Explanation& explanation, std::string_view id) {
  return std::any_of(explanation.uses.begin(), explanation.uses.end(), [&](const Use& use) { return use.id == id; });
}
}  // namespace

TEST_CASE("a formula is written in names and in numbers") {
  const FormulaText text = written([](PlanBuilder&, Expr a, Expr b, Expr) { return a * b; });
  CHECK(text.names == "apples × bread");
  CHECK(text.numbers == "2 × 3");
  CHECK(text.uses.size() == 2);
}

TEST_CASE("a sum inside a product stands in parentheses, a product inside a sum does not") {
  CHECK(written([](PlanBuilder& p, Expr a, Expr b, Expr) { return (a + b) * p.constant(5); }).names ==
        "(apples + bread) × 5");
  CHECK(written([](PlanBuilder& p, Expr a, Expr b, Expr) { return a * b + p.constant(5); }).names ==
        "apples × bread + 5");
}

TEST_CASE("a product below the line of a quotient stands in parentheses") {
  CHECK(written([](PlanBuilder& p, Expr a, Expr b, Expr) { return p.constant(12) / (a * b); }).numbers ==
        "12 ÷ (2 × 3)");
  CHECK(written([](PlanBuilder& p, Expr a, Expr b, Expr) { return p.constant(12) / a / b; }).numbers == "12 ÷ 2 ÷ 3");
}

TEST_CASE("what is taken away stands in parentheses when it is a sum") {
  CHECK(written([](PlanBuilder& p, Expr a, Expr b, Expr) { return excess(p.constant(9), a + b); }).numbers ==
        "9 − (2 + 3)");
}

TEST_CASE("addends of 0 and factors of 1 are left out") {
  CHECK(written([](PlanBuilder&, Expr a, Expr b, Expr c) { return c + a * b + c; }).names == "apples × bread");
  CHECK(written([](PlanBuilder& p, Expr a, Expr b, Expr) { return p.constant(1) * (a + b); }).names ==
        "apples + bread");
}

TEST_CASE("one minus a share of 0 is 1") {
  CHECK(written([](PlanBuilder& p, Expr, Expr, Expr c) { return complement(c) + p.constant(4); }).numbers == "1 + 4");
}

TEST_CASE("of a tier only the branch that is reached is written") {
  const auto tier = [](double threshold) {
    return written([&](PlanBuilder& p, Expr a, Expr b, Expr) {
      return above(a, p.constant(threshold), b * b, b + p.constant(7));
    });
  };
  CHECK(tier(1).names == "bread × bread");
  CHECK(tier(2).names == "bread + 7");
}

TEST_CASE("the formula stops at named figures") {
  PlanBuilder p;
  const Expr a = p.input("a", "apples", units::ratio);
  const Expr pie = p.name("pie", "pie", units::ratio, a * a);
  p.name("x", "X", units::ratio, pie + a);
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  const Result<Evaluation> evaluation = evaluate(*plan, std::vector<Known>{{3, true}});
  REQUIRE(evaluation.ok());
  const FormulaText text = formula_text(*plan, *evaluation, plan->find("x")->node);
  CHECK(text.names == "pie + apples");
  CHECK(text.numbers == "9 + 3");
}

TEST_CASE("an unknown number is written as unknown") {
  PlanBuilder p;
  p.name("x", "X", units::ratio, p.input("a", "apples", units::ratio) * p.input("b", "bread", units::ratio));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  const Result<Evaluation> evaluation = evaluate(*plan, std::vector<Known>{{3, true}, {0, false}});
  REQUIRE(evaluation.ok());
  CHECK(formula_text(*plan, *evaluation, plan->find("x")->node).numbers == "3 × unknown");
}

TEST_CASE("the explanation of output shows requests, tokens and price") {
  const Catalog catalog = catalog_of({model_of("m", 2.5, 10)});
  const Explanation e = explained(
      catalog, bare("m", {{"conversations_per_day", "10000"}, {"turns_per_conversation", "5"}}), "output.text");
  CHECK(e.subject.value == 7500);
  CHECK(e.formula ==
        "Conversations a month × Requests in a conversation × Answer, as this model counts × Output, price ÷ "
        "1\u202f000\u202f000");
  CHECK(e.numbers == "300\u202f000 × 5 × 500 × 10 ÷ 1\u202f000\u202f000 = 7\u202f500.00");
  CHECK(uses(e, "price.output"));
  CHECK_FALSE(uses(e, "price.output.tier1"));
  CHECK_FALSE(uses(e, "price.output.peak"));
}

TEST_CASE("the explanation of a price says which page, and what others say") {
  Catalog catalog = catalog_of({model_of("m", 2.5, 10)});
  catalog.models[0].prices[0].disagreements = {{"another list", prices_of({{TokenClass::input, 2.75}}), "older"}};
  const Explanation e = explained(catalog, bare("m"), "price.input");
  CHECK(e.subject.is_input);
  CHECK(e.subject.value == 2.5);
  CHECK(e.subject.source == "https://example.com/prices");
  CHECK(e.formula.empty());
  REQUIRE(e.subject.disagreements.size() == 1);
  CHECK(e.subject.disagreements[0].value == 2.75);
}

TEST_CASE("a price that stands in for another says so") {
  const Explanation e = explained(catalog_of({model_of("m", 2.5, 10)}), bare("m"), "price.output_reasoning");
  CHECK(e.subject.value == 10);
  CHECK(e.subject.note.find("another one stands in") != std::string::npos);
}

TEST_CASE("the note of a long prompt says which threshold it is above") {
  Catalog catalog = catalog_of({model_of("m", 2.5, 10)});
  catalog.models[0].prices[0].context_tiers = {{200000, false, prices_of({{TokenClass::input, 5}})}};
  const Explanation above_it = explained(catalog, bare("m", {{"prompt_tokens", "200001"}}), "input.uncached");
  CHECK(above_it.note.find("is above 200\u202f000") != std::string::npos);
  CHECK(uses(above_it, "price.input.tier1"));
  const Explanation at_it = explained(catalog, bare("m", {{"prompt_tokens", "200000"}}), "input.uncached");
  CHECK(at_it.note.find("is not above 200\u202f000") != std::string::npos);
  CHECK_FALSE(uses(at_it, "price.input.tier1"));
}

TEST_CASE("a figure that the bill does not have is an error that lists the items") {
  const Result<Explanation> e = engine().explain(catalog_of({model_of("m", 1, 2)}), bare("m"), today, "input.unkached");
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Code::unknown_item);
  CHECK(e.error().hint.find("input.uncached") != std::string::npos);
}

TEST_CASE("an impossible request explains nothing") {
  Model model = model_of("m", 1, 2);
  model.context_tokens = 100;
  const Result<Explanation> e = engine().explain(catalog_of({model}), bare("m"), today, "total");
  REQUIRE_FALSE(e.ok());
  CHECK(e.error().code == Code::impossible);
}

TEST_CASE("every figure, term and input of the month can be explained") {
  Model model = model_of("m", 2.5, 10);
  model.cache = cache_of({{"automatic", 5}});
  model.prices[0].context_tiers = {{1000, true, prices_of({{TokenClass::input, 5}})}};
  const Catalog catalog = catalog_of({model});
  const Scenario s = scenario_of("m", {{"caching", "automatic"}, {"static_prefix_tokens", "1500"}});
  const Result<MonthShape> shape = shape_of(catalog, s, &catalog.models[0]);
  REQUIRE(shape.ok());
  const Plan& plan = engine().plan(*shape);
  for (const Named& named : plan.named()) {
    CAPTURE(named.id);
    const Explanation e = explained(catalog, s, named.id);
    CHECK(e.subject.id == named.id);
    if (plan.nodes()[named.node].op != Op::input) CHECK_FALSE(e.formula.empty());
  }
}
