// The rules of counting in the bundled catalog, each against a figure that its seller publishes or that is worked out
// in the comment; and the services that the worked cases name.

#include "tokenbill/media.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/bundled.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

const Model& model_of(std::string_view name) {
  const Result<const Model*> model = bundled_prices().find_model(name);
  CAPTURE(name);
  REQUIRE(model.ok());
  return **model;
}

double tokens(std::string_view name, std::string_view detail, double width, double height) {
  return image_tokens(model_of(name), detail, width, height).value_or(-1);
}

double usd_of(const Service& service, Metric metric, std::string_view day) {
  const ServiceRow* row = row_at(service, parse_moment(day).value());
  REQUIRE(row != nullptr);
  const std::optional<ServiceRate>& rate = row->rates[static_cast<std::size_t>(metric)];
  return rate ? rate->usd : -1;
}

Model model_with(ImageAlgorithm algorithm, const ImageNumbers& numbers) {
  Model model;
  model.image_tokens.emplace().algorithm = algorithm;
  model.image_tokens->details[0] = numbers;
  return model;
}

}  // namespace

TEST_CASE("images: a model without a rule has no figure") {
  CHECK_FALSE(image_tokens(Model{}, "auto", 100, 100).has_value());
  CHECK_FALSE(pdf_page_tokens(Model{}).has_value());
}

TEST_CASE("images: a detail that the rule lacks is its auto") {
  Model model = model_with(ImageAlgorithm::fixed, {.tokens = 1120});
  model.image_tokens->details[static_cast<std::size_t>(ImageDetail::low)] = ImageNumbers{.tokens = 280};
  CHECK(image_tokens(model, "low", 10, 10) == 280);
  for (const char* detail : {"auto", "medium", "high", "original", "", "LOW", "lowest"})
    CHECK(image_tokens(model, detail, 10, 10) == 1120);
}

TEST_CASE("images: a side below one pixel counts as one") {
  const Model model = model_with(ImageAlgorithm::patch28, {.max_edge = 1568, .max_patches = 1568});
  CHECK(image_tokens(model, "auto", 0, 0) == 1);
  CHECK(image_tokens(model, "auto", 0.2, 56) == 2);
}

TEST_CASE("images: the names of details") {
  for (std::size_t i = 0; i < image_detail_count; ++i) {
    const auto detail = static_cast<ImageDetail>(i);
    CHECK(image_detail_of(image_detail_id(detail)) == detail);
  }
  CHECK_FALSE(image_detail_of("sharp").has_value());
}

TEST_CASE("pages: a seller's figure comes before the image rule, and only patches and tiles of 512 stand in for one") {
  Model listed = model_with(ImageAlgorithm::patch28, {.max_edge = 1568, .max_patches = 1568});
  CHECK(pdf_page_tokens(listed) == 1551);  // scaled to 924 x 1,307 pixels: 33 columns and 47 rows
  listed.pdf_page_tokens = 258;
  CHECK(pdf_page_tokens(listed) == 258);
  CHECK_FALSE(pdf_page_tokens(model_with(ImageAlgorithm::tile768, {.tile_tokens = 258})).has_value());
  CHECK_FALSE(pdf_page_tokens(model_with(ImageAlgorithm::fixed, {.tokens = 1120})).has_value());
}

TEST_CASE("bundled: Claude, up to 4.6 and from 4.7 on (worked cases G27 and G28)") {
  if (bundled_prices().models.empty()) return;
  struct Case {
    double width, height, standard, high;
  };
  const Case cases[] = {{200, 200, 64, 64},       {1000, 1000, 1296, 1296}, {1092, 1092, 1521, 1521},
                        {1920, 1080, 1560, 2691}, {2000, 1500, 1564, 3888}, {3840, 2160, 1560, 4784}};
  for (const Case& c : cases) {
    CAPTURE(c.width);
    for (const char* name : {"anthropic/claude-opus-4-6", "anthropic/claude-haiku-4-5", "anthropic/claude-sonnet-4-6",
                             "anthropic/claude-3-haiku-20240307", "vertex/claude-sonnet-4-5"})
      CHECK(tokens(name, "auto", c.width, c.height) == c.standard);
    for (const char* name :
         {"anthropic/claude-opus-4-7", "anthropic/claude-opus-5", "anthropic/claude-sonnet-5-5",
          "anthropic/claude-haiku-5-5", "anthropic/claude-fable-5-2", "amazon-bedrock/anthropic.claude-opus-5",
          "openrouter/anthropic/claude-opus-5", "azure/anthropic/claude-opus-5"})
      CHECK(tokens(name, "high", c.width, c.height) == c.high);
  }
}

