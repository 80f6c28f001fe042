// The bill as a waterfall: a table in the order of calculation, each line with the bar that it adds to those above it.

#include <algorithm>
#include <cmath>

#include "../copies.h"
#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
/// A line of the table; `item` is absent for a sum.
struct Line {
  std::string_view id;
  std::string_view label;
  const BillItem* item = nullptr;
  std::string month, request, share;
  double start = 0;  ///< of the bar, as a share of the month
  double end = 0;
};

bool is_inference(Category category) { return category <= Category::channel; }

std::vector<Line> lines_of(const Bill& bill, bool zero_lines, int& zeros) {
  std::vector<Line> lines;
  double start = 0;
  zeros = 0;
  bool subtotal_due = bill.inference_per_month != bill.per_month;
  for (const BillItem& item : bill.items) {
    if (subtotal_due && !is_inference(item.category)) {
      lines.push_back({"inference_per_month", "Inference", nullptr, usd_or_unknown(bill.inference_per_month),
                       usd_or_unknown(bill.inference_per_request), bill.per_month ? percent_text(start) : "", 0,
                       start});
      subtotal_due = false;
    }
    const double share = item.share.value_or(0);
    if (item.usd_per_month == 0.0) ++zeros;
    if (zero_lines || item.usd_per_month != 0.0)
      lines.push_back({item.id, item.label, &item, usd_or_unknown(item.usd_per_month),
                       usd_or_unknown(item.usd_per_request), percent_or_unknown(item.share), start, start + share});
    start += share;
  }
  lines.push_back({"total", "Total", nullptr, usd_or_unknown(bill.per_month), usd_or_unknown(bill.per_request),
                   bill.per_month ? percent_text(1) : std::string(unknown_word), 0, bill.per_month ? 1.0 : 0.0});
  return lines;
}

/// Round amounts along the axis from 0 to the total: three to six of them.
std::vector<double> ticks(double total) {
  std::vector<double> marks;
  if (!(total > 0)) return marks;
  const double raw = total / 4;
  const double decade = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * decade;
  for (const double m : {1.0, 2.0, 2.5, 5.0})
    if (m * decade >= raw) {
      step = m * decade;
      break;
    }
  for (int i = 0; i * step <= total * 1.0001; ++i) marks.push_back(i * step);
  return marks;
}

constexpr float column_gap = 20;

struct Columns {
  Column month, request, share;
  float label_right = 0, bar_left = 0, bar_right = 0, month_right = 0, request_right = 0, share_right = 0;
  bool bars = true, requests = true, shares = true;
};

// The amounts of the month always show; in a narrow window the rest gives way, what matters least first.
Columns columns_of(const Look& look, const std::vector<Line>& lines, ImVec2 begin, float width) {
  Columns columns;
  float longest = 0;
  for (const Line& line : lines) {
    ImGui::PushFont(line.item == nullptr ? look.fonts.bold : look.fonts.body);
    longest = std::max(longest, text_size(line.label).x);
    columns.month.measure(line.month);
    columns.request.measure(line.request);
    columns.share.measure(line.share);
    ImGui::PopFont();
  }
  ImGui::PushFont(look.fonts.small);
  const float month_width = std::max(columns.month.width(), text_size("USD a month").x);
  const float request_width = std::max(columns.request.width(), text_size("a request").x);
  const float share_width = std::max(columns.share.width(), text_size("share").x);
  ImGui::PopFont();
  const float gap = look.px(column_gap);
  const float label = longest + look.px(28);
  const float least_bar = look.px(150);
  const auto left_over = [&] {
    return width - look.px(8) - label - gap - month_width - (columns.requests ? gap + request_width : 0) -
           (columns.shares ? gap + share_width : 0);
  };
  columns.requests = left_over() >= least_bar + gap;
  columns.shares = left_over() >= least_bar + gap;
  columns.bars = left_over() >= least_bar + gap;
  if (!columns.bars) columns.shares = left_over() - gap - share_width >= 0;

  float right = begin.x + width - look.px(8);
  columns.share_right = right;
  if (columns.shares) right -= share_width + gap;
  columns.request_right = right;
  if (columns.requests) right -= request_width + gap;
  columns.month_right = right;
  right -= month_width + gap;
  columns.bar_right = right;
  columns.bar_left = begin.x + label + gap;
  columns.label_right = columns.bars ? columns.bar_left - gap / 2 : right;
  return columns;
}

