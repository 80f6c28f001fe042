// Own GPUs or somebody's API: what each way to buy costs, from which volume it pays, and what would change the choice.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
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
/// How a way to buy is drawn, and called where there is little room.
struct Way {
  std::string_view id;
  const char* name;
  ImU32 Palette::*hue;
  Dash dash;
};
constexpr std::array<Way, 6> ways{{{"api", "chosen model", &Palette::ink, Dash::solid},
                                   {"hosted", "hosted", &Palette::input, Dash::dashed},
                                   {"capacity", "provisioned", &Palette::infrastructure, Dash::dash_dotted},
                                   {"own", "own capacity", &Palette::gpus, Dash::long_dashes},
                                   {"small", "small model", &Palette::output, Dash::dotted},
                                   {"hybrid", "hybrid", &Palette::media, Dash::sparse}}};

const Way& way_of(std::string_view id) {
  const auto found = std::find_if(ways.begin(), ways.end(), [&](const Way& way) { return way.id == id; });
  return found == ways.end() ? ways.front() : *found;
}

LineStyle line_of(const Choice& choice, const Decision& decision, const Palette& c) {
  const Way& way = way_of(choice.id);
  const ImU32 colour = c.*way.hue;
  return {choice.allowed ? colour : with_alpha(colour, 0.45F), choice.id == decision.best ? 3.0F : 1.6F, way.dash};
}

bool same(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b && std::abs(*a - *b) <= 1e-9 * std::max(std::abs(*a), std::abs(*b));
}

/// Of a host its name in the price list rather than its key.
std::string named_host(const App& app, std::string words, const std::string& key) {
  const Result<const Model*> model = key.empty() ? Error{} : app.catalog().find_model(key);
  if (!model) return words;
  for (std::size_t at = words.find(key); at != std::string::npos; at = words.find(key, at))
    words.replace(at, key.size(), (*model)->name), at += (*model)->name.size();
  return words;
}

std::string host_of(const Decision& decision) {
  for (const Choice& choice : decision.choices)
    if (choice.id == "hosted") return choice.what;
  return "";
}

std::string joined(std::string words, std::string_view more) {
  if (!more.empty()) words += (words.empty() ? "" : "\n") + std::string(more);
  return words;
}

/// "17 900 to 24 100"; empty where both are the same: whole replicas absorb a little more or less.
std::string spread_of(const Choice& choice) {
  if (!choice.usd_low || !choice.usd_high || same(choice.usd_low, choice.usd_high)) return "";
  return usd_text(*choice.usd_low) + " to " + usd_text(*choice.usd_high);
}

/// The figure that an amount of a choice is; nothing where none stands for it.
std::optional<Selection> figure_of_choice(const App& app, const Choice& choice) {
  if (!choice.usd_per_month) return std::nullopt;
  if (choice.id == "own") return Selection{Selection::Kind::own, "own_total"};
  if (choice.id == "small" || choice.id == "hybrid")
    return choice.usd_on_gpus ? std::optional(Selection{Selection::Kind::own, std::string(choice.id) + "/own_total"})
                              : std::nullopt;
  if (app.bill() != nullptr && choice.id != "hosted" && same(choice.usd_per_month, app.bill()->inference_per_month))
    return Selection{Selection::Kind::figure, "inference_per_month"};
  return std::nullopt;
}

// The verdict's first sentence stands out; what the list of changes tells below is left out of it.
void draw_verdict(const App& app, const Decision& decision, const Look& look) {
  const std::string words = named_host(app, decision.verdict, host_of(decision));
  std::size_t end = words.size();
  for (const char* next : {". Own capacity costs", ". With \""})
    if (const std::size_t at = words.find(next); at != std::string::npos) end = std::min(end, at + 1);
  ImGui::PushFont(look.fonts.bold);
  paragraph(std::string_view(words).substr(0, end));
  ImGui::PopFont();
  if (end >= words.size()) return;
  std::string_view more = std::string_view(words).substr(end + 1);
  if (!decision.flips.empty())
    if (const std::size_t at = more.find("With \""); at != std::string_view::npos) more = more.substr(0, at);
  if (!more.empty()) paragraph(more, look.colours().muted);
}

