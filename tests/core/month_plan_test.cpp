// The month plan, figure by figure, worked by hand.

#include <doctest/doctest.h>
#include <algorithm>
#include <iterator>

#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {
// 2.5 in, 10 out: 2,000 tokens in and 500 out cost one cent.
Catalog cent_a_request() { return catalog_of({model_of("m", 2.5, 10)}); }

double item(const Catalog& catalog, const Scenario& scenario, std::string_view id) {
  const auto amount = amount_of(bill_of(catalog, scenario), id);
  REQUIRE(amount.has_value());
  return *amount;
}
}  // namespace

TEST_CASE("a month is conversations a day, requests in each, and days") {
  const Bill bill =
      bill_of(cent_a_request(), bare("m", {{"conversations_per_day", "10000"}, {"turns_per_conversation", "5"}}));
  CHECK(amount_of(bill, "requests_per_day") == 50000);
  CHECK(amount_of(bill, "requests_per_month") == 1500000);
  CHECK(same(bill.per_month, 15000));
  CHECK(same(bill.per_day, 500));
  CHECK(same(bill.per_year, 180000));
  CHECK(same(bill.per_request, 0.01));
  CHECK(same(bill.per_conversation, 0.05));
}

TEST_CASE("a month may have 365/12 days") {
  const Bill bill = bill_of(cent_a_request(),
                            bare("m", {{"conversations_per_day", "1200"}, {"days_per_month", "30.4166666666666667"}}));
  CHECK(same(bill.per_year, 1200 * 365 * 0.01));
}

TEST_CASE("reasoning is billed as output where it has no price of its own, else at its own") {
  const Given given = {{"conversations_per_day", "1000"}, {"days_per_month", "1"}, {"reasoning_tokens", "1500"}};
  CHECK(same(item(cent_a_request(), bare("m", given), "output.reasoning"), 15));
  const Catalog own = catalog_of(
      {model_of("m", {{TokenClass::input, 2.5}, {TokenClass::output, 10}, {TokenClass::output_reasoning, 4}})});
  CHECK(same(item(own, bare("m", given), "output.reasoning"), 6));
}

TEST_CASE("a modality without a price of its own costs what text of its direction costs") {
  const Given given = {{"conversations_per_day", "1000"}, {"days_per_month", "1"},
                       {"image_input_tokens", "1000"},    {"audio_input_tokens", "2000"},
                       {"video_input_tokens", "3000"},    {"image_output_tokens", "100"},
                       {"audio_output_tokens", "200"}};
  const Bill text = bill_of(cent_a_request(), bare("m", given));
  CHECK(same(amount_of(text, "input.image"), 2.5));
  CHECK(same(amount_of(text, "input.audio"), 5));
  CHECK(same(amount_of(text, "input.video"), 7.5));
  CHECK(same(amount_of(text, "output.image"), 1));
  CHECK(same(amount_of(text, "output.audio"), 2));
  const Catalog own = catalog_of({model_of("m", {{TokenClass::input, 2.5},
                                                 {TokenClass::output, 10},
                                                 {TokenClass::input_image, 1},
                                                 {TokenClass::input_audio, 2},
                                                 {TokenClass::input_video, 3},
                                                 {TokenClass::output_image, 40},
                                                 {TokenClass::output_audio, 50}})});
  const Bill media = bill_of(own, bare("m", given));
  CHECK(same(amount_of(media, "input.image"), 1));
  CHECK(same(amount_of(media, "input.audio"), 4));
  CHECK(same(amount_of(media, "input.video"), 9));
  CHECK(same(amount_of(media, "output.image"), 4));
  CHECK(same(amount_of(media, "output.audio"), 10));
}

TEST_CASE("media count towards the context tier") {
  Catalog catalog = cent_a_request();
  catalog.models[0].prices[0].context_tiers = {{3000, false, prices_of({{TokenClass::input, 5}})}};
  const Given day = {{"conversations_per_day", "1000"},
                     {"days_per_month", "1"},
                     {"output_tokens", "0"},
                     {"image_input_tokens", "1000"}};
  Scenario at_threshold = bare("m", day);
  CHECK(same(item(catalog, at_threshold, "input.uncached"), 5));
  REQUIRE_FALSE(at_threshold.set("image_input_tokens", "1001"));
  CHECK(same(item(catalog, at_threshold, "input.uncached"), 10));
}

// Prefix cache. 1 USD in, 0.1 read, 1.25 written; 1,000 requests in a month of one day.

