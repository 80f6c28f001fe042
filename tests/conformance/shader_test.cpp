// The generated WGSL as text. tests/gpu runs it.

#include "tokenbill/shader.h"
#include "fold.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/shop.h"
#include "support/test_data.h"
#include "tokenbill/json_value.h"
#include "tokenbill/lane.h"
#include "tokenbill/plan_builder.h"

using namespace tokenbill;

TEST_CASE("every operation has a spelling in WGSL that uses each operand") {
  std::set<std::string_view> spellings;
  int operations = 0;
#define TOKENBILL_OP(name, operands, meaning, wgsl)                                                                  \
  {                                                                                                                  \
    CAPTURE(#name);                                                                                                  \
    ++operations;                                                                                                    \
    CHECK(op_wgsl(Op::name) == std::string_view(wgsl));                                                              \
    for (char k = '0'; k < '4'; ++k)                                                                                 \
      CHECK((op_wgsl(Op::name).find(std::string("{") + k + "}") != std::string_view::npos) == (k - '0' < operands)); \
    spellings.insert(op_wgsl(Op::name));                                                                             \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
  CHECK(spellings.size() == static_cast<std::size_t>(operations));
}

namespace {
/// A sweep of the figure "out" of a small plan: inputs without a value here run from 1 to 10. Cells with "a" above
/// `limit` are impossible.
Sweep folded(const Plan& plan, std::initializer_list<std::pair<std::string_view, double>> constants, double limit = 0) {
  Sweep sweep;
  std::vector<Known> inputs(plan.inputs().size());
  std::vector<std::size_t> columns(plan.inputs().size(), no_column);
  std::vector<std::pair<double, double>> ranges;
  for (const std::string_view id : {"a", "b", "price", "none"}) {
    const std::size_t input = plan.input_index(id);
    if (input == plan.inputs().size()) continue;
    const auto given = std::find_if(constants.begin(), constants.end(), [&](const auto& c) { return c.first == id; });
    if (given != constants.end()) {
      inputs[input] = {given->second, true};
      continue;
    }
    columns[input] = ranges.size();
    ranges.emplace_back(1, 10);
    sweep.axes.push_back({std::string(id), 1, 10, 2, Scale::linear});
    sweep.columns.push_back({sweep.sizes.size(), {1, 10}});
    sweep.sizes.push_back(2);
  }
  std::vector<FoldRequest::Limit> limits;
  if (limit > 0) limits.push_back({plan.find("a")->node, no_node, limit, no_column});
  sweep.outputs.push_back({"out", "Out", units::ratio, plan.find("out")->node});
  const auto error = fold(plan, {inputs, columns, ranges, limits}, sweep);
  if (error) FAIL_CHECK(to_text(*error));
  return sweep;
}
}  // namespace

TEST_CASE("a folded tape as WGSL") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::ratio);
  const Expr b = p.input("b", "B", units::ratio);
  const Expr price = p.input("price", "Price", units::ratio);
  const Expr none = p.input("none", "None", units::ratio);
  const Expr rate = p.name("rate", "Rate", units::ratio, above(a, p.constant(4), price * p.constant(2), price));
  p.name("out", "Out", units::ratio,
         a * rate / b + none * b + p.constant(0) + above(a, p.constant(20), none, p.constant(0.5)));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  const Sweep sweep = folded(*plan, {{"price", 3}, {"none", 0}}, 8);
  const Result<std::string> text = cost_function(sweep);
  REQUIRE(text.ok());
  CHECK(*text ==
        "const axis_count = 2u;\n"
        "\n"
        "fn cost(x: array<f32, axis_count>) -> f32 {\n"
        "  let v0 = x[0];  // A\n"
        "  let v4 = select(3.0, 6.0, v0 > 4.0);  // Rate\n"
        "  let v5 = (v0 * v4);\n"
        "  let v6 = x[1];  // B\n"
        "  let v7 = (v5 / v6);\n"
        "  let v9 = (v7 + 0.5);  // Out\n"
        "  if (v0 > 8.0) { return no_figure; }\n"
        "  return v9;\n"
        "}\n");
}

