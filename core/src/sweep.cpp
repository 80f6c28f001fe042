#include "tokenbill/sweep.h"

#include <algorithm>
#include <array>

#include "fold.h"
#include "moved_inputs.h"
#include "tokenbill/format.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

namespace {

/// Numbers that people would write: 0.1 + 0.2 is 0.3.
double tidy(double value) {
  constexpr double millionths = 1e6;
  const double scaled = value * millionths;
  const double whole = round_down(scaled + 0.5);
  const double apart = whole > scaled ? whole - scaled : scaled - whole;
  return apart <= scaled * 1e-12 ? whole / millionths : value;
}

Error axis_error(Code code, const SweepAxis& axis, std::string message, std::string hint = "") {
  return Error{code, axis.id, std::move(message), std::move(hint)};
}

std::optional<Error> check_spec(const SweepSpec& spec) {
  if ((spec.axes.empty() && spec.samples == 0) || spec.axes.size() > max_sweep_axes)
    return Error{
        Code::out_of_range, "axes",
        "A sweep has 1 to " + std::to_string(max_sweep_axes) + " axes, found " + std::to_string(spec.axes.size()) + ".",
        spec.axes.empty() ? "Name a parameter and its values, or say how often to draw the inputs that have a range."
                          : ""};
  if (spec.models.size() > 1 && std::find(spec.models.begin(), spec.models.end(), "all") != spec.models.end())
    return Error{Code::inconsistent, "models", "\"all\" names every model and stands alone.",
                 "Leave it or the others out."};
  if (spec.samples == 1 || spec.samples > max_draws)
    return Error{Code::out_of_range, "samples",
                 "A sweep has 2 to " + number_text(static_cast<double>(max_draws)) + " draws, found " +
                     number_text(static_cast<double>(spec.samples)) + ".",
                 ""};
  std::uint64_t cells = std::max<std::size_t>(1, spec.samples);  // 64 bits also where a size has 32
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
    const std::vector<double>& listed = axis.listed;
    if (!listed.empty() &&
        (axis.steps != listed.size() || axis.from != listed.front() || axis.to != listed.back() ||
         std::adjacent_find(listed.begin(), listed.end(), [](double a, double b) { return !(a < b); }) != listed.end()))
      return axis_error(Code::out_of_range, axis, "The values of an axis must ascend.");
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
    if (axis.steps > max_sweep_cells / cells)
      return Error{Code::too_large, "axes",
                   "The sweep has more than " + number_text(static_cast<double>(max_sweep_cells)) + " cells.",
                   "Take fewer steps."};
    cells *= axis.steps;
  }
  return std::nullopt;
}

/// What the parameters move: the scenario with all of them at their upper ends, and with each in turn at its lower end.
class Ends {
 public:
  Ends(const Plan& plan, const Catalog& catalog, const Scenario& scenario, Moment today, std::span<const Moved> moved)
      : plan_(plan), moved_(moved) {
    // The binders keep references to the scenarios: each parameter low in turn, then none, then all.
    scenarios_.assign(moved.size() + 2, scenario);
    for (std::size_t k = 0; k < scenarios_.size(); ++k)
      for (std::size_t i = 0; i < moved.size(); ++i)
        if (auto error =
                scenarios_[k].set_number(moved[i].id, i == k || k > moved.size() ? moved[i].low : moved[i].high);
            error && !problem)
          problem = std::move(error);
    for (const Scenario& end : scenarios_) binders_.emplace_back(plan, catalog, end, today);
  }
  std::optional<Error> problem;

