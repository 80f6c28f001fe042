// Several models for one feature: shares, cascades, a fallback, a part in batch, and the response cache before them.
// 2,000 tokens in and 500 out at 2.5 and 10 are one cent; a month is 1,000 requests on one day: 10 USD.

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

const double e = std::exp(1.0);

Model embedding(double usd_per_mtok) {
  Model model = model_of("embed", {{TokenClass::input, usd_per_mtok}});
  model.kind = ModelKind::embedding;
  return model;
}

// "m" at a cent a request; "cheap" at 0.06 of it, "half" at a half, "dear" at the double.
Catalog models() {
  return catalog_of({model_of("m", 2.5, 10), model_of("cheap", 0.15, 0.6), model_of("half", 1.25, 5),
                     model_of("dear", 5, 20), embedding(0.02)});
}

Scenario thousand(Given given = {}) {
  Scenario s = bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

double item(const Catalog& catalog, const Scenario& scenario, std::string_view id) {
  const auto amount = amount_of(bill_of(catalog, scenario), id);
  REQUIRE(amount.has_value());
  return *amount;
}

}  // namespace

TEST_CASE("routing: the sum of the shares times what each model costs") {
  // 300 requests at 0.01, 700 at 0.0006; the saving is s (1 - r) = 0.7 * 0.94
  const Scenario s = thousand({{"routing", "shares"}, {"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "0.7"}});
  CHECK(same(usd_a_month(models(), s), 3 + 0.42));
  CHECK(same(usd_a_month(models(), s), 10 * (1 - 0.7 * 0.94)));
  CHECK(same(item(models(), s, "chosen_share"), 0.3));
}

TEST_CASE("routing: up to eight other models take their shares, the chosen one the rest") {
  const Scenario s = thousand({{"routing", "shares"},
                               {"route_1_model", "acme/cheap"},
                               {"route_1_share_ratio", "0.5"},
                               {"route_2_model", "acme/half"},
                               {"route_2_share_ratio", "0.2"},
                               {"route_3_model", "acme/dear"},
                               {"route_3_share_ratio", "0.1"},
                               {"route_4_model", "acme/cheap"},
                               {"route_4_share_ratio", "0.05"}});
  // 0.5 * 0.6 + 0.2 * 5 + 0.1 * 20 + 0.05 * 0.6 + 0.15 * 10
  CHECK(same(usd_a_month(models(), s), 0.3 + 1 + 2 + 0.03 + 1.5));
  CHECK(same(item(models(), s, "input.uncached"), 0.15 + 0.5 + 1 + 0.015 + 0.75));
  Scenario eight = s;
  for (const auto& [id, text] : Given{{"route_5_model", "acme/half"},
                                      {"route_5_share_ratio", "0.02"},
                                      {"route_6_model", "acme/dear"},
                                      {"route_6_share_ratio", "0.01"},
                                      {"route_7_model", "acme/cheap"},
                                      {"route_7_share_ratio", "0.03"},
                                      {"route_8_model", "acme/half"},
                                      {"route_8_share_ratio", "0.04"}})
    REQUIRE_FALSE(eight.set(id, text));
  // and 0.02 * 5 + 0.01 * 20 + 0.03 * 0.6 + 0.04 * 5, which leaves 0.05
  CHECK(same(usd_a_month(models(), eight), 0.3 + 1 + 2 + 0.03 + 0.1 + 0.2 + 0.018 + 0.2 + 0.5));
  CHECK(same(item(models(), eight, "chosen_share"), 0.05));
  REQUIRE_FALSE(eight.set("route_8_share_ratio", "0.1"));
  CHECK(bill_of(models(), eight).status == Status::unsuitable);  // more than all requests
}

TEST_CASE("routing: a model may be told by its cost, relative to the chosen one") {
  const Scenario s = thousand({{"routing", "shares"}, {"route_1_cost_ratio", "0.05"}, {"route_1_share_ratio", "0.7"}});
  CHECK(same(usd_a_month(models(), s), 10 * (0.3 + 0.7 * 0.05)));
}

TEST_CASE("routing: without another model, or switched off, shares mean nothing") {
  CHECK(same(usd_a_month(models(), thousand({{"routing", "shares"}, {"route_1_share_ratio", "0.7"}})), 10));
  CHECK(same(usd_a_month(models(), thousand({{"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "0.7"}})), 10));
  CHECK(same(usd_a_month(models(), thousand({{"routing", "cascade"}, {"escalation_ratio", "0.1"}})), 10));
}

TEST_CASE("routing: hard requests that went to a cheap model cost one of the chosen model more") {
  const Scenario s = thousand({{"routing", "shares"},
                               {"route_1_model", "acme/cheap"},
                               {"route_1_share_ratio", "0.7"},
                               {"misrouted_ratio", "0.1"}});
  CHECK(same(usd_a_month(models(), s), 3.42 + 0.07 * 10));
}

TEST_CASE("routing: the model that routes reads every request") {
  // 200 in at 0.15 and 5 out at 0.6: 33 millionths of a dollar
  const Scenario s = thousand({{"routing", "shares"},
                               {"route_1_model", "acme/cheap"},
                               {"route_1_share_ratio", "0.7"},
                               {"classifier_model", "acme/cheap"}});
  CHECK(same(item(models(), s, "helpers.routing"), 0.033));
  CHECK(same(usd_a_month(models(), s), 3.453));
  CHECK(same(item(models(), thousand({{"classifier_model", "acme/cheap"}}), "helpers.routing"), 0));  // nobody routes
}

TEST_CASE("routing: shares of more than all requests are no bill") {
  const Bill bill = bill_of(models(), thousand({{"routing", "shares"},
                                                {"route_1_model", "acme/cheap"},
                                                {"route_1_share_ratio", "0.7"},
                                                {"route_2_model", "acme/half"},
                                                {"route_2_share_ratio", "0.4"}}));
  CHECK(bill.status == Status::unsuitable);
  CHECK_FALSE(bill.per_month.has_value());
}

TEST_CASE("routing: a model without a price makes the month unknown, unless it has no share") {
  Catalog catalog = models();
  catalog.models[1].prices[0].prices[static_cast<std::size_t>(TokenClass::output)].reset();
  Scenario s = thousand({{"routing", "shares"}, {"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "0.01"}});
  CHECK(bill_of(catalog, s).status == Status::unpriced);
  REQUIRE_FALSE(s.set("route_1_share_ratio", "0"));
  CHECK(same(usd_a_month(catalog, s), 10));
}

TEST_CASE("routing: the limits of every model that answers hold") {
  Catalog catalog = models();
  catalog.models[1].context_tokens = 2499;
  const Scenario s = thousand({{"routing", "shares"}, {"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "0.5"}});
  CHECK(bill_of(catalog, s).status == Status::impossible);
  catalog.models[1].context_tokens = 2500;
  CHECK(bill_of(catalog, s).status == Status::ok);
}

TEST_CASE("routing: the same text is more tokens with another tokenizer") {
  Catalog catalog = models();
  catalog.models[0].tokenizer_ratio = 1;
  catalog.models[1].tokenizer_ratio = 1.3;
  const Scenario s = thousand({{"routing", "shares"}, {"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "1"}});
  CHECK(same(usd_a_month(catalog, s), 0.6 * 1.3));
}

TEST_CASE("routing: split traffic finds each model's prefix less often") {
  Catalog catalog = models();
  for (Model& model : catalog.models)
    if (model.kind == ModelKind::chat) model.cache = cache_of({{"automatic", 6}});
  const Given cached = {{"static_prefix_tokens", "1000"}, {"caching", "automatic"}, {"conversations_per_day", "240"}};
  const Scenario alone = thousand(cached);
  // 240 a day are one in six minutes: 1 - e^-1; half of them 1 - e^-0.5
  CHECK(same(item(catalog, alone, "arrivals_in_lifetime"), 1));
  CHECK(same(item(catalog, alone, "hit_ratio"), 1 - 1 / e));
  Scenario split = alone;
  for (const auto& [id, text] :
       Given{{"routing", "shares"}, {"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "0.5"}})
    REQUIRE_FALSE(split.set(id, text));
  CHECK(same(item(catalog, split, "arrivals_in_lifetime"), 0.5));
  CHECK(same(item(catalog, split, "hit_ratio"), 1 - std::exp(-0.5)));
}

TEST_CASE("routing: a model that answers nothing keeps no stored cache") {
  Catalog catalog = models();
  for (Model& model : catalog.models) {
    if (model.kind != ModelKind::chat) continue;
    model.cache = cache_of({{"automatic", 5}});
    model.prices[0].cache_storage_usd_per_mtok_hour = 4.5;
  }
  const Given stored = {{"static_prefix_tokens", "1000"}, {"caching", "stored"}};
  Scenario s = thousand(stored);
  const double alone = item(catalog, s, "input.cache_storage");
  CHECK(same(alone, 0.001 * 2.5 + 0.001 * 24 * 4.5));  // created once, kept for 24 hours
  for (const auto& [id, text] :
       Given{{"routing", "shares"}, {"route_1_model", "acme/cheap"}, {"route_1_share_ratio", "0"}})
    REQUIRE_FALSE(s.set(id, text));
  CHECK(same(item(catalog, s, "input.cache_storage"), alone));
  REQUIRE_FALSE(s.set("route_1_share_ratio", "1"));
  CHECK(same(item(catalog, s, "input.cache_storage"), 0.001 * 0.15 + 0.001 * 24 * 4.5));
}

TEST_CASE("cascade: the cheap model always, the check always, the chosen one for what is passed on") {
  Scenario s = thousand({{"routing", "cascade"}, {"route_1_model", "acme/cheap"}, {"escalation_ratio", "0.2"}});
  CHECK(same(usd_a_month(models(), s), 0.6 + 2));
  REQUIRE_FALSE(s.set("classifier_model", "acme/cheap"));
  CHECK(same(usd_a_month(models(), s), 0.6 + 0.033 + 2));
  REQUIRE_FALSE(s.set("escalation_ratio", "1"));
  CHECK(same(usd_a_month(models(), s), 0.6 + 0.033 + 10));
}

TEST_CASE("cascade: it pays up to 1 - (cheap + check) / strong") {
  const auto even = [](std::string_view cheap, std::string_view check) {
    const Scenario s = thousand({{"routing", "cascade"}, {"route_1_model", cheap}, {"classifier_model", check}});
    return item(models(), s, "cascade_break_even_ratio");
  };
  CHECK(same(even("acme/half", ""), 0.5));
  CHECK(same(even("acme/cheap", ""), 0.94));
  CHECK(same(even("acme/cheap", "acme/cheap"), 1 - (0.0006 + 0.000033) / 0.01));
  Scenario s = thousand({{"routing", "cascade"}, {"route_1_model", "acme/half"}, {"escalation_ratio", "0.5"}});
  CHECK(same(usd_a_month(models(), s), 10));
}

TEST_CASE("cascade: a cheap model told by its cost") {
  const Scenario s = thousand({{"routing", "cascade"}, {"route_1_cost_ratio", "0.05"}, {"escalation_ratio", "0.2"}});
  CHECK(same(usd_a_month(models(), s), 10 * (0.05 + 0.2)));
}

TEST_CASE("fallback: a share is answered by another model after a failure that is billed in part") {
  const Scenario s = thousand({{"fallback_model", "acme/dear"},
                               {"fallback_ratio", "0.1"},
                               {"billed_failure_ratio", "0.2"},
                               {"failed_output_ratio", "0.5"}});
  // 900 at 0.01, 100 at 0.02; of the 100 failures a fifth is billed: 0.005 + half of 0.005
  CHECK(same(item(models(), s, "failures.billed"), 100 * 0.2 * 0.0075));
  CHECK(same(usd_a_month(models(), s), 9 + 2 + 0.15));
  CHECK(same(usd_a_month(models(), thousand({{"fallback_ratio", "0.1"}})), 10));  // no model is named
}

TEST_CASE("fallback: it starts with a cold cache") {
  Catalog catalog = models();
  for (Model& model : catalog.models) model.cache = cache_of({{"automatic", 5}});
  for (Model& model : catalog.models) {
    Prices& prices = model.prices[0].prices;
    const double input = *prices[static_cast<std::size_t>(TokenClass::input)];
    prices[static_cast<std::size_t>(TokenClass::cache_read)] = input / 10;
    prices[static_cast<std::size_t>(TokenClass::cache_write)] = input * 1.25;
  }
  const Scenario s = thousand({{"static_prefix_tokens", "1000"},
                               {"caching", "automatic"},
                               {"cache_hit_ratio", "1"},
                               {"fallback_model", "acme/dear"},
                               {"fallback_ratio", "0.1"},
                               {"billed_failure_ratio", "0"}});
  CHECK(same(item(catalog, s, "input.cache_read"), 0.9 * 0.25));         // a million tokens at 0.25
  CHECK(same(item(catalog, s, "input.cache_write"), 0.1 * 5 * 1.25));    // all of the fallback's are written
  CHECK(same(item(catalog, s, "input.uncached"), 0.9 * 2.5 + 0.1 * 5));  // the other thousand of each prompt
}

TEST_CASE("fallback: a refund prices a share of it as if its cache were the chosen model's") {
  Catalog catalog = models();
  for (Model& model : catalog.models) {
    model.cache = cache_of({{"automatic", 5}});
    Prices& prices = model.prices[0].prices;
    const double input = *prices[static_cast<std::size_t>(TokenClass::input)];
    prices[static_cast<std::size_t>(TokenClass::cache_read)] = input / 10;
    prices[static_cast<std::size_t>(TokenClass::cache_write)] = input * 1.25;
  }
  const Scenario s = thousand({{"static_prefix_tokens", "1000"},
                               {"caching", "automatic"},
                               {"cache_hit_ratio", "0.8"},
                               {"fallback_model", "acme/dear"},
                               {"fallback_ratio", "0.1"},
                               {"fallback_refund_ratio", "0.5"},
                               {"billed_failure_ratio", "0"}});
  // Of 0.1 million tokens half are refunded, of which 0.8 are read at 0.5; the others are written at 6.25.
  CHECK(same(item(catalog, s, "input.cache_read"), 0.9 * 0.8 * 0.25 + 0.04 * 0.5));
  CHECK(same(item(catalog, s, "input.cache_write"), 0.9 * 0.2 * 3.125 + 0.06 * 6.25));
}

TEST_CASE("routing: the cache of each model that answers is kept warm, and of no other") {
  Catalog catalog = models();
  for (Model& model : catalog.models) model.cache = cache_of({{"automatic", 5}});
  const auto kept = [&](std::string_view share) {
    const Scenario s = thousand({{"static_prefix_tokens", "1000"},
                                 {"caching", "automatic"},
                                 {"keep_warm_per_hour", "12"},
                                 {"routing", "shares"},
                                 {"route_1_model", "acme/cheap"},
                                 {"route_1_share_ratio", share},
                                 {"fallback_model", "acme/dear"},
                                 {"fallback_ratio", "0.1"}});
    return item(catalog, s, "helpers.keep_warm");
  };
  // 288 of 1,000 tokens, read at the price of input, and one token of output
  const double chosen = 288 * (2500 + 10) / 1e6;
  const double cheap = 288 * (150 + 0.6) / 1e6;
  CHECK(same(kept("0"), chosen));
  CHECK(same(kept("0.5"), chosen + cheap));
  CHECK(same(kept("1"), cheap));
}

TEST_CASE("batch: a share of the requests waits and pays the batch row") {
  Catalog catalog = models();
  catalog.models[0].prices.push_back(row_of({{TokenClass::input, 1.25}, {TokenClass::output, 5}}, ServiceTier::batch));
  CHECK(same(usd_a_month(catalog, thousand({{"batch_share_ratio", "0.4"}})), 6 + 2));
  CHECK(same(usd_a_month(catalog, thousand({{"batch_share_ratio", "1"}})), 5));
  // A model without a batch row cannot.
  CHECK(bill_of(models(), thousand({{"batch_share_ratio", "0.4"}})).status == Status::unsuitable);
}

TEST_CASE("response cache: lookup + (1 - h) C + h e C") {
  Scenario s = thousand(
      {{"response_cache", "exact"}, {"response_cache_hit_ratio", "0.3"}, {"response_cache_lookup_usd", "0.00005"}});
  CHECK(same(usd_a_month(models(), s), 0.05 + 7));
  REQUIRE_FALSE(s.set("response_cache_wrong_ratio", "0.1"));
  CHECK(same(usd_a_month(models(), s), 0.05 + 7 + 0.3));
  CHECK(same(item(models(), s, "served_ratio"), 0.73));
  REQUIRE_FALSE(s.set("response_cache_hit_ratio", "0"));
  CHECK(same(usd_a_month(models(), s), 10 + 0.05));  // the lookup more
  REQUIRE_FALSE(s.set("response_cache", "off"));
  CHECK(same(usd_a_month(models(), s), 10));
}

TEST_CASE("response cache: a semantic one embeds every question") {
  const Scenario s = thousand({{"response_cache", "semantic"},
                               {"response_cache_hit_ratio", "0.3"},
                               {"response_cache_lookup_usd", "0.00005"},
                               {"embedding_model", "acme/embed"},
                               {"query_tokens", "50"}});
  CHECK(same(item(models(), s, "response_cache_lookup"), 0.000051));
  CHECK(same(item(models(), s, "helpers.response_cache"), 0.051));
  CHECK(same(item(models(), s, "response_cache_break_even_ratio"), 0.0051));
}

TEST_CASE("response cache: what it answers does not keep the prefix cache warm") {
  Catalog catalog = models();
  catalog.models[0].cache = cache_of({{"automatic", 6}});
  const Scenario s = thousand({{"static_prefix_tokens", "1000"},
                               {"caching", "automatic"},
                               {"conversations_per_day", "240"},
                               {"response_cache", "exact"},
                               {"response_cache_hit_ratio", "0.25"}});
  CHECK(same(item(catalog, s, "arrivals_in_lifetime"), 0.75));
}

TEST_CASE("response cache: its service is paid by commands and storage") {
  Catalog catalog = models();
  Service service{"cache", "acme/cache", "Cache", "response_cache", {ServiceRow{}}};
  ServiceRow& row = service.rows[0];
  row.rates[static_cast<std::size_t>(Metric::commands)] = ServiceRate{0.000002, 500};
  row.rates[static_cast<std::size_t>(Metric::storage_gb)] = ServiceRate{0.25, 1};
  catalog.services.push_back(service);
  Scenario s = thousand({{"response_cache", "exact"},
                         {"response_cache_hit_ratio", "0.3"},
                         {"response_cache_service", "acme/cache"},
                         {"response_cache_storage_gb", "5"}});
  // A look for each request, a write for each of the 700 answers that were not there: 1,700, 500 of them included.
  CHECK(same(item(catalog, s, "retrieval.response_cache"), 1200 * 0.000002 + 4 * 0.25));
  REQUIRE_FALSE(s.set("response_cache", "off"));
  CHECK(same(item(catalog, s, "retrieval.response_cache"), 0));
}
