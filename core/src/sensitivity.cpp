#include "tokenbill/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "bill_lines.h"
#include "moved_inputs.h"
#include "order.h"
#include "text.h"
#include "tokenbill/format.h"
#include "tokenbill/gradient.h"
#include "tokenbill/numeric.h"
#include "tokenbill/sweep.h"
#include "tokenbill/sweep_run.h"

namespace tokenbill {

namespace {

constexpr std::size_t histogram_steps = 40;

bool finite(double value) { return value - value == 0; }
std::optional<double> given(double value) { return finite(value) ? std::optional(value) : std::nullopt; }

/// The bill of a scenario at any values of its uncertain inputs: one plan that has the parts of all of them, evaluated
/// again with other inputs.
class Bills {
 public:
  static Result<Bills> create(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
                              std::span<const UncertainInput> inputs) {
    Bills bills(engine, catalog, scenario, today, inputs);
    for (const UncertainInput& input : inputs) bills.scenario_.values[input.parameter] = input.range.high;
    Result<Engine::Priced> all = engine.price(catalog, bills.scenario_, today);
    if (!all) return all.error();
    bills.priced_ = std::move(all).value();
    if (bills.priced_.binding.row == nullptr || bills.priced_.status == Status::unsuitable)
      return Error{bills.priced_.status == Status::unpriced ? Code::unpriced : Code::unsupported, scenario.model,
                   bills.priced_.reason, "Choose another model; the comparison lists those that can serve."};
    const Result<const Model*> model = catalog.find_model(scenario.model);
    if (!model) return model.error();
    bills.model_ = *model;
    // Where a parameter moves an input that is not its own value, every point is bound anew.
    Binding low;
    for (const UncertainInput& input : inputs) {
      bills.scenario_.values[input.parameter] = input.range.low;
      bills.bind(low);
      bills.scenario_.values[input.parameter] = input.range.high;
      std::vector<std::size_t> moved;
      each_moved_input(low, input.range.low, bills.priced_.binding, input.range.high, [&](std::size_t i, bool follows) {
        bills.binds_anew_ = bills.binds_anew_ || !follows;
        moved.push_back(i);
      });
      if (low.status != Status::ok) bills.binds_anew_ = true;
      bills.moved_.push_back(std::move(moved));
    }
    return bills;
  }

  /// @param values  one for each uncertain input
  void evaluate_at(std::span<const double> values) {
    served_ = true;
    if (binds_anew_) {
      for (std::size_t k = 0; k < values.size(); ++k) scenario_.values[inputs_[k].parameter] = values[k];
      bind(priced_.binding);
      served_ = priced_.binding.status == Status::ok;
      if (!served_) return;
    } else {
      for (std::size_t k = 0; k < values.size(); ++k)
        for (const std::size_t i : moved_[k]) priced_.binding.inputs[i].value = values[k];
    }
    served_ = !engine_.reprice(priced_) && (priced_.status == Status::ok || priced_.status == Status::unpriced);
  }
  /// NaN where it is unknown or the model cannot serve.
  [[nodiscard]] double of(NodeId node) const {
    const Known known = served_ ? priced_.evaluation.of(node) : Known{0, false};
    return known.known ? known.value : unknown_number;
  }
  [[nodiscard]] double at(std::span<const double> values, NodeId node) {
    evaluate_at(values);
    return of(node);
  }
  [[nodiscard]] const Plan& plan() const { return *priced_.plan; }
  [[nodiscard]] const std::string& reason() const { return priced_.reason; }
  [[nodiscard]] const Model& model() const { return *model_; }

