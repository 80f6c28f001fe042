// tokenbill diff: what changed between two scenarios, or between two price lists, and what it costs.

#include <cstdio>

#include "command.h"
#include "files.h"
#include "table.h"
#include "tokenbill/difference.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
struct DiffOptions {
  std::string old_path, new_path;
  ScenarioOptions changes;  ///< of the newer scenario
  std::string old_prices, old_date;
  bool allow_missing_old = false;
  std::optional<double> budget, max_increase_percent;
  bool markdown = false;
};

std::string signed_usd(const std::optional<double>& value) {
  if (!value) return "unknown";
  return (*value > 0 ? "+" : "") + usd_text(*value);
}

/// Amounts before and after. Where there was nothing before, its column says so.
Table amounts(const Difference& difference, std::string title, const std::vector<const AmountChange*>& changes) {
  Table table({{std::move(title), false}, {"before", true}, {"after", true}, {"difference", true}, {"", false}});
  for (const AmountChange* change : changes)
    table.row({std::string(change->label), difference.before ? usd_or_unknown(change->before) : "-",
               usd_or_unknown(change->after), signed_usd(change->difference), change->words});
  return table;
}

Table inputs(std::string title, const std::vector<InputChange>& changes) {
  Table table({{std::move(title), false}, {"before", false}, {"after", false}});
  for (const InputChange& change : changes) table.row({std::string(change.label), change.before, change.after});
  return table;
}

void print_difference(const Difference& difference, const std::vector<Notice>& broken, bool markdown) {
  const auto show = [&](const Table& table) {
    std::printf("\n%s", markdown ? table.markdown().c_str() : table.text().c_str());
  };
  if (markdown) std::printf("### Tokenbill: %s\n\n", broken.empty() ? "what changes" : "a limit is broken");
  std::printf("%s\n", difference.sentence.c_str());
  for (const Notice& limit : broken)
    std::printf("%s%s\n", markdown ? "\n**" : "", (limit.text + (markdown ? "**" : "")).c_str());
  const auto problem = [&](const char* when, const Bill& bill) {
    if (bill.problem) std::printf("%s%s: %s\n", markdown ? "\n" : "", when, to_text(*bill.problem).c_str());
  };
  if (difference.before) problem("before", *difference.before);
  problem("after", difference.after);
  if (!difference.inputs.empty()) show(inputs("input", difference.inputs));
  if (!difference.prices.empty()) show(inputs("price list", difference.prices));
  std::vector<const AmountChange*> items;
  for (const AmountChange& item : difference.items) items.push_back(&item);
  if (!items.empty()) show(amounts(difference, "USD a month", items));
  show(amounts(difference, "USD", {&difference.per_month, &difference.per_request, &difference.per_conversation}));
}

/// The older scenario; absent where it may be missing, and is: no file, or an empty one such as /dev/null.
Result<std::optional<Scenario>> old_scenario(const DiffOptions& options) {
  const std::string& path = options.old_path;
  if (auto error = file_and_preset(path, options.changes.preset)) return *std::move(error);
  if (path.empty()) {
    Result<Scenario> start = options.changes.unchanged();
    if (!start) return start.error();
    return std::optional(std::move(start).value());
  }
  const bool there = path == "-" || file_exists(path);
  const Result<std::string> text = there ? read_text(path) : Result<std::string>(std::string());
  if (!text) return text.error();
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) {
    if (options.allow_missing_old) return std::optional<Scenario>();
    return Error{Code::bad_value, path, there ? "the file is empty." : "there is no such file.",
                 "If the scenario is new, say --allow-missing-old."};
  }
  Result<Scenario> scenario = parse_scenario(*text, path == "-" ? "standard input" : path);
  if (!scenario) return scenario.error();
  return std::optional(std::move(scenario).value());
}

Result<Scenario> new_scenario(const DiffOptions& options, const std::optional<Scenario>& old) {
  Result<Scenario> scenario{Scenario()};
  if (!options.new_path.empty())
    scenario = read_scenario_file(options.new_path);
  else if (old)
    scenario = *old;
  else
    return Error{Code::bad_value, "tokenbill diff", "the newer scenario is missing.",
                 "Name its file as the second one."};
  if (!scenario) return scenario;
  if (auto error = options.changes.change(*scenario)) return *std::move(error);
  return scenario;
}

