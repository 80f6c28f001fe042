// From a model, a scenario and a date to the inputs of the plan.

#include "tokenbill/bind.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/shop.h"

using namespace tokenbill;

namespace {
const Moment new_year{1798761600};  // 2027-01-01

Binding bound(const Catalog& catalog, const Scenario& scenario, std::size_t model = 0, std::size_t chosen = 0) {
  const Binder binder(engine().plan(), catalog, scenario, today);
  return binder.bind(catalog.models[model], catalog.models[chosen]);
}
Known input(const Binding& binding, std::string_view id) {
  const std::size_t at = engine().plan().input_index(id);
  REQUIRE(at < binding.inputs.size());
  return binding.inputs[at];
}
Origin origin(const Binding& binding, std::string_view id) { return binding.origins[engine().plan().input_index(id)]; }
bool has_notice(const Binding& binding, std::string_view kind, std::string_view part = "") {
  return std::any_of(binding.notices.begin(), binding.notices.end(),
                     [&](const Notice& n) { return n.kind == kind && n.text.find(part) != std::string::npos; });
}
}  // namespace

TEST_CASE("a parameter is the user's where given, else a default or an assumption") {
  const Catalog catalog = catalog_of({model_of("m", 1, 2)});
  const Binding b = bound(catalog, scenario_of("m", {{"prompt_tokens", "123"}}));
  CHECK(input(b, "prompt_tokens").value == 123);
  CHECK(origin(b, "prompt_tokens") == Origin::user);
  CHECK(origin(b, "output_tokens") == Origin::defaulted);
  CHECK(origin(b, "failed_output_ratio") == Origin::assumption);
  CHECK(origin(b, "staging_ratio") == Origin::assumption);  // "assumption: 0.25 (0.1 to 0.5)"
  CHECK(origin(b, "cache_hit_ratio") == Origin::derived);
  CHECK(origin(b, "price.input") == Origin::seller);
}

TEST_CASE("a hit rate of 0 that is given is not the derived one") {
  Model model = model_of("m", 1, 2);
  model.cache = cache_of({{"automatic", 5}});
  const Catalog catalog = catalog_of({model});
  CHECK(input(bound(catalog, scenario_of("m", {{"cache_hit_ratio", "0"}})), "cache_hit_given").value == 1);
  CHECK(input(bound(catalog, scenario_of("m")), "cache_hit_given").value == 0);
}

TEST_CASE("a threshold that is reached (>=) lies just below its number") {
  Model model = model_of("m", 1, 2);
  model.prices[0].context_tiers = {{200000, true, prices_of({{TokenClass::input, 2}})},
                                   {300000, false, prices_of({{TokenClass::input, 3}})}};
  const Binding b = bound(catalog_of({model}), scenario_of("m"));
  CHECK(input(b, "context_tier.1").value < 200000);
  CHECK(input(b, "context_tier.1").value > 199999.999);  // far less than a token below
  CHECK(input(b, "context_tier.2").value == 300000);
  CHECK(input(b, "context_tier.3").value == no_threshold);
}

TEST_CASE("a tier keeps the prices of the level below for classes it does not name") {
  Model model = model_of("m", 1, 2);
  model.prices[0].context_tiers = {{1000, false, prices_of({{TokenClass::input, 5}})},
                                   {2000, false, prices_of({{TokenClass::output, 9}})}};
  const Binding b = bound(catalog_of({model}), scenario_of("m"));
  CHECK(input(b, "price.input.tier1").value == 5);
  CHECK(input(b, "price.output.tier1").value == 2);
  CHECK(input(b, "price.input.tier2").value == 5);
  CHECK(input(b, "price.output.tier2").value == 9);
  CHECK(input(b, "price.input.tier4").value == 5);
}

TEST_CASE("a read price that falls back to input follows the input price of its tier") {
  Model model = model_of("m", 1, 2);
  model.prices[0].context_tiers = {{1000, false, prices_of({{TokenClass::input, 5}})}};
  const Binding b = bound(catalog_of({model}), scenario_of("m"));
  CHECK(input(b, "price.cache_read").value == 1);
  CHECK(input(b, "price.cache_read.tier1").value == 5);
}

