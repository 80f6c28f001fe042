// The date of the prices, what is to know about them, the file.

#include "../widgets.h"
#include "panels.h"
#include "tokenbill/json_results.h"

namespace tokenbill::desktop {

namespace {
void item(const Look& look, std::string_view words, ImU32 colour, bool& first) {
  if (!first) {
    ImGui::SameLine(0, look.px(10));
    text("·", look.colours().line_strong);
    ImGui::SameLine(0, look.px(10));
  }
  first = false;
  text(words, colour);
}
}  // namespace

void draw_status(const App& app, View& view, Commands&) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  ImGui::PushFont(look.fonts.small);
  bool first = true;
  item(look, "Prices as of " + moment_text(app.catalog().as_of) + ", " + app.prices_name(), c.muted, first);
  item(look,
       std::to_string(app.catalog().models.size()) + " models of " + std::to_string(app.catalog().sellers.size()) +
           " sellers",
       c.muted, first);
  if (const std::size_t left_out = app.catalog().left_out.size(); left_out > 0) {
    item(look,
         std::to_string(left_out) + (left_out == 1 ? " entry" : " entries") + " of the price list could not be used",
         c.warn, first);
    std::string reasons;
    for (const Error& error : app.catalog().left_out) reasons += (reasons.empty() ? "" : "\n") + to_text(error);
    tip(look, reasons);
  }
  if (const auto age = age_notice(app.catalog(), app.today())) item(look, age->text, c.warn, first);
  if (const Bill* bill = app.bill(); bill != nullptr && !bill->notices.empty())
    item(look,
         std::to_string(bill->notices.size()) + (bill->notices.size() == 1 ? " thing" : " things") +
             " to know about this bill",
         c.muted, first);
  if (!look.font_problem.empty()) item(look, look.font_problem, c.warn, first);

  if (!app.message().empty()) item(look, app.message(), c.ink, first);

  const std::string file =
      (app.path().empty() ? "not saved as a file" : app.path()) + (app.is_modified() ? ", changed" : "");
  const float x = ImGui::GetWindowWidth() - ImGui::GetStyle().WindowPadding.x - text_size(file).x;
  ImGui::SameLine(0, look.px(16));
  if (x > ImGui::GetCursorPosX()) {
    ImGui::SetCursorPosX(x);
    text(file, c.muted);
  } else {
    ImGui::NewLine();
  }
  ImGui::PopFont();
}

}  // namespace tokenbill::desktop
