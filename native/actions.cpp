#include "actions.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "copies.h"
#include "panels/panels.h"

namespace tokenbill::desktop {

namespace {
void change_scale(View& view, int direction) {
  const auto at = std::min_element(scales.begin(), scales.end(), [&](float a, float b) {
    return std::abs(a - view.look.scale) < std::abs(b - view.look.scale);
  });
  const auto next =
      std::clamp<std::ptrdiff_t>(at - scales.begin() + direction, 0, static_cast<std::ptrdiff_t>(scales.size()) - 1);
  view.look_is_new = view.look_is_new || scales[static_cast<std::size_t>(next)] != view.look.scale;
  view.look.scale = scales[static_cast<std::size_t>(next)];
}

void save(const App& app, View& view, Commands& commands) {
  if (app.path().empty())
    view.ask_where_to_save(app);
  else
    commands.push_back([](App& a) { a.save(a.path()); });
}

// Of the next or the one before, around the ends.
void show_other(const App& app, Commands& commands, std::size_t step) {
  const std::size_t next = (app.active() + step) % app.documents().size();
  commands.push_back([next](App& a) { a.show(next); });
}

void copy(const std::string& text, const char* what, Commands& commands) {
  ImGui::SetClipboardText(text.c_str());
  commands.push_back([told = std::string(what) + " is in the clipboard."](App& a) { a.tell(told); });
}

std::string file_name(const App& app, std::string_view ending) {
  std::string name;
  for (const char c : app.document().title()) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter)
      name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (name.ends_with('-')) name.pop_back();
  return (name.empty() ? std::string("scenario") : name) + std::string(ending);
}

constexpr bool control = true, shift = true;

constexpr Action all[] = {
    {"find",
     "Find an input, a figure or a command",
     "Ctrl+K",
     {'k', control},
     [](const App&, View& view, Commands&) { view.finder.open(); }},
    {"open",
     "Open a scenario or a price file",
     "Ctrl+O",
     {'o', control},
     [](const App&, View& view, Commands&) { view.ask_what_to_open(); }},
    {"save", "Save the scenario", "Ctrl+S", {'s', control}, save},
    {"save-as",
     "Save the scenario under another name",
     "Ctrl+Shift+S",
     {'s', control, shift},
     [](const App& app, View& view, Commands&) { view.ask_where_to_save(app); }},
    {"duplicate",
     "New scenario: a copy of this one",
     "Ctrl+N",
     {'n', control},
     [](const App&, View&, Commands& commands) { commands.push_back([](App& a) { a.duplicate(); }); }},
    {"close",
     "Close the scenario",
     "Ctrl+W",
     {'w', control},
     [](const App& app, View&, Commands& commands) {
       commands.push_back([at = app.active()](App& a) { a.close(at); });
     }},
    {"reopen",
     "Reopen the scenario that was closed last",
     "Ctrl+Shift+T",
     {'t', control, shift},
     [](const App&, View&, Commands& commands) { commands.push_back([](App& a) { a.reopen(); }); }},
    {"next",
     "Show the next scenario",
     "Ctrl+Page down",
     {key_page_down, control},
     [](const App& app, View&, Commands& commands) { show_other(app, commands, 1); }},
    {"previous",
     "Show the scenario before",
     "Ctrl+Page up",
     {key_page_up, control},
     [](const App& app, View&, Commands& commands) { show_other(app, commands, app.documents().size() - 1); }},
    {"undo",
     "Undo",
     "Ctrl+Z",
     {'z', control},
     [](const App&, View&, Commands& commands) { commands.push_back([](App& a) { a.undo(); }); }},
    {"redo",
     "Redo",
     "Ctrl+Shift+Z",
     {'z', control, shift},
     [](const App&, View&, Commands& commands) { commands.push_back([](App& a) { a.redo(); }); }},
    {"models",
     "Search models and sellers",
     "Ctrl+F",
     {'f', control},
     [](const App&, View& view, Commands&) {
       view.tab = Tab::models;
       view.models.focus_search = true;
     }},
    {"copy-text",
     "Copy the bill as text",
     "",
     {},
     [](const App& app, View&, Commands& commands) { copy(bill_as_text(app), "The bill", commands); }},
    {"copy-markdown",
     "Copy the bill as Markdown",
     "",
     {},
     [](const App& app, View&, Commands& commands) { copy(bill_as_markdown(app), "The bill as Markdown", commands); }},
    {"copy-link",
     "Copy a link to the page with this scenario",
     "",
     {},
     [](const App& app, View& view, Commands& commands) {
       copy(link_to_page(app, view.page), "A link to the page", commands);
     }},
    {"export-bill",
     "Export the bill as CSV",
     "",
     {},
     [](const App& app, View& view, Commands&) {
       view.ask_where("Export the bill as CSV", file_name(app, "-bill.csv"),
                      [](App& a, const std::string& path) { a.write(path, bill_as_csv(a)); });
     }},
    {"export-models",
     "Export the comparison of models as CSV",
     "",
     {},
     [](const App& app, View& view, Commands&) {
       view.ask_where("Export the comparison of models as CSV", file_name(app, "-models.csv"),
                      [](App& a, const std::string& path) { a.write(path, models_as_csv(a)); });
     }},
    {"export-picture",
     "Export a picture of the window",
     "",
     {},
     [](const App& app, View& view, Commands&) {
       view.ask_where("Export a picture of the window", file_name(app, ".png"),
                      [&view](App&, const std::string& path) { view.picture = path; });
     }},
    {"theme",
     "Light or dark",
     "",
     {},
     [](const App&, View& view, Commands&) {
       view.look.theme = view.look.theme == Theme::light ? Theme::dark : Theme::light;
       view.look_is_new = true;
     }},
    {"larger",
     "Everything larger",
     "Ctrl+Plus",
     {'+', control},
     [](const App&, View& view, Commands&) { change_scale(view, 1); }},
    {"smaller",
     "Everything smaller",
     "Ctrl+Minus",
     {'-', control},
     [](const App&, View& view, Commands&) { change_scale(view, -1); }},
};
}  // namespace

std::span<const Action> actions() { return all; }

}  // namespace tokenbill::desktop
