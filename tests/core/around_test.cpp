// What stands around tokens: trimming and caps, commitments and channels, evaluation, people, servers, unit economics,
// latency; and the order in which a month is put together.
// 2,000 tokens in and 500 out at 2.5 and 10 are one cent; a month is 1,000 requests on one day: 10 USD.

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/shop.h"

using namespace tokenbill;

namespace {

const double e = std::exp(1.0);

Model cent() { return model_of("m", 2.5, 10); }

Scenario thousand(Given given = {}) {
  Scenario s = bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

std::optional<double> figure(const Scenario& scenario, std::string_view id, const Model& model = cent()) {
  return amount_of(bill_of(catalog_of({model, model_of("small", 0.15, 0.6)}), scenario), id);
}
double item(const Scenario& scenario, std::string_view id, const Model& model = cent()) {
  const auto amount = figure(scenario, id, model);
  REQUIRE(amount.has_value());
  return *amount;
}

/// Input at 1, read from the cache at 0.1, written to it at 1.25; output is free.
Model caching_model() {
  Model model = model_of("m", {{TokenClass::input, 1},
                               {TokenClass::output, 0},
                               {TokenClass::cache_read, 0.1},
                               {TokenClass::cache_write, 1.25}});
  model.cache = cache_of({{"automatic", 5}});
  return model;
}
}  // namespace

// Prefix caches: what they find, when they pay.

TEST_CASE("a line that changes, placed early, makes every request write what stands behind it") {
  const Model model = caching_model();
  Scenario s = thousand({{"prompt_tokens", "10000"},
                         {"static_prefix_tokens", "8000"},
                         {"caching", "automatic"},
                         {"cache_hit_ratio", "1"}});
  CHECK(same(item(s, "total", model), 0.8 + 2));  // 8,000 at 0.1, 2,000 at 1
  // At the end of the prompt the line itself is all that it costs.
  REQUIRE_FALSE(s.set("changing_line_tokens", "25"));
  CHECK(same(item(s, "total", model), 0.8 + 2.025));
  // In front of all 8,000 are written anew each time.
  REQUIRE_FALSE(s.set("tokens_before_changing_line", "0"));
  CHECK(same(item(s, "total", model), 10 + 2.025));
  REQUIRE_FALSE(s.set("tokens_before_changing_line", "6000"));
  CHECK(same(item(s, "total", model), 0.6 + 2 * 1.25 + 2.025));
}

TEST_CASE("a cache pays from (w - 1) / (w - r) hits and (w - r) / (1 - r) uses on") {
  const auto even = [](double write, double read) {
    Model model = model_of("m", {{TokenClass::input, 1},
                                 {TokenClass::output, 1},
                                 {TokenClass::cache_read, read},
                                 {TokenClass::cache_write, write}});
    model.cache = cache_of({{"automatic", 5}});
    const Scenario s = thousand({{"static_prefix_tokens", "2000"}, {"caching", "automatic"}});
    return std::pair(item(s, "cache_break_even_hit_ratio", model), item(s, "cache_break_even_uses", model));
  };
  CHECK(same(even(1.25, 0.1).first, 0.25 / 1.15));
  CHECK(even(1.25, 0.1).second == 2);  // 1.15 / 0.9 = 1.28
  CHECK(same(even(2, 0.1).first, 1 / 1.9));
  CHECK(even(2, 0.1).second == 3);  // 1.9 / 0.9 = 2.11
}

TEST_CASE("the pause between requests and the cache's lifetime give the share of requests in time") {
  Model model = cent();
  model.cache = cache_of({{"automatic", 5}});
  Scenario s = thousand(
      {{"turns_per_conversation", "5"}, {"history", "full"}, {"caching", "automatic"}, {"turn_gap_minutes", "5"}});
  CHECK(same(item(s, "warm_ratio", model), 1 - 1 / e));  // as long as the lifetime, on average
  REQUIRE_FALSE(s.set("long_gap_ratio", "0.1"));
  CHECK(same(item(s, "warm_ratio", model), 0.9));
}

namespace {
/// Input at 1, read from the cache at 0.1, written to it at 1.25; output at 10; 24 requests on one day.
double kept_warm(std::string_view id, Given given) {
  Model model = caching_model();
  model.prices[0].prices[static_cast<std::size_t>(TokenClass::output)] = 10;
  model.prices[0].cache_storage_usd_per_mtok_hour = 1;
  model.cache->minimum_tokens = 1024;
  Scenario s = thousand({{"conversations_per_day", "24"},
                         {"prompt_tokens", "10000"},
                         {"static_prefix_tokens", "8000"},
                         {"output_tokens", "0"},
                         {"caching", "automatic"},
                         {"keep_warm_per_hour", "12"}});
  for (const auto& [parameter, text] : given) REQUIRE_FALSE(s.set(parameter, text));
  return item(s, id, model);
}
}  // namespace

TEST_CASE("a cache kept warm is found by all; each of the requests reads it and writes one token") {
  // Every five minutes of 24 hours: 288 requests of 8,000 tokens at 0.1 and one at 10.
  CHECK(kept_warm("keep_warm_requests", {}) == 288);
  CHECK(kept_warm("hit_ratio", {}) == 1);
  CHECK(same(kept_warm("helpers.keep_warm", {}), 288 * (800 + 10) / 1e6));
  CHECK(same(kept_warm("total", {}), 288 * 810 / 1e6 + 24 * (800 + 2000) / 1e6));
  // Without them one of 24 requests a day finds what the one before left with 1 - e^-(1/12).
  CHECK(same(kept_warm("hit_ratio", {{"keep_warm_per_hour", "0"}}), 1 - std::exp(-1.0 / 12)));
  CHECK(kept_warm("helpers.keep_warm", {{"keep_warm_per_hour", "0"}}) == 0);
}

TEST_CASE("requests that keep the cache warm too seldom cover a part of the time, and some of them write") {
  // Every ten minutes: half of the time is covered. They find what another request has read within five minutes.
  const double found = 1 - std::exp(-1.0 / 12);
  CHECK(same(kept_warm("hit_ratio", {{"keep_warm_per_hour", "6"}}), 1 - 0.5 * (1 - found)));
  CHECK(same(kept_warm("helpers.keep_warm", {{"keep_warm_per_hour", "6"}}),
             144 * (8000 * (found * 0.1 + (1 - found) * 1.25) + 10) / 1e6));
}

TEST_CASE("a cache is kept warm while there is traffic, or day and night; where there is one to keep") {
  CHECK(kept_warm("keep_warm_requests", {{"active_hours_per_day", "8"}}) == 96);
  CHECK(kept_warm("keep_warm_requests", {{"active_hours_per_day", "8"}, {"keep_warm_when", "always"}}) == 288);
  CHECK(kept_warm("keep_warm_requests", {{"caching", "off"}}) == 0);
  CHECK(kept_warm("keep_warm_requests", {{"caching", "stored"}}) == 0);
  CHECK(kept_warm("keep_warm_requests", {{"static_prefix_tokens", "1023"}}) == 0);  // too short to be cached
  // A hit rate that was measured has them in it.
  CHECK(kept_warm("hit_ratio", {{"cache_hit_ratio", "0.6"}}) == 0.6);
  CHECK(same(kept_warm("helpers.keep_warm", {{"cache_hit_ratio", "0.6"}}), 288 * 810 / 1e6));
}

// Trimming and caps.

TEST_CASE("a trimmed prompt is that much shorter, and so are the passages") {
  const Scenario s = thousand(
      {{"prompt_trim_ratio", "0.6"}, {"chunks_per_request", "2"}, {"chunk_tokens", "500"}, {"query_tokens", "0"}});
  CHECK(same(item(s, "prompt_size"), 0.4 * 3000));
  CHECK(same(item(s, "input.uncached"), 3));
  CHECK(same(item(s, "output.text"), 5));
}

TEST_CASE("trimming what the cache would have read saves the price of reading alone") {
  const Model model = caching_model();
  Scenario s = thousand({{"prompt_tokens", "10000"},
                         {"static_prefix_tokens", "10000"},
                         {"caching", "automatic"},
                         {"cache_hit_ratio", "1"}});
  const double whole = item(s, "total", model);
  REQUIRE_FALSE(s.set("prompt_trim_ratio", "0.3"));
  CHECK(same(whole - item(s, "total", model), 3 * 0.1));
}

TEST_CASE("a cap on the answer: its expected length, and what was cut and is asked for again") {
  // Lengths spread exponentially around 500: E[min(X, 500)] = 500 (1 - 1/e), and 1/e of the answers are cut.
  Scenario s = thousand({{"output_cap_tokens", "500"}, {"cut_answer_repeated_ratio", "0"}});
  CHECK(same(item(s, "answer_tokens"), 500 * (1 - 1 / e)));
  CHECK(same(item(s, "cut_answers_ratio"), 1 / e));
  CHECK(same(item(s, "total"), 5 + 5 * (1 - 1 / e)));
  REQUIRE_FALSE(s.set("cut_answer_repeated_ratio", "0.2"));
  CHECK(same(item(s, "total"), (5 + 5 * (1 - 1 / e)) * (1 + 0.2 / e)));
}

TEST_CASE("a cap on the requests of a conversation: their expected number, and the conversations cut") {
  const Scenario s = thousand({{"turns_per_conversation", "10"}, {"request_cap", "20"}, {"success_ratio", "0.9"}});
  CHECK(same(item(s, "requests_per_day"), 1000 * 10 * (1 - std::exp(-2.0))));
  CHECK(same(item(s, "cut_conversations_ratio"), std::exp(-2.0)));
  CHECK(same(item(s, "success_per_attempt"), 0.9 * (1 - std::exp(-2.0))));
}

namespace {
// Prompts of 1,000, 1,300, 1,600 … tokens, answers of 200: n requests take 1,200 n + 150 n (n - 1) tokens, and at 2.5
// and 10 a million 4,500 n + 375 n (n - 1) millionths of a dollar.
double capped_talk(std::string_view id, Given given, const Model& model = cent()) {
  Scenario s = thousand({{"turns_per_conversation", "10"},
                         {"history", "full"},
                         {"prompt_tokens", "1000"},
                         {"turn_input_tokens", "100"},
                         {"output_tokens", "200"}});
  for (const auto& [parameter, text] : given) REQUIRE_FALSE(s.set(parameter, text));
  return item(s, id, model);
}
}  // namespace

TEST_CASE("a cap on the tokens of a conversation is one on its requests: as many as stay within it") {
  const auto allowed = [](std::string_view cap) { return capped_talk("token_cap_requests", {{"token_cap", cap}}); };
  CHECK(allowed("9000") == 5);
  CHECK(allowed("8999") == 4);
  CHECK(allowed("6600") == 4);
  CHECK(allowed("2700") == 2);
  CHECK(allowed("2699") == 1);
  CHECK(allowed("100") == 1);           // the first one always
  CHECK(allowed("151050000") == 1000);  // 1,200,000 + 150 * 999,000
  CHECK(same(capped_talk("requests_per_day", {{"token_cap", "9000"}}), 1000 * 10 * (1 - std::exp(-0.5))));
  CHECK(same(capped_talk("cut_conversations_ratio", {{"token_cap", "9000"}}), std::exp(-0.5)));
  // The same month as with a cap on requests.
  CHECK(capped_talk("total", {{"token_cap", "9000"}}) == capped_talk("total", {{"request_cap", "5"}}));
  CHECK(capped_talk("total", {{"token_cap", "9000"}, {"request_cap", "3"}}) ==
        capped_talk("total", {{"request_cap", "3"}}));
  CHECK(capped_talk("total", {{"token_cap", "9000"}, {"request_cap", "7"}}) ==
        capped_talk("total", {{"request_cap", "5"}}));
}

TEST_CASE("a cap on the tokens of requests that are all alike") {
  CHECK(capped_talk("token_cap_requests", {{"history", "given"}, {"token_cap", "8400"}}) == 7);
  CHECK(capped_talk("token_cap_requests", {{"history", "given"}, {"token_cap", "8399"}}) == 6);
  CHECK(capped_talk("token_cap_requests",
                    {{"history", "given"}, {"turns_per_conversation", "1"}, {"token_cap", "8400"}}) == 7);
  // Sub-agents have a budget of their own.
  CHECK(capped_talk("token_cap_requests", {{"subagents_per_conversation", "2"}, {"token_cap", "9000"}}) == 5);
}

TEST_CASE("a cap on what a conversation costs, with what the cache saves") {
  const auto allowed = [](std::string_view cap) { return capped_talk("usd_cap_requests", {{"usd_cap", cap}}); };
  CHECK(allowed("0.01575") == 3);
  CHECK(allowed("0.01574") == 2);
  CHECK(capped_talk("total", {{"usd_cap", "0.01575"}}) == capped_talk("total", {{"request_cap", "3"}}));
  CHECK(capped_talk("total", {{"usd_cap", "0.01575"}, {"token_cap", "2700"}}) ==
        capped_talk("total", {{"request_cap", "2"}}));
  // 3,080 written at 3.75 and 250 answered at 15; then 3,080 + 330 (t - 2) read at 0.3, 330 written, 250 answered:
  // 15,300 and 5,911.5 + 99 (t - 2) millionths; four are 33,331.5
  Model model = model_of("m", {{TokenClass::input, 3},
                               {TokenClass::cache_read, 0.3},
                               {TokenClass::cache_write, 3.75},
                               {TokenClass::output, 15}});
  model.cache = cache_of({{"5m", 5}});
  const auto cached = [&](std::string_view cap) {
    return capped_talk("usd_cap_requests",
                       {{"prompt_tokens", "3080"},
                        {"static_prefix_tokens", "3000"},
                        {"turn_input_tokens", "80"},
                        {"output_tokens", "250"},
                        {"caching", "5m"},
                        {"cache_hit_ratio", "0"},
                        {"long_gap_ratio", "0"},
                        {"usd_cap", cap}},
                       model);
  };
  CHECK(cached("0.033332") == 4);
  CHECK(cached("0.033331") == 3);
}

TEST_CASE("a cap on cost without a price makes the month unknown, and says why") {
  Scenario s = thousand({{"usd_cap", "0.01"}});
  const Catalog catalog = catalog_of({model_of("m", {{TokenClass::input, 1}})});
  const Bill bill = bill_of(catalog, s);
  CHECK(bill.status == Status::unpriced);
  CHECK_FALSE(bill.per_month.has_value());
  REQUIRE(bill.problem.has_value());
  CHECK(bill.problem->message.find("cap on the cost") != std::string::npos);
  REQUIRE_FALSE(s.set("conversations_per_day", "0"));
  CHECK(bill_of(catalog, s).per_month == 0);
}

TEST_CASE("a cap on the tokens of a model that is free cuts nothing by its cost") {
  CHECK(capped_talk("usd_cap_requests", {{"usd_cap", "1"}}, model_of("m", 0, 0)) == 10001);
}

// Fees, commitments, channel.

TEST_CASE("spending that was agreed is paid, used or not") {
  CHECK(same(item(thousand({{"committed_usd_per_month", "25"}}), "commitment.shortfall"), 15));
  CHECK(same(item(thousand({{"committed_usd_per_month", "25"}}), "total"), 25));
  CHECK(item(thousand({{"committed_usd_per_month", "8"}}), "commitment.shortfall") == 0);
  CHECK(same(item(thousand({{"committed_usd_per_month", "8"}}), "total"), 10));
}

namespace {
// A unit serves 100 tokens a minute, 144,000 a day; an output token counts as four. The month wants
// 1,000 * (2,000 + 4 * 500) = 4 million of them: 27.8 units at full use.
Scenario provisioned(Given given = {}) {
  Scenario s = thousand({{"capacity_units", "10"},
                         {"capacity_unit_usd_per_month", "0.3"},
                         {"capacity_tokens_per_minute", "100"},
                         {"capacity_output_weight", "4"},
                         {"capacity_utilisation_ratio", "1"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}
}  // namespace

TEST_CASE("provisioned capacity is paid by the unit; what it does not serve is paid by the token") {
  CHECK(same(item(provisioned(), "commitment.capacity"), 3));
  CHECK(same(item(provisioned(), "on_demand_ratio"), 1 - 1.44 / 4));
  CHECK(same(item(provisioned(), "total"), 3 + 10 * 0.64));
  CHECK(same(item(provisioned({{"capacity_utilisation_ratio", "0.5"}}), "total"), 3 + 10 * 0.82));
  CHECK(same(item(provisioned({{"capacity_units", "30"}}), "total"), 9));  // all of it
}

TEST_CASE("provisioned capacity: the price of what it serves, and the use from which it pays") {
  // 3 USD for 1.44 million tokens served; on demand they cost 10 / 4 million, 3.6 in all
  CHECK(same(item(provisioned(), "capacity_usd_per_mtok"), 3 / 1.44));
  CHECK(same(item(provisioned(), "capacity_break_even_ratio"), 3 / 3.6));
  CHECK(same(item(provisioned({{"capacity_utilisation_ratio", "0.8333333333333334"}}), "total"), 10));
}

TEST_CASE("provisioned capacity: what is read from the cache takes little of it") {
  Model model = cent();
  model.cache = cache_of({{"automatic", 5}});
  const Given cached = {{"static_prefix_tokens", "1000"}, {"caching", "automatic"}, {"cache_hit_ratio", "1"}};
  const auto needed = [&](std::string_view weight) {
    Scenario s = provisioned(cached);
    REQUIRE_FALSE(s.set("capacity_cached_weight", weight));
    return item(s, "capacity_tokens_needed", model);
  };
  CHECK(same(needed("0"), 1000 * (1000 + 2000)));
  CHECK(same(needed("0.1"), 1000 * (1100 + 2000)));
}

TEST_CASE("three kinds of channel fees: on what is paid, on tokens, on the purchase") {
  CHECK(same(item(thousand({{"channel_markup_ratio", "0.1"}}), "channel.markup"), 1));
  // 2.5 million tokens at 0.25
  CHECK(same(item(thousand({{"channel_usd_per_mtok", "0.25"}}), "channel.tokens"), 0.625));
  Model model = cent();
  model.platform_share_ratio = 0.055;
  model.minimum_fee_usd = 0.8;
  CHECK(same(item(thousand(), "channel.platform_share", model), 0.8));  // 0.55 is less
  CHECK(same(item(thousand({{"conversations_per_day", "10000"}}), "channel.platform_share", model), 5.5));
  // twelve purchases, each at least 0.8
  CHECK(same(item(thousand({{"conversations_per_day", "10000"}, {"credit_purchases_per_month", "12"}}),
                  "channel.platform_share", model),
             9.6));
}

TEST_CASE("a flat fee on tokens is paid for cached ones too") {
  Model model = cent();
  model.cache = cache_of({{"automatic", 5}});
  const Scenario s = thousand({{"static_prefix_tokens", "2000"},
                               {"caching", "automatic"},
                               {"cache_hit_ratio", "1"},
                               {"channel_usd_per_mtok", "0.25"}});
  CHECK(same(item(s, "channel.tokens", model), 0.625));
}

// Around inference.

TEST_CASE("evaluation by runs: every case is a request and a judge") {
  // 4 runs of 200 cases: 0.01 and a judge of 1,500 in and 150 out on the small model
  const double judge = (1500 * 0.15 + 150 * 0.6) / 1e6;
  const Scenario s = thousand({{"evaluation_basis", "runs"},
                               {"evaluation_runs_per_month", "4"},
                               {"evaluation_cases", "200"},
                               {"judge_model", "acme/small"},
                               {"judge_input_tokens", "1500"},
                               {"judge_output_tokens", "150"},
                               {"evaluation_ratio", "0.5"}});
  CHECK(same(item(s, "judge_request"), judge));
  CHECK(same(item(s, "overheads.evaluation"), 800 * (0.01 + judge)));
}

TEST_CASE("the chosen model is the judge where no other is named") {
  const Scenario s = thousand({{"judge_input_tokens", "1000"}, {"judge_output_tokens", "100"}});
  CHECK(same(item(s, "judge_request"), 0.0035));
}

TEST_CASE("monitoring by samples: a judge for a share of the answers") {
  const Scenario s = thousand({{"monitoring_basis", "sampled"},
                               {"monitored_ratio", "0.05"},
                               {"judge_input_tokens", "1000"},
                               {"judge_output_tokens", "100"},
                               {"monitoring_ratio", "0.5"}});
  CHECK(same(item(s, "overheads.monitoring"), 50 * 0.0035));
}

TEST_CASE("percentages apply once, to inference after what lowers it") {
  // 10 USD trimmed and cached to 5.6: 0.7 * (3 + 5)
  const Scenario s = thousand({{"prompt_trim_ratio", "0.4"},
                               {"response_cache", "exact"},
                               {"response_cache_hit_ratio", "0.3"},
                               {"evaluation_ratio", "0.1"},
                               {"staging_ratio", "0.25"}});
  CHECK(same(item(s, "inference_per_month"), 5.6));
  CHECK(same(item(s, "overheads.evaluation"), 0.56));
  CHECK(same(item(s, "overheads.staging"), 1.4));
}

TEST_CASE("reviews by people: answers, minutes, wage") {
  const Scenario s = thousand({{"reviewed_ratio", "0.02"}, {"review_minutes", "3"}, {"reviewer_usd_per_hour", "40"}});
  CHECK(same(item(s, "overheads.review"), 20 * 3 / 60.0 * 40));
}

TEST_CASE("people, and a reserve on all that recurs but them") {
  const Scenario s = thousand({{"people_fte", "0.25"},
                               {"person_usd_per_year", "150000"},
                               {"observability_usd", "90"},
                               {"contingency_ratio", "0.15"}});
  CHECK(same(item(s, "people.operations"), 3125));
  CHECK(same(item(s, "contingency.reserve"), 15));
}

TEST_CASE("one-time work is spread over its months and takes no reserve") {
  const Scenario s = thousand({{"development_months", "2"},
                               {"development_usd", "12000"},
                               {"amortisation_months", "24"},
                               {"contingency_ratio", "0.5"}});
  CHECK(same(item(s, "one_time.development"), 20.0 / 24));
  CHECK(same(item(s, "one_time.other"), 500));
  CHECK(same(item(s, "contingency.reserve"), 5));
}

TEST_CASE("a gateway is paid for each request, an observability service by traces and seats beyond those included") {
  CHECK(same(item(thousand({{"gateway_usd_per_request", "0.0001"}}), "infrastructure.gateway"), 0.1));
  Service service{"watch", "acme/watch", "Watch", "observability", {ServiceRow{}}};
  service.rows[0].base_usd = 29;
  service.rows[0].rates[static_cast<std::size_t>(Metric::traces)] = ServiceRate{0.0025, 100};
  service.rows[0].rates[static_cast<std::size_t>(Metric::seats)] = ServiceRate{39, 1};
  Catalog catalog = catalog_of({cent()});
  catalog.services.push_back(service);
  const Scenario s = thousand({{"observability", "acme/watch"}, {"observability_seats", "3"}, {"traced_ratio", "0.4"}});
  CHECK(same(amount_of(bill_of(catalog, s), "infrastructure.observability_service"), 29 + 300 * 0.0025 + 78));
}

TEST_CASE("tax is on everything, a currency is another way to write the month") {
  const Scenario s = thousand({{"tax_ratio", "0.19"},
                               {"people_fte", "1"},
                               {"person_usd_per_year", "120"},
                               {"currency_code", "EUR"},
                               {"currency_rate", "0.9"}});
  CHECK(same(item(s, "tax"), 20 * 0.19));
  CHECK(same(item(s, "total"), 23.8));
  CHECK(same(item(s, "total_in_currency"), 21.42));
}

// Unit economics.

TEST_CASE("a month divided by users, heavy and light ones") {
  // A tenth of 100 users uses five times as much: 10 USD are 90 light and 10 heavy ones, 140 light shares.
  const Scenario s = thousand({{"active_users", "100"}, {"heavy_user_ratio", "0.1"}, {"heavy_user_multiple", "5"}});
  CHECK(same(item(s, "total_per_user"), 0.1));
  CHECK(same(item(s, "total_per_light_user"), 10.0 / 140));
  CHECK(same(item(s, "total_per_heavy_user"), 50.0 / 140));
  CHECK_FALSE(figure(thousand(), "total_per_user").has_value());  // nobody said how many there are
}

TEST_CASE("answers that are stopped are paid for, and nobody receives them") {
  const Scenario s = thousand({{"guardrail_output_blocked_ratio", "0.1"}, {"accepted_ratio", "0.8"}});
  CHECK(same(item(s, "total"), 10));
  CHECK(same(item(s, "stopped_answers"), 100));
  CHECK(same(item(s, "stopped_answers_usd"), 1));
  CHECK(same(item(s, "total_per_accepted_answer"), 10 / 720.0));
}

TEST_CASE("a cap on a user's month: what it would cut of heavy and light use, and what would be left") {
  // 90 light users at 1/14 of a dollar, ten heavy ones at 5/14.
  const auto capped = [](std::string_view id, std::string_view cap, std::string_view cost) {
    return item(thousand({{"active_users", "100"}, {"user_cap_usd_per_month", cap}, {"over_cap_cost_ratio", cost}}),
                id);
  };
  CHECK(same(capped("user_cap_cut_usd", "0.3", "0"), 10 * (5.0 / 14 - 0.3)));
  CHECK(same(capped("user_cap_cut_ratio", "0.3", "0"), 5.0 / 14 - 0.3));
  CHECK(same(capped("user_cap_inference", "0.3", "0"), 10 - 10 * (5.0 / 14 - 0.3)));
  CHECK(same(capped("user_cap_inference", "0.3", "0.25"), 10 - 7.5 * (5.0 / 14 - 0.3)));  // a cheaper model takes it
  CHECK(same(capped("user_cap_cut_usd", "0.05", "0"), 10 * (5.0 / 14 - 0.05) + 90 * (1.0 / 14 - 0.05)));
  CHECK(capped("user_cap_cut_usd", "1", "0") == 0);
  CHECK(capped("total", "0.05", "0") == 10);  // the bill stays without it
  CHECK_FALSE(figure(thousand({{"active_users", "100"}}), "user_cap_cut_usd").has_value());
}

TEST_CASE("the cost of an answer that helps and of a task that is solved") {
  CHECK(same(item(thousand({{"accepted_ratio", "0.8"}}), "total_per_accepted_answer"), 0.0125));
  CHECK(same(item(thousand({{"success_ratio", "0.4"}}), "total_per_success"), 0.025));
}

TEST_CASE("more attempts change how many tasks stay unsolved, not what a solved one costs") {
  const auto of = [](std::string_view attempts, std::string_view id) {
    return item(thousand({{"success_ratio", "0.4"}, {"attempts", attempts}}), id);
  };
  CHECK(same(of("1", "unsolved_ratio"), 0.6));
  CHECK(same(of("3", "unsolved_ratio"), 0.216));
  CHECK(of("3", "total_per_success") == of("1", "total_per_success"));
}

TEST_CASE("a price: revenue, margin, and the price that covers the cost") {
  const Given sold = {{"active_users", "100"}, {"price_usd", "0.5"}, {"target_margin_ratio", "0.75"}};
  const Scenario by_user = thousand(sold);
  CHECK(same(item(by_user, "revenue_per_month"), 50));
  CHECK(same(item(by_user, "profit_per_month"), 40));
  CHECK(same(item(by_user, "margin_ratio"), 0.8));
  CHECK(item(by_user, "loss_per_month") == 0);
  CHECK(same(item(by_user, "break_even_price_usd"), 0.1));
  CHECK(same(item(by_user, "target_price_usd"), 0.4));
  CHECK(same(item(by_user, "affordable_usd_per_month"), 12.5));
  const auto revenue = [](std::string_view per) {
    return item(
        thousand({{"price_usd", "0.5"}, {"price_per", per}, {"turns_per_conversation", "2"}, {"success_ratio", "0.4"}}),
        "revenue_per_month");
  };
  CHECK(same(revenue("conversation"), 500));
  CHECK(same(revenue("success"), 200));
  CHECK(same(revenue("request"), 1000));
}

TEST_CASE("a price below the cost is a loss") {
  const Scenario s = thousand({{"price_usd", "0.004"}, {"price_per", "conversation"}});
  CHECK(item(s, "profit_per_month") == 0);
  CHECK(same(item(s, "loss_per_month"), 6));
  CHECK(same(item(s, "loss_ratio"), 1.5));
}

// Latency.

TEST_CASE("the time of an answer: to the first token, then by the speed; reasoning comes first") {
  Scenario s = thousand({{"first_token_seconds", "0.5"}, {"tokens_per_second", "200"}, {"output_tokens", "500"}});
  CHECK(same(item(s, "answer_seconds"), 3));
  CHECK(same(item(s, "first_visible_seconds"), 0.5));
  REQUIRE_FALSE(s.set("reasoning_tokens", "1000"));
  CHECK(same(item(s, "first_visible_seconds"), 5.5));
  CHECK(same(item(s, "answer_seconds"), 8));
}

TEST_CASE("what the cache holds need not be read again before the first token") {
  const Model model = caching_model();
  // 10,000 tokens at 5,000 a second are two seconds; 8,000 of them in the cache leave 0.4.
  Scenario s = thousand({{"prompt_tokens", "10000"},
                         {"static_prefix_tokens", "8000"},
                         {"first_token_seconds", "0.5"},
                         {"tokens_per_second", "200"},
                         {"output_tokens", "200"},
                         {"cache_hit_ratio", "0.75"}});
  CHECK(same(item(s, "first_visible_seconds", model), 0.5));
  CHECK(item(s, "tokens_to_read", model) == 10000);
  REQUIRE_FALSE(s.set("reading_tokens_per_second", "5000"));
  CHECK(same(item(s, "first_visible_seconds", model), 2.5));
  CHECK(same(item(s, "answer_seconds", model), 3.5));
  REQUIRE_FALSE(s.set("caching", "automatic"));
  CHECK(same(item(s, "tokens_to_read", model), 4000));  // a quarter of the requests reads all of it
  CHECK(same(item(s, "first_visible_seconds", model), 1.3));
  REQUIRE_FALSE(s.set("image_input_tokens", "1000"));  // pictures are not in the cache
  CHECK(same(item(s, "first_visible_seconds", model), 1.5));
  REQUIRE_FALSE(s.set("turns_per_conversation", "0"));  // nobody waits
  CHECK(same(item(s, "first_visible_seconds", model), 0.5));
}

TEST_CASE("the bill tells when a seller's limits are exceeded, and only then") {
  const auto told = [](Given given) {
    int count = 0;
    for (const Notice& notice : bill_of(catalog_of({cent()}), thousand(given)).notices) count += notice.kind == "limit";
    return count;
  };
  // 10 USD; 1,000 requests of 2,000 tokens in 1,440 minutes, three times that at the peak: 4,166.7 a minute
  CHECK(told({}) == 0);
  CHECK(told({{"spending_limit_usd_per_month", "10.01"}, {"rate_limit_tokens_per_minute", "4167"}}) == 0);
  CHECK(told({{"spending_limit_usd_per_month", "9.99"}}) == 1);
  CHECK(told({{"rate_limit_tokens_per_minute", "4166"}}) == 1);
  CHECK(told({{"spending_limit_usd_per_month", "0"}, {"rate_limit_tokens_per_minute", "1"}}) == 2);
  CHECK(item(thousand({{"spending_limit_usd_per_month", "1"}}), "total") == item(thousand(), "total"));
}

TEST_CASE("open answers at the peak, and the servers that hold them") {
  // 864,000 requests in 24 hours are 10 a second, 30 at the peak; 8 s each
  Scenario s = thousand({{"conversations_per_day", "864000"},
                         {"peak_multiple", "3"},
                         {"first_token_seconds", "3"},
                         {"tokens_per_second", "100"},
                         {"connections_per_instance", "100"},
                         {"web_instance_usd_per_month", "50"}});
  CHECK(same(item(s, "peak_requests_per_second"), 30));
  CHECK(same(item(s, "peak_connections"), 240));
  CHECK(same(item(s, "infrastructure.web_servers"), 150));  // three of them
  CHECK(same(item(s, "peak_tokens_per_minute"), 30 * 60 * 2000));
  REQUIRE_FALSE(s.set("active_hours_per_day", "12"));
  CHECK(same(item(s, "peak_connections"), 480));
}

// Order of calculation.

TEST_CASE("each dollar is counted once, in the order of calculation") {
  const std::vector<std::string_view> order = {"input.uncached",
                                               "input.cache_read",
                                               "input.cache_write",
                                               "input.image",
                                               "input.audio",
                                               "input.video",
                                               "input.cache_storage",
                                               "output.text",
                                               "output.reasoning",
                                               "output.image",
                                               "output.audio",
                                               "failures.billed",
                                               "helpers.keep_warm",
                                               "helpers.routing",
                                               "helpers.shortening",
                                               "helpers.guard",
                                               "helpers.response_cache",
                                               "fees.request",
                                               "fees.web_search",
                                               "fees.code",
                                               "fees.file_search",
                                               "fees.file_storage",
                                               "fees.session",
                                               "media.transcription",
                                               "media.speech",
                                               "media.image_generation",
                                               "media.video_generation",
                                               "commitment.capacity",
                                               "commitment.shortfall",
                                               "channel.markup",
                                               "channel.tokens",
                                               "channel.platform_share",
                                               "retrieval.rebuilds",
                                               "retrieval.updates",
                                               "retrieval.queries",
                                               "retrieval.rerank",
                                               "retrieval.vector_store",
                                               "retrieval.guardrail",
                                               "retrieval.response_cache",
                                               "overheads.retries",
                                               "overheads.evaluation",
                                               "overheads.monitoring",
                                               "overheads.experiments",
                                               "overheads.staging",
                                               "overheads.growth",
                                               "overheads.review",
                                               "infrastructure.vector_database",
                                               "infrastructure.observability",
                                               "infrastructure.observability_service",
                                               "infrastructure.gateway",
                                               "infrastructure.web_servers",
                                               "infrastructure.other",
                                               "people.operations",
                                               "contingency.reserve",
                                               "one_time.development",
                                               "one_time.index",
                                               "one_time.other",
                                               "tax"};
  std::vector<std::string_view> found;
  for (const Term& term : engine().plan().terms()) found.emplace_back(term.id);
  CHECK(found == order);
}

TEST_CASE("a month with everything in it: each part by hand") {
  // Inference: 730 of 1,000 requests reach a model (0.7 + 0.3 * 0.1), a prompt of 800 at 2.5 and 500 at 10 cost 0.007:
  // 5.11; a tenth of that is markup. 0.05 for lookups is inference as well.
  const Scenario s = thousand({{"prompt_trim_ratio", "0.6"},
                               {"response_cache", "exact"},
                               {"response_cache_hit_ratio", "0.3"},
                               {"response_cache_wrong_ratio", "0.1"},
                               {"response_cache_lookup_usd", "0.00005"},
                               {"channel_markup_ratio", "0.1"},
                               {"evaluation_ratio", "0.1"},
                               {"observability_usd", "20"},
                               {"people_fte", "1"},
                               {"person_usd_per_year", "1200"},
                               {"contingency_ratio", "0.15"},
                               {"development_months", "2"},
                               {"amortisation_months", "12"},
                               {"tax_ratio", "0.2"}});
  const double inference = (0.73 * 7 + 0.05) * 1.1;
  const double recurring = inference * 1.1 + 20;
  const double before_tax = recurring * 1.15 + 100 + inference * 2 / 12;
  CHECK(same(item(s, "inference_per_month"), inference));
  CHECK(same(item(s, "contingency.reserve"), 0.15 * recurring));
  CHECK(same(item(s, "total"), before_tax * 1.2));
}

// Long prompts and dates.

TEST_CASE("a threshold in a conversation is met by single requests, not by their sum") {
  Model model = model_of("m", 1, 1);
  model.prices[0].context_tiers = {{1500, false, prices_of({{TokenClass::input, 10}, {TokenClass::output, 10}})}};
  // Prompts of 1,000, 1,200, 1,400, 1,600 and 1,800; the last two are dear, answers of 100 included
  const Scenario s = thousand({{"conversations_per_day", "1"},
                               {"turns_per_conversation", "5"},
                               {"history", "full"},
                               {"prompt_tokens", "1000"},
                               {"static_prefix_tokens", "900"},
                               {"output_tokens", "100"}});
  CHECK(same(item(s, "input.uncached", model), (3600 + 3400 * 10) / 1e6));
  CHECK(same(item(s, "output.text", model), (300 + 200 * 10) / 1e6));
}

TEST_CASE("peak hours: by default the share of the week that they are") {
  Model model = model_of("m", 1, 1);
  Window window;
  window.days = 0b0011111;
  window.from_minute = 60;
  window.to_minute = 240;
  window.prices = prices_of({{TokenClass::input, 2}, {TokenClass::output, 2}});
  model.prices[0].windows.push_back(window);
  window.from_minute = 360;
  window.to_minute = 600;
  model.prices[0].windows.push_back(window);
  // 7 hours on 5 days of 168: 20.83 %
  const Scenario s = thousand();
  CHECK(same(item(s, "total", model), 2.5 * (1 + 35.0 / 168)));
  CHECK(same(item(thousand({{"peak_share_ratio", "1"}}), "total", model), 5));
}
