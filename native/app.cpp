#include "app.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "files.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"
#include "tokenbill/json_value.h"

namespace tokenbill::desktop {

namespace {
constexpr std::size_t most_steps_of_undo = 500;
constexpr std::size_t most_visited = 100;
constexpr std::size_t most_closed = 20;
constexpr std::size_t most_recent = 12;
}  // namespace

std::string Document::title() const {
  if (!scenario.name.empty()) return scenario.name;
  return path.empty() ? "Your feature" : std::filesystem::path(path).filename().string();
}

Result<std::unique_ptr<App>> App::create(Sources sources) {
  Result<Engine> engine = Engine::create();
  if (!engine) return engine.error();
  Result<Catalog> catalog = parse_catalog(sources.prices, sources.prices_name);
  if (!catalog) return catalog.error();
  Result<std::vector<Preset>> presets = parse_presets(sources.presets);
  if (!presets) return presets.error();
  Result<std::vector<Claim>> claims = parse_claims(sources.claims);
  if (!claims) return claims.error();
  Result<std::unique_ptr<Questions>> questions = Questions::create(sources.hardware);
  if (!questions) return questions.error();
  return std::unique_ptr<App>(
      new App({std::move(engine).value(), std::move(catalog).value(), std::move(presets).value(),
               std::move(claims).value(), std::move(questions).value()},
              std::move(sources)));
}

App::App(Parts parts, Sources sources)
    : engine_(std::move(parts.engine)),
      catalog_(std::make_shared<const Catalog>(std::move(parts.catalog))),
      presets_(std::move(parts.presets)),
      claims_(std::move(parts.claims)),
      questions_(std::move(parts.questions)),
      prices_name_(std::move(sources.prices_name)),
      today_(sources.today) {
  documents_.push_back({presets_.front().scenario, presets_.front().scenario, "", {}, {}, {}});
}

bool App::is_changed(const Parameter& parameter) const {
  const std::size_t index = parameter_index(parameter.id);
  if (parameter.kind == ParameterKind::reference) return scenario().references.contains(index);
  const std::optional<double>& value = scenario().values[index];
  return value && (parameter.kind == ParameterKind::optional_number || *value != parameter.default_value);
}

const Error* App::input_problem(std::string_view id) const {
  const auto found = document().input_problems.find(id);
  return found == document().input_problems.end() ? nullptr : &found->second;
}

const Preset* App::active_preset() const {
  const auto found =
      std::find_if(presets_.begin(), presets_.end(), [&](const Preset& p) { return p.scenario == scenario(); });
  return found == presets_.end() ? nullptr : &*found;
}

const ComparisonRow* App::row_of(std::string_view key) const {
  if (!comparison_) return nullptr;
  const auto found = std::find_if(comparison_->rows.begin(), comparison_->rows.end(),
                                  [&](const ComparisonRow& row) { return row.model->key == key; });
  return found == comparison_->rows.end() ? nullptr : &*found;
}

void App::remember(Scenario before) {
  std::vector<Scenario>& undo = doc().undo;
  if (undo.size() == most_steps_of_undo) undo.erase(undo.begin());
  undo.push_back(std::move(before));
  doc().redo.clear();
  message_.clear();
}

// An edit that is refused leaves the scenario as it was; the reason stands beside the input.
void App::change(const std::function<std::optional<Error>(Scenario&)>& edit, std::string_view id) {
  Scenario edited = scenario();
  auto& problems = doc().input_problems;
  if (std::optional<Error> error = edit(edited)) {
    problems.insert_or_assign(std::string(id), *std::move(error));
    return;
  }
  if (const auto found = problems.find(id); found != problems.end()) problems.erase(found);
  if (edited == scenario()) return;
  remember(std::exchange(doc().scenario, std::move(edited)));
  scenario_is_new_ = true;
}

void App::replace(Scenario scenario) {
  doc().input_problems.clear();
  if (scenario == doc().scenario) return;
  remember(std::exchange(doc().scenario, std::move(scenario)));
  scenario_is_new_ = true;
}

void App::set_text(std::string_view id, std::string_view text) {
  change([&](Scenario& s) { return s.set(id, text); }, id);
}

void App::set_texts(const std::vector<std::pair<std::string, std::string>>& texts) {
  Scenario edited = scenario();
  auto& problems = doc().input_problems;
  for (const auto& [id, text] : texts)
    if (std::optional<Error> error = edited.set(id, text)) {
      problems.insert_or_assign(id, *std::move(error));
      return;
    }
  for (const auto& [id, text] : texts)
    if (const auto found = problems.find(id); found != problems.end()) problems.erase(found);
  if (edited == scenario()) return;
  remember(std::exchange(doc().scenario, std::move(edited)));
  scenario_is_new_ = true;
}

void App::slide(std::string_view id, double value, bool begins) {
  if (begins) sliding_ = false;
  Scenario edited = scenario();
  if (edited.set_number(id, value) || edited == scenario()) return;
  auto& problems = doc().input_problems;
  if (const auto found = problems.find(id); found != problems.end()) problems.erase(found);
  if (!sliding_) remember(scenario());
  sliding_ = true;
  doc().scenario = std::move(edited);
  scenario_is_new_ = true;
}

void App::reset(std::string_view id) { set_text(id, ""); }

void App::choose_model(std::string_view key) {
  change(
      [&](Scenario& s) -> std::optional<Error> {
        s.model = key;
        return std::nullopt;
      },
      "model");
}

void App::adopt(const std::vector<std::pair<std::string, double>>& values, std::string_view model) {
  change(
      [&](Scenario& s) -> std::optional<Error> {
        for (const std::pair<std::string, double>& value : values)
          if (auto error = s.set_number(value.first, value.second)) return error;
        if (!model.empty()) s.model = model;
        return std::nullopt;
      },
      values.empty() ? "model" : values.front().first);
}

void App::set_name(std::string_view name) {
  change(
      [&](Scenario& s) -> std::optional<Error> {
        s.name = name;
        return std::nullopt;
      },
      "name");
}

void App::set_date(std::string_view text) {
  change(
      [&](Scenario& s) -> std::optional<Error> {
        if (text.empty()) {
          s.date.reset();
          return std::nullopt;
        }
        const Result<Moment> date = parse_moment(text);
        if (!date) return date.error();
        s.date = *date;
        return std::nullopt;
      },
      "date");
}

void App::use_preset(std::string_view id) {
  const auto found = std::find_if(presets_.begin(), presets_.end(), [&](const Preset& p) { return p.id == id; });
  if (found == presets_.end()) {
    std::string known;
    for (const Preset& preset : presets_) known += (known.empty() ? "" : ", ") + preset.id;
    problem_ =
        Error{Code::bad_value, std::string(id), "There is no preset of this name.", "Presets are: " + known + "."};
    return;
  }
  use_scenario(found->scenario);
}

void App::use_scenario(const Scenario& wanted) {
  replace(wanted);
  doc().saved = scenario();
  doc().path.clear();
}

void App::undo() {
  if (!can_undo()) return;
  doc().redo.push_back(std::exchange(doc().scenario, std::move(doc().undo.back())));
  doc().undo.pop_back();
  doc().input_problems.clear();
  sliding_ = false;
  scenario_is_new_ = true;
}

void App::redo() {
  if (!can_redo()) return;
  doc().undo.push_back(std::exchange(doc().scenario, std::move(doc().redo.back())));
  doc().redo.pop_back();
  doc().input_problems.clear();
  sliding_ = false;
  scenario_is_new_ = true;
}

void App::forget_history() {
  doc().undo.clear();
  doc().redo.clear();
  visited_.clear();
}

void App::add(Document document) {
  documents_.push_back(std::move(document));
  show(documents_.size() - 1);
}

void App::duplicate() {
  Document copy = document();
  copy.scenario.name = copy.title() + ", copy";
  copy.path.clear();
  copy.undo.clear();
  copy.redo.clear();
  add(std::move(copy));
}

void App::show(std::size_t document) {
  if (document >= documents_.size()) return;
  active_ = document;
  sliding_ = false;
  scenario_is_new_ = true;
}

void App::close(std::size_t document) {
  if (document >= documents_.size()) return;
  const auto at = documents_.begin() + static_cast<std::ptrdiff_t>(document);
  message_ = at->title() + " is closed. It can be reopened.";
  if (closed_.size() == most_closed) closed_.erase(closed_.begin());
  closed_.push_back(std::move(*at));
  documents_.erase(at);
  if (documents_.empty()) documents_.push_back({presets_.front().scenario, presets_.front().scenario, "", {}, {}, {}});
  show(std::min(document <= active_ && active_ > 0 ? active_ - 1 : active_, documents_.size() - 1));
}

void App::reopen() {
  if (closed_.empty()) return;
  Document last = std::move(closed_.back());
  closed_.pop_back();
  add(std::move(last));
}

void App::restore(std::vector<Document> documents, std::size_t active, std::vector<std::string> recent) {
  documents_ = std::move(documents);
  recent_ = std::move(recent);
  show(std::min(active, documents_.size() - 1));
}

void App::remember_file(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path whole = std::filesystem::absolute(path, ignored);
  const std::string name = ignored ? path : whole.lexically_normal().string();
  recent_.erase(std::remove(recent_.begin(), recent_.end(), name), recent_.end());
  recent_.insert(recent_.begin(), name);
  if (recent_.size() > most_recent) recent_.resize(most_recent);
}

namespace {
/// The format that a file says it has; empty where it is no JSON, or says nothing.
std::string format_of(std::string_view text, const std::string& path) {
  const Result<JsonValue> document = parse_json(text, path);
  if (!document) return "";
  const JsonValue* format = document->find("format");
  return format != nullptr ? format->text : "";
}
}  // namespace

void App::open(const std::string& path) {
  problem_.reset();
  message_.clear();
  const Result<std::string> text = read_file(path);
  if (!text) {
    problem_ = text.error();
    return;
  }
  if (format_of(*text, path).starts_with("tokenbill-prices/")) {
    Result<Catalog> catalog = parse_catalog(*text, path);
    if (catalog)
      use_prices(std::move(catalog).value(), path);
    else
      problem_ = catalog.error();
    return;
  }
  Result<Scenario> scenario = parse_scenario(*text, path);
  if (!scenario) {
    problem_ = scenario.error();
    return;
  }
  remember_file(path);
  const std::string& name = recent_.front();
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    if (documents_[i].path != name) continue;
    show(i);
    // What was changed here is not lost: the file's state is one step further.
    replace(*scenario);
    doc().saved = this->scenario();
    return;
  }
  // The first example makes room as long as nothing was done to it.
  const bool untouched = documents_.size() == 1 && document().path.empty() && !document().is_modified() && !can_undo();
  add({*scenario, *scenario, name, {}, {}, {}});
  if (untouched) {
    documents_.erase(documents_.begin());
    show(0);
  }
}

