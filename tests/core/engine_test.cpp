#include "tokenbill/engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {
Model sized(std::string id, double input, double output, double context, double most_output) {
  Model model = model_of(std::move(id), input, output);
  model.context_tokens = context;
  model.max_output_tokens = most_output;
  return model;
}
Comparison compared(const Catalog& catalog, const Scenario& scenario) {
  Result<Comparison> comparison = engine().compare(catalog, scenario, today);
  REQUIRE(comparison.ok());
  return std::move(comparison).value();
}
}  // namespace

TEST_CASE("the engine builds its plan") { CHECK(Engine::create().ok()); }

TEST_CASE("an unknown model is an error with the nearest name") {
  const Catalog catalog = catalog_of({model_of("mini", 1, 2)});
  const Result<Bill> bill = engine().estimate(catalog, scenario_of("mimi"), today);
  REQUIRE_FALSE(bill.ok());
  CHECK(bill.error().code == Code::unknown_model);
  CHECK(bill.error().hint.find("acme/mini") != std::string::npos);
  CHECK(engine().compare(catalog, scenario_of("mimi"), today).error().code == Code::unknown_model);
  CHECK(engine().explain(catalog, scenario_of("mimi"), today, "total").error().code == Code::unknown_model);
}

TEST_CASE("a request that fills the context exactly is possible, one token more is not") {
  const Catalog catalog = catalog_of({sized("m", 1, 2, 10000, 4000)});
  CHECK(bill_of(catalog, bare("m", {{"prompt_tokens", "9000"}, {"output_tokens", "1000"}})).status == Status::ok);
  const Bill bill = bill_of(catalog, bare("m", {{"prompt_tokens", "9001"}, {"output_tokens", "1000"}}));
  CHECK(bill.status == Status::impossible);
  REQUIRE(bill.problem.has_value());
  CHECK(bill.problem->code == Code::impossible);
  CHECK(bill.problem->message.find("10\u202f001") != std::string::npos);
}

TEST_CASE("an answer longer than the model's limit is impossible; reasoning counts towards it") {
  const Catalog catalog = catalog_of({sized("m", 1, 2, 1e6, 4000)});
  CHECK(bill_of(catalog, bare("m", {{"output_tokens", "4000"}})).status == Status::ok);
  CHECK(bill_of(catalog, bare("m", {{"output_tokens", "4000"}, {"reasoning_tokens", "1"}})).status ==
        Status::impossible);
}

TEST_CASE("media count towards the context") {
  const Catalog catalog = catalog_of({sized("m", 1, 2, 10000, 4000)});
  CHECK(bill_of(catalog,
                bare("m", {{"prompt_tokens", "8000"}, {"output_tokens", "1000"}, {"image_input_tokens", "1001"}}))
            .status == Status::impossible);
}

TEST_CASE("an impossible request has no figures at all") {
  const Catalog catalog = catalog_of({sized("m", 1, 2, 1000, 500)});
  const Bill bill = bill_of(catalog, scenario_of("m"));
  CHECK(bill.status == Status::impossible);
  for (const auto& figure : {bill.per_month, bill.per_request, bill.per_conversation, bill.per_day, bill.per_year,
                             bill.inference_per_month, bill.inference_per_request})
    CHECK_FALSE(figure.has_value());
  CHECK(bill.items.empty());
  CHECK(bill.figures.empty());
  CHECK(bill.sentence.empty());
}

TEST_CASE("a model that a longer tokenizer pushes over its context cannot serve the comparison") {
  Model long_winded = sized("long", 1, 2, 10000, 4000);
  long_winded.tokenizer_ratio = 1.5;
  Model terse = sized("terse", 1, 2, 10000, 4000);
  terse.tokenizer_ratio = 1;
  const Catalog catalog = catalog_of({long_winded, terse});  // the rows point into it
  const Comparison c = compared(catalog, bare("terse", {{"prompt_tokens", "7000"}, {"output_tokens", "1000"}}));
  REQUIRE(c.rows.size() == 2);
  CHECK(c.rows[0].model->id == "terse");
  CHECK(c.rows[1].status == Status::impossible);
  CHECK(c.rows[1].rank == 0);
  CHECK_FALSE(c.rows[1].usd_per_month.has_value());
}

