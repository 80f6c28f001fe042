#include "app.h"

#include <algorithm>
#include <utility>

#include "files.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"

namespace tokenbill::desktop {

namespace {
constexpr std::size_t most_steps_of_undo = 500;
constexpr std::size_t most_visited = 100;
}  // namespace

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
      today_(sources.today),
      scenario_(presets_.front().scenario),
      saved_(scenario_) {}

bool App::is_modified() const { return scenario_ != saved_; }

bool App::is_changed(const Parameter& parameter) const {
  const std::size_t index = parameter_index(parameter.id);
  if (parameter.kind == ParameterKind::reference) return scenario_.references.contains(index);
  const std::optional<double>& value = scenario_.values[index];
  return value && (parameter.kind == ParameterKind::optional_number || *value != parameter.default_value);
}

const Error* App::input_problem(std::string_view id) const {
  const auto found = input_problems_.find(id);
  return found == input_problems_.end() ? nullptr : &found->second;
}

const Preset* App::active_preset() const {
  const auto found =
      std::find_if(presets_.begin(), presets_.end(), [&](const Preset& p) { return p.scenario == scenario_; });
  return found == presets_.end() ? nullptr : &*found;
}

const ComparisonRow* App::row_of(std::string_view key) const {
  if (!comparison_) return nullptr;
  const auto found = std::find_if(comparison_->rows.begin(), comparison_->rows.end(),
                                  [&](const ComparisonRow& row) { return row.model->key == key; });
  return found == comparison_->rows.end() ? nullptr : &*found;
}

void App::remember(Scenario before) {
  if (undo_.size() == most_steps_of_undo) undo_.erase(undo_.begin());
  undo_.push_back(std::move(before));
  redo_.clear();
}

// An edit that is refused leaves the scenario as it was; the reason stands beside the input.
void App::change(const std::function<std::optional<Error>(Scenario&)>& edit, std::string_view id) {
  Scenario edited = scenario_;
  if (std::optional<Error> error = edit(edited)) {
    input_problems_.insert_or_assign(std::string(id), *std::move(error));
    return;
  }
  if (const auto found = input_problems_.find(id); found != input_problems_.end()) input_problems_.erase(found);
  if (edited == scenario_) return;
  remember(std::exchange(scenario_, std::move(edited)));
  scenario_is_new_ = true;
}

void App::replace(Scenario scenario) {
  input_problems_.clear();
  if (scenario == scenario_) return;
  remember(std::exchange(scenario_, std::move(scenario)));
  scenario_is_new_ = true;
}

void App::set_text(std::string_view id, std::string_view text) {
  change([&](Scenario& s) { return s.set(id, text); }, id);
}

void App::slide(std::string_view id, double value, bool begins) {
  if (begins) sliding_ = false;
  Scenario edited = scenario_;
  if (edited.set_number(id, value) || edited == scenario_) return;
  if (const auto found = input_problems_.find(id); found != input_problems_.end()) input_problems_.erase(found);
  if (!sliding_) remember(scenario_);
  sliding_ = true;
  scenario_ = std::move(edited);
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
  replace(found->scenario);
  saved_ = scenario_;
  path_.clear();
}

void App::undo() {
  if (undo_.empty()) return;
  redo_.push_back(std::exchange(scenario_, std::move(undo_.back())));
  undo_.pop_back();
  input_problems_.clear();
  sliding_ = false;
  scenario_is_new_ = true;
}

void App::redo() {
  if (redo_.empty()) return;
  undo_.push_back(std::exchange(scenario_, std::move(redo_.back())));
  redo_.pop_back();
  input_problems_.clear();
  sliding_ = false;
  scenario_is_new_ = true;
}

void App::forget_history() {
  undo_.clear();
  redo_.clear();
  visited_.clear();
}

void App::open(const std::string& path) {
  problem_.reset();
  const Result<std::string> text = read_file(path);
  if (!text) {
    problem_ = text.error();
    return;
  }
  Result<Scenario> scenario = parse_scenario(*text, path);
  if (!scenario) {
    problem_ = scenario.error();
    return;
  }
  replace(std::move(scenario).value());
  saved_ = scenario_;
  path_ = path;
}

void App::save(const std::string& path) {
  problem_ = write_file(path, scenario_text(scenario_));
  if (problem_) return;
  saved_ = scenario_;
  path_ = path;
}

void App::write(const std::string& path, std::string_view text) { problem_ = write_file(path, text); }

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
    questions_->about({catalog_, scenario_, today_, calculations_});
    Result<Bill> bill = engine_.estimate(*catalog_, scenario_, today_);
    if (bill) {
      bill_ = std::move(bill).value();
      Result<Comparison> comparison = engine_.compare(*catalog_, scenario_, today_);
      if (comparison) comparison_ = std::move(comparison).value();
    } else {
      failure_ = bill.error();
    }
  }
  if ((scenario_is_new_ || selection_is_new_) && selection_.kind == Selection::Kind::figure)
    explanation_ = engine_.explain(*catalog_, scenario_, today_, selection_.id);
  scenario_is_new_ = selection_is_new_ = false;
}

std::string App::report() const {
  return bill_ ? bill_json(*catalog_, scenario_, *bill_) : error_json(failure_.value_or(Error{}));
}

}  // namespace tokenbill::desktop
