#include "command_tree.h"

#include <algorithm>
#include <string_view>

#include "command.h"
#include "table.h"
#include "tokenbill/nearest.h"

namespace tokenbill::cli {

namespace {
OptionText text_of(const CLI::Option& option) {
  OptionText text;
  text.argument = option.get_positional();
  if (text.argument) text.names.push_back(option.get_name(true));
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  // Behind a colon the library tells what it checks; the help of the option says that in words.
  const std::string type = option.get_type_name();
  if (option.get_items_expected_max() > 0) text.value = type.substr(0, type.find(':'));
  text.help = option.get_description();
  text.group = text.argument ? "Arguments" : option.get_group();
  text.required = option.get_required();
  text.repeated = option.get_items_expected_max() > 1;
  return text;
}

/// With those of groups of options, which the library holds as commands without a name.
void add_options(const CLI::App& command, std::vector<OptionText>& options) {
  for (const CLI::Option* option : command.get_options())
    if (!option->get_group().empty()) options.push_back(text_of(*option));
  for (const CLI::App* group : command.get_subcommands({}))
    if (group->get_name().empty()) add_options(*group, options);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// Arguments first, then what is the command's own, then what many commands share.
int place_of(const OptionText& option) {
  if (option.argument) return 0;
  return option.group == scenario_group ? 2 : option.group == draws_group ? 3 : 1;
}

bool shown(const CLI::App& command) { return !command.get_name().empty() && !command.get_group().empty(); }

/// A name beside its explanation, which begins at column 26 or, behind a long name, on the next line.
std::string entry(const std::string& name, const std::string& help) {
  constexpr std::size_t column = 26;
  const std::string text = wrapped(help, column);
  if (name.size() + 4 > column) return "  " + name + "\n" + text;
  return "  " + name + std::string(column - 2 - name.size(), ' ') + text.substr(std::min(column, text.size() - 1));
}

std::string entries(const std::vector<OptionText>& options) {
  std::string out;
  std::vector<std::string> groups;
  for (const OptionText& option : options)
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  for (const std::string& group : groups) {
    out += "\n" + group + ":\n";
    for (const OptionText& option : options)
      if (option.group == group) out += entry(option_line(option), option.help);
  }
  return out;
}
}  // namespace

CommandText text_of(const CLI::App& command) {
  const bool is_root = command.get_parent() == nullptr;
  CommandText text{is_root ? "" : command.get_name(), command.get_description(), lines_of(command.get_footer()), {}};
  add_options(command, text.options);
  // The help option of each command stands among those that every command has.
  if (!is_root) std::erase_if(text.options, [&](const OptionText& option) { return option.names.back() == "--help"; });
  std::stable_sort(text.options.begin(), text.options.end(),
                   [](const OptionText& a, const OptionText& b) { return place_of(a) < place_of(b); });
  return text;
}

std::vector<CommandText> commands_of(const CLI::App& app) {
  std::vector<CommandText> commands;
  for (const CLI::App* command : app.get_subcommands({}))
    if (shown(*command)) commands.push_back(text_of(*command));
  return commands;
}

std::vector<OptionText> options_everywhere(const CLI::App& app) {
  std::vector<OptionText> options = text_of(app).options;
  for (OptionText& option : options) option.group = "Every command";
  return options;
}

std::string option_line(const OptionText& option) {
  std::string line;
  for (const std::string& name : option.names) line += (line.empty() ? "" : ", ") + name;
  if (option.argument) return line + (option.repeated ? "..." : "");
  return option.value.empty() ? line : line + " " + option.value;
}

std::string usage_line(const CommandText& command) {
  std::string line = "tokenbill " + (command.name.empty() ? std::string("COMMAND") : command.name);
  std::string arguments;
  bool options = command.name.empty();
  for (const OptionText& option : command.options) {
    if (option.argument)
      arguments += option.required ? " " + option_line(option) : " [" + option_line(option) + "]";
    else if (option.required)
      line += " " + option_line(option);
    else
      options = true;
  }
  return line + (options ? " [OPTIONS]" : "") + arguments;
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  const CommandText command = text_of(*app);
  std::string out = "Usage: " + usage_line(command) + "\n\n" + wrapped(command.help, 0);
  const CLI::App* root = app->get_parent();
  if (root == nullptr) {
    out += "\nCommands:\n";
    for (const CommandText& each : commands_of(*app)) out += entry(each.name, each.help);
    out += entries(options_everywhere(*app));
  } else {
    out += entries(command.options) + entries(options_everywhere(*root));
  }
  if (!command.examples.empty()) out += "\nExamples:\n";
  for (const std::string& example : command.examples) out += "  " + example + "\n";
  return out;
}

Error usage_error(const CLI::App& app, const CLI::ParseError& problem) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const std::string where = chosen.empty() ? "tokenbill" : "tokenbill " + chosen.front()->get_name();
  const std::string help = "`" + where + " --help` tells what is expected.";
  const auto meant = [&](const std::string& written, const std::vector<std::string>& known) {
    const std::vector<std::string_view> names(known.begin(), known.end());
    const std::string hint = nearest_hint(written, names);
    return hint.empty() ? help : hint + " " + help;
  };
  const std::vector<std::string> unexpected = app.remaining(true);
  // The library names an error after the command that it occurred in; only its class tells what it is.
  const bool needs = dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr;
  const bool about_these = needs || dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr;
  if (!about_these || unexpected.empty()) {
    std::string message = problem.what();
    if (chosen.empty() && needs) message = "a command is missing";
    if (!message.ends_with('.')) message += '.';
    return {Code::bad_value, where, std::move(message), help};
  }
  const std::string written = unexpected.front().substr(0, unexpected.front().find('='));
  std::vector<std::string> known;
  if (written.starts_with('-') && written != "-") {
    std::vector<OptionText> options = options_everywhere(app);
    if (!chosen.empty()) add_options(*chosen.front(), options);
    for (const OptionText& option : options)
      if (!option.argument) known.insert(known.end(), option.names.begin(), option.names.end());
    return {Code::bad_value, where, "there is no option \"" + written + "\".", meant(written, known)};
  }
  if (!chosen.empty())
    return {Code::bad_value, where, "\"" + unexpected.front() + "\" is one argument too many.", help};
  for (const CommandText& command : commands_of(app)) known.push_back(command.name);
  return {Code::bad_value, where, "there is no command \"" + written + "\".", meant(written, known)};
}

}  // namespace tokenbill::cli
