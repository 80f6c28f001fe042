// "What if": a figure of the bill while two to four inputs vary, as heat maps, for one model, two, or all of them.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "../sweep_csv.h"
#include "../widgets.h"
#include "panels.h"
#include "tokenbill/format.h"

namespace tokenbill::desktop {

namespace {
constexpr std::array<std::string_view, place_count> place_names{"across", "up", "maps beside", "maps below"};

struct Size {
  const char* name;
  double across, up;
};
constexpr std::array<Size, 4> sizes{{{"coarse: 60 × 40 cells", 60, 40},
                                     {"normal: 240 × 160", 240, 160},
                                     {"fine: 1200 × 800", 1200, 800},
                                     {"100 million cells, without a map", 10000, 10000}}};
/// With every model there are hundreds of values for each point of the map.
constexpr double most_kept_of_all = 1 << 22;
/// Under this a bar that flashes up is worse than none.
constexpr double quiet_seconds = 0.3;
constexpr int map_slot = 1;

const Parameter& parameter(std::string_view id) { return parameters()[parameter_index(id)]; }
bool can_vary(const Parameter& p) {
  return p.group != "own" && (p.kind == ParameterKind::number || p.kind == ParameterKind::optional_number);
}

SweepSpan span_of(const Scenario& scenario, std::string_view id) {
  const Parameter& p = parameter(id);
  const auto [low, high] = usual_span(p, scenario.value(id).value_or(p.default_value));
  const double floor = std::pow(10, std::floor(std::log10(high)) - 4);
  return {std::string(id), p.scale == Scale::log ? std::max(low, floor) : low, high, p.scale};
}

std::optional<SweepSpan>& span_at(SweepView& view, Place place) { return view.spans[static_cast<std::size_t>(place)]; }

// As many digits as a reader of a map can use.
std::string number_of(std::string_view id, double value) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.4g", value);
  const double rounded = std::abs(value) >= 100 ? std::round(value) : std::strtod(digits.data(), nullptr);
  return input_text(parameter(id), rounded);
}

std::string value_text(std::string_view id, double value) {
  const Parameter& p = parameter(id);
  const std::string unit = is_share(p) ? "" : unit_text(p.unit);
  return number_of(id, value) + (unit.empty() ? "" : " " + unit);
}

std::string tick_text(std::string_view id, double value) {
  const Parameter& p = parameter(id);
  return is_share(p) ? percent_text(value) : short_text(value);
}

std::string title_of(std::string_view id) {
  const Parameter& p = parameter(id);
  const std::string unit = is_share(p) ? "" : unit_text(p.unit);
  return std::string(p.label) + (unit.empty() ? "" : ", " + unit);
}

// What is asked

std::vector<std::string> models_of(const SweepView& view, const App& app) {
  if (view.rival == "all") return {"all"};
  const std::string own = app.bill() != nullptr ? app.bill()->model->key : app.scenario().model;
  if (view.rival.empty() || view.rival == own) return {};
  return {own, view.rival};
}

/// From the outermost axis to the one that runs fastest.
constexpr std::array<Place, place_count> axis_order{Place::rows, Place::columns, Place::y, Place::x};

SweepSpec spec_of(const SweepView& view, const App& app) {
  SweepSpec spec;
  spec.output = view.output;
  spec.models = models_of(view, app);
  const Size& size = sizes[static_cast<std::size_t>(view.size)];
  const int columns = view.spans[static_cast<std::size_t>(Place::columns)] ? view.columns : 1;
  const int rows = view.spans[static_cast<std::size_t>(Place::rows)] ? view.rows : 1;
  const double models = view.rival == "all" ? static_cast<double>(app.catalog().models.size())
                                            : std::max<double>(1, static_cast<double>(spec.models.size()));
  double shrink = 1;
  if (view.size != SweepSize::huge) {
    const double most = view.rival == "all" ? most_kept_of_all : static_cast<double>(max_kept_cells);
    shrink = std::min(1.0, std::sqrt(most / (size.across * size.up * models)));
  }
  // Maps beside each other share the cells of one.
  const auto steps = [&](double whole, int panels) {
    return static_cast<std::uint32_t>(std::max(2.0, std::floor(whole / panels * shrink)));
  };
  for (const Place place : axis_order) {
    const std::optional<SweepSpan>& span = view.spans[static_cast<std::size_t>(place)];
    if (!span) continue;
    SweepAxis axis{span->id, span->from, span->to, 2, span->from > 0 ? span->scale : Scale::linear};
    axis.steps = place == Place::x         ? steps(size.across, columns)
                 : place == Place::y       ? steps(size.up, rows)
                 : place == Place::columns ? static_cast<std::uint32_t>(columns)
                                           : static_cast<std::uint32_t>(rows);
    spec.axes.push_back(std::move(axis));
  }
  return spec;
}

std::string text_of(const SweepSpec& spec, int calculation) {
  std::string text = std::to_string(calculation) + " " + spec.output;
  for (const std::string& model : spec.models) text += " " + model;
  for (const SweepAxis& axis : spec.axes)
    text += " " + axis.id + "=" + exact_text(axis.from) + ":" + exact_text(axis.to) + ":" + std::to_string(axis.steps) +
            (axis.scale == Scale::log ? ":log" : "");
  return text;
}

// Small sweeps follow every change; a large one waits until it is asked for.
void ask(const App& app, SweepView& view, Commands& commands) {
  const SweepSpec spec = spec_of(view, app);
  const std::string text = text_of(spec, app.calculations());
  const bool asked_for = std::exchange(view.run, false);
  if (!asked_for && (view.size == SweepSize::huge || text == view.asked)) return;
  view.asked = text;
  commands.push_back(
      [spec, keep = view.size != SweepSize::huge](App& a) { a.sweep().start(a.questions().subject(), spec, keep); });
}

// What is made of a result

/// Which axis of the sweep stands at a place.
std::optional<std::size_t> axis_at(const SweepSpec& spec, const SweepView& view, Place place) {
  const std::optional<SweepSpan>& span = view.spans[static_cast<std::size_t>(place)];
  for (std::size_t i = 0; span && i < spec.axes.size(); ++i)
    if (spec.axes[i].id == span->id) return i;
  return std::nullopt;
}

struct Grid {
  std::size_t across = 1, up = 1, columns = 1, rows = 1;
  [[nodiscard]] std::size_t points() const { return across * up * columns * rows; }
  [[nodiscard]] std::size_t point(const CellPlace& at) const {
    return ((static_cast<std::size_t>(at.row) * columns + static_cast<std::size_t>(at.column)) * up +
            static_cast<std::size_t>(at.y)) *
               across +
           static_cast<std::size_t>(at.x);
  }
  [[nodiscard]] CellPlace place(std::size_t point) const {
    const std::size_t panel = point / (across * up);
    return {static_cast<int>(panel % columns), static_cast<int>(panel / columns), static_cast<int>(point % across),
            static_cast<int>(point / across % up)};
  }
};

// The axes of a result follow each other as axis_order has them; which of the outer two there is, its spec tells.
Grid grid_of(const SweepFound& found, const SweepView& view) {
  Grid grid;
  const std::vector<SweepAxis>& axes = found.sweep().axes;
  grid.across = axes[axes.size() - 1].steps;
  grid.up = axes[axes.size() - 2].steps;
  if (const auto columns = axis_at(found.spec, view, Place::columns)) grid.columns = axes[*columns].steps;
  if (const auto rows = axis_at(found.spec, view, Place::rows)) grid.rows = axes[*rows].steps;
  return grid;
}

/// Whether the places are still those that the result was asked for.
bool fits(const SweepFound& found, const SweepView& view) {
  std::size_t next = 0;
  for (const Place place : axis_order) {
    const std::optional<SweepSpan>& span = view.spans[static_cast<std::size_t>(place)];
    if (!span) continue;
    if (next == found.spec.axes.size() || found.spec.axes[next].id != span->id) return false;
    ++next;
  }
  return next == found.spec.axes.size();
}

std::span<const double> cells_of(const SweepFound& found, std::size_t model, std::size_t points) {
  return std::span<const double>(found.result.cells).subspan(model * points, points);
}

/// Above 0 where the second costs more; NaN where one has no figure.
double log_ratio(double a, double b) { return a == b ? 0 : std::log(b / a); }

void rank_models(const SweepFound& found, SweepView& view) {
  const std::size_t models = found.sweep().models.size();
  std::vector<std::size_t> order(models);
  for (std::size_t i = 0; i < models; ++i) order[i] = i;
  if (models > 1)
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return found.result.total.wins[a] > found.result.total.wins[b];
    });
  view.ranks.assign(models, 0);
  for (std::size_t rank = 0; rank < models; ++rank) view.ranks[order[rank]] = rank;
}

