#pragma once
// The result documents that command line, page and widget share (docs/abi.md). Text out; no figure is computed here.

#include <string>

#include "tokenbill/catalog.h"
#include "tokenbill/difference.h"
#include "tokenbill/engine.h"
#include "tokenbill/forecast.h"
#include "tokenbill/gate.h"
#include "tokenbill/json_value.h"
#include "tokenbill/levers.h"
#include "tokenbill/result.h"
#include "tokenbill/selfhost.h"
#include "tokenbill/series.h"

namespace tokenbill {

[[nodiscard]] std::string describe_json();
[[nodiscard]] std::string bill_json(const Catalog& catalog, const Scenario& scenario, const Bill& bill);
[[nodiscard]] std::string comparison_json(const Comparison& comparison);
[[nodiscard]] std::string explanation_json(const Explanation& explanation);
[[nodiscard]] std::string forecast_json(const Forecast& forecast);
[[nodiscard]] std::string gate_json(const Gate& gate);
/// @param broken  what broken_limits found
[[nodiscard]] std::string difference_json(const Difference& difference, const std::vector<Notice>& broken);
[[nodiscard]] std::string levers_json(const Levers& levers);
[[nodiscard]] std::string solution_json(const Solution& solution);
[[nodiscard]] std::string turns_json(const Turns& turns);
[[nodiscard]] std::string series_json(const Series& series);
[[nodiscard]] std::string decision_json(const Decision& decision);
/// What can be named: GPUs and open models.
[[nodiscard]] std::string hardware_json(const Hardware& hardware);
[[nodiscard]] std::string catalog_json(const Catalog& catalog);
[[nodiscard]] std::string loaded_json(const Catalog& catalog);
/// An error as an object of a larger document.
void write_error(JsonWriter& writer, const Error& error);
[[nodiscard]] std::string error_json(const Error& error);
/// How old the prices are, as a notice: from 14 days on; absent for fresh ones.
[[nodiscard]] std::optional<Notice> age_notice(const Catalog& catalog, Moment today);

}  // namespace tokenbill