void draw_choices(const App& app, const Decision& decision, const Look& look, Commands& commands) {
  const Palette& c = look.colours();
  std::optional<double> cheapest;
  for (const Choice& choice : decision.choices)
    if (choice.id == decision.best) cheapest = choice.usd_per_month;
  ImGui::Dummy({0, look.px(4)});
  heading(look, "Ways to buy " + number_text(std::round(decision.here)) + " requests a month");
  Grid grid;
  grid.columns = {{"Way", false, 0, 150},
                  {"USD a month",
                   true,
                   0,
                   96,
                   {},
                   "Inference with tools and helper requests. In small type: with the "
                   "throughput between which 80\u202f% of measurements lie."},
                  {"against the cheapest", true, 1}};
  for (const Choice& choice : decision.choices) {
    const bool best = choice.id == decision.best;
    const bool out = !choice.allowed || !choice.usd_per_month;
    if (best) grid.strong.push_back(grid.rows.size());
    GridCell way{choice.label + (best ? ": the cheapest" : choice.allowed ? "" : ": out of the question")};
    way.below =
        joined(joined(choice.id == "hosted" ? named_host(app, choice.what, choice.what) : choice.what, choice.reason),
               choice.note);
    way.bold = best;
    way.colour = out ? c.muted : 0;
    way.line = line_of(choice, decision, c);
    GridCell amount{usd_or_unknown(choice.usd_per_month), spread_of(choice), out ? c.muted : 0};
    amount.bold = best;
    amount.door = figure_of_choice(app, choice).has_value();
    if (choice.usd_on_gpus && !same(choice.usd_on_gpus, choice.usd_per_month))
      amount.tip = usd_text(*choice.usd_on_gpus) + " USD of it on GPUs";
    GridCell against{best || !choice.usd_per_month || !cheapest || *cheapest == 0.0
                         ? ""
                         : ratio_text(*choice.usd_per_month / *cheapest)};
    against.colour = c.muted;
    grid.rows.push_back({std::move(way), std::move(amount), std::move(against)});
  }
  if (const auto press = draw_grid(look, "ways", grid))
    if (const auto figure = figure_of_choice(app, decision.choices[press->row]))
      commands.push_back([figure = *figure](App& a) { a.select(figure); });
}

// The picture

bool has_curve(const Choice& choice) {
  return std::any_of(choice.curve.begin(), choice.curve.end(),
                     [](const std::optional<double>& usd) { return usd && *usd > 0; });
}

std::vector<ChartPoint> points_of(const Decision& decision, const std::vector<std::optional<double>>& curve) {
  std::vector<ChartPoint> points;
  for (std::size_t i = 0; i < curve.size() && i < decision.requests_per_month.size(); ++i)
    points.push_back({decision.requests_per_month[i], curve[i] && *curve[i] > 0 ? curve[i] : std::nullopt});
  return points;
}

std::vector<ChartRange> range_of(const Decision& decision, const Choice& choice) {
  std::vector<ChartRange> range;
  const std::size_t count =
      std::min({decision.requests_per_month.size(), choice.curve_low.size(), choice.curve_high.size()});
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<double>& low = choice.curve_low[i];
    range.push_back({decision.requests_per_month[i], low && *low > 0 ? low : std::nullopt, choice.curve_high[i]});
  }
  return range;
}

/// Of two ways that cross several times, since capacity grows by whole GPUs, only the last crossing is named.
bool is_last(const Decision& decision, const Crossing& crossing) {
  const auto same_pair = [&](const Crossing& other) {
    return (other.below == crossing.below && other.above == crossing.above) ||
           (other.below == crossing.above && other.above == crossing.below);
  };
  return std::none_of(decision.crossings.begin(), decision.crossings.end(), [&](const Crossing& other) {
    return same_pair(other) && other.requests_per_month > crossing.requests_per_month;
  });
}

