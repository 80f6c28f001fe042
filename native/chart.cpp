#include "chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "widgets.h"

namespace tokenbill::desktop {

namespace {
/// The round step of which about `about` fit into a range: 1, 2, 2.5 or 5 times a power of ten.
double round_step(double range, double about) {
  const double raw = range / about;
  const double decade = std::pow(10, std::floor(std::log10(raw)));
  for (const double m : {1.0, 2.0, 2.5, 5.0})
    if (m * decade >= raw * 0.9999) return m * decade;
  return 10 * decade;
}

std::vector<double> round_marks(double from, double to, double about) {
  std::vector<double> marks;
  if (!(to > from)) return marks;
  const double step = round_step(to - from, about);
  const double first = std::ceil(from / step - 1e-9);
  for (int i = 0; i < 100 && (first + i) * step <= to + step * 1e-9; ++i) marks.push_back((first + i) * step);
  return marks;
}

/// Lengths of strokes and gaps in turn, in lengths of the design.
std::span<const float> pattern_of(Dash dash) {
  static constexpr std::array<float, 2> dashed{7, 4};
  static constexpr std::array<float, 2> long_dashes{14, 4};
  static constexpr std::array<float, 2> dotted{2, 4};
  static constexpr std::array<float, 4> dash_dotted{9, 3, 2, 3};
  static constexpr std::array<float, 2> sparse{4, 8};
  switch (dash) {
    case Dash::solid:
      return {};
    case Dash::dashed:
      return dashed;
    case Dash::long_dashes:
      return long_dashes;
    case Dash::dotted:
      return dotted;
    case Dash::dash_dotted:
      return dash_dotted;
    case Dash::sparse:
      return sparse;
  }
  return {};
}

void draw_path(const Look& look, std::span<const ImVec2> points, const LineStyle& style) {
  if (points.size() < 2) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float width = std::max(1.0F, style.width * look.scale);
  const std::span<const float> pattern = pattern_of(style.dash);
  if (pattern.empty()) {
    list->AddPolyline(points.data(), static_cast<int>(points.size()), style.colour, 0, width);
    return;
  }
  std::size_t part = 0;
  float left = pattern[0] * look.scale;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    ImVec2 from = points[i];
    const ImVec2 to = points[i + 1];
    float length = std::hypot(to.x - from.x, to.y - from.y);
    while (length > 0) {
      const float step = std::min(left, length);
      const ImVec2 next{from.x + (to.x - from.x) * step / length, from.y + (to.y - from.y) * step / length};
      if (part % 2 == 0) list->AddLine(from, next, style.colour, width);
      from = next;
      length -= step;
      left -= step;
      if (left <= 0) {
        part = (part + 1) % pattern.size();
        left = pattern[part] * look.scale;
      }
    }
  }
}

// Where lines and bars end is told by the plot's edges.
class Inside {
 public:
  Inside(ImVec2 from, ImVec2 to) { ImGui::PushClipRect(from, to, true); }
  ~Inside() { ImGui::PopClipRect(); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
};

void hatch(ImVec2 from, ImVec2 to, float step, ImU32 colour) {
  const Inside inside(from, to);
  for (float x = from.x - (to.y - from.y); x < to.x; x += step)
    ImGui::GetWindowDrawList()->AddLine({x, to.y}, {x + (to.y - from.y), from.y}, colour, 1.0F);
}
}  // namespace

double Axis::share(double value) const {
  if (!logarithmic) return to > from ? (value - from) / (to - from) : 0;
  if (!(value > 0)) return -1;
  return std::log(value / from) / std::log(to / from);
}

double Axis::value_at(double share) const {
  return logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share;
}

Axis amounts_axis(std::string title, double largest) {
  Axis axis;
  axis.title = std::move(title);
  axis.to = largest > 0 ? largest * 1.06 : 1;
  axis.marks = round_marks(0, axis.to, 4);
  return axis;
}

Axis axis_between(std::string title, double low, double high) {
  Axis axis;
  axis.title = std::move(title);
  axis.from = low;
  axis.to = high > low ? high : low + 1;
  axis.marks = round_marks(axis.from, axis.to, 5);
  return axis;
}

Axis counted_axis(std::string title, int first, int last) {
  Axis axis;
  axis.title = std::move(title);
  axis.from = first - 0.5;
  axis.to = std::max(first, last) + 0.5;
  int every = 1;
  for (const int step : {1, 2, 3, 6, 10, 20, 50, 100}) {
    every = step;
    if ((last - first) / step <= 12) break;
  }
  // Few steps are counted from the first number, many by round ones.
  for (int n = first; n <= last; ++n)
    if (every <= 3 ? (n - first) % every == 0 : n == first || (n % every == 0 && n - first >= every / 2))
      axis.marks.push_back(n);
  return axis;
}

Axis logarithmic_axis(std::string title, double low, double high, bool rounded) {
  Axis axis;
  axis.title = std::move(title) + ", logarithmic";
  axis.logarithmic = true;
  axis.from = low > 0 ? low : 1;
  axis.to = high > axis.from ? high : axis.from * 10;
  const auto round_value = [](int i) {
    static constexpr std::array<double, 3> parts{1, 2, 5};
    const int decade = i >= 0 ? i / 3 : (i - 2) / 3;
    return parts[static_cast<std::size_t>(i - decade * 3)] * std::pow(10, decade);
  };
  int first = static_cast<int>(std::floor(std::log10(axis.from))) * 3;
  while (round_value(first + 1) <= axis.from * 1.000001) ++first;
  int last = first;
  while (round_value(last) < axis.to * 0.999999) ++last;
  if (rounded) {
    axis.from = round_value(first);
    axis.to = round_value(last);
  }
  const double decades = std::log10(axis.to / axis.from);
  const int every = decades <= 2.2 ? 1 : 3 * static_cast<int>(std::ceil(decades / 8));
  for (int i = first; i <= last; ++i) {
    const double value = round_value(i);
    if (((i % every) + every) % every == 0 && value >= axis.from * 0.999999 && value <= axis.to * 1.000001)
      axis.marks.push_back(value);
  }
  return axis;
}

Chart::Chart(const Look& look, Axis x, Axis y, ChartRoom room) : look_(look), x_(std::move(x)), y_(std::move(y)) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(look.fonts.small);
  const float line = ImGui::GetTextLineHeight();
  float margin = 0;
  for (const double mark : y_.marks)
    margin = std::max(margin, text_size(y_.words ? y_.words(mark) : short_text(mark)).x);
  ImGui::PopFont();
  left_ = at.x;
  top_ = at.y;
  right_ = at.x + ImGui::GetContentRegionAvail().x;
  low_ = {at.x + margin + look.px(8),
          at.y + (y_.title.empty() ? line / 2 : line + look.px(8)) + (room.head > 0 ? look.px(room.head) : 0)};
  high_ = {std::max(low_.x + look.px(60), right_ - (room.right > 0 ? look.px(room.right) : look.px(4))),
           low_.y + look.px(room.height)};
  bottom_ = high_.y + look.px(5) + line + (x_.title.empty() ? 0 : line + look.px(1));

