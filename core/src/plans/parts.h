#pragma once
// Smaller formulas that a month is made of.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/plan_builder.h"

namespace tokenbill {

/// Tries of a request that fails with a chance `failure_ratio` and is repeated up to `retries` times.
/// Source: cost model, failures: successes = 1 - p^(R+1), attempts - successes = p + ... + p^(R+1).
struct Tries {
  Expr successes;  ///< share of requests that succeed in the end
  Expr failures;   ///< failed tries for one request
};
[[nodiscard]] Tries tries(PlanBuilder& plan, Expr failure_ratio, Expr retries);

/// What a helper request costs: `input` and `output` tokens, as the chosen model counts them, on the model bound as
/// "<id>.price.input", "<id>.price.output", "<id>.token_factor". USD per request.
[[nodiscard]] Expr helper_request(PlanBuilder& plan, const char* id, const char* label, Expr input, Expr output);

/// What a service charges in a month: max(minimum, base + sum over metrics of (used - included) price), nothing where
/// none is bound. USD per month.
[[nodiscard]] Expr service_charge(PlanBuilder& plan, const char* id, const char* label,
                                  const std::vector<std::pair<Metric, Expr>>& used);

}  // namespace tokenbill
