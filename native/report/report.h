#pragma once
// A bill as a document: one self-contained file with figures, formulas and sources.

#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// What every form of a report shows. Refers to the catalog and to plans of the engine: neither may go before it.
struct Report {
  std::string title;
  Moment today;
  Moment prices_as_of;
  Bill bill;
  Comparison comparison;
  std::vector<Explanation> explanations;  ///< of the lines that are not 0, then of the total
  std::vector<std::string> sources;       ///< each once: of prices and defaults, as they are used
};

/// @error as Engine::estimate; unpriced, impossible or unsupported where there is no bill to report
[[nodiscard]] Result<Report> make_report(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                         Moment today);

/// The ten cheapest models that can serve, and the chosen one.
[[nodiscard]] std::vector<const ComparisonRow*> models_of(const Report& report);
/// Whether a source is an address that a reader can follow.
[[nodiscard]] bool is_address(std::string_view source);

/// Where a value comes from, for readers who did not enter it themselves.
[[nodiscard]] std::string_view origin_words(Origin origin);

/// HTML5 without script and without anything loaded from elsewhere; light and dark, narrow and printed.
[[nodiscard]] std::string report_html(const Report& report);
/// GitHub's Markdown.
[[nodiscard]] std::string report_markdown(const Report& report);
/// An Excel workbook whose bill follows its inputs by formulas. @param path  where the writer's library puts it; not
/// replaced at once: write it beside and rename. @error unsupported where the program was built without that library;
/// bad_value where it cannot be written
[[nodiscard]] std::optional<Error> write_workbook(const Report& report, const Engine& engine, const Catalog& catalog,
                                                  const Scenario& scenario, const std::string& path);

}  // namespace tokenbill
