#pragma once
// One open model on own GPUs: which GPUs could carry it, at what concurrency a replica keeps the limits of latency,
// what each deployment costs in a month of any traffic.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenbill/selfhost.h"
#include "tokenbill/throughput.h"

namespace tokenbill {

/// Values of a plan's inputs, filled in by id.
class Values {
 public:
  explicit Values(const Plan& plan) : plan_(&plan), inputs_(plan.inputs().size(), Known{0, false}) {}
  void put(std::string_view id, std::optional<double> value) {
    const std::size_t at = plan_->input_index(id);
    if (at < inputs_.size()) inputs_[at] = {value.value_or(0), value.has_value()};
  }
  /// What the scenario gives; an absent optional one is unknown.
  void put_parameters(const Scenario& scenario) {
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (const std::size_t at = parameter_index(plan_->inputs()[i].id); at < parameters().size()) {
        const std::optional<double> value = scenario.value(plan_->inputs()[i].id);
        inputs_[i] = {value.value_or(0), value.has_value()};
      }
  }
  [[nodiscard]] std::optional<Error> evaluate(Evaluation& evaluation) const {
    return evaluate_into(*plan_, inputs_, evaluation);
  }
  void take(std::vector<Known> inputs) { inputs_ = std::move(inputs); }
  void put(std::size_t input, double value) { inputs_[input] = {value, true}; }
  [[nodiscard]] std::span<const Known> inputs() const { return inputs_; }

 private:
  const Plan* plan_;
  std::vector<Known> inputs_;
};

/// What the feature asks of whoever serves it, in a month.
struct Demand {
  double requests = 0;                                             ///< that are answered or fail and are billed
  double prompt_tokens = 0, cached_tokens = 0, output_tokens = 0;  ///< of a request, mean
  [[nodiscard]] bool has_tokens_of(const Demand& other) const {
    return prompt_tokens == other.prompt_tokens && cached_tokens == other.cached_tokens &&
           output_tokens == other.output_tokens;
  }
};
/// @error unsupported: how many tokens a request has is not known
[[nodiscard]] Result<Demand> demand_of(const Engine::Priced& priced, double token_factor);

/// What an hour of one GPU costs; absent = unknown.
struct Rents {
  std::optional<double> base, peak, spot, training;
  std::string source;
};

/// One model on own capacity: the GPUs that could carry it, what each costs in a month of any volume.
class Capacity {
 public:
  Capacity(const Hardware& hardware, const Plan& replica_plan, const Plan& fleet_plan, const Scenario& scenario,
           const OpenModel& model, const Demand& demand, bool tuned)
      : hardware_(hardware),
        replica_plan_(replica_plan),
        fleet_plan_(fleet_plan),
        scenario_(scenario),
        model_(model),
        demand_(demand),
        tuned_(tuned),
        requests_input_(fleet_plan.input_index("offered.requests_per_month")),
        input_tokens_input_(fleet_plan.input_index("offered.input_tokens_per_month")),
        output_tokens_input_(fleet_plan.input_index("offered.output_tokens_per_month")),
        seconds_input_(fleet_plan.input_index("replica.seconds")),
        moved_by_load_(
            nodes_that_stand_on(fleet_plan, std::array{requests_input_, input_tokens_input_, output_tokens_input_})),
        total_(fleet_plan.find("own_total")->node) {}

  /// Sizes a replica on every GPU that may be used. @error a reference that names nothing
  /// @param like  only the cheapest few deployments of this one, whose scenario differs in what is moved for flips;
  ///              nullptr = all
  [[nodiscard]] std::optional<Error> size(const Capacity* like);
  [[nodiscard]] double requests() const { return demand_.requests; }
  [[nodiscard]] const std::string& rent_source(std::size_t deployment) const { return rents_[deployment].source; }
  /// Rent of a GPU that the cheapest deployment pays by the hour.
  [[nodiscard]] std::optional<double> rent() const {
    return cheapest_first_.empty() ? std::nullopt : rents_[cheapest_first_.front()].peak;
  }
  /// The cheapest deployment for so many requests a month; absent where none serves.
  struct Cheapest {
    std::size_t deployment;
    double usd_per_month;
  };
  [[nodiscard]] std::optional<Cheapest> cheapest(double requests);
  /// The table of deployments, and the bill of the first.
  [[nodiscard]] OwnCapacity report(double requests);
  /// USD a month for so many requests.
  [[nodiscard]] std::optional<double> month(std::size_t deployment, double requests);
  /// The same where measurements of the output lie as low and as high as they do: from a faster replica to a slower
  /// one.
  struct Spread {
    double low, high;
  };
  [[nodiscard]] std::optional<Spread> spread(std::size_t deployment, double requests);
  /// The month of that deployment that was asked for last.
  [[nodiscard]] const Evaluation& evaluation(std::size_t deployment) const { return fleets_[deployment].evaluation; }
  [[nodiscard]] Replica replica_of(const Deployment& deployment) const;
  [[nodiscard]] Values replica_values(const Deployment& deployment, double concurrency, Error& problem) const;
  [[nodiscard]] const std::vector<Deployment>& deployments() const { return deployments_; }

 private:
  void size_one(const Gpu& gpu, double gpus);
  /// After all are sized: what each costs.
  void finish();
  [[nodiscard]] Values fleet_values(const Deployment& deployment, const Rents& rents) const;

  const Hardware& hardware_;
  const Plan& replica_plan_;
  const Plan& fleet_plan_;
  const Scenario& scenario_;
  const OpenModel& model_;
  Demand demand_;
  bool tuned_;
  std::vector<Deployment> deployments_;
  // One for each deployment:
  std::vector<Rents> rents_;
  struct Fleet {
    Values inputs;
    Evaluation evaluation;
  };
  std::vector<Fleet> fleets_;                ///< the month of each
  std::vector<std::size_t> cheapest_first_;  ///< those that can serve and have a price
  // Of the month's plan: what the load moves, and the sum.
  std::size_t requests_input_, input_tokens_input_, output_tokens_input_, seconds_input_;
  std::vector<NodeId> moved_by_load_;
  NodeId total_;
};

}  // namespace tokenbill
