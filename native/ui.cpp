#include "ui.h"

#include <algorithm>

#include "actions.h"
#include "panels/panels.h"
#include "widgets.h"

namespace tokenbill::desktop {

namespace {
// Least widths of the panels, in lengths of the design.
constexpr float form_least = 280;
constexpr float centre_least = 420;
constexpr float explain_least = 240;
constexpr float tab_gap = 20;

using Panel = void (*)(const App&, View&, Commands&);

struct Area {
  ImVec2 from;
  ImVec2 to;
};

void draw_panel(const char* id, Area area, Panel panel, const App& app, View& view, Commands& commands,
                ImGuiWindowFlags flags = 0) {
  ImGui::SetCursorScreenPos(area.from);
  // "With border" is what gives a child window its padding; the border itself is not to be seen.
  ImGui::PushStyleColor(ImGuiCol_Border, 0U);
  ImGui::BeginChild(id, {area.to.x - area.from.x, area.to.y - area.from.y}, true, flags);
  ImGui::PopStyleColor();
  panel(app, view, commands);
  ImGui::EndChild();
}

// A tab is a word with a line below it.
void draw_tab(const Look& look, const Page& page, View& view) {
  const char* name = page.name;
  const bool active = view.tab == page.tab;
  ImGui::PushFont(active ? look.fonts.bold : look.fonts.body);
  const ImVec2 size = text_size(name);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = size.y + look.px(12);
  if (ImGui::InvisibleButton(name, {size.x, height})) view.tab = page.tab;
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  const Palette& c = look.colours();
  text_at({at.x, at.y + look.px(4)}, active ? c.ink : hovered ? c.accent : c.muted, name);
  if (active)
    ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + height - look.px(3)}, {at.x + size.x, at.y + height},
                                              c.accent);
  ImGui::PopFont();
}

// The number stays in view while the tabs below it scroll.
void draw_centre(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  draw_headline(app, view, commands);
  ImGui::Dummy({1, look.px(2)});
  const std::span<const Page> all = pages();
  const auto shown = std::find_if(all.begin(), all.end(), [&](const Page& page) { return page.tab == view.tab; });
  const auto is_there = [&](const Page& page) { return page.tab != Tab::explain || view.narrow; };
  float needed = 0;
  for (const Page& page : all)
    if (is_there(page)) needed += text_size(page.name).x + look.px(tab_gap);
  // In two lines at most; where that is too few they become a list.
  if (needed > 1.8F * ImGui::GetContentRegionAvail().x) {
    if (begin_choice(look, "##tabs", shown->name, ImGui::GetContentRegionAvail().x)) {
      for (const Page& page : all)
        if (is_there(page) && ImGui::Selectable(page.name, page.tab == view.tab)) view.tab = page.tab;
      ImGui::EndCombo();
    }
  } else {
    bool first = true;
    for (const Page& page : all) {
      if (!is_there(page)) continue;
      ImGui::PushFont(view.tab == page.tab ? look.fonts.bold : look.fonts.body);
      const float width = text_size(page.name).x;
      ImGui::PopFont();
      if (!first) beside_if_it_fits(look, tab_gap, width);
      first = false;
      draw_tab(look, page, view);
    }
  }
  const ImVec2 line = ImGui::GetCursorScreenPos();
  const float y = line.y - ImGui::GetStyle().ItemSpacing.y;
  ImGui::GetWindowDrawList()->AddLine({line.x, y}, {line.x + ImGui::GetContentRegionAvail().x, y}, look.colours().line,
                                      1.0F);
  ImGui::Dummy({1, look.px(2)});
  ImGui::BeginChild(shown->id, {0, 0}, false);
  shown->draw(app, view, commands);
  ImGui::EndChild();
}

void take_strokes(const App& app, View& view, const std::vector<Stroke>& strokes, Commands& commands) {
  for (const Stroke& stroke : strokes) {
    const bool escape = stroke.key == '\x1b', enter = stroke.key == '\r';
    if (view.finder.is_open) {
      if (escape) view.finder.is_open = false;
      if (enter) view.finder.confirmed = true;
      continue;
    }
    if (view.dialog.kind != Dialog::none) {
      if (escape) view.dialog.kind = Dialog::none;
      if (enter) view.dialog.confirmed = true;
      continue;
    }
    if (escape && app.problem() != nullptr) commands.push_back([](App& a) { a.dismiss_problem(); });
    Stroke meant = stroke;
    if (meant.key == '=') meant.key = '+';  // where plus needs the shift key
    if (meant.key == '+') meant.shift = false;
    if (meant.control && meant.key == 'y') meant = {'z', true, true};
    for (const Action& action : actions()) {
      if (action.stroke.key == 0 || action.stroke.key != meant.key || action.stroke.control != meant.control ||
          action.stroke.shift != meant.shift)
        continue;
      // While a text is edited, undo belongs to the text.
      if (meant.key == 'z' && ImGui::GetIO().WantTextInput) continue;
      action.run(app, view, commands);
    }
  }
}
}  // namespace

