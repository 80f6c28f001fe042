// tokenbill forecast: months ahead, and when a budget is used up.

#include <algorithm>
#include <cstdio>

#include "command.h"
#include "table.h"
#include "tokenbill/forecast.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
void print_forecast(const Forecast& forecast) {
  double most = 0;
  for (const ForecastMonth& month : forecast.months) most = std::max(most, month.usd.value_or(0));
  Table table({{"month", true}, {"from", false}, {"USD", true}, {"USD so far", true}, {"", false}});
  for (const ForecastMonth& month : forecast.months)
    table.row({std::to_string(month.month), moment_text(month.date), usd_or_unknown(month.usd),
               usd_or_unknown(month.cumulative_usd), most > 0 ? bar(month.usd.value_or(0) / most, 20) : ""});
  std::printf("%s\n", table.text().c_str());
  for (const ForecastMonth& month : forecast.months)
    for (const Notice& notice : month.notices) std::printf("month %d: %s\n", month.month, notice.text.c_str());
  if (!forecast.budget) return;
  const Budget& budget = *forecast.budget;
  std::printf("budget of %s USD %s\n", usd_text(budget.usd).c_str(),
              budget.monthly ? "a month" : "for the whole forecast");
  for (const BudgetLevel& level : budget.levels)
    std::printf("  %s (%s USD): %s\n", percent_text(level.share).c_str(), usd_text(level.usd).c_str(),
                level.date ? ("reached on " + moment_text(*level.date) + ", day " + number_text(*level.day)).c_str()
                           : "not reached");
  std::printf("  month end: %s USD, at the rate of %s\n", usd_or_unknown(budget.month_end_usd).c_str(),
              budget.from_spending ? "spending so far" : "the plan");
  if (budget.breaks_month)
    std::printf("  it breaks in month %d\n", *budget.breaks_month);
  else
    std::printf("  it holds for all %zu months\n", forecast.months.size());
}
}  // namespace

void add_forecast(CLI::App& app, Session& session) {
  add_question(app, session, "forecast", "Months ahead: growth, dated prices, the day a budget is used up",
               [](const Question& question, const Session& asked) {
                 const Result<Forecast> found = forecast(question.engine, question.catalog, question.scenario, today());
                 if (!found) return report(asked, found.error());
                 if (asked.json)
                   std::printf("%s\n", forecast_json(*found).c_str());
                 else
                   print_forecast(*found);
                 return fine;
               })
      ->footer("tokenbill forecast --preset chatbot --set growth_ratio=10% --set budget_usd=15000");
}

}  // namespace tokenbill::cli