void read_curves(Chart& chart, const Decision& decision, const std::vector<const Choice*>& shown, const Palette& c) {
  if (!chart.pointed()) return;
  const std::vector<double>& volumes = decision.requests_per_month;
  const auto nearest = std::min_element(volumes.begin(), volumes.end(), [&](double a, double b) {
    return std::abs(std::log(a / chart.pointed()->x)) < std::abs(std::log(b / chart.pointed()->x));
  });
  const auto at = static_cast<std::size_t>(nearest - volumes.begin());
  std::vector<Reading> readings;
  for (const Choice* choice : shown) {
    const Way& way = way_of(choice->id);
    std::string name = way.name;
    if (at < choice->curve_low.size() && choice->curve_low[at] && choice->curve_high[at] &&
        !same(choice->curve_low[at], choice->curve_high[at]))
      name += ", measured " + usd_text(*choice->curve_low[at]) + " to " + usd_text(*choice->curve_high[at]);
    readings.push_back({std::move(name), usd_or_unknown(choice->curve[at]), c.*way.hue});
  }
  chart.read(*nearest, brief_text(*nearest) + " requests a month: USD a month", readings);
}

// "You are here" is a knob: dragged, it changes the traffic.
void drag_traffic(const App& app, Chart& chart, const Decision& decision, bool is_new, OwnView& state,
                  Commands& commands) {
  const Parameter& parameter = parameters()[parameter_index("conversations_per_day")];
  const double now = app.scenario().value(parameter.id).value_or(0);
  if (is_new && now > 0) state.per_conversation = decision.here / now;
  if (!(state.per_conversation > 0)) return;
  const double here = now * state.per_conversation;
  const auto grip = chart.grip("traffic", here, chart.y().value_at(0.07), "Drag to other traffic.");
  if (!grip) {
    state.x.reset();
    state.y.reset();
    return;
  }
  if (!state.x) {
    state.x = chart.x();
    state.y = chart.y();
  }
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.1e", grip->x / state.per_conversation);
  const double value = std::clamp(std::strtod(digits.data(), nullptr), std::max(1.0, parameter.min), parameter.max);
  if (value != now || grip->begins)
    commands.push_back([id = parameter.id, value, begins = grip->begins](App& a) { a.slide(id, value, begins); });
}

