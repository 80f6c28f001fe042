#include "tokenbill/reconciliation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "support/bundled.h"
#include "support/shop.h"
#include "tokenbill/json_usage.h"
#include "tokenbill/json_value.h"

using namespace tokenbill;

namespace {
Scenario chat() {
  Scenario scenario;
  scenario.model = "anthropic/claude-sonnet-4-6";
  for (const auto& [id, value] : {std::pair("conversations_per_day", "1000"),
                                  {"turns_per_conversation", "3"},
                                  {"prompt_tokens", "1500"},
                                  {"static_prefix_tokens", "1200"},
                                  {"output_tokens", "200"},
                                  {"history", "full"},
                                  {"caching", "5m"}})
    REQUIRE_FALSE(scenario.set(id, value));
  return scenario;
}

/// So many requests, one a minute from 1 November 2026 on.
template <class Usage>
std::string log_of(int requests, std::string_view model, const Usage& usage) {
  std::string text;
  for (int i = 0; i < requests; ++i)
    text += R"({"model":")" + std::string(model) + R"(","created":)" + std::to_string(1793491200 + i * 60) +
            R"(,"usage":)" + usage(i) + "}\n";
  return text;
}

UsageReport read(std::string_view text, std::optional<double> days = {}) {
  UsageImport import(bundled_prices(), {{}, today, days});
  import.begin("usage");
  import.feed(text);
  import.finish();
  return import.report();
}

Reconciliation compared(const Scenario& scenario, const UsageReport& report, std::optional<double> paid = {}) {
  Result<Reconciliation> found = reconcile(engine(), bundled_prices(), scenario, today, report, paid);
  REQUIRE(found.ok());
  return std::move(found).value();
}

double sum_of_steps(const Reconciliation& reconciliation) {
  double sum = *reconciliation.estimated;
  for (const ReconciliationStep& step : reconciliation.steps) sum += *step.usd_per_month;
  return sum;
}

const ReconciliationStep* step_of(const Reconciliation& reconciliation, std::string_view id) {
  for (const ReconciliationStep& step : reconciliation.steps)
    if (step.id == id) return &step;
  return nullptr;
}
}  // namespace

TEST_CASE(
    "steps lead from the estimate to what was measured, and nothing remains where one model served alike requests") {
  // 14,400 requests are ten days.
  const UsageReport report = read(log_of(14400, "claude-sonnet-4-6", [](int i) {
    return R"({"input_tokens":)" + std::to_string(300 + i % 100) +
           R"(,"cache_read_input_tokens":2000,"cache_creation_input_tokens":150,"output_tokens":)" +
           std::to_string(250 + i % 10) + "}";
  }));
  CHECK(report.days == 10.0);
  const Reconciliation found = compared(chat(), report);
  REQUIRE(found.estimated);
  REQUIRE(found.measured);
  CHECK(*found.measured == doctest::Approx(*report.usd * 3).epsilon(1e-12));
  CHECK(sum_of_steps(found) == doctest::Approx(*found.measured).epsilon(1e-9));
  CHECK(step_of(found, "rest") == nullptr);
  for (const char* id : {"requests", "prompt", "cache", "output", "failures"}) {
    CAPTURE(id);
    CHECK(step_of(found, id) != nullptr);
  }
  CHECK(step_of(found, "models") == nullptr);
  CHECK(found.adopted.model == "anthropic/claude-sonnet-4-6");
  CHECK(found.adopted.value("output_tokens") == doctest::Approx(254.5));
  CHECK(found.adopted.value("turns_per_conversation") == 3.0);
  CHECK(*found.adopted.value("conversations_per_day") == doctest::Approx(480));
  // Adopting once is enough: compared with the adopted scenario, nothing is left to explain.
  const Reconciliation again = compared(found.adopted, report);
  CHECK(*again.estimated == doctest::Approx(*found.measured).epsilon(1e-9));
  CHECK(again.steps.empty());
  CHECK(again.sentence.find(", as estimated.") != std::string::npos);
}

