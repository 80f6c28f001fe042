// How a figure came about: its formula with the numbers, what it stands on, sources and dates. Or a model's price list.

#include <algorithm>
#include <cmath>
#include <functional>

#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
void label(const Look& look, std::string_view words) {
  ImGui::Dummy({1, look.px(4)});
  ImGui::PushFont(look.fonts.small);
  text(words, look.colours().muted);
  ImGui::PopFont();
}

// A formula on a quiet surface.
void formula(const Look& look, std::string_view words) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float pad = look.px(10);
  const float height = std::round(ImGui::GetTextLineHeight() * 1.25F);
  const std::vector<std::string_view> lines = lines_of(words, width - 2 * pad);
  const float whole = height * static_cast<float>(lines.size()) + 2 * pad;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + whole}, look.colours().surface, look.px(3));
  float top = at.y + pad;
  for (const std::string_view line : lines) {
    text_at({at.x + pad, top}, look.colours().ink, line);
    top += height;
  }
  ImGui::Dummy({width, whole});
}

// Where a price was read and when.
std::string seller_line(const Use& use) {
  if (use.origin != Origin::seller || use.source.empty()) return "";
  return source_text(use.source) + (use.checked ? ", checked " + moment_text(*use.checked) : "");
}

// One figure or input that the formula stands on; a click explains it in turn.
bool draw_use(const Look& look, const Use& use) {
  const Palette& c = look.colours();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const FigureText value = figure_parts(use.id, use.value, use.unit);
  const std::string seller = seller_line(use);
  const float line = ImGui::GetTextLineHeight();
  const float value_width = text_size(value.number).x;
  const float height = (seller.empty() ? 2.0F : 3.0F) * line + look.px(11);
  ImGui::PushID(use.id.data(), use.id.data() + use.id.size());
  const bool pressed = ImGui::InvisibleButton("use", {width, height});
  ImGui::PopID();
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + height},
                                              ImGui::GetColorU32(ImGuiCol_HeaderHovered));
  }
  const float left = at.x + look.px(4);
  const float right = at.x + width - look.px(4);
  float top = at.y + look.px(4);
  const bool cut = text_at({left, top}, c.ink, use.label, width - value_width - look.px(20));
  if (cut || !use.note.empty()) tip(look, (cut ? std::string(use.label) + ". " : "") + use.note);
  text_at({right - value_width, top}, c.ink, value.number);
  top += line + look.px(2);
  ImGui::PushFont(look.fonts.small);
  const float unit_width = text_size(value.unit).x;
  text_at({right - unit_width, top}, c.muted, value.unit);
  const ImVec2 mark{left + look.px(4), top + ImGui::GetTextLineHeight() / 2};
  if (use.origin == Origin::user) ImGui::GetWindowDrawList()->AddCircleFilled(mark, look.px(3), c.accent, 12);
  if (use.origin == Origin::assumption)
    ImGui::GetWindowDrawList()->AddCircle(mark, look.px(3), c.muted, 12, look.px(1));
  const bool marked = use.origin == Origin::user || use.origin == Origin::assumption;
  text_at({left + (marked ? look.px(13) : 0), top}, use.origin == Origin::user ? c.accent : c.muted,
          origin_text(use.origin));
  text_at({left, top + line}, c.muted, seller, width - look.px(8));
  ImGui::PopFont();
  ImGui::GetWindowDrawList()->AddLine({at.x, at.y + height}, {at.x + width, at.y + height}, c.line, 1.0F);
  ImGui::SetCursorScreenPos({at.x, at.y + height + 1});
  return pressed;
}

void draw_source(const Look& look, const Use& use) {
  if (!use.source.empty()) {
    label(look, use.origin == Origin::seller ? "Source" : "Where it comes from");
    paragraph(use.source);
    if (use.checked) text("checked " + moment_text(*use.checked), look.colours().muted);
  }
  if (!use.note.empty()) {
    label(look, "Note");
    paragraph(use.note);
  }
  if (!use.disagreements.empty()) {
    label(look, "Other sources say otherwise");
    for (const Use::Other& other : use.disagreements) {
      ImGui::PushFont(look.fonts.bold);
      text(figure_text(use.id, other.value, use.unit));
      ImGui::PopFont();
      paragraph(other.source + (other.note.empty() ? "" : ": " + other.note), look.colours().muted);
    }
  }
}

