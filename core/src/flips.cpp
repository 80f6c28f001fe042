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

class Flips {
 public:
  Flips(const Engine& engine, const Catalog& catalog, const Hardware& hardware, const Scenario& scenario, Moment today,
        const Plan& replica_plan, const Plan& fleet_plan, const Market& market, std::size_t best)
      : engine_(engine),
        catalog_(catalog),
        hardware_(hardware),
        scenario_(scenario),
        today_(today),
        replica_plan_(replica_plan),
        fleet_plan_(fleet_plan),
        market_(market),
        best_(best) {}
  /// The smallest move of each input that changes the choice, the smallest of all first.
  [[nodiscard]] std::vector<Flip> find() const {
    struct Found {
      double size;
      Flip flip;
    };
    std::vector<Found> found;
    for (const std::string_view id : moved) {
      const std::optional<double> from = now(id);
      if (!from || (!(*from > 0) && id != "discount_ratio")) continue;
      std::optional<Found> nearest;
      for (const bool up : {true, false}) {
        double inside = 1;
        for (const double step : {1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0}) {
          const std::size_t then = best_at(id, *from, up ? step : 1 / step);
          if (then == choice_count) break;
          if (then == best_) {
            inside = step;
            continue;
          }
          const double last =
              last_where(inside, step, [&](double f) { return best_at(id, *from, up ? f : 1 / f) == best_; });
          const double beyond = last * (1 + 1e-6);
          const std::size_t choice = best_at(id, *from, up ? beyond : 1 / beyond);
          if (choice < choice_count && (!nearest || last < nearest->size))
            nearest = Found{last, {id, *from, *moved_value(id, *from, up ? beyond : 1 / beyond), choice_ids[choice]}};
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

 private:
  [[nodiscard]] std::optional<double> now(std::string_view id) const {
    if (const auto value = scenario_.value(id)) return value;
    // A rent is that of one GPU: where none is named, another one would take its place.
    if (id != "gpu_usd_per_hour" || !market_.own_capacity || scenario_.reference("own_gpu").empty())
      return std::nullopt;
    return market_.own_capacity->rent();
  }
  /// The best choice after a move; choice_count where there is none or it cannot be moved so far.
  [[nodiscard]] std::size_t best_at(std::string_view id, double from, double factor) const {
    const std::optional<double> to = moved_value(id, from, factor);
    Scenario there = scenario_;
    if (!to || there.set_number(id, *to)) return choice_count;
    Market market(engine_, catalog_, hardware_, there, today_);
    if (market.open(replica_plan_, fleet_plan_, &market_, id)) return choice_count;
    return market.best(market.costs(1));
  }

  const Engine& engine_;
  const Catalog& catalog_;
  const Hardware& hardware_;
  const Scenario& scenario_;
  Moment today_;
  const Plan& replica_plan_;
  const Plan& fleet_plan_;
  const Market& market_;
  std::size_t best_;
};
}  // namespace

std::vector<Flip> find_flips(const Engine& engine, const Catalog& catalog, const Hardware& hardware,
                             const Scenario& scenario, Moment today, const Plan& replica_plan, const Plan& fleet_plan,
                             const Market& market, std::size_t best) {
  return Flips(engine, catalog, hardware, scenario, today, replica_plan, fleet_plan, market, best).find();
}

}  // namespace tokenbill
