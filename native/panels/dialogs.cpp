// Opening and saving by path, and what went wrong with a file.

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "../files.h"
#include "../widgets.h"
#include "panels.h"

namespace tokenbill::desktop {

namespace {
/// What the folder of a typed path holds: folders, and files of the kind that is asked for.
struct Entry {
  std::string name;
  bool is_folder = false;
};
std::vector<Entry> entries_of(const std::filesystem::path& folder, std::string_view ending) {
  std::vector<Entry> entries;
  std::error_code ignored;
  for (auto at = std::filesystem::directory_iterator(folder.empty() ? "." : folder, ignored);
       !ignored && at != std::filesystem::directory_iterator(); at.increment(ignored)) {
    std::error_code unknown_kind;
    const std::string name = at->path().filename().string();
    const bool is_folder = at->is_directory(unknown_kind);
    if (name.starts_with('.') || (!is_folder && !name.ends_with(ending))) continue;
    entries.push_back({name, is_folder});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.is_folder != b.is_folder ? a.is_folder : a.name < b.name; });
  return entries;
}

void draw_folder(FileDialog& dialog, const Look& look) {
  const std::filesystem::path folder = std::filesystem::path(dialog.path).parent_path();
  std::string ending = std::filesystem::path(dialog.path).extension().string();
  if (ending.empty()) ending = ".json";
  const std::vector<Entry> entries = entries_of(folder, ending);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, look.colours().surface);
  ImGui::BeginChild("folder", {0, look.px(180)}, true);
  const auto go_to = [&](const std::filesystem::path& path) { dialog.path = path.string(); };
  if (ImGui::Selectable("../", false, ImGuiSelectableFlags_DontClosePopups)) {
    std::error_code ignored;
    const std::filesystem::path whole = std::filesystem::absolute(folder.empty() ? "." : folder, ignored);
    go_to(whole.parent_path() / "");
  }
  for (const Entry& entry : entries) {
    const std::string words = entry.name + (entry.is_folder ? "/" : "");
    if (ImGui::Selectable(words.c_str(), false, ImGuiSelectableFlags_DontClosePopups))
      go_to(entry.is_folder ? folder / entry.name / "" : folder / entry.name);
  }
  if (entries.empty()) text("Nothing of this kind is in this folder.", look.colours().muted);
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

void draw_file_dialog(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  FileDialog& dialog = view.dialog;
  const bool saving = dialog.kind == Dialog::save;
  if (dialog.is_new) ImGui::OpenPopup("file");
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({screen.x / 2, screen.y * 0.16F}, ImGuiCond_Always, {0.5F, 0});
  ImGui::SetNextWindowSize({std::min(look.px(620), screen.x - look.px(32)), 0});
  if (!ImGui::BeginPopupModal("file", nullptr,
                              ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove)) {
    dialog.kind = Dialog::none;
    return;
  }
  ImGui::PushFont(look.fonts.title);
  text(dialog.title);
  ImGui::PopFont();
  if (dialog.is_new) ImGui::SetKeyboardFocusHere();
  dialog.is_new = false;
  (void)search_field("##path", dialog.path, -1, "Path of the file, such as /home/me/chatbot.json");
  draw_folder(dialog, look);
  if (!saving) paragraph("A file can also be dropped on the window.", look.colours().muted);
  const bool replaces = saving && dialog.path != app.path() && !dialog.path.empty() && file_exists(dialog.path);
  if (replaces) paragraph("This file exists. Saving replaces it.", look.colours().warn);
  ImGui::Dummy({1, look.px(4)});
  const bool complete = !dialog.path.empty() && !dialog.path.ends_with('/');
  ImGui::BeginDisabled(!complete);
  const bool pressed = ImGui::Button(replaces ? "Replace" : saving ? "Save" : "Open");
  ImGui::EndDisabled();
  ImGui::SameLine();
  const bool cancelled = ImGui::Button("Cancel");
  if ((pressed || (dialog.confirmed && !replaces)) && complete) {
    commands.push_back([path = dialog.path, then = dialog.then](App& a) { then(a, path); });
    dialog.kind = Dialog::none;
  }
  if (cancelled) dialog.kind = Dialog::none;
  if (dialog.kind == Dialog::none) ImGui::CloseCurrentPopup();
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
  if (app.problem() != nullptr && view.dialog.kind == Dialog::none) draw_problem(*app.problem(), view.look, commands);
  if (view.dialog.kind != Dialog::none) draw_file_dialog(app, view, commands);
  view.dialog.confirmed = false;
}

}  // namespace tokenbill::desktop
