// A builder is not copied: formulas point to the one that records them.
#include "tokenbill/plan_builder.h"

void use(tokenbill::PlanBuilder& plan) {
#ifdef FORBIDDEN
  tokenbill::PlanBuilder other = plan;
#else
  tokenbill::PlanBuilder& other = plan;
#endif
  (void)other;
}
