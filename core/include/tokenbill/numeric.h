#pragma once
// The arithmetic that must give the same bits everywhere, without the C library.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tokenbill {

/// Values at or above 2^52 are integers already; below, the conversion through int64 is exact.
template <class Number>
constexpr Number round_down(Number a) {
  constexpr Number integral = sizeof(Number) == 8 ? Number(4503599627370496.0) : Number(8388608.0);
  if (!(a < integral)) return a;
  const auto whole = static_cast<Number>(static_cast<std::int64_t>(a));
  return whole > a ? whole - Number(1) : whole;
}
template <class Number>
constexpr Number round_up(Number a) {
  const Number down = round_down(a);
  return down < a ? down + Number(1) : down;
}

/// The square root of a >= 0: one rounding, the same with every compiler.
template <class Number>
Number root_of(Number a) {
  return std::sqrt(a);
}

/// e^-a for a >= 0; 0 from a = 700 on. Reduction a = k ln 2 + r with |r| <= ln 2 / 2, then a Taylor polynomial of
/// degree 13 (remainder below 2^-58 relative) by Horner, then scaling by the exact power 2^-k.
/// Only +, * and comparisons: the same bits with every compiler without contraction. Relative error below 4e-16.
template <class Number>
constexpr Number decay_of(Number a) {
  if (a >= Number(700)) return Number(0);
  const auto k = static_cast<std::int32_t>(a * Number(1.4426950408889634) + Number(0.5));
  // ln 2 split in two parts: k * high is exact for |k| < 2^20.
  const Number r = (static_cast<Number>(k) * Number(6.93147180369123816490e-01) - a) +
                   static_cast<Number>(k) * Number(1.90821492927058770002e-10);
  Number sum = Number(1.6059043836821613e-10);  // 1/13!
  sum = sum * r + Number(2.0876756987868099e-09);
  sum = sum * r + Number(2.5052108385441720e-08);
  sum = sum * r + Number(2.7557319223985893e-07);
  sum = sum * r + Number(2.7557319223985888e-06);
  sum = sum * r + Number(2.4801587301587302e-05);
  sum = sum * r + Number(1.9841269841269841e-04);
  sum = sum * r + Number(1.3888888888888889e-03);
  sum = sum * r + Number(8.3333333333333332e-03);
  sum = sum * r + Number(4.1666666666666664e-02);
  sum = sum * r + Number(1.6666666666666666e-01);
  sum = sum * r + Number(0.5);
  sum = sum * r + Number(1);
  sum = sum * r + Number(1);
  Number scale = Number(1);
  Number half = Number(0.5);
  for (std::int32_t n = k; n > 0; n >>= 1) {
    if (n & 1) scale *= half;
    half *= half;
  }
  return sum * scale;
}

/// ln x for x >= 1, by +, *, / alone: the same bits everywhere. Relative error below 1e-15.
constexpr double natural_log(double x) {
  double halvings = 0;
  while (x > 1.5) {
    x /= 2;
    halvings += 1;
  }
  // ln x = 2 artanh(s) with |s| <= 0.2: the series' terms fall by 25 each.
  const double s = (x - 1) / (x + 1);
  const double square = s * s;
  double sum = 0;
  for (int k = 27; k > 0; k -= 2) sum = sum * square + 1.0 / k;
  return halvings * 0.69314718055994531 + 2 * s * sum;
}

/// ln x for x > 0 whose reciprocal is finite.
constexpr double log_of(double x) { return x >= 1 ? natural_log(x) : -natural_log(1 / x); }

/// e^x for |x| < 700. Relative error below 1e-15.
constexpr double exp_of(double x) { return x >= 0 ? 1 / decay_of(x) : decay_of(-x); }

/// A zero of a function that rises through it between `low` and `high`: false position with the Illinois rule, halving
/// whenever that is slow. Ends where the bounds are `near` each other, relative, or after 200 steps.
template <class Function>
constexpr double zero_of(const Function& f, double low, double high, double near = 4e-16) {
  double f_low = f(low);
  double f_high = f(high);
  for (int step = 0; step < 200 && f_low < 0 && f_high > 0; ++step) {
    const double middle = low + (high - low) / 2;
    double at = step % 3 == 2 ? middle : low - f_low * (high - low) / (f_high - f_low);
    if (!(at > low && at < high)) at = middle;
    if (!(at > low && at < high) || high - low <= near * high) break;
    const double f_at = f(at);
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

/// ln of the gamma function for z > 0: Stirling's series from 10 on, reached by z Gamma(z) = Gamma(z + 1). Error below
/// 1e-14 of the larger of 1 and the value.
constexpr double log_gamma(double z) {
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

/// The beta distribution's chance of a value below x: the regularised incomplete beta function, by its continued
/// fraction (Lentz). a, b > 0, both at most 1e6; x in 0..1. @param log_beta ln of the complete beta function
constexpr double beta_below(double a, double b, double x, double log_beta) {
  if (!(x > 0)) return 0;
  if (!(x < 1)) return 1;
  const bool mirrored = x > (a + 1) / (a + b + 2);
  const double p = mirrored ? b : a;
  const double q = mirrored ? a : b;
  const double y = mirrored ? 1 - x : x;
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

/// The quantile of the standard normal distribution, p in (0, 1). Wichura, Algorithm AS 241, PPND16 (Applied Statistics
/// 37, 1988): about 16 digits.
inline double normal_quantile(double p) {
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

inline constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace tokenbill
