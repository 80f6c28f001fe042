// tokenbill completion: scripts for shells, written from the tree of commands. What changes with the price list or the
// table of parameters is not in them: they ask the hidden command `tokenbill complete`.

#include <algorithm>
#include <cstdio>
#include <map>

#include "claims.h"
#include "command.h"
#include "command_tree.h"
#include "embedded_claims.h"
#include "embedded_presets.h"
#include "presets.h"

namespace tokenbill::cli {

namespace {
using Words = std::vector<std::string>;

bool is_closed_set(const std::string& kind) { return kind.find('|') != std::string::npos; }

// ------------------------------------------------------------------------------------------- what `complete` answers

/// What of the catalog a reference may name; empty for dates and the like.
Words named_by(const Catalog& catalog, std::string_view what) {
  Words keys;
  for (const Model& model : catalog.models)
    if (model_kind_id(model.kind) == what) keys.push_back(model.key);
  for (const Service& service : catalog.services)
    if (service.kind == what) keys.push_back(service.key);
  return keys;
}

/// "id=", or behind the sign the values of a parameter that has a closed set of them.
Words settings(const Session& session, std::string_view word) {
  Words words;
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) {
    for (const Parameter& parameter : parameters()) words.push_back(std::string(parameter.id) + "=");
    return words;
  }
  const std::string id(word.substr(0, equals));
  const std::size_t index = parameter_index(id);
  if (index >= parameters().size()) return words;
  const Parameter& parameter = parameters()[index];
  for (const Option& option : parameter.options) words.push_back(id + "=" + std::string(option.id));
  if (parameter.kind != ParameterKind::reference) return words;
  if (const Result<Catalog> catalog = session.catalog())
    for (const std::string& key : named_by(*catalog, parameter.what)) words.push_back(id + "=" + key);
  if (const Result<Hardware> hardware = session.hardware()) {
    if (parameter.what == "gpu")
      for (const Gpu& gpu : hardware->gpus) words.push_back(id + "=" + gpu.id);
    if (parameter.what == "open_model")
      for (const OpenModel& model : hardware->models) words.push_back(id + "=" + model.id);
  }
  return words;
}

Words figures(const Session& session) {
  Words words;
  const Result<Question> question = prepare(ScenarioOptions(), session);
  if (!question) return words;
  const Result<Bill> bill = question->engine.estimate(question->catalog, question->scenario, today());
  if (!bill) return words;
  for (const BillItem& item : bill->items) words.emplace_back(item.id);
  for (const Figure& figure : bill->figures) words.emplace_back(figure.id);
  return words;
}

Words candidates(const Session& session, const std::string& kind, std::string_view word) {
  Words words;
  if (kind == value::setting) return settings(session, word);
  if (kind == value::figure) return figures(session);
  if (kind == value::preset) {
    if (const Result<std::vector<Preset>> presets = parse_presets(embedded_presets()))
      for (const Preset& preset : *presets) words.push_back(preset.id);
  } else if (kind == value::claim) {
    if (const Result<std::vector<Claim>> claims = parse_claims(embedded_claims()))
      for (const Claim& claim : *claims) words.push_back(claim.id);
  } else if (kind == value::parameter || kind == value::axis) {
    for (const Parameter& parameter : parameters())
      if (parameter.kind == ParameterKind::number || parameter.kind == ParameterKind::optional_number)
        words.push_back(std::string(parameter.id) + (kind == value::axis ? "=" : ""));
  } else if (kind == value::seller || kind == value::model || kind == value::models) {
    const Result<Catalog> catalog = session.catalog();
    if (!catalog) return words;
    if (kind == value::seller)
      for (const Seller& seller : catalog->sellers) words.push_back(seller.id);
    else
      words = named_by(*catalog, model_kind_id(ModelKind::chat));
    if (kind == value::models) words.emplace_back("all");
  }
  return words;
}

/// Whether `complete` knows values of this kind.
bool is_asked(const std::string& kind) {
  static constexpr const char* asked[] = {value::preset, value::setting,   value::model, value::models, value::seller,
                                          value::figure, value::parameter, value::axis,  value::claim};
  return std::any_of(std::begin(asked), std::end(asked), [&](const char* each) { return kind == each; });
}

// --------------------------------------------------------------------------------------------------------------- bash

std::string joined(const Words& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

Words names_of(const std::vector<OptionText>& options) {
  Words names;
  for (const OptionText& option : options)
    if (!option.argument) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

std::string bash_script(const CLI::App& app) {
  const std::vector<CommandText> commands = commands_of(app);
  const std::vector<OptionText> everywhere = options_everywhere(app);
  Words names;
  std::map<std::string, Words> places;  // "command option" by the kind of its value
  std::string options_cases, argument_cases;
  for (const OptionText& option : everywhere)
    if (!option.value.empty())
      for (const std::string& name : option.names) places[option.value].push_back("*\" " + name + "\"");
  for (const CommandText& command : commands) {
    names.push_back(command.name);
    std::string kinds;
    for (const OptionText& option : command.options) {
      if (option.argument)
        kinds += (kinds.empty() ? "" : " ") + option.value;
      else if (!option.value.empty())
        for (const std::string& name : option.names)
          places[option.value].push_back("\"" + command.name + " " + name + "\"");
    }
    options_cases += "    " + command.name + ") list=\"" + joined(names_of(command.options), " ") + "\" ;;\n";
    if (!kinds.empty()) argument_cases += "      " + command.name + ") kinds=\"" + kinds + "\" ;;\n";
  }
  std::string value_cases;
  for (const auto& [kind, options] : places)
    value_cases += "    " + joined(options, " | ") + ") kinds=\"" + kind + "\" ;;\n";

  return R"sh(# Completion of tokenbill for bash; written by `tokenbill completion bash`.
_tokenbill() {
  local program=${1/#\~/$HOME} line=${COMP_LINE:0:COMP_POINT} words word before prefix= command= list= kinds= kind i
  COMPREPLY=()
  # The line's own words: readline cuts them at = and : as well.
  read -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=("")
  word=${words[${#words[@]} - 1]} before=${words[${#words[@]} - 2]}
  for ((i = 1; i < ${#words[@]} - 1; ++i)); do
    case ${words[i]} in
    )sh" +
         joined(names, " | ") +
         R"sh() command=${words[i]}; break ;;
    esac
  done
  if [[ $word == --*=* ]]; then before=${word%%=*} prefix=${word%%=*}= word=${word#*=}; fi
  case "$command $before" in
)sh" + value_cases +
         R"sh(  esac
  if [[ -z $kinds && $word == -* ]]; then
    case $command in
)sh" + options_cases +
         R"sh(    esac
    list+=" )sh" +
         joined(names_of(everywhere), " ") +
         R"sh("
    list=${list// /$'\n'}
  elif [[ -z $kinds && -z $command ]]; then
    list=")sh" +
         joined(names, " ") +
         R"sh("
    list=${list// /$'\n'}
  elif [[ -z $kinds ]]; then
    case $command in
)sh" + argument_cases +
         R"sh(    esac
  fi
  for kind in $kinds; do
    case $kind in
    FILE)
      while IFS= read -r i; do COMPREPLY+=("$prefix$i"); done < <(compgen -f -- "$word")
      compopt -o filenames 2>/dev/null
      ;;
    *"|"*) list+=$'\n'${kind//|/$'\n'} ;;
    *) list+=$'\n'$("$program" complete "$kind" "$word" 2>/dev/null) ;;
    esac
  done
  while IFS= read -r i; do
    [[ -z $i || $i != "$word"* ]] || COMPREPLY+=("$prefix$i")
  done <<<"$list"
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
  # What readline takes for words of their own is not repeated.
  local whole=$prefix$word cut=
  for i in = :; do
    [[ $COMP_WORDBREAKS != *"$i"* || $whole != *"$i"* ]] || { i=${whole%"${whole##*"$i"}"}; [ ${#i} -le ${#cut} ] || cut=$i; }
  done
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$cut"}; done
}
complete -F _tokenbill tokenbill
)sh";
}

// ---------------------------------------------------------------------------------------------------------------- zsh

/// In single quotes, with what _arguments takes for its own signs escaped.
std::string zsh_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\')
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

std::string zsh_action(const std::string& kind) {
  if (kind == value::file) return "_files";
  if (is_closed_set(kind)) {
    std::string words = kind;
    std::replace(words.begin(), words.end(), '|', ' ');
    return "(" + words + ")";
  }
  return is_asked(kind) ? " _tokenbill_values " + kind : "";  // behind a space, nothing is added to its words
}

std::string zsh_spec(const OptionText& option) {
  const std::string action = zsh_action(option.value);
  if (option.argument)
    return "    '" + std::string(option.repeated ? "*" : "") + ":" + zsh_quoted(option.names.front()) + ":" + action +
           "'";
  std::string text;
  for (const std::string& name : option.names) {
    text += (text.empty() ? "" : " \\\n") + std::string("    '") + (option.repeated ? "*" : "") + name + "[" +
            zsh_quoted(option.help) + "]";
    if (!option.value.empty()) text += ":" + zsh_quoted(option.value) + ":" + action;
    text += "'";
  }
  return text;
}

std::string zsh_script(const CLI::App& app) {
  const std::vector<CommandText> commands = commands_of(app);
  std::string everywhere, functions, described;
  for (const OptionText& option : options_everywhere(app)) everywhere += " \\\n" + zsh_spec(option);
  for (const CommandText& command : commands) {
    functions += "_tokenbill_" + command.name + "() {\n  _arguments -s";
    for (const OptionText& option : command.options) functions += " \\\n" + zsh_spec(option);
    functions += everywhere + "\n}\n";
    described += "    '" + command.name + ":" + zsh_quoted(command.help) + "'\n";
  }
  return R"sh(#compdef tokenbill
# Completion of tokenbill for zsh; written by `tokenbill completion zsh`.
_tokenbill_values() {
  local -a found
  found=(${(f)"$(_call_program values $tokenbill_program complete ${(q)1} ${(q)PREFIX} 2>/dev/null)"})
  compadd -S '' -a found
}
)sh" + functions +
         R"sh(_tokenbill() {
  local curcontext=$curcontext state line tokenbill_program=$words[1]
  local -a commands
  commands=(
)sh" + described +
         R"sh(  )
  _arguments -C)sh" +
         everywhere + R"sh( \
    '1:command:->command' \
    '*::argument:->argument'
  case $state in
  command) _describe command commands ;;
  argument) if (( $+functions[_tokenbill_$words[1]] )); then _tokenbill_$words[1]; fi ;;
  esac
}
if [ "$funcstack[1]" = _tokenbill ]; then _tokenbill "$@"; else compdef _tokenbill tokenbill; fi
)sh";
}

void add_complete(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("complete", "What a value may be, for the scripts of shells");
  command->group("");
  auto kind = std::make_shared<std::string>();
  auto word = std::make_shared<std::string>();
  command->add_option("KIND", *kind)->required();
  command->add_option("WORD", *word);
  command->callback([kind, word, &session] {
    session.run = [kind, word, &session] {
      for (const std::string& candidate : candidates(session, *kind, *word))
        if (candidate.starts_with(*word)) std::printf("%s\n", candidate.c_str());
      return fine;
    };
  });
}
}  // namespace

void add_completion(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("completion", "A script that completes commands, options and values in a shell");
  command->footer(
      "source <(tokenbill completion bash)\n"
      "tokenbill completion zsh >~/.zsh/completions/_tokenbill");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}))
      ->type_name("bash|zsh");
  command->callback([&app, &session, shell] {
    session.run = [&app, shell] {
      std::printf("%s", (*shell == "bash" ? bash_script(app) : zsh_script(app)).c_str());
      return fine;
    };
  });
  add_complete(app, session);
}

}  // namespace tokenbill::cli
