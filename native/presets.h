#pragma once
// The scenarios to start from, of site/presets.json: the same for the page, the application and the command line.

#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

struct Preset {
  std::string id;
  std::string name;
  std::string description;
  Scenario scenario;
};

/// @error bad_json, or the first thing that is wrong with a preset
[[nodiscard]] Result<std::vector<Preset>> parse_presets(std::string_view text);

}  // namespace tokenbill
