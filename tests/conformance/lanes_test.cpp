// One table of canonical values for every operation, run over every lane; what each lane adds to it.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "support/bits.h"
#include "support/random.h"
#include "tokenbill/lane.h"

using namespace tokenbill;

namespace {

constexpr double tiny = 1e-30;  // a normal number, also with 32 bits
constexpr double huge = 1e30;
constexpr double two52 = 4503599627370496.0;

struct Example {
  Op op;
  std::array<double, 4> operands;
  double expected;
};

// Exact with 32 bits as well, tiny and huge aside, which are only passed on.
const Example examples[] = {
    {Op::add, {0, 0}, 0},
    {Op::add, {1.5, 2.25}, 3.75},
    {Op::add, {huge, 1}, huge},
    {Op::add, {1, tiny}, 1},
    {Op::mul, {0, 7}, 0},
    {Op::mul, {7, 0}, 0},
    {Op::mul, {1.5, 2.5}, 3.75},
    {Op::mul, {huge, 0}, 0},
    {Op::mul, {1, tiny}, tiny},
    {Op::div, {0, 3}, 0},
    {Op::div, {3, 4}, 0.75},
    {Op::div, {huge, huge}, 1},
    {Op::div, {tiny, 1}, tiny},
    {Op::min, {2, 3}, 2},
    {Op::min, {3, 2}, 2},
    {Op::min, {2, 2}, 2},
    {Op::min, {0, huge}, 0},
    {Op::min, {tiny, 0}, 0},
    {Op::max, {2, 3}, 3},
    {Op::max, {3, 2}, 3},
    {Op::max, {2, 2}, 2},
    {Op::max, {tiny, huge}, huge},
    {Op::max, {tiny, 0}, tiny},
    {Op::excess, {5, 3}, 2},
    {Op::excess, {3, 5}, 0},
    {Op::excess, {3, 3}, 0},
    {Op::excess, {0, 0}, 0},
    {Op::excess, {tiny, 0}, tiny},
    {Op::excess, {0, tiny}, 0},
    {Op::excess, {huge, 1}, huge},
    {Op::complement, {0}, 1},
    {Op::complement, {1}, 0},
    {Op::complement, {0.25}, 0.75},
    {Op::complement, {1.25}, 0},
    {Op::complement, {tiny}, 1},
    {Op::complement, {huge}, 0},
    {Op::ceil, {0}, 0},
    {Op::ceil, {tiny}, 1},
    {Op::ceil, {0.5}, 1},
    {Op::ceil, {1}, 1},
    {Op::ceil, {1.25}, 2},
    {Op::ceil, {8388609}, 8388609},
    {Op::ceil, {huge}, huge},
    {Op::floor, {0}, 0},
    {Op::floor, {tiny}, 0},
    {Op::floor, {0.75}, 0},
    {Op::floor, {1}, 1},
    {Op::floor, {1.75}, 1},
    {Op::floor, {8388609}, 8388609},
    {Op::floor, {huge}, huge},
    {Op::decay, {0}, 1},
    {Op::decay, {tiny}, 1},
    {Op::decay, {700}, 0},
    {Op::decay, {huge}, 0},
    {Op::root, {0}, 0},
    {Op::root, {1}, 1},
    {Op::root, {6.25}, 2.5},
    {Op::root, {16777216}, 4096},
    {Op::above, {2, 3, 10, 20}, 20},
    {Op::above, {3, 3, 10, 20}, 20},
    {Op::above, {4, 3, 10, 20}, 10},
    {Op::above, {0, 0, 10, 20}, 20},
    {Op::above, {tiny, 0, 10, 20}, 10},
    {Op::above, {huge, tiny, 0, 1}, 0},
};

// Only with 64 bits.
const Example fine_examples[] = {
    {Op::add, {0.1, 0.2}, 0.30000000000000004},
    {Op::div, {1, 3}, 0.3333333333333333},
    {Op::mul, {2000, 2.5}, 5000},
    {Op::excess, {1, 0.9}, 0.09999999999999998},
    {Op::complement, {0.1}, 0.9},
    {Op::complement, {0.9999999999999999}, 1.1102230246251565e-16},
    {Op::above, {272000.00000000006, 272000, 1, 0}, 1},
    {Op::above, {271999.99999999994, 272000, 1, 0}, 0},
    {Op::ceil, {1.0000000000000002}, 2},
    {Op::ceil, {0.9999999999999999}, 1},
    {Op::floor, {0.9999999999999999}, 0},
    {Op::floor, {1.0000000000000002}, 1},
    {Op::ceil, {5e-324}, 1},
    {Op::floor, {5e-324}, 0},
    {Op::ceil, {two52 - 0.5}, two52},
    {Op::floor, {two52 - 0.5}, two52 - 1},
    {Op::ceil, {two52}, two52},
    {Op::floor, {two52}, two52},
    {Op::ceil, {two52 + 1}, two52 + 1},
    {Op::floor, {two52 + 1}, two52 + 1},
    {Op::ceil, {9007199254740993.0}, 9007199254740992.0},
    {Op::floor, {9.3e18}, 9.3e18},  // beyond 2^63
    {Op::ceil, {std::numeric_limits<double>::max()}, std::numeric_limits<double>::max()},
};

template <class Lane>
typename Lane::Value apply(Op op, const std::array<typename Lane::Value, 4>& x) {
  Lane lane;
  return operate(lane, op, [&](std::size_t k) { return x[k]; });
}

// All numbers of a lane's value.
template <class number>
std::vector<double> numbers(number value) requires std::is_arithmetic_v<number> {
  return {static_cast<double>(value)};
}
template <class number, std::size_t size>
std::vector<double> numbers(const std::array<number, size>& block) {
  return {block.begin(), block.end()};
}
std::vector<double> numbers(const Known& known) {
  CHECK(known.known);
  return {known.value};
}

template <class Lane>
std::array<typename Lane::Value, 4> constants(const std::array<double, 4>& operands) {
  std::array<typename Lane::Value, 4> values;
  for (std::size_t i = 0; i < 4; ++i) values[i] = Lane::constant(operands[i], units::ratio);
  return values;
}

template <class Lane>
bool is_float = false;
template <>
bool is_float<FloatLane> = true;
template <std::size_t size>
bool is_float<BlockLane<float, size>> = true;

template <class Lane>
void check(const Example& example) {
  CAPTURE(std::string(op_name(example.op)));
  CAPTURE(example.operands[0]);
  CAPTURE(example.operands[1]);
  const double expected = is_float<Lane> ? static_cast<double>(static_cast<float>(example.expected)) : example.expected;
  for (const double value : numbers(apply<Lane>(example.op, constants<Lane>(example.operands))))
    CHECK(value == expected);
}

using Block4 = BlockLane<double, 4>;
using Block64 = BlockLane<double, 64>;
using FloatBlock4 = BlockLane<float, 4>;

}  // namespace

