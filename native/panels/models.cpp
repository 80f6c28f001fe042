// All models for this workload: ranked, sortable, filtered; those that cannot serve it with the reason.

#include <algorithm>
#include <array>

#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
enum ColumnId : ImGuiID { rank, name, month, difference, request, input, cache_read, output, context };

std::string price_text(const ComparisonRow& row, TokenClass token_class) {
  if (row.row == nullptr) return "";
  return usd_or_unknown(resolve(row.row->prices, token_class));
}

std::optional<double> price_of(const ComparisonRow& row, TokenClass token_class) {
  return row.row == nullptr ? std::nullopt : resolve(row.row->prices, token_class);
}

void make_lines(const Comparison& comparison, ModelsView& view) {
  view.lines.clear();
  for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
    const ComparisonRow& row = comparison.rows[i];
    ModelLine line;
    line.row = i;
    if (row.rank > 0) line.rank = std::to_string(row.rank);
    if (row.status == Status::ok) {
      line.month = usd_or_unknown(row.usd_per_month);
      line.request = usd_or_unknown(row.usd_per_request);
      line.difference = row.model == comparison.baseline ? "chosen" : ratio_text(row.ratio_to_baseline);
    } else {
      line.difference = row.reason;
    }
    line.input = price_text(row, TokenClass::input);
    line.cache_read = price_text(row, TokenClass::cache_read);
    line.output = price_text(row, TokenClass::output);
    if (row.model->context_tokens) line.context = short_text(*row.model->context_tokens);
    line.searched = lower(row.model->name + " " + row.model->key + " " + row.seller->name);
    view.lines.push_back(std::move(line));
  }
}

// Unknown sorts last, in either direction.
int compare_amounts(const std::optional<double>& a, const std::optional<double>& b, bool descending) {
  if (a.has_value() != b.has_value()) return a.has_value() ? -1 : 1;
  if (!a || *a == *b) return 0;
  return (*a < *b) != descending ? -1 : 1;
}

void filter_and_sort(const Comparison& comparison, ModelsView& view, const ImGuiTableColumnSortSpecs* by) {
  view.shown.clear();
  const std::string query = lower(view.query);
  for (std::size_t i = 0; i < view.lines.size(); ++i) {
    const ComparisonRow& row = comparison.rows[view.lines[i].row];
    if (view.able_only && row.status != Status::ok) continue;
    if (matches(query, view.lines[i].searched)) view.shown.push_back(i);
  }
  if (by == nullptr) return;
  const bool descending = by->SortDirection == ImGuiSortDirection_Descending;
  const auto order = [&](std::size_t left, std::size_t right) {
    const ComparisonRow& a = comparison.rows[view.lines[left].row];
    const ComparisonRow& b = comparison.rows[view.lines[right].row];
    // Models that cannot serve stay below those that can, whatever the order.
    if ((a.status == Status::ok) != (b.status == Status::ok)) return a.status == Status::ok;
    int result = 0;
    switch (by->ColumnUserID) {
      case name: {
        const int letters = a.model->name.compare(b.model->name);
        result = letters == 0 ? 0 : (letters < 0) != descending ? -1 : 1;
        break;
      }
      case request:
        result = compare_amounts(a.usd_per_request, b.usd_per_request, descending);
        break;
      case input:
        result = compare_amounts(price_of(a, TokenClass::input), price_of(b, TokenClass::input), descending);
        break;
      case cache_read:
        result = compare_amounts(price_of(a, TokenClass::cache_read), price_of(b, TokenClass::cache_read), descending);
        break;
      case output:
        result = compare_amounts(price_of(a, TokenClass::output), price_of(b, TokenClass::output), descending);
        break;
      case context:
        result = compare_amounts(a.model->context_tokens, b.model->context_tokens, descending);
        break;
      default:
        result = compare_amounts(a.usd_per_month, b.usd_per_month, descending);
        break;
    }
    return result != 0 ? result < 0 : left < right;
  };
  std::sort(view.shown.begin(), view.shown.end(), order);
}

