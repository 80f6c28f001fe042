// Opening and saving by path, and what went wrong with a file.

#include "../files.h"
#include "../widgets.h"
#include "panels.h"

namespace tokenbill::desktop {

namespace {
void draw_file_dialog(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const bool saving = view.dialog == Dialog::save;
  const char* title = saving ? "Save the scenario" : "Open a scenario";
  if (view.dialog_is_new) {
    ImGui::OpenPopup("file");
    view.dialog_path = app.path();
    if (saving && view.dialog_path.empty()) view.dialog_path = "scenario.json";
  }
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({screen.x / 2, screen.y * 0.3F}, ImGuiCond_Always, {0.5F, 0});
  ImGui::SetNextWindowSize({std::min(look.px(560), screen.x - look.px(32)), 0});
  if (!ImGui::BeginPopupModal("file", nullptr,
                              ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove)) {
    view.dialog = Dialog::none;
    return;
  }
  ImGui::PushFont(look.fonts.title);
  text(title);
  ImGui::PopFont();
  if (view.dialog_is_new) ImGui::SetKeyboardFocusHere();
  view.dialog_is_new = false;
  (void)search_field("##path", view.dialog_path, -1, "Path of the file, such as /home/me/chatbot.json");
  // A relative path is easily read as another folder than it is.
  if (!saving) paragraph("A scenario is a JSON file. One can also be dropped on the window.", look.colours().muted);
  const bool replaces =
      saving && view.dialog_path != app.path() && !view.dialog_path.empty() && file_exists(view.dialog_path);
  if (replaces) paragraph("This file exists. Saving replaces it.", look.colours().warn);
  ImGui::Dummy({1, look.px(4)});
  ImGui::BeginDisabled(view.dialog_path.empty());
  const bool pressed = ImGui::Button(replaces ? "Replace" : saving ? "Save" : "Open");
  ImGui::EndDisabled();
  ImGui::SameLine();
  const bool cancelled = ImGui::Button("Cancel");
  if ((pressed || (view.dialog_confirmed && !replaces)) && !view.dialog_path.empty()) {
    commands.push_back([path = view.dialog_path, saving](App& a) { saving ? a.save(path) : a.open(path); });
    view.dialog = Dialog::none;
  }
  if (cancelled) view.dialog = Dialog::none;
  if (view.dialog == Dialog::none) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

void draw_problem(const Error& problem, const Look& look, Commands& commands) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({screen.x / 2, look.px(64)}, ImGuiCond_Always, {0.5F, 0});
  ImGui::SetNextWindowSize({std::min(look.px(640), screen.x - look.px(32)), 0});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, look.colours().warn_soft);
  ImGui::PushStyleColor(ImGuiCol_Border, look.colours().warn);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::Begin("problem", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoFocusOnAppearing);
  ImGui::PushFont(look.fonts.bold);
  paragraph(sentence(problem.message));
  ImGui::PopFont();
  paragraph(problem.where, look.colours().muted);
  if (!problem.hint.empty()) paragraph(problem.hint);
  if (ImGui::Button("Close")) commands.push_back([](App& a) { a.dismiss_problem(); });
  ImGui::End();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
}
}  // namespace

void draw_dialogs(const App& app, View& view, Commands& commands) {
  if (app.problem() != nullptr && view.dialog == Dialog::none) draw_problem(*app.problem(), view.look, commands);
  if (view.dialog != Dialog::none) draw_file_dialog(app, view, commands);
  view.dialog_confirmed = false;
}

}  // namespace tokenbill::desktop
