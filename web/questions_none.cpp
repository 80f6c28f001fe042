#include "cost_api.h"
#include "questions.h"
#include "tokenbill/json_results.h"

namespace tokenbill {

namespace {
std::string refused(std::uint32_t op) {
  return error_json({Code::unsupported, "op", "core.wasm does not have operation " + std::to_string(op) + ".",
                     "core-all.wasm has it."});
}
}  // namespace

std::string answer_question(std::uint32_t op, const Engine&, const Catalog&, const Scenario&, Moment,
                            const JsonValue&) {
  return refused(op);
}

std::string load_hardware(std::string_view) { return refused(TB_LOAD_HARDWARE); }

}  // namespace tokenbill
