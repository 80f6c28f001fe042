#include "tokenbill/screened.h"

#include <utility>

namespace tokenbill {

namespace {
/// The same figure at these cells alone, as a sweep along one axis.
Sweep at_cells(const Sweep& sweep, const std::vector<std::uint64_t>& cells) {
  Sweep points = sweep;
  for (Sweep::Column& column : points.columns) {
    column.axis = 0;
    column.values.clear();
  }
  for (const std::uint64_t cell : cells) {
    const std::vector<double> at = sweep.point(cell);
    for (std::size_t k = 0; k < at.size(); ++k) points.columns[k].values.push_back(at[k]);
  }
  points.sizes = {cells.size()};
  return points;
}

/// What is kept of these cells, named by their index in the whole sweep.
SweepResult run_at(const Sweep& sweep, const std::vector<std::uint64_t>& cells, const SweepAsk& ask) {
  if (cells.empty()) return {};
  SweepJob job(at_cells(sweep, cells), ask);
  while (job.step(cells.size())) {
  }
  SweepResult result = job.result();
  const auto name = [&](SweepCell& cell) { cell.cell = cells[static_cast<std::size_t>(cell.cell)]; };
  for (SweepCell& cell : result.total.lowest) name(cell);
  if (result.total.all.minimum) name(*result.total.all.minimum);
  if (result.total.all.maximum) name(*result.total.all.maximum);
  return result;
}
}  // namespace

Finished finish_screened(const Sweep& sweep, const SweepAsk& ask, const Screened& screened) {
  SweepTotal kept;
  kept.done = screened.done - screened.unsure.size();
  kept.impossible = screened.impossible;
  kept.unknown = screened.unknown;
  kept.all.count = screened.count;
  kept.all.histogram = screened.histogram;
  kept.moments.push_back({0, 0, static_cast<double>(screened.count), screened.mean, screened.deviations});
  // They are counted already.
  const SweepResult near = run_at(sweep, screened.near, {ask.lowest, false});
  kept.lowest = near.total.lowest;
  kept.all.minimum = near.total.all.minimum;
  kept.all.maximum = near.total.all.maximum;
  SweepResult unsure = run_at(sweep, screened.unsure, {ask.lowest, true});
  // After what the graphics processor kept.
  for (SweepTotal::Moments& one : unsure.total.moments) ++one.item;
  kept.merge(unsure.total, ask);
  kept.finish();
  Finished finished;
  finished.result.of = sweep.cells();
  finished.result.partial = kept.done < finished.result.of;
  finished.result.total = std::move(kept);
  finished.unsure = std::move(unsure.cells);
  return finished;
}

}  // namespace tokenbill
