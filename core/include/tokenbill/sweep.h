#pragma once
// A grid of scenarios: figures of the bill while parameters run along axes, for one model or for many. The month plan
// is folded to the few nodes that the axes move (the tape, fold.h), which then runs on the processor (sweep_run.h), or
// on a graphics processor (shader.h).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/bind.h"
#include "tokenbill/parameter.h"
#include "tokenbill/plan.h"
#include "tokenbill/result.h"
#include "tokenbill/sampling.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

inline constexpr std::size_t max_sweep_axes = 8;
inline constexpr std::size_t max_sweep_steps = 65536;
inline constexpr std::uint64_t max_sweep_cells = std::uint64_t{1} << 40;  ///< streamed through
inline constexpr std::uint64_t max_kept_cells = std::uint64_t{1} << 24;   ///< 128 MiB of results

/// A numeric parameter that runs from one value to another, both included, or over listed values.
struct SweepAxis {
  std::string id;                   ///< of a parameter that is not a choice
  double from = 0;                  ///< in the parameter's unit, within its range; above 0 for a log scale
  double to = 0;                    ///< above `from`
  std::uint32_t steps = 2;          ///< how many values; 2 to max_sweep_steps
  Scale scale = Scale::linear;      ///< log: neighbouring values have the same ratio
  std::vector<double> listed = {};  ///< where given, the values, ascending; then from, to and steps follow from it
};

struct SweepSpec {
  std::vector<SweepAxis> axes;   ///< 1 to max_sweep_axes, of different parameters; the last one runs fastest
  std::string output = "total";  ///< id of a figure or term of the plan
  std::string against = {};      ///< a second one, for a frontier of the two; "" = none
  /// Keys of models to try, each for every cell; "all" alone = every model; empty = the scenario's own. Those that
  /// cannot serve are left out, with the reason.
  std::vector<std::string> models = {};
  /// How often to draw all inputs that have a range and are no axis (sampling.h), together: the innermost axis; 0 =
  /// not. With draws there need be no other axis.
  std::size_t samples = 0;
  std::uint64_t seed = 1;
  Assumptions assumptions = Assumptions::typical;
};

/// The values of an axis: ends exact, ascending, the same bits on every platform. Values within 1e-12 of a multiple of
/// a millionth are that multiple, so that a decade is 10, 100, 1000.
[[nodiscard]] std::vector<double> axis_values(const SweepAxis& axis);

/// Of a column that is not drawn.
inline constexpr std::size_t no_draw = static_cast<std::size_t>(-1);

/// A sweep ready to run. `tape` has nodes in evaluation order; the `input` of an input node is its column. Constants
/// are what the scenario, the prices and the plan fold to; nothing that no result needs is left.
struct Sweep {
  /// What an input takes along an axis; several where they move together.
  struct Column {
    std::size_t axis = 0;         ///< into sizes
    std::vector<double> values;   ///< as many as the axis has steps; none where they are drawn
    std::size_t drawn = no_draw;  ///< which input of `draws` it is
  };
  struct Limit {
    NodeId node = no_node;  ///< of the tape
    NodeId most = no_node;  ///< a cell where the node is above it is impossible
  };
  struct Output {
    std::string id;
    std::string label;
    Unit unit;
    NodeId node = no_node;              ///< of the tape
    double low = 0, high = 0;           ///< no cell lies outside
    std::vector<NodeId> divisors = {};  ///< a cell where one of them is 0 has an unknown figure
  };
  struct LeftOut {
    std::string model;
    std::string reason;
  };
  std::vector<SweepAxis> axes;      ///< of parameters; the last one runs fastest
  std::vector<std::string> models;  ///< keys; where there are several they are the outermost axis
  std::vector<LeftOut> left_out;
  std::vector<std::string> drawn;  ///< parameters that are drawn
  std::size_t samples = 0;         ///< of the innermost axis, where there are draws
  std::shared_ptr<const Draws> draws;
  std::vector<std::size_t> sizes;  ///< steps of every axis, that of the models first
  std::vector<Column> columns;     ///< first those of `axes`, one each, then those of `drawn`
  std::vector<Output> outputs;     ///< one, or two with `against`
  std::vector<Node> tape;
  std::vector<std::string> labels;  ///< one per node of the tape: the figure of the plan that it is; "" = none
  std::vector<Limit> limits;

  [[nodiscard]] bool by_model() const { return models.size() > 1; }
  [[nodiscard]] std::uint64_t cells() const;
  /// The values of `axes` in a cell, and then those of `drawn`.
  [[nodiscard]] std::vector<double> point(std::uint64_t cell) const;
  /// Index into `models`.
  [[nodiscard]] std::size_t model_of(std::uint64_t cell) const;
};

/// The parts that a month's plan needs for every cell. @error what compile_sweep says of a spec, and as shape_of
[[nodiscard]] Result<MonthShape> sweep_shape(const Catalog& catalog, const Scenario& scenario, const SweepSpec& spec);

/// Folds `plan` for one scenario and its models. Values are those of Engine::estimate for the scenario's model and of
/// Engine::compare for others, bit for bit.
/// @param plan  of the shape that sweep_shape gives, or one with more parts; the models' limits are held against its
///              figures prompt_size and output_size
/// @param today used where the scenario has no date
/// @error unknown_parameter, wrong_type (a choice), out_of_range, inconsistent (the same parameter twice),
///        unknown_item, too_large, unknown_model, unsupported (no model can serve a part of an axis, or the figure
///        cannot be swept), impossible (no cell is within the model's limits), unpriced (a price that some cell needs
///        is unknown)
[[nodiscard]] Result<Sweep> compile_sweep(const Plan& plan, const Catalog& catalog, const Scenario& scenario,
                                          Moment today, const SweepSpec& spec);

/// A parameter whose values are anywhere within a span.
struct Moved {
  std::string id;
  double low = 0, high = 0;  ///< within the parameter's range; low < high
};
/// An uncertain input: as far as its draws go, which is beyond the ends of its range.
[[nodiscard]] Moved moved_by_draws(const UncertainInput& input);
/// As sweep_shape, for any number of parameters.
[[nodiscard]] Result<MonthShape> points_shape(const Catalog& catalog, const Scenario& scenario,
                                              std::span<const Moved> moved);
/// A sweep without a grid: its columns are filled in by values_at. @error as compile_sweep
[[nodiscard]] Result<Sweep> compile_points(const Plan& plan, const Catalog& catalog, const Scenario& scenario,
                                           Moment today, std::span<const Moved> moved,
                                           std::span<const std::string_view> outputs);

}  // namespace tokenbill
