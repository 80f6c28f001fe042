#pragma once
// Figures while one thing changes: along a parameter, turn by turn of a conversation, and backwards from a figure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"
#include "tokenbill/sweep.h"

namespace tokenbill {

inline constexpr std::size_t max_series_steps = 1000;
inline constexpr std::size_t max_series_figures = 16;
inline constexpr int max_turns = 500;

struct SeriesSpec {
  SweepAxis axis;
  std::vector<std::string> figures;
};

/// figures[i][j]: figure i at values[j]; absent where it is unknown or the model cannot serve.
struct Series {
  std::string parameter;
  std::vector<double> values;
  std::vector<std::string> ids;
  std::vector<std::vector<std::optional<double>>> figures;
};

/// Figures of the bill along any numeric parameter; unlike a sweep also along one that changes the plan.
/// @error unknown_parameter, wrong_type, out_of_range, too_large, unknown_item, and as Engine::price
[[nodiscard]] Result<Series> series(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                    Moment today, const SeriesSpec& spec);

enum class SolutionStatus : std::uint8_t { found, all, none };
[[nodiscard]] std::string_view solution_status_id(SolutionStatus status);

struct Solution {
  std::string parameter, figure;
  double at_most = 0;
  SolutionStatus status = SolutionStatus::none;
  std::optional<double> value;         ///< the largest value with which the figure is at most so much
  std::optional<double> figure_value;  ///< at that value
};

/// The figure must not fall as the parameter grows. A value that the model cannot serve counts as too much. Of a
/// parameter that is counted in whole numbers the value is one.
/// @error unknown_parameter, wrong_type, unknown_item, and as Engine::price
[[nodiscard]] Result<Solution> solve(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                     Moment today, std::string_view parameter, std::string_view figure, double at_most);

/// One request of a conversation. Amounts are inference alone: what a month costs besides does not belong to a turn.
struct Turn {
  int turn = 1;
  double read_tokens = 0, write_tokens = 0, uncached_tokens = 0, output_tokens = 0;
  std::optional<double> usd, cumulative_usd;
  std::vector<std::pair<Category, double>> by_category;
};
struct Turns {
  std::vector<Turn> turns;
  std::optional<Error> problem;  ///< why there are no more
};

/// The first `count` requests of a conversation: each is what one request more adds to the closed forms, at the hit
/// rate that the scenario's traffic gives.
/// @error out_of_range, and as Engine::price
[[nodiscard]] Result<Turns> turn_by_turn(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                         Moment today, int count);

}  // namespace tokenbill
