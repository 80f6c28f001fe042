#include "tokenbill/forecast.h"

#include <algorithm>
#include <functional>

#include "order.h"
#include "tokenbill/format.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

namespace {
constexpr std::int64_t day_seconds = 86400;

Moment after_days(Moment from, double days) {
  return Moment{from.seconds + static_cast<std::int64_t>(days) * day_seconds};
}

/// The same day of a later month; the last one of a month that is too short.
Moment after_months(Moment from, int months) {
  const std::string text = moment_text(from);
  const auto number = [&](std::size_t at, std::size_t count) {
    int value = 0;
    for (const char digit : text.substr(at, count)) value = value * 10 + (digit - '0');
    return value;
  };
  const int year = number(0, 4);
  const int month = number(5, 2) - 1 + months;
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::string to = std::to_string(year + month / 12) + "-" + two(month % 12 + 1) + "-";
  for (int day = number(8, 2); day > 0; --day)
    if (const Result<Moment> moment = parse_moment(to + two(day)); moment) return *moment;
  return from;
}

/// x^n by multiplication: the same bits everywhere.
double power(double x, int n) {
  double product = 1;
  for (int i = 0; i < n; ++i) product *= x;
  return product;
}

std::string price_text(const PriceRow& row, TokenClass token_class) {
  const auto price = resolve(row.prices, token_class);
  return price ? usd_text(*price) : "unknown";
}

/// Dates within (from, to) on which another row comes into force.
std::vector<Moment> changes(const Model& model, ServiceTier tier, Moment from, Moment to) {
  std::vector<Moment> dates;
  for (const PriceRow& row : model.prices) {
    if (row.tier != tier) continue;
    for (const std::optional<Moment>& edge : {row.from, row.until})
      if (edge && *edge > from && *edge < to) dates.push_back(*edge);
  }
  sort_stably(dates, std::less<Moment>());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  return dates;
}

void tell_change(const PriceRow* before, const PriceRow* now, Moment date, std::vector<Notice>& notices) {
  if (before == now) return;
  if (now == nullptr) {
    notices.push_back({"price_step", "From " + moment_text(date) + " on no price is known."});
    return;
  }
  std::string text = "From " + moment_text(date) + " on: ";
  if (before != nullptr && before->status == PriceStatus::promotional) text = "A promotion ends. " + text;
  const auto step = [&](std::string_view name, TokenClass token_class) {
    const std::string to = price_text(*now, token_class);
    const std::string from = before != nullptr ? price_text(*before, token_class) : "unknown";
    return std::string(name) + (from == to ? " " + to : " " + from + " to " + to);
  };
  text += step("input", TokenClass::input) + ", " + step("output", TokenClass::output) + " USD per million tokens.";
  if (now->status == PriceStatus::announced) text += " Announced.";
  notices.push_back({"price_step", std::move(text)});
}

std::optional<double> add(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

Budget budget_of(const Scenario& scenario, const Forecast& forecast, double usd) {
  Budget budget;
  budget.usd = usd;
  budget.monthly = scenario.choice("budget_period") == "month";
  const double days = scenario.value("days_per_month").value_or(30);
  const double passed = scenario.value("days_passed").value_or(0);
  const std::optional<double> spent = scenario.value("spent_usd");
  const ForecastMonth& first = forecast.months.front();
  budget.from_spending = spent && passed > 0;
  if (budget.from_spending)
    budget.run_rate_usd_per_day = *spent / passed;
  else if (first.usd)
    budget.run_rate_usd_per_day = *first.usd / days;
  const double already = budget.from_spending ? *spent : 0;
  const double gone = budget.from_spending ? passed : 0;
  if (budget.run_rate_usd_per_day)
    budget.month_end_usd = already + *budget.run_rate_usd_per_day * std::max(0.0, days - gone);
  const Moment start = after_days(first.date, -gone);

  for (const double share : {0.5, 0.8, 1.0}) {
    BudgetLevel level{share, share * usd, std::nullopt, std::nullopt};
    if (budget.monthly && budget.run_rate_usd_per_day && *budget.run_rate_usd_per_day > 0) {
      const double day = std::max(1.0, round_up(level.usd / *budget.run_rate_usd_per_day));
      if (day <= days) level.day = day;
    }
    for (std::size_t k = 0; !budget.monthly && k < forecast.months.size(); ++k) {
      const ForecastMonth& month = forecast.months[k];
      if (!month.usd || !month.cumulative_usd) break;
      if (*month.cumulative_usd < level.usd) continue;
      const double before = k == 0 ? 0 : *forecast.months[k - 1].cumulative_usd;
      const double day = *month.usd > 0 ? std::max(1.0, round_up((level.usd - before) / (*month.usd / days))) : 1;
      level.day = static_cast<double>(k) * days + std::min(day, days);
      level.date = after_days(month.date, std::min(day, days) - 1);
      break;
    }
    if (budget.monthly && level.day) level.date = after_days(start, *level.day - 1);
    budget.levels.push_back(level);
  }
  for (const ForecastMonth& month : forecast.months) {
    const std::optional<double>& held = budget.monthly ? month.usd : month.cumulative_usd;
    if (!held || !(*held > usd)) continue;
    budget.breaks_month = month.month;
    break;
  }
  return budget;
}
}  // namespace

Result<Forecast> forecast(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today) {
  const Result<const Model*> model = catalog.find_model(scenario.model);
  if (!model) return model.error();
  const ServiceTier tier = service_tier_of(scenario.choice("service_tier")).value_or(ServiceTier::standard);
  const Moment start = scenario.date.value_or(today);
  const int months = static_cast<int>(scenario.value("forecast_months").value_or(12));
  const int every = std::max(1, static_cast<int>(scenario.value("replatform_months").value_or(12)));
  const double growth = scenario.value("growth_ratio").value_or(0);
  const double decline = scenario.value("price_decline_ratio").value_or(0);
  const double amortisation = scenario.value("amortisation_months").value_or(12);
  const double conversations = scenario.value("conversations_per_day").value_or(0);
  const double development = scenario.value("development_months").value_or(0);

  Forecast result;
  std::optional<double> sum = 0.0;
  std::optional<double> first_inference;
  const std::optional<double> limit = scenario.value("spending_limit_usd_per_month");
  bool limit_told = false;
  const PriceRow* row_before = row_at(**model, tier, start);
  for (int k = 0; k < months; ++k) {
    ForecastMonth month;
    month.month = k + 1;
    month.date = after_months(start, k);
    const Moment end = after_months(start, k + 1);
    month.conversations_per_day = conversations * power(1 + growth, k);
    const int moves = k / every;
    // (1 - d)^(n/12) for each move: the decline of the months between two of them.
    if (decline > 0) month.price_factor = decay_of(natural_log(1 / (1 - decline)) * moves * every / 12.0);
    if (decline > 0 && moves > 0 && k % every == 0)
      month.notices.push_back(
          {"replatform", "Move to a newer model: prices at " + percent_text(month.price_factor) + " of today's."});

    // The parts of the month between two changes of price, by their days.
    std::vector<Moment> edges = changes(**model, tier, month.date, end);
    edges.insert(edges.begin(), month.date);
    edges.push_back(end);
    month.usd = 0;
    const double length = static_cast<double>(end.seconds - month.date.seconds);
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
      const PriceRow* row = row_at(**model, tier, edges[i]);
      tell_change(row_before, row, edges[i], month.notices);
      row_before = row;
      Scenario part = scenario;
      part.date = edges[i];
      Result<Engine::Priced> priced = engine.price(catalog, part, today);
      if (!priced) return priced.error();
      if (priced->status == Status::ok) {
        priced->put("conversations_per_day", month.conversations_per_day);
        priced->put("price_factor", month.price_factor);
        if (auto error = engine.reprice(*priced)) return *std::move(error);
      }
      const std::optional<double> inference = priced->figure("inference_per_month");
      if (!first_inference) first_inference = inference;
      if (limit && !limit_told && inference && *inference > *limit) {
        month.notices.push_back({"limit", "Inference is " + usd_text(*inference) +
                                              " USD a month, more than the seller's limit of " + usd_text(*limit) +
                                              "."});
        limit_told = true;
      }
      // One-time work was done once, at the first month's cost, and is paid off after the months it is spread over.
      if (priced->status == Status::ok && (k > 0 || i > 0)) {
        const bool paid_off = k >= amortisation;
        if (inference && *inference > 0 && first_inference)
          priced->put("development_months", paid_off ? 0 : development * *first_inference / *inference);
        if (paid_off) priced->put("amortisation_months", 1e18);
        if (auto error = engine.reprice(*priced)) return *std::move(error);
      }
      const std::optional<double> total = priced->figure("total");
      const double share = static_cast<double>(edges[i + 1].seconds - edges[i].seconds) / length;
      if (!total && !priced->reason.empty()) month.notices.push_back({"unknown", priced->reason});
      month.usd = total && month.usd ? std::optional(*month.usd + *total * share) : std::nullopt;
    }
    if ((*model)->retires && *(*model)->retires >= month.date && *(*model)->retires < end)
      month.notices.push_back({"retires", "The seller retires this model on " + moment_text(*(*model)->retires) + "."});
    sum = add(sum, month.usd);
    month.cumulative_usd = sum;
    result.months.push_back(std::move(month));
  }
  result.total_usd = sum;
  if (const std::optional<double> usd = scenario.value("budget_usd")) result.budget = budget_of(scenario, result, *usd);
  return result;
}

}  // namespace tokenbill
