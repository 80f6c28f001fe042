// Name of the scenario, files, undo, look.

#include <algorithm>
#include <array>
#include <cstdio>

#include "../widgets.h"
#include "panels.h"

namespace tokenbill::desktop {

namespace {
std::string percent_of_scale(float scale) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.0f %%", static_cast<double>(scale) * 100);
  return text.data();
}

bool button(const Look& look, const char* label, std::string_view explained, bool enabled = true) {
  ImGui::BeginDisabled(!enabled);
  const bool pressed = ImGui::Button(label);
  ImGui::EndDisabled();
  tip(look, explained);
  return pressed;
}
}  // namespace

namespace {
void draw_open_scenarios(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const std::string count = std::to_string(app.active() + 1) + " of " + std::to_string(app.documents().size());
  const bool open = begin_choice(look, "##scenarios", count, look.px(84));
  if (!open) {
    tip(look, "Open scenarios (Ctrl+Page up, Ctrl+Page down)");
    return;
  }
  for (std::size_t i = 0; i < app.documents().size(); ++i) {
    const Document& document = app.documents()[i];
    const std::string month = i < app.months().size() ? usd_or_unknown(app.months()[i]) : "";
    const std::string words = document.title() + (document.is_modified() ? " *" : "") + "   " + month;
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::Selectable(words.c_str(), i == app.active())) commands.push_back([i](App& a) { a.show(i); });
    ImGui::PopID();
  }
  ImGui::Separator();
  if (ImGui::Selectable("New: a copy of this one (Ctrl+N)")) commands.push_back([](App& a) { a.duplicate(); });
  if (ImGui::Selectable("Close this one (Ctrl+W)")) commands.push_back([at = app.active()](App& a) { a.close(at); });
  if (app.can_reopen() && ImGui::Selectable("Reopen the one closed last (Ctrl+Shift+T)"))
    commands.push_back([](App& a) { a.reopen(); });
  if (!app.recent().empty()) {
    ImGui::Separator();
    for (const std::string& path : app.recent())
      if (ImGui::Selectable(path.c_str())) commands.push_back([path](App& a) { a.open(path); });
  }
  ImGui::EndCombo();
}
}  // namespace

void draw_top_bar(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  ImGui::PushFont(look.fonts.title);
  ImGui::AlignTextToFramePadding();
  text("Tokenbill");
  ImGui::PopFont();

  ImGui::SameLine(0, look.px(24));
  std::string name = app.scenario().name;
  // The buttons behind it always fit; the name takes what they leave.
  const ImGuiStyle& style = ImGui::GetStyle();
  float buttons = look.px(88 + 84 + 20 + 16) + 5 * style.ItemSpacing.x;
  for (const char* label : {"Open", "Save", "Undo", "Redo", "Find", "Light"})
    buttons += text_size(label).x + 2 * style.FramePadding.x;
  const float name_width = std::clamp(ImGui::GetContentRegionAvail().x - buttons, look.px(90), look.px(280));
  if (field("##name", name, name_width, "Name of the scenario"))
    commands.push_back([name](App& a) { a.set_name(name); });
  ImGui::SameLine();
  draw_open_scenarios(app, view, commands);
  ImGui::SameLine();
  if (button(look, "Open", "Open a scenario file (Ctrl+O), or drop one on the window")) view.ask_what_to_open();
  ImGui::SameLine();
  if (button(look, "Save", "Save the scenario as a file (Ctrl+S)")) view.ask_where_to_save(app);
  ImGui::SameLine(0, look.px(20));
  if (button(look, "Undo", "Ctrl+Z", app.can_undo())) commands.push_back([](App& a) { a.undo(); });
  ImGui::SameLine();
  if (button(look, "Redo", "Ctrl+Shift+Z", app.can_redo())) commands.push_back([](App& a) { a.redo(); });

  ImGui::SameLine();
  if (button(look, "Find", "Any input, figure, model or command (Ctrl+K)")) view.finder.open();

  const char* other = look.theme == Theme::light ? "Dark" : "Light";
  const float scale_width = look.px(88);
  const float theme_width = text_size("Light").x + 2 * style.FramePadding.x;
  const float right = ImGui::GetWindowWidth() - style.WindowPadding.x;
  ImGui::SameLine();
  ImGui::SetCursorPosX(std::max(ImGui::GetCursorPosX(), right - scale_width - theme_width - style.ItemSpacing.x));
  if (ImGui::Button(other, {theme_width, 0})) {
    view.look.theme = look.theme == Theme::light ? Theme::dark : Theme::light;
    view.look_is_new = true;
  }
  ImGui::SameLine();
  if (begin_choice(look, "##scale", percent_of_scale(look.scale), scale_width)) {
    for (const float scale : scales) {
      if (!ImGui::Selectable(percent_of_scale(scale).c_str(), scale == look.scale)) continue;
      view.look.scale = scale;
      view.look_is_new = true;
    }
    ImGui::EndCombo();
  }
  tip(look, "Size of everything (Ctrl+Plus, Ctrl+Minus)");
}

}  // namespace tokenbill::desktop
