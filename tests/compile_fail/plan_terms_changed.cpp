// The terms of a plan never change, not even of one that is not const.
#include "tokenbill/plan.h"

tokenbill::NodeId first(tokenbill::Plan& plan) {
#ifdef FORBIDDEN
  plan.terms()[0].node = 0;
#endif
  return plan.terms()[0].node;
}
