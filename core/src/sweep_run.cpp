// The loops over the cells of a sweep. Built for speed on every target.

#include "tokenbill/sweep_run.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "order.h"
#include "tokenbill/lane.h"

// On x86 the loops are compiled a second time for wider registers, and the processor chooses. No fused operation: the
// bits are the same.
#if defined(__x86_64__) && defined(__ELF__) && defined(__GNUC__) && !defined(__clang__) && defined(NDEBUG) && \
    !defined(__SANITIZE_ADDRESS__)
#define TOKENBILL_WIDE __attribute__((target_clones("avx2", "default")))
#elif defined(__wasm__)
// Functions of their own: within a large function the browsers' compilers keep the numbers of a loop in memory.
#define TOKENBILL_WIDE __attribute__((noinline))
#else
#define TOKENBILL_WIDE
#endif
#define TOKENBILL_INLINE inline __attribute__((always_inline))

namespace tokenbill {

namespace {
constexpr std::size_t lanes = 8;
constexpr std::uint32_t impossible_cell = 1, unknown_cell = 2;
constexpr std::uint64_t most_model_numbers = std::uint64_t{1} << 17;  // a megabyte, which a second-level cache holds
constexpr double infinite = std::numeric_limits<double>::infinity();

/// A tile's values of one operation; operands with one number for the whole tile stay in a register. `count` is rounded
/// up to whole lanes: memory is padded.
template <class F>
TOKENBILL_INLINE void map_one(const double* __restrict a, double* __restrict out, std::size_t count, F f) {
  for (std::size_t i = 0; i < count; i += lanes)
    for (std::size_t k = 0; k < lanes; ++k) out[i + k] = f(a[i + k]);
}
template <class F>
TOKENBILL_INLINE void map_two(const double* a, bool single_a, const double* b, bool single_b, double* __restrict out,
                              std::size_t count, F f) {
  if (single_a) {
    const double x = *a;
    for (std::size_t i = 0; i < count; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k) out[i + k] = f(x, b[i + k]);
  } else if (single_b) {
    const double y = *b;
    for (std::size_t i = 0; i < count; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k) out[i + k] = f(a[i + k], y);
  } else {
    for (std::size_t i = 0; i < count; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k) out[i + k] = f(a[i + k], b[i + k]);
  }
}
/// One number stands in a row of its own as often as a loop reads it.
template <std::size_t operands, class F>
TOKENBILL_INLINE void map_many(const double* const* in, unsigned single, double* __restrict out, std::size_t count,
                               F f) {
  double filled[operands][lanes];
  const double* at[operands];
  std::size_t step[operands];
  for (std::size_t k = 0; k < operands; ++k) {
    const bool one = ((single >> k) & 1) != 0;
    if (one) std::fill_n(filled[k], lanes, *in[k]);
    at[k] = one ? filled[k] : in[k];
    step[k] = one ? 0 : lanes;
  }
  for (std::size_t i = 0; i < count; i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) out[i + k] = f(at, k);
    for (std::size_t k = 0; k < operands; ++k) at[k] += step[k];
  }
}

TOKENBILL_WIDE void run_operation(Op op, const double* const* in, unsigned single, double* out, std::size_t count) {
  using L = DoubleLane;
  switch (op) {
#define TOKENBILL_MAP_1(name) map_one(in[0], out, count, [](double a) { return L::name(a); })
#define TOKENBILL_MAP_2(name)                                             \
  map_two(in[0], (single & 1) != 0, in[1], (single & 2) != 0, out, count, \
          [](double a, double b) { return L::name(a, b); })
#define TOKENBILL_MAP_4(name)         \
  map_many<4>(in, single, out, count, \
              [](const double* const* x, std::size_t k) { return L::name(x[0][k], x[1][k], x[2][k], x[3][k]); })
#define TOKENBILL_OP(name, arity, meaning, wgsl) \
  case Op::name:                                 \
    TOKENBILL_MAP_##arity(name);                 \
    break;
#include "tokenbill/op.def"
#undef TOKENBILL_OP
#undef TOKENBILL_MAP_1
#undef TOKENBILL_MAP_2
#undef TOKENBILL_MAP_4
    case Op::constant:
    case Op::input:
      break;
  }
}

TOKENBILL_WIDE void run_fused(SweepProgram::Fused fused, const double* const* in, unsigned single, double* out,
                              std::size_t count) {
  using L = DoubleLane;
  using Operands = const double* const*;
  switch (fused) {
    case SweepProgram::Fused::mul_mul:
      map_many<3>(in, single, out, count,
                  [](Operands x, std::size_t k) { return L::mul(L::mul(x[0][k], x[1][k]), x[2][k]); });
      break;
    case SweepProgram::Fused::mul_add:
      map_many<3>(in, single, out, count,
                  [](Operands x, std::size_t k) { return L::add(L::mul(x[0][k], x[1][k]), x[2][k]); });
      break;
    case SweepProgram::Fused::add_mul:
      map_many<3>(in, single, out, count,
                  [](Operands x, std::size_t k) { return L::mul(L::add(x[0][k], x[1][k]), x[2][k]); });
      break;
    case SweepProgram::Fused::add_add:
      map_many<3>(in, single, out, count,
                  [](Operands x, std::size_t k) { return L::add(L::add(x[0][k], x[1][k]), x[2][k]); });
      break;
    case SweepProgram::Fused::mul_mul_add:
      map_many<4>(in, single, out, count,
                  [](Operands x, std::size_t k) { return L::add(L::mul(x[0][k], x[1][k]), L::mul(x[2][k], x[3][k])); });
      break;
    case SweepProgram::Fused::none:
      break;
  }
}

/// Numbers >= 0 are in the order of their bits, which compilers compare side by side.
std::int64_t bits_of(double value) {
  std::int64_t pattern = 0;
  std::memcpy(&pattern, &value, sizeof pattern);
  return pattern;
}
double number_of(std::int64_t pattern) {
  double value = 0;
  std::memcpy(&value, &pattern, sizeof value);
  return value;
}

/// Least, largest, mean and squared deviations of some values, always added in the same order: lane by lane, then the
/// lanes.
struct Summary {
  double least = infinite, largest = 0, mean = 0, deviations = 0;
};
TOKENBILL_WIDE void summarize(const double* values, std::size_t count, Summary& summary) {
  // Around the first value, so that hardly anything cancels.
  const double pivot = values[0];
  double sum[lanes], squares[lanes], least[lanes], largest[lanes];
  std::fill_n(sum, lanes, 0.0);
  std::fill_n(squares, lanes, 0.0);
  std::fill_n(least, lanes, pivot);
  std::fill_n(largest, lanes, pivot);
  const auto take = [&](double value, std::size_t k) {
    const double apart = value - pivot;
    sum[k] += apart;
    squares[k] += apart * apart;
    least[k] = value < least[k] ? value : least[k];
    largest[k] = largest[k] < value ? value : largest[k];
  };
  const std::size_t whole = count / lanes * lanes;
  for (std::size_t i = 0; i < whole; i += lanes)
    for (std::size_t k = 0; k < lanes; ++k) take(values[i + k], k);
  for (std::size_t k = 0; k < count - whole; ++k) take(values[whole + k], k);
  double total = 0;
  double total_squares = 0;
  for (std::size_t k = 0; k < lanes; ++k) {
    total += sum[k];
    total_squares += squares[k];
    summary.least = std::min(summary.least, least[k]);
    summary.largest = std::max(summary.largest, largest[k]);
  }
  const double apart = total / static_cast<double>(count);
  summary.mean = pivot + apart;
  summary.deviations = std::max(0.0, total_squares - total * apart);
}

/// Keeps the least value of each cell, and which model has it; of equal ones the first.
TOKENBILL_WIDE void offer_model(const double* __restrict values, std::size_t count, std::uint64_t model,
                                double* __restrict best, std::uint64_t* __restrict winner) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool better = values[i] < best[i];
    best[i] = better ? values[i] : best[i];
    winner[i] = better ? model : winner[i];
  }
}

