// The scenario's form, generated from the table of parameters: presets, model and main inputs, then the groups.

#include <algorithm>
#include <cmath>

#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
std::string default_text(const Parameter& p) {
  if (p.kind == ParameterKind::choice) return std::string(p.options[static_cast<std::size_t>(p.default_value)].label);
  if (p.kind == ParameterKind::reference) return p.default_text.empty() ? "none" : std::string(p.default_text);
  if (p.kind == ParameterKind::optional_number) return p.source == "not given" ? "not given" : "derived";
  return input_text(p, p.default_value);
}

std::string help_text(const Parameter& p) {
  std::string help(p.help);
  help += "\n\nDefault: " + default_text(p) + " (" + std::string(p.source) + ").";
  if (p.kind == ParameterKind::reference)
    help += p.what == "date"       ? "\nA date as 2026-11-22."
            : p.what == "currency" ? "\nThree capital letters, such as EUR."
                                   : "\nA key of the price list, such as openai/gpt-4o-mini.";
  else if (p.kind != ParameterKind::choice)
    help += "\nFrom " + input_text(p, p.min) + " to " + input_text(p, p.max) +
            (unit_text(p.unit).empty() ? "" : " " + unit_text(p.unit)) + ".";
  return help + "\nIn files and on the command line: " + std::string(p.id);
}

// Label and unit on the left; on the right what is special about the value: changed, or an assumption of ours.
void draw_label(const App& app, const Look& look, const Parameter& p, Commands& commands) {
  const Palette& c = look.colours();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = ImGui::GetTextLineHeight();
  const bool changed = app.is_changed(p);
  const bool assumed = !changed && p.source.starts_with("assumption");

  ImGui::PushFont(look.fonts.small);
  const float small_drop = std::round((height - ImGui::GetTextLineHeight()) * 0.75F);
  const std::string mark = changed ? "back to " + default_text(p) : assumed ? "assumption" : "";
  const float mark_width = std::min(mark.empty() ? 0.0F : text_size(mark).x + look.px(14), width * 0.6F);
  const std::string unit = is_share(p) ? "" : unit_text(p.unit);
  const float unit_width = unit.empty() ? 0 : text_size(unit).x;
  ImGui::PopFont();

  const float room = width - mark_width - (mark.empty() ? 0 : look.px(10));
  const float label_width = text_size(p.label).x;
  text_at(at, c.ink, p.label, room);
  ImGui::InvisibleButton("label", {std::max(1.0F, std::min(label_width, room)), height});
  tip(look, help_text(p));
  ImGui::PushFont(look.fonts.small);
  if (label_width + look.px(8) + unit_width <= room)
    text_at({at.x + label_width + look.px(8), at.y + small_drop}, c.muted, unit);
  if (!mark.empty()) {
    const float x = at.x + width - mark_width;
    const ImVec2 dot{x + look.px(4), at.y + height / 2};
    ImGui::SetCursorScreenPos({x, at.y});
    if (changed && ImGui::InvisibleButton("back", {mark_width, height}))
      commands.push_back([id = p.id](App& a) { a.reset(id); });
    const bool hovered = changed && ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (changed)
      ImGui::GetWindowDrawList()->AddCircleFilled(dot, look.px(3), c.accent, 12);
    else
      ImGui::GetWindowDrawList()->AddCircle(dot, look.px(3), c.muted, 12, look.px(1));
    text_at({x + look.px(14), at.y + small_drop}, changed ? c.accent : c.muted, mark, mark_width - look.px(13));
    if (hovered) {
      const float y = at.y + height;
      ImGui::GetWindowDrawList()->AddLine({x + look.px(14), y}, {x + mark_width, y}, c.accent, 1.0F);
    }
  }
  ImGui::PopFont();
  ImGui::SetCursorScreenPos({at.x, at.y + height + look.px(3)});
}

void draw_choice(const App& app, const Look& look, const Parameter& p, Commands& commands) {
  const auto chosen = static_cast<std::size_t>(app.scenario().value(p.id).value_or(p.default_value));
  if (!begin_choice(look, "##choice", p.options[chosen].label, ImGui::GetContentRegionAvail().x)) return;
  for (std::size_t i = 0; i < p.options.size(); ++i)
    if (ImGui::Selectable(std::string(p.options[i].label).c_str(), i == chosen))
      commands.push_back([id = p.id, option = p.options[i].id](App& a) { a.set_text(id, option); });
  ImGui::EndCombo();
}

