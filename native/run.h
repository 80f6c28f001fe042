#pragma once
// From options to the last frame.

#include <string>

namespace tokenbill::desktop {

struct Options {
  std::string scenario;  ///< path; empty = the first preset
  std::string preset;    ///< id; instead of a scenario file
  std::string prices;    ///< path; empty = the prices compiled in
  std::string date;      ///< empty = today
  std::string theme;     ///< light or dark; empty = as before, light at first
  double scale = 0;      ///< 0 = as the screen wants it
  int width = 1440;
  int height = 900;
  std::string tab;             ///< id of a page (panels/panels.h); empty = as before, the bill at first
  std::string group;           ///< group of inputs that is open first, or "all"
  std::string explain;         ///< figure, item or input that the explain panel shows; empty = the total
  int frames = 0;              ///< so many frames, then the end; 0 = until the window is closed
  std::string screenshot;      ///< path of a PNG of the last frame
  std::string report;          ///< path of the bill as JSON
  std::string script;          ///< path of commands (script.h) to run, then the end
  std::string session;         ///< path; empty = where the system keeps such files, and nowhere for counted frames
  std::string measure;         ///< path of a JSON file about the frames that were drawn, written at the end
  std::string page;            ///< address of the web page, for links; empty = a page served on this machine
  bool null_platform = false;  ///< without a window
};

/// @return the exit status: 0, or 2 with a sentence on the error stream
[[nodiscard]] int run(const Options& options);

}  // namespace tokenbill::desktop