TEST_CASE("bundled: OpenAI patches by detail (worked case G29)") {
  if (bundled_prices().models.empty()) return;
  CHECK(tokens("openai/gpt-5.4", "high", 1024, 1024) == 1229);
  CHECK(tokens("openai/gpt-5.4", "high", 2048, 2048) == 3000);
  CHECK(tokens("openai/gpt-5.4", "auto", 2048, 2048) == 3000);  // auto is high
  CHECK(tokens("openai/gpt-5.4", "low", 2048, 2048) == 4916);   // 4,096 patches: more than high
  CHECK(tokens("openai/gpt-5.4", "original", 2048, 2048) == 4916);
  CHECK(tokens("openai/gpt-5.4", "original", 4000, 3000) == 11868);  // 3,669 x 2,752: 115 * 86 patches
  CHECK(tokens("openai/gpt-5.5", "auto", 4000, 3000) == 11868);      // auto is original
  CHECK(tokens("openai/gpt-5.5", "low", 4000, 3000) == 231);         // 512 x 384: 192 patches
  CHECK(tokens("openai/gpt-6-sol", "low", 4000, 3000) == 231);
  CHECK(tokens("openai/gpt-6-sol", "auto", 4032, 3024) == 14364);  // 126 * 95 patches, no budget
  CHECK(tokens("openai/gpt-5.6-luna", "original", 4032, 3024) == 14364);
  CHECK(tokens("openai/gpt-6-sol", "high", 2048, 2048) == 3000);
  CHECK(tokens("openai/gpt-5.2", "auto", 3000, 1000) == 1690);  // 2,048 x 682: 64 * 22 patches
  CHECK(tokens("openai/gpt-5.2", "low", 3000, 1000) == 1690);
  CHECK(tokens("openai/gpt-5.2", "auto", 2048, 2048) == 4916);  // 6,144 patches are allowed
  CHECK(tokens("openai/gpt-5-mini", "auto", 1024, 1024) == 1229);
  CHECK(tokens("openai/gpt-5-nano", "auto", 1024, 1024) == 1536);
  CHECK(tokens("openai/gpt-4.1-mini", "auto", 1024, 1024) == 1659);
  CHECK(tokens("openai/gpt-4.1-nano", "auto", 1024, 1024) == 2520);
  CHECK(tokens("openai/o4-mini", "auto", 1024, 1024) == 1762);
  CHECK(tokens("azure/openai/gpt-5.4", "auto", 2048, 2048) == 3000);
}

TEST_CASE("bundled: OpenAI tiles") {
  if (bundled_prices().models.empty()) return;
  for (const char* name : {"openai/gpt-4o", "openai/gpt-4.1", "openrouter/openai/gpt-4o"}) {
    CHECK(tokens(name, "auto", 1024, 1024) == 765);
    CHECK(tokens(name, "high", 500, 400) == 255);
    CHECK(tokens(name, "low", 4096, 8192) == 85);
  }
  CHECK(tokens("openai/gpt-5", "auto", 1024, 1024) == 630);
  CHECK(tokens("openai/gpt-5.1", "low", 1024, 1024) == 70);
  CHECK(tokens("openai/o3", "auto", 1024, 1024) == 675);
  CHECK(tokens("azure/o1", "low", 1024, 1024) == 75);
  CHECK(tokens("openai/gpt-4o-mini", "auto", 1024, 1024) == 25501);
  CHECK(tokens("openai/gpt-4o-mini", "low", 1024, 1024) == 2833);
}

