#pragma once
// A sweep that a graphics processor went through in 32 bits (shader.h, shaders/sweep.wgsl): what its reductions leave
// to do in 64 bits, so that extremes and counts are exact.

#include <cstdint>
#include <vector>

#include "tokenbill/sweep_run.h"

namespace tokenbill {

/// What the reductions kept of the cells. A cell is counted once: under `count`, `impossible`, `unknown` or `unsure`.
struct Screened {
  std::uint64_t done = 0;
  std::uint64_t impossible = 0, unknown = 0;  ///< those that are so for certain
  std::uint64_t count = 0;                    ///< cells with a value
  double mean = 0, deviations = 0;            ///< of their 32-bit values; sum of the squared distances
  Histogram histogram;                        ///< of their 32-bit values
  /// Ascending. Every cell with a value that may be among the lowest or be the highest.
  std::vector<std::uint64_t> near;
  /// Ascending. Cells of which 32 bits cannot tell whether they have a figure, or about how much.
  std::vector<std::uint64_t> unsure;
};

struct Finished {
  SweepResult result;          ///< without cells
  std::vector<double> unsure;  ///< the values of Screened::unsure; NaN: impossible or unknown
};

/// Computes `near` and `unsure` in 64 bits, with the bits of a sweep on the processor. Extremes, the lowest cells and
/// the counts are then exact; percentiles, mean and deviation are those of the 32-bit values.
/// @pre a sweep of one model without draws, as cost_function takes; every cell lies in it
[[nodiscard]] Finished finish_screened(const Sweep& sweep, const SweepAsk& ask, const Screened& screened);

}  // namespace tokenbill
