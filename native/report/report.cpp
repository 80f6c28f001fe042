#include "report.h"

#include <algorithm>
#include <utility>

#include "tokenbill/json_results.h"
#include "words.h"

namespace tokenbill {

namespace {
constexpr std::size_t most_models = 10;

void add_source(std::vector<std::string>& sources, const std::string& source) {
  if (!source.empty() && std::find(sources.begin(), sources.end(), source) == sources.end()) sources.push_back(source);
}
}  // namespace

bool is_address(std::string_view source) { return source.starts_with("https://") || source.starts_with("http://"); }

std::string_view origin_words(Origin origin) { return origin == Origin::user ? "given" : origin_text(origin); }

Result<Report> make_report(const Engine& engine, const Catalog& catalog, const Scenario& scenario, Moment today) {
  Report report;
  report.title = scenario.name.empty() ? "Your feature" : scenario.name;
  report.today = today;
  report.prices_as_of = catalog.as_of;
  Result<Bill> bill = engine.estimate(catalog, scenario, today);
  if (!bill) return bill.error();
  if (bill->items.empty())
    return bill->problem ? *bill->problem : Error{Code::unpriced, scenario.model, "There is no bill to report.", ""};
  report.bill = std::move(bill).value();
  if (auto notice = age_notice(catalog, today))
    report.bill.notices.insert(report.bill.notices.begin(), *std::move(notice));
  Result<Comparison> comparison = engine.compare(catalog, scenario, today);
  if (!comparison) return comparison.error();
  report.comparison = std::move(comparison).value();

  std::vector<std::string_view> explained;
  for (const BillItem& item : report.bill.items)
    if (item.usd_per_month != 0.0) explained.push_back(item.id);
  explained.push_back("total");
  for (const std::string_view id : explained) {
    Result<Explanation> explanation = engine.explain(catalog, scenario, today, id);
    // Where an amount is unknown there may be nothing to explain it by; the table says that it is.
    if (explanation) report.explanations.push_back(std::move(explanation).value());
  }
  for (const BillInput& input : report.bill.inputs)
    if (is_address(input.source)) add_source(report.sources, input.source);
  for (const BillInput& input : report.bill.inputs)
    if (!is_address(input.source)) add_source(report.sources, input.source);
  return report;
}

std::vector<const ComparisonRow*> models_of(const Report& report) {
  std::vector<const ComparisonRow*> rows;
  for (const ComparisonRow& row : report.comparison.rows) {
    if (row.status != Status::ok) break;
    if (rows.size() < most_models || row.model == report.comparison.baseline) rows.push_back(&row);
  }
  return rows;
}

}  // namespace tokenbill
