#pragma once
// What would change the choice: inputs, each moved alone, until another way to buy is the cheapest.

#include <vector>

#include "market.h"

namespace tokenbill {

/// The smallest move of each input that changes the choice, the smallest of all first; at most three.
/// @param market  of this scenario  @param best  what is the cheapest in it
[[nodiscard]] std::vector<Flip> find_flips(const Engine& engine, const Catalog& catalog, const Hardware& hardware,
                                           const Scenario& scenario, Moment today, const Plan& replica_plan,
                                           const Plan& fleet_plan, const Market& market, std::size_t best);

}  // namespace tokenbill
