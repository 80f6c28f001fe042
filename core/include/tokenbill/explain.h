#pragma once
// The lane that writes a formula instead of computing it: in the names people see, and with the numbers filled in.

#include <span>
#include <string>
#include <vector>

#include "tokenbill/evaluate.h"
#include "tokenbill/plan.h"

namespace tokenbill {

/// A formula of a plan as text. Factors of exactly 1 and addends of exactly 0 are left out; of a price tier only the
/// branch that is reached is written, with the reason.
struct FormulaText {
  std::string names;                    ///< "requests a month × answer × output price ÷ 1 000 000"
  std::string numbers;                  ///< "1 500 000 × 500 × 10 ÷ 1 000 000"
  std::vector<NodeId> uses;             ///< named nodes it stands on, in order of appearance
  std::vector<std::string> conditions;  ///< "2 000 is not above 272 000"
};

/// The formula of `root` down to the nearest named nodes, for the values of `evaluation`.
[[nodiscard]] FormulaText formula_text(const Plan& plan, const Evaluation& evaluation, NodeId root);

}  // namespace tokenbill
