// Prices by class and context tier: a tier is a cliff for the whole request, time windows mix by their share of tokens.

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

RateCard::RateCard(PlanBuilder& plan, std::string_view prefix, std::size_t tiers, std::span<const TokenClass> classes) {
  const std::string before(prefix);
  for (std::size_t level = 1; level <= tiers; ++level)
    thresholds_.push_back(
        plan.input(before + threshold_input_id(level), "Start of the long-context price", prompt_unit));
  const Expr peak_share =
      plan.input(before + std::string(peak_share_input_id), "Share of tokens at peak prices", units::ratio);
  for (const TokenClass token_class : classes)
    for (std::size_t level = 0; level <= tiers; ++level) {
      const auto price = [&](bool peak) {
        const std::string label = std::string(info(token_class).label) + (peak ? ", peak price" : ", price") +
                                  (level > 0 ? " for long prompts" : "");
        return plan.input(before + price_input_id(token_class, level, peak), label, usd_per_mtok);
      };
      const Expr at_peak = price(true);
      price_[static_cast<std::size_t>(token_class)][level] = mix(peak_share, at_peak, price(false));
    }
}

Expr RateCard::price_for(TokenClass token_class, Expr prompt) const {
  Expr chosen = price(token_class, 0);
  for (std::size_t level = 1; level <= tiers(); ++level)
    chosen = above(prompt, threshold(level), price(token_class, level), chosen);
  return chosen;
}

Expr RateCard::charge(Expr tokens, Expr price) {
  return tokens * price / tokens.builder()->constant(1e6, units::token / units::mtok);
}

}  // namespace tokenbill
