#include "tokenbill/catalog.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace tokenbill;

namespace {

Moment at(std::string_view text) {
  const Result<Moment> moment = parse_moment(text);
  REQUIRE(moment.ok());
  return *moment;
}

void set(Prices& prices, TokenClass token_class, double usd) { prices[static_cast<std::size_t>(token_class)] = usd; }

PriceRow row(std::string_view from, std::string_view until, double input) {
  PriceRow result;
  if (!from.empty()) result.from = at(from);
  if (!until.empty()) result.until = at(until);
  set(result.prices, TokenClass::input, input);
  return result;
}

constexpr std::uint8_t weekdays = 0b0011111;

Window window(std::uint8_t days, int from_hour, int to_hour, int zone_hours) {
  Window result;
  result.days = days;
  result.from_minute = from_hour * 60;
  result.to_minute = to_hour * 60;
  result.zone_minutes = zone_hours * 60;
  return result;
}

Catalog catalog_of(std::initializer_list<std::pair<std::string_view, std::string_view>> models) {
  Catalog catalog;
  for (const auto& [seller, id] : models) {
    Model model;
    model.id = id;
    model.key = std::string(seller) + "/" + std::string(id);
    while (model.seller < catalog.sellers.size() && catalog.sellers[model.seller].id != seller) ++model.seller;
    if (model.seller == catalog.sellers.size()) catalog.sellers.push_back({std::string(seller), "", "developer", {}});
    catalog.models.push_back(model);
  }
  return catalog;
}

}  // namespace

TEST_CASE("dates and times are read as seconds since 1970") {
  CHECK(at("1970-01-01").seconds == 0);
  CHECK(at("1970-01-01T00:00:01Z").seconds == 1);
  CHECK(at("2000-02-29").seconds == 951782400);
  CHECK(at("2026-08-16T16:00:00Z").seconds == 1786896000);
  CHECK(at("2026-11-22T23:59:59Z").seconds == at("2026-11-23").seconds - 1);
  CHECK(at("9999-12-31T23:59:59Z").seconds == 253402300799);
}

TEST_CASE("what is no date is refused") {
  for (std::string_view text : {"",
                                "2026",
                                "2026-1-1",
                                "2026-11-22 ",
                                " 2026-11-22",
                                "2026-11-31",
                                "2026-02-29",
                                "2100-02-29",
                                "2026-00-10",
                                "2026-13-01",
                                "2026-01-00",
                                "2026-01-32",
                                "1969-12-31",
                                "0000-01-01",
                                "22.11.2026",
                                "2026/11/22",
                                "20261122",
                                "2026-11-22T10:00:00",
                                "2026-11-22T10:00Z",
                                "2026-11-22T24:00:00Z",
                                "2026-11-22T10:60:00Z",
                                "2026-11-22T10:00:60Z",
                                "2026-11-22T10:00:00+00:00",
                                "2026-11-22t10:00:00z",
                                "2026-11-22T10:00:00.5Z",
                                "2026-11-2a",
                                "+026-11-22"}) {
    CAPTURE(text);
    const Result<Moment> moment = parse_moment(text);
    REQUIRE_FALSE(moment.ok());
    CHECK(moment.error().code == Code::bad_value);
    CHECK(moment.error().message.find("expected a date") != std::string::npos);
  }
}

TEST_CASE("every day of 1970 to 2400 reads back as it was written, with weekdays in turn") {
  Moment moment;
  int day = 3;  // 1970-01-01 was a Thursday
  std::string before;
  while (moment < at("2400-12-31")) {
    const std::string text = moment_text(moment);
    REQUIRE(text > before);
    REQUIRE(at(text) == moment);
    REQUIRE(weekday(moment) == day);
    before = text;
    day = (day + 1) % 7;
    moment.seconds += 86400;
  }
}

