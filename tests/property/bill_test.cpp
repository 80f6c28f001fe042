// What holds for every bill, over random scenarios and made-up catalogs. A failure shows the seed, which makes the same
// catalog and scenario again, and the scenario as a document.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/random.h"
#include "support/shop.h"
#include "support/thinning.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

struct Drawn {
  Random random;
  Catalog catalog;
  Scenario scenario;
  explicit Drawn(std::uint64_t seed)
      : random(seed), catalog(random_catalog(random)), scenario(random_scenario(random, catalog)) {}

  Model& model() {
    return *std::find_if(catalog.models.begin(), catalog.models.end(),
                         [&](const Model& m) { return m.key == scenario.model; });
  }
  void set(std::string_view id, double value) { scenario.values[parameter_index(id)] = value; }
  void choose(std::string_view id, std::string_view option) { REQUIRE_FALSE(scenario.set(id, option)); }
  Bill bill() const { return bill_of(catalog, scenario); }
  /// One model that answers every request by itself, without earlier turns, tools, retrieval and caps.
  void alone() {
    for (std::size_t i = 0; i < parameters().size(); ++i)
      for (const std::string_view group :
           {"conversation", "tools", "retrieval", "response_cache", "routing", "commitment", "trimming"})
        if (parameters()[i].group == group || parameters()[i].id == "changing_line_tokens" ||
            parameters()[i].id == "keep_warm_per_hour" || parameters()[i].id == "broken_answer_ratio" ||
            parameters()[i].id == "pdf_pages_per_request" || parameters()[i].id.ends_with("_basis"))
          scenario.values[i].reset();
    scenario.references.clear();
  }
};

template <class Check>
void each(std::uint64_t first_seed, int count, Check check) {
  for (int i = 0; i < count; ++i) {
    const std::uint64_t seed = first_seed * 1000000 + static_cast<std::uint64_t>(i);
    Drawn drawn(seed);
    CAPTURE(seed);
    INFO(scenario_text(drawn.scenario));
    check(drawn);
  }
}

// All prices of a row: base, tiers, windows.
template <class Change>
void each_prices(PriceRow& row, Change change) {
  change(row.prices);
  for (ContextTier& tier : row.context_tiers) change(tier.prices);
  for (Window& window : row.windows) change(window.prices);
}

bool is_token_item(const BillItem& item) {
  return item.id.starts_with("input.") || item.id.starts_with("output.") || item.id == "failures.billed";
}

}  // namespace

TEST_CASE("random scenarios show most of what there is to see") {
  int ok = 0, impossible = 0, unpriced = 0, unsuitable = 0, tiered = 0, cached = 0;
  each(1, 500, [&](Drawn& d) {
    const Bill bill = d.bill();
    ok += bill.status == Status::ok;
    impossible += bill.status == Status::impossible;
    unpriced += bill.status == Status::unpriced;
    unsuitable += bill.status == Status::unsuitable;
    if (bill.status != Status::ok) return;
    tiered += std::any_of(bill.inputs.begin(), bill.inputs.end(), [&](const BillInput& input) {
      return input.id == "context_tier.1" && *input.value < *amount_of(bill, "prompt_size");
    });
    cached += *amount_of(bill, "cacheable_tokens") > 0;
  });
  CHECK(ok > 180);
  CHECK(impossible > 20);
  CHECK(unpriced > 10);
  CHECK(unsuitable > 10);
  CHECK(tiered > 20);
  CHECK(cached > 20);
}

TEST_CASE("items sum exactly to the month, left to right") {
  each(2, 1000 / thinning, [](Drawn& d) {
    const Bill bill = d.bill();
    if (!bill.per_month) return;
    double sum = 0;
    for (const BillItem& item : bill.items) {
      REQUIRE(item.usd_per_month.has_value());
      sum += *item.usd_per_month;
    }
    CHECK(sum == *bill.per_month);
  });
}

TEST_CASE("every known figure is finite and not negative") {
  each(3, 1000 / thinning, [](Drawn& d) {
    const Result<MonthShape> shape = shape_of(d.catalog, d.scenario, &d.model());
    REQUIRE(shape.ok());
    const Plan& plan = engine().plan(*shape);
    const Binder binder(plan, d.catalog, d.scenario, today);
    const Binding binding = binder.bind(d.model(), d.model());
    if (binding.row == nullptr) return;
    const Result<Evaluation> evaluation = evaluate(plan, binding.inputs);
    REQUIRE(evaluation.ok());
    for (const Known& value : evaluation->values) {
      CHECK(value.value >= 0);
      CHECK(value.value < 1e300);
    }
  });
}

