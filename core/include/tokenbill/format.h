#pragma once
// Numbers as text for people (English). Rounding happens here and nowhere else.

#include <optional>
#include <string>

#include "tokenbill/unit.h"

namespace tokenbill {

/// Up to 6 significant digits (all digits of whole numbers below 10^15), thousands grouped by U+202F: "1 500 000",
/// "0.0125".
[[nodiscard]] std::string number_text(double value);
/// Three significant digits, as a prediction deserves: "0.0123", "4.57", "12 300".
[[nodiscard]] std::string brief_text(double value);
/// An amount: to the cent from 0.095 USD on, up to three significant digits below: "15 000.00", "0.0000025".
[[nodiscard]] std::string usd_text(double value);
/// A number as its unit wants it: amounts of money as usd_text, prices per million tokens and all else as number_text.
[[nodiscard]] std::string quantity_text(double value, const Unit& unit);
/// "12.5 %"
[[nodiscard]] std::string percent_text(double ratio);
/// A cost against another one: "3.1× dearer", "62 % cheaper", "the same"; empty where it is not known.
[[nodiscard]] std::string ratio_text(const std::optional<double>& ratio);
/// Shortest text that reads back to the same number; "0" for -0.
[[nodiscard]] std::string exact_text(double value);

}  // namespace tokenbill
