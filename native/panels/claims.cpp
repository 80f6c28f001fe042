// Figures that articles print, and what they become when every dollar is counted once.

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../claims.h"
#include "../grid.h"
#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
std::string spaced(std::string_view id) {
  std::string words(id);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string joined(const std::vector<std::string>& names) {
  std::string words;
  for (const std::string& name : names) words += (words.empty() ? "" : ", ") + name;
  return words;
}

std::string value_text(const ClaimFigure& figure) {
  if (!figure.value) return std::string(unknown_word);
  const std::string unit = unit_text(figure.unit);
  return quantity_text(*figure.value, figure.unit) + (unit.empty() ? "" : " " + unit);
}

bool is_shown(const Claim& claim, const ClaimsView& view) {
  if (!view.verdict.empty() && claim.verdict != view.verdict) return false;
  if (!view.article.empty() &&
      std::find(claim.sources.begin(), claim.sources.end(), view.article) == claim.sources.end())
    return false;
  return matches(lower(view.query), lower(claim.id + " " + claim.title + " " + claim.printed + " " + claim.reason));
}

// A choice among all that occur, or none.
void draw_filter(const Look& look, const char* id, const std::string& name, const std::set<std::string>& all,
                 std::string& chosen) {
  const float width = look.px(170);
  beside_if_it_fits(look, 8, width);
  if (!begin_choice(look, id, chosen.empty() ? name : spaced(chosen),
                    std::min(width, ImGui::GetContentRegionAvail().x)))
    return;
  if (ImGui::Selectable(name.c_str(), chosen.empty())) chosen.clear();
  for (const std::string& one : all)
    if (ImGui::Selectable(spaced(one).c_str(), one == chosen)) chosen = one;
  ImGui::EndCombo();
}

void draw_filters(const std::vector<Claim>& claims, ClaimsView& view, const Look& look) {
  std::set<std::string> articles, verdicts;
  for (const Claim& claim : claims) {
    articles.insert(claim.sources.begin(), claim.sources.end());
    verdicts.insert(claim.verdict);
  }
  (void)search_field("##search", view.query, std::min(look.px(200), ImGui::GetContentRegionAvail().x),
                     "Search the claims");
  draw_filter(look, "##article", "All articles", articles, view.article);
  draw_filter(look, "##verdict", "All verdicts", verdicts, view.verdict);
}

void draw_readings(const Claim& claim, const std::vector<ClaimFigure>* figures, const Look& look, Commands& commands) {
  const Palette& c = look.colours();
  text("Printed", c.muted);
  beside_if_it_fits(look, 8, text_size(claim.printed).x);
  text(claim.printed);
  if (claim.readings.empty()) {
    text("Nothing to recompute.", c.muted);
    return;
  }
  Grid grid;
  grid.columns = {{"Reading", false, 0, 150}, {"recomputed", true}, {"", false, 0, 40}};
  for (std::size_t i = 0; i < claim.readings.size(); ++i) {
    const Claim::Reading& reading = claim.readings[i];
    GridCell value{figures != nullptr && i < figures->size() ? value_text((*figures)[i]) : "…"};
    value.bold = i == 0;
    GridCell open{"Open"};
    open.door = true;
    open.colour = c.accent;
    open.tip = "Open this reading's scenario. Undo brings yours back.";
    grid.rows.push_back({{reading.label, reading.text}, std::move(value), std::move(open)});
  }
  if (const auto press = draw_grid(look, "readings", grid))
    commands.push_back([scenario = claim.readings[press->row].scenario](App& a) { a.use_scenario(scenario); });
}

void draw_claim(const Claim& claim, const std::vector<ClaimFigure>* figures, const Look& look, Commands& commands) {
  const Palette& c = look.colours();
  ImGui::PushID(claim.id.c_str());
  ImGui::PushFont(look.fonts.bold);
  paragraph(claim.id + "  " + claim.title);
  ImGui::PopFont();
  const std::string verdict = spaced(claim.verdict);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{text_size(verdict).x + look.px(12), ImGui::GetTextLineHeight() + look.px(4)};
  const ImU32 colour = claim.verdict == "right" ? c.accent : c.warn;
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + size.x, at.y + size.y},
                                            claim.verdict == "right" ? c.accent_soft : c.warn_soft, look.px(3));
  text_at({at.x + look.px(6), at.y + look.px(2)}, colour, verdict);
  ImGui::Dummy(size);
  const std::string sources = joined(claim.sources);
  beside_if_it_fits(look, 10, text_size(sources).x);
  text(sources, c.muted);
  paragraph(claim.reason);
  draw_readings(claim, figures, look, commands);
  ImGui::Dummy({1, look.px(14)});
  ImGui::PopID();
}
}  // namespace

void draw_claims(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  ClaimsView& state = view.claims;
  const std::vector<Claim>& claims = app.claims();
  const Answer<ClaimFigures>& answer = app.questions().claims(claims);
  const ClaimFigures* figures = answer.value && answer.value->ok() ? &**answer.value : nullptr;
  if (answer.value && !answer.value->ok()) error_text(look, answer.value->error());
  const Dimmed dimmed(look, answer.is_new() || figures == nullptr);
  paragraph("Figures that articles print, and what they become when every dollar is counted once.",
            look.colours().muted);
  draw_filters(claims, state, look);
  const auto count =
      std::count_if(claims.begin(), claims.end(), [&](const Claim& claim) { return is_shown(claim, state); });
  paragraph(std::to_string(count) + " of " + std::to_string(claims.size()) +
                " claims. The first recomputed figure is the one that counts; others show other readings.",
            look.colours().muted);
  if (count == 0) paragraph("No claim has all of this. Widen a filter, for example the article.", look.colours().muted);

  const float width = ImGui::GetContentRegionAvail().x;
  const int filled = figures != nullptr ? 1 : 0;
  if (state.heights.size() != claims.size() || state.width != width || state.filled != filled)
    state.heights.assign(claims.size(), 0);
  state.width = width;
  state.filled = filled;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (!is_shown(claims[i], state)) continue;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    // One above and below is drawn as well, so that the keys can walk to it.
    const float height = state.heights[i];
    if (height > 0 && !ImGui::IsRectVisible({at.x, at.y - height}, {at.x + 1, at.y + 2 * height})) {
      ImGui::Dummy({1, height - ImGui::GetStyle().ItemSpacing.y});
      continue;
    }
    draw_claim(claims[i], figures != nullptr && i < figures->size() ? &(*figures)[i] : nullptr, look, commands);
    state.heights[i] = ImGui::GetCursorScreenPos().y - at.y;
  }
}

}  // namespace tokenbill::desktop
