// tokenbill verify: worked cases through the code that prices scenarios, and published measurements of throughput
// against what is predicted for them.

#include "tokenbill/verify.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_value.h"
#include "tokenbill/throughput.h"

namespace tokenbill::cli {

namespace {
constexpr std::string_view verdict_ids[] = {"passed", "failed", "skipped"};

int print_results(const Session& session, const std::vector<CaseResult>& results) {
  std::size_t counts[3] = {};
  for (const CaseResult& result : results) ++counts[static_cast<std::size_t>(result.verdict)];
  if (session.json) {
    JsonWriter w;
    w.begin_object().key("cases").begin_array();
    for (const CaseResult& result : results) {
      w.begin_object().member("id", result.id).member("kind", result.kind);
      w.member("verdict", verdict_ids[static_cast<std::size_t>(result.verdict)]).member("detail", result.detail);
      w.key("figures").begin_object();
      for (const auto& [id, value] : result.figures) w.member(id, value);
      w.end_object().end_object();
    }
    w.end_array();
    for (std::size_t i = 0; i < 3; ++i) w.member(verdict_ids[i], static_cast<double>(counts[i]));
    w.end_object();
    std::printf("%s\n", w.take().c_str());
  } else {
    for (const CaseResult& result : results)
      std::printf("%-7s %s  %s%s%s\n", std::string(verdict_ids[static_cast<std::size_t>(result.verdict)]).c_str(),
                  result.id.c_str(), result.title.c_str(), result.detail.empty() ? "" : ": ", result.detail.c_str());
    if (counts[2] > 0) std::printf("%zu skipped: of kinds that are not run here, named above\n", counts[2]);
    std::printf("%zu passed, %zu failed\n", counts[0], counts[1]);
  }
  return counts[1] == 0 ? fine : gate_failed;
}

// ----------------------------------------------------------------------------------------------------- throughput

std::optional<double> relative_error(std::optional<double> predicted, std::optional<double> measured) {
  if (!predicted || !measured || !(*measured > 0)) return std::nullopt;
  return *predicted / *measured - 1;
}

void print_json(const ThroughputReport& report) {
  JsonWriter w;
  w.begin_object().key("rows").begin_array();
  for (const ThroughputRow& row : report.rows) {
    w.begin_object().member("id", row.id).member("group", row.group).member("load_mode", row.load_mode);
    w.member("measured", row.measured);
    w.member("predicted", row.predicted);
    w.member("relative_error", relative_error(row.predicted, row.measured));
    w.member("low", row.low);
    w.member("high", row.high);
    w.key("reason");
    row.reason.empty() ? w.null() : w.value(row.reason);
    w.member("serving", row.serving).member("concurrency", row.concurrency).member("fits", row.fits);
    w.member("fits_by_default", row.fits_by_default);
    w.member("first_token_measured", row.first_token_measured);
    w.member("first_token_predicted", row.first_token_predicted);
    w.member("first_token_low", row.first_token_low);
    w.member("first_token_high", row.first_token_high);
    w.member("token_measured", row.token_measured);
    w.member("token_predicted", row.token_predicted);
    w.member("weights_bytes", row.weights_bytes);
    w.member("request_bytes", row.request_bytes);
    w.member("room_bytes", row.room_bytes);
    w.member("most_requests", row.most_requests);
    w.end_object();
  }
  w.end_array();
  w.member("median_abs_error", report.median_abs_error);
  w.member("p90_abs_error", report.p90_abs_error);
  w.member("inside_band", report.inside_band);
  w.member("errors_are_of", report.has_closed_loop ? "closed_loop" : "all");
  w.member("other_median_abs_error", report.other_median_abs_error);
  w.member("other_p90_abs_error", report.other_p90_abs_error);
  w.member("first_token_median_abs_error", report.first_token_median_abs_error);
  w.member("first_token_inside_band", report.first_token_inside_band);
  w.end_object();
  std::printf("%s\n", w.take().c_str());
}

std::string percent_or_dash(std::optional<double> ratio) {
  if (!ratio) return "-";
  char text[40];
  std::snprintf(text, sizeof text, "%.1f %%", *ratio * 100);
  return text;
}

std::string number_or_dash(std::optional<double> value) { return value ? brief_text(*value) : "-"; }

/// Errors and hits of the rows of one class.
struct Tally {
  std::vector<double> errors, first_token_errors;
  double inside = 0, first_token_inside = 0;

