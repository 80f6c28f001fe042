#include "tokenbill/sweep.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <tuple>

#include "tokenbill/format.h"
#include "tokenbill/lane.h"

namespace tokenbill {

namespace {

// ---- axes

/// Numbers that people would write: 0.1 + 0.2 is 0.3.
double tidy(double value) {
  constexpr double millionths = 1e6;
  const double scaled = value * millionths;
  const double whole = round_down(scaled + 0.5);
  const double apart = whole > scaled ? whole - scaled : scaled - whole;
  return apart <= scaled * 1e-12 ? whole / millionths : value;
}

// ---- folding

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

  static Folded constant(double value) {
    Folded f;
    f.low = f.high = value;
    return f;
  }

  Folded input(std::size_t index) {
    Folded f;
    if (const std::size_t axis = request_.axis_of_input[index]; axis != no_axis) {
      std::tie(f.low, f.high) = request_.ranges[axis];
      Node node;
      node.op = Op::input;
      node.input = static_cast<std::uint32_t>(axis);
      f.kind = Folded::Kind::varying;
      f.node = push(node);
      return f;
    }
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

    std::tie(f.low, f.high) = all_constant ? exact(op, args) : bounds(op, args.data());
    if (f.low == f.high && f.divisors.empty()) return constant(f.low);
    Node node;
    node.op = op;
    for (int k = 0; k < count; ++k)
      node.args[static_cast<std::size_t>(k)] = node_of(*args[static_cast<std::size_t>(k)]);
    f.kind = Folded::Kind::varying;
    f.node = push(node);
    return f;
  }