void find_winners(const SweepFound& found, std::size_t points, SweepView& view) {
  view.winners.assign(points, -1);
  std::vector<double> least(points, std::numeric_limits<double>::infinity());
  for (std::size_t model = 0; model < found.sweep().models.size(); ++model) {
    const std::span<const double> cells = cells_of(found, model, points);
    for (std::size_t i = 0; i < points; ++i)
      if (cells[i] < least[i]) {
        least[i] = cells[i];
        view.winners[i] = static_cast<std::int16_t>(model);
      }
  }
}

/// The model whose amounts are to be drawn; absent where a comparison is.
std::optional<std::size_t> amounts_of(const SweepFound& found, const SweepView& view) {
  const std::vector<std::string>& models = found.sweep().models;
  if (models.size() == 1) return 0;
  const auto at = std::find(models.begin(), models.end(), view.showing);
  if (at == models.end()) return std::nullopt;
  return static_cast<std::size_t>(at - models.begin());
}

MapAxis map_axis(const SweepAxis& axis) {
  return {axis_values(axis), axis.scale == Scale::log && axis.from > 0, title_of(axis.id),
          [id = axis.id](double value) { return tick_text(id, value); }};
}

void paint(const SweepFound& found, const Scenario& scenario, View& all) {
  SweepView& view = all.sweep;
  const Grid grid = grid_of(found, view);
  const std::size_t points = grid.points();
  rank_models(found, view);
  view.scale.reset();
  view.winners.clear();
  std::vector<ImU32> pixels(points, 0);
  const auto put = [&](std::size_t point, ImU32 colour) {
    const CellPlace at = grid.place(point);
    const std::size_t panel = static_cast<std::size_t>(at.row) * grid.columns + static_cast<std::size_t>(at.column);
    const std::size_t line = panel * grid.up + (grid.up - 1 - static_cast<std::size_t>(at.y));
    pixels[line * grid.across + static_cast<std::size_t>(at.x)] = colour;
  };
  if (const auto model = amounts_of(found, view)) {
    const std::span<const double> cells = cells_of(found, *model, points);
    view.scale = ColourScale::of(cells);
    for (std::size_t i = 0; view.scale && i < points; ++i)
      if (!std::isnan(cells[i])) put(i, colour_at(view.scale->share(cells[i])));
  } else if (found.sweep().models.size() == 2) {
    const std::span<const double> a = cells_of(found, 0, points), b = cells_of(found, 1, points);
    view.reach = std::log(1.05);
    for (std::size_t i = 0; i < points; ++i) {
      const double ratio = std::abs(log_ratio(a[i], b[i]));
      if (ratio > view.reach) view.reach = ratio;
    }
    view.reach = std::min(view.reach, std::log(10.0));
    for (std::size_t i = 0; i < points; ++i) {
      if (std::isnan(a[i]) && std::isnan(b[i])) continue;
      if (std::isnan(a[i]) || std::isnan(b[i]))
        put(i, winner_colour(winner_colours));  // grey: only one of them has a figure
      else
        put(i, duel_colour(std::clamp(0.5 - log_ratio(a[i], b[i]) / view.reach / 2, 0.0, 1.0)));
    }
  } else {
    find_winners(found, points, view);
    for (std::size_t i = 0; i < points; ++i)
      if (view.winners[i] >= 0) put(i, winner_colour(view.ranks[static_cast<std::size_t>(view.winners[i])]));
  }

  const std::vector<SweepAxis>& axes = found.sweep().axes;
  view.map = {};
  view.map.x = map_axis(axes[axes.size() - 1]);
  view.map.y = map_axis(axes[axes.size() - 2]);
  view.map.columns = static_cast<int>(grid.columns);
  view.map.rows = static_cast<int>(grid.rows);
  const auto outer_text = [&](Place place, int index) -> std::string {
    const auto axis = axis_at(found.spec, view, place);
    if (!axis) return "";
    return std::string(parameter(axes[*axis].id).label) + " " +
           number_of(axes[*axis].id, axis_values(axes[*axis])[static_cast<std::size_t>(index)]);
  };
  int here = -1;
  for (int row = 0; row < view.map.rows; ++row)
    for (int column = 0; column < view.map.columns; ++column) {
      const std::string beside = outer_text(Place::columns, column), below = outer_text(Place::rows, row);
      if (view.map.rows * view.map.columns > 1)
        view.map.heads.push_back(beside + (beside.empty() || below.empty() ? "" : ", ") + below);
      // Panels hold single values: the scenario is in one only where it has exactly that value.
      const auto same = [&](Place place, int index) {
        const auto axis = axis_at(found.spec, view, place);
        return !axis || axis_values(axes[*axis])[static_cast<std::size_t>(index)] == scenario.value(axes[*axis].id);
      };
      if (same(Place::columns, column) && same(Place::rows, row)) here = row * view.map.columns + column;
    }
  const std::optional<double> x = scenario.value(axes[axes.size() - 1].id);
  const std::optional<double> y = scenario.value(axes[axes.size() - 2].id);
  if (here >= 0 && x && y) view.map.here = HeatMap::Here{*x, *y, here};
  view.map.picture = all.platform->show(map_slot, static_cast<int>(grid.across),
                                        static_cast<int>(grid.up * grid.columns * grid.rows), pixels);
}