  ImGui::SetCursorScreenPos(low_);
  ImGui::Dummy({high_.x - low_.x, high_.y - low_.y});  // no button: keys have nothing to do here
  if (ImGui::IsItemHovered()) {
    clicked_ = ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    pointed_ = Place{x_.value_at(static_cast<double>((mouse.x - low_.x) / (high_.x - low_.x))),
                     y_.value_at(static_cast<double>((high_.y - mouse.y) / (high_.y - low_.y)))};
  }
  draw_axes();
}

void Chart::draw_axes() {
  const Palette& c = look_.colours();
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImGui::PushFont(look_.fonts.small);
  const float line = ImGui::GetTextLineHeight();
  for (const double mark : y_.marks) {
    const float y = std::round(at(x_.from, mark).y);
    list->AddLine({low_.x, y}, {high_.x, y}, c.line, 1.0F);
    const std::string words = y_.words ? y_.words(mark) : short_text(mark);
    text_at({low_.x - look_.px(6) - text_size(words).x, std::round(y - line / 2)}, c.muted, words);
  }
  // Where the words of neighbours would touch, every second or third mark has words, and so on.
  const auto words_of = [&](double mark) { return x_.words ? x_.words(mark) : short_text(mark); };
  const auto span_of = [&](double mark) {
    const float width = text_size(words_of(mark)).x;
    const float left = std::clamp(at(mark, y_.from).x - width / 2, left_, std::max(left_, right_ - width));
    return std::pair(left, left + width);
  };
  std::size_t every = 1;
  for (; every < x_.marks.size(); ++every) {
    bool touch = false;
    for (std::size_t i = every; i < x_.marks.size(); i += every)
      touch = touch || span_of(x_.marks[i]).first < span_of(x_.marks[i - every]).second + look_.px(8);
    if (!touch) break;
  }
  for (std::size_t i = 0; i < x_.marks.size(); ++i) {
    const float x = at(x_.marks[i], y_.from).x;
    list->AddLine({x, high_.y}, {x, high_.y + look_.px(4)}, c.line_strong, 1.0F);
    if (i % every == 0)
      text_at({std::round(span_of(x_.marks[i]).first), high_.y + look_.px(5)}, c.muted, words_of(x_.marks[i]));
  }
  list->AddLine({low_.x, high_.y}, {high_.x, high_.y}, c.line_strong, 1.0F);
  if (!x_.title.empty()) {
    const float width = text_size(x_.title).x;
    text_at({std::max(low_.x, high_.x - width), high_.y + look_.px(6) + line}, c.muted, x_.title, high_.x - low_.x);
  }
  ImGui::PopFont();
}

