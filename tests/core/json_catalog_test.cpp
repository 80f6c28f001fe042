#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/test_data.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"

using namespace tokenbill;

namespace {

constexpr std::string_view row_json =
    R"({"tier":"standard","status":"list","usd_per_mtok":{"input":2.5,"output":10},"source":"https://example.com","checked":"2026-11-20"})";

std::string replaced(std::string_view text, std::string_view part, std::string_view by) {
  std::string result(text);
  const std::size_t found = result.find(part);
  REQUIRE(found != std::string::npos);
  return result.replace(found, part.size(), by);
}

/// A sound row with these members, and the usual ones where these do not give them.
std::string row_with(std::string_view members) {
  std::string text = "{" + std::string(members);
  const Result<JsonValue> given = parse_json(text + "}", "members");
  const Result<JsonValue> usual = parse_json(row_json, "row");
  REQUIRE(given.ok());
  for (const auto& [key, value] : usual->members) {
    if (given->find(key) != nullptr) continue;
    JsonWriter writer;
    writer.value(value);
    text += (text.size() > 1 ? ",\"" : "\"") + key + "\":" + writer.take();
  }
  return text + "}";
}

std::string model_with(std::string_view members, std::string_view rows) {
  return R"({"id":"m1","name":"M 1","kind":"chat",)" + std::string(members) + (members.empty() ? "" : ",") +
         R"("prices":[)" + std::string(rows) + "]}";
}

std::string provider(std::string_view id, std::string_view models, std::string_view members = "") {
  return R"({"format":"tokenbill-provider/1","id":")" + std::string(id) + R"(","name":"A","kind":"developer",)" +
         std::string(members) + (members.empty() ? "" : ",") + R"("models":[)" + std::string(models) + "]}";
}

Catalog load(std::string_view text) {
  const NamedText file{"acme.json", text};
  Result<Catalog> catalog = parse_providers({&file, 1});
  REQUIRE(catalog.ok());
  return std::move(catalog).value();
}

/// The catalog of one model, which must be sound.
Catalog sound(std::string_view text) {
  Catalog catalog = load(text);
  for (const Error& error : catalog.left_out) FAIL(to_text(error));
  return catalog;
}

/// The first error; its model must have been left out.
Error error_of(std::string_view text) {
  const Catalog catalog = load(text);
  REQUIRE(!catalog.left_out.empty());
  CHECK(catalog.models.empty());
  CHECK(catalog.left_out[0].where.starts_with("acme.json:1:"));
  return catalog.left_out[0];
}

Error row_error(std::string_view members) { return error_of(provider("acme", model_with("", row_with(members)))); }
Error model_error(std::string_view members) { return error_of(provider("acme", model_with(members, row_json))); }
Catalog row_sound(std::string_view members) { return sound(provider("acme", model_with("", row_with(members)))); }

std::vector<Error> findings(std::string_view rows, std::string_view members = "") {
  return check_catalog(sound(provider("acme", model_with(members, rows))));
}

bool finds(std::string_view rows, std::string_view part, std::string_view members = "") {
  const std::vector<Error> errors = findings(rows, members);
  return std::any_of(errors.begin(), errors.end(),
                     [&](const Error& error) { return error.message.find(part) != std::string::npos; });
}

std::string prices_row(std::string_view prices, std::string_view more = "") {
  return row_with("\"usd_per_mtok\":" + std::string(prices) + (more.empty() ? "" : ",") + std::string(more));
}

double price(const Prices& prices, TokenClass c) { return prices[static_cast<std::size_t>(c)].value_or(-1); }

}  // namespace

