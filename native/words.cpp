#include "words.h"

#include <array>
#include <cstdio>
#include <utility>

#include "tokenbill/format.h"

namespace tokenbill {

std::string usd_or_unknown(const std::optional<double>& value) {
  return value ? usd_text(*value) : std::string(unknown_word);
}

std::string percent_or_unknown(const std::optional<double>& value) {
  if (!value) return std::string(unknown_word);
  if (*value > 0 && *value < 0.001) return "<" + percent_text(0.001);
  return percent_text(*value);
}

std::string short_text(double value) {
  static constexpr std::pair<double, const char*> sizes[] = {{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}};
  for (const auto& [size, letter] : sizes) {
    if (value < size * 0.9995) continue;
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.3g", value / size);
    return digits.data() + std::string(letter);
  }
  return number_text(value);
}

FigureText figure_parts(std::string_view id, const std::optional<double>& value, const Unit& unit) {
  if (!value) return {std::string(unknown_word), ""};
  if (const std::size_t index = parameter_index(id); index < parameters().size()) {
    const Parameter& parameter = parameters()[index];
    if (parameter.kind == ParameterKind::choice && *value >= 0 &&
        *value < static_cast<double>(parameter.options.size()))
      return {std::string(parameter.options[static_cast<std::size_t>(*value)].label), ""};
  }
  if (id.ends_with("_ratio") && unit == units::ratio) return {percent_text(*value), ""};
  std::string number = unit_text(unit).starts_with("USD") ? usd_text(*value) : number_text(*value);
  std::string words = unit_text(unit, number == "1" ? Count::one : Count::many);
  return {std::move(number), std::move(words)};
}

std::string figure_text(std::string_view id, const std::optional<double>& value, const Unit& unit) {
  const FigureText parts = figure_parts(id, value, unit);
  return parts.unit.empty() ? parts.number : parts.number + " " + parts.unit;
}

bool is_share(const Parameter& parameter) { return parameter.id.ends_with("_ratio") && parameter.unit == units::ratio; }

std::string input_text(const Parameter& parameter, double value) {
  return is_share(parameter) ? number_text(value * 100) + "\u202f%" : number_text(value);
}

std::string_view origin_text(Origin origin) {
  switch (origin) {
    case Origin::user:
      return "yours";
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

std::string source_text(std::string_view source) {
  const std::size_t scheme = source.find("://");
  if (scheme == std::string_view::npos) return std::string(source);
  std::string_view host = source.substr(scheme + 3);
  host = host.substr(0, host.find('/'));
  if (host.starts_with("www.")) host.remove_prefix(4);
  return std::string(host);
}

}  // namespace tokenbill
