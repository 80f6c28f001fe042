#pragma once
// What the subcommands share. One subcommand per file; each adds itself to the command line and sets `run`.

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/engine.h"
#include "tokenbill/hardware.h"
#include "tokenbill/result.h"
#include "tokenbill/sampling.h"
#include "tokenbill/scenario.h"
#include "words.h"

namespace tokenbill::cli {

/// Exit codes of every command.
inline constexpr int fine = 0;
inline constexpr int gate_failed = 1;
inline constexpr int bad_input = 2;

/// Groups of options that many commands share.
inline constexpr const char* scenario_group = "Scenario";
inline constexpr const char* draws_group = "Draws";

/// What the value of an option may be: the name that help and manual show, by which completion knows what to offer
/// (completion.cpp). A closed set is written as "a|b".
namespace value {
inline constexpr const char* file = "FILE";
inline constexpr const char* preset = "PRESET";
inline constexpr const char* setting = "ID=VALUE";
inline constexpr const char* model = "MODEL";
inline constexpr const char* models = "MODELS";
inline constexpr const char* seller = "SELLER";
inline constexpr const char* figure = "FIGURE";
inline constexpr const char* parameter = "PARAMETER";
inline constexpr const char* axis = "AXIS";
inline constexpr const char* claim = "CLAIM";
inline constexpr const char* date = "DATE";
inline constexpr const char* usd = "USD";
inline constexpr const char* percent = "PERCENT";
inline constexpr const char* amount = "AMOUNT";
inline constexpr const char* count = "COUNT";
}  // namespace value

/// Options that every command has, and the work of the one that was chosen.
struct Session {
  bool json = false;
  std::string prices_path;    ///< empty = the prices compiled in
  std::string hardware_path;  ///< empty = the hardware compiled in
  std::function<int()> run;

  /// The catalog: of --prices or the one compiled in. What was left out of it is told on stderr.
  [[nodiscard]] Result<Catalog> catalog() const;
  /// The hardware: of --hardware or the one compiled in; likewise.
  [[nodiscard]] Result<Hardware> hardware() const;
};

/// The scenario of a command: a file ("-" = standard input), a preset, or the defaults, with changes on top.
struct ScenarioOptions {
  std::string path;
  std::string preset;
  std::vector<std::string> settings;  ///< id=value
  std::string model;
  std::string date;

  void add_to(CLI::App& command);
  /// All but the file, for commands that take more than one.
  void add_changes_to(CLI::App& command);
  [[nodiscard]] Result<Scenario> scenario() const;
  /// The file, the preset or the defaults, without the changes.
  [[nodiscard]] Result<Scenario> unchanged() const;
  /// Makes the changes. @error as Scenario::set
  [[nodiscard]] std::optional<Error> change(Scenario& scenario) const;
};

/// Where both a file and a preset are named, only one of which can be meant. @param path  of the file
[[nodiscard]] std::optional<Error> file_and_preset(const std::string& path, const std::string& preset);
/// The file's text. @param path  - = standard input
[[nodiscard]] Result<std::string> read_text(const std::string& path);
/// The file's scenario. @param path  - = standard input
[[nodiscard]] Result<Scenario> read_scenario_file(const std::string& path);

/// How inputs that have a range are drawn.
struct DrawOptions {
  std::size_t samples = 0;
  std::uint64_t seed = 1;
  std::string assumptions = "typical";

  /// @param samples_help  what --samples does, and its range
  void add_to(CLI::App& command, const std::string& samples_help);
  [[nodiscard]] Result<Assumptions> parsed_assumptions() const;
};

/// What the commands about a scenario need: the scenario, the prices, the engine.
struct Question {
  Scenario scenario;
  Catalog catalog;
  Engine engine;
};
[[nodiscard]] Result<Question> prepare(const ScenarioOptions& options, const Session& session);

/// A subcommand that needs nothing but a scenario: it is prepared, and `answer` prints and returns the exit code.
/// Returns the subcommand.
CLI::App* add_question(CLI::App& app, Session& session, const std::string& name, const std::string& help,
                       const std::function<int(const Question&, const Session&)>& answer);

/// For CLI::Option::check: what is wrong with a text that should be an amount from 0 on; empty where nothing is.
[[nodiscard]] std::string amount_problem(const std::string& text);

/// Today in UTC: the only clock, read here and nowhere in the core.
[[nodiscard]] Moment today();
/// Prints the error on stderr, or as JSON on stdout where --json was given. Returns bad_input.
int report(const Session& session, const Error& error);
/// What is wrong with the line that was typed, with the command or the option that was probably meant.
[[nodiscard]] Error usage_error(const CLI::App& app, const CLI::ParseError& problem);
/// Whether stdout is a terminal that shows colour.
[[nodiscard]] bool colours();

void add_estimate(CLI::App& app, Session& session);
void add_compare(CLI::App& app, Session& session);
void add_explain(CLI::App& app, Session& session);
void add_report(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_prices(CLI::App& app, Session& session);
void add_describe(CLI::App& app, Session& session);
void add_sweep(CLI::App& app, Session& session);
void add_claims(CLI::App& app, Session& session);
void add_forecast(CLI::App& app, Session& session);
void add_levers(CLI::App& app, Session& session);
void add_range(CLI::App& app, Session& session);
void add_turns(CLI::App& app, Session& session);
void add_solve(CLI::App& app, Session& session);
void add_selfhost(CLI::App& app, Session& session);
void add_check(CLI::App& app, Session& session);
void add_diff(CLI::App& app, Session& session);
void add_import(CLI::App& app, Session& session);
void add_completion(CLI::App& app, Session& session);
void add_manual(CLI::App& app, Session& session);

}  // namespace tokenbill::cli