// Prices that are not newer than those in use are taken as well, since somebody may want to look back; it is told.
void App::use_prices(Catalog catalog, const std::string& name) {
  const bool older = catalog.as_of < catalog_->as_of;
  message_ = "Prices as of " + moment_text(catalog.as_of) + " from " + name + " are in use" +
             (older ? ", which are older than those before, of " + moment_text(catalog_->as_of) : "") + ".";
  // What stands on the old ones goes before they do.
  bill_.reset();
  comparison_.reset();
  explanation_.reset();
  catalog_ = std::make_shared<const Catalog>(std::move(catalog));
  prices_name_ = name;
  scenario_is_new_ = true;
}

void App::save(const std::string& path) {
  problem_.reset();
  message_.clear();
  if (file_exists(path)) {
    const Result<std::string> old = read_file(path);
    if (old && parse_scenario(*old, path)) {
      // Saved once more without a change, the state before stays the one before.
      if (*old != scenario_text(scenario())) problem_ = write_file(path + "~", *old);
    } else if (old) {
      const Result<std::string> aside = set_aside(path);
      if (aside)
        message_ = "What was in " + path + " is no scenario: it is kept as " + *aside + ".";
      else
        problem_ = aside.error();
    }
    if (problem_) return;
  }
  problem_ = write_file(path, scenario_text(scenario()));
  if (problem_) return;
  doc().saved = scenario();
  remember_file(path);
  doc().path = recent_.front();
  if (message_.empty()) message_ = "Saved as " + doc().path + ".";
}

