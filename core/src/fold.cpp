#include "fold.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <tuple>

#include "tokenbill/format.h"
#include "tokenbill/lane.h"

namespace tokenbill {

namespace {
/// What is known of a node before any cell is computed.
struct Folded {
  enum class Kind : std::uint8_t { constant, varying, unknown };
  Kind kind = Kind::constant;
  double low = 0;  ///< bounds of the value over all cells; equal for a constant
  double high = 0;
  NodeId node = no_node;         ///< of the tape, where varying
  std::size_t missing = 0;       ///< plan input, where unknown
  std::vector<NodeId> divisors;  ///< nodes of the tape that must not be 0 for the value to be known
  bool cut = false;              ///< an unknown value would be known again further up, which divisors cannot say
};

/// Bounds of an operation's value. All operations rise or fall in each operand, also after rounding.
std::pair<double, double> bounds(Op op, const Folded* const* args) {
  const auto low = [&](int k) { return args[k]->low; };
  const auto high = [&](int k) { return args[k]->high; };
  constexpr double infinite = std::numeric_limits<double>::infinity();
  using L = DoubleLane;
  switch (op) {
    case Op::add:
      return {L::add(low(0), low(1)), L::add(high(0), high(1))};
    case Op::mul:
      return {L::mul(low(0), low(1)), L::mul(high(0), high(1))};
    case Op::div:
      return {L::div(low(0), high(1)), low(1) > 0 ? L::div(high(0), low(1)) : infinite};
    case Op::min:
      return {L::min(low(0), low(1)), L::min(high(0), high(1))};
    case Op::max:
      return {L::max(low(0), low(1)), L::max(high(0), high(1))};
    case Op::excess:
      return {L::excess(low(0), high(1)), L::excess(high(0), low(1))};
    case Op::complement:
      return {L::complement(high(0)), L::complement(low(0))};
    case Op::ceil:
      return {L::ceil(low(0)), L::ceil(high(0))};
    case Op::floor:
      return {L::floor(low(0)), L::floor(high(0))};
    // A polynomial may rise in its last bits where e^-a falls.
    case Op::decay:
      return {L::decay(high(0)) * (1 - 1e-14), L::decay(low(0)) * (1 + 1e-14)};
    case Op::root:
      return {L::root(low(0)), L::root(high(0))};
    case Op::above:
      return {std::min(low(2), low(3)), std::max(high(2), high(3))};
    case Op::constant:
    case Op::input:
      break;
  }
  return {0, infinite};
}

class Folder {
 public:
  Folder(const Plan& plan, const FoldRequest& request) : plan_(plan), request_(request) {}

  void run() {
    folded_.reserve(plan_.nodes().size());
    for (std::size_t i = 0; i < plan_.nodes().size(); ++i) {
      const Node& node = plan_.nodes()[i];
      if (node.op == Op::constant)
        folded_.push_back(constant(node.value));
      else if (node.op == Op::input)
        folded_.push_back(input(node.input));
      else
        folded_.push_back(operation(node.op, {at(node.args[0]), at(node.args[1]), at(node.args[2]), at(node.args[3])}));
      const Named* named = plan_.name_of(static_cast<NodeId>(i));
      if (named != nullptr && folded_.back().kind == Folded::Kind::varying && labels_[folded_.back().node].empty())
        labels_[folded_.back().node] = named->label;
    }
  }

  [[nodiscard]] const Folded& of(NodeId node) const { return folded_[node]; }
  [[nodiscard]] Folded sum(const Folded& a, const Folded& b) { return operation(Op::add, {&a, &b, nullptr, nullptr}); }
  [[nodiscard]] std::vector<Node>& tape() { return tape_; }
  [[nodiscard]] std::vector<std::string>& labels() { return labels_; }

  [[nodiscard]] static Folded constant(double value) {
    Folded f;
    f.low = f.high = value;
    return f;
  }
  [[nodiscard]] Folded column(std::size_t index) {
    Folded f;
    std::tie(f.low, f.high) = request_.ranges[index];
    Node node;
    node.op = Op::input;
    node.input = static_cast<std::uint32_t>(index);
    f.kind = Folded::Kind::varying;
    f.node = push(node);
    return f;
  }

  /// The node of the tape that holds this value.
  NodeId node_of(const Folded& folded) {
    if (folded.kind == Folded::Kind::varying) return folded.node;
    Node node;
    node.value = folded.low;
    return push(node);
  }

 private:
  using Args = std::array<const Folded*, 4>;

