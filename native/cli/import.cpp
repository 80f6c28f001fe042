// tokenbill import: records of usage, priced at the prices of their days, and why the bill is not what was estimated.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "command.h"
#include "files.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_usage.h"
#include "tokenbill/reconciliation.h"
#include "tokenbill/usage_import.h"

namespace tokenbill::cli {

namespace {
struct ImportOptions {
  std::vector<std::string> paths;
  std::string scenario_path, default_model, adopt_path;
  std::optional<double> days, paid;
  int rows = 12;
  ScenarioOptions scenario;
};

/// Reads a file in pieces; what it takes of memory does not depend on its size.
class Source {
 public:
  explicit Source(const std::string& path) : file_(path == "-" ? stdin : std::fopen(path.c_str(), "rb")) {
    struct stat about {};
    if (file_ != nullptr && fstat(fileno(file_), &about) == 0 && S_ISREG(about.st_mode))
      size_ = static_cast<double>(about.st_size);
  }
  ~Source() {
    if (file_ != nullptr && file_ != stdin) std::fclose(file_);
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  [[nodiscard]] bool open() const { return file_ != nullptr; }
  /// The next piece; empty at the end or where reading fails.
  std::string_view next() {
    const std::size_t size = std::fread(buffer_.data(), 1, buffer_.size(), file_);
    read_ += static_cast<double>(size);
    return {buffer_.data(), size};
  }
  [[nodiscard]] bool failed() const { return std::ferror(file_) != 0; }
  [[nodiscard]] std::optional<double> share() const {
    return size_ > 0 ? std::optional(std::min(1.0, read_ / size_)) : std::nullopt;
  }

 private:
  std::FILE* file_;
  std::vector<char> buffer_ = std::vector<char>(std::size_t{1} << 20);
  double size_ = 0, read_ = 0;
};

std::optional<Error> read_into(UsageImport& import, const std::string& path) {
  Source source(path);
  const auto problem = [&] {
    return Error{Code::bad_value, path, std::string("cannot be read: ") + std::strerror(errno) + ".",
                 "Name a file of usage records, or - for standard input."};
  };
  if (!source.open()) return problem();
  import.begin(path == "-" ? "standard input" : path);
  bool is_first = true;
  const bool told = isatty(STDERR_FILENO) != 0;
  for (std::string_view piece = source.next(); !piece.empty(); piece = source.next()) {
    if (is_first && piece.substr(0, 2) == "\x1f\x8b")
      return Error{Code::bad_value, path, "is packed by gzip.", "Unpack it: gunzip -c FILE | tokenbill import -"};
    is_first = false;
    import.feed(piece);
    if (told && source.share())
      std::fprintf(stderr, "\r%s %s \x1b[K", path.c_str(), percent_text(*source.share()).c_str());
  }
  if (told) std::fprintf(stderr, "\r\x1b[K");
  if (source.failed()) return problem();
  import.finish();
  return std::nullopt;
}

std::string count_of(double count, const char* one, const char* many) {
  return number_text(count) + " " + (count == 1 ? one : many);
}

void print_reading(const UsageReport& report) {
  std::printf("%s", count_of(static_cast<double>(report.records), "record of usage", "records of usage").c_str());
  if (report.first) {
    const std::string first = moment_text(*report.first).substr(0, 10), last = moment_text(*report.last).substr(0, 10);
    std::printf(", %s", first.c_str());
    if (first != last) std::printf(" to %s", last.c_str());
  }
  std::printf("\n");
  const auto left_out = [](std::uint64_t count, const char* what) {
    if (count > 0) std::printf("%s: %s\n", number_text(static_cast<double>(count)).c_str(), what);
  };
  left_out(report.cost_only, "lines of a cost report, without tokens");
  left_out(report.without_usage, "left out, they count neither tokens nor money");
  left_out(report.repeated, "left out, the same request again");
  left_out(report.kept_answers, "left out, answered from the gateway's cache");
  left_out(report.broken, "could not be read");
  for (const UsageProblem& problem : report.problems)
    std::printf("  %s:%s: %s\n", problem.file.c_str(), std::to_string(problem.line).c_str(), problem.message.c_str());
  if (report.broken > report.problems.size() && !report.problems.empty()) std::printf("  and others\n");
}

void print_measured(const UsageReport& report, int rows) {
  std::printf("\n  %s USD at list prices of their days", usd_or_unknown(report.usd).c_str());
  if (!report.usd && report.known_usd > 0)
    std::printf(" (%s of those with a price)", usd_text(report.known_usd).c_str());
  if (report.paid_usd) std::printf(" · %s paid, as the records say", usd_text(*report.paid_usd).c_str());
  if (report.cost_report_usd) std::printf(" · %s in the cost report", usd_text(*report.cost_report_usd).c_str());
  std::printf("\n");
  if (report.requests_known && report.requests > 0) {
    const double read = report.tokens[static_cast<std::size_t>(TokenClass::cache_read)];
    std::printf("  a request: %s prompt tokens, %s read from the cache; %s output tokens",
                brief_text(report.prompt_tokens / report.requests).c_str(),
                percent_text(report.prompt_tokens > 0 ? read / report.prompt_tokens : 0).c_str(),
                brief_text(report.output_tokens / report.requests).c_str());
    if (report.reasoning_tokens > 0 && report.output_tokens > 0)
      std::printf(", %s of them reasoning", percent_text(report.reasoning_tokens / report.output_tokens).c_str());
    std::printf("\n");
  }
  const auto spread = [](const char* what, const SizeDistribution& sizes) {
    if (!(sizes.count() > 1)) return;
    std::printf("  %s: median %s, 5 %% below %s, 5 %% above %s tokens\n", what,
                brief_text(*sizes.quantile(0.5)).c_str(), brief_text(*sizes.quantile(0.05)).c_str(),
                brief_text(*sizes.quantile(0.95)).c_str());
  };
  spread("prompts", report.prompts);
  spread("answers", report.outputs);

  if (report.by_month.size() > 1) {
    Table months({{"month", false}, {"requests", true}, {"USD", true}, {"paid, USD", true}});
    for (const UsageMonth& month : report.by_month)
      months.row({month.month.empty() ? "without a time" : month.month,
                  report.requests_known ? number_text(month.requests) : "unknown", usd_or_unknown(month.usd),
                  month.paid_usd ? usd_text(*month.paid_usd) : ""});
    std::printf("\n%s", months.text().c_str());
  }
  Table table({{"model", false},
               {"month", false},
               {"tier", false},
               {"requests", true},
               {"prompt tokens", true},
               {"output tokens", true},
               {"USD", true},
               {"paid, USD", true},
               {"", false}});
  const auto count = std::min(report.lines_by_price.size(), static_cast<std::size_t>(std::max(rows, 0)));
  for (std::size_t i = 0; i < count; ++i) {
    const UsageLine& line = report.lines_by_price[i];
    double prompt = 0, output = 0;
    for (std::size_t k = 0; k < token_class_count; ++k)
      (info(static_cast<TokenClass>(k)).is_input ? prompt : output) += line.tokens[k];
    std::string remark = line.reason;
    if (line.cliff_usd > 0) remark += "long prompts, " + usd_text(line.cliff_usd) + " USD dearer";
    if (line.peak_usd > 0) remark += "peak hours, " + usd_text(line.peak_usd) + " USD dearer";
    table.row({line.model.empty() ? "not named" : line.model, line.month, std::string(service_tier_id(line.tier)),
               report.requests_known ? number_text(line.requests) : "unknown", number_text(prompt), number_text(output),
               usd_or_unknown(line.usd), line.paid_usd ? usd_text(*line.paid_usd) : "", remark});
  }
  std::printf("\n%s", table.text().c_str());
  if (count < report.lines_by_price.size())
    std::printf("%s more lines; --rows shows them\n", std::to_string(report.lines_by_price.size() - count).c_str());
  for (const std::string& notice : report.notices) std::printf("note: %s\n", notice.c_str());
}

std::string signed_usd(const std::optional<double>& value) {
  if (!value) return std::string(unknown_word);
  return (*value > 0 ? "+" : "") + usd_text(*value);
}

void print_reconciliation(const Reconciliation& reconciliation) {
  std::printf("\n%s\n", reconciliation.sentence.c_str());
  Table table({{"tokens and fees of a month", false}, {"USD", true}, {"", false}});
  table.row({"Estimated", usd_or_unknown(reconciliation.estimated), ""});
  for (const ReconciliationStep& step : reconciliation.steps)
    table.row({"  " + std::string(step.label), signed_usd(step.usd_per_month), step.words});
  table.row({"Measured, at list prices", usd_or_unknown(reconciliation.measured), ""});
  if (reconciliation.paid) {
    const bool below = reconciliation.paid_above_list && *reconciliation.paid_above_list < 0;
    table.row({below ? "  Paid below list prices" : "  Paid above list prices",
               signed_usd(reconciliation.paid_above_list),
               "discounts, taxes, fees and rounding that records do not hold"});
    table.row({"Paid", usd_or_unknown(reconciliation.paid), ""});
  }
  std::printf("\n%s", table.text().c_str());
  for (const std::string& notice : reconciliation.notices) std::printf("note: %s\n", notice.c_str());
}

int run_import(const ImportOptions& options, const Session& session) {
  const Result<Catalog> catalog = session.catalog();
  if (!catalog) return report(session, catalog.error());
  const Result<Engine> engine = Engine::create();
  if (!engine) return report(session, engine.error());
  if (auto error = file_and_preset(options.scenario_path, options.scenario.preset)) return report(session, *error);
  Result<Scenario> scenario =
      options.scenario_path.empty() ? options.scenario.unchanged() : read_scenario_file(options.scenario_path);
  if (!scenario) return report(session, scenario.error());
  if (auto error = options.scenario.change(*scenario)) return report(session, *error);
  const bool compared =
      !options.scenario_path.empty() || !options.scenario.preset.empty() || !options.scenario.settings.empty();
  if (!options.default_model.empty())
    if (const auto model = catalog->find_model(options.default_model); !model) return report(session, model.error());

  UsageImport import(*catalog, {options.default_model, scenario->date.value_or(today()), options.days});
  for (const std::string& path : options.paths)
    if (auto error = read_into(import, path)) return report(session, *error);
  const UsageReport usage = import.report();

  std::optional<Reconciliation> reconciliation;
  if (usage.records > 0) {
    Result<Reconciliation> found = reconcile(*engine, *catalog, *scenario, today(), usage, options.paid);
    if (!found) return report(session, found.error());
    reconciliation = std::move(found).value();
    if (!options.adopt_path.empty())
      if (auto error = write_file(options.adopt_path, scenario_text(reconciliation->adopted) + "\n"))
        return report(session, *error);
  }
  if (session.json) {
    std::printf("%s\n", usage_json(usage, reconciliation ? &*reconciliation : nullptr).c_str());
  } else {
    print_reading(usage);
    if (usage.records > 0) print_measured(usage, options.rows);
    if (reconciliation && compared) print_reconciliation(*reconciliation);
    if (reconciliation && !options.adopt_path.empty())
      std::printf("\nThe scenario with measured values is in %s.\n", options.adopt_path.c_str());
  }
  if (usage.records > 0 || usage.cost_only > 0) return fine;
  std::fprintf(stderr,
               "No usage found: no record names a number of tokens or an amount of money. Expected are usage objects, "
               "logs or exports of sellers and gateways; docs/usage.md lists the forms.\n");
  return bad_input;
}
}  // namespace

void add_import(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "import",
      "Records of usage, as sellers and gateways export them: priced at the prices of their days, compared with a "
      "scenario, and turned into one");
  command->footer(
      "tokenbill import usage.jsonl\n"
      "tokenbill import activity.csv --scenario scenario.json --paid 1830.12\n"
      "tokenbill import usage.jsonl --preset chatbot --adopt measured.json");
  auto options = std::make_shared<ImportOptions>();
  command
      ->add_option("USAGE", options->paths,
                   "Files of JSON lines, JSON or CSV, - for standard input; docs/usage.md lists the forms")
      ->required()
      ->type_name(value::file);
  command->add_option("--scenario", options->scenario_path, "Compare with this scenario file")->type_name(value::file);
  command->add_option("--adopt", options->adopt_path, "Write the scenario with measured values to this file")
      ->type_name(value::file);
  command
      ->add_option("--default-model", options->default_model,
                   "Model of records that name none, as bare usage objects do")
      ->type_name(value::model);
  command
      ->add_option("--days", options->days, "Days that the records cover; from the first to the last one unless given")
      ->check(CLI::Range(0.001, 100000.0))
      ->type_name(value::count);
  command->add_option("--paid", options->paid, "What was paid for these days, in USD, where the records do not say")
      ->check(amount_problem)
      ->type_name(value::usd);
  command->add_option("--rows", options->rows, "Lines of models and months to print")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str()
      ->type_name(value::count);
  options->scenario.add_changes_to(*command);
  command->callback(
      [options, &session] { session.run = [options, &session] { return run_import(*options, session); }; });
}

}  // namespace tokenbill::cli