// The axis and the heads of the columns.
void draw_head(const Look& look, const Columns& columns, ImVec2 at, const std::vector<double>& marks, double total) {
  const Palette& c = look.colours();
  ImGui::PushFont(look.fonts.small);
  const auto right_aligned = [&](float right, std::string_view words) {
    text_at({right - text_size(words).x, at.y}, c.muted, words);
  };
  text_at({at.x + look.px(8), at.y}, c.muted, "In the order of calculation", columns.label_right - at.x - look.px(8));
  for (const double mark : marks) {
    const std::string words = short_text(mark);
    const float x = columns.bar_left + (columns.bar_right - columns.bar_left) * static_cast<float>(mark / total);
    const float width = text_size(words).x;
    const float left = std::clamp(x - width / 2, columns.bar_left, columns.bar_right - width);
    text_at({left, at.y}, c.muted, words);
  }
  right_aligned(columns.month_right, "USD a month");
  if (columns.requests) right_aligned(columns.request_right, "a request");
  if (columns.shares) right_aligned(columns.share_right, "share");
  ImGui::PopFont();
}

void draw_bar(const Look& look, const Columns& columns, const Line& line, float top, float height) {
  const Palette& c = look.colours();
  const float width = columns.bar_right - columns.bar_left;
  const float from = columns.bar_left + width * static_cast<float>(line.start);
  const float to = std::max(columns.bar_left + width * static_cast<float>(line.end), from + 1);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float inset = std::round(height * 0.26F);
  const ImU32 hue = line.item != nullptr ? look.hue(line.item->category) : c.sum;
  if (line.end > line.start) list->AddRectFilled({from, top + inset}, {to, top + height - inset}, hue);
  // The step down to the next line.
  if (line.item != nullptr) list->AddLine({to, top + height - inset}, {to, top + height + inset}, c.line_strong, 1.0F);
}

void draw_table(const App& app, const Bill& bill, View& view, Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  int zeros = 0;
  const std::vector<Line> lines = lines_of(bill, view.zero_lines, zeros);

  const ImVec2 begin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  Columns columns = columns_of(look, lines, begin, width);
  columns.bars = columns.bars && bill.per_month.has_value();
  const bool bars = columns.bars;
  const std::vector<double> marks = bars ? ticks(*bill.per_month) : std::vector<double>();

  draw_head(look, columns, begin, marks, bill.per_month.value_or(1));
  const float row_height = std::round(ImGui::GetTextLineHeight() * 1.65F);
  const float rows_top = begin.y + ImGui::GetTextLineHeight() + look.px(6);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float rows_bottom = rows_top + row_height * static_cast<float>(lines.size());
  for (const double mark : marks) {
    const float x =
        columns.bar_left + (columns.bar_right - columns.bar_left) * static_cast<float>(mark / *bill.per_month);
    list->AddLine({x, rows_top}, {x, rows_bottom}, c.line, 1.0F);
  }
  list->AddLine({begin.x, rows_top}, {begin.x + width, rows_top}, c.line_strong, 1.0F);

  float top = rows_top;
  for (const Line& line : lines) {
    const bool is_sum = line.item == nullptr;
    const bool selected = app.selection() == Selection{Selection::Kind::figure, std::string(line.id)};
    ImGui::SetCursorScreenPos({begin.x, top});
    ImGui::PushID(line.id.data(), line.id.data() + line.id.size());
    if (ImGui::InvisibleButton("line", {width, row_height})) select_figure(commands, line.id);
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (selected || hovered)
      list->AddRectFilled({begin.x, top}, {begin.x + width, top + row_height},
                          selected ? c.accent_soft : ImGui::GetColorU32(ImGuiCol_HeaderHovered));
    if (selected) list->AddRectFilled({begin.x, top}, {begin.x + look.px(3), top + row_height}, c.accent);
    if (is_sum) list->AddLine({begin.x, top}, {begin.x + width, top}, c.line_strong, 1.0F);
    if (bars) draw_bar(look, columns, line, top, row_height);

    ImGui::PushFont(is_sum ? look.fonts.bold : look.fonts.body);
    const float text_top = top + std::round((row_height - ImGui::GetTextLineHeight()) / 2);
    const float mark = look.px(10);
    if (!is_sum) {
      const float mark_top = top + std::round((row_height - mark) / 2);
      list->AddRectFilled({begin.x + look.px(8), mark_top}, {begin.x + look.px(8) + mark, mark_top + mark},
                          look.hue(line.item->category));
    }
    const float label_left = begin.x + look.px(is_sum ? 8 : 28);
    text_at({label_left, text_top}, c.ink, line.label, columns.label_right - label_left);
    columns.month.draw(columns.month_right, text_top, c.ink, line.month);
    if (columns.requests) columns.request.draw(columns.request_right, text_top, c.muted, line.request);
    if (columns.shares) columns.share.draw(columns.share_right, text_top, c.muted, line.share);
    ImGui::PopFont();
    top += row_height;
  }
  list->AddLine({begin.x, top}, {begin.x + width, top}, c.line_strong, 1.0F);
  ImGui::SetCursorScreenPos({begin.x, top + look.px(8)});
  ImGui::Dummy({1, 1});
  if (zeros > 0) {
    const std::string words = view.zero_lines ? "Hide the " + std::to_string(zeros) + " lines that are 0"
                                              : "Show " + std::to_string(zeros) + " more lines that are 0";
    if (link(look, "zeros", words)) view.zero_lines = !view.zero_lines;
    ImGui::SameLine(0, look.px(24));
  }
  if (link(look, "copy", "Copy as text")) ImGui::SetClipboardText(bill_as_text(app).c_str());
  tip(look, "The lines with tabs between the columns, for a spreadsheet or a mail.");
}