ImVec2 Chart::at(double x, double y) const {
  // Far outside a place has no exact pixel, but it stays on its side.
  const auto bounded = [](double share) { return static_cast<float>(std::clamp(share, -4.0, 5.0)); };
  return {low_.x + (high_.x - low_.x) * bounded(x_.share(x)), high_.y - (high_.y - low_.y) * bounded(y_.share(y))};
}

void Chart::line(std::span<const ChartPoint> points, const LineStyle& style) {
  const Inside inside({low_.x, low_.y - look_.px(2)}, {high_.x + 1, high_.y + look_.px(2)});
  std::vector<ImVec2> path;
  const auto draw = [&] {
    draw_path(look_, path, style);
    for (std::size_t i = 0; i + 1 < path.size(); ++i) drawn_.push_back({path[i], path[i + 1]});
    path.clear();
  };
  for (const ChartPoint& point : points) {
    if (point.y)
      path.push_back(at(point.x, *point.y));
    else
      draw();
  }
  draw();
}

void Chart::steps(std::span<const ChartPoint> points, const LineStyle& style) {
  std::vector<ChartPoint> corners;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0 && points[i - 1].y && points[i].y) corners.push_back({points[i].x, points[i - 1].y});
    corners.push_back(points[i]);
  }
  line(corners, style);
}

void Chart::band(std::span<const ChartRange> points, ImU32 colour) {
  const Inside inside(low_, high_);
  ImDrawList* list = ImGui::GetWindowDrawList();
  // Softened edges would show as seams between the pieces.
  const ImDrawListFlags flags = list->Flags;
  list->Flags &= ~ImDrawListFlags_AntiAliasedFill;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const ChartRange& a = points[i];
    const ChartRange& b = points[i + 1];
    if (!a.low || !a.high || !b.low || !b.high) continue;
    list->AddQuadFilled(at(a.x, *a.high), at(b.x, *b.high), at(b.x, *b.low), at(a.x, *a.low), colour);
  }
  list->Flags = flags;
}

void Chart::bar(double x, double width, double from, double to, ImU32 colour) {
  const Inside inside(low_, {high_.x, high_.y});
  const ImVec2 a = at(x - width / 2, std::max(from, to));
  const ImVec2 b = at(x + width / 2, std::min(from, to));
  // Whole pixels, so that bars of one width look alike, and none is too thin to be seen.
  const float left = std::round(a.x);
  ImGui::GetWindowDrawList()->AddRectFilled({left, std::round(a.y)},
                                            {std::max(left + 1, std::round(b.x)), std::round(b.y)}, colour);
}

void Chart::empty_bar(double x, double width, double from, double to, ImU32 colour) {
  const ImVec2 a = at(x - width / 2, std::max(from, to));
  const ImVec2 b = at(x + width / 2, std::min(from, to));
  hatch(a, b, look_.px(7), with_alpha(colour, 0.7F));
  ImGui::GetWindowDrawList()->AddRect(a, b, colour);
}

void Chart::dot(double x, double y, ImU32 colour) {
  if (!x_.holds(x) || !y_.holds(y)) return;
  const ImVec2 middle = at(x, y);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float radius = look_.px(6);
  list->AddCircleFilled(middle, radius, look_.colours().paper, 24);
  list->AddCircleFilled(middle, look_.px(4), colour, 24);
  taken_.push_back({{middle.x - radius, middle.y - radius}, {middle.x + radius, middle.y + radius}});
}

