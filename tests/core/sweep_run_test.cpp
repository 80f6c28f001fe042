// What a sweep keeps of its cells agrees with the cells themselves, whoever ran which of them.

#include "tokenbill/sweep_run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/random.h"
#include "support/shop.h"
#include "tokenbill/json_io.h"
#include "tokenbill/sensitivity.h"
#include "tokenbill/sweep_io.h"

using namespace tokenbill;

namespace {

Result<Sweep> compile(const Catalog& catalog, const Scenario& scenario, const SweepSpec& spec) {
  const Result<MonthShape> shape = sweep_shape(catalog, scenario, spec);
  if (!shape) return shape.error();
  return compile_sweep(engine().plan(*shape), catalog, scenario, today, spec);
}

Model limited(std::string id, double input, double output, double context) {
  Model model = model_of(std::move(id), input, output);
  model.context_tokens = context;
  return model;
}

/// Two models of which either can be the cheaper one, one that takes short requests only, one without a price, and two
/// that have the same prices as one before.
Catalog shop() {
  return catalog_of({model_of("reader", 1, 20), model_of("writer", 4, 5), limited("small", 0.5, 2, 3000),
                     model_of("partial", {{TokenClass::output, 2}}), model_of("second_reader", 1, 20),
                     limited("second_small", 0.5, 2, 3000)});
}

const SweepSpec two_axes{{{"prompt_tokens", 10, 8000, 61, Scale::log}, {"output_tokens", 10, 4000, 37, Scale::log}}};
SweepSpec with_models(SweepSpec spec, std::vector<std::string> models = {"all"}) {
  spec.models = std::move(models);
  return spec;
}

SweepResult run(const Sweep& sweep, SweepAsk ask = {10, true}) {
  SweepJob job(sweep, ask);
  while (job.step(1)) {
  }
  return job.result();
}

/// The item's cells with a value, by value.
std::vector<SweepCell> sorted(const SweepResult& result) {
  std::vector<SweepCell> cells;
  for (std::size_t i = 0; i < result.cells.size(); ++i)
    if (!std::isnan(result.cells[i])) cells.push_back({i, result.cells[i]});
  std::sort(cells.begin(), cells.end(), [](const SweepCell& a, const SweepCell& b) {
    return a.value != b.value ? a.value < b.value : a.cell < b.cell;
  });
  return cells;
}

void check_same(const SweepTotal& a, const SweepTotal& b) {
  CHECK(a.done == b.done);
  CHECK(a.impossible == b.impossible);
  CHECK(a.unknown == b.unknown);
  CHECK(a.all.count == b.all.count);
  CHECK(a.all.mean == b.all.mean);
  CHECK(a.all.variance == b.all.variance);
  CHECK(a.all.histogram.counts() == b.all.histogram.counts());
  REQUIRE(a.lowest.size() == b.lowest.size());
  for (std::size_t i = 0; i < a.lowest.size(); ++i) CHECK(a.lowest[i].cell == b.lowest[i].cell);
  REQUIRE(a.frontier.size() == b.frontier.size());
  for (std::size_t i = 0; i < a.frontier.size(); ++i) CHECK(a.frontier[i].cell == b.frontier[i].cell);
  CHECK(a.wins == b.wins);
  for (std::size_t m = 0; m < a.models.size(); ++m) {
    CHECK(a.models[m].mean == b.models[m].mean);
    CHECK(a.models[m].minimum->cell == b.models[m].minimum->cell);
    CHECK(a.models[m].histogram.counts() == b.models[m].histogram.counts());
  }
}

}  // namespace

TEST_CASE("a bucket is at most 0.8 % wide, and 32-bit numbers fall into the same one") {
  for (const double value : {1e-9, 0.3, 1.0, 1.00390625, 17.25, 123456.789, 8e12}) {
    const std::uint32_t bucket = Histogram::bucket(value);
    CHECK(Histogram::least(bucket) <= value);
    CHECK(value < Histogram::least(bucket + 1));
    CHECK(Histogram::least(bucket + 1) / Histogram::least(bucket) < 1.0079);
    CHECK(Histogram::bucket(static_cast<double>(static_cast<float>(value))) - bucket <= 1);
  }
}