TEST_CASE("a missing price is unknown, a price of 0 is free") {
  const Catalog catalog = catalog_of({model_of("none", {{TokenClass::input, 1}}),
                                      model_of("free", {{TokenClass::input, 0}, {TokenClass::output, 0}})});
  CHECK_FALSE(input(bound(catalog, scenario_of("none")), "price.output").known);
  CHECK(input(bound(catalog, scenario_of("free"), 1, 1), "price.output").known);
  CHECK(input(bound(catalog, scenario_of("free"), 1, 1), "price.output").value == 0);
}

TEST_CASE("the row in force is the one of the date: from inclusive, until exclusive") {
  Model model = model_of("m", 0.75, 3.75);
  model.prices.push_back(row_of({{TokenClass::input, 1.5}, {TokenClass::output, 7.5}}));
  model.prices[0].until = model.prices[1].from = new_year;
  const Catalog catalog = catalog_of({model});
  Scenario s = scenario_of("m");
  s.date = Moment{new_year.seconds - 1};
  CHECK(input(bound(catalog, s), "price.input").value == 0.75);
  s.date = new_year;
  CHECK(input(bound(catalog, s), "price.input").value == 1.5);
}

TEST_CASE("the scenario's date goes before the caller's") {
  Model model = model_of("m", 1, 2);
  model.prices[0].from = new_year;
  const Catalog catalog = catalog_of({model});
  CHECK(bound(catalog, scenario_of("m")).status == Status::unpriced);
  Scenario s = scenario_of("m");
  s.date = new_year;
  CHECK(bound(catalog, s).status == Status::ok);
}

TEST_CASE("a cancelled row prices nothing") {
  Model model = model_of("m", 1, 2);
  model.prices[0].status = PriceStatus::cancelled;
  CHECK(bound(catalog_of({model}), scenario_of("m")).status == Status::unpriced);
}

TEST_CASE("a service tier that is not listed makes the model unsuitable, not cheaper") {
  const Binding b = bound(catalog_of({model_of("m", 1, 2)}), scenario_of("m", {{"service_tier", "batch"}}));
  CHECK(b.status == Status::unsuitable);
  CHECK(b.row == nullptr);
  CHECK(b.reason.find("batch") != std::string::npos);
}

TEST_CASE("a model that cannot read images is unsuitable for images, and only for them") {
  Model model = model_of("m", 1, 2);
  model.capabilities.clear();
  const Catalog catalog = catalog_of({model});
  CHECK(bound(catalog, scenario_of("m")).status == Status::ok);
  CHECK(bound(catalog, scenario_of("m", {{"image_input_tokens", "1"}})).status == Status::unsuitable);
  CHECK(bound(catalog, scenario_of("m", {{"audio_output_tokens", "1"}})).status == Status::unsuitable);
}

TEST_CASE("a model that does not chat is unsuitable") {
  Model model = model_of("m", 1, 2);
  model.kind = ModelKind::embedding;
  CHECK(bound(catalog_of({model}), scenario_of("m")).status == Status::unsuitable);
}

TEST_CASE("the same text is more tokens with another tokenizer, the same tokens are not") {
  Model old_model = model_of("old", 3, 15);
  Model new_model = model_of("new", 2, 10);
  old_model.tokenizer_ratio = 1.25;
  new_model.tokenizer_ratio = 1.5;
  const Catalog catalog = catalog_of({old_model, new_model});
  CHECK(bound(catalog, scenario_of("old"), 1, 0).token_factor == 1.5 / 1.25);
  CHECK(bound(catalog, scenario_of("old"), 0, 0).token_factor == 1);
  CHECK(bound(catalog, scenario_of("old", {{"same_text", "same_tokens"}}), 1, 0).token_factor == 1);
}

TEST_CASE("a tokenizer that is not known is taken as the reference") {
  Model known = model_of("known", 3, 15);
  known.tokenizer_ratio = 1.25;
  const Catalog catalog = catalog_of({known, model_of("unknown", 1, 2)});
  CHECK(bound(catalog, scenario_of("known"), 1, 0).token_factor == 1 / 1.25);
  CHECK(bound(catalog, scenario_of("unknown"), 0, 1).token_factor == 1.25);
}

TEST_CASE("a model without a cache says so and is priced without one") {
  const Binding b = bound(catalog_of({model_of("m", 1, 2)}), scenario_of("m", {{"caching", "5m"}}));
  CHECK(input(b, "cache_on").value == 0);
  CHECK(has_notice(b, "not_offered", "no prefix cache"));
}

