// What a graphics processor leaves to 64 bits, finished as a sweep on the processor would have it.

#include "tokenbill/screened.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "support/shop.h"
#include "tokenbill/sweep.h"

using namespace tokenbill;

namespace {
/// 40 x 25 cells; those with more than 128 000 tokens are impossible.
Sweep grid(std::string_view output = "total") {
  Model model = model_of("plain", 2.5, 10);
  model.context_tokens = 128000;
  const Catalog catalog = catalog_of({model});
  const SweepSpec spec{{{"prompt_tokens", 100, 200000, 40, Scale::log}, {"output_tokens", 10, 1000, 25, Scale::linear}},
                       std::string(output)};
  Result<Sweep> sweep = compile_sweep(engine().plan({}), catalog, scenario_of("plain"), today, spec);
  REQUIRE(sweep.ok());
  return std::move(sweep).value();
}

SweepResult run(const Sweep& sweep, const SweepAsk& ask) {
  SweepJob job(sweep, ask);
  while (job.step(100)) {
  }
  return job.result();
}

/// What reductions in 32 bits keep of these cells: `unsure` are left out of the counts.
Screened screen(const SweepResult& exact, std::vector<std::uint64_t> near, std::vector<std::uint64_t> unsure) {
  Screened kept;
  kept.done = exact.total.done;
  std::vector<double> values;
  for (std::size_t cell = 0; cell < exact.cells.size(); ++cell) {
    if (std::find(unsure.begin(), unsure.end(), cell) != unsure.end()) continue;
    const double value = static_cast<double>(static_cast<float>(exact.cells[cell]));
    if (std::isnan(value))
      ++kept.impossible;
    else
      values.push_back(value);
  }
  kept.count = values.size();
  kept.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (const double value : values) {
    kept.deviations += (value - kept.mean) * (value - kept.mean);
    kept.histogram.add(value, 1);
  }
  kept.near = std::move(near);
  kept.unsure = std::move(unsure);
  return kept;
}

void check_cell(const SweepCell& got, const SweepCell& expected) {
  CHECK(got.cell == expected.cell);
  CHECK(got.value == expected.value);
}
}  // namespace

TEST_CASE("extremes and counts of a screened sweep are those of 64 bits") {
  const Sweep sweep = grid();
  const SweepAsk ask{5, true};
  const SweepResult exact = run(sweep, ask);
  REQUIRE(exact.total.impossible > 0);
  std::vector<std::uint64_t> near;
  for (const SweepCell& cell : exact.total.lowest) near.push_back(cell.cell);
  near.push_back(exact.total.all.maximum->cell);
  near.push_back(400);  // no extreme after all
  std::sort(near.begin(), near.end());
  // One with a value, and one beyond the limit.
  const std::vector<std::uint64_t> unsure{333, 999};
  REQUIRE(!std::isnan(exact.cells[333]));
  REQUIRE(std::isnan(exact.cells[999]));

  const Finished finished = finish_screened(sweep, ask, screen(exact, near, unsure));
  const SweepTotal& total = finished.result.total;
  CHECK(finished.result.of == 1000);
  CHECK_FALSE(finished.result.partial);
  CHECK(total.done == 1000);
  CHECK(total.impossible == exact.total.impossible);
  CHECK(total.all.count == exact.total.all.count);
  check_cell(*total.all.minimum, *exact.total.all.minimum);
  check_cell(*total.all.maximum, *exact.total.all.maximum);
  REQUIRE(total.lowest.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) check_cell(total.lowest[i], exact.total.lowest[i]);
  CHECK(total.all.mean == doctest::Approx(exact.total.all.mean).epsilon(1e-6));
  CHECK(total.all.variance == doctest::Approx(exact.total.all.variance).epsilon(1e-5));
  CHECK(total.all.histogram.count() == exact.total.all.count);
  CHECK(*total.all.histogram.percentile(0.5) ==
        doctest::Approx(*exact.total.all.histogram.percentile(0.5)).epsilon(0.01));
  REQUIRE(finished.unsure.size() == 2);
  CHECK(finished.unsure[0] == exact.cells[333]);
  CHECK(std::isnan(finished.unsure[1]));
}

TEST_CASE("a cell that 32 bits cannot tell may be the lowest or the highest of all") {
  const Sweep sweep = grid();
  const SweepAsk ask{3, true};
  const SweepResult exact = run(sweep, ask);
  const std::uint64_t least = exact.total.all.minimum->cell, greatest = exact.total.all.maximum->cell;
  REQUIRE(least < greatest);
  std::vector<std::uint64_t> near;
  for (const SweepCell& cell : exact.total.lowest)
    if (cell.cell != least) near.push_back(cell.cell);
  std::sort(near.begin(), near.end());
  const Finished finished = finish_screened(sweep, ask, screen(exact, near, {least, greatest}));
  check_cell(*finished.result.total.all.minimum, *exact.total.all.minimum);
  check_cell(*finished.result.total.all.maximum, *exact.total.all.maximum);
  for (std::size_t i = 0; i < 3; ++i) check_cell(finished.result.total.lowest[i], exact.total.lowest[i]);
}

TEST_CASE("of a cancelled run only what is done counts") {
  const Sweep sweep = grid();
  const SweepAsk ask{2, false};
  Screened kept;
  kept.done = 10;
  kept.count = 9;
  kept.unsure = {9};
  kept.near = {0, 8};
  for (int i = 0; i < 9; ++i) kept.histogram.add(1000, 1);
  kept.mean = 1000;
  const Finished finished = finish_screened(sweep, ask, kept);
  CHECK(finished.result.partial);
  CHECK(finished.result.total.done == 10);
  CHECK(finished.result.total.all.count == 10);
  CHECK(finished.result.of == 1000);
  const Finished nothing = finish_screened(sweep, ask, {});
  CHECK(nothing.result.total.done == 0);
  CHECK_FALSE(nothing.result.total.all.minimum.has_value());
  CHECK(nothing.unsure.empty());
}
