#include "tokenbill/bind.h"

#include <algorithm>
#include <cmath>

#include "tokenbill/format.h"

namespace tokenbill {

namespace {
constexpr std::string_view origin_ids[] = {"user", "default", "assumption", "seller", "derived"};
constexpr std::string_view status_ids[] = {"ok", "unpriced", "impossible", "unsuitable"};

/// "x > below(t)" is "x >= t".
double just_below(double threshold) { return std::nextafter(threshold, 0.0); }

bool has(const Model& model, std::string_view capability) {
  return std::find(model.capabilities.begin(), model.capabilities.end(), capability) != model.capabilities.end();
}

std::optional<double> lifetime(const Model& model, std::string_view id) {
  if (!model.cache) return std::nullopt;
  const auto found = model.cache->lifetime_minutes.find(id);
  if (found == model.cache->lifetime_minutes.end()) return std::nullopt;
  return found->second;
}

struct CacheChoice {
  bool on = false;
  bool stored = false;
  double lifetime_minutes = 0;
  TokenClass write_class = TokenClass::cache_write;
  std::string notice;
};

TokenClass write_class_of(std::string_view lifetime_id) {
  if (lifetime_id == "5m") return TokenClass::cache_write_5m;
  if (lifetime_id == "30m") return TokenClass::cache_write_30m;
  if (lifetime_id == "1h") return TokenClass::cache_write_1h;
  return TokenClass::cache_write;
}

CacheChoice choose_cache(const Model& model, const PriceRow& row, std::string_view wanted) {
  CacheChoice choice;
  if (wanted == "off") return choice;
  if (!model.cache || model.cache->lifetime_minutes.empty()) {
    choice.notice = model.name + " has no prefix cache in the catalog: the prompt is priced without one.";
    return choice;
  }
  choice.on = true;
  if (wanted == "stored") {
    if (row.cache_storage_usd_per_mtok_hour) {
      choice.stored = true;
      return choice;
    }
    choice.notice = model.name + " sells no cache by the hour: priced as the seller caches by itself.";
  } else if (wanted != "automatic") {
    if (const auto minutes = lifetime(model, wanted)) {
      choice.lifetime_minutes = *minutes;
      choice.write_class = write_class_of(wanted);
      return choice;
    }
    choice.notice = model.name + " does not offer this lifetime: priced as the seller caches by itself.";
  }
  for (const std::string_view id : {"automatic", "5m", "30m", "1h"}) {
    if (const auto minutes = lifetime(model, id)) {
      choice.lifetime_minutes = *minutes;
      choice.write_class = write_class_of(id);
      return choice;
    }
  }
  return choice;
}

const Fee* fee_of(const PriceRow& row, std::string_view id) {
  const auto found = std::find_if(row.fees.begin(), row.fees.end(), [&](const Fee& fee) { return fee.id == id; });
  return found == row.fees.end() ? nullptr : &*found;
}

/// A fee that every request pays. A search that is sold by the request (a grounded prompt) is not one.
bool is_paid_by_request(const Fee& fee) { return fee.per == "request" && fee.id != "web_search"; }
}  // namespace

std::string_view origin_id(Origin origin) { return origin_ids[static_cast<std::size_t>(origin)]; }
std::string_view status_id(Status status) { return status_ids[static_cast<std::size_t>(status)]; }

PriceInputs::PriceInputs(const Plan& plan) {
  // One pass over the inputs, reading the ids that price_input_id writes: "price.<class>[.peak][.tier<level>]".
  for (std::size_t i = 0; i < plan.inputs().size(); ++i) {
    std::string_view id = plan.inputs()[i].id;
    if (!id.starts_with("price.")) continue;
    id.remove_prefix(std::string_view("price.").size());
    std::size_t level = 0;
    if (const std::size_t tier = id.rfind(".tier"); tier != std::string_view::npos) {
      level = static_cast<std::size_t>(id.back() - '0');
      id = id.substr(0, tier);
    }
    const bool peak = id.ends_with(".peak");
    if (peak) id.remove_suffix(std::string_view(".peak").size());
    if (const auto token_class = token_class_of(id)) slots_.push_back({i, *token_class, level, peak});
  }
  static_assert(max_context_tiers < 10, "the level of a tier is one digit of the id");
  for (std::size_t level = 1; level <= max_context_tiers; ++level)
    thresholds_[level - 1] = plan.input_index(threshold_input_id(level));
}

void PriceInputs::fill(const PriceRow& row, const Window* window, TokenClass cache_write_class,
                       std::vector<Known>& inputs) const {
  for (std::size_t i = 0; i < max_context_tiers; ++i) {
    const bool exists = i < row.context_tiers.size();
    const double threshold = exists ? row.context_tiers[i].threshold : no_threshold;
    inputs[thresholds_[i]] = {exists && row.context_tiers[i].inclusive ? just_below(threshold) : threshold, true};
  }
  std::array<std::array<Prices, 2>, max_context_tiers + 1> by_level;
  for (std::size_t level = 0; level <= row.context_tiers.size() && level <= max_context_tiers; ++level) {
    by_level[level][0] = prices_at_level(row, nullptr, level);
    by_level[level][1] = window != nullptr ? prices_at_level(row, window, level) : by_level[level][0];
  }
  for (const Slot& slot : slots_) {
    const std::size_t level = std::min(slot.level, row.context_tiers.size());
    const TokenClass priced = slot.token_class == TokenClass::cache_write ? cache_write_class : slot.token_class;
    const auto price = resolve(by_level[level][slot.peak ? 1 : 0], priced);
    inputs[slot.input] = {price.value_or(0), price.has_value()};
  }
}

struct Binder::Slots {
  explicit Slots(const Plan& plan)
      : token_factor(plan.input_index("token_factor")),
        cache_on(plan.input_index("cache_on")),
        cache_stored(plan.input_index("cache_stored")),
        cache_step(plan.input_index("cache_step_tokens")),
        cache_minimum(plan.input_index("cache_minimum_tokens")),
        cache_lifetime(plan.input_index("cache_lifetime_hours")),
        cache_storage(plan.input_index("price.cache_storage")),
        peak_share(plan.input_index(peak_share_input_id)),
        geography(plan.input_index("geography_factor")),
        request_fee(plan.input_index("fee.request")),
        search_fee(plan.input_index("fee.web_search")),
        free_searches(plan.input_index("fee.web_search.free")),
        platform_share(plan.input_index("platform_share")) {}
  std::size_t token_factor, cache_on, cache_stored, cache_step, cache_minimum, cache_lifetime, cache_storage,
      peak_share, geography, request_fee, search_fee, free_searches, platform_share;
};

Binder::Binder(const Plan& month_plan, const Catalog& catalog, const Scenario& scenario, Moment date)
    : plan_(month_plan),
      catalog_(catalog),
      scenario_(scenario),
      date_(scenario.date.value_or(date)),
      prices_(month_plan),
      parameter_values_(month_plan.inputs().size(), Known{0, false}),
      parameter_origins_(month_plan.inputs().size(), Origin::derived),
      slots_(std::make_shared<const Slots>(month_plan)) {
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& parameter = parameters()[i];
    const std::size_t at = plan_.input_index(parameter.id);
    if (at == plan_.inputs().size()) continue;
    const bool given = scenario_.values[i].has_value();
    parameter_values_[at] = {scenario_.values[i].value_or(parameter.default_value), true};
    const bool assumed = parameter.source.starts_with("assumption");
    parameter_origins_[at] = given ? Origin::user : assumed ? Origin::assumption : Origin::defaulted;
    if (!given && parameter.kind == ParameterKind::optional_number) parameter_origins_[at] = Origin::derived;
  }
  const auto set = [&](std::string_view id, bool on) {
    parameter_values_[plan_.input_index(id)] = {on ? 1.0 : 0.0, true};
  };
  set("cache_hit_given", scenario_.value("cache_hit_ratio").has_value());
  const std::string_view reading = scenario_.choice("overhead_reading");
  set("overheads_compound", reading == "compound");
  set("growth_on_all", reading != "add");
}