void App::write(const std::string& path, std::string_view text) {
  problem_ = write_file(path, text);
  message_ = problem_ ? "" : "Written to " + path + ".";
}

void App::select(Selection selection) {
  if (selection == selection_) return;
  if (visited_.size() == most_visited) visited_.erase(visited_.begin());
  visited_.push_back(std::exchange(selection_, std::move(selection)));
  selection_is_new_ = true;
}

void App::go_back() {
  if (visited_.empty()) return;
  selection_ = std::move(visited_.back());
  visited_.pop_back();
  selection_is_new_ = true;
}

void App::finish() {
  questions_->finish();
  sweep_->finish();
}

void App::update() {
  questions_->deliver();
  sweep_->deliver();
  if (scenario_is_new_) {
    ++calculations_;
    bill_.reset();
    comparison_.reset();
    failure_.reset();
    questions_->about({catalog_, scenario(), today_, calculations_});
    Result<Bill> bill = engine_.estimate(*catalog_, scenario(), today_);
    if (bill) {
      bill_ = std::move(bill).value();
      Result<Comparison> comparison = engine_.compare(*catalog_, scenario(), today_);
      if (comparison) comparison_ = std::move(comparison).value();
    } else {
      failure_ = bill.error();
    }
    months_.clear();
    for (const Document& one : documents_) {
      const Result<Bill> other = engine_.estimate(*catalog_, one.scenario, today_);
      months_.push_back(other ? other->per_month : std::nullopt);
    }
  }
  if ((scenario_is_new_ || selection_is_new_) && selection_.kind == Selection::Kind::figure)
    explanation_ = engine_.explain(*catalog_, scenario(), today_, selection_.id);
  scenario_is_new_ = selection_is_new_ = false;
}

std::string App::report() const {
  return bill_ ? bill_json(*catalog_, scenario(), *bill_) : error_json(failure_.value_or(Error{}));
}

}  // namespace tokenbill::desktop
