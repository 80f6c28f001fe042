#pragma once
// Values as words for people, the same in the window, in reports and on the terminal.

#include <optional>
#include <string>
#include <string_view>

#include "tokenbill/engine.h"
#include "tokenbill/parameter.h"

namespace tokenbill {

inline constexpr std::string_view unknown_word = "unknown";
/// An amount, or the word for one that is not known.
[[nodiscard]] std::string usd_or_unknown(const std::optional<double>& value);
[[nodiscard]] std::string percent_or_unknown(const std::optional<double>& value);
/// As short as a column allows: "128k", "1.05M".
[[nodiscard]] std::string short_text(double value);
struct FigureText {
  std::string number;
  std::string unit;  ///< empty for shares and choices
};
[[nodiscard]] FigureText figure_parts(std::string_view id, const std::optional<double>& value, const Unit& unit);
/// A value with its unit, as the bill's figures and inputs show it.
[[nodiscard]] std::string figure_text(std::string_view id, const std::optional<double>& value, const Unit& unit);
/// A value of an input as a field shows it: "30 %", "1 500"; read back by the core as it stands.
[[nodiscard]] std::string input_text(const Parameter& parameter, double value);
/// Shown in percent.
[[nodiscard]] bool is_share(const Parameter& parameter);
/// Where a value comes from.
[[nodiscard]] std::string_view origin_text(Origin origin);
/// The host of an address; other texts as they are.
[[nodiscard]] std::string source_text(std::string_view source);

}  // namespace tokenbill
