#pragma once
// Why a bill is not what was estimated: the scenario is changed, one cause after the other, into what was measured.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/difference.h"
#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"
#include "tokenbill/usage_import.h"

namespace tokenbill {

struct ReconciliationStep {
  std::string_view id, label;
  std::optional<double> usd_per_month;  ///< that it adds; below 0, that it saves; absent = unknown
  std::string words;                    ///< what was assumed and what was measured
};

/// Amounts are of a month and of the model's requests alone: tokens, fees, failures, what the channel takes. What
/// stands beside them in a bill (people, infrastructure, retrieval) is not in records of usage.
struct Reconciliation {
  double days_in_month = 30;              ///< to which what was measured is scaled
  std::optional<double> estimated;        ///< of the scenario as it was
  std::vector<ReconciliationStep> steps;  ///< in order; they add up from `estimated` to `measured`
  std::optional<double> measured;         ///< the records at list prices of their days
  std::optional<double> paid;             ///< as the records, or who was asked, say
  std::optional<double> paid_above_list;  ///< paid - measured
  std::string sentence;                   ///< the difference, and what explains most of it
  std::vector<std::string> notices;
  Scenario adopted;                  ///< the scenario with measured values in place of assumed ones
  std::vector<InputChange> changes;  ///< from the scenario to the adopted one
};

/// @param paid_usd  what was paid for the records' days, where the records do not say
/// @error unknown_model and what Engine::estimate refuses; unsupported where nothing was measured
[[nodiscard]] Result<Reconciliation> reconcile(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                               Moment today, const UsageReport& report,
                                               std::optional<double> paid_usd = {});

}  // namespace tokenbill