// The controls

void draw_parameter_list(View& view, Place place, const Scenario& scenario) {
  const Look& look = view.look;
  SweepView& sweep = view.sweep;
  if (ImGui::IsWindowAppearing()) {
    sweep.picker_query.clear();
    ImGui::SetKeyboardFocusHere();
  }
  (void)search_field("##query", sweep.picker_query, look.px(300), "Search inputs");
  const std::string query = lower(sweep.picker_query);
  const bool may_be_none = place == Place::columns || place == Place::rows;
  if (may_be_none && query.empty() && ImGui::Selectable("none", !span_at(sweep, place))) span_at(sweep, place).reset();
  for (const Parameter& p : parameters()) {
    if (!can_vary(p) || !matches(query, lower(std::string(p.label) + " " + std::string(p.id)))) continue;
    const bool chosen = span_at(sweep, place) && span_at(sweep, place)->id == p.id;
    if (!ImGui::Selectable((std::string(p.label) + "##" + std::string(p.id)).c_str(), chosen) || chosen) continue;
    // One that stands elsewhere changes places with what is here.
    const auto other = std::find_if(sweep.spans.begin(), sweep.spans.end(),
                                    [&](const std::optional<SweepSpan>& s) { return s && s->id == p.id; });
    if (other == sweep.spans.end()) {
      span_at(sweep, place) = span_of(scenario, p.id);
    } else if (span_at(sweep, place) || other - sweep.spans.begin() > 1) {
      std::swap(*other, span_at(sweep, place));
    }
  }
}

