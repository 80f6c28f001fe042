#include "support/shop.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace tokenbill;

bool same(double a, double b) { return std::abs(a - b) <= 1e-12 * std::abs(b); }
bool same(const std::optional<double>& a, double b) { return a && same(*a, b); }

Prices prices_of(Listed prices) {
  Prices all;
  for (const auto& [token_class, usd] : prices) all[static_cast<std::size_t>(token_class)] = usd;
  return all;
}

PriceRow row_of(Listed prices, ServiceTier tier) {
  PriceRow row;
  row.tier = tier;
  row.prices = prices_of(prices);
  row.source = "https://example.com/prices";
  row.checked = Moment{1795132800};
  return row;
}

Model model_of(std::string id, Listed prices) {
  Model model;
  model.id = std::move(id);
  model.key = "acme/" + model.id;
  model.name = model.id;
  model.capabilities = {"image_input", "audio_input", "video_input", "image_output", "audio_output", "reasoning"};
  model.prices.push_back(row_of(prices));
  return model;
}

Model model_of(std::string id, double input, double output) {
  return model_of(std::move(id), {{TokenClass::input, input}, {TokenClass::output, output}});
}

PrefixCache cache_of(std::initializer_list<std::pair<std::string, double>> lifetimes) {
  PrefixCache cache;
  cache.automatic = true;
  for (const auto& [id, minutes] : lifetimes) cache.lifetime_minutes.emplace(id, minutes);
  return cache;
}

Catalog catalog_of(std::vector<Model> models) {
  Catalog catalog;
  catalog.as_of = Moment{1795132800};
  catalog.sellers.push_back({"acme", "Acme", "developer", {}});
  catalog.models = std::move(models);
  return catalog;
}

Scenario scenario_of(std::string_view id, Given given) {
  Scenario scenario;
  scenario.model = "acme/" + std::string(id);
  for (const auto& [parameter, text] : given) {
    const auto error = scenario.set(parameter, text);
    if (error) FAIL_CHECK(to_text(*error));
  }
  return scenario;
}

Scenario bare(std::string_view id, Given given) {
  static constexpr std::string_view nothing[] = {"failure_ratio",     "evaluation_ratio",  "monitoring_ratio",
                                                 "experiments_ratio", "staging_ratio",     "people_fte",
                                                 "contingency_ratio", "development_months"};
  Scenario scenario = scenario_of(id);
  for (const std::string_view parameter : nothing) (void)scenario.set_number(parameter, 0);
  (void)scenario.set_number("turns_per_conversation", 1);
  for (const auto& [parameter, text] : given) {
    const auto error = scenario.set(parameter, text);
    if (error) FAIL_CHECK(to_text(*error));
  }
  return scenario;
}

const Engine& engine() {
  static const Result<Engine> made = Engine::create();
  REQUIRE(made.ok());
  return made.value();
}

Bill bill_of(const Catalog& catalog, const Scenario& scenario) {
  Result<Bill> bill = engine().estimate(catalog, scenario, today);
  if (!bill) {
    FAIL_CHECK(to_text(bill.error()));
    return {};
  }
  return std::move(bill).value();
}

std::optional<double> amount_of(const Bill& bill, std::string_view id) {
  for (const BillItem& item : bill.items)
    if (item.id == id) return item.usd_per_month;
  for (const Figure& figure : bill.figures)
    if (figure.id == id) return figure.value;
  for (const BillInput& input : bill.inputs)
    if (input.id == id) return input.value;
  FAIL_CHECK("the bill has no figure " << std::string(id));
  return std::nullopt;
}

std::optional<double> usd_a_month(const Catalog& catalog, const Scenario& scenario) {
  return bill_of(catalog, scenario).per_month;
}
