// What holds for every bill, whatever parts it has: several models, conversations, retrieval, commitments. Each bound
// scenario is evaluated again with other numbers. A failure shows the seed and the scenario as a document.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/random.h"
#include "support/shop.h"
#include "support/simulation.h"
#include "support/thinning.h"
#include "tokenbill/forecast.h"
#include "tokenbill/json_io.h"
#include "tokenbill/levers.h"

using namespace tokenbill;

namespace {

constexpr std::string_view embedding_key = "openai/text-embedding-3-small";

/// A made-up catalog with a model for embeddings, and a scenario whose quantities mostly have a price.
struct Drawn {
  Random random;
  Catalog catalog;
  Scenario scenario;
  explicit Drawn(std::uint64_t seed) : random(seed), catalog(random_catalog(random)) {
    Model embedding = model_of("embedding", {{TokenClass::input, 0.02}});
    embedding.kind = ModelKind::embedding;
    embedding.key = embedding_key;
    catalog.models.push_back(std::move(embedding));
    Catalog chat = catalog;
    chat.models.pop_back();
    scenario = random_scenario(random, chat);
    for (const std::string_view id :
         {"transcription_minutes_per_request", "speech_characters_per_request", "generated_images_per_request",
          "generated_video_seconds_per_request", "images_per_request", "pdf_pages_per_request", "audio_input_seconds",
          "audio_output_seconds", "video_input_seconds", "code_minutes_per_conversation", "file_searches_per_request",
          "file_storage_gb", "session_minutes_per_conversation"})
      if (random.chance(0.97)) set(id, 0);
    // The shares of several models are no more than all requests.
    for (const std::string_view id :
         {"route_1_share_ratio", "route_2_share_ratio", "route_3_share_ratio", "route_4_share_ratio",
          "route_5_share_ratio", "route_6_share_ratio", "route_7_share_ratio", "route_8_share_ratio"})
      set(id, random.unit() / 8);
    // Conversations of a usual length.
    for (const std::string_view id : {"turns_per_conversation", "subagent_turns"})
      set(id, static_cast<double>(1 + random.below(20)));
  }
  Model& model(std::size_t i) { return catalog.models[i]; }
  Model& chosen() {
    return *std::find_if(catalog.models.begin(), catalog.models.end(),
                         [&](const Model& m) { return m.key == scenario.model; });
  }
  void set(std::string_view id, double value) { scenario.values[parameter_index(id)] = value; }
  void choose(std::string_view id, std::string_view text) {
    const auto error = scenario.set(id, text);
    if (error) FAIL_CHECK(to_text(*error));
  }
  void forget(std::string_view id) { choose(id, ""); }
  Engine::Priced price() const {
    Result<Engine::Priced> priced = engine().price(catalog, scenario, random_today);
    if (!priced) FAIL(to_text(priced.error()));
    return std::move(priced).value();
  }
};

template <class Check>
void each(std::uint64_t first_seed, int count, Check check) {
  for (int i = 0; i < count / thinning; ++i) {
    const std::uint64_t seed = first_seed * 1000000 + static_cast<std::uint64_t>(i);
    Drawn drawn(seed);
    CAPTURE(seed);
    INFO(scenario_text(drawn.scenario));
    check(drawn);
  }
}

/// Other numbers for a bound scenario, of those that binding does not look at.
void vary(Engine::Priced& priced, Random& random) {
  static constexpr std::string_view ids[] = {"conversations_per_day",
                                             "turns_per_conversation",
                                             "prompt_tokens",
                                             "static_prefix_tokens",
                                             "output_tokens",
                                             "reasoning_tokens",
                                             "kept_exchanges",
                                             "history_limit_tokens",
                                             "summary_every_turns",
                                             "summary_tokens",
                                             "subagent_turns",
                                             "subagent_prompt_tokens",
                                             "tools",
                                             "tool_schema_tokens",
                                             "chunks_per_request",
                                             "chunk_tokens",
                                             "documents",
                                             "namespaces",
                                             "prompt_trim_ratio",
                                             "guardrail_blocked_ratio",
                                             "response_cache_hit_ratio",
                                             "response_cache_wrong_ratio",
                                             "misrouted_ratio",
                                             "escalation_ratio",
                                             "fallback_ratio",
                                             "discount_ratio",
                                             "channel_markup_ratio",
                                             "committed_usd_per_month",
                                             "capacity_units",
                                             "failure_ratio",
                                             "retries",
                                             "billed_failure_ratio",
                                             "broken_answer_ratio",
                                             "regeneration_ratio",
                                             "keep_warm_per_hour",
                                             "failed_searches_ratio",
                                             "guardrail_output_blocked_ratio",
                                             "fallback_refund_ratio",
                                             "monitored_ratio",
                                             "reviewed_ratio",
                                             "contingency_ratio",
                                             "amortisation_months",
                                             "tax_ratio",
                                             "peak_multiple",
                                             "connections_per_instance"};
  for (int i = 0; i < 4; ++i) {
    const std::string_view id = ids[random.below(static_cast<std::uint32_t>(std::size(ids)))];
    const Parameter& parameter = parameters()[parameter_index(id)];
    double value = parameter.scale == Scale::log ? random.count(std::min(parameter.max, 20000.0))
                                                 : random.between(parameter.min, parameter.max);
    if (id == "turns_per_conversation" || id == "subagent_turns") value = 1 + random.below(30);
    priced.put(id, std::min(parameter.max, std::max(parameter.min, value)));
  }
  const auto error = engine().reprice(priced);
  if (error) FAIL(to_text(*error));
}

/// `check` for the scenario as drawn and for others of the same plan, where the model can serve.
template <class Check>
void each_priced(std::uint64_t first_seed, int count, int variations, Check check) {
  each(first_seed, count, [&](Drawn& d) {
    Engine::Priced priced = d.price();
    if (priced.binding.row == nullptr || priced.status == Status::unsuitable) return;
    for (int i = 0; i < variations; ++i) {
      check(priced);
      vary(priced, d.random);
    }
  });
}

double item(const Engine::Priced& priced, std::string_view id) {
  const std::optional<double> usd = priced.figure(id);
  if (!usd) FAIL_CHECK("no figure " << std::string(id) << ": " << priced.reason);
  return usd.value_or(-1);
}

bool is_token_item(const Term& term) {
  return term.id.starts_with("input.") || term.id.starts_with("output.") || term.id == "failures.billed";
}

// All figures and items of two plans that have the same ones, to the bit.
void same_bits(const Engine::Priced& a, const Engine::Priced& b) {
  CHECK(a.status == b.status);
  for (const Term& term : a.plan->terms())
    if (a.figure(term.id) != b.figure(term.id))
      FAIL_CHECK(term.id << " is " << a.figure(term.id).value_or(-1) << " and " << b.figure(term.id).value_or(-1));
  CHECK(a.figure("total") == b.figure("total"));
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b)); }

}  // namespace