TEST_CASE("everything that a provider file can say is read") {
  const Catalog catalog = sound(R"({
    "format": "tokenbill-provider/1", "id": "acme", "name": "Acme AI", "kind": "cloud",
    "calendars": {"cn-holidays": ["2026-10-02", "2026-10-01"]},
    "models": [{
      "id": "Acme/large:v1.0", "name": "Acme Large", "kind": "chat", "aliases": ["large"],
      "released": "2026-01-02", "retires": "2027-01-01", "context_tokens": 1000000, "max_output_tokens": 64000,
      "capabilities": ["reasoning", "tools"], "tokenizer": {"family": "acme", "ratio": 1.1, "note": "guess"},
      "cache": {"kind": "both", "minimum_tokens": 1024, "step_tokens": 128, "lifetime_minutes": {"automatic": 5, "1h": 60}},
      "counting": {"image_tokens": {"algorithm": "patch32", "auto": {"multiplier": 1.2},
                                    "low": {"max_edge": 512, "max_patches": 200, "multiplier": 1.5}},
                   "audio_input_tokens_per_second": 10, "audio_output_tokens_per_second": 20,
                   "video_tokens_per_second": 290, "pdf_page_tokens": 258, "tool_prompt_tokens": 286,
                   "keeps_reasoning": true, "source": "docs", "checked": "2026-11-19", "note": "by hand"},
      "geographies": [{"id": "us", "name": "US", "factor": 1.1, "source": "s", "checked": "2026-11-21"}],
      "prices": [{
        "tier": "flex", "from": "2026-02-01", "until": "2026-12-01T10:00:00Z", "status": "promotional",
        "usd_per_mtok": {"input": 2, "cache_read": 0, "output": 8, "cache_storage_per_hour": 1},
        "context_tiers": [{"above": 200000, "usd_per_mtok": {"input": 4}}, {"from": 500000, "usd_per_mtok": {"input": 5}}],
        "windows": [{"days": ["mon", "sun"], "from": "01:30", "to": "24:00", "zone": "-05:30", "except": "cn-holidays",
                     "usd_per_mtok": {"output": 16}}],
        "fees": [{"id": "search", "name": "Search", "per": "search", "usd": 0.01, "free_per_month": 100, "free_per_day": 3,
                  "minimum": 1}],
        "source": "https://example.com", "checked": "2026-11-20", "note": "introductory",
        "disagreements": [{"source": "other", "usd_per_mtok": {"input": 2.2}, "note": "older"}]
      }]
    }]})");
  REQUIRE(catalog.sellers.size() == 1);
  REQUIRE(catalog.models.size() == 1);
  CHECK(catalog.as_of == *parse_moment("2026-11-21"));
  const Seller& seller = catalog.sellers[0];
  CHECK(seller.name == "Acme AI");
  CHECK(seller.kind == "cloud");
  const std::int64_t first = day_number(*parse_moment("2026-10-01"));
  CHECK(seller.calendars.find("cn-holidays")->second == std::vector<std::int64_t>{first, first + 1});
  const Model& model = catalog.models[0];
  CHECK(model.key == "acme/Acme/large:v1.0");
  CHECK(model.aliases == std::vector<std::string>{"large"});
  CHECK(model.released == *parse_moment("2026-01-02"));
  CHECK(model.retires == *parse_moment("2027-01-01"));
  CHECK(model.context_tokens == 1000000);
  CHECK(model.max_output_tokens == 64000);
  CHECK(model.capabilities == std::vector<std::string>{"reasoning", "tools"});
  CHECK(model.tokenizer_family == "acme");
  CHECK(model.tokenizer_ratio == 1.1);
  CHECK(model.tokenizer_note == "guess");
  REQUIRE(model.cache.has_value());
  CHECK(model.cache->automatic);
  CHECK(model.cache->explicit_markers);
  CHECK(model.cache->minimum_tokens == 1024);
  CHECK(model.cache->step_tokens == 128);
  REQUIRE(model.image_tokens.has_value());
  CHECK(model.image_tokens->algorithm == ImageAlgorithm::patch32);
  const auto& details = model.image_tokens->details;
  REQUIRE(details[static_cast<std::size_t>(ImageDetail::automatic)].has_value());
  CHECK(details[static_cast<std::size_t>(ImageDetail::automatic)]->max_edge == 0);
  CHECK(details[static_cast<std::size_t>(ImageDetail::automatic)]->multiplier == 1.2);
  REQUIRE(details[static_cast<std::size_t>(ImageDetail::low)].has_value());
  CHECK(details[static_cast<std::size_t>(ImageDetail::low)]->max_edge == 512);
  CHECK(details[static_cast<std::size_t>(ImageDetail::low)]->max_patches == 200);
  CHECK(details[static_cast<std::size_t>(ImageDetail::low)]->multiplier == 1.5);
  CHECK_FALSE(details[static_cast<std::size_t>(ImageDetail::high)].has_value());
  CHECK(model.audio_input_tokens_per_second == 10);
  CHECK(model.audio_output_tokens_per_second == 20);
  CHECK(model.video_tokens_per_second == 290);
  CHECK(model.pdf_page_tokens == 258);
  CHECK(model.tool_prompt_tokens == 286);
  CHECK(model.keeps_reasoning);
  CHECK(model.counting_source == "docs");
  CHECK(model.counting_checked == *parse_moment("2026-11-19"));
  CHECK(model.counting_note == "by hand");
  CHECK(model.cache->lifetime_minutes.size() == 2);
  CHECK(model.cache->lifetime_minutes.find("1h")->second == 60);
  CHECK(model.geographies[0].factor == 1.1);
  CHECK(model.resold_from.empty());
  const PriceRow& row = model.prices[0];
  CHECK(row.tier == ServiceTier::flex);
  CHECK(row.status == PriceStatus::promotional);
  CHECK(row.from == *parse_moment("2026-02-01"));
  CHECK(row.until == *parse_moment("2026-12-01T10:00:00Z"));
  CHECK(price(row.prices, TokenClass::input) == 2);
  CHECK(price(row.prices, TokenClass::cache_read) == 0);
  CHECK(price(row.prices, TokenClass::output_reasoning) == -1);
  CHECK(row.cache_storage_usd_per_mtok_hour == 1);
  REQUIRE(row.context_tiers.size() == 2);
  CHECK(row.context_tiers[0].threshold == 200000);
  CHECK_FALSE(row.context_tiers[0].inclusive);
  CHECK(row.context_tiers[1].inclusive);
  CHECK(price(row.context_tiers[1].prices, TokenClass::input) == 5);
  CHECK(row.windows[0].days == 0b1000001);
  CHECK(row.windows[0].from_minute == 90);
  CHECK(row.windows[0].to_minute == 1440);
  CHECK(row.windows[0].zone_minutes == -330);
  CHECK(row.windows[0].except == "cn-holidays");
  CHECK(price(row.windows[0].prices, TokenClass::output) == 16);
  CHECK(row.fees[0].per == "search");
  CHECK(row.fees[0].usd == 0.01);
  CHECK(row.fees[0].free_per_month == 100);
  CHECK(row.fees[0].free_per_day == 3);
  CHECK(row.fees[0].minimum == 1);
  CHECK(row.checked == *parse_moment("2026-11-20"));
  CHECK(row.note == "introductory");
  CHECK(price(row.disagreements[0].prices, TokenClass::input) == 2.2);
}

TEST_CASE("a price outside 0 to 10000 USD per million tokens is told with its place, its value and what to do") {
  const Error error = row_error(R"("usd_per_mtok":{"input":-3})");
  CHECK(error.code == Code::out_of_range);
  CHECK(error.where.ends_with(" /models/0/prices/0/usd_per_mtok/input"));
  CHECK(error.message == "expected 0 to 10000 USD per million tokens, found -3.");
  CHECK(!error.hint.empty());
  CHECK(row_error(R"("usd_per_mtok":{"input":10000.01})").code == Code::out_of_range);
  CHECK(row_error(R"("usd_per_mtok":{"input":1e300})").code == Code::out_of_range);
  CHECK(price(row_sound(R"("usd_per_mtok":{"input":10000})").models[0].prices[0].prices, TokenClass::input) == 10000);
}

TEST_CASE("an unknown key is an error with the nearest known one as hint") {
  Error error = row_error(R"("usd_per_mtok":{"cache_raed":1})");
  CHECK(error.code == Code::unknown_key);
  CHECK(error.where.ends_with("/usd_per_mtok/cache_raed"));
  CHECK(error.hint == "Did you mean \"cache_read\"?");
  error = model_error(R"("context_token":1000)");
  CHECK(error.code == Code::unknown_key);
  CHECK(error.hint == "Did you mean \"context_tokens\"?");
  error = row_error(R"("untill":"2027-01-01")");
  CHECK(error.hint == "Did you mean \"until\"?");
  CHECK(row_error(R"("zzzzzzzz":1)").hint.starts_with("Known are: tier, from, until"));
}

