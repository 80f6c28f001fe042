// A plan as formulas of a spreadsheet: each operation, what is unknown, and which inputs a workbook can follow.

#include "tokenbill/spreadsheet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/shop.h"
#include "tokenbill/plan_builder.h"

using namespace tokenbill;

namespace {

std::string cell(const Plan& plan, NodeId node) {
  const Named* named = plan.name_of(node);
  return named != nullptr ? named->id : "n" + std::to_string(node);
}

// The formula of the figure x over a (2.5), b (3), c (0) and u, which is unknown.
template <class Formula>
std::string written(Formula formula) {
  PlanBuilder p;
  const Expr a = p.input("a", "apples", units::ratio);
  const Expr b = p.input("b", "bread", units::ratio);
  const Expr c = p.input("c", "cake", units::ratio);
  const Expr u = p.input("u", "unknown", units::ratio);
  p.name("x", "X", units::ratio, formula(p, a, b, c, u));
  p.name("keep", "Keep", units::ratio, a + b + c + u);
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  std::vector<Known> inputs(4);
  inputs[plan->input_index("a")] = {2.5, true};
  inputs[plan->input_index("b")] = {3, true};
  inputs[plan->input_index("c")] = {0, true};
  inputs[plan->input_index("u")] = {0, false};
  const Result<Evaluation> evaluation = evaluate(*plan, inputs);
  REQUIRE(evaluation.ok());
  const NodeId root = plan->find("x")->node;
  const std::vector<NodeId> nodes = spreadsheet_nodes(*plan, *evaluation, {&root, 1});
  REQUIRE(!nodes.empty());
  CHECK(nodes.back() == root);
  std::string text;
  for (const NodeId node : nodes)
    text += (text.empty() ? "" : "; ") + (node == root ? std::string() : cell(*plan, node) + " = ") +
            spreadsheet_formula(*plan, *evaluation, nodes, node, [&](NodeId id) { return cell(*plan, id); });
  return text;
}
using E = const Expr&;
using B = PlanBuilder&;

}  // namespace

TEST_CASE("each operation has its formula") {
  CHECK(written([](B, E a, E b, E, E) { return a + b; }) == "a+b");
  CHECK(written([](B, E a, E b, E, E) { return a * b; }) == "a*b");
  CHECK(written([](B, E a, E b, E, E) { return a / b; }) == "a/b");
  CHECK(written([](B, E a, E b, E, E) { return min(a, b); }) == "MIN(a,b)");
  CHECK(written([](B, E a, E b, E, E) { return max(a, b); }) == "MAX(a,b)");
  CHECK(written([](B, E a, E b, E, E) { return excess(a, b); }) == "MAX(a-b,0)");
  CHECK(written([](B, E a, E, E, E) { return complement(a); }) == "MAX(1-a,0)");
  CHECK(written([](B, E a, E, E, E) { return ceil(a); }) == "-INT(-a)");
  CHECK(written([](B, E a, E, E, E) { return floor(a); }) == "INT(a)");
  CHECK(written([](B, E a, E, E, E) { return decay(a); }) == "EXP(-a)");
  CHECK(written([](B, E a, E, E, E) { return root(a); }) == "SQRT(a)");
  CHECK(written([](B, E a, E b, E c, E u) { return above(a, b, c, u); }) == "IF(a>b,c,u)");
}

TEST_CASE("brackets stand where they are needed") {
  CHECK(written([](B, E a, E b, E c, E) { return (a + b) * c; }) == "(a+b)*c");
  CHECK(written([](B, E a, E b, E c, E) { return a * b + c; }) == "a*b+c");
  CHECK(written([](B, E a, E b, E c, E) { return a / (b * c); }) == "a/(b*c)");
  CHECK(written([](B, E a, E b, E c, E) { return a / b * c; }) == "a/b*c");
  CHECK(written([](B, E a, E b, E c, E) { return excess(a, b + c); }) == "MAX(a-(b+c),0)");
  CHECK(written([](B, E a, E b, E, E) { return ceil(a + b); }) == "-INT(-(a+b))");
  CHECK(written([](B, E a, E b, E, E) { return a * ceil(b); }) == "a*(-INT(-b))");
  CHECK(written([](B, E a, E b, E, E) { return decay(a * b); }) == "EXP(-(a*b))");
}

