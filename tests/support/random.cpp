#include "support/random.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

using namespace tokenbill;

double Random::count(double most) {
  double limit = 1;
  while (limit < most && chance(0.85)) limit *= 4;
  limit = std::min(limit, most);
  return 1 + static_cast<double>(static_cast<std::int64_t>(unit() * limit));
}

double Random::price() {
  static constexpr double steps[] = {1000, 100, 10, 1};
  const auto digits = static_cast<double>(1 + below(999));
  return digits / steps[below(4)] / 10;
}

namespace {

std::optional<double>& price_of(Prices& prices, TokenClass token_class) {
  return prices[static_cast<std::size_t>(token_class)];
}

Prices some_prices(Random& random, double missing) {
  Prices prices;
  const double input = random.price();
  price_of(prices, TokenClass::input) = input;
  price_of(prices, TokenClass::output) = input * (1 + static_cast<double>(random.below(8)));
  if (random.chance(0.7)) price_of(prices, TokenClass::cache_read) = input / 10;
  if (random.chance(0.4)) price_of(prices, TokenClass::cache_write) = input * 1.25;
  if (random.chance(0.3)) price_of(prices, TokenClass::cache_write_5m) = input * 1.25;
  if (random.chance(0.3)) price_of(prices, TokenClass::cache_write_1h) = input * 2;
  for (const TokenClass token_class :
       {TokenClass::input_image, TokenClass::input_audio, TokenClass::input_video, TokenClass::output_reasoning,
        TokenClass::output_image, TokenClass::output_audio})
    if (random.chance(0.3)) price_of(prices, token_class) = random.price();
  if (random.chance(missing)) price_of(prices, TokenClass::input).reset();
  if (random.chance(missing)) price_of(prices, TokenClass::output).reset();
  return prices;
}

Prices times(Prices prices, double factor) {
  for (std::optional<double>& price : prices)
    if (price) *price *= factor;
  return prices;
}

PriceRow some_row(Random& random, double missing) {
  PriceRow row;
  row.prices = some_prices(random, missing);
  if (random.chance(0.3)) row.cache_storage_usd_per_mtok_hour = random.price();
  if (random.chance(0.6)) {
    const std::uint32_t count = 1 + random.below(static_cast<std::uint32_t>(max_context_tiers));
    double threshold = 0;
    double factor = 1;
    for (std::uint32_t i = 0; i < count; ++i) {
      threshold += random.count(30000);
      factor += random.unit();
      row.context_tiers.push_back({threshold, random.chance(0.5), times(row.prices, factor)});
    }
  }
  if (row.context_tiers.empty() && random.chance(0.6)) {
    Window window;
    window.days = static_cast<std::uint8_t>(1 + random.below(127));
    window.from_minute = static_cast<int>(random.below(1000));
    window.to_minute = window.from_minute + 1 + static_cast<int>(random.below(400));
    window.prices = times(row.prices, 2);
    row.windows.push_back(std::move(window));
  }
  if (random.chance(0.3)) row.fees.push_back({"call", "Call", "request", random.price() / 1000, 0, 0});
  if (random.chance(0.5))
    row.fees.push_back({"web_search", "Web search", "search", random.price() / 100, random.count(10000) - 1, 0});
  row.source = "https://example.com/prices";
  row.checked = Moment{1795132800};
  return row;
}

Model some_model(Random& random, std::uint32_t index) {
  Model model;
  model.id = "model-" + std::to_string(index);
  model.key = "acme/" + model.id;
  model.name = "Model " + std::to_string(index);
  model.capabilities = {"image_input", "audio_input", "video_input", "image_output", "audio_output", "reasoning"};
  if (random.chance(0.5)) model.context_tokens = 1e5 + random.count(1e6);
  if (random.chance(0.5)) model.max_output_tokens = 1000 + random.count(1e5);
  if (random.chance(0.7)) model.tokenizer_ratio = 1 + static_cast<double>(random.below(50)) / 100;
  if (random.chance(0.8)) {
    PrefixCache cache;
    cache.automatic = true;
    cache.minimum_tokens = random.chance(0.5) ? 1024 : 0;
    cache.step_tokens = random.chance(0.5) ? 128 : 1;
    cache.lifetime_minutes.emplace("automatic", 5 + static_cast<double>(random.below(10)));
    if (random.chance(0.5)) cache.lifetime_minutes.emplace("5m", 5);
    if (random.chance(0.5)) cache.lifetime_minutes.emplace("1h", 60);
    model.cache = std::move(cache);
  }
  if (random.chance(0.5))
    model.geographies.push_back({"us", "US only", 1.1, "https://example.com", Moment{1795132800}});
  if (random.chance(0.3)) model.platform_share_ratio = 0.055;
  const double missing = 0.05;
  model.prices.push_back(some_row(random, missing));
  if (random.chance(0.3)) {  // a price change on 1 January 2027
    PriceRow later = some_row(random, missing);
    model.prices.front().until = later.from = Moment{1798761600};
    model.prices.push_back(std::move(later));
  }
  if (random.chance(0.5)) {
    PriceRow batch = model.prices.front();
    batch.tier = ServiceTier::batch;
    batch.prices = times(batch.prices, 0.5);
    for (ContextTier& tier : batch.context_tiers) tier.prices = times(tier.prices, 0.5);
    for (Window& window : batch.windows) window.prices = times(window.prices, 0.5);
    model.prices.push_back(std::move(batch));
  }
  return model;
}

double some_value(Random& random, const Parameter& parameter) {
  if (random.chance(0.1)) return parameter.min;
  if (parameter.scale == Scale::log && parameter.max >= 1000) {
    // Token counts stay below what most models can take, amounts below what most people have.
    const double value = random.count(std::min(parameter.max, 200000.0));
    return random.chance(0.2) ? value + random.unit() : value;
  }
  if (random.chance(0.02)) return parameter.max;
  const double value = random.between(parameter.min, parameter.max);
  return parameter.step == 1 ? static_cast<double>(static_cast<std::int64_t>(value)) : value;
}

}  // namespace

