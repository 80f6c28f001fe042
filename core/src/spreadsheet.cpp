#include "tokenbill/spreadsheet.h"

#include <algorithm>
#include <cstdint>

#include "tokenbill/format.h"
#include "tokenbill/parameter.h"

namespace tokenbill {

namespace {
// A formula with more operations than this is cut into two cells.
constexpr int most_operations = 12;

bool is_leaf(const Node& node) { return node.op == Op::constant || node.op == Op::input; }

/// What stands between which signs: sums, products, and all that needs no brackets.
enum Strength : std::uint8_t { sum = 1, product = 2, atom = 3 };
struct Text {
  std::string words;
  Strength strength = atom;
};

std::string held(const Text& text, Strength least) {
  return text.strength < least ? "(" + text.words + ")" : text.words;
}

// A factor of 0 makes 0 of an unknown one as well. Which factors are unknown now decides what has to be asked: the
// formula of one that everybody knows stays a plain product.
bool may_be_absent(const Evaluation& evaluation, NodeId node) { return !evaluation.of(node).known; }

std::string guarded(const Evaluation& evaluation, const Node& node, const Text& a, const Text& b) {
  const std::string whole = held(a, product) + "*" + held(b, product);
  const bool first = may_be_absent(evaluation, node.args[0]), second = may_be_absent(evaluation, node.args[1]);
  if (!first && !second) return whole;
  if (!first) return "IF(" + a.words + "=0,0," + whole + ")";
  if (!second) return "IF(" + b.words + "=0,0," + whole + ")";
  return "IF(IFERROR(" + a.words + "=0,FALSE),0,IF(IFERROR(" + b.words + "=0,FALSE),0," + whole + "))";
}
}  // namespace

std::vector<NodeId> spreadsheet_nodes(const Plan& plan, const Evaluation& evaluation, std::span<const NodeId> roots) {
  const std::span<const Node> nodes = plan.nodes();
  std::vector<std::uint32_t> users(nodes.size(), 0);
  std::vector<bool> wanted(nodes.size(), false), own(nodes.size(), false);
  for (const NodeId root : roots) wanted[root] = own[root] = true;
  for (std::size_t i = nodes.size(); i-- > 0;) {
    if (!wanted[i]) continue;
    const Node& node = nodes[i];
    const bool asks =
        node.op == Op::mul && (may_be_absent(evaluation, node.args[0]) || may_be_absent(evaluation, node.args[1]));
    for (int k = 0; k < arity(node.op); ++k) {
      const NodeId arg = node.args[static_cast<std::size_t>(k)];
      wanted[arg] = true;
      // What a formula names twice has to have a name.
      users[arg] += asks ? 2 : 1;
    }
  }
  std::vector<NodeId> found;
  std::vector<int> operations(nodes.size(), 0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    const Node& node = nodes[i];
    if (!wanted[i] || is_leaf(node)) continue;
    int inside = 1;
    for (int k = 0; k < arity(node.op); ++k) inside += operations[node.args[static_cast<std::size_t>(k)]];
    own[i] = own[i] || plan.name_of(id) != nullptr || users[i] > 1 || inside > most_operations;
    operations[i] = own[i] ? 0 : inside;
    if (own[i]) found.push_back(id);
  }
  return found;
}

namespace {
struct Writer {
  const Plan& plan;
  const Evaluation& evaluation;
  std::span<const NodeId> own;
  const CellOf& cell;
  NodeId subject;

