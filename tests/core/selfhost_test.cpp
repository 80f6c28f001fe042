// Own capacity against the other ways to buy, on the bundled prices and hardware.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include "support/bundled.h"
#include "support/own.h"
#include "support/shop.h"
#include "tokenbill/format.h"
#include "tokenbill/selfhost.h"

using namespace tokenbill;

namespace {
constexpr std::string_view llama = "together/meta-llama/Llama-3.3-70B-Instruct-Turbo";

Scenario support_bot(Given given = {}) {
  Scenario scenario;
  scenario.model = llama;
  for (const auto& [id, text] : given) REQUIRE_FALSE(scenario.set(id, text));
  return scenario;
}

/// Some GPUs of the list: a decision sizes every one that it is given.
const Hardware& some_hardware() {
  static const Hardware some = [] {
    Hardware hardware = bundled_hardware();
    std::erase_if(hardware.gpus, [](const Gpu& gpu) {
      constexpr std::string_view kept[] = {"h100-sxm", "h200", "a100-80gb-sxm", "mi300x", "l4", "b200"};
      return std::find(std::begin(kept), std::end(kept), gpu.id) == std::end(kept);
    });
    return hardware;
  }();
  return some;
}

Decision decided(const Scenario& scenario) { return ::decided(scenario, some_hardware()); }

double figure(const OwnCapacity& own, std::string_view id) {
  for (const Figure& one : own.figures)
    if (one.id == id) return one.value.value_or(-1);
  FAIL(std::string(id));
  return 0;
}
}  // namespace

TEST_CASE("by the token: what the bill calls inference; hosted: the cheapest seller of the same open model") {
  const Scenario scenario = support_bot();
  const Decision decision = decided(scenario);
  const Bill bill = bill_of(bundled_prices(), scenario);
  CHECK(same(cost(decision, "api"), *bill.inference_per_month));
  double least = 1e18;
  for (const Model* host : hosted_at(*decision.own.model, bundled_prices(), today)) {
    if (host->key == llama) continue;  // that one is the choice by the token
    Scenario there = scenario;
    there.model = host->key;
    const Bill at_host = bill_of(bundled_prices(), there);
    if (at_host.inference_per_month) least = std::min(least, *at_host.inference_per_month);
  }
  CHECK(same(cost(decision, "hosted"), least));
  CHECK(cost(decision, "hosted") <= cost(decision, "api"));
}

TEST_CASE("own capacity: items sum, the cheapest deployment is first, its replica keeps the limits") {
  const Decision decision = decided(support_bot({{"first_token_limit_seconds", "2"}, {"token_limit_seconds", "0.04"}}));
  const OwnCapacity& own = decision.own;
  REQUIRE_FALSE(own.problem.has_value());
  double sum = 0;
  for (const BillItem& item : own.items) sum += item.usd_per_month.value_or(1e18);
  CHECK(same(*own.per_month, sum));
  CHECK(same(cost(decision, "own"), *own.per_month));  // no tools, no helper requests
  REQUIRE(own.deployments.size() > 8);
  double before = 0;
  bool served = true;
  for (const Deployment& d : own.deployments) {
    if (d.reason.empty()) {
      CHECK(served);
      CHECK(*d.usd_per_month >= before);
      before = *d.usd_per_month;
      CHECK(d.first_token_seconds <= 2);
      CHECK(d.token_seconds <= 0.04);
      CHECK(d.concurrency >= 1);
      CHECK(d.concurrency <= d.most_requests);
      CHECK(d.output_low < d.output_tokens_per_second);
      CHECK(d.output_high > d.output_tokens_per_second);
      CHECK(d.prompt_share > 0);
      CHECK(d.prompt_share < 1);
    }
    served = d.reason.empty();
  }
  CHECK(figure(own, "utilisation") > 0);
  CHECK(figure(own, "utilisation") <= 1);
  // What fits: 70 billion weights of 16 bits do not stand on one GPU of 80 GB.
  CHECK(own.memory.weights + own.memory.reserve <= own.memory.usable);
  for (const Deployment& d : own.deployments)
    if (d.reason.empty()) CHECK(d.gpus * d.gpu->memory_gb > 141);
}

TEST_CASE("what stays with every choice is in every choice: tools and helper requests") {
  const Decision with = decided(support_bot({{"web_searches_per_request", "0"},
                                             {"response_cache", "exact"},
                                             {"response_cache_lookup_usd", "0.0001"},
                                             {"response_cache_hit_ratio", "0"}}));
  const Decision without = decided(support_bot());
  const double lookups = cost(with, "api") - cost(without, "api");
  CHECK(lookups > 0);
  CHECK(std::abs(cost(with, "own") - cost(without, "own") - lookups) < 1e-6 * cost(with, "own"));
}

