// tokenbill compare: every model that can serve the scenario, ranked, and why others cannot.

#include <cstdio>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
void print_comparison(const Comparison& comparison, std::size_t limit) {
  Table table({{"rank", true},
               {"model", false},
               {"USD a month", true},
               {"USD a request", true},
               {"against yours", true},
               {"price", false}});
  std::size_t served = 0;
  for (const ComparisonRow& row : comparison.rows) {
    if (row.rank == 0) break;
    const bool mine = row.model == comparison.baseline;
    ++served;
    if (limit > 0 && served > limit && !mine) continue;
    table.row(
        {std::to_string(row.rank), (mine ? "* " : "  ") + row.model->key, usd_text(*row.usd_per_month),
         row.usd_per_request ? usd_text(*row.usd_per_request) : "unknown",
         row.ratio_to_baseline
             ? number_text(static_cast<double>(static_cast<long long>(*row.ratio_to_baseline * 100 + 0.5)) / 100) + "×"
             : "",
         std::string(price_status_id(row.row->status))});
  }
  std::printf("%s", table.text().c_str());
  if (limit > 0 && served > limit) std::printf("%zu more: --all\n", served - limit);
  std::size_t cannot = comparison.rows.size() - served;
  if (cannot == 0) return;
  std::printf("\n%zu models cannot serve this%s\n", cannot, limit > 0 ? ": --all names them with the reason" : ":");
  if (limit > 0) return;
  for (const ComparisonRow& row : comparison.rows)
    if (row.rank == 0) std::printf("  %s: %s\n", row.model->key.c_str(), row.reason.c_str());
}
}  // namespace

void add_compare(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("compare", "Every model that can serve it, cheapest month first, and why others cannot");
  command->footer(
      "tokenbill compare scenario.json\n"
      "tokenbill compare --preset retrieval --all");
  auto options = std::make_shared<ScenarioOptions>();
  auto all = std::make_shared<bool>(false);
  options->add_to(*command);
  command->add_flag("--all", *all, "Every model instead of the first 20, and the reasons of those that cannot serve");
  command->callback([options, all, &session] {
    session.run = [options, all, &session] {
      const Result<Question> question = prepare(*options, session);
      if (!question) return report(session, question.error());
      const auto& [scenario, catalog, engine] = *question;
      const Result<Comparison> comparison = engine.compare(catalog, scenario, today());
      if (!comparison) return report(session, comparison.error());
      if (session.json)
        std::printf("%s\n", comparison_json(*comparison).c_str());
      else
        print_comparison(*comparison, *all ? 0 : 20);
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
