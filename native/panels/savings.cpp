// Which savings are real: each lever alone, on top of those in use, and its fair share of what they save together.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../chart.h"
#include "../grid.h"
#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
// A saving in words where it is none.
std::string saving_text(const std::optional<double>& value) {
  if (!value) return std::string(unknown_word);
  return *value < 0 ? "costs " + usd_text(-*value) + " more" : usd_text(*value);
}

void draw_lead(const Levers& levers, const Look& look, Commands& commands) {
  const auto on = std::count_if(levers.levers.begin(), levers.levers.end(),
                                [](const Lever& lever) { return lever.on && lever.applicable; });
  ImGui::PushFont(look.fonts.title);
  if (door(look, "now", usd_or_unknown(levers.now_usd))) select_figure(commands, "total");
  ImGui::PopFont();
  std::string words = "USD a month";
  if (on > 0)
    words += " with " + std::to_string(on) + (on == 1 ? " saving" : " savings") + " on, " +
             usd_or_unknown(levers.without_usd) + " without any";
  else
    words += ", no saving is on";
  beside_if_it_fits(look, 8, text_size(words).x);
  text(words, look.colours().muted);
  paragraph("With all that can be combined it would be " + usd_or_unknown(levers.all_usd) + " USD.");
}

// What turning it on or off sets, as one step of undo.
void turn(const Lever& lever, Commands& commands) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& [id, words] : lever.turn) texts.emplace_back(std::string(id), words);
  commands.push_back([texts](App& app) { app.set_texts(texts); });
}

// From the month without any saving to the month as it is: the fair shares of what is on, which add up.
void draw_steps(const Levers& levers, const Look& look, Commands& commands) {
  const Palette& c = look.colours();
  std::vector<const Lever*> on;
  for (const Lever& lever : levers.levers)
    if (lever.on && lever.applicable) on.push_back(&lever);
  if (on.empty() || !levers.without_usd || !levers.now_usd) return;
  std::vector<double> ends{*levers.without_usd};
  double high = *levers.without_usd;
  for (const Lever* lever : on) {
    if (!lever->fair_usd) return;
    ends.push_back(ends.back() - *lever->fair_usd);
    high = std::max(high, ends.back());
  }
  if (!(high > 0)) return;
  const std::size_t rows = on.size() + 2;
  const auto bar = [&](std::size_t row, ImVec2 from, ImVec2 to) {
    to.y = std::min(to.y, from.y + look.px(17));  // also where the words beside it take two lines
    const bool sum = row == 0 || row + 1 == rows;
    const double a = sum ? 0 : ends[row - 1];
    const double b = row == 0 ? *levers.without_usd : sum ? *levers.now_usd : ends[row];
    const auto x = [&](double usd) { return from.x + (to.x - from.x) * static_cast<float>(usd / high); };
    const ImU32 hue = sum ? c.sum : b > a ? c.failures : c.accent;
    ImGui::GetWindowDrawList()->AddRectFilled({x(std::min(a, b)), from.y},
                                              {std::max(x(std::max(a, b)), x(std::min(a, b)) + 1), to.y}, hue);
  };
  Grid grid;
  grid.columns = {{"Step", false, 0, 130}, {"", false, 1, 120, bar}, {"USD a month", true}};
  const auto sum = [&](const char* words, double usd, bool is_door) {
    GridCell label{words}, amount{usd_text(usd)};
    label.bold = amount.bold = true;
    amount.door = is_door;
    grid.rows.push_back({std::move(label), {}, std::move(amount)});
  };
  sum("Without any saving", *levers.without_usd, false);
  for (const Lever* lever : on)
    grid.rows.push_back(
        {{std::string(lever->label)},
         {},
         {*lever->fair_usd < 0 ? "+" + usd_text(-*lever->fair_usd) : "\u2212" + usd_text(*lever->fair_usd)}});
  sum("Now", *levers.now_usd, true);
  ImGui::Dummy({0, look.px(4)});
  heading(look, "From without any saving to now, in fair shares");
  if (draw_grid(look, "steps", grid)) select_figure(commands, "total");
}

