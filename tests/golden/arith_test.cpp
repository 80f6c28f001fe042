// Worked figures of the trade, each against the function that computes it. docs/golden-arith.md lists them all.

#include <doctest/doctest.h>

#include <string>

#include "support/shop.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/plans.h"

using namespace tokenbill;

namespace {

Catalog shop(double input, double output) { return catalog_of({model_of("m", input, output)}); }

// USD for one request of these tokens by class, and fees of (quantity, price of one).
double request_usd(Listed usage, Listed prices, std::initializer_list<std::pair<double, double>> fees = {}) {
  const Result<Plan> plan = request_plan(fees.size());
  REQUIRE(plan.ok());
  std::vector<Known> inputs(plan->inputs().size(), Known{0, true});
  PriceInputs(*plan).fill(row_of(prices), nullptr, TokenClass::cache_write, inputs);
  const auto put = [&](const std::string& id, double value) { inputs[plan->input_index(id)] = {value, true}; };
  put("multiplier", 1);
  for (const auto& [token_class, tokens] : usage) put("usage." + std::string(info(token_class).id), tokens);
  std::size_t i = 0;
  for (const auto& [quantity, usd] : fees) {
    put("fee." + std::to_string(i) + ".quantity", quantity);
    put("fee." + std::to_string(i) + ".usd", usd);
    ++i;
  }
  const Result<Evaluation> evaluation = evaluate(*plan, inputs);
  REQUIRE(evaluation.ok());
  const Known total = evaluation->of(plan->find("total")->node);
  REQUIRE(total.known);
  return total.value;
}

// One day with so many requests; a month of one day.
Scenario one_day(std::string_view requests, Given given) {
  Scenario s = bare("m", {{"conversations_per_day", requests}, {"days_per_month", "1"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

double ratio(const Catalog& catalog, const Scenario& scenario, std::string_view of) {
  const Result<Comparison> comparison = engine().compare(catalog, scenario, today);
  REQUIRE(comparison.ok());
  for (const ComparisonRow& row : comparison->rows)
    if (row.model->id == of) return row.ratio_to_baseline.value_or(-1);
  return -1;
}

}  // namespace

TEST_CASE("G02 a support bot of 10,000 conversations of five exchanges") {
  // 2,000 * 2.5 + 500 * 10 per million = 0.01 an exchange
  const Bill bill = bill_of(shop(2.5, 10), bare("m", {{"conversations_per_day", "10000"},
                                                      {"turns_per_conversation", "5"},
                                                      {"prompt_tokens", "2000"},
                                                      {"output_tokens", "500"}}));
  CHECK(same(bill.per_conversation, 0.05));
  CHECK(same(bill.per_day, 500));
  CHECK(same(bill.per_month, 15000));
  CHECK(*amount_of(bill, "requests_per_day") * *amount_of(bill, "output_size") == 25e6);
}

TEST_CASE("G03 hidden costs with the context counted twice, and once") {
  const Catalog catalog = shop(2.5, 10);
  // 15,000 * (1 + 0.15 + 0.10 + 0.20) + 500
  Scenario s = bare("m", {{"conversations_per_day", "50000"},
                          {"evaluation_ratio", "0.15"},
                          {"retry_overhead_ratio", "0.10"},
                          {"experiments_ratio", "0.20"},
                          {"observability_usd", "500"}});
  const auto twice = usd_a_month(catalog, s);
  CHECK(same(twice, 22250));
  CHECK(same(*twice / 15000, 1 + 29.0 / 60));  // +48.33 %
  REQUIRE_FALSE(s.set("experiments_ratio", "0"));
  const auto once = usd_a_month(catalog, s);
  CHECK(same(once, 19250));
  CHECK(same(*once / 15000, 1 + 17.0 / 60));  // +28.33 %
}

TEST_CASE("G04 (in part) a prompt trimmed by 60 percent") {
  // 7,500 * 0.4 + 7,500; routing and the response cache are not part of the month yet
  CHECK(same(usd_a_month(shop(2.5, 10), bare("m", {{"conversations_per_day", "50000"}, {"prompt_tokens", "800"}})),
             10500));
}

TEST_CASE("G05 three readings of a forecast multiplier") {
  // retries +0.5, evaluation +0.3, staging +0.5, monitoring +0.2, on 100 USD of inference
  const auto total = [](std::string_view reading, std::string_view buffer) {
    return usd_a_month(shop(2.5, 10), one_day("10000", {{"retry_overhead_ratio", "0.5"},
                                                        {"evaluation_ratio", "0.3"},
                                                        {"staging_ratio", "0.5"},
                                                        {"monitoring_ratio", "0.2"},
                                                        {"growth_buffer_ratio", buffer},
                                                        {"overhead_reading", reading}}));
  };
  CHECK(same(total("add", "1.5"), 400));                // the buffer of 1.5x added as +150 %
  CHECK(same(total("growth_multiplies", "0.5"), 375));  // 2.5 * 1.5
  CHECK(same(total("compound", "0.5"), 526.5));         // 1.5 * 1.3 * 1.5 * 1.2 * 1.5
}

TEST_CASE("G06 (price) embedding 100,000 documents of 500 tokens") {
  const auto usd = [](double chunks, double per_mtok) {
    return 100000 * chunks *
           request_usd({{TokenClass::input, 500}}, {{TokenClass::input, per_mtok}, {TokenClass::output, 0}});
  };
  CHECK(same(usd(1, 0.02), 1));
  CHECK(same(usd(10, 0.02), 10));
  CHECK(same(usd(1, 20), 1000));  // 0.02 a thousand tokens is 20 a million
}

TEST_CASE("G07 a constant context of 4,000 tokens at 30 a million") {
  const auto a_day = [](std::string_view context) {
    return usd_a_month(shop(30, 60), one_day("100000", {{"prompt_tokens", context}, {"output_tokens", "0"}}));
  };
  CHECK(same(a_day("4000"), 12000));
  CHECK(same(a_day("500"), 1500));
  CHECK(same(a_day("800"), 2400));
}

TEST_CASE("G08 (in part) a million queries of 1,000 tokens on one model") {
  const auto a_day = [](double price, std::string_view queries) {
    return usd_a_month(shop(price, 0), one_day(queries, {{"prompt_tokens", "1000"}, {"output_tokens", "0"}}));
  };
  CHECK(same(a_day(30, "1000000"), 30000));
  CHECK(same(a_day(30, "200000"), 6000));
  CHECK(same(a_day(0.15, "800000"), 120));
}

TEST_CASE("G09 a system prompt of 2,000 tokens") {
  const auto bill = [](double price) {
    return bill_of(shop(price, 0), one_day("100000", {{"prompt_tokens", "2000"}, {"output_tokens", "0"}}));
  };
  CHECK(same(bill(15).per_request, 0.03));
  CHECK(same(bill(30).per_request, 0.06));
  CHECK(same(bill(15).per_month, 3000));
  CHECK(same(bill(30).per_month, 6000));
  CHECK(same(bill(2.5).per_month, 500));
}

TEST_CASE("G11 25 million output tokens a day at three prices") {
  const auto output = [](double price) {
    return amount_of(bill_of(shop(2.5, price), one_day("50000", {{"output_tokens", "500"}})), "output.text");
  };
  CHECK(same(output(10), 250));
  CHECK(same(output(30), 750));
  CHECK(same(output(60), 1500));
}

TEST_CASE("G14 (in part) a cent a request at a million requests a day") {
  CHECK(same(bill_of(shop(2.5, 10), bare("m", {{"conversations_per_day", "1000000"}})).per_day, 10000));
}

TEST_CASE("G15 system prompt tokens over a million calls") {
  const Bill bill = bill_of(shop(1, 1), one_day("1000000", {{"prompt_tokens", "2000"}}));
  CHECK(*amount_of(bill, "requests_per_month") * *amount_of(bill, "prompt_size") == 2e9);
}

TEST_CASE("G16 1,000 tokens in and 500 out on two models") {
  const Listed usage = {{TokenClass::input, 1000}, {TokenClass::output, 500}};
  CHECK(same(request_usd(usage, {{TokenClass::input, 0.18}, {TokenClass::output, 0.18}}), 0.00027));
  CHECK(same(request_usd(usage, {{TokenClass::input, 0.5}, {TokenClass::output, 1.5}}), 0.00125));
}

TEST_CASE("G17 the same chatbot on a cheap and a dear model") {
  const Catalog catalog = catalog_of({model_of("m", 0.5, 3), model_of("dear", 1.25, 10)});
  const Scenario both = one_day("6000", {{"prompt_tokens", "1000"}, {"output_tokens", "500"}});
  CHECK(same(usd_a_month(catalog, both), 12));
  CHECK(same(ratio(catalog, both, "dear"), 3.125));
  Scenario on_dear = both;
  on_dear.model = "acme/dear";
  CHECK(same(usd_a_month(catalog, on_dear), 37.5));
  CHECK(same(ratio(catalog, one_day("6000", {{"prompt_tokens", "1000"}, {"output_tokens", "0"}}), "dear"), 2.5));
  CHECK(same(ratio(catalog, one_day("6000", {{"prompt_tokens", "0"}, {"output_tokens", "500"}}), "dear"), 10.0 / 3));
}

TEST_CASE("G18 batch and caching stacked") {
  // A prompt of 1,000 tokens at 4 a million, output free; half the price in batch, reads at a share r of it.
  const auto share_of_list = [](double r, std::string_view prefix) {
    Model model = model_of("m", 4, 0);
    model.prices.push_back(
        row_of({{TokenClass::input, 2}, {TokenClass::cache_read, 2 * r}, {TokenClass::output, 0}}, ServiceTier::batch));
    model.cache = cache_of({{"automatic", 5}});
    const Catalog catalog = catalog_of({model});
    const Given given = {{"prompt_tokens", "1000"}, {"static_prefix_tokens", prefix}, {"cache_hit_ratio", "1"}};
    Scenario list = one_day("1000", given);
    Scenario stacked = list;
    REQUIRE_FALSE(stacked.set("service_tier", "batch"));
    REQUIRE_FALSE(stacked.set("caching", "automatic"));
    return *usd_a_month(catalog, stacked) / *usd_a_month(catalog, list);
  };
  CHECK(same(share_of_list(0.5, "1000"), 0.25));
  CHECK(same(share_of_list(0.1, "1000"), 0.05));
  CHECK(same(share_of_list(0.1, "900"), 0.095));
}

TEST_CASE("G20 expected tries with retries") {
  const auto bill = [](std::string_view failures, std::string_view retries) {
    return bill_of(shop(2.5, 10),
                   one_day("1000", {{"failure_ratio", failures}, {"retries", retries}, {"billed_failure_ratio", "1"}}));
  };
  const auto tries = [](const Bill& b) {
    return (*amount_of(b, "delivered_requests") + *amount_of(b, "billed_failures")) / 1000;
  };
  CHECK(tries(bill("0.03", "10")) == doctest::Approx(1.0309).epsilon(1e-4 / 2));  // 1 / 0.97 but for 2e-17
  CHECK(same(tries(bill("0.03", "10")), 1 / 0.97));
  CHECK(same(tries(bill("0.1", "2")), 1.11));
  CHECK(1000 - *amount_of(bill("0.1", "2"), "delivered_requests") ==
        doctest::Approx(1).epsilon(1e-12));  // 0.001 give up
}

TEST_CASE("G22 one price for all tokens is wrong where prices differ") {
  const auto a_month = [](double input, double output) {
    return usd_a_month(
        shop(input, output),
        bare("m", {{"conversations_per_day", "50000"}, {"prompt_tokens", "2000"}, {"output_tokens", "500"}}));
  };
  CHECK(same(a_month(2.5, 10), 15000));
  CHECK(same(a_month(2.5, 2.5), 9375));
  CHECK(same(a_month(10, 10), 37500));
}

TEST_CASE("G23 a prompt trimmed from 1,800 to 340 tokens saves 12,000 at so many requests") {
  const auto saved = [](double price, std::string_view requests) {
    const Catalog catalog = shop(price, 0);
    return *usd_a_month(catalog, one_day(requests, {{"prompt_tokens", "1800"}})) -
           *usd_a_month(catalog, one_day(requests, {{"prompt_tokens", "340"}}));
  };
  CHECK(saved(30, "273972") < 12000);
  CHECK(saved(30, "273973") > 12000);
  CHECK(saved(2.5, "3287671") < 12000);
  CHECK(saved(2.5, "3287672") > 12000);
}

TEST_CASE("G26 10,000 tickets of 3,700 tokens") {
  const auto tickets = [](std::string_view in, std::string_view out) {
    return usd_a_month(shop(1, 5), one_day("10000", {{"prompt_tokens", in}, {"output_tokens", out}}));
  };
  CHECK(same(tickets("3700", "0"), 37));
  CHECK(same(tickets("2960", "740"), 66.6));
}

namespace {
// The cost of a prefix of 1,000 tokens that each of `uses` requests sends, as a multiple of sending it once uncached;
// the first writes it, the others read it.
double prefix_multiple(double write, double read, double uses) {
  Model model = model_of("m", {{TokenClass::input, 1},
                               {TokenClass::output, 0},
                               {TokenClass::cache_read, read},
                               {TokenClass::cache_write, write}});
  model.cache = cache_of({{"automatic", 5}});
  Scenario s = one_day(
      "1",
      {{"prompt_tokens", "1000"}, {"output_tokens", "0"}, {"static_prefix_tokens", "1000"}, {"caching", "automatic"}});
  REQUIRE_FALSE(s.set_number("conversations_per_day", uses));
  REQUIRE_FALSE(s.set_number("cache_hit_ratio", (uses - 1) / uses));
  return *usd_a_month(catalog_of({model}), s) / 0.001;
}
}  // namespace

TEST_CASE("G30 a write at 1.25 and reads at 0.1 pay from the second use on") {
  CHECK(same(prefix_multiple(1.25, 0.1, 2), 1.35));
  CHECK(same(prefix_multiple(1.25, 0.1, 10), 2.15));
  CHECK(prefix_multiple(1.25, 0.1, 1) > 1);
  CHECK(prefix_multiple(1.25, 0.1, 2) < 2);
  // written at twice the price it takes three uses
  CHECK(prefix_multiple(2, 0.1, 2) > 2);
  CHECK(prefix_multiple(2, 0.1, 3) < 3);
}

TEST_CASE("G36 a batch job with a shared prefix of which 90 percent hit") {
  Model model = model_of("m", {{TokenClass::input, 5},
                               {TokenClass::cache_write_5m, 6.25},
                               {TokenClass::cache_read, 0.5},
                               {TokenClass::output, 25}});
  model.prices.push_back(row_of({{TokenClass::input, 2.5},
                                 {TokenClass::cache_write_5m, 3.125},
                                 {TokenClass::cache_read, 0.25},
                                 {TokenClass::output, 12.5}},
                                ServiceTier::batch));
  model.cache = cache_of({{"5m", 5}, {"1h", 60}});
  const Catalog catalog = catalog_of({model});
  const auto job = [&](std::string_view tier, std::string_view caching) {
    return usd_a_month(catalog, one_day("10000", {{"prompt_tokens", "5500"},
                                                  {"static_prefix_tokens", "5000"},
                                                  {"output_tokens", "300"},
                                                  {"service_tier", tier},
                                                  {"caching", caching},
                                                  {"cache_hit_ratio", "0.9"}}));
  };
  CHECK(same(job("batch", "5m"), 76.875));
  CHECK(same(job("batch", "off"), 175));
  CHECK(same(job("standard", "off"), 350));
}

TEST_CASE("G39 a stored cache of 50,000 tokens, by the hour") {
  Model model = model_of("m", {{TokenClass::input, 1.25}, {TokenClass::cache_read, 0.125}, {TokenClass::output, 10}});
  model.prices[0].cache_storage_usd_per_mtok_hour = 4.5;
  model.cache = cache_of({{"automatic", 5}});
  const Catalog catalog = catalog_of({model});
  const auto scenario = [](std::string_view requests, std::string_view hours, std::string_view caching) {
    return one_day(requests, {{"prompt_tokens", "50500"},
                              {"static_prefix_tokens", "50000"},
                              {"output_tokens", "300"},
                              {"active_hours_per_day", hours},
                              {"caching", caching}});
  };
  const Bill stored = bill_of(catalog, scenario("20", "3", "stored"));
  CHECK(same(amount_of(stored, "input.cache_storage"), 0.0625 + 0.675));  // created, and kept for three hours
  CHECK(same(amount_of(stored, "input.cache_read"), 0.125));
  CHECK(same(stored.per_month, 0.935));
  CHECK(same(usd_a_month(catalog, scenario("20", "3", "off")), 1.3225));
  // For one hour it pays from (1.25 + 4.5) / (1.25 - 0.125) = 5.111 requests on.
  CHECK(*usd_a_month(catalog, scenario("5.111", "1", "stored")) > *usd_a_month(catalog, scenario("5.111", "1", "off")));
  CHECK(*usd_a_month(catalog, scenario("5.1112", "1", "stored")) <
        *usd_a_month(catalog, scenario("5.1112", "1", "off")));
}

TEST_CASE("G41 100 web searches, each with a block of 8,000 tokens") {
  Model model = model_of("m", 0.4, 1.6);
  model.prices[0].fees = {{"web_search", "Web search", "search", 0.01, 0, 0}};
  const Bill bill =
      bill_of(catalog_of({model}),
              one_day("100", {{"prompt_tokens", "8000"}, {"output_tokens", "0"}, {"web_searches_per_request", "1"}}));
  CHECK(same(amount_of(bill, "fees.web_search"), 1));
  CHECK(same(amount_of(bill, "input.uncached"), 0.32));
  CHECK(same(bill.per_month, 1.32));
}

TEST_CASE("G42 (price) minutes of a code container") {
  CHECK(same(request_usd({}, {}, {{12, 0.12 / 20}}), 0.072));
  CHECK(same(request_usd({}, {}, {{5, 0.12 / 20}}), 0.03));  // two minutes, billed as five: the minimum is the caller's
}

TEST_CASE("G43 (price) storage and calls of a file search") {
  CHECK(same(request_usd({}, {}, {{5 * 30, 0.10}, {40000, 0.0025}}), 115));
}

TEST_CASE("G46 (in part) a platform's share of 5.5 percent") {
  Model model = model_of("m", 2.5, 10);
  model.platform_share_ratio = 0.055;
  CHECK(same(amount_of(bill_of(catalog_of({model}), one_day("10000", {})), "channel.platform_share"), 5.5));  // of 100
}

TEST_CASE("G47 a minute of realtime voice on each side") {
  // 60 s at 10 tokens a second in, at 20 out
  const Catalog catalog = catalog_of({model_of("m", {{TokenClass::input, 4},
                                                     {TokenClass::output, 16},
                                                     {TokenClass::input_audio, 32},
                                                     {TokenClass::output_audio, 64}})});
  CHECK(same(usd_a_month(catalog, one_day("1", {{"prompt_tokens", "0"},
                                                {"output_tokens", "0"},
                                                {"audio_input_tokens", "600"},
                                                {"audio_output_tokens", "1200"}})),
             0.096));
}

TEST_CASE("G52 an agent of twelve steps is a conversation with itself") {
  // First prompt 6,000; each step adds 200 of its own and a tool result of 1,300. In the terms of a conversation: the
  // tool result is the next message, so the static part is 4,700.
  const Result<Plan> plan = conversation_plan(ConversationCache::append_only);
  REQUIRE(plan.ok());
  std::vector<Known> inputs(plan->inputs().size());
  const auto put = [&](std::string_view id, double value) { inputs[plan->input_index(id)] = {value, true}; };
  put("static_prefix", 4700);
  put("user", 1300);
  put("answer", 200);
  put("turns", 12);
  put("kept", 11);
  put("price.input", 3);
  put("price.output", 15);
  put("price.cache_read", 0.3);
  put("price.cache_write", 3.75);
  const Result<Evaluation> evaluation = evaluate(*plan, inputs);
  REQUIRE(evaluation.ok());
  const auto get = [&](std::string_view id) { return evaluation->of(plan->find(id)->node).value; };
  CHECK(get("input_tokens") == 171000);  // 12 * 6,000 + 1,500 * 66
  CHECK(get("output_tokens") == 2400);
  CHECK(same(get("uncached_usd"), 0.549));
  CHECK(same(get("cached_usd"), 0.164925));
}

namespace {
// Whether a cache with this lifetime, write price and hit rate from traffic is cheaper than none at one request in so
// many minutes.
bool cache_pays(std::string_view lifetime, double write, double minutes_between) {
  Model model = model_of("m", {{TokenClass::input, 1},
                               {TokenClass::output, 0},
                               {TokenClass::cache_read, 0.1},
                               {TokenClass::cache_write_5m, write},
                               {TokenClass::cache_write_1h, write}});
  model.cache = cache_of({{"5m", 5}, {"1h", 60}});
  Scenario s = one_day("1", {{"prompt_tokens", "10000"}, {"static_prefix_tokens", "10000"}, {"caching", lifetime}});
  REQUIRE_FALSE(s.set_number("conversations_per_day", 24 * 60 / minutes_between));
  const Bill bill = bill_of(catalog_of({model}), s);
  REQUIRE_FALSE(s.set("caching", "off"));
  return *bill.per_month < *usd_a_month(catalog_of({model}), s);
}
bool cache_pays_at(double write, double hit) { return prefix_multiple(write, 0.1, 1 / (1 - hit)) < 1 / (1 - hit); }
}  // namespace

TEST_CASE("G55 the traffic at which a cache of five minutes and of an hour pays") {
  CHECK_FALSE(cache_pays_at(1.25, 0.21739));  // (1.25 - 1) / (1.25 - 0.1) = 0.2173913
  CHECK(cache_pays_at(1.25, 0.21740));
  CHECK_FALSE(cache_pays_at(2, 0.52631));  // 1 / 1.9 = 0.5263158
  CHECK(cache_pays_at(2, 0.52632));
  CHECK(cache_pays("5m", 1.25, 20.35));  // 5 / -ln(1 - 0.2173913) = 20.4
  CHECK_FALSE(cache_pays("5m", 1.25, 20.45));
  CHECK(cache_pays("1h", 2, 80.25));  // 60 / -ln(1 - 0.5263158) = 80.3
  CHECK_FALSE(cache_pays("1h", 2, 80.35));
}

TEST_CASE("G58 a promotion that ends on 31 December") {
  Model model = model_of("m", 0.75, 3.75);
  model.prices.push_back(row_of({{TokenClass::input, 1.5}, {TokenClass::output, 7.5}}));
  model.prices[0].status = PriceStatus::promotional;
  model.prices[0].until = model.prices[1].from = parse_moment("2027-01-01").value();
  const Catalog catalog = catalog_of({model});
  // 400 million tokens in and 60 million out
  Scenario s = one_day("1000", {{"prompt_tokens", "400000"}, {"output_tokens", "60000"}});
  s.date = parse_moment("2026-12-31T23:59:59Z").value();
  CHECK(same(usd_a_month(catalog, s), 525));
  s.date = parse_moment("2027-01-01").value();
  CHECK(same(usd_a_month(catalog, s), 1050));
  CHECK(same(bill_of(catalog, s).per_year, 12600));
}

TEST_CASE("G60 the same text with a tokenizer that needs 30 percent more tokens") {
  Model old_model = model_of("old", 3, 3);
  Model new_model = model_of("new", 2, 2);
  old_model.tokenizer_ratio = 1;
  new_model.tokenizer_ratio = 1.3;
  const Catalog catalog = catalog_of({old_model, new_model});
  const Scenario text = bare("old");
  Scenario tokens = text;
  REQUIRE_FALSE(tokens.set("same_text", "same_tokens"));
  CHECK(3 * ratio(catalog, text, "new") == doctest::Approx(2.6).epsilon(1e-12));
  CHECK((1 - ratio(catalog, text, "new")) * 100 == doctest::Approx(13.3333).epsilon(1e-5));
  CHECK((1 - ratio(catalog, tokens, "new")) * 100 == doctest::Approx(33.3333).epsilon(1e-5));
}

TEST_CASE("G61 retries where 30 percent of the failures are billed") {
  // C_in 0.006, C_out 0.004; p 0.05; three extra tries
  const Bill bill = bill_of(shop(3, 8), one_day("1", {{"prompt_tokens", "2000"},
                                                      {"output_tokens", "500"},
                                                      {"failure_ratio", "0.05"},
                                                      {"retries", "3"},
                                                      {"billed_failure_ratio", "0.3"},
                                                      {"failed_output_ratio", "0.5"}}));
  CHECK(same(amount_of(bill, "delivered_requests"), 0.99999375));
  CHECK(same(*amount_of(bill, "billed_failures") / 0.3, 1.052625 - 0.99999375));
  CHECK(same(bill.inference_per_request, 0.0101262525));
}

TEST_CASE("G64 (price) ten minutes of video with sound") {
  const Catalog catalog = catalog_of(
      {model_of("m", {{TokenClass::input, 0.30}, {TokenClass::output, 2.5}, {TokenClass::input_audio, 1.00}})});
  const Bill bill = bill_of(catalog, one_day("1", {{"prompt_tokens", "0"},
                                                   {"output_tokens", "0"},
                                                   {"video_input_tokens", "154800"},
                                                   {"audio_input_tokens", "19200"}}));
  CHECK(amount_of(bill, "prompt_size") == 174000);
  CHECK(same(amount_of(bill, "input.video"), 0.04644));
  CHECK(same(amount_of(bill, "input.audio"), 0.0192));
}

TEST_CASE("G65 (price) images made of 1,120 and 2,000 tokens") {
  const Catalog catalog =
      catalog_of({model_of("m", {{TokenClass::input, 2}, {TokenClass::output, 12}, {TokenClass::output_image, 120}})});
  const auto image = [&](std::string_view tokens) {
    return usd_a_month(catalog,
                       one_day("1", {{"prompt_tokens", "0"}, {"output_tokens", "0"}, {"image_output_tokens", tokens}}));
  };
  CHECK(same(image("1120"), 0.1344));
  CHECK(same(image("2000"), 0.24));
}