  /// @param column_of_input  the parameter that moves each input: of another model, or empty; receives those of this
  /// @param at_high          receives the inputs with all parameters at their upper ends
  [[nodiscard]] std::optional<Error> bind(const Model& model, const Model& chosen,
                                          std::vector<std::size_t>& column_of_input, Binding& at_high) const {
    binders_[moved_.size()].bind_into(model, chosen, false, at_high);
    if (auto error = problem_of(at_high)) return error;
    Binding at_low;
    // Most models are moved as the one before: with all parameters low it is seen at once.
    if (!column_of_input.empty()) {
      binders_.back().bind_into(model, chosen, false, at_low);
      if (at_low.status == Status::ok && moves_as(column_of_input, at_low, at_high)) return std::nullopt;
    }
    column_of_input.assign(plan_.inputs().size(), no_column);
    for (std::size_t k = 0; k < moved_.size(); ++k) {
      binders_[k].bind_into(model, chosen, false, at_low);
      if (auto error = problem_of(at_low)) return error;
      std::size_t lost = no_column;
      each_moved_input(at_low, moved_[k].low, at_high, moved_[k].high, [&](std::size_t i, bool follows) {
        if (lost == no_column && (!follows || column_of_input[i] != no_column)) lost = i;
        column_of_input[i] = k;
      });
      if (lost != no_column)
        return Error{Code::unsupported, moved_[k].id,
                     "The parameter moves \"" + plan_.inputs()[lost].label + "\" in a way that a sweep cannot follow.",
                     "Choose another parameter."};
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] bool moves_as(std::span<const std::size_t> column_of_input, const Binding& at_low,
                              const Binding& at_high) const {
    for (std::size_t i = 0; i < column_of_input.size(); ++i) {
      const std::size_t k = column_of_input[i];
      const Known from = at_low.inputs[i];
      const Known to = at_high.inputs[i];
      const bool same = k == no_column
                            ? from.known == to.known && from.value == to.value
                            : from.known && to.known && from.value == moved_[k].low && to.value == moved_[k].high;
      if (!same) return false;
    }
    return true;
  }
  static std::optional<Error> problem_of(const Binding& binding) {
    if (binding.status == Status::ok) return std::nullopt;
    const Code code = binding.status == Status::unpriced ? Code::unpriced : Code::unsupported;
    return Error{code, binding.model->key, binding.reason, "Choose another model, or other axes."};
  }
  const Plan& plan_;
  std::span<const Moved> moved_;
  std::vector<Scenario> scenarios_;
  std::vector<Binder> binders_;
};

/// What a request may have at most, by the role that answers: the prompt and the answer together, and the answer.
struct ModelLimits {
  std::array<std::optional<double>, role_count> context, answer;
};
ModelLimits limits_of(const Binding& binding) {
  ModelLimits limits;
  for (std::size_t i = 0; i < role_count; ++i) {
    const Model* answering = binding.models[i];
    if (answering == nullptr) continue;
    if (answering->context_tokens) limits.context[i] = static_cast<double>(*answering->context_tokens);
    if (answering->max_output_tokens) limits.answer[i] = static_cast<double>(*answering->max_output_tokens);
  }
  return limits;
}

/// A model that can serve, with what it brings.
struct Candidate {
  const Model* model;
  std::vector<Known> inputs;
  ModelLimits limits;
};

/// A candidate without a price that some cell needs.
struct Lack {
  std::size_t candidate;
  std::size_t input;
};

/// Folds the plan for candidates.
class Compiler {
 public:
  Compiler(const Plan& plan, std::span<const Moved> moved, std::span<const std::size_t> column_of_input)
      : plan_(plan), moved_(moved), column_of_input_(column_of_input) {}