TEST_CASE("each value of another kind, range or spelling leaves its model out") {
  const std::pair<std::string_view, Code> rows[] = {
      {R"("tier":"standart")", Code::bad_value},
      {R"("tier":1)", Code::wrong_type},
      {R"("status":"new")", Code::bad_value},
      {R"("usd_per_mtok":[])", Code::wrong_type},
      {R"("usd_per_mtok":{"input":"2"})", Code::wrong_type},
      {R"("usd_per_mtok":{"input":null})", Code::wrong_type},
      {R"("usd_per_mtok":{})", Code::missing_key},
      {R"("from":"2026-02-30")", Code::bad_value},
      {R"("from":20260201)", Code::wrong_type},
      {R"("from":"2026-02-02","until":"2026-02-02")", Code::inconsistent},
      {R"("from":"2026-02-02","until":"2026-02-01")", Code::inconsistent},
      {R"("status":"promotional")", Code::missing_key},
      {R"("status":"announced")", Code::missing_key},
      {R"("status":"cancelled")", Code::missing_key},
      {R"("checked":"2026-11-20T10:00:00Z")", Code::bad_value},
      {R"("checked":"yesterday")", Code::bad_value},
      {R"("source":"")", Code::out_of_range},
      {R"("note":"")", Code::out_of_range},
      {R"("context_tiers":[])", Code::out_of_range},
      {R"("context_tiers":{})", Code::wrong_type},
      {R"("context_tiers":[{"usd_per_mtok":{"input":1}}])", Code::missing_key},
      {R"("context_tiers":[{"above":1,"from":1,"usd_per_mtok":{"input":1}}])", Code::missing_key},
      {R"("context_tiers":[{"above":1.5,"usd_per_mtok":{"input":1}}])", Code::out_of_range},
      {R"("context_tiers":[{"above":0,"usd_per_mtok":{"input":1}}])", Code::out_of_range},
      {R"("context_tiers":[{"above":10}])", Code::missing_key},
      {R"("context_tiers":[{"above":10,"usd_per_mtok":{}}])", Code::missing_key},
      {R"("context_tiers":[{"above":10,"usd_per_mtok":{"input":1}},{"from":10,"usd_per_mtok":{"input":2}}])",
       Code::inconsistent},
      {R"("context_tiers":[{"above":1,"usd_per_mtok":{"input":3}},{"above":2,"usd_per_mtok":{"input":3}},{"above":3,"usd_per_mtok":{"input":3}},{"above":4,"usd_per_mtok":{"input":3}},{"above":5,"usd_per_mtok":{"input":3}}])",
       Code::too_large},
      {R"("windows":[{"days":["mon"],"from":"04:00","to":"01:00","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::inconsistent},
      {R"("windows":[{"days":["mon"],"from":"04:00","to":"04:00","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::inconsistent},
      {R"("windows":[{"days":[],"from":"01:00","to":"04:00","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::out_of_range},
      {R"("windows":[{"days":["monday"],"from":"01:00","to":"04:00","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::bad_value},
      {R"("windows":[{"days":["mon","mon"],"from":"01:00","to":"04:00","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::inconsistent},
      {R"("windows":[{"days":["mon"],"from":"1:00","to":"04:00","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::bad_value},
      {R"("windows":[{"days":["mon"],"from":"01:60","to":"04:00","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::bad_value},
      {R"("windows":[{"days":["mon"],"from":"01:00","to":"24:01","zone":"+00:00","usd_per_mtok":{"input":1}}])",
       Code::bad_value},
      {R"("windows":[{"days":["mon"],"from":"01:00","to":"04:00","zone":"UTC","usd_per_mtok":{"input":1}}])",
       Code::bad_value},
      {R"("windows":[{"days":["mon"],"from":"01:00","to":"04:00","zone":"+15:00","usd_per_mtok":{"input":1}}])",
       Code::bad_value},
      {R"("windows":[{"days":["mon"],"from":"01:00","to":"04:00","zone":"+00:00","except":"x","usd_per_mtok":{"input":1}}])",
       Code::bad_value},
      {R"("fees":[{"id":"a","name":"A","per":"query","usd":1}])", Code::bad_value},
      {R"("fees":[{"id":"a","name":"A","per":"call","usd":-1}])", Code::out_of_range},
      {R"("fees":[{"id":"a","name":"A","per":"call","usd":1},{"id":"a","name":"B","per":"call","usd":1}])",
       Code::inconsistent},
      {R"("disagreements":[{"source":"x","usd_per_mtok":{"inptu":1},"note":"n"}])", Code::unknown_key},
  };
  for (const auto& test : rows) {
    CAPTURE(test.first);
    CHECK(code_name(row_error(test.first).code) == code_name(test.second));
  }
  const std::pair<std::string_view, Code> models[] = {
      {R"("released":"2026-01-01T00:00:00Z")", Code::bad_value},
      {R"("aliases":"a")", Code::wrong_type},
      {R"("aliases":["a b"])", Code::bad_value},
      {R"("aliases":["m1"])", Code::inconsistent},
      {R"("aliases":["a","a"])", Code::inconsistent},
      {R"("context_tokens":0)", Code::out_of_range},
      {R"("context_tokens":1000.5)", Code::out_of_range},
      {R"("context_tokens":1e10)", Code::out_of_range},
      {R"("capabilities":["flying"])", Code::bad_value},
      {R"("capabilities":["tools","tools"])", Code::inconsistent},
      {R"("tokenizer":{"ratio":1})", Code::missing_key},
      {R"("tokenizer":{"family":"x","ratio":0})", Code::out_of_range},
      {R"("cache":{"kind":"sometimes"})", Code::bad_value},
      {R"("cache":{"kind":"automatic","lifetime_minutes":{"2h":120}})", Code::unknown_key},
      {R"("cache":{"kind":"automatic","lifetime_minutes":{}})", Code::missing_key},
      {R"("geographies":[{"id":"us","name":"US","factor":0,"source":"s","checked":"2026-11-21"}])", Code::out_of_range},
  };
  for (const auto& test : models) {
    CAPTURE(test.first);
    CHECK(code_name(model_error(test.first).code) == code_name(test.second));
  }
}

TEST_CASE("a missing key is named") {
  for (std::string_view key : {R"("tier":"standard",)", R"("status":"list",)", R"("source":"https://example.com",)",
                               R"("usd_per_mtok":{"input":2.5,"output":10},)"}) {
    CAPTURE(key);
    const Error error = error_of(provider("acme", model_with("", replaced(row_json, key, ""))));
    CHECK(error.code == Code::missing_key);
    CHECK(error.message.find(key.substr(0, key.find(':'))) != std::string::npos);
  }
  CHECK(error_of(provider("acme", replaced(model_with("", row_json), R"("id":"m1",)", ""))).code == Code::missing_key);
  CHECK(error_of(provider("acme", R"({"id":"m1","name":"M","kind":"chat"})")).message ==
        "the key \"prices\" is missing.");
}

TEST_CASE("a bad model is left out while the rest of its seller and the other sellers load") {
  const std::string bad = replaced(model_with("", row_json), "m1", "m 1");
  const std::string good = replaced(model_with("", row_json), "m1", "m2");
  const std::string one = provider("acme", bad + "," + good);
  const std::string two = provider("beta", good);
  const std::string broken = "{\"format\":";
  const NamedText files[] = {{"beta.json", two}, {"broken.json", broken}, {"acme.json", one}};
  const Result<Catalog> catalog = parse_providers(files);
  REQUIRE(catalog.ok());
  REQUIRE(catalog->models.size() == 2);
  CHECK(catalog->models[0].key == "acme/m2");  // sellers by id, whatever the order of the files
  CHECK(catalog->models[1].key == "beta/m2");
  CHECK(catalog->models[1].seller == 1);
  REQUIRE(catalog->left_out.size() == 2);
  CHECK(catalog->left_out[0].where.starts_with("broken.json:1:"));
  CHECK(catalog->left_out[1].where.starts_with("acme.json:1:"));
  CHECK(catalog->left_out[1].where.ends_with(" /models/0/id"));
}

TEST_CASE("all errors of a file are told at once") {
  const Catalog catalog =
      load(provider("acme", model_with(R"("context_tokens":-1)", prices_row(R"({"input":-1,"outptu":2})"))));
  CHECK(catalog.left_out.size() == 3);
}

