// A Result is not its value: there may be none.
#include "tokenbill/catalog.h"

tokenbill::Moment when() {
#ifdef FORBIDDEN
  const tokenbill::Moment moment = tokenbill::parse_moment("2026-11-22");
#else
  const tokenbill::Moment moment = tokenbill::parse_moment("2026-11-22").value();
#endif
  return moment;
}