TEST_CASE("extremes, lowest cells, mean and percentiles are those of the sorted cells") {
  const Catalog catalog = shop();
  for (const char* model : {"reader", "small"}) {
    const auto sweep = compile(catalog, scenario_of(model), two_axes);
    REQUIRE(sweep.ok());
    const SweepResult result = run(*sweep);
    const std::vector<SweepCell> cells = sorted(result);
    const Distribution& all = result.total.all;
    CHECK(all.count == cells.size());
    CHECK(result.total.impossible == result.cells.size() - cells.size());
    CHECK(all.minimum->cell == cells.front().cell);
    CHECK(all.maximum->value == cells.back().value);
    REQUIRE(result.total.lowest.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) CHECK(result.total.lowest[i].cell == cells[i].cell);
    double sum = 0, squares = 0;
    for (const SweepCell& cell : cells) sum += cell.value;
    const double mean = sum / static_cast<double>(cells.size());
    for (const SweepCell& cell : cells) squares += (cell.value - mean) * (cell.value - mean);
    CHECK(all.mean == doctest::Approx(mean).epsilon(1e-12));
    CHECK(all.variance == doctest::Approx(squares / static_cast<double>(cells.size())).epsilon(1e-11));
    for (const double share : {0.05, 0.25, 0.5, 0.9, 0.95}) {
      const double exact = cells[static_cast<std::size_t>(share * static_cast<double>(cells.size() - 1))].value;
      CHECK(std::abs(*all.histogram.percentile(share) / exact - 1) < 0.02);
    }
  }
}

TEST_CASE("the curve leads from the minimum to the maximum through every whole percent of the cells") {
  const Catalog catalog = shop();
  const auto sweep = compile(catalog, scenario_of("small"), two_axes);
  REQUIRE(sweep.ok());
  const SweepResult result = run(*sweep);
  const std::vector<SweepCell> cells = sorted(result);
  const Result<JsonValue> header = parse_json(sweep_json(*sweep, result, false), "header");
  REQUIRE(header.ok());
  REQUIRE(header->find("curve") != nullptr);
  std::vector<double> curve;
  for (const JsonValue& value : header->find("curve")->items) curve.push_back(value.number);
  REQUIRE(curve.size() == 101);
  CHECK(curve.front() == cells.front().value);
  CHECK(curve.back() == cells.back().value);
  CHECK(std::is_sorted(curve.begin(), curve.end()));
  for (std::size_t percent = 1; percent < 100; ++percent) {
    const double exact = cells[percent * (cells.size() - 1) / 100].value;
    CHECK(std::abs(curve[percent] / exact - 1) < 0.02);
  }
}

TEST_CASE("with several models each cell is that model's, and the wins are counted") {
  const Catalog catalog = shop();
  const Scenario scenario = scenario_of("reader");
  const auto sweep = compile(catalog, scenario, with_models(two_axes));
  REQUIRE(sweep.ok());
  constexpr std::size_t models = 5;
  REQUIRE(sweep->models.size() == models);
  REQUIRE(sweep->left_out.size() == 1);
  CHECK(sweep->left_out[0].model.find("partial") != std::string::npos);
  const SweepResult result = run(*sweep);
  const std::size_t points = 61 * 37;
  REQUIRE(result.cells.size() == models * points);
  std::vector<std::uint64_t> wins(models, 0);
  for (std::size_t point = 0; point < points; ++point) {
    std::size_t best = models;
    for (std::size_t m = 0; m < models; ++m) {
      const double value = result.cells[m * points + point];
      if (!std::isnan(value) && (best == models || value < result.cells[best * points + point])) best = m;
    }
    REQUIRE(best < models);
    ++wins[best];
  }
  CHECK(result.total.wins == wins);
  const std::vector<SweepCell> ascending = sorted(result);
  REQUIRE(result.total.lowest.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) CHECK(result.total.lowest[i].cell == ascending[i].cell);
  // Of equal ones the first wins.
  for (std::size_t m = 0; m < models; ++m) CHECK((wins[m] > 0) == (m < 3));
  // Bit for bit the model's own sweep, which is the bill.
  for (std::size_t m = 0; m < models; ++m) {
    const auto alone = compile(catalog, scenario, with_models(two_axes, {sweep->models[m]}));
    REQUIRE(alone.ok());
    const SweepResult own = run(*alone);
    std::size_t differ = 0;
    for (std::size_t i = 0; i < points; ++i) {
      const double a = own.cells[i], b = result.cells[m * points + i];
      differ += (std::isnan(a) && std::isnan(b)) || a == b ? 0U : 1U;
    }
    CHECK(differ == 0);
    const Distribution& told = result.total.models[m];
    CHECK(own.total.all.mean == doctest::Approx(told.mean).epsilon(1e-12));
    CHECK(own.total.all.variance == doctest::Approx(told.variance).epsilon(1e-12));
    CHECK(own.total.all.count == told.count);
    CHECK(own.total.all.histogram.percentile(0.3) == told.histogram.percentile(0.3));
    CHECK(own.total.all.minimum->cell + m * points == told.minimum->cell);
    CHECK(own.total.all.maximum->cell + m * points == told.maximum->cell);
  }
}

