#include "panels.h"
namespace tokenbill::desktop {
void draw_ranges(const App&, View&, Commands&) {}
}  // namespace tokenbill::desktop
