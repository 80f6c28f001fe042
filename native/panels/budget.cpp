// Months ahead: what each costs, on which day the alarms of a budget sound, in which month it breaks.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../chart.h"
#include "../grid.h"
#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
/// "Nov" and its year.
struct MonthName {
  std::string name;
  std::string year;
  int number = 0;  ///< 0 = January

  [[nodiscard]] std::string whole() const { return name + " " + year; }
};

MonthName month_name(Moment moment) {
  static constexpr std::array<const char*, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string date = moment_text(moment);  // 2026-11-22
  const auto month = static_cast<std::size_t>((date[5] - '0') * 10 + (date[6] - '0'));
  return {names.at(month - 1), date.substr(0, 4), static_cast<int>(month) - 1};
}

/// A month in which something of the prices changes.
struct Flag {
  std::string number;
  const ForecastMonth* month = nullptr;
  std::string words;
};

std::vector<Flag> flags_of(const Forecast& forecast) {
  std::vector<Flag> flags;
  for (const ForecastMonth& month : forecast.months) {
    if (month.notices.empty()) continue;
    Flag flag{std::to_string(flags.size() + 1), &month, ""};
    for (const Notice& notice : month.notices) flag.words += (flag.words.empty() ? "" : " ") + sentence(notice.text);
    flags.push_back(std::move(flag));
  }
  return flags;
}

std::string period_text(const Budget& budget) { return budget.monthly ? "a month" : "for the whole time"; }

// What it comes to, and whether the budget holds.
void draw_verdict(const Forecast& forecast, const Look& look) {
  const Palette& c = look.colours();
  ImGui::PushFont(look.fonts.title);
  text(usd_or_unknown(forecast.total_usd));
  ImGui::PopFont();
  const std::string rest = "USD for " + number_text(static_cast<double>(forecast.months.size())) + " months, from " +
                           moment_text(forecast.months.front().date) + " on";
  beside_if_it_fits(look, 8, text_size(rest).x);
  text(rest, c.muted);
  if (!forecast.budget) return;
  const Budget& budget = *forecast.budget;
  std::string words = "The budget of " + usd_text(budget.usd) + " USD " + period_text(budget);
  if (budget.breaks_month) {
    const auto month = static_cast<std::size_t>(*budget.breaks_month - 1);
    words += " breaks in month " + std::to_string(*budget.breaks_month);
    if (month < forecast.months.size()) words += ", which begins on " + moment_text(forecast.months[month].date);
    paragraph(words + ".", c.error);
  } else if (forecast.total_usd) {
    paragraph(words + (budget.monthly ? " holds in every month." : " holds to the end."));
  } else {
    paragraph(words + " cannot be compared: not every month's cost is known.", c.muted);
  }
}

/// Marks at every so many months that their names have room, counted from January, which tells its year.
/// @param first  the axis's number of the first month
void mark_months(Axis& axis, const Forecast& forecast, int first, const Look& look) {
  const std::vector<ForecastMonth>& months = forecast.months;
  const float month_width = (ImGui::GetContentRegionAvail().x - look.px(60)) / static_cast<float>(months.size());
  int every = 1;
  for (const int step : {1, 2, 3, 6, 12}) {
    every = step;
    if (month_width * static_cast<float>(step) >= look.px(54)) break;
  }
  axis.marks.clear();
  for (std::size_t i = 0; i < months.size(); ++i)
    if (month_name(months[i].date).number % every == 0) axis.marks.push_back(static_cast<double>(i) + first);
  const double gap = axis.marks.empty() ? 100 : axis.marks.front() - first;
  if (gap > 0 && gap * static_cast<double>(month_width) >= static_cast<double>(look.px(54)))
    axis.marks.insert(axis.marks.begin(), first);
  // The first mark tells the year, unless a January beside it does.
  const auto number_at = [&](double mark) {
    return month_name(months[static_cast<std::size_t>(mark - first)].date).number;
  };
  const bool followed = axis.marks.size() > 1 && number_at(axis.marks[1]) == 0;
  const double told = axis.marks.empty() || followed ? -1 : axis.marks.front();
  axis.words = [&months, first, told](double mark) {
    const auto month = static_cast<std::size_t>(mark - first);
    if (month >= months.size()) return std::string();
    const MonthName name = month_name(months[month].date);
    return name.number == 0 || mark == told ? name.whole() : name.name;
  };
}

