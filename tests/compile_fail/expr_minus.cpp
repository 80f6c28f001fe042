// There is no free subtraction: what is taken away says what happens below zero.
#include "tokenbill/plan_builder.h"

tokenbill::Expr rest(tokenbill::Expr a, tokenbill::Expr b) {
#ifdef FORBIDDEN
  return a - b;
#else
  return excess(a, b);
#endif
}