  [[nodiscard]] const Folded* at(NodeId node) const { return node == no_node ? nullptr : &folded_[node]; }

  Folded input(std::size_t index) {
    Folded f;
    if (const std::size_t at = request_.column_of_input[index]; at != no_column) return column(at);
    if (!request_.inputs[index].known) {
      f.kind = Folded::Kind::unknown;
      f.missing = index;
      return f;
    }
    return constant(request_.inputs[index].value);
  }

  // One of the operands stands for the whole; what makes the others unknown makes it unknown.
  static Folded instead(const Folded& chosen, const Args& args) {
    Folded f = chosen;
    for (const Folded* arg : args) {
      if (arg == nullptr || arg == &chosen) continue;
      f.cut = f.cut || arg->cut;
      merge(f.divisors, arg->divisors);
    }
    return f;
  }
  static void merge(std::vector<NodeId>& into, const std::vector<NodeId>& from) {
    for (const NodeId node : from)
      if (std::find(into.begin(), into.end(), node) == into.end()) into.push_back(node);
  }

  Folded operation(Op op, const Args& args) {
    const auto is = [&](int k, double value) {
      return args[static_cast<std::size_t>(k)]->kind == Folded::Kind::constant &&
             args[static_cast<std::size_t>(k)]->low == value;
    };
    const Folded& a = *args[0];
    const int count = arity(op);
    // Nothing depends on what is multiplied by a zero that is known.
    if (op == Op::mul && ((is(0, 0) && a.divisors.empty()) || (is(1, 0) && args[1]->divisors.empty())))
      return constant(0);
    // Nor on the branch that is not reached. A branch may be unknown; what decides may not.
    if (op == Op::above && a.kind != Folded::Kind::unknown && args[1]->kind != Folded::Kind::unknown) {
      const Folded& b = *args[1];
      const Folded& c = *args[2];
      const Folded& d = *args[3];
      const Args decides{&a, &b, nullptr, nullptr};
      if (a.low > b.high) return instead(c, decides);
      if (a.high <= b.low) return instead(d, decides);
      const bool same =
          c.kind == d.kind && c.node == d.node && c.low == d.low && c.high == d.high && c.divisors == d.divisors;
      if (same && c.kind != Folded::Kind::unknown) return instead(c, decides);
    }
    for (int k = 0; k < count; ++k)
      if (args[static_cast<std::size_t>(k)]->kind == Folded::Kind::unknown) return *args[static_cast<std::size_t>(k)];
    if (op == Op::div && is(1, 0)) {
      // Unknown everywhere, but no price is to blame.
      Folded f = constant(0);
      f.divisors.push_back(node_of(*args[1]));
      return f;
    }

    // Operands that change nothing; every value is finite and >= 0, so these are exact.
    if (op == Op::add && is(0, 0)) return instead(*args[1], args);
    if (op == Op::mul && is(0, 1)) return instead(*args[1], args);
    if ((op == Op::add || op == Op::max || op == Op::excess) && is(1, 0)) return instead(a, args);
    if ((op == Op::mul || op == Op::div) && is(1, 1)) return instead(a, args);
    if (op == Op::max && is(0, 0)) return instead(*args[1], args);
    if (op == Op::min && a.high <= args[1]->low) return instead(a, args);
    if (op == Op::min && args[1]->high < a.low) return instead(*args[1], args);
    if (op == Op::max && a.low >= args[1]->high) return instead(a, args);
    if (op == Op::max && args[1]->low > a.high) return instead(*args[1], args);

    Folded f;
    bool all_constant = true;
    for (int k = 0; k < count; ++k) {
      const Folded& arg = *args[static_cast<std::size_t>(k)];
      all_constant = all_constant && arg.kind == Folded::Kind::constant;
      merge(f.divisors, arg.divisors);
      f.cut = f.cut || arg.cut;
    }
    if (op == Op::div && !(args[1]->low > 0)) merge(f.divisors, {node_of(*args[1])});
    if (op == Op::mul && ((!a.divisors.empty() && !(args[1]->low > 0)) || (!args[1]->divisors.empty() && !(a.low > 0))))
      f.cut = true;
    if (op == Op::above && (!args[2]->divisors.empty() || !args[3]->divisors.empty())) f.cut = true;

    if (DoubleLane lane; all_constant)
      f.low = f.high = operate(lane, op, [&](std::size_t k) { return args[k]->low; });
    else
      std::tie(f.low, f.high) = bounds(op, args.data());
    if (f.low == f.high && f.divisors.empty()) return constant(f.low);
    Node node;
    node.op = op;
    for (int k = 0; k < count; ++k)
      node.args[static_cast<std::size_t>(k)] = node_of(*args[static_cast<std::size_t>(k)]);
    f.kind = Folded::Kind::varying;
    f.node = push(node);
    return f;
  }

