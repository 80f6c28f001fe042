#pragma once
// A grid of scenarios: one figure while parameters run along axes. The month plan is folded to the few nodes that the
// axes move (the short tape), which then runs on the processor in blocks, or on a graphics processor (shader.h).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tokenbill/bind.h"
#include "tokenbill/parameter.h"
#include "tokenbill/plan.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

inline constexpr std::size_t max_sweep_axes = 8;
inline constexpr std::size_t max_sweep_steps = 65536;
inline constexpr std::size_t max_sweep_cells = std::size_t{1} << 24;  ///< 128 MiB of results

/// A numeric parameter that runs from one value to another, both included.
struct SweepAxis {
  std::string id;               ///< of a parameter that is not a choice
  double from = 0;              ///< in the parameter's unit, within its range; above 0 for a log scale
  double to = 0;                ///< above `from`
  std::uint32_t steps = 2;      ///< how many values; 2 to max_sweep_steps
  Scale scale = Scale::linear;  ///< log: neighbouring values have the same ratio
};

struct SweepSpec {
  std::vector<SweepAxis> axes;   ///< 1 to max_sweep_axes, of different parameters; the last one runs fastest
  std::string output = "total";  ///< id of a figure or term of the plan
};

/// The values of an axis: ends exact, ascending, the same bits on every platform. Values within 1e-12 of a multiple of
/// a millionth are that multiple, so that a decade is 10, 100, 1000.
[[nodiscard]] std::vector<double> axis_values(const SweepAxis& axis);

/// A sweep ready to run. `tape` has nodes in evaluation order; the `input` of an input node is its axis. Constants are
/// what the scenario, the prices and the plan fold to; nothing that no result needs is left.
struct Sweep {
  struct Limit {
    NodeId node = no_node;  ///< of the tape
    double most = 0;        ///< a cell where the node is above it is impossible
  };
  std::vector<SweepAxis> axes;
  std::vector<std::vector<double>> values;  ///< per axis
  std::string output;
  std::string label;
  Unit unit;
  std::string model;  ///< key
  std::vector<Node> tape;
  std::vector<std::string> labels;  ///< one per node of the tape: the figure of the plan that it is; "" = none
  NodeId result = no_node;
  std::vector<Limit> limits;
  std::vector<NodeId> divisors;  ///< a cell where one of them is 0 has an unknown figure

  [[nodiscard]] std::size_t cells() const;
  /// Where the cell lies on each axis.
  [[nodiscard]] std::vector<double> point(std::size_t cell) const;
};

/// The parts that a month's plan needs for every cell. @error what compile_sweep says of a spec, and as shape_of
[[nodiscard]] Result<MonthShape> sweep_shape(const Catalog& catalog, const Scenario& scenario, const SweepSpec& spec);

/// Folds `plan` for one scenario and its model. Values are those of Engine::estimate, bit for bit.
/// @param plan  of the shape that sweep_shape gives, or one with more parts; the models' limits are held against its
///              figures prompt_size and output_size
/// @param today used where the scenario has no date
/// @error unknown_parameter, wrong_type (a choice), out_of_range, inconsistent (the same parameter twice),
/// unknown_item,
///        too_large, unknown_model, unsupported (the model cannot serve a part of an axis, or the figure cannot be
///        swept), impossible (no cell is within the model's limits), unpriced (a price that some cell needs is unknown)
[[nodiscard]] Result<Sweep> compile_sweep(const Plan& plan, const Catalog& catalog, const Scenario& scenario,
                                          Moment today, const SweepSpec& spec);

/// What compile_sweep folds, without scenario and catalog: a plan with a value or an axis for each of its inputs.
struct FoldRequest {
  std::span<const Known> inputs;                      ///< one per plan input; an unknown one must not be needed
  std::span<const std::size_t> axis_of_input;         ///< one per plan input; no_axis = constant
  std::span<const std::pair<double, double>> ranges;  ///< per axis: lowest and highest value
  NodeId result = no_node;
  struct Limit {
    NodeId node = no_node;
    NodeId plus = no_node;  ///< added to `node`; no_node = nothing
    double most = 0;
  };
  std::span<const Limit> limits;
};
inline constexpr std::size_t no_axis = static_cast<std::size_t>(-1);
/// Fills tape, result, limits and divisors of `sweep`. @error unpriced, impossible, unsupported
[[nodiscard]] std::optional<Error> fold(const Plan& plan, const FoldRequest& request, Sweep& sweep);

/// Of a cell: its index and value.
struct SweepCell {
  std::size_t cell = 0;
  double value = 0;
};

struct SweepResult {
  std::vector<double> cells;         ///< row-major, the last axis fastest; NaN: impossible, unknown, or not done yet
  std::size_t done = 0;              ///< cells [0, done) are done
  bool partial = false;              ///< cancelled before all were done
  std::size_t impossible = 0;        ///< cells beyond a limit of the model
  std::size_t unknown = 0;           ///< cells whose figure does not exist, such as the cost of one of no requests
  std::optional<SweepCell> minimum;  ///< the first one, where several are equal; absent where no cell has a value
  std::optional<SweepCell> maximum;
};

/// Runs a sweep in steps. However it is stepped, the bits are the same. Each node is computed in the outermost loop in
/// which it is constant; what depends on the innermost axis alone is computed once; the rest runs in blocks.
class SweepJob {
 public:
  explicit SweepJob(Sweep sweep);

  /// Works on at least `cells` more cells, up to a whole block. True: there is more to do.
  bool step(std::size_t cells);
  /// Share done, 0 to 1.
  [[nodiscard]] double progress() const;
  /// Keeps what is done; step() does nothing any more.
  void cancel();

  [[nodiscard]] const Sweep& sweep() const { return sweep_; }
  [[nodiscard]] const SweepResult& result() const { return result_; }

 private:
  static constexpr std::size_t block_size = 64;
  using Block = std::array<double, block_size>;
  /// When a node of the tape is computed.
  enum class When : std::uint8_t { row, column, block };

  void start_row(std::size_t row);
  void run_row_nodes(std::size_t level);
  void run_block(NodeId node, std::size_t block);
  [[nodiscard]] const Block& of(NodeId node, std::size_t block) const;
  void store(std::size_t block);

  Sweep sweep_;
  SweepResult result_;
  bool cancelled_ = false;
  std::vector<When> when_;
  std::vector<std::size_t> level_;          ///< of a row node: 1 + the innermost outer axis it depends on; 0 = none
  std::vector<std::vector<NodeId>> rows_;   ///< row nodes by level
  std::vector<NodeId> columns_, blocks_;    ///< the others, in order
  std::vector<double> scalars_;             ///< of row nodes
  std::vector<Block> now_;                  ///< of row nodes (all the same) and block nodes
  std::vector<std::vector<Block>> column_;  ///< of column nodes, one block after the other
  std::vector<std::size_t> position_;       ///< of the current row on each outer axis
  std::size_t inner_ = 1;                   ///< steps of the last axis
  std::size_t row_ = 0;
  std::size_t block_ = 0;  ///< the next block of the row
};

}  // namespace tokenbill
