#pragma once
// What the reader has opened, typed and dragged: everything on screen that is not part of the scenario.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app.h"
#include "chart.h"
#include "heat_map.h"
#include "look.h"
#include "platform.h"

namespace tokenbill::desktop {

enum class Tab : unsigned char {
  bill,
  models,
  conversation,
  savings,
  own,
  ranges,
  budget,
  scenarios,
  sweep,
  claims,
  prices,
  explain  ///< only where there is no room beside
};
enum class Dialog : unsigned char { none, open, save };

/// Which file to write or read: what the dialog asks, and what follows.
struct FileDialog {
  Dialog kind = Dialog::none;
  std::string title;
  std::string path;
  std::function<void(App& app, const std::string& path)> then;
  bool is_new = false;     ///< opened in this frame
  bool confirmed = false;  ///< the enter key was pressed
};

/// A model of the comparison as the table shows it; made once per calculation.
struct ModelLine {
  std::size_t row = 0;  ///< index into Comparison::rows
  std::string rank, month, request, input, cache_read, output, context, difference;
  std::string searched;  ///< name, key and seller in lower case
};

struct ModelsView {
  std::string query;
  bool able_only = false;
  bool focus_search = false;
  int calculation = -1;  ///< for which `lines` were made
  std::vector<ModelLine> lines;
  std::vector<std::size_t> shown;  ///< indices into lines, filtered and sorted
  std::string shown_query;
  bool shown_able_only = false;
};

/// A row of the price list as the table shows it; made once per calculation.
struct PriceLine {
  const Model* model = nullptr;
  const PriceRow* row = nullptr;
  bool in_force = false;
  std::int64_t age = 0;  ///< days since it was checked
  std::string seller, tier, input, cache_read, output, status, valid, host, checked, days;
  std::string searched;  ///< in lower case
};

struct PricesView {
  std::string query;
  bool in_force_only = true;
  int calculation = -1;  ///< for which `lines` were made
  std::vector<PriceLine> lines;
  std::vector<std::size_t> shown;  ///< indices into lines, filtered and sorted
  std::string shown_query;
  bool shown_in_force_only = true;
};

/// Which picture of the months is shown; at first that which the budget is for.
enum class BudgetPicture : unsigned char { of_the_budget, months, sum };
struct BudgetView {
  BudgetPicture picture = BudgetPicture::of_the_budget;
  std::optional<double> held;  ///< the largest amount of the picture when the budget's knob was taken
};

struct ConversationView {
  bool tokens = false;  ///< what the bars count, instead of USD
};

struct ClaimsView {
  std::string query, article, verdict;
  std::vector<float> heights;  ///< of each claim as it was last drawn, so that those out of sight need not be
  float width = 0;             ///< for which they hold
  int filled = -1;             ///< the answers that they hold for
};

struct OwnView {
  double per_conversation = 0;  ///< requests a month for each conversation a day
  std::optional<Axis> x, y;     ///< of the picture when the knob of the traffic was taken
  bool all_deployments = false;
};

/// A parameter that varies in a sweep, and how far.
struct SweepSpan {
  std::string id;
  double from = 0, to = 0;
  Scale scale = Scale::linear;
};

/// Where a parameter varies: across and up in a map, from map to map beside and below each other.
enum class Place : unsigned char { x, y, columns, rows };
inline constexpr std::size_t place_count = 4;
/// How many cells a map has. The last one keeps no cells: there is nothing to draw but what was found.
enum class SweepSize : unsigned char { coarse, normal, fine, huge };

struct SweepView {
  // What is asked:
  std::array<std::optional<SweepSpan>, place_count> spans;  ///< of x and y there is always one
  int columns = 3, rows = 2;                                ///< values of the axes from map to map
  bool more = false;                                        ///< the fields of those axes are shown
  std::string output = "total";
  std::string rival;  ///< a second model's key, "all", or "" for the scenario's alone
  SweepSize size = SweepSize::normal;
  std::string asked;                      ///< what was last started, as text
  bool run = false;                       ///< the reader asks for a run
  std::array<std::string, 8> problems{};  ///< of typed ends, two of each place
  std::string picker_query;
  // What is drawn, made once for each result:
  int result = -1;
  std::string showing, shown;  ///< the model whose amounts are drawn; "" = the cheapest one
  HeatMap map;
  std::optional<ColourScale> scale;
  double reach = 0;                   ///< of two models: the logarithm of the ratio that has full colour
  std::vector<std::size_t> ranks;     ///< by model: its place by how often it is the cheapest
  std::vector<std::int16_t> winners;  ///< by point, index of the cheapest model; -1 = none
  std::optional<CellPlace> cursor;
  ImVec2 pointer{-1, -1};  ///< a pointer that rests does not take the cursor from the keys
};

/// Finds anything by its words.
struct Finder {
  bool is_open = false;
  bool is_new = false;     ///< opened in this frame
  bool confirmed = false;  ///< the enter key was pressed
  std::string query;
  int chosen = 0;

  void open() {
    is_open = is_new = true;
    query.clear();
    chosen = 0;
  }
};

struct View {
  Look look;
  Platform* platform = nullptr;  ///< takes pictures over
  bool look_is_new = true;       ///< theme or scale were changed: fonts and style have to be made anew
  float form_width = 356;
  float explain_width = 324;
  Tab tab = Tab::bill;
  bool narrow = false;       ///< no room for three panels side by side: what is explained is a tab
  Selection seen_selection;  ///< in a narrow window a new one opens its tab
  bool zero_lines = false;
  ModelsView models;
  ConversationView conversation;
  BudgetView budget;
  PricesView prices;
  ClaimsView claims;
  OwnView own;
  SweepView sweep;
  RangeSpec ranges;
  std::string picker_query;
  std::string open_group;        ///< id of a group of inputs that is to be opened once; "all" for all of them
  std::string_view focus_input;  ///< of the form: comes into view and takes the keyboard, once
  Finder finder;
  FileDialog dialog;
  std::string picture;                          ///< where a picture of the next frame goes; empty = nowhere
  std::string page = "http://localhost:8080/";  ///< address of the web page, for links
  bool walking = false;                         ///< the arrow keys walk over a map instead of from item to item

  /// Asks for a file to write. @param path  what is proposed
  void ask_where(std::string title, std::string path, std::function<void(App&, const std::string&)> then) {
    dialog = {Dialog::save, std::move(title), std::move(path), std::move(then), true, false};
  }
  /// Asks for a file to read.
  void ask_which(std::string title, std::function<void(App&, const std::string&)> then) {
    dialog = {Dialog::open, std::move(title), "", std::move(then), true, false};
  }
  void ask_where_to_save(const App& app) {
    ask_where("Save the scenario", app.path().empty() ? "scenario.json" : app.path(),
              [](App& a, const std::string& path) { a.save(path); });
  }
  void ask_what_to_open() {
    ask_which("Open a scenario or a price file", [](App& a, const std::string& path) { a.open(path); });
  }
};

}  // namespace tokenbill::desktop
