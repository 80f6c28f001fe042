// The price list itself: each row with its source, when it was checked, and for how long it holds.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../grid.h"
#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
enum ColumnId : ImGuiID { name, tier, input, cache_read, output, status, valid, source, checked, days, column_count };

std::optional<double> price_of(const PriceLine& line, TokenClass token_class) {
  return resolve(line.row->prices, token_class);
}

std::string price_text(const PriceRow& row, TokenClass token_class) {
  return usd_or_unknown(resolve(row.prices, token_class));
}

std::string spaced(std::string_view id) {
  std::string words(id);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

/// "since 2026-08-01", "until 2026-12-31"; empty for a price without dates.
std::string valid_text(const PriceRow& row, Moment now) {
  if (row.from && *row.from > now)
    return "from " + moment_text(*row.from) + (row.until ? " until " + moment_text(*row.until) : "");
  if (row.until) return (*row.until > now ? "until " : "ended ") + moment_text(*row.until);
  return row.from ? "since " + moment_text(*row.from) : "";
}

/// The day whose prices are looked at: that of the scenario.
Moment day_of(const App& app) { return app.scenario().date.value_or(app.today()); }

void make_lines(const App& app, PricesView& view) {
  const Catalog& catalog = app.catalog();
  const Moment now = day_of(app);
  view.lines.clear();
  for (const Model& model : catalog.models)
    for (const PriceRow& row : model.prices) {
      PriceLine line;
      line.model = &model;
      line.row = &row;
      line.in_force = row_at(model, row.tier, now) == &row;
      line.age = day_number(app.today()) - day_number(row.checked);
      line.seller = catalog.sellers[model.seller].name;
      line.tier = spaced(service_tier_id(row.tier));
      line.input = price_text(row, TokenClass::input);
      line.cache_read = price_text(row, TokenClass::cache_read);
      line.output = price_text(row, TokenClass::output);
      // Models that count pictures, minutes or pages have fees in the place of tokens.
      const bool by_fees = line.input == unknown_word && line.output == unknown_word && !row.fees.empty();
      if (by_fees) line.input = "fees";
      if (by_fees || model.kind != ModelKind::chat) {
        line.cache_read.clear();
        if (line.output == unknown_word) line.output.clear();
      }
      line.status = price_status_id(row.status);
      line.valid = valid_text(row, now);
      line.host = source_text(row.source);
      line.checked = moment_text(row.checked);
      line.days = std::to_string(line.age);
      line.searched = lower(model.name + " " + model.key + " " + line.seller + " " + line.tier + " " + line.status +
                            " " + row.source + " " + spaced(model_kind_id(model.kind)));
      view.lines.push_back(std::move(line));
    }
}

int compare_texts(std::string_view a, std::string_view b) {
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Unknown sorts last, in either direction.
int compare_amounts(const std::optional<double>& a, const std::optional<double>& b, bool descending) {
  if (a.has_value() != b.has_value()) return (a.has_value() ? -1 : 1) * (descending ? -1 : 1);
  if (!a || *a == *b) return 0;
  return *a < *b ? -1 : 1;
}

void filter_and_sort(PricesView& view, const ImGuiTableColumnSortSpecs* by) {
  view.shown.clear();
  const std::string query = lower(view.query);
  for (std::size_t i = 0; i < view.lines.size(); ++i)
    if ((!view.in_force_only || view.lines[i].in_force) && matches(query, view.lines[i].searched))
      view.shown.push_back(i);
  if (by == nullptr) return;
  const bool descending = by->SortDirection == ImGuiSortDirection_Descending;
  const auto compare = [&](const PriceLine& a, const PriceLine& b) {
    switch (by->ColumnUserID) {
      case tier:
        return compare_texts(a.tier, b.tier);
      case input:
        return compare_amounts(price_of(a, TokenClass::input), price_of(b, TokenClass::input), descending);
      case cache_read:
        return compare_amounts(price_of(a, TokenClass::cache_read), price_of(b, TokenClass::cache_read), descending);
      case output:
        return compare_amounts(price_of(a, TokenClass::output), price_of(b, TokenClass::output), descending);
      case status:
        return compare_texts(a.status, b.status);
      case valid:
        return compare_texts(a.valid, b.valid);
      case source:
        return compare_texts(a.host, b.host);
      case checked:
      case days:
        return a.age < b.age ? -1 : a.age > b.age ? 1 : 0;
      default:
        return compare_texts(lower(a.model->name), lower(b.model->name));
    }
  };
  std::stable_sort(view.shown.begin(), view.shown.end(), [&](std::size_t left, std::size_t right) {
    const int order = compare(view.lines[left], view.lines[right]);
    return descending ? order > 0 : order < 0;
  });
}

/// The columns that there is room for, and the prices of each aligned at the decimal points.
struct Layout {
  std::vector<ColumnId> columns;
  std::array<Column, column_count> numbers;

  [[nodiscard]] int index(ColumnId id) const {
    const auto found = std::find(columns.begin(), columns.end(), id);
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
  }
};

constexpr std::array<const char*, column_count> heads{"Model",  "Tier",  "in / Mtok", "cached",  "out / Mtok",
                                                      "Status", "Valid", "Source",    "Checked", "Days ago"};

float width_of(const Layout& layout, ColumnId id, const Look& look) {
  const float head = text_size(heads.at(id)).x + look.px(16);
  switch (id) {
    case name:
      return look.px(210);
    case input:
    case cache_read:
    case output:
      return std::max(layout.numbers.at(id).width(), head);
    case tier:
      return std::max(head, text_size("standard").x);
    case status:
      return std::max(head, text_size("promotional").x);
    case valid:
      return std::max(head, text_size("until 2026-12-31").x);
    case source:
      return look.px(140);
    case checked:
      return std::max(head, text_size("2026-11-22").x);
    default:
      return head;
  }
}

Layout layout_of(const PricesView& prices, const Look& look, float width) {
  Layout layout;
  for (const PriceLine& line : prices.lines) {
    layout.numbers[input].measure(line.input);
    layout.numbers[cache_read].measure(line.cache_read);
    layout.numbers[output].measure(line.output);
  }
  layout.columns = {name, tier, input, cache_read, output, status, valid, source, checked, days};
  // What matters least goes first where the window is narrow.
  for (const ColumnId least : {cache_read, checked, valid, status, source, tier, days}) {
    float needed = look.px(20);
    for (const ColumnId id : layout.columns) needed += width_of(layout, id, look) + look.px(12);
    if (needed <= width) break;
    layout.columns.erase(layout.columns.begin() + layout.index(least));
  }
  return layout;
}

void draw_row(const App& app, const Look& look, const Layout& layout, const PriceLine& line, Commands& commands) {
  const Palette& c = look.colours();
  const ImU32 ink = line.in_force ? c.ink : c.muted;
  ImGui::TableNextRow();
  ImGui::TableSetColumnIndex(0);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float room = ImGui::GetContentRegionAvail().x;
  ImGui::PushID(line.row);
  const bool selected = app.selection() == Selection{Selection::Kind::model, line.model->key};
  if (ImGui::Selectable("##row", selected, ImGuiSelectableFlags_SpanAllColumns))
    select_model(commands, line.model->key);
  std::string told = line.model->name + ", " + line.seller + ", " + line.tier + "\n" + line.row->source + "\nchecked " +
                     line.checked + ", " + line.days + " days ago";
  if (!line.valid.empty()) told += "\n" + sentence(line.status) + " price, " + line.valid;
  if (!line.row->note.empty()) told += "\n" + line.row->note;
  tip(look, told + "\n\nA right click copies the address of the source.");
  if (ImGui::BeginPopupContextItem("source")) {
    if (ImGui::Selectable("Copy the address of the source")) ImGui::SetClipboardText(line.row->source.c_str());
    if (ImGui::Selectable("Copy the model's key")) ImGui::SetClipboardText(line.model->key.c_str());
    ImGui::EndPopup();
  }
  ImGui::PopID();
  text_at(at, ink, line.model->name, room);
  const float name_width = text_size(line.model->name).x + look.px(10);
  if (name_width + look.px(40) < room) text_at({at.x + name_width, at.y}, c.muted, line.seller, room - name_width);
  const auto words = [&](ColumnId id, std::string_view what, ImU32 colour) {
    const int column = layout.index(id);
    if (column < 0 || !ImGui::TableSetColumnIndex(column)) return;
    text_at({ImGui::GetCursorScreenPos().x, at.y}, colour, what, ImGui::GetContentRegionAvail().x);
  };
  const auto number = [&](ColumnId id, std::string_view what, ImU32 colour) {
    const int column = layout.index(id);
    if (column < 0 || !ImGui::TableSetColumnIndex(column)) return;
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    layout.numbers.at(id).draw(right, at.y, colour, what);
  };
  words(tier, line.tier, c.muted);
  number(input, line.input, ink);
  number(cache_read, line.cache_read, c.muted);
  number(output, line.output, ink);
  words(status, line.status, line.row->status == PriceStatus::list ? c.muted : c.warn);
  words(valid, line.valid, c.muted);
  words(source, line.host, c.muted);
  words(checked, line.checked, c.muted);
  number(days, line.days, ink);
}

/// A day on which something of the list changes.
struct Ahead {
  Moment date;
  const Model* model = nullptr;
  std::string words;
};

std::vector<Ahead> changes_ahead(const Catalog& catalog, Moment now) {
  std::vector<Ahead> ahead;
  for (const Model& model : catalog.models) {
    for (const PriceRow& row : model.prices) {
      if (row.status == PriceStatus::cancelled) continue;
      const std::string what = std::string(price_status_id(row.status)) + " price, " +
                               spaced(service_tier_id(row.tier)) + ": " + price_text(row, TokenClass::input) + " in, " +
                               price_text(row, TokenClass::output) + " out";
      if (row.from && *row.from > now) ahead.push_back({*row.from, &model, "Begins: " + what});
      if (row.until && *row.until > now) ahead.push_back({*row.until, &model, "Ends: " + what});
    }
    if (model.retires && *model.retires > now) ahead.push_back({*model.retires, &model, "The model retires."});
  }
  std::stable_sort(ahead.begin(), ahead.end(), [](const Ahead& a, const Ahead& b) { return a.date < b.date; });
  return ahead;
}

void draw_ahead(const Catalog& catalog, Moment now, const Look& look, Commands& commands) {
  const std::vector<Ahead> ahead = changes_ahead(catalog, now);
  if (ahead.empty()) return;
  const std::string head = std::to_string(ahead.size()) +
                           (ahead.size() == 1 ? " dated change ahead, " : " dated changes ahead, the first on ") +
                           moment_text(ahead.front().date);
  if (!unfolds(look, "ahead", head)) return;
  Grid grid;
  grid.columns = {{"On"}, {"Model", false, 0, 110}, {"What", false, 0, 150}};
  grid.rows_open = true;
  for (const Ahead& one : ahead)
    grid.rows.push_back(
        {{moment_text(one.date)}, {one.model->name, catalog.sellers[one.model->seller].name}, {one.words}});
  if (const auto press = draw_grid(look, "changes", grid)) select_model(commands, ahead[press->row].model->key);
}

void draw_left_out(const Catalog& catalog, const Look& look) {
  if (catalog.left_out.empty()) return;
  const std::string head = std::to_string(catalog.left_out.size()) +
                           (catalog.left_out.size() == 1 ? " entry was" : " entries were") +
                           " left out, with the reason";
  if (!unfolds(look, "left out", head)) return;
  for (const Error& error : catalog.left_out) aside(look, to_text(error), look.colours().warn);
}

void draw_services(const App& app, const Look& look) {
  const Catalog& catalog = app.catalog();
  if (catalog.services.empty()) return;
  const std::string head = std::to_string(catalog.services.size()) + " services beside models: stores, traces, guards";
  if (!unfolds(look, "services", head)) return;
  const Moment now = day_of(app);
  Grid grid;
  grid.columns = {{"Service", false, 0, 130}, {"base, USD a month", true, 1}, {"at least", true, 2},
                  {"Source", false, 3, 110},  {"Checked", false, 0, 90},      {"Days ago", true, 4, 60}};
  std::vector<const ServiceRow*> rows;
  for (const Service& service : catalog.services) {
    const ServiceRow* row = row_at(service, now);
    rows.push_back(row);
    GridCell source{row != nullptr ? source_text(row->source) : ""};
    if (row != nullptr) {
      source.tip = row->source + "\n\nA click copies the address.";
      source.door = true;
    }
    grid.rows.push_back({{service.name, spaced(service.kind)},
                         {row != nullptr ? usd_text(row->base_usd) : "none today"},
                         {row != nullptr && row->minimum_usd > 0 ? usd_text(row->minimum_usd) : ""},
                         std::move(source),
                         {row != nullptr ? moment_text(row->checked) : ""},
                         {row != nullptr ? std::to_string(day_number(app.today()) - day_number(row->checked)) : ""}});
  }
  if (const auto press = draw_grid(look, "services", grid); press && rows[press->row] != nullptr)
    ImGui::SetClipboardText(rows[press->row]->source.c_str());
}

void draw_filters(const App& app, PricesView& prices, const Look& look) {
  const float room = ImGui::GetContentRegionAvail().x;
  (void)search_field("##search", prices.query, std::min(look.px(260), room), "Search models, sellers, sources");
  const std::string only = "Only in force on " + moment_text(day_of(app));
  beside_if_it_fits(look, 16, ImGui::GetFrameHeight() + ImGui::GetStyle().ItemInnerSpacing.x + text_size(only).x);
  ImGui::Checkbox(only.c_str(), &prices.in_force_only);
}
}  // namespace

void draw_prices(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  PricesView& prices = view.prices;
  const Catalog& catalog = app.catalog();
  const bool new_lines = prices.calculation != app.calculations();
  if (new_lines) {
    make_lines(app, prices);
    prices.calculation = app.calculations();
  }
  paragraph(std::to_string(catalog.models.size()) + " models of " + std::to_string(catalog.sellers.size()) +
                " sellers, prices as of " + moment_text(catalog.as_of) + ", in USD per million tokens.",
            look.colours().muted);
  draw_ahead(catalog, day_of(app), look, commands);
  draw_left_out(catalog, look);
  draw_services(app, look);
  draw_filters(app, prices, look);

  const Layout layout = layout_of(prices, look, ImGui::GetContentRegionAvail().x);
  const ImGuiTableFlags flags = ImGuiTableFlags_Sortable | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersOuterH |
                                ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_SizingFixedFit;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {look.px(6), look.px(4)});
  // With another number of columns it is another table.
  const std::string id = "prices" + std::to_string(layout.columns.size());
  // Below what is unfolded the table keeps a readable height, and all of it scrolls.
  const float height = std::max(ImGui::GetContentRegionAvail().y, look.px(240));
  const bool open = ImGui::BeginTable(id.c_str(), static_cast<int>(layout.columns.size()), flags, {0, height});
  ImGui::PopStyleVar();
  if (!open) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  for (const ColumnId column : layout.columns) {
    const bool stretches = column == name || column == source;
    ImGui::TableSetupColumn(heads.at(column),
                            stretches ? ImGuiTableColumnFlags_WidthStretch : ImGuiTableColumnFlags_WidthFixed,
                            width_of(layout, column, look), column);
  }
  ImGui::PushStyleColor(ImGuiCol_Text, look.colours().muted);
  ImGui::TableHeadersRow();
  ImGui::PopStyleColor();

  ImGuiTableSortSpecs* sort = ImGui::TableGetSortSpecs();
  if (new_lines || (sort != nullptr && sort->SpecsDirty) || prices.shown_query != prices.query ||
      prices.shown_in_force_only != prices.in_force_only) {
    filter_and_sort(prices, sort != nullptr && sort->SpecsCount > 0 ? sort->Specs : nullptr);
    prices.shown_query = prices.query;
    prices.shown_in_force_only = prices.in_force_only;
    if (sort != nullptr) sort->SpecsDirty = false;
  }
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(prices.shown.size()));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_row(app, look, layout, prices.lines[prices.shown[static_cast<std::size_t>(i)]], commands);
  ImGui::EndTable();
}

}  // namespace tokenbill::desktop