TEST_CASE("no file that can be read is an error, and so is another format") {
  const std::string newer = replaced(provider("acme", ""), "provider/1", "provider/2");
  NamedText file{"acme.json", newer};
  Result<Catalog> catalog = parse_providers({&file, 1});
  REQUIRE_FALSE(catalog.ok());
  CHECK(catalog.error().code == Code::bad_format);
  CHECK(catalog.error().where == "acme.json:1:11 /format");
  CHECK(catalog.error().message ==
        "expected \"format\": \"tokenbill-provider/1\", found the text \"tokenbill-provider/2\".");
  CHECK(catalog.error().hint.find("version") != std::string::npos);
  for (std::string_view text : {"[]", "{}", "null", R"({"format":1})", R"({"format":"tokenbill-scenario/1"})"}) {
    CAPTURE(text);
    file = {"x", text};
    CHECK_FALSE(parse_providers({&file, 1}).ok());
    CHECK_FALSE(parse_catalog(text).ok());
  }
}

TEST_CASE("ids and aliases of a seller are unique, those of different sellers need not be") {
  const std::string model = model_with("", row_json);
  CHECK(load(provider("acme", model + "," + model)).models.size() == 1);
  CHECK(load(provider("acme", model + "," + model)).left_out[0].message == "\"acme/m1\" stands in the catalog twice.");
  CHECK(load(provider("acme", model + "," + replaced(model_with(R"("aliases":["m1"])", row_json), "m1", "m2")))
            .models.size() == 1);
  const std::string one = provider("acme", model);
  const std::string two = provider("beta", model);
  const NamedText files[] = {{"a", one}, {"b", two}, {"c", one}};
  const Result<Catalog> catalog = parse_providers(files);
  REQUIRE(catalog.ok());
  CHECK(catalog->models.size() == 2);
  CHECK(catalog->left_out.size() == 1);
}

TEST_CASE("rows of one tier must not overlap, to the second; cancelled ones may") {
  const auto two_rows = [](std::string_view first, std::string_view second) {
    return provider("acme", model_with("", row_with(first) + "," + row_with(second)));
  };
  CHECK(load(two_rows(R"("until":"2026-06-01")", R"("from":"2026-06-01")")).left_out.empty());
  CHECK(load(two_rows(R"("until":"2026-06-01T00:00:01Z")", R"("from":"2026-06-01")")).left_out.size() == 1);
  CHECK(load(two_rows(R"("from":"2026-06-01")", R"("from":"2026-07-01")")).left_out.size() == 1);
  CHECK(load(two_rows(R"("from":"2026-06-01")", R"("tier":"batch","from":"2026-07-01")")).left_out.empty());
  CHECK(load(two_rows(R"("from":"2026-06-01")", R"("status":"cancelled","from":"2026-07-01")")).left_out.empty());
}

TEST_CASE("windows of one row must not overlap, zones and the turn of the week considered") {
  const auto two_windows = [](std::string_view first, std::string_view second) {
    const auto window = [](std::string_view members) {
      return "{" + std::string(members) + R"(,"usd_per_mtok":{"input":5}})";
    };
    return load(provider("acme",
                         model_with("", row_with(R"("windows":[)" + window(first) + "," + window(second) + "]"))))
        .left_out.empty();
  };
  constexpr std::string_view morning = R"("days":["mon"],"from":"01:00","to":"04:00","zone":"+00:00")";
  CHECK(two_windows(morning, R"("days":["mon"],"from":"04:00","to":"05:00","zone":"+00:00")"));
  CHECK_FALSE(two_windows(morning, R"("days":["mon"],"from":"03:59","to":"05:00","zone":"+00:00")"));
  CHECK(two_windows(morning, R"("days":["tue"],"from":"01:00","to":"04:00","zone":"+00:00")"));
  CHECK(two_windows(morning, R"("days":["mon"],"from":"01:00","to":"04:00","zone":"+08:00")"));
  CHECK_FALSE(two_windows(morning, R"("days":["mon"],"from":"09:00","to":"10:00","zone":"+08:00")"));
  CHECK_FALSE(two_windows(R"("days":["mon"],"from":"00:00","to":"01:00","zone":"+08:00")",
                          R"("days":["sun"],"from":"16:00","to":"16:30","zone":"+00:00")"));
  CHECK_FALSE(two_windows(morning, R"("days":["mon"],"from":"00:00","to":"24:00","zone":"+00:00")"));
}

TEST_CASE("a reseller passes models on with its factor, share, source and the seller's calendar") {
  const std::string acme = provider(
      "acme",
      model_with(
          R"("aliases":["m"],"geographies":[{"id":"us","name":"US","factor":1.1,"source":"s","checked":"2026-11-01"}])",
          prices_row(
              R"({"input":2,"output":8,"cache_storage_per_hour":1})",
              R"("windows":[{"days":["mon"],"from":"01:00","to":"04:00","zone":"+00:00","except":"h","usd_per_mtok":{"input":4}}],
                               "context_tiers":[{"above":10,"usd_per_mtok":{"input":3}}],
                               "fees":[{"id":"s","name":"S","per":"call","usd":1}])")),
      R"("calendars":{"h":["2026-11-23"]})");
  const std::string router = provider(
      "router", "",
      R"("resells":[{"models":["acme/m1","acme/none"],"price_factor":1.5,"platform_share_ratio":0.055,"minimum_fee_usd":0.8,
         "source":"https://example.com/fees","checked":"2026-11-22","note":"by card"}])");
  const NamedText files[] = {{"router.json", router}, {"acme.json", acme}};
  const Result<Catalog> catalog = parse_providers(files);
  REQUIRE(catalog.ok());
  REQUIRE(catalog->models.size() == 2);
  const Model& model = catalog->models[1];
  CHECK(model.key == "router/acme/m1");
  CHECK(model.id == "acme/m1");
  CHECK(model.seller == 1);
  CHECK(model.resold_from == "acme/m1");
  CHECK(model.platform_share_ratio == 0.055);
  CHECK(model.minimum_fee_usd == 0.8);
  CHECK(model.resale_source == "https://example.com/fees");
  CHECK(model.resale_note == "by card");
  CHECK(model.aliases.empty());
  CHECK(model.geographies.empty());
  const PriceRow& row = model.prices[0];
  CHECK(price(row.prices, TokenClass::input) == 3);
  CHECK(row.cache_storage_usd_per_mtok_hour == 1.5);
  CHECK(price(row.context_tiers[0].prices, TokenClass::input) == 4.5);
  CHECK(price(row.windows[0].prices, TokenClass::input) == 6);
  CHECK(row.fees[0].usd == 1.5);
  CHECK(window_at(catalog->sellers[1], row, *parse_moment("2026-11-23T02:00:00Z")) == nullptr);
  CHECK(window_at(catalog->sellers[1], row, *parse_moment("2026-11-30T02:00:00Z")) != nullptr);
  CHECK(catalog->as_of == *parse_moment("2026-11-22"));
  CHECK(*catalog->find_model("acme/m1") == &catalog->models[0]);
  REQUIRE(catalog->left_out.size() == 1);
  CHECK(catalog->left_out[0].code == Code::unknown_model);
  CHECK(catalog->left_out[0].message.find("acme/none") != std::string::npos);
  CHECK(catalog->left_out[0].where.starts_with("router.json:1:"));
}