TEST_CASE("the function is placed at the marker of the skeleton") {
  const Result<std::string> text = place("before\n// {{cost}}\nafter\n", "fn cost() {}\n");
  REQUIRE(text.ok());
  CHECK(*text == "before\nfn cost() {}\n\nafter\n");
  CHECK(!place("nothing here", "fn").ok());
}

TEST_CASE("a constant beyond 32 bits has no shader") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::ratio);
  p.name("out", "Out", units::ratio, min(a * p.constant(1e39), p.constant(2e39)));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  const Result<std::string> text = cost_function(folded(*plan, {}));
  REQUIRE(!text.ok());
  CHECK(text.error().code == Code::unsupported);
}

TEST_CASE("the shader of a real sweep keeps to what the axes move") {
  Model model = model_of("plain", 2.5, 10);
  model.context_tokens = 128000;
  const Catalog catalog = catalog_of({model});
  const SweepSpec spec{{{"prompt_tokens", 100, 1e6, 10, Scale::log}, {"output_tokens", 10, 1000, 10, Scale::linear}},
                       "total"};
  const Result<Sweep> sweep = compile_sweep(engine().plan({}), catalog, scenario_of("plain"), today, spec);
  REQUIRE(sweep.ok());
  const Result<std::string> text = cost_function(*sweep);
  REQUIRE(text.ok());
  CHECK(text->find("> 128000.0) { return no_figure; }") != std::string::npos);
  CHECK(text->find("1e+18") == std::string::npos);
  CHECK(shader_bound(*sweep) < 2e-5);
}

TEST_CASE("a sweep of several models or of draws has no shader, and says so") {
  const Catalog catalog = catalog_of({model_of("plain", 2.5, 10), model_of("other", 3, 4)});
  SweepSpec spec{{{"prompt_tokens", 100, 1e6, 10, Scale::log}}};
  spec.models = {"all"};
  const Result<Sweep> models = compile_sweep(engine().plan({}), catalog, scenario_of("plain"), today, spec);
  REQUIRE(models.ok());
  CHECK(cost_function(*models).error().code == Code::unsupported);
  spec.models.clear();
  spec.samples = 16;
  const Result<Sweep> drawn = compile_sweep(engine().plan({}), catalog, scenario_of("plain"), today, spec);
  REQUIRE(drawn.ok());
  REQUIRE(!drawn->drawn.empty());
  CHECK(cost_function(*drawn).error().code == Code::unsupported);
}

// tests/data/operations.json is what tests/gpu compares a graphics processor with: it must say what op.def says.
TEST_CASE("the table of operations for graphics processors is the meaning of op.def") {
  const auto table = parse_json(test_file("operations.json"), "operations.json");
  REQUIRE(table.ok());
  std::size_t operations = 0;
#define TOKENBILL_OP(name, operands, meaning, wgsl)                                 \
  {                                                                                 \
    CAPTURE(#name);                                                                 \
    ++operations;                                                                   \
    const JsonValue* row = table->find(#name);                                      \
    REQUIRE(row != nullptr);                                                        \
    CHECK(row->find("wgsl")->text == wgsl);                                         \
    const std::vector<JsonValue>& axes = row->find("axes")->items;                  \
    const std::vector<JsonValue>& expected = row->find("expected")->items;          \
    REQUIRE(axes.size() == operands);                                               \
    std::size_t cells = 1;                                                          \
    for (const JsonValue& axis : axes) cells *= axis.items.size();                  \
    REQUIRE(expected.size() == cells);                                              \
    for (std::size_t cell = 0; cell < cells; ++cell) {                              \
      std::array<double, 4> at{};                                                   \
      std::size_t rest = cell;                                                      \
      for (std::size_t k = axes.size(); k-- > 0; rest /= axes[k].items.size())      \
        at[k] = axes[k].items[rest % axes[k].items.size()].number;                  \
      CHECK(DoubleLane::name(at[0], at[1], at[2], at[3]) == expected[cell].number); \
    }                                                                               \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
  CHECK(table->members.size() == operations);
}
