// tokenbill solve: backwards, from what a figure may be to the largest input.

#include <cstdio>

#include "command.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"
#include "tokenbill/series.h"

namespace tokenbill::cli {

namespace {
struct SolveOptions {
  ScenarioOptions scenario;
  std::string parameter;
  std::string figure = "total";
  double at_most = 0;
};

void print_solution(const Solution& solution) {
  const std::string limit = solution.figure + " at most " + number_text(solution.at_most);
  if (solution.status == SolutionStatus::none) {
    std::printf("No value of %s keeps %s.\n", solution.parameter.c_str(), limit.c_str());
    return;
  }
  std::printf("%s %s%s keeps %s", solution.parameter.c_str(),
              solution.status == SolutionStatus::all ? "can be anything: even " : "up to ",
              number_text(solution.value.value_or(0)).c_str(), limit.c_str());
  if (solution.figure_value) std::printf(" (%s)", number_text(*solution.figure_value).c_str());
  std::printf(".\n");
}
}  // namespace

void add_solve(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("solve", "Backwards: the largest input with which a figure stays below a limit");
  command->footer("tokenbill solve --preset chatbot --parameter conversations_per_day --figure total --at-most 20000");
  auto options = std::make_shared<SolveOptions>();
  options->scenario.add_to(*command);
  command->add_option("--parameter", options->parameter, "The input: prompt_tokens, say")
      ->required()
      ->type_name(value::parameter);
  command->add_option("--figure", options->figure, "The figure: an id of the bill; total unless given")
      ->type_name(value::figure);
  command->add_option("--at-most", options->at_most, "What the figure may be, in its unit: USD a month for the total")
      ->required()
      ->type_name(value::amount);
  command->callback([options, &session] {
    session.run = [options, &session] {
      const Result<Question> question = prepare(options->scenario, session);
      if (!question) return report(session, question.error());
      const Result<Solution> found = solve(question->engine, question->catalog, question->scenario, today(),
                                           options->parameter, options->figure, options->at_most);
      if (!found) return report(session, found.error());
      if (session.json)
        std::printf("%s\n", solution_json(*found).c_str());
      else
        print_solution(*found);
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
