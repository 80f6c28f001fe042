#include "tokenbill/shader.h"

#include <limits>

#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// A literal of WGSL; a number without point or exponent would be an integer.
std::string literal(double value) {
  std::string text = exact_text(value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

/// "{0} + {1}" with the operands filled in.
std::string spelled(std::string_view pattern, const Node& node, const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 2 < pattern.size()) {
      text += names[node.args[static_cast<std::size_t>(pattern[i + 1] - '0')]];
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
                     "u;\n\nfn cost(x: array<f32, axis_count>) -> f32 {\n";
  std::vector<std::string> names(sweep.tape.size());
  for (std::size_t i = 0; i < sweep.tape.size(); ++i) {
    const Node& node = sweep.tape[i];
    std::string value;
    if (node.op == Op::constant) {
      if (!(node.value <= static_cast<double>(std::numeric_limits<float>::max())))
        return Error{Code::unsupported, "",
                     "The figure has the constant " + exact_text(node.value) + ", which a 32-bit number cannot hold.",
                     "Run the sweep on the processor."};
      names[i] = literal(node.value);
      continue;
    }
    names[i] = "v" + std::to_string(i);
    value = node.op == Op::input ? "x[" + std::to_string(node.input) + "]" : spelled(op_wgsl(node.op), node, names);
    text += "  let " + names[i] + " = " + value + ";";
    if (!sweep.labels[i].empty()) text += "  // " + sweep.labels[i];
    text += "\n";
  }
  for (const Sweep::Limit& limit : sweep.limits)
    text += "  if (" + names[limit.node] + " > " + names[limit.most] + ") { return no_figure; }\n";
  const Sweep::Output& output = sweep.outputs.front();
  for (const NodeId node : output.divisors) text += "  if (" + names[node] + " == 0.0) { return no_figure; }\n";
  return text + "  return " + names[output.node] + ";\n}\n";
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

double shader_bound(const Sweep& sweep) {
  return 3.0 * static_cast<double>(sweep.tape.size()) / 8388608.0;  // 2^23
}

}  // namespace tokenbill