TEST_CASE("the items of every plan sum exactly to the month, and no figure is negative") {
  int ok = 0, with_others = 0, conversations = 0;
  each_priced(101, 2500, 18, [&](Engine::Priced& p) {
    const auto total = p.figure("total");
    if (p.status != Status::ok) {
      CHECK_FALSE(total.has_value());
      return;
    }
    ++ok;
    with_others += p.plan->find("route_1.prompt_size") != nullptr || p.plan->find("batch.prompt_size") != nullptr;
    conversations += p.plan->find("warm_ratio") != nullptr;
    double sum = 0;
    for (const Term& term : p.plan->terms()) sum += p.evaluation.of(term.node).value;
    if (sum != *total) FAIL_CHECK("the items sum to " << sum << ", the month is " << *total);
    for (const Known& value : p.evaluation.values)
      if (!(value.value >= 0 && value.value < 1e300)) FAIL_CHECK("a figure is " << value.value);
  });
  CHECK(ok > 10000 / thinning);
  CHECK(with_others > 300 / thinning);
  CHECK(conversations > 1000 / thinning);
}

TEST_CASE("where no figure can be given none is: impossible requests and missing prices, in every plan") {
  int impossible = 0, unpriced = 0;
  each_priced(102, 1000, 12, [&](Engine::Priced& p) {
    impossible += p.status == Status::impossible;
    unpriced += p.status == Status::unpriced;
    const bool ok = p.status == Status::ok;
    for (const std::string_view id : {"total", "total_per_year", "total_per_day"})
      if (p.figure(id).has_value() != ok) FAIL_CHECK("status " << std::string(status_id(p.status)));
    if (p.status == Status::impossible && p.figure("input.uncached")) FAIL_CHECK("an impossible request has an item");
    if (!ok && p.reason.empty()) FAIL_CHECK("no reason is given");
  });
  CHECK(impossible > 200 / thinning);
  CHECK(unpriced > 100 / thinning);
}