/// Which of the values are beyond a limit, or 0. Returns whether any is.
TOKENBILL_WIDE bool find_bad(const double* values, std::size_t count, double most, bool divisor, std::uint8_t* bad) {
  unsigned any = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is = divisor ? values[i] == 0 : values[i] > most;
    bad[i] = is ? 1 : 0;
    any |= is ? 1U : 0U;
  }
  return any != 0;
}

/// Adds the moments of some values to those of others (Chan, Golub, LeVeque 1979, eq. 2.1).
void add_moments(SweepTotal::Moments& to, double count, double mean, double deviations) {
  if (!(count > 0)) return;
  const double both = to.count + count;
  const double apart = mean - to.mean;
  to.deviations += deviations + apart * apart * (to.count * count / both);
  to.mean += apart * (count / both);
  to.count = both;
}

bool before(const SweepCell& a, const SweepCell& b) { return a.value != b.value ? a.value < b.value : a.cell < b.cell; }

void offer_lowest(std::vector<SweepCell>& lowest, std::size_t most, SweepCell cell) {
  if (most == 0 || (lowest.size() == most && !before(cell, lowest.back()))) return;
  if (lowest.size() == most) lowest.pop_back();
  lowest.insert(std::upper_bound(lowest.begin(), lowest.end(), cell, before), cell);
}

