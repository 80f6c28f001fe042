#pragma once
// The dimension of a value: a product of powers of base units. "ratio" has none.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tokenbill {

/// Base units. `mtok` (a million tokens) is apart from `token`, so that a formula that forgets the
/// per-million does not have the unit it claims and is refused.
enum class Dimension : std::uint8_t {
  usd,
  token,
  mtok,
  request,
  conversation,
  user,
  day,
  month,
  year,
  hour,
  minute,
  second,
  unit,
  person,
  count_
};
inline constexpr std::size_t dimension_count = static_cast<std::size_t>(Dimension::count_);

struct Unit {
  std::array<std::int8_t, dimension_count> power{};

  friend constexpr bool operator==(const Unit&, const Unit&) = default;
  friend constexpr Unit operator*(Unit a, const Unit& b) {
    for (std::size_t i = 0; i < dimension_count; ++i) a.power[i] = static_cast<std::int8_t>(a.power[i] + b.power[i]);
    return a;
  }
  friend constexpr Unit operator/(Unit a, const Unit& b) {
    for (std::size_t i = 0; i < dimension_count; ++i) a.power[i] = static_cast<std::int8_t>(a.power[i] - b.power[i]);
    return a;
  }
};

constexpr Unit base_unit(Dimension d) {
  Unit u;
  u.power[static_cast<std::size_t>(d)] = 1;
  return u;
}

namespace units {
inline constexpr Unit ratio{};
inline constexpr Unit usd = base_unit(Dimension::usd);
inline constexpr Unit token = base_unit(Dimension::token);
inline constexpr Unit mtok = base_unit(Dimension::mtok);
inline constexpr Unit request = base_unit(Dimension::request);
inline constexpr Unit conversation = base_unit(Dimension::conversation);
inline constexpr Unit user = base_unit(Dimension::user);
inline constexpr Unit day = base_unit(Dimension::day);
inline constexpr Unit month = base_unit(Dimension::month);
inline constexpr Unit year = base_unit(Dimension::year);
inline constexpr Unit hour = base_unit(Dimension::hour);
inline constexpr Unit minute = base_unit(Dimension::minute);
inline constexpr Unit second = base_unit(Dimension::second);
inline constexpr Unit unit = base_unit(Dimension::unit);  ///< one thing that a fee counts: a search, a call, an image
inline constexpr Unit person = base_unit(Dimension::person);
}  // namespace units

/// "usd/month", "token/request", "ratio".
[[nodiscard]] std::string unit_id(const Unit& unit);
enum class Count : bool { one, many };
/// For people: "USD per month", "tokens per request", "" for a ratio. Counted things, which the label names, have no
/// word of their own: "per request", "tokens each".
[[nodiscard]] std::string unit_text(const Unit& unit, Count count = Count::many);
/// A number as it is written, with its unit: "1 second per request", "12 tokens each".
[[nodiscard]] std::string with_unit(std::string number, const Unit& unit);

}  // namespace tokenbill
