#pragma once
// Ranges of a bill as documents (docs/abi.md): what is asked, and the answer.

#include <string>

#include "tokenbill/json_value.h"
#include "tokenbill/result.h"
#include "tokenbill/sensitivity.h"

namespace tokenbill {

/// Reads "output", "samples", "seed" and "assumptions" of a request; all may be absent, other keys belong to others.
/// @error wrong_type, bad_value, out_of_range
[[nodiscard]] Result<RangeSpec> read_range_spec(const JsonValue& request);
/// "given" or "typical". @error bad_value
[[nodiscard]] Result<Assumptions> parse_assumptions(std::string_view text);
[[nodiscard]] std::string ranges_json(const Ranges& ranges);

}  // namespace tokenbill