std::span<const Page> pages() {
  static constexpr Page all[] = {
      {Tab::bill, "bill", "The bill", draw_bill},
      {Tab::models, "models", "Models", draw_models},
      {Tab::conversation, "conversation", "Conversation", draw_conversation},
      {Tab::savings, "savings", "Savings", draw_savings},
      {Tab::own, "own", "Own GPUs", draw_own},
      {Tab::ranges, "ranges", "Ranges", draw_ranges},
      {Tab::budget, "budget", "Budget", draw_budget},
      {Tab::scenarios, "scenarios", "Scenarios", draw_scenarios},
      {Tab::sweep, "sweep", "What if", draw_sweep},
      {Tab::claims, "claims", "Claims", draw_claims},
      {Tab::prices, "prices", "Prices", draw_prices},
      {Tab::explain, "explain", "Explained", draw_explain},
  };
  return all;
}

bool draw_frame(App& app, View& view, const Happened& happened) {
  Commands commands;
  const std::string opened = view.open_group;
  const std::string_view focused = view.focus_input;
  for (const std::string& path : happened.dropped_files) commands.push_back([path](App& a) { a.open(path); });
  take_strokes(app, view, happened.strokes, commands);
  app.update();

  const Look& look = view.look;
  const Palette& c = look.colours();
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(screen);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::Begin("tokenbill", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar(2);

  const float top = look.px(52);
  const float bottom = screen.y - look.px(32);
  // The panels at the sides give way so that the centre keeps a readable width.
  const float wide = screen.x / look.scale;
  view.narrow = wide < form_least + centre_least + explain_least;
  if (!view.narrow && view.tab == Tab::explain) view.tab = Tab::bill;
  if (view.seen_selection != app.selection()) {
    if (view.narrow) view.tab = Tab::explain;
    view.seen_selection = app.selection();
  }
  const float form_most = std::max(form_least, wide - centre_least - (view.narrow ? 0 : explain_least));
  view.form_width = std::clamp(view.form_width, form_least, form_most);
  const float explain_most = std::max(explain_least, wide - view.form_width - centre_least);
  view.explain_width = std::clamp(view.explain_width, explain_least, explain_most);
  const float left_edge = look.px(view.form_width);
  const float right_edge = view.narrow ? screen.x : screen.x - look.px(view.explain_width);

  ImGuiConfigFlags& config = ImGui::GetIO().ConfigFlags;
  config = view.walking ? config & ~ImGuiConfigFlags_NavEnableKeyboard : config | ImGuiConfigFlags_NavEnableKeyboard;
  if (view.tab != Tab::sweep) view.walking = false;

  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({0, 0}, {screen.x, top}, c.surface);
  list->AddRectFilled({0, bottom}, screen, c.surface);
  list->AddLine({0, top}, {screen.x, top}, c.line, 1.0F);
  list->AddLine({0, bottom}, {screen.x, bottom}, c.line, 1.0F);

  constexpr ImGuiWindowFlags still = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  const float gap = look.px(4);
  draw_panel("top", {{0, 0}, {screen.x, top}}, draw_top_bar, app, view, commands, still);
  draw_panel("form", {{0, top + 1}, {left_edge - gap, bottom}}, draw_form, app, view, commands);
  draw_panel("centre", {{left_edge + gap, top + 1}, {right_edge - gap, bottom}}, draw_centre, app, view, commands,
             still);
  splitter(look, "left", {left_edge, top + 1}, bottom - top - 1, view.form_width, 1, form_least, form_most);
  if (!view.narrow) {
    draw_panel("explain", {{right_edge + gap, top + 1}, {screen.x, bottom}}, draw_explain, app, view, commands);
    splitter(look, "right", {right_edge, top + 1}, bottom - top - 1, view.explain_width, -1, explain_least,
             explain_most);
  }
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {look.px(16), look.px(7)});
  draw_panel("status", {{0, bottom + 1}, screen}, draw_status, app, view, commands, still);
  ImGui::PopStyleVar();
  ImGui::End();
  draw_dialogs(app, view, commands);
  draw_finder(app, view, commands);
  // The form stands before what asks for a group or an input of it: theirs opens in the next frame.
  if (view.open_group == opened) view.open_group.clear();
  if (view.focus_input == focused) view.focus_input = {};

  for (const auto& command : commands) command(app);
  return !commands.empty() || !view.open_group.empty() || !view.focus_input.empty();
}

}  // namespace tokenbill::desktop
