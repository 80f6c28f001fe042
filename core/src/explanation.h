#pragma once
// An explanation from a plan that was evaluated; what is said of each figure is the caller's.

#include <string>
#include <utility>

#include "tokenbill/engine.h"
#include "tokenbill/explain.h"
#include "tokenbill/format.h"

namespace tokenbill {

/// @param describe  Use of a Named of the plan
template <class Describe>
Explanation explanation_of(const Plan& plan, const Evaluation& evaluation, const Named& named, Describe describe) {
  Explanation explanation;
  explanation.subject = describe(named);
  if (plan.nodes()[named.node].op == Op::input) return explanation;
  FormulaText text = formula_text(plan, evaluation, named.node);
  explanation.formula = std::move(text.names);
  explanation.numbers =
      std::move(text.numbers) + " = " +
      (explanation.subject.value ? quantity_text(*explanation.subject.value, named.unit) : std::string("unknown"));
  for (const NodeId use : text.uses) explanation.uses.push_back(describe(*plan.name_of(use)));
  for (const std::string& condition : text.conditions)
    explanation.note += (explanation.note.empty() ? "" : "; ") + condition;
  if (!explanation.note.empty()) explanation.note += ".";
  return explanation;
}

}  // namespace tokenbill