void draw_curves(const App& app, const Decision& decision, bool is_new, View& view, Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  ImGui::Dummy({0, look.px(4)});
  heading(look, "From which volume does it pay?");
  std::vector<const Choice*> shown;
  double low = 0, high = 0, names = 0;
  for (const Choice& choice : decision.choices) {
    if (!has_curve(choice) || decision.requests_per_month.empty()) continue;
    shown.push_back(&choice);
    for (const std::optional<double>& usd : choice.curve) {
      if (!usd || !(*usd > 0)) continue;
      low = low > 0 ? std::min(low, *usd) : *usd;
      high = std::max(high, *usd);
    }
    ImGui::PushFont(look.fonts.bold);
    names = std::max(names, static_cast<double>(text_size(way_of(choice.id).name).x));
    ImGui::PopFont();
  }
  if (shown.empty()) {
    paragraph("Without traffic nothing can be compared. Give the conversations a day.", c.muted);
    return;
  }
  const std::vector<double>& volumes = decision.requests_per_month;
  const bool wide = ImGui::GetContentRegionAvail().x > look.px(560);
  Chart chart(look, view.own.x.value_or(logarithmic_axis("requests a month", volumes.front(), volumes.back())),
              view.own.y.value_or(logarithmic_axis("USD a month", low, high, true)),
              {320, 0, wide ? static_cast<float>(names) / look.scale + 8 : 0});
  // The hybrid's range is that of own capacity, made narrower.
  for (const Choice* choice : shown)
    if (choice->id != "hybrid") chart.band(range_of(decision, *choice), with_alpha(c.*way_of(choice->id).hue, 0.18F));
  for (const Choice* choice : shown) {
    const LineStyle style = line_of(*choice, decision, c);
    chart.line(points_of(decision, choice->curve), style);
    if (wide && choice->curve.back())
      chart.name_end(*choice->curve.back(), style.colour, way_of(choice->id).name, choice->id == decision.best);
  }
  for (const Crossing& crossing : decision.crossings) {
    chart.ring(crossing.requests_per_month, crossing.usd_per_month, c.ink);
    if (!is_last(decision, crossing)) continue;
    // The table below tells the other one; here only where the name alone would stand twice.
    const auto alike = std::count_if(decision.crossings.begin(), decision.crossings.end(), [&](const Crossing& other) {
      return other.above == crossing.above && is_last(decision, other);
    });
    std::string words = way_of(crossing.above).name;
    if (alike > 1) words += std::string(" below ") + way_of(crossing.below).name;
    words += " from " + short_text(crossing.requests_per_month);
    chart.words(chart.at(crossing.requests_per_month, crossing.usd_per_month), c.ink,
                wide ? words : short_text(crossing.requests_per_month));
  }
  chart.upright(decision.here, "you are here: " + short_text(decision.here), {c.accent, 1.5F});
  for (const Choice* choice : shown)
    if (choice->usd_per_month) chart.dot(decision.here, *choice->usd_per_month, c.*way_of(choice->id).hue);
  drag_traffic(app, chart, decision, is_new, view.own, commands);
  read_curves(chart, decision, shown, c);
  chart.finish();
  std::vector<LegendEntry> entries;
  for (const Choice* choice : shown) {
    const LineStyle style = line_of(*choice, decision, c);
    entries.push_back({choice->label, style.colour, style.dash, false});
  }
  legend(look, entries);
  if (app.scenario().reference("own_model").empty() && decision.own.model == nullptr) return;
  paragraph(
      "Own capacity grows by whole replicas, so its line has steps and may cross another more than once. The area "
      "around it: the throughput between which 80\u202f% of measurements lie.",
      c.muted);
}

void draw_crossings(const Decision& decision, const Look& look) {
  if (decision.crossings.empty()) {
    if (decision.own.model != nullptr && !decision.own.problem)
      paragraph(
          "Own capacity crosses the price by the token nowhere between a hundredth and ten thousand times your "
          "traffic.");
    return;
  }
  ImGui::Dummy({0, look.px(4)});
  heading(look, "Where two ways cost the same");
  Grid grid;
  grid.columns = {{"requests a month", true}, {"USD a month", true}, {"cheaper below"}, {"cheaper above"}};
  for (const Crossing& crossing : decision.crossings)
    grid.rows.push_back({{brief_text(crossing.requests_per_month)},
                         {usd_text(crossing.usd_per_month)},
                         {way_of(crossing.below).name},
                         {way_of(crossing.above).name}});
  (void)draw_grid(look, "crossings", grid);
}

// What would change it

/// Three digits, rounded away from the present value, so that the choice is past its turn.
double beyond(const Parameter& parameter, const Flip& flip) {
  if (flip.to == 0.0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(std::abs(flip.to))) - 2);
  const double steps = flip.to / unit;
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.12g",
                (flip.to > flip.from ? std::ceil(steps - 1e-9) : std::floor(steps + 1e-9)) * unit);
  const double rounded = std::strtod(digits.data(), nullptr);
  return rounded >= parameter.min && rounded <= parameter.max ? rounded : flip.to;
}

