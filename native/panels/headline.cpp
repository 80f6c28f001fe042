// The number first: the month's cost, what else it is, what dominates it; the tabs below.

#include <algorithm>
#include <cmath>

#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
void draw_other_totals(const Bill& bill, const Look& look, Commands& commands) {
  struct Total {
    const std::optional<double>& value;
    const char* words;
    const char* id;
  };
  const Total totals[] = {{bill.per_request, "a request", "total_per_request"},
                          {bill.per_conversation, "a conversation", "total_per_conversation"},
                          {bill.per_day, "a day", "total_per_day"},
                          {bill.per_year, "a year", "total_per_year"}};
  for (const Total& total : totals) {
    const std::string value = usd_or_unknown(total.value);
    ImGui::PushFont(look.fonts.bold);
    const float value_width = text_size(value).x;
    ImGui::PopFont();
    if (&total != totals) beside_if_it_fits(look, 24, value_width + look.px(6) + text_size(total.words).x);
    ImGui::PushFont(look.fonts.bold);
    if (door(look, total.id, value)) select_figure(commands, total.id);
    ImGui::PopFont();
    ImGui::SameLine(0, look.px(6));
    text(total.words, look.colours().muted);
  }
}

// How far the month may be off: low and high of nine draws in ten, and where the bill lies between them.
void draw_range(const App& app, View& view, ImVec2 at, float width, float height) {
  const Answer<Ranges>& answer = app.questions().ranges(RangeSpec{});
  if (!answer.value || !answer.value->ok()) return;
  const Ranges& ranges = **answer.value;
  const Outcome& outcome = ranges.outcome;
  if (outcome.count == 0 || ranges.drivers.empty() || !ranges.point || !(outcome.high() > outcome.low())) return;
  const Look& look = view.look;
  const Palette& c = look.colours();
  const std::string low = "low " + usd_text(outcome.low()), high = "high " + usd_text(outcome.high());
  const float track = look.px(110), gap = look.px(10);
  const float needed = text_size(low).x + track + text_size(high).x + 2 * gap;
  if (needed > width) return;
  const float left = at.x + width - needed;
  const float top = at.y + (height - ImGui::GetTextLineHeight()) * 0.6F;
  const float from = left + text_size(low).x + gap, y = top + ImGui::GetTextLineHeight() / 2;
  text_at({left, top}, c.muted, low);
  text_at({from + track + gap, top}, c.muted, high);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({from, y}, {from + track, y}, c.line_strong, look.px(2));
  // The scale is logarithmic, as amounts that are multiplied together spread.
  const double share = outcome.low() > 0
                           ? std::log(*ranges.point / outcome.low()) / std::log(outcome.high() / outcome.low())
                           : (*ranges.point - outcome.low()) / (outcome.high() - outcome.low());
  list->AddCircleFilled({from + track * static_cast<float>(std::clamp(share, 0.0, 1.0)), y}, look.px(5), c.accent, 20);
  ImGui::SetCursorScreenPos({left, top});
  if (ImGui::InvisibleButton("range", {needed, ImGui::GetTextLineHeight()})) view.tab = Tab::ranges;
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  tip(look, "Nine of ten draws of the inputs' ranges lie between these. The tab Ranges tells what that is due to.");
}

// One bar of the whole month in the hues of the bill, and the four largest lines.
void draw_composition(const Bill& bill, const Look& look, Commands& commands) {
  std::vector<const BillItem*> items;
  for (const BillItem& item : bill.items)
    if (item.share.value_or(0) > 0) items.push_back(&item);
  if (items.empty()) return;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = look.px(10);
  double start = 0;
  for (const BillItem* item : items) {
    const float from = at.x + width * static_cast<float>(start);
    start += *item->share;
    const float to = at.x + width * static_cast<float>(std::min(start, 1.0));
    ImGui::GetWindowDrawList()->AddRectFilled({from, at.y}, {to, at.y + height}, look.hue(item->category));
  }
  ImGui::Dummy({width, height + look.px(2)});
  std::stable_sort(items.begin(), items.end(),
                   [](const BillItem* a, const BillItem* b) { return *a->share > *b->share; });
  if (items.size() > 4) items.resize(4);
  ImGui::PushFont(look.fonts.small);
  for (const BillItem* item : items) {
    const std::string words = std::string(item->label) + "  " + percent_text(*item->share);
    const float needed = look.px(16) + text_size(words).x;
    if (item != items.front()) beside_if_it_fits(look, 20, needed);
    const ImVec2 mark = ImGui::GetCursorScreenPos();
    const float top = mark.y + (ImGui::GetTextLineHeight() - look.px(10)) / 2;
    ImGui::GetWindowDrawList()->AddRectFilled({mark.x, top}, {mark.x + look.px(10), top + look.px(10)},
                                              look.hue(item->category));
    ImGui::Dummy({look.px(10), 1});
    ImGui::SameLine(0, look.px(6));
    ImGui::PushID("composition");
    if (door(look, std::string(item->id).c_str(), words)) select_figure(commands, item->id);
    ImGui::PopID();
  }
  ImGui::PopFont();
}
}  // namespace

void draw_headline(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  const Bill* bill = app.bill();
  const std::string& name = app.scenario().name;
  // In a low window the bill needs the room: of the number there stay the amount and why there is none.
  const bool slim = ImGui::GetWindowHeight() < look.px(560);
  text((name.empty() ? std::string("Your feature") : name) + " on " +
           (bill != nullptr ? bill->model->name : app.scenario().model),
       c.muted);

  const bool priced = bill != nullptr && bill->per_month.has_value();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(slim ? look.fonts.title : look.fonts.big);
  const std::string month = priced ? usd_text(*bill->per_month) : std::string(unknown_word);
  const float big_height = ImGui::GetTextLineHeight();
  if (door(look, "total", month)) select_figure(commands, "total");
  const float big_right = ImGui::GetItemRectMax().x;
  ImGui::PopFont();
  ImGui::PushFont(slim ? look.fonts.body : look.fonts.title);
  // On the same base line as the big number.
  text_at({big_right + look.px(12), at.y + (big_height - ImGui::GetTextLineHeight()) * 0.83F}, c.muted, "USD a month");
  const float unit_right = big_right + look.px(12) + text_size("USD a month").x;
  ImGui::PopFont();
  const ImVec2 below = ImGui::GetCursorScreenPos();
  const float room = at.x + ImGui::GetContentRegionAvail().x - unit_right - look.px(24);
  if (priced && !slim) draw_range(app, view, {unit_right + look.px(24), at.y}, room, big_height);
  ImGui::SetCursorScreenPos(below);

  if (priced && !slim) draw_other_totals(*bill, look, commands);
  const Error* problem = app.failure() != nullptr           ? app.failure()
                         : bill != nullptr && bill->problem ? &*bill->problem
                                                            : nullptr;
  if (problem != nullptr) {
    ImGui::PushFont(look.fonts.bold);
    paragraph(sentence(problem->message), c.error);
    ImGui::PopFont();
    if (!problem->hint.empty()) paragraph(problem->hint);
  }
  if (slim || bill == nullptr) return;
  if (!bill->sentence.empty()) paragraph(bill->sentence, c.muted);
  draw_composition(*bill, look, commands);
}

}  // namespace tokenbill::desktop