TEST_CASE("without tokens only what is paid by the thing remains") {
  each_priced(103, 800, 10, [](Engine::Priced& p) {
    if (p.status != Status::ok) return;
    // Without an answer no cap cuts it: then fewer are asked for again. Without tokens none ends a conversation.
    for (const std::string_view id : {"output_cap_given", "token_cap_given", "usd_cap_given"}) p.put(id, 0);
    REQUIRE_FALSE(engine().reprice(p));
    if (p.status != Status::ok) return;
    Engine::Priced none = p;
    for (const std::string_view id :
         {"prompt_tokens", "static_prefix_tokens", "output_tokens", "reasoning_tokens", "turn_input_tokens",
          "subagent_prompt_tokens", "tools", "chunks_per_request", "search_result_tokens", "page_tokens",
          "pdf_page_text_tokens", "changing_line_tokens", "image_input_tokens", "audio_input_tokens",
          "video_input_tokens", "image_output_tokens", "audio_output_tokens", "summary_tokens"})
      none.put(id, 0);
    REQUIRE_FALSE(engine().reprice(none));
    for (const Term& term : none.plan->terms())
      if (is_token_item(term) && item(none, term.id) != 0) FAIL_CHECK(term.id << " is paid without tokens");
    for (const std::string_view id : {"fees.request", "fees.web_search"})
      if (item(none, id) != item(p, id)) FAIL_CHECK(std::string(id) << " depends on tokens");
  });
}

TEST_CASE("twice the tokens of a conversation cost twice as much where no threshold lies between") {
  int checked = 0;
  each(104, 1500, [&](Drawn& d) {
    for (Model& model : d.catalog.models) {
      model.context_tokens.reset();
      model.max_output_tokens.reset();
      model.tool_prompt_tokens.reset();
      if (model.cache) model.cache->minimum_tokens = 0, model.cache->step_tokens = 1;
      for (PriceRow& row : model.prices) row.context_tiers.clear();
    }
    for (const std::string_view id : {"output_cap_tokens", "token_cap", "usd_cap"}) d.forget(id);
    d.choose("same_text", "same_tokens");
    // Prefixes are cached by whole tokens, so there are whole ones.
    for (std::size_t i = 0; i < parameters().size(); ++i)
      if (d.scenario.values[i] &&
          (parameters()[i].unit == units::token / units::request || parameters()[i].unit == units::token / units::unit))
        d.scenario.values[i] = std::floor(*d.scenario.values[i]);
    for (const std::string_view id : {"chunks_per_request", "web_searches_per_request", "web_fetches_per_request",
                                      "pdf_pages_per_request", "tools"})
      d.set(id, static_cast<double>(d.random.below(3)));
    Engine::Priced once = d.price();
    if (once.status != Status::ok) return;
    for (int i = 0; i < 6; ++i) {
      if (once.status != Status::ok) return;
      Engine::Priced twice = once;
      for (const std::string_view id : {"prompt_tokens",
                                        "static_prefix_tokens",
                                        "output_tokens",
                                        "reasoning_tokens",
                                        "turn_input_tokens",
                                        "subagent_prompt_tokens",
                                        "tool_schema_tokens",
                                        "chunk_tokens",
                                        "search_result_tokens",
                                        "page_tokens",
                                        "pdf_page_text_tokens",
                                        "changing_line_tokens",
                                        "tokens_before_changing_line",
                                        "image_input_tokens",
                                        "audio_input_tokens",
                                        "video_input_tokens",
                                        "image_output_tokens",
                                        "audio_output_tokens",
                                        "summary_tokens",
                                        "summary_prompt_tokens",
                                        "history_limit_tokens"})
        if (const std::size_t at = twice.plan->input_index(id); at < twice.binding.inputs.size())
          twice.binding.inputs[at].value *= 2;
      // Capacity is paid for, and serves, its own number of tokens.
      for (Engine::Priced* p : {&once, &twice}) {
        p->put("capacity_units", 0);
        p->put("prompt_trim_ratio", 0);
      }
      REQUIRE_FALSE(engine().reprice(once));
      REQUIRE_FALSE(engine().reprice(twice));
      if (once.status != Status::ok || twice.status != Status::ok) return;
      ++checked;
      for (const Term& term : once.plan->terms())
        if ((is_token_item(term) || term.id == "helpers.summary") &&
            !near(item(twice, term.id), 2 * item(once, term.id)))
          FAIL_CHECK(term.id << ": " << item(once, term.id) << " becomes " << item(twice, term.id));
      vary(once, d.random);
    }
  });
  CHECK(checked > 1200 / thinning);
}

