#include "command.h"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>

#include "embedded_hardware.h"
#include "embedded_presets.h"
#include "embedded_prices.h"
#include "files.h"
#include "presets.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_ranges.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

Result<std::string> read_text(const std::string& path) {
  if (path != "-") return read_file(path);
  return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
}

namespace {
/// A bundle: of the file, or the one compiled in where no path is given. What was left out of it is told on stderr.
template <class Bundle>
Result<Bundle> load(const std::string& path, std::string_view compiled_in, std::string_view name,
                    Result<Bundle> (*parse)(std::string_view text, std::string_view name)) {
  const Result<std::string> text = path.empty() ? Result<std::string>(std::string(compiled_in)) : read_text(path);
  if (!text) return text.error();
  Result<Bundle> bundle = parse(*text, path.empty() ? name : path);
  if (bundle)
    for (const Error& error : bundle->left_out) std::fprintf(stderr, "left out: %s\n", to_text(error).c_str());
  return bundle;
}
}  // namespace

Result<Catalog> Session::catalog() const {
  return load(prices_path, embedded_prices(), "prices compiled in", parse_catalog);
}

Result<Hardware> Session::hardware() const {
  return load(hardware_path, embedded_hardware(), "hardware compiled in", parse_hardware);
}

namespace {
/// A whole number that JSON can hold; the library itself takes -1 for the largest number there is.
std::string whole_number_problem(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 15 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "expected a whole number from 0 on, of at most 15 digits, found \"" + text + "\".";
}
}  // namespace

void DrawOptions::add_to(CLI::App& command, const std::string& samples_help) {
  command.add_option("--samples", samples, samples_help)
      ->check(whole_number_problem)
      ->type_name(value::count)
      ->group(draws_group);
  command.add_option("--seed", seed, "Of the draws: the same seed gives the same figures everywhere; 1 unless given")
      ->check(whole_number_problem)
      ->type_name(value::count)
      ->group(draws_group);
  command
      .add_option("--assumptions", assumptions,
                  "typical: inputs that the scenario leaves at their default have their documented ranges (so unless "
                  "given); given: only the scenario's own ranges count")
      ->type_name("typical|given")
      ->group(draws_group);
}

Result<Assumptions> DrawOptions::parsed_assumptions() const { return parse_assumptions(assumptions); }

void ScenarioOptions::add_to(CLI::App& command) {
  command
      .add_option(
          "SCENARIO", path,
          "Scenario file (docs/formats.md), - for standard input; the defaults, or those of --preset, unless given")
      ->type_name(value::file);
  add_changes_to(command);
}

void ScenarioOptions::add_changes_to(CLI::App& command) {
  command.add_option("--preset", preset, "Start from a preset instead of a file: chatbot, retrieval, agent and others")
      ->type_name(value::preset)
      ->group(scenario_group);
  command
      .add_option(
          "--set", settings,
          "Change a parameter; may be given again. 1.5k, 2M, 30% and ranges such as \"4k to 9k\" are understood; "
          "`tokenbill describe` lists ids, units and ranges")
      ->take_all()
      ->allow_extra_args(false)
      ->type_name(value::setting)
      ->group(scenario_group);
  command.add_option("--model", model, "Price this model: seller/model, as `tokenbill prices` lists them")
      ->type_name(value::model)
      ->group(scenario_group);
  command.add_option("--date", date, "Prices in force on this date, YYYY-MM-DD; today unless given")
      ->type_name(value::date)
      ->group(scenario_group);
}

namespace {
Result<Scenario> preset_scenario(const std::string& id) {
  const Result<std::vector<Preset>> presets = parse_presets(embedded_presets());
  if (!presets) return presets.error();
  std::string known;
  for (const Preset& preset : *presets) {
    if (preset.id == id) return preset.scenario;
    known += (known.empty() ? "" : ", ") + preset.id;
  }
  return Error{Code::bad_value, "--preset", "There is no preset \"" + id + "\".", "Known are: " + known + "."};
}

}  // namespace

Result<Scenario> read_scenario_file(const std::string& path) {
  const Result<std::string> text = read_text(path);
  if (!text) return text.error();
  return parse_scenario(*text, path == "-" ? "standard input" : path);
}

std::optional<Error> file_and_preset(const std::string& path, const std::string& preset) {
  if (path.empty() || preset.empty()) return std::nullopt;
  return Error{Code::inconsistent, "--preset " + preset, "the scenario is already that of " + path + ".",
               "Leave out the one or the other."};
}

Result<Scenario> ScenarioOptions::unchanged() const {
  if (auto error = file_and_preset(path, preset)) return *std::move(error);
  if (!path.empty()) return read_scenario_file(path);
  return preset.empty() ? Result<Scenario>(Scenario()) : preset_scenario(preset);
}

std::optional<Error> ScenarioOptions::change(Scenario& scenario) const {
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos)
      return Error{Code::bad_value, "--set " + setting, "expected id=value.", "For example --set prompt_tokens=3000."};
    if (auto error = scenario.set(setting.substr(0, equals), setting.substr(equals + 1))) return error;
  }
  if (!model.empty()) scenario.model = model;
  if (!date.empty()) {
    const Result<Moment> moment = parse_moment(date);
    if (!moment) return moment.error();
    scenario.date = *moment;
  }
  return std::nullopt;
}

Result<Scenario> ScenarioOptions::scenario() const {
  Result<Scenario> scenario = unchanged();
  if (!scenario) return scenario;
  if (auto error = change(*scenario)) return *std::move(error);
  return scenario;
}

Result<Question> prepare(const ScenarioOptions& options, const Session& session) {
  Result<Scenario> scenario = options.scenario();
  if (!scenario) return scenario.error();
  Result<Catalog> catalog = session.catalog();
  if (!catalog) return catalog.error();
  Result<Engine> engine = Engine::create();
  if (!engine) return engine.error();
  return Question{std::move(scenario).value(), std::move(catalog).value(), std::move(engine).value()};
}

std::string amount_problem(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= 0 && std::isfinite(value) ? "" : "expected a number from 0 on, found \"" + text + "\".";
}

Moment today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return {seconds - seconds % 86400};
}

int report(const Session& session, const Error& error) {
  if (session.json)
    std::printf("%s\n", error_json(error).c_str());
  else
    std::fprintf(stderr, "%s\n", to_text(error).c_str());
  return bad_input;
}

CLI::App* add_question(CLI::App& app, Session& session, const std::string& name, const std::string& help,
                       const std::function<int(const Question&, const Session&)>& answer) {
  CLI::App* command = app.add_subcommand(name, help);
  auto options = std::make_shared<ScenarioOptions>();
  options->add_to(*command);
  command->callback([options, answer, &session] {
    session.run = [options, answer, &session] {
      const Result<Question> question = prepare(*options, session);
      return question ? answer(*question, session) : report(session, question.error());
    };
  });
  return command;
}

bool colours() { return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr; }

}  // namespace tokenbill::cli
