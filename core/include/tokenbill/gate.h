#pragma once
// Whether scenarios keep a budget: what continuous integration asks.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"
#include "tokenbill/sensitivity.h"

namespace tokenbill {

struct GateSpec {
  std::optional<double> usd_per_month;    ///< that all scenarios together may cost
  std::optional<double> usd_per_request;  ///< that a request of each may cost
  /// One of told_percentiles, of the inputs' ranges; absent = with every input as it stands.
  std::optional<int> percentile;
  bool forecast = false;  ///< the dearest month of the forecast rather than the first; not with a percentile
  std::size_t samples = RangeSpec().samples;
  std::uint64_t seed = RangeSpec().seed;
  Assumptions assumptions = Assumptions::typical;
};

enum class GateVerdict : std::uint8_t { within, above, unknown };
[[nodiscard]] std::string_view gate_verdict_id(GateVerdict verdict);

/// One scenario. Absent amounts are unknown.
struct GateLine {
  std::string name;   ///< of the scenario; may be empty
  std::string model;  ///< key
  Moment date;        ///< of the prices
  Status status = Status::ok;
  std::optional<Error> problem;  ///< why it has no cost
  std::string note;              ///< what the amounts stand for, where that needs saying
  std::optional<double> usd_per_month, usd_per_request;
  GateVerdict request_verdict = GateVerdict::within;  ///< against usd_per_request
};

struct Gate {
  GateSpec spec;
  std::vector<GateLine> lines;  ///< one a scenario
  std::optional<double> usd_per_month;
  std::optional<double> left_usd;  ///< of the month's budget; below 0 where it is exceeded
  std::optional<double> share;     ///< of the month's budget
  GateVerdict verdict = GateVerdict::within;
  std::string sentence;
};

/// A cost that is not known is never within a budget. The percentiles of several scenarios are added, as if all were so
/// dear at once.
/// @error inconsistent (forecast with a percentile), out_of_range (percentile), bad_value (no budget), as
///        Engine::estimate, find_ranges and forecast
[[nodiscard]] Result<Gate> check_budget(const Engine& engine, const Catalog& catalog,
                                        std::span<const Scenario> scenarios, Moment today, const GateSpec& spec);

}  // namespace tokenbill
