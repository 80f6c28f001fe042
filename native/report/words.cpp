#include "words.h"

#include "tokenbill/format.h"
#include "tokenbill/parameter.h"

namespace tokenbill {

std::string usd_words(const std::optional<double>& value) { return value ? usd_text(*value) : "unknown"; }

std::string percent_words(const std::optional<double>& value) { return value ? percent_text(*value) : "unknown"; }

std::string value_words(std::string_view id, const std::optional<double>& value, const Unit& unit) {
  if (!value) return "unknown";
  if (const std::size_t index = parameter_index(id); index < parameters().size()) {
    const Parameter& parameter = parameters()[index];
    if (parameter.kind == ParameterKind::choice && *value >= 0 &&
        *value < static_cast<double>(parameter.options.size()))
      return std::string(parameter.options[static_cast<std::size_t>(*value)].label);
  }
  if (id.ends_with("_ratio") && unit == units::ratio) return percent_text(*value);
  const std::string words = unit_text(unit);
  return quantity_text(*value, unit) + (words.empty() ? "" : " " + words);
}

std::string_view origin_words(Origin origin) {
  switch (origin) {
    case Origin::user:
      return "given";
    case Origin::defaulted:
      return "default";
    case Origin::assumption:
      return "assumption";
    case Origin::seller:
      return "price list";
    case Origin::derived:
      return "derived";
  }
  return "";
}

}  // namespace tokenbill
