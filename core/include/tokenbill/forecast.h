#pragma once
// Months ahead: growing traffic, dated prices, moves to newer models, and when a budget is used up.

#include <optional>
#include <string>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

struct ForecastMonth {
  int month = 1;  ///< from 1
  Moment date;    ///< first day
  double conversations_per_day = 0;
  double price_factor = 1;    ///< 1 = prices as listed
  std::optional<double> usd;  ///< absent = unknown
  std::optional<double> cumulative_usd;
  std::vector<Notice> notices;
};

/// When spending reaches a share of the budget.
struct BudgetLevel {
  double share = 0;
  double usd = 0;
  std::optional<Moment> date;  ///< first day on which it has; absent = not within the time looked at
  std::optional<double> day;   ///< of the month, or of the whole forecast; from 1
};

struct Budget {
  double usd = 0;
  bool monthly = true;
  std::vector<BudgetLevel> levels;  ///< 50, 80, 100 %
  std::optional<int> breaks_month;  ///< from 1
  std::optional<double> month_end_usd;
  std::optional<double> run_rate_usd_per_day;
  bool from_spending = false;  ///< the run rate is that of spending so far, not the plan's
};

struct Forecast {
  std::vector<ForecastMonth> months;
  std::optional<double> total_usd;
  std::optional<Budget> budget;
};

/// Months from the scenario's date on (or `today`), each priced with the row in force; a month in which a price changes
/// is priced by its parts, by days. Month k (from 0) has conversations (1 + g)^k; with a decline d of prices a year and
/// moves every n months its prices are (1 - d)^(n floor(k/n) / 12). One-time work is that of the first month, spread.
/// Source: cost model, growth and price change; budgets: the first day on which the sum reaches 50, 80 and 100 %.
/// @error as Engine::price
[[nodiscard]] Result<Forecast> forecast(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                        Moment today);

}  // namespace tokenbill