TEST_CASE("a lifetime that the model does not offer falls back to the one it has, and says so") {
  Model model = model_of("m", 1, 2);
  model.cache = cache_of({{"automatic", 30}});
  const Binding b = bound(catalog_of({model}), scenario_of("m", {{"caching", "1h"}}));
  CHECK(input(b, "cache_on").value == 1);
  CHECK(input(b, "cache_lifetime_hours").value == 0.5);
  CHECK(b.sources.back().cache_write_class == TokenClass::cache_write);
  CHECK(has_notice(b, "not_offered", "does not offer"));
}

TEST_CASE("a stored cache without a storage price falls back to the seller's own, and says so") {
  Model model = model_of("m", 1, 2);
  model.cache = cache_of({{"automatic", 5}});
  const Binding without = bound(catalog_of({model}), scenario_of("m", {{"caching", "stored"}}));
  CHECK(input(without, "cache_stored").value == 0);
  CHECK(input(without, "cache_on").value == 1);
  CHECK(has_notice(without, "not_offered", "by the hour"));
  model.prices[0].cache_storage_usd_per_mtok_hour = 1;
  const Binding with = bound(catalog_of({model}), scenario_of("m", {{"caching", "stored"}}));
  CHECK(input(with, "cache_stored").value == 1);
  CHECK(input(with, "price.cache_storage").value == 1);
  CHECK_FALSE(has_notice(with, "not_offered"));
}

TEST_CASE("flat traffic falls into peak hours by their share of the week") {
  Model model = model_of("m", 1, 2);
  Window window;
  window.days = 0b0011111;
  window.from_minute = 60;
  window.to_minute = 240;
  window.prices = prices_of({{TokenClass::input, 2}, {TokenClass::output, 4}});
  model.prices[0].windows = {window};
  const Catalog catalog = catalog_of({model});
  CHECK(same(input(bound(catalog, scenario_of("m")), "peak_share").value, 15.0 / 168));
  const Binding given = bound(catalog, scenario_of("m", {{"peak_share_ratio", "0"}}));
  CHECK(input(given, "peak_share").value == 0);
  CHECK(origin(given, "peak_share") == Origin::user);
  CHECK(input(given, "price.input.peak").value == 2);
  CHECK(input(given, "price.input").value == 1);
}

TEST_CASE("a seller without peak hours has no peak share, whatever is given") {
  CHECK(input(bound(catalog_of({model_of("m", 1, 2)}), scenario_of("m", {{"peak_share_ratio", "0.9"}})), "peak_share")
            .value == 0);
}

TEST_CASE("a region without a listed factor costs no more, and says that it is assumed") {
  Model model = model_of("m", 1, 2);
  model.geographies = {{"us", "US only", 1.1, "", Moment{}}};
  const Catalog catalog = catalog_of({model});
  CHECK(input(bound(catalog, scenario_of("m", {{"geography", "us"}})), "geography_factor").value == 1.1);
  const Binding regional = bound(catalog, scenario_of("m", {{"geography", "regional"}}));
  CHECK(input(regional, "geography_factor").value == 1);
  CHECK(has_notice(regional, "assumption", "no extra charge"));
}

TEST_CASE("a search fee that is not listed is unknown, a request fee that is not listed is none") {
  const Binding b = bound(catalog_of({model_of("m", 1, 2)}), scenario_of("m"));
  CHECK_FALSE(input(b, "fee.web_search").known);
  CHECK(input(b, "fee.request").known);
  CHECK(input(b, "fee.request").value == 0);
}

TEST_CASE("of several fees for a request the first is priced, and that is said") {
  Model model = model_of("m", 1, 2);
  model.prices[0].fees = {{"low", "Little search", "request", 0.005, 0, 0},
                          {"high", "Much search", "request", 0.012, 0, 0}};
  const Catalog catalog = catalog_of({model});
  const Bill bill = bill_of(catalog, bare("m"));
  CHECK(amount_of(bill, "fee.request") == 0.005);
  REQUIRE(bill.notices.size() == 1);
  CHECK(bill.notices[0].kind == "assumption");
  CHECK(bill.notices[0].text.find("Little search") != std::string::npos);
}

