#include "tokenbill/spread.h"

#include <algorithm>

#include "beta_fit.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

std::string_view form_id(Form form) {
  switch (form) {
    case Form::log_normal:
      return "log_normal";
    case Form::beta:
      return "beta";
    case Form::normal:
      return "normal";
  }
  return "";
}

double normal_quantile(double p) {
  const auto ratio = [](const double(&above)[8], const double(&below)[8], double r) {
    double a = above[7];
    double b = below[7];
    for (int i = 6; i >= 0; --i) {
      a = a * r + above[i];
      b = b * r + below[i];
    }
    return a / b;
  };
  constexpr double central_a[8] = {3.3871328727963666080,    1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                   1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                   3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double central_b[8] = {1,
                                   4.2313330701600911252e+1,
                                   6.8718700749205790830e+2,
                                   5.3941960214247511077e+3,
                                   2.1213794301586595867e+4,
                                   3.9307895800092710610e+4,
                                   2.8729085735721942674e+4,
                                   5.2264952788528545610e+3};
  constexpr double middle_a[8] = {1.42343711074968357734,    4.63033784615654529590,   5.76949722146069140550,
                                  3.64784832476320460504,    1.27045825245236838258,   2.41780725177450611770e-1,
                                  2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double middle_b[8] = {1,
                                  2.05319162663775882187,
                                  1.67638483018380384940,
                                  6.89767334985100004550e-1,
                                  1.48103976427480074590e-1,
                                  1.51986665636164571966e-2,
                                  5.47593808499534494600e-4,
                                  1.05075007164441684324e-9};
  constexpr double far_a[8] = {6.65790464350110377720,    5.46378491116411436990,    1.78482653991729133580,
                               2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double far_b[8] = {1,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return q * ratio(central_a, central_b, 0.180625 - q * q);
  const double r = root_of(-log_of(q < 0 ? p : 1 - p));
  const double value = r <= 5 ? ratio(middle_a, middle_b, r - 1.6) : ratio(far_a, far_b, r - 5);
  return q < 0 ? -value : value;
}

double normal_below(double z) {
  if (z > 8) return 1;
  if (z < -8) return 0;
  double sum = z;
  double term = z;
  for (double odd = 3; odd < 400; odd += 2) {
    term *= z * z / odd;
    const double before = sum;
    sum += term;
    if (sum == before) break;
  }
  return 0.5 + sum * 0.39894228040143267794 * decay_of(z * z / 2);
}

Spread::Spread(const Parameter& parameter, const InputRange& range, std::optional<double> likely)
    : form_(form_of(parameter, range)), least_(parameter.min), most_(parameter.max) {
  const double tail = (1 - range.level) / 2;
  std::optional<BetaFit> fit;
  if (form_ == Form::beta) {
    fit = fit_beta(range);
    if (!fit) form_ = Form::normal;
  }
  median_ = fit ? fit->median : median_of(form_, range);
  const bool own = likely && *likely > range.low && *likely < range.high &&
                   !(*likely >= median_ * (1 - 1e-9) && *likely <= median_ * (1 + 1e-9));
  if (own) {
    median_ = *likely;
    if (fit) form_ = Form::normal;
  }
  if (form_ == Form::beta) {
    a_ = fit->a;
    b_ = fit->b;
    low_ = range.low;
    high_ = range.high;
    tail_ = tail;
    log_beta_ = log_beta(a_, b_);
    return;
  }
  constexpr double least = 1e-300;  // whose reciprocal is finite
  const auto scaled = [&](double x) { return form_ == Form::log_normal ? log_of(std::max(x, least)) : x; };
  const double z = -normal_quantile(tail);
  centre_ = scaled(median_);
  below_ = (centre_ - scaled(range.low)) / z;
  above_ = (scaled(range.high) - centre_) / z;
}

double Spread::quantile(double u) const {
  double value = 0;
  if (form_ == Form::beta) {
    const double from = u < tail_ ? 0 : u <= 1 - tail_ ? low_ : high_;
    const double to = u < tail_ ? low_ : u <= 1 - tail_ ? high_ : 1;
    value = zero_of([&](double x) { return beta_below(a_, b_, x, log_beta_) - u; }, from, to, 1e-11);
  } else {
    const double z = normal_quantile(u);
    value = centre_ + z * (z < 0 ? below_ : above_);
    if (form_ == Form::log_normal) value = exp_of(std::clamp(value, -690.0, 690.0));
  }
  return std::clamp(value, least_, most_);
}

// dx/dz = phi(z) / f(x), by logarithms.
double Spread::slope(double z, double x) const {
  constexpr double least = 1e-300;
  constexpr double log_root_two_pi = 0.91893853320467274178;
  const double log_slope = -z * z / 2 - log_root_two_pi - (a_ - 1) * log_of(std::max(x, least)) -
                           (b_ - 1) * log_of(std::max(1 - x, least)) + log_beta_;
  return exp_of(std::clamp(log_slope, -690.0, 690.0));
}

namespace {
/// Beyond the normal number of the chance 2^-33, the least of a draw.
constexpr double furthest = 6.4;
constexpr std::size_t steps = 256;
constexpr double step = 2 * furthest / steps;
}  // namespace

Quantiles::Quantiles(const Spread& spread) : spread_(spread) {
  if (spread.form() != Form::beta) return;
  for (std::size_t i = 0; i <= steps; ++i) {
    const double z = -furthest + static_cast<double>(i) * step;
    // A search ends within 1e-11: neighbours near 0 or 1 may be told in the wrong order.
    const double value = std::max(spread.quantile(normal_below(z)), i == 0 ? 0.0 : nodes_.back().value);
    nodes_.push_back({value, spread.slope(z, value) * step});
  }
}

double Quantiles::at(double u) const {
  if (nodes_.empty()) return spread_.quantile(u);
  const double place = (normal_quantile(u) + furthest) / step;
  const auto i = static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(steps - 1)));
  const Node &a = nodes_[i], &b = nodes_[i + 1];
  const double t = place - static_cast<double>(i);
  const double rise = b.value - a.value;
  const double value =
      a.value + t * (a.slope + t * (3 * rise - 2 * a.slope - b.slope + t * (a.slope + b.slope - 2 * rise)));
  return std::clamp(value, a.value, b.value);
}

}  // namespace tokenbill