void offer_minimum(std::optional<SweepCell>& minimum, const SweepCell& cell) {
  if (!minimum || before(cell, *minimum)) minimum = cell;
}
void offer_maximum(std::optional<SweepCell>& maximum, const SweepCell& cell) {
  if (!maximum || cell.value > maximum->value || (cell.value == maximum->value && cell.cell < maximum->cell))
    maximum = cell;
}

/// The frontier ascends in the first figure and falls in the second.
void offer_frontier(std::vector<FrontierCell>& frontier, const FrontierCell& cell) {
  auto at = std::lower_bound(frontier.begin(), frontier.end(), cell,
                             [](const FrontierCell& a, const FrontierCell& b) { return a.value < b.value; });
  if (at != frontier.begin() && std::prev(at)->against <= cell.against) return;
  if (at != frontier.end() && at->value == cell.value) {
    if (at->against < cell.against || (at->against == cell.against && at->cell <= cell.cell)) return;
  }
  const auto end = std::find_if(at, frontier.end(), [&](const FrontierCell& f) { return f.against < cell.against; });
  at = frontier.erase(at, end);
  frontier.insert(at, cell);
}

void merge_distribution(Distribution& to, const Distribution& from) {
  to.count += from.count;
  if (from.minimum) offer_minimum(to.minimum, *from.minimum);
  if (from.maximum) offer_maximum(to.maximum, *from.maximum);
  to.histogram.merge(from.histogram);
}

constexpr double least_bucketed = 0x1p-40;

}  // namespace

std::uint32_t Histogram::bucket(double value) { return static_cast<std::uint32_t>(bits_of(value) >> (52 - bits)); }

double Histogram::least(std::uint32_t bucket) { return number_of(static_cast<std::int64_t>(bucket) << (52 - bits)); }

Histogram Histogram::of(std::uint32_t first, std::vector<std::uint64_t> counts) {
  Histogram histogram;
  histogram.first_ = first;
  histogram.counts_ = std::move(counts);
  return histogram;
}

void Histogram::cover(std::uint32_t first, std::size_t end) {
  if (counts_.empty()) first_ = first;
  if (first < first_) {
    counts_.insert(counts_.begin(), first_ - first, 0);
    first_ = first;
  }
  if (end > first_ + counts_.size()) counts_.resize(end - first_);
}

TOKENBILL_WIDE void Histogram::add(std::span<const double> values, double low, double high) {
  const std::uint32_t lowest = bucket(std::max(low, least_bucketed));
  cover(lowest, std::size_t{bucket(std::max(high, least_bucketed))} + 1);
  std::uint64_t* counts = counts_.data();
  const auto first = static_cast<std::int64_t>(first_);
  if (low >= least_bucketed) {
    for (const double value : values) ++counts[(bits_of(value) >> (52 - bits)) - first];
  } else {
    for (const double value : values) ++counts[bucket(std::max(value, least_bucketed)) - first_];
  }
}

