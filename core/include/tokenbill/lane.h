#pragma once
// Lanes: kinds of number over which the same tape is evaluated. A lane offers `Value`, `constant(double, Unit)` and one
// function per operation of op.def; the meaning of an operation on numbers stands once, in op.def.

#include <array>
#include <cstddef>
#include <optional>

#include "tokenbill/numeric.h"
#include "tokenbill/plan.h"

namespace tokenbill {

/// Plain numbers: `double` is the reference, `float` what a 32-bit machine should give.
template <class number>
struct Arithmetic {
  using Value = number;
  [[nodiscard]] static number constant(double value, const Unit&) { return static_cast<number>(value); }
#define TOKENBILL_OP(name, arity, meaning, wgsl)                                                                   \
  [[nodiscard]] static number name([[maybe_unused]] number a, [[maybe_unused]] number b = number(0),               \
                                   [[maybe_unused]] number c = number(0), [[maybe_unused]] number d = number(0)) { \
    return meaning;                                                                                                \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
};
using DoubleLane = Arithmetic<double>;
using FloatLane = Arithmetic<float>;

/// The operation `op` of a lane. Inlined, since it is the innermost of all that is computed.
/// @pre neither a constant nor an input
/// @param operand  operand(k) is the k-th one, asked for where the operation has so many
template <class Lane, class Operand>
[[gnu::always_inline]] inline typename Lane::Value operate(Lane& lane, Op op, const Operand& operand) {
  switch (op) {
    case Op::constant:
    case Op::input:
      break;
#define TOKENBILL_CALL_1(name) lane.name(operand(0))
#define TOKENBILL_CALL_2(name) lane.name(operand(0), operand(1))
#define TOKENBILL_CALL_4(name) lane.name(operand(0), operand(1), operand(2), operand(3))
#define TOKENBILL_OP(name, arity, meaning, wgsl) \
  case Op::name:                                 \
    return TOKENBILL_CALL_##arity(name);
#include "tokenbill/op.def"
#undef TOKENBILL_OP
#undef TOKENBILL_CALL_1
#undef TOKENBILL_CALL_2
#undef TOKENBILL_CALL_4
  }
  return {};
}

/// `size` numbers at once, by plain loops that the compiler turns into SIMD. Bit for bit equal to `Arithmetic`.
template <class number, std::size_t size>
struct BlockLane {
  using Value = std::array<number, size>;
  [[nodiscard]] static Value constant(double value, const Unit&) {
    Value v;
    v.fill(static_cast<number>(value));
    return v;
  }
#define TOKENBILL_OP(name, arity, meaning, wgsl)                                                                   \
  [[nodiscard]] static Value name(const Value& x, const Value& y = {}, const Value& z = {}, const Value& w = {}) { \
    Value out;                                                                                                     \
    for (std::size_t i = 0; i < size; ++i) out[i] = Arithmetic<number>::name(x[i], y[i], z[i], w[i]);              \
    return out;                                                                                                    \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
};

/// A number that may be unknown. Unknown poisons whatever depends on it; nothing depends on a price that is multiplied
/// by zero tokens or that stands in the branch of a tier that is not reached. A quotient by zero is unknown.
struct Known {
  double value = 0;
  bool known = true;
};
struct KnownLane {
  using Value = Known;
  [[nodiscard]] static Known constant(double value, const Unit&) { return {value, true}; }
#define TOKENBILL_OP(name, arity, meaning, wgsl)                                              \
  [[nodiscard]] static Known name(Known a, Known b = {}, Known c = {}, Known d = {}) {        \
    return apply(Op::name, a, b, c, d, DoubleLane::name(a.value, b.value, c.value, d.value)); \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
 private:
  [[nodiscard]] static Known apply(Op op, Known a, Known b, Known c, Known d, double value) {
    if (op == Op::mul && ((a.known && a.value == 0) || (b.known && b.value == 0))) return {0, true};
    bool known = a.known && b.known;
    if (op == Op::above && known) known = a.value > b.value ? c.known : d.known;
    if (op == Op::div && b.value == 0) known = false;
    return {known ? value : 0, known};
  }
};

/// Dimensions: what unit a node has; absent where an operation does not accept its operands' units.
struct UnitLane {
  using Value = std::optional<Unit>;
  [[nodiscard]] static Value constant(double, const Unit& unit) { return unit; }
#define TOKENBILL_OP(name, arity, meaning, wgsl)                                                                   \
  [[nodiscard]] static Value name(const Value& a, const Value& b = {}, const Value& c = {}, const Value& d = {}) { \
    return apply(Op::name, a, b, c, d);                                                                            \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
  [[nodiscard]] static Value apply(Op op, const Value& a, const Value& b, const Value& c, const Value& d);
};

}  // namespace tokenbill