void Chart::ring(double x, double y, ImU32 colour) {
  if (!x_.holds(x) || !y_.holds(y)) return;
  const ImVec2 middle = at(x, y);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddCircleFilled(middle, look_.px(5), look_.colours().paper, 24);
  list->AddCircle(middle, look_.px(5), colour, 24, look_.px(2));
  const float room = look_.px(7);
  taken_.push_back({{middle.x - room, middle.y - room}, {middle.x + room, middle.y + room}});
}

void Chart::upright(double x, std::string_view words, const LineStyle& style) {
  if (!x_.holds(x)) return;
  const float place = std::round(at(x, y_.from).x);
  const std::array<ImVec2, 2> path{ImVec2(place, low_.y), ImVec2(place, high_.y)};
  drawn_.push_back({path[0], path[1]});
  draw_path(look_, path, style);
  if (!words.empty()) this->words({place, low_.y + look_.px(2)}, style.colour, words);
}

void Chart::level(double y, std::string_view words, const LineStyle& style) {
  if (!y_.holds(y)) return;
  const float place = std::round(at(x_.from, y).y);
  const std::array<ImVec2, 2> path{ImVec2(low_.x, place), ImVec2(high_.x, place)};
  draw_path(look_, path, style);
  if (!words.empty()) words_.push_back({{low_.x, place}, style.colour, std::string(words), true});
}

void Chart::flag(double x, std::string_view number, std::string_view words) {
  const Palette& c = look_.colours();
  const float place = std::round(at(x, y_.from).x);
  if (place < low_.x - 1 || place > high_.x + 1) return;
  const std::array<ImVec2, 2> path{ImVec2(place, low_.y), ImVec2(place, high_.y)};
  draw_path(look_, path, {c.warn, 1, Dash::dotted});
  ImGui::PushFont(look_.fonts.small);
  const ImVec2 size = text_size(number);
  const ImVec2 from{place, low_.y - size.y - look_.px(4)};
  const ImVec2 to{place + size.x + look_.px(8), low_.y - look_.px(2)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({place, from.y}, {place, low_.y}, c.warn, 1.0F);
  list->AddRectFilled(from, to, c.warn_soft);
  list->AddRect(from, to, c.warn);
  text_at({from.x + look_.px(4), from.y + look_.px(1)}, c.warn, number);
  ImGui::PopFont();
  if (ImGui::IsMouseHoveringRect(from, to) && ImGui::IsWindowHovered()) {
    ImGui::BeginTooltip();
    for (const std::string_view line : lines_of(words, look_.px(400))) text(line);
    ImGui::EndTooltip();
  }
}

void Chart::closed_from(double x, std::string_view words) {
  const Palette& c = look_.colours();
  const float left = std::clamp(at(x, y_.from).x, low_.x, high_.x);
  if (high_.x - left < 1) return;
  hatch({left, low_.y}, high_, look_.px(9), c.line);
  ImGui::GetWindowDrawList()->AddLine({left, low_.y}, {left, high_.y}, c.error, 1.0F);
  this->words({left, (low_.y + high_.y) / 2}, c.error, words);
}

void Chart::words(ImVec2 place, ImU32 colour, std::string_view words) {
  words_.push_back({place, colour, std::string(words), false});
}

void Chart::name_end(double y, ImU32 colour, std::string_view name, bool bold) {
  ends_.push_back({std::clamp(at(x_.to, y).y, low_.y, high_.y), colour, std::string(name), bold});
}

std::optional<ChartGrip> Chart::grip(const char* id, double x, double y, std::string_view hint) {
  const float radius = look_.px(7);
  const ImVec2 middle = at(x, y);
  if (middle.x < low_.x - 1 || middle.x > high_.x + 1 || middle.y < low_.y - 1 || middle.y > high_.y + 1)
    return std::nullopt;
  ImGui::SetCursorScreenPos({middle.x - 1.5F * radius, middle.y - 1.5F * radius});
  ImGui::InvisibleButton(id, {3 * radius, 3 * radius});
  const bool active = ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left);
  const bool begins = ImGui::IsItemActivated();
  const bool lit = active || ImGui::IsItemHovered() || is_walked_to();
  if (lit) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  if (!active) tip(look_, hint);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddCircleFilled(middle, radius + look_.px(1), look_.colours().paper, 24);
  list->AddCircleFilled(middle, lit ? radius : radius - look_.px(1), look_.colours().accent, 24);
  taken_.push_back({{middle.x - radius, middle.y - radius}, {middle.x + radius, middle.y + radius}});
  if (!active) return std::nullopt;
  pointed_.reset();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  return ChartGrip{x_.value_at(std::clamp(static_cast<double>((mouse.x - low_.x) / (high_.x - low_.x)), 0.0, 1.0)),
                   y_.value_at(std::clamp(static_cast<double>((high_.y - mouse.y) / (high_.y - low_.y)), 0.0, 1.0)),
                   begins};
}

