// Retrieval around a model: passages in the prompt, the index, ranking, vector stores, guardrails, shortening.
// The chat model costs 2.5 in and 10 out; a month is 1,000 requests on one day unless a test says otherwise.

#include <doctest/doctest.h>

#include <string>

#include "support/bundled.h"
#include "support/shop.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

Model of_kind(ModelKind kind, std::string id, double usd_per_mtok) {
  Model model = model_of(std::move(id), {{TokenClass::input, usd_per_mtok}});
  model.kind = kind;
  return model;
}

Service service_of(std::string id, std::string kind, std::initializer_list<std::pair<Metric, ServiceRate>> rates,
                   double minimum = 0, double base = 0) {
  Service service{id, "acme/" + id, id, std::move(kind), {ServiceRow{}}};
  service.rows[0].minimum_usd = minimum;
  service.rows[0].base_usd = base;
  for (const auto& [metric, rate] : rates) service.rows[0].rates[static_cast<std::size_t>(metric)] = rate;
  return service;
}

Catalog shop() {
  Model units = of_kind(ModelKind::rerank, "rank-by-unit", 0);
  units.prices[0].prices[static_cast<std::size_t>(TokenClass::input)].reset();
  units.prices[0].fees.push_back({"rerank", "Search unit", "search", 0.002, 0, 0, 0});
  Catalog catalog = catalog_of({model_of("m", 2.5, 10), of_kind(ModelKind::embedding, "embed", 0.02), units,
                                of_kind(ModelKind::rerank, "rank-by-token", 0.05), model_of("small", 0.15, 0.6)});
  catalog.services = {
      service_of("pods", "vector_store",
                 {{Metric::storage_gb, {0.33, 0}}, {Metric::read_units, {16e-6, 0}}, {Metric::write_units, {4e-6, 0}}},
                 50),
      service_of("dims", "vector_store", {{Metric::vector_dimensions, {0.095e-6, 1e8}}}, 25),
      service_of("ram", "vector_store", {{Metric::memory_gb_hours, {0.02, 730}}}),
      service_of("guard", "guardrail", {{Metric::text_units, {0.00015, 0}}})};
  return catalog;
}

Scenario thousand(Given given = {}) {
  Scenario s =
      bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}, {"embedding_model", "acme/embed"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

double item(const Scenario& scenario, std::string_view id) {
  const auto amount = amount_of(bill_of(shop(), scenario), id);
  REQUIRE(amount.has_value());
  return *amount;
}

}  // namespace

TEST_CASE("a prompt is its unchanging start, the question and the passages") {
  const Scenario s = thousand({{"prompt_tokens", "1050"},
                               {"static_prefix_tokens", "1000"},
                               {"chunks_per_request", "8"},
                               {"chunk_tokens", "500"},
                               {"query_tokens", "0"}});
  CHECK(item(s, "retrieved_tokens") == 4000);
  CHECK(item(s, "prompt_size") == 5050);
  CHECK(same(item(s, "input.uncached"), 5.05 * 2.5));
}

TEST_CASE("an index is documents, passages, their length and overlap, at the price of the embedding model") {
  Scenario s = thousand({{"documents", "100000"},
                         {"chunks_per_document", "1"},
                         {"chunk_tokens", "500"},
                         {"chunk_overlap_ratio", "0"},
                         {"index_rebuilds_per_year", "0"},
                         {"documents_changed_ratio", "0"}});
  CHECK(same(item(s, "index_build_usd"), 1));
  CHECK(same(item(s, "one_time.index"), 1.0 / 12));
  REQUIRE_FALSE(s.set("chunk_overlap_ratio", "0.1"));
  CHECK(same(item(s, "index_build_usd"), 1.1));
  REQUIRE_FALSE(s.set("chunks_per_document", "10"));
  CHECK(same(item(s, "index_build_usd"), 11));
  REQUIRE_FALSE(s.set("index_rebuilds_per_year", "4"));
  CHECK(same(item(s, "retrieval.rebuilds"), 11.0 * 4 / 12));
  REQUIRE_FALSE(s.set("documents_changed_ratio", "0.05"));
  CHECK(same(item(s, "retrieval.updates"), 0.55));
}

