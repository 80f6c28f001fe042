// A formula and a bare number are not added: what unit would the number have?
#include "tokenbill/plan_builder.h"

tokenbill::Expr more(tokenbill::PlanBuilder& plan, tokenbill::Expr a) {
#ifdef FORBIDDEN
  (void)plan;
  return a + 1.0;
#else
  return a + plan.constant(1.0, tokenbill::units::usd);
#endif
}
