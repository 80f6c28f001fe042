#include "beta_fit.h"

#include <algorithm>

#include "tokenbill/numeric.h"

namespace tokenbill {

double zero_of(RisingFunction f, const void* context, double low, double high, double near) {
  double f_low = f(context, low);
  double f_high = f(context, high);
  for (int step = 0; step < 200 && f_low < 0 && f_high > 0; ++step) {
    const double middle = low + (high - low) / 2;
    double at = step % 3 == 2 ? middle : low - f_low * (high - low) / (f_high - f_low);
    if (!(at > low && at < high)) at = middle;
    if (!(at > low && at < high) || high - low <= near * high) break;
    const double f_at = f(context, at);
    if (f_at == 0) return at;
    if (f_at < 0) {
      low = at;
      f_low = f_at;
      f_high /= 2;
    } else {
      high = at;
      f_high = f_at;
      f_low /= 2;
    }
  }
  return f_low >= 0 ? low : f_high <= 0 ? high : low + (high - low) / 2;
}

double log_gamma(double z) {
  double product = 1;
  for (; z < 10; z += 1) product *= z;
  const double inverse = 1 / z;
  const double square = inverse * inverse;
  double series = -691.0 / 360360;
  series = series * square + 1.0 / 1188;
  series = series * square - 1.0 / 1680;
  series = series * square + 1.0 / 1260;
  series = series * square - 1.0 / 360;
  series = series * square + 1.0 / 12;
  return (z - 0.5) * log_of(z) - z + 0.91893853320467274178 + series * inverse - log_of(product);
}

double beta_below(double a, double b, double x, double log_beta) {
  if (!(x > 0)) return 0;
  if (!(x < 1)) return 1;
  const bool mirrored = x > (a + 1) / (a + b + 2);
  const double p = mirrored ? b : a;
  const double q = mirrored ? a : b;
  const double y = std::max(mirrored ? 1 - x : x, 1e-300);  // whose reciprocal is finite
  const double front = exp_of(std::clamp(p * log_of(y) + q * log_of(1 - y) - log_beta, -690.0, 690.0)) / p;
  constexpr double tiny = 1e-300;
  const auto not_zero = [](double v) { return v > -tiny && v < tiny ? tiny : v; };
  double c = 1;
  double d = 1 / not_zero(1 - (p + q) * y / (p + 1));
  double fraction = d;
  for (double m = 1; m < 3000; m += 1) {
    const double even = m * (q - m) * y / ((p + 2 * m - 1) * (p + 2 * m));
    d = 1 / not_zero(1 + even * d);
    c = not_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(p + m) * (p + q + m) * y / ((p + 2 * m) * (p + 2 * m + 1));
    d = 1 / not_zero(1 + odd * d);
    c = not_zero(1 + odd / c);
    fraction *= d * c;
    if (d * c > 1 - 1e-15 && d * c < 1 + 1e-15) break;
  }
  const double value = front * fraction;
  return mirrored ? 1 - value : value;
}

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
