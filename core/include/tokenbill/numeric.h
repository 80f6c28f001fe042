#pragma once
// The arithmetic that must give the same bits everywhere, without the C library.

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

inline constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace tokenbill
