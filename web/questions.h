#pragma once
// The operations that core-all.wasm has beside those of core.wasm, which the first screen and the widget load: what a
// section asks when it is first opened. Each module links one definition of answer_question.

#include <cstdint>
#include <string>
#include <string_view>

#include "tokenbill/engine.h"
#include "tokenbill/json_value.h"

namespace tokenbill {

/// The response to an operation (TB_FORECAST and after) on a scenario.
/// @param document  the request, for what the operation wants beside the scenario
[[nodiscard]] std::string answer_question(std::uint32_t op, const Engine& engine, const Catalog& catalog,
                                          const Scenario& scenario, Moment today, const JsonValue& document);

/// Keeps the list of hardware for the questions about own capacity: the text of hardware-v1.json.
[[nodiscard]] std::string load_hardware(std::string_view text);

}  // namespace tokenbill