TEST_CASE("a longer prompt is never cheaper, tiers and conversations included") {
  each(105, 1200, [](Drawn& d) {
    d.choose("caching", "off");
    for (Model& model : d.catalog.models) {
      model.context_tokens.reset();
      model.max_output_tokens.reset();
    }
    // Within a limit a longer start leaves room for fewer exchanges.
    if (d.scenario.choice("history") == "cap") d.choose("history", "full");
    // Within a cap fewer requests have room.
    for (const std::string_view id : {"token_cap", "usd_cap"}) d.forget(id);
    d.set("capacity_units", 0);
    Engine::Priced p = d.price();
    if (p.status != Status::ok) return;
    std::vector<double> prompts;
    for (int i = 0; i < 10; ++i) prompts.push_back(d.random.count(200000));
    std::sort(prompts.begin(), prompts.end());
    double before = 0;
    for (const double prompt : prompts) {
      p.put("prompt_tokens", prompt);
      REQUIRE_FALSE(engine().reprice(p));
      if (p.status != Status::ok) return;
      const double usd = item(p, "inference_per_month");
      if (usd < before * (1 - 1e-12)) FAIL_CHECK("at " << prompt << " tokens it costs " << usd << " after " << before);
      before = usd;
    }
  });
}

TEST_CASE("a response cache that answers nothing costs exactly its lookups more") {
  int looked_up = 0;
  each(106, 800, [&](Drawn& d) {
    d.choose("response_cache", "semantic");
    d.set("response_cache_hit_ratio", 0);
    d.set("subagents_per_conversation", 0);  // they look nothing up
    d.forget("response_cache_service");
    for (const std::string_view id : {"channel_markup_ratio", "committed_usd_per_month", "credit_purchases_per_month"})
      d.set(id, 0);
    for (Model& model : d.catalog.models) model.platform_share_ratio = 0;
    Engine::Priced with = d.price();
    d.choose("response_cache", "off");
    Engine::Priced without = d.price();
    if (with.status != Status::ok) return;
    for (const Term& term : with.plan->terms()) {
      if (term.category > Category::channel) break;
      if (term.id != "helpers.response_cache" && with.figure(term.id) != without.figure(term.id))
        FAIL_CHECK(term.id << " differs");
    }
    const double lookups = item(with, "requests_per_month") *
                           (1 - d.scenario.value("guardrail_blocked_ratio").value_or(0)) *
                           item(with, "response_cache_lookup");
    CHECK(near(item(with, "helpers.response_cache"), lookups));
    CHECK(item(without, "helpers.response_cache") == 0);
    CHECK(near(item(with, "inference_per_month"), item(without, "inference_per_month") + lookups));
    looked_up += lookups > 0;
  });
  CHECK(looked_up > 100 / thinning);
}

TEST_CASE("without failures retries change no bit, in every plan") {
  each_priced(107, 800, 8, [](Engine::Priced& p) {
    if (p.status != Status::ok) return;
    Engine::Priced none = p;
    Engine::Priced many = p;
    for (Engine::Priced* q : {&none, &many}) {
      q->put("failure_ratio", 0);
      q->put("broken_answer_ratio", 0);
    }
    none.put("retries", 0);
    many.put("retries", 10);
    // What a fallback leaves behind is a failure of its own.
    if (p.plan->find("fallback.prompt_size") == nullptr) {
      none.put("billed_failure_ratio", 0);
      none.put("failed_output_ratio", 0);
      many.put("billed_failure_ratio", 1);
      many.put("failed_output_ratio", 1);
    }
    REQUIRE_FALSE(engine().reprice(none));
    REQUIRE_FALSE(engine().reprice(many));
    same_bits(none, many);
  });
}