void draw_flips(const Decision& decision, const Look& look, Commands& commands) {
  ImGui::Dummy({0, look.px(4)});
  heading(look, "What would change it");
  if (decision.flips.empty()) {
    paragraph(
        "Nothing that was tried: traffic, prompt and answer, rent, peaks, people, spares and discount, each alone, up "
        "to a hundredfold.");
    return;
  }
  for (const Flip& flip : decision.flips) {
    const std::size_t index = parameter_index(flip.parameter);
    if (index >= parameters().size()) continue;
    const Parameter& parameter = parameters()[index];
    const double to = beyond(parameter, flip);
    std::string label = way_of(flip.choice).name;
    for (const Choice& choice : decision.choices)
      if (choice.id == flip.choice) label = choice.label;
    paragraph("\"" + std::string(parameter.label) + "\" at " + figure_text(parameter.id, to, parameter.unit) +
              " instead of " + figure_text(parameter.id, flip.from, parameter.unit) + ": " + label +
              " is the cheapest.");
    ImGui::PushID(parameter.id.data(), parameter.id.data() + parameter.id.size());
    if (link(look, "try", "Try it"))
      commands.push_back([id = std::string(parameter.id), value = exact_text(to)](App& a) { a.set_text(id, value); });
    ImGui::PopID();
  }
}

// Own capacity in detail

std::string seconds_text(double seconds) {
  return seconds < 1 ? brief_text(seconds * 1000) + " ms" : brief_text(seconds) + " s";
}

/// "20 to 35 ms": the unit once where both have it.
std::string range_text(const std::string& low, const std::string& high) {
  const std::size_t blank = high.rfind(' ');
  if (blank != std::string::npos && low.ends_with(high.substr(blank)))
    return low.substr(0, low.size() - (high.size() - blank)) + " to " + high;
  return low + " to " + high;
}

std::string replica_text(const Deployment& deployment) {
  return number_text(deployment.gpus) + " × " + deployment.gpu->name;
}

void draw_own_bill(const OwnCapacity& own, const std::string& prefix, const Look& look, Commands& commands) {
  struct Line {
    const BillItem* item;
    double start;
  };
  std::vector<Line> lines;
  std::string none;
  double start = 0;
  for (const BillItem& item : own.items) {
    if (item.usd_per_month == 0.0)
      none += (none.empty() ? "" : ", ") + std::string(item.label);
    else
      lines.push_back({&item, start});
    start += item.share.value_or(0);
  }
  const auto bar = [&](std::size_t row, ImVec2 from, ImVec2 to) {
    if (row >= lines.size() || !lines[row].item->share) return;
    to.y = std::min(to.y, from.y + look.px(17));  // also where the words beside it take two lines
    const BillItem& item = *lines[row].item;
    const float width = to.x - from.x;
    const float left = from.x + width * static_cast<float>(lines[row].start);
    const float right = std::max(left + 1, left + width * static_cast<float>(*item.share));
    // GPUs that wait are paid like those that work, but nobody has anything of them.
    const ImU32 hue = look.hue(item.category);
    ImGui::GetWindowDrawList()->AddRectFilled({left, from.y}, {right, to.y},
                                              item.id == "own.gpus_idle" ? with_alpha(hue, 0.4F) : hue);
  };
  Grid grid;
  grid.columns = {{"Line"}, {"", false, 2, 120, bar}, {"USD a month", true}, {"share", true, 1}};
  for (const Line& line : lines) {
    GridCell label{std::string(line.item->label)};
    label.mark = look.hue(line.item->category);
    GridCell amount{usd_or_unknown(line.item->usd_per_month)};
    amount.door = true;
    GridCell share{line.item->share ? percent_or_unknown(line.item->share) : ""};
    share.colour = look.colours().muted;
    grid.rows.push_back({std::move(label), {}, std::move(amount), std::move(share)});
  }
  GridCell label{"Total"}, amount{usd_or_unknown(own.per_month)};
  label.bold = amount.bold = amount.door = true;
  grid.rows.push_back({std::move(label), {}, std::move(amount), {own.per_month ? percent_text(1) : ""}});
  if (const auto press = draw_grid(look, "bill", grid))
    select_own(commands, prefix + (press->row < lines.size() ? std::string(lines[press->row].item->id) : "own_total"));
  if (!none.empty()) paragraph("0 as things stand: " + none + ".", look.colours().muted);
}