TEST_CASE("a bill without a status of ok has no total, and one with it has all figures") {
  each(4, 1000 / thinning, [](Drawn& d) {
    const Bill bill = d.bill();
    CHECK(bill.per_month.has_value() == (bill.status == Status::ok));
    if (bill.status == Status::ok) CHECK(bill.inference_per_month.has_value());
    CHECK(bill.problem.has_value() == (bill.status != Status::ok));
  });
}

TEST_CASE("twice the answer costs twice as much for output, to the bit") {
  each(5, 500 / thinning, [](Drawn& d) {
    const double tokens = *d.scenario.value("output_tokens");
    d.alone();
    d.model().context_tokens.reset();
    d.model().max_output_tokens.reset();
    const Bill once = d.bill();
    if (!once.per_month || tokens * 2 > 1e6) return;
    d.set("output_tokens", tokens * 2);
    CHECK(*amount_of(d.bill(), "output.text") == 2 * *amount_of(once, "output.text"));
  });
}

TEST_CASE("the cost of a request is linear in its prompt within a context tier") {
  each(6, 500 / thinning, [](Drawn& d) {
    d.alone();
    d.model().context_tokens.reset();
    for (PriceRow& row : d.model().prices) row.context_tiers.clear();
    d.choose("caching", "off");
    const double tokens = d.random.count(100000);
    const auto inference = [&](double prompt) {
      d.set("prompt_tokens", prompt);
      return d.bill().inference_per_month;
    };
    const auto a = inference(tokens);
    const auto b = inference(tokens * 2);
    const auto c = inference(tokens * 3);
    if (!a || !b || !c) return;
    CHECK(same(*a + *c, 2 * *b));
  });
}

TEST_CASE("at every threshold the whole request jumps up, one token before it does not") {
  int thresholds = 0;
  each(7, 400 / thinning, [&](Drawn& d) {
    Model& model = d.model();
    model.context_tokens.reset();
    model.max_output_tokens.reset();
    d.scenario = bare(model.id);
    const PriceRow* row = row_at(model, ServiceTier::standard, today);
    REQUIRE(row != nullptr);
    for (std::size_t i = 0; i < row->context_tiers.size(); ++i) {
      const ContextTier& tier = row->context_tiers[i];
      const double first_above = tier.inclusive ? tier.threshold : tier.threshold + 1;
      const double last_below = first_above - 1;
      const bool crowded =
          (i > 0 && row->context_tiers[i - 1].threshold >= last_below - 1) ||
          (i + 1 < row->context_tiers.size() && row->context_tiers[i + 1].threshold <= first_above + 1);
      if (crowded || last_below == 0) continue;
      const auto input_usd = [&](double prompt) {
        d.set("prompt_tokens", prompt);
        return amount_of(d.bill(), "input.uncached");
      };
      const auto above_it = input_usd(first_above);
      const auto below_it = input_usd(last_below);
      if (!above_it || !below_it) return;
      CAPTURE(tier.threshold);
      CAPTURE(tier.inclusive);
      ++thresholds;
      // It costs more than one more token does, and is linear again from there on.
      CHECK(*above_it > *below_it / last_below * first_above * (1 + 1e-9));
      CHECK(same(input_usd(first_above + 0.25), *above_it * ((first_above + 0.25) / first_above)));
      CHECK(same(input_usd(last_below - 0.25), *below_it * ((last_below - 0.25) / last_below)));
    }
  });
  CHECK(thresholds > 100 / thinning);
}

TEST_CASE("a context tier that is not reached changes no bit") {
  each(8, 400 / thinning, [](Drawn& d) {
    d.model().context_tokens.reset();
    const Bill with = d.bill();
    if (!with.per_month) return;
    const double prompt = *amount_of(with, "prompt_size");
    for (PriceRow& row : d.model().prices)
      std::erase_if(row.context_tiers, [&](const ContextTier& tier) {
        return tier.inclusive ? prompt < tier.threshold : prompt <= tier.threshold;
      });
    CHECK(d.bill().per_month == with.per_month);
  });
}

TEST_CASE("raising a price never lowers the month") {
  each(9, 1000 / thinning, [](Drawn& d) {
    const Bill before = d.bill();
    if (!before.per_month) return;
    const std::uint32_t token_class = d.random.below(static_cast<std::uint32_t>(token_class_count));
    const double factor = 1 + d.random.unit();
    for (PriceRow& row : d.model().prices)
      each_prices(row, [&](Prices& prices) {
        if (prices[token_class]) *prices[token_class] *= factor;
      });
    CAPTURE(std::string(info(static_cast<TokenClass>(token_class)).id));
    CHECK(*d.bill().per_month >= *before.per_month);
  });
}

