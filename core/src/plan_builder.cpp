#include "tokenbill/plan_builder.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "order.h"
#include "tokenbill/format.h"
#include "tokenbill/lane.h"

namespace tokenbill {

UnitLane::Value UnitLane::apply(Op op, const Value& a, const Value& b, const Value& c, const Value& d) {
  const bool ratio = a && *a == units::ratio;
  switch (op) {
    case Op::constant:
    case Op::input:
      return std::nullopt;
    case Op::mul:
      return a && b ? Value(*a * *b) : std::nullopt;
    case Op::div:
      return a && b ? Value(*a / *b) : std::nullopt;
    case Op::add:
    case Op::min:
    case Op::max:
    case Op::excess:
      return a && b && *a == *b ? a : std::nullopt;
    case Op::complement:
    case Op::decay:
    case Op::root:
      return ratio ? a : std::nullopt;
    case Op::ceil:
    case Op::floor:
      return a;
    case Op::above:
      return a && b && c && d && *a == *b && *c == *d ? c : std::nullopt;
  }
  return std::nullopt;
}

namespace {
/// The bytes of a value: equal nodes have equal keys.
template <class Value>
void append_bytes(std::string& key, const Value& value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);  // NOLINT: trivially copyable, no padding
}
}  // namespace

Expr PlanBuilder::input(const char* id, const char* label, const Unit& unit) {
  if (const auto known = ids_.find(id); known != ids_.end() && plan_.nodes_[known->second].op == Op::input) {
    const Unit& before = plan_.units_[known->second];
    if (before != unit) fail(id, "asked for in " + unit_id(unit) + ", but it is in " + unit_id(before));
    return at(known->second);
  }
  Node node;
  node.op = Op::input;
  node.input = static_cast<std::uint32_t>(plan_.inputs_.size());
  const Expr made = push(node, unit);
  plan_.inputs_.push_back({id, label, unit, made.node()});
  return name(id, label, unit, made);
}

Expr PlanBuilder::constant(double value, const Unit& unit) {
  std::string key;
  append_bytes(key, value);
  append_bytes(key, unit);
  if (const auto known = shared_.find(key); known != shared_.end()) return at(known->second);
  Node node;
  node.value = value;
  const Expr made = push(node, unit);
  shared_.emplace(std::move(key), made.node());
  return made;
}

Expr PlanBuilder::node(Op op, std::initializer_list<Expr> args) {
  Node node;
  node.op = op;
  std::string key(op_name(op));
  std::array<UnitLane::Value, 4> given;
  std::size_t count = 0;
  for (const Expr& arg : args) {
    if (arg.builder() != this) {
      fail(std::string(op_name(op)), "an operand belongs to another plan");
      return constant(0);
    }
    node.args[count] = arg.node();
    given[count] = plan_.units_[arg.node()];
    append_bytes(key, node.args[count]);
    ++count;
  }
  if (const auto known = shared_.find(key); known != shared_.end()) return at(known->second);
  UnitLane::Value unit = UnitLane::apply(op, given[0], given[1], given[2], given[3]);
  if (!unit) {
    std::string message(op_name(op));
    for (std::size_t i = 0; i < count; ++i) message += (i ? ", " : " of ") + describe(node.args[i]);
    fail(describe(node.args[0]), message + ": the units do not fit");
    unit = given[0];
  }
  const Expr made = push(node, *unit);
  shared_.emplace(std::move(key), made.node());
  return made;
}

Expr PlanBuilder::name(const char* id, const char* label, const Unit& expected, Expr value) {
  if (value.builder() != this) {
    fail(id, "the formula belongs to another plan");
    return constant(0, expected);
  }
  const NodeId node = value.node();
  if (plan_.units_[node] != expected)
    fail(id, "expected " + unit_id(expected) + ", the formula gives " + unit_id(plan_.units_[node]));
  if (plan_.name_index_[node] != no_node) {
    // A second name for the same formula gets a node of its own, so that each id keeps its label.
    const Unit unit = plan_.units_[node];
    const Node times_one{Op::mul, {node, constant(1).node(), no_node, no_node}, 0, 0};
    return name(id, label, expected, push(times_one, unit));
  }
  if (!ids_.emplace(id, node).second) fail(id, "this id names another figure already");
  plan_.name_index_[node] = static_cast<std::uint32_t>(plan_.named_.size());
  plan_.named_.push_back({id, label, node, expected});
  return value;
}

Expr PlanBuilder::term(const char* id, const char* label, Category category, const Unit& expected, Expr value) {
  const Expr named = name(id, label, expected, value);
  plan_.terms_.push_back({id, label, category, named.node()});
  return named;
}

Result<Plan> PlanBuilder::build() {
  shared_.clear();
  ids_.clear();
  Plan done = std::exchange(plan_, Plan());
  if (!errors_.empty()) return std::exchange(errors_, {}).front();
  return in_canonical_order(std::move(done));
}

