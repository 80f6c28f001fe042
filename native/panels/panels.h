#pragma once
// The panels: each draws what the application knows into the current child window, and asks for changes by commands.

#include <span>

#include "../app.h"
#include "../view.h"
#include "../widgets.h"

namespace tokenbill::desktop {

/// A tab of the centre.
struct Page {
  Tab tab;
  const char* id;
  const char* name;
  void (*draw)(const App& app, View& view, Commands& commands);
};
/// In the order in which they stand; the words are those of the web page.
[[nodiscard]] std::span<const Page> pages();

void draw_top_bar(const App& app, View& view, Commands& commands);
void draw_form(const App& app, View& view, Commands& commands);
void draw_headline(const App& app, View& view, Commands& commands);
void draw_bill(const App& app, View& view, Commands& commands);
void draw_models(const App& app, View& view, Commands& commands);
void draw_conversation(const App& app, View& view, Commands& commands);
void draw_savings(const App& app, View& view, Commands& commands);
void draw_own(const App& app, View& view, Commands& commands);
void draw_claims(const App& app, View& view, Commands& commands);
void draw_prices(const App& app, View& view, Commands& commands);
void draw_budget(const App& app, View& view, Commands& commands);
void draw_scenarios(const App& app, View& view, Commands& commands);
void draw_finder(const App& app, View& view, Commands& commands);
void draw_ranges(const App& app, View& view, Commands& commands);
void draw_sweep(const App& app, View& view, Commands& commands);
void draw_explain(const App& app, View& view, Commands& commands);
void draw_status(const App& app, View& view, Commands& commands);
void draw_dialogs(const App& app, View& view, Commands& commands);

/// The line of the bill, figure or input that the explain panel shows next.
inline void select_figure(Commands& commands, std::string_view id) {
  commands.push_back([id = std::string(id)](App& app) { app.select({Selection::Kind::figure, id}); });
}
/// The same of own capacity, as SelfHost::explain names it.
inline void select_own(Commands& commands, std::string_view id) {
  commands.push_back([id = std::string(id)](App& app) { app.select({Selection::Kind::own, id}); });
}
inline void select_model(Commands& commands, std::string_view key) {
  commands.push_back([key = std::string(key)](App& app) { app.select({Selection::Kind::model, key}); });
}

/// What there is of an answer. Where there is nothing yet, a line says so; where there can be none, why.
template <class T>
[[nodiscard]] const T* value_of(const Answer<T>& answer, const Look& look) {
  if (!answer.value) {
    text("Working it out …", look.colours().muted);
    return nullptr;
  }
  if (*answer.value) return &**answer.value;
  error_text(look, answer.value->error());
  return nullptr;
}

}  // namespace tokenbill::desktop
