#pragma once
// Running a compiled sweep on the processor: its cells are cut into items, which threads or workers run in any order.
// What is kept of the cells (extremes, distribution, frontier, winners) needs no memory that grows with their number,
// and has the same bits however the items were shared out.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "tokenbill/sweep.h"

namespace tokenbill {

/// Of a cell: its index and value.
struct SweepCell {
  std::uint64_t cell = 0;
  double value = 0;
};

/// How often values >= 0 fall into buckets of equal ratio: 128 to a doubling, so that a bucket is at most 0.78 % wide.
/// Those below 2^-40 share the first. Holds the buckets from the lowest to the highest value alone.
class Histogram {
 public:
  static constexpr int bits = 7;  ///< of the fraction that name a bucket
  /// Of a value, counted from 0 upwards by the bits of the number; a 32-bit number has the same one.
  [[nodiscard]] static std::uint32_t bucket(double value);
  /// The least value of a bucket.
  [[nodiscard]] static double least(std::uint32_t bucket);

  /// @param low, high  no value lies outside
  void add(std::span<const double> values, double low, double high);
  /// The same value so many times.
  void add(double value, std::uint64_t times);
  void merge(const Histogram& other);
  [[nodiscard]] std::uint64_t count() const;
  /// The value below which this share (0 to 1) lies, evenly spread within a bucket; absent without values.
  [[nodiscard]] std::optional<double> percentile(double share) const;
  [[nodiscard]] std::uint32_t first() const { return first_; }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }
  /// As first() and counts() gave them.
  static Histogram of(std::uint32_t first, std::vector<std::uint64_t> counts);

 private:
  /// Makes room for buckets [first, end).
  void cover(std::uint32_t first, std::size_t end);
  std::uint32_t first_ = 0;  ///< bucket of counts_[0]
  std::vector<std::uint64_t> counts_;
};

/// The values of many cells.
struct Distribution {
  std::uint64_t count = 0;
  std::optional<SweepCell> minimum, maximum;  ///< the first cell, where several are equal
  Histogram histogram;
  double mean = 0, variance = 0;  ///< of the values; filled in by finish()
};

/// A cell of the frontier: no other cell has less of both figures.
struct FrontierCell {
  std::uint64_t cell = 0;
  double value = 0;    ///< of the first output
  double against = 0;  ///< of the second
};

struct SweepAsk {
  std::size_t lowest = 10;  ///< how many of the cells with the least values to keep
  bool cells = false;       ///< keep every value; at most max_kept_cells
};

/// What is kept of the cells.
struct SweepTotal {
  std::uint64_t done = 0;
  std::uint64_t impossible = 0;  ///< cells beyond a limit of the model
  std::uint64_t unknown = 0;     ///< cells whose figure does not exist, such as the cost of one of no requests
  Distribution all;
  std::vector<SweepCell> lowest;       ///< ascending; equal ones by cell
  std::vector<FrontierCell> frontier;  ///< ascending by the first output; only with two
  std::vector<Distribution> models;    ///< by model, where there are several
  std::vector<std::uint64_t> wins;     ///< by model: points where it costs least; of equal ones the first
  /// Mean and sum of squared deviations of one item and model: sums depend on their order, so they are added up at the
  /// end in the order of the items.
  struct Moments {
    std::uint64_t item = 0;
    std::uint32_t model = 0;
    double count = 0, mean = 0, deviations = 0;
  };
  std::vector<Moments> moments;

  /// Adds what another worker kept. The order in which workers are merged does not matter.
  void merge(const SweepTotal& other, const SweepAsk& ask);
  /// Means and variances, when all is merged. Of a SweepProgram's cells: SweepProgram::finish.
  void finish();
};

/// A sweep made ready for the processor. Nodes that no tile axis moves are computed once for each row of the other
/// axes, in the outermost loop in which they are constant; the innermost axes form a tile of up to 512 cells, in which
/// a node has as many values as the axes it depends on have steps, computed in plain loops that the compiler turns into
/// SIMD. What the models share is computed once for all of them. Immutable: threads may share it.
class SweepProgram {
 public:
  explicit SweepProgram(Sweep sweep, SweepAsk ask = {});
  [[nodiscard]] const Sweep& sweep() const { return sweep_; }
  [[nodiscard]] const SweepAsk& ask() const { return ask_; }
  [[nodiscard]] std::uint64_t items() const { return items_; }
  /// How many cells an item has.
  [[nodiscard]] std::uint64_t cells_of(std::uint64_t item) const;
  struct Span {
    std::uint64_t first = 0, count = 0;  ///< cells
  };
  /// Adds the cells of an item; what follows the last span lengthens it.
  void add_spans(std::uint64_t item, std::vector<Span>& spans) const;
  /// What nothing was counted in yet.
  [[nodiscard]] SweepTotal nothing() const;
  /// When all parts are merged: adds what twins have, and then means and variances.
  void finish(SweepTotal& total) const;