void Histogram::add(double value, std::uint64_t times) {
  const std::uint32_t here = bucket(std::max(value, least_bucketed));
  cover(here, std::size_t{here} + 1);
  counts_[here - first_] += times;
}

void Histogram::merge(const Histogram& other) {
  if (other.counts_.empty()) return;
  cover(other.first_, other.first_ + other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[other.first_ - first_ + i] += other.counts_[i];
}

std::uint64_t Histogram::count() const {
  std::uint64_t count = 0;
  for (const std::uint64_t one : counts_) count += one;
  return count;
}

std::optional<double> Histogram::percentile(double share) const {
  const double wanted = share * static_cast<double>(count());
  double below = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const auto here = static_cast<double>(counts_[i]);
    if (here > 0 && below + here >= wanted) {
      const std::uint32_t bucket = first_ + static_cast<std::uint32_t>(i);
      const double low = i == 0 && least(bucket) <= least_bucketed ? 0 : least(bucket);
      return low + (least(bucket + 1) - low) * std::clamp((wanted - below) / here, 0.0, 1.0);
    }
    below += here;
  }
  return std::nullopt;
}

void SweepTotal::merge(const SweepTotal& other, const SweepAsk& ask) {
  done += other.done;
  impossible += other.impossible;
  unknown += other.unknown;
  merge_distribution(all, other.all);
  for (const SweepCell& cell : other.lowest) offer_lowest(lowest, ask.lowest, cell);
  for (const FrontierCell& cell : other.frontier) offer_frontier(frontier, cell);
  for (std::size_t m = 0; m < models.size(); ++m) {
    merge_distribution(models[m], other.models[m]);
    wins[m] += other.wins[m];
  }
  moments.insert(moments.end(), other.moments.begin(), other.moments.end());
}

void SweepTotal::finish() {
  sort_stably(moments, [](const Moments& a, const Moments& b) {
    return a.item != b.item ? a.item < b.item : a.model < b.model;
  });
  Moments whole;
  std::vector<Moments> by_model(models.size());
  for (const Moments& one : moments) {
    add_moments(whole, one.count, one.mean, one.deviations);
    if (one.model < by_model.size()) add_moments(by_model[one.model], one.count, one.mean, one.deviations);
  }
  const auto settle = [](Distribution& distribution, const Moments& sums) {
    distribution.mean = sums.mean;
    distribution.variance = sums.count > 0 ? sums.deviations / sums.count : 0;
  };
  for (std::size_t m = 0; m < models.size(); ++m) {
    settle(models[m], by_model[m]);
    merge_distribution(all, models[m]);
  }
  settle(all, whole);
}

void SweepProgram::finish(SweepTotal& total) const {
  const std::uint64_t points = cells_of_a_model();
  const std::vector<SweepCell> lowest = total.lowest;
  for (const SweepCell& cell : lowest) {
    const auto model = static_cast<std::size_t>(cell.cell / points);
    for (const std::size_t twin : twins_[model])
      offer_lowest(total.lowest, ask_.lowest, {cell.cell + (twin - model) * points, cell.value});
  }
  for (const std::size_t model : first_models_) {
    for (const std::size_t twin : twins_[model]) {
      Distribution& same = total.models[twin] = total.models[model];
      if (same.minimum) same.minimum->cell += (twin - model) * points;
      if (same.maximum) same.maximum->cell += (twin - model) * points;
    }
  }
  for (std::size_t i = 0, counted = total.moments.size(); i < counted; ++i) {
    SweepTotal::Moments moments = total.moments[i];
    for (const std::size_t twin : twins_[moments.model]) {
      moments.model = static_cast<std::uint32_t>(twin);
      total.moments.push_back(moments);
    }
  }
  total.finish();
}

