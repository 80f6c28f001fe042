#pragma once
// The window as a whole: where the panels stand, and what keys mean.

#include "app.h"
#include "platform.h"
#include "view.h"

namespace tokenbill::desktop {

/// One frame: all panels, then the commands that they and the keys have asked for.
/// @return whether anything was asked for, so that the next frame shows another state
bool draw_frame(App& app, View& view, const Happened& happened);

}  // namespace tokenbill::desktop