  /// @param sweep  has axes, sizes, columns of the parameters, and outputs
  /// @param lacks  receives, by candidate, the prices that some cell needs and nobody knows; none = the sweep is sound
  [[nodiscard]] std::optional<Error> compile(std::span<const Candidate> candidates, Sweep& sweep,
                                             std::vector<Lack>& lacks) const {
    lacks.clear();
    std::vector<std::size_t> column_of_input(column_of_input_.begin(), column_of_input_.end());
    std::vector<std::pair<double, double>> ranges;
    for (const Moved& moved : moved_) ranges.emplace_back(moved.low, moved.high);
    sweep.columns.resize(moved_.size());
    constexpr double nothing = 0;  // stands where a price is missing, until its model is left out
    const auto add_column = [&](const auto& value_of) {
      Sweep::Column column;
      for (const Candidate& candidate : candidates) column.values.push_back(value_of(candidate));
      const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
      ranges.emplace_back(*low, *high);
      sweep.columns.push_back(std::move(column));
      return sweep.columns.size() - 1;
    };
    std::vector<std::size_t> input_of_column(sweep.columns.size(), no_column);
    for (std::size_t i = 0; i < column_of_input.size(); ++i) {
      if (column_of_input[i] != no_column) continue;
      const Known first = candidates.front().inputs[i];
      const bool differ = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
        return candidate.inputs[i].known != first.known || candidate.inputs[i].value != first.value;
      });
      if (!differ) continue;
      column_of_input[i] = add_column(
          [&](const Candidate& candidate) { return candidate.inputs[i].known ? candidate.inputs[i].value : nothing; });
      input_of_column.push_back(i);
    }
    std::vector<FoldRequest::Limit> limits;
    const auto limit = [&](const Named* node, const Named* plus, const auto& most_of) {
      constexpr double endless = 1e30;  // a 32-bit number holds it too
      const auto most = [&](const Candidate& candidate) { return most_of(candidate.limits).value_or(endless); };
      const double first = most(candidates.front());
      const bool differ = std::any_of(candidates.begin(), candidates.end(),
                                      [&](const Candidate& candidate) { return most(candidate) != first; });
      if (!differ && first == endless) return;
      limits.push_back({node->node, plus != nullptr ? plus->node : no_node, first, no_column});
      if (differ) limits.back().most_column = add_column(most);
    };
    for (std::size_t i = 0; i < role_count; ++i) {
      const std::string prefix(role_prefix(static_cast<Role>(i)));
      const Named* prompt = plan_.find(prefix + "prompt_size");
      const Named* answer = plan_.find(prefix + "output_size");
      if (prompt == nullptr || answer == nullptr) continue;
      limit(prompt, answer, [i](const ModelLimits& of) { return of.context[i]; });
      limit(answer, nullptr, [i](const ModelLimits& of) { return of.answer[i]; });
    }
    if (auto error = fold(plan_, {candidates.front().inputs, column_of_input, ranges, limits}, sweep)) return error;
    for (std::size_t k = 0; k < candidates.size(); ++k)
      for (const Node& node : sweep.tape)
        if (node.op == Op::input && node.input < input_of_column.size()) {
          const std::size_t input = input_of_column[node.input];
          if (input == no_column || candidates[k].inputs[input].known) continue;
          lacks.push_back({k, input});
          break;
        }
    return std::nullopt;
  }

 private:
  const Plan& plan_;
  std::span<const Moved> moved_;
  std::span<const std::size_t> column_of_input_;
};

std::optional<Error> add_output(const Plan& plan, std::string_view id, Sweep& sweep) {
  const Named* named = plan.find(id);
  if (named == nullptr)
    return Error{Code::unknown_item, std::string(id), "The bill has no figure of this name.",
                 "\"total\" is one; the bill lists all."};
  sweep.outputs.push_back({named->id, named->label, named->unit, named->node});
  return std::nullopt;
}

