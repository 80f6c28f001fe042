// The scenarios that are open, side by side: what each costs, against the one that is shown.

#include <algorithm>
#include <cmath>

#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
// Which model, and which inputs are not as in the scenario that is shown.
std::string differences(const App& app, const Document& document) {
  std::vector<std::string> words;
  const Scenario& one = document.scenario;
  const Scenario& shown = app.scenario();
  for (const Parameter& p : parameters()) {
    const std::size_t index = parameter_index(p.id);
    if (p.kind == ParameterKind::reference) {
      if (one.reference(p.id) != shown.reference(p.id))
        words.push_back(std::string(p.label) + " " + std::string(one.reference(p.id)));
      continue;
    }
    if (one.value(p.id) == shown.value(p.id)) continue;
    const std::optional<double> value = one.value(p.id);
    words.push_back(std::string(p.label) + " " + (value ? figure_text(p.id, *value, p.unit) : "not given") +
                    (one.ranges.contains(index) ? " (a range)" : ""));
  }
  std::string text;
  constexpr std::size_t most = 6;
  for (std::size_t i = 0; i < std::min(most, words.size()); ++i) text += (i > 0 ? ", " : "") + words[i];
  if (words.size() > most) text += ", and " + std::to_string(words.size() - most) + " more";
  return text;
}
}  // namespace

void draw_scenarios(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  double most = 0;
  Column months;
  for (const std::optional<double>& month : app.months()) {
    most = std::max(most, month.value_or(0));
    months.measure(usd_or_unknown(month));
  }
  if (app.months().size() != app.documents().size()) return;  // they are not calculated yet
  const double shown_month = app.months()[app.active()].value_or(0);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < app.documents().size(); ++i) {
    const Document& document = app.documents()[i];
    const bool shown = i == app.active();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float line = std::round(ImGui::GetTextLineHeight() * 1.3F);
    const float height = 3 * line + look.px(10);
    ImGui::PushID(static_cast<int>(i));
    const float close_width = text_size("Close").x + look.px(16);
    if (ImGui::InvisibleButton("show", {std::max(1.0F, width - close_width), height}))
      commands.push_back([i](App& a) { a.show(i); });
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (hovered || shown)
      list->AddRectFilled(at, {at.x + width, at.y + height},
                          shown ? c.accent_soft : ImGui::GetColorU32(ImGuiCol_HeaderHovered));
    if (shown) list->AddRectFilled(at, {at.x + look.px(3), at.y + height}, c.accent);
    const std::optional<double>& month = app.months()[i];
    const float right = at.x + width - close_width - look.px(8);
    const float text_left = at.x + look.px(12);
    ImGui::PushFont(look.fonts.bold);
    months.draw(right, at.y + look.px(4), c.ink, usd_or_unknown(month));
    text_at({text_left, at.y + look.px(4)}, c.ink, document.title(), right - months.width() - text_left - look.px(16));
    ImGui::PopFont();
    const float second = at.y + look.px(4) + line;
    std::string against = shown ? "shown" : "";
    if (!shown && month && shown_month > 0) against = ratio_text(*month / shown_month);
    const float against_width = text_size(against).x;
    text_at({right - against_width, second}, c.muted, against);
    const std::string file = document.scenario.model + "  ·  " +
                             (document.path.empty() ? std::string("not saved as a file") : document.path) +
                             (document.is_modified() ? ", changed" : "");
    text_at({text_left, second}, c.muted, file, right - against_width - text_left - look.px(16));
    if (!shown) {
      ImGui::PushFont(look.fonts.small);
      const std::string words = differences(app, document);
      text_at({text_left, second + line}, c.muted, words.empty() ? "the same inputs" : words, right - text_left);
      ImGui::PopFont();
    } else {
      const float bar = look.px(8);
      const float share = most > 0 ? static_cast<float>(month.value_or(0) / most) : 0;
      list->AddRectFilled({text_left, second + line + bar / 2},
                          {text_left + (right - text_left) * share, second + line + bar * 1.5F}, c.accent);
    }
    if (!shown && month && most > 0) {
      const float y = at.y + height - look.px(5);
      list->AddRectFilled({text_left, y},
                          {text_left + (right - text_left) * static_cast<float>(*month / most), y + look.px(3)}, c.sum);
    }
    ImGui::SetCursorScreenPos({at.x + width - close_width, at.y + look.px(4)});
    if (link(look, "close", "Close")) commands.push_back([i](App& a) { a.close(i); });
    ImGui::SetCursorScreenPos({at.x, at.y + height + look.px(4)});
    ImGui::Dummy({1, 1});
    ImGui::PopID();
  }
  ImGui::Dummy({1, look.px(4)});
  if (link(look, "duplicate", "New: a copy of the one that is shown"))
    commands.push_back([](App& a) { a.duplicate(); });
  if (app.can_reopen()) {
    ImGui::SameLine(0, look.px(24));
    if (link(look, "reopen", "Reopen the one closed last")) commands.push_back([](App& a) { a.reopen(); });
  }
  if (!app.recent().empty()) {
    ImGui::Dummy({1, look.px(8)});
    heading(look, "Recent files");
    for (const std::string& path : app.recent()) {
      ImGui::PushID(path.c_str());
      if (link(look, "recent", path)) commands.push_back([path](App& a) { a.open(path); });
      ImGui::PopID();
    }
  }
}

}  // namespace tokenbill::desktop