std::vector<Reading> readings_of(const ForecastMonth& month, const Palette& c) {
  return {{"USD", usd_or_unknown(month.usd), c.sum},
          {"USD in all so far", usd_or_unknown(month.cumulative_usd), c.accent},
          {"conversations a day", number_text(std::round(month.conversations_per_day))},
          {"prices", percent_text(month.price_factor)}};
}

const ForecastMonth* month_at(const Forecast& forecast, double place) {
  const double index = std::floor(place);
  if (index < 0 || index >= static_cast<double>(forecast.months.size())) return nullptr;
  return &forecast.months[static_cast<std::size_t>(index)];
}

/// Two digits are as fine as a hand can point.
double two_digits(double value) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.1e", value);
  return std::strtod(digits.data(), nullptr);
}

// The budget is a line with a knob: dragged, it tells in which month it breaks.
void draw_budget_line(Chart& chart, const Budget& budget, std::string_view period, BudgetView& state, double largest,
                      Commands& commands, const Palette& c) {
  chart.level(std::min(budget.usd, chart.y().to), "budget " + usd_text(budget.usd) + " USD " + std::string(period),
              {c.accent, 2, Dash::dashed});
  const double x = chart.x().value_at(0.97);
  const auto grip =
      chart.grip("budget", x, std::min(budget.usd, chart.y().to), "Drag the budget. Its field stands under Budget.");
  if (!grip) {
    state.held.reset();
    return;
  }
  if (!state.held) state.held = largest;
  const double usd = two_digits(std::max(0.0, grip->y));
  if (usd != budget.usd || grip->begins)
    commands.push_back([usd, begins = grip->begins](App& a) { a.slide("budget_usd", usd, begins); });
}

void draw_months(const Forecast& forecast, const std::vector<Flag>& flags, View& view, Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  const Budget* budget = forecast.budget && forecast.budget->monthly ? &*forecast.budget : nullptr;
  double largest = budget != nullptr ? budget->usd : 0;
  for (const ForecastMonth& month : forecast.months) largest = std::max(largest, month.usd.value_or(0));
  largest = view.budget.held.value_or(largest);
  Axis x = counted_axis("month from", 1, static_cast<int>(forecast.months.size()));
  mark_months(x, forecast, 1, look);
  Chart chart(look, std::move(x), amounts_axis("USD a month", largest), {260, flags.empty() ? 0.0F : 20.0F, 0});
  for (const ForecastMonth& month : forecast.months) {
    if (!month.usd) {
      chart.empty_bar(month.month, 0.7, 0, chart.y().to * 0.5, c.line_strong);
      continue;
    }
    chart.bar(month.month, 0.7, 0, *month.usd, c.sum);
    if (budget != nullptr && *month.usd > budget->usd) chart.bar(month.month, 0.7, budget->usd, *month.usd, c.error);
  }
  for (const Flag& flag : flags) chart.flag(flag.month->month - 0.4, flag.number, flag.words);
  if (budget != nullptr) {
    draw_budget_line(chart, *budget, "a month", view.budget, largest, commands, c);
    if (budget->breaks_month) {
      const MonthName name = month_name(forecast.months[static_cast<std::size_t>(*budget->breaks_month - 1)].date);
      chart.upright(*budget->breaks_month - 0.5, "breaks in " + name.whole(), {c.error, 1.5F, Dash::dashed});
    }
  }
  if (const auto& place = chart.pointed())
    if (const ForecastMonth* month = month_at(forecast, place->x - 0.5))
      chart.read(month->month, "Month " + std::to_string(month->month) + ", from " + moment_text(month->date),
                 readings_of(*month, c));
  chart.finish();
}

/// Where a line through points first reaches a height.
std::optional<double> reaches(const std::vector<ChartPoint>& points, double height) {
  for (std::size_t i = 1; i < points.size(); ++i) {
    const ChartPoint& a = points[i - 1];
    const ChartPoint& b = points[i];
    if (!a.y || !b.y) return std::nullopt;
    if (*b.y >= height && *a.y <= height && *b.y > *a.y) return a.x + (height - *a.y) / (*b.y - *a.y) * (b.x - a.x);
  }
  return std::nullopt;
}