void draw_number(const App& app, const View& view, const Parameter& p, Commands& commands) {
  const Look& look = view.look;
  const std::optional<double> value = app.scenario().value(p.id);
  const float field_width = look.px(112);
  const float slider_width = ImGui::GetContentRegionAvail().x - field_width - look.px(12);
  if (const auto move = slider(look, p, value.value_or(p.default_value), slider_width))
    commands.push_back([id = p.id, m = *move](App& a) { a.slide(id, m.value, m.begins); });
  ImGui::SameLine(0, look.px(12));
  std::string typed = value ? input_text(p, *value) : "";
  if (const auto range = app.scenario().ranges.find(parameter_index(p.id)); range != app.scenario().ranges.end())
    typed = input_text(p, range->second.low) + " to " + input_text(p, range->second.high) +
            (range->second.level == InputRange::usual_level ? "" : " @" + number_text(range->second.level * 100));
  if (view.focus_input == p.id) ImGui::SetKeyboardFocusHere();
  if (field("##value", typed, field_width, default_text(p).c_str()))
    commands.push_back([id = p.id, typed](App& a) { a.set_text(id, typed); });
  tip(look, "Type 1500, 1.5k, 2M or 30\u202f%, or a range: 4k to 9k. Empty it for the default.");
}

void draw_reference(const App& app, const Parameter& p, Commands& commands) {
  std::string typed(app.scenario().reference(p.id));
  if (field("##value", typed, ImGui::GetContentRegionAvail().x, "none"))
    commands.push_back([id = p.id, typed](App& a) { a.set_text(id, typed); });
}

void draw_parameter(const App& app, const View& view, const Parameter& p, Commands& commands) {
  const Look& look = view.look;
  if (view.focus_input == p.id) ImGui::SetScrollHereY(0.3F);
  ImGui::PushID(p.id.data(), p.id.data() + p.id.size());
  draw_label(app, look, p, commands);
  if (p.kind == ParameterKind::choice)
    draw_choice(app, look, p, commands);
  else if (p.kind == ParameterKind::reference)
    draw_reference(app, p, commands);
  else
    draw_number(app, view, p, commands);
  if (const Error* problem = app.input_problem(p.id)) {
    ImGui::PushFont(look.fonts.small);
    paragraph(sentence(problem->message) + " " + problem->hint, look.colours().error);
    ImGui::PopFont();
  }
  ImGui::Dummy({0, look.px(2)});
  ImGui::PopID();
}

void draw_presets(const App& app, const Look& look, Commands& commands) {
  const Preset* active = app.active_preset();
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  const ImGuiStyle& style = ImGui::GetStyle();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {look.px(6), look.px(6)});
  for (std::size_t i = 0; i < app.presets().size(); ++i) {
    const Preset& preset = app.presets()[i];
    const float width = text_size(preset.name).x + 2 * style.FramePadding.x;
    if (i > 0 && ImGui::GetItemRectMax().x + look.px(6) + width <= right) ImGui::SameLine();
    if (chip(look, preset.name.c_str(), &preset == active))
      commands.push_back([id = preset.id](App& a) { a.use_preset(id); });
    tip(look, preset.description);
  }
  ImGui::PopStyleVar();
}

void draw_picker_list(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  if (ImGui::IsWindowAppearing()) {
    view.picker_query.clear();
    ImGui::SetKeyboardFocusHere();
  }
  (void)search_field("##query", view.picker_query, -1, "Search by name or seller");
  ImGui::BeginChild("list", {0, 0}, false);
  bool any = false;
  const std::string query = lower(view.picker_query);
  for (const ComparisonRow& row : app.comparison()->rows) {
    if (!matches(query, lower(row.model->name + " " + row.model->key + " " + row.seller->name))) continue;
    any = true;
    ImGui::PushID(row.model);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const bool chosen = row.model == app.comparison()->baseline;
    if (ImGui::Selectable("##model", chosen, 0, {0, ImGui::GetTextLineHeight() + look.px(4)})) {
      commands.push_back([key = row.model->key](App& a) { a.choose_model(key); });
      ImGui::CloseCurrentPopup();
    }
    tip(look, row.reason);
    const float top = at.y + look.px(2);
    const std::string month = row.status == Status::ok ? usd_or_unknown(row.usd_per_month) : "cannot serve";
    const float month_width = text_size(month).x;
    text_at({at.x + width - month_width - look.px(6), top}, row.status == Status::ok ? c.ink : c.muted, month);
    const float room = width - month_width - look.px(24);
    text_at({at.x + look.px(6), top}, row.status == Status::ok ? c.ink : c.muted, row.model->name, room);
    const float name_width = text_size(row.model->name).x + look.px(14);
    if (name_width + look.px(40) < room)
      text_at({at.x + name_width, top}, c.muted, row.seller->name, room - name_width);
    ImGui::PopID();
  }
  if (!any) text("No model matches.", c.muted);
  ImGui::EndChild();
}

