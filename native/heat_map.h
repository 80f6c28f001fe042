#pragma once
// The values of a grid as colours, in panels with axes. Colours only: no number on it comes from the values.

#include <imgui.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "look.h"
#include "tokenbill/sweep.h"

namespace tokenbill::desktop {

/// Dark to bright without hue alone carrying it: the colours of cividis. @param share  0 to 1
[[nodiscard]] ImU32 colour_at(double share);
/// Of two models: blue where the first is cheaper, orange where the second is, pale where they cost the same.
/// @param share  0 to 1, 0.5 = the same
[[nodiscard]] ImU32 duel_colour(double share);
/// By how often a model is the cheapest; from a certain rank on all share the last one.
[[nodiscard]] ImU32 winner_colour(std::size_t rank);
inline constexpr std::size_t winner_colours = 8;

/// Linear, or logarithmic where the largest value is 30 times the least.
struct ColourScale {
  double low = 0, high = 0;
  bool log = false;
  [[nodiscard]] double share(double value) const;
  /// Values that are not finite do not count; absent where there are no others.
  [[nodiscard]] static std::optional<ColourScale> of(std::span<const double> values);
};

struct MapAxis {
  std::vector<double> values;
  bool log = false;
  std::string title;
  std::function<std::string(double)> text;  ///< a value as a tick shows it
};

/// A cell: of the panel in a column and a row (from above), across, and up.
struct CellPlace {
  int column = 0, row = 0, x = 0, y = 0;
  friend bool operator==(const CellPlace&, const CellPlace&) = default;
};

struct HeatMap {
  MapAxis x, y;
  int columns = 1, rows = 1;       ///< of panels
  std::vector<std::string> heads;  ///< one for each panel, row by row; none where there is one panel
  ImTextureID picture{};           ///< all panels below each other, row by row, one pixel a cell, the highest y first
  std::optional<CellPlace> cursor;
  /// Where the scenario stands on both axes, in a panel.
  struct Here {
    double x = 0, y = 0;
    int panel = 0;
  };
  std::optional<Here> here;
};

/// Draws into a rectangle. @return the cell under the pointer
std::optional<CellPlace> draw_heat_map(const Look& look, const HeatMap& map, ImVec2 from, ImVec2 to);

}  // namespace tokenbill::desktop
