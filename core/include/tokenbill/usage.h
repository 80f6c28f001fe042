#pragma once
// Usage as sellers report it, mapped to exclusive token classes. Source: cost model, "Who counts what".

#include <array>

#include "tokenbill/catalog.h"
#include "tokenbill/json_value.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// Tokens of one request by exclusive class.
using Usage = std::array<double, token_class_count>;

/// Reads a `usage` object of a response: OpenAI (chat and responses), Anthropic, Gemini, DeepSeek or any of their form.
/// The kind is told by its keys. Input that contains cached tokens is taken apart; reasoning inside the output is not
/// counted again. @error bad_value where the object has none of the known forms; inconsistent where parts exceed the
/// whole
[[nodiscard]] Result<Usage> usage_of_response(const JsonValue& usage);

}  // namespace tokenbill
