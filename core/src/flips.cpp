#include "flips.h"

#include "order.h"
#include "tokenbill/parameter.h"

namespace tokenbill {

namespace {
/// What is moved to see whether the choice changes.
constexpr std::string_view moved[] = {"conversations_per_day", "prompt_tokens",  "output_tokens",
                                      "gpu_usd_per_hour",      "peak_multiple",  "server_people_fte",
                                      "spare_replicas",        "discount_ratio", "small_escalation_ratio"};

/// The value of a parameter after a move by `factor`; absent where it cannot be moved so far.
std::optional<double> moved_value(std::string_view id, double from, double factor) {
  // A discount is moved by what it leaves of the price.
  const double to = id == "discount_ratio" ? 1 - (1 - from) / factor : from * factor;
  const Parameter& parameter = parameters()[parameter_index(id)];
  if (to < parameter.min || to > parameter.max) return std::nullopt;
  return to;
}

/// What a parameter is now; absent where it cannot be moved.
std::optional<double> value_now(const Market& market, std::string_view id) {
  if (const auto value = market.scenario().value(id)) return value;
  // A rent is that of one GPU: where none is named, another one would take its place.
  if (id != "gpu_usd_per_hour" || !market.own_capacity || market.scenario().reference("own_gpu").empty())
    return std::nullopt;
  return market.own_capacity->rent();
}

/// The best choice after a move; choice_count where there is none or it cannot be moved so far.
std::size_t best_after(const Market& market, std::string_view id, double from, double factor) {
  const std::optional<double> to = moved_value(id, from, factor);
  Scenario there = market.scenario();
  if (!to || there.set_number(id, *to)) return choice_count;
  Market moved_market(market.offers(), there);
  if (moved_market.open(&market, id)) return choice_count;
  return moved_market.best(moved_market.costs(1));
}
}  // namespace

std::vector<Flip> find_flips(const Market& market, std::size_t best) {
  struct Found {
    double size;
    Flip flip;
  };
  std::vector<Found> found;
  for (const std::string_view id : moved) {
    const std::optional<double> from = value_now(market, id);
    if (!from || (!(*from > 0) && id != "discount_ratio")) continue;
    std::optional<Found> nearest;
    for (const bool up : {true, false}) {
      const auto factor = [up](double size) { return up ? size : 1 / size; };
      const auto best_at = [&](double size) { return best_after(market, id, *from, factor(size)); };
      double inside = 1;
      for (const double step : {1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0}) {
        const std::size_t then = best_at(step);
        if (then == choice_count) break;
        if (then == best) {
          inside = step;
          continue;
        }
        const double last = last_where(inside, step, [&](double size) { return best_at(size) == best; });
        const double beyond = last * (1 + 1e-6);
        const std::size_t choice = best_at(beyond);
        if (choice < choice_count && (!nearest || last < nearest->size))
          nearest = Found{last, {id, *from, *moved_value(id, *from, factor(beyond)), choice_ids[choice]}};
        break;
      }
    }
    if (nearest) found.push_back(*nearest);
  }
  sort_stably(found, [](const Found& a, const Found& b) { return a.size < b.size; });
  std::vector<Flip> flips;
  for (const Found& one : found)
    if (flips.size() < 3) flips.push_back(one.flip);
  return flips;
}

}  // namespace tokenbill