namespace {
Model cached_model() {
  Model model = model_of("m", {{TokenClass::input, 1},
                               {TokenClass::output, 0},
                               {TokenClass::cache_read, 0.1},
                               {TokenClass::cache_write, 1.25}});
  model.cache = cache_of({{"automatic", 5}});
  return model;
}
Scenario cached(Given given) {
  Scenario scenario = bare("m", {{"conversations_per_day", "1000"},
                                 {"days_per_month", "1"},
                                 {"prompt_tokens", "10000"},
                                 {"static_prefix_tokens", "8000"},
                                 {"caching", "automatic"},
                                 {"cache_hit_ratio", "0.75"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(scenario.set(id, text));
  return scenario;
}
}  // namespace

TEST_CASE("a cached prompt is split into read, written and uncached tokens") {
  const Bill bill = bill_of(catalog_of({cached_model()}), cached({}));
  CHECK(same(amount_of(bill, "input.uncached"), 2));       // 2,000 * 1,000 at 1
  CHECK(same(amount_of(bill, "input.cache_read"), 0.6));   // 6,000 * 1,000 at 0.1
  CHECK(same(amount_of(bill, "input.cache_write"), 2.5));  // 2,000 * 1,000 at 1.25
  CHECK(same(bill.per_month, 5.1));
}

TEST_CASE("with the cache off a given hit rate changes nothing") {
  CHECK(same(usd_a_month(catalog_of({cached_model()}), cached({{"caching", "off"}, {"cache_hit_ratio", "1"}})), 10));
}

TEST_CASE("a static prefix longer than the prompt is the whole prompt") {
  const Bill bill = bill_of(catalog_of({cached_model()}), cached({{"static_prefix_tokens", "50000"}}));
  CHECK(amount_of(bill, "cacheable_tokens") == 10000);
  CHECK(amount_of(bill, "uncached_tokens") == 0);
  CHECK(amount_of(bill, "prompt_size") == 10000);
}

TEST_CASE("a prefix is cached from the minimum on, not below") {
  Model model = cached_model();
  model.cache->minimum_tokens = 8000;
  CHECK(amount_of(bill_of(catalog_of({model}), cached({})), "cacheable_tokens") == 8000);
  CHECK(amount_of(bill_of(catalog_of({model}), cached({{"static_prefix_tokens", "7999"}})), "cacheable_tokens") == 0);
}

TEST_CASE("a prefix is cached in steps, rounded down") {
  Model model = cached_model();
  model.cache->minimum_tokens = 1024;
  model.cache->step_tokens = 128;
  const auto cacheable = [&](std::string_view prefix) {
    return amount_of(bill_of(catalog_of({model}), cached({{"static_prefix_tokens", prefix}})), "cacheable_tokens");
  };
  CHECK(cacheable("1023") == 0);
  CHECK(cacheable("1024") == 1024);
  CHECK(cacheable("1151") == 1024);
  CHECK(cacheable("1152") == 1152);
  CHECK(cacheable("8000") == 7936);  // the other 64 are uncached
  const Bill bill = bill_of(catalog_of({model}), cached({}));
  CHECK(amount_of(bill, "uncached_tokens") == 2064);
}

TEST_CASE("without a measured hit rate it is one minus e to the minus expected arrivals") {
  // 240 requests in 24 hours, lifetime 5 minutes: 10 an hour * 1/12 hour = 0.8333…
  const Bill bill =
      bill_of(catalog_of({cached_model()}), cached({{"cache_hit_ratio", ""}, {"conversations_per_day", "240"}}));
  CHECK(same(amount_of(bill, "arrivals_in_lifetime"), 10.0 / 12));
  CHECK(same(amount_of(bill, "hit_ratio"), 0.56540179149292168));  // 1 - e^-(5/6)
}

TEST_CASE("traffic that comes in fewer hours keeps the cache warmer") {
  const Catalog catalog = catalog_of({cached_model()});
  const auto hit = [&](std::string_view hours) {
    return *amount_of(
        bill_of(catalog,
                cached({{"cache_hit_ratio", ""}, {"conversations_per_day", "100"}, {"active_hours_per_day", hours}})),
        "hit_ratio");
  };
  CHECK(hit("8") > hit("24"));
}

TEST_CASE("the lifetime chosen has its own write price and minutes") {
  Model model = cached_model();
  model.cache = cache_of({{"5m", 5}, {"1h", 60}});
  model.prices[0].prices = prices_of({{TokenClass::input, 1},
                                      {TokenClass::output, 0},
                                      {TokenClass::cache_read, 0.1},
                                      {TokenClass::cache_write_5m, 1.25},
                                      {TokenClass::cache_write_1h, 2}});
  const Catalog catalog = catalog_of({model});
  CHECK(same(item(catalog, cached({{"caching", "5m"}}), "input.cache_write"), 2.5));
  CHECK(same(item(catalog, cached({{"caching", "1h"}}), "input.cache_write"), 4));
  CHECK(same(item(catalog, cached({{"caching", "automatic"}}), "input.cache_write"), 2.5));
  // Without a given hit rate the lifetime decides how many requests find the prefix.
  CHECK(amount_of(bill_of(catalog, cached({{"caching", "1h"}, {"cache_hit_ratio", ""}})), "cache_lifetime_hours") == 1);
}

TEST_CASE("a write without a price of its own costs what input costs, a read too") {
  Model model = cached_model();
  model.prices[0].prices = prices_of({{TokenClass::input, 1}, {TokenClass::output, 0}});
  CHECK(same(usd_a_month(catalog_of({model}), cached({})), 10));
}

TEST_CASE("a stored cache is created once a day and pays for its hours") {
  Model model = cached_model();
  model.prices[0].cache_storage_usd_per_mtok_hour = 4.5;
  const Bill bill = bill_of(
      catalog_of({model}),
      cached(
          {{"caching", "stored"}, {"cache_hit_ratio", ""}, {"days_per_month", "2"}, {"active_hours_per_day", "10"}}));
  CHECK(amount_of(bill, "hit_ratio") == 1);
  CHECK(same(amount_of(bill, "input.cache_read"), 1.6));  // 8,000 * 2,000 at 0.1
  CHECK(amount_of(bill, "input.cache_write") == 0);
  // created: 2 * 8,000 at 1 = 0.016; stored: 8,000 * 20 h at 4.5 per million = 0.72
  CHECK(same(amount_of(bill, "input.cache_storage"), 0.736));
}

// Failures.

TEST_CASE("failed tries are billed by their share, in full for input and in part for output") {
  // C_in 0.006, C_out 0.004, p 0.1, one retry, all billed, half of the answer:
  // 0.01 * 0.99 + (0.006 + 0.002) * 0.11 = 0.0099 + 0.00088
  const Catalog catalog = catalog_of({model_of("m", 3, 8)});
  const Scenario s = bare("m", {{"conversations_per_day", "1000"},
                                {"days_per_month", "1"},
                                {"failure_ratio", "0.1"},
                                {"retries", "1"},
                                {"billed_failure_ratio", "1"},
                                {"failed_output_ratio", "0.5"}});
  CHECK(same(usd_a_month(catalog, s), 10.78));
  CHECK(same(item(catalog, s, "failures.billed"), 0.88));
  CHECK(same(item(catalog, s, "delivered_requests"), 990));
}

TEST_CASE("every number of retries from none to ten counts its tries") {
  double power = 0.5;
  double failures = 0.5;
  for (int retries = 0; retries <= 10; ++retries) {
    CAPTURE(retries);
    const Scenario s = bare("m", {{"conversations_per_day", "1000"},
                                  {"days_per_month", "1"},
                                  {"failure_ratio", "0.5"},
                                  {"retries", std::to_string(retries)},
                                  {"billed_failure_ratio", "1"}});
    const Bill bill = bill_of(cent_a_request(), s);
    CHECK(amount_of(bill, "delivered_requests") == 1000 * (1 - power));
    CHECK(amount_of(bill, "billed_failures") == 1000 * failures);
    power /= 2;
    failures += power;
  }
}

TEST_CASE("a part of a retry is no retry") {
  const auto bill = [&](std::string_view retries) {
    return usd_a_month(cent_a_request(),
                       bare("m", {{"failure_ratio", "0.3"}, {"retries", retries}, {"billed_failure_ratio", "1"}}));
  };
  CHECK(bill("1.4") == bill("1"));
  CHECK(bill("0.4") == bill("0"));
}

TEST_CASE("answers that are unusable are paid in full and tried again, beside failures that are paid in part") {
  const auto of = [](std::string_view id, Given given) {
    Scenario s = bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}});
    for (const auto& [parameter, text] : given) REQUIRE_FALSE(s.set(parameter, text));
    return amount_of(bill_of(cent_a_request(), s), id);
  };
  // A tenth each time: 0.1 + 0.01 + 0.001 tries too many, 0.999 answers.
  const Given broken = {{"broken_answer_ratio", "0.1"}, {"retries", "2"}, {"billed_failure_ratio", "0"}};
  CHECK(same(of("delivered_requests", broken), 999));
  CHECK(same(of("failures.billed", broken), 1.11));
  // A fifth fails on the way, half of it billed with half of the answer; a quarter of the rest is unusable.
  const Given both = {{"failure_ratio", "0.2"},
                      {"broken_answer_ratio", "0.25"},
                      {"retries", "0"},
                      {"billed_failure_ratio", "0.5"},
                      {"failed_output_ratio", "0.5"}};
  CHECK(same(of("delivered_requests", both), 600));
  CHECK(same(of("billed_failures", both), 100 + 200));
  CHECK(same(of("failures.billed", both), 100 * 0.0075 + 200 * 0.01));
}