std::string copied(const Explanation& e) {
  std::string words =
      std::string(e.subject.label) + " = " + figure_text(e.subject.id, e.subject.value, e.subject.unit) + "\n";
  if (!e.formula.empty()) words += "= " + e.formula + "\n= " + e.numbers + "\n";
  for (const Use& use : e.uses)
    words += std::string(use.label) + ": " + figure_text(use.id, use.value, use.unit) + " (" +
             std::string(origin_text(use.origin)) + (seller_line(use).empty() ? "" : ", " + seller_line(use)) + ")\n";
  return words;
}

void draw_figure(const Explanation& e, const Look& look, const std::function<void(std::string_view id)>& open) {
  ImGui::PushFont(look.fonts.title);
  paragraph(e.subject.label);
  ImGui::PopFont();
  ImGui::PushFont(look.fonts.bold);
  paragraph(figure_text(e.subject.id, e.subject.value, e.subject.unit), look.colours().accent);
  ImGui::PopFont();
  if (!e.formula.empty()) {
    label(look, "Formula");
    formula(look, e.formula);
    label(look, "With the numbers");
    formula(look, e.numbers);
  }
  if (!e.note.empty()) paragraph(e.note, look.colours().muted);
  if (e.subject.is_input) draw_source(look, e.subject);
  if (!e.uses.empty()) {
    ImGui::Dummy({1, look.px(4)});
    heading(look, "Stands on");
    for (const Use& use : e.uses)
      if (draw_use(look, use)) open(use.id);
  }
  ImGui::Dummy({1, look.px(4)});
  if (link(look, "copy", "Copy as text")) ImGui::SetClipboardText(copied(e).c_str());
}

void pair(const Look& look, std::string_view name, std::string_view value) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float value_width = text_size(value).x;
  text_at(at, look.colours().muted, name, width - value_width - look.px(12));
  text_at({at.x + width - value_width, at.y}, look.colours().ink, value);
  ImGui::Dummy({width, ImGui::GetTextLineHeight()});
}

std::string joined(const std::vector<std::string>& names) {
  std::string words;
  for (const std::string& name : names) {
    std::string plain = name;
    std::replace(plain.begin(), plain.end(), '_', ' ');
    words += (words.empty() ? "" : ", ") + plain;
  }
  return words;
}

void draw_price_row(const PriceRow& row, const Look& look) {
  ImGui::Dummy({1, look.px(4)});
  heading(look, "USD per million tokens");
  for (std::size_t i = 0; i < token_class_count; ++i)
    if (row.prices[i]) pair(look, info(static_cast<TokenClass>(i)).label, usd_text(*row.prices[i]));
  if (row.cache_storage_usd_per_mtok_hour)
    pair(look, "Stored cache, an hour", usd_text(*row.cache_storage_usd_per_mtok_hour));
  for (const ContextTier& tier : row.context_tiers) {
    label(look,
          (tier.inclusive ? "From a prompt of " : "Above a prompt of ") + number_text(tier.threshold) + " tokens");
    for (std::size_t i = 0; i < token_class_count; ++i)
      if (tier.prices[i]) pair(look, info(static_cast<TokenClass>(i)).label, usd_text(*tier.prices[i]));
  }
  if (!row.windows.empty()) {
    label(look, "At peak hours");
    for (std::size_t i = 0; i < token_class_count; ++i)
      if (const auto price = row.windows.front().prices[i])
        pair(look, info(static_cast<TokenClass>(i)).label, usd_text(*price));
  }
  if (!row.fees.empty()) label(look, "Fees, USD");
  for (const Fee& fee : row.fees) pair(look, fee.name + ", per " + fee.per, usd_text(fee.usd));
  label(look,
        row.status == PriceStatus::list ? "Source" : "Source (" + std::string(price_status_id(row.status)) + " price)");
  paragraph(row.source);
  if (link(look, "address", "Copy the address")) ImGui::SetClipboardText(row.source.c_str());
  std::string dates = "checked " + moment_text(row.checked);
  if (row.from) dates += ", in force from " + moment_text(*row.from);
  if (row.until) dates += " until " + moment_text(*row.until);
  paragraph(dates, look.colours().muted);
  if (!row.note.empty()) paragraph(row.note);
  for (const Disagreement& other : row.disagreements)
    paragraph(other.source + " disagrees. " + other.note, look.colours().muted);
}