// In which order `a` and `b` of `a + b` are pushed is the compiler's choice. The finished tape has an order that
// depends on the formulas alone: operands before their operation, left before right, figures in the order in which they
// were named. What no figure needs is dropped, inputs aside.
Plan PlanBuilder::in_canonical_order(Plan from) {
  Plan to;
  std::vector<NodeId> place(from.nodes_.size(), no_node);
  const auto move_over = [&](NodeId old) {
    Node node = from.nodes_[old];
    for (NodeId& arg : node.args)
      if (arg != no_node) arg = place[arg];
    place[old] = static_cast<NodeId>(to.nodes_.size());
    if (node.op == Op::input) {
      to.inputs_.push_back(std::move(from.inputs_[node.input]));
      to.inputs_.back().node = place[old];
      node.input = static_cast<std::uint32_t>(to.inputs_.size() - 1);
    }
    to.nodes_.push_back(node);
    to.units_.push_back(from.units_[old]);
    to.name_index_.push_back(no_node);
  };
  const auto visit = [&](NodeId root) {
    std::vector<NodeId> open = {root};
    while (!open.empty()) {
      const NodeId at = open.back();
      const auto& args = from.nodes_[at].args;
      const NodeId operands[] = {args[0], args[3], args[2],
                                 args[1]};  // of `above` the branch that is not reached first
      const auto missing = std::find_if(std::begin(operands), std::end(operands),
                                        [&](NodeId arg) { return arg != no_node && place[arg] == no_node; });
      if (missing != std::end(operands)) {
        open.push_back(*missing);
        continue;
      }
      open.pop_back();
      if (place[at] == no_node) move_over(at);
    }
  };
  for (const Named& named : from.named_)
    if (from.nodes_[named.node].op != Op::input) visit(named.node);
  // Inputs that no figure needs follow by their ids: in which order they were asked for is the compiler's choice, too.
  std::vector<Named> unused;
  for (const Named& named : from.named_)
    if (place[named.node] == no_node) unused.push_back(named);
  sort_stably(unused, [](const Named& a, const Named& b) { return a.id < b.id; });
  for (const Named& named : unused) visit(named.node);

  to.terms_ = std::move(from.terms_);
  for (Term& term : to.terms_) term.node = place[term.node];
  to.named_ = std::move(from.named_);
  for (Named& named : to.named_) named.node = place[named.node];
  sort_stably(to.named_, [](const Named& a, const Named& b) { return a.node < b.node; });
  for (std::size_t i = 0; i < to.named_.size(); ++i) to.name_index_[to.named_[i].node] = static_cast<std::uint32_t>(i);
  to.named_by_id_ = sorted_order(to.named_.size(),
                                 [&](std::uint32_t a, std::uint32_t b) { return to.named_[a].id < to.named_[b].id; });
  return to;
}

Expr PlanBuilder::push(const Node& node, const Unit& unit) {
  places_.push_back({this, static_cast<NodeId>(plan_.nodes_.size())});
  plan_.nodes_.push_back(node);
  plan_.units_.push_back(unit);
  plan_.name_index_.push_back(no_node);
  return Expr(places_.back());
}

void PlanBuilder::fail(std::string where, std::string message) {
  errors_.push_back({Code::bad_plan, std::move(where), std::move(message),
                     "Convert one side, or divide by tokens_per_mtok where a price is per million tokens."});
}

std::string PlanBuilder::describe(NodeId node) const {
  const Named* named = plan_.name_of(node);
  const std::string unit = "[" + unit_id(plan_.units_[node]) + "]";
  if (named != nullptr) return named->id + " " + unit;
  const Node& n = plan_.nodes_[node];
  if (n.op == Op::constant) return number_text(n.value) + " " + unit;
  return "(" + std::string(op_name(n.op)) + ") " + unit;
}

Expr operator+(Expr a, Expr b) { return a.builder()->node(Op::add, {a, b}); }
Expr operator*(Expr a, Expr b) { return a.builder()->node(Op::mul, {a, b}); }
Expr operator/(Expr a, Expr b) { return a.builder()->node(Op::div, {a, b}); }
Expr min(Expr a, Expr b) { return a.builder()->node(Op::min, {a, b}); }
Expr max(Expr a, Expr b) { return a.builder()->node(Op::max, {a, b}); }
Expr excess(Expr a, Expr b) { return a.builder()->node(Op::excess, {a, b}); }
Expr complement(Expr ratio) { return ratio.builder()->node(Op::complement, {ratio}); }
Expr ceil(Expr a) { return a.builder()->node(Op::ceil, {a}); }
Expr floor(Expr a) { return a.builder()->node(Op::floor, {a}); }
Expr root(Expr ratio) { return ratio.builder()->node(Op::root, {ratio}); }
Expr decay(Expr ratio) { return ratio.builder()->node(Op::decay, {ratio}); }
Expr above(Expr a, Expr threshold, Expr then, Expr otherwise) {
  return a.builder()->node(Op::above, {a, threshold, then, otherwise});
}
Expr mix(Expr share, Expr a, Expr b) { return share * a + complement(share) * b; }

}  // namespace tokenbill