SweepWorker::SweepWorker(const SweepProgram& program) : program_(program), total_(program.nothing()) {
  store_.assign(program.memory_ + 2 * lanes, 0.0);
  constexpr std::size_t line = lanes * sizeof(double);
  memory_ = store_.data() + (line - reinterpret_cast<std::uintptr_t>(store_.data()) % line) % line / sizeof(double);
  for (const auto& [place, value] : program.constants_) memory_[place] = value;
  const std::uint64_t models_and_rows = program.rows_ * program.first_models_.size();
  if (program.sweep_.by_model() && program.tiles_ > 1 && models_and_rows <= most_model_numbers &&
      models_and_rows * program.model_numbers_.size() <= most_model_numbers) {
    has_numbers_.assign(static_cast<std::size_t>(models_and_rows), false);
    model_numbers_.assign(has_numbers_.size() * program.model_numbers_.size(), 0.0);
  }
  counts_.assign(program.shapes_.size(), 1);
  position_.assign(program.first_tile_axis_ + 1, 0);
  const std::size_t cells = program.chunk_ * program.inner_;
  for (std::vector<std::uint8_t>* flags : {&limited_, &bad_, &against_bad_, &found_}) flags->assign(cells, 0);
  sound_.assign(cells, 0.0);
  offered_.assign(cells, 0.0);
  if (program.sweep_.by_model()) {
    best_.assign(cells, infinite);
    winner_.assign(cells, 0);
  }
}

// Bit 0 of a shape is its outermost axis.
TOKENBILL_WIDE void SweepWorker::spread(const SweepProgram::Instruction& one, const double* __restrict from,
                                        double* __restrict out, std::size_t count) const {
  if (one.single != 0) {
    std::fill_n(out, count, *from);
  } else if (one.run == lanes) {
    for (std::size_t i = 0; i < count; i += lanes, ++from)
      for (std::size_t k = 0; k < lanes; ++k) out[i + k] = *from;
  } else if (one.run != 0) {
    for (std::size_t i = 0; i < count; i += one.run, ++from) std::fill_n(out + i, one.run, *from);
  } else if (one.cycles) {
    const std::size_t values = counts_[one.from_shape];
    for (std::size_t i = 0; i < count; i += values) std::copy_n(from, values, out + i);
  } else {
    const std::uint32_t* places = program_.tables_[one.table].data();
    for (std::size_t i = 0; i < count; ++i) out[i] = from[places[i]];
  }
}

void SweepWorker::load(const SweepProgram::Instruction& one, double* out, std::size_t count) const {
  const Sweep::Column& column = program_.sweep_.columns[one.column];
  if (one.shape == 0) {
    *out = column.values[position_[column.axis]];
    return;
  }
  const std::size_t begin =
      column.axis == program_.first_tile_axis_ ? static_cast<std::size_t>(tile_) * program_.chunk_ : 0;
  if (column.drawn == no_draw)
    std::copy_n(column.values.data() + begin, count, out);
  else
    program_.sweep_.draws->fill(column.drawn, begin, {out, count});
}

void SweepWorker::run_code(const SweepProgram::Code& code) {
  for (const SweepProgram::Instruction& one : code) {
    const std::size_t count = counts_[one.shape];
    double* out = memory_ + one.out;
    switch (one.kind) {
      case SweepProgram::Instruction::Kind::operation: {
        const double* in[4] = {memory_ + one.in[0], memory_ + one.in[1], memory_ + one.in[2], memory_ + one.in[3]};
        if (DoubleLane lane; one.shape == 0)
          *out = operate(lane, one.op, [&](std::size_t k) { return *in[k]; });
        else
          run_operation(one.op, in, one.single, out, count);
        break;
      }
      case SweepProgram::Instruction::Kind::fused: {
        const double* in[4] = {memory_ + one.in[0], memory_ + one.in[1], memory_ + one.in[2], memory_ + one.in[3]};
        run_fused(one.fused, in, one.single, out, count);
        break;
      }
      case SweepProgram::Instruction::Kind::load: {
        load(one, out, count);
        break;
      }
      case SweepProgram::Instruction::Kind::spread:
        spread(one, memory_ + one.in[0], out, count);
        break;
    }
  }
}

