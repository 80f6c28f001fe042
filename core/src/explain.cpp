#include "tokenbill/explain.h"

#include <algorithm>

#include "tokenbill/format.h"
#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
enum Strength { sum = 1, product = 2, atom = 3 };

struct Written {
  std::string names;
  std::string numbers;
  Strength strength = atom;
  Known known;  // the value, to leave out what changes nothing
  bool plain_ratio = false;
  std::vector<NodeId> uses;
  std::vector<std::string> conditions;
};

struct TextLane {
  using Value = Written;
  const Plan& plan;
  const Evaluation& evaluation;
  NodeId subject;
  NodeId next = 0;  // the node being written; evaluate() visits them in order

  Written constant(double value, const Unit&) const {
    Written w;
    w.names = w.numbers = number_text(value);
    return w;
  }

  // Called right after each node: gives it its value, and cuts the text at named nodes.
  void keep(NodeId node, Written& w) {
    w.known = evaluation.of(node);
    w.plain_ratio = plan.units()[node] == units::ratio;
    const Named* named = plan.name_of(node);
    if (named != nullptr && node != subject) {
      w.names = named->label;
      w.numbers = w.known.known ? quantity_text(w.known.value, named->unit) : "unknown";
      w.strength = atom;
      w.uses = {node};
      w.conditions.clear();
    }
  }

  static bool is(const Written& w, double value) { return w.known.known && w.known.value == value; }
  static std::string held(const std::string& text, const Written& w, Strength least) {
    return w.strength < least ? "(" + text + ")" : text;
  }
  static void merge(Written& out, const Written& from) {
    for (const NodeId use : from.uses)
      if (std::find(out.uses.begin(), out.uses.end(), use) == out.uses.end()) out.uses.push_back(use);
    for (const std::string& condition : from.conditions)
      if (std::find(out.conditions.begin(), out.conditions.end(), condition) == out.conditions.end())
        out.conditions.push_back(condition);
  }
  static Written infix(const Written& a, const Written& b, const char* sign, Strength strength, Strength right) {
    Written w;
    w.names = held(a.names, a, strength) + sign + held(b.names, b, right);
    w.numbers = held(a.numbers, a, strength) + sign + held(b.numbers, b, right);
    w.strength = strength;
    merge(w, a);
    merge(w, b);
    return w;
  }
  static Written call(const std::string& before, const std::string& between, const std::string& after, const Written& a,
                      const Written* b = nullptr) {
    Written w;
    w.names = before + a.names + (b != nullptr ? between + b->names : "") + after;
    w.numbers = before + a.numbers + (b != nullptr ? between + b->numbers : "") + after;
    merge(w, a);
    if (b != nullptr) merge(w, *b);
    return w;
  }

  // As a factor: a ratio of 1, or a conversion of units by 1.
  static bool changes_nothing(const Written& w) { return is(w, 1) && (w.plain_ratio || w.uses.empty()); }

  static Written add(const Written& a, const Written& b) {
    if (is(a, 0)) return b;
    if (is(b, 0)) return a;
    return infix(a, b, " + ", sum, sum);
  }
  static Written mul(const Written& a, const Written& b) {
    if (changes_nothing(a)) return b;
    if (changes_nothing(b)) return a;
    return infix(a, b, " × ", product, product);
  }
  static Written div(const Written& a, const Written& b) {
    if (changes_nothing(b)) return a;
    return infix(a, b, " ÷ ", product, atom);
  }
  static Written min(const Written& a, const Written& b) { return call("the smaller of ", " and ", "", a, &b); }
  static Written max(const Written& a, const Written& b) {
    if (is(a, 0)) return b;
    if (is(b, 0)) return a;
    return call("the larger of ", " and ", "", a, &b);
  }
  static Written excess(const Written& a, const Written& b) {
    if (is(b, 0)) return a;
    return infix(a, b, " − ", sum, product);
  }
  static Written complement(const Written& a) {
    if (is(a, 0)) {
      Written one;
      one.names = one.numbers = "1";
      return one;
    }
    Written w = call("1 − ", "", "", a);
    w.names = "1 − " + held(a.names, a, product);
    w.numbers = "1 − " + held(a.numbers, a, product);
    w.strength = sum;
    return w;
  }
  static Written ceil(const Written& a) { return call("round up(", "", ")", a); }
  static Written floor(const Written& a) { return call("round down(", "", ")", a); }
  static Written decay(const Written& a) { return call("e^−(", "", ")", a); }
  static Written root(const Written& a) { return call("√(", "", ")", a); }
  static Written above(const Written& a, const Written& threshold, const Written& then, const Written& otherwise) {
    if (!(a.known.known && threshold.known.known)) return then;
    const bool reached = a.known.value > threshold.known.value;
    Written w = reached ? then : otherwise;
    if (threshold.known.value < no_threshold && !a.uses.empty()) {
      // The condition is part of the formula where the threshold is something people know (a named figure).
      if (!threshold.uses.empty())
        w.conditions.push_back(a.names + " (" + a.numbers + ") is " + (reached ? "above " : "not above ") +
                               number_text(threshold.known.value));
    }
    return w;
  }
};
}  // namespace

FormulaText formula_text(const Plan& plan, const Evaluation& evaluation, NodeId root) {
  TextLane lane{plan, evaluation, root};
  std::vector<Written> inputs(plan.inputs().size());
  std::vector<Written> out(plan.nodes().size());
  evaluate<TextLane>(plan, lane, inputs, out);
  Written& w = out[root];
  return {std::move(w.names), std::move(w.numbers), std::move(w.uses), std::move(w.conditions)};
}

}  // namespace tokenbill