TEST_CASE("what is multiplied by 0 stays 0 though it is unknown, and a product of known factors stays plain") {
  CHECK(written([](B, E, E, E c, E u) { return c * u; }) == "IF(c=0,0,c*u)");
  CHECK(written([](B, E, E, E c, E u) { return u * c; }) == "IF(c=0,0,u*c)");
  CHECK(written([](B, E a, E, E, E u) { return u * (a * u); }).find("IFERROR(u=0,FALSE)") != std::string::npos);
  // What the formula names twice has a cell of its own.
  CHECK(written([](B, E a, E b, E, E u) { return (a + b) * u; }).find("IF(n") != std::string::npos);
}

TEST_CASE("a long formula is cut into cells, and each stays short") {
  const std::string text = written([](B, E a, E b, E c, E) {
    Expr sum = a;
    for (int i = 0; i < 60; ++i) sum = (sum + b) * c;
    return sum;
  });
  std::size_t longest = 0, at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  CHECK(longest < 200);
  CHECK(std::count(text.begin(), text.end(), ';') >= 9);
}

TEST_CASE("inputs that a workbook can follow are numbers that change nothing else") {
  const Catalog catalog = catalog_of({model_of("basic", 2, 8)});
  const Scenario scenario = scenario_of("basic");
  const Result<std::vector<FollowedInput>> found = followed_inputs(engine(), catalog, scenario, today);
  REQUIRE(found.ok());
  const Result<Engine::Priced> priced = engine().price(catalog, scenario, today);
  REQUIRE(priced.ok());
  const auto followed = [&](std::string_view id) {
    return std::find_if(found->begin(), found->end(),
                        [&](const FollowedInput& one) { return priced->plan->inputs()[one.input].id == id; });
  };
  for (const char* id : {"conversations_per_day", "prompt_tokens", "output_tokens", "failure_ratio"}) {
    CAPTURE(id);
    REQUIRE(followed(id) != found->end());
    CHECK(followed(id)->low < *scenario.value(id));
    CHECK(followed(id)->high > *scenario.value(id));
  }
  // At both ends, and between them, the plan with the input put in is the bill of the changed scenario.
  for (const FollowedInput& one : *found) {
    const std::string& id = priced->plan->inputs()[one.input].id;
    CAPTURE(id);
    for (const double share : {0.0, 0.37, 1.0}) {
      const double value = one.low + (one.high - one.low) * share;
      if (share == 0 && one.low_is_excluded) continue;
      Scenario changed = scenario;
      REQUIRE_FALSE(changed.set_number(id, value).has_value());
      Result<Engine::Priced> put = engine().price(catalog, scenario, today);
      put->put(id, value);
      REQUIRE_FALSE(engine().reprice(*put).has_value());
      const Result<Engine::Priced> whole = engine().price(catalog, changed, today);
      REQUIRE(whole.ok());
      CHECK(put->figure("total") == whole->figure("total"));
    }
  }
}

TEST_CASE("a model that cannot serve has no inputs to follow, and one that nobody knows is an error") {
  Model model = model_of("basic", 2, 8);
  model.context_tokens = 100'000;
  const Catalog catalog = catalog_of({model});
  Scenario scenario = scenario_of("nothing");
  CHECK(followed_inputs(engine(), catalog, scenario, today).error().code == Code::unknown_model);
  scenario.model = "acme/basic";
  REQUIRE_FALSE(scenario.set("prompt_tokens", "200k").has_value());
  const Result<std::vector<FollowedInput>> found = followed_inputs(engine(), catalog, scenario, today);
  REQUIRE(found.ok());
  CHECK(found->empty());
}