TEST_CASE("bundled: Gemini, tiles of 768 up to 2.5 and a fixed budget from 3 on") {
  if (bundled_prices().models.empty()) return;
  CHECK(tokens("google/gemini-2.5-flash", "auto", 384, 384) == 258);
  CHECK(tokens("google/gemini-2.5-pro", "low", 1920, 1080) == 1548);
  CHECK(tokens("google/gemini-1.5-pro", "auto", 1920, 1080) == 1548);
  for (const char* name :
       {"google/gemini-3.8-flash", "google/gemini-3-pro-preview", "vertex/google/gemini-3.5-flash"}) {
    CHECK(tokens(name, "auto", 4000, 3000) == 1120);
    CHECK(tokens(name, "low", 4000, 3000) == 280);
    CHECK(tokens(name, "medium", 10, 10) == 560);
    CHECK(tokens(name, "high", 10, 10) == 1120);
    CHECK(tokens(name, "original", 10, 10) == 1120);
  }
  CHECK_FALSE(image_tokens(model_of("mistral/mistral-large-2512"), "auto", 100, 100).has_value());
}

TEST_CASE("bundled: pages, sound and film (worked cases G47, G64 and G65)") {
  if (bundled_prices().models.empty()) return;
  CHECK(pdf_page_tokens(model_of("anthropic/claude-opus-5")) == 2835);  // 45 * 63 patches
  CHECK(pdf_page_tokens(model_of("openai/gpt-4o")) == 1105);            // 768 x 1,086: 2 * 3 tiles
  CHECK(pdf_page_tokens(model_of("google/gemini-2.5-flash")) == 258);
  CHECK(pdf_page_tokens(model_of("google/gemini-3.8-flash")) == 560);
  CHECK_FALSE(pdf_page_tokens(model_of("deepseek/deepseek-v4-pro")).has_value());

  const Model& flash = model_of("google/gemini-2.5-flash");
  CHECK(600 * flash.video_tokens_per_second.value_or(0) == 174000);
  CHECK(600 * flash.audio_input_tokens_per_second.value_or(0) == 19200);
  CHECK(model_of("google/gemini-3.8-flash").video_tokens_per_second == 102);

  const Model& voice = model_of("openai/gpt-realtime");
  const Prices& prices = voice.prices[0].prices;
  const double usd = (60 * *voice.audio_input_tokens_per_second * *resolve(prices, TokenClass::input_audio) +
                      60 * *voice.audio_output_tokens_per_second * *resolve(prices, TokenClass::output_audio)) /
                     1e6;
  CHECK(usd == doctest::Approx(0.096));

  const Prices& image = model_of("google/gemini-3-pro-image-preview").prices[0].prices;
  CHECK(1120 * *resolve(image, TokenClass::output_image) / 1e6 == doctest::Approx(0.1344));
}

TEST_CASE("bundled: what is sold by the minute, character, image or second") {
  if (bundled_prices().models.empty()) return;
  const auto fee = [](std::string_view name, std::string_view id, std::string_view per) {
    for (const Fee& one : model_of(name).prices[0].fees)
      if (one.id == id && one.per == per) return one.usd;
    return -1.0;
  };
  CHECK(fee("openai/whisper-1", "transcription", "minute") == 0.006);
  CHECK(fee("openai/whisper-1", "audio_hour", "hour") == 0.36);
  CHECK(fee("openai/gpt-realtime-whisper", "transcription", "minute") == 0.017);
  CHECK(fee("openai/tts-1", "speech", "character") == 0.000015);
  CHECK(fee("openai/tts-1-hd", "speech", "character") == 0.00003);
  CHECK(fee("google/imagen-4.0-generate-001", "image", "image") == 0.04);
  CHECK(fee("google/veo-3.1-generate-preview", "video", "second") == 0.4);
  for (const Model& model : bundled_prices().models)
    for (const PriceRow& row : model.prices) {
      const auto find = [&](std::string_view id) {
        return std::find_if(row.fees.begin(), row.fees.end(), [&](const Fee& f) { return f.id == id; });
      };
      if (find("transcription") == row.fees.end() || find("audio_hour") == row.fees.end()) continue;
      CAPTURE(model.key);
      CHECK(find("transcription")->usd * 60 == doctest::Approx(find("audio_hour")->usd).epsilon(1e-9));
    }
}

