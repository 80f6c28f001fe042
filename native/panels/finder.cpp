// Ctrl+K: finds any input, figure, tab, command, preset, open scenario or model by its words.

#include <algorithm>

#include "../actions.h"
#include "../widgets.h"
#include "panels.h"

namespace tokenbill::desktop {

namespace {
struct Find {
  std::string words;
  std::string kind;
  std::function<void(View& view, Commands& commands)> go;
};

// Everything whose words match, commands first; models last, since there are hundreds.
std::vector<Find> find_all(const App& app, const std::string& query) {
  constexpr std::size_t most = 60;
  std::vector<Find> found;
  const auto offer = [&](std::string_view words, std::string_view also, std::string kind, auto go) {
    if (found.size() < most && matches(query, lower(std::string(words) + " " + std::string(also) + " " + kind)))
      found.push_back({std::string(words), std::move(kind), go});
  };
  for (const Page& page : pages())
    if (page.tab != Tab::explain)
      offer(page.name, page.id, "tab", [tab = page.tab](View& view, Commands&) { view.tab = tab; });
  for (const Parameter& p : parameters())
    offer(p.label, p.id, "input", [&p](View& view, Commands&) {
      view.focus_input = p.id;
      view.open_group = p.group;
    });
  for (const Action& action : actions())
    if (action.id != "find")
      offer(action.name, action.id, action.keys.empty() ? "command" : "command, " + std::string(action.keys),
            [&app, &action](View& view, Commands& commands) { action.run(app, view, commands); });
  if (const Bill* bill = app.bill()) {
    for (const BillItem& item : bill->items)
      offer(item.label, item.id, "line of the bill",
            [id = std::string(item.id)](View&, Commands& commands) { select_figure(commands, id); });
    for (const Figure& figure : bill->figures)
      offer(figure.label, figure.id, "figure",
            [id = std::string(figure.id)](View&, Commands& commands) { select_figure(commands, id); });
  }
  for (std::size_t i = 0; i < app.documents().size(); ++i)
    if (i != app.active())
      offer(app.documents()[i].title(), "", "open scenario",
            [i](View&, Commands& commands) { commands.push_back([i](App& a) { a.show(i); }); });
  for (const Preset& preset : app.presets())
    offer(preset.name, preset.id, "preset",
          [id = preset.id](View&, Commands& commands) { commands.push_back([id](App& a) { a.use_preset(id); }); });
  if (!query.empty())
    for (const Model& model : app.catalog().models)
      offer(model.name, model.key, "model, " + model.key, [key = model.key](View&, Commands& commands) {
        commands.push_back([key](App& a) { a.choose_model(key); });
      });
  return found;
}
}  // namespace

void draw_finder(const App& app, View& view, Commands& commands) {
  Finder& finder = view.finder;
  if (!finder.is_open) return;
  const Look& look = view.look;
  if (finder.is_new) ImGui::OpenPopup("finder");
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({screen.x / 2, screen.y * 0.14F}, ImGuiCond_Always, {0.5F, 0});
  ImGui::SetNextWindowSize({std::min(look.px(560), screen.x - look.px(32)), std::min(look.px(420), screen.y * 0.75F)});
  if (!ImGui::BeginPopup("finder", ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove)) {
    finder.is_open = false;
    return;
  }
  if (finder.is_new) ImGui::SetKeyboardFocusHere();
  finder.is_new = false;
  if (search_field("##find", finder.query, -1, "Find an input, a figure, a model, a command")) finder.chosen = 0;
  const std::vector<Find> found = find_all(app, lower(finder.query));
  const int count = static_cast<int>(found.size());
  const int before = finder.chosen;
  if (key_pressed(ImGuiKey_DownArrow)) ++finder.chosen;
  if (key_pressed(ImGuiKey_UpArrow)) --finder.chosen;
  finder.chosen = std::clamp(finder.chosen, 0, std::max(0, count - 1));
  // The list is walked with the keys while the field keeps the focus.
  ImGui::BeginChild("found", {0, 0}, false, ImGuiWindowFlags_NoNavInputs);
  std::optional<int> taken;
  for (int i = 0; i < count; ++i) {
    const Find& one = found[static_cast<std::size_t>(i)];
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::PushID(i);
    if (ImGui::Selectable("##find", i == finder.chosen, 0, {0, ImGui::GetTextLineHeight() + look.px(6)})) taken = i;
    ImGui::PopID();
    if (i == finder.chosen && before != i) ImGui::SetScrollHereY();
    const float kind_width = std::min(text_size(one.kind).x, width * 0.5F);
    const float top = at.y + look.px(3);
    text_at({at.x + look.px(6), top}, look.colours().ink, one.words, width - kind_width - look.px(24));
    text_at({at.x + width - kind_width - look.px(6), top}, look.colours().muted, one.kind, kind_width + 1);
  }
  if (found.empty()) text("Nothing of this name. Try an input, a figure, a model or a command.", look.colours().muted);
  ImGui::EndChild();
  if (finder.confirmed && count > 0) taken = finder.chosen;
  finder.confirmed = false;
  if (taken) {
    finder.is_open = false;
    ImGui::CloseCurrentPopup();
  }
  ImGui::EndPopup();
  if (taken) found[static_cast<std::size_t>(*taken)].go(view, commands);
}

}  // namespace tokenbill::desktop
