#pragma once
// Usage as sellers report it, mapped to exclusive token classes. Source: cost model, "Who counts what".

#include <array>
#include <string_view>

#include "tokenbill/catalog.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// Tokens of one request by exclusive class.
using Usage = std::array<double, token_class_count>;

/// Reads a `usage` object of a response: OpenAI (chat and responses), Anthropic, Gemini, DeepSeek, Mistral, xAI, Amazon
/// Bedrock, Perplexity, Cohere, or of what libraries and gateways make of them (LiteLLM, LangChain, Langfuse, AI SDK).
/// The kind is told by its keys. Input that contains cached tokens is taken apart; reasoning inside the output is not
/// counted again. @param json  the object's text @error bad_json; bad_value where the object has none of the known
/// forms; inconsistent where parts exceed the whole
[[nodiscard]] Result<Usage> usage_of_response(std::string_view json);

}  // namespace tokenbill