TEST_CASE("answers asked for again are paid in full") {
  const Scenario s =
      bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}, {"regeneration_ratio", "0.2"}});
  CHECK(same(usd_a_month(cent_a_request(), s), 12.5));  // 10 / 0.8
}

// Fees and channel.

TEST_CASE("a fee for each request is paid for each request delivered") {
  Catalog catalog = cent_a_request();
  catalog.models[0].prices[0].fees = {{"call", "Call", "request", 0.005, 0, 0}};
  CHECK(
      same(item(catalog, bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}}), "fees.request"), 5));
}

TEST_CASE("searches beyond the free ones are paid") {
  Catalog catalog = cent_a_request();
  catalog.models[0].prices[0].fees = {{"web_search", "Web search", "search", 0.014, 5000, 0}};
  const auto searches = [&](std::string_view conversations) {
    return item(
        catalog,
        bare("m",
             {{"conversations_per_day", conversations}, {"days_per_month", "10"}, {"web_searches_per_request", "2"}}),
        "fees.web_search");
  };
  CHECK(searches("249") == 0);
  CHECK(searches("250") == 0);
  CHECK(same(searches("251"), 20 * 0.014));
}

TEST_CASE("a search that is sold by the request is paid only where there is a search") {
  Catalog catalog = cent_a_request();
  catalog.models[0].prices[0].fees = {{"web_search", "Grounded prompt", "request", 0.035, 0, 0}};
  const Given day = {{"conversations_per_day", "1000"}, {"days_per_month", "1"}};
  CHECK(same(usd_a_month(catalog, bare("m", day)), 10));
  Scenario half = bare("m", day);
  REQUIRE_FALSE(half.set("web_searches_per_request", "0.5"));
  REQUIRE_FALSE(half.set("search_result_tokens", "0"));
  CHECK(same(usd_a_month(catalog, half), 27.5));
}