TEST_CASE("a moment shows its time of day only where it is not midnight") {
  CHECK(moment_text(at("2026-11-22")) == "2026-11-22");
  CHECK(moment_text(at("2026-11-22T00:00:00Z")) == "2026-11-22");
  CHECK(moment_text(at("2026-11-22T00:00:01Z")) == "2026-11-22T00:00:01Z");
  CHECK(moment_text(at("2026-11-22T16:05:09Z")) == "2026-11-22T16:05:09Z");
  CHECK(weekday(at("2026-11-22T23:59:59Z")) == 6);
  CHECK(weekday(at("2026-11-23")) == 0);
  CHECK(day_number(Moment{-1}) == -1);
}

TEST_CASE("classes, tiers and statuses keep their names") {
  for (std::size_t i = 0; i < token_class_count; ++i) {
    const auto token_class = static_cast<TokenClass>(i);
    CHECK(token_class_of(info(token_class).id) == token_class);
    CHECK(info(token_class).is_input == !info(token_class).id.starts_with("output"));
  }
  CHECK_FALSE(token_class_of("tokens").has_value());
  CHECK(info(TokenClass::cache_write_30m).category == Category::cache_write);
  for (std::string_view id : {"standard", "batch", "flex", "fast", "ultrafast"})
    CHECK(service_tier_id(*service_tier_of(id)) == id);
  CHECK_FALSE(service_tier_of("Batch").has_value());
  CHECK(price_status_id(PriceStatus::cancelled) == "cancelled");
  CHECK(model_kind_id(ModelKind::video) == "video");
}

TEST_CASE("a class without a price takes the one that stands in for it, and only that") {
  Prices prices;
  for (std::size_t i = 0; i < token_class_count; ++i)
    CHECK_FALSE(resolve(prices, static_cast<TokenClass>(i)).has_value());
  set(prices, TokenClass::input, 2);
  for (std::size_t i = 0; i < token_class_count; ++i) {
    const auto token_class = static_cast<TokenClass>(i);
    CAPTURE(info(token_class).id);
    CHECK(resolve(prices, token_class) == (info(token_class).is_input ? std::optional(2.0) : std::nullopt));
  }
  set(prices, TokenClass::output, 8);
  CHECK(resolve(prices, TokenClass::output_reasoning) == 8);
  CHECK(resolve(prices, TokenClass::output_audio) == 8);
  set(prices, TokenClass::cache_write, 2.5);
  CHECK(resolve(prices, TokenClass::cache_write_5m) == 2.5);
  set(prices, TokenClass::cache_write_1h, 4);
  CHECK(resolve(prices, TokenClass::cache_write_1h) == 4);
  CHECK(resolve(prices, TokenClass::cache_write_30m) == 2.5);
  set(prices, TokenClass::input_image, 3);
  CHECK(resolve(prices, TokenClass::cache_read_image) == 3);
  CHECK(resolve(prices, TokenClass::cache_read_audio) == 2);
  set(prices, TokenClass::cache_read, 0.2);
  CHECK(resolve(prices, TokenClass::cache_read_image) == 0.2);
  set(prices, TokenClass::cache_read_image, 0.3);
  CHECK(resolve(prices, TokenClass::cache_read_image) == 0.3);
}

TEST_CASE(
    "a cache write without a lifetime costs as much as the shortest one; one lifetime never stands in for another") {
  Prices prices;
  set(prices, TokenClass::input, 2);
  set(prices, TokenClass::cache_write_1h, 4);
  CHECK(resolve(prices, TokenClass::cache_write) == 4);
  set(prices, TokenClass::cache_write_5m, 2.5);
  CHECK(resolve(prices, TokenClass::cache_write) == 2.5);
  CHECK(resolve(prices, TokenClass::cache_write_30m) == 2);
  set(prices, TokenClass::cache_write, 3);
  CHECK(resolve(prices, TokenClass::cache_write) == 3);
  CHECK(resolve(prices, TokenClass::cache_write_30m) == 3);
  CHECK(resolve(prices, TokenClass::cache_write_5m) == 2.5);
}

