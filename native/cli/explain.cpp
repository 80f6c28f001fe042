// tokenbill explain: the formula of a figure with its numbers and the source of each price.

#include <cstdio>

#include "command.h"
#include "tokenbill/format.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
std::string value_text(const Use& use) {
  if (!use.value) return "unknown";
  return with_unit(quantity_text(*use.value, use.unit), use.unit);
}

void print_explanation(const Explanation& explanation) {
  const Use& subject = explanation.subject;
  std::printf("%s: %s\n", std::string(subject.label).c_str(), value_text(subject).c_str());
  if (!explanation.formula.empty())
    std::printf("  = %s\n  = %s\n", explanation.formula.c_str(), explanation.numbers.c_str());
  if (!explanation.note.empty()) std::printf("  because %s\n", explanation.note.c_str());
  const auto print_source = [](const Use& use, const char* indent) {
    if (!use.source.empty())
      std::printf("%ssource: %s%s\n", indent, use.source.c_str(),
                  use.checked ? (", checked " + moment_text(*use.checked)).c_str() : "");
    if (!use.note.empty()) std::printf("%s%s\n", indent, use.note.c_str());
    for (const Use::Other& other : use.disagreements)
      std::printf("%s%s says %s. %s\n", indent, other.source.c_str(), number_text(other.value).c_str(),
                  other.note.c_str());
  };
  if (explanation.uses.empty()) print_source(subject, "  ");
  for (const Use& use : explanation.uses) {
    std::printf("\n  %s [%s]: %s\n", std::string(use.label).c_str(), std::string(use.id).c_str(),
                value_text(use).c_str());
    print_source(use, "    ");
  }
}
}  // namespace

void add_explain(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("explain", "The formula of a figure, its numbers, and the source of each price");
  command->footer(
      "tokenbill explain scenario.json output.text\n"
      "tokenbill explain --preset chatbot hit_ratio");
  auto options = std::make_shared<ScenarioOptions>();
  auto item = std::make_shared<std::string>();
  options->add_to(*command);
  command
      ->add_option("ITEM", *item,
                   "Item, figure or input of the bill: output.text, hit_ratio, say; the total unless given")
      ->type_name(value::figure);
  command->callback([options, item, &session] {
    // With one word only, it is the item, and the scenario is that of the defaults or of --preset.
    if (item->empty()) std::swap(*item, options->path);
    session.run = [options, item, &session] {
      const Result<Question> question = prepare(*options, session);
      if (!question) return report(session, question.error());
      const auto& [scenario, catalog, engine] = *question;
      const Result<Explanation> explanation =
          engine.explain(catalog, scenario, today(), item->empty() ? "total" : *item);
      if (!explanation) return report(session, explanation.error());
      if (session.json)
        std::printf("%s\n", explanation_json(*explanation).c_str());
      else
        print_explanation(*explanation);
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