void draw_own_figures(const OwnCapacity& own, const Deployment& first, const std::string& prefix, const Look& look,
                      Commands& commands) {
  struct Line {
    std::string id, name, value, small;
  };
  std::vector<Line> lines;
  static constexpr std::array<std::pair<const char*, const char*>, 6> told{
      {{"replicas_at_peak", "Replicas at the peak"},
       {"gpus_at_peak", "GPUs, spares included"},
       {"utilisation", "Busy"},
       {"own_usd_per_mtok_input", "A million input tokens"},
       {"own_usd_per_mtok_output", "A million output tokens"},
       {"own_usd_per_mtok_full", "A million tokens on GPUs that never wait"}}};
  for (const auto& [id, name] : told)
    for (const Figure& figure : own.figures) {
      if (figure.id != id) continue;
      std::string value = !figure.value                               ? std::string(unknown_word)
                          : figure.id == "utilisation"                ? percent_text(*figure.value)
                          : unit_text(figure.unit).starts_with("USD") ? usd_text(*figure.value) + " USD"
                                                                      : number_text(*figure.value);
      lines.push_back({std::string(figure.id), name, std::move(value), ""});
    }
  lines.push_back(
      {"replica.first_token", "First token, when full", seconds_text(first.first_token_seconds),
       "measured " + range_text(seconds_text(first.first_token_low), seconds_text(first.first_token_high))});
  lines.push_back({"replica.token", "Each token after it", seconds_text(first.token_seconds), ""});
  lines.push_back({"replica.output_per_gpu", "Output tokens a second and GPU",
                   brief_text(first.output_tokens_per_second),
                   "measured " + range_text(brief_text(first.output_low), brief_text(first.output_high))});
  Grid grid;
  grid.columns = {{"Figure", false, 0, 150}, {"", true, 0, 96, {}, "", false}, {"", false, 1}};
  for (const Line& line : lines) {
    GridCell value{line.value};
    value.door = true;
    GridCell small{line.small};
    small.colour = look.colours().muted;
    grid.rows.push_back({{line.name}, std::move(value), std::move(small)});
  }
  ImGui::Dummy({0, look.px(2)});
  if (const auto press = draw_grid(look, "figures", grid)) select_own(commands, prefix + lines[press->row].id);
}

std::string gib(double value) { return brief_text(value) + " GiB"; }

void draw_memory(const OwnCapacity& own, const Deployment& first, const Look& look) {
  const Palette& c = look.colours();
  const MemoryUse& memory = own.memory;
  if (!(memory.capacity > 0)) return;
  ImGui::Dummy({0, look.px(4)});
  ImGui::PushFont(look.fonts.bold);
  paragraph("The memory of one " + first.gpu->name + ": " + gib(memory.capacity));
  ImGui::PopFont();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = look.px(26);
  struct Part {
    const char* name;
    double size;
    ImU32 hue;
  };
  const std::array<Part, 3> parts{{{"weights", memory.weights, c.infrastructure},
                                   {"reserve of the engine", memory.reserve, c.contingency},
                                   {"room for requests", memory.room, c.gpus}}};
  ImDrawList* list = ImGui::GetWindowDrawList();
  float left = at.x;
  std::vector<LegendEntry> entries;
  for (const Part& part : parts) {
    if (!(part.size > 0)) continue;
    const float right = std::min(at.x + width, left + width * static_cast<float>(part.size / memory.capacity));
    list->AddRectFilled({left, at.y}, {right, at.y + height}, part.hue);
    list->AddLine({right, at.y}, {right, at.y + height}, c.paper, look.px(1));
    left = right;
    std::string words = part.name + (" " + gib(part.size));
    if (part.size == memory.room && memory.of_a_request > 0)
      words += ", " + gib(memory.of_a_request) + " for each; a replica holds " +
               number_text(std::floor(first.most_requests));
    entries.push_back({std::move(words), part.hue, std::nullopt, false});
  }
  list->AddRect(at, {at.x + width, at.y + height}, c.line_strong);
  ImGui::Dummy({width, height});
  const double rest = memory.capacity - memory.weights - memory.reserve - memory.room;
  if (rest > 0.05) entries.push_back({"stays free, as the engine is set", c.line_strong, std::nullopt, true});
  legend(look, entries);
}

