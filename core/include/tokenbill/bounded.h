#pragma once
// What a 32-bit evaluation of a tape may give: the value, how far off it may be, and whether a step lies within that.

#include <limits>

#include "tokenbill/lane.h"

namespace tokenbill {

/// The exact value (as the 64-bit reference has it) and a bound on how far a 32-bit machine's value lies from it.
struct Bounded {
  double value = 0;
  double error = 0;  ///< absolute; infinite where nothing can be said
  /// A step (`above`, `ceil`, `floor`) or a divisor of 0 lies within the error of its operands: the 32-bit value may be
  /// on the other side. The bound then covers both sides. `excess` and `complement` do not jump at their corner: what
  /// nearly cancels has a bound that is large beside the value, and raises no flag.
  bool unsure = false;
  double leaves = 0;  ///< of a sum: the error of what is added up, without that of adding
  double terms = 1;   ///< of a sum: how many are added up
};

/// The lane. A machine may round either way, add up in any order, and set numbers below 2^-126 to zero, as WGSL allows;
/// `add`, `mul` and `excess` are then within a unit of the last place, `div` within 2.5, `exp` within 3 + 2 |x|, and
/// `sqrt`, which is 1 / inverseSqrt, within 4.5. (WGSL specification, "Accuracy of Concrete Floating Point Expressions"
/// and "Reassociation and Fusion".)
struct BoundedLane {
  using Value = Bounded;
  /// 2^-23, and a little more for the rounding of the bound itself.
  static constexpr double unit = 1.2e-7;
  static constexpr double flushed = 1.1754943508222875e-38;  ///< 2^-126
  static constexpr double infinite = std::numeric_limits<double>::infinity();

  /// A number that is turned into 32 bits: exact where it has as many, else rounded either way.
  [[nodiscard]] static Bounded of(double value) {
    const bool fits = value <= 3.4028234663852886e38;
    if (fits && static_cast<double>(static_cast<float>(value)) == value && (value == 0 || value >= flushed))
      return leaf(value, 0, false);
    return leaf(value, value * unit + flushed, false);
  }
  [[nodiscard]] static Bounded constant(double value, const Unit&) { return of(value); }