void draw_model_picker(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  text("Model");
  const Bill* bill = app.bill();
  const std::string label = bill != nullptr ? bill->model->name + "  ·  " + bill->seller->name : app.scenario().model;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const bool pressed = ImGui::Button("##model", {-1, 0});
  const ImGuiStyle& style = ImGui::GetStyle();
  text_at({at.x + style.FramePadding.x, at.y + style.FramePadding.y}, look.colours().ink, label, width - look.px(36));
  pointing_down(look, {at.x + width, at.y});
  if (pressed && app.comparison() != nullptr) ImGui::OpenPopup("models");
  const float top = at.y + ImGui::GetFrameHeight() + look.px(2);
  const float below = ImGui::GetIO().DisplaySize.y - top - look.px(8);
  const float height = std::min(look.px(460), std::max(below, look.px(220)));
  ImGui::SetNextWindowPos({at.x, below < height ? at.y - look.px(2) - height : top});
  ImGui::SetNextWindowSize({std::max(width, look.px(440)), height});
  if (ImGui::BeginPopup("models")) {
    if (app.comparison() != nullptr) draw_picker_list(app, view, commands);
    ImGui::EndPopup();
  }
  ImGui::Dummy({0, look.px(2)});
}

void draw_date(const App& app, const Look& look, Commands& commands) {
  ImGui::AlignTextToFramePadding();
  text("Prices in force on");
  ImGui::SameLine(0, look.px(8));
  const float width = look.px(112);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - width);
  std::string date = app.scenario().date ? moment_text(*app.scenario().date) : "";
  if (field("##date", date, width, moment_text(app.today()).c_str()))
    commands.push_back([date](App& a) { a.set_date(date); });
  tip(look, "A date such as 2026-08-16. Empty: today.");
  if (const Error* problem = app.input_problem("date")) {
    ImGui::PushFont(look.fonts.small);
    paragraph(sentence(problem->message) + " " + problem->hint, look.colours().error);
    ImGui::PopFont();
  }
}

void draw_group(const App& app, const View& view, const ParameterGroup& group, Commands& commands) {
  const Look& look = view.look;
  const auto inside = [&](const Parameter& p) { return p.group == group.id && !p.main; };
  int changed = 0;
  bool any = false;
  for (const Parameter& p : parameters()) {
    any = any || inside(p);
    changed += inside(p) && app.is_changed(p) ? 1 : 0;
  }
  if (!any) return;
  ImGui::PushID(group.id.data(), group.id.data() + group.id.size());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  if (view.open_group == "all" || view.open_group == group.id) ImGui::SetNextItemOpen(true);
  if (view.open_group == group.id) ImGui::SetScrollHereY(0);
  ImGui::PushFont(look.fonts.bold);
  const float label_width = text_size(group.label).x;
  const bool open = ImGui::TreeNodeEx(
      "group",
      ImGuiTreeNodeFlags_SpanAvailWidth | ImGuiTreeNodeFlags_FramePadding | ImGuiTreeNodeFlags_NoTreePushOnOpen, "%.*s",
      static_cast<int>(group.label.size()), group.label.data());
  ImGui::PopFont();
  if (changed > 0) {
    ImGui::PushFont(look.fonts.small);
    std::string words = std::to_string(changed) + " changed";
    const float label = ImGui::GetTreeNodeToLabelSpacing() + label_width;
    if (label + text_size(words).x + look.px(4) > width) words = std::to_string(changed);
    text_at({at.x + width - text_size(words).x, at.y + look.px(5)}, look.colours().accent, words);
    ImGui::PopFont();
  }
  if (open) {
    ImGui::Dummy({0, look.px(2)});
    for (const Parameter& p : parameters())
      if (inside(p)) draw_parameter(app, view, p, commands);
    ImGui::Dummy({0, look.px(4)});
  }
  hairline(look);
  ImGui::PopID();
}
}  // namespace

void draw_form(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  heading(look, "What you build");
  draw_presets(app, look, commands);
  ImGui::Dummy({0, look.px(6)});
  for (const Parameter& p : parameters())
    if (p.main) draw_parameter(app, view, p, commands);
  draw_model_picker(app, view, commands);
  draw_date(app, look, commands);
  ImGui::Dummy({0, look.px(6)});
  hairline(look);
  for (const ParameterGroup& group : parameter_groups()) draw_group(app, view, group, commands);
}

}  // namespace tokenbill::desktop