  /// By each uncertain input, of the point that was evaluated last: value times derivative, over the figure.
  [[nodiscard]] std::vector<std::optional<double>> elasticities(std::span<const double> values, NodeId figure) {
    std::vector<std::optional<double>> found(values.size());
    evaluate_at(values);
    const double whole = of(figure);
    if (!finite(whole) || whole == 0) return found;
    if (!binds_anew_) {
      const std::vector<double> by_input = gradient(plan(), priced_.evaluation.values, figure);
      for (std::size_t k = 0; k < values.size(); ++k) {
        double sum = 0;
        for (const std::size_t i : moved_[k]) sum += by_input[i];
        found[k] = given(sum * values[k] / whole);
      }
      return found;
    }
    constexpr double step = 1e-4;
    std::vector<double> at_point(values.begin(), values.end());
    for (std::size_t k = 0; k < values.size(); ++k) {
      const Parameter& parameter = parameters()[inputs_[k].parameter];
      at_point[k] = std::min(values[k] * (1 + step), parameter.max);
      const double up = at(at_point, figure);
      at_point[k] = std::max(values[k] * (1 - step), parameter.min);
      const double down = at(at_point, figure);
      at_point[k] = values[k];
      found[k] = given((up - down) / (2 * step * whole));
    }
    return found;
  }

 private:
  Bills(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
        std::span<const UncertainInput> inputs)
      : engine_(engine), catalog_(catalog), scenario_(scenario), today_(today), inputs_(inputs) {
    scenario_.values.resize(parameters().size());
  }
  void bind(Binding& binding) const {
    Binder(plan(), catalog_, scenario_, today_).bind_into(*model_, *model_, false, binding);
  }

  const Engine& engine_;
  const Catalog& catalog_;
  Scenario scenario_;
  Moment today_;
  std::span<const UncertainInput> inputs_;
  const Model* model_ = nullptr;
  Engine::Priced priced_;
  std::vector<std::vector<std::size_t>> moved_;  ///< inputs of the plan, by uncertain input
  bool binds_anew_ = false;
  bool served_ = false;
};

std::vector<double> row_of(Columns columns, std::size_t i) {
  std::vector<double> row;
  for (const std::vector<double>& column : columns) row.push_back(column[i]);
  return row;
}

/// Figures at many points: by tapes folded for what moves, where the figures can be folded, else bill by bill.
class Points {
 public:
  Points(Bills& bills, const Catalog& catalog, const Scenario& scenario, Moment today,
         std::span<const UncertainInput> inputs, std::vector<NodeId> nodes)
      : bills_(bills), nodes_(std::move(nodes)) {
    if (inputs.empty()) return;
    std::vector<Moved> moved;
    for (const UncertainInput& input : inputs) moved.push_back(moved_by_draws(input));
    std::vector<std::string_view> outputs;
    for (const NodeId node : nodes_) outputs.push_back(bills.plan().name_of(node)->id);
    Result<Sweep> compiled = compile_points(bills.plan(), catalog, scenario, today, moved, outputs);
    if (compiled) folded_.emplace(std::move(compiled).value());
  }
  /// By figure; NaN where it is unknown or the model cannot serve. @param count  of points
  [[nodiscard]] std::vector<std::vector<double>> at(Columns columns, std::size_t count) const {
    if (folded_) return values_at(*folded_, columns);
    std::vector<std::vector<double>> values(nodes_.size());
    for (std::size_t i = 0; i < count; ++i) {
      bills_.evaluate_at(row_of(columns, i));
      for (std::size_t f = 0; f < nodes_.size(); ++f) values[f].push_back(bills_.of(nodes_[f]));
    }
    return values;
  }