TEST_CASE_TEMPLATE("every operation has its canonical value", Lane, DoubleLane, FloatLane, Block4, Block64, FloatBlock4,
                   KnownLane) {
  for (const Example& example : examples) check<Lane>(example);
}

TEST_CASE_TEMPLATE("every operation has its canonical value to the last bit of 64", Lane, DoubleLane, Block4, Block64,
                   KnownLane) {
  for (const Example& example : fine_examples) check<Lane>(example);
}

TEST_CASE("every operation has at least three examples") {
  int count[32] = {};
  for (const Example& example : examples) ++count[static_cast<std::size_t>(example.op)];
#define TOKENBILL_OP(name, arity, meaning, wgsl) \
  CAPTURE(#name);                                \
  CHECK(count[static_cast<std::size_t>(Op::name)] >= 3);
#include "tokenbill/op.def"
#undef TOKENBILL_OP
}

TEST_CASE_TEMPLATE("a block gives the same bits as its numbers one by one", Lane, Block4, Block64) {
  Random random(1);
  const auto some = [&]() -> double {
    switch (random.below(6)) {
      case 0:
        return 0;
      case 1:
        return random.unit();
      case 2:
        return random.unit() * 1e-12;
      case 3:
        return random.unit() * 1e15;
      case 4:
        return static_cast<double>(random.below(5));
      default:
        return random.unit() * 800;
    }
  };
  for (int round = 0; round < 200; ++round)
#define TOKENBILL_OP(name, arity, meaning, wgsl)                                              \
  {                                                                                           \
    std::array<typename Lane::Value, 4> x;                                                    \
    for (auto& operand : x)                                                                   \
      for (double& number : operand) number = some();                                         \
    const typename Lane::Value got = apply<Lane>(Op::name, x);                                \
    for (std::size_t i = 0; i < got.size(); ++i) {                                            \
      const double alone = apply<DoubleLane>(Op::name, {x[0][i], x[1][i], x[2][i], x[3][i]}); \
      CAPTURE(#name);                                                                         \
      CAPTURE(x[0][i]);                                                                       \
      CAPTURE(x[1][i]);                                                                       \
      CHECK(bits_of(got[i]) == bits_of(alone));                                               \
    }                                                                                         \
  }
#include "tokenbill/op.def"
#undef TOKENBILL_OP
}

TEST_CASE("rounding steps exactly at whole numbers") {
  for (double whole = 1; whole < 1e15; whole = whole * 3 + 1) {
    CAPTURE(whole);
    const double below = std::nextafter(whole, 0.0);
    const double above = std::nextafter(whole, 1e300);
    CHECK(round_down(whole) == whole);
    CHECK(round_up(whole) == whole);
    CHECK(round_down(below) == whole - 1);
    CHECK(round_up(below) == whole);
    CHECK(round_down(above) == whole);
    CHECK(round_up(above) == whole + 1);
  }
}

TEST_CASE("rounding with 32 bits steps exactly at whole numbers") {
  for (float whole = 1; whole < 4e6f; whole = whole * 3 + 1) {
    CAPTURE(whole);
    CHECK(round_down(whole) == whole);
    CHECK(round_up(whole) == whole);
    CHECK(round_down(std::nextafter(whole, 0.0f)) == whole - 1);
    CHECK(round_up(std::nextafter(whole, 1e30f)) == whole + 1);
  }
  CHECK(round_up(8388608.0f) == 8388608.0f);
  CHECK(round_down(16777216.0f) == 16777216.0f);
}

TEST_CASE("a number of at least 2^52 is whole already") {
  for (const double whole : {two52, two52 + 1, 2 * two52 + 2, 1e18, 1e19, 1e300}) {
    CHECK(round_down(whole) == whole);
    CHECK(round_up(whole) == whole);
  }
}

TEST_CASE("decay is e to the minus, within 1e-15") {
  struct Value {
    double a;
    double expected;  // of the double written, to 25 digits by arbitrary-precision arithmetic
  };
  static constexpr Value table[] = {
      {0.0, 1.0},
      {5e-324, 1.0},
      {1e-300, 1.0},
      {1e-17, 9.999999999999999900000000e-1},
      {1.1102230246251565e-16, 9.999999999999998889776975e-1},
      {1e-08, 9.999999900000000499999996e-1},
      {0.001, 9.990004998333749916472595e-1},
      {0.1, 9.048374180359595681413924e-1},
      {0.25, 7.788007830714048682451703e-1},
      {0.3465735902799726, 7.071067811865475718522245e-1},
      {0.34657359027997264, 7.071067811865475325999130e-1},
      {0.3465735902799727, 7.071067811865474933476015e-1},
      {0.5, 6.065306597126334236037995e-1},
      {0.6931471805599453, 5.000000000000000115952341e-1},
      {1.0, 3.678794411714423215955238e-1},
      {1.0397207708399179, 3.535533905932737941251809e-1},
      {1.5, 2.231301601484298289332805e-1},
      {2.0, 1.353352832366126918939995e-1},
      {3.141592653589793, 4.321391826377225506659641e-2},
      {5.0, 6.737946999085467096636048e-3},
      {7.25, 7.101743888425490635846004e-4},
      {10.0, 4.539992976248485153559152e-5},
      {20.0, 2.061153622438557827965940e-9},
      {36.7, 1.151840949307609632197461e-16},
      {50.0, 1.928749847963917783017343e-22},
      {87.3, 1.219247095952005161864266e-38},
      {100.0, 3.720075976020835962959696e-44},
      {123.456, 2.419582541264593339118183e-54},
      {200.0, 1.383896526736737530648681e-87},
      {345.6789, 7.474139847603420566226864e-151},
      {500.0, 7.124576406741285531549157e-218},
      {600.5, 1.607546769793794238749898e-261},
      {690.0, 2.171738281389827008482124e-300},
      {699.0, 2.680137958338606945683272e-304},
      {699.9999999999999, 9.859676543760891772152591e-305},
  };
  for (const Value& value : table) {
    const double a = value.a;
    const double expected = value.expected;
    CAPTURE(a);
    const double got = decay_of(a);
    CHECK(std::abs(got - expected) <= 4e-16 * expected);
    const double got32 = static_cast<double>(decay_of(static_cast<float>(a)));
    if (a <= 80) CHECK(std::abs(got32 - expected) <= 1e-5 * expected);
  }
}

TEST_CASE("decay never rises, and ends at 0") {
  Random random(2);
  for (int i = 0; i < 20000; ++i) {
    const double a = random.unit() * (i % 2 == 0 ? 3 : 710);
    const double b = a + random.unit() * 1e-3;
    CAPTURE(a);
    CAPTURE(b);
    CHECK(decay_of(b) <= decay_of(a) * (1 + 4e-16));
    CHECK(decay_of(a) >= 0);
    CHECK(decay_of(a) <= 1);
  }
  CHECK(decay_of(700.0) == 0);
  CHECK(decay_of(std::numeric_limits<double>::infinity()) == 0);
}

namespace {
constexpr Known unknown{0, false};
Known known(double value) { return {value, true}; }
void check_unknown(const Known& value) { CHECK_FALSE(value.known); }
void check_known(const Known& value, double expected) {
  CHECK(value.known);
  CHECK(value.value == expected);
}
}  // namespace

TEST_CASE("what is added to an unknown is unknown") {
  check_unknown(KnownLane::add(unknown, known(0)));
  check_unknown(KnownLane::add(known(5), unknown));
  check_unknown(KnownLane::excess(known(0), unknown));
  check_unknown(KnownLane::excess(unknown, known(1e9)));
  check_unknown(KnownLane::min(unknown, known(0)));
  check_unknown(KnownLane::max(known(1), unknown));
}

TEST_CASE("a function of an unknown is unknown") {
  check_unknown(KnownLane::complement(unknown));
  check_unknown(KnownLane::ceil(unknown));
  check_unknown(KnownLane::floor(unknown));
  check_unknown(KnownLane::decay(unknown));
  check_unknown(KnownLane::div(unknown, known(2)));
  check_unknown(KnownLane::div(known(2), unknown));
}

TEST_CASE("zero tokens cost nothing at an unknown price") {
  check_known(KnownLane::mul(known(0), unknown), 0);
  check_known(KnownLane::mul(unknown, known(0)), 0);
  check_unknown(KnownLane::mul(known(1e-300), unknown));
  check_unknown(KnownLane::mul(unknown, known(1)));
  check_unknown(KnownLane::mul(unknown, unknown));
}

TEST_CASE("an unknown number that is stored as 0 is not the number 0") {
  check_unknown(KnownLane::mul(Known{0, false}, known(3)));
  check_unknown(KnownLane::mul(Known{0, false}, Known{0, false}));
}

TEST_CASE("the branch of a tier that is not reached may be unknown") {
  check_known(KnownLane::above(known(2), known(3), unknown, known(20)), 20);
  check_known(KnownLane::above(known(4), known(3), known(10), unknown), 10);
  check_known(KnownLane::above(known(3), known(3), unknown, known(20)), 20);
  check_unknown(KnownLane::above(known(4), known(3), unknown, known(20)));
  check_unknown(KnownLane::above(known(2), known(3), known(10), unknown));
  check_unknown(KnownLane::above(unknown, known(3), known(10), known(10)));
  check_unknown(KnownLane::above(known(2), unknown, known(10), known(10)));
}

TEST_CASE("a quotient by zero is unknown") {
  check_unknown(KnownLane::div(known(1), known(0)));
  check_unknown(KnownLane::div(known(0), known(0)));
}

TEST_CASE("an unknown carries no stray number") {
  CHECK(KnownLane::add(unknown, known(7)).value == 0);
  CHECK(KnownLane::div(known(1), known(0)).value == 0);
}

TEST_CASE("products and quotients of units are units") {
  const UnitLane::Value price = units::usd / units::mtok;
  const UnitLane::Value amount = units::mtok;
  CHECK(UnitLane::mul(price, amount) == UnitLane::Value(units::usd));
  CHECK(UnitLane::div(units::usd, units::month) == UnitLane::Value(units::usd / units::month));
  CHECK(UnitLane::div(units::usd, units::usd) == UnitLane::Value(units::ratio));
}

TEST_CASE("only equal units are added, compared or subtracted") {
  const UnitLane::Value usd = units::usd;
  const UnitLane::Value token = units::token;
  using Binary = UnitLane::Value (*)(const UnitLane::Value&, const UnitLane::Value&, const UnitLane::Value&,
                                     const UnitLane::Value&);
  for (const Binary op :
       {Binary(UnitLane::add), Binary(UnitLane::min), Binary(UnitLane::max), Binary(UnitLane::excess)}) {
    CHECK(op(usd, usd, {}, {}) == usd);
    CHECK_FALSE(op(usd, token, {}, {}).has_value());
    CHECK_FALSE(op(usd, units::ratio, {}, {}).has_value());
    CHECK_FALSE(op(usd, std::nullopt, {}, {}).has_value());
  }
}

TEST_CASE("a million tokens is another unit than a token") {
  CHECK_FALSE(UnitLane::add(units::token, units::mtok).has_value());
  CHECK_FALSE(UnitLane::mul(units::token, units::usd / units::mtok) == UnitLane::Value(units::usd));
}

TEST_CASE("complement and decay take ratios alone") {
  CHECK(UnitLane::complement(units::ratio) == UnitLane::Value(units::ratio));
  CHECK(UnitLane::decay(units::ratio) == UnitLane::Value(units::ratio));
  CHECK_FALSE(UnitLane::complement(units::usd).has_value());
  CHECK_FALSE(UnitLane::decay(units::hour).has_value());
}

TEST_CASE("rounding keeps the unit") {
  CHECK(UnitLane::ceil(units::token) == UnitLane::Value(units::token));
  CHECK(UnitLane::floor(units::unit) == UnitLane::Value(units::unit));
}

TEST_CASE("a tier compares like with like and chooses between like and like") {
  const UnitLane::Value tokens = units::token;
  const UnitLane::Value price = units::usd / units::mtok;
  CHECK(UnitLane::above(tokens, tokens, price, price) == price);
  CHECK_FALSE(UnitLane::above(tokens, units::mtok, price, price).has_value());
  CHECK_FALSE(UnitLane::above(tokens, tokens, price, units::usd).has_value());
}