/// @param sweep  with axes, sizes and columns of the parameters
/// @param keys   of the models; one = it must serve
std::optional<Error> compile_into(const Plan& plan, const Catalog& catalog, const Scenario& scenario, Moment today,
                                  std::span<const Moved> moved, std::span<const std::string_view> outputs,
                                  std::span<const std::string> keys, Sweep& sweep) {
  for (const Moved& one : moved)
    if (plan.input_index(one.id) == plan.inputs().size())
      return Error{Code::unsupported, one.id, "The bill of a month does not depend on this parameter as a number.",
                   "Choose another parameter."};
  for (const std::string_view id : outputs)
    if (auto error = add_output(plan, id, sweep)) return error;
  const Result<const Model*> chosen = catalog.find_model(scenario.model);
  if (!chosen) return chosen.error();
  const Ends ends(plan, catalog, scenario, today, moved);
  if (ends.problem) return ends.problem;

  std::vector<Candidate> candidates;
  std::vector<std::size_t> column_of_input;
  std::optional<Error> last;
  for (const std::string& key : keys) {
    const Result<const Model*> model = catalog.find_model(key);
    if (!model) return model.error();
    std::vector<std::size_t> columns = column_of_input;
    Binding binding;
    if (auto error = ends.bind(**model, **chosen, columns, binding)) {
      sweep.left_out.push_back({(*model)->key, error->message});
      last = std::move(error);
      continue;
    }
    if (candidates.empty()) column_of_input = columns;
    if (columns != column_of_input) {
      sweep.left_out.push_back(
          {(*model)->key, "The axes act on it in another way than on " + candidates.front().model->key + "."});
      continue;
    }
    candidates.push_back({*model, std::move(binding.inputs), limits_of(binding)});
  }
  const Compiler compiler(plan, moved, column_of_input);
  const std::vector<Sweep::Output> wanted = sweep.outputs;
  for (;;) {
    if (candidates.empty()) return last;
    std::vector<Lack> lacks;
    sweep.outputs = wanted;
    if (auto error = compiler.compile(candidates, sweep, lacks)) {
      if (error->where.empty()) error->where = candidates.front().model->key;
      return error;
    }
    if (lacks.empty()) break;
    for (std::size_t i = lacks.size(); i-- > 0;) {
      const std::string& key = candidates[lacks[i].candidate].model->key;
      last = Error{Code::unpriced, key,
                   "\"" + plan.inputs()[lacks[i].input].label + "\" is not known, and some cells need it.",
                   "Choose another model, or other axes."};
      sweep.left_out.push_back({key, last->message});
      candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(lacks[i].candidate));
    }
  }
  for (const Candidate& candidate : candidates) sweep.models.push_back(candidate.model->key);
  // The models are the outermost axis.
  if (!sweep.by_model()) return std::nullopt;
  for (Sweep::Column& column : sweep.columns) ++column.axis;
  for (std::size_t k = moved.size(); k < sweep.columns.size(); ++k) sweep.columns[k].axis = 0;
  sweep.sizes.insert(sweep.sizes.begin(), candidates.size());
  return std::nullopt;
}

/// The scenario with all parameters at their upper ends: it needs every part that a cell needs.
Result<MonthShape> shape_at_ends(const Catalog& catalog, const Scenario& scenario, std::span<const Moved> moved,
                                 std::span<const std::string> keys) {
  Scenario end = scenario;
  for (const Moved& one : moved)
    if (auto error = end.set_number(one.id, one.high)) return *std::move(error);
  const Result<const Model*> model = catalog.find_model(scenario.model);
  if (!model) return model.error();
  Result<MonthShape> shape = shape_of(catalog, end, *model);
  if (!shape) return shape;
  MonthShape all = *shape;
  for (const std::string& key : keys)
    if (const Result<const Model*> other = catalog.find_model(key)) all.tiers = std::max(all.tiers, tiers_of(**other));
  return all;
}

std::vector<std::string> keys_of(const Catalog& catalog, const Scenario& scenario, const SweepSpec& spec) {
  if (spec.models.empty()) return {scenario.model};
  if (spec.models != std::vector<std::string>{"all"}) return spec.models;
  std::vector<std::string> keys;
  for (const Model& model : catalog.models) keys.push_back(model.key);
  return keys;
}

/// The inputs that a sweep draws: uncertain, no axis, and of the bill of a month.
std::vector<UncertainInput> drawn_by(const Scenario& scenario, const SweepSpec& spec) {
  std::vector<UncertainInput> drawn;
  if (spec.samples == 0) return drawn;
  for (UncertainInput& input : uncertain_inputs(scenario, spec.assumptions)) {
    const std::string_view id = parameters()[input.parameter].id;
    if (std::none_of(spec.axes.begin(), spec.axes.end(), [&](const SweepAxis& axis) { return axis.id == id; }))
      drawn.push_back(std::move(input));
  }
  return drawn;
}

std::vector<Moved> moved_by(const SweepSpec& spec, std::span<const UncertainInput> drawn) {
  std::vector<Moved> moved;
  for (const SweepAxis& axis : spec.axes) moved.push_back({axis.id, axis.from, axis.to});
  for (const UncertainInput& input : drawn) moved.push_back(moved_by_draws(input));
  return moved;
}
}  // namespace

