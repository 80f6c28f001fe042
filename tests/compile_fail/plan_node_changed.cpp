// The nodes of a plan never change.
#include "tokenbill/plan.h"

double look(const tokenbill::Plan& plan) {
#ifdef FORBIDDEN
  plan.nodes()[0].value = 1;
#endif
  return plan.nodes()[0].value;
}