TEST_CASE("a resold model has the geographies of the one who passes it on, not those of the original") {
  const auto geography = [](std::string_view id, std::string_view factor) {
    return "\"geographies\":[{\"id\":\"" + std::string(id) + "\",\"name\":\"N\",\"factor\":" + std::string(factor) +
           ",\"source\":\"s\",\"checked\":\"2026-11-23\"}]";
  };
  const std::string acme = provider("acme", model_with(geography("us", "1.2"), row_json));
  const auto cloud = [](std::string_view more) {
    return provider("cloud", "",
                    R"("resells":[{"models":["acme/m1"],"price_factor":1,)" + std::string(more) +
                        R"("source":"s","checked":"2026-11-22"}])");
  };
  const std::string named = cloud(geography("regional", "1.1") + ",");
  const NamedText files[] = {{"acme.json", acme}, {"cloud.json", named}};
  const Result<Catalog> catalog = parse_providers(files);
  REQUIRE(catalog.ok());
  REQUIRE(catalog->models.size() == 2);
  REQUIRE(catalog->models[1].geographies.size() == 1);
  CHECK(catalog->models[1].geographies[0].id == "regional");
  CHECK(catalog->models[1].geographies[0].factor == 1.1);
  CHECK(catalog->models[0].geographies[0].id == "us");
  CHECK(catalog->as_of == *parse_moment("2026-11-23"));
  const std::string wrong = cloud(geography("regional", "0") + ",");
  const NamedText bad[] = {{"acme.json", acme}, {"cloud.json", wrong}};
  CHECK(parse_providers(bad)->models.size() == 1);
  CHECK(parse_providers(bad)->left_out.size() == 1);
}

TEST_CASE("a seller cannot pass on its own models, or one model twice") {
  const std::string acme =
      provider("acme", model_with("", row_json),
               R"("resells":[{"models":["acme/m1"],"price_factor":1,"source":"s","checked":"2026-11-22"}])");
  CHECK(load(acme).left_out.size() == 1);
  const std::string beta =
      provider("beta", "",
               R"("resells":[{"models":["acme/m1","acme/m1"],"price_factor":1,"source":"s","checked":"2026-11-22"}])");
  const NamedText files[] = {{"a", acme}, {"b", beta}};
  CHECK(parse_providers(files)->models.size() == 2);
  CHECK(parse_providers(files)->left_out.size() == 2);
}

TEST_CASE("a bundle is the same whatever the order of the files, and loads as the files do") {
  const std::string acme = provider("acme", model_with(R"("tokenizer":{"family":"x","ratio":1.1})", row_json));
  const std::string beta =
      provider("beta", model_with("", prices_row(R"({"input":0.1,"output":1e-1})")),
               R"("resells":[{"models":["acme/m1"],"price_factor":1,"source":"s","checked":"2026-11-22"}])");
  const NamedText one_way[] = {{"a", acme}, {"b", beta}};
  const NamedText other_way[] = {{"b", beta}, {"a", acme}};
  const Result<std::string> bundle = bundle_text(one_way);
  REQUIRE(bundle.ok());
  CHECK(*bundle == *bundle_text(other_way));
  CHECK(bundle->starts_with(
      R"({"format":"tokenbill-prices/1","as_of":"2026-11-22","providers":[{"id":"acme","name":"A",)"));
  const Result<Catalog> catalog = parse_catalog(*bundle);
  REQUIRE(catalog.ok());
  CHECK(catalog->left_out.empty());
  CHECK(catalog->as_of == *parse_moment("2026-11-22"));
  REQUIRE(catalog->models.size() == 3);
  CHECK(catalog->models[2].key == "beta/acme/m1");
  CHECK(price(catalog->models[1].prices[0].prices, TokenClass::output) == 0.1);

  const NamedText broken[] = {{"a", acme}, {"c", "{"}};
  CHECK_FALSE(bundle_text(broken).ok());
}

TEST_CASE("a bundle in parts is the same catalog, also where a seller passes on what a later part has") {
  const std::string acme = provider(
      "acme", "", R"("resells":[{"models":["beta/m1"],"price_factor":2,"source":"s","checked":"2026-11-22"}])");
  const std::string beta = provider("beta", model_with("", prices_row(R"({"input":0.5,"output":1})")));
  const NamedText files[] = {{"a", acme}, {"b", beta}};
  const Result<std::string> bundle = bundle_text(files);
  REQUIRE(bundle.ok());
  const Result<JsonValue> whole = parse_json(*bundle, "prices");
  REQUIRE(whole.ok());
  CatalogParts parts;
  for (const JsonValue& seller : whole->find("providers")->items) {
    JsonWriter w;
    w.begin_object().member("format", whole->find("format")->text).member("as_of", whole->find("as_of")->text);
    w.key("providers").begin_array().value(seller).end_array().end_object();
    CHECK_FALSE(parts.add(w.take()));
  }
  const Result<Catalog> together = parts.finish();
  REQUIRE(together.ok());
  CHECK(together->left_out.empty());
  CHECK(together->as_of == *parse_moment("2026-11-22"));
  REQUIRE(together->models.size() == 2);
  CHECK(together->models[0].key == "acme/beta/m1");
  CHECK(price(together->models[0].prices[0].prices, TokenClass::output) == 2);
  CHECK(catalog_json(*together) == catalog_json(*parse_catalog(*bundle)));
}

TEST_CASE("a part that is refused leaves the others as they are; no part at all is an error") {
  CHECK(CatalogParts().finish().error().code == Code::missing_key);
  CatalogParts parts;
  const std::string sound =
      R"({"format":"tokenbill-prices/1","as_of":"2026-11-22","providers":[{"id":"a","name":"A","kind":"developer","models":[]}]})";
  CHECK_FALSE(parts.add(sound));
  const std::optional<Error> refused = parts.add("{", "second");
  REQUIRE(refused);
  CHECK(refused->where == "second:1:2");
  CHECK_FALSE(parts.add(sound, "third"));  // with a seller that stands in the catalog already
  const Result<Catalog> catalog = parts.finish();
  REQUIRE(catalog.ok());
  CHECK(catalog->sellers.size() == 1);
  REQUIRE(catalog->left_out.size() == 1);
  CHECK(catalog->left_out[0].where.starts_with("third:1:"));
}

