#include "tokenbill/evaluate.h"

#include "tokenbill/format.h"

namespace tokenbill {

namespace {
/// A type of this file: the linker must not take another file's instance, built for size, of the innermost loop.
struct Lane : KnownLane {};
}  // namespace

std::optional<Error> evaluate_into(const Plan& plan, std::span<const Known> inputs, Evaluation& evaluation) {
  if (inputs.size() != plan.inputs().size())
    return Error{Code::bad_input, "inputs",
                 "expected " + number_text(static_cast<double>(plan.inputs().size())) + " inputs, found " +
                     number_text(static_cast<double>(inputs.size())) + ".",
                 ""};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const double value = inputs[i].value;
    if (inputs[i].known && !(value >= 0 && value <= std::numeric_limits<double>::max()))
      return Error{Code::bad_input, plan.inputs()[i].id,
                   "expected a finite number of at least 0, found " + exact_text(value) + ".", ""};
  }
  Lane lane;
  evaluation.values.resize(plan.nodes().size());
  evaluate<Lane>(plan, lane, inputs, evaluation.values);
  return std::nullopt;
}

Result<Evaluation> evaluate(const Plan& plan, std::span<const Known> inputs) {
  Evaluation evaluation;
  if (auto error = evaluate_into(plan, inputs, evaluation)) return *std::move(error);
  return evaluation;
}

}  // namespace tokenbill