namespace {
/// Two models that can serve, without what a seller takes besides tokens and fees of requests.
struct Pair {
  Drawn d;
  explicit Pair(std::uint64_t seed) : d(seed) {
    for (const std::string_view id :
         {"route_1_model", "route_2_model", "route_3_model", "route_4_model", "route_5_model", "route_6_model",
          "route_7_model", "route_8_model", "fallback_model", "classifier_model", "judge_model", "summary_model",
          "route_1_cost_ratio", "active_users", "price_usd", "token_cap", "usd_cap", "reading_tokens_per_second"})
      d.forget(id);
    d.choose("routing", "off");
    d.choose("same_text", "same_tokens");
    d.choose("judge_model", d.model(0).key);
    d.choose("summary_model", d.model(0).key);
    for (const std::string_view id :
         {"batch_share_ratio", "misrouted_ratio", "capacity_units", "committed_usd_per_month",
          "web_searches_per_request", "credit_purchases_per_month"})
      d.set(id, 0);
    for (Model& model : d.catalog.models) {
      model.platform_share_ratio = 0;
      model.context_tokens.reset();
      model.max_output_tokens.reset();
    }
    d.scenario.model = d.model(0).key;
  }
};

template <class Check>
void each_pair(std::uint64_t first_seed, int count, Check check) {
  for (int i = 0; i < count / thinning; ++i) {
    const std::uint64_t seed = first_seed * 1000000 + static_cast<std::uint64_t>(i);
    Pair pair(seed);
    CAPTURE(seed);
    INFO(scenario_text(pair.d.scenario));
    check(pair.d);
  }
}
}  // namespace

TEST_CASE("routing with a share of 0 or 1 is one model: every item to the bit") {
  int checked = 0;
  each_pair(108, 900, [&](Drawn& d) {
    const Engine::Priced first = d.price();
    Scenario on_second = d.scenario;
    on_second.model = d.model(1).key;
    const auto second = engine().price(d.catalog, on_second, random_today);
    REQUIRE(second.ok());
    if (first.status != Status::ok || second->status != Status::ok) return;
    d.choose("routing", "shares");
    d.choose("route_1_model", d.model(1).key);
    d.set("route_1_share_ratio", 0);
    same_bits(first, d.price());
    d.set("route_1_share_ratio", 1);
    same_bits(*second, d.price());
    ++checked;
  });
  CHECK(checked > 200 / thinning);
}

TEST_CASE("routed requests cost the shares of what each model costs alone") {
  int checked = 0;
  each_pair(109, 900, [&](Drawn& d) {
    // Each model's cache is as warm as it is given, not as its part of the traffic makes it.
    d.set("cache_hit_ratio", d.random.unit());
    if (d.scenario.choice("caching") == "stored") d.choose("caching", "automatic");
    const Engine::Priced first = d.price();
    Scenario on_second = d.scenario;
    on_second.model = d.model(1).key;
    const auto second = engine().price(d.catalog, on_second, random_today);
    if (first.status != Status::ok || second->status != Status::ok) return;
    const double share = d.random.unit();
    d.choose("routing", "shares");
    d.choose("route_1_model", d.model(1).key);
    d.set("route_1_share_ratio", share);
    const Engine::Priced both = d.price();
    for (const Term& term : both.plan->terms())
      if (is_token_item(term) || term.id == "fees.request")
        CHECK(near(item(both, term.id), (1 - share) * item(first, term.id) + share * item(*second, term.id)));
    ++checked;
  });
  CHECK(checked > 200 / thinning);
}

