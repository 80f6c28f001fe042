#pragma once
// All ways to buy what a feature needs, for one scenario at any traffic.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capacity.h"
#include "tokenbill/engine.h"

namespace tokenbill {

enum ChoiceId : std::size_t { api, hosted, capacity, own, small, hybrid, choice_count };
inline constexpr std::array<std::string_view, choice_count> choice_ids = {"api", "hosted", "capacity",
                                                                          "own", "small",  "hybrid"};
inline constexpr std::array<std::string_view, choice_count> choice_labels = {
    "The chosen model, by the token", "The same open model, hosted",
    "Provisioned capacity",           "Own capacity",
    "A fine-tuned small model",       "Hybrid"};
inline constexpr unsigned every_choice = (1u << choice_count) - 1;
using Costs = std::array<std::optional<double>, choice_count>;

/// A month bought by the token, priced again for other traffic.
class ByToken {
 public:
  ByToken(const Engine& engine, Engine::Priced priced)
      : engine_(&engine),
        priced_(std::move(priced)),
        moved_by_traffic_(
            nodes_that_stand_on(*priced_.plan, std::array{input("conversations_per_day"), input("capacity_units")})),
        conversations_(priced_.binding.inputs[input("conversations_per_day")].value) {}
  struct Month {
    double inference;
    double tools;  ///< of it: helper requests and fees, which stay whoever serves the model
    double capacity_tokens;
  };
  [[nodiscard]] std::optional<Month> at(double factor, double capacity_units = 0) {
    priced_.put("conversations_per_day", conversations_ * factor);
    priced_.put("capacity_units", capacity_units);
    if (engine_->reprice(priced_, moved_by_traffic_)) return std::nullopt;
    const auto inference = priced_.figure("inference_per_month");
    if (priced_.status != Status::ok || !inference) return std::nullopt;
    Month month{*inference, 0, priced_.figure("capacity_tokens_needed").value_or(0)};
    for (const Term& term : priced_.plan->terms())
      if (term.category == Category::tools && priced_.evaluation.of(term.node).known)
        month.tools += priced_.evaluation.of(term.node).value;
    return month;
  }
  [[nodiscard]] const Engine::Priced& priced() const { return priced_; }

 private:
  [[nodiscard]] std::size_t input(std::string_view id) const { return priced_.plan->input_index(id); }
  const Engine* engine_;
  Engine::Priced priced_;
  std::vector<NodeId> moved_by_traffic_;
  double conversations_;
};

/// What is on offer, whatever the scenario.
struct Offers {
  const Engine& engine;
  const Catalog& catalog;
  const Hardware& hardware;
  const Plan& replica_plan;
  const Plan& fleet_plan;
  Moment today;
};

/// All ways to buy, for one scenario at any traffic.
class Market {
 public:
  /// Keeps references to both.
  Market(const Offers& offers, const Scenario& scenario) : offers_(offers), scenario_(scenario) {}
  [[nodiscard]] const Offers& offers() const { return offers_; }
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  /// @param like  of a scenario that differs in one parameter, `moved`: looks only at the GPUs of its cheapest
  ///              deployments, and takes from it what that parameter does not move
  [[nodiscard]] std::optional<Error> open(const Market* like = nullptr, std::string_view moved = {});
  /// What choices cost in a month with so many times the scenario's traffic.
  /// @param wanted  bits by ChoiceId: the others, apart from `api`, stay absent
  /// @param on_gpus  what there is to say of choices with GPUs of one's own
  struct OnGpus {
    Costs usd;        ///< of them alone
    Costs low, high;  ///< of the choice, as far as measurements scatter
  };
  [[nodiscard]] Costs costs(double factor, unsigned wanted = every_choice, OnGpus* on_gpus = nullptr);
  [[nodiscard]] bool allowed(std::size_t choice) const { return excluded(choice).empty(); }
  [[nodiscard]] std::string excluded(std::size_t choice) const;
  /// Of those that are allowed the cheapest; choice_count if none has a price.
  [[nodiscard]] std::size_t best(const Costs& costs) const;

  std::optional<ByToken> by_token;
  std::vector<std::pair<const Model*, ByToken>> hosts;  ///< of the same open model
  std::vector<const Model*> stale_hosts;                ///< left out, since nobody has seen their price for long
  const OpenModel* own_model = nullptr;
  const OpenModel* small_model = nullptr;
  std::optional<Capacity> own_capacity, small_capacity;
  Demand demand;

 private:
  void price_hosts();

  const Offers& offers_;
  const Scenario& scenario_;
};

/// Halves a span of factors until both ends are alike; the end where `holds` is still what it is at `low`.
template <class Holds>
double last_where(double low, double high, Holds holds) {
  for (int i = 0; i < 60 && high / low > 1 + 1e-9; ++i) {
    // The geometric middle without a logarithm would need a root; the arithmetic one converges as well.
    const double middle = low + (high - low) / 2;
    (holds(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace tokenbill
