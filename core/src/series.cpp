#include "tokenbill/series.h"

#include <algorithm>
#include <array>

#include "tokenbill/format.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

namespace {
std::optional<Error> check_number(std::string_view id) {
  const std::size_t index = parameter_index(id);
  if (index == parameters().size())
    return Error{Code::unknown_parameter, std::string(id), "There is no parameter of this id.",
                 "`tokenbill describe` lists them."};
  const ParameterKind kind = parameters()[index].kind;
  if (kind == ParameterKind::choice || kind == ParameterKind::reference)
    return Error{Code::wrong_type, std::string(id),
                 "\"" + std::string(parameters()[index].label) + "\" is a choice, it has no values to run along.", ""};
  return std::nullopt;
}

Error no_figure(std::string_view id) {
  return Error{Code::unknown_item, std::string(id), "The bill has no figure of this name.",
               "\"total\" is one; the bill lists all."};
}
}  // namespace

std::string_view solution_status_id(SolutionStatus status) {
  static constexpr std::string_view ids[] = {"found", "all", "none"};
  return ids[static_cast<std::size_t>(status)];
}

Result<Series> series(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
                      const SeriesSpec& spec) {
  const SweepAxis& axis = spec.axis;
  const std::vector<std::string>& figures = spec.figures;
  if (auto error = check_number(axis.id)) return *std::move(error);
  if (axis.steps < 2 || axis.steps > max_series_steps || figures.size() > max_series_figures)
    return Error{Code::too_large, axis.id,
                 "A series has 2 to " + number_text(max_series_steps) + " steps and at most " +
                     number_text(max_series_figures) + " figures.",
                 ""};
  if (!(axis.from < axis.to) || (axis.scale == Scale::log && !(axis.from >= 1e-9)))
    return Error{Code::out_of_range, axis.id,
                 "The series must end above where it begins, and begin above 0 on a logarithmic scale, found " +
                     exact_text(axis.from) + " to " + exact_text(axis.to) + ".",
                 ""};
  Series result;
  result.parameter = axis.id;
  result.values = axis_values(axis);
  result.ids = figures;
  result.figures.resize(figures.size());
  for (const double value : result.values) {
    Scenario at = scenario;
    if (auto error = at.set_number(axis.id, value)) return *std::move(error);
    const Result<Engine::Priced> priced = engine.price(catalog, at, today);
    if (!priced) return priced.error();
    for (std::size_t i = 0; i < figures.size(); ++i) {
      if (priced->plan->find(figures[i]) == nullptr) return no_figure(figures[i]);
      result.figures[i].push_back(priced->figure(figures[i]));
    }
  }
  return result;
}

Result<Solution> solve(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
                       std::string_view parameter, std::string_view figure, double at_most) {
  if (auto error = check_number(parameter)) return *std::move(error);
  const Parameter& about = parameters()[parameter_index(parameter)];
  const bool whole = about.step >= 1;
  std::optional<Error> problem;
  const auto value_at = [&](double x) -> std::optional<double> {
    Scenario at = scenario;
    if (auto error = at.set_number(parameter, x)) problem = std::move(error);
    const Result<Engine::Priced> priced = engine.price(catalog, at, today);
    if (!priced) {
      problem = priced.error();
      return std::nullopt;
    }
    if (priced->plan->find(figure) == nullptr) problem = no_figure(figure);
    return priced->figure(figure);
  };
  const auto fits = [&](double x) {
    const std::optional<double> value = value_at(x);
    return value && *value <= at_most;
  };
  Solution solution{std::string(parameter), std::string(figure), at_most, SolutionStatus::none, {}, {}};
  const bool least = fits(about.min);
  if (problem) return *problem;
  if (!least) return solution;
  double low = about.min;
  if (fits(about.max)) {
    solution.status = SolutionStatus::all;
    low = about.max;
  } else {
    // Halving the span down to a unit in the last place of what people enter.
    double high = about.max;
    for (int i = 0; i < 64 && high - low > (whole ? 0.5 : 1e-9 * high); ++i) {
      const double middle = low + (high - low) / 2;
      (fits(middle) ? low : high) = middle;
    }
    if (whole && round_down(low) >= about.min) {
      low = round_down(low);
      if (fits(low + 1)) low += 1;  // the span may end between two whole numbers
    }
    solution.status = SolutionStatus::found;
  }
  solution.value = low;
  solution.figure_value = value_at(low);
  if (problem) return *problem;
  return solution;
}