TEST_CASE("a cascade that passes everything on costs cheap, check and strong; at its break-even just strong") {
  int checked = 0, even = 0;
  each_pair(110, 900, [&](Drawn& d) {
    d.set("subagents_per_conversation", 0);  // nobody checks what they say
    d.set("cache_hit_ratio", d.random.unit());
    if (d.scenario.choice("caching") == "stored") d.choose("caching", "automatic");
    for (const std::string_view id : {"failure_ratio", "broken_answer_ratio", "regeneration_ratio"}) d.set(id, 0);
    d.forget("output_cap_tokens");
    for (Model& model : d.catalog.models)
      for (PriceRow& row : model.prices) std::erase_if(row.fees, [](const Fee& fee) { return fee.per == "request"; });
    const Engine::Priced strong = d.price();
    Scenario on_cheap = d.scenario;
    on_cheap.model = d.model(1).key;
    const auto cheap = engine().price(d.catalog, on_cheap, random_today);
    if (strong.status != Status::ok || cheap->status != Status::ok) return;
    d.choose("routing", "cascade");
    d.choose("route_1_model", d.model(1).key);
    d.choose("classifier_model", d.model(0).key);
    d.set("escalation_ratio", 1);
    Engine::Priced all = d.price();
    if (all.status != Status::ok) return;  // the check has no price
    const auto tokens = [](const Engine::Priced& p) {
      double sum = 0;
      for (const Term& term : p.plan->terms())
        if (is_token_item(term)) sum += item(p, term.id);
      return sum;
    };
    CHECK(near(tokens(all), tokens(*cheap) + tokens(strong)));
    const auto input = [&](std::string_view id) { return all.binding.inputs[all.plan->input_index(id)].value; };
    CHECK(near(item(all, "helpers.routing"),
               item(all, "requests_per_month") * item(all, "served_ratio") * (1 - input("discount_ratio")) *
                   (input("classifier_input_tokens") * input("classifier.price.input") +
                    input("classifier_output_tokens") * input("classifier.price.output")) /
                   1e6));
    ++checked;
    // One request a conversation: the figure is told for requests.
    const auto ratio = all.figure("cascade_break_even_ratio");
    if (!ratio || !(*ratio > 0) || d.scenario.value("subagents_per_conversation").value_or(0) > 0) return;
    all.put("turns_per_conversation", 1);
    all.put("request_cap_given", 0);
    Engine::Priced one = strong;
    one.put("turns_per_conversation", 1);
    one.put("request_cap_given", 0);
    REQUIRE_FALSE(engine().reprice(all));
    REQUIRE_FALSE(engine().reprice(one));
    const auto at = all.figure("cascade_break_even_ratio");
    if (!at || !(*at > 0)) return;
    all.put("escalation_ratio", *at);
    REQUIRE_FALSE(engine().reprice(all));
    if (tokens(one) == 0) return;
    ++even;
    CHECK(std::abs(tokens(all) + item(all, "helpers.routing") - tokens(one)) <= 1e-9 * tokens(one));
  });
  CHECK(checked > 100 / thinning);
  CHECK(even > 20 / thinning);
}

TEST_CASE("a batch share of 0 is the standard tier to the bit, one of 1 the batch tier") {
  int checked = 0;
  each_pair(111, 1200, [&](Drawn& d) {
    d.choose("service_tier", "standard");
    d.choose("evaluation_basis", "share");
    const Engine::Priced standard = d.price();
    Scenario in_batch = d.scenario;
    REQUIRE_FALSE(in_batch.set("service_tier", "batch"));
    const auto batch = engine().price(d.catalog, in_batch, random_today);
    if (standard.status != Status::ok || batch->status != Status::ok) return;
    same_bits(standard, d.price());
    d.set("batch_share_ratio", 1);
    const Engine::Priced all = d.price();
    same_bits(*batch, all);
    if (d.scenario.choice("caching") == "stored") return;  // each tier has a cache of its own, as soon as it is used
    d.set("batch_share_ratio", 1e-300);                    // the plan has a batch part that no request takes
    const Engine::Priced none = d.price();
    for (const Term& term : none.plan->terms())
      if (!near(item(none, term.id), item(standard, term.id)) && item(none, term.id) > 1e-200)
        FAIL_CHECK(term.id << " is " << item(none, term.id) << " instead of " << item(standard, term.id));
    ++checked;
  });
  CHECK(checked > 100 / thinning);
}

namespace {
void same_figures(const Engine::Priced& small, const Plan& plan, const Evaluation& evaluation) {
  for (const Named& named : small.plan->named()) {
    const Named* other = plan.find(named.id);
    if (other == nullptr || small.plan->nodes()[named.node].op == Op::input) continue;
    const Known a = small.evaluation.of(named.node);
    const Known b = evaluation.of(other->node);
    if (a.known != b.known || (a.known && a.value != b.value))
      FAIL_CHECK(named.id << " is " << a.value << " in the small plan, " << b.value << " in a larger one");
  }
}
}  // namespace

