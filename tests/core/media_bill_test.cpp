// Pictures, pages, speech, video, tools and the fees that are paid by the thing, as items of a bill.
// The model costs 1 in and 10 out unless a test says otherwise; a month is 1,000 requests on one day.

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

Model plain() { return model_of("m", 1, 10); }

Scenario thousand(Given given = {}) {
  Scenario s = bare(
      "m",
      {{"conversations_per_day", "1000"}, {"days_per_month", "1"}, {"prompt_tokens", "0"}, {"output_tokens", "0"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

double item(const Model& model, const Scenario& scenario, std::string_view id) {
  const auto amount = amount_of(bill_of(catalog_of({model}), scenario), id);
  REQUIRE(amount.has_value());
  return *amount;
}

ImageTokenRule patches(double max_edge, double max_patches) {
  ImageTokenRule rule;
  rule.algorithm = ImageAlgorithm::patch28;
  ImageNumbers numbers;
  numbers.max_edge = max_edge;
  numbers.max_patches = max_patches;
  rule.details[0] = numbers;
  return rule;
}

Fee fee(std::string id, std::string per, double usd, double free = 0, double minimum = 0, double free_per_day = 0) {
  return {std::move(id), "", std::move(per), usd, free, minimum, free_per_day};
}

}  // namespace

TEST_CASE("pictures are counted by the model's rule and priced as images") {
  Model model = plain();
  model.image_tokens = patches(1568, 1568);
  model.prices[0].prices[static_cast<std::size_t>(TokenClass::input_image)] = 2;
  // 1,000 by 1,000 pixels: 36 by 36 patches of 28
  const Given two = {{"images_per_request", "2"}, {"image_width", "1000"}, {"image_height", "1000"}};
  CHECK(item(model, thousand(two), "image_tokens") == 2 * 1296);
  CHECK(same(item(model, thousand(two), "input.image"), 1000 * 2592 * 2 / 1e6));
  // half of width and height: 18 by 18
  Scenario smaller = thousand(two);
  REQUIRE_FALSE(smaller.set("image_shrink_ratio", "0.5"));
  CHECK(item(model, smaller, "image_tokens") == 2 * 324);
}

TEST_CASE("a picture whose tokens nobody knows makes the month unknown, not smaller") {
  const Bill bill = bill_of(catalog_of({plain()}), thousand({{"images_per_request", "1"}}));
  CHECK(bill.status == Status::unpriced);
  CHECK_FALSE(bill.per_month.has_value());
}

TEST_CASE("the detail chosen has its own numbers") {
  Model model = plain();
  ImageTokenRule rule;
  rule.algorithm = ImageAlgorithm::fixed;
  ImageNumbers high, low;
  high.tokens = 1120;
  low.tokens = 280;
  rule.details[static_cast<std::size_t>(ImageDetail::automatic)] = high;
  rule.details[static_cast<std::size_t>(ImageDetail::low)] = low;
  model.image_tokens = rule;
  CHECK(item(model, thousand({{"images_per_request", "1"}}), "image_tokens") == 1120);
  CHECK(item(model, thousand({{"images_per_request", "1"}, {"image_detail", "low"}}), "image_tokens") == 280);
}

TEST_CASE("a PDF page is its text and its picture") {
  Model model = plain();
  model.pdf_page_tokens = 560;
  const Scenario s = thousand({{"pdf_pages_per_request", "3"}, {"pdf_page_text_tokens", "500"}});
  CHECK(item(model, s, "retrieved_tokens") == 1500);
  CHECK(item(model, s, "image_tokens") == 1680);
  CHECK(same(usd_a_month(catalog_of({model}), s), 1000 * 3180 * 1 / 1e6));
}

TEST_CASE("seconds of sound and video become tokens by the model's rates") {
  Model model = plain();
  model.audio_input_tokens_per_second = 32;
  model.audio_output_tokens_per_second = 20;
  model.video_tokens_per_second = 290;
  Prices& prices = model.prices[0].prices;
  prices[static_cast<std::size_t>(TokenClass::input_audio)] = 3;
  prices[static_cast<std::size_t>(TokenClass::input_video)] = 0.5;
  prices[static_cast<std::size_t>(TokenClass::output_audio)] = 40;
  const Scenario s =
      thousand({{"audio_input_seconds", "10"}, {"audio_output_seconds", "5"}, {"video_input_seconds", "60"}});
  CHECK(same(item(model, s, "input.audio"), 1000 * 320 * 3 / 1e6));
  CHECK(same(item(model, s, "output.audio"), 1000 * 100 * 40 / 1e6));
  CHECK(same(item(model, s, "input.video"), 1000 * 17400 * 0.5 / 1e6));
  CHECK(item(model, s, "prompt_size") == 320 + 17400);
  // Seconds without a rate are unknown.
  CHECK(bill_of(catalog_of({plain()}), s).status == Status::unpriced);
}

TEST_CASE("a spoken conversation hears again all that was said, at the cached price within the lifetime") {
  Model model = plain();
  model.audio_input_tokens_per_second = 10;
  model.audio_output_tokens_per_second = 20;
  Prices& prices = model.prices[0].prices;
  prices[static_cast<std::size_t>(TokenClass::input_audio)] = 32;
  prices[static_cast<std::size_t>(TokenClass::output_audio)] = 64;
  prices[static_cast<std::size_t>(TokenClass::cache_read_audio)] = 0.4;
  model.cache = cache_of({{"automatic", 5}});
  Scenario s = thousand({{"conversations_per_day", "1"},
                         {"turns_per_conversation", "3"},
                         {"history", "full"},
                         {"audio_input_seconds", "6"},
                         {"audio_output_seconds", "6"}});
  // Heard: 60, 60 + 180, 60 + 360 tokens; said: 120 each time
  CHECK(same(item(model, s, "input.audio"), 720 * 32 / 1e6));
  CHECK(same(item(model, s, "output.audio"), 360 * 64 / 1e6));
  REQUIRE_FALSE(s.set("caching", "automatic"));
  REQUIRE_FALSE(s.set("long_gap_ratio", "0"));
  // From the cache: what the request before had heard, 60 and 240
  CHECK(same(item(model, s, "input.audio"), (720 - 300) * 32 / 1e6));
  CHECK(same(item(model, s, "input.cache_read"), 300 * 0.4 / 1e6));
}

namespace {
// A chat model and four that are paid by the unit.
Catalog media_shop() {
  const auto seller_of = [](std::string id, ModelKind kind, Fee listed) {
    Model model = model_of(std::move(id), Listed{});
    model.kind = kind;
    model.prices[0].fees.push_back(std::move(listed));
    return model;
  };
  return catalog_of({plain(), seller_of("listens", ModelKind::audio, fee("transcription", "minute", 0.006)),
                     seller_of("by-hour", ModelKind::audio, fee("audio_hour", "hour", 0.18)),
                     seller_of("speaks", ModelKind::audio, fee("speech", "character", 15e-6)),
                     seller_of("paints", ModelKind::image, fee("image", "image", 0.04)),
                     seller_of("films", ModelKind::video, fee("video", "second", 0.35))});
}
double media_item(const Scenario& scenario, std::string_view id) {
  const auto amount = amount_of(bill_of(media_shop(), scenario), id);
  REQUIRE(amount.has_value());
  return *amount;
}
}  // namespace

TEST_CASE("speech to text by the minute or the hour, text to speech by the character") {
  CHECK(same(media_item(thousand({{"transcription_model", "acme/listens"}, {"transcription_minutes_per_request", "2"}}),
                        "media.transcription"),
             12));
  CHECK(same(media_item(thousand({{"transcription_model", "acme/by-hour"}, {"transcription_minutes_per_request", "2"}}),
                        "media.transcription"),
             1000 * 2 * 0.003));
  CHECK(same(
      media_item(thousand({{"speech_model", "acme/speaks"}, {"speech_characters_per_request", "400"}}), "media.speech"),
      6));
  // What a guardrail stops is not spoken.
  CHECK(same(media_item(thousand({{"speech_model", "acme/speaks"},
                                  {"speech_characters_per_request", "400"},
                                  {"guardrail_output_blocked_ratio", "0.25"}}),
                        "media.speech"),
             4.5));
}

TEST_CASE("images by the piece, video by the second") {
  CHECK(same(media_item(thousand({{"image_model", "acme/paints"}, {"generated_images_per_request", "3"}}),
                        "media.image_generation"),
             120));
  CHECK(same(media_item(thousand({{"video_model", "acme/films"}, {"generated_video_seconds_per_request", "8"}}),
                        "media.video_generation"),
             2800));
}

TEST_CASE("a quantity without a model that makes it has no price") {
  for (const std::string_view id : {"transcription_minutes_per_request", "speech_characters_per_request",
                                    "generated_images_per_request", "generated_video_seconds_per_request"}) {
    CAPTURE(std::string(id));
    CHECK(bill_of(media_shop(), thousand({{id, "1"}})).status == Status::unpriced);
  }
}

// Tools.

TEST_CASE("tools: every schema is input of every request, and declaring any adds the seller's own prompt") {
  Model model = plain();
  model.tool_prompt_tokens = 286;
  CHECK(item(model, thousand({{"prompt_tokens", "500"}}), "prompt_size") == 500);
  const Scenario s = thousand({{"prompt_tokens", "500"}, {"tools", "10"}, {"tool_schema_tokens", "150"}});
  CHECK(item(model, s, "prompt_size") == 500 + 1500 + 286);
  CHECK(item(model, s, "static_tokens") == 1786);  // they never change
}

TEST_CASE("searches: the fee beyond the free ones of the month and of the day, and their text as input") {
  Model model = plain();
  model.prices[0].fees = {fee("web_search", "search", 0.014, 5000)};
  const Given searches = {
      {"web_searches_per_request", "2"}, {"search_result_tokens", "3000"}, {"days_per_month", "10"}};
  CHECK(same(item(model, thousand(searches), "fees.web_search"), 15000 * 0.014));
  CHECK(same(item(model, thousand(searches), "input.uncached"), 10000 * 6000 * 1 / 1e6));
  model.prices[0].fees = {fee("web_search", "request", 0.035, 0, 0, 1500)};
  CHECK(same(item(model, thousand(searches), "fees.web_search"), (20000 - 15000) * 0.035));
  model.prices[0].fees.clear();
  CHECK(bill_of(catalog_of({model}), thousand(searches)).status == Status::unpriced);
}

TEST_CASE("searches: one that fails is free and brings no text") {
  Model model = plain();
  model.prices[0].fees = {fee("web_search", "search", 0.014, 5000)};
  const Scenario s = thousand({{"web_searches_per_request", "2"},
                               {"failed_searches_ratio", "0.25"},
                               {"search_result_tokens", "3000"},
                               {"days_per_month", "10"}});
  CHECK(same(item(model, s, "searches_per_month"), 20000));
  CHECK(same(item(model, s, "fees.web_search"), (15000 - 5000) * 0.014));
  CHECK(same(item(model, s, "input.uncached"), 10000 * 4500 * 1 / 1e6));
}

TEST_CASE("searches: their text is paid again by the requests that follow, where it is kept") {
  Model model = plain();
  model.prices[0].fees = {fee("web_search", "search", 0.01)};
  Scenario s = thousand({{"turns_per_conversation", "2"},
                         {"history", "full"},
                         {"web_searches_per_request", "1"},
                         {"search_result_tokens", "1000"}});
  CHECK(item(model, s, "conversation_uncached_tokens") == 2000);
  REQUIRE_FALSE(s.set("retrieved_kept", "yes"));
  CHECK(item(model, s, "conversation_uncached_tokens") == 3000);
}

TEST_CASE("fetching a page is free, reading it is not") {
  const Scenario s = thousand({{"web_fetches_per_request", "2"}, {"page_tokens", "25000"}});
  CHECK(same(item(plain(), s, "input.uncached"), 50));
  CHECK(same(usd_a_month(catalog_of({plain()}), s), 50));
}

TEST_CASE("code: by the minute, at least the minimum, by the size of the container") {
  Model model = plain();
  model.prices[0].fees = {fee("container_1gb", "minute", 0.03 / 20, 0, 5),
                          fee("container_4gb", "minute", 0.12 / 20, 0, 5)};
  const auto code = [&](std::string_view minutes, std::string_view container) {
    return item(model, thousand({{"code_minutes_per_conversation", minutes}, {"code_container", container}}),
                "fees.code");
  };
  CHECK(same(code("12", "4gb"), 1000 * 0.072));
  CHECK(same(code("2", "4gb"), 1000 * 0.03));  // paid as five minutes
  CHECK(same(code("12", "1gb"), 1000 * 0.018));
  CHECK(code("0", "4gb") == 0);
}

TEST_CASE("code: by the hour, with free hours in a month and a minimum") {
  Model model = plain();
  model.prices[0].fees = {fee("code_execution", "hour", 0.05, 1550, 5.0 / 60)};
  const auto code = [&](std::string_view minutes) {
    return item(model, thousand({{"code_minutes_per_conversation", minutes}, {"conversations_per_day", "20000"}}),
                "fees.code");
  };
  // 20,000 times 6 minutes are 2,000 hours, 450 of them paid; times 2 minutes count as five: 1,666.7 hours
  CHECK(same(code("6"), 450 * 0.05));
  CHECK(std::abs(code("2") - (20000.0 / 12 - 1550) * 0.05) < 1e-9);
}

TEST_CASE("file search: calls, and gigabytes by the day beyond the free one") {
  Model model = plain();
  model.prices[0].fees = {fee("file_search", "call", 0.0025), fee("file_storage", "gb_day", 0.1, 30)};
  const Scenario s = thousand({{"conversations_per_day", "1000"},
                               {"days_per_month", "30"},
                               {"file_searches_per_request", "0.5"},
                               {"file_storage_gb", "6"}});
  CHECK(same(item(model, s, "fees.file_search"), 15000 * 0.0025));
  CHECK(same(item(model, s, "fees.file_storage"), 5 * 30 * 0.1));
}

TEST_CASE("a managed agent is paid by the time it runs") {
  Model model = plain();
  model.prices[0].fees = {fee("session_runtime", "hour", 0.08)};
  CHECK(same(item(model, thousand({{"session_minutes_per_conversation", "15"}}), "fees.session"), 1000 * 0.02));
}

TEST_CASE("a fee that the seller does not list is unknown where it is needed, and only there") {
  for (const std::string_view id : {"code_minutes_per_conversation", "file_searches_per_request",
                                    "session_minutes_per_conversation", "web_searches_per_request"}) {
    CAPTURE(std::string(id));
    CHECK(bill_of(catalog_of({plain()}), thousand({{id, "1"}})).status == Status::unpriced);
    CHECK(bill_of(catalog_of({plain()}), thousand()).status == Status::ok);
  }
}

// Tokens by class (who counts what).

TEST_CASE("reasoning is output, and is input of later requests only where the model keeps it") {
  Model model = plain();
  Scenario s = thousand({{"turns_per_conversation", "3"},
                         {"history", "full"},
                         {"prompt_tokens", "100"},
                         {"output_tokens", "50"},
                         {"reasoning_tokens", "1000"}});
  CHECK(item(model, s, "conversation_output_tokens") == 3150);
  CHECK(item(model, s, "conversation_uncached_tokens") == 300 + 3 * 150);
  model.keeps_reasoning = true;
  CHECK(item(model, s, "conversation_uncached_tokens") == 300 + 3 * 1150);
  REQUIRE_FALSE(s.set("reasoning_kept", "no"));
  CHECK(item(model, s, "conversation_uncached_tokens") == 300 + 3 * 150);
}