void draw_notices(const Bill& bill, const Look& look) {
  if (bill.notices.empty()) return;
  ImGui::Dummy({0, look.px(8)});
  heading(look, "To know");
  for (const Notice& notice : bill.notices) aside(look, notice.text, look.colours().warn);
}

// The figures in between, each of which can be explained.
void draw_figures(const App& app, const Bill& bill, const Look& look, Commands& commands) {
  ImGui::Dummy({0, look.px(8)});
  heading(look, "Figures on the way");
  const float width = ImGui::GetContentRegionAvail().x;
  for (const Figure& figure : bill.figures) {
    const std::string value = figure_text(figure.id, figure.value, figure.unit);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = std::round(ImGui::GetTextLineHeight() * 1.35F);
    ImGui::PushID(figure.id.data(), figure.id.data() + figure.id.size());
    const bool selected = app.selection() == Selection{Selection::Kind::figure, std::string(figure.id)};
    if (ImGui::InvisibleButton("figure", {width, height})) select_figure(commands, figure.id);
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (selected || hovered)
      list->AddRectFilled(at, {at.x + width, at.y + height},
                          selected ? look.colours().accent_soft : ImGui::GetColorU32(ImGuiCol_HeaderHovered));
    const float value_width = text_size(value).x;
    const float text_top = at.y + std::round((height - ImGui::GetTextLineHeight()) / 2);
    text_at({at.x + look.px(8), text_top}, look.colours().ink, figure.label, width - value_width - look.px(32));
    text_at({at.x + width - value_width - look.px(8), text_top}, look.colours().ink, value);
    ImGui::SetCursorScreenPos({at.x, at.y + height});
  }
  ImGui::Dummy({1, look.px(8)});
}
}  // namespace

void draw_bill(const App& app, View& view, Commands& commands) {
  const Bill* bill = app.bill();
  if (bill == nullptr || bill->items.empty()) {
    paragraph(
        "The lines of the bill appear here as soon as the scenario can be priced. Choose another model or a smaller "
        "prompt.",
        view.look.colours().muted);
    if (bill != nullptr) draw_notices(*bill, view.look);
    return;
  }
  draw_table(app, *bill, view, commands);
  draw_notices(*bill, view.look);
  draw_figures(app, *bill, view.look, commands);
}

}  // namespace tokenbill::desktop