  /// Two or three operations in one loop, each rounded as ever: what stands between them needs no memory.
  enum class Fused : std::uint8_t { none, mul_mul, mul_add, add_mul, add_add, mul_mul_add };

 private:
  friend class SweepWorker;
  /// What is computed without a break: one row of the outer axes in one tile, for every model. Those of a tile follow
  /// each other, so that what the tile alone moves is computed once.
  struct Unit {
    std::uint64_t row = 0, tile = 0;
  };
  [[nodiscard]] Unit unit(std::uint64_t index) const { return {index % rows_, index / rows_}; }
  [[nodiscard]] std::uint64_t units_before(std::uint64_t item) const;
  [[nodiscard]] std::size_t tile_cells(std::uint64_t tile) const;
  [[nodiscard]] std::uint64_t first_cell(const Unit& unit, std::size_t model) const;
  /// One step: operations on numbers, or the spreading of a value over more axes.
  struct Instruction {
    enum class Kind : std::uint8_t { operation, fused, load, spread };
    Kind kind = Kind::operation;
    Op op = Op::constant;
    Fused fused = Fused::none;
    std::uint8_t single = 0;  ///< bit k: operand k is one number for the whole tile
    std::uint32_t shape = 0;  ///< of the result: index into shapes_
    std::uint32_t out = 0;
    std::array<std::uint32_t, 4> in{};  ///< places in a worker's memory
    std::uint32_t column = 0;           ///< of a load
    std::uint32_t table = 0;            ///< of a spread that is neither of these:
    std::uint32_t run = 0;              ///< of a spread over inner axes: cells for each value; else 0
    std::uint32_t from_shape = 0;       ///< of what is spread
    bool cycles = false;                ///< a spread over outer axes: the values follow each other again and again
  };
  using Code = std::vector<Instruction>;
  struct Test {
    std::uint32_t node = 0, most = 0;  ///< places; `most` is one number, and a divisor has none
    std::uint32_t shape = 0;           ///< of the node
    std::uint32_t table = 0;           ///< from its shape to the whole tile, where it is neither one number nor whole
  };
  struct Figure {
    std::uint32_t place = 0;  ///< of a whole tile of values
    std::vector<Test> divisors;
  };
  class Builder;

  /// Models that every column gives the same values, such as one that a second seller has at the same prices: the first
  /// is computed, and the others, its twins, get what it got.
  void find_twins();
  [[nodiscard]] std::uint64_t cells_of_a_model() const { return sweep_.cells() / models_; }

  Sweep sweep_;
  SweepAsk ask_;
  std::size_t models_ = 1;
  std::vector<std::size_t> first_models_;           ///< those that are computed, ascending: a model's rank is its place
  std::vector<std::vector<std::size_t>> twins_{1};  ///< by model; none where it is a twin itself
  std::size_t first_tile_axis_ = 0;                 ///< in sizes
  std::size_t chunk_ = 1;                           ///< steps of the first tile axis in a tile
  std::size_t inner_ = 1;                           ///< cells of a step of the first tile axis
  std::uint64_t rows_ = 1, tiles_ = 1;              ///< of the outer axes but the models; of the first tile axis
  std::uint64_t items_ = 1, tiles_an_item_ = 1;
  std::size_t memory_ = 0;  ///< numbers that a worker needs
  std::vector<std::pair<std::uint32_t, double>> constants_;
  std::vector<std::uint32_t> shapes_;  ///< masks of tile axes
  std::vector<std::vector<std::uint32_t>> tables_;
  std::vector<Code> row_code_;             ///< by level: 1 + the innermost outer axis it depends on
  Code tile_code_, cell_code_;             ///< of the tile alone; of row and tile
  Code model_row_code_, model_tile_code_;  ///< the same for each model
  /// Places of the numbers that model_row_code_ computes and others read: they are the same in each tile of a row.
  std::vector<std::uint32_t> model_numbers_;
  std::vector<Figure> figures_;
  std::vector<Test> limits_;
};

/// One thread's share of the work.
class SweepWorker {
 public:
  explicit SweepWorker(const SweepProgram& program);
  SweepWorker(const SweepWorker&) = delete;
  SweepWorker& operator=(const SweepWorker&) = delete;
  /// Runs an item, which no other worker runs. @param cells  receives the values of every cell of the sweep by output,
  /// NaN where impossible or unknown; may be empty
  void run(std::uint64_t item, std::span<const std::span<double>> cells = {});
  [[nodiscard]] const SweepTotal& total() const { return total_; }
  /// Begins to count anew; what later items need stays.
  void forget() { total_ = program_.nothing(); }