TEST_CASE("a price of 0 is free, not absent") {
  Prices prices;
  set(prices, TokenClass::input, 2);
  set(prices, TokenClass::cache_read, 0);
  CHECK(resolve(prices, TokenClass::cache_read) == 0);
  CHECK(resolve(prices, TokenClass::cache_read_video) == 0);
}

TEST_CASE("a row holds from its first second to the one before its end") {
  Model model;
  model.prices = {row("", "2026-08-16T16:00:00Z", 1), row("2026-08-16T16:00:00Z", "2026-12-31", 2),
                  row("2027-01-01", "", 3)};
  const auto input = [&](std::string_view text) {
    const PriceRow* found = row_at(model, ServiceTier::standard, at(text));
    return found == nullptr ? -1 : *found->prices[0];
  };
  CHECK(input("1970-01-01") == 1);
  CHECK(input("2026-08-16T15:59:59Z") == 1);
  CHECK(input("2026-08-16T16:00:00Z") == 2);
  CHECK(input("2026-12-30T23:59:59Z") == 2);
  CHECK(input("2026-12-31") == -1);
  CHECK(input("2027-01-01") == 3);
  CHECK(input("9999-12-31") == 3);
  CHECK(row_at(model, ServiceTier::batch, at("2027-01-01")) == nullptr);
}

TEST_CASE("a cancelled row never holds, an announced one from its day on") {
  Model model;
  model.prices = {row("2026-09-01", "", 3), row("", "", 2)};
  model.prices[0].status = PriceStatus::cancelled;
  CHECK(row_at(model, ServiceTier::standard, at("2026-09-02")) == &model.prices[1]);
  model.prices[0].status = PriceStatus::announced;
  CHECK(row_at(model, ServiceTier::standard, at("2026-09-02")) == &model.prices[0]);
  CHECK(row_at(model, ServiceTier::standard, at("2026-08-31T23:59:59Z")) == &model.prices[1]);
}

TEST_CASE("a window holds from its first minute to the one before its end, on its days") {
  Seller seller;
  PriceRow prices;
  prices.windows = {window(weekdays, 1, 4, 0), window(weekdays, 6, 10, 0)};
  const auto index = [&](std::string_view text) {
    const Window* found = window_at(seller, prices, at(text));
    return found == nullptr ? -1 : static_cast<int>(found - prices.windows.data());
  };
  CHECK(index("2026-11-23T00:59:59Z") == -1);  // a Monday
  CHECK(index("2026-11-23T01:00:00Z") == 0);
  CHECK(index("2026-11-23T03:59:59Z") == 0);
  CHECK(index("2026-11-23T04:00:00Z") == -1);
  CHECK(index("2026-11-23T06:00:00Z") == 1);
  CHECK(index("2026-11-23T09:59:59Z") == 1);
  CHECK(index("2026-11-23T10:00:00Z") == -1);
  CHECK(index("2026-11-27T06:00:00Z") == 1);   // Friday
  CHECK(index("2026-11-28T06:00:00Z") == -1);  // Saturday
  CHECK(index("2026-11-29T06:00:00Z") == -1);  // Sunday
}

TEST_CASE("days, times and holidays of a window are those of its zone") {
  Seller seller;
  seller.calendars["holidays"] = {day_number(at("2026-11-24"))};
  PriceRow prices;
  prices.windows = {window(weekdays, 0, 9, 8)};
  prices.windows[0].except = "holidays";
  const auto inside = [&](std::string_view text) { return window_at(seller, prices, at(text)) != nullptr; };
  CHECK_FALSE(inside("2026-11-22T15:59:59Z"));  // Sunday 23:59:59 in Beijing
  CHECK(inside("2026-11-22T16:00:00Z"));        // Monday 00:00
  CHECK(inside("2026-11-23T00:59:59Z"));        // Monday 08:59:59
  CHECK_FALSE(inside("2026-11-23T01:00:00Z"));
  CHECK_FALSE(inside("2026-11-23T16:00:00Z"));  // Tuesday 00:00, the holiday
  CHECK_FALSE(inside("2026-11-24T00:59:59Z"));
  CHECK(inside("2026-11-24T16:00:00Z"));        // Wednesday
  CHECK_FALSE(inside("2026-11-27T16:00:00Z"));  // Saturday 00:00 in Beijing, still Friday in UTC

  prices.windows = {window(weekdays, 20, 24, -5)};
  CHECK(inside("2026-11-24T01:00:00Z"));  // Monday 20:00 in UTC-5
  CHECK(inside("2026-11-24T04:59:59Z"));
  CHECK_FALSE(inside("2026-11-24T05:00:00Z"));
  CHECK_FALSE(inside("2026-11-23T01:00:00Z"));  // Sunday 20:00
  CHECK(inside("2026-11-28T04:59:59Z"));        // Friday 23:59:59
}