TEST_CASE("a missing price leaves the total unknown and names the item") {
  const Catalog catalog = catalog_of({model_of("m", {{TokenClass::input, 2.5}})});
  const Bill bill = bill_of(catalog, bare("m"));
  CHECK(bill.status == Status::unpriced);
  REQUIRE(bill.problem.has_value());
  CHECK(bill.problem->code == Code::unpriced);
  CHECK(bill.problem->message.find("Output") != std::string::npos);
  CHECK_FALSE(bill.per_month.has_value());
  CHECK_FALSE(bill.per_request.has_value());
  CHECK(amount_of(bill, "input.uncached").has_value());
  CHECK_FALSE(amount_of(bill, "output.text").has_value());
  for (const BillItem& item : bill.items) CHECK_FALSE(item.share.has_value());
}

TEST_CASE("a price that is missing but not needed is no problem") {
  const Catalog catalog = catalog_of({model_of("m", {{TokenClass::input, 2.5}})});
  const Bill bill = bill_of(catalog, bare("m", {{"output_tokens", "0"}}));
  CHECK(bill.status == Status::ok);
  CHECK(bill.per_month.has_value());
}

TEST_CASE("a search without a listed fee leaves the total unknown") {
  const Catalog catalog = catalog_of({model_of("m", 1, 2)});
  CHECK(bill_of(catalog, bare("m")).status == Status::ok);
  const Bill bill = bill_of(catalog, bare("m", {{"web_searches_per_request", "0.1"}}));
  CHECK(bill.status == Status::unpriced);
  CHECK(bill.problem->message.find("Web searches") != std::string::npos);
}

TEST_CASE("items sum to the month, left to right, bit for bit") {
  const Bill bill = bill_of(catalog_of({model_of("m", 0.1, 0.7)}),
                            scenario_of("m", {{"conversations_per_day", "777"}, {"observability_usd", "33.33"}}));
  double sum = 0;
  for (const BillItem& item : bill.items) sum += *item.usd_per_month;
  CHECK(sum == bill.per_month);
}

TEST_CASE("shares sum to one and the sentence names the largest category") {
  const Bill bill = bill_of(catalog_of({model_of("m", 2.5, 10)}), bare("m", {{"output_tokens", "1500"}}));
  double sum = 0;
  for (const BillItem& item : bill.items) sum += *item.share;
  CHECK(same(sum, 1));
  CHECK(bill.sentence == "The largest part of the bill is Output with 75\u202f%, followed by Input with 25\u202f%.");
}

TEST_CASE("a bill of nothing has no shares and no sentence") {
  const Bill bill = bill_of(catalog_of({model_of("m", 2.5, 10)}), bare("m", {{"conversations_per_day", "0"}}));
  CHECK(bill.per_month == 0);
  CHECK(bill.sentence.empty());
  for (const BillItem& item : bill.items) CHECK_FALSE(item.share.has_value());
}

TEST_CASE("price levels that the model does not have or does not reach are not listed among the inputs") {
  Model model = model_of("m", 2.5, 10);
  const auto lists = [](const Bill& bill, std::string_view id) {
    return std::any_of(bill.inputs.begin(), bill.inputs.end(), [&](const BillInput& input) { return input.id == id; });
  };
  const Bill flat = bill_of(catalog_of({model}), bare("m"));
  CHECK(lists(flat, "price.input"));
  CHECK_FALSE(lists(flat, "price.input.tier1"));
  CHECK_FALSE(lists(flat, "context_tier.1"));
  CHECK_FALSE(lists(flat, "price.input.peak"));
  model.prices[0].context_tiers = {{272000, false, prices_of({{TokenClass::input, 5}})}};
  const Bill below = bill_of(catalog_of({model}), bare("m"));
  CHECK(lists(below, "context_tier.1"));
  CHECK_FALSE(lists(below, "price.input.tier1"));  // not reached
  const Bill above = bill_of(catalog_of({model}), bare("m", {{"prompt_tokens", "272001"}}));
  CHECK(lists(above, "price.input.tier1"));
  CHECK_FALSE(lists(above, "price.input"));
}

TEST_CASE("a price among the inputs carries its page and the date of the check") {
  const Bill bill = bill_of(catalog_of({model_of("m", 2.5, 10)}), bare("m"));
  const auto found = std::find_if(bill.inputs.begin(), bill.inputs.end(),
                                  [](const BillInput& input) { return input.id == "price.input"; });
  REQUIRE(found != bill.inputs.end());
  CHECK(found->origin == Origin::seller);
  CHECK(found->source == "https://example.com/prices");
  CHECK(found->checked == Moment{1795132800});
}