 private:
  Bills& bills_;
  std::vector<NodeId> nodes_;
  std::optional<Sweep> folded_;
};

/// The uncertain inputs; of typical ranges only those that move the figure: at an end, with the others likely, low or
/// high.
Result<std::vector<UncertainInput>> those_that_matter(const Engine& engine, const Catalog& catalog,
                                                      const Scenario& scenario, Moment today, std::string_view output,
                                                      Assumptions assumptions) {
  const std::vector<UncertainInput> inputs = uncertain_inputs(scenario, assumptions);
  Result<Bills> bills = Bills::create(engine, catalog, scenario, today, inputs);
  if (!bills) return bills.error();
  const Named* figure = bills->plan().find(output);
  if (figure == nullptr)
    return Error{Code::unknown_item, std::string(output), "The bill has no figure of this name.",
                 "\"total\" is one; the bill lists all."};
  std::vector<std::vector<double>> bases(3);
  for (const UncertainInput& input : inputs) {
    bases[0].push_back(input.likely);
    bases[1].push_back(input.range.low);
    bases[2].push_back(input.range.high);
  }
  std::vector<char> moves(inputs.size());
  for (std::vector<double>& base : bases) {
    const double before = bills->at(base, figure->node);
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      if (!inputs[k].typical) moves[k] = 1;
      if (moves[k]) continue;
      const double kept = base[k];
      for (const double end : {inputs[k].range.low, inputs[k].range.high}) {
        base[k] = end;
        const double after = bills->at(base, figure->node);
        if (after != before && (finite(after) || finite(before))) moves[k] = 1;
      }
      base[k] = kept;
    }
  }
  std::vector<UncertainInput> kept;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    if (moves[k]) kept.push_back(inputs[k]);
  return kept;
}

/// @param values  of the figure at the draws; some are finite
void tell_distribution(std::span<const double> values, Ranges& ranges) {
  ranges.outcome = outcome_of(values);
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  double below = 0;
  for (const double value : values) {
    if (!finite(value)) continue;
    least = std::min(least, value);
    most = std::max(most, value);
    if (ranges.point) below += value < *ranges.point ? 1 : value == *ranges.point ? 0.5 : 0;
  }
  const auto sound = static_cast<double>(ranges.outcome.count);
  if (ranges.point) ranges.point_share = below / sound;
  ranges.histogram_from = least;
  ranges.histogram_to = most;
  if (!(most > least)) return;
  ranges.histogram.assign(histogram_steps, 0);
  for (const double value : values) {
    if (!finite(value)) continue;
    const auto step = static_cast<std::size_t>((value - least) / (most - least) * histogram_steps);
    ranges.histogram[std::min(step, histogram_steps - 1)] += 1 / sound;
  }
}

/// What moves the figure, without its shares.
Driver driver_of(const UncertainInput& input) {
  const Parameter& parameter = parameters()[input.parameter];
  Driver driver;
  driver.id = parameter.id;
  driver.label = parameter.label;
  driver.unit = parameter.unit;
  driver.range = input.range;
  driver.likely = input.likely;
  driver.form = input.spread.form();
  driver.typical = input.typical;
  driver.source = input.source;
  return driver;
}

std::string tenths(double share, bool money) {
  const auto count = static_cast<int>(round_down(share * 10 + 0.5));
  return std::to_string(count) + (money ? " of 10 USD" : count == 1 ? " tenth" : " tenths");
}

/// "7 of 10 USD of the spread come from "Prompt", 2 more from "Answer"."
std::string dominating(const Ranges& ranges) {
  double sum = 0;
  std::vector<std::pair<double, std::string_view>> shares;
  for (const Driver& driver : ranges.drivers) {
    if (!driver.total || !(*driver.total > 0)) continue;
    shares.emplace_back(*driver.total, driver.label);
    sum += *driver.total;
  }
  if (ranges.drivers.empty()) return "No input of this figure has a range.";
  if (!(sum > 0)) return "No range moves this figure.";
  sort_stably(shares, [](const auto& a, const auto& b) { return a.first > b.first; });
  const bool money = ranges.unit.power[static_cast<std::size_t>(Dimension::usd)] > 0;
  const double first = shares[0].first / sum;
  const std::string name = join({"\u201c", shares[0].second, "\u201d"});
  if (first >= 0.95) return join({"Nearly all of the spread comes from ", name, "."});
  if (first < 0.15) return join({"No single input dominates the spread; ", name, " brings the most."});
  const bool one = round_down(first * 10 + 0.5) == 1;
  std::string text = join({tenths(first, money), " of the spread ", one ? "comes from " : "come from ", name});
  if (shares.size() > 1 && shares[1].first / sum >= 0.05) {
    const double second = round_down(shares[1].first / sum * 10 + 0.5);
    text += join({", ", number_text(second), " more from \u201c", shares[1].second, "\u201d"});
  }
  return text + ".";
}

}  // namespace