void Chart::read(double x, std::string_view title, std::span<const Reading> readings) {
  const Palette& c = look_.colours();
  const float place = std::round(std::clamp(at(x, y_.from).x, low_.x, high_.x));
  ImGui::GetWindowDrawList()->AddLine({place, low_.y}, {place, high_.y}, with_alpha(c.ink, 0.45F), 1.0F);
  ImGui::PushFont(look_.fonts.body);
  float names = 0;
  Column values;
  for (const Reading& reading : readings) {
    names = std::max(names, text_size(reading.name).x);
    values.measure(reading.value);
  }
  const float sign = look_.px(18);
  const float wide = std::max(sign + names + look_.px(16) + values.width(), text_size(title).x);
  const float height = std::round(ImGui::GetTextLineHeight() * 1.2F);
  ImGui::BeginTooltip();
  const ImVec2 from = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  text_at(from, c.muted, title);
  float top = from.y + height;
  for (const Reading& reading : readings) {
    if (reading.colour != 0) {
      const float patch = std::round((height - look_.px(10)) / 2) - look_.px(1);
      list->AddRectFilled({from.x, top + patch}, {from.x + look_.px(10), top + patch + look_.px(10)}, reading.colour);
    }
    text_at({from.x + sign, top}, c.ink, reading.name);
    values.draw(from.x + wide, top, c.ink, reading.value);
    top += height;
  }
  ImGui::Dummy({wide, top - from.y});
  ImGui::EndTooltip();
  ImGui::PopFont();
}

bool Chart::is_free(const Box& box, bool beside_lines) const {
  if (box.from.x < low_.x || box.to.x > right_ || box.from.y < low_.y || box.to.y > high_.y) return false;
  const auto touches = [&](const Box& other) {
    return box.from.x < other.to.x && other.from.x < box.to.x && box.from.y < other.to.y && other.from.y < box.to.y;
  };
  if (std::any_of(taken_.begin(), taken_.end(), touches)) return false;
  if (!beside_lines) return true;
  return std::none_of(drawn_.begin(), drawn_.end(), [&](const Box& line) {
    const float from = std::max(std::min(line.from.x, line.to.x), box.from.x);
    const float to = std::min(std::max(line.from.x, line.to.x), box.to.x);
    if (from > to) return false;
    const float length = line.to.x - line.from.x;
    const auto height = [&](float x) {
      return length == 0.0F ? line.from.y : line.from.y + (line.to.y - line.from.y) * (x - line.from.x) / length;
    };
    const float a = length == 0.0F ? line.from.y : height(from);
    const float b = length == 0.0F ? line.to.y : height(to);
    return std::min(a, b) < box.to.y && std::max(a, b) > box.from.y;
  });
}

