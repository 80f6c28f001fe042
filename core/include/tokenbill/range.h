#pragma once
// What is known of an input that nobody knows exactly: an interval, and the distribution that it stands for.

#include <cstddef>

#include "tokenbill/parameter.h"

namespace tokenbill {

/// "4k to 9k": the value lies between low and high with the chance `level`, below low as likely as above high.
struct InputRange {
  static constexpr double usual_level = 0.9;
  static constexpr double least_level = 0.1, most_level = 0.999;
  double low = 0;   ///< in the parameter's unit, within its range
  double high = 0;  ///< above low
  double level = usual_level;

  friend bool operator==(const InputRange&, const InputRange&) = default;
};

/// Rank correlation (Spearman) of two inputs, by their indices in the table of parameters, a < b.
struct Correlation {
  std::size_t a = 0;
  std::size_t b = 0;
  double rank = 0;  ///< above -1, below 1

  friend bool operator==(const Correlation&, const Correlation&) = default;
};

/// The median of a range's distribution: what a value that is given as a range counts as.
[[nodiscard]] double likely_value(const Parameter& parameter, const InputRange& range);

}  // namespace tokenbill