TEST_CASE("in a bundle, a bad model is left out with its place, a bad frame is an error") {
  const auto bundle = [](std::string_view provider_text) {
    return R"({"format":"tokenbill-prices/1","as_of":"2026-11-22","providers":[)" +
           replaced(provider_text, R"("format":"tokenbill-provider/1",)", "") + "]}";
  };
  const std::string sound_bundle = bundle(provider("acme", model_with("", row_json)));
  CHECK(parse_catalog(sound_bundle)->models.size() == 1);
  const Result<Catalog> partly = parse_catalog(bundle(provider("acme", model_with("", row_with(R"("tier":"x")")))));
  REQUIRE(partly.ok());
  CHECK(partly->models.empty());
  CHECK(partly->sellers.size() == 1);
  CHECK(partly->left_out[0].where.starts_with("pricing-v1.json:1:"));
  CHECK(partly->left_out[0].where.ends_with(" /providers/0/models/0/prices/0/tier"));
  CHECK_FALSE(parse_catalog(replaced(sound_bundle, "prices/1", "prices/2")).ok());
  CHECK_FALSE(parse_catalog(replaced(sound_bundle, "2026-11-22", "2026-11-32")).ok());
  CHECK_FALSE(parse_catalog(replaced(sound_bundle, "as_of", "as-of")).ok());
  CHECK_FALSE(parse_catalog(sound_bundle.substr(0, sound_bundle.size() - 1)).ok());
}

TEST_CASE("a seller that cannot be told is left out with all its models, once") {
  for (const char* id : {"", "Acme", "ac me", "acme/x", "-acme", "a--b"}) {
    CAPTURE(id);
    const Catalog catalog = load(provider(id, model_with("", row_json)));
    CHECK(catalog.sellers.empty());
    CHECK(catalog.models.empty());
    CHECK(catalog.left_out.size() == 1);
  }
}

TEST_CASE("a flood of errors is cut, and still no bad model slips in") {
  std::string models;
  for (int i = 0; i < 2000; ++i)
    models += replaced(model_with("", row_with(R"("tier":"x")")), "m1", "m" + std::to_string(i)) + ",";
  const Catalog catalog = load(provider("acme", models + model_with("", row_json)));
  CHECK(catalog.models.size() == 1);
  CHECK(catalog.left_out.size() == 1000);
}

TEST_CASE("a rule of counting is complete for its algorithm, and the error says what is missing") {
  const auto counting = [](std::string_view members) {
    return R"("counting":{)" + std::string(members) + R"(,"source":"s","checked":"2026-11-20"})";
  };
  const auto image = [&](std::string_view rule) { return counting(R"("image_tokens":{)" + std::string(rule) + "}"); };
  const auto error = [&](std::string_view members) { return model_error(members); };
  for (const char* rule : {R"("algorithm":"patch28","auto":{"max_edge":1568,"max_patches":1568})",
                           R"("algorithm":"patch32","auto":{"multiplier":1.2})",
                           R"("algorithm":"tile512","auto":{"base_tokens":85,"tile_tokens":170},)"
                           R"("low":{"base_tokens":85,"tile_tokens":0})",
                           R"("algorithm":"tile768","auto":{"tile_tokens":258})",
                           R"("algorithm":"fixed","auto":{"tokens":1120},"medium":{"tokens":560})"})
    CHECK(sound(provider("acme", model_with(image(rule), row_json))).models[0].image_tokens.has_value());

  struct Bad {
    std::string members;
    Code code;
    std::string_view where;
  };
  const Bad bad[] = {
      {image(R"("algorithm":"patch28","auto":{"max_edge":1568})"), Code::missing_key, "/counting/image_tokens/auto"},
      {image(R"("algorithm":"patch32","auto":{"max_edge":2048})"), Code::missing_key, "/counting/image_tokens/auto"},
      {image(R"("algorithm":"tile512","auto":{"base_tokens":85})"), Code::missing_key, "/counting/image_tokens/auto"},
      {image(R"("algorithm":"tile768","auto":{})"), Code::missing_key, "/counting/image_tokens/auto"},
      {image(R"("algorithm":"fixed","auto":{"tokens":1120},"low":{})"), Code::missing_key, "/image_tokens/low"},
      {image(R"("algorithm":"fixed","low":{"tokens":280})"), Code::missing_key, "/counting/image_tokens"},
      {image(R"("auto":{"tokens":280})"), Code::missing_key, "/counting/image_tokens"},
      {image(R"("algorithm":"patch14","auto":{})"), Code::bad_value, "/counting/image_tokens/algorithm"},
      {image(R"("algorithm":"fixed","auto":{"tokens":1120},"lwo":{"tokens":1})"), Code::unknown_key, "/lwo"},
      {image(R"("algorithm":"fixed","auto":{"tokens":1120,"multiplier":2})"), Code::unknown_key, "/auto/multiplier"},
      {image(R"("algorithm":"fixed","auto":{"tokens":-1})"), Code::out_of_range, "/auto/tokens"},
      {image(R"("algorithm":"patch32","auto":{"multiplier":0})"), Code::out_of_range, "/auto/multiplier"},
      {image(R"("algorithm":"patch28","auto":{"max_edge":1568.5,"max_patches":9})"), Code::out_of_range, "/max_edge"},
      {counting(R"("tool_prompt_tokens":0)"), Code::out_of_range, "/counting/tool_prompt_tokens"},
      {counting(R"("keeps_reasoning":1)"), Code::wrong_type, "/counting/keeps_reasoning"},
      {R"("counting":{"source":"s","checked":"2026-11-20"})", Code::missing_key, "/counting"},
      {R"("counting":{"pdf_page_tokens":258,"checked":"2026-11-20"})", Code::missing_key, "/counting"},
      {R"("counting":{"pdf_page_tokens":258,"source":"s"})", Code::missing_key, "/counting"},
      {R"("counting":[])", Code::wrong_type, "/counting"}};
  for (const Bad& one : bad) {
    CAPTURE(one.members);
    const Error found = error(one.members);
    CHECK(found.code == one.code);
    CHECK(found.where.ends_with(one.where));
    CHECK(!found.message.empty());
  }
}

TEST_CASE("what a model counts passes to its resellers") {
  const std::string acme =
      provider("acme", model_with(R"("counting":{"tool_prompt_tokens":286,"keeps_reasoning":true,"source":"s",)"
                                  R"("checked":"2026-11-20"})",
                                  row_json));
  const std::string beta = provider(
      "beta", "", R"("resells":[{"models":["acme/m1"],"price_factor":2,"source":"s","checked":"2026-11-22"}])");
  const NamedText files[] = {{"a", acme}, {"b", beta}};
  const Catalog catalog = parse_providers(files).value();
  REQUIRE(catalog.models.size() == 2);
  CHECK(catalog.models[1].tool_prompt_tokens == 286);
  CHECK(catalog.models[1].keeps_reasoning);
  CHECK(catalog.models[1].counting_source == "s");
}

