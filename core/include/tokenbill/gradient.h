#pragma once
// Derivatives: what each operation passes on, a number with its slope (a lane), and the gradient of a figure by every
// input in one pass back over the tape.

#include <array>
#include <span>
#include <vector>

#include "tokenbill/evaluate.h"
#include "tokenbill/lane.h"
#include "tokenbill/plan.h"

namespace tokenbill {

/// Derivatives of an operation's value by its operands a, b, c, d, where it has value `v`.
/// They are those of the side that the value is taken from. Exactly at a kink, `min`, `max` and `excess` of equals have
/// the mean of both sides, so that a figure in which several of them meet has what equal steps up and down give;
/// `complement` of 1 has that of shares below. `above` follows the branch that is reached and does not feel what
/// decides. `ceil` and `floor` are 0 everywhere. The root of 0, whose slope is infinite, and a quotient by 0 count as
/// 0.
[[nodiscard]] constexpr std::array<double, 4> slopes(Op op, double a, double b, double v) {
  switch (op) {
    case Op::add:
      return {1, 1};
    case Op::mul:
      return {b, a};
    case Op::div:
      return b == 0 ? std::array<double, 4>{} : std::array<double, 4>{1 / b, -v / b};
    case Op::min:
      if (a == b) return {0.5, 0.5};
      return b < a ? std::array<double, 4>{0, 1} : std::array<double, 4>{1, 0};
    case Op::max:
      if (a == b) return {0.5, 0.5};
      return a < b ? std::array<double, 4>{0, 1} : std::array<double, 4>{1, 0};
    case Op::excess:
      if (a == b) return {0.5, -0.5};
      return a > b ? std::array<double, 4>{1, -1} : std::array<double, 4>{};
    case Op::complement:
      return a <= 1 ? std::array<double, 4>{-1} : std::array<double, 4>{};
    case Op::decay:
      return {-v};
    case Op::root:
      return v > 0 ? std::array<double, 4>{0.5 / v} : std::array<double, 4>{};
    case Op::above:
      return a > b ? std::array<double, 4>{0, 0, 1, 0} : std::array<double, 4>{0, 0, 0, 1};
    case Op::ceil:
    case Op::floor:
    case Op::constant:
    case Op::input:
      break;
  }
  return {};
}

/// A number and its derivative along one direction of the inputs.
struct Dual {
  double value = 0;
  double slope = 0;
};
struct DualLane {
  using Value = Dual;
  [[nodiscard]] static Dual constant(double value, const Unit&) { return {value, 0}; }
#define TOKENBILL_OP(name, arity, meaning, wgsl)                                       \
  [[nodiscard]] static Dual name(Dual a, Dual b = {}, Dual c = {}, Dual d = {}) {      \
    const double v = DoubleLane::name(a.value, b.value, c.value, d.value);             \
    const std::array<double, 4> by = slopes(Op::name, a.value, b.value, v);            \
    return {v, by[0] * a.slope + by[1] * b.slope + by[2] * c.slope + by[3] * d.slope}; \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
};

/// Derivatives of one figure by every input of the plan, in the figure's unit by the input's.
/// @param values of every node: an evaluation of the plan
/// NaN where the derivative depends on a number that is not known, such as the price of what is multiplied by 0.
[[nodiscard]] std::vector<double> gradient(const Plan& plan, std::span<const Known> values, NodeId figure);

}  // namespace tokenbill