void draw_end(View& view, Place place, bool upper, float width) {
  SweepView& sweep = view.sweep;
  SweepSpan& span = *span_at(sweep, place);
  const Parameter& p = parameter(span.id);
  double& value = upper ? span.to : span.from;
  std::string& problem = sweep.problems[2 * static_cast<std::size_t>(place) + (upper ? 1 : 0)];
  std::string typed = input_text(p, value);
  if (field(upper ? "##to" : "##from", typed, width)) {
    Scenario read;
    const bool plain = is_share(p) && typed.find('%') == std::string::npos;
    const auto error = read.set(p.id, plain ? typed + " %" : typed);
    const std::optional<double> number = read.value(p.id);
    problem.clear();
    if (error || !number)
      problem = error ? sentence(error->message) + " " + error->hint : "Expected a number.";
    else if (upper ? *number <= span.from : *number >= span.to)
      problem = "The first end has to be below the second one.";
    else
      value = *number;
  }
}

void draw_place(const App& app, View& view, Place place) {
  const Look& look = view.look;
  SweepView& sweep = view.sweep;
  ImGui::PushID(static_cast<int>(place));
  ImGui::AlignTextToFramePadding();
  text(place_names[static_cast<std::size_t>(place)], look.colours().muted);
  const float label = look.px(104);
  ImGui::SameLine(label);
  const std::optional<SweepSpan> span = span_at(sweep, place);
  const float room = ImGui::GetContentRegionAvail().x;
  const float end_width = look.px(92);
  const float list_width = std::clamp(room - 2 * end_width - look.px(150), look.px(120), look.px(280));
  if (begin_choice(look, "##parameter", span ? parameter(span->id).label : "none", list_width)) {
    draw_parameter_list(view, place, app.scenario());
    ImGui::EndCombo();
  }
  if (span_at(sweep, place)) {
    ImGui::SameLine();
    draw_end(view, place, false, end_width);
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    text("to", look.colours().muted);
    ImGui::SameLine();
    draw_end(view, place, true, end_width);
    const Parameter& p = parameter(span_at(sweep, place)->id);
    const bool log = span_at(sweep, place)->scale == Scale::log && span_at(sweep, place)->from > 0;
    std::string words = is_share(p) ? "" : unit_text(p.unit);
    if (log) words += words.empty() ? "logarithmic" : ", logarithmic";
    if (place == Place::columns || place == Place::rows) {
      int& count = place == Place::columns ? sweep.columns : sweep.rows;
      ImGui::SameLine();
      if (begin_choice(look, "##count", std::to_string(count) + " values", look.px(96))) {
        for (int n = 2; n <= 5; ++n)
          if (ImGui::Selectable((std::to_string(n) + " values").c_str(), n == count)) count = n;
        ImGui::EndCombo();
      }
    } else if (!words.empty() && ImGui::GetItemRectMax().x + text_size(words).x + look.px(12) <
                                     ImGui::GetWindowPos().x + ImGui::GetWindowWidth()) {
      ImGui::SameLine();
      text(words, look.colours().muted);
    }
    for (std::size_t k = 0; k < 2; ++k)
      if (const std::string& problem = sweep.problems[2 * static_cast<std::size_t>(place) + k]; !problem.empty())
        paragraph(problem, look.colours().error);
  }
  ImGui::PopID();
}

std::string model_name(const App& app, std::string_view key) {
  const ComparisonRow* row = app.row_of(key);
  return row == nullptr ? std::string(key) : row->model->name + " (" + row->seller->name + ")";
}

