#pragma once
// What can be done with a key, from the finder, or from a script: one table.

#include <span>
#include <string_view>

#include "app.h"
#include "view.h"

namespace tokenbill::desktop {

struct Action {
  std::string_view id;    ///< in scripts
  std::string_view name;  ///< in the finder
  std::string_view keys;  ///< "Ctrl+Z"; empty where there are none
  Stroke stroke;          ///< key 0 where there is none
  void (*run)(const App& app, View& view, Commands& commands);
};
[[nodiscard]] std::span<const Action> actions();

}  // namespace tokenbill::desktop
