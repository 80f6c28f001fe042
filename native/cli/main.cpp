// The command line: reads options, runs one subcommand.

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "command.h"
#include "command_tree.h"

int main(int argc, char** argv) {
  using namespace tokenbill::cli;
  CLI::App app{"Tokenbill: what a feature built on language models really costs. Works without a network.",
               "tokenbill"};
  app.formatter(std::make_shared<HelpFormatter>());
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", std::string(TOKENBILL_VERSION), "Print the version");
  app.fallthrough();
  app.footer(
      "tokenbill estimate --preset chatbot\n"
      "tokenbill compare scenario.json\n"
      "tokenbill check scenario.json --budget 15000");
  Session session;
  app.add_flag("--json", session.json, "Print JSON for programs (docs/abi.md)");
  app.add_option("--prices", session.prices_path, "Use this price file instead of the prices compiled in")
      ->type_name(value::file);
  app.add_option("--hardware", session.hardware_path, "Use this hardware file instead of the one compiled in")
      ->type_name(value::file);
  add_estimate(app, session);
  add_compare(app, session);
  add_explain(app, session);
  add_check(app, session);
  add_diff(app, session);
  add_import(app, session);
  add_report(app, session);
  add_sweep(app, session);
  add_forecast(app, session);
  add_levers(app, session);
  add_range(app, session);
  add_turns(app, session);
  add_solve(app, session);
  add_selfhost(app, session);
  add_claims(app, session);
  add_verify(app, session);
  add_prices(app, session);
  add_describe(app, session);
  add_completion(app, session);
  add_manual(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& problem) {
    session.json = std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
    return report(session, usage_error(app, problem));
  }
  return session.run();
}
