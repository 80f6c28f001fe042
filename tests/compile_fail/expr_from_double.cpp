// A number is not a formula: it needs a unit, so it is made with PlanBuilder::constant.
#include "tokenbill/plan_builder.h"

tokenbill::Expr one(tokenbill::PlanBuilder& plan) {
#ifdef FORBIDDEN
  (void)plan;
  return 1.0;
#else
  return plan.constant(1.0);
#endif
}
