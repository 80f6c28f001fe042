#include "tokenbill/evaluate.h"

#include <algorithm>
#include <limits>

#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// A type of this file: the linker must not take another file's instance, built for size, of the innermost loop.
struct Lane : KnownLane {};

std::optional<Error> problem_of(const PlanInput& input, Known known) {
  if (!known.known || (known.value >= 0 && known.value <= std::numeric_limits<double>::max())) return std::nullopt;
  return Error{Code::bad_input, input.id,
               "expected a finite number of at least 0, found " + exact_text(known.value) + ".", ""};
}
}  // namespace

std::optional<Error> evaluate_into(const Plan& plan, std::span<const Known> inputs, Evaluation& evaluation) {
  if (inputs.size() != plan.inputs().size())
    return Error{Code::bad_input, "inputs",
                 "expected " + number_text(static_cast<double>(plan.inputs().size())) + " inputs, found " +
                     number_text(static_cast<double>(inputs.size())) + ".",
                 ""};
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (auto error = problem_of(plan.inputs()[i], inputs[i])) return error;
  Lane lane;
  evaluation.values.resize(plan.nodes().size());
  evaluate<Lane>(plan, lane, inputs, evaluation.values);
  return std::nullopt;
}

std::vector<NodeId> nodes_that_stand_on(const Plan& plan, std::span<const std::size_t> inputs) {
  const auto nodes = plan.nodes();
  std::vector<bool> stands(nodes.size());
  std::vector<NodeId> found;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    bool changes =
        node.op == Op::input && std::find(inputs.begin(), inputs.end(), std::size_t{node.input}) != inputs.end();
    for (int k = 0; k < arity(node.op); ++k) changes = changes || stands[node.args[static_cast<std::size_t>(k)]];
    stands[i] = changes;
    if (changes) found.push_back(static_cast<NodeId>(i));
  }
  return found;
}

std::optional<Error> evaluate_again(const Plan& plan, std::span<const NodeId> nodes, std::span<const Known> inputs,
                                    Evaluation& evaluation) {
  Lane lane;
  for (const NodeId node : nodes) {
    if (const Node& one = plan.nodes()[node]; one.op == Op::input)
      if (auto error = problem_of(plan.inputs()[one.input], inputs[one.input])) return error;
    evaluate_node<Lane>(plan.nodes(), plan.units(), lane, node, inputs, evaluation.values);
  }
  return std::nullopt;
}

Result<Evaluation> evaluate(const Plan& plan, std::span<const Known> inputs) {
  Evaluation evaluation;
  if (auto error = evaluate_into(plan, inputs, evaluation)) return *std::move(error);
  return evaluation;
}

}  // namespace tokenbill
