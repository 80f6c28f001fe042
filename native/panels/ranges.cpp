// How far the bill may be off and what that is due to: percentiles, histogram, tornado, shares of variance.

#include <algorithm>
#include <cmath>

#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
constexpr std::array<std::size_t, 3> sample_counts{1024, 4096, 16384};

void draw_controls(View& view) {
  const Look& look = view.look;
  RangeSpec& spec = view.ranges;
  choose_total(look, spec.output);
  constexpr const char* words[] = {"your ranges and typical ones", "your ranges alone"};
  const bool given = spec.assumptions == Assumptions::given;
  beside_if_it_fits(look, 8, look.px(250));
  if (begin_choice(look, "##assumptions", words[given ? 1 : 0], look.px(250))) {
    if (ImGui::Selectable(words[0], !given)) spec.assumptions = Assumptions::typical;
    if (ImGui::Selectable(words[1], given)) spec.assumptions = Assumptions::given;
    ImGui::EndCombo();
  }
  tip(look,
      "A range is typed into an input: 4k to 9k. Inputs that are assumptions have a typical range of their own, which "
      "counts unless you leave it out.");
  const auto draws = [](std::size_t count) { return number_text(static_cast<double>(count)) + " draws"; };
  beside_if_it_fits(look, 8, look.px(140));
  if (begin_choice(look, "##samples", draws(spec.samples), look.px(140))) {
    for (const std::size_t count : sample_counts)
      if (ImGui::Selectable(draws(count).c_str(), count == spec.samples)) spec.samples = count;
    ImGui::EndCombo();
  }
}

std::string amount(const Ranges& ranges, double value) { return quantity_text(value, ranges.unit); }

/// Values along a line of pixels.
struct Line {
  double low = 0, high = 1;
  float left = 0, right = 1;
  [[nodiscard]] float at(double value) const {
    const double share = high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.5;
    return left + (right - left) * static_cast<float>(share);
  }
};

void draw_marks(const Look& look, const Ranges& ranges, const Line& line, float top, float bottom) {
  const Palette& c = look.colours();
  ImDrawList* list = ImGui::GetWindowDrawList();
  float free_from = -1e9F;
  ImGui::PushFont(look.fonts.small);
  struct Mark {
    double value;
    const char* name;
  };
  for (const Mark& mark : {Mark{ranges.outcome.low(), "5 %"}, Mark{ranges.outcome.likely(), "half"},
                           Mark{ranges.outcome.high(), "95 %"}}) {
    const float x = line.at(mark.value);
    list->AddLine({x, top}, {x, bottom}, c.ink, 1.0F);
    const std::string words = std::string(mark.name) + "  " + amount(ranges, mark.value);
    const float width = text_size(words).x;
    const float left = std::max(free_from, std::min(std::max(line.left, x - width / 2), line.right - width));
    text_at({left, bottom + look.px(3)}, c.ink, words);
    free_from = left + width + look.px(12);
  }
  ImGui::PopFont();
  if (ranges.point) {
    const float x = line.at(*ranges.point);
    list->AddTriangleFilled({x - look.px(5), top - look.px(8)}, {x + look.px(5), top - look.px(8)},
                            {x, top - look.px(1)}, c.accent);
  }
}

// The share of draws in equal steps; the steps between the 5th and the 95th percentile are darker.
void draw_histogram(const Look& look, const Ranges& ranges) {
  if (ranges.histogram.empty() || !(ranges.histogram_to > ranges.histogram_from)) return;
  const Palette& c = look.colours();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float top = at.y + look.px(10), height = look.px(110);
  const double most = *std::max_element(ranges.histogram.begin(), ranges.histogram.end());
  const auto steps = static_cast<float>(ranges.histogram.size());
  const Line line{ranges.histogram_from, ranges.histogram_to, at.x, at.x + width};
  for (std::size_t i = 0; i < ranges.histogram.size(); ++i) {
    const float left = at.x + width * static_cast<float>(i) / steps;
    const float right = at.x + width * static_cast<float>(i + 1) / steps - 1;
    const float tall = height * static_cast<float>(ranges.histogram[i] / most);
    const double middle = ranges.histogram_from + (ranges.histogram_to - ranges.histogram_from) *
                                                      (static_cast<double>(i) + 0.5) / static_cast<double>(steps);
    const bool usual = middle >= ranges.outcome.low() && middle <= ranges.outcome.high();
    ImGui::GetWindowDrawList()->AddRectFilled({left, top + height - tall}, {right, top + height},
                                              usual ? c.accent : c.sum);
  }
  ImGui::GetWindowDrawList()->AddLine({at.x, top + height}, {at.x + width, top + height}, c.line_strong, 1.0F);
  draw_marks(look, ranges, line, top, top + height);
  ImGui::Dummy({width, look.px(10) + height + ImGui::GetTextLineHeight() + look.px(4)});
}

