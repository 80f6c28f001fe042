#include "tokenbill/usage.h"

#include <initializer_list>
#include <string>

#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// The number at a path of keys; 0 where a key is absent or null.
double at(const JsonValue& value, std::initializer_list<std::string_view> path) {
  const JsonValue* here = &value;
  for (const std::string_view key : path) {
    here = here->kind == JsonValue::Kind::object ? here->find(key) : nullptr;
    if (here == nullptr) return 0;
  }
  return here->kind == JsonValue::Kind::number ? here->number : 0;
}

Usage nothing() {
  Usage usage;
  usage.fill(0);
  return usage;
}

double& in(Usage& usage, TokenClass token_class) { return usage[static_cast<std::size_t>(token_class)]; }

/// whole - parts, refused where the parts exceed the whole.
Result<double> rest(std::string_view what, double whole, double parts) {
  if (parts > whole)
    return Error{Code::inconsistent, std::string(what),
                 "The cached tokens (" + number_text(parts) + ") exceed the whole prompt (" + number_text(whole) + ").",
                 "In this form the prompt contains its cached part; check the record."};
  return whole - parts;
}

// Anthropic: input_tokens is only the uncached part; iterations replace the top level where they are reported.
void add_anthropic(const JsonValue& usage, Usage& sum) {
  in(sum, TokenClass::input) += at(usage, {"input_tokens"});
  in(sum, TokenClass::cache_read) += at(usage, {"cache_read_input_tokens"});
  const double five = at(usage, {"cache_creation", "ephemeral_5m_input_tokens"});
  const double hour = at(usage, {"cache_creation", "ephemeral_1h_input_tokens"});
  const double created = at(usage, {"cache_creation_input_tokens"});
  in(sum, TokenClass::cache_write_5m) += five + hour > 0 ? five : created;  // 5 minutes is the default lifetime
  in(sum, TokenClass::cache_write_1h) += hour;
  in(sum, TokenClass::output) += at(usage, {"output_tokens"});
}
}  // namespace

Result<Usage> usage_of_response(const JsonValue& usage) {
  Usage sum = nothing();
  const auto has = [&](std::string_view key) { return usage.find(key) != nullptr; };

  if (has("promptTokenCount")) {  // Gemini: prompt contains the cached part; thoughts stand beside the candidates
    const double cached = at(usage, {"cachedContentTokenCount"});
    Result<double> fresh =
        rest("promptTokenCount", at(usage, {"promptTokenCount"}) + at(usage, {"toolUsePromptTokenCount"}), cached);
    if (!fresh) return fresh.error();
    in(sum, TokenClass::input) = *fresh;
    in(sum, TokenClass::cache_read) = cached;
    in(sum, TokenClass::output) = at(usage, {"candidatesTokenCount"});
    in(sum, TokenClass::output_reasoning) = at(usage, {"thoughtsTokenCount"});
    return sum;
  }
  if (has("cache_read_input_tokens") || has("cache_creation_input_tokens") || has("cache_creation") ||
      has("iterations")) {
    const JsonValue* iterations = usage.find("iterations");
    if (iterations != nullptr && iterations->kind == JsonValue::Kind::array && !iterations->items.empty())
      for (const JsonValue& iteration : iterations->items) add_anthropic(iteration, sum);
    else
      add_anthropic(usage, sum);
    return sum;
  }
  if (has("prompt_tokens") || has("input_tokens")) {  // OpenAI, DeepSeek and those who speak like them
    const bool chat = has("prompt_tokens");
    const std::string_view details = chat ? "prompt_tokens_details" : "input_tokens_details";
    const double cached =
        has("prompt_cache_hit_tokens") ? at(usage, {"prompt_cache_hit_tokens"}) : at(usage, {details, "cached_tokens"});
    const double written = at(usage, {details, "cache_write_tokens"});
    const double audio = at(usage, {details, "audio_tokens"});
    Result<double> fresh = rest(chat ? "prompt_tokens" : "input_tokens",
                                at(usage, {chat ? "prompt_tokens" : "input_tokens"}), cached + written + audio);
    if (!fresh) return fresh.error();
    in(sum, TokenClass::input) = *fresh;
    in(sum, TokenClass::cache_read) = cached;
    in(sum, TokenClass::cache_write) = written;
    in(sum, TokenClass::input_audio) = audio;
    const double output = at(usage, {chat ? "completion_tokens" : "output_tokens"});  // contains the reasoning
    const double spoken = at(usage, {"completion_tokens_details", "audio_tokens"});
    in(sum, TokenClass::output) = output - (spoken < output ? spoken : output);
    in(sum, TokenClass::output_audio) = spoken < output ? spoken : output;
    return sum;
  }
  return Error{Code::bad_value, "usage", "None of the known forms of usage.",
               "Known are the usage objects of OpenAI, Anthropic, Gemini and DeepSeek."};
}

}  // namespace tokenbill
