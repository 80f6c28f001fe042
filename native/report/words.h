#pragma once
// The words that all forms of a report share.

#include <optional>
#include <string>
#include <string_view>

#include "tokenbill/engine.h"

namespace tokenbill {

/// "4 772.53", or the word for an amount that is not known.
[[nodiscard]] std::string usd_words(const std::optional<double>& value);
[[nodiscard]] std::string percent_words(const std::optional<double>& value);
/// A value with its unit; the label of a choice's option; shares in percent.
[[nodiscard]] std::string value_words(std::string_view id, const std::optional<double>& value, const Unit& unit);
/// Where a value comes from.
[[nodiscard]] std::string_view origin_words(Origin origin);

}  // namespace tokenbill
