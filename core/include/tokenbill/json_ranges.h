#pragma once
// Ranges of a bill as documents (docs/abi.md): what is asked, and the answer.

#include <string>

#include "tokenbill/json_value.h"
#include "tokenbill/result.h"
#include "tokenbill/sensitivity.h"

namespace tokenbill {

/// Reads "output", "samples", "seed" and "assumptions" of a request; all may be absent, other keys belong to others.
/// Reads "samples" (a whole number of at most `most`), "seed" and "assumptions"; what is absent stays as it is.
/// @error wrong_type, bad_value, out_of_range
[[nodiscard]] std::optional<Error> read_draws(const JsonValue& request, std::size_t most, std::size_t& samples,
                                              std::uint64_t& seed, Assumptions& assumptions);
/// @error wrong_type, bad_value, out_of_range
[[nodiscard]] Result<RangeSpec> read_range_spec(const JsonValue& request);
/// "given" or "typical". @error bad_value
[[nodiscard]] Result<Assumptions> parse_assumptions(std::string_view text);
[[nodiscard]] std::string ranges_json(const Ranges& ranges);

}  // namespace tokenbill
