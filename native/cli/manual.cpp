// tokenbill manual: the manual page, and the same as a document, written from the tree of commands.

#include <cstdio>

#include "command.h"
#include "command_tree.h"
#include "table.h"

namespace tokenbill::cli {

namespace {
struct Told {
  const char* name;
  const char* text;
};

constexpr Told exit_codes[] = {
    {"0", "All is well."},
    {"1",
     "A gate failed: a budget or a limit is broken, a cost that it needs is not known, a case or a price is wrong."},
    {"2",
     "Bad input: a file, an option or a scenario that cannot be used. The message on standard error says what is "
     "wrong, where, and what to do; with --json it is a document on standard output."},
};

constexpr Told files[] = {
    {"scenario.json",
     "What is asked: a model and values of parameters, in the format tokenbill-scenario/1. The page "
     "writes such files, tokenbill describe lists the parameters."},
    {"pricing-v1.json", "What sellers charge. A copy is compiled in; --prices takes another one."},
    {"hardware-v1.json", "GPUs, their rent and open models. A copy is compiled in; --hardware takes another one."},
};

constexpr Told environment[] = {
    {"NO_COLOR", "Where it is set, nothing is coloured."},
};

constexpr const char* description =
    "Prices the feature rather than the token: its traffic, the history that grows turn by turn, what the seller's "
    "cache "
    "really hits, several models, tools, retrieval, failed tries and what is around inference. Amounts are in USD. A "
    "price "
    "that nobody states makes a total unknown, never low. The prices are compiled in; nothing is fetched.";

// --------------------------------------------------------------------------------------------------------------- roff

/// Signs of the language escaped.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

/// A paragraph in lines of at most 80 columns.
std::string roff_text(std::string_view text) { return roff(wrapped(text, 0)); }

std::string roff_entry(const std::string& name, const std::string& text) {
  return ".TP\n\\fB" + roff(name) + "\\fR\n" + roff_text(text);
}

std::string roff_option(const OptionText& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
  if (option.argument)
    names = "\\fI" + roff(option_line(option)) + "\\fR";
  else if (!option.value.empty())
    names += " \\fI" + roff(option.value) + "\\fR";
  return ".TP\n" + names + "\n" + roff_text(option.help);
}

std::string roff_examples(const std::vector<std::string>& examples) {
  std::string out = ".nf\n";
  for (const std::string& example : examples) out += "    " + roff(example) + "\n";
  return out + ".fi\n";
}

std::string manual_page(const CLI::App& app, const std::string& date) {
  const std::string version = TOKENBILL_VERSION;
  std::string out = ".\\\" Written by `tokenbill manual`.\n.TH TOKENBILL 1 " + date + " \"Tokenbill " + version +
                    "\" \"User Commands\"\n";
  out += ".SH NAME\ntokenbill \\- what a feature built on language models really costs\n";
  out += ".SH SYNOPSIS\n.B tokenbill\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n";
  out += ".SH DESCRIPTION\n" + roff_text(description) + ".SH COMMANDS\n";
  for (const CommandText& command : commands_of(app)) {
    out += ".SS " + roff(usage_line(command)) + "\n" + roff_text(command.help + ".");
    for (const OptionText& option : command.options) out += roff_option(option);
    if (!command.examples.empty()) out += ".PP\n" + roff_examples(command.examples);
  }
  out += ".SH OPTIONS OF EVERY COMMAND\n";
  for (const OptionText& option : options_everywhere(app)) out += roff_option(option);
  out += ".SH EXIT STATUS\n";
  for (const Told& each : exit_codes) out += roff_entry(each.name, each.text);
  out += ".SH FILES\n";
  for (const Told& each : files) out += roff_entry(each.name, each.text);
  out += ".SH ENVIRONMENT\n";
  for (const Told& each : environment) out += roff_entry(each.name, each.text);
  out += ".SH EXAMPLES\n" + roff_examples(text_of(app).examples);
  return out;
}

// ----------------------------------------------------------------------------------------------------------- Markdown

std::string markdown_options(const std::vector<OptionText>& options) {
  std::string out = "\n| | |\n|---|---|\n";
  for (const OptionText& option : options) {
    std::string name = option_line(option);
    for (std::size_t at = 0; (at = name.find('|', at)) != std::string::npos; at += 2) name.insert(at, "\\");
    out += "| `" + name + "` | " + option.help + " |\n";
  }
  return out;
}

std::string document(const CLI::App& app) {
  std::string out = "# Command line\n\nWritten by `tokenbill manual --markdown`; a check keeps it current.\n\n";
  out += std::string(description) + "\n\n";
  for (const CommandText& command : commands_of(app)) {
    out += "## " + command.name + "\n\n" + command.help + ".\n\n```\n" + usage_line(command) + "\n```\n";
    if (!command.options.empty()) out += markdown_options(command.options);
    if (command.examples.empty()) continue;
    out += "\n```sh\n";
    for (const std::string& example : command.examples) out += example + "\n";
    out += "```\n\n";
  }
  out += "## Options of every command\n" + markdown_options(options_everywhere(app));
  const auto table = [&](const char* title, const auto& rows) {
    out += std::string("\n## ") + title + "\n\n| | |\n|---|---|\n";
    for (const Told& row : rows) out += std::string("| `") + row.name + "` | " + row.text + " |\n";
  };
  table("Exit codes", exit_codes);
  table("Files", files);
  table("Environment", environment);
  return out;
}
}  // namespace

void add_manual(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("manual", "The manual page: every command, option, exit code and file");
  command->footer("tokenbill manual | man -l -");
  auto markdown = std::make_shared<bool>(false);
  command->add_flag("--markdown", *markdown, "Print it as a document in Markdown (docs/command-line.md)");
  command->callback([&app, &session, markdown] {
    session.run = [&app, &session, markdown] {
      if (*markdown) {
        std::printf("%s", document(app).c_str());
        return fine;
      }
      // The page is as old as the prices that the program has, so that each build of a version writes the same.
      const Result<Catalog> catalog = session.catalog();
      if (!catalog) return report(session, catalog.error());
      std::printf("%s", manual_page(app, moment_text(catalog->as_of)).c_str());
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
