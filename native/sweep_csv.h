#pragma once
// Cells of a sweep as a file for spreadsheets.

#include <string>

#include "tokenbill/sweep_run.h"

namespace tokenbill {

/// CSV as RFC 4180 has it: the model where there are several, the values of the axes and of what is drawn, the figure.
/// A cell without a figure has an empty field; of a partial result, cells that were not reached are left out.
/// Precondition: the cells were kept.
[[nodiscard]] std::string sweep_csv(const Sweep& sweep, const SweepResult& result);

}  // namespace tokenbill