 private:
  void go_to_row(std::uint64_t row);
  void go_to_model(std::uint64_t row, std::size_t rank);
  void go_to_tile(std::uint64_t tile);
  void load(const SweepProgram::Instruction& one, double* out, std::size_t count) const;
  void run_code(const SweepProgram::Code& code);
  void spread(const SweepProgram::Instruction& one, const double* from, double* out, std::size_t count) const;
  bool mark(const SweepProgram::Test& test, bool divisor, std::vector<std::uint8_t>& bad);
  bool mark_figure(const SweepProgram::Figure& figure, bool limited);
  void take(std::uint64_t row, std::size_t model, std::span<const std::span<double>> cells);
  void take_first(std::uint64_t first_cell, std::size_t model, const double* values, bool any_bad);

  const SweepProgram& program_;
  SweepTotal total_;
  std::vector<double> store_;
  double* memory_ = nullptr;           ///< in store_, where a line of the cache begins
  std::vector<double> model_numbers_;  ///< by row, rank of the model and place; empty where that would be too many
  std::vector<bool> has_numbers_;      ///< by row and rank
  std::vector<std::size_t> counts_;    ///< values of each shape in the present tile
  std::vector<std::size_t> position_;  ///< on each axis, of the models and the outer ones
  std::uint64_t tile_ = 0;
  bool started_ = false;
  std::size_t tile_cells_ = 0;
  std::vector<SweepTotal::Moments> of_item_;  ///< by model, of the present item
  // Of the present tile: which cells are beyond a limit; which have no value (1 = impossible, 2 = unknown), of the
  // figure at hand and of the second one; those that the test at hand found.
  std::vector<std::uint8_t> limited_, bad_, against_bad_, found_;
  bool bad_is_dirty_ = false;
  std::vector<double> sound_;    ///< values without the bad ones
  std::vector<double> offered_;  ///< values, the bad ones infinite
  std::vector<double> best_;     ///< by cell of the tile: the least of the models so far
  std::vector<std::uint64_t> winner_;
};

/// Values of each output at points, NaN where impossible or unknown: the sweep of compile_points with its columns
/// filled in. @param columns  one per moved parameter, of equal length
[[nodiscard]] std::vector<std::vector<double>> values_at(const Sweep& points,
                                                         std::span<const std::vector<double>> columns);

/// What SweepJob answers.
struct SweepResult {
  std::vector<double> cells;  ///< row-major, the last axis fastest; NaN: impossible, unknown, or not done yet; empty
                              ///< where they are not kept
  std::uint64_t of = 0;       ///< all cells
  bool partial = false;       ///< cancelled before all were done
  SweepTotal total;
};

/// Runs a sweep in steps on one thread, or its share of the items of one; then another job merges the parts. However it
/// is stepped and shared out, the bits are the same.
class SweepJob {
 public:
  explicit SweepJob(Sweep sweep, SweepAsk ask = {10, true});

  /// Works on at least `cells` more cells, up to whole items. True: there is more to do.
  bool step(std::uint64_t cells);
  /// Share done, 0 to 1.
  [[nodiscard]] double progress() const;
  /// Keeps what is done; step() does nothing any more.
  void cancel();

  [[nodiscard]] const SweepProgram& program() const { return *program_; }
  [[nodiscard]] const Sweep& sweep() const { return program_->sweep(); }
  /// Complete after the last step or a cancel.
  [[nodiscard]] const SweepResult& result() const { return result_; }

  /// Runs items [first, end), which nobody else runs; an item is run once.
  void run_items(std::uint64_t first, std::uint64_t end);
  /// What run_items has kept since the last hand-over, and the spans of cells that it filled in.
  [[nodiscard]] const SweepTotal& share() const { return worker_->total(); }
  using Span = SweepProgram::Span;
  [[nodiscard]] const std::vector<Span>& filled() const { return filled_; }
  /// Another job has taken over the share: it begins anew.
  void hand_over();
  /// The result as if the job ended here, without cells; the job goes on.
  [[nodiscard]] SweepResult so_far() const;
  /// Takes over what another job has kept. @param values  of the cells from `first` on; both belong to one span
  void merge(const SweepTotal& share);
  void merge_cells(std::uint64_t first, std::span<const double> values);

 private:
  void end();
  std::unique_ptr<SweepProgram> program_;  ///< the worker refers to it
  std::unique_ptr<SweepWorker> worker_;
  SweepTotal merged_;
  SweepResult result_;
  std::vector<Span> filled_;
  std::uint64_t item_ = 0;
  bool ended_ = false;
};

}  // namespace tokenbill