TEST_CASE("more traffic never costs less; every crossing is where two choices cost the same") {
  const Scenario scenario = support_bot();
  const Decision decision = decided(scenario);
  const Choice* own = choice_of(decision, "own");
  REQUIRE(own != nullptr);
  REQUIRE(own->curve.size() == decision.requests_per_month.size());
  for (std::size_t i = 1; i < own->curve.size(); ++i) CHECK(*own->curve[i] >= *own->curve[i - 1] * (1 - 1e-9));
  REQUIRE_FALSE(decision.crossings.empty());
  for (std::size_t i = 0; i < decision.crossings.size() && i < 3; ++i) {
    const Crossing& crossing = decision.crossings[i];
    const double factor = crossing.requests_per_month / decision.here;
    const auto at = [&](double f) {
      Scenario there = scenario;
      REQUIRE_FALSE(there.set_number("conversations_per_day", *scenario.value("conversations_per_day") * f));
      const Decision then = decided(there);
      return cost(then, crossing.below) < cost(then, crossing.above);
    };
    CHECK(at(factor * (1 - 1e-6)));
    CHECK_FALSE(at(factor * (1 + 1e-6)));
  }
}

TEST_CASE("the verdict tells from where own capacity pays for good") {
  const Decision decision = decided(support_bot({{"peak_multiple", "1"}, {"conversations_per_day", "300k"}}));
  REQUIRE(decision.best == "hosted");
  const Crossing* last = nullptr;
  for (const Crossing& crossing : decision.crossings)
    if (crossing.below == "hosted" || crossing.above == "hosted") last = &crossing;
  REQUIRE(last != nullptr);
  CHECK(last->above == "own");
  CHECK(decision.verdict.find("from " + brief_text(last->requests_per_month) + " requests a month on") !=
        std::string::npos);
}

TEST_CASE("a faster GPU at the same price never raises the cost") {
  const Scenario scenario = support_bot({{"own_gpu", "h100-sxm"}, {"gpu_usd_per_hour", "2.5"}});
  const double before = cost(decided(scenario), "own");
  for (const int what : {0, 1, 2}) {
    Hardware faster = some_hardware();
    for (Gpu& gpu : faster.gpus) {
      if (gpu.id != "h100-sxm") continue;
      if (what == 0) gpu.memory_gb_per_second *= 1.4;
      if (what == 1)
        for (std::optional<double>& peak : gpu.tflops)
          if (peak) *peak *= 1.4;
      if (what == 2 && gpu.link_gb_per_second) *gpu.link_gb_per_second *= 1.4;
    }
    CHECK(cost(decided(scenario, faster), "own") <= before * (1 + 1e-9));
  }
}

TEST_CASE("requirements decide without money") {
  const Decision stays = decided(support_bot({{"data_must_stay", "yes"}}));
  CHECK(stays.best == "own");
  CHECK_FALSE(choice_of(stays, "api")->allowed);
  CHECK_FALSE(choice_of(stays, "hosted")->reason.empty());
  const Decision nobody = decided(support_bot({{"gpu_people", "no"}}));
  CHECK_FALSE(choice_of(nobody, "own")->allowed);
  CHECK(nobody.best == "hosted");
  const Decision neither = decided(support_bot({{"data_must_stay", "yes"}, {"gpu_people", "no"}}));
  CHECK(neither.best.empty());
  CHECK(neither.verdict == "Nothing that is allowed has a price.");
}

TEST_CASE("each flip is the edge: there, and not before, another choice is the cheapest") {
  const Scenario scenario = support_bot({{"conversations_per_day", "1M"}, {"peak_multiple", "1"}});
  const Decision decision = decided(scenario);
  REQUIRE_FALSE(decision.flips.empty());
  CHECK(decision.flips.size() <= 3);
  for (const Flip& flip : decision.flips) {
    Scenario there = scenario;
    REQUIRE_FALSE(there.set_number(flip.parameter, flip.to));
    CHECK(decided(there).best == flip.choice);
    REQUIRE_FALSE(there.set_number(flip.parameter, flip.from + (flip.to - flip.from) * 0.99));
    CHECK(decided(there).best == decision.best);
    CHECK(decision.verdict.find(choice_of(decision, flip.choice)->label.substr(1)) != std::string::npos);
  }
}

