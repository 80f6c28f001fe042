#pragma once
// What changed between two scenarios, or between two price lists: inputs, prices, and each line of the bill.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

/// An amount in USD before and after. Absent = unknown, which is never 0.
struct AmountChange {
  std::string_view id, label;
  std::optional<double> before, after;
  std::optional<double> difference;  ///< after - before; where there is no older scenario, all of it
  std::optional<double> ratio;       ///< after / before; absent where nothing was paid before
  std::string words;                 ///< "3.1× dearer", "new", "gone"; empty where one of both is unknown
};

struct InputChange {
  std::string_view id, label;
  std::string before, after;  ///< with their units
};

struct Difference {
  std::optional<Bill> before;  ///< absent where there is no older scenario
  Bill after;
  std::vector<InputChange> inputs;  ///< name, model, date and price list, then parameters in the table's order
  std::vector<InputChange> prices;  ///< what both bills pay, and not the same
  std::vector<AmountChange> items;  ///< of a month, in order of calculation; those of 0 before and after are left out
  AmountChange per_month, per_request, per_conversation;
  std::string sentence;  ///< what a month costs now, and what it did
};

/// A scenario with the prices that hold for it.
struct Priceable {
  const Catalog* catalog = nullptr;
  const Scenario* scenario = nullptr;
  Moment today;
};

/// The texts of a result stand in the engine's plans, its models in the catalogs: neither may go before it.
/// @param before  absent = the scenario is new: everything it costs is added
/// @error as Engine::estimate
[[nodiscard]] Result<Difference> find_difference(const Engine& engine, const std::optional<Priceable>& before,
                                                 const Priceable& after);

struct DifferenceLimits {
  std::optional<double> usd_per_month;  ///< that the newer one may cost
  std::optional<double>
      increase_ratio;  ///< by which a month may become dearer, 0.1 = 10 %; nothing limits a new scenario
};
/// A sentence for each limit that does not hold. A month whose cost is unknown keeps no limit. Notice kinds: "budget",
/// "increase".
[[nodiscard]] std::vector<Notice> broken_limits(const Difference& difference, const DifferenceLimits& limits);

}  // namespace tokenbill
