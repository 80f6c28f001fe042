// tokenbill report: the bill as one document.

#include "../report/report.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "command.h"
#include "files.h"

namespace tokenbill::cli {

namespace {
struct ReportOptions {
  ScenarioOptions scenario;
  std::string path;
  std::string format;
};

Result<std::string> format_of(const ReportOptions& options) {
  if (!options.format.empty()) return options.format;
  const std::string ending = std::filesystem::path(options.path).extension().string();
  if (ending == ".html" || ending == ".htm") return std::string("html");
  if (ending == ".md" || ending == ".markdown") return std::string("md");
  if (ending == ".xlsx") return std::string("xlsx");
  return Error{Code::bad_value, options.path,
               "Which form the report shall have cannot be told from " +
                   (ending.empty() ? "a name without an ending" : "the ending " + ending) + ".",
               "Name the file .html, .md or .xlsx, or add --format."};
}

/// The workbook's library writes by itself: beside the file first, so that the file is replaced as a whole.
std::optional<Error> write_beside(const Report& report, const Question& question, const std::string& path) {
  const std::string beside = path + ".part-" + std::to_string(::getpid());
  std::error_code ignored;
  std::optional<Error> problem = write_workbook(report, question.engine, question.catalog, question.scenario, beside);
  if (!problem) {
    const Result<std::string> bytes = read_file(beside);
    problem = bytes ? write_file(path, *bytes) : std::optional<Error>(bytes.error());
  }
  std::filesystem::remove(beside, ignored);
  if (problem && problem->where == beside) problem->where = path;
  return problem;
}

int write_report(const ReportOptions& options, const Session& session) {
  const Result<std::string> format = format_of(options);
  if (!format) return cli::report(session, format.error());
  const Result<Question> question = prepare(options.scenario, session);
  if (!question) return cli::report(session, question.error());
  const Result<Report> made = make_report(question->engine, question->catalog, question->scenario, today());
  if (!made) return cli::report(session, made.error());
  std::optional<Error> problem;
  if (*format == "xlsx") {
    if (options.path == "-")
      problem =
          Error{Code::unsupported, "-o", "A workbook cannot go to standard output.", "Name a file: -o report.xlsx."};
    else
      problem = write_beside(*made, *question, options.path);
  } else {
    const std::string text = *format == "html" ? report_html(*made) : report_markdown(*made);
    if (options.path == "-")
      std::fwrite(text.data(), 1, text.size(), stdout);
    else
      problem = write_file(options.path, text);
  }
  if (problem) return cli::report(session, *problem);
  return fine;
}
}  // namespace

void add_report(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "report", "The bill as one document: HTML, Markdown, or a workbook whose figures follow its inputs");
  command->footer(
      "tokenbill report scenario.json -o report.html\n"
      "tokenbill report --preset chatbot -o report.xlsx\n"
      "tokenbill report scenario.json --format md -o -");
  auto options = std::make_shared<ReportOptions>();
  options->scenario.add_to(*command);
  command->add_option("-o,--output", options->path, "Write it to this file, - for standard output")
      ->required()
      ->type_name(value::file);
  command->add_option("--format", options->format, "The form, where the file's ending does not tell it")
      ->type_name("html|md|xlsx")
      ->check(CLI::IsMember({"html", "md", "xlsx"}));
  command->callback(
      [options, &session] { session.run = [options, &session] { return write_report(*options, session); }; });
}

}  // namespace tokenbill::cli
