#include "heat_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets.h"

namespace tokenbill::desktop {

namespace {
using Rgb = std::array<int, 3>;

constexpr std::array<Rgb, 10> cividis{{{0, 32, 76},
                                       {0, 56, 112},
                                       {59, 73, 108},
                                       {87, 93, 109},
                                       {112, 113, 115},
                                       {138, 134, 120},
                                       {166, 157, 117},
                                       {196, 181, 108},
                                       {228, 207, 91},
                                       {255, 234, 70}}};
constexpr Rgb blue{0, 90, 156}, pale{244, 240, 228}, orange{213, 94, 0};
// Hues that most eyes tell apart.
constexpr std::array<Rgb, winner_colours> winners{{{0, 114, 178},
                                                   {230, 159, 0},
                                                   {0, 158, 115},
                                                   {204, 121, 167},
                                                   {86, 180, 233},
                                                   {213, 94, 0},
                                                   {240, 228, 66},
                                                   {140, 140, 140}}};

ImU32 mix(const Rgb& a, const Rgb& b, double part) {
  const auto channel = [&](std::size_t c) { return static_cast<int>(std::lround(a[c] + (b[c] - a[c]) * part)); };
  return IM_COL32(channel(0), channel(1), channel(2), 255);
}

// Round values along an axis of cells; cells are drawn around their values.
struct Tick {
  double value = 0;
  double at = 0;  ///< 0 to 1 over the whole axis
};

std::optional<double> place_of(const MapAxis& axis, double value) {
  const double first = axis.values.front();
  const double last = axis.values.back();
  if (value < first || value > last) return std::nullopt;
  const double share = axis.log ? std::log(value / first) / std::log(last / first) : (value - first) / (last - first);
  const auto n = static_cast<double>(axis.values.size());
  return (0.5 + share * (n - 1)) / n;
}

std::vector<Tick> ticks(const MapAxis& axis, int most) {
  const double first = axis.values.front();
  const double last = axis.values.back();
  std::vector<double> found;
  if (axis.log) {
    const int low = static_cast<int>(std::floor(std::log10(first)));
    const int high = static_cast<int>(std::ceil(std::log10(last)));
    if (high - low <= 2) {
      for (int decade = low; decade <= high; ++decade)
        for (const double factor : {1.0, 2.0, 5.0}) found.push_back(factor * std::pow(10, decade));
    } else {
      const int every = std::max(1, (high - low + most) / most);
      for (int decade = low; decade <= high; decade += every) found.push_back(std::pow(10, decade));
    }
  } else {
    const double raw = (last - first) / most;
    const double decade = std::pow(10, std::floor(std::log10(raw)));
    double step = 10 * decade;
    for (const double m : {5.0, 2.0, 1.0})
      if (m * decade >= raw) step = m * decade;
    for (double i = std::ceil(first / step - 1e-9); i * step <= last + 1e-9 * step; ++i) found.push_back(i * step);
  }
  std::vector<Tick> marks;
  for (const double value : found)
    if (const auto at = place_of(axis, value)) marks.push_back({value, *at});
  return marks;
}

struct Box {
  float left = 0, top = 0, width = 0, height = 0;
};

struct Layout {
  ImVec2 from, to;
  float left = 0, bottom = 0, head = 0, gap = 0;
  int columns = 1, rows = 1;