Result<Turns> turn_by_turn(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
                           int count) {
  if (count < 1 || count > max_turns)
    return Error{Code::out_of_range, "turns",
                 "Expected 1 to " + number_text(max_turns) + " turns, found " + number_text(count) + ".", ""};
  Result<Engine::Priced> priced = engine.price(catalog, scenario, today);
  if (!priced) return priced.error();
  const auto problem = [&] {
    return Error{priced->status == Status::impossible ? Code::impossible
                 : priced->status == Status::unpriced ? Code::unpriced
                                                      : Code::unsupported,
                 scenario.model, priced->reason, ""};
  };
  Turns result;
  if (priced->status == Status::unsuitable || priced->binding.row == nullptr) {
    result.problem = problem();
    return result;
  }
  // The traffic stays as it is: the rate at which others warm the cache must not depend on the turn that is looked at.
  if (const std::optional<double> hit = priced->figure("hit_ratio")) {
    priced->put("cache_hit_given", 1);
    priced->put("cache_hit_ratio", *hit);
  }
  // So does the place of the cache's mark, which depends on whether the window will slide.
  priced->put("planned_turns_given", 1);
  priced->put("planned_turns", count);
  for (const std::string_view cap : {"request_cap_given", "token_cap_given", "usd_cap_given"}) priced->put(cap, 0);
  priced->put("subagents_per_conversation", 0);

  struct Sums {
    double read = 0, write = 0, uncached = 0, output = 0;
    std::optional<double> usd = 0.0;
    std::array<double, static_cast<std::size_t>(Category::channel) + 1> by_category{};  // of inference
  };
  Sums before;
  for (int turn = 1; turn <= count; ++turn) {
    priced->put("turns_per_conversation", turn);
    if (auto error = engine.reprice(*priced)) return *std::move(error);
    if (priced->status == Status::impossible) {
      result.problem = problem();
      break;
    }
    Sums now;
    now.read = priced->figure("conversation_read_tokens").value_or(0);
    now.write = priced->figure("conversation_write_tokens").value_or(0);
    now.uncached = priced->figure("conversation_uncached_tokens").value_or(0);
    now.output = priced->figure("conversation_output_tokens").value_or(0);
    now.usd = priced->figure("inference_per_conversation");
    const std::optional<double> conversations = priced->figure("conversations_per_month");
    for (const Term& term : priced->plan->terms()) {
      if (term.category > Category::channel) break;
      const Known usd = priced->evaluation.of(term.node);
      if (!usd.known || !conversations || !(*conversations > 0)) continue;
      now.by_category[static_cast<std::size_t>(term.category)] += usd.value / *conversations;
    }
    Turn one;
    one.turn = turn;
    const auto added = [](double sum, double earlier) { return std::max(0.0, sum - earlier); };
    one.read_tokens = added(now.read, before.read);
    one.write_tokens = added(now.write, before.write);
    one.uncached_tokens = added(now.uncached, before.uncached);
    one.output_tokens = added(now.output, before.output);
    one.cumulative_usd = now.usd;
    if (now.usd && before.usd) one.usd = *now.usd - *before.usd;
    for (std::size_t i = 0; i < now.by_category.size(); ++i)
      if (now.by_category[i] != before.by_category[i])
        one.by_category.emplace_back(static_cast<Category>(i), now.by_category[i] - before.by_category[i]);
    result.turns.push_back(std::move(one));
    before = std::move(now);
  }
  if (!result.turns.empty() && !result.turns.back().usd && !result.problem) result.problem = problem();
  return result;
}

}  // namespace tokenbill
