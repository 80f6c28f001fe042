#pragma once
// Own capacity: what it takes to run an open model on GPUs for the traffic of a scenario, what that costs, and from
// which volume which way of buying is the cheapest. Formulas: replica_plan.cpp (one replica), fleet_plan.cpp (a month).

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/hardware.h"

namespace tokenbill {

/// One way to run the model: so many GPUs of a kind for each replica.
struct Deployment {
  const OpenModel* model = nullptr;
  const Gpu* gpu = nullptr;
  double gpus = 1;     ///< of one replica
  std::string reason;  ///< why it cannot serve; empty if it can
  // Of a replica, absent where it cannot serve:
  double concurrency = 0;          ///< requests in work at once, the most that meets the limits of latency
  double most_requests = 0;        ///< that its memory holds
  double first_token_seconds = 0;  ///< at that concurrency; measured times scatter, see first_token_low and _high
  double first_token_low = 0, first_token_high = 0;
  double token_seconds = 0;             ///< for each token after the first
  double output_tokens_per_second = 0;  ///< of one GPU
  double output_low = 0, output_high = 0;
  double request_seconds = 0;
  double prompt_share = 0;  ///< of its time that goes into prompts
  double weights_gb = 0;
  // Of the month:
  std::optional<double> replicas, gpus_at_peak, utilisation, usd_per_month, usd_per_mtok;
  std::string rent_source;  ///< whose price is reckoned with
};

/// What the memory of one GPU holds, in GiB.
struct MemoryUse {
  double capacity = 0;
  double usable = 0;  ///< that the engine takes
  double weights = 0;
  double reserve = 0;  ///< activations, graphs, buffers of communication
  double room = 0;     ///< for requests
  double of_a_request = 0;
};

/// Own capacity for a scenario.
struct OwnCapacity {
  const OpenModel* model = nullptr;
  std::optional<Error> problem;         ///< why there is none that serves
  std::vector<Deployment> deployments;  ///< those that can serve first, the cheapest first
  MemoryUse memory;                     ///< of the first one
  std::vector<BillItem> items;          ///< of the first one; they sum to per_month
  std::optional<double> per_month;
  std::vector<Figure> figures;
  std::vector<Notice> notices;
};

/// One way to buy what the feature needs.
struct Choice {
  std::string_view id;  ///< api, hosted, capacity, own, small, hybrid
  std::string label;
  std::string what;  ///< model, GPUs
  std::optional<double> usd_per_month;
  std::string reason;  ///< why it has no price or is out of the question
  bool allowed = true;
  std::vector<std::optional<double>> curve;  ///< USD per month at each volume
  // Where GPUs of one's own are part of it:
  std::optional<double> usd_on_gpus;  ///< what of it their month costs
  /// Where 80 % of measurements of their output put it: as much faster and slower as replicas have been measured to be.
  std::optional<double> usd_low, usd_high;
  std::vector<std::optional<double>> curve_low, curve_high;
  std::string note;  ///< how old the price of a host is, what was left out
};

/// Where two choices cost the same.
struct Crossing {
  double requests_per_month = 0;
  double usd_per_month = 0;
  std::string_view below, above;  ///< ids: the cheaper one at less and at more traffic
};

/// One input that, moved, changes which choice is the cheapest.
struct Flip {
  std::string_view parameter;
  double from = 0, to = 0;
  std::string_view choice;  ///< the cheapest one then
};

struct Decision {
  OwnCapacity own;
  std::optional<OwnCapacity> small;
  std::vector<double> requests_per_month;  ///< of the curves, ascending
  double here = 0;                         ///< requests a month of the scenario
  std::vector<Choice> choices;             ///< in the order of the list above, those that were asked for
  std::string_view best;                   ///< the cheapest allowed; empty if none has a price
  std::vector<Crossing> crossings;         ///< of own capacity with the others, by volume
  std::vector<Flip> flips;                 ///< at most three, the smallest moves first
  std::string verdict;
};

/// Holds the plans of own capacity, to which results refer: they are valid while it lives. Stateless otherwise.
class SelfHost {
 public:
  /// @error bad_plan never in a released build
  [[nodiscard]] static Result<SelfHost> create();

  /// @error unknown_model, bad_value (a reference of the hardware list), and as Engine::price
  [[nodiscard]] Result<Decision> decide(const Engine& engine, const Catalog& catalog, const Hardware& hardware,
                                        const Scenario& scenario, Moment today) const;

  /// How one figure of own capacity comes about: of the month, or of one replica.
  /// @param item  an id, of the open model or of the small one where there is no other; "small/<id>" and "hybrid/<id>"
  ///              for the small model and for the hybrid's part on own capacity
  /// @error unknown_item, and as decide
  [[nodiscard]] Result<Explanation> explain(const Engine& engine, const Catalog& catalog, const Hardware& hardware,
                                            const Scenario& scenario, Moment today, std::string_view item) const;

 private:
  SelfHost(Plan replica, Plan fleet) : replica_(std::move(replica)), fleet_(std::move(fleet)) {}
  Plan replica_;
  Plan fleet_;
};

}  // namespace tokenbill
