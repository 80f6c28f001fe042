#pragma once
// What the application remembers from one run to the next: open scenarios with what was not saved, recent files,
// layout.

#include <string>
#include <string_view>
#include <vector>

#include "app.h"
#include "view.h"

namespace tokenbill::desktop {

struct Session {
  std::vector<Document> documents;  ///< without their histories
  std::size_t active = 0;
  std::vector<std::string> recent;
  Theme theme = Theme::light;
  float scale = 0;                          ///< 0 = as the screen wants it
  float form_width = 0, explain_width = 0;  ///< in lengths of the design; 0 = as built
  std::string tab;                          ///< id of a page; may be empty
};

/// Where it is kept: $XDG_STATE_HOME/tokenbill/desktop.json, or ~/.local/state/…; empty where there is no such place.
[[nodiscard]] std::string session_path();
[[nodiscard]] std::string session_text(const App& app, const View& view);
/// @error bad_json, bad_format, and as read_scenario
[[nodiscard]] Result<Session> parse_session(std::string_view text, std::string_view name);

}  // namespace tokenbill::desktop