Binding Binder::bind(const Model& model, const Model& chosen) const {
  Binding binding;
  bind_into(model, chosen, true, binding);
  return binding;
}

void Binder::bind_into(const Model& model, const Model& chosen, bool with_notices, Binding& b) const {
  const Slots& at = *slots_;
  b.model = &model;
  b.seller = &catalog_.sellers[model.seller];
  b.date = date_;
  b.row = nullptr;
  b.window = nullptr;
  b.inputs = parameter_values_;
  b.origins = parameter_origins_;
  b.status = Status::ok;
  b.reason.clear();
  b.notices.clear();
  const auto note = [&](std::string_view kind, std::string text) {
    if (with_notices) b.notices.push_back({kind, std::move(text)});
  };
  const auto refuse = [&](Status status, std::string reason) {
    if (b.status == Status::ok) {
      b.status = status;
      b.reason = std::move(reason);
    }
  };
  const auto put = [&](std::size_t input, double value, Origin origin) {
    b.inputs[input] = {value, true};
    b.origins[input] = origin;
  };
  const auto wants = [&](std::string_view id) { return scenario_.value(id).value_or(0) > 0; };

  if (model.kind != ModelKind::chat)
    refuse(Status::unsuitable,
           "It is a model for " + std::string(model_kind_id(model.kind)) + ", it does not answer prompts.");
  struct Need {
    std::string_view parameter, capability, sentence;
  };
  static constexpr Need needs[] = {{"image_input_tokens", "image_input", "It does not read images."},
                                   {"audio_input_tokens", "audio_input", "It does not listen to audio."},
                                   {"video_input_tokens", "video_input", "It does not watch video."},
                                   {"image_output_tokens", "image_output", "It does not produce images."},
                                   {"audio_output_tokens", "audio_output", "It does not speak."}};
  for (const Need& need : needs)
    if (wants(need.parameter) && !has(model, need.capability)) refuse(Status::unsuitable, std::string(need.sentence));

  // An old example may still be priced on a model that is gone; as an alternative it is none.
  if (&model != &chosen && model.retires && *model.retires <= date_)
    refuse(Status::unsuitable, "The seller has retired it on " + moment_text(*model.retires) + ".");

  // Tokens are counted as the chosen model counts them; for the same text another tokenizer needs more or fewer.
  b.token_factor = 1;
  if (scenario_.choice("same_text") == "same_text" && &model != &chosen)
    b.token_factor = model.tokenizer_ratio.value_or(1) / chosen.tokenizer_ratio.value_or(1);
  put(at.token_factor, b.token_factor, Origin::derived);

  const auto tier = service_tier_of(scenario_.choice("service_tier")).value_or(ServiceTier::standard);
  b.row = row_at(model, tier, date_);
  if (b.row == nullptr) {
    if (tier != ServiceTier::standard && row_at(model, ServiceTier::standard, date_) != nullptr)
      refuse(Status::unsuitable,
             "No price is listed for the service tier \"" + std::string(service_tier_id(tier)) + "\".");
    else
      refuse(Status::unpriced, "No price is known for " + moment_text(date_) + ".");
    return;
  }
  const PriceRow& row = *b.row;
  const CacheChoice cache = choose_cache(model, row, scenario_.choice("caching"));
  if (!cache.notice.empty()) note("caching", cache.notice);
  b.cache_write_class = cache.write_class;
  put(at.cache_on, cache.on ? 1 : 0, Origin::derived);
  put(at.cache_stored, cache.stored ? 1 : 0, Origin::derived);
  put(at.cache_lifetime, cache.lifetime_minutes / 60, Origin::seller);
  put(at.cache_step, model.cache ? std::max(1.0, model.cache->step_tokens) : 1, Origin::seller);
  const double minimum = model.cache ? model.cache->minimum_tokens : 0;
  put(at.cache_minimum, minimum > 0 ? just_below(minimum) : 0, Origin::seller);
  put(at.cache_storage, row.cache_storage_usd_per_mtok_hour.value_or(0), Origin::seller);

  // Peak prices: the share of tokens inside the windows, as given or as flat traffic has it.
  if (!row.windows.empty()) b.window = &row.windows.front();
  const auto peak = scenario_.value("peak_share_ratio");
  put(at.peak_share, row.windows.empty() ? 0 : peak.value_or(window_share_of_week(row)),
      peak ? Origin::user : Origin::derived);
  if (!row.windows.empty())
    note("assumption", b.seller->name + " has peak hours: " + percent_text(b.inputs[at.peak_share].value) +
                           " of the tokens are priced at peak prices.");

  prices_.fill(row, b.window, cache.write_class, b.inputs);
  for (const PriceInputs::Slot& slot : prices_.slots()) b.origins[slot.input] = Origin::seller;

  // Geography: a factor on token charges where the seller lists one; no factor listed = no extra charge known.
  double geography = 1;
  if (const std::string_view wanted = scenario_.choice("geography"); wanted != "global") {
    const auto found = std::find_if(model.geographies.begin(), model.geographies.end(),
                                    [&](const Geography& g) { return g.id == wanted; });
    if (found != model.geographies.end())
      geography = found->factor;
    else
      note("assumption", model.name + ": no extra charge is listed for this region; priced as anywhere.");
  }
  put(at.geography, geography, Origin::seller);

  // Where a seller has several, by how much it searches, say, the first one stands for them.
  const auto request_fee = std::find_if(row.fees.begin(), row.fees.end(), is_paid_by_request);
  put(at.request_fee, request_fee != row.fees.end() ? request_fee->usd : 0, Origin::seller);
  if (with_notices && std::count_if(row.fees.begin(), row.fees.end(), is_paid_by_request) > 1)
    note("assumption",
         "The seller charges one of several fees for each request; priced with \"" + request_fee->name + "\".");
  const Fee* search_fee = fee_of(row, "web_search");
  put(at.search_fee, search_fee != nullptr ? search_fee->usd : 0, Origin::seller);
  double free_searches = 0;
  if (search_fee != nullptr)
    free_searches =
        search_fee->free_per_month + search_fee->free_per_day * scenario_.value("days_per_month").value_or(0);
  put(at.free_searches, free_searches, Origin::seller);
  if (search_fee == nullptr) b.inputs[at.search_fee].known = false;
  put(at.platform_share, model.platform_share_ratio, Origin::seller);

  if (!with_notices) return;
  if (row.status == PriceStatus::promotional && row.until)
    note("promotion_ends", "The price is promotional until " + moment_text(*row.until) + " (exclusive).");
  for (const PriceRow& other : model.prices)
    if (other.tier == tier && other.from && *other.from > date_ && other.status != PriceStatus::cancelled)
      note("announced_price", "Another price is announced from " + moment_text(*other.from) + " on.");
  if (!row.disagreements.empty())
    note("disagreement", "Sources disagree about this price; the explanation of a price shows what others say.");
  if (model.retires)
    note("retires", "The seller " + std::string(*model.retires <= date_ ? "has retired" : "retires") +
                        " this model on " + moment_text(*model.retires) + ".");
  if (!row.note.empty()) note("price_note", row.note);
}

}  // namespace tokenbill