TEST_CASE("each question that reaches a model is embedded, where passages are retrieved") {
  Scenario s = thousand({{"chunks_per_request", "5"}, {"query_tokens", "50"}, {"days_per_month", "30"}});
  CHECK(same(item(s, "retrieval.queries"), 30000 * 50 * 0.02 / 1e6));
  REQUIRE_FALSE(s.set("response_cache", "exact"));
  REQUIRE_FALSE(s.set("response_cache_hit_ratio", "0.2"));
  CHECK(same(item(s, "retrieval.queries"), 24000 * 50 * 0.02 / 1e6));
  REQUIRE_FALSE(s.set("chunks_per_request", "0"));
  CHECK(item(s, "retrieval.queries") == 0);
}

TEST_CASE("ranking is paid by the hundred passages") {
  const auto ranked = [](std::string_view passages) {
    return item(
        thousand(
            {{"chunks_per_request", "5"}, {"rerank_model", "acme/rank-by-unit"}, {"reranked_documents", passages}}),
        "retrieval.rerank");
  };
  CHECK(same(ranked("50"), 2));
  CHECK(same(ranked("100"), 2));
  CHECK(same(ranked("101"), 4));
  CHECK(same(ranked("250"), 6));
}

TEST_CASE("ranking is paid by the tokens of the question with each passage") {
  // 50 * (50 + 500) tokens at 0.05
  const Scenario s = thousand({{"chunks_per_request", "5"},
                               {"chunk_tokens", "500"},
                               {"query_tokens", "50"},
                               {"rerank_model", "acme/rank-by-token"},
                               {"reranked_documents", "50"}});
  CHECK(same(item(s, "retrieval.rerank"), 1000 * 27500 * 0.05 / 1e6));
}

