#include "grid.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "widgets.h"

namespace tokenbill::desktop {

namespace {
constexpr float gap = 20;
constexpr float side = 8;

float in_font(ImFont* font, std::string_view words) {
  ImGui::PushFont(font);
  const float width = text_size(words).x;
  ImGui::PopFont();
  return width;
}

std::vector<std::string_view> lines_in(ImFont* font, std::string_view words, float width) {
  ImGui::PushFont(font);
  std::vector<std::string_view> lines = lines_of(words, width);
  ImGui::PopFont();
  return lines;
}

float height_of(ImFont* font) {
  ImGui::PushFont(font);
  const float height = ImGui::GetTextLineHeight();
  ImGui::PopFont();
  return height;
}

float longest_word(ImFont* font, std::string_view words) {
  float longest = 0;
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    longest = std::max(longest, in_font(font, words.substr(at, end - at)));
    at = end + 1;
  }
  return longest;
}

/// A column that is shown, and where.
struct Place {
  std::size_t column = 0;
  Column numbers;
  float least = 0, natural = 0, left = 0, width = 0;
};

class Drawer {
 public:
  Drawer(const Look& look, const Grid& grid)
      : look_(look),
        grid_(grid),
        line_(height_of(look.fonts.body)),
        small_line_(std::round(height_of(look.fonts.small) * 1.1F)),
        pad_(look.px(5)) {}

  void lay_out(float room);
  [[nodiscard]] float width() const { return width_; }
  [[nodiscard]] float height() const { return height_; }
  std::optional<GridPress> draw();

 private:
  [[nodiscard]] float sign_width(const GridCell& cell) const {
    return cell.line ? look_.px(legend_sign_width + 8) : cell.mark != 0 ? look_.px(18) : 0;
  }
  [[nodiscard]] ImFont* font_of(const GridCell& cell) const { return cell.bold ? look_.fonts.bold : look_.fonts.body; }
  void measure(Place& place) const;
  [[nodiscard]] float needed() const;
  [[nodiscard]] float row_height(std::size_t row) const;
  void draw_head(float left, float top) const;
  bool draw_cell(const Place& place, const GridCell& cell, float left, float top, std::size_t row) const;