std::string range_text(const Driver& driver) {
  const Parameter& p = parameters()[parameter_index(driver.id)];
  return input_text(p, driver.range.low) + " to " + input_text(p, driver.range.high);
}

// The figure with one input at the ends of its range and the others likely, the largest swing first.
void draw_tornado(const App& app, const Look& look, const Ranges& ranges, Commands& commands) {
  double low = ranges.point.value_or(ranges.outcome.likely()), high = low;
  for (const Driver& driver : ranges.drivers)
    for (const std::optional<double>& end : {driver.at_low, driver.at_high})
      if (end) {
        low = std::min(low, *end);
        high = std::max(high, *end);
      }
  ImGui::Dummy({1, look.px(6)});
  heading(look, "What moves it, each input alone");
  const Palette& c = look.colours();
  const ImVec2 begin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float share_width = text_size("100 %").x + look.px(16);
  const float name_width = std::min(look.px(230), width * 0.42F);
  const Line line{low, high, begin.x + name_width + look.px(12), begin.x + width - share_width};
  ImGui::PushFont(look.fonts.small);
  const float small = ImGui::GetTextLineHeight();
  const std::string from = amount(ranges, low), to = amount(ranges, high);
  text_at({line.left, begin.y}, c.muted, from);
  text_at({line.right - text_size(to).x, begin.y}, c.muted, to);
  text_at({begin.x + width - text_size("of the variance").x, begin.y - small}, c.muted, "of the variance");
  ImGui::PopFont();
  ImGui::Dummy({width, small + look.px(2)});
  const float middle = line.at(ranges.point.value_or(ranges.outcome.likely()));
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const Driver& driver : ranges.drivers) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float text_height = ImGui::GetTextLineHeight();
    const float height = std::round(text_height + small + look.px(8));
    ImGui::PushID(driver.id.data(), driver.id.data() + driver.id.size());
    if (ImGui::InvisibleButton("driver", {width, height})) select_figure(commands, driver.id);
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const bool selected = app.selection() == Selection{Selection::Kind::figure, std::string(driver.id)};
    if (hovered || selected)
      list->AddRectFilled(at, {at.x + width, at.y + height},
                          selected ? c.accent_soft : ImGui::GetColorU32(ImGuiCol_HeaderHovered));
    std::string told = std::string(driver.label) + ": " + range_text(driver) +
                       (driver.typical ? ", a typical range" : ", your range") + ".";
    if (driver.at_low && driver.at_high)
      told += "\n" + amount(ranges, *driver.at_low) + " at the low end, " + amount(ranges, *driver.at_high) +
              " at the high end.";
    if (driver.elasticity)
      told +=
          "\n1 % more of it is " + number_text(std::round(*driver.elasticity * 1000) / 1000) + " % more of the figure.";
    if (driver.typical && !driver.source.empty()) told += "\nSource: " + std::string(driver.source);
    tip(look, told);
    text_at({at.x + look.px(4), at.y + look.px(3)}, c.ink, driver.label, name_width);
    ImGui::PushFont(look.fonts.small);
    text_at({at.x + look.px(4), at.y + look.px(3) + text_height}, c.muted,
            range_text(driver) + (driver.typical ? ", typical" : ""), name_width);
    ImGui::PopFont();
    const float inset = std::round(height * 0.28F);
    // Two hues, so that it shows which end makes it dearer.
    if (driver.at_low)
      list->AddRectFilled({std::min(middle, line.at(*driver.at_low)), at.y + inset},
                          {std::max(middle, line.at(*driver.at_low)), at.y + height - inset}, c.input);
    if (driver.at_high)
      list->AddRectFilled({std::min(middle, line.at(*driver.at_high)), at.y + inset},
                          {std::max(middle, line.at(*driver.at_high)), at.y + height - inset}, c.output);
    if (driver.total) {
      const std::string share = percent_text(std::round(*driver.total * 100) / 100);
      text_at({at.x + width - text_size(share).x - look.px(4), at.y + (height - text_height) / 2}, c.ink, share);
    }
  }
  list->AddLine({middle, begin.y + small}, {middle, ImGui::GetCursorScreenPos().y}, c.line_strong, 1.0F);
  paragraph(
      "Blue: with the low end of the input's range; orange: with the high end; the others as they likely are. The "
      "share of the variance counts what an input does together with others, so that the shares may sum to more than "
      "100 %.",
      c.muted);
  if (ranges.correlated)
    paragraph("The shares are told as if the inputs did not depend on each other; the percentiles do count it.",
              c.muted);
}

