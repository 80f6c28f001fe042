// One conversation, or an agent's steps, request by request: what is sent again, and what that costs.

#include <algorithm>
#include <array>
#include <cmath>
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
/// A part of a bar.
struct Part {
  std::string name;
  ImU32 hue = 0;
  double size = 0;
};

/// Whether something of earlier requests is taken back in this one: where a window begins to slide, only the unchanging
/// start counts as cached, from the first request on. That is no part of a bar.
bool restates(const Turn& turn) {
  return std::any_of(turn.by_category.begin(), turn.by_category.end(),
                     [](const std::pair<Category, double>& part) { return part.second < -1e-12; });
}

std::vector<Part> usd_parts(const Turn& turn, const Look& look) {
  std::vector<Part> parts;
  for (const auto& [category, usd] : turn.by_category)
    parts.push_back({std::string(category_label(category)), look.hue(category), usd});
  return parts;
}

std::vector<Part> token_parts(const Turn& turn, const Palette& c) {
  return {{"read from the cache", c.cache_read, turn.read_tokens},
          {"written to it", c.cache_write, turn.write_tokens},
          {"at the full price", c.input, turn.uncached_tokens},
          {"output", c.output, turn.output_tokens}};
}

double prompt_of(const Turn& turn) { return turn.read_tokens + turn.write_tokens + turn.uncached_tokens; }

std::string requests_text(std::size_t count) { return std::to_string(count) + (count == 1 ? " request" : " requests"); }

std::string_view end_text(const Error& problem) {
  return problem.code == Code::impossible ? "the context is full" : "no more";
}

std::string_view history_label(const App& app) {
  const Parameter& history = parameters()[parameter_index("history")];
  return history.options[static_cast<std::size_t>(app.scenario().value("history").value_or(0))].label;
}

// What it comes to, and how the last request compares with the first.
void draw_sentences(const App& app, const Turns& turns, const Look& look, Commands& commands) {
  const Palette& c = look.colours();
  const Turn& first = turns.turns.front();
  const Turn& last = turns.turns.back();
  ImGui::PushFont(look.fonts.title);
  const std::string amount = usd_or_unknown(last.cumulative_usd);
  const std::optional<double> figure =
      app.bill() != nullptr ? figure_of(*app.bill(), "inference_per_conversation").value : std::nullopt;
  const bool is_figure =
      figure && last.cumulative_usd && std::abs(*figure - *last.cumulative_usd) <= 1e-9 * std::abs(*figure);
  if (!is_figure)
    text(amount);
  else if (door(look, "sum", amount))
    select_figure(commands, "inference_per_conversation");
  ImGui::PopFont();
  const std::string rest = "USD of inference for the first " + requests_text(turns.turns.size());
  const std::string whole = "USD of inference for a conversation of " + requests_text(turns.turns.size());
  const std::string& words = is_figure ? whole : rest;
  beside_if_it_fits(look, 8, text_size(words).x);
  text(words, c.muted);
  if (turns.turns.size() < 2 || !first.usd || !last.usd || !(*first.usd > 0)) return;
  const double ratio = *last.usd / *first.usd;
  const std::string request = "Request " + std::to_string(last.turn);
  if (app.scenario().choice("history") == "given") {
    paragraph("In this scenario nothing grows. Earlier turns are \"" + std::string(history_label(app)) +
              "\": each request is as long as the prompt that is given.");
    return;
  }
  const double from = prompt_of(first), to = prompt_of(last);
  std::string because;
  if (to > from * 1.001)
    because = ", because what came before is sent again: " + number_text(std::round(to)) +
              " tokens of prompt instead of " + number_text(std::round(from));
  else if (last.read_tokens > first.read_tokens)
    because = ", because more is read from the cache";
  if (std::abs(ratio - 1) < 0.005)
    paragraph(request + " costs as much as the first.");
  else if (ratio > 1)
    paragraph(request + " costs " + brief_text(ratio) + "× the first" + because + ".");
  else
    paragraph(request + " costs " + percent_text(1 - ratio) + " less than the first" +
              (to > from * 1.001
                   ? ", though " + number_text(std::round(to)) + " tokens of prompt are sent instead of " +
                         number_text(std::round(from)) + ": they are read from the cache"
                   : because) +
              ".");
}