namespace {

constexpr std::string_view service_row =
    R"({"status":"list","base_usd":5,"source":"https://example.com","checked":"2026-11-18"})";

std::string services_file(std::string_view id, std::string_view services) {
  return R"({"format":"tokenbill-services/1","id":")" + std::string(id) + R"(","name":"V","services":[)" +
         std::string(services) + "]}";
}

std::string service_with(std::string_view id, std::string_view rows) {
  return R"({"id":")" + std::string(id) + R"(","name":"S","kind":"vector_store","prices":[)" + std::string(rows) + "]}";
}

std::string rates_row(std::string_view rates) {
  return R"({"status":"list","rates":[)" + std::string(rates) + R"(],"source":"s","checked":"2026-11-18"})";
}

}  // namespace

TEST_CASE("services: everything that a file can say is read, and comes through the bundle") {
  const std::string vendor = services_file("vend", service_with("plan", R"({
      "from": "2026-01-01", "until": "2026-12-01", "status": "promotional", "base_usd": 20, "minimum_usd": 50,
      "rates": [{"metric": "read_units", "usd": 16, "per": 1000000, "included": 2000}, {"metric": "seats", "usd": 39}],
      "source": "https://example.com", "checked": "2026-11-21", "note": "regional"})"));
  const std::string other = services_file("abc", service_with("plan", service_row));
  const std::string acme = provider("acme", model_with("", row_json));
  const NamedText files[] = {{"v", vendor}, {"a", acme}, {"o", other}};
  const NamedText reordered[] = {{"o", other}, {"v", vendor}, {"a", acme}};
  const std::string bundle = bundle_text(files).value();
  CHECK(bundle == bundle_text(reordered).value());
  for (const Catalog& catalog : {parse_providers(files).value(), parse_catalog(bundle).value()}) {
    CHECK(catalog.left_out.empty());
    CHECK(catalog.as_of == *parse_moment("2026-11-21"));
    REQUIRE(catalog.services.size() == 2);
    CHECK(catalog.services[0].key == "abc/plan");  // by vendor
    const Service& service = catalog.services[1];
    CHECK(service.id == "plan");
    CHECK(service.key == "vend/plan");
    CHECK(service.name == "S");
    CHECK(service.kind == "vector_store");
    REQUIRE(service.rows.size() == 1);
    const ServiceRow& row = service.rows[0];
    CHECK(row.from == *parse_moment("2026-01-01"));
    CHECK(row.until == *parse_moment("2026-12-01"));
    CHECK(row.status == PriceStatus::promotional);
    CHECK(row.base_usd == 20);
    CHECK(row.minimum_usd == 50);
    const auto rate = [&](Metric metric) { return row.rates[static_cast<std::size_t>(metric)]; };
    REQUIRE(rate(Metric::read_units).has_value());
    CHECK(rate(Metric::read_units)->usd == 16.0 / 1000000);
    CHECK(rate(Metric::read_units)->included == 2000);
    CHECK(rate(Metric::seats)->usd == 39);
    CHECK(rate(Metric::seats)->included == 0);
    CHECK_FALSE(rate(Metric::traces).has_value());
    CHECK(row.source == "https://example.com");
    CHECK(row.checked == *parse_moment("2026-11-21"));
    CHECK(row.note == "regional");
  }
}

TEST_CASE("services: a bad one is left out with its place, what is sound stays") {
  struct Bad {
    std::string services;
    Code code;
    std::string_view where;
  };
  const std::string sound_one = service_with("good", service_row);
  const auto rates = [](std::string_view text) { return service_with("bad", rates_row(text)); };
  const Bad bad[] = {
      {rates(R"({"metric":"vectors","usd":1})"), Code::bad_value, "/services/1/prices/0/rates/0/metric"},
      {rates(R"({"metric":"seats","usd":-1})"), Code::out_of_range, "/services/1/prices/0/rates/0/usd"},
      {rates(R"({"metric":"seats","usd":1,"per":0})"), Code::out_of_range, "/rates/0/per"},
      {rates(R"({"metric":"seats","usd":1,"included":-5})"), Code::out_of_range, "/rates/0/included"},
      {rates(R"({"metric":"seats"})"), Code::missing_key, "/rates/0"},
      {rates(R"({"metric":"seats","usd":1,"usds":2})"), Code::unknown_key, "/rates/0/usds"},
      {rates(R"({"metric":"seats","usd":1},{"metric":"seats","usd":2})"), Code::inconsistent, "/rates/1"},
      {rates(""), Code::out_of_range, "/prices/0/rates"},
      {service_with("bad", R"({"status":"list","source":"s","checked":"2026-11-18"})"), Code::missing_key, "/prices/0"},
      {service_with("bad", R"({"status":"list","base_usd":0,"checked":"2026-11-18"})"), Code::missing_key, "/prices/0"},
      {service_with("bad", R"({"status":"promotional","base_usd":0,"source":"s","checked":"2026-11-18"})"),
       Code::missing_key, "/prices/0"},
      {service_with("bad", std::string(service_row) + "," + std::string(service_row)), Code::inconsistent, "/prices/1"},
      {service_with("bad", ""), Code::out_of_range, "/services/1/prices"},
      {service_with("good", service_row), Code::inconsistent, "/services/1"},
      {service_with("Bad", service_row), Code::bad_value, "/services/1/id"},
      {replaced(service_with("bad", service_row), "vector_store", "database"), Code::bad_value, "/services/1/kind"}};
  for (const Bad& one : bad) {
    CAPTURE(one.services);
    const Catalog catalog = load(services_file("vend", sound_one + "," + one.services));
    REQUIRE(catalog.left_out.size() == 1);
    const Error& error = catalog.left_out[0];
    CHECK(error.code == one.code);
    CHECK(error.where.starts_with("acme.json:1:"));
    CHECK(error.where.ends_with(one.where));
    CHECK(!error.message.empty());
    REQUIRE(catalog.services.size() == 1);
    CHECK(catalog.services[0].key == "vend/good");
  }
}

TEST_CASE("services: a vendor that cannot be told, or has two files, is left out once") {
  CHECK(load(services_file("Vend or", service_with("a", service_row))).services.empty());
  CHECK(load(services_file("Vend or", service_with("a", service_row))).left_out.size() == 1);
  const std::string one = services_file("vend", service_with("a", service_row));
  const std::string two = services_file("vend", service_with("b", service_row));
  const NamedText files[] = {{"1", one}, {"2", two}};
  const Catalog catalog = parse_providers(files).value();
  CHECK(catalog.services.size() == 1);
  REQUIRE(catalog.left_out.size() == 1);
  CHECK(catalog.left_out[0].code == Code::inconsistent);
  CHECK(catalog.left_out[0].where.starts_with("2:1:"));
  const NamedText newer{"v", R"({"format":"tokenbill-services/2","id":"vend"})"};
  const Result<Catalog> refused = parse_providers({&newer, 1});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Code::bad_format);
  CHECK(refused.error().message.find("tokenbill-services/1") != std::string::npos);
}