void draw_alarms(Chart& chart, const Budget& budget, const std::vector<ChartPoint>& points, const Look& look) {
  for (const BudgetLevel& level : budget.levels) {
    const std::optional<double> x = reaches(points, level.usd);
    if (!x || !level.date) continue;
    chart.ring(*x, level.usd, look.colours().error);
    chart.words(chart.at(*x, level.usd), look.colours().ink,
                percent_text(level.share) + ": " + moment_text(*level.date));
  }
}

void draw_sum(const Forecast& forecast, const std::vector<Flag>& flags, View& view, Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  const Budget* budget = forecast.budget && !forecast.budget->monthly ? &*forecast.budget : nullptr;
  std::vector<ChartPoint> points{{0, 0.0}};
  double largest = budget != nullptr ? budget->usd : 0;
  for (const ForecastMonth& month : forecast.months) {
    points.push_back({static_cast<double>(month.month), month.cumulative_usd});
    largest = std::max(largest, month.cumulative_usd.value_or(0));
  }
  largest = view.budget.held.value_or(largest);
  const int count = static_cast<int>(forecast.months.size());
  Axis x = counted_axis("beginning of the month", 0, count - 1);
  x.from = 0;
  x.to = count;
  mark_months(x, forecast, 0, look);
  Chart chart(look, std::move(x), amounts_axis("USD in all so far", largest), {260, flags.empty() ? 0.0F : 20.0F, 0});
  chart.line(points, {c.accent, 3});
  for (const Flag& flag : flags) chart.flag(flag.month->month - 1, flag.number, flag.words);
  if (budget != nullptr) {
    draw_budget_line(chart, *budget, "in all", view.budget, largest, commands, c);
    draw_alarms(chart, *budget, points, look);
  }
  if (const auto& place = chart.pointed())
    if (const ForecastMonth* month = month_at(forecast, place->x))
      chart.read(month->month, "At the end of month " + std::to_string(month->month), readings_of(*month, c));
  chart.finish();
}

// The first month day by day: a budget for a month sounds its alarms within it.
void draw_first_month(const App& app, const Forecast& forecast, const Look& look) {
  const Budget& budget = *forecast.budget;
  if (!budget.monthly || !budget.month_end_usd) return;
  const Palette& c = look.colours();
  const Scenario& scenario = app.scenario();
  const double days = scenario.value("days_per_month").value_or(30);
  const double passed = scenario.value("days_passed").value_or(0);
  const std::optional<double> spent = budget.from_spending ? scenario.value("spent_usd") : std::nullopt;
  ImGui::Dummy({0, look.px(6)});
  heading(look, "The first month, day by day");
  paragraph("At " + usd_or_unknown(budget.run_rate_usd_per_day) + " USD a day, " +
            (spent ? "the rate of what is spent so far" : "as planned") + ", the month ends at " +
            usd_text(*budget.month_end_usd) + " USD.");
  std::vector<ChartPoint> points{{0, 0.0}};
  if (spent) points.push_back({passed, spent});
  points.push_back({days, budget.month_end_usd});
  Axis x = axis_between(spent ? "day of the month" : "day, from " + moment_text(forecast.months.front().date) + " on",
                        0, days);
  x.words = [](double day) { return number_text(day); };
  Chart chart(look, std::move(x),
              amounts_axis("USD of the first month so far", std::max(budget.usd, *budget.month_end_usd)), {190});
  chart.line(points, {c.accent, 3});
  chart.level(budget.usd, "budget " + usd_text(budget.usd) + " USD", {c.accent, 2, Dash::dashed});
  draw_alarms(chart, budget, points, look);
  if (spent) {
    chart.dot(passed, *spent, c.ink);
    chart.words(chart.at(passed, *spent), c.ink, "today");
  }
  chart.finish();
}

void draw_alarm_list(const Budget& budget, const Look& look) {
  ImGui::Dummy({0, look.px(6)});
  heading(look, budget.monthly ? "Alarms of the first month" : "Alarms of the whole forecast");
  Grid grid;
  grid.columns = {{"Alarm", true}, {"USD", true}, {"sounds on"}, {"day", true, 1}};
  for (const BudgetLevel& level : budget.levels)
    grid.rows.push_back({{percent_text(level.share)},
                         {usd_text(level.usd)},
                         {level.date       ? moment_text(*level.date)
                          : budget.monthly ? "not in this month"
                                           : "not within the forecast"},
                         {level.day ? number_text(*level.day) : ""}});
  (void)draw_grid(look, "alarms", grid);
}

