// What saves, worked by hand on the articles' support bot: 15,000 USD a month, half of it input.

#include "tokenbill/levers.h"

#include <doctest/doctest.h>

#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

Scenario bot(Given given = {}) {
  Scenario s = bare("m", {{"conversations_per_day", "10000"}, {"turns_per_conversation", "5"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

const Given three = {{"prompt_trim_ratio", "0.6"},   {"routing", "shares"},       {"route_1_cost_ratio", "0.05"},
                     {"route_1_share_ratio", "0.7"}, {"response_cache", "exact"}, {"response_cache_hit_ratio", "0.3"}};

Levers levers_of(const Catalog& catalog, const Scenario& scenario) {
  Result<Levers> found = find_levers(engine(), catalog, scenario, today);
  if (!found) FAIL(to_text(found.error()));
  return std::move(found).value();
}

const Lever& lever(const Levers& levers, std::string_view id) {
  for (const Lever& one : levers.levers)
    if (one.id == id) return one;
  FAIL("there is no lever " << std::string(id));
  return levers.levers.front();
}

Catalog shop() { return catalog_of({model_of("m", 2.5, 10)}); }

}  // namespace

TEST_CASE("three levers in use: alone, on top, and their fair shares") {
  const Levers l = levers_of(shop(), bot(three));
  CHECK(same(l.without_usd, 15000));
  CHECK(same(l.now_usd, 2462.25));  // (3,000 + 7,500) * 0.335 * 0.7

  const Lever& trimming = lever(l, "trimming");
  CHECK(trimming.on);
  CHECK(same(trimming.alone_usd, 4500));  // 0.6 of 7,500
  // without it 15,000 * 0.335 * 0.7 = 3,517.50
  CHECK(same(trimming.on_top_usd, 1055.25));
  // the mean over all orders: 4,500 * (1 / 3 + 0.335 / 6 + 0.7 / 6 + 0.335 * 0.7 / 3)
  CHECK(same(trimming.fair_usd, 2628));

  const Lever& routing = lever(l, "routing");
  CHECK(same(routing.alone_usd, 9975));             // 15,000 * 0.7 * 0.95
  CHECK(same(routing.on_top_usd, 7350 - 2462.25));  // (10,500 * 0.7) without it
  CHECK(same(routing.fair_usd, 0.665 * (15000.0 / 3 + 10500.0 / 6 + 10500.0 / 6 + 7350.0 / 3)));

  const Lever& cache = lever(l, "response_cache");
  CHECK(same(cache.alone_usd, 4500));
  CHECK(same(cache.on_top_usd, 3517.5 - 2462.25));  // 10,500 * 0.335 without it
  CHECK(same(cache.fair_usd, 0.3 * (15000.0 / 3 + 10500.0 / 6 + 5025.0 / 6 + 3517.5 / 3)));

  CHECK(same(*trimming.fair_usd + *routing.fair_usd + *cache.fair_usd, 15000 - 2462.25));
}

TEST_CASE("turning a lever as it says gives what it says") {
  Model model = model_of("m", 2.5, 10);
  model.cache = cache_of({{"automatic", 5}});
  model.prices[0].prices[static_cast<std::size_t>(TokenClass::cache_read)] = 0.25;
  model.prices.push_back(row_of({{TokenClass::input, 1.25}, {TokenClass::output, 5}}, ServiceTier::batch));
  const Catalog catalog = catalog_of({model});
  Scenario scenario = bot(three);
  REQUIRE_FALSE(scenario.set("static_prefix_tokens", "1500"));
  const Levers l = levers_of(catalog, scenario);
  int applicable = 0;
  for (const Lever& one : l.levers) {
    if (!one.applicable) continue;
    ++applicable;
    CAPTURE(std::string(one.id));
    Scenario turned = scenario;
    for (const auto& [id, text] : one.turn) REQUIRE_FALSE(turned.set(id, text));
    const double after = *usd_a_month(catalog, turned);
    CHECK(same(after, one.on ? *l.now_usd + *one.on_top_usd : *l.now_usd - *one.on_top_usd));
  }
  CHECK(applicable == 6);  // caching, batch, routing, trimming, cap on answers, response cache
  Scenario all = scenario;
  for (const Lever& one : l.levers)
    if (one.applicable && !one.on)
      for (const auto& [id, text] : one.turn) REQUIRE_FALSE(all.set(id, text));
  CHECK(same(usd_a_month(catalog, all), *l.all_usd));
}

TEST_CASE("a lever that has nothing to act on says why and saves nothing") {
  const Levers l = levers_of(shop(), bot());
  for (const std::string_view id : {"caching", "batch", "flex", "routing", "smaller_picture"}) {
    CAPTURE(std::string(id));
    CHECK_FALSE(lever(l, id).applicable);
    CHECK_FALSE(lever(l, id).reason.empty());
    CHECK_FALSE(lever(l, id).alone_usd.has_value());
  }
  CHECK(lever(l, "trimming").applicable);
  CHECK(same(lever(l, "trimming").alone_usd, 0.3 * 7500));  // three tenths, where nothing is set
  CHECK(same(*l.without_usd, *l.now_usd));
}

TEST_CASE("two ways to send a request exclude each other") {
  Model model = model_of("m", 2.5, 10);
  model.prices.push_back(row_of({{TokenClass::input, 1.25}, {TokenClass::output, 5}}, ServiceTier::batch));
  model.prices.push_back(row_of({{TokenClass::input, 1.5}, {TokenClass::output, 6}}, ServiceTier::flex));
  const Levers l = levers_of(catalog_of({model}), bot({{"service_tier", "batch"}}));
  CHECK(lever(l, "batch").on);
  CHECK(same(lever(l, "batch").alone_usd, 7500));
  CHECK(same(*l.now_usd, 7500));
  CHECK_FALSE(lever(l, "flex").applicable);
}

TEST_CASE("levers that take most of each other's saving are told") {
  // A cache of the prompt and cutting it: with nine tenths found in the cache for a tenth, little is left to cut.
  Model model = model_of("m", {{TokenClass::input, 2.5}, {TokenClass::output, 0}, {TokenClass::cache_read, 0.025}});
  model.cache = cache_of({{"automatic", 5}});
  const Levers l = levers_of(catalog_of({model}), bot({{"static_prefix_tokens", "2000"},
                                                       {"caching", "automatic"},
                                                       {"cache_hit_ratio", "1"},
                                                       {"prompt_trim_ratio", "0.5"}}));
  const Lever& trimming = lever(l, "trimming");
  CHECK(same(trimming.alone_usd, 3750));
  CHECK(same(trimming.on_top_usd, 37.5));
  REQUIRE(trimming.conflicts.size() == 1);
  CHECK(trimming.conflicts[0].with == "caching");
}

TEST_CASE("smaller pictures save what their tokens cost") {
  Model model = model_of("m", 1, 0);
  ImageTokenRule rule;
  rule.algorithm = ImageAlgorithm::patch28;
  ImageNumbers numbers;
  numbers.max_edge = 10000;
  numbers.max_patches = 100000;
  rule.details[0] = numbers;
  model.image_tokens = rule;
  // 2,800 pixels are 100 patches, 1,400 are 50: 10,000 and 2,500 tokens; 1.5 million requests
  const Levers l = levers_of(
      catalog_of({model}),
      bot({{"images_per_request", "1"}, {"image_width", "2800"}, {"image_height", "2800"}, {"prompt_tokens", "0"}}));
  CHECK(same(lever(l, "smaller_picture").alone_usd, 1.5 * 7500));
}

TEST_CASE("routing is a lever whichever of the other models takes a share") {
  // Half to a model at a tenth of the price, named as the second one: 15,000 * 0.5 * 0.9
  const Catalog catalog = catalog_of({model_of("m", 2.5, 10), model_of("small", 0.25, 1)});
  const Levers l =
      levers_of(catalog, bot({{"routing", "shares"}, {"route_2_model", "acme/small"}, {"route_2_share_ratio", "0.5"}}));
  CHECK(same(l.now_usd, 8250));
  CHECK(lever(l, "routing").applicable);
  CHECK(same(lever(l, "routing").fair_usd, 6750));
}

TEST_CASE("a prefix cache is a lever where only sub-agents have something to cache") {
  Model model = model_of("m", {{TokenClass::input, 2.5}, {TokenClass::output, 0}, {TokenClass::cache_read, 0.25}});
  model.cache = cache_of({{"automatic", 5}});
  const Given steps = {{"prompt_tokens", "0"}, {"output_tokens", "0"}, {"long_gap_ratio", "0"}};
  CHECK_FALSE(lever(levers_of(catalog_of({model}), bot(steps)), "caching").applicable);
  Scenario agents = bot(steps);
  for (const auto& [id, text] : Given{{"subagents_per_conversation", "1"},
                                      {"subagent_turns", "2"},
                                      {"subagent_prompt_tokens", "1000"},
                                      {"turn_input_tokens", "0"}})
    REQUIRE_FALSE(agents.set(id, text));
  // The second step of each finds the thousand tokens of the first.
  const Levers l = levers_of(catalog_of({model}), agents);
  CHECK(lever(l, "caching").applicable);
  CHECK(same(lever(l, "caching").alone_usd, 300000 * 1000 * 2.25 / 1e6));
}
