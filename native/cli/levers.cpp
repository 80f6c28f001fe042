// tokenbill levers: what saves, alone, on top of the rest, and whatever the order.

#include <cstdio>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"
#include "tokenbill/levers.h"

namespace tokenbill::cli {

namespace {
void print_levers(const Levers& levers) {
  std::printf("USD a month: %s without any, %s now, %s with all that apply\n\n",
              usd_or_unknown(levers.without_usd).c_str(), usd_or_unknown(levers.now_usd).c_str(),
              usd_or_unknown(levers.all_usd).c_str());
  Table table({{"lever", false}, {"on", false}, {"alone", true}, {"on top", true}, {"fair share", true}, {"", false}});
  for (const Lever& lever : levers.levers)
    if (lever.applicable)
      table.row({std::string(lever.label), lever.on ? "on" : "", usd_or_unknown(lever.alone_usd),
                 usd_or_unknown(lever.on_top_usd), usd_or_unknown(lever.fair_usd), lever.setting});
  std::printf("%s\n", table.text().c_str());
  for (const Lever& lever : levers.levers) {
    if (!lever.applicable) std::printf("%s: %s\n", std::string(lever.label).c_str(), lever.reason.c_str());
    for (const LeverConflict& conflict : lever.conflicts) std::printf("%s\n", conflict.text.c_str());
  }
}
}  // namespace

void add_levers(CLI::App& app, Session& session) {
  add_question(app, session, "levers", "What saves: each lever alone, on top, and whatever the order",
               [](const Question& question, const Session& asked) {
                 const Result<Levers> found =
                     find_levers(question.engine, question.catalog, question.scenario, today());
                 if (!found) return report(asked, found.error());
                 if (asked.json)
                   std::printf("%s\n", levers_json(*found).c_str());
                 else
                   print_levers(*found);
                 return fine;
               })
      ->footer("tokenbill levers scenario.json");
}

}  // namespace tokenbill::cli
