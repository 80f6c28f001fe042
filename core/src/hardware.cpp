#include "tokenbill/hardware.h"

#include <algorithm>

#include "order.h"
#include "text.h"

namespace tokenbill {

namespace {

constexpr std::array<std::string_view, precision_count> precisions = {"bf16", "fp8", "fp4", "int8"};
constexpr std::array<std::string_view, rent_term_count> terms = {"on_demand", "spot", "reserved_6_months",
                                                                 "reserved_12_months", "reserved_36_months"};
constexpr std::array<std::string_view, rent_tier_count> tiers = {"listed",      "secure", "production", "community",
                                                                 "marketplace", "market", "dws",        "prototyping"};
constexpr std::array<std::string_view, 6> attentions = {"mha", "gqa", "mqa", "mla", "mla_sparse", "compressed"};
static_assert(attentions.size() == static_cast<std::size_t>(Attention::count_));
constexpr std::array<std::string_view, 2> jobs = {"full", "lora"};
static_assert(jobs.size() == static_cast<std::size_t>(TrainingJob::count_));

bool same(std::string_view a, std::string_view b) { return edit_distance(a, b, 0) == 0; }

template <class Item>
bool has_name(const Item& item, std::string_view name) {
  return same(item.id, name) ||
         std::any_of(item.aliases.begin(), item.aliases.end(), [&](const std::string& a) { return same(a, name); });
}

template <class Item>
std::string nearest_ids(const std::vector<Item>& items, std::string_view name) {
  if (name.size() > NearestNames::longest) return {};
  const std::string written = lower_case(name);  // ids are in small letters
  NearestNames nearest(written);
  for (const Item& item : items) {
    std::size_t distance = nearest.distance(item.id);
    for (const std::string& alias : item.aliases) distance = std::min(distance, nearest.distance(alias));
    // "h100" is one of several cards before it is another one with a typing error.
    if (!written.empty() && item.id.starts_with(written)) distance = 0;
    nearest.offer(item.id, distance);
  }
  return nearest.text();
}

Error not_found(Code code, std::string_view where, std::string_view noun, std::string_view name,
                const std::string& near, std::string_view example) {
  return {code, std::string(where), join({"no ", noun, " is called ", in_quotes(name), "."}),
          near.empty() ? join({"Write an id, for example ", example, "."}) : join({"Did you mean ", near, "?"})};
}

bool share_a_region(const RentOffer& a, const RentOffer& b) {
  if (a.regions.empty() && b.regions.empty()) return true;
  return std::any_of(a.regions.begin(), a.regions.end(), [&](const std::string& region) {
    return std::find(b.regions.begin(), b.regions.end(), region) != b.regions.end();
  });
}

}  // namespace

std::string_view precision_id(Precision precision) { return precisions[static_cast<std::size_t>(precision)]; }
std::string_view rent_term_id(RentTerm term) { return terms[static_cast<std::size_t>(term)]; }
std::string_view rent_tier_id(RentTier tier) { return tiers[static_cast<std::size_t>(tier)]; }
std::string_view attention_id(Attention attention) { return attentions[static_cast<std::size_t>(attention)]; }
std::string_view training_job_id(TrainingJob job) { return jobs[static_cast<std::size_t>(job)]; }

std::optional<double> RentOffer::usd_per_gpu_hour(RentTerm term) const {
  const std::optional<double> price = usd_per_hour[static_cast<std::size_t>(term)];
  return price ? std::optional<double>(*price / gpus) : std::nullopt;
}

Result<const Gpu*> Hardware::find_gpu(std::string_view name) const {
  for (const Gpu& gpu : gpus)
    if (has_name(gpu, name)) return &gpu;
  return not_found(Code::bad_value, "gpu", "GPU", name, nearest_ids(gpus, name), "h100-sxm");
}

Result<const OpenModel*> Hardware::find_open_model(std::string_view name) const {
  for (const OpenModel& model : models)
    if (has_name(model, name) || same(model.hugging_face, name)) return &model;
  return not_found(Code::unknown_model, "open_model", "open model", name, nearest_ids(models, name), "llama-3.3-70b");
}

bool is_firm(const RentOffer& offer) {
  return offer.tier == RentTier::listed || offer.tier == RentTier::secure || offer.tier == RentTier::production;
}

bool is_newest(const RentProvider& provider, const RentOffer& offer, RentTerm term) {
  return std::none_of(provider.offers.begin(), provider.offers.end(), [&](const RentOffer& other) {
    return other.checked > offer.checked && other.usd_per_hour[static_cast<std::size_t>(term)] &&
           other.gpu == offer.gpu && other.gpus == offer.gpus && other.instance == offer.instance &&
           other.tier == offer.tier && share_a_region(other, offer);
  });
}

std::optional<RentRange> rent_range(const Hardware& hardware, const Gpu& gpu, RentTerm term,
                                    bool (*counts)(const RentOffer& offer)) {
  std::vector<RentPrice> prices;
  for (const RentProvider& provider : hardware.rent) {
    for (const RentOffer& offer : provider.offers) {
      const std::optional<double> price = offer.usd_per_gpu_hour(term);
      if (price && offer.gpu == gpu.id && counts(offer) && is_newest(provider, offer, term))
        prices.push_back({*price, &provider, &offer});
    }
  }
  if (prices.empty()) return std::nullopt;
  sort_stably(prices, [](const RentPrice& a, const RentPrice& b) { return a.usd_per_gpu_hour < b.usd_per_gpu_hour; });
  return RentRange{prices.front(), prices[(prices.size() - 1) / 2], prices.back(), prices.size()};
}

std::vector<const Model*> hosted_at(const OpenModel& model, const Catalog& catalog, Moment moment) {
  std::vector<const Model*> found;
  for (const Model& sold : catalog.models) {
    if (std::find(model.hosted.begin(), model.hosted.end(), sold.key) == model.hosted.end()) continue;
    const bool retired = sold.retires && *sold.retires <= moment;
    if (!retired && row_at(sold, ServiceTier::standard, moment) != nullptr) found.push_back(&sold);
  }
  return found;
}

}  // namespace tokenbill
