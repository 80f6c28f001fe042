#include "tokenbill/unit.h"

#include <string_view>

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
std::string spell(const Unit& unit, bool for_people) {
  std::string above;
  std::string below;
  for (std::size_t i = 0; i < dimension_count; ++i) {
    const DimensionText& name = dimensions[i];
    for (int n = 0; n < unit.power[i]; ++n) {
      if (!above.empty()) above += for_people ? "-" : "*";
      above += for_people ? name.many : name.id;
    }
    for (int n = 0; n > unit.power[i]; --n) {
      below += for_people ? " per " : "/";
      below += for_people ? name.one : name.id;
    }
  }
  if (above.empty() && !below.empty() && !for_people) above = "1";
  if (above.empty() && below.starts_with(' ')) below.erase(0, 1);
  return above + below;
}

}  // namespace

std::string unit_id(const Unit& unit) { return unit == units::ratio ? "ratio" : spell(unit, false); }
std::string unit_text(const Unit& unit) { return spell(unit, true); }

}  // namespace tokenbill
