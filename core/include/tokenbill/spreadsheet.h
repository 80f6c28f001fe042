#pragma once
// A plan as formulas of a spreadsheet, so that a workbook calculates what the core calculates; and which inputs of a
// scenario a workbook can follow.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/plan.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// Where the value of a node stands: "Inputs!$C$5".
using CellOf = std::function<std::string(NodeId)>;

/// The nodes that `roots` stand on and that get a cell of their own, in evaluation order: those with a name, those that
/// several formulas use, and those without which a formula would become unreadable. Inputs are not among them: they
/// have cells of their own; constants are written as numbers.
[[nodiscard]] std::vector<NodeId> spreadsheet_nodes(const Plan& plan, const Evaluation& evaluation,
                                                    std::span<const NodeId> roots);

/// The formula of a node, without the equals sign, in the functions that Excel 2007 and LibreOffice share: at most a
/// few hundred characters. Unknown inputs are expected to stand as #N/A, which makes everything unknown that the core
/// calls unknown, and nothing else: what is multiplied by 0 stays 0, the branch that is not taken does not count.
/// @param nodes  as spreadsheet_nodes gave them
[[nodiscard]] std::string spreadsheet_formula(const Plan& plan, const Evaluation& evaluation,
                                              std::span<const NodeId> nodes, NodeId node, const CellOf& cell);

/// An input of the plan that may be changed in a workbook.
struct FollowedInput {
  std::size_t input = 0;  ///< index into Plan::inputs()
  /// Between these the formulas hold; outside of them the core would calculate by other ones. In the input's unit.
  double low = 0, high = 0;
  bool low_is_excluded = false;  ///< every value above `low`, but not `low` itself
};

/// The numeric parameters of a scenario that are inputs of its plan as they are: changed within these bounds, nothing
/// but this input changes, the plan stays the same, and what is known stays known. Found by trying. A value with which
/// the model cannot serve ends the bounds.
/// @error as Engine::price, of the scenario itself
[[nodiscard]] Result<std::vector<FollowedInput>> followed_inputs(const Engine& engine, const Catalog& catalog,
                                                                 const Scenario& scenario, Moment today);

}  // namespace tokenbill