int diff(const DiffOptions& options, const Session& session) {
  Result<std::optional<Scenario>> old = old_scenario(options);
  if (!old) return report(session, old.error());
  const Result<Scenario> scenario = new_scenario(options, *old);
  if (!scenario) return report(session, scenario.error());
  // Both are priced on the same day, unless they say otherwise: what the day changes is no change of the scenario.
  if (*old && !options.changes.date.empty()) (*old)->date = scenario->date;
  if (*old && !options.old_date.empty()) {
    const Result<Moment> moment = parse_moment(options.old_date);
    if (!moment) return report(session, moment.error());
    (*old)->date = *moment;
  }

  const Result<Catalog> catalog = session.catalog();
  if (!catalog) return report(session, catalog.error());
  Session older = session;
  if (!options.old_prices.empty()) older.prices_path = options.old_prices;
  const Result<Catalog> old_catalog = options.old_prices.empty() ? catalog : older.catalog();
  if (!old_catalog) return report(session, old_catalog.error());
  const Result<Engine> engine = Engine::create();
  if (!engine) return report(session, engine.error());

  std::optional<Priceable> before;
  if (*old) before = Priceable{&*old_catalog, &**old, today()};
  const Result<Difference> difference = find_difference(*engine, before, {&*catalog, &*scenario, today()});
  if (!difference) return report(session, difference.error());
  DifferenceLimits limits;
  limits.usd_per_month = options.budget;
  if (options.max_increase_percent) limits.increase_ratio = *options.max_increase_percent / 100;
  const std::vector<Notice> broken = broken_limits(*difference, limits);
  if (session.json)
    std::printf("%s\n", difference_json(*difference, broken).c_str());
  else
    print_difference(*difference, broken, options.markdown);
  const Status status = difference->after.status;
  if (status == Status::impossible || status == Status::unsuitable) return bad_input;
  return broken.empty() ? fine : gate_failed;
}
}  // namespace

void add_diff(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "diff",
      "What changed between two scenarios or two price lists: inputs, prices, each line of the bill; exit code 1 where "
      "a limit is broken");
  command->footer(
      "tokenbill diff old.json new.json --markdown\n"
      "tokenbill diff scenario.json --set prompt_tokens=6000 --max-increase 10\n"
      "tokenbill diff scenario.json --old-prices older-prices.json\n"
      "git show main:cost.json | tokenbill diff - cost.json --allow-missing-old");
  auto options = std::make_shared<DiffOptions>();
  command
      ->add_option("OLD", options->old_path,
                   "The older scenario file, - for standard input; the defaults, or those of --preset, unless given")
      ->type_name(value::file);
  command
      ->add_option("NEW", options->new_path,
                   "The newer scenario file, to which --set and --model apply; the older one unless given")
      ->type_name(value::file);
  command->add_flag("--allow-missing-old", options->allow_missing_old,
                    "OLD may be absent or empty: then the scenario is new, and all that it costs is added");
  command
      ->add_option("--old-prices", options->old_prices, "The price file that holds for OLD; that of NEW unless given")
      ->type_name(value::file);
  command->add_option("--old-date", options->old_date, "Prices in force on this date hold for OLD, YYYY-MM-DD")
      ->type_name(value::date);
  command->add_flag("--markdown", options->markdown, "Print Markdown, for a pull request");
  const std::string group = "Limits";
  command->add_option("--budget", options->budget, "What NEW may cost, in USD a month")
      ->check(amount_problem)
      ->type_name(value::usd)
      ->group(group);
  command
      ->add_option("--max-increase", options->max_increase_percent,
                   "By how many percent a month may become dearer; it limits nothing that is new")
      ->check(amount_problem)
      ->type_name(value::percent)
      ->group(group);
  options->changes.add_changes_to(*command);
  command->callback([options, &session] { session.run = [options, &session] { return diff(*options, session); }; });
}

}  // namespace tokenbill::cli
