#pragma once
// The commands and options as data, read from the tree that parses the command line. Help, manual, document and
// completion are written from it, so that none of them can name what another one lacks.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tokenbill::cli {

struct OptionText {
  std::vector<std::string> names;  ///< "-h", "--help"; of an argument: its name in capitals
  std::string value;               ///< what it takes (command.h); empty for a flag
  std::string help;
  std::string group;
  bool argument = false;  ///< told by its place, not by a name
  bool required = false;
  bool repeated = false;
};

struct CommandText {
  std::string name;  ///< empty for the options that every command has
  std::string help;
  std::vector<std::string> examples;
  std::vector<OptionText> options;  ///< arguments first
};

/// Of one command, or of the program itself.
[[nodiscard]] CommandText text_of(const CLI::App& command);
/// Every command that help shows, in its order.
[[nodiscard]] std::vector<CommandText> commands_of(const CLI::App& app);
/// The options that every command has.
[[nodiscard]] std::vector<OptionText> options_everywhere(const CLI::App& app);

/// "--set ID=VALUE", "-h, --help"
[[nodiscard]] std::string option_line(const OptionText& option);
/// "tokenbill check [OPTIONS] [SCENARIO…]"
[[nodiscard]] std::string usage_line(const CommandText& command);

/// Writes the help of a command.
class HelpFormatter : public CLI::FormatterBase {
 public:
  [[nodiscard]] std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace tokenbill::cli
