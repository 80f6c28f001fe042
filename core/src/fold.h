#pragma once
// Folding: of a plan, what the columns of a sweep move. All else becomes constants by the same arithmetic, so that a
// cell of the sweep has the bits of the bill.

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "tokenbill/plan.h"
#include "tokenbill/result.h"
#include "tokenbill/sweep.h"

namespace tokenbill {

inline constexpr std::size_t no_column = static_cast<std::size_t>(-1);

/// A plan with a value or a column for each of its inputs.
struct FoldRequest {
  std::span<const Known> inputs;                      ///< one per plan input; an unknown one must not be needed
  std::span<const std::size_t> column_of_input;       ///< one per plan input; no_column = constant
  std::span<const std::pair<double, double>> ranges;  ///< per column: lowest and highest value
  struct Limit {
    NodeId node = no_node;
    NodeId plus = no_node;  ///< added to `node`; no_node = nothing
    double most = 0;        ///< where there is no column
    std::size_t most_column = no_column;
  };
  std::span<const Limit> limits;
};

/// @param sweep  with outputs whose `node` is one of the plan; then has tape, labels, limits, and outputs with a node
/// of
///               the tape, divisors and bounds
/// @error unpriced, impossible, unsupported
[[nodiscard]] std::optional<Error> fold(const Plan& plan, const FoldRequest& request, Sweep& sweep);

}  // namespace tokenbill
