// The command line: reads options, runs one subcommand.

#include <cstdio>

#include "command.h"

int main(int argc, char** argv) {
  using namespace tokenbill::cli;
  CLI::App app{"Tokenbill: what a feature built on language models really costs. Works without a network.",
               "tokenbill"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(TOKENBILL_VERSION));
  app.fallthrough();
  Session session;
  app.add_flag("--json", session.json, "Print JSON for programs (docs/abi.md)");
  app.add_option("--prices", session.prices_path, "Use this price file instead of the prices compiled in");
  app.add_option("--hardware", session.hardware_path, "Use this hardware file instead of the one compiled in");
  add_estimate(app, session);
  add_compare(app, session);
  add_explain(app, session);
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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? fine : bad_input;
  }
  return session.run();
}