TEST_CASE("bundled: the hidden tool prompt, and which models keep their reasoning") {
  if (bundled_prices().models.empty()) return;
  CHECK(model_of("anthropic/claude-opus-5").tool_prompt_tokens == 286);
  CHECK(model_of("openrouter/anthropic/claude-opus-5").tool_prompt_tokens == 286);
  CHECK(model_of("amazon-bedrock/anthropic.claude-opus-4-7-v1:0").tool_prompt_tokens == 675);
  CHECK(model_of("anthropic/claude-sonnet-5").tool_prompt_tokens == 354);
  CHECK_FALSE(model_of("anthropic/claude-opus-5-5").tool_prompt_tokens.has_value());
  CHECK_FALSE(model_of("openai/gpt-4o").tool_prompt_tokens.has_value());
  for (const char* name : {"anthropic/claude-opus-4-5", "anthropic/claude-opus-5-5", "anthropic/claude-sonnet-4-6",
                           "anthropic/claude-haiku-5-5", "vertex/claude-opus-5"})
    CHECK(model_of(name).keeps_reasoning);
  for (const char* name : {"anthropic/claude-opus-4-1", "anthropic/claude-sonnet-4-5", "anthropic/claude-haiku-4-5",
                           "openai/gpt-6-sol", "google/gemini-3.8-flash"})
    CHECK_FALSE(model_of(name).keeps_reasoning);
  for (const Model& model : bundled_prices().models) {
    CAPTURE(model.key);
    CHECK(model.counting_source.empty() == !(model.image_tokens || model.audio_input_tokens_per_second ||
                                             model.audio_output_tokens_per_second || model.video_tokens_per_second ||
                                             model.pdf_page_tokens || model.tool_prompt_tokens ||
                                             model.keeps_reasoning));
    CHECK(model.counting_checked <= bundled_prices().as_of);
  }
}

TEST_CASE("bundled: services, with the figures of the worked cases G44 and G45") {
  if (bundled_prices().models.empty()) return;
  const Service& pinecone = **bundled_prices().find_service("pinecone/standard");
  CHECK(pinecone.kind == "vector_store");
  const double storage = usd_of(pinecone, Metric::storage_gb, "2026-11-22");
  const double reads = usd_of(pinecone, Metric::read_units, "2026-11-22");
  const ServiceRow& row = *row_at(pinecone, parse_moment("2026-11-22").value());
  CHECK(row.minimum_usd == 50);
  CHECK(row.base_usd == 0);
  CHECK(usd_of(pinecone, Metric::write_units, "2026-11-22") == doctest::Approx(4e-6));
  CHECK(usd_of(pinecone, Metric::commands, "2026-11-22") == -1);
  CHECK(7.144 * storage + 5e6 * 7.144 * reads == doctest::Approx(573.87752));
  CHECK(std::max(row.minimum_usd, 0.1 * storage + 200000 * 0.25 * reads) == 50);
  CHECK(row_at(**bundled_prices().find_service("pinecone/builder"), parse_moment("2026-11-22").value())->base_usd ==
        20);
  CHECK(usd_of(**bundled_prices().find_service("pinecone/enterprise"), Metric::read_units, "2026-11-22") ==
        doctest::Approx(24e-6));
  CHECK(usd_of(**bundled_prices().find_service("prompt-shields"), Metric::text_units, "2026-11-22") ==
        doctest::Approx(0.00038));
  CHECK(usd_of(**bundled_prices().find_service("guardrails-content"), Metric::text_units, "2026-11-22") ==
        doctest::Approx(0.00015));
  const ServiceRow& moderation =
      *row_at(**bundled_prices().find_service("openai/moderation"), parse_moment("2026-11-22").value());
  CHECK(moderation.base_usd == 0);
  CHECK(std::none_of(moderation.rates.begin(), moderation.rates.end(), [](const auto& rate) { return rate; }));
  for (const char* kind : {"vector_store", "response_cache", "observability", "guardrail"})
    CHECK(std::any_of(bundled_prices().services.begin(), bundled_prices().services.end(),
                      [&](const Service& service) { return service.kind == kind; }));
  for (const Service& service : bundled_prices().services) {
    CAPTURE(service.key);
    CHECK(*bundled_prices().find_service(service.key) == &service);
    for (const ServiceRow& price : service.rows) {
      CHECK(!price.source.empty());
      CHECK(price.checked <= bundled_prices().as_of);
    }
  }
}