namespace {
// A million records of 1,536 dimensions and a kilobyte, 5 million questions a month.
Scenario million_vectors(Given given = {}) {
  Scenario s = thousand({{"conversations_per_day", "5000000"},
                         {"chunks_per_request", "5"},
                         {"query_tokens", "0"},
                         {"documents", "100000"},
                         {"chunks_per_document", "10"},
                         {"embedding_dimensions", "1536"},
                         {"record_metadata_bytes", "1000"},
                         {"index_rebuilds_per_year", "0"},
                         {"documents_changed_ratio", "0"},
                         {"vector_store", "acme/pods"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}
}  // namespace

TEST_CASE("a vector store paid by storage and reads: a query reads its namespace, at least a quarter of a gigabyte") {
  // 4 * 1,536 + 1,000 = 7,144 bytes: 7.144 GB; 5,000,000 * 7.144 * 16 a million + 7.144 * 0.33
  CHECK(same(item(million_vectors(), "index_gb"), 7.144));
  CHECK(same(item(million_vectors(), "retrieval.vector_store"), 571.52 + 2.35752));
  CHECK(same(item(million_vectors({{"namespaces", "10"}}), "retrieval.vector_store"), 57.152 + 2.35752));
  CHECK(same(item(million_vectors({{"namespaces", "1000"}}), "retrieval.vector_store"), 50));  // 20 + 2.36
  CHECK(same(item(million_vectors({{"namespaces", "1000"}}), "read_units_per_query"), 0.25));
}

TEST_CASE("a vector store's minimum stands for less, not on top of more") {
  CHECK(same(item(million_vectors({{"conversations_per_day", "1000"}}), "retrieval.vector_store"), 50));
  CHECK(same(item(million_vectors({{"documents", "0"}, {"chunks_per_request", "0"}}), "retrieval.vector_store"), 50));
  CHECK(item(million_vectors({{"vector_store", ""}}), "retrieval.vector_store") == 0);
}

TEST_CASE("a vector store's writes: what is rebuilt and what changes, by the kilobyte") {
  // a twentieth of a million records of 7.144 kilobytes at 4 a million
  const double writes = 0.05 * 1e6 * 7.144 * 4e-6;
  CHECK(
      same(item(million_vectors({{"documents_changed_ratio", "0.05"}}), "retrieval.vector_store"), 573.87752 + writes));
  CHECK(same(item(million_vectors({{"index_rebuilds_per_year", "6"}}), "retrieval.vector_store"),
             573.87752 + 0.5 * 1e6 * 7.144 * 4e-6));
}

TEST_CASE("a vector store paid by dimensions, beyond those included") {
  // 1,536 million less 100 million, at 0.095 a million
  CHECK(same(item(million_vectors({{"vector_store", "acme/dims"}}), "retrieval.vector_store"), 1436 * 0.095));
}

TEST_CASE("a vector store paid by memory: one and a half times the vectors, 730 hours") {
  // 1e6 * 1,536 * 4 * 1.5 bytes = 9.216 GB, less the gigabyte that is free
  CHECK(same(item(million_vectors({{"vector_store", "acme/ram"}}), "retrieval.vector_store"), 8.216 * 730 * 0.02));
}

TEST_CASE("the price list's own vector store gives the same month") {
  Scenario s = million_vectors({{"embedding_model", ""}, {"vector_store", "pinecone/standard"}});
  s.model = "openai/gpt-4o";
  CHECK(same(amount_of(bill_of(bundled_prices(), s), "retrieval.vector_store"), 573.87752));
}

TEST_CASE("a service of another kind, or none of this name, is refused") {
  Scenario s = thousand({{"vector_store", "acme/guard"}});
  CHECK_FALSE(engine().estimate(shop(), s, today).ok());
  REQUIRE_FALSE(s.set("vector_store", "acme/nobody"));
  CHECK_FALSE(engine().estimate(shop(), s, today).ok());
}

TEST_CASE("a guardrail is paid by the thousand characters: the question, and the answer to those that pass") {
  // 1,000 tokens are 4,000 characters, 500 are 2,000
  Scenario s = thousand({{"guardrail", "acme/guard"}, {"prompt_tokens", "1000"}, {"output_tokens", "500"}});
  CHECK(same(item(s, "retrieval.guardrail"), 1000 * (4 + 2) * 0.00015));
  REQUIRE_FALSE(s.set("prompt_tokens", "1001"));  // a part of a unit is one
  CHECK(same(item(s, "retrieval.guardrail"), 1000 * (5 + 2) * 0.00015));
  REQUIRE_FALSE(s.set("prompt_tokens", "1000"));
  REQUIRE_FALSE(s.set("guardrail_blocked_ratio", "0.1"));
  CHECK(same(item(s, "retrieval.guardrail"), 1000 * (4 + 0.9 * 2) * 0.00015));
  CHECK(same(item(s, "input.uncached"), 0.9 * 2.5));  // what is stopped pays for the check alone
}

TEST_CASE("a guard model reads every question: one more request each") {
  // (1,000 + 300) * 0.15 + 5 * 0.6
  const Scenario s =
      thousand({{"guard_model", "acme/small"}, {"prompt_tokens", "3000"}, {"static_prefix_tokens", "2000"}});
  CHECK(same(item(s, "helpers.guard"), 1000 * (1300 * 0.15 + 5 * 0.6) / 1e6));
}

TEST_CASE("a model that shortens reads all and writes the short prompt") {
  // 2,000 and 2,000 of passages; 0.4 of both is cut: 4,000 in at 0.15, 2,400 out at 0.6
  const Scenario s = thousand({{"prompt_tokens", "2000"},
                               {"chunks_per_request", "4"},
                               {"chunk_tokens", "500"},
                               {"query_tokens", "0"},
                               {"prompt_trim_ratio", "0.4"},
                               {"compressor_model", "acme/small"}});
  CHECK(same(item(s, "helpers.shortening"), 1000 * (4000 * 0.15 + 2400 * 0.6) / 1e6));
  CHECK(same(item(s, "input.uncached"), 1000 * 2400 * 2.5 / 1e6));
}

TEST_CASE("passages that stay in a conversation are sent again, dropped ones are not") {
  const auto input = [](std::string_view kept) {
    return item(thousand({{"turns_per_conversation", "3"},
                          {"history", "full"},
                          {"prompt_tokens", "100"},
                          {"output_tokens", "0"},
                          {"chunks_per_request", "1"},
                          {"chunk_tokens", "500"},
                          {"query_tokens", "0"},
                          {"retrieved_kept", kept}}),
                "conversation_uncached_tokens");
  };
  CHECK(input("no") == 3 * 600 + 3 * 100);
  CHECK(input("yes") == 3 * 600 + 3 * 600);
}
