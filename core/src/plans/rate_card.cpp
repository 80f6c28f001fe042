// Prices of a request: the context tier is a cliff for the whole request, time windows mix by their share of tokens.

#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
const Unit usd_per_mtok = units::usd / units::mtok;
const Unit prompt_unit = units::token / units::request;
}  // namespace

std::string price_input_id(TokenClass token_class, std::size_t level, bool peak) {
  std::string id = "price." + std::string(info(token_class).id);
  if (peak) id += ".peak";
  if (level > 0) id += ".tier" + std::to_string(level);
  return id;
}

std::string threshold_input_id(std::size_t level) { return "context_tier." + std::to_string(level); }

RateCard::RateCard(PlanBuilder& plan, Expr prompt, std::span<const TokenClass> classes) : plan_(&plan) {
  std::array<Expr, max_context_tiers> thresholds;
  for (std::size_t level = 1; level <= max_context_tiers; ++level)
    thresholds[level - 1] = plan.input(threshold_input_id(level), "Start of the long-context price", prompt_unit);
  const Expr peak_share = plan.input(peak_share_input_id, "Share of tokens at peak prices", units::ratio);

  const auto by_tier = [&](TokenClass token_class, bool peak) {
    const std::string label = std::string(info(token_class).label) + (peak ? ", peak price" : ", price");
    Expr price = plan.input(price_input_id(token_class, 0, peak), label, usd_per_mtok);
    for (std::size_t level = 1; level <= max_context_tiers; ++level) {
      const Expr higher =
          plan.input(price_input_id(token_class, level, peak), label + " for long prompts", usd_per_mtok);
      price = above(prompt, thresholds[level - 1], higher, price);
    }
    return price;
  };
  for (const TokenClass token_class : classes)
    price_[static_cast<std::size_t>(token_class)] =
        mix(peak_share, by_tier(token_class, true), by_tier(token_class, false));
}

Expr RateCard::charge(TokenClass token_class, Expr tokens) const {
  const Expr tokens_per_mtok = plan_->constant(1e6, units::token / units::mtok);
  return tokens * price(token_class) / tokens_per_mtok;
}

}  // namespace tokenbill
