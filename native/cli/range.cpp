// tokenbill range: how far the bill may be off, and which inputs it is due to.

#include <cstdio>

#include "command.h"
#include "table.h"
#include "tokenbill/format.h"
#include "tokenbill/json_ranges.h"
#include "tokenbill/numeric.h"
#include "tokenbill/sensitivity.h"

namespace tokenbill::cli {

namespace {
std::string amount(const std::optional<double>& value, const Unit& unit) {
  return value ? quantity_text(*value, unit) : "unknown";
}
std::string share(const std::optional<double>& value) { return value ? percent_text(*value) : ""; }

void print_ranges(const Ranges& r) {
  const std::string unit = unit_text(r.unit);
  std::printf("%s%s%s: %s to %s, likely %s", std::string(r.label).c_str(), unit.empty() ? "" : ", ", unit.c_str(),
              quantity_text(r.outcome.low(), r.unit).c_str(), quantity_text(r.outcome.high(), r.unit).c_str(),
              quantity_text(r.outcome.likely(), r.unit).c_str());
  if (r.point)
    std::printf("; with every input as it stands %s, above %s of the draws", quantity_text(*r.point, r.unit).c_str(),
                percent_text(r.point_share.value_or(0)).c_str());
  std::printf("\n%s\n\n", r.sentence.c_str());
  Table percentiles({{"percentile", true}, {"value", true}});
  for (std::size_t i = 0; i < told_percentiles.size(); ++i)
    percentiles.row({std::to_string(told_percentiles[i]), quantity_text(r.outcome.percentiles[i], r.unit)});
  percentiles.row({"mean", quantity_text(r.outcome.mean, r.unit)});
  percentiles.row({"deviation", quantity_text(r.outcome.deviation, r.unit)});
  std::printf("%s\n", percentiles.text().c_str());
  if (!r.drivers.empty()) {
    Table drivers({{"input", false},
                   {"low", true},
                   {"likely", true},
                   {"high", true},
                   {"swing", true},
                   {"alone", true},
                   {"with others", true},
                   {"elasticity", true},
                   {"", false}});
    for (const Driver& d : r.drivers)
      drivers.row({std::string(d.label), quantity_text(d.range.low, d.unit), quantity_text(d.likely, d.unit),
                   quantity_text(d.range.high, d.unit), amount(d.swing, r.unit), share(d.first_order), share(d.total),
                   d.elasticity ? number_text(round_down(*d.elasticity * 1000 + 0.5) / 1000) : "",
                   d.typical ? "typical" : ""});
    std::printf("%s\n", drivers.text().c_str());
  }
  Table items({{"line", false}, {"low", true}, {"likely", true}, {"high", true}});
  for (const FigureRange& f : r.figures)
    if (f.item && f.outcome.count > 0 && f.outcome.high() > 0)
      items.row(
          {std::string(f.label), usd_text(f.outcome.low()), usd_text(f.outcome.likely()), usd_text(f.outcome.high())});
  std::printf("%s", items.text().c_str());
  if (r.correlated) std::printf("\nShares are told as if the inputs did not depend on each other.\n");
  if (r.impossible > 0)
    std::printf("\n%s of %s draws have no bill: the model cannot serve them, or a price is not known.\n",
                number_text(static_cast<double>(r.impossible)).c_str(),
                number_text(static_cast<double>(r.samples)).c_str());
}
}  // namespace

void add_range(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("range", "Low, likely and high of the bill, and which inputs drive them");
  command->footer(
      "tokenbill range --preset chatbot\n"
      "tokenbill range scenario.json --set prompt_tokens=\"4k to 9k\" --assumptions given");
  struct Options {
    ScenarioOptions scenario;
    RangeSpec spec;
    DrawOptions draws;
  };
  auto options = std::make_shared<Options>();
  options->scenario.add_to(*command);
  options->draws.samples = options->spec.samples;
  options->draws.add_to(*command, "Draws, 16 to 65536; 4096 unless given");
  command->add_option("--output", options->spec.output, "Figure or item of the bill; the month's total unless given")
      ->type_name(value::figure);
  command->callback([options, &session] {
    session.run = [options, &session] {
      const Result<Assumptions> assumptions = options->draws.parsed_assumptions();
      if (!assumptions) return report(session, assumptions.error());
      options->spec.assumptions = *assumptions;
      options->spec.samples = options->draws.samples;
      options->spec.seed = options->draws.seed;
      const Result<Question> question = prepare(options->scenario, session);
      if (!question) return report(session, question.error());
      const Result<Ranges> found =
          find_ranges(question->engine, question->catalog, question->scenario, today(), options->spec);
      if (!found) return report(session, found.error());
      if (session.json)
        std::printf("%s\n", ranges_json(*found).c_str());
      else
        print_ranges(*found);
      return fine;
    };
  });
}

}  // namespace tokenbill::cli