TEST_CASE("the place where it runs multiplies tokens, not fees; the discount takes off both") {
  Catalog catalog = cent_a_request();
  catalog.models[0].prices[0].fees = {{"call", "Call", "request", 0.005, 0, 0}};
  catalog.models[0].geographies = {{"us", "US only", 1.1, "", Moment{}}};
  Scenario s = bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}, {"geography", "us"}});
  CHECK(same(usd_a_month(catalog, s), 16));  // 11 + 5
  REQUIRE_FALSE(s.set("discount_ratio", "20 %"));
  CHECK(same(usd_a_month(catalog, s), 12.8));
}

TEST_CASE("the platform takes its share of everything, the markup of the channel included") {
  Catalog catalog = cent_a_request();
  catalog.models[0].platform_share_ratio = 0.05;
  const Scenario s =
      bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}, {"channel_markup_ratio", "0.1"}});
  CHECK(same(item(catalog, s, "channel.markup"), 1));
  CHECK(same(item(catalog, s, "channel.platform_share"), 0.55));
  CHECK(same(usd_a_month(catalog, s), 11.55));
}

// Around inference.

TEST_CASE("percentages apply to inference, contingency to all but people, development is spread") {
  // 1,000 USD of inference: evaluation 100, monitoring 50, experiments 100, staging 250; observability 200;
  // contingency 15 % of 1,700 = 255; a quarter person at 150,000 a year = 3,125; development 2 * 1,000 / 12.
  const Scenario s = scenario_of("m", {{"conversations_per_day", "10000"},
                                       {"turns_per_conversation", "1"},
                                       {"days_per_month", "10"},
                                       {"failure_ratio", "0"},
                                       {"observability_usd", "200"}});
  const Bill bill = bill_of(cent_a_request(), s);
  CHECK(same(bill.inference_per_month, 1000));
  CHECK(same(amount_of(bill, "overheads.evaluation"), 100));
  CHECK(same(amount_of(bill, "overheads.monitoring"), 50));
  CHECK(same(amount_of(bill, "overheads.experiments"), 100));
  CHECK(same(amount_of(bill, "overheads.staging"), 250));
  CHECK(same(amount_of(bill, "contingency.reserve"), 255));
  CHECK(same(amount_of(bill, "people.operations"), 3125));
  CHECK(same(amount_of(bill, "one_time.development"), 2000.0 / 12));
  CHECK(same(bill.per_month, 1700 + 255 + 3125 + 2000.0 / 12));
}

