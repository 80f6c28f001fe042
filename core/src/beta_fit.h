#pragma once
// What a range says of its middle, and the beta distribution that it stands for. Apart from range.cpp, because this is
// all of it that a scenario needs.

#include <optional>

#include "tokenbill/spread.h"

namespace tokenbill {

/// A zero of a function that rises through it between `low` and `high`: false position with the Illinois rule, halving
/// whenever that is slow. Ends where the bounds are `near` each other, relative, or after 200 steps.
using RisingFunction = double (*)(const void* context, double x);
[[nodiscard]] double zero_of(RisingFunction f, const void* context, double low, double high, double near);
template <class Function>
[[nodiscard]] double zero_of(const Function& f, double low, double high, double near = 4e-16) {
  return zero_of([](const void* context, double x) { return (*static_cast<const Function*>(context))(x); }, &f, low,
                 high, near);
}

/// ln of the gamma function for z > 0: Stirling's series from 10 on, reached by z Gamma(z) = Gamma(z + 1). Error below
/// 1e-14 of the larger of 1 and the value.
[[nodiscard]] double log_gamma(double z);
/// ln of the complete beta function.
[[nodiscard]] double log_beta(double a, double b);
/// The beta distribution's chance of a value below x: the regularised incomplete beta function, by its continued
/// fraction (Lentz). a, b > 0, both at most 1e6; x in 0..1. @param log_beta ln of the complete beta function
[[nodiscard]] double beta_below(double a, double b, double x, double log_beta);

struct BetaFit {
  double a = 0, b = 0;
  double median = 0;
};
/// The beta distribution of which low and high are the quantiles; absent where a + b would be below 0.01 or above 1e5.
[[nodiscard]] std::optional<BetaFit> fit_beta(const InputRange& range);

/// By the bounds alone: a beta distribution may turn out not to fit.
[[nodiscard]] Form form_of(const Parameter& parameter, const InputRange& range);
/// Of a form that is no beta.
[[nodiscard]] double median_of(Form form, const InputRange& range);

}  // namespace tokenbill
