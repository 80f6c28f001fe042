#include "support/plan_text.h"

#include <vector>

#include "tokenbill/format.h"

using namespace tokenbill;

std::string plan_text(const Plan& plan) {
  const auto nodes = plan.nodes();
  std::vector<int> uses(nodes.size());
  for (const Node& node : nodes)
    for (const NodeId arg : node.args)
      if (arg != no_node) ++uses[arg];

  std::vector<std::string> formula(nodes.size());
  std::string text;
  int numbered = 0;
  for (NodeId i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    const Named* named = plan.name_of(i);
    const std::string unit = " [" + unit_id(plan.units()[i]) + "]";
    if (node.op == Op::input) {
      formula[i] = named->id;
      text += named->id + unit + " = input\n";
      continue;
    }
    if (node.op == Op::constant) {
      formula[i] = exact_text(node.value);
      continue;
    }
    const auto arg = [&](std::size_t k) { return formula[node.args[k]]; };
    if (node.op == Op::add || node.op == Op::mul || node.op == Op::div) {
      formula[i] = "(" + arg(0) + (node.op == Op::add ? " + " : node.op == Op::mul ? " * " : " / ") + arg(1) + ")";
    } else {
      formula[i] = std::string(op_name(node.op)) + "(" + arg(0);
      for (int k = 1; k < arity(node.op); ++k) formula[i] += ", " + arg(static_cast<std::size_t>(k));
      formula[i] += ")";
    }
    if (named != nullptr || uses[i] > 1) {
      const std::string id = named != nullptr ? named->id : "#" + std::to_string(++numbered);
      text += id + unit + " = " + formula[i] + "\n";
      formula[i] = id;
    }
  }
  text += "\nterms\n";
  for (const Term& term : plan.terms()) text += std::string(category_id(term.category)) + ": " + term.id + "\n";
  return text;
}