void draw_lines(const App& app, const Look& look, const Ranges& ranges, Commands& commands) {
  ImGui::Dummy({1, look.px(6)});
  heading(look, "Each line of the bill");
  const Palette& c = look.colours();
  const float width = ImGui::GetContentRegionAvail().x;
  Column low, likely, high;
  std::vector<const FigureRange*> shown;
  for (const FigureRange& figure : ranges.figures) {
    if (!figure.item || figure.outcome.count == 0 || figure.outcome.high() == 0) continue;
    shown.push_back(&figure);
    low.measure(quantity_text(figure.outcome.low(), figure.unit));
    likely.measure(quantity_text(figure.outcome.likely(), figure.unit));
    high.measure(quantity_text(figure.outcome.high(), figure.unit));
  }
  const ImVec2 head = ImGui::GetCursorScreenPos();
  const float gap = look.px(20);
  const float right = head.x + width - look.px(6);
  const float likely_right = right - high.width() - gap, low_right = likely_right - likely.width() - gap;
  ImGui::PushFont(look.fonts.small);
  const auto named = [&](float at, const char* words) { text_at({at - text_size(words).x, head.y}, c.muted, words); };
  named(low_right, "low");
  named(likely_right, "half");
  named(right, "high");
  text_at({head.x + look.px(6), head.y}, c.muted, "USD per month");
  ImGui::PopFont();
  ImGui::Dummy({width, ImGui::GetTextLineHeight()});
  for (const FigureRange* figure : shown) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = std::round(ImGui::GetTextLineHeight() * 1.35F);
    ImGui::PushID(figure->id.data(), figure->id.data() + figure->id.size());
    if (ImGui::InvisibleButton("line", {width, height})) select_figure(commands, figure->id);
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const bool selected = app.selection() == Selection{Selection::Kind::figure, std::string(figure->id)};
    if (hovered || selected)
      ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + height},
                                                selected ? c.accent_soft : ImGui::GetColorU32(ImGuiCol_HeaderHovered));
    const float top = at.y + std::round((height - ImGui::GetTextLineHeight()) / 2);
    text_at({at.x + look.px(6), top}, c.ink, figure->label, low_right - low.width() - at.x - gap);
    low.draw(low_right, top, c.ink, quantity_text(figure->outcome.low(), figure->unit));
    likely.draw(likely_right, top, c.ink, quantity_text(figure->outcome.likely(), figure->unit));
    high.draw(right, top, c.ink, quantity_text(figure->outcome.high(), figure->unit));
  }
}
}  // namespace

void draw_ranges(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  draw_controls(view);
  const Answer<Ranges>& answer = app.questions().ranges(view.ranges);
  if (!answer.value) {
    paragraph("Working it out.", look.colours().muted);
    return;
  }
  if (!answer.value->ok()) {
    paragraph(sentence(answer.value->error().message), look.colours().error);
    if (!answer.value->error().hint.empty()) paragraph(answer.value->error().hint);
    return;
  }
  const Ranges& ranges = **answer.value;
  if (ranges.outcome.count == 0 || ranges.drivers.empty()) {
    paragraph(ranges.sentence.empty() ? "No input of this scenario has a range. Type one into an input: 4k to 9k."
                                      : ranges.sentence);
    return;
  }
  const std::string unit = unit_text(ranges.unit);
  ImGui::PushFont(look.fonts.title);
  text(amount(ranges, ranges.outcome.low()) + " to " + amount(ranges, ranges.outcome.high()) +
       (unit.empty() ? "" : " " + unit));
  ImGui::PopFont();
  std::string words =
      "Nine of ten draws lie between these; half lie below " + amount(ranges, ranges.outcome.likely()) + ".";
  if (ranges.point && ranges.point_share)
    words += " The bill, " + amount(ranges, *ranges.point) + ", is above " +
             percent_text(std::round(*ranges.point_share * 100) / 100) + " of them.";
  paragraph(words, look.colours().muted);
  if (!ranges.sentence.empty()) paragraph(ranges.sentence);
  draw_histogram(look, ranges);
  if (ranges.impossible > 0)
    paragraph(number_text(static_cast<double>(ranges.impossible)) +
                  " draws exceed a limit of the model or have no known price; they do not count.",
              look.colours().warn);
  draw_tornado(app, look, ranges, commands);
  if (ranges.output == "total") draw_lines(app, look, ranges, commands);
}

}  // namespace tokenbill::desktop