Catalog random_catalog(Random& random) {
  Catalog catalog;
  catalog.as_of = Moment{1795132800};
  catalog.sellers.push_back({"acme", "Acme", "developer", {}});
  const std::uint32_t count = 2 + random.below(4);
  for (std::uint32_t i = 0; i < count; ++i) catalog.models.push_back(some_model(random, i));
  return catalog;
}

Scenario random_scenario(Random& random, const Catalog& catalog) {
  Scenario scenario;
  scenario.model = catalog.models[random.below(static_cast<std::uint32_t>(catalog.models.size()))].key;
  if (random.chance(0.2)) scenario.date = Moment{1798761600 - 43200 + 86400 * std::int64_t{random.below(2)}};
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& parameter = parameters()[i];
    // What is off unless it is described is described in few scenarios, so that most still hang together.
    static constexpr std::string_view common[] = {"demand",    "prompt",         "caching", "price",       "failures",
                                                  "overheads", "infrastructure", "people",  "contingency", "one_time"};
    if (std::none_of(std::begin(common), std::end(common), [&](auto group) { return group == parameter.group; }) &&
        random.chance(0.9))
      continue;
    if (random.chance(parameter.group == "caching" || parameter.id == "static_prefix_tokens" ? 0.25 : 0.5)) continue;
    if (parameter.kind == ParameterKind::reference) {
      // The catalog has chat models alone.
      if (parameter.what != "chat" || random.chance(0.5)) continue;
      scenario.references[i] = catalog.models[random.below(static_cast<std::uint32_t>(catalog.models.size()))].key;
    } else if (parameter.kind == ParameterKind::choice) {
      const auto option = random.below(static_cast<std::uint32_t>(parameter.options.size()));
      // Most models have few service tiers; a scenario that none can serve shows little.
      if (parameter.id == "service_tier" && option > 1) continue;
      scenario.values[i] = static_cast<double>(option);
    } else {
      const bool rare = parameter.group == "media";
      if (rare && random.chance(0.6)) continue;
      scenario.values[i] = std::min(parameter.max, std::max(parameter.min, some_value(random, parameter)));
    }
  }
  return scenario;
}
