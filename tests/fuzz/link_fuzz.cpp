// What a link's payload goes through once it is unpacked: the border's check_scenario and set. Never crash; the answer
// is always one JSON document, and a scenario in it is accepted again.

#include "cost_api.h"
#include "fuzz/fuzz_support.h"

namespace {
std::string call(std::uint32_t op, const std::string& request) {
  const std::uint32_t handle = tb_call(op, request.data(), request.size());
  std::string answer(tb_result_ptr(handle), tb_result_len(handle));
  tb_release(handle);
  EXPECT(tb_result_ptr(handle) == nullptr);
  return answer;
}

void expect_answer(const std::string& answer) {
  const auto document = tokenbill::parse_json(answer, "answer");
  EXPECT(document.ok());
  if (document->find("error") != nullptr) return;
  const tokenbill::JsonValue* scenario = document->find("scenario");
  EXPECT(scenario != nullptr);
  tokenbill::JsonWriter again;
  again.begin_object().key("scenario").value(*scenario).end_object();
  const auto second = tokenbill::parse_json(call(TB_CHECK_SCENARIO, again.take()), "second");
  EXPECT(second.ok() && second->find("problems") != nullptr && second->find("problems")->items.empty());
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(text_of(data, size));
  expect_answer(call(TB_CHECK_SCENARIO, text));
  expect_answer(call(TB_CHECK_SCENARIO, "{\"scenario\":" + text + "}"));
  expect_answer(call(TB_SET, text));
  return 0;
}