TEST_CASE("random catalogs: a cell of many models is what the comparison says") {
  Random random(7);
  int checked = 0;
  for (int round = 0; round < 60; ++round) {
    const Catalog catalog = random_catalog(random);
    const Scenario scenario = random_scenario(random, catalog);
    SweepSpec spec = with_models({{{"output_tokens", 1, 2000, 3}, {"prompt_tokens", 1, 90000, 4}}});
    const Result<MonthShape> shape = sweep_shape(catalog, scenario, spec);
    if (!shape) continue;
    const auto sweep = compile_sweep(engine().plan(*shape), catalog, scenario, random_today, spec);
    if (!sweep) continue;
    const SweepResult result = run(*sweep);
    for (std::size_t cell = 0; cell < result.cells.size(); ++cell) {
      Scenario there = scenario;
      const std::vector<double> point = sweep->point(cell);
      for (std::size_t k = 0; k < point.size(); ++k) CHECK(!there.set_number(sweep->axes[k].id, point[k]));
      const auto comparison = engine().compare(catalog, there, random_today);
      REQUIRE(comparison.ok());
      const std::string& key = sweep->models[sweep->model_of(cell)];
      for (const ComparisonRow& row : comparison->rows) {
        if (row.model->key != key) continue;
        const double expected = row.usd_per_month.value_or(unknown_number);
        INFO(key << " in cell " << cell << " of " << scenario_text(there) << " " << row.reason);
        CHECK((std::isnan(expected) ? std::isnan(result.cells[cell]) : expected == result.cells[cell]));
        ++checked;
      }
    }
  }
  CHECK(checked > 500);
}

TEST_CASE("the frontier is what no other cell beats in both figures") {
  const Catalog catalog = shop();
  SweepSpec spec = with_models(two_axes);
  spec.axes[1] = {"prompt_tokens", 10, 8000, 23, Scale::log};
  spec.axes[0] = {"conversations_per_day", 1, 1000, 29, Scale::log};
  spec.against = "total_per_request";
  const auto sweep = compile(catalog, scenario_of("reader", {{"people_fte", "0.25"}}), spec);
  REQUIRE(sweep.ok());
  const SweepProgram program(*sweep, {0, false});
  const auto count = static_cast<std::size_t>(sweep->cells());
  std::vector<double> first(count), second(count);
  const std::vector<std::span<double>> both{first, second};
  SweepWorker worker(program);
  for (std::uint64_t item = 0; item < program.items(); ++item) worker.run(item, both);
  std::vector<std::uint64_t> expected;
  for (std::size_t i = 0; i < first.size(); ++i) {
    bool beaten = std::isnan(first[i]);
    for (std::size_t k = 0; k < first.size() && !beaten; ++k)
      beaten = (first[k] < first[i] && second[k] <= second[i]) || (first[k] <= first[i] && second[k] < second[i]) ||
               (first[k] == first[i] && second[k] == second[i] && k < i);
    if (!beaten) expected.push_back(i);
  }
  std::vector<std::uint64_t> found;
  for (const FrontierCell& cell : worker.total().frontier) {
    CHECK(cell.value == first.at(static_cast<std::size_t>(cell.cell)));
    CHECK(cell.against == second.at(static_cast<std::size_t>(cell.cell)));
    found.push_back(cell.cell);
  }
  std::sort(found.begin(), found.end());
  CHECK(found == expected);
  CHECK(found.size() > 3);
}

