// tokenbill check: whether scenarios keep a budget, for continuous integration.

#include <cstdio>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/gate.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
struct CheckOptions {
  std::vector<std::string> paths;
  ScenarioOptions changes;
  GateSpec spec;
  DrawOptions draws;
  bool markdown = false;
};

/// The scenario's name, or where it was read.
std::string name_of(const GateLine& line, const std::string& path) {
  if (!line.name.empty()) return line.name;
  return path.empty() ? "defaults" : path == "-" ? "standard input" : path;
}

Table table_of(const Gate& gate, const std::vector<std::string>& paths) {
  const std::string of = gate.spec.percentile ? ", P" + std::to_string(*gate.spec.percentile) : "";
  Table table({{"scenario", false}, {"model", false}, {"USD a month" + of, true}, {"USD a request" + of, true}});
  for (std::size_t i = 0; i < gate.lines.size(); ++i) {
    const GateLine& line = gate.lines[i];
    const char* mark = line.request_verdict == GateVerdict::above ? " (above)" : "";
    table.row({name_of(line, paths[i]), line.model, usd_or_unknown(line.usd_per_month),
               usd_or_unknown(line.usd_per_request) + mark});
  }
  if (gate.lines.size() > 1) table.row({"All", "", usd_or_unknown(gate.usd_per_month), ""});
  return table;
}

/// Why amounts are unknown, and what they stand for.
std::vector<std::string> remarks_of(const Gate& gate, const std::vector<std::string>& paths) {
  std::vector<std::string> remarks;
  for (std::size_t i = 0; i < gate.lines.size(); ++i) {
    const GateLine& line = gate.lines[i];
    const std::string name = name_of(line, paths[i]) + ": ";
    if (line.problem) remarks.push_back(name + to_text(*line.problem));
    if (!line.note.empty()) remarks.push_back(name + line.note);
  }
  return remarks;
}

void print_gate(const Gate& gate, const std::vector<std::string>& paths, bool markdown) {
  const Table table = table_of(gate, paths);
  const std::vector<std::string> remarks = remarks_of(gate, paths);
  if (!markdown) {
    std::printf("%s\n%s\n", table.text().c_str(), gate.sentence.c_str());
    for (const std::string& remark : remarks) std::printf("%s\n", remark.c_str());
    return;
  }
  const char* heading = gate.verdict == GateVerdict::within  ? "within the budget"
                        : gate.verdict == GateVerdict::above ? "above the budget"
                                                             : "not known to be within the budget";
  std::printf("### Tokenbill: %s\n\n%s\n\n%s", heading, gate.sentence.c_str(), table.markdown().c_str());
  if (!remarks.empty()) std::printf("\n");
  for (const std::string& remark : remarks) std::printf("- %s\n", remark.c_str());
}

Result<std::vector<Scenario>> scenarios_of(const CheckOptions& options) {
  std::vector<Scenario> scenarios;
  ScenarioOptions one = options.changes;
  for (const std::string& path : options.paths) {
    one.path = path;
    Result<Scenario> scenario = one.scenario();
    if (!scenario) return scenario.error();
    scenarios.push_back(std::move(scenario).value());
  }
  return scenarios;
}

int check(CheckOptions& options, const Session& session) {
  if (options.paths.empty()) options.paths.emplace_back();  // the preset, or the defaults
  const Result<Assumptions> assumptions = options.draws.parsed_assumptions();
  if (!assumptions) return report(session, assumptions.error());
  options.spec.assumptions = *assumptions;
  options.spec.samples = options.draws.samples;
  options.spec.seed = options.draws.seed;
  const Result<std::vector<Scenario>> scenarios = scenarios_of(options);
  if (!scenarios) return report(session, scenarios.error());
  const Result<Catalog> catalog = session.catalog();
  if (!catalog) return report(session, catalog.error());
  const Result<Engine> engine = Engine::create();
  if (!engine) return report(session, engine.error());
  const Result<Gate> gate = check_budget(*engine, *catalog, *scenarios, today(), options.spec);
  if (!gate) return report(session, gate.error());
  if (session.json)
    std::printf("%s\n", gate_json(*gate).c_str());
  else
    print_gate(*gate, options.paths, options.markdown);
  for (const GateLine& line : gate->lines)
    if (line.status == Status::impossible || line.status == Status::unsuitable) return bad_input;
  return gate->verdict == GateVerdict::within ? fine : gate_failed;
}
}  // namespace

void add_check(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "check", "Whether scenarios keep a budget: exit code 0 within it, 1 above it or not known, 2 bad input");
  command->footer(
      "tokenbill check scenario.json --budget 15000\n"
      "tokenbill check costs/*.json --budget 40000 --percentile 90 --markdown\n"
      "tokenbill check scenario.json --budget-per-request 0.02 --json");
  auto options = std::make_shared<CheckOptions>();
  command
      ->add_option("SCENARIO", options->paths,
                   "Scenario files, whose months are added; - for standard input; the defaults, or those of --preset, "
                   "unless given")
      ->type_name(value::file);
  const std::string group = "Budget";
  command->add_option("--budget", options->spec.usd_per_month, "What all scenarios together may cost, in USD a month")
      ->check(amount_problem)
      ->type_name(value::usd)
      ->group(group);
  command
      ->add_option("--budget-per-request", options->spec.usd_per_request,
                   "What a request of each scenario may cost, in USD")
      ->check(amount_problem)
      ->type_name(value::usd)
      ->group(group);
  command
      ->add_option("--percentile", options->spec.percentile,
                   "Check this percentile of the inputs' ranges instead of the bill as it stands")
      ->type_name("5|10|25|50|75|90|95")
      ->group(group);
  command
      ->add_flag("--forecast", options->spec.forecast,
                 "Check the dearest month of the forecast (growth, dated prices) instead of the first")
      ->group(group);
  command->add_flag("--markdown", options->markdown, "Print Markdown, for a pull request");
  options->changes.add_changes_to(*command);
  options->draws.samples = options->spec.samples;
  options->draws.add_to(*command, "Draws for --percentile, 16 to 65536; 4096 unless given");
  command->callback([options, &session] { session.run = [options, &session] { return check(*options, session); }; });
}

}  // namespace tokenbill::cli
