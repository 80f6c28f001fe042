#pragma once
// Where the interface is drawn: a window, or nowhere. Shared code knows no other difference between them.

#include <imgui.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tokenbill/result.h"

namespace tokenbill::desktop {

inline constexpr char key_page_up = '\x01', key_page_down = '\x02';

/// A key that is a command rather than text.
struct Stroke {
  char key = 0;  ///< a lower-case letter or sign as the keyboard is labelled; escape = '\x1b', enter = '\r', or above
  bool control = false;
  bool shift = false;
};

/// What happened since the last frame, apart from what Dear ImGui takes itself.
struct Happened {
  std::vector<Stroke> strokes;
  std::vector<std::string> dropped_files;
};

class Platform {
 public:
  virtual ~Platform() = default;
  /// Waits until there is something to draw and begins the frame. False: the application shall end.
  [[nodiscard]] virtual bool begin_frame(Happened& happened) = 0;
  /// Shows what was drawn, after ImGui::Render().
  virtual void end_frame() = 0;
  /// Asks for further frames though nothing happened, since what was shown has changed the state.
  virtual void wake() = 0;
  /// The same, from any thread.
  virtual void wake_from_thread() = 0;
  /// The fonts of Dear ImGui were built anew.
  virtual void take_fonts() = 0;
  /// Takes over a picture for ImDrawList::AddImage; it takes the place of the one before of that slot.
  /// @param pixels  IM_COL32, row by row from above
  [[nodiscard]] virtual ImTextureID show(int slot, int width, int height, std::span<const ImU32> pixels) = 0;
  /// The next frame can be written by screenshot().
  virtual void keep_next_frame() = 0;
  /// Writes the frame last kept as PNG. @error unsupported without a window; as write_file
  [[nodiscard]] virtual std::optional<Error> screenshot(const std::string& path) = 0;
  /// How large the screen wants things, 1 to 2.
  [[nodiscard]] virtual float preferred_scale() const = 0;
};

struct PlatformOptions {
  std::string title;
  int width = 1440;
  int height = 900;
  int frames = 0;  ///< so many frames without waiting, then the end; 0 = until the window is closed
};

/// An event-driven window: without input no frame is drawn. @error unsupported where no window can be opened
[[nodiscard]] Result<std::unique_ptr<Platform>> open_window(const PlatformOptions& options);
/// Frames without a window, for tests and for machines without a screen.
[[nodiscard]] std::unique_ptr<Platform> open_nothing(const PlatformOptions& options);

}  // namespace tokenbill::desktop
