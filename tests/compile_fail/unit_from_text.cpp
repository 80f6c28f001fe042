// A unit is made of base units, not of a text.
#include "tokenbill/unit.h"

tokenbill::Unit price() {
#ifdef FORBIDDEN
  return "usd/mtok";
#else
  return tokenbill::units::usd / tokenbill::units::mtok;
#endif
}