TEST_CASE("a log that was made from a scenario's own numbers costs what the scenario says") {
  Scenario scenario = bare("m");  // one request a conversation, no failures
  scenario.model = "openai/gpt-5.5";
  for (const auto& [id, value] :
       {std::pair("conversations_per_day", "1440"), {"prompt_tokens", "3000"}, {"output_tokens", "100"}})
    REQUIRE_FALSE(scenario.set(id, value));
  const UsageReport report = read(log_of(1440 * 2, "gpt-5.5", [](int) {
    return std::string(R"({"prompt_tokens":3000,"completion_tokens":100,"total_tokens":3100})");
  }));
  const Reconciliation found = compared(scenario, report);
  CHECK(*found.measured == doctest::Approx(*found.estimated).epsilon(1e-12));
  CHECK(*found.measured == doctest::Approx(43200 * (3000 * 5 + 100 * 30) / 1e6).epsilon(1e-12));
  const Reconciliation discounted = compared(scenario, report, *report.usd * 0.8);
  CHECK(*discounted.paid_above_list == doctest::Approx(-0.2 * *found.measured));
  CHECK(discounted.sentence.find("Most of it: what was paid below list prices.") != std::string::npos);
}

TEST_CASE("reasoning, batches, other models and searches each have a step") {
  const std::string text =
      log_of(
          500, "gpt-5.5",
          [](int) {
            return std::string(
                R"({"prompt_tokens":1000,"completion_tokens":700,"completion_tokens_details":{"reasoning_tokens":500}})");
          }) +
      log_of(
          500, "gpt-5.5",
          [](int) {
            return std::string(
                R"({"prompt_tokens":1000,"completion_tokens":700,"completion_tokens_details":{"reasoning_tokens":500}},"batch":true,"x":{})");
          }) +
      log_of(250, "claude-haiku-5-5", [](int) {
        return std::string(
            R"({"input_tokens":1000,"output_tokens":700,"output_tokens_details":{"thinking_tokens":500},"server_tool_use":{"web_search_requests":1}})");
      });
  const Reconciliation found = compared(chat(), read(text, 1));
  CHECK(sum_of_steps(found) == doctest::Approx(*found.measured).epsilon(1e-9));
  for (const char* id : {"models", "reasoning", "tier", "fees"}) {
    CAPTURE(id);
    CHECK(step_of(found, id) != nullptr);
  }
  CHECK(found.adopted.model == "openai/gpt-5.5");
  CHECK(found.adopted.choice("routing") == "shares");
  CHECK(found.adopted.reference("route_1_model") == "anthropic/claude-haiku-5-5");
  CHECK(*found.adopted.value("route_1_share_ratio") == doctest::Approx(0.2));
  CHECK(*found.adopted.value("batch_share_ratio") == doctest::Approx(0.4));
  CHECK(*found.adopted.value("reasoning_tokens") == doctest::Approx(500));
  CHECK(*found.adopted.value("web_searches_per_request") == doctest::Approx(0.2));
}

TEST_CASE("days that differ become ranges, and what was paid stands beside list prices") {
  std::string text;
  for (int day = 0; day < 20; ++day)
    for (int i = 0; i < 20 + day; ++i)
      text += R"({"model":"gpt-5.5","created":)" + std::to_string(1793491200 + day * 86400 + i * 60) +
              R"(,"usage":{"prompt_tokens":)" + std::to_string(900 + day * 10) +
              R"(,"completion_tokens":50,"cost":0.004}})" + "\n";
  const Reconciliation found = compared(chat(), read(text));
  std::size_t ranges = 0;
  for (const auto& [index, range] : found.adopted.ranges) {
    const auto value = found.adopted.values[index];
    REQUIRE(value);
    CHECK(range.low < *value);
    CHECK(*value < range.high);
    ++ranges;
  }
  CHECK(ranges == 2);  // requests and prompts; answers are alike
  REQUIRE(found.paid);
  CHECK(*found.paid_above_list == doctest::Approx(*found.paid - *found.measured));
  const Reconciliation told = compared(chat(), read(text), 30.0);
  CHECK(*told.paid == doctest::Approx(30 * 30 / 20.0));
}

