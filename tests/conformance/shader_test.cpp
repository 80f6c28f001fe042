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
#include "tokenbill/bounded.h"
#include "tokenbill/format.h"
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
        "fn cost(x: array<vec2f, axis_count>) -> vec2f {\n"
        "  let v0 = x[0].x;  let e0 = x[0].y;  // A\n"
        "  let v4 = select(3.0, 6.0, v0 > 4.0);"
        "  let e4 = above_error(v4, v0, e0, 4.0, 0.0, 6.0, 0.0, 3.0, 0.0);  // Rate\n"
        "  let v5 = (v0 * v4);  let e5 = mul_error(v5, v0, e0, v4, e4);\n"
        "  let v6 = x[1].x;  let e6 = x[1].y;  // B\n"
        "  let v7 = (v5 / v6);  let e7 = div_error(v7, v5, e5, v6, e6);\n"
        "  let v9 = (v7 + 0.5);  let l9 = e7 + 0.0;"
        "  let e9 = add_error(v9, v7, e7, 0.5, 0.0, l9, 1.0);  // Out\n"
        "  var sure = true;\n"
        "  if (!apart(v0, e0, 8.0, 0.0)) { sure = false; } else if (v0 > 8.0) { return vec2f(impossible, 0.0); }\n"
        "  if (!sure || !(v9 <= most) || !(e9 <= most)) { return vec2f(unsure, beyond); }\n"
        "  return vec2f(v9, e9);\n"
        "}\n");
}

TEST_CASE("a sum in WGSL answers for all of its terms, a constant of more than 24 bits for its rounding") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::ratio);
  const Expr b = p.input("b", "B", units::ratio);
  p.name("out", "Out", units::ratio, excess(a + b * p.constant(0.1) + p.constant(3), a * b + b));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  const Result<std::string> text = cost_function(folded(*plan, {}));
  REQUIRE(text.ok());
  CAPTURE(*text);
  CHECK(text->find(", 0.1, " + exact_text(BoundedLane::of(0.1).error) + ");") != std::string::npos);
  // Of three terms two roundings; of three terms minus two, four.
  CHECK(text->find(", 2.0);") != std::string::npos);
  CHECK(text->find("excess_error(") != std::string::npos);
  CHECK(text->find(", 4.0);  // Out") != std::string::npos);
}

TEST_CASE("a figure that does not exist is told in WGSL where its divisor is 0, and unsure where it may be") {
  PlanBuilder p;
  const Expr a = p.input("a", "A", units::ratio);
  const Expr b = p.input("b", "B", units::ratio);
  p.name("out", "Out", units::ratio, a / excess(b, p.constant(2)));
  const Result<Plan> plan = p.build();
  REQUIRE(plan.ok());
  const Result<std::string> text = cost_function(folded(*plan, {}));
  REQUIRE(text.ok());
  CAPTURE(*text);
  CHECK(text->find("{ exists = false; } else if (!(") != std::string::npos);
  CHECK(text->find("if (sure && !exists) { return vec2f(unknown, 0.0); }") != std::string::npos);
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
  CHECK(text->find("> 128000.0) { return vec2f(impossible, 0.0); }") != std::string::npos);
  CHECK(text->find("1e+18") == std::string::npos);
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
TEST_CASE("the table of operations for graphics processors has the meaning of op.def and the bounds of the lane") {
  const auto table = parse_json(test_file("operations.json"), "operations.json");
  REQUIRE(table.ok());
  std::size_t operations = 0;
#define BOUND_1(name) BoundedLane::name(BoundedLane::of(at[0]))
#define BOUND_2(name) BoundedLane::name(BoundedLane::of(at[0]), BoundedLane::of(at[1]))
#define BOUND_4(name) \
  BoundedLane::name(BoundedLane::of(at[0]), BoundedLane::of(at[1]), BoundedLane::of(at[2]), BoundedLane::of(at[3]))
#define TOKENBILL_OP(name, operands, meaning, wgsl)                                 \
  {                                                                                 \
    CAPTURE(#name);                                                                 \
    ++operations;                                                                   \
    const JsonValue* row = table->find(#name);                                      \
    REQUIRE(row != nullptr);                                                        \
    CHECK(row->find("wgsl")->text == wgsl);                                         \
    const std::vector<JsonValue>& axes = row->find("axes")->items;                  \
    const std::vector<JsonValue>& expected = row->find("expected")->items;          \
    const std::vector<JsonValue>& errors = row->find("errors")->items;              \
    REQUIRE(axes.size() == operands);                                               \
    std::size_t cells = 1;                                                          \
    for (const JsonValue& axis : axes) cells *= axis.items.size();                  \
    REQUIRE(expected.size() == cells);                                              \
    REQUIRE(errors.size() == cells);                                                \
    for (std::size_t cell = 0; cell < cells; ++cell) {                              \
      std::array<double, 4> at{};                                                   \
      std::size_t rest = cell;                                                      \
      for (std::size_t k = axes.size(); k-- > 0; rest /= axes[k].items.size())      \
        at[k] = axes[k].items[rest % axes[k].items.size()].number;                  \
      CHECK(DoubleLane::name(at[0], at[1], at[2], at[3]) == expected[cell].number); \
      CHECK(BOUND_##operands(name).error == errors[cell].number);                   \
    }                                                                               \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
#undef BOUND_1
#undef BOUND_2
#undef BOUND_4
  CHECK(table->members.size() == operations);
}