TEST_CASE("plans with more tiers, more models and sub-agents than a scenario needs give the same figures to the bit") {
  int checked = 0;
  each(112, 260, [&](Drawn& d) {
    for (const std::string_view id :
         {"route_1_model", "route_2_model", "route_3_model", "route_4_model", "route_5_model", "route_6_model",
          "route_7_model", "route_8_model", "fallback_model", "route_1_cost_ratio"})
      d.forget(id);
    d.choose("routing", "off");
    for (const std::string_view id :
         {"route_1_share_ratio", "route_2_share_ratio", "route_3_share_ratio", "route_4_share_ratio",
          "route_5_share_ratio", "route_6_share_ratio", "route_7_share_ratio", "route_8_share_ratio", "fallback_ratio",
          "batch_share_ratio", "subagents_per_conversation", "misrouted_ratio"})
      d.set(id, 0);
    const Engine::Priced small = d.price();
    if (small.status != Status::ok) return;
    MonthShape shape = shape_of(d.catalog, d.scenario, &d.chosen()).value();
    const auto compare = [&](const MonthShape& larger) {
      const Plan& plan = engine().plan(larger);
      const Binder binder(plan, d.catalog, d.scenario, random_today);
      const Binding binding = binder.bind(d.chosen(), d.chosen());
      const Result<Evaluation> evaluation = evaluate(plan, binding.inputs);
      REQUIRE(evaluation.ok());
      same_figures(small, plan, *evaluation);
      ++checked;
    };
    MonthShape tiers = shape;
    tiers.tiers = static_cast<std::uint8_t>(max_context_tiers);
    compare(tiers);
    MonthShape agents = shape;
    agents.subagents = true;
    compare(agents);
    // Models that take no part: each is bound, its share is 0.
    d.forget("classifier_model");
    d.choose("routing", "shares");
    for (const std::string_view id : {"route_1_model", "route_2_model", "route_3_model", "fallback_model"})
      d.choose(id, d.model(0).key);
    const Engine::Priced routes = d.price();
    same_figures(small, *routes.plan, routes.evaluation);
  });
  CHECK(checked > 100 / thinning);
}

TEST_CASE("without growth and with constant prices every month of a forecast is the bill of one") {
  int checked = 0;
  each(113, 150, [&](Drawn& d) {
    for (const std::string_view id : {"growth_ratio", "price_decline_ratio"}) d.set(id, 0);
    d.set("forecast_months", 6);
    d.set("amortisation_months", 12);
    for (Model& model : d.catalog.models) model.prices.resize(1), model.prices[0].until.reset();
    d.choose("service_tier", "standard");
    const Engine::Priced one = d.price();
    const Result<Forecast> six = forecast(engine(), d.catalog, d.scenario, random_today);
    REQUIRE(six.ok());
    REQUIRE(six->months.size() == 6);
    checked += one.status == Status::ok;
    double sum = 0;
    for (const ForecastMonth& month : six->months) {
      CHECK(month.usd == one.figure("total"));
      if (!month.usd) continue;
      sum += *month.usd;
      CHECK(month.cumulative_usd == sum);
    }
    CHECK(six->total_usd.has_value() == (one.status == Status::ok));
  });
  CHECK(checked > 30 / thinning);
}

TEST_CASE("the fair shares of the levers in use sum to what they save together") {
  int checked = 0, in_use = 0;
  each(114, 400, [&](Drawn& d) {
    const Result<Levers> found = find_levers(engine(), d.catalog, d.scenario, random_today);
    REQUIRE(found.ok());
    if (!found->without_usd || !found->now_usd) return;
    double sum = 0;
    int on = 0;
    for (const Lever& lever : found->levers) {
      if (!lever.on) continue;
      sum += lever.fair_usd.value_or(0);  // one that has nothing to act on saves nothing
      ++on;
    }
    const double saved = *found->without_usd - *found->now_usd;
    CHECK(std::abs(sum - saved) <= 1e-9 * std::max(*found->without_usd, *found->now_usd));
    ++checked;
    in_use += on > 1;
  });
  CHECK(checked > 10 / thinning);
  if (thinning == 1) CHECK(in_use > 5);
}

TEST_CASE("a scenario written as a document and read again is the same, references included, and gives the same bits") {
  int references = 0;
  each(115, 1000, [&](Drawn& d) {
    d.choose("currency_code", "EUR");
    d.choose("currency_date", "2026-11-22");
    const Result<Scenario> read = parse_scenario(scenario_text(d.scenario));
    REQUIRE(read.ok());
    CHECK(*read == d.scenario);
    references += d.scenario.references.size() > 2;
    CHECK(scenario_text(*read) == scenario_text(d.scenario));
    const auto again = engine().price(d.catalog, *read, random_today);
    REQUIRE(again.ok());
    const Engine::Priced first = d.price();
    if (first.binding.row == nullptr || first.status == Status::unsuitable) return;
    same_bits(first, *again);
  });
  CHECK(references > 300 / thinning);
}
