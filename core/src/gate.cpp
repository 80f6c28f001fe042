#include "tokenbill/gate.h"

#include <algorithm>
#include <utility>

#include "tokenbill/forecast.h"
#include "tokenbill/format.h"

namespace tokenbill {

std::string_view gate_verdict_id(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::within:
      return "within";
    case GateVerdict::above:
      return "above";
    case GateVerdict::unknown:
      return "unknown";
  }
  return "";
}

namespace {
GateVerdict against(const std::optional<double>& amount, const std::optional<double>& limit) {
  if (!limit) return GateVerdict::within;
  if (!amount) return GateVerdict::unknown;
  return *amount > *limit ? GateVerdict::above : GateVerdict::within;
}

std::optional<double> percentile_of(const Outcome& outcome, int percentile) {
  if (outcome.count == 0) return std::nullopt;
  for (std::size_t i = 0; i < told_percentiles.size(); ++i)
    if (told_percentiles[i] == percentile) return outcome.percentiles[i];
  return std::nullopt;
}

std::optional<Error> take_percentile(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                     Moment today, const GateSpec& spec, GateLine& line) {
  RangeSpec range;
  range.samples = spec.samples;
  range.seed = spec.seed;
  range.assumptions = spec.assumptions;
  const Result<Ranges> ranges = find_ranges(engine, catalog, scenario, today, range);
  if (!ranges) return ranges.error();
  const std::string draws = number_text(static_cast<double>(ranges->impossible)) + " of " +
                            number_text(static_cast<double>(ranges->samples)) + " draws have no bill";
  const double served = static_cast<double>(ranges->samples - ranges->impossible);
  // Draws without a bill count as the dearest: where they reach down to the percentile, it is not known.
  if (served * 100 < static_cast<double>(ranges->samples) * *spec.percentile) {
    line.usd_per_month = line.usd_per_request = std::nullopt;
    line.note = draws + ", so that the percentile is not known.";
    return std::nullopt;
  }
  if (ranges->impossible > 0) line.note = draws + ".";
  line.usd_per_month = percentile_of(ranges->outcome, *spec.percentile);
  const auto request = std::find_if(ranges->figures.begin(), ranges->figures.end(),
                                    [](const FigureRange& figure) { return figure.id == "total_per_request"; });
  line.usd_per_request =
      request == ranges->figures.end() ? std::nullopt : percentile_of(request->outcome, *spec.percentile);
  return std::nullopt;
}

std::optional<Error> take_dearest_month(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                        Moment today, GateLine& line) {
  const Result<Forecast> ahead = forecast(engine, catalog, scenario, today);
  if (!ahead) return ahead.error();
  const ForecastMonth* dearest = nullptr;
  for (const ForecastMonth& month : ahead->months) {
    if (!month.usd) {
      line.usd_per_month = std::nullopt;
      line.note = "What month " + std::to_string(month.month) + " of the forecast costs is not known.";
      return std::nullopt;
    }
    if (dearest == nullptr || *month.usd > *dearest->usd) dearest = &month;
  }
  if (dearest == nullptr) return std::nullopt;
  line.usd_per_month = dearest->usd;
  line.note = "Month " + std::to_string(dearest->month) + " of the forecast, from " + moment_text(dearest->date) +
              ", is the dearest.";
  return std::nullopt;
}

Result<GateLine> line_of(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today,
                         const GateSpec& spec) {
  Result<Bill> bill = engine.estimate(catalog, scenario, today);
  if (!bill) return bill.error();
  GateLine line;
  line.name = scenario.name;
  line.model = bill->model->key;
  line.date = bill->date;
  line.status = bill->status;
  line.problem = std::move(bill->problem);
  line.usd_per_month = bill->per_month;
  line.usd_per_request = bill->per_request;
  if (line.status != Status::ok) return line;
  std::optional<Error> error;
  if (spec.percentile)
    error = take_percentile(engine, catalog, scenario, today, spec, line);
  else if (spec.forecast)
    error = take_dearest_month(engine, catalog, scenario, today, line);
  if (error) return *std::move(error);
  line.request_verdict = against(line.usd_per_request, spec.usd_per_request);
  return line;
}

std::string sentence_of(const Gate& gate, GateVerdict month) {
  const GateSpec& spec = gate.spec;
  std::string text;
  if (spec.usd_per_month) {
    const std::string budget = "the budget of " + usd_text(*spec.usd_per_month) + " USD a month";
    if (month == GateVerdict::unknown)
      text = "What a month costs is not known, so it is not within " + budget + ".";
    else
      text = usd_text(*gate.usd_per_month) + " USD a month " +
             (month == GateVerdict::within ? "are within " : "are above ") + budget + ", " +
             usd_text(month == GateVerdict::within ? *gate.left_usd : -*gate.left_usd) +
             (month == GateVerdict::within ? " USD are left." : " USD too much.");
  }
  if (spec.usd_per_request) {
    const std::string limit = usd_text(*spec.usd_per_request) + " USD a request";
    std::size_t above = 0, unknown = 0;
    for (const GateLine& line : gate.lines) {
      above += line.request_verdict == GateVerdict::above ? 1 : 0;
      unknown += line.request_verdict == GateVerdict::unknown ? 1 : 0;
    }
    const auto scenarios = [](std::size_t count) {
      return number_text(static_cast<double>(count)) + (count == 1 ? " scenario is " : " scenarios are ");
    };
    if (!text.empty()) text += " ";
    if (above + unknown == 0) text += "No scenario is above " + limit + ".";
    if (above > 0) text += scenarios(above) + "above " + limit + ".";
    if (above > 0 && unknown > 0) text += " ";
    if (unknown > 0) text += scenarios(unknown) + "not known to be within " + limit + ".";
  }
  return text;
}
}  // namespace

Result<Gate> check_budget(const Engine& engine, const Catalog& catalog, std::span<const Scenario> scenarios,
                          Moment today, const GateSpec& spec) {
  if (!spec.usd_per_month && !spec.usd_per_request)
    return Error{Code::bad_value, "budget", "no budget is given.", "Say what a month or a request may cost."};
  if (spec.percentile && spec.forecast)
    return Error{Code::inconsistent, "forecast", "a percentile of the forecast is not known here.",
                 "Ask for the percentile or for the forecast."};
  if (spec.percentile &&
      std::find(told_percentiles.begin(), told_percentiles.end(), *spec.percentile) == told_percentiles.end())
    return Error{Code::out_of_range, "percentile",
                 "expected 5, 10, 25, 50, 75, 90 or 95; found " + std::to_string(*spec.percentile) + ".", ""};

  Gate gate;
  gate.spec = spec;
  bool known = true;
  double sum = 0;
  for (const Scenario& scenario : scenarios) {
    Result<GateLine> line = line_of(engine, catalog, scenario, today, spec);
    if (!line) return line.error();
    if (line->status != Status::ok && spec.usd_per_request) line->request_verdict = GateVerdict::unknown;
    known = known && line->usd_per_month.has_value();
    sum += line->usd_per_month.value_or(0);
    gate.lines.push_back(std::move(line).value());
  }
  if (known) gate.usd_per_month = sum;
  if (known && spec.usd_per_month) {
    gate.left_usd = *spec.usd_per_month - sum;
    if (*spec.usd_per_month > 0) gate.share = sum / *spec.usd_per_month;
  }
  const GateVerdict month = against(gate.usd_per_month, spec.usd_per_month);
  gate.verdict = month;
  for (const GateLine& line : gate.lines) gate.verdict = std::max(gate.verdict, line.request_verdict);
  gate.sentence = sentence_of(gate, month);
  return gate;
}

}  // namespace tokenbill
