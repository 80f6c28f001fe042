// What changed between two scenarios, worked by hand: 1.5 million requests of 2,000 and 500 tokens at 2.50 and 10 USD
// a million are 7,500 USD of input and 7,500 of output.

#include "tokenbill/difference.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

Scenario bot(Given given = {}, std::string_view model = "m") {
  Scenario s = bare(model, {{"conversations_per_day", "10000"}, {"turns_per_conversation", "5"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

Catalog shop() { return catalog_of({model_of("m", 2.5, 10), model_of("small", 0.25, 1), model_of("dark", {})}); }

const AmountChange& item(const Difference& difference, std::string_view id) {
  for (const AmountChange& change : difference.items)
    if (change.id == id) return change;
  FAIL("there is no item " << std::string(id));
  return difference.items.front();
}

Difference between(const Catalog& old_catalog, const Scenario& before, const Catalog& catalog, const Scenario& after) {
  Result<Difference> found =
      find_difference(engine(), Priceable{&old_catalog, &before, today}, {&catalog, &after, today});
  if (!found) FAIL(to_text(found.error()));
  return std::move(found).value();
}

}  // namespace

TEST_CASE("a longer prompt changes one input and one line of the bill") {
  const Catalog catalog = shop();
  const Scenario before = bot(), after = bot({{"prompt_tokens", "6000"}});
  const Difference d = between(catalog, before, catalog, after);
  REQUIRE(d.inputs.size() == 1);
  CHECK(d.inputs[0].id == "prompt_tokens");
  CHECK(d.inputs[0].before == "2\u202f000 tokens per request");
  CHECK(d.inputs[0].after == "6\u202f000 tokens per request");
  CHECK(d.prices.empty());
  CHECK(same(item(d, "input.uncached").difference, 15000));
  CHECK(same(item(d, "input.uncached").ratio, 3));
  CHECK(item(d, "input.uncached").words == "3.0× dearer");
  CHECK(item(d, "output.text").words == "the same");
  CHECK(same(d.per_month.before, 15000));
  CHECK(same(d.per_month.after, 30000));
  CHECK(same(d.per_request.difference, 0.01));
  CHECK(d.sentence ==
        "A month costs 30\u202f000.00 USD instead of 15\u202f000.00: 15\u202f000.00 USD more, 2.0× dearer.");
}

TEST_CASE("another model is told, and what it charges") {
  const Catalog catalog = shop();
  const Scenario before = bot(), after = bot({}, "small");
  const Difference d = between(catalog, before, catalog, after);
  REQUIRE(d.inputs.size() == 1);
  CHECK(d.inputs[0].id == "model");
  CHECK(d.inputs[0].after == "small (acme/small)");
  CHECK(d.prices.size() == 2);
  CHECK(same(d.per_month.difference, -13500));
  CHECK(d.per_month.words == "90\u202f% cheaper");
}

TEST_CASE("the same scenario under two price lists differs by its prices alone") {
  const Catalog old_catalog = catalog_of({model_of("m", 2.5, 10)}), catalog = catalog_of({model_of("m", 2.5, 15)});
  const Scenario scenario = bot();
  const Difference d = between(old_catalog, scenario, catalog, scenario);
  CHECK(d.inputs.empty());
  REQUIRE(d.prices.size() == 1);
  CHECK(d.prices[0].id == "price.output");
  CHECK(d.prices[0].before == "10 USD per million tokens");
  CHECK(same(d.per_month.difference, 3750));
}

TEST_CASE("a line that appears is new, and one that goes is gone") {
  const Catalog catalog = shop();
  const Scenario without = bot(), with = bot({{"observability_usd", "100"}});
  const Difference appears = between(catalog, without, catalog, with);
  const Difference goes = between(catalog, with, catalog, without);
  const auto count = [](const Difference& d, std::string_view words) {
    return std::count_if(d.items.begin(), d.items.end(), [&](const AmountChange& c) { return c.words == words; });
  };
  CHECK(count(appears, "new") == 1);
  CHECK(count(goes, "gone") == 1);
  CHECK(same(appears.per_month.difference, 100));
  CHECK(same(goes.per_month.difference, -100));
}

TEST_CASE("a scenario without an older one adds all that it costs") {
  const Catalog catalog = shop();
  const Scenario scenario = bot();
  const Result<Difference> found = find_difference(engine(), std::nullopt, {&catalog, &scenario, today});
  REQUIRE(found.ok());
  CHECK_FALSE(found->before.has_value());
  CHECK_FALSE(found->per_month.before.has_value());
  CHECK(same(found->per_month.difference, 15000));
  CHECK(found->per_month.words == "new");
  CHECK(found->items.size() == 2);
  CHECK(broken_limits(*found, {{}, 0.1}).empty());
  CHECK(broken_limits(*found, {14999, {}}).size() == 1);
}

TEST_CASE("a price that nobody knows makes the difference unknown and breaks every limit") {
  const Catalog catalog = shop();
  const Scenario before = bot(), after = bot({}, "dark");
  const Difference d = between(catalog, before, catalog, after);
  CHECK_FALSE(d.per_month.after.has_value());
  CHECK_FALSE(d.per_month.difference.has_value());
  CHECK(d.per_month.words.empty());
  CHECK(d.sentence == "A month cost 15\u202f000.00 USD; what it costs now is not known.");
  CHECK_FALSE(item(d, "output.text").after.has_value());
  CHECK(broken_limits(d, {1e9, 100.0}).size() == 2);
  CHECK(broken_limits(d, {}).empty());
}

TEST_CASE("limits hold up to the cent that they name") {
  const Catalog catalog = shop();
  const Scenario before = bot(), after = bot({{"prompt_tokens", "3000"}});  // 15,000 to 18,750
  const Difference d = between(catalog, before, catalog, after);
  CHECK(broken_limits(d, {18750, 0.25}).empty());
  const std::vector<Notice> broken = broken_limits(d, {18749.99, 0.2499});
  REQUIRE(broken.size() == 2);
  CHECK(broken[0].kind == "budget");
  CHECK(broken[1].kind == "increase");
  CHECK(broken[1].text.find("25\u202f% dearer") != std::string::npos);
}
