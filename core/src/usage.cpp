#include "tokenbill/usage.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "text.h"
#include "tokenbill/format.h"
#include "usage_record.h"

namespace tokenbill {

namespace {
constexpr std::uint32_t none = UsageFields::none;

double& in(Usage& usage, TokenClass token_class) { return usage[static_cast<std::size_t>(token_class)]; }

/// An object of the fields, asked by key; absent ones are 0.
struct Object {
  const UsageFields& fields;
  std::uint32_t at;  ///< `none` = an object without members

  [[nodiscard]] bool has(UsageKey key) const { return at != none && fields.fields()[at].keys.has(key); }
  [[nodiscard]] double operator[](UsageKey key) const { return at == none ? 0 : fields.number(at, key).value_or(0); }
  [[nodiscard]] bool counts(UsageKey key) const { return at != none && fields.number(at, key).has_value(); }
  [[nodiscard]] Object object(UsageKey key) const {
    if (!has(key)) return {fields, none};
    const std::uint32_t found = fields.find(at, key);
    const bool is_object = found != none && fields.fields()[found].kind == UsageField::Kind::object;
    return {fields, is_object ? found : none};
  }
};

/// Tokens by modality, as Gemini lists them.
struct Modalities {
  double audio = 0, image = 0, video = 0;
  Modalities(const Object& usage, UsageKey key) {
    if (!usage.has(key)) return;
    const auto& all = usage.fields.fields();
    const std::uint32_t list = usage.fields.find(usage.at, key);
    if (list == none || all[list].kind != UsageField::Kind::array) return;
    for (std::uint32_t i = list + 1; i < all[list].end; i = all[i].end) {
      if (all[i].kind != UsageField::Kind::object) continue;
      const std::string_view modality = usage.fields.text(i, UsageKey::modality);
      const double tokens = usage.fields.number(i, UsageKey::token_count).value_or(0);
      if (modality == "AUDIO") audio += tokens;
      if (modality == "IMAGE") image += tokens;
      if (modality == "VIDEO") video += tokens;
    }
  }
};

/// whole - parts, refused where the parts exceed the whole.
std::optional<Error> take_rest(std::string_view what, double whole, double parts, double& rest) {
  rest = whole - parts;
  if (parts <= whole) return std::nullopt;
  return Error{Code::inconsistent, std::string(what),
               join({"The parts (", number_text(parts), ") exceed the whole (", number_text(whole), ")."}),
               "In this form the prompt contains its cached part; check the record."};
}

std::optional<Error> read_gemini(const Object& usage, Usage& sum, double& reasoning) {
  const double cached = usage[UsageKey::gemini_cached];
  const Modalities prompt(usage, UsageKey::prompt_details), read(usage, UsageKey::cache_details),
      tools(usage, UsageKey::tool_details), answer(usage, UsageKey::output_details);
  in(sum, TokenClass::cache_read_audio) = std::min(read.audio, prompt.audio);
  in(sum, TokenClass::cache_read_image) = std::min(read.image, prompt.image);
  in(sum, TokenClass::cache_read_video) = std::min(read.video, prompt.video);
  in(sum, TokenClass::input_audio) = prompt.audio + tools.audio - in(sum, TokenClass::cache_read_audio);
  in(sum, TokenClass::input_image) = prompt.image + tools.image - in(sum, TokenClass::cache_read_image);
  in(sum, TokenClass::input_video) = prompt.video + tools.video - in(sum, TokenClass::cache_read_video);
  const double read_media = in(sum, TokenClass::cache_read_audio) + in(sum, TokenClass::cache_read_image) +
                            in(sum, TokenClass::cache_read_video);
  const double media =
      in(sum, TokenClass::input_audio) + in(sum, TokenClass::input_image) + in(sum, TokenClass::input_video);
  in(sum, TokenClass::cache_read) = std::max(0.0, cached - read_media);
  const double whole = usage[UsageKey::gemini_prompt] + usage[UsageKey::gemini_tools];
  if (auto error =
          take_rest("promptTokenCount", whole, std::max(cached, read_media) + media, in(sum, TokenClass::input)))
    return error;
  in(sum, TokenClass::output_audio) = answer.audio;
  in(sum, TokenClass::output_image) = answer.image;
  in(sum, TokenClass::output_video) = answer.video;
  reasoning = in(sum, TokenClass::output_reasoning) = usage[UsageKey::gemini_thoughts];
  return take_rest("candidatesTokenCount", usage[UsageKey::gemini_output], answer.audio + answer.image + answer.video,
                   in(sum, TokenClass::output));
}

/// Writes to the cache: by lifetime where that is told, else all of them in the class `untold`.
void add_written(const Object& usage, Usage& sum, TokenClass untold) {
  const Object split = usage.object(UsageKey::cache_creation);
  const double five = usage[UsageKey::cache_write_5m] + split[UsageKey::cache_write_5m];
  const double hour = usage[UsageKey::cache_write_1h] + split[UsageKey::cache_write_1h];
  if (five + hour > 0) {
    in(sum, TokenClass::cache_write_5m) += five;
    in(sum, TokenClass::cache_write_1h) += hour;
  } else {
    in(sum, untold) += usage[UsageKey::cache_write];
  }
}

/// Anthropic, Bedrock, reports and observability tools: what was cached stands beside the input.
void add_exclusive(const Object& usage, double input, double output, Usage& sum) {
  in(sum, TokenClass::input) += input;
  in(sum, TokenClass::cache_read) += usage[UsageKey::cache_read] + usage[UsageKey::cached];
  // Five minutes is Anthropic's lifetime unless another is asked for.
  add_written(usage, sum, TokenClass::cache_write_5m);
  in(sum, TokenClass::output) += output;
}

/// OpenAI and those who speak like it: the prompt contains what was cached, the output what was thought.
std::optional<Error> read_inclusive(const Object& usage, bool chat, Usage& sum, double& reasoning) {
  const double whole = usage[chat ? UsageKey::prompt_tokens : UsageKey::input_tokens];
  const double output = usage[chat ? UsageKey::completion_tokens : UsageKey::output_tokens];
  const Object details = usage.object(UsageKey::prompt_details), answer = usage.object(UsageKey::output_details),
               read = details.object(UsageKey::cached_details);
  const double cached = std::max(
      {usage[UsageKey::cached], usage[UsageKey::cache_read], details[UsageKey::cached], details[UsageKey::cache_read]});
  const double audio = std::max(details[UsageKey::audio], usage[UsageKey::input_audio]);
  const double image = details[UsageKey::image];
  const double read_audio = std::min(read[UsageKey::audio], audio), read_image = std::min(read[UsageKey::image], image);
  in(sum, TokenClass::cache_read_audio) = read_audio;
  in(sum, TokenClass::cache_read_image) = read_image;
  in(sum, TokenClass::cache_read) = std::max(0.0, cached - read_audio - read_image);
  in(sum, TokenClass::input_audio) = audio - read_audio;
  in(sum, TokenClass::input_image) = image - read_image;
  add_written(usage, sum, TokenClass::cache_write);
  if (in(sum, TokenClass::cache_write) == 0)
    in(sum, TokenClass::cache_write) = std::max(details[UsageKey::cache_write], details[UsageKey::cache_creation]);
  double parts = 0;  // all that has been taken out of the prompt so far; nothing is output yet
  for (const double part : sum) parts += part;
  // A library that has put cached tokens into the OpenAI form without adding them to the prompt.
  const bool beside = chat && parts > whole && usage.has(UsageKey::cache_read);
  if (beside)
    in(sum, TokenClass::input) = whole;
  else if (auto error = take_rest(chat ? "prompt_tokens" : "input_tokens", whole, parts, in(sum, TokenClass::input)))
    return error;

  reasoning = std::max(usage[UsageKey::reasoning], answer[UsageKey::reasoning]);
  const double citations = usage[UsageKey::citation];
  const double spoken = std::max(answer[UsageKey::audio], usage[UsageKey::output_audio]),
               drawn = answer[UsageKey::image];
  in(sum, TokenClass::output_audio) = std::min(spoken, output);
  in(sum, TokenClass::output_image) = std::min(drawn, output - in(sum, TokenClass::output_audio));
  in(sum, TokenClass::output) = output - in(sum, TokenClass::output_audio) - in(sum, TokenClass::output_image);
  // Some count reasoning beside the answer: the sum tells (xAI), or that it is more than the answer. Perplexity does,
  // and is known by its citations.
  const double total = usage[UsageKey::total_tokens];
  const bool apart = reasoning > output || usage.has(UsageKey::citation) ||
                     (total > whole + output && total >= whole + output + reasoning);
  if (apart) in(sum, TokenClass::output_reasoning) = reasoning;
  in(sum, TokenClass::output_citation) = citations;
  return std::nullopt;
}

std::optional<Error> read_into(const Object& usage, Usage& sum, double& reasoning) {
  if (usage.has(UsageKey::gemini_prompt) || usage.has(UsageKey::gemini_output) || usage.has(UsageKey::gemini_thoughts))
    return read_gemini(usage, sum, reasoning);
  if (usage.has(UsageKey::uncached_input)) {
    reasoning = usage[UsageKey::reasoning];
    add_exclusive(usage, usage[UsageKey::uncached_input], usage[UsageKey::output_tokens], sum);
    return std::nullopt;
  }
  // Amazon Bedrock's log of invocations: two objects.
  if (const Object prompt = usage.object(UsageKey::input); prompt.has(UsageKey::input_tokens)) {
    add_exclusive(prompt, prompt[UsageKey::input_tokens], usage.object(UsageKey::output)[UsageKey::output_tokens], sum);
    return std::nullopt;
  }
  const bool cached_inside = usage.has(UsageKey::prompt_details) || usage.has(UsageKey::cached);
  const bool cached_beside = usage.has(UsageKey::cache_read) || usage.has(UsageKey::cache_write) ||
                             usage.has(UsageKey::cache_creation) || usage.has(UsageKey::iterations);
  if (usage.has(UsageKey::input_tokens) || usage.has(UsageKey::output_tokens)) {
    if (!cached_beside || cached_inside) return read_inclusive(usage, false, sum, reasoning);
    reasoning = std::max(usage[UsageKey::reasoning], usage.object(UsageKey::output_details)[UsageKey::reasoning]);
    const auto add = [&](const Object& part) {
      add_exclusive(part, part[UsageKey::input_tokens], part[UsageKey::output_tokens], sum);
    };
    // Anthropic's iterations replace the top level, which leaves some of them out.
    const std::uint32_t list = usage.fields.find(usage.at, UsageKey::iterations);
    const auto& all = usage.fields.fields();
    if (list == none || all[list].kind != UsageField::Kind::array || all[list].end == list + 1) {
      add(usage);
      return std::nullopt;
    }
    for (std::uint32_t i = list + 1; i < all[list].end; i = all[i].end)
      if (all[i].kind == UsageField::Kind::object) add({usage.fields, i});
    return std::nullopt;
  }
  if (usage.has(UsageKey::prompt_tokens) || usage.has(UsageKey::completion_tokens)) {
    if (!usage.has(UsageKey::helicone_read) && !usage.has(UsageKey::helicone_write))
      return read_inclusive(usage, true, sum, reasoning);
    // Helicone has taken the cached part out.
    reasoning = usage[UsageKey::reasoning];
    in(sum, TokenClass::input) = usage[UsageKey::prompt_tokens];
    in(sum, TokenClass::cache_read) = usage[UsageKey::helicone_read];
    in(sum, TokenClass::cache_write) = usage[UsageKey::helicone_write];
    in(sum, TokenClass::input_audio) = usage[UsageKey::input_audio];
    in(sum, TokenClass::output) = usage[UsageKey::completion_tokens];
    in(sum, TokenClass::output_audio) = usage[UsageKey::output_audio];
    return std::nullopt;
  }
  if (usage.counts(UsageKey::input) || usage.counts(UsageKey::output)) {  // Langfuse: classes that do not overlap
    reasoning = usage[UsageKey::reasoning];
    add_exclusive(usage, usage[UsageKey::input], usage[UsageKey::output], sum);
    in(sum, TokenClass::output_reasoning) = reasoning;
    in(sum, TokenClass::input_audio) = usage[UsageKey::input_audio];
    in(sum, TokenClass::output_audio) = usage[UsageKey::output_audio];
    return std::nullopt;
  }
  return Error{Code::bad_value, "usage", "None of the known forms of usage.",
               "Known are the usage objects of OpenAI, Anthropic, Gemini, DeepSeek, Mistral, xAI, Bedrock, Cohere, and "
               "those of LiteLLM, LangChain, Langfuse, Helicone and OpenRouter."};
}
}  // namespace

Result<Usage> read_usage(const UsageFields& fields, std::uint32_t object, double& reasoning) {
  Usage sum{};
  reasoning = 0;
  if (auto error = read_into({fields, object}, sum, reasoning)) return *std::move(error);
  for (const double tokens : sum)
    if (!(tokens >= 0) || tokens > 1e15)
      return Error{Code::inconsistent, "usage", "A number of tokens is below 0 or beyond 10^15.", "Check the record."};
  return sum;
}

Result<Usage> usage_of_response(std::string_view json) {
  UsageKeys keys;
  UsageFields fields;
  if (!fields.read_json(json, keys)) return Error{Code::bad_json, "usage", "not JSON: " + fields.problem() + ".", ""};
  if (fields.fields().empty() || fields.fields().front().kind != UsageField::Kind::object)
    return Error{Code::bad_value, "usage", "expected an object.", "See the form that the seller's responses have."};
  double reasoning = 0;
  return read_usage(fields, 0, reasoning);
}

}  // namespace tokenbill