void draw_strategy(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Parameter& history = parameters()[parameter_index("history")];
  const auto chosen = static_cast<std::size_t>(app.scenario().value("history").value_or(0));
  ImGui::AlignTextToFramePadding();
  text(history.label);
  tip(look, history.help);
  const float width = std::min(look.px(300), ImGui::GetContentRegionAvail().x);
  beside_if_it_fits(look, 8, width);
  if (begin_choice(look, "##history", history.options[chosen].label, width)) {
    for (std::size_t i = 0; i < history.options.size(); ++i)
      if (ImGui::Selectable(std::string(history.options[i].label).c_str(), i == chosen))
        commands.push_back([option = history.options[i].id](App& a) { a.set_text("history", option); });
    ImGui::EndCombo();
  }
  constexpr const char* inputs = "Inputs of conversations";
  if (link(look, "inputs", inputs)) view.open_group = "conversation";
}

/// The axis leaves room for requests that do not fit any more.
int last_turn(const App& app, const Turns& turns) {
  const auto shown = static_cast<int>(turns.turns.size());
  if (!turns.problem) return shown;
  const double planned = app.scenario().value("turns_per_conversation").value_or(1);
  return std::max(shown + 1, static_cast<int>(std::min(planned, shown * 1.5 + 2)));
}

void draw_bars(const App& app, const Turns& turns, bool tokens, const Look& look) {
  const Palette& c = look.colours();
  const auto parts_of = [&](const Turn& turn) { return tokens ? token_parts(turn, c) : usd_parts(turn, look); };
  double largest = 0;
  std::vector<LegendEntry> entries;
  bool restated = false;
  for (const Turn& turn : turns.turns) {
    const bool whole = !tokens && restates(turn);
    restated = restated || whole;
    double sum = whole ? turn.usd.value_or(0) : 0;
    for (const Part& part : parts_of(turn)) {
      if (whole) break;
      sum += std::max(0.0, part.size);
      const bool known = std::any_of(entries.begin(), entries.end(),
                                     [&](const LegendEntry& entry) { return entry.words == part.name; });
      if (part.size > 0 && !known) entries.push_back({part.name, part.hue, std::nullopt, false});
    }
    largest = std::max(largest, sum);
  }
  const int last = last_turn(app, turns);
  Chart chart(look, counted_axis("request of the conversation", 1, last),
              amounts_axis(tokens ? "tokens a request" : "USD a request", largest), {220});
  for (const Turn& turn : turns.turns) {
    if (!tokens && (!turn.usd || restates(turn))) {
      chart.empty_bar(turn.turn, 0.7, 0, turn.usd ? std::max(0.0, *turn.usd) : chart.y().to * 0.5, c.line_strong);
      continue;
    }
    double from = 0;
    for (const Part& part : parts_of(turn)) {
      if (!(part.size > 0)) continue;
      chart.bar(turn.turn, 0.7, from, from + part.size, part.hue);
      from += part.size;
    }
  }
  if (turns.problem) chart.closed_from(static_cast<double>(turns.turns.size()) + 0.5, end_text(*turns.problem));
  if (const auto& place = chart.pointed()) {
    const double n = std::round(place->x);
    if (n >= 1 && n <= static_cast<double>(turns.turns.size())) {
      const Turn& turn = turns.turns[static_cast<std::size_t>(n) - 1];
      std::vector<Reading> readings;
      for (const Part& part : parts_of(turn))
        if (part.size != 0.0)
          readings.push_back({part.name, tokens ? number_text(std::round(part.size)) : usd_text(part.size), part.hue});
      if (!tokens) {
        readings.push_back({"USD", usd_or_unknown(turn.usd)});
        readings.push_back({"USD so far", usd_or_unknown(turn.cumulative_usd)});
      }
      chart.read(n, "Request " + std::to_string(turn.turn), readings);
    }
  }
  chart.finish();
  legend(look, entries);
  if (restated)
    paragraph(
        "The hatched bar makes up for what the requests before it had read from the cache: from there on earlier text "
        "is dropped, and only the unchanging start counts as cached, from the first request on.",
        c.muted);
}

