// Worked figures of the trade, each against the function that computes it. docs/golden-arith.md lists them all.

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/bundled.h"
#include "support/shop.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/forecast.h"
#include "tokenbill/json_io.h"
#include "tokenbill/plans.h"
#include "tokenbill/series.h"

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

std::vector<ForecastMonth> months_of(const Catalog& catalog, const Scenario& scenario) {
  const Result<Forecast> result = forecast(engine(), catalog, scenario, today);
  REQUIRE(result.ok());
  return result->months;
}

Fee fee(std::string id, std::string per, double usd, double free = 0, double minimum = 0) {
  return {std::move(id), "", std::move(per), usd, free, minimum, 0};
}

// As printed, to two digits behind the point.
bool rounds_to(const std::optional<double>& value, double printed, double half_unit = 0.005) {
  return value && std::abs(*value - printed) <= half_unit * (1 + 1e-9);
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

namespace {
// The articles' support bot: 10,000 conversations of five exchanges, 30 days.
Scenario support_bot(Given given = {}) {
  Scenario s = bare("m", {{"conversations_per_day", "10000"}, {"turns_per_conversation", "5"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}
}  // namespace

TEST_CASE("G04 the support bot trimmed, routed and cached, all out of one scenario") {
  const Catalog catalog = catalog_of({model_of("m", 2.5, 10), model_of("mini", 0.15, 0.6)});
  Scenario s = support_bot();
  CHECK(same(usd_a_month(catalog, s), 15000));
  REQUIRE_FALSE(s.set("prompt_trim_ratio", "0.6"));
  CHECK(same(usd_a_month(catalog, s), 10500));  // 7,500 * 0.4 + 7,500
  for (const auto& [id, text] : Given{{"routing", "shares"},
                                      {"route_1_cost_ratio", "0.05"},
                                      {"route_1_share_ratio", "0.7"},
                                      {"response_cache", "exact"},
                                      {"response_cache_hit_ratio", "0.3"}})
    REQUIRE_FALSE(s.set(id, text));
  const double optimised = *usd_a_month(catalog, s);
  CHECK(same(optimised, 2462.25));  // * (0.3 + 0.7 * 0.05) * 0.7
  CHECK(same((1 - optimised / 15000) * 100, 83.585));
  // the model's listed price is 0.06 of the other one, not 0.05
  Scenario listed = s;
  REQUIRE_FALSE(listed.set("route_1_cost_ratio", ""));
  REQUIRE_FALSE(listed.set("route_1_model", "acme/mini"));
  CHECK(same(usd_a_month(catalog, listed), 2513.7));
  // with the overheads of the naive bill: * 1.45 + 500
  for (const auto& [id, text] : Given{{"evaluation_ratio", "0.15"},
                                      {"retry_overhead_ratio", "0.1"},
                                      {"experiments_ratio", "0.2"},
                                      {"observability_usd", "500"}})
    REQUIRE_FALSE(s.set(id, text));
  CHECK(same(usd_a_month(catalog, s), 4070.2625));
  // what the article prints: 4,200
  CHECK(same((1 - 4200 / 15000.0) * 100, 72));
  CHECK(rounds_to((1 - 4200 / 22250.0) * 100, 81.12));
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

TEST_CASE("G08 a million queries of 1,000 tokens behind a router") {
  const Catalog catalog = catalog_of({model_of("m", 30, 0), model_of("cheap", 0.15, 0)});
  const Scenario strong = one_day("1000000", {{"prompt_tokens", "1000"}, {"output_tokens", "0"}});
  Scenario routed = strong;
  for (const auto& [id, text] :
       Given{{"routing", "shares"}, {"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "0.8"}})
    REQUIRE_FALSE(routed.set(id, text));
  const double all_strong = *usd_a_month(catalog, strong);
  const double both = *usd_a_month(catalog, routed);
  CHECK(same(all_strong, 30000));
  CHECK(same(both, 6000 + 120));
  CHECK(same(*bill_of(catalog, routed).per_request * 1000, 6.12));  // a million tokens
  CHECK(same(all_strong - both, 23880));
  CHECK(same((all_strong - both) * 30, 716400));
  REQUIRE_FALSE(routed.set("gateway_usd_per_request", "0.00005"));  // the router: 50 a day
  const double saved = all_strong - *usd_a_month(catalog, routed);
  CHECK(same(saved, 23830));
  CHECK(rounds_to(5000 / saved * 24, 5.036, 0.0005));
  CHECK(rounds_to(15000 / saved * 24, 15.107, 0.0005));
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

TEST_CASE("G10 a weekly evaluation of 1,000 cases with a judge") {
  // a judge of 0.10 and of 0.50 USD for a million tokens read; the candidate's request is free here
  const auto a_month = [](double judge) {
    const Catalog catalog = catalog_of({model_of("m", 0, 0), model_of("judge", judge, 0)});
    Scenario s = one_day("1", {{"evaluation_basis", "runs"},
                               {"evaluation_cases", "1000"},
                               {"judge_model", "acme/judge"},
                               {"judge_input_tokens", "1000000"},
                               {"judge_output_tokens", "0"}});
    REQUIRE_FALSE(s.set_number("evaluation_runs_per_month", 52.0 / 12));
    return amount_of(bill_of(catalog, s), "overheads.evaluation");
  };
  CHECK(rounds_to(a_month(0.1), 433.33));
  CHECK(rounds_to(a_month(0.5), 2166.67));
}

TEST_CASE("G11 25 million output tokens a day at three prices") {
  const auto output = [](double price) {
    return amount_of(bill_of(shop(2.5, price), one_day("50000", {{"output_tokens", "500"}})), "output.text");
  };
  CHECK(same(output(10), 250));
  CHECK(same(output(30), 750));
  CHECK(same(output(60), 1500));
}

TEST_CASE("G12 the cost ratio that a saving of 62 percent with 78 percent routed implies") {
  Scenario s =
      one_day("10000", {{"routing", "shares"}, {"route_1_share_ratio", "0.78"}, {"route_1_cost_ratio", "0.05"}});
  CHECK(same(usd_a_month(shop(2.5, 10), s), 100 * (1 - 0.741)));
  const Result<Solution> implied = solve(engine(), shop(2.5, 10), s, today, "route_1_cost_ratio", "total", 38);
  REQUIRE(implied.ok());
  CHECK(rounds_to(implied->value, 0.2051, 0.00005));
}

namespace {
// Prices that fall by so much a year, taken every month: USD in month k (0-based) of 10,000 in the first.
double after_months(std::string_view decline, std::size_t k) {
  Scenario s =
      one_day("1000000", {{"forecast_months", "24"}, {"price_decline_ratio", decline}, {"replatform_months", "1"}});
  return months_of(shop(2.5, 10), s)[k].usd.value_or(-1);
}
}  // namespace

TEST_CASE("G13 a decline of 40 to 60 percent a year") {
  CHECK(same(after_months("0.4", 0), 10000));
  CHECK(same(after_months("0.4", 12), 6000));
  CHECK(same(after_months("0.6", 12), 4000));
  CHECK(rounds_to(after_months("0.4", 18), 4647.58));
  CHECK(rounds_to(after_months("0.6", 18), 2529.82));
}

TEST_CASE("G14 a cent a request at a million requests a day, ten times cheaper a year") {
  CHECK(same(bill_of(shop(2.5, 10), bare("m", {{"conversations_per_day", "1000000"}})).per_day, 10000));
  CHECK(same(after_months("0.9", 12), 1000));
  CHECK(rounds_to(after_months("0.9", 1) / 10000, 0.8254, 0.00005));
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

TEST_CASE("G21 answers that are open at 100 requests a second") {
  const auto open = [](std::string_view seconds) {
    return *amount_of(
        bill_of(shop(1, 1),
                one_day("8640000", {{"output_tokens", "0"}, {"first_token_seconds", seconds}, {"peak_multiple", "1"}})),
        "peak_connections");
  };
  CHECK(same(open("1"), 100));
  CHECK(same(open("3"), 300));
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
  const auto requests = [](double price) {
    // What is saved costs as much as the 1,460 tokens themselves.
    const Scenario cut = one_day("1", {{"prompt_tokens", "1460"}, {"output_tokens", "0"}});
    const Result<Solution> most = solve(engine(), shop(price, 0), cut, today, "conversations_per_day", "total", 12000);
    REQUIRE(most.ok());
    return most->value.value_or(-1);
  };
  CHECK(requests(30) == 273972);  // 273,972.6: the next one saves more than 12,000
  CHECK(requests(2.5) == 3287671);
  const auto input = [](std::string_view trim) {
    return *usd_a_month(
        shop(30, 0), one_day("1000", {{"prompt_tokens", "1800"}, {"output_tokens", "0"}, {"prompt_trim_ratio", trim}}));
  };
  CHECK(same(input("0") - input("81.111111111111111 %"), 1000 * 1460 * 30 / 1e6));
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
  model.prices[0].fees = {fee("web_search", "search", 0.01)};
  const Bill bill = bill_of(catalog_of({model}), one_day("100", {{"prompt_tokens", "0"},
                                                                 {"output_tokens", "0"},
                                                                 {"web_searches_per_request", "1"},
                                                                 {"search_result_tokens", "8000"}}));
  CHECK(same(amount_of(bill, "fees.web_search"), 1));
  CHECK(same(amount_of(bill, "input.uncached"), 0.32));
  CHECK(same(bill.per_month, 1.32));
}

TEST_CASE("G42 minutes of a code container, at least five") {
  Model model = model_of("m", 0, 0);
  model.prices[0].fees = {fee("container_4gb", "minute", 0.12 / 20, 0, 5)};
  const auto minutes = [&](std::string_view number) {
    return amount_of(bill_of(catalog_of({model}),
                             one_day("1", {{"code_container", "4gb"}, {"code_minutes_per_conversation", number}})),
                     "fees.code");
  };
  CHECK(same(minutes("12"), 0.072));
  CHECK(same(minutes("2"), 0.03));
}

TEST_CASE("G43 storage and calls of a file search") {
  Model model = model_of("m", 0, 0);
  // the free gigabyte is listed as gigabyte-days of a month
  model.prices[0].fees = {fee("file_search", "call", 0.0025), fee("file_storage", "gb_day", 0.1, 30)};
  Scenario s = bare("m", {{"conversations_per_day", "4000"}, {"days_per_month", "30"}, {"file_storage_gb", "6"}});
  REQUIRE_FALSE(s.set_number("file_searches_per_request", 1.0 / 3));  // 40,000 calls
  const Bill bill = bill_of(catalog_of({model}), s);
  CHECK(same(amount_of(bill, "fees.file_storage"), 15));
  CHECK(same(amount_of(bill, "fees.file_search"), 100));
  CHECK(same(bill.per_month, 115));
}

namespace {
// A month of a vector store at 16 a million reads and 0.33 a gigabyte, 50 at least: the price list's own, and one typed
// in here.
std::optional<double> vector_month(const Catalog& catalog, std::string_view model, std::string_view store,
                                   Given given) {
  Scenario s = bare("m", {{"days_per_month", "1"},
                          {"chunks_per_request", "1"},
                          {"query_tokens", "0"},
                          {"chunks_per_document", "1"},
                          {"index_rebuilds_per_year", "0"},
                          {"documents_changed_ratio", "0"}});
  s.model = model;
  REQUIRE_FALSE(s.set("vector_store", store));
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return amount_of(bill_of(catalog, s), "retrieval.vector_store");
}
std::vector<std::optional<double>> vector_months(Given given) {
  Catalog typed = shop(2.5, 10);
  Service service{"standard", "acme/standard", "Standard", "vector_store", {ServiceRow{}}};
  service.rows[0].minimum_usd = 50;
  service.rows[0].rates[static_cast<std::size_t>(Metric::storage_gb)] = ServiceRate{0.33, 0};
  service.rows[0].rates[static_cast<std::size_t>(Metric::read_units)] = ServiceRate{16e-6, 0};
  service.rows[0].rates[static_cast<std::size_t>(Metric::write_units)] = ServiceRate{4e-6, 0};
  typed.services.push_back(std::move(service));
  return {vector_month(typed, "acme/m", "acme/standard", given),
          vector_month(bundled_prices(), "openai/gpt-4o", "pinecone/standard", given)};
}
}  // namespace

TEST_CASE("G44 a million vectors of 1,536 dimensions, five million queries") {
  for (const auto& usd : vector_months({{"conversations_per_day", "5000000"},
                                        {"documents", "1000000"},
                                        {"embedding_dimensions", "1536"},
                                        {"record_metadata_bytes", "1000"}}))
    CHECK(same(usd, 573.87752));  // 571.52 read and 2.35752 stored
}

TEST_CASE("G45 a small index: the smallest read and the plan's minimum") {
  // 0.1 GB are 100,000 records of 1,000 bytes; 200,000 queries of a quarter unit cost 0.80
  const Given small = {{"conversations_per_day", "200000"},
                       {"documents", "100000"},
                       {"embedding_dimensions", "1"},
                       {"record_metadata_bytes", "996"}};
  for (const auto& usd : vector_months(small)) CHECK(same(usd, 50));
  Catalog without_minimum = shop(2.5, 10);
  Service service{"reads", "acme/reads", "Reads", "vector_store", {ServiceRow{}}};
  service.rows[0].rates[static_cast<std::size_t>(Metric::read_units)] = ServiceRate{16e-6, 0};
  without_minimum.services.push_back(service);
  CHECK(same(vector_month(without_minimum, "acme/m", "acme/reads", small), 0.8));
}

TEST_CASE("G46 a platform's share of 5.5 percent, at least 0.80 of a purchase") {
  Model model = model_of("m", 2.5, 10);
  model.platform_share_ratio = 0.055;
  model.minimum_fee_usd = 0.8;
  const auto share = [&](std::string_view requests) {
    return amount_of(bill_of(catalog_of({model}), one_day(requests, {})), "channel.platform_share");
  };
  CHECK(same(share("10000"), 5.5));  // of 100
  CHECK(same(share("1000"), 0.8));   // of 10
  CHECK(same(*share("1000") / 10, 0.08));
}

TEST_CASE("G47 a minute of realtime voice on each side, in seconds") {
  Model model = model_of("m", {{TokenClass::input, 4},
                               {TokenClass::output, 16},
                               {TokenClass::input_audio, 32},
                               {TokenClass::output_audio, 64}});
  model.audio_input_tokens_per_second = 10;
  model.audio_output_tokens_per_second = 20;
  const Bill bill = bill_of(catalog_of({model}), one_day("1", {{"prompt_tokens", "0"},
                                                               {"output_tokens", "0"},
                                                               {"audio_input_seconds", "60"},
                                                               {"audio_output_seconds", "60"}}));
  CHECK(amount_of(bill, "prompt_size") == 600);
  CHECK(amount_of(bill, "output_size") == 1200);
  CHECK(same(bill.per_month, 0.096));
}

namespace {
// Requests of a conversation that sends all earlier ones again, at the prices of G50 and G52.
Bill conversation_bill(Given given) {
  Model model = model_of("m", {{TokenClass::input, 3},
                               {TokenClass::cache_read, 0.3},
                               {TokenClass::cache_write, 3.75},
                               {TokenClass::output, 15}});
  model.cache = cache_of({{"5m", 5}});
  Scenario s = one_day("1", {{"history", "full"}, {"cache_hit_ratio", "0"}, {"long_gap_ratio", "0"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return bill_of(catalog_of({model}), s);
}
}  // namespace

TEST_CASE("G50 G51 eight turns: uncached, cached, and cut by a window") {
  const auto eight = [](std::string_view history, std::string_view caching) {
    return conversation_bill({{"turns_per_conversation", "8"},
                              {"prompt_tokens", "3080"},
                              {"static_prefix_tokens", "3000"},
                              {"output_tokens", "250"},
                              {"history", history},
                              {"kept_exchanges", "2"},
                              {"caching", caching}});
  };
  const Bill uncached = eight("full", "off");
  CHECK(amount_of(uncached, "conversation_uncached_tokens") == 33880);
  CHECK(amount_of(uncached, "conversation_output_tokens") == 2000);
  CHECK(same(uncached.per_conversation, 0.13164));
  const Bill cached = eight("full", "5m");
  CHECK(amount_of(cached, "conversation_read_tokens") == 28490);
  CHECK(amount_of(cached, "conversation_write_tokens") == 5390);
  CHECK(same(cached.per_conversation, 0.0587595));
  const Bill windowed = eight("window", "5m");
  CHECK(amount_of(windowed, "conversation_read_tokens") == 21000);
  CHECK(amount_of(windowed, "conversation_write_tokens") == 3000);
  CHECK(amount_of(windowed, "conversation_uncached_tokens") == 28930 - 24000);
  CHECK(same(windowed.per_conversation, 0.06234));  // shorter prompts, yet dearer
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

TEST_CASE("G52 the same agent as a scenario: uncached, the linear guess, cached") {
  const auto agent = [](std::string_view history, std::string_view caching) {
    return conversation_bill({{"turns_per_conversation", "12"},
                              {"prompt_tokens", "6000"},
                              {"static_prefix_tokens", "6000"},
                              {"turn_input_tokens", "1300"},
                              {"output_tokens", "200"},
                              {"history", history},
                              {"caching", caching}});
  };
  CHECK(amount_of(agent("full", "off"), "conversation_uncached_tokens") == 171000);
  CHECK(same(agent("full", "off").per_conversation, 0.549));
  CHECK(same(agent("given", "off").per_conversation, 0.252));  // as if no step were sent again
  CHECK(same(agent("full", "5m").per_conversation, 0.164925));
  CHECK(amount_of(agent("full", "5m"), "conversation_write_tokens") == 22500);
}

TEST_CASE("G53 savings of routing and of a cascade at two price gaps") {
  // 0.0070, 0.00035 and 0.0035 a request: 1,000 requests of 7 USD
  const Catalog catalog = catalog_of({model_of("m", 3.5, 0), model_of("nano", 0.175, 0), model_of("mid", 1.75, 0)});
  const auto saving = [&](Given given) {
    Scenario s = one_day("1000", {{"prompt_tokens", "2000"}, {"output_tokens", "0"}});
    for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
    return 1 - *usd_a_month(catalog, s) / 7;
  };
  const auto routed = [&](std::string_view model, std::string_view share) {
    return saving({{"routing", "shares"}, {"route_1_model", model}, {"route_1_share_ratio", share}});
  };
  const auto cascade = [&](std::string_view model, std::string_view escalated) {
    return saving({{"routing", "cascade"}, {"route_1_model", model}, {"escalation_ratio", escalated}});
  };
  CHECK(same(routed("acme/nano", "0.5"), 0.475));
  CHECK(same(routed("acme/nano", "0.7"), 0.665));
  CHECK(same(routed("acme/nano", "0.86"), 0.817));
  CHECK(same(cascade("acme/nano", "0.2"), 0.75));
  CHECK(same(routed("acme/mid", "0.5"), 0.25));
  CHECK(std::abs(cascade("acme/mid", "0.4") - 0.1) < 1e-12);
  CHECK(std::abs(cascade("acme/mid", "0.5")) < 1e-12);
  Scenario s = one_day("1000", {{"routing", "cascade"}, {"route_1_model", "acme/mid"}});
  CHECK(same(amount_of(bill_of(catalog, s), "cascade_break_even_ratio"), 0.5));
}

TEST_CASE("G54 a semantic cache: what it saves, and from which hit rate") {
  Model embedding = model_of("embed", {{TokenClass::input, 0.02}});
  embedding.kind = ModelKind::embedding;
  const Catalog catalog = catalog_of({model_of("m", 2.5, 10), embedding});
  const Bill bill = bill_of(catalog, one_day("1", {{"response_cache", "semantic"},
                                                   {"response_cache_hit_ratio", "0.3"},
                                                   {"response_cache_lookup_usd", "0.00005"},
                                                   {"embedding_model", "acme/embed"},
                                                   {"query_tokens", "50"}}));
  CHECK(same(bill.per_request, 0.007051));  // 0.000051 + 0.7 * 0.01
  CHECK(same(amount_of(bill, "response_cache_break_even_ratio"), 0.0051));
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

TEST_CASE("G56 a provisioned unit by the hour, the month and the year") {
  const auto unit = [](std::string_view usd) {
    return *amount_of(
        bill_of(shop(2.5, 10), one_day("0", {{"capacity_units", "1"}, {"capacity_unit_usd_per_month", usd}})),
        "commitment.capacity");
  };
  CHECK(unit("730") == 730);  // 1.00 an hour
  CHECK(rounds_to((1 - unit("260") / unit("730")) * 100, 64.38));
  CHECK(rounds_to((1 - unit("221") / unit("730")) * 100, 69.73));  // 2,652 a year
  CHECK(unit("260") / (unit("730") / 730) == 260);                 // hours from which the month pays
}

TEST_CASE("G57 (in part) the smallest bill of reserved capacity") {
  // 100 units of input at 0.06 and 10 of output at 0.30 an hour; a scenario has one kind of unit, so they are two.
  const auto units = [](std::string_view count, double usd_per_hour) {
    Scenario s = one_day("0", {{"capacity_units", count}});
    REQUIRE_FALSE(s.set_number("capacity_unit_usd_per_month", usd_per_hour * 730));
    return *usd_a_month(shop(2.5, 10), s);
  };
  CHECK(same(units("100", 0.06) + units("10", 0.3), 6570));
}

TEST_CASE("G58 a promotion that ends on 31 December, in one forecast") {
  Model model = model_of("m", 0.75, 3.75);
  model.prices.push_back(row_of({{TokenClass::input, 1.5}, {TokenClass::output, 7.5}}));
  model.prices[0].status = PriceStatus::promotional;
  model.prices[0].until = model.prices[1].from = parse_moment("2027-01-01").value();
  const Catalog catalog = catalog_of({model});
  // 400 million tokens in and 60 million out
  Scenario s = one_day("1000", {{"prompt_tokens", "400000"}, {"output_tokens", "60000"}, {"forecast_months", "13"}});
  s.date = parse_moment("2026-12-31T23:59:59Z").value();
  CHECK(same(usd_a_month(catalog, s), 525));
  s.date = parse_moment("2027-01-01").value();
  CHECK(same(usd_a_month(catalog, s), 1050));
  CHECK(same(bill_of(catalog, s).per_year, 12600));
  s.date = parse_moment("2026-12-01").value();
  const std::vector<ForecastMonth> months = months_of(catalog, s);
  CHECK(same(months[0].usd, 525));
  CHECK(same(months[1].usd, 1050));
  CHECK(same(*months[12].cumulative_usd - *months[0].cumulative_usd, 12600));
}

TEST_CASE("G59 the time of an answer of 500 tokens") {
  const auto seconds = [](std::string_view first, std::string_view speed) {
    return amount_of(
        bill_of(shop(1, 1),
                one_day("1", {{"output_tokens", "500"}, {"first_token_seconds", first}, {"tokens_per_second", speed}})),
        "answer_seconds");
  };
  CHECK(same(seconds("0.50", "200"), 3));
  CHECK(rounds_to(seconds("0.45", "131"), 4.27));
  CHECK(rounds_to(seconds("0.74", "104"), 5.55));
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

TEST_CASE("G62 alarms of a budget of 3,000 at 120 a day") {
  Scenario s = bare("m", {{"conversations_per_day", "12000"}, {"budget_usd", "3000"}});
  s.date = parse_moment("2026-12-01").value();
  const Result<Forecast> f = forecast(engine(), shop(2.5, 10), s, today);
  REQUIRE(f.ok());
  REQUIRE(f->budget.has_value());
  const std::vector<BudgetLevel>& levels = f->budget->levels;
  REQUIRE(levels.size() == 3);
  CHECK(levels[0].day == 13);
  CHECK(levels[1].day == 20);
  CHECK(levels[2].day == 25);
  CHECK(moment_text(levels[2].date.value()) == "2026-12-25");
  CHECK(same(f->budget->month_end_usd, 3600));
  CHECK(same((*f->budget->month_end_usd / 3000 - 1) * 100, 20));
}

TEST_CASE("G63 volume grows by 8 percent a month, prices fall by 40 percent a year") {
  Scenario s = support_bot({{"growth_ratio", "0.08"}, {"price_decline_ratio", "0.4"}, {"replatform_months", "1"}});
  const std::vector<ForecastMonth> falling = months_of(shop(2.5, 10), s);
  REQUIRE(falling.size() == 12);
  CHECK(same(falling[0].usd, 15000));
  CHECK(rounds_to(falling[11].usd, 21897.33));
  CHECK(rounds_to(falling[11].cumulative_usd, 219017.53));
  REQUIRE_FALSE(s.set("price_decline_ratio", "0"));
  // 15,000 * 1.08^11 = 34,974.585: printed as 34,974.59
  CHECK(rounds_to(months_of(shop(2.5, 10), s)[11].usd, 34974.59, 0.01));
}

TEST_CASE("G64 ten minutes of video with sound, in seconds") {
  // 258 tokens for the frame of a second, 32 for its sound, which has a price of its own
  Model model = model_of("m", {{TokenClass::input, 0.30}, {TokenClass::output, 2.5}, {TokenClass::input_audio, 1.00}});
  model.video_tokens_per_second = 258;
  model.audio_input_tokens_per_second = 32;
  const Bill bill = bill_of(catalog_of({model}), one_day("1", {{"prompt_tokens", "0"},
                                                               {"output_tokens", "0"},
                                                               {"video_input_seconds", "600"},
                                                               {"audio_input_seconds", "600"}}));
  CHECK(amount_of(bill, "prompt_size") == 174000);
  CHECK(same(amount_of(bill, "input.video"), 0.04644));
  CHECK(same(amount_of(bill, "input.audio"), 0.0192));
}

TEST_CASE("G65 images made of 1,120 and 2,000 tokens") {
  const Catalog catalog =
      catalog_of({model_of("m", {{TokenClass::input, 2}, {TokenClass::output, 12}, {TokenClass::output_image, 120}})});
  const auto image = [&](std::string_view tokens) {
    return usd_a_month(catalog,
                       one_day("1", {{"prompt_tokens", "0"}, {"output_tokens", "0"}, {"image_output_tokens", tokens}}));
  };
  CHECK(same(image("1120"), 0.1344));
  CHECK(same(image("2000"), 0.24));
}