  // Equal nodes are one.
  NodeId push(const Node& node) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &node.value, sizeof bits);
    const Key key{
        static_cast<std::uint8_t>(node.op), node.args[0], node.args[1], node.args[2], node.args[3], node.input, bits};
    const auto [found, fresh] = shared_.emplace(key, static_cast<NodeId>(tape_.size()));
    if (fresh) {
      tape_.push_back(node);
      labels_.emplace_back();
    }
    return found->second;
  }

  using Key = std::tuple<std::uint8_t, NodeId, NodeId, NodeId, NodeId, std::uint32_t, std::uint64_t>;
  const Plan& plan_;
  const FoldRequest& request_;
  std::vector<Folded> folded_;
  std::vector<Node> tape_;
  std::vector<std::string> labels_;
  std::map<Key, NodeId> shared_;
};

/// Leaves out what nothing needs, and renumbers.
void drop_dead_nodes(Sweep& sweep) {
  std::vector<char> live(sweep.tape.size(), 0);
  for (const Sweep::Output& output : sweep.outputs) {
    live[output.node] = 1;
    for (const NodeId node : output.divisors) live[node] = 1;
  }
  for (const Sweep::Limit& limit : sweep.limits) live[limit.node] = live[limit.most] = 1;
  for (std::size_t i = sweep.tape.size(); i-- > 0;)
    if (live[i] != 0)
      for (const NodeId arg : sweep.tape[i].args)
        if (arg != no_node) live[arg] = 1;
  std::vector<NodeId> moved(sweep.tape.size(), no_node);
  std::vector<Node> tape;
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < sweep.tape.size(); ++i) {
    if (live[i] == 0) continue;
    Node node = sweep.tape[i];
    for (NodeId& arg : node.args)
      if (arg != no_node) arg = moved[arg];
    moved[i] = static_cast<NodeId>(tape.size());
    tape.push_back(node);
    labels.push_back(std::move(sweep.labels[i]));
  }
  sweep.tape = std::move(tape);
  sweep.labels = std::move(labels);
  for (Sweep::Output& output : sweep.outputs) {
    output.node = moved[output.node];
    for (NodeId& node : output.divisors) node = moved[node];
  }
  for (Sweep::Limit& limit : sweep.limits) limit = {moved[limit.node], moved[limit.most]};
}

Error missing_price(const Plan& plan, std::size_t input) {
  const PlanInput& missing = plan.inputs()[input];
  return Error{Code::unpriced, missing.id, "\"" + missing.label + "\" is not known, and some cells need it.",
               "Choose another model, or axes that do without it."};
}
}  // namespace

std::optional<Error> fold(const Plan& plan, const FoldRequest& request, Sweep& sweep) {
  Folder folder(plan, request);
  folder.run();
  sweep.limits.clear();
  for (const FoldRequest::Limit& limit : request.limits) {
    const Folded value =
        limit.plus == no_node ? folder.of(limit.node) : folder.sum(folder.of(limit.node), folder.of(limit.plus));
    if (value.kind == Folded::Kind::unknown) return missing_price(plan, value.missing);
    const Folded most =
        limit.most_column == no_column ? Folder::constant(limit.most) : folder.column(limit.most_column);
    if (value.high <= most.low) continue;
    if (value.low > most.high)
      return Error{Code::impossible, "",
                   "Every cell needs at least " + number_text(value.low) + " tokens where the model allows " +
                       number_text(most.high) + ".",
                   "Shorten the prompt or the answer, or choose a model with a larger context."};
    const NodeId node = folder.node_of(value);
    sweep.limits.push_back({node, folder.node_of(most)});
  }
  for (Sweep::Output& output : sweep.outputs) {
    const Folded& result = folder.of(output.node);
    if (result.kind == Folded::Kind::unknown) return missing_price(plan, result.missing);
    if (result.cut)
      return Error{Code::unsupported, "", "The figure is unknown in some cells in a way that a sweep cannot follow.",
                   "Begin the axes above 0."};
    output.divisors = result.divisors;
    output.low = result.low;
    output.high = result.high;
    output.node = folder.node_of(result);
  }
  sweep.tape = std::move(folder.tape());
  sweep.labels = std::move(folder.labels());
  drop_dead_nodes(sweep);
  return std::nullopt;
}

}  // namespace tokenbill