TEST_CASE("the bits do not depend on who ran which items") {
  const Catalog catalog = shop();
  SweepSpec spec = with_models(two_axes);
  spec.axes.insert(spec.axes.begin(), {"conversations_per_day", 1, 1e5, 50, Scale::log});
  spec.against = "total_per_request";
  for (const bool all : {true, false}) {
    if (!all) spec.models = {"small"};
    const auto sweep = compile(catalog, scenario_of("reader"), spec);
    REQUIRE(sweep.ok());
    const SweepResult whole = run(*sweep, {7, true});
    Random random(5);
    for (const std::uint32_t workers : {2U, 3U, 5U}) {
      std::vector<SweepJob> jobs;
      for (std::uint32_t i = 0; i < workers; ++i) jobs.emplace_back(*sweep, SweepAsk{7, true});
      REQUIRE(jobs[0].program().items() > 3);
      for (std::uint64_t item = 0; item < jobs[0].program().items(); ++item)
        jobs[random.below(workers)].run_items(item, item + 1);
      for (std::uint32_t i = workers; i-- > 1;) {
        const auto refused = merge_part(jobs[0], part_bytes(jobs[i]));
        if (refused) FAIL_CHECK(to_text(*refused));
      }
      jobs[0].cancel();
      const SweepResult& result = jobs[0].result();
      CHECK(!result.partial);
      check_same(result.total, whole.total);
      REQUIRE(result.cells.size() == whole.cells.size());
      std::size_t differ = 0;
      for (std::size_t i = 0; i < result.cells.size(); ++i)
        differ +=
            result.cells[i] == whole.cells[i] || (std::isnan(result.cells[i]) && std::isnan(whole.cells[i])) ? 0U : 1U;
      CHECK(differ == 0);
    }
  }
}

TEST_CASE("parts handed over on the way are each of new items; the result so far is that of the items done") {
  const Catalog catalog = shop();
  SweepSpec spec = with_models(two_axes);
  spec.axes.insert(spec.axes.begin(), {"conversations_per_day", 1, 1e5, 50, Scale::log});
  const auto sweep = compile(catalog, scenario_of("reader"), spec);
  REQUIRE(sweep.ok());
  const SweepResult whole = run(*sweep, {7, true});
  SweepJob first(*sweep, {7, true}), second(*sweep, {7, true});
  const std::uint64_t items = first.program().items();
  REQUIRE(items > 3);
  first.run_items(0, 1);
  second.run_items(1, 2);
  CHECK_FALSE(merge_part(first, part_bytes(second)));
  const SweepResult so_far = first.so_far();
  CHECK(so_far.partial);
  CHECK(so_far.cells.empty());
  SweepJob alone(*sweep, {7, true});
  alone.run_items(0, 2);
  alone.cancel();
  check_same(so_far.total, alone.result().total);
  // Asking changed nothing, and the second part does not hold the first one again.
  second.run_items(2, items);
  CHECK_FALSE(merge_part(first, part_bytes(second)));
  CHECK_FALSE(first.so_far().partial);
  first.cancel();
  CHECK_FALSE(first.result().partial);
  check_same(first.result().total, whole.total);
}

TEST_CASE("bytes that are not a part of the sweep are refused whole") {
  const Catalog catalog = shop();
  const auto sweep = compile(catalog, scenario_of("reader"), two_axes);
  SweepJob from(*sweep), to(*sweep);
  from.run_items(0, 1);
  const std::string bytes = part_bytes(from);
  const auto other = compile(catalog, scenario_of("reader"), with_models(two_axes));
  SweepJob elsewhere(*other);
  CHECK(merge_part(elsewhere, bytes));
  for (const std::size_t length : {std::size_t{0}, std::size_t{3}, std::size_t{40}, bytes.size() - 1}) {
    const auto refused = merge_part(to, std::string_view(bytes).substr(0, length));
    REQUIRE(refused);
    CHECK(refused->code == Code::bad_format);
  }
  CHECK(merge_part(to, bytes + "x"));
  to.cancel();
  CHECK(to.result().total.done == 0);
  CHECK(to.result().partial);
}