  const Look& look_;
  const Grid& grid_;
  float line_, small_line_, pad_;
  std::vector<Place> places_;
  float width_ = 0, height_ = 0, head_ = 0;
};

void Drawer::measure(Place& place) const {
  const GridColumn& column = grid_.columns[place.column];
  const float least = look_.px(column.least);
  if (column.draw) {
    place.least = place.natural = std::max(least, longest_word(look_.fonts.small, column.head));
    return;
  }
  float widest = 0;
  for (const auto& row : grid_.rows) {
    const GridCell& cell = row[place.column];
    const float sign = sign_width(cell);
    ImGui::PushFont(font_of(cell));
    if (column.number && column.by_point) place.numbers.measure(cell.words);
    widest = std::max(widest, sign + text_size(cell.words).x);
    ImGui::PopFont();
    const float below = sign + in_font(look_.fonts.small, cell.below);
    widest = std::max(widest, column.number ? below : std::min(below, look_.px(360)));
  }
  if (column.number) {
    widest = std::max(widest, place.numbers.width());
    // A long head is broken into lines rather than given a wide column.
    const float head = in_font(look_.fonts.small, column.head);
    place.least = place.natural =
        std::max({widest, longest_word(look_.fonts.small, column.head), std::min(head, look_.px(76))});
    return;
  }
  place.natural = std::max(widest, in_font(look_.fonts.small, column.head));
  place.least = std::min(place.natural, least);
}

float Drawer::needed() const {
  float all = 2 * look_.px(side) - look_.px(gap);
  for (const Place& place : places_) all += place.least + look_.px(gap);
  return all;
}

void Drawer::lay_out(float room) {
  for (std::size_t i = 0; i < grid_.columns.size(); ++i) {
    Place place;
    place.column = i;
    measure(place);
    places_.push_back(place);
  }
  const auto order = [&](const Place& place) { return grid_.columns[place.column].gives_way; };
  while (needed() > room) {
    const auto last = std::max_element(places_.begin(), places_.end(),
                                       [&](const Place& a, const Place& b) { return order(a) < order(b); });
    if (order(*last) == 0) break;
    places_.erase(last);
  }
  float spare = std::max(0.0F, room - needed());
  float wanted = 0;
  for (const Place& place : places_) wanted += place.natural - place.least;
  const float share = wanted > 0 ? std::min(1.0F, spare / wanted) : 0;
  for (Place& place : places_) place.width = place.least + std::floor((place.natural - place.least) * share);
  spare -= wanted * share;
  for (Place& place : places_)
    if (grid_.columns[place.column].draw) {
      place.width += std::floor(std::max(0.0F, spare));
      spare = 0;
    }
  float left = look_.px(side);
  std::size_t head_lines = 1;
  for (Place& place : places_) {
    place.left = left;
    left += place.width + look_.px(gap);
    head_lines =
        std::max(head_lines, lines_in(look_.fonts.small, grid_.columns[place.column].head, place.width + 1).size());
  }
  width_ = left - look_.px(gap) + look_.px(side);
  head_ = small_line_ * static_cast<float>(head_lines) + look_.px(5);
  height_ = head_;
  for (std::size_t row = 0; row < grid_.rows.size(); ++row) height_ += row_height(row);
}

float Drawer::row_height(std::size_t row) const {
  float most = std::max(line_, grid_.row_height > 0 ? look_.px(grid_.row_height) : 0);
  for (const Place& place : places_) {
    const GridCell& cell = grid_.rows[row][place.column];
    const GridColumn& column = grid_.columns[place.column];
    if (column.draw) continue;
    const float room = place.width - sign_width(cell) + 1;
    std::size_t lines = 1;
    if (!column.number) lines = std::max<std::size_t>(1, lines_in(font_of(cell), cell.words, room).size());
    std::size_t below = cell.below.empty() ? 0 : 1;
    if (!column.number) below = lines_in(look_.fonts.small, cell.below, room).size();
    most = std::max(most, line_ * static_cast<float>(lines) + small_line_ * static_cast<float>(below));
  }
  return most + 2 * pad_;
}

void Drawer::draw_head(float left, float top) const {
  ImGui::PushFont(look_.fonts.small);
  for (const Place& place : places_) {
    const GridColumn& column = grid_.columns[place.column];
    const auto lines = lines_of(column.head, place.width + 1);
    float y = top + head_ - look_.px(5) - small_line_ * static_cast<float>(lines.size());
    for (const std::string_view line : lines) {
      const float x = column.number ? left + place.left + place.width - text_size(line).x : left + place.left;
      text_at({std::round(x), y}, look_.colours().muted, line);
      y += small_line_;
    }
    if (!column.tip.empty()) {
      ImGui::SetCursorScreenPos({left + place.left, top});
      ImGui::Dummy({place.width, head_});
      tip(look_, column.tip);
    }
  }
  ImGui::PopFont();
}

bool Drawer::draw_cell(const Place& place, const GridCell& cell, float left, float top, std::size_t row) const {
  const Palette& c = look_.colours();
  const GridColumn& column = grid_.columns[place.column];
  const float sign = sign_width(cell);
  const float right = left + place.width;
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImGui::PushFont(font_of(cell));
  bool pressed = false, hovered = false;
  const float words_width = text_size(cell.words).x;
  if ((cell.door || !cell.tip.empty()) && !cell.words.empty()) {
    const float x = column.number ? right - std::max(words_width, place.numbers.width()) : left;
    ImGui::SetCursorScreenPos({x, top});
    ImGui::PushID(static_cast<int>(row * grid_.columns.size() + place.column));
    const ImVec2 size{std::max(1.0F, column.number ? right - x : std::min(words_width + sign, place.width)), line_};
    if (cell.door)
      pressed = ImGui::InvisibleButton("cell", size);
    else
      ImGui::Dummy(size);
    hovered = cell.door && ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    hovered = hovered || (cell.door && is_walked_to());
    tip(look_, cell.tip);
    ImGui::PopID();
  }
  const ImU32 colour = hovered ? c.accent : cell.colour != 0 ? cell.colour : c.ink;
  if (cell.mark != 0) {
    const float patch = look_.px(10);
    const float y = top + std::round((line_ - patch) / 2);
    list->AddRectFilled({left, y}, {left + patch, y + patch}, cell.mark);
  }
  if (cell.line) line_sign(look_, {left, std::round(top + line_ / 2)}, *cell.line);
  float y = top;
  if (column.number) {
    if (column.by_point)
      place.numbers.draw(right, y, colour, cell.words);
    else
      text_at({std::floor(right - words_width), y}, colour, cell.words);
    if (hovered) list->AddLine({right - words_width, y + line_}, {right, y + line_}, c.accent, 1.0F);
    y += line_;
  } else {
    const auto lines = lines_of(cell.words, place.width - sign + 1);
    for (const std::string_view line : lines) {
      text_at({left + sign, y}, colour, line);
      if (hovered)
        list->AddLine({left + sign, y + line_}, {left + sign + text_size(line).x, y + line_}, c.accent, 1.0F);
      y += line_;
    }
    if (lines.empty()) y += line_;
  }
  ImGui::PopFont();
  if (cell.below.empty()) return pressed;
  ImGui::PushFont(look_.fonts.small);
  const ImU32 quiet = cell.below_colour != 0 ? cell.below_colour : c.muted;
  if (column.number) {
    text_at({std::round(right - text_size(cell.below).x), y}, quiet, cell.below);
  } else {
    for (const std::string_view line : lines_of(cell.below, place.width - sign + 1)) {
      text_at({left + sign, y}, quiet, line);
      y += small_line_;
    }
  }
  ImGui::PopFont();
  return pressed;
}

std::optional<GridPress> Drawer::draw() {
  const Palette& c = look_.colours();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  std::optional<GridPress> press;
  draw_head(at.x, at.y);
  float top = at.y + head_;
  list->AddLine({at.x, top}, {at.x + width_, top}, c.line_strong, 1.0F);
  for (std::size_t row = 0; row < grid_.rows.size(); ++row) {
    const float height = row_height(row);
    const ImVec2 to{at.x + width_, top + height};
    // A row more above and below, to which the keys can walk.
    if (ImGui::IsRectVisible({at.x, top - height}, {to.x, to.y + height})) {
      const bool strong = std::find(grid_.strong.begin(), grid_.strong.end(), row) != grid_.strong.end();
      bool hovered = false;
      if (grid_.rows_open) {
        ImGui::SetCursorScreenPos({at.x, top});
        ImGui::PushID(static_cast<int>(row));
        if (ImGui::InvisibleButton("row", {width_, height})) press = GridPress{row, 0};
        ImGui::PopID();
        hovered = ImGui::IsItemHovered();
        if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        hovered = hovered || is_walked_to();
      }
      if (strong || hovered)
        list->AddRectFilled({at.x, top}, to, strong ? c.accent_soft : ImGui::GetColorU32(ImGuiCol_HeaderHovered));
      for (const Place& place : places_) {
        const GridColumn& column = grid_.columns[place.column];
        const float left = at.x + place.left;
        if (column.draw)
          column.draw(row, {left, top + pad_}, {left + place.width, top + height - pad_});
        else if (draw_cell(place, grid_.rows[row][place.column], left, top + pad_, row))
          press = GridPress{row, place.column};
      }
      list->AddLine({at.x, to.y}, to, c.line, 1.0F);
    }
    top += height;
  }
  ImGui::SetCursorScreenPos({at.x, top});
  ImGui::Dummy({width_, 1});
  return press;
}
}  // namespace

std::optional<GridPress> draw_grid(const Look& look, const char* id, const Grid& grid) {
  Drawer drawer(look, grid);
  const float room = ImGui::GetContentRegionAvail().x;
  drawer.lay_out(room);
  if (drawer.width() <= room) {
    ImGui::PushID(id);
    const std::optional<GridPress> press = drawer.draw();
    ImGui::PopID();
    return press;
  }
  const float height = drawer.height() + ImGui::GetStyle().ScrollbarSize + look.px(6);
  ImGui::BeginChild(id, {0, height}, false, ImGuiWindowFlags_HorizontalScrollbar);
  const std::optional<GridPress> press = drawer.draw();
  ImGui::EndChild();
  return press;
}

}  // namespace tokenbill::desktop
