// tokenbill claims: what articles print beside what the engine computes for the same inputs, and why they differ.

#include "claims.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "command.h"
#include "embedded_claims.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_results.h"

namespace tokenbill::cli {

namespace {
struct Options {
  std::string id;    ///< empty = all
  int scenario = 0;  ///< print the scenario of this reading, from 1; 0 = the story
};

/// "E2", "e2" and "2" are the same claim.
int number_of(std::string_view id) {
  if (!id.empty() && (id.front() == 'E' || id.front() == 'e')) id.remove_prefix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? number : 0;
}

Result<const Claim*> find_claim(const std::vector<Claim>& claims, const std::string& id) {
  const int wanted = number_of(id);
  for (const Claim& claim : claims)
    if (number_of(claim.id) == wanted) return &claim;
  std::string hint = "`tokenbill claims` lists them.";
  if (wanted > 0) hint = "The nearest is " + claims.back().id + ". " + hint;
  return Error{Code::bad_value, "claims " + id, "there is no claim \"" + id + "\".",
               "Expected " + claims.front().id + " to " + claims.back().id + ". " + hint};
}

Result<const Claim::Reading*> find_reading(const Claim* claim, int number) {
  if (claim == nullptr)
    return Error{Code::bad_value, "--scenario", "no claim is named.", "For example tokenbill claims E2 --scenario."};
  const int known = static_cast<int>(claim->readings.size());
  if (known == 0)
    return Error{Code::bad_value, "--scenario", claim->id + " has no scenario: nothing can be recomputed.", ""};
  if (number < 1 || number > known)
    return Error{Code::bad_value, "--scenario",
                 "found " + std::to_string(number) + ", expected 1 to " + std::to_string(known) + ".",
                 "`tokenbill claims " + claim->id + "` names them."};
  return &claim->readings[static_cast<std::size_t>(number) - 1];
}

Figure recompute(const Question& question, const Claim::Reading& reading) {
  const Result<Bill> bill = question.engine.estimate(question.catalog, reading.scenario, today());
  return bill ? figure_of(*bill, reading.figure) : Figure{};
}

/// "19 250.00 per month": without the currency, which the heading names.
std::string value_text(const Figure& figure) {
  if (!figure.value) return "unknown";
  std::string unit = unit_text(figure.unit);
  if (unit.starts_with("USD")) unit.erase(0, 3);
  return quantity_text(*figure.value, figure.unit) + unit;
}

std::string spaced(std::string id) {
  std::replace(id.begin(), id.end(), '_', ' ');
  return id;
}

void print_table(const Question& question, const std::vector<Claim>& claims) {
  Table table({{"id", false}, {"printed", false}, {"recomputed, USD", false}, {"verdict", false}});
  for (const Claim& claim : claims) {
    std::string recomputed = "nothing to recompute";
    if (!claim.readings.empty()) recomputed = value_text(recompute(question, claim.readings.front()));
    if (claim.readings.size() > 1) recomputed += " +" + std::to_string(claim.readings.size() - 1);
    table.row({claim.id, claim.printed, recomputed, spaced(claim.verdict)});
  }
  std::printf("%s\n+2: two more readings. `tokenbill claims E2` tells one claim in full.\n", table.text().c_str());
}

void print_story(const Question& question, const Claim& claim) {
  std::string sources;
  for (const std::string& source : claim.sources) sources += (sources.empty() ? "" : ", ") + source;
  std::printf("%s  %s (%s)\n", claim.id.c_str(), claim.title.c_str(), sources.c_str());
  std::printf("  printed: %s\n  verdict: %s\n", claim.printed.c_str(), spaced(claim.verdict).c_str());
  std::printf("%s", wrapped(claim.reason, 2).c_str());
  for (std::size_t i = 0; i < claim.readings.size(); ++i) {
    const Claim::Reading& reading = claim.readings[i];
    const Figure figure = recompute(question, reading);
    std::printf("\n%zu %s: %s%s\n", i + 1, reading.label.c_str(), figure.value ? "USD " : "",
                value_text(figure).c_str());
    std::printf("%s", wrapped(reading.text, 2).c_str());
    const std::string which = i == 0 ? "" : "=" + std::to_string(i + 1);
    std::printf("  tokenbill claims %s --scenario%s | tokenbill estimate -\n", claim.id.c_str(), which.c_str());
  }
}

void write_claim(JsonWriter& w, const Question& question, const Claim& claim) {
  w.begin_object().member("id", claim.id).member("title", claim.title).key("sources").begin_array();
  for (const std::string& source : claim.sources) w.value(source);
  w.end_array().member("printed", claim.printed);
  if (claim.printed_usd) w.member("printed_usd", *claim.printed_usd);
  w.member("verdict", claim.verdict).member("reason", claim.reason).key("recomputed").begin_array();
  for (const Claim::Reading& reading : claim.readings) {
    const Figure figure = recompute(question, reading);
    w.begin_object().member("label", reading.label).member("text", reading.text).member("figure", reading.figure);
    w.key("value");
    figure.value ? w.value(*figure.value) : w.null();
    w.member("unit_text", unit_text(figure.unit)).key("scenario");
    write_scenario(w, reading.scenario);
    w.end_object();
  }
  w.end_array().end_object();
}

int run_claims(const Options& options, const Session& session) {
  const Result<std::vector<Claim>> claims = parse_claims(embedded_claims());
  if (!claims) return report(session, claims.error());
  const Claim* only = nullptr;
  if (!options.id.empty()) {
    const Result<const Claim*> found = find_claim(*claims, options.id);
    if (!found) return report(session, found.error());
    only = *found;
  }
  if (options.scenario != 0) {
    const Result<const Claim::Reading*> reading = find_reading(only, options.scenario);
    if (!reading) return report(session, reading.error());
    std::printf("%s\n", scenario_text((*reading)->scenario).c_str());
    return fine;
  }
  const Result<Question> question = prepare(ScenarioOptions(), session);
  if (!question) return report(session, question.error());
  if (session.json) {
    JsonWriter w;
    w.begin_object().key("claims").begin_array();
    for (const Claim& claim : *claims)
      if (only == nullptr || only == &claim) write_claim(w, *question, claim);
    w.end_array().end_object();
    std::printf("%s\n", w.take().c_str());
  } else if (only != nullptr) {
    print_story(*question, *only);
  } else {
    print_table(*question, *claims);
  }
  return fine;
}
}  // namespace

void add_claims(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("claims", "What articles print, recomputed, with the reason of the difference");
  command->footer(
      "tokenbill claims\n"
      "tokenbill claims E2 --scenario=2 | tokenbill estimate -");
  auto options = std::make_shared<Options>();
  command->add_option("ID", options->id, "One claim in full: E1 to E42; the table of all unless given")
      ->type_name(value::claim);
  command->add_flag("--scenario", options->scenario,
                    "Print the scenario of the claim, for `tokenbill estimate -`; --scenario=2 the second reading's");
  command->callback(
      [options, &session] { session.run = [options, &session] { return run_claims(*options, session); }; });
}

}  // namespace tokenbill::cli