TEST_CASE("the share of the week is the hours in windows out of 168") {
  PriceRow prices;
  CHECK(window_share_of_week(prices) == 0);
  prices.windows = {window(weekdays, 1, 4, 0), window(weekdays, 6, 10, 0)};
  CHECK(window_share_of_week(prices) == doctest::Approx(35.0 / 168).epsilon(1e-15));
  prices.windows = {window(0b1111111, 0, 24, 0)};
  CHECK(window_share_of_week(prices) == 1);
}

TEST_CASE("a level changes the classes that it names and keeps the others from the level below") {
  PriceRow prices = row("", "", 1);
  set(prices.prices, TokenClass::output, 4);
  set(prices.prices, TokenClass::cache_read, 0.1);
  prices.context_tiers.resize(2);
  set(prices.context_tiers[0].prices, TokenClass::input, 2);
  set(prices.context_tiers[0].prices, TokenClass::output, 6);
  set(prices.context_tiers[1].prices, TokenClass::input, 3);
  const auto price = [&](std::size_t level, TokenClass c) {
    return resolve(prices_at_level(prices, nullptr, level), c);
  };
  CHECK(price(0, TokenClass::input) == 1);
  CHECK(price(1, TokenClass::input) == 2);
  CHECK(price(2, TokenClass::input) == 3);
  CHECK(price(2, TokenClass::output) == 6);
  CHECK(price(2, TokenClass::cache_read) == 0.1);
  CHECK(price(7, TokenClass::input) == 3);

  Window peak;
  set(peak.prices, TokenClass::output, 8);
  CHECK(resolve(prices_at_level(prices, &peak, 0), TokenClass::output) == 8);
  CHECK(resolve(prices_at_level(prices, &peak, 0), TokenClass::input) == 1);
  CHECK(resolve(prices_at_level(prices, &peak, 1), TokenClass::output) == 6);
}

TEST_CASE("a model is found by key, and by id or alias where only one seller has it") {
  Catalog catalog =
      catalog_of({{"openai", "gpt-4o"}, {"azure", "gpt-4o"}, {"openai", "o1"}, {"openrouter", "openai/o1"}});
  catalog.models[2].aliases = {"o1-2024-12-17"};
  CHECK(*catalog.find_model("openai/gpt-4o") == &catalog.models[0]);
  CHECK(*catalog.find_model("azure/gpt-4o") == &catalog.models[1]);
  CHECK(*catalog.find_model("o1") == &catalog.models[2]);
  CHECK(*catalog.find_model("o1-2024-12-17") == &catalog.models[2]);
  CHECK(*catalog.find_model("openai/o1-2024-12-17") == &catalog.models[2]);
  CHECK_FALSE(catalog.find_model("azure/o1-2024-12-17").ok());
  CHECK(*catalog.find_model("openai/o1") == &catalog.models[2]);  // a key comes before another seller's id
  CHECK(*catalog.find_model("openrouter/openai/o1") == &catalog.models[3]);

  const Result<const Model*> both = catalog.find_model("gpt-4o");
  REQUIRE_FALSE(both.ok());
  CHECK(both.error().code == Code::unknown_model);
  CHECK(both.error().hint.find("openai/gpt-4o, azure/gpt-4o") != std::string::npos);
}

