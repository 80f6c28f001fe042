#pragma once
// From options to the last frame.

#include <string>

namespace tokenbill::desktop {

struct Options {
  std::string scenario;         ///< path; empty = the first preset
  std::string preset;           ///< id; instead of a scenario file
  std::string prices;           ///< path; empty = the prices compiled in
  std::string date;             ///< empty = today
  std::string theme = "light";  ///< light or dark
  double scale = 0;             ///< 0 = as the screen wants it
  int width = 1440;
  int height = 900;
  std::string tab = "bill";    ///< id of a page (panels/panels.h)
  std::string group;           ///< group of inputs that is open first, or "all"
  std::string explain;         ///< figure, item or input that the explain panel shows; empty = the total
  int frames = 0;              ///< so many frames, then the end; 0 = until the window is closed
  std::string screenshot;      ///< path of a PNG of the last frame
  std::string report;          ///< path of the bill as JSON
  bool null_platform = false;  ///< without a window
};

/// @return the exit status: 0, or 2 with a sentence on the error stream
[[nodiscard]] int run(const Options& options);

}  // namespace tokenbill::desktop