TEST_CASE("one-time work that is spread over one month is paid in it") {
  const Scenario s = bare("m", {{"conversations_per_day", "1000"},
                                {"days_per_month", "1"},
                                {"development_months", "3"},
                                {"amortisation_months", "1"}});
  CHECK(same(usd_a_month(cent_a_request(), s), 40));
}

TEST_CASE("infrastructure and people are paid without a single request") {
  const Scenario s = bare("m", {{"conversations_per_day", "0"},
                                {"vector_database_usd", "70"},
                                {"other_infrastructure_usd", "30"},
                                {"people_fte", "1"},
                                {"person_usd_per_year", "120000"},
                                {"contingency_ratio", "0.1"}});
  const Bill bill = bill_of(cent_a_request(), s);
  CHECK(bill.status == Status::ok);
  CHECK(same(bill.per_month, 70 + 30 + 10 + 10000));
  CHECK_FALSE(bill.per_request.has_value());
  CHECK_FALSE(bill.per_conversation.has_value());
}

TEST_CASE("the terms are in the order of calculation") {
  std::vector<Category> seen;
  for (const Term& term : engine().plan().terms())
    if (seen.empty() || seen.back() != term.category) seen.push_back(term.category);
  CHECK(seen.back() == Category::tax);
  CHECK(seen[seen.size() - 2] == Category::one_time);
  CHECK(seen[seen.size() - 3] == Category::contingency);
  CHECK(seen[seen.size() - 4] == Category::people);
}

TEST_CASE("every numeric parameter is an input of a month's plan, or known to act otherwise") {
  // Choices and references set other inputs; all else that a scenario can say must matter to the formulas.
  static constexpr std::string_view elsewhere[] = {"peak_share_ratio",  // the input "peak_share"
                                                   "image_width",
                                                   "image_height",
                                                   "image_shrink_ratio",  // tokens of an image, by each seller's rule
                                                   "forecast_months",
                                                   "growth_ratio",
                                                   "price_decline_ratio",
                                                   "replatform_months",  // the forecast
                                                   "budget_usd",
                                                   "spent_usd",
                                                   "days_passed",
                                                   "spending_limit_usd_per_month",
                                                   "rate_limit_tokens_per_minute",  // notices
                                                   "gpus_per_replica",
                                                   "first_token_limit_seconds",
                                                   "token_limit_seconds",
                                                   "engine_memory_ratio",
                                                   "draft_tokens",
                                                   "draft_acceptance_ratio",
                                                   "draft_cost_ratio",
                                                   "gpu_usd_per_hour",
                                                   "adapter_penalty_ratio",  // the size of a replica
                                                   "own_share_ratio",
                                                   "small_escalation_ratio"};  // the mix of choices
  // An engine of its own: that of all tests may drop a plan when others want many shapes.
  const Result<Engine> own = Engine::create();
  REQUIRE(own.ok());
  std::vector<const Plan*> plans;
  for (const History history : {History::given, History::window, History::cap, History::summary})
    for (const std::uint16_t roles : {std::uint16_t{0x001}, std::uint16_t{0x7ff}})
      plans.push_back(&own->plan({history, 0, roles, true, true}));
  const Result<Plan> fleet = fleet_plan();
  REQUIRE(fleet.ok());
  plans.push_back(&*fleet);
  for (const Parameter& parameter : parameters()) {
    CAPTURE(std::string(parameter.id));
    if (parameter.kind == ParameterKind::choice || parameter.kind == ParameterKind::reference) continue;
    const bool other = std::find(std::begin(elsewhere), std::end(elsewhere), parameter.id) != std::end(elsewhere);
    const bool input = std::any_of(plans.begin(), plans.end(), [&](const Plan* plan) {
      return plan->input_index(parameter.id) < plan->inputs().size();
    });
    CHECK(input != other);
  }
}
