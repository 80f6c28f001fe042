#pragma once
// The name that was probably meant, for messages.

#include <span>
#include <string>
#include <string_view>

namespace tokenbill {

/// `Did you mean "x"?`; empty where nothing is near.
[[nodiscard]] std::string nearest_hint(std::string_view written, std::span<const std::string_view> known);

}  // namespace tokenbill