void draw_rival(const App& app, View& view) {
  const Look& look = view.look;
  SweepView& sweep = view.sweep;
  const std::string chosen = sweep.rival.empty()    ? "the scenario's model alone"
                             : sweep.rival == "all" ? "all models"
                                                    : "against " + model_name(app, sweep.rival);
  if (!begin_choice(look, "##rival", chosen, look.px(280))) return;
  if (ImGui::IsWindowAppearing()) sweep.picker_query.clear();
  (void)search_field("##query", sweep.picker_query, look.px(300), "Search models");
  const std::string query = lower(sweep.picker_query);
  const auto pick = [&](const char* words, const char* rival) {
    if (query.empty() && ImGui::Selectable(words, sweep.rival == rival)) {
      sweep.rival = rival;
      sweep.showing.clear();
    }
  };
  pick("the scenario's model alone", "");
  pick("all models: which is the cheapest where", "all");
  if (app.comparison() != nullptr)
    for (const ComparisonRow& row : app.comparison()->rows) {
      if (row.status != Status::ok || row.model == app.comparison()->baseline) continue;
      const std::string name = row.model->name + " (" + row.seller->name + ")";
      if (!matches(query, lower(name + " " + row.model->key))) continue;
      if (ImGui::Selectable((name + "##" + row.model->key).c_str(), sweep.rival == row.model->key)) {
        sweep.rival = row.model->key;
        sweep.showing.clear();
      }
    }
  ImGui::EndCombo();
}

void draw_controls(const App& app, View& view) {
  const Look& look = view.look;
  SweepView& sweep = view.sweep;
  draw_place(app, view, Place::x);
  draw_place(app, view, Place::y);
  sweep.more = sweep.more || span_at(sweep, Place::columns) || span_at(sweep, Place::rows);
  if (sweep.more) {
    draw_place(app, view, Place::columns);
    draw_place(app, view, Place::rows);
  } else if (link(look, "more", "Vary a third and a fourth input, from map to map")) {
    sweep.more = true;
  }
  choose_total(look, sweep.output);
  beside_if_it_fits(look, 8, look.px(280));
  draw_rival(app, view);
  beside_if_it_fits(look, 8, look.px(250));
  const Size& size = sizes[static_cast<std::size_t>(sweep.size)];
  if (begin_choice(look, "##size", size.name, look.px(250))) {
    for (std::size_t k = 0; k < sizes.size(); ++k)
      if (ImGui::Selectable(sizes[k].name, k == static_cast<std::size_t>(sweep.size)))
        sweep.size = static_cast<SweepSize>(k);
    ImGui::EndCombo();
  }
  if (sweep.size == SweepSize::huge && !app.sweep().is_running()) {
    beside_if_it_fits(look, 8, look.px(60));
    if (ImGui::Button("Run")) sweep.run = true;
  }
}

std::string count_text(std::uint64_t count) { return number_text(static_cast<double>(count)); }

void draw_progress(const App& app, const Look& look, Commands& commands) {
  if (!app.sweep().is_running()) return;
  const SweepProgress progress = app.sweep().progress();
  if (progress.seconds < quiet_seconds) return;
  const double share = progress.of > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.of) : 0;
  const double rate = static_cast<double>(progress.done) / progress.seconds;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::min(look.px(220), ImGui::GetContentRegionAvail().x);
  const float height = ImGui::GetFrameHeight();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float inset = std::round(height * 0.3F);
  list->AddRectFilled({at.x, at.y + inset}, {at.x + width, at.y + height - inset}, look.colours().line);
  list->AddRectFilled({at.x, at.y + inset}, {at.x + width * static_cast<float>(share), at.y + height - inset},
                      look.colours().accent);
  ImGui::Dummy({width, height});
  ImGui::SameLine();
  if (ImGui::Button("Cancel")) commands.push_back([](App& a) { a.sweep().cancel(); });
  tip(look, "Keeps what is done.");
  const std::string words = progress.of == 0 || rate <= 0
                                ? std::string("getting ready")
                                : count_text(progress.done) + " of " + count_text(progress.of) + " cells, " +
                                      short_text(rate) + " a second, " +
                                      number_text(std::ceil(static_cast<double>(progress.of - progress.done) / rate)) +
                                      " s left";
  beside_if_it_fits(look, 12, text_size(words).x);
  ImGui::AlignTextToFramePadding();
  text(words, look.colours().muted);
}

// What was found

std::string amount(const SweepFound& found, double value) {
  const Sweep::Output& output = found.sweep().outputs.front();
  return std::isnan(value) ? std::string("no figure") : quantity_text(value, output.unit);
}

