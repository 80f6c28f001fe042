#pragma once
// What a range says of its middle, and the beta distribution that it stands for. Apart from range.cpp, because this is
// all of it that a scenario needs.

#include <optional>

#include "tokenbill/spread.h"

namespace tokenbill {

struct BetaFit {
  double a = 0, b = 0;
  double median = 0;
};
/// The beta distribution of which low and high are the quantiles; absent where a + b would be below 0.01 or above 1e5.
[[nodiscard]] std::optional<BetaFit> fit_beta(const InputRange& range);
/// ln of the complete beta function.
[[nodiscard]] double log_beta(double a, double b);

/// By the bounds alone: a beta distribution may turn out not to fit.
[[nodiscard]] Form form_of(const Parameter& parameter, const InputRange& range);
/// Of a form that is no beta.
[[nodiscard]] double median_of(Form form, const InputRange& range);

}  // namespace tokenbill