void draw_table(const Forecast& forecast, const Look& look) {
  ImGui::Dummy({0, look.px(6)});
  heading(look, "Month by month");
  Grid grid;
  grid.columns = {{"Month", true, 1},  {"from"},      {"conversations a day", true, 3},
                  {"prices", true, 2}, {"USD", true}, {"USD in all so far", true}};
  for (const ForecastMonth& month : forecast.months) {
    if (forecast.budget && forecast.budget->breaks_month == month.month) grid.strong.push_back(grid.rows.size());
    grid.rows.push_back({{std::to_string(month.month)},
                         {moment_text(month.date)},
                         {number_text(std::round(month.conversations_per_day))},
                         {percent_text(month.price_factor)},
                         {usd_or_unknown(month.usd)},
                         {usd_or_unknown(month.cumulative_usd)}});
  }
  (void)draw_grid(look, "table", grid);
}

// Where a budget may start: the first month or all of them, to one digit.
void offer_budget(const App& app, const Forecast& forecast, const Look& look, Commands& commands) {
  const bool monthly = app.scenario().choice("budget_period") != "forecast";
  const std::optional<double> usd = monthly ? forecast.months.front().usd : forecast.total_usd;
  if (!usd || !(*usd > 0)) return;
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.0e", *usd);
  const double round = std::strtod(digits.data(), nullptr);
  const std::string words = "Set a budget of " + number_text(round) + " USD " + (monthly ? "a month" : "for all of it");
  if (link(look, "set", words))
    commands.push_back([value = exact_text(round)](App& a) { a.set_text("budget_usd", value); });
  tip(look, "Then the days on which half of it, 80\u202f% and all of it is spent stand here.");
}

void draw_links(const App& app, const Forecast& forecast, View& view, Commands& commands) {
  const Look& look = view.look;
  if (!forecast.budget) offer_budget(app, forecast, look, commands);
  constexpr const char* growth = "Inputs of growth and prices";
  constexpr const char* budget = "Inputs of the budget";
  if (!forecast.budget && forecast.months.front().usd) beside_if_it_fits(look, 20, text_size(growth).x);
  if (link(look, "time", growth)) view.open_group = "time";
  beside_if_it_fits(look, 20, text_size(budget).x);
  if (link(look, "budget", budget)) view.open_group = "budget";
}
}  // namespace

void draw_budget(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Answer<Forecast>& answer = app.questions().forecast();
  const Forecast* found = value_of(answer, look);
  if (found == nullptr) return;
  const Forecast& forecast = *found;
  if (forecast.months.empty()) return;
  const Dimmed dimmed(look, answer.is_new());
  const std::vector<Flag> flags = flags_of(forecast);
  draw_verdict(forecast, look);

  const bool for_sum = forecast.budget && !forecast.budget->monthly;
  BudgetPicture& picture = view.budget.picture;
  const bool sum = picture == BudgetPicture::sum || (picture == BudgetPicture::of_the_budget && for_sum);
  if (chip(look, "Month by month", !sum)) picture = BudgetPicture::months;
  ImGui::SameLine(0, look.px(6));
  if (chip(look, "In all so far", sum)) picture = BudgetPicture::sum;
  if (sum)
    draw_sum(forecast, flags, view, commands);
  else
    draw_months(forecast, flags, view, commands);
  if (forecast.budget && sum != for_sum)
    paragraph(for_sum ? "The budget is for the whole time: its line stands in the picture of the sum."
                      : "The budget is for a month: its line stands in the picture of the months.",
              look.colours().muted);
  if (!forecast.budget)
    paragraph("Without a budget there are no alarms, and without growth every month is like the first.",
              look.colours().muted);
  draw_links(app, forecast, view, commands);
  for (const Flag& flag : flags)
    aside(look, flag.number + "  " + month_name(flag.month->date).whole() + ": " + flag.words, look.colours().warn);
  if (forecast.budget) {
    draw_alarm_list(*forecast.budget, look);
    draw_first_month(app, forecast, look);
  }
  draw_table(forecast, look);
}

}  // namespace tokenbill::desktop