constexpr std::size_t shown_at_first = 8;

void draw_deployments(const OwnCapacity& own, bool usable, OwnView& state, const Look& look, Commands& commands) {
  std::vector<const Deployment*> able, unable;
  for (const Deployment& one : own.deployments) (one.reason.empty() ? able : unable).push_back(&one);
  if (!able.empty()) {
    ImGui::Dummy({0, look.px(4)});
    heading(look, "What it could run on, the cheapest first");
    Grid grid;
    grid.columns = {{"A replica", false, 0, 130},
                    {"at once", true, 3},
                    {"first token", true, 2, 96, {}, "", false},
                    {"each token", true, 5, 96, {}, "", false},
                    {"tokens a second and GPU", true, 4},
                    {"GPUs", true, 1},
                    {"busy", true, 6},
                    {"USD a month", true},
                    {"a million tokens", true, 7},
                    {"", false, 0, 48}};
    const ImU32 quiet = look.colours().muted;
    const std::size_t count = able.size();
    if (!state.all_deployments && count > shown_at_first + 1) able.resize(shown_at_first);
    for (const Deployment* one : able) {
      GridCell use;
      if (usable && one != able.front()) use = {"Use", "", look.colours().accent};
      if (usable && one == able.front()) use = {"in use", "", quiet};
      use.door = one != able.front() && usable;
      if (one == able.front()) grid.strong.push_back(0);
      grid.rows.push_back({{replica_text(*one)},
                           {number_text(one->concurrency)},
                           {seconds_text(one->first_token_seconds),
                            range_text(seconds_text(one->first_token_low), seconds_text(one->first_token_high))},
                           {seconds_text(one->token_seconds)},
                           {brief_text(one->output_tokens_per_second),
                            range_text(brief_text(one->output_low), brief_text(one->output_high))},
                           {one->gpus_at_peak ? number_text(*one->gpus_at_peak) : std::string(unknown_word)},
                           {percent_or_unknown(one->utilisation)},
                           {usd_or_unknown(one->usd_per_month)},
                           {usd_or_unknown(one->usd_per_mtok)},
                           std::move(use)});
    }
    if (const auto press = draw_grid(look, "deployments", grid))
      commands.push_back([gpu = able[press->row]->gpu->id, gpus = exact_text(able[press->row]->gpus)](App& a) {
        a.set_texts({{"own_gpu", gpu}, {"gpus_per_replica", gpus}});
      });
    ImGui::PushFont(look.fonts.small);
    paragraph("In small type: between which 80\u202f% of measurements lie.", quiet);
    ImGui::PopFont();
    if (able.size() < count && link(look, "all", "Show all " + std::to_string(count))) state.all_deployments = true;
  }
  if (unable.empty()) return;
  const std::string words = number_text(static_cast<double>(unable.size())) + " cannot serve it, with the reason";
  if (!unfolds(look, "unable", words)) return;
  Grid grid;
  grid.columns = {{"A replica", false, 0, 130}, {"Reason", false, 0, 160}};
  for (const Deployment* one : unable) grid.rows.push_back({{replica_text(*one)}, {one->reason}});
  (void)draw_grid(look, "reasons", grid);
}