void draw_facts(const Model& model, const Look& look) {
  heading(look, "Model");
  pair(look, "Key", model.key);
  if (model.context_tokens) pair(look, "Context", number_text(*model.context_tokens) + " tokens");
  if (model.max_output_tokens) pair(look, "Longest answer", number_text(*model.max_output_tokens) + " tokens");
  if (model.released) pair(look, "Released", moment_text(*model.released));
  if (model.retires) pair(look, "Retires", moment_text(*model.retires));
}

// What is no model for text, or not of this price list's comparison, has its prices all the same.
void draw_listed(const App& app, const Model& model, const Look& look) {
  ImGui::PushFont(look.fonts.title);
  paragraph(model.name);
  ImGui::PopFont();
  text(app.catalog().sellers[model.seller].name, look.colours().muted);
  std::string kind(model_kind_id(model.kind));
  paragraph("Not in the comparison: a model of the kind \"" + kind + "\".", look.colours().muted);
  ImGui::Dummy({1, look.px(4)});
  draw_facts(model, look);
  const Moment now = app.scenario().date.value_or(app.today());
  if (const PriceRow* row = row_at(model, ServiceTier::standard, now))
    draw_price_row(*row, look);
  else
    paragraph("No price of the standard tier is in force on " + moment_text(now) + ".", look.colours().muted);
}

void draw_model(const App& app, const ComparisonRow& row, const Look& look, Commands& commands) {
  const Model& model = *row.model;
  ImGui::PushFont(look.fonts.title);
  paragraph(model.name);
  ImGui::PopFont();
  text(row.seller->name, look.colours().muted);
  if (row.status == Status::ok) {
    ImGui::PushFont(look.fonts.bold);
    text(usd_or_unknown(row.usd_per_month) + " USD a month", look.colours().accent);
    ImGui::PopFont();
    if (row.model != app.comparison()->baseline)
      text(ratio_text(row.ratio_to_baseline) + " than " + app.comparison()->baseline->name, look.colours().muted);
  } else {
    paragraph(row.reason, look.colours().error);
  }
  if (row.model != app.comparison()->baseline) {
    if (ImGui::Button("Use this model", {-1, 0}))
      commands.push_back([key = model.key](App& a) { a.choose_model(key); });
  } else {
    text("This is the chosen model.", look.colours().muted);
  }
  ImGui::Dummy({1, look.px(4)});
  draw_facts(model, look);
  pair(look, "Tokens for each of the chosen model", number_text(row.token_factor));
  if (!model.capabilities.empty()) paragraph(joined(model.capabilities), look.colours().muted);
  if (row.row != nullptr) draw_price_row(*row.row, look);
}
}  // namespace

void draw_explain(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  if (app.can_go_back()) {
    if (link(look, "back", "Back")) commands.push_back([](App& a) { a.go_back(); });
    tip(look, "To what was explained before");
  } else {
    text("Explained", look.colours().muted);
  }
  ImGui::Dummy({1, look.px(2)});
  if (app.selection().kind == Selection::Kind::model) {
    if (const ComparisonRow* row = app.row_of(app.selection().id))
      draw_model(app, *row, look, commands);
    else if (const Result<const Model*> model = app.catalog().find_model(app.selection().id))
      draw_listed(app, **model, look);
    else
      error_text(look, model.error());
    return;
  }
  if (app.selection().kind == Selection::Kind::own) {
    const std::string& id = app.selection().id;
    // What "small/own_total" stands on is of the small model as well.
    const std::size_t slash = id.find('/');
    const std::string choice = slash == std::string::npos ? "" : id.substr(0, slash + 1);
    const Answer<Explanation>& answer = app.questions().own_figure(id);
    const Dimmed dimmed(look, answer.is_new());
    if (const Explanation* explanation = value_of(answer, look))
      draw_figure(*explanation, look, [&](std::string_view use) { select_own(commands, choice + std::string(use)); });
    return;
  }
  if (!app.explanation()) return;
  if (*app.explanation()) {
    draw_figure(**app.explanation(), look, [&](std::string_view id) { select_figure(commands, id); });
  } else {
    const Error& error = app.explanation()->error();
    paragraph(sentence(error.message), look.colours().error);
    paragraph(error.hint, look.colours().muted);
  }
}

}  // namespace tokenbill::desktop
