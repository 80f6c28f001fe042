#include "questions.h"
#include "tokenbill/json_results.h"

namespace tokenbill {

std::string answer_question(std::uint32_t op, const Engine&, const Catalog&, const Scenario&, Moment,
                            const JsonValue&) {
  return error_json({Code::unsupported, "op", "core.wasm does not have operation " + std::to_string(op) + ".",
                     "core-all.wasm has it."});
}

}  // namespace tokenbill
