#pragma once
// A table of an answer: numbers below each other at their decimal points, words broken into lines. Where there is no
// room, columns give way in the order that they name; what is left then scrolls sideways. No number is ever cut.

#include <imgui.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chart.h"
#include "look.h"

namespace tokenbill::desktop {

struct GridCell {
  std::string words;
  std::string below = {};  ///< on lines of its own, small and quiet
  ImU32 colour = 0;        ///< 0 = ink
  ImU32 below_colour = 0;  ///< 0 = muted
  bool bold = false;
  bool door = false;                   ///< opens something: underlined under the pointer, and told when it is clicked
  ImU32 mark = 0;                      ///< a patch before the words; 0 = none
  std::optional<LineStyle> line = {};  ///< the sign of a line before the words
  std::string tip = {};
};

struct GridColumn {
  std::string head;
  bool number = false;
  int gives_way = 0;  ///< the highest first; 0 stays
  float least = 96;   ///< of a column of words, or of one that is drawn, in lengths of the design
  std::function<void(std::size_t row, ImVec2 from, ImVec2 to)> draw =
      {};  ///< instead of cells; takes what room is left
  std::string tip = {};
  bool by_point = true;  ///< a number stands by its decimal point; false: by its end, where units differ
};

struct Grid {
  std::vector<GridColumn> columns;
  std::vector<std::vector<GridCell>> rows;  ///< a cell for each column, also for those that are drawn
  std::vector<std::size_t> strong;          ///< rows that stand out: the chosen one, say
  float row_height = 0;                     ///< at least, in lengths of the design, without the room around it
  bool rows_open = false;                   ///< a whole row can be clicked
};

struct GridPress {
  std::size_t row = 0;
  std::size_t column = 0;  ///< 0 where the row as a whole was clicked
};

std::optional<GridPress> draw_grid(const Look& look, const char* id, const Grid& grid);

}  // namespace tokenbill::desktop
