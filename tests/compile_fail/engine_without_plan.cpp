// An engine comes from create(), which tells whether its plan could be built.
#include "tokenbill/engine.h"

bool make() {
#ifdef FORBIDDEN
  tokenbill::Engine engine;
  (void)engine;
  return true;
#else
  return tokenbill::Engine::create().ok();
#endif
}