  static std::pair<double, double> exact(Op op, const Args& args) {
    const auto value = [&](std::size_t k) { return args[k] == nullptr ? 0.0 : args[k]->low; };
    double result = 0;
    switch (op) {
#define TOKENBILL_OP(name, arity, meaning, wgsl)                       \
  case Op::name:                                                       \
    result = DoubleLane::name(value(0), value(1), value(2), value(3)); \
    break;
#include "tokenbill/op.def"
#undef TOKENBILL_OP
      case Op::constant:
      case Op::input:
        break;
    }
    return {result, result};
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
  live[sweep.result] = 1;
  for (const Sweep::Limit& limit : sweep.limits) live[limit.node] = 1;
  for (const NodeId node : sweep.divisors) live[node] = 1;
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
  sweep.result = moved[sweep.result];
  for (Sweep::Limit& limit : sweep.limits) limit.node = moved[limit.node];
  for (NodeId& node : sweep.divisors) node = moved[node];
}

Error axis_error(Code code, const SweepAxis& axis, std::string message, std::string hint = "") {
  return Error{code, axis.id, std::move(message), std::move(hint)};
}

std::optional<Error> check_spec(const SweepSpec& spec) {
  if (spec.axes.empty() || spec.axes.size() > max_sweep_axes)
    return Error{
        Code::out_of_range, "axes",
        "A sweep has 1 to " + std::to_string(max_sweep_axes) + " axes, found " + std::to_string(spec.axes.size()) + ".",
        ""};
  std::uint64_t cells = 1;  // 64 bits also where a size has 32
  for (std::size_t i = 0; i < spec.axes.size(); ++i) {
    const SweepAxis& axis = spec.axes[i];
    const std::size_t index = parameter_index(axis.id);
    if (index == parameters().size())
      return axis_error(Code::unknown_parameter, axis, "There is no parameter of this id.",
                        "`tokenbill describe` lists them.");
    const Parameter& parameter = parameters()[index];
    if (parameter.kind == ParameterKind::choice || parameter.kind == ParameterKind::reference)
      return axis_error(Code::wrong_type, axis,
                        "\"" + std::string(parameter.label) + "\" is a choice, it cannot be an axis.");
    for (std::size_t k = 0; k < i; ++k)
      if (spec.axes[k].id == axis.id) return axis_error(Code::inconsistent, axis, "The parameter is an axis twice.");
    if (axis.steps < 2 || axis.steps > max_sweep_steps)
      return axis_error(
          Code::out_of_range, axis,
          "An axis has 2 to " + number_text(max_sweep_steps) + " steps, found " + number_text(axis.steps) + ".");
    if (!(axis.from >= parameter.min && axis.to <= parameter.max))
      return axis_error(Code::out_of_range, axis,
                        "The axis runs from " + exact_text(axis.from) + " to " + exact_text(axis.to) +
                            "; the parameter's range is " + number_text(parameter.min) + " to " +
                            number_text(parameter.max) + ".");
    if (!(axis.from < axis.to))
      return axis_error(Code::out_of_range, axis,
                        "The axis must end above where it begins, found " + exact_text(axis.from) + " to " +
                            exact_text(axis.to) + ".");
    if (axis.scale == Scale::log && !(axis.from >= 1e-9))
      return axis_error(Code::out_of_range, axis,
                        "A logarithmic axis begins at a billionth or above, found " + exact_text(axis.from) + ".",
                        "Begin above 0, or choose a linear axis.");
    if (axis.steps > max_sweep_cells / cells)  // before multiplying: with 32 bits the product may wrap around
      return Error{Code::too_large, "axes", "The sweep has more than " + number_text(max_sweep_cells) + " cells.",
                   "Take fewer steps."};
    cells *= axis.steps;
  }
  return std::nullopt;
}

}  // namespace

std::vector<double> axis_values(const SweepAxis& axis) {
  std::vector<double> values(axis.steps);
  const double last = axis.steps - 1.0;
  const double ratio = axis.scale == Scale::log ? natural_log(axis.to / axis.from) : 0;
  for (std::uint32_t i = 0; i < axis.steps; ++i) {
    const double value = axis.scale == Scale::log ? axis.to * decay_of(ratio * (last - i) / last)
                                                  : axis.from + (axis.to - axis.from) * i / last;
    values[i] = std::clamp(tidy(value), axis.from, axis.to);
  }
  values.front() = axis.from;
  values.back() = axis.to;
  return values;
}

std::size_t Sweep::cells() const {
  std::size_t count = 1;
  for (const std::vector<double>& axis : values) count *= axis.size();
  return count;
}

std::vector<double> Sweep::point(std::size_t cell) const {
  std::vector<double> at(values.size());
  for (std::size_t k = values.size(); k-- > 0;) {
    at[k] = values[k][cell % values[k].size()];
    cell /= values[k].size();
  }
  return at;
}

std::optional<Error> fold(const Plan& plan, const FoldRequest& request, Sweep& sweep) {
  Folder folder(plan, request);
  folder.run();
  for (const FoldRequest::Limit& limit : request.limits) {
    const Folded value =
        limit.plus == no_node ? folder.of(limit.node) : folder.sum(folder.of(limit.node), folder.of(limit.plus));
    if (value.kind == Folded::Kind::unknown) {
      const PlanInput& missing = plan.inputs()[value.missing];
      return Error{Code::unpriced, missing.id, "\"" + missing.label + "\" is not known, and some cells need it.",
                   "Choose another model, or axes that do without it."};
    }
    if (value.high <= limit.most) continue;
    if (value.low > limit.most)
      return Error{Code::impossible, "",
                   "Every cell needs at least " + number_text(value.low) + " tokens where the model allows " +
                       number_text(limit.most) + ".",
                   "Shorten the prompt or the answer, or choose a model with a larger context."};
    sweep.limits.push_back({folder.node_of(value), limit.most});
  }
  const Folded& result = folder.of(request.result);
  if (result.kind == Folded::Kind::unknown) {
    const PlanInput& missing = plan.inputs()[result.missing];
    return Error{Code::unpriced, missing.id, "\"" + missing.label + "\" is not known, and some cells need it.",
                 "Choose another model, or axes that do without it."};
  }
  if (result.cut)
    return Error{Code::unsupported, "", "The figure is unknown in some cells in a way that a sweep cannot follow.",
                 "Begin the axes above 0."};
  sweep.divisors = result.divisors;
  sweep.result = folder.node_of(result);
  sweep.tape = std::move(folder.tape());
  sweep.labels = std::move(folder.labels());
  drop_dead_nodes(sweep);
  return std::nullopt;
}

Result<MonthShape> sweep_shape(const Catalog& catalog, const Scenario& scenario, const SweepSpec& spec) {
  if (auto error = check_spec(spec)) return *std::move(error);
  Scenario end = scenario;
  for (const SweepAxis& axis : spec.axes)
    if (auto error = end.set_number(axis.id, axis.to)) return *std::move(error);
  const Result<const Model*> model = catalog.find_model(scenario.model);
  if (!model) return model.error();
  return shape_of(catalog, end, *model);
}

Result<Sweep> compile_sweep(const Plan& plan, const Catalog& catalog, const Scenario& scenario, Moment today,
                            const SweepSpec& spec) {
  if (auto error = check_spec(spec)) return *std::move(error);
  const Named* output = plan.find(spec.output);
  if (output == nullptr)
    return Error{Code::unknown_item, spec.output, "The bill has no figure of this name.",
                 "\"total\" is one; the bill lists all."};
  for (const SweepAxis& axis : spec.axes)
    if (plan.input_index(axis.id) == plan.inputs().size())
      return axis_error(Code::unsupported, axis, "The bill of a month does not depend on this parameter as a number.",
                        "Choose another parameter.");
  const Result<const Model*> found = catalog.find_model(scenario.model);
  if (!found) return found.error();
  const Model& model = **found;

  // A parameter can be more than one input, or turn something on by being given. So the scenario is bound with each
  // axis at both ends: what differs is what the axis moves.
  const std::size_t count = spec.axes.size();
  std::vector<Binding> bindings;
  for (std::size_t k = 0; k <= count; ++k) {
    Scenario end = scenario;
    for (std::size_t i = 0; i < count; ++i)
      if (auto error = end.set_number(spec.axes[i].id, i == k ? spec.axes[i].from : spec.axes[i].to))
        return *std::move(error);
    const Binder binder(plan, catalog, end, today);
    bindings.push_back(binder.bind(model, model));
    if (bindings.back().status == Status::ok) continue;
    const Code code = bindings.back().status == Status::unpriced ? Code::unpriced : Code::unsupported;
    return Error{code, model.key, bindings.back().reason, "Choose another model, or other axes."};
  }
  const Binding& all = bindings[count];
  std::vector<std::size_t> axis_of_input(plan.inputs().size(), no_axis);
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < plan.inputs().size(); ++i) {
      const Known from = bindings[k].inputs[i];
      const Known to = all.inputs[i];
      if (from.known == to.known && from.value == to.value) continue;
      if (!from.known || !to.known || from.value != spec.axes[k].from || to.value != spec.axes[k].to ||
          axis_of_input[i] != no_axis)
        return axis_error(Code::unsupported, spec.axes[k],
                          "The parameter moves \"" + plan.inputs()[i].label + "\" in a way that a sweep cannot follow.",
                          "Choose another parameter.");
      axis_of_input[i] = k;
    }
  }

  Sweep sweep;
  sweep.axes = spec.axes;
  sweep.output = output->id;
  sweep.label = output->label;
  sweep.unit = output->unit;
  sweep.model = model.key;
  std::vector<std::pair<double, double>> ranges;
  for (const SweepAxis& axis : spec.axes) {
    sweep.values.push_back(axis_values(axis));
    ranges.emplace_back(axis.from, axis.to);
  }
  std::vector<FoldRequest::Limit> limits;
  for (std::size_t i = 0; i < role_count; ++i) {
    const std::string prefix(role_prefix(static_cast<Role>(i)));
    const Named* prompt = plan.find(prefix + "prompt_size");
    const Named* answer = plan.find(prefix + "output_size");
    const Model* answering = all.models[i];
    if (prompt == nullptr || answer == nullptr || answering == nullptr) continue;
    if (answering->context_tokens) limits.push_back({prompt->node, answer->node, *answering->context_tokens});
    if (answering->max_output_tokens) limits.push_back({answer->node, no_node, *answering->max_output_tokens});
  }
  const FoldRequest request{all.inputs, axis_of_input, ranges, output->node, limits};
  if (auto error = fold(plan, request, sweep)) {
    if (error->where.empty()) error->where = model.key;
    return *std::move(error);
  }
  return sweep;
}

}  // namespace tokenbill
