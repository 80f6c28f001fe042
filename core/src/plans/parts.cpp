#include "parts.h"

namespace tokenbill {

Tries tries(PlanBuilder& p, Expr failure_ratio, Expr retries) {
  constexpr int most = 10;  // parameters.def: retries <= 10, attempts <= 10
  Expr power = failure_ratio;
  Expr sum = failure_ratio;
  Expr all_failed = failure_ratio;
  for (int i = 1; i <= most; ++i) {
    power = power * failure_ratio;
    const Expr before = p.constant(i - 0.5);  // R is a whole number: R > i - 0.5 means R >= i
    sum = sum + above(retries, before, power, p.constant(0));
    all_failed = above(retries, before, power, all_failed);
  }
  return {complement(all_failed), sum};
}

Expr helper_request(PlanBuilder& p, const char* id, const char* label, Expr input, Expr output) {
  const std::string before = std::string(id) + ".";
  const std::string name(label);
  const Unit usd_per_mtok = units::usd / units::mtok;
  const Expr tokens_per_mtok = p.constant(1e6, units::token / units::mtok);
  const Expr factor = p.input(before + "token_factor", name + ": tokens for one token counted", units::ratio);
  return (input * p.input(before + "price.input", name + ": input price", usd_per_mtok) +
          output * p.input(before + "price.output", name + ": output price", usd_per_mtok)) *
         factor / tokens_per_mtok *
         p.input("price_factor", "What moving to newer models has made of prices", units::ratio);
}

Expr service_charge(PlanBuilder& p, const char* id, const char* label,
                    const std::vector<std::pair<Metric, Expr>>& used) {
  const std::string before = std::string(id) + ".";
  const std::string name(label);
  const Unit usd_per_month = units::usd / units::month;
  Expr sum = p.input(before + "base", name + ": base price", usd_per_month);
  for (const auto& [metric, amount] : used) {
    const std::string metric_name(metric_id(metric));
    const std::string of = name + ": " + std::string(metric_label(metric));
    const Expr included = p.input(before + "included." + metric_name, of + " included", units::unit / units::month);
    const Expr price = p.input(before + "usd." + metric_name, of + ", price of one", units::usd / units::unit);
    sum = sum + excess(amount, included) * price;
  }
  return max(sum, p.input(before + "minimum", name + ": minimum of the plan", usd_per_month));
}

}  // namespace tokenbill