  [[nodiscard]] Text of(NodeId id) const {
    const Node& node = plan.nodes()[id];
    if (node.op == Op::constant) return {exact_text(node.value), atom};
    if (node.op == Op::input || (id != subject && std::binary_search(own.begin(), own.end(), id)))
      return {cell(id), atom};
    const auto operand = [&](std::size_t k) { return of(node.args[k]); };
    switch (node.op) {
      case Op::constant:
      case Op::input:
        break;
      case Op::add:
        return {held(operand(0), sum) + "+" + held(operand(1), sum), sum};
      case Op::mul: {
        std::string words = guarded(evaluation, node, operand(0), operand(1));
        const bool plain = !words.starts_with("IF(");
        return {std::move(words), plain ? product : atom};
      }
      case Op::div:
        return {held(operand(0), product) + "/" + held(operand(1), atom), product};
      case Op::min:
        return {"MIN(" + operand(0).words + "," + operand(1).words + ")", atom};
      case Op::max:
        return {"MAX(" + operand(0).words + "," + operand(1).words + ")", atom};
      case Op::excess:
        return {"MAX(" + held(operand(0), sum) + "-" + held(operand(1), product) + ",0)", atom};
      case Op::complement:
        return {"MAX(1-" + held(operand(0), product) + ",0)", atom};
      case Op::ceil:
        // ROUNDUP and CEILING look at fifteen digits; this is exact.
        return {"-INT(-" + held(operand(0), atom) + ")", sum};
      case Op::floor:
        return {"INT(" + operand(0).words + ")", atom};
      case Op::decay:
        return {"EXP(-" + held(operand(0), atom) + ")", atom};
      case Op::root:
        return {"SQRT(" + operand(0).words + ")", atom};
      case Op::above:
        return {
            "IF(" + operand(0).words + ">" + operand(1).words + "," + operand(2).words + "," + operand(3).words + ")",
            atom};
    }
    return {};
  }
};
}  // namespace

std::string spreadsheet_formula(const Plan& plan, const Evaluation& evaluation, std::span<const NodeId> nodes,
                                NodeId node, const CellOf& cell) {
  return Writer{plan, evaluation, nodes, cell, node}.of(node).words;
}

namespace {
/// Whether a scenario with one more value is the first one with nothing but that input changed.
class Trial {
 public:
  Trial(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
        const Engine::Priced& priced)
      : engine_(engine), catalog_(catalog), scenario_(scenario), today_(today), priced_(priced) {}

  [[nodiscard]] bool follows(std::string_view id, std::size_t input, double value) const {
    Scenario changed = scenario_;
    if (changed.set_number(id, value)) return false;
    const Result<Engine::Priced> other = engine_.price(catalog_, changed, today_);
    // Plans are built once for each shape: the same plan is the same object, as long as both are held.
    if (!other || other->plan != priced_.plan || other->status != priced_.status) return false;
    const std::vector<Known>&before = priced_.binding.inputs, &after = other->binding.inputs;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i].known != after[i].known) return false;
      if (i != input && before[i].value != after[i].value) return false;
    }
    if (after[input].value != value) return false;
    for (std::size_t i = 0; i < priced_.evaluation.values.size(); ++i)
      if (priced_.evaluation.values[i].known != other->evaluation.values[i].known) return false;
    return true;
  }

 private:
  const Engine& engine_;
  const Catalog& catalog_;
  const Scenario& scenario_;
  Moment today_;
  const Engine::Priced& priced_;
};
}  // namespace

Result<std::vector<FollowedInput>> followed_inputs(const Engine& engine, const Catalog& catalog,
                                                   const Scenario& scenario, Moment today) {
  const Result<Engine::Priced> priced = engine.price(catalog, scenario, today);
  if (!priced) return priced.error();
  std::vector<FollowedInput> found;
  if (priced->status != Status::ok) return found;
  const Trial trial(engine, catalog, scenario, today, *priced);
  for (std::size_t input = 0; input < priced->plan->inputs().size(); ++input) {
    const std::string& id = priced->plan->inputs()[input].id;
    const std::size_t index = parameter_index(id);
    if (index == parameters().size()) continue;
    const Parameter& parameter = parameters()[index];
    const std::optional<double> value = scenario.value(id);
    if (parameter.kind == ParameterKind::choice || parameter.kind == ParameterKind::reference || !value) continue;
    if (!trial.follows(id, input, *value)) continue;
    FollowedInput followed{input, *value, *value, false};
    // Outwards from the value as long as it follows; what lies between two that do is expected to.
    for (const double low : {*value * 0.9, *value * 0.5, *value * 0.1, *value * 0.01, *value * 1e-6}) {
      if (low < parameter.min || !trial.follows(id, input, low)) break;
      followed.low = low;
    }
    if (trial.follows(id, input, parameter.min)) {
      followed.low = parameter.min;
    } else if (*value > parameter.min && followed.low <= *value * 1e-6 && parameter.min == 0) {
      followed.low = 0;
      followed.low_is_excluded = true;
    }
    const double span = *value > 0 ? *value : parameter.step;
    for (const double factor : {1.1, 2.0, 5.0, 10.0, 100.0, 1000.0}) {
      const double high = std::min(span * factor, parameter.max);
      if (high <= followed.high || !trial.follows(id, input, high)) break;
      followed.high = high;
    }
    if (trial.follows(id, input, parameter.max)) followed.high = parameter.max;
    if (followed.high > followed.low) found.push_back(followed);
  }
  return found;
}

}  // namespace tokenbill