  // Sums of n terms in any order: n - 1 roundings, of partial sums that are no larger than the whole.
  [[nodiscard]] static Bounded add(const Bounded& a, const Bounded& b) {
    Bounded sum;
    sum.value = a.value + b.value;
    sum.leaves = a.leaves + b.leaves;
    sum.terms = a.terms + b.terms;
    if (exact_zero(a) || exact_zero(b)) sum.terms -= 1;
    sum.unsure = a.unsure || b.unsure;
    // Whole numbers of at most 24 bits are added without rounding, in any order.
    if (whole(a) && whole(b) && sum.value <= 16777216) return sum;
    sum.error = sum.leaves + (sum.terms - 1) * (unit * (sum.value + sum.leaves) + flushed);
    return checked(sum);
  }
  [[nodiscard]] static Bounded mul(const Bounded& a, const Bounded& b) {
    const double value = a.value * b.value;
    if (exact_zero(a) || exact_zero(b)) return leaf(value, 0, a.unsure || b.unsure);
    const double moved = product(a.value, b.error) + product(b.value, a.error) + product(a.error, b.error);
    const bool same = is_one(a) || is_one(b);
    return leaf(value, moved + (same ? 0 : unit * (value + moved) + flushed), a.unsure || b.unsure);
  }
  [[nodiscard]] static Bounded div(const Bounded& a, const Bounded& b) {
    const double value = a.value / b.value;
    if (!(b.value - b.error > 0)) return leaf(value, infinite, true);
    if (exact_zero(a)) return leaf(0, 0, a.unsure || b.unsure);
    const double moved = (a.error + value * b.error) / (b.value - b.error);
    // Beyond 2^126 a divisor's reciprocal is flushed.
    const bool coarse = b.value + b.error > 8.5e37 || b.value - b.error < flushed;
    return leaf(value, coarse ? infinite : moved + 2.5 * unit * (value + moved) + flushed, a.unsure || b.unsure);
  }
  [[nodiscard]] static Bounded min(const Bounded& a, const Bounded& b) {
    return chosen(a, b, DoubleLane::min(a.value, b.value), true);
  }
  [[nodiscard]] static Bounded max(const Bounded& a, const Bounded& b) {
    return chosen(a, b, DoubleLane::max(a.value, b.value), false);
  }
  // A difference of sums may be added up in any order as well: no partial sum is larger than the larger side.
  [[nodiscard]] static Bounded excess(const Bounded& a, const Bounded& b) {
    const double value = DoubleLane::excess(a.value, b.value);
    if (whole(a) && whole(b) && a.value <= 16777216 && b.value <= 16777216) return leaf(value, 0, a.unsure || b.unsure);
    if (exact_zero(b)) return leaf(value, a.error, a.unsure || b.unsure);
    if (a.terms + b.terms == 2 && a.value + a.error <= b.value - b.error) return leaf(0, 0, a.unsure || b.unsure);
    const double larger = a.value > b.value ? a.value + a.error : b.value + b.error;
    const double apart = a.value > b.value ? a.value - b.value : b.value - a.value;
    const double between = (a.terms + b.terms - 2) * (unit * larger + flushed);
    double error = a.leaves + b.leaves + between;
    error += unit * (apart + error) + flushed;
    if (a.value <= b.value && apart > error) return leaf(0, 0, a.unsure || b.unsure);
    return leaf(value, error, a.unsure || b.unsure);
  }
  [[nodiscard]] static Bounded complement(const Bounded& a) { return excess(of(1), a); }
  [[nodiscard]] static Bounded ceil(const Bounded& a) {
    return stepped(a, [](double x) { return DoubleLane::ceil(x); });
  }
  [[nodiscard]] static Bounded floor(const Bounded& a) {
    return stepped(a, [](double x) { return DoubleLane::floor(x); });
  }
  [[nodiscard]] static Bounded decay(const Bounded& a) {
    const double value = DoubleLane::decay(a.value);
    if (exact_zero(a)) return leaf(1, 3 * unit, a.unsure);
    const double high = DoubleLane::decay(DoubleLane::excess(a.value, a.error));
    const double low = DoubleLane::decay(a.value + a.error);
    const double moved = (high - value > value - low ? high - value : value - low) + 1e-14 * high;
    return leaf(value, moved + high * (3 + 2 * (a.value + a.error)) * unit + flushed, a.unsure);
  }
  [[nodiscard]] static Bounded root(const Bounded& a) {
    const double value = DoubleLane::root(a.value);
    if (exact_zero(a)) return leaf(0, 0, a.unsure);
    const double high = DoubleLane::root(a.value + a.error);
    const double low = DoubleLane::root(DoubleLane::excess(a.value, a.error));
    const double moved = high - value > value - low ? high - value : value - low;
    // Of numbers that are flushed to 0 the root is 0: 2^-63.
    return leaf(value, moved + 1e-15 * high + 4.5 * unit * high + (low * low < 2 * flushed ? 1.1e-19 : 0), a.unsure);
  }
  [[nodiscard]] static Bounded above(const Bounded& a, const Bounded& b, const Bounded& c, const Bounded& d) {
    const bool yes = a.value > b.value;
    const Bounded& taken = yes ? c : d;
    const Bounded& other = yes ? d : c;
    const double apart = yes ? a.value - b.value : b.value - a.value;
    // Exact operands are compared exactly.
    const bool near = (a.error > 0 || b.error > 0) && apart <= a.error + b.error;
    const bool before = a.unsure || b.unsure || taken.unsure;
    if (!near) return leaf(taken.value, taken.error, before);
    const double jump = taken.value > other.value ? taken.value - other.value : other.value - taken.value;
    const double across = jump + other.error;
    const bool matters = jump > 0 || other.unsure;
    return leaf(taken.value, taken.error > across ? taken.error : across, before || matters);
  }

  // The lane's value is a leaf of whatever adds it up.
  [[nodiscard]] static Bounded leaf(double value, double error, bool unsure) {
    return checked({value, error, unsure, error, 1});
  }

 private:
  [[nodiscard]] static bool exact_zero(const Bounded& a) { return a.value == 0 && a.error == 0; }
  [[nodiscard]] static bool whole(const Bounded& a) { return a.error == 0 && round_down(a.value) == a.value; }
  [[nodiscard]] static bool is_one(const Bounded& a) { return a.value == 1 && a.error == 0; }
  /// 0 times a bound that is infinite is 0 where the factor is.
  [[nodiscard]] static double product(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }
  /// Beyond the largest 32-bit number nothing can be said.
  [[nodiscard]] static Bounded checked(Bounded value) {
    if (!(value.value + value.error <= 3.4e38)) {
      value.error = value.leaves = infinite;
      value.unsure = true;
    }
    return value;
  }
  [[nodiscard]] static Bounded chosen(const Bounded& a, const Bounded& b, double value, bool smaller) {
    // Where one side is taken for certain, only its error counts.
    const Bounded& less = a.value < b.value ? a : b;
    const Bounded& more = a.value < b.value ? b : a;
    const bool certain = less.value + less.error < more.value - more.error;
    const double error = certain ? (smaller ? less.error : more.error) : a.error > b.error ? a.error : b.error;
    const bool unsure = certain ? (smaller ? less.unsure : more.unsure) : a.unsure || b.unsure;
    return leaf(value, error, unsure);
  }
  template <class Step>
  [[nodiscard]] static Bounded stepped(const Bounded& a, Step step) {
    if (!(a.error < infinite)) return leaf(step(a.value), infinite, true);
    const double value = step(a.value);
    const double high = step(a.value + a.error);
    const double low = step(DoubleLane::excess(a.value, a.error));
    // From 2^23 on a 32-bit number is whole, and its error that of the operand.
    const double error = high - value > value - low ? high - value : value - low;
    return leaf(value, error, a.unsure || high != low);
  }
};

}  // namespace tokenbill