TEST_CASE("raising all prices by a half raises what tokens cost by a half") {
  each(10, 400 / thinning, [](Drawn& d) {
    d.alone();
    const Bill before = d.bill();
    if (!before.per_month) return;
    for (PriceRow& row : d.model().prices) {
      each_prices(row, [](Prices& prices) {
        for (auto& price : prices)
          if (price) *price *= 1.5;
      });
      if (row.cache_storage_usd_per_mtok_hour) *row.cache_storage_usd_per_mtok_hour *= 1.5;
    }
    const Bill after = d.bill();
    for (std::size_t i = 0; i < before.items.size(); ++i)
      if (is_token_item(before.items[i]))
        CHECK(same(after.items[i].usd_per_month, 1.5 * *before.items[i].usd_per_month));
  });
}

TEST_CASE("four times the conversations cost four times as much in every variable item, to the bit") {
  each(11, 500 / thinning, [](Drawn& d) {
    const double conversations = *d.scenario.value("conversations_per_day");
    if (conversations * 4 > 1e9) return;
    d.alone();
    d.set("cache_hit_ratio", 0.5);  // traffic would warm the cache
    for (const char* fixed : {"capacity_units", "committed_usd_per_month", "web_instance_usd_per_month",
                              "gateway_usd_per_request", "reviewed_ratio"})
      d.set(fixed, 0);
    d.set("web_searches_per_request", 0);  // some are free
    const Bill once = d.bill();
    if (!once.per_month) return;
    d.set("conversations_per_day", conversations * 4);
    const Bill four = d.bill();
    for (std::size_t i = 0; i < once.items.size(); ++i) {
      const BillItem& item = once.items[i];
      const bool variable = (is_token_item(item) && item.id != "input.cache_storage") || item.id == "fees.request";
      CAPTURE(std::string(item.id));
      if (variable) CHECK(*four.items[i].usd_per_month == 4 * *item.usd_per_month);
      if (item.category == Category::infrastructure || item.category == Category::people)
        CHECK(*four.items[i].usd_per_month == *item.usd_per_month);
    }
  });
}

TEST_CASE("with a hit rate of 0 a cache costs what no cache costs, and the surcharge on writes") {
  int cached = 0;
  each(12, 1000 / thinning, [&](Drawn& d) {
    d.alone();
    d.choose("caching", "automatic");
    d.set("cache_hit_ratio", 0);
    d.set("failure_ratio", 0);
    const Bill with = d.bill();
    if (!with.per_month) return;
    d.choose("caching", "off");
    const Bill without = d.bill();
    CHECK(*amount_of(with, "input.cache_read") == 0);
    // Of no request at all there is no mean.
    if (!amount_of(with, "cache_write_tokens")) return;
    const double written = *amount_of(with, "cache_write_tokens");
    if (written == 0) {
      CHECK(*with.per_month == *without.per_month);
      return;
    }
    ++cached;
    // Written and uncached tokens together are those of the prompt; what is written costs its own price.
    const double tokens = *amount_of(with, "uncached_tokens") + written;
    CHECK(same(tokens, *amount_of(without, "uncached_tokens")));
    const double at_input_price = *amount_of(without, "input.uncached") * (written / tokens);
    CHECK(same(*amount_of(with, "input.uncached") + at_input_price, *amount_of(without, "input.uncached")));
  });
  CHECK(cached > 100 / thinning);
}

TEST_CASE("a write at the input price and a hit rate of 0 cost what no cache costs") {
  each(13, 500 / thinning, [](Drawn& d) {
    d.alone();
    for (PriceRow& row : d.model().prices)
      each_prices(row, [](Prices& prices) {
        for (const auto token_class : {TokenClass::cache_write, TokenClass::cache_write_5m, TokenClass::cache_write_30m,
                                       TokenClass::cache_write_1h})
          prices[static_cast<std::size_t>(token_class)].reset();
      });
    d.choose("caching", "automatic");
    d.set("cache_hit_ratio", 0);
    const Bill with = d.bill();
    if (!with.per_month) return;
    d.choose("caching", "off");
    CHECK(same(*with.per_month, *d.bill().per_month));
  });
}

TEST_CASE("with a hit rate of 1 nothing is written by requests") {
  each(14, 300 / thinning, [](Drawn& d) {
    d.alone();
    d.choose("caching", "automatic");
    d.set("cache_hit_ratio", 1);
    const Bill bill = d.bill();
    if (bill.per_month) CHECK(*amount_of(bill, "input.cache_write") == 0);
  });
}