std::string where_text(const SweepFound& found, std::uint64_t cell) {
  const Sweep& sweep = found.sweep();
  const std::vector<double> point = sweep.point(cell);
  std::string words;
  for (std::size_t k = sweep.axes.size(); k-- > 0;)
    words += (words.empty() ? "" : ", ") + std::string(parameter(sweep.axes[k].id).label) + " " +
             value_text(sweep.axes[k].id, point[k]);
  return words;
}

void adopt(const SweepFound& found, std::uint64_t cell, bool with_model, Commands& commands) {
  const Sweep& sweep = found.sweep();
  const std::vector<double> point = sweep.point(cell);
  std::vector<std::pair<std::string, double>> values;
  for (std::size_t k = 0; k < sweep.axes.size(); ++k) values.emplace_back(sweep.axes[k].id, point[k]);
  const std::string model = with_model ? sweep.models[sweep.model_of(cell)] : "";
  commands.push_back([values, model](App& a) { a.adopt(values, model); });
}

void draw_cell_line(const App& app, const SweepFound& found, const char* id, std::string_view words,
                    const SweepCell& cell, const Look& look, Commands& commands) {
  ImGui::PushID(id);
  text(words, look.colours().muted);
  ImGui::SameLine(look.px(72));
  std::string line = amount(found, cell.value) + "  at " + where_text(found, cell.cell);
  if (found.sweep().by_model()) line += ", " + model_name(app, found.sweep().models[found.sweep().model_of(cell.cell)]);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  if (ImGui::InvisibleButton("cell", {std::max(1.0F, std::min(text_size(line).x, width)), ImGui::GetTextLineHeight()}))
    adopt(found, cell.cell, found.sweep().by_model(), commands);
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  tip(look, line + "\nA click takes these values over into the scenario.");
  text_at(at, hovered ? look.colours().accent : look.colours().ink, line, width);
  ImGui::PopID();
}

void draw_models(const App& app, const SweepFound& found, View& view) {
  const Look& look = view.look;
  const SweepTotal& total = found.result.total;
  std::uint64_t points = 0;
  for (const std::uint64_t wins : total.wins) points += wins;
  std::vector<std::size_t> order(view.sweep.ranks.size());
  for (std::size_t model = 0; model < order.size(); ++model) order[view.sweep.ranks[model]] = model;
  ImGui::Dummy({1, look.px(4)});
  heading(look, "Which model is the cheapest how often");
  std::size_t shown = 0;
  for (const std::size_t model : order) {
    if (total.wins[model] == 0 || shown == 12) break;
    const double share = static_cast<double>(total.wins[model]) / static_cast<double>(points);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = std::round(ImGui::GetTextLineHeight() * 1.35F);
    const std::string& key = found.sweep().models[model];
    ImGui::PushID(key.c_str());
    if (ImGui::InvisibleButton("model", {ImGui::GetContentRegionAvail().x, height}))
      view.sweep.showing = view.sweep.showing == key ? "" : key;
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    tip(look, "A click shows the amounts of this model on the map, a second one which model is the cheapest.");
    ImGui::PopID();
    const float mark = look.px(10);
    const float top = at.y + std::round((height - ImGui::GetTextLineHeight()) / 2);
    if (found.sweep().models.size() > 2)
      ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + (height - mark) / 2},
                                                {at.x + mark, at.y + (height + mark) / 2}, winner_colour(shown));
    else
      ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + (height - mark) / 2},
                                                {at.x + mark, at.y + (height + mark) / 2},
                                                duel_colour(model == 0 ? 0 : 1));
    const bool chosen = view.sweep.showing == key;
    const std::string percent = percent_or_unknown(share);
    text_at({at.x + look.px(72) - text_size(percent).x, top}, look.colours().ink, percent);
    const std::string median =
        total.models[model].count > 0 ? "median " + amount(found, *total.models[model].histogram.percentile(0.5)) : "";
    const float right = at.x + ImGui::GetContentRegionAvail().x - text_size(median).x - look.px(8);
    text_at({at.x + look.px(88), top}, hovered || chosen ? look.colours().accent : look.colours().ink,
            model_name(app, key), right - at.x - look.px(96));
    text_at({right, top}, look.colours().muted, median);
    ++shown;
  }
  if (!found.sweep().left_out.empty())
    paragraph(count_text(found.sweep().left_out.size()) +
                  " models are left out: they cannot serve somewhere on the map, or a price of theirs is not known.",
              look.colours().muted);
}