TEST_CASE("a closed model has no own capacity until an open one is named") {
  Scenario scenario = support_bot();
  scenario.model = "openai/gpt-4o";
  const Decision closed = decided(scenario);
  CHECK(closed.own.problem.has_value());
  CHECK_FALSE(choice_of(closed, "own")->usd_per_month.has_value());
  CHECK(closed.best == "api");
  REQUIRE_FALSE(scenario.set("own_model", "qwen3-32b"));
  CHECK(cost(decided(scenario), "own") > 0);
  REQUIRE_FALSE(scenario.set("own_model", "no-such-model"));
  const Result<Decision> unknown = self_host().decide(engine(), bundled_prices(), some_hardware(), scenario, today);
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().where == "own_model");
  const Result<Decision> gpu =
      self_host().decide(engine(), bundled_prices(), bundled_hardware(), support_bot({{"own_gpu", "h1000"}}), today);
  REQUIRE_FALSE(gpu.ok());
  CHECK(gpu.error().where == "own_gpu");
}

TEST_CASE("what does not fit or is too slow says why") {
  const Decision one = decided(support_bot({{"own_gpu", "l4"}, {"gpus_per_replica", "1"}}));
  REQUIRE(one.own.problem.has_value());
  CHECK(one.own.deployments.front().reason.find("does not fit") != std::string::npos);
  const Decision slow = decided(support_bot({{"own_gpu", "h100-sxm"}, {"token_limit_seconds", "0.001"}}));
  REQUIRE(slow.own.problem.has_value());
  CHECK(slow.own.deployments.back().reason.find("Too slow") != std::string::npos);
}

TEST_CASE("a small model: training, what is passed on, and the adapter's speed") {
  const Given tuned = {{"small_model", "llama-3.1-8b"}, {"small_gpu", "h100-sxm"}, {"gpus_per_replica", "1"}};
  const Decision decision = decided(support_bot(tuned));
  REQUIRE(decision.small.has_value());
  const auto item = [](const OwnCapacity& own, std::string_view id) {
    for (const BillItem& one : own.items)
      if (one.id == id) return one.usd_per_month.value_or(-1);
    return -1.0;
  };
  CHECK(item(*decision.small, "training.first") > 0);
  CHECK(item(*decision.small, "training.repeated") > 0);
  CHECK(item(decision.own, "training.first") <= 0);
  // A tenth is passed on: the price by the token for a tenth of the traffic.
  Scenario tenth = support_bot();
  REQUIRE_FALSE(tenth.set_number("conversations_per_day", *tenth.value("conversations_per_day") / 10));
  CHECK(same(cost(decision, "small") - *decision.small->per_month,
             *bill_of(bundled_prices(), tenth).inference_per_month));
  Scenario merged = support_bot(tuned);
  REQUIRE_FALSE(merged.set("adapter_penalty_ratio", "0"));
  const Decision fast = decided(merged);
  CHECK(fast.small->deployments.front().request_seconds < decision.small->deployments.front().request_seconds * 0.71);
}

TEST_CASE("a typed utilisation is marked; a typed rent is paid") {
  const Decision typed = decided(support_bot({{"utilisation_ratio", "0.3"}}));
  CHECK(same(figure(typed.own, "utilisation"), 0.3));
  REQUIRE_FALSE(typed.own.notices.empty());
  const Given one = {{"own_gpu", "h100-sxm"}, {"gpus_per_replica", "4"}, {"gpu_usd_per_hour", "2"}};
  const Decision cheap = decided(support_bot(one));
  Scenario dear = support_bot(one);
  REQUIRE_FALSE(dear.set("gpu_usd_per_hour", "4"));
  CHECK(same(figure(decided(dear).own, "own_gpus_per_month"), 2 * figure(cheap.own, "own_gpus_per_month")));
  CHECK(cheap.own.deployments.front().rent_source == "given by you");
}

TEST_CASE("every figure of own capacity explains itself") {
  const Scenario scenario = support_bot();
  const Decision decision = decided(scenario);
  for (const Figure& one : decision.own.figures) {
    const Result<Explanation> explained =
        self_host().explain(engine(), bundled_prices(), some_hardware(), scenario, today, one.id);
    REQUIRE_MESSAGE(explained.ok(), std::string(one.id));
    CHECK(explained->subject.value == one.value);
    CHECK_MESSAGE((explained->subject.is_input || !explained->formula.empty()), std::string(one.id));
  }
  const Result<Explanation> none =
      self_host().explain(engine(), bundled_prices(), some_hardware(), scenario, today, "nonsense");
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == Code::unknown_item);
}