TEST_CASE("services: in a bundle they are optional, and a bad one has its place there") {
  const std::string start = R"({"format":"tokenbill-prices/1","as_of":"2026-11-22","providers":[])";
  CHECK(parse_catalog(start + "}").value().services.empty());
  const auto vendors = [&](std::string_view services) {
    return parse_catalog(start + R"(,"services":[{"id":"vend","name":"V","services":[)" + std::string(services) +
                         "]}]}");
  };
  CHECK(vendors(service_with("a", service_row)).value().services.size() == 1);
  const Catalog bad = vendors(service_with("a", rates_row(R"({"metric":"x","usd":1})"))).value();
  CHECK(bad.services.empty());
  CHECK(bad.left_out[0].where.ends_with(" /services/0/services/0/prices/0/rates/0/metric"));
  CHECK_FALSE(parse_catalog(start + R"(,"services":{}})").ok());
}

TEST_CASE("services: rates without their \"per\" and minimums without effect are found") {
  const auto found = [](std::string_view row) {
    const std::vector<Error> errors = check_catalog(load(services_file("vend", service_with("plan", row))));
    return errors.empty() ? std::string() : to_text(errors[0]);
  };
  CHECK(found(service_row).empty());
  CHECK(found(rates_row(R"({"metric":"read_units","usd":16,"per":1000000})")).empty());
  CHECK(found(rates_row(R"({"metric":"read_units","usd":16})")).find("one of read_units costs 16 USD") !=
        std::string::npos);
  CHECK(found(rates_row(R"({"metric":"text_units","usd":0.38})")).find("vend/plan /prices/0") != std::string::npos);
  CHECK(found(R"({"status":"list","base_usd":50,"minimum_usd":50,"source":"s","checked":"2026-11-18"})")
            .find("the minimum has no effect") != std::string::npos);
  CHECK(found(R"({"status":"list","base_usd":20,"minimum_usd":50,"source":"s","checked":"2026-11-18"})").empty());
}

TEST_CASE("a rule of counting for what the model does not take is found") {
  const auto members = [](std::string_view counting, std::string_view capabilities) {
    return R"("capabilities":[)" + std::string(capabilities) + R"(],"counting":{)" + std::string(counting) +
           R"(,"source":"s","checked":"2026-11-20"})";
  };
  const std::string_view image = R"("image_tokens":{"algorithm":"fixed","auto":{"tokens":9}})";
  CHECK(finds(row_json, "image_tokens but not the capability image_input", members(image, R"("tools")")));
  CHECK(findings(row_json, members(image, R"("image_input")")).empty());
  CHECK(finds(row_json, "not the capability tools", members(R"("tool_prompt_tokens":286)", R"("image_input")")));
  CHECK(finds(row_json, "not the capability reasoning", members(R"("keeps_reasoning":true)", R"("tools")")));
  CHECK(finds(row_json, "audio_output", members(R"("audio_output_tokens_per_second":20)", R"("audio_input")")));
  CHECK(finds(
      row_json, "than a second of its sound",
      members(R"("audio_input_tokens_per_second":32,"video_tokens_per_second":32)", R"("audio_input","video_input")")));
}

TEST_CASE("plausible prices raise no finding") {
  CHECK(findings(row_json).empty());
  CHECK(findings(prices_row(R"({"input":3,"cache_read":0.3,"cache_write_5m":3.75,"cache_write_1h":6,"output":15})"))
            .empty());
  CHECK(findings(prices_row(R"({"input":0,"output":0})")).empty());
}

TEST_CASE("figures per thousand tokens, or per token, are found") {
  CHECK(finds(prices_row(R"({"input":0.0005,"output":0.0008})"), "input costs 0.0005 USD per million tokens"));
  CHECK(finds(prices_row(R"({"input":2500,"output":10000})"), "input costs 2500"));
  CHECK(finds(std::string(row_json) + "," + prices_row(R"({"input":0.0025,"output":0.01})", R"("tier":"batch")"),
              "in row 0 it costs 2.5"));
  CHECK(finds(prices_row(R"({"input":2.5,"cache_read":0.0013,"output":10})"), "less than a 150th"));
  CHECK(finds(prices_row(R"({"input":0.15,"output":600})"), "100 times"));
}

TEST_CASE("swapped prices are found, unless a note explains what is only unusual") {
  CHECK(finds(prices_row(R"({"input":10,"output":2.5})"), "output is cheaper than input"));
  CHECK_FALSE(finds(prices_row(R"({"input":10,"output":2.5})", R"("note":"so it is")"), "output is cheaper"));
  CHECK(finds(prices_row(R"({"input":2,"cache_read":4,"output":10})", R"("note":"so it is")"),
              "reading from the cache costs more"));
  CHECK(finds(prices_row(R"({"input":3,"cache_write":4.5,"output":15})"), "1.5 times as much as input"));
  CHECK_FALSE(
      finds(prices_row(R"({"input":3,"cache_write":4.5,"output":15})", R"("note":"so it is")"), "as much as input"));
}

TEST_CASE("tiers, thresholds and limits that contradict each other are found") {
  const std::string tiered = row_with(R"("context_tiers":[{"above":200000,"usd_per_mtok":{"input":5}}])");
  CHECK(findings(tiered, R"("context_tokens":200001)").empty());
  CHECK(finds(tiered, "no prompt reaches", R"("context_tokens":200000)"));
  CHECK(finds(row_with(R"("context_tiers":[{"above":200000,"usd_per_mtok":{"input":2}}])"),
              "a longer prompt is cheaper"));
  CHECK(finds(row_json, "more output", R"("context_tokens":1000,"max_output_tokens":1001)"));
  CHECK(finds(row_json, "retires before", R"("released":"2026-01-02","retires":"2026-01-02")"));
  const std::string standard(row_json);
  CHECK(finds(standard + "," + prices_row(R"({"input":3,"output":5})", R"("tier":"batch")"), "batch is dearer"));
  CHECK(finds(standard + "," + prices_row(R"({"input":2,"output":20})", R"("tier":"fast")"), "fast is cheaper"));
  CHECK(findings(standard + "," + prices_row(R"({"input":1.25,"output":5})", R"("tier":"batch")")).empty());
}

TEST_CASE("the shipped prices load in full and raise no finding") {
  const std::string_view text = test_file("pricing-v1.json");
  if (text.empty()) return;  // this build has no bundle
  const Result<Catalog> catalog = parse_catalog(text);
  REQUIRE(catalog.ok());
  for (const Error& error : catalog->left_out) FAIL_CHECK(to_text(error));
  for (const Error& error : check_catalog(*catalog)) FAIL_CHECK(to_text(error));
  CHECK(catalog->models.size() > 100);
  for (const Model& model : catalog->models) {
    CAPTURE(model.key);
    CHECK(*catalog->find_model(model.key) == &model);
    for (const PriceRow& row : model.prices) {
      CHECK(!row.source.empty());
      CHECK(row.checked <= catalog->as_of);
    }
  }
}
