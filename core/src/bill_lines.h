#pragma once
// The lines and figures of an evaluated plan, as a bill tells them.

#include <optional>
#include <string_view>
#include <vector>

#include "tokenbill/engine.h"

namespace tokenbill {

/// Absent where unknown.
[[nodiscard]] std::optional<double> amount(Known known);
/// A figure, term or input by its id; absent where the plan has none of this id, or it is unknown.
[[nodiscard]] std::optional<double> figure_of(const Plan& plan, const Evaluation& evaluation, std::string_view id);
/// The named figures that are neither inputs nor lines of the bill.
[[nodiscard]] std::vector<const Named*> figures_beside_lines(const Plan& plan);
[[nodiscard]] std::vector<Figure> figures_of(const Plan& plan, const Evaluation& evaluation);
/// @param total     of which the lines are shares
/// @param requests  among which they are divided
[[nodiscard]] std::vector<BillItem> items_of(const Plan& plan, const Evaluation& evaluation,
                                             std::optional<double> total, double requests);

}  // namespace tokenbill