TEST_CASE("the small model and the hybrid explain themselves where there is an open model too") {
  const Scenario scenario =
      support_bot({{"small_model", "llama-3.1-8b"}, {"small_gpu", "h100-sxm"}, {"gpus_per_replica", "4"}});
  const Decision decision = decided(scenario);
  const auto explained = [&](std::string_view item) {
    return self_host().explain(engine(), bundled_prices(), some_hardware(), scenario, today, item);
  };
  REQUIRE(decision.small.has_value());
  for (const Figure& one : decision.small->figures) {
    const Result<Explanation> found = explained("small/" + std::string(one.id));
    REQUIRE_MESSAGE(found.ok(), std::string(one.id));
    CHECK(found->subject.value == one.value);
  }
  const auto total = [&](std::string_view item) { return explained(item)->subject.value.value_or(-1); };
  CHECK(total("small/own_total") == *choice_of(decision, "small")->usd_on_gpus);
  CHECK(total("hybrid/own_total") == *choice_of(decision, "hybrid")->usd_on_gpus);
  CHECK(total("own/own_total") == *choice_of(decision, "own")->usd_on_gpus);
  CHECK(total("own_total") == total("own/own_total"));
  CHECK(total("small/own_total") != total("own_total"));
  for (const char* wrong : {"api/own_total", "small/nonsense", "/own_total", "small/"}) {
    const Result<Explanation> none = explained(wrong);
    REQUIRE_MESSAGE(!none.ok(), wrong);
    CHECK(none.error().code == Code::unknown_item);
  }
}

TEST_CASE("the month lies between those of the fastest and the slowest replicas that are measured") {
  const Decision decision = decided(support_bot({{"small_model", "llama-3.1-8b"}, {"conversations_per_day", "300k"}}));
  for (const Choice& one : decision.choices) {
    CAPTURE(std::string(one.id));
    const bool gpus = one.id == "own" || one.id == "small" || one.id == "hybrid";
    CHECK(one.usd_low.has_value() == gpus);
    CHECK(one.curve_high.size() == (gpus ? one.curve.size() : 0));
    if (!gpus) continue;
    CHECK(*one.usd_low <= *one.usd_per_month);
    CHECK(*one.usd_high >= *one.usd_per_month);
    for (std::size_t i = 0; i < one.curve.size(); ++i) {
      CHECK(*one.curve_low[i] <= *one.curve[i] * (1 + 1e-12));
      CHECK(*one.curve_high[i] >= *one.curve[i] * (1 - 1e-12));
    }
    CHECK(*one.curve_low.back() < *one.curve.back());  // with many replicas no step hides it
    CHECK(*one.curve_high.back() > *one.curve.back());
  }
}

TEST_CASE("with a typed utilisation GPU hours follow the time of a request: the band is the throughput's") {
  const Decision decision = decided(support_bot({{"own_gpu", "h100-sxm"}, {"utilisation_ratio", "0.3"}}));
  const Choice& own = *choice_of(decision, "own");
  const Deployment& first = decision.own.deployments.front();
  double rent = 0;
  for (const BillItem& item : decision.own.items)
    if (item.id == "own.gpus_busy" || item.id == "own.gpus_idle") rent += *item.usd_per_month;
  CHECK(same(*own.usd_high, *own.usd_per_month + rent * (first.output_tokens_per_second / first.output_low - 1)));
  CHECK(same(*own.usd_low, *own.usd_per_month - rent * (1 - first.output_tokens_per_second / first.output_high)));
}

TEST_CASE("a host whose price nobody has seen for half a year is not the cheapest") {
  const Scenario scenario = support_bot();
  const Decision before = decided(scenario);
  const Choice& fresh = *choice_of(before, "hosted");
  CHECK(fresh.note.find("Price checked on 2026-") == 0);
  const auto with_host_checked = [&](std::string_view day) {
    Catalog catalog = bundled_prices();
    for (Model& model : catalog.models)
      if (model.key == fresh.what)
        for (PriceRow& row : model.prices) row.checked = *parse_moment(day);
    const Result<Decision> decision = self_host().decide(engine(), catalog, some_hardware(), scenario, today);
    REQUIRE(decision.ok());
    const Choice& now = *choice_of(*decision, "hosted");
    return std::tuple(now.what, *now.usd_per_month, now.note);
  };
  const auto [stale, dearer, note] = with_host_checked("2026-05-01");
  CHECK(stale != fresh.what);
  CHECK(dearer >= *fresh.usd_per_month);
  CHECK(note.find(fresh.what + " does not count: its price was last checked on 2026-05-01") != std::string::npos);
  CHECK(std::get<0>(with_host_checked("2026-06-01")) == fresh.what);
}

TEST_CASE("what a seller has retired is no host: Groq and Cerebras keep prices of models that are gone") {
  for (const char* key :
       {"groq/mixtral-8x7b-32768", "groq/gemma2-9b-it", "groq/llama-3.1-70b-versatile",
        "groq/moonshotai/kimi-k2-instruct", "cerebras/llama-3.3-70b", "cerebras/llama3.1-8b", "cerebras/qwen-3-32b"})
    for (const OpenModel& model : bundled_hardware().models)
      for (const Model* host : hosted_at(model, bundled_prices(), today)) CHECK_MESSAGE(host->key != key, key);
}
