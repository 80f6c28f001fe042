// The desktop application: reads options, runs.

#include <CLI/CLI.hpp>

#include "panels/panels.h"
#include "run.h"

int main(int argc, char** argv) {
  tokenbill::desktop::Options options;
  CLI::App cli{"Tokenbill: what a feature built on language models really costs. Works without a network.",
               "tokenbill-desktop"};
  std::vector<std::string> tabs;
  for (const tokenbill::desktop::Page& page : tokenbill::desktop::pages()) tabs.emplace_back(page.id);
  cli.set_version_flag("--version", std::string(TOKENBILL_VERSION));
  cli.add_option("scenario", options.scenario, "Scenario file to open")->type_name("SCENARIO.json");
  cli.add_option("--preset", options.preset, "Start with this preset")->type_name("ID");
  cli.add_option("--prices", options.prices, "Use this price file instead of the prices compiled in")
      ->type_name("FILE");
  cli.add_option("--date", options.date, "Day of the prices where the scenario names none; today if absent")
      ->type_name("D");
  cli.add_option("--theme", options.theme, "Colours")->check(CLI::IsMember({"light", "dark"}));
  cli.add_option("--scale", options.scale, "Size of everything; as the screen wants it if absent")
      ->check(CLI::Range(1.0, 2.0));
  cli.add_option("--width", options.width, "Width of the window")->check(CLI::Range(800, 8000));
  cli.add_option("--height", options.height, "Height of the window")->check(CLI::Range(520, 8000));
  cli.add_option("--tab", options.tab, "Tab that is open first")->check(CLI::IsMember(tabs));
  cli.add_option("--group", options.group, "Group of inputs that is open first; all of them: all")->type_name("ID");
  cli.add_option("--explain", options.explain, "Figure, line or input that is explained first")->type_name("ITEM");
  cli.add_option("--frames", options.frames, "Draw so many frames, then end")->check(CLI::Range(1, 1000000));
  cli.add_option("--screenshot", options.screenshot, "Write the last frame as a PNG file, then end")->type_name("FILE");
  cli.add_option("--report", options.report, "Write the bill as JSON (docs/abi.md), then end")->type_name("FILE");
  cli.add_option("--script", options.script, "Run the commands of this file, then end (native/script.h)")
      ->type_name("FILE");
  cli.add_option("--session", options.session, "Keep open scenarios and layout in this file; none: keep nothing")
      ->type_name("FILE");
  cli.add_option("--measure", options.measure, "Write how many frames were drawn and how long they took, at the end")
      ->type_name("FILE");
  cli.add_option("--page", options.page, "Address of the web page, for links to it")->type_name("URL");
  cli.add_flag("--null", options.null_platform, "Draw without a window, for tests");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  return tokenbill::desktop::run(options);
}