void SweepWorker::go_to_row(std::uint64_t row) {
  const std::size_t outermost = program_.sweep_.by_model() ? 1 : 0;
  std::size_t first = started_ ? program_.first_tile_axis_ : 0;  // the outermost axis that moved
  std::uint64_t rest = row;
  for (std::size_t k = program_.first_tile_axis_; k-- > outermost;) {
    const std::size_t size = program_.sweep_.sizes[k];
    const auto at = static_cast<std::size_t>(rest % size);
    rest /= size;
    if (at != position_[k]) first = std::min(first, k);
    position_[k] = at;
  }
  if (!started_) run_code(program_.row_code_[0]);
  for (std::size_t level = first + 1; level < program_.row_code_.size(); ++level) run_code(program_.row_code_[level]);
}

void SweepWorker::go_to_model(std::uint64_t row, std::size_t rank) {
  if (model_numbers_.empty()) {
    run_code(program_.model_row_code_);
    return;
  }
  const std::vector<std::uint32_t>& places = program_.model_numbers_;
  const std::size_t index = static_cast<std::size_t>(row) * program_.first_models_.size() + rank;
  double* kept = model_numbers_.data() + index * places.size();
  if (has_numbers_[index]) {
    for (const std::uint32_t place : places) memory_[place] = *kept++;
    return;
  }
  run_code(program_.model_row_code_);
  for (const std::uint32_t place : places) *kept++ = memory_[place];
  has_numbers_[index] = true;
}

void SweepWorker::go_to_tile(std::uint64_t tile) {
  if (started_ && tile == tile_) return;
  tile_ = tile;
  tile_cells_ = program_.tile_cells(tile);
  const std::size_t here = tile_cells_ / program_.inner_;
  for (std::size_t s = 0; s < program_.shapes_.size(); ++s) {
    counts_[s] = 1;
    for (std::size_t k = 0; program_.first_tile_axis_ + k < program_.sweep_.sizes.size(); ++k)
      if (((program_.shapes_[s] >> k) & 1) != 0)
        counts_[s] *= k == 0 ? here : program_.sweep_.sizes[program_.first_tile_axis_ + k];
  }
  run_code(program_.tile_code_);
}

bool SweepWorker::mark(const SweepProgram::Test& test, bool divisor, std::vector<std::uint8_t>& bad) {
  const std::size_t count = counts_[test.shape];
  const double* values = memory_ + test.node;
  if (!find_bad(values, count, divisor ? 0 : memory_[test.most], divisor, found_.data())) return false;
  const auto kind = static_cast<std::uint8_t>(divisor ? unknown_cell : impossible_cell);
  for (std::size_t i = 0; i < tile_cells_; ++i) {
    const std::size_t at = test.shape == 0 ? 0 : count == tile_cells_ ? i : program_.tables_[test.table][i];
    if (found_[at] != 0 && bad[i] == 0) bad[i] = kind;
  }
  return true;
}

// Which cells of a tile have no such figure: those beyond a limit, and those where it is divided by 0.
bool SweepWorker::mark_figure(const SweepProgram::Figure& figure, bool limited) {
  bool any = limited;
  if (limited)
    bad_ = limited_;
  else if (bad_is_dirty_)
    std::fill(bad_.begin(), bad_.end(), std::uint8_t{0});
  for (const SweepProgram::Test& divisor : figure.divisors) any = mark(divisor, true, bad_) || any;
  bad_is_dirty_ = any;
  return any;
}