TEST_CASE("without failures retries change no bit") {
  each(15, 500 / thinning, [](Drawn& d) {
    d.alone();
    d.set("failure_ratio", 0);
    d.set("retries", 0);
    d.set("billed_failure_ratio", 0);
    const Bill none = d.bill();
    d.set("retries", static_cast<double>(1 + d.random.below(10)));
    d.set("billed_failure_ratio", 1);
    d.set("failed_output_ratio", 1);
    CHECK(d.bill().per_month == none.per_month);
  });
}

TEST_CASE("more failures are more tries and fewer answers") {
  each(16, 500 / thinning, [](Drawn& d) {
    d.set("broken_answer_ratio", 0);
    d.set("failure_ratio", 0.2);
    const Bill few = d.bill();
    d.set("failure_ratio", 0.4);
    const Bill many = d.bill();
    if (!few.per_month || *amount_of(few, "requests_per_month") == 0) return;
    CHECK(*amount_of(many, "delivered_requests") < *amount_of(few, "delivered_requests"));
    CHECK(*amount_of(many, "billed_failures") >= *amount_of(few, "billed_failures"));
  });
}

TEST_CASE("a missing price makes the month unknown, never smaller") {
  int checked = 0;
  each(17, 1000 / thinning, [&](Drawn& d) {
    const Bill before = d.bill();
    if (!before.per_month) return;
    const bool output = d.random.chance(0.5);
    const std::string_view item = output ? "output.text" : "input.uncached";
    if (*amount_of(before, item) == 0) return;
    for (PriceRow& row : d.model().prices)
      each_prices(row, [&](Prices& prices) {
        prices[static_cast<std::size_t>(output ? TokenClass::output : TokenClass::input)].reset();
      });
    const Bill after = d.bill();
    ++checked;
    CHECK(after.status == Status::unpriced);
    CHECK_FALSE(after.per_month.has_value());
    CHECK_FALSE(after.per_request.has_value());
    CHECK_FALSE(after.per_year.has_value());
    CHECK_FALSE(amount_of(after, item).has_value());
  });
  CHECK(checked > 200 / thinning);
}

TEST_CASE("an impossible request has no figures") {
  each(18, 500 / thinning, [](Drawn& d) {
    const Bill before = d.bill();
    if (!before.per_month) return;
    const double needed = *amount_of(before, "prompt_size") + *amount_of(before, "output_size");
    if (needed < 2) return;
    d.model().context_tokens = needed - 1;
    const Bill after = d.bill();
    CHECK(after.status == Status::impossible);
    CHECK_FALSE(after.per_month.has_value());
    CHECK(after.items.empty());
    CHECK(after.figures.empty());
    d.model().context_tokens = needed;
    CHECK(d.bill().per_month == before.per_month);
  });
}

TEST_CASE("batch without a cache is priced by the batch row, to the bit") {
  int batches = 0;
  each(19, 600 / thinning, [&](Drawn& d) {
    d.alone();
    d.choose("caching", "off");
    d.choose("service_tier", "batch");
    const Bill batch = d.bill();
    if (!batch.per_month) return;
    ++batches;
    std::erase_if(d.model().prices, [](const PriceRow& row) { return row.tier != ServiceTier::batch; });
    for (PriceRow& row : d.model().prices) row.tier = ServiceTier::standard;
    d.choose("service_tier", "standard");
    const Bill standard = d.bill();
    CHECK(standard.per_month == batch.per_month);
    for (std::size_t i = 0; i < batch.items.size(); ++i)
      CHECK(standard.items[i].usd_per_month == batch.items[i].usd_per_month);
  });
  CHECK(batches > 50 / thinning);
}

TEST_CASE("comparing all models gives what estimating each one gives, to the bit") {
  int rows = 0;
  each(20, 500 / thinning, [&](Drawn& d) {
    d.choose("same_text", "same_tokens");
    const Result<Comparison> comparison = engine().compare(d.catalog, d.scenario, today);
    REQUIRE(comparison.ok());
    CHECK(comparison->rows.size() == d.catalog.models.size());
    for (const ComparisonRow& row : comparison->rows) {
      Scenario alone = d.scenario;
      alone.model = row.model->key;
      const Bill bill = bill_of(d.catalog, alone);
      ++rows;
      CHECK(row.status == bill.status);
      CHECK(row.usd_per_month == bill.per_month);
      if (row.status != Status::ok) continue;
      CHECK(row.inference_usd_per_month == bill.inference_per_month);
      CHECK(row.usd_per_request == bill.per_request);
      CHECK(row.inference_usd_per_request == bill.inference_per_request);
    }
  });
  CHECK(rows > 1000 / thinning);
}

