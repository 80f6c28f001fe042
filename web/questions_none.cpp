#include "cost_api.h"
#include "questions.h"
#include "tokenbill/json_results.h"

namespace tokenbill {

namespace {
Error absent(std::uint32_t op) {
  return {Code::unsupported, "op", "core.wasm does not have operation " + std::to_string(op) + ".",
          "core-all.wasm has it."};
}
}  // namespace

std::string answer_question(std::uint32_t op, const Engine&, const Catalog&, const Scenario&, Moment,
                            const JsonValue&) {
  return error_json(absent(op));
}

Result<std::unique_ptr<Job>> start_job(std::uint32_t op, const Engine&, const Catalog&, const Scenario&, Moment,
                                       const JsonValue&) {
  return absent(op);
}

std::string load_hardware(std::string_view) { return error_json(absent(TB_LOAD_HARDWARE)); }

}  // namespace tokenbill