void draw_found(const App& app, const SweepFound& found, View& view, Commands& commands) {
  const Look& look = view.look;
  const SweepTotal& total = found.result.total;
  std::string line = count_text(total.done) + " cells in " + brief_text(found.seconds) + " s, " +
                     short_text(static_cast<double>(total.done) / std::max(found.seconds, 1e-6)) +
                     " a second on all cores, 64 bits";
  if (found.result.partial) {
    line = "PARTIAL: stopped after " + count_text(total.done) + " of " + count_text(found.result.of) +
           " cells. What is told below holds for these alone.";
    paragraph(line, look.colours().warn);
  } else {
    paragraph(line, look.colours().muted);
  }
  if (total.impossible > 0)
    paragraph(count_text(total.impossible) + " cells exceed a limit of the model and have no price.",
              look.colours().muted);
  if (!total.all.minimum) return;
  draw_cell_line(app, found, "lowest", "lowest", *total.all.minimum, look, commands);
  draw_cell_line(app, found, "highest", "highest", *total.all.maximum, look, commands);
  const auto at = [&](double share) { return amount(found, *total.all.histogram.percentile(share)); };
  const std::string unit = unit_text(found.sweep().outputs.front().unit);
  paragraph("Half of the cells lie below " + at(0.5) + " " + unit + ", one in twenty below " + at(0.05) +
            ", one in twenty above " + at(0.95) + "; their mean is " + amount(found, total.all.mean) + ".");
  if (found.sweep().by_model()) draw_models(app, found, view);
}

// The map

void draw_key(const Look& look, const SweepFound& found, const SweepView& view) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::min(look.px(180), ImGui::GetContentRegionAvail().x / 3);
  const float height = look.px(10);
  ImGui::PushFont(look.fonts.small);
  const float line = ImGui::GetTextLineHeight();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto band = [&](const auto& colour) {
    constexpr int steps = 60;
    for (int i = 0; i < steps; ++i)
      list->AddRectFilled({at.x + width * static_cast<float>(i) / steps, at.y + (line - height) / 2},
                          {at.x + width * static_cast<float>(i + 1) / steps, at.y + (line + height) / 2},
                          colour((i + 0.5) / steps));
  };
  std::string words;
  if (view.scale) {
    band(colour_at);
    words = amount(found, view.scale->low) + " to " + amount(found, view.scale->high) + " " +
            unit_text(found.sweep().outputs.front().unit) + (view.scale->log ? ", logarithmic" : "");
  } else if (found.sweep().models.size() == 2) {
    band(duel_colour);
    words = "blue: " + found.sweep().models[0] + " is cheaper, orange: " + found.sweep().models[1] + "; full colour " +
            number_text(std::round(std::exp(view.reach) * 100) / 100) + "×";
  }
  if (!words.empty()) {
    text_at({at.x + width + look.px(10), at.y}, look.colours().muted, words,
            ImGui::GetContentRegionAvail().x - width - look.px(10));
    ImGui::Dummy({width, line});
  }
  ImGui::PopFont();
}

// What the cell under the cursor says, in the core's figures.
std::string cursor_text(const App& app, const SweepFound& found, const SweepView& view, const Grid& grid) {
  if (!view.cursor)
    return "Point at the map, or click it and walk with the arrow keys; Enter or a double click takes a cell over.";
  const std::size_t point = grid.point(*view.cursor);
  const auto value = [&](std::size_t model) { return found.result.cells[model * grid.points() + point]; };
  std::string words = where_text(found, point) + ":  ";
  const std::string unit = " " + unit_text(found.sweep().outputs.front().unit);
  if (const auto model = amounts_of(found, view)) return words + amount(found, value(*model)) + unit;
  if (found.sweep().models.size() == 2)
    return words + found.sweep().models[0] + " " + amount(found, value(0)) + ", " + found.sweep().models[1] + " " +
           amount(found, value(1)) + unit;
  const std::int16_t winner = view.winners[point];
  if (winner < 0) return words + "no model can serve";
  const auto model = static_cast<std::size_t>(winner);
  return words + model_name(app, found.sweep().models[model]) + " " + amount(found, value(model)) + unit;
}

// Maps lie beside each other: a step over the edge of one leads into the next.
void walk(SweepView& view, const Grid& grid, int across, int up) {
  const CellPlace from =
      view.cursor.value_or(CellPlace{0, 0, static_cast<int>(grid.across / 2), static_cast<int>(grid.up / 2)});
  const auto width = static_cast<int>(grid.across), height = static_cast<int>(grid.up);
  const auto columns = static_cast<int>(grid.columns), rows = static_cast<int>(grid.rows);
  const int x = std::clamp(from.column * width + from.x + across, 0, columns * width - 1);
  const int y = std::clamp((rows - 1 - from.row) * height + from.y + up, 0, rows * height - 1);
  view.cursor = CellPlace{x / width, rows - 1 - y / height, x % width, y % height};
}