void draw_filters(const Comparison& comparison, View& view) {
  const Look& look = view.look;
  if (view.models.focus_search) {
    ImGui::SetKeyboardFocusHere();
    view.models.focus_search = false;
  }
  const float room = ImGui::GetContentRegionAvail().x;
  (void)search_field("##search", view.models.query, std::min(look.px(260), room), "Search models and sellers (Ctrl+F)");
  constexpr const char* only = "Only those that can serve";
  beside_if_it_fits(look, 16, ImGui::GetFrameHeight() + ImGui::GetStyle().ItemInnerSpacing.x + text_size(only).x);
  ImGui::Checkbox(only, &view.models.able_only);
  const auto able = std::count_if(comparison.rows.begin(), comparison.rows.end(),
                                  [](const ComparisonRow& row) { return row.status == Status::ok; });
  const std::string count = std::to_string(able) + " of " + std::to_string(comparison.rows.size()) + " can";
  beside_if_it_fits(look, 16, text_size(count).x);
  text(count, look.colours().muted);
  tip(look, "So many models of the price list can serve this workload. Below stand the others, with the reason.");
}

/// The columns that there is room for, and the numbers of each aligned at the decimal points.
struct Layout {
  std::vector<ColumnId> columns;
  std::array<Column, context + 1> numbers;

  [[nodiscard]] int index(ColumnId id) const {
    const auto found = std::find(columns.begin(), columns.end(), id);
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
  }
};

const char* head_of(ColumnId id) {
  static constexpr const char* heads[] = {"#",         "Model",  "USD a month", "Difference", "a request",
                                          "in / Mtok", "cached", "out / Mtok",  "Context"};
  return heads[id];
}

float width_of(const Layout& layout, ColumnId id, const Look& look) {
  if (id == rank) return text_size("0000").x;
  if (id == name) return look.px(180);
  if (id == difference) return look.px(104);
  return std::max(layout.numbers[id].width(), text_size(head_of(id)).x + look.px(16));
}

// What matters least goes first where the window is narrow.
Layout layout_of(const ModelsView& models, const Look& look, float width) {
  Layout layout;
  for (const ModelLine& line : models.lines) {
    layout.numbers[month].measure(line.month);
    layout.numbers[request].measure(line.request);
    layout.numbers[input].measure(line.input);
    layout.numbers[cache_read].measure(line.cache_read);
    layout.numbers[output].measure(line.output);
  }
  layout.columns = {rank, name, month, difference, request, input, cache_read, output, context};
  for (const ColumnId least : {cache_read, context, request, input, output}) {
    float needed = look.px(20);
    for (const ColumnId id : layout.columns) needed += width_of(layout, id, look) + look.px(12);
    if (needed <= width) break;
    layout.columns.erase(layout.columns.begin() + layout.index(least));
  }
  return layout;
}

void draw_number(const Layout& layout, ColumnId id, std::string_view number, ImU32 colour, float top) {
  const int column = layout.index(id);
  if (column < 0 || !ImGui::TableSetColumnIndex(column)) return;
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  layout.numbers[id].draw(right, top, colour, number);
}

