#pragma once
// What a parameter moves in a plan: it can be more than one input, or turn something on by being given, so two bindings
// are compared, with the parameter at either end of a span.

#include <cstddef>

#include "tokenbill/bind.h"

namespace tokenbill {

/// Calls found(input, follows) for each input of the plan that differs.
/// `follows`: the input is the parameter's own value, so that it takes any value in between as well.
/// @param at_low, at_high  of the same plan and model, with the parameter `low` and `high`
template <class Found>
void each_moved_input(const Binding& at_low, double low, const Binding& at_high, double high, const Found& found) {
  for (std::size_t i = 0; i < at_high.inputs.size(); ++i) {
    const Known from = at_low.inputs[i];
    const Known to = at_high.inputs[i];
    if (from.known == to.known && from.value == to.value) continue;
    found(i, from.known && to.known && from.value == low && to.value == high);
  }
}

}  // namespace tokenbill