std::vector<double> axis_values(const SweepAxis& axis) {
  if (!axis.listed.empty()) return axis.listed;
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

std::uint64_t Sweep::cells() const {
  std::uint64_t count = 1;
  for (const std::size_t size : sizes) count *= size;
  return count;
}

std::vector<double> Sweep::point(std::uint64_t cell) const {
  std::vector<double> at(axes.size() + drawn.size());
  const auto index = [&](std::size_t size) {
    const auto place = static_cast<std::size_t>(cell % size);
    cell /= size;
    return place;
  };
  if (samples > 0) {
    const std::size_t draw = index(samples);
    for (std::size_t k = axes.size(); k < at.size(); ++k) draws->fill(columns[k].drawn, draw, {&at[k], 1});
  }
  for (std::size_t k = axes.size(); k-- > 0;) at[k] = columns[k].values[index(columns[k].values.size())];
  return at;
}

std::size_t Sweep::model_of(std::uint64_t cell) const {
  return by_model() ? static_cast<std::size_t>(cell / (cells() / models.size())) : 0;
}

Moved moved_by_draws(const UncertainInput& input) {
  constexpr double least = 1e-10;  // below that of any point of the sequence, 2^-33
  return {std::string(parameters()[input.parameter].id), input.spread.quantile(least),
          input.spread.quantile(1 - least)};
}

Result<MonthShape> sweep_shape(const Catalog& catalog, const Scenario& scenario, const SweepSpec& spec) {
  if (auto error = check_spec(spec)) return *std::move(error);
  return shape_at_ends(catalog, scenario, moved_by(spec, drawn_by(scenario, spec)), keys_of(catalog, scenario, spec));
}

Result<Sweep> compile_sweep(const Plan& plan, const Catalog& catalog, const Scenario& scenario, Moment today,
                            const SweepSpec& spec) {
  if (auto error = check_spec(spec)) return *std::move(error);
  std::vector<UncertainInput> drawn = drawn_by(scenario, spec);
  // What the bill does not depend on need not be drawn.
  drawn.erase(std::remove_if(drawn.begin(), drawn.end(),
                             [&](const UncertainInput& input) {
                               return plan.input_index(parameters()[input.parameter].id) == plan.inputs().size();
                             }),
              drawn.end());
  Sweep sweep;
  sweep.axes = spec.axes;
  for (std::size_t k = 0; k < spec.axes.size(); ++k) {
    sweep.columns.push_back({k, axis_values(spec.axes[k])});
    sweep.sizes.push_back(sweep.columns.back().values.size());
  }
  if (spec.samples > 0) {
    Result<Draws> draws = Draws::create(scenario, drawn, spec.seed);
    if (!draws) return draws.error();
    sweep.draws = std::make_shared<const Draws>(std::move(draws).value());
    sweep.samples = spec.samples;
    for (std::size_t k = 0; k < drawn.size(); ++k) {
      sweep.drawn.emplace_back(parameters()[drawn[k].parameter].id);
      sweep.columns.push_back({spec.axes.size(), {}, k});
    }
    sweep.sizes.push_back(spec.samples);
  }
  std::vector<std::string_view> outputs{spec.output};
  if (!spec.against.empty()) outputs.push_back(spec.against);
  if (auto error = compile_into(plan, catalog, scenario, today, moved_by(spec, drawn), outputs,
                                keys_of(catalog, scenario, spec), sweep))
    return *std::move(error);
  return sweep;
}

Result<MonthShape> points_shape(const Catalog& catalog, const Scenario& scenario, std::span<const Moved> moved) {
  return shape_at_ends(catalog, scenario, moved, {});
}

Result<Sweep> compile_points(const Plan& plan, const Catalog& catalog, const Scenario& scenario, Moment today,
                             std::span<const Moved> moved, std::span<const std::string_view> outputs) {
  Sweep sweep;
  for (const Moved& one : moved) {
    sweep.columns.push_back({0, {}});
    sweep.axes.push_back({one.id, one.low, one.high, 2, Scale::linear});
  }
  const std::vector<std::string> own{scenario.model};
  if (auto error = compile_into(plan, catalog, scenario, today, moved, outputs, own, sweep)) return *std::move(error);
  return sweep;
}

}  // namespace tokenbill