TEST_CASE("prompts beyond a price step are a cause of their own") {
  const UsageReport report = read(log_of(1000, "gpt-5.5",
                                         [](int i) {
                                           return R"({"prompt_tokens":)" + std::to_string(i % 10 == 0 ? 300000 : 1000) +
                                                  R"(,"completion_tokens":100})";
                                         }),
                                  1);
  const Reconciliation found = compared(chat(), report);
  REQUIRE(step_of(found, "cliffs") != nullptr);
  CHECK(*step_of(found, "cliffs")->usd_per_month == doctest::Approx(30.0 * 100 * (300000 * 5 + 100 * 15) / 1e6));
  CHECK(sum_of_steps(found) == doctest::Approx(*found.measured).epsilon(1e-9));
}

TEST_CASE("what is not known is said and not made up") {
  CHECK_FALSE(reconcile(engine(), bundled_prices(), chat(), today, read("")).ok());
  const Reconciliation unpriced =
      compared(chat(), read(R"({"model":"my-own","usage":{"prompt_tokens":5,"completion_tokens":1}})"));
  CHECK_FALSE(unpriced.measured);
  CHECK_FALSE(unpriced.notices.empty());
  CHECK(step_of(unpriced, "rest")->words.find("price is missing") != std::string::npos);
  // Sums that do not say of how many requests: an amount, and nothing to adopt.
  const Reconciliation sums = compared(chat(), read("usage_date_utc,model_version,usage_input_tokens_no_cache,usage_"
                                                    "output_tokens\n2026-11-05,claude-opus-5-5,5000,100\n"));
  CHECK(sums.measured);
  Scenario same = chat();
  CHECK(sums.adopted == same);
  CHECK_FALSE(sums.notices.empty());
  // Without a time the volume is the scenario's.
  const Reconciliation timeless =
      compared(chat(), read(R"({"model":"gpt-5.5","usage":{"prompt_tokens":1000,"completion_tokens":100}})"));
  CHECK(step_of(timeless, "requests") == nullptr);
  CHECK(timeless.adopted.value("conversations_per_day") == 1000.0);
  CHECK(step_of(timeless, "models")->words == "GPT-5.5 instead of Claude Sonnet 4.6");
  // What was paid for one record is not what a month of the scenario's requests would cost.
  constexpr std::string_view one = R"({"model":"gpt-5.5","usage":{"prompt_tokens":1000,"completion_tokens":100}})";
  const Reconciliation paid = compared(chat(), read(one), 1200.5);
  CHECK_FALSE(paid.paid);
  CHECK(paid.notices.size() == timeless.notices.size() + 1);
  CHECK(compared(chat(), read(one, 30.0), 1200.5).paid == 1200.5);
}

TEST_CASE("means are told as whole numbers, not with the digits of a division") {
  const Reconciliation found = compared(chat(), read(log_of(7, "gpt-5.5", [](int i) {
                                          return R"({"prompt_tokens":)" + std::to_string(1000 + i % 3) +
                                                 R"(,"completion_tokens":)" + std::to_string(100 + i % 2) + "}";
                                        })));
  CHECK(step_of(found, "prompt")->words.find("1\u202f001 tokens a request") == 0);
  CHECK(step_of(found, "output")->words == "100 tokens an answer instead of 200");
}

TEST_CASE("the document of an import is JSON with what the structs say") {
  const UsageReport report = read(R"({"model":"gpt-5.5","usage":{"prompt_tokens":1000,"completion_tokens":100}})"
                                  "\n{]\n");
  const Reconciliation found = compared(chat(), report);
  const Result<JsonValue> document = parse_json(usage_json(report, &found), "usage");
  REQUIRE(document.ok());
  CHECK(document->find("usd")->number == *report.usd);
  CHECK(document->find("read")->find("broken")->number == 1);
  CHECK(document->find("lines")->items.size() == 1);
  const JsonValue* reconciliation = document->find("reconciliation");
  CHECK(reconciliation->find("steps")->items.size() == found.steps.size());
  CHECK(reconciliation->find("adopted")->find("format")->text == "tokenbill-scenario/1");
  CHECK(parse_json(usage_json(report, nullptr), "usage")->find("reconciliation")->kind == JsonValue::Kind::null);
}