void draw_table(const std::vector<const Lever*>& levers, const Look& look, Commands& commands) {
  const Palette& c = look.colours();
  double low = 0, high = 1e-9;
  for (const Lever* lever : levers)
    for (const std::optional<double>& usd : {lever->alone_usd, lever->on_top_usd, lever->fair_usd}) {
      low = std::min(low, usd.value_or(0));
      high = std::max(high, usd.value_or(0));
    }
  const auto bars = [&](std::size_t row, ImVec2 from, ImVec2 to) {
    const Lever& lever = *levers[row];
    const auto x = [&](double usd) {
      return from.x + (to.x - from.x) * static_cast<float>((usd - low) / (high - low));
    };
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float height = look.px(7);
    const float gap = look.px(2);
    float top = from.y + look.px(2);
    const std::array<const std::optional<double>*, 3> values{&lever.alone_usd, &lever.on_top_usd, &lever.fair_usd};
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i]->has_value()) {
        const float a = std::min(x(0), x(**values[i]));
        const float b = std::max({x(0), x(**values[i]), a + 1});
        if (i == 0)
          list->AddRect({a, top}, {b, top + height}, c.line_strong);
        else
          list->AddRectFilled({a, top}, {b, top + height}, i == 1 ? c.accent : c.accent_soft);
        if (i == 2) list->AddRect({a, top}, {b, top + height}, c.accent);
      }
      top += height + gap;
    }
    list->AddLine({x(0), from.y}, {x(0), std::max(to.y, top)}, c.ink, 1.0F);
  };
  const auto box = [&](std::size_t row, ImVec2 from, ImVec2) {
    bool on = levers[row]->on;
    ImGui::SetCursorScreenPos({from.x, from.y - look.px(2)});
    ImGui::PushID(static_cast<int>(row));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {look.px(2), look.px(2)});
    if (ImGui::Checkbox("##on", &on)) turn(*levers[row], commands);
    ImGui::PopStyleVar();
    tip(look, (on ? "Turn off: " : "Turn on: ") + std::string(levers[row]->label) + ". One step of undo.");
    ImGui::PopID();
  };
  Grid grid;
  grid.row_height = 30;
  grid.columns = {
      {"on", false, 0, 22, box},
      {"Saving", false, 0, 150},
      {"", false, 3, 110, bars},
      {"alone", true, 2, 96, {}, "Saved in a month, against no saving at all."},
      {"on top", true, 0, 96, {}, "Saved beside those that are on; of one that is on, what is lost without it."},
      {"fair share", true, 1, 96, {}, "The mean over all orders of turning them on, so that it depends on none."}};
  for (const Lever* lever : levers) {
    GridCell label{std::string(lever->label), lever->setting};
    label.bold = lever->on;
    for (const LeverConflict& conflict : lever->conflicts)
      label.below += (label.below.empty() ? "" : "\n") + conflict.text;
    const auto amount = [&](const std::optional<double>& usd) {
      GridCell cell{usd && *usd < 0 ? "\u2212" + usd_text(-*usd) : usd_or_unknown(usd)};
      if (usd && *usd < 0) {
        cell.colour = c.error;
        cell.tip = sentence(saving_text(usd)) + ".";
      }
      return cell;
    };
    if (lever->on) grid.strong.push_back(grid.rows.size());
    grid.rows.push_back(
        {{}, std::move(label), {}, amount(lever->alone_usd), amount(lever->on_top_usd), amount(lever->fair_usd)});
  }
  ImGui::Dummy({0, look.px(4)});
  heading(look, "USD saved a month");
  const std::array<LegendEntry, 3> entries{{{"alone", c.line_strong, std::nullopt, true},
                                            {"on top of the others", c.accent, std::nullopt, false},
                                            {"fair share", c.accent_soft, std::nullopt, false, c.accent}}};
  // Where there is no room, the bars are left out.
  if (ImGui::GetContentRegionAvail().x >= look.px(520)) legend(look, entries);
  (void)draw_grid(look, "levers", grid);
}
}  // namespace

void draw_savings(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Answer<Levers>& answer = app.questions().levers();
  const Levers* levers = value_of(answer, look);
  if (levers == nullptr) return;
  const Dimmed dimmed(look, answer.is_new());
  std::vector<const Lever*> useful, useless;
  for (const Lever& lever : levers->levers) (lever.applicable ? useful : useless).push_back(&lever);
  draw_lead(*levers, look, commands);
  draw_steps(*levers, look, commands);
  if (useful.empty())
    paragraph("No saving of the list has a use for this scenario.", look.colours().muted);
  else
    draw_table(useful, look, commands);
  if (useless.empty()) return;
  ImGui::Dummy({0, look.px(4)});
  heading(look, "Without a use here");
  Grid grid;
  grid.columns = {{"Saving", false, 0, 110}, {"Reason", false, 0, 160}};
  for (const Lever* lever : useless) grid.rows.push_back({{std::string(lever->label)}, {lever->reason}});
  (void)draw_grid(look, "reasons", grid);
}

}  // namespace tokenbill::desktop