// On either side of the place, then further and further above and below it; beside the lines where that is possible.
void Chart::draw_words(const Words& words) {
  const ImVec2 size = text_size(words.words);
  const float aside = look_.px(7);
  const float step = size.y + look_.px(2);
  const auto put = [&](const Box& box) {
    ImGui::GetWindowDrawList()->AddRectFilled(box.from, box.to, with_alpha(look_.colours().paper, 0.9F), look_.px(2));
    text_at({std::round(box.from.x + look_.px(2)), std::round(box.from.y)}, words.colour, words.words);
    taken_.push_back(box);
  };
  // What belongs to a level line may stand anywhere along it.
  if (words.along) {
    const float room = high_.x - low_.x - size.x - 2 * aside;
    for (const bool beside_lines : {true, false})
      for (int place = 0; place <= 8; ++place)
        for (const bool below : {false, true}) {
          const float x = low_.x + aside + std::max(0.0F, room) * static_cast<float>(place) / 8;
          const float y = below ? words.place.y + look_.px(2) : words.place.y - look_.px(2) - size.y;
          const Box box{{x - look_.px(2), y}, {x + size.x + look_.px(2), y + size.y}};
          if (!is_free(box, beside_lines)) continue;
          put(box);
          return;
        }
    return;
  }
  for (const bool beside_lines : {true, false})
    for (int row = 0; row < 16; ++row)
      for (const bool below : {false, true})
        for (const bool left : {false, true}) {
          const float rows = static_cast<float>(below ? row : row + 1);
          const float y = words.place.y + (below ? look_.px(2) + step * rows : -look_.px(2) - step * rows);
          const float x = left ? words.place.x - aside - size.x : words.place.x + aside;
          const Box box{{x - look_.px(2), y}, {x + size.x + look_.px(2), y + size.y}};
          if (!is_free(box, beside_lines)) continue;
          // What stands further away is tied to its place.
          if (row > 0)
            ImGui::GetWindowDrawList()->AddLine({left ? box.to.x : box.from.x, below ? box.from.y : box.to.y},
                                                words.place, with_alpha(words.colour, 0.5F), 1.0F);
          put(box);
          return;
        }
}

// Names are moved apart where lines end close to each other.
void Chart::draw_ends() {
  const float height = ImGui::GetTextLineHeight();
  const float step = height + look_.px(1);
  std::stable_sort(ends_.begin(), ends_.end(), [](const End& a, const End& b) { return a.y < b.y; });
  float last = low_.y - step;
  for (End& end : ends_) last = end.y = std::max(end.y - height / 2, last + step);
  float next = high_.y + look_.px(4);
  for (auto end = ends_.rbegin(); end != ends_.rend(); ++end) next = end->y = std::min(end->y, next - step);
  for (const End& end : ends_) {
    if (end.bold) ImGui::PushFont(look_.fonts.bold);
    text_at({high_.x + look_.px(6), std::round(end.y)}, end.colour, end.name, right_ - high_.x - look_.px(6));
    if (end.bold) ImGui::PopFont();
  }
}

void Chart::finish() {
  ImGui::PushFont(look_.fonts.small);
  if (!y_.title.empty()) text_at({left_, top_}, look_.colours().muted, y_.title, right_ - left_);
  for (const Words& words : words_) draw_words(words);
  draw_ends();
  ImGui::PopFont();
  ImGui::SetCursorScreenPos({left_, bottom_});
  ImGui::Dummy({1, look_.px(2)});
}

void line_sign(const Look& look, ImVec2 left_middle, const LineStyle& style) {
  const std::array<ImVec2, 2> path{left_middle, ImVec2(left_middle.x + look.px(legend_sign_width), left_middle.y)};
  draw_path(look, path, style);
}

void legend(const Look& look, std::span<const LegendEntry> entries) {
  ImGui::PushFont(look.fonts.small);
  const float patch = look.px(10);
  const float room = ImGui::GetContentRegionAvail().x;
  for (const LegendEntry& entry : entries) {
    const float sign = entry.line ? look.px(legend_sign_width) : patch;
    const float width = sign + look.px(6) + text_size(entry.words).x;
    if (&entry != entries.data()) beside_if_it_fits(look, 18, width);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = ImGui::GetTextLineHeight();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float top = std::round(at.y + (height - patch) / 2);
    if (entry.line)
      line_sign(look, {at.x, std::round(at.y + height / 2)}, {entry.colour, 2, *entry.line});
    else if (entry.outlined)
      list->AddRect({at.x, top}, {at.x + patch, top + patch}, entry.colour);
    else
      list->AddRectFilled({at.x, top}, {at.x + patch, top + patch}, entry.colour);
    if (entry.edge != 0) list->AddRect({at.x, top}, {at.x + patch, top + patch}, entry.edge);
    // One that is wider than the line is broken.
    float y = at.y;
    for (const std::string_view words : lines_of(entry.words, std::max(look.px(80), room - sign - look.px(6)))) {
      text_at({at.x + sign + look.px(6), y}, look.colours().ink, words);
      y += height;
    }
    ImGui::Dummy({std::min(width, room), std::max(height, y - at.y)});
  }
  ImGui::PopFont();
}

}  // namespace tokenbill::desktop