TEST_CASE("a comparison ranks the cheapest first and relates all to the chosen model") {
  const Catalog catalog = catalog_of({model_of("dear", 5, 20), model_of("cheap", 0.25, 1), model_of("mid", 2.5, 10)});
  const Comparison c = compared(catalog, bare("mid"));
  REQUIRE(c.rows.size() == 3);
  CHECK(c.baseline->id == "mid");
  CHECK(c.rows[0].model->id == "cheap");
  CHECK(c.rows[0].rank == 1);
  CHECK(same(c.rows[0].ratio_to_baseline, 0.1));
  CHECK(c.rows[1].ratio_to_baseline == 1);
  CHECK(same(c.rows[2].ratio_to_baseline, 2));
}

TEST_CASE("models of the same cost are ranked by key") {
  const Catalog catalog = catalog_of({model_of("b", 1, 2), model_of("c", 1, 2), model_of("a", 1, 2)});
  const Comparison c = compared(catalog, bare("b"));
  CHECK(c.rows[0].model->id == "a");
  CHECK(c.rows[1].model->id == "b");
  CHECK(c.rows[2].model->id == "c");
}

TEST_CASE("models that cannot serve come last, with a reason and without a figure") {
  Model tiny = sized("tiny", 1, 2, 100, 100);
  Model deaf = model_of("deaf", 1, 2);
  deaf.capabilities.clear();
  const Catalog catalog =
      catalog_of({tiny, deaf, model_of("unpriced", {{TokenClass::input, 1}}), model_of("good", 9, 9)});
  const Comparison c = compared(catalog, bare("good", {{"audio_input_tokens", "10"}}));
  REQUIRE(c.rows.size() == 4);
  CHECK(c.rows[0].model->id == "good");
  for (std::size_t i = 1; i < 4; ++i) {
    CAPTURE(c.rows[i].model->id);
    CHECK(c.rows[i].status != Status::ok);
    CHECK_FALSE(c.rows[i].reason.empty());
    CHECK(c.rows[i].rank == 0);
    CHECK_FALSE(c.rows[i].usd_per_month.has_value());
    CHECK_FALSE(c.rows[i].ratio_to_baseline.has_value());
  }
}

TEST_CASE("without a figure for the chosen model there is no ratio") {
  const Catalog catalog = catalog_of({model_of("none", {{TokenClass::input, 1}}), model_of("good", 1, 2)});
  const Comparison c = compared(catalog, bare("none"));
  CHECK(c.rows[0].model->id == "good");
  CHECK(c.rows[0].rank == 1);
  CHECK_FALSE(c.rows[0].ratio_to_baseline.has_value());
}

TEST_CASE("no date makes a comparison disagree with the estimate of the chosen model") {
  Model model = model_of("m", 0.75, 3.75);
  model.prices.push_back(row_of({{TokenClass::input, 1.5}, {TokenClass::output, 7.5}}));
  model.prices[0].until = model.prices[1].from = Moment{1798761600};
  const Catalog catalog = catalog_of({model, model_of("other", 1, 2)});
  Scenario s = bare("m");
  s.date = Moment{1798761600};
  CHECK(compared(catalog, s).date == *s.date);
  const Bill bill = bill_of(catalog, s);
  CHECK(bill.date == *s.date);
  for (const ComparisonRow& row : compared(catalog, s).rows)
    if (row.model->id == "m") CHECK(row.usd_per_month == bill.per_month);
}

TEST_CASE("a plan that was asked for stays while others are asked for") {
  const Result<Engine> made = Engine::create();
  REQUIRE(made.ok());
  // More shapes than are kept fill the engine, then one is asked for, and so many others that it is the oldest kept.
  std::vector<MonthShape> shapes;
  for (const History history : {History::given, History::full, History::window, History::cap, History::summary})
    for (std::uint8_t tiers = 0; tiers <= max_context_tiers; ++tiers)
      for (const bool caps : {false, true}) shapes.push_back({history, tiers, 1, false, caps});
  REQUIRE(shapes.size() >= 35);
  for (std::size_t i = 3; i < 35; ++i) static_cast<void>(made->plan(shapes[i]));
  const Plan* plan = &made->plan(shapes[0]);
  const std::size_t nodes = plan->nodes().size();
  for (std::size_t i = 3; i < 34; ++i) static_cast<void>(made->plan(shapes[i]));
  CHECK(&made->plan(shapes[0]) == plan);
  CHECK(plan->nodes().size() == nodes);
}