TEST_CASE("a search sold by the request is no fee on every request") {
  Model model = model_of("m", 1, 2);
  model.prices[0].fees = {{"web_search", "Grounded prompt", "request", 0.035, 0, 0}};
  const Binding b = bound(catalog_of({model}), scenario_of("m"));
  CHECK(input(b, "fee.request").value == 0);
  CHECK(input(b, "fee.web_search").value == 0.035);
}

TEST_CASE("searches that are free every day are free on every day of the month") {
  Model model = model_of("m", 1, 2);
  model.prices[0].fees = {{"web_search", "Grounded prompt", "request", 0.035, 100, 0, 1500}};
  const Catalog catalog = catalog_of({model});
  CHECK(input(bound(catalog, scenario_of("m")), "fee.web_search.free").value == 45100);
  CHECK(input(bound(catalog, scenario_of("m", {{"days_per_month", "10"}})), "fee.web_search.free").value == 15100);
}

TEST_CASE("a promotion that ends, an announced price and a retirement are told") {
  Model model = model_of("m", 0.75, 3.75);
  model.prices.push_back(row_of({{TokenClass::input, 1.5}, {TokenClass::output, 7.5}}));
  model.prices[0].until = model.prices[1].from = new_year;
  model.prices[0].status = PriceStatus::promotional;
  model.prices[1].status = PriceStatus::announced;
  model.retires = Moment{new_year.seconds * 2};
  const Binding b = bound(catalog_of({model}), scenario_of("m"));
  CHECK(has_notice(b, "promotion_ends", "2027-01-01"));
  CHECK(has_notice(b, "announced_price", "2027-01-01"));
  CHECK(has_notice(b, "retires"));
}

TEST_CASE("binding into used memory gives what binding anew gives") {
  Model first = model_of("a", 1, 2);
  first.cache = cache_of({{"automatic", 5}});
  first.geographies = {{"us", "US only", 1.1, "", Moment{}}};
  first.prices[0].context_tiers = {{1000, false, prices_of({{TokenClass::input, 5}})}};
  const Catalog catalog = catalog_of({first, model_of("b", {{TokenClass::input, 3}})});
  const Scenario s = scenario_of("a", {{"caching", "automatic"}, {"geography", "us"}});
  const Binder binder(engine().plan(), catalog, s, today);
  Binding used;
  binder.bind_into(catalog.models[0], catalog.models[0], true, used);
  binder.bind_into(catalog.models[1], catalog.models[0], true, used);
  const Binding fresh = binder.bind(catalog.models[1], catalog.models[0]);
  REQUIRE(used.inputs.size() == fresh.inputs.size());
  for (std::size_t i = 0; i < used.inputs.size(); ++i) {
    CAPTURE(engine().plan().inputs()[i].id);
    CHECK(used.inputs[i].value == fresh.inputs[i].value);
    CHECK(used.inputs[i].known == fresh.inputs[i].known);
    CHECK(used.origins[i] == fresh.origins[i]);
  }
  CHECK(used.notices.size() == fresh.notices.size());
}

TEST_CASE("every input of the plan is bound, but for what nobody told and what the seller does not sell") {
  Model model = model_of("m", 1, 2);
  model.prices[0].fees = {{"web_search", "Web search", "search", 0.01, 0, 0}};
  const Binding b = bound(catalog_of({model}), scenario_of("m"));
  for (std::size_t i = 0; i < b.inputs.size(); ++i) {
    const std::string_view id = engine().plan().inputs()[i].id;
    CAPTURE(std::string(id));
    const std::size_t parameter = parameter_index(id);
    const bool optional =
        parameter < parameters().size() && parameters()[parameter].kind == ParameterKind::optional_number;
    // A fee that is not listed, a model that counts no sound, an embedding model that the catalog does not have.
    const bool unsold = (id.starts_with("fee.") && id != "fee.web_search" && id != "fee.rerank") ||
                        id == "audio_input_rate" || id == "audio_output_rate" || id == "video_rate" ||
                        id == "image_tokens_each" || id == "pdf_page_tokens" || id == "embedding.price.input" ||
                        id == "embedding.price.output";
    if (!optional && !(unsold && !b.inputs[i].known)) CHECK(b.inputs[i].known);
    if (optional || unsold) CHECK((!b.inputs[i].known || b.inputs[i].value == 0));
  }
}
