// A formula is not compared while it is written: a branch of C++ would not be in the plan.
#include "tokenbill/plan_builder.h"

tokenbill::Expr cliff(tokenbill::Expr a, tokenbill::Expr threshold, tokenbill::Expr high, tokenbill::Expr low) {
#ifdef FORBIDDEN
  return a > threshold ? high : low;
#else
  return above(a, threshold, high, low);
#endif
}
