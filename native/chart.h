#pragma once
// Charts: axes with round marks, and between them lines, bars and bands. A chart scales and draws; what it shows was
// calculated elsewhere.

#include <imgui.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "look.h"

namespace tokenbill::desktop {

struct Axis {
  double from = 0;
  double to = 1;
  bool logarithmic = false;
  std::vector<double> marks;
  std::string title;
  std::function<std::string(double)> words;  ///< of a mark; short_text where it is empty

  /// 0 where the axis begins, 1 where it ends; a logarithmic one has no place for 0, which then lies before it.
  [[nodiscard]] double share(double value) const;
  [[nodiscard]] double value_at(double share) const;
  [[nodiscard]] bool holds(double value) const { return value >= from && value <= to; }
};

/// From 0, with a little room above the largest: for amounts.
[[nodiscard]] Axis amounts_axis(std::string title, double largest);
/// From one value to another, for what may be negative or needs no zero.
[[nodiscard]] Axis axis_between(std::string title, double low, double high);
/// Whole numbers, each in the middle of a place of its own.
[[nodiscard]] Axis counted_axis(std::string title, int first, int last);
/// Logarithmic, and labelled so. `rounded`: it begins and ends at round values.
[[nodiscard]] Axis logarithmic_axis(std::string title, double low, double high, bool rounded = false);

/// How a line is told from others where its colour cannot be seen.
enum class Dash : unsigned char { solid, dashed, long_dashes, dotted, dash_dotted, sparse };

struct LineStyle {
  ImU32 colour = 0;
  float width = 2;
  Dash dash = Dash::solid;
};
struct ChartPoint {
  double x = 0;
  std::optional<double> y;  ///< absent: the line is interrupted
};
struct ChartRange {
  double x = 0;
  std::optional<double> low, high;
};

/// What stands beside the pointer: a name, a value, and the sign of its line or bar.
struct Reading {
  std::string name;
  std::string value;
  ImU32 colour = 0;  ///< 0 = no sign
};

/// Where a knob is dragged to, in values of the axes.
struct ChartGrip {
  double x = 0;
  double y = 0;
  bool begins = false;  ///< it was just taken
};

/// The room of a chart in lengths of the design.
struct ChartRoom {
  float height = 240;  ///< of the plot itself
  float head = 0;      ///< above it, for flags and the words of upright lines
  float right = 0;     ///< beside it, for the names of lines
};

/// Takes room at the cursor, draws the axes, then what it is told; finish() draws the words on top.
class Chart {
 public:
  Chart(const Look& look, Axis x, Axis y, ChartRoom room = {});
  Chart(const Chart&) = delete;
  Chart& operator=(const Chart&) = delete;

  [[nodiscard]] const Axis& x() const { return x_; }
  [[nodiscard]] const Axis& y() const { return y_; }
  [[nodiscard]] ImVec2 at(double x, double y) const;
  [[nodiscard]] ImVec2 top_left() const { return low_; }       ///< of the plot
  [[nodiscard]] ImVec2 bottom_right() const { return high_; }  ///< of the plot
  [[nodiscard]] float width() const { return high_.x - low_.x; }

  void line(std::span<const ChartPoint> points, const LineStyle& stroke);
  /// Horizontal up to the next point, then upright: for what changes in steps.
  void steps(std::span<const ChartPoint> points, const LineStyle& stroke);
  void band(std::span<const ChartRange> points, ImU32 colour);
  /// A bar around `x` that is `width` wide, in units of the axis.
  void bar(double x, double width, double from, double to, ImU32 colour);
  /// An outline alone, for what is not known or not real.
  void empty_bar(double x, double width, double from, double to, ImU32 colour);
  void dot(double x, double y, ImU32 colour);
  void ring(double x, double y, ImU32 colour);
  void upright(double x, std::string_view words, const LineStyle& stroke);
  void level(double y, std::string_view words, const LineStyle& stroke);
  /// A numbered flag above the plot with a line down into it; the text stands where the pointer rests.
  void flag(double x, std::string_view number, std::string_view words);
  /// From a value to the end of the axis there is nothing, for a reason.
  void closed_from(double x, std::string_view words);
  /// Words near a place, where they cover no others; left out where there is no room.
  void words(ImVec2 place, ImU32 colour, std::string_view words);
  /// Beside the right end of a line.
  void name_end(double y, ImU32 colour, std::string_view name, bool bold = false);

  /// Where the pointer is over the plot, in values of the axes.
  struct Place {
    double x = 0;
    double y = 0;
  };
  [[nodiscard]] const std::optional<Place>& pointed() const { return pointed_; }
  [[nodiscard]] bool clicked() const { return clicked_; }
  /// A knob to drag; while it is held, where it is dragged to. The axes must then stay as they are.
  [[nodiscard]] std::optional<ChartGrip> grip(const char* id, double x, double y, std::string_view hint);
  /// A line through the whole plot, and beside the pointer what is read there.
  void read(double x, std::string_view title, std::span<const Reading> readings);

  void finish();

 private:
  struct Box {
    ImVec2 from, to;
  };
  struct Words {
    ImVec2 place;
    ImU32 colour;
    std::string words;
    bool along = false;  ///< a level line
  };
  struct End {
    float y;
    ImU32 colour;
    std::string name;
    bool bold;
  };
  void draw_axes();
  [[nodiscard]] bool is_free(const Box& box, bool beside_lines) const;
  void draw_words(const Words& words);
  void draw_ends();

  const Look& look_;
  Axis x_, y_;
  ImVec2 low_, high_;                                  ///< corners of the plot: top left, bottom right
  float left_ = 0, top_ = 0, right_ = 0, bottom_ = 0;  ///< of all
  std::optional<Place> pointed_;
  bool clicked_ = false;
  std::vector<Words> words_;
  std::vector<End> ends_;
  std::vector<Box> taken_;  ///< where words must not stand
  std::vector<Box> drawn_;  ///< pieces of lines, over which they rather do not
};

struct LegendEntry {
  std::string words;
  ImU32 colour = 0;
  std::optional<Dash> line;  ///< absent: a patch of the colour
  bool outlined = false;     ///< the patch is an outline
  ImU32 edge = 0;            ///< of the patch; 0 = none
};
/// One beside the other, as many as fit into a line.
void legend(const Look& look, std::span<const LegendEntry> entries);
/// The sign of a line, as the legend shows it, at a place; its width is that of `legend_sign_width`.
void line_sign(const Look& look, ImVec2 left_middle, const LineStyle& stroke);
inline constexpr float legend_sign_width = 26;  ///< in lengths of the design

}  // namespace tokenbill::desktop
