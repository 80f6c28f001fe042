#include "tokenbill/shader.h"

#include <limits>

#include "tokenbill/bounded.h"
#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// A literal of WGSL; a number without point or exponent would be an integer.
std::string literal(double value) {
  std::string text = exact_text(value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

/// What a node is called in the function.
struct Spelled {
  std::string value, error;
  std::string leaves;  ///< of a sum: the errors of what is added up; else that of the node
  double terms = 1;    ///< of a sum: how many are added up
};

/// "({0} + {1})" with the operands filled in.
std::string in_wgsl(std::string_view pattern, const Node& node, const std::vector<Spelled>& nodes) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 2 < pattern.size()) {
      text += nodes[node.args[static_cast<std::size_t>(pattern[i + 1] - '0')]].value;
      i += 2;
    } else {
      text += pattern[i];
    }
  }
  return text;
}
}  // namespace

Result<std::string> cost_function(const Sweep& sweep) {
  if (sweep.columns.size() != sweep.axes.size())
    return Error{Code::unsupported, "", "A graphics processor runs sweeps of one model over axes, without draws.",
                 "Run the sweep on the processor."};
  std::string text = "const axis_count = " + std::to_string(sweep.columns.size()) +
                     "u;\n\nfn cost(x: array<vec2f, axis_count>) -> vec2f {\n";
  std::vector<Spelled> nodes(sweep.tape.size());
  for (std::size_t i = 0; i < sweep.tape.size(); ++i) {
    const Node& node = sweep.tape[i];
    Spelled& spelled = nodes[i];
    if (node.op == Op::constant) {
      if (!(node.value <= static_cast<double>(std::numeric_limits<float>::max())))
        return Error{Code::unsupported, "",
                     "The figure has the constant " + exact_text(node.value) + ", which a 32-bit number cannot hold.",
                     "Run the sweep on the processor."};
      spelled.value = literal(node.value);
      spelled.error = spelled.leaves = literal(BoundedLane::of(node.value).error);
      continue;
    }
    const std::string number = std::to_string(i);
    const auto let = [&](char letter, const std::string& value) {
      text += "  let " + (letter + number) + " = " + value + ";";
      return letter + number;
    };
    if (node.op == Op::input) {
      const std::string place = "x[" + std::to_string(node.input) + "]";
      spelled.value = let('v', place + ".x");
      spelled.error = spelled.leaves = let('e', place + ".y");
    } else {
      spelled.value = let('v', in_wgsl(op_wgsl(node.op), node, nodes));
      std::string operands = spelled.value, leaves;
      double terms = 0;
      for (const NodeId arg : node.args) {
        if (arg == no_node) break;
        const Spelled& operand = nodes[arg];
        operands += ", " + operand.value + ", " + operand.error;
        leaves += (leaves.empty() ? "" : " + ") + operand.leaves;
        terms += operand.terms;
      }
      // What is added up may be added in any order, so that a sum answers for all of its terms at once.
      const bool sum = node.op == Op::add;
      if (sum) {
        leaves = let('l', leaves);
        operands += ", " + leaves + ", " + literal(terms - 1);
      } else if (node.op == Op::excess) {
        operands += ", " + leaves + ", " + literal(terms - 1);
      } else if (node.op == Op::complement) {
        operands += ", " + leaves + ", " + literal(terms);
      }
      spelled.error = let('e', std::string(op_name(node.op)) + "_error(" + operands + ")");
      spelled.leaves = sum ? leaves : spelled.error;
      if (sum) spelled.terms = terms;
    }
    if (!sweep.labels[i].empty()) text += "  // " + sweep.labels[i];
    text += "\n";
  }
  const Sweep::Output& output = sweep.outputs.front();
  text += "  var sure = true;\n";
  for (const Sweep::Limit& limit : sweep.limits) {
    const Spelled& node = nodes[limit.node];
    const Spelled& most = nodes[limit.most];
    const std::string both = node.value + ", " + node.error + ", " + most.value + ", " + most.error;
    text += "  if (!apart(" + both + ")) { sure = false; } else if (" + node.value + " > " + most.value +
            ") { return vec2f(impossible, 0.0); }\n";
  }
  if (!output.divisors.empty()) text += "  var exists = true;\n";
  for (const NodeId node : output.divisors) {
    const Spelled& divisor = nodes[node];
    text += "  if (exactly(0.0, " + divisor.value + ", " + divisor.error + ")) { exists = false; } else if (!(" +
            divisor.value + " > " + divisor.error + ")) { sure = false; }\n";
  }
  const std::string& value = nodes[output.node].value;
  const std::string& error = nodes[output.node].error;
  if (!output.divisors.empty()) text += "  if (sure && !exists) { return vec2f(unknown, 0.0); }\n";
  text += "  if (!sure || !(" + value + " <= most) || !(" + error + " <= most)) { return vec2f(unsure, beyond); }\n";
  return text + "  return vec2f(" + value + ", " + error + ");\n}\n";
}

Result<std::string> place(std::string_view skeleton, std::string_view function) {
  const std::size_t at = skeleton.find(cost_marker);
  if (at == std::string_view::npos)
    return Error{Code::bad_format, "skeleton", "The skeleton has no line \"" + std::string(cost_marker) + "\".",
                 "Use shaders/sweep.wgsl."};
  std::string text(skeleton.substr(0, at));
  text += function;
  text += skeleton.substr(at + cost_marker.size());
  return text;
}

}  // namespace tokenbill