  [[nodiscard]] Box box(int column, int row) const {
    const auto n = static_cast<float>(columns);
    const auto m = static_cast<float>(rows);
    const float width = (to.x - from.x - left - gap * (n - 1)) / n;
    const float height = (to.y - from.y - bottom - gap * (m - 1)) / m - head;
    return {from.x + left + static_cast<float>(column) * (width + gap),
            from.y + head + static_cast<float>(row) * (height + head + gap), width, height};
  }
};

void draw_panel(const Look& look, const HeatMap& map, const Box& box, int column, int row,
                const std::vector<Tick>& x_ticks, const std::vector<Tick>& y_ticks) {
  const Palette& c = look.colours();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 corner{box.left + box.width, box.top + box.height};
  const int panel = row * map.columns + column;
  const auto panels = static_cast<float>(map.columns * map.rows);
  list->AddImage(map.picture, {box.left, box.top}, corner, {0, static_cast<float>(panel) / panels},
                 {1, static_cast<float>(panel + 1) / panels});
  list->AddRect({box.left, box.top}, corner, c.line_strong);
  if (!map.heads.empty())
    text_at({box.left, box.top - ImGui::GetTextLineHeight() - look.px(2)}, c.ink,
            map.heads[static_cast<std::size_t>(panel)], box.width);
  if (row == map.rows - 1) {
    float free_from = -1e9F;
    for (const Tick& tick : x_ticks) {
      const float x = box.left + box.width * static_cast<float>(tick.at);
      list->AddLine({x, corner.y}, {x, corner.y + look.px(4)}, c.line_strong, 1.0F);
      const std::string words = map.x.text(tick.value);
      const float width = text_size(words).x;
      const float left = std::clamp(x - width / 2, box.left, std::max(box.left, corner.x - width));
      if (left < free_from) continue;
      text_at({left, corner.y + look.px(5)}, c.muted, words);
      free_from = left + width + look.px(8);
    }
  }
  if (column == 0) {
    for (const Tick& tick : y_ticks) {
      const float y = corner.y - box.height * static_cast<float>(tick.at);
      list->AddLine({box.left - look.px(4), y}, {box.left, y}, c.line_strong, 1.0F);
      const std::string words = map.y.text(tick.value);
      text_at({box.left - look.px(6) - text_size(words).x, y - ImGui::GetTextLineHeight() / 2}, c.muted, words);
    }
  }
  if (map.here && map.here->panel == panel) {
    const auto x = place_of(map.x, map.here->x);
    const auto y = place_of(map.y, map.here->y);
    if (x && y) {
      const ImVec2 at{box.left + box.width * static_cast<float>(*x), corner.y - box.height * static_cast<float>(*y)};
      list->AddCircle(at, look.px(6), IM_COL32(0, 0, 0, 255), 20, look.px(3));
      list->AddCircle(at, look.px(6), IM_COL32(255, 255, 255, 255), 20, look.px(1.5F));
    }
  }
  if (map.cursor && map.cursor->column == column && map.cursor->row == row) {
    const float cell_width = box.width / static_cast<float>(map.x.values.size());
    const float cell_height = box.height / static_cast<float>(map.y.values.size());
    const float x = box.left + cell_width * (static_cast<float>(map.cursor->x) + 0.5F);
    const float y = corner.y - cell_height * (static_cast<float>(map.cursor->y) + 0.5F);
    const ImU32 dark = IM_COL32(0, 0, 0, 130);
    const ImU32 bright = IM_COL32(255, 255, 255, 210);
    for (const auto& [colour, thick] : {std::pair{dark, look.px(3)}, std::pair{bright, look.px(1)}}) {
      list->AddLine({x, box.top}, {x, corner.y}, colour, thick);
      list->AddLine({box.left, y}, {corner.x, y}, colour, thick);
    }
  }
}
}  // namespace

ImU32 colour_at(double share) {
  const double at = std::clamp(share, 0.0, 1.0) * (cividis.size() - 1);
  const auto i = std::min(cividis.size() - 2, static_cast<std::size_t>(at));
  return mix(cividis[i], cividis[i + 1], at - static_cast<double>(i));
}

ImU32 duel_colour(double share) {
  const double strength = std::min(1.0, std::abs(share - 0.5) * 2);
  // The least difference shows.
  return mix(pale, share < 0.5 ? blue : orange, strength == 0 ? 0 : 0.2 + 0.8 * strength);
}

ImU32 winner_colour(std::size_t rank) {
  const Rgb& colour = winners[std::min(rank, winners.size() - 1)];
  return mix(colour, colour, 0);
}

double ColourScale::share(double value) const {
  if (high == low) return 0.5;
  return log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

std::optional<ColourScale> ColourScale::of(std::span<const double> values) {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return std::nullopt;
  return ColourScale{low, high, low > 0 && high / low > 30};
}

std::optional<CellPlace> draw_heat_map(const Look& look, const HeatMap& map, ImVec2 from, ImVec2 to) {
  ImGui::PushFont(look.fonts.small);
  const float line = ImGui::GetTextLineHeight();
  // The title of the axis that goes up stands above it: turned letters are hard to read.
  text_at(from, look.colours().ink, map.y.title, to.x - from.x);
  Layout layout{{from.x, from.y + line},
                to,
                0,
                line * 2 + look.px(12),
                map.heads.empty() ? look.px(6) : line + look.px(6),
                look.px(8),
                map.columns,
                map.rows};
  const Box first = layout.box(0, 0);
  const std::vector<Tick> x_ticks = ticks(map.x, std::clamp(static_cast<int>(first.width / look.px(70)), 2, 8));
  const std::vector<Tick> y_ticks = ticks(map.y, std::clamp(static_cast<int>(first.height / look.px(40)), 2, 8));
  for (const Tick& tick : y_ticks) layout.left = std::max(layout.left, text_size(map.y.text(tick.value)).x);
  layout.left += look.px(12);

  std::optional<CellPlace> under;
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  const auto across = static_cast<int>(map.x.values.size());
  const auto up = static_cast<int>(map.y.values.size());
  for (int row = 0; row < map.rows; ++row) {
    for (int column = 0; column < map.columns; ++column) {
      const Box box = layout.box(column, row);
      if (box.width < 4 || box.height < 4) continue;
      draw_panel(look, map, box, column, row, x_ticks, y_ticks);
      const float x = (pointer.x - box.left) / box.width;
      const float y = (pointer.y - box.top) / box.height;
      if (x >= 0 && x < 1 && y >= 0 && y < 1)
        under = CellPlace{column, row, std::min(across - 1, static_cast<int>(x * static_cast<float>(across))),
                          up - 1 - std::min(up - 1, static_cast<int>(y * static_cast<float>(up)))};
    }
  }
  const Palette& c = look.colours();
  const float title_width = text_size(map.x.title).x;
  text_at({std::max(from.x + layout.left, (from.x + layout.left + to.x - title_width) / 2), to.y - line}, c.ink,
          map.x.title, to.x - from.x - layout.left);
  ImGui::PopFont();
  return under;
}

}  // namespace tokenbill::desktop
