// tokenbill describe: the table of parameters.

#include <cstdio>

#include "command.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"
#include "tokenbill/parameter.h"

namespace tokenbill::cli {

namespace {
void print_parameters() {
  for (const ParameterGroup& group : parameter_groups()) {
    std::printf("%s\n", std::string(group.label).c_str());
    for (const Parameter& parameter : parameters()) {
      if (parameter.group != group.id) continue;
      std::string values;
      if (parameter.kind == ParameterKind::reference) {
        values = parameter.what == "date"       ? "a date"
                 : parameter.what == "currency" ? "three capital letters"
                                                : "key of the price list, kind " + std::string(parameter.what);
      } else if (parameter.kind == ParameterKind::choice) {
        for (const Option& option : parameter.options) values += (values.empty() ? "" : " | ") + std::string(option.id);
        values += ", default " + std::string(parameter.options[static_cast<std::size_t>(parameter.default_value)].id);
      } else {
        const std::string unit = unit_text(parameter.unit);
        values = number_text(parameter.min) + " to " + number_text(parameter.max) + (unit.empty() ? "" : " " + unit) +
                 (parameter.kind == ParameterKind::number ? ", default " + number_text(parameter.default_value)
                                                          : ", derived unless given");
      }
      std::printf("  %s\n      %s (%s)\n      %s\n", std::string(parameter.id).c_str(),
                  std::string(parameter.label).c_str(), values.c_str(), std::string(parameter.help).c_str());
    }
  }
}
}  // namespace

void add_describe(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("describe", "The parameters of a scenario: id, range, unit, default, meaning");
  command->footer("tokenbill describe");
  command->callback([&session] {
    session.run = [&session] {
      if (session.json)
        std::printf("%s\n", describe_json().c_str());
      else
        print_parameters();
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
