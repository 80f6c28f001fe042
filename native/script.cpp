#include "script.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "actions.h"
#include "copies.h"
#include "files.h"
#include "panels/panels.h"
#include "tokenbill/sweep_io.h"

namespace tokenbill::desktop {

namespace {
constexpr std::array<std::string_view, 17> known{"preset", "set",          "model", "name",    "select", "tab",
                                                 "do",     "open",         "save",  "sweep",   "cancel", "wait",
                                                 "report", "sweep-report", "link",  "picture", "frames"};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// What the controls of the tab would be set to.
std::optional<Error> set_sweep(SweepView& view, const std::string& rest) {
  constexpr std::array<std::string_view, place_count> places{"x", "y", "columns", "rows"};
  constexpr std::array<std::string_view, 4> sizes{"coarse", "normal", "fine", "huge"};
  const std::vector<std::string> words = words_of(rest);
  if (words.size() == 1 && words[0] == "run") {
    view.run = true;
    return std::nullopt;
  }
  if (words.size() == 2 && words[0] == "models") {
    view.rival = words[1] == "own" ? "" : words[1];
    return std::nullopt;
  }
  if (words.size() == 2 && words[0] == "output") {
    view.output = words[1];
    return std::nullopt;
  }
  if (words.size() == 2 && words[0] == "size") {
    const auto size = std::find(sizes.begin(), sizes.end(), words[1]);
    if (size != sizes.end()) {
      view.size = static_cast<SweepSize>(size - sizes.begin());
      return std::nullopt;
    }
  }
  const auto place = words.empty() ? places.end() : std::find(places.begin(), places.end(), words[0]);
  if (place == places.end() || words.size() != 4 || parameter_index(words[1]) == parameters().size())
    return Error{Code::bad_value, rest, "Expected a place, an input and its two ends.",
                 "Such as: sweep x prompt_tokens 100 20000; or: sweep size fine, sweep models all, sweep run."};
  const Result<SweepAxis> axis = parse_axis(words[1] + "=" + words[2] + ":" + words[3] + ":2");
  if (!axis) return axis.error();
  view.spans[static_cast<std::size_t>(place - places.begin())] =
      SweepSpan{axis->id, axis->from, axis->to, parameters()[parameter_index(words[1])].scale};
  return std::nullopt;
}

std::optional<Error> do_action(App& app, View& view, std::string_view id) {
  for (const Action& action : actions()) {
    if (action.id != id) continue;
    Commands commands;
    action.run(app, view, commands);
    for (const auto& command : commands) command(app);
    return std::nullopt;
  }
  return Error{Code::bad_value, std::string(id), "There is no action of this name.", ""};
}
}  // namespace

Result<Script> Script::parse(std::string_view text, std::string_view name) {
  Script script;
  script.name_ = name;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t blank = std::min(line.find(' '), line.size());
    Line one{number, std::string(line.substr(0, blank)), std::string(line.substr(std::min(blank + 1, line.size())))};
    if (std::find(known.begin(), known.end(), one.word) == known.end()) {
      std::string words;
      for (const std::string_view word : known) words += (words.empty() ? "" : ", ") + std::string(word);
      return Error{Code::bad_value, std::string(name) + ":" + std::to_string(number),
                   "No line begins with \"" + one.word + "\".", "Lines begin with: " + words + "."};
    }
    script.lines_.push_back(std::move(one));
  }
  return script;
}

std::optional<Error> Script::step(App& app, View& view) {
  if (rest_ > 0) {
    --rest_;
    return std::nullopt;
  }
  if (next_ == lines_.size()) return std::nullopt;
  const Line& line = lines_[next_++];
  const std::string& rest = line.rest;
  std::optional<Error> problem;
  if (line.word == "preset") app.use_preset(rest);
  if (line.word == "model") app.choose_model(rest);
  if (line.word == "name") app.set_name(rest);
  if (line.word == "select") app.select({Selection::Kind::figure, rest});
  if (line.word == "do") problem = do_action(app, view, rest);
  if (line.word == "open") app.open(rest);
  if (line.word == "save") app.save(rest);
  if (line.word == "sweep") problem = set_sweep(view.sweep, rest);
  if (line.word == "cancel") app.sweep().cancel();
  if (line.word == "wait") app.finish();
  if (line.word == "picture") view.picture = rest;
  if (line.word == "frames") rest_ = std::atoi(rest.c_str());
  if (line.word == "set") {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    const std::string id = rest.substr(0, blank);
    app.set_text(id, std::string_view(rest).substr(std::min(blank + 1, rest.size())));
    if (app.input_problem(id) != nullptr) problem = *app.input_problem(id);
  }
  if (line.word == "tab") {
    const std::span<const Page> all = pages();
    const auto page = std::find_if(all.begin(), all.end(), [&](const Page& one) { return one.id == rest; });
    if (page != all.end())
      view.tab = page->tab;
    else
      problem = Error{Code::bad_value, rest, "There is no tab of this name.", "tokenbill-desktop --help lists them."};
  }
  if (line.word == "report") {
    app.update();
    app.write(rest, app.report() + "\n");
  }
  if (line.word == "sweep-report") {
    const auto& found = app.sweep().found();
    if (found && found->ok())
      app.write(rest, sweep_json((*found)->sweep(), (*found)->result, false) + "\n");
    else
      problem = found ? found->error() : Error{Code::bad_value, "", "No sweep has ended yet.", "Wait for it."};
  }
  if (line.word == "link") app.write(rest, link_to_page(app, view.page) + "\n");
  if (!problem && app.problem() != nullptr) problem = *app.problem();
  if (problem) problem->where = name_ + ":" + std::to_string(line.number) + ": " + problem->where;
  return problem;
}

}  // namespace tokenbill::desktop
