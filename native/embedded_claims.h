#pragma once

#include <string_view>

/// The text of claims/claims.json as it was when the program was built.
[[nodiscard]] std::string_view embedded_claims();
