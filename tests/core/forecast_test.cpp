// Months ahead, worked by hand: growth, dated prices, moves to newer models, one-time work, budgets.
// 12,000 conversations a day at a cent are 120 USD a day and 3,600 a month of 30 days.

#include "tokenbill/forecast.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

Moment day(std::string_view text) { return parse_moment(text).value(); }

Scenario feature(Given given = {}) {
  Scenario s = bare("m", {{"conversations_per_day", "12000"}, {"forecast_months", "12"}});
  s.date = day("2027-01-01");
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

Catalog shop() { return catalog_of({model_of("m", 2.5, 10)}); }

Forecast months_of(const Catalog& catalog, const Scenario& scenario) {
  Result<Forecast> result = forecast(engine(), catalog, scenario, today);
  if (!result) FAIL(to_text(result.error()));
  return std::move(result).value();
}

bool tells(const ForecastMonth& month, std::string_view kind) {
  return std::any_of(month.notices.begin(), month.notices.end(), [&](const Notice& n) { return n.kind == kind; });
}

// 0.75 and 3.75 until the end of 2026, then the double.
Catalog promotion() {
  Model model = model_of("m", 0.75, 3.75);
  model.prices.push_back(row_of({{TokenClass::input, 1.5}, {TokenClass::output, 7.5}}));
  model.prices[0].status = PriceStatus::promotional;
  model.prices[0].until = model.prices[1].from = day("2027-01-01");
  return catalog_of({model});
}

// 400 million tokens in and 60 million out in a month: 525 USD, then 1,050.
Scenario promoted(std::string_view start, Given given = {}) {
  Scenario s = feature({{"conversations_per_day", "1000"},
                        {"days_per_month", "1"},
                        {"prompt_tokens", "400000"},
                        {"output_tokens", "60000"}});
  s.date = day(start);
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

}  // namespace

TEST_CASE("months follow one another from the scenario's date, and their sum grows with them") {
  const Forecast f = months_of(shop(), feature({{"forecast_months", "3"}}));
  REQUIRE(f.months.size() == 3);
  CHECK(f.months[0].date == day("2027-01-01"));
  CHECK(f.months[1].date == day("2027-02-01"));
  CHECK(f.months[2].date == day("2027-03-01"));
  CHECK(f.months[2].month == 3);
  for (const ForecastMonth& month : f.months) CHECK(same(month.usd, 3600));
  CHECK(same(f.months[2].cumulative_usd, 10800));
  CHECK(same(f.total_usd, 10800));
}

TEST_CASE("a month that is too short begins on its last day") {
  Scenario s = feature({{"forecast_months", "3"}});
  s.date = day("2028-01-31");
  const Forecast f = months_of(shop(), s);
  CHECK(f.months[1].date == day("2028-02-29"));
  CHECK(f.months[2].date == day("2028-03-31"));
}

TEST_CASE("growth: month k has (1 + g)^k of the conversations; what does not depend on them stays") {
  const Forecast f = months_of(shop(), feature({{"growth_ratio", "0.5"}, {"observability_usd", "100"}}));
  CHECK(same(f.months[0].usd, 3700));
  CHECK(same(f.months[1].usd, 5500));
  CHECK(same(f.months[2].usd, 3600 * 2.25 + 100));
  CHECK(same(f.months[11].conversations_per_day, 12000 * std::pow(1.5, 11)));
}

TEST_CASE("a decline of prices comes in steps, when the feature moves to a newer model") {
  const Forecast f = months_of(
      shop(), feature({{"forecast_months", "25"}, {"price_decline_ratio", "0.4"}, {"replatform_months", "12"}}));
  for (std::size_t k = 0; k < 12; ++k) CHECK(same(f.months[k].usd, 3600));
  CHECK(same(f.months[12].usd, 3600 * 0.6));
  CHECK(same(f.months[23].usd, 3600 * 0.6));
  CHECK(same(f.months[24].usd, 3600 * 0.36));
  CHECK(tells(f.months[12], "replatform"));
  CHECK_FALSE(tells(f.months[13], "replatform"));
  // Moves every six months take a half year's decline each: 0.6^(1/2)
  const Forecast half = months_of(shop(), feature({{"price_decline_ratio", "0.4"}, {"replatform_months", "6"}}));
  CHECK(same(half.months[6].usd, 3600 * std::sqrt(0.6)));
}

TEST_CASE("a decline of prices does not make fees and people cheaper") {
  Catalog catalog = shop();
  catalog.models[0].prices[0].fees.push_back({"call", "Call", "request", 0.005, 0, 0, 0});
  const Forecast f = months_of(catalog, feature({{"forecast_months", "13"},
                                                 {"price_decline_ratio", "0.5"},
                                                 {"people_fte", "1"},
                                                 {"person_usd_per_year", "12000"}}));
  CHECK(same(f.months[12].usd, 3600 * 0.5 + 1800 + 1000));
}

TEST_CASE("a promotion that ends: the step is in its month") {
  const Forecast f = months_of(promotion(), promoted("2026-11-01", {{"forecast_months", "4"}}));
  CHECK(same(f.months[0].usd, 525));
  CHECK(same(f.months[1].usd, 525));
  CHECK(same(f.months[2].usd, 1050));
  CHECK(same(f.months[3].usd, 1050));
  CHECK_FALSE(tells(f.months[1], "price_step"));
  CHECK(tells(f.months[2], "price_step"));
  CHECK_FALSE(tells(f.months[3], "price_step"));
}

TEST_CASE("a promotion that ends within a month: its days are priced before and after") {
  // From 17 December to 16 January are 31 days, 15 of them in the old year.
  const Forecast f = months_of(promotion(), promoted("2026-12-17", {{"forecast_months", "2"}}));
  CHECK(same(f.months[0].usd, (525.0 * 15 + 1050.0 * 16) / 31));
  CHECK(same(f.months[1].usd, 1050));
  CHECK(tells(f.months[0], "price_step"));
}

TEST_CASE("after the last known price a month is unknown, and so is every sum with it") {
  Catalog catalog = shop();
  catalog.models[0].prices[0].until = day("2027-03-01");
  const Forecast f = months_of(catalog, feature({{"forecast_months", "4"}}));
  CHECK(f.months[1].usd.has_value());
  CHECK_FALSE(f.months[2].usd.has_value());
  CHECK_FALSE(f.months[3].cumulative_usd.has_value());
  CHECK_FALSE(f.total_usd.has_value());
  CHECK(tells(f.months[2], "unknown"));
}

TEST_CASE("one-time work is done once, at the first month's cost, and paid off") {
  // 3,000 and twice the first month's 3,600, over three months: 3,400 in each of them.
  const Forecast f = months_of(shop(), feature({{"growth_ratio", "1"},
                                                {"development_usd", "3000"},
                                                {"development_months", "2"},
                                                {"amortisation_months", "3"}}));
  CHECK(same(f.months[0].usd, 3600 + 3400));
  CHECK(same(f.months[1].usd, 7200 + 3400));
  CHECK(same(f.months[2].usd, 14400 + 3400));
  CHECK(same(f.months[3].usd, 28800));
}

TEST_CASE("a budget of a month: the days on which half, four fifths and all of it are used") {
  const Forecast f = months_of(shop(), feature({{"budget_usd", "3000"}}));
  REQUIRE(f.budget.has_value());
  REQUIRE(f.budget->levels.size() == 3);
  CHECK(f.budget->levels[0].day == 13);  // 1,500 / 120 = 12.5
  CHECK(f.budget->levels[1].day == 20);  // 2,400 / 120
  CHECK(f.budget->levels[2].day == 25);  // 3,000 / 120
  CHECK(f.budget->levels[0].date == day("2027-01-13"));
  CHECK(same(f.budget->run_rate_usd_per_day, 120));
  CHECK(same(f.budget->month_end_usd, 3600));
  CHECK(f.budget->breaks_month == 1);
}

TEST_CASE("a budget that is not reached has no day") {
  const Forecast f = months_of(shop(), feature({{"budget_usd", "4000"}}));
  CHECK(f.budget->levels[0].day == 17);  // 2,000 / 120 = 16.7
  CHECK_FALSE(f.budget->levels[2].day.has_value());
  CHECK_FALSE(f.budget->breaks_month.has_value());
  CHECK_FALSE(months_of(shop(), feature()).budget.has_value());
}

TEST_CASE("with growth the budget breaks in a later month") {
  // 3,600, 4,320, 5,184, 6,220.8
  const Forecast f = months_of(shop(), feature({{"budget_usd", "6000"}, {"growth_ratio", "0.2"}}));
  CHECK(f.budget->breaks_month == 4);
}

TEST_CASE("spending so far replaces the plan as the run rate") {
  // 1,000 in 10 days are 100 a day: 3,000 at the end; half of 3,000 on day 15
  const Forecast f = months_of(shop(), feature({{"budget_usd", "3000"}, {"spent_usd", "1000"}, {"days_passed", "10"}}));
  CHECK(f.budget->from_spending);
  CHECK(same(f.budget->month_end_usd, 3000));
  CHECK(f.budget->levels[0].day == 15);
  CHECK(f.budget->levels[1].day == 24);
  CHECK(f.budget->levels[2].day == 30);
}

TEST_CASE("a budget for the whole forecast is used up in the month in which the sum reaches it") {
  // 10,000 of 3,600 a month: half (5,000) in the second month on its day 12 (1,400 / 120 = 11.7), 8,000 in the third
  // on day 7 (800 / 120 = 6.7), all on day 24 of it (2,800 / 120 = 23.3).
  const Forecast f = months_of(shop(), feature({{"budget_usd", "10000"}, {"budget_period", "forecast"}}));
  CHECK(f.budget->levels[0].date == day("2027-02-12"));
  CHECK(f.budget->levels[0].day == 42);
  CHECK(f.budget->levels[1].date == day("2027-03-07"));
  CHECK(f.budget->levels[2].date == day("2027-03-24"));
  CHECK(f.budget->breaks_month == 3);
}

TEST_CASE("a model that is not known, or cannot serve, has no forecast") {
  Scenario s = feature();
  s.model = "acme/nobody";
  CHECK_FALSE(forecast(engine(), shop(), s, today).ok());
  Catalog small = shop();
  small.models[0].context_tokens = 100;
  const Forecast f = months_of(small, feature());
  CHECK_FALSE(f.total_usd.has_value());
  CHECK_FALSE(f.months[0].usd.has_value());
}

TEST_CASE("the first month above a seller's spending limit is told, once") {
  // 3,600 USD, a tenth more each month: 3,600, 3,960, 4,356, 4,791.6
  const Forecast f = months_of(shop(), feature({{"growth_ratio", "0.1"}, {"spending_limit_usd_per_month", "4000"}}));
  CHECK_FALSE(tells(f.months[1], "limit"));
  CHECK(tells(f.months[2], "limit"));
  CHECK_FALSE(tells(f.months[3], "limit"));
}