void draw_row(const App& app, const Look& look, const Layout& layout, const ModelLine& line, Commands& commands) {
  const Palette& c = look.colours();
  const ComparisonRow& row = app.comparison()->rows[line.row];
  const bool able = row.status == Status::ok;
  const bool chosen = row.model == app.comparison()->baseline;
  const ImU32 ink = able ? c.ink : c.muted;
  ImGui::TableNextRow();
  ImGui::TableSetColumnIndex(0);
  ImGui::PushID(row.model);
  const bool selected = app.selection() == Selection{Selection::Kind::model, row.model->key};
  const float top = ImGui::GetCursorScreenPos().y;
  if (ImGui::Selectable("##row", selected,
                        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick)) {
    select_model(commands, row.model->key);
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
      commands.push_back([key = row.model->key](App& a) { a.choose_model(key); });
  }
  if (!able) tip(look, row.reason);
  ImGui::PopID();
  ImGui::TableSetColumnIndex(0);
  const float rank_right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  text_at({rank_right - text_size(line.rank).x, top}, c.muted, line.rank);

  ImGui::TableSetColumnIndex(1);
  const float room = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushFont(chosen ? look.fonts.bold : look.fonts.body);
  text_at({at.x, top}, ink, row.model->name, room);
  const float name_width = text_size(row.model->name).x + look.px(10);
  ImGui::PopFont();
  if (name_width + look.px(40) < room) text_at({at.x + name_width, top}, c.muted, row.seller->name, room - name_width);

  draw_number(layout, month, line.month, ink, top);
  if (ImGui::TableSetColumnIndex(layout.index(difference)))
    text_at({ImGui::GetCursorScreenPos().x, top},
            chosen ? c.accent
            : able ? c.ink
                   : c.muted,
            line.difference, ImGui::GetContentRegionAvail().x);
  draw_number(layout, request, line.request, c.muted, top);
  draw_number(layout, input, line.input, c.muted, top);
  draw_number(layout, cache_read, line.cache_read, c.muted, top);
  draw_number(layout, output, line.output, c.muted, top);
  // Sizes such as 400k and 1.05M have no decimal point in common.
  if (layout.index(context) >= 0 && ImGui::TableSetColumnIndex(layout.index(context))) {
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    text_at({right - text_size(line.context).x, top}, c.muted, line.context);
  }
}
}  // namespace

void draw_models(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Comparison* comparison = app.comparison();
  if (comparison == nullptr) {
    paragraph("All models of the price list appear here, ranked for this workload.", look.colours().muted);
    return;
  }
  ModelsView& models = view.models;
  draw_filters(*comparison, view);

  const bool new_lines = models.calculation != app.calculations();
  if (new_lines) {
    make_lines(*comparison, models);
    models.calculation = app.calculations();
  }

  const Layout layout = layout_of(models, look, ImGui::GetContentRegionAvail().x);
  const ImGuiTableFlags flags = ImGuiTableFlags_Sortable | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersOuterH |
                                ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingFixedFit;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {look.px(6), look.px(4)});
  // With another number of columns it is another table.
  const std::string id = "models" + std::to_string(layout.columns.size());
  const bool open = ImGui::BeginTable(id.c_str(), static_cast<int>(layout.columns.size()), flags);
  ImGui::PopStyleVar();
  if (!open) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  for (const ColumnId column : layout.columns) {
    const bool stretches = column == name || column == difference;
    ImGuiTableColumnFlags kind = stretches ? ImGuiTableColumnFlags_WidthStretch : ImGuiTableColumnFlags_WidthFixed;
    if (column == rank || column == difference) kind |= ImGuiTableColumnFlags_NoSort;
    if (column == month) kind |= ImGuiTableColumnFlags_DefaultSort;
    ImGui::TableSetupColumn(head_of(column), kind, width_of(layout, column, look), column);
  }
  ImGui::PushStyleColor(ImGuiCol_Text, look.colours().muted);
  ImGui::TableHeadersRow();
  ImGui::PopStyleColor();

  ImGuiTableSortSpecs* sort = ImGui::TableGetSortSpecs();
  if (new_lines || (sort != nullptr && sort->SpecsDirty) || models.shown_query != models.query ||
      models.shown_able_only != models.able_only) {
    filter_and_sort(*comparison, models, sort != nullptr && sort->SpecsCount > 0 ? sort->Specs : nullptr);
    models.shown_query = models.query;
    models.shown_able_only = models.able_only;
    if (sort != nullptr) sort->SpecsDirty = false;
  }

  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(models.shown.size()));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_row(app, look, layout, models.lines[models.shown[static_cast<std::size_t>(i)]], commands);
  ImGui::EndTable();
}

}  // namespace tokenbill::desktop