Outcome outcome_of(std::span<const double> values) {
  std::vector<double> sound;
  for (const double value : values)
    if (finite(value)) sound.push_back(value);
  Outcome outcome;
  outcome.count = sound.size();
  if (sound.empty()) return outcome;
  const auto n = static_cast<double>(sound.size());
  // Around the first value, so that nothing cancels.
  double sum = 0;
  for (const double value : sound) sum += value - sound[0];
  outcome.mean = sound[0] + sum / n;
  double squares = 0;
  for (const double value : sound) squares += (value - outcome.mean) * (value - outcome.mean);
  outcome.deviation = sound.size() > 1 ? root_of(squares / (n - 1)) : 0;
  const std::vector<std::uint32_t> order =
      sorted_order(sound.size(), [&](std::uint32_t a, std::uint32_t b) { return sound[a] < sound[b]; });
  for (std::size_t p = 0; p < told_percentiles.size(); ++p) {
    const double at = told_percentiles[p] / 100.0 * (n - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t next = std::min(below + 1, sound.size() - 1);
    const double part = at - static_cast<double>(below);
    const double value = sound[order[below]];
    outcome.percentiles[p] = value + part * (sound[order[next]] - value);
  }
  return outcome;
}

VarianceShares variance_shares(Columns a, Columns b, const std::function<std::vector<double>(Columns)>& f) {
  const std::size_t inputs = a.size();
  VarianceShares shares;
  shares.first.assign(inputs, 0);
  shares.total.assign(inputs, 0);
  if (inputs == 0) return shares;
  const std::vector<double> at_a = f(a);
  const std::vector<double> at_b = f(b);
  double sum = 0;
  double n = 0;
  for (const std::vector<double>* values : {&at_a, &at_b}) {
    for (const double value : *values) {
      if (!finite(value)) continue;
      sum += value;
      n += 1;
    }
  }
  if (n < 4) return shares;
  const double mean = sum / n;
  for (const std::vector<double>* values : {&at_a, &at_b})
    for (const double value : *values)
      if (finite(value)) shares.variance += (value - mean) * (value - mean) / (n - 1);
  if (!(shares.variance > 1e-24 * mean * mean)) {
    shares.variance = 0;
    return shares;
  }
  std::vector<std::vector<double>> columns(a.begin(), a.end());
  for (std::size_t j = 0; j < inputs; ++j) {
    columns[j] = b[j];
    const std::vector<double> mixed = f(columns);
    columns[j] = a[j];
    double first = 0;
    double total = 0;
    double rows = 0;
    for (std::size_t i = 0; i < mixed.size(); ++i) {
      if (!finite(at_a[i]) || !finite(at_b[i]) || !finite(mixed[i])) continue;
      first += (at_b[i] - mean) * (mixed[i] - at_a[i]);
      total += (at_a[i] - mixed[i]) * (at_a[i] - mixed[i]) / 2;
      rows += 1;
    }
    if (rows == 0) continue;
    shares.first[j] = std::max(0.0, first / rows / shares.variance);
    shares.total[j] = total / rows / shares.variance;
  }
  return shares;
}

Result<Ranges> find_ranges(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
                           const RangeSpec& spec) {
  if (spec.samples < 16 || spec.samples > max_samples)
    return Error{Code::out_of_range, "samples",
                 join({"expected 16 to ", number_text(max_samples), " samples, found ",
                       number_text(static_cast<double>(spec.samples)), "."}),
                 ""};
  const Result<std::vector<UncertainInput>> that_matter =
      those_that_matter(engine, catalog, scenario, today, spec.output, spec.assumptions);
  if (!that_matter) return that_matter.error();
  const std::vector<UncertainInput>& inputs = *that_matter;

  const Result<Draws> draws = Draws::create(scenario, inputs, spec.seed);
  if (!draws) return draws.error();
  const std::vector<std::vector<double>> drawn = draws->columns(spec.samples);
  Result<Bills> bills = Bills::create(engine, catalog, scenario, today, inputs);
  if (!bills) return bills.error();
  const Plan& plan = bills->plan();
  const Named* output = plan.find(spec.output);

  Ranges ranges;
  ranges.output = output->id;
  ranges.label = output->label;
  ranges.unit = output->unit;
  ranges.samples = spec.samples;
  ranges.seed = spec.seed;
  ranges.assumptions = spec.assumptions;
  ranges.model = bills->model().key;
  for (const Term& term : plan.terms())
    ranges.figures.push_back({term.id, term.label, plan.units()[term.node], true, std::nullopt, {}});
  std::vector<NodeId> nodes;
  for (const Term& term : plan.terms()) nodes.push_back(term.node);
  for (const Named* named : figures_beside_lines(plan)) {
    ranges.figures.push_back({named->id, named->label, named->unit, false, std::nullopt, {}});
    nodes.push_back(named->node);
  }

  std::vector<double> likely;
  for (const UncertainInput& input : inputs) likely.push_back(input.likely);
  bills->evaluate_at(likely);
  ranges.point = given(bills->of(output->node));
  for (std::size_t f = 0; f < nodes.size(); ++f) ranges.figures[f].point = given(bills->of(nodes[f]));

  const std::size_t count = inputs.empty() ? 1 : spec.samples;
  const Points figure(*bills, catalog, scenario, today, inputs, {output->node});
  const std::vector<double> values = figure.at(drawn, count).front();
  for (const double value : values)
    if (!finite(value)) ++ranges.impossible;
  if (ranges.impossible == count) {
    bills->evaluate_at(likely);
    return Error{Code::impossible, ranges.model,
                 bills->reason().empty() ? "No draw of these ranges has a bill." : bills->reason(),
                 "Narrow the ranges, or choose another model."};
  }
  {
    // What is unknown at the likely values, such as the cost of a user where nobody said how many there are, is left
    // out, unless there is no bill at all.
    std::vector<NodeId> known;
    std::vector<std::size_t> places;
    for (std::size_t f = 0; f < nodes.size(); ++f) {
      if (ranges.point && !ranges.figures[f].point) continue;
      known.push_back(nodes[f]);
      places.push_back(f);
    }
    const std::vector<std::vector<double>> of_figure =
        Points(*bills, catalog, scenario, today, inputs, known).at(drawn, count);
    for (std::size_t k = 0; k < places.size(); ++k) ranges.figures[places[k]].outcome = outcome_of(of_figure[k]);
  }
  tell_distribution(values, ranges);

  const SobolSequence sequence(std::max<std::size_t>(2 * inputs.size(), 1), spec.seed);
  const std::size_t rows = std::max<std::size_t>(spec.samples / 4, 8);
  const VarianceShares shares = variance_shares(independent_draws(inputs, sequence, 0, rows),
                                                independent_draws(inputs, sequence, inputs.size(), rows),
                                                [&](Columns columns) { return figure.at(columns, rows).front(); });
  const std::vector<std::optional<double>> elasticities = bills->elasticities(likely, output->node);
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const UncertainInput& input = inputs[k];
    Driver driver = driver_of(input);
    std::vector<double> point = likely;
    point[k] = input.range.low;
    driver.at_low = given(bills->at(point, output->node));
    point[k] = input.range.high;
    driver.at_high = given(bills->at(point, output->node));
    if (driver.at_low && driver.at_high)
      driver.swing = std::max({*driver.at_low, *driver.at_high, ranges.point.value_or(*driver.at_low)}) -
                     std::min({*driver.at_low, *driver.at_high, ranges.point.value_or(*driver.at_low)});
    if (shares.variance > 0) {
      driver.first_order = shares.first[k];
      driver.total = shares.total[k];
    }
    driver.elasticity = elasticities[k];
    ranges.drivers.push_back(driver);
  }
  for (const Correlation& pair : scenario.correlations) {
    int both = 0;
    for (const UncertainInput& input : inputs) both += input.parameter == pair.a || input.parameter == pair.b ? 1 : 0;
    ranges.correlated = ranges.correlated || both == 2;
  }
  sort_stably(ranges.drivers,
              [](const Driver& a, const Driver& b) { return a.swing.value_or(-1) > b.swing.value_or(-1); });
  ranges.sentence = dominating(ranges);
  return ranges;
}

}  // namespace tokenbill