void SweepWorker::take(std::uint64_t row, std::size_t model, std::span<const std::span<double>> cells) {
  const std::uint64_t first_cell = program_.first_cell({row, tile_}, model);
  bool limited = false;
  for (const SweepProgram::Test& limit : program_.limits_) {
    if (!limited) std::fill(limited_.begin(), limited_.end(), std::uint8_t{0});
    limited = mark(limit, false, limited_) || limited;
  }
  const std::vector<std::size_t>& twins = program_.twins_[model];
  total_.done += tile_cells_ * (1 + twins.size());
  // The first figure last: what is counted is counted of it.
  for (std::size_t k = program_.figures_.size(); k-- > 0;) {
    const bool any_bad = mark_figure(program_.figures_[k], limited);
    const double* values = memory_ + program_.figures_[k].place;
    if (k < cells.size() && !cells[k].empty()) {
      const std::span<double> kept = cells[k].subspan(static_cast<std::size_t>(first_cell), tile_cells_);
      for (std::size_t i = 0; i < tile_cells_; ++i) kept[i] = bad_[i] != 0 ? unknown_number : values[i];
      for (const std::size_t twin : twins) {
        const std::uint64_t first_of_twin = first_cell + (twin - model) * program_.cells_of_a_model();
        std::copy(kept.begin(), kept.end(), cells[k].begin() + static_cast<std::ptrdiff_t>(first_of_twin));
      }
    }
    if (k == 1) std::copy(bad_.begin(), bad_.end(), against_bad_.begin());
    if (k == 0) take_first(first_cell, model, values, any_bad);
  }
}

void SweepWorker::take_first(std::uint64_t first_cell, std::size_t model, const double* values, bool any_bad) {
  if (program_.figures_.size() == 2) {
    const double* against = memory_ + program_.figures_[1].place;
    for (std::size_t i = 0; i < tile_cells_; ++i)
      if (bad_[i] == 0 && against_bad_[i] == 0)
        offer_frontier(total_.frontier, {first_cell + i, values[i], against[i]});
  }
  const double* sound = values;
  const double* offered = values;
  std::size_t count = tile_cells_;
  if (any_bad) {
    sound = sound_.data();
    count = 0;
    const std::size_t alike = 1 + program_.twins_[model].size();
    for (std::size_t i = 0; i < tile_cells_; ++i) {
      total_.impossible += bad_[i] == impossible_cell ? alike : 0U;
      total_.unknown += bad_[i] == unknown_cell ? alike : 0U;
      if (bad_[i] == 0) sound_[count++] = values[i];
      offered_[i] = bad_[i] == 0 ? values[i] : infinite;
    }
    offered = offered_.data();
  }
  if (program_.sweep_.by_model()) offer_model(offered, tile_cells_, model, best_.data(), winner_.data());
  if (count == 0) return;

  Summary summary;
  summarize(sound, count, summary);
  Distribution& distribution = program_.sweep_.by_model() ? total_.models[model] : total_.all;
  distribution.count += count;
  distribution.histogram.add({sound, count}, summary.least, summary.largest);
  add_moments(of_item_[model], static_cast<double>(count), summary.mean, summary.deviations);

  const auto first_with = [&](double value) {
    std::size_t i = 0;
    while (bad_[i] != 0 || values[i] != value) ++i;
    return SweepCell{first_cell + i, value};
  };
  if (!distribution.minimum || summary.least <= distribution.minimum->value)
    offer_minimum(distribution.minimum, first_with(summary.least));
  if (!distribution.maximum || summary.largest >= distribution.maximum->value)
    offer_maximum(distribution.maximum, first_with(summary.largest));
  const std::size_t most = program_.ask_.lowest;
  if (most > 0 && (total_.lowest.size() < most || summary.least <= total_.lowest.back().value))
    for (std::size_t i = 0; i < tile_cells_; ++i)
      if (bad_[i] == 0 && (total_.lowest.size() < most || values[i] <= total_.lowest.back().value))
        offer_lowest(total_.lowest, most, {first_cell + i, values[i]});
}

