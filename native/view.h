#pragma once
// What the reader has opened, typed and dragged: everything on screen that is not part of the scenario.

#include <string>
#include <vector>

#include "app.h"
#include "look.h"

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

/// Which picture of the months is shown; at first that which the budget is for.
enum class BudgetPicture : unsigned char { of_the_budget, months, sum };
struct BudgetView {
  BudgetPicture picture = BudgetPicture::of_the_budget;
};

struct ConversationView {
  bool tokens = false;  ///< what the bars count, instead of USD
};

struct OwnView {
  bool all_deployments = false;
};

struct View {
  Look look;
  bool look_is_new = true;  ///< theme or scale were changed: fonts and style have to be made anew
  float form_width = 356;
  float explain_width = 324;
  Tab tab = Tab::bill;
  bool narrow = false;       ///< no room for three panels side by side: what is explained is a tab
  Selection seen_selection;  ///< in a narrow window a new one opens its tab
  bool zero_lines = false;
  ModelsView models;
  ConversationView conversation;
  BudgetView budget;
  OwnView own;
  std::string picker_query;
  std::string open_group;  ///< id of a group of inputs that is to be opened once; "all" for all of them
  Dialog dialog = Dialog::none;
  std::string dialog_path;
  bool dialog_is_new = false;
  bool dialog_confirmed = false;  ///< the enter key was pressed
};

}  // namespace tokenbill::desktop
