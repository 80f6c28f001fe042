#include "tokenbill/gradient.h"

namespace tokenbill {

std::vector<double> gradient(const Plan& plan, std::span<const Known> values, NodeId figure) {
  const std::span<const Node> nodes = plan.nodes();
  std::vector<double> by_node(nodes.size());
  std::vector<double> by_input(plan.inputs().size());
  const auto number = [&](NodeId node) {
    return node == no_node ? 0 : values[node].known ? values[node].value : unknown_number;
  };
  by_node[figure] = 1;
  for (std::size_t i = figure + std::size_t{1}; i-- > 0;) {
    const double weight = by_node[i];
    if (weight == 0) continue;  // nothing depends on it, whatever it stands on
    const Node& node = nodes[i];
    if (node.op == Op::constant) continue;
    if (node.op == Op::input) {
      by_input[node.input] = weight;
      continue;
    }
    const std::array<double, 4> by =
        slopes(node.op, number(node.args[0]), number(node.args[1]), number(static_cast<NodeId>(i)));
    for (std::size_t k = 0; k < by.size(); ++k)
      if (node.args[k] != no_node && by[k] != 0) by_node[node.args[k]] += weight * by[k];
  }
  return by_input;
}

}  // namespace tokenbill
