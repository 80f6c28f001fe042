#include "tokenbill/usage.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>
#include <utility>

using namespace tokenbill;

namespace {
/// These classes have these tokens, all others none.
void check(std::string_view json, std::initializer_list<std::pair<TokenClass, double>> expected) {
  CAPTURE(json);
  const Result<Usage> usage = usage_of_response(json);
  REQUIRE(usage.ok());
  Usage wanted{};
  for (const auto& [token_class, tokens] : expected) wanted[static_cast<std::size_t>(token_class)] = tokens;
  for (std::size_t i = 0; i < token_class_count; ++i) {
    CAPTURE(info(static_cast<TokenClass>(i)).id);
    CHECK((*usage)[i] == wanted[i]);
  }
}
}  // namespace

TEST_CASE("OpenAI's prompt contains what was cached and written, its output the reasoning") {
  check(R"({"prompt_tokens":2000,"completion_tokens":500,"prompt_tokens_details":{"cached_tokens":1024},
           "completion_tokens_details":{"reasoning_tokens":300}})",
        {{TokenClass::input, 976}, {TokenClass::cache_read, 1024}, {TokenClass::output, 500}});
  check(
      R"({"input_tokens":5000,"output_tokens":70,"input_tokens_details":{"cached_tokens":3000,"cache_write_tokens":1500},
           "output_tokens_details":{"reasoning_tokens":64}})",
      {{TokenClass::input, 500},
       {TokenClass::cache_read, 3000},
       {TokenClass::cache_write, 1500},
       {TokenClass::output, 70}});
}

TEST_CASE("Anthropic's input is only the uncached part, and writes are split by lifetime") {
  check(R"({"input_tokens":200,"cache_read_input_tokens":8000,"cache_creation_input_tokens":5000,
           "cache_creation":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":4000},"output_tokens":400})",
        {{TokenClass::input, 200},
         {TokenClass::cache_read, 8000},
         {TokenClass::cache_write_5m, 1000},
         {TokenClass::cache_write_1h, 4000},
         {TokenClass::output, 400}});
  // Without the split every write has the default lifetime of five minutes.
  check(R"({"input_tokens":10,"cache_read_input_tokens":0,"cache_creation_input_tokens":5000,"output_tokens":1})",
        {{TokenClass::input, 10}, {TokenClass::cache_write_5m, 5000}, {TokenClass::output, 1}});
}

TEST_CASE("Anthropic's iterations replace the top level, which leaves some of them out") {
  check(R"({"input_tokens":10,"output_tokens":1,"iterations":[
           {"input_tokens":10,"output_tokens":1},{"input_tokens":700,"cache_read_input_tokens":90,"output_tokens":50}]})",
        {{TokenClass::input, 710}, {TokenClass::cache_read, 90}, {TokenClass::output, 51}});
}

TEST_CASE("Gemini counts thoughts beside the answer and cached tokens inside the prompt") {
  check(
      R"({"promptTokenCount":3000,"cachedContentTokenCount":2048,"candidatesTokenCount":100,"thoughtsTokenCount":900})",
      {{TokenClass::input, 952},
       {TokenClass::cache_read, 2048},
       {TokenClass::output, 100},
       {TokenClass::output_reasoning, 900}});
}

TEST_CASE("DeepSeek names hits and misses") {
  check(R"({"prompt_tokens":1000,"prompt_cache_hit_tokens":600,"prompt_cache_miss_tokens":400,"completion_tokens":20})",
        {{TokenClass::input, 400}, {TokenClass::cache_read, 600}, {TokenClass::output, 20}});
}

TEST_CASE("a usage that contradicts itself or is none of the known forms is refused") {
  const Result<Usage> more =
      usage_of_response(R"({"prompt_tokens":100,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":101}})");
  REQUIRE_FALSE(more.ok());
  CHECK(more.error().code == Code::inconsistent);
  CHECK(more.error().message.find("101") != std::string::npos);
  CHECK(usage_of_response(R"({"tokens":5})").error().code == Code::bad_value);
  CHECK(usage_of_response("[]").error().code == Code::bad_value);
}
