#pragma once
// The interpreter: one short template over lanes, and the evaluation of a plan with numbers that may be unknown.

#include <span>
#include <vector>

#include "tokenbill/lane.h"
#include "tokenbill/plan.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// The value of one node from those before it. Inlined, since it is the innermost loop of all that is computed.
/// @param units  one per node, for lanes that look at those of constants; empty = ratios
template <class Lane>
[[gnu::always_inline]] inline void evaluate_node(std::span<const Node> nodes, std::span<const Unit> units, Lane& lane,
                                                 std::size_t i, std::span<const typename Lane::Value> inputs,
                                                 std::span<typename Lane::Value> out) {
  const Node& node = nodes[i];
  if (node.op == Op::constant)
    out[i] = lane.constant(node.value, units.empty() ? Unit{} : units[i]);
  else if (node.op == Op::input)
    out[i] = inputs[node.input];
  else
    out[i] = operate(lane, node.op, [&](std::size_t k) -> const typename Lane::Value& { return out[node.args[k]]; });
}

/// Values of every node of a tape, in node order.
/// @param inputs one per input of the tape  @param out one per node
/// A lane with a member `keep(NodeId, Value&)` may rewrite each value right after it was computed.
template <class Lane>
void evaluate(std::span<const Node> nodes, std::span<const Unit> units, Lane& lane,
              std::span<const typename Lane::Value> inputs, std::span<typename Lane::Value> out) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    evaluate_node(nodes, units, lane, i, inputs, out);
    if constexpr (requires { lane.keep(NodeId{}, out[i]); }) lane.keep(static_cast<NodeId>(i), out[i]);
  }
}
/// Values of every node of `plan`.
template <class Lane>
void evaluate(const Plan& plan, Lane& lane, std::span<const typename Lane::Value> inputs,
              std::span<typename Lane::Value> out) {
  evaluate(plan.nodes(), plan.units(), lane, inputs, out);
}

/// Values of every node, in each node's unit.
struct Evaluation {
  std::vector<Known> values;
  [[nodiscard]] Known of(NodeId node) const { return values[node]; }
};

/// @param inputs one per plan input, in that input's unit; finite and >= 0 where known
/// @error bad_input where = input id; the first offending input
/// Same bits on every platform. Allocates only the result. Safe to call from several threads.
[[nodiscard]] Result<Evaluation> evaluate(const Plan& plan, std::span<const Known> inputs);
/// The same into memory that is used again: for many models in a row.
[[nodiscard]] std::optional<Error> evaluate_into(const Plan& plan, std::span<const Known> inputs,
                                                 Evaluation& evaluation);

/// The nodes that stand on any of these inputs, in node order: what changes when they do.
/// @param inputs  indices; one past the end names none
[[nodiscard]] std::vector<NodeId> nodes_that_stand_on(const Plan& plan, std::span<const std::size_t> inputs);
/// Computes those nodes again. @pre `evaluation` is of this plan, and no other input has changed since
/// @error as evaluate, of the inputs among `nodes`
[[nodiscard]] std::optional<Error> evaluate_again(const Plan& plan, std::span<const NodeId> nodes,
                                                  std::span<const Known> inputs, Evaluation& evaluation);

}  // namespace tokenbill