TEST_CASE("points anywhere are what the bill says there") {
  const Catalog catalog = shop();
  const Scenario scenario = scenario_of("small");
  const std::vector<Moved> moved{{"prompt_tokens", 1, 5000}, {"output_tokens", 0, 3000}, {"failure_ratio", 0, 0.3}};
  const std::vector<std::string_view> outputs{"total", "total_per_request", "output.text"};
  const Result<MonthShape> shape = points_shape(catalog, scenario, moved);
  REQUIRE(shape.ok());
  const auto points = compile_points(engine().plan(*shape), catalog, scenario, today, moved, outputs);
  REQUIRE(points.ok());
  Random random(3);
  std::vector<std::vector<double>> columns(3);
  for (int i = 0; i < 3000; ++i)
    for (std::size_t k = 0; k < 3; ++k)
      columns[k].push_back(moved[k].low + (moved[k].high - moved[k].low) * (random.below(10001) / 10000.0));
  const auto values = values_at(*points, columns);
  REQUIRE(values.size() == 3);
  int impossible = 0;
  for (std::size_t i = 0; i < 3000; i += 13) {
    Scenario there = scenario;
    for (std::size_t k = 0; k < 3; ++k) CHECK(!there.set_number(moved[k].id, columns[k][i]));
    const Bill bill = bill_of(catalog, there);
    for (std::size_t o = 0; o < 3; ++o) {
      const double expected =
          bill.items.empty() ? unknown_number : amount_of(bill, outputs[o]).value_or(unknown_number);
      CHECK((std::isnan(expected) ? std::isnan(values[o][i]) : values[o][i] == expected));
      impossible += std::isnan(expected) ? 1 : 0;
    }
  }
  CHECK(impossible > 0);
}

TEST_CASE("draws of all uncertain inputs are an axis: each is what the bill says of them") {
  const Catalog catalog = shop();
  Scenario scenario = scenario_of("reader");
  CHECK(!scenario.set("prompt_tokens", "400 to 2500"));
  CHECK(!scenario.set("output_tokens", "100 to 900"));
  SweepSpec spec = with_models({{{"conversations_per_day", 10, 1000, 3, Scale::log}}});
  spec.samples = 500;
  spec.seed = 9;
  spec.assumptions = Assumptions::given;
  const auto sweep = compile(catalog, scenario, spec);
  REQUIRE(sweep.ok());
  CHECK(sweep->drawn == std::vector<std::string>{"prompt_tokens", "output_tokens"});
  const SweepResult result = run(*sweep);
  REQUIRE(result.cells.size() == 5 * 3 * 500);
  for (std::size_t cell = 0; cell < result.cells.size(); cell += 37) {
    Scenario there = scenario;
    const std::vector<double> point = sweep->point(cell);
    REQUIRE(point.size() == 3);
    const std::string_view ids[] = {"conversations_per_day", "prompt_tokens", "output_tokens"};
    for (std::size_t k = 0; k < 3; ++k) CHECK(!there.set_number(ids[k], point[k]));
    const auto comparison = engine().compare(catalog, there, today);
    REQUIRE(comparison.ok());
    for (const ComparisonRow& row : comparison->rows) {
      if (row.model->key != sweep->models[sweep->model_of(cell)]) continue;
      const double expected = row.usd_per_month.value_or(unknown_number);
      CHECK((std::isnan(expected) ? std::isnan(result.cells[cell]) : expected == result.cells[cell]));
    }
  }
  // The distribution of one model is that of tokenbill range.
  spec.axes.clear();
  spec.models.clear();
  spec.samples = 4096;
  const auto alone = compile(catalog, scenario, spec);
  REQUIRE(alone.ok());
  const SweepResult drawn = run(*alone);
  RangeSpec same;
  same.seed = 9;
  same.assumptions = Assumptions::given;
  const auto ranges = find_ranges(engine(), catalog, scenario, today, same);
  REQUIRE(ranges.ok());
  CHECK(drawn.total.all.mean == doctest::Approx(ranges->outcome.mean).epsilon(1e-9));
  CHECK(*drawn.total.all.histogram.percentile(0.95) == doctest::Approx(ranges->outcome.high()).epsilon(0.01));
  CHECK(drawn.total.all.variance ==
        doctest::Approx(ranges->outcome.deviation * ranges->outcome.deviation).epsilon(1e-3));
}