// `usable`: its GPUs can be chosen here. `prefix` is what its figures have before their names.
void draw_detail(const OwnCapacity& own, const char* id, const std::string& prefix, bool usable, View& view,
                 Commands& commands) {
  const Look& look = view.look;
  const Palette& c = look.colours();
  ImGui::PushID(id);
  if (own.problem) error_text(look, *own.problem);
  const Deployment* first =
      own.deployments.empty() || !own.deployments.front().reason.empty() ? nullptr : &own.deployments.front();
  if (own.model != nullptr && first != nullptr && !own.problem) {
    ImGui::PushFont(look.fonts.bold);
    paragraph(own.model->name + " on " +
              (first->gpus_at_peak ? number_text(*first->gpus_at_peak) : std::string(unknown_word)) + " × " +
              first->gpu->name + ", " + number_text(first->gpus) + " for a replica");
    ImGui::PopFont();
    if (!first->rent_source.empty()) paragraph("Rent: " + first->rent_source + ".", c.muted);
    for (const Notice& notice : own.notices) aside(look, sentence(notice.text), c.warn);
    draw_own_bill(own, prefix, look, commands);
    draw_own_figures(own, *first, prefix, look, commands);
    draw_memory(own, *first, look);
  }
  if (own.model != nullptr) draw_deployments(own, usable, view.own, look, commands);
  ImGui::PopID();
}

// A field that takes one of the list's open models.
void choose_open_model(const App& app, const char* parameter, const char* words, const Look& look, Commands& commands) {
  ImGui::AlignTextToFramePadding();
  text(words);
  const float width = std::min(look.px(260), ImGui::GetContentRegionAvail().x);
  beside_if_it_fits(look, 8, width);
  const std::string chosen(app.scenario().reference(parameter));
  std::string name = chosen.empty() ? "none" : chosen;
  for (const OpenModel& model : app.questions().hardware().models)
    if (model.id == chosen) name = model.name;
  ImGui::PushID(parameter);
  if (begin_choice(look, "##model", name, width)) {
    if (ImGui::Selectable("none", chosen.empty()))
      commands.push_back([id = std::string(parameter)](App& a) { a.reset(id); });
    for (const OpenModel& model : app.questions().hardware().models) {
      ImGui::PushID(model.id.c_str());
      if (ImGui::Selectable(model.name.c_str(), model.id == chosen))
        commands.push_back([id = std::string(parameter), key = model.id](App& a) { a.set_text(id, key); });
      ImGui::PopID();
    }
    ImGui::EndCombo();
  }
  ImGui::PopID();
}
}  // namespace

void draw_own(const App& app, View& view, Commands& commands) {
  const Look& look = view.look;
  const Answer<Decision>& answer = app.questions().decision();
  const Decision* found = value_of(answer, look);
  if (found == nullptr) return;
  const Decision& decision = *found;
  const Dimmed dimmed(look, answer.is_new());
  draw_verdict(app, decision, look);
  choose_open_model(app, "own_model", "Open model on own GPUs", look, commands);
  if (link(look, "inputs", "Inputs of own GPUs")) view.open_group = "own";
  if (decision.own.problem && decision.own.model == nullptr) error_text(look, *decision.own.problem);
  draw_choices(app, decision, look, commands);
  draw_curves(app, decision, answer.is_new(), view, commands);
  draw_crossings(decision, look);
  draw_flips(decision, look, commands);
  if (decision.own.model != nullptr) {
    ImGui::Dummy({0, look.px(6)});
    heading(look, "Own capacity in detail");
    draw_detail(decision.own, "own", "own/", true, view, commands);
  }
  ImGui::Dummy({0, look.px(6)});
  heading(look, "A fine-tuned small model");
  choose_open_model(app, "small_model", "Open model that is trained for this task", look, commands);
  if (decision.small)
    draw_detail(*decision.small, "small", "small/", false, view, commands);
  else
    paragraph("Name one that could be trained to do the feature's one task, and it stands beside the others.",
              look.colours().muted);
  const Hardware& hardware = app.questions().hardware();
  ImGui::Dummy({0, look.px(4)});
  paragraph("GPUs, rents and open models as of " + moment_text(hardware.as_of) +
                ". Models differ in quality: compare only those that are good enough.",
            look.colours().muted);
  for (const Error& error : hardware.left_out) paragraph("Left out: " + to_text(error), look.colours().muted);
}

}  // namespace tokenbill::desktop
