#include "beta_fit.h"

#include "tokenbill/numeric.h"

namespace tokenbill {

double log_beta(double a, double b) { return log_gamma(a) + log_gamma(b) - log_gamma(a + b); }

// With a + b = n and mean m, less lies below `low` the larger m is; and with m such that low is its quantile, more lies
// below `high` the larger n is: from the chance of the tail, where all mass is at 0 and 1, to all, where it is at m.
std::optional<BetaFit> fit_beta(const InputRange& range) {
  const double tail = (1 - range.level) / 2;
  const auto below = [](double n, double m, double x) {
    return beta_below(n * m, n - n * m, x, log_beta(n * m, n - n * m));
  };
  const auto mean = [&](double n) {
    return zero_of([&](double m) { return tail - below(n, m, range.low); }, 1e-12, 1 - 1e-12);
  };
  const auto beyond = [&](double log_n) {
    const double n = exp_of(log_n);
    return below(n, mean(n), range.high) - (1 - tail);
  };
  constexpr double least = -4.605170185988091;  // ln 0.01
  constexpr double most = 11.512925464970229;   // ln 1e5
  if (!(beyond(least) < 0 && beyond(most) > 0)) return std::nullopt;
  const double n = exp_of(zero_of(beyond, least, most));
  const double m = mean(n);
  BetaFit fit{n * m, n - n * m, 0};
  const double whole = log_beta(fit.a, fit.b);
  fit.median = zero_of([&](double x) { return beta_below(fit.a, fit.b, x, whole) - 0.5; }, 0, 1);
  return fit;
}

Form form_of(const Parameter& parameter, const InputRange& range) {
  const bool share = parameter.unit == units::ratio && parameter.max <= 1;
  if (share) return range.low > 0 && range.high < 1 ? Form::beta : Form::normal;
  return range.low > 0 ? Form::log_normal : Form::normal;
}

double median_of(Form form, const InputRange& range) {
  return form == Form::log_normal ? root_of(range.low * range.high) : range.low + (range.high - range.low) / 2;
}

double likely_value(const Parameter& parameter, const InputRange& range) {
  const Form form = form_of(parameter, range);
  if (form == Form::beta)
    if (const std::optional<BetaFit> fit = fit_beta(range)) return fit->median;
  return median_of(form == Form::beta ? Form::normal : form, range);
}

}  // namespace tokenbill
