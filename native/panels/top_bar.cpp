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
  float buttons = look.px(88 + 20 + 16) + 3 * style.ItemSpacing.x;
  for (const char* label : {"Open", "Save", "Undo", "Redo", "Light"})
    buttons += text_size(label).x + 2 * style.FramePadding.x;
  const float name_width = std::clamp(ImGui::GetContentRegionAvail().x - buttons, look.px(90), look.px(280));
  if (field("##name", name, name_width, "Name of the scenario"))
    commands.push_back([name](App& a) { a.set_name(name); });
  ImGui::SameLine();
  if (button(look, "Open", "Open a scenario file (Ctrl+O), or drop one on the window")) view.ask_what_to_open();
  ImGui::SameLine();
  if (button(look, "Save", "Save the scenario as a file (Ctrl+S)")) view.ask_where_to_save(app);
  ImGui::SameLine(0, look.px(20));
  if (button(look, "Undo", "Ctrl+Z", app.can_undo())) commands.push_back([](App& a) { a.undo(); });
  ImGui::SameLine();
  if (button(look, "Redo", "Ctrl+Shift+Z", app.can_redo())) commands.push_back([](App& a) { a.redo(); });

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
