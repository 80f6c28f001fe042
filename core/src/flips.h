#pragma once
// What would change the choice: inputs, each moved alone, until another way to buy is the cheapest.

#include <vector>

#include "market.h"

namespace tokenbill {

/// The smallest move of each input that changes the choice, the smallest of all first; at most three.
/// @param best  what is the cheapest in the market
[[nodiscard]] std::vector<Flip> find_flips(const Market& market, std::size_t best);

}  // namespace tokenbill