void SweepWorker::run(std::uint64_t item, std::span<const std::span<double>> cells) {
  of_item_.assign(program_.models_, {});
  const std::uint64_t end = program_.units_before(item + 1);
  for (std::uint64_t index = program_.units_before(item); index < end; ++index) {
    const auto [row, tile] = program_.unit(index);
    go_to_row(row);
    go_to_tile(tile);
    started_ = true;
    run_code(program_.cell_code_);
    std::size_t rank = 0;
    for (const std::size_t model : program_.first_models_) {
      position_[0] = program_.sweep_.by_model() ? model : position_[0];
      go_to_model(row, rank++);
      run_code(program_.model_tile_code_);
      take(row, model, cells);
    }
    if (!program_.sweep_.by_model()) continue;
    for (std::size_t i = 0; i < tile_cells_; ++i) {
      if (best_[i] < infinite) ++total_.wins[static_cast<std::size_t>(winner_[i])];
      best_[i] = infinite;
    }
  }
  for (std::size_t model = 0; model < program_.models_; ++model) {
    SweepTotal::Moments& moments = of_item_[model];
    if (!(moments.count > 0)) continue;
    moments.item = item;
    moments.model = static_cast<std::uint32_t>(model);
    total_.moments.push_back(moments);
  }
}

std::vector<std::vector<double>> values_at(const Sweep& points, std::span<const std::vector<double>> columns) {
  const std::size_t count = columns.empty() ? 1 : columns.front().size();
  std::vector<std::vector<double>> values(points.outputs.size(), std::vector<double>(count, unknown_number));
  if (count == 0) return values;
  Sweep sweep = points;
  sweep.sizes = {count};
  for (std::size_t k = 0; k < columns.size(); ++k) sweep.columns[k].values = columns[k];
  const SweepProgram program(std::move(sweep), {0});
  SweepWorker worker(program);
  const std::vector<std::span<double>> cells(values.begin(), values.end());
  for (std::uint64_t item = 0; item < program.items(); ++item) worker.run(item, cells);
  return values;
}

SweepJob::SweepJob(Sweep sweep, SweepAsk ask)
    : program_(std::make_unique<SweepProgram>(std::move(sweep), ask)),
      worker_(std::make_unique<SweepWorker>(*program_)) {
  result_.of = program_->sweep().cells();
  merged_ = program_->nothing();
  if (ask.cells) result_.cells.assign(static_cast<std::size_t>(result_.of), unknown_number);
}

bool SweepJob::step(std::uint64_t cells) {
  if (ended_) return false;
  const std::uint64_t done = worker_->total().done;
  while (item_ < program_->items() && worker_->total().done - done < cells) {
    run_items(item_, item_ + 1);
    ++item_;
  }
  if (item_ < program_->items()) return true;
  end();
  return false;
}

void SweepJob::run_items(std::uint64_t first, std::uint64_t end) {
  const std::span<double> kept(result_.cells);
  for (std::uint64_t item = first; item < std::min(end, program_->items()); ++item) {
    worker_->run(item, {&kept, 1});
    if (!kept.empty()) program_->add_spans(item, filled_);
  }
}

void SweepJob::hand_over() {
  worker_->forget();
  filled_.clear();
}

SweepResult SweepJob::so_far() const {
  SweepResult result;
  result.of = result_.of;
  result.total = merged_;
  result.total.merge(worker_->total(), program_->ask());
  program_->finish(result.total);
  result.partial = result.total.done < result.of;
  return result;
}

void SweepJob::merge(const SweepTotal& share) { merged_.merge(share, program_->ask()); }

void SweepJob::merge_cells(std::uint64_t first, std::span<const double> values) {
  if (first > result_.cells.size() || values.size() > result_.cells.size() - first) return;
  std::copy(values.begin(), values.end(), result_.cells.begin() + static_cast<std::ptrdiff_t>(first));
}

double SweepJob::progress() const {
  return static_cast<double>(worker_->total().done + merged_.done) / static_cast<double>(result_.of);
}

void SweepJob::cancel() {
  if (!ended_) end();
}

void SweepJob::end() {
  ended_ = true;
  result_.total = std::move(merged_);
  result_.total.merge(worker_->total(), program_->ask());
  merged_ = program_->nothing();
  program_->finish(result_.total);
  result_.partial = result_.total.done < result_.of;
}

}  // namespace tokenbill
