// A plan comes from a builder, which has checked its units.
#include "tokenbill/plan_builder.h"

tokenbill::Result<tokenbill::Plan> make() {
#ifdef FORBIDDEN
  return tokenbill::Plan();
#else
  return tokenbill::PlanBuilder().build();
#endif
}
