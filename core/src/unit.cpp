#include "tokenbill/unit.h"

#include <string_view>
#include <utility>

namespace tokenbill {

namespace {

struct DimensionText {
  std::string_view id;
  std::string_view one;
  std::string_view many;
};

constexpr std::array<DimensionText, dimension_count> dimensions = {{
    {"usd", "USD", "USD"},
    {"token", "token", "tokens"},
    {"mtok", "million tokens", "million tokens"},
    {"request", "request", "requests"},
    {"conversation", "conversation", "conversations"},
    {"user", "user", "users"},
    {"day", "day", "days"},
    {"month", "month", "months"},
    {"year", "year", "years"},
    {"hour", "hour", "hours"},
    {"minute", "minute", "minutes"},
    {"second", "second", "seconds"},
    {"unit", "unit", "units"},
    {"person", "person", "people"},
}};

// A dimension to the power n is written n times: "usd*usd". Such units occur only inside formulas.
std::string spell(const Unit& unit) {
  std::string above;
  std::string below;
  for (std::size_t i = 0; i < dimension_count; ++i) {
    for (int n = 0; n < unit.power[i]; ++n) above.append(above.empty() ? "" : "*").append(dimensions[i].id);
    for (int n = 0; n > unit.power[i]; --n) below.append("/").append(dimensions[i].id);
  }
  return (above.empty() && !below.empty() ? "1" : above) + below;
}

}  // namespace

std::string unit_id(const Unit& unit) { return unit == units::ratio ? "ratio" : spell(unit); }

std::string unit_text(const Unit& unit, Count count) {
  constexpr std::size_t thing = static_cast<std::size_t>(Dimension::unit);
  std::string text;
  for (std::size_t i = 0; i < dimension_count; ++i) {
    if (i == thing) continue;
    for (int n = 0; n < unit.power[i]; ++n)
      text.append(text.empty() ? "" : "-").append(count == Count::one ? dimensions[i].one : dimensions[i].many);
  }
  for (std::size_t i = 0; i < dimension_count; ++i) {
    if (i == thing) continue;
    for (int n = 0; n > unit.power[i]; --n) text.append(text.empty() ? "per " : " per ").append(dimensions[i].one);
  }
  if (unit.power[thing] < 0) text.append(text.empty() ? "each" : " each");
  return text;
}

std::string with_unit(std::string number, const Unit& unit) {
  const std::string words = unit_text(unit, number == "1" ? Count::one : Count::many);
  return words.empty() ? number : std::move(number) + " " + words;
}

}  // namespace tokenbill
