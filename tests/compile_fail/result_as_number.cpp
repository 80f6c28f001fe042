// A Result is true or false only where a condition asks for it.
#include "tokenbill/result.h"

int count(const tokenbill::Result<int>& result) {
#ifdef FORBIDDEN
  const bool there = result;
#else
  const bool there = result.ok();
#endif
  return there ? result.value() : 0;
}