void draw_map(const App& app, const SweepFound& found, View& view, Commands& commands) {
  const Look& look = view.look;
  SweepView& sweep = view.sweep;
  const Grid grid = grid_of(found, sweep);
  const float width = ImGui::GetContentRegionAvail().x;
  const float height =
      std::clamp(width * 0.56F, look.px(220), std::max(look.px(260), ImGui::GetWindowHeight() - look.px(190)));
  draw_key(look, found, sweep);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("map", {width, height});
  const bool hovered = ImGui::IsItemHovered();
  // Clicked, or entered by the keyboard: from then on the arrow keys walk over the map until Escape.
  if (ImGui::IsItemActivated()) {
    view.walking = true;
    if (!sweep.cursor) walk(sweep, grid, 0, 0);
  } else if (view.walking && (ImGui::IsMouseClicked(0) || key_pressed(ImGuiKey_Escape))) {
    view.walking = false;
  }
  sweep.map.cursor = sweep.cursor;
  const std::optional<CellPlace> under = draw_heat_map(look, sweep.map, at, {at.x + width, at.y + height});
  if (view.walking)
    ImGui::GetWindowDrawList()->AddRect({at.x - look.px(2), at.y}, {at.x + width, at.y + height + look.px(2)},
                                        look.colours().accent, 0, 0, look.px(1.5F));
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  const bool moved = pointer.x != sweep.pointer.x || pointer.y != sweep.pointer.y;
  sweep.pointer = pointer;
  if (hovered && under && (moved || ImGui::IsMouseClicked(0))) sweep.cursor = under;
  bool adopts = hovered && under && ImGui::IsMouseDoubleClicked(0);
  if (view.walking && !ImGui::IsItemActivated()) {
    const int stride = ImGui::GetIO().KeyShift ? 10 : 1;
    if (key_pressed(ImGuiKey_LeftArrow)) walk(sweep, grid, -stride, 0);
    if (key_pressed(ImGuiKey_RightArrow)) walk(sweep, grid, stride, 0);
    if (key_pressed(ImGuiKey_UpArrow)) walk(sweep, grid, 0, stride);
    if (key_pressed(ImGuiKey_DownArrow)) walk(sweep, grid, 0, -stride);
    adopts = adopts || key_pressed(ImGuiKey_Enter);
  }
  paragraph(cursor_text(app, found, sweep, grid));
  if (sweep.cursor && link(look, "use", "Use these values")) adopts = true;
  if (sweep.cursor && adopts) {
    const std::size_t point = grid.point(*sweep.cursor);
    std::size_t model = amounts_of(found, sweep).value_or(0);
    if (!sweep.winners.empty() && sweep.winners[point] >= 0) model = static_cast<std::size_t>(sweep.winners[point]);
    adopt(found, model * grid.points() + point, found.sweep().models.size() > 2 || !sweep.showing.empty(), commands);
  }
}

void draw_exports(const SweepFound& found, View& view) {
  if (found.result.cells.empty()) return;
  if (link(view.look, "csv", "Export the cells as CSV"))
    view.ask_where("Export the cells as CSV", "sweep.csv", [](App& app, const std::string& path) {
      if (app.sweep().found() && app.sweep().found()->ok())
        app.write(path, sweep_csv((*app.sweep().found())->sweep(), (*app.sweep().found())->result));
    });
}
}  // namespace

void draw_sweep(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  SweepView& sweep = view.sweep;
  if (!span_at(sweep, Place::x)) span_at(sweep, Place::x) = span_of(app.scenario(), "prompt_tokens");
  if (!span_at(sweep, Place::y)) span_at(sweep, Place::y) = span_of(app.scenario(), "output_tokens");
  draw_controls(app, view);
  ask(app, sweep, commands);
  draw_progress(app, look, commands);

  const std::optional<Result<SweepFound>>& found = app.sweep().found();
  if (!found) {
    paragraph(sweep.size == SweepSize::huge
                  ? "Of so many cells no map is drawn. Run tells the lowest, the highest, and how they are spread."
                  : "The map appears here: a figure of the bill while two to four inputs vary.",
              look.colours().muted);
    return;
  }
  if (!found->ok()) {
    paragraph(sentence(found->error().message), look.colours().error);
    if (!found->error().hint.empty()) paragraph(found->error().hint);
    return;
  }
  const SweepFound& one = found->value();
  const bool drawable = !one.result.cells.empty() && fits(one, sweep);
  if (drawable) {
    const std::string look_at = sweep.showing + (look.theme == Theme::dark ? " dark" : "");
    if (sweep.result != app.sweep().results() || sweep.shown != look_at) {
      if (sweep.result != app.sweep().results()) sweep.cursor.reset();
      paint(one, one.subject->scenario, view);
      sweep.result = app.sweep().results();
      sweep.shown = look_at;
    }
    draw_map(app, one, view, commands);
  } else if (one.result.cells.empty()) {
    rank_models(one, sweep);
  }
  draw_found(app, one, view, commands);
  draw_exports(one, view);
}

}  // namespace tokenbill::desktop