void draw_sum(const App& app, const Turns& turns, const Look& look) {
  double largest = 0;
  std::vector<ChartPoint> points{{0, 0.0}};
  for (const Turn& turn : turns.turns) {
    points.push_back({static_cast<double>(turn.turn), turn.cumulative_usd});
    largest = std::max(largest, turn.cumulative_usd.value_or(0));
  }
  ImGui::Dummy({0, look.px(4)});
  heading(look, "What a conversation costs by its length");
  const int last = last_turn(app, turns);
  Axis x = counted_axis("requests of a conversation", 1, last);
  x.from = 0;
  Chart chart(look, std::move(x), amounts_axis("USD of inference for the conversation so far", largest), {180});
  chart.line(points, {look.colours().accent, 3});
  if (turns.problem) chart.closed_from(static_cast<double>(turns.turns.size()), end_text(*turns.problem));
  if (const auto& place = chart.pointed()) {
    const double n = std::clamp(std::round(place->x), 1.0, static_cast<double>(turns.turns.size()));
    const Turn& turn = turns.turns[static_cast<std::size_t>(n) - 1];
    const std::array<Reading, 1> readings{{{"USD", usd_or_unknown(turn.cumulative_usd), look.colours().accent}}};
    chart.read(n, requests_text(static_cast<std::size_t>(n)), readings);
  }
  chart.finish();
}

void draw_table(const Turns& turns, const Look& look) {
  ImGui::Dummy({0, look.px(4)});
  heading(look, "Request by request");
  Grid grid;
  grid.columns = {{"Request", true},          {"read from the cache", true, 2},
                  {"written to it", true, 1}, {"at the full price", true, 3},
                  {"output", true, 4},        {"USD", true},
                  {"USD so far", true}};
  const auto tokens = [](double count) { return number_text(std::round(count)); };
  for (const Turn& turn : turns.turns)
    grid.rows.push_back({{std::to_string(turn.turn)},
                         {tokens(turn.read_tokens)},
                         {tokens(turn.write_tokens)},
                         {tokens(turn.uncached_tokens)},
                         {tokens(turn.output_tokens)},
                         {usd_or_unknown(turn.usd)},
                         {usd_or_unknown(turn.cumulative_usd)}});
  (void)draw_grid(look, "table", grid);
  ImGui::PushFont(look.fonts.small);
  paragraph(
      "Tokens and inference of each request alone: what a month costs besides, and helper requests, are left out.",
      look.colours().muted);
  ImGui::PopFont();
}
}  // namespace

void draw_conversation(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Answer<Turns>& answer = app.questions().turns();
  const Turns* turns = value_of(answer, look);
  if (turns == nullptr) return;
  const Dimmed dimmed(look, answer.is_new());
  if (!turns->turns.empty()) draw_sentences(app, *turns, look, commands);
  if (turns->problem) {
    if (!turns->turns.empty())
      paragraph("After " + requests_text(turns->turns.size()) + " no further one is possible.", look.colours().error);
    error_text(look, *turns->problem);
  }
  draw_strategy(app, view, commands);
  if (turns->turns.empty()) return;
  bool& tokens = view.conversation.tokens;
  if (chip(look, "USD", !tokens)) tokens = false;
  ImGui::SameLine(0, look.px(6));
  if (chip(look, "Tokens", tokens)) tokens = true;
  draw_bars(app, *turns, tokens, look);
  if (turns->turns.size() > 1) draw_sum(app, *turns, look);
  draw_table(*turns, look);
}

}  // namespace tokenbill::desktop
