// tokenbill turns: one conversation or an agent's steps, request by request.

#include <cstdio>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"
#include "tokenbill/series.h"

namespace tokenbill::cli {

namespace {
void print_turns(const Turns& turns) {
  Table table({{"turn", true},
               {"read", true},
               {"written", true},
               {"uncached", true},
               {"output", true},
               {"USD", true},
               {"USD so far", true}});
  for (const Turn& turn : turns.turns)
    table.row({std::to_string(turn.turn), number_text(turn.read_tokens), number_text(turn.write_tokens),
               number_text(turn.uncached_tokens), number_text(turn.output_tokens), usd_or_unknown(turn.usd),
               usd_or_unknown(turn.cumulative_usd)});
  std::printf("%s", table.text().c_str());
  if (turns.problem) std::printf("%s\n", to_text(*turns.problem).c_str());
}
}  // namespace

void add_turns(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("turns", "One conversation, request by request: tokens and USD");
  command->footer("tokenbill turns --preset agent --turns 3");
  auto options = std::make_shared<ScenarioOptions>();
  options->add_to(*command);
  auto count = std::make_shared<int>(0);
  command->add_option("--turns", *count, "How many, 1 to 500; those of the scenario unless given")
      ->type_name(value::count)
      ->check(CLI::Range(1, max_turns));
  command->callback([options, count, &session] {
    session.run = [options, count, &session] {
      const Result<Question> question = prepare(*options, session);
      if (!question) return report(session, question.error());
      const double planned = question->scenario.value("turns_per_conversation").value_or(1);
      const int turns = *count > 0 ? *count : planned < max_turns ? static_cast<int>(planned) : max_turns;
      const Result<Turns> found =
          turn_by_turn(question->engine, question->catalog, question->scenario, today(), turns > 0 ? turns : 1);
      if (!found) return report(session, found.error());
      if (session.json)
        std::printf("%s\n", turns_json(*found).c_str());
      else
        print_turns(*found);
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