TEST_CASE("a mistyped model brings the nearest names") {
  const Catalog catalog =
      catalog_of({{"openai", "gpt-4o"}, {"openai", "gpt-4o-mini"}, {"anthropic", "claude-sonnet-5"}});
  const auto hint = [&](std::string_view name) {
    const Result<const Model*> found = catalog.find_model(name);
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().code == Code::unknown_model);
    return found.error().hint;
  };
  CHECK(hint("openai/gpt-40").starts_with("Did you mean openai/gpt-4o"));
  CHECK(hint("GPT-4o") == "Did you mean openai/gpt-4o?");
  CHECK(hint("sonnet") == "Did you mean anthropic/claude-sonnet-5?");
  CHECK(hint("zzzzzzzz").find("Did you mean") == std::string::npos);
  CHECK(hint("").find("Did you mean") == std::string::npos);
  CHECK(hint(std::string(100000, 'g')).find("Did you mean") == std::string::npos);
}

TEST_CASE("every metric is found by its id and has a label") {
  for (std::size_t i = 0; i < metric_count; ++i) {
    const auto metric = static_cast<Metric>(i);
    CHECK(metric_of(metric_id(metric)) == metric);
    CHECK(!metric_label(metric).empty());
  }
  CHECK_FALSE(metric_of("storage").has_value());
  CHECK_FALSE(metric_of("").has_value());
}

TEST_CASE("a service is found by its key, or by its id where only one vendor has it") {
  Catalog catalog;
  for (const auto& [vendor, id] : {std::pair{"pinecone", "standard"}, {"qdrant", "standard"}, {"upstash", "redis"}}) {
    Service& service = catalog.services.emplace_back();
    service.id = id;
    service.key = std::string(vendor) + "/" + id;
  }
  CHECK(*catalog.find_service("pinecone/standard") == &catalog.services[0]);
  CHECK(*catalog.find_service("qdrant/standard") == &catalog.services[1]);
  CHECK(*catalog.find_service("redis") == &catalog.services[2]);
  const Result<const Service*> both = catalog.find_service("standard");
  REQUIRE_FALSE(both.ok());
  CHECK(both.error().code == Code::bad_value);
  CHECK(both.error().where == "service");
  CHECK(both.error().hint == "Name the vendor as well: pinecone/standard, qdrant/standard.");
  const auto hint = [&](std::string_view name) {
    const Result<const Service*> found = catalog.find_service(name);
    REQUIRE_FALSE(found.ok());
    return found.error().hint;
  };
  CHECK(hint("upstash/radis") == "Did you mean upstash/redis?");
  CHECK(hint("pinecone") == "Did you mean pinecone/standard?");
  CHECK(hint("zzzzzzzz") == "Write vendor/service, for example pinecone/standard.");
  CHECK(hint("").starts_with("Write "));
  CHECK(hint(std::string(100000, 'g')).starts_with("Write "));
}

TEST_CASE("the row of a service is that of the day; a cancelled one is never used") {
  Service service;
  ServiceRow old;
  old.until = at("2026-07-01");
  old.minimum_usd = 64;
  ServiceRow cancelled;
  cancelled.from = at("2026-07-01");
  cancelled.status = PriceStatus::cancelled;
  ServiceRow now;
  now.from = at("2026-07-01");
  now.until = at("2026-12-01");
  now.minimum_usd = 16;
  service.rows = {old, cancelled, now};
  CHECK(row_at(service, at("2020-01-01"))->minimum_usd == 64);
  CHECK(row_at(service, at("2026-06-30T23:59:59Z"))->minimum_usd == 64);
  CHECK(row_at(service, at("2026-07-01"))->minimum_usd == 16);
  CHECK(row_at(service, at("2026-12-01")) == nullptr);
  CHECK(row_at(Service{}, at("2026-07-01")) == nullptr);
}