  void add(const ThroughputRow& row) {
    if (const auto error = absolute_error(row.predicted, row.measured)) {
      errors.push_back(*error);
      inside += *row.measured >= *row.low && *row.measured <= *row.high ? 1 : 0;
    }
    if (const auto error = absolute_error(row.first_token_predicted, row.first_token_measured)) {
      first_token_errors.push_back(*error);
      first_token_inside +=
          *row.first_token_measured >= *row.first_token_low && *row.first_token_measured <= *row.first_token_high ? 1
                                                                                                                  : 0;
    }
  }
  [[nodiscard]] static std::optional<double> share(double hits, const std::vector<double>& of) {
    return of.empty() ? std::nullopt : std::optional(hits / static_cast<double>(of.size()));
  }
};

/// "1: name": the part before the colon orders the classes of a table and is not shown.
using ClassOf = std::string (*)(const ThroughputRow& row);

std::string size_class(const ThroughputRow& row) {
  const double size = row.model_parameters_b;
  if (row.has_experts) return size < 200 ? "4:experts, below 200 billion" : "5:experts, 200 billion and more";
  return size < 15   ? "1:dense, below 15 billion"
         : size < 50 ? "2:dense, 15 to 50 billion"
                     : "3:dense, 50 billion and more";
}

std::string concurrency_class(const ThroughputRow& row) {
  const double c = row.concurrency;
  return c <= 4     ? "1:up to 4"
         : c <= 16  ? "2:up to 16"
         : c <= 64  ? "3:up to 64"
         : c <= 256 ? "4:up to 256"
                    : "5:above 256";
}

void print_table(const ThroughputReport& report, const std::string& title, ClassOf class_of) {
  std::map<std::string, Tally> tallies;
  for (const ThroughputRow& row : report.rows)
    if (row.predicted) tallies[class_of(row)].add(row);
  Table table({{title, false},
               {"rows", true},
               {"median", true},
               {"90th percentile", true},
               {"inside the band", true},
               {"first token: rows", true},
               {"median", true},
               {"90th percentile", true},
               {"inside the band", true}});
  for (const auto& [name, tally] : tallies)
    table.row({name.substr(name.find(':') + 1), std::to_string(tally.errors.size()),
               percent_or_dash(quantile(tally.errors, 0.5)), percent_or_dash(quantile(tally.errors, 0.9)),
               percent_or_dash(Tally::share(tally.inside, tally.errors)),
               std::to_string(tally.first_token_errors.size()),
               percent_or_dash(quantile(tally.first_token_errors, 0.5)),
               percent_or_dash(quantile(tally.first_token_errors, 0.9)),
               percent_or_dash(Tally::share(tally.first_token_inside, tally.first_token_errors))});
  std::printf("%s\n", table.text().c_str());
}

void print_report(const ThroughputReport& report) {
  Table rows({{"row", false},
              {"group", false},
              {"load", false},
              {"measured", true},
              {"predicted", true},
              {"error", true},
              {"band", false},
              {"", false}});
  std::size_t left_out = 0;
  for (const ThroughputRow& row : report.rows) {
    if (!row.predicted) {
      ++left_out;
      continue;
    }
    rows.row({row.id, row.group, row.load_mode, number_or_dash(row.measured), number_or_dash(row.predicted),
              percent_or_dash(relative_error(row.predicted, row.measured)),
              number_or_dash(row.low) + " to " + number_or_dash(row.high), row.fits ? "" : "does not fit in memory"});
  }
  std::printf("Output tokens a second of one GPU (prefill_only: prompt tokens)\n%s\n", rows.text().c_str());

  print_table(report, "GPU", [](const ThroughputRow& row) { return ":" + row.gpu; });
  print_table(report, "model", size_class);
  print_table(report, "precision", [](const ThroughputRow& row) { return ":" + row.precision; });
  print_table(report, "engine", [](const ThroughputRow& row) { return ":" + std::string(row.serving); });
  print_table(report, "requests at once", concurrency_class);
  print_table(report, "load", [](const ThroughputRow& row) { return ":" + row.load_mode; });

  if (left_out > 0) {
    std::printf("%zu rows cannot be predicted:\n", left_out);
    for (const ThroughputRow& row : report.rows)
      if (!row.predicted) std::printf("  %s  %s: %s\n", row.id.c_str(), row.group.c_str(), row.reason.c_str());
    std::printf("\n");
  }
  if (report.has_closed_loop)
    std::printf(
        "closed loop: median error %s, 90th percentile %s; all other loads: %s, %s; inside the band %s, first token "
        "%s\n",
        percent_or_dash(report.median_abs_error).c_str(), percent_or_dash(report.p90_abs_error).c_str(),
        percent_or_dash(report.other_median_abs_error).c_str(), percent_or_dash(report.other_p90_abs_error).c_str(),
        percent_or_dash(report.inside_band).c_str(), percent_or_dash(report.first_token_inside_band).c_str());
  else
    std::printf(
        "no row is closed_loop; all rows: median error %s, 90th percentile %s; inside the band %s, first token %s\n",
        percent_or_dash(report.median_abs_error).c_str(), percent_or_dash(report.p90_abs_error).c_str(),
        percent_or_dash(report.inside_band).c_str(), percent_or_dash(report.first_token_inside_band).c_str());
}

int verify_measurements(const Session& session, const std::string& path) {
  const Result<std::string> text = read_text(path);
  if (!text) return report(session, text.error());
  const Result<Hardware> hardware = session.hardware();
  if (!hardware) return report(session, hardware.error());
  const Result<ThroughputReport> verified = verify_throughput(*hardware, *text, path);
  if (!verified) return report(session, verified.error());
  session.json ? print_json(*verified) : print_report(*verified);
  return fine;
}

int verify_file_of_cases(const Session& session, const std::string& path) {
  const Result<std::string> text = read_text(path);
  if (!text) return report(session, text.error());
  const Result<Catalog> catalog = session.catalog();
  if (!catalog) return report(session, catalog.error());
  const Result<std::vector<CaseResult>> results = verify_cases(*text, path, *catalog);
  if (!results) return report(session, results.error());
  return print_results(session, *results);
}
}  // namespace

void add_verify(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "verify", "Run worked cases of the golden-cases/1 form, or predict measurements of throughput");
  command->footer(
      "tokenbill verify cases.json\n"
      "tokenbill verify --throughput measured.csv");
  auto cases = std::make_shared<std::string>();
  auto throughput = std::make_shared<std::string>();
  CLI::Option_group* files = command->add_option_group("File", "one of");
  files->add_option("CASES", *cases, "File of cases, - for standard input; this or --throughput")
      ->type_name(value::file);
  files
      ->add_option("--throughput", *throughput,
                   "CSV file of measured throughput (docs/formats.md), - for standard input")
      ->type_name(value::file);
  files->require_option(1);
  command->callback([cases, throughput, &session] {
    session.run = [cases, throughput, &session] {
      return throughput->empty() ? verify_file_of_cases(session, *cases) : verify_measurements(session, *throughput);
    };
  });
}

}  // namespace tokenbill::cli