TEST_CASE("in a comparison each model is priced as if its own tokens had been entered") {
  each(21, 300 / thinning, [](Drawn& d) {
    d.alone();
    d.choose("same_text", "same_text");
    const Result<Comparison> comparison = engine().compare(d.catalog, d.scenario, today);
    REQUIRE(comparison.ok());
    for (const ComparisonRow& row : comparison->rows) {
      if (!row.usd_per_month) continue;
      Drawn other = d;
      other.scenario.model = row.model->key;
      for (const std::string_view id : {"prompt_tokens", "static_prefix_tokens", "output_tokens", "reasoning_tokens"})
        other.set(id, *d.scenario.value(id) * row.token_factor);
      CHECK(other.bill().per_month == row.usd_per_month);
    }
  });
}

TEST_CASE("a comparison is ranked: cheapest first, those without a figure last") {
  each(22, 300 / thinning, [](Drawn& d) {
    const Result<Comparison> comparison = engine().compare(d.catalog, d.scenario, today);
    REQUIRE(comparison.ok());
    for (std::size_t i = 1; i < comparison->rows.size(); ++i) {
      const ComparisonRow& a = comparison->rows[i - 1];
      const ComparisonRow& b = comparison->rows[i];
      CHECK((a.usd_per_month.has_value() || !b.usd_per_month.has_value()));
      if (a.usd_per_month && b.usd_per_month) CHECK(*a.usd_per_month <= *b.usd_per_month);
    }
  });
}

TEST_CASE("all tokens at peak hours cost the peak prices, none of them the others, to the bit") {
  int windows = 0;
  each(23, 800 / thinning, [&](Drawn& d) {
    d.alone();
    d.choose("service_tier", "standard");
    const PriceRow* in_force = row_at(d.model(), ServiceTier::standard, d.scenario.date.value_or(today));
    if (in_force->windows.empty() || !in_force->context_tiers.empty()) return;
    ++windows;
    for (const double share : {0.0, 1.0}) {
      Drawn with = d;
      with.set("peak_share_ratio", share);
      Drawn plain = d;
      for (PriceRow& row : plain.model().prices) {
        if (share == 1 && !row.windows.empty())
          for (std::size_t i = 0; i < token_class_count; ++i)
            if (row.windows[0].prices[i]) row.prices[i] = row.windows[0].prices[i];
        row.windows.clear();
      }
      CHECK(with.bill().per_month == plain.bill().per_month);
    }
  });
  CHECK(windows > 30 / thinning);
}

TEST_CASE("a higher discount never costs more, a higher markup never less") {
  each(24, 400 / thinning, [](Drawn& d) {
    d.set("discount_ratio", 0.1);
    d.set("channel_markup_ratio", 0.1);
    const Bill before = d.bill();
    if (!before.per_month) return;
    d.set("discount_ratio", 0.3);
    const Bill discounted = d.bill();
    CHECK(*discounted.per_month <= *before.per_month);
    d.set("channel_markup_ratio", 0.5);
    CHECK(*d.bill().per_month >= *discounted.per_month);
  });
}

TEST_CASE("a scenario written as a document reads back to the same bill, to the bit") {
  each(25, 400 / thinning, [](Drawn& d) {
    const Result<Scenario> read = parse_scenario(scenario_text(d.scenario));
    REQUIRE(read.ok());
    const Bill before = d.bill();
    const Bill after = bill_of(d.catalog, *read);
    CHECK(after.status == before.status);
    CHECK(after.per_month == before.per_month);
    CHECK(after.date == before.date);
  });
}

TEST_CASE("per day, year, conversation and request are the month divided") {
  each(26, 400 / thinning, [](Drawn& d) {
    const Bill bill = d.bill();
    if (!bill.per_month) return;
    const double days = *d.scenario.value("days_per_month");
    CHECK(same(*bill.per_day * days, *bill.per_month));
    CHECK(same(*bill.per_year, *bill.per_month * 12));
    const double requests = *amount_of(bill, "requests_per_month");
    CHECK(bill.per_request.has_value() == (requests > 0));
    if (bill.per_request) CHECK(same(*bill.per_request * requests, *bill.per_month));
    if (bill.per_conversation)
      CHECK(same(*bill.per_conversation * *d.scenario.value("conversations_per_day") * days, *bill.per_month));
  });
}
