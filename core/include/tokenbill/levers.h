#pragma once
// What saves: each lever alone, on top of those in use, and its fair share whatever the order.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

struct LeverConflict {
  std::string_view with;  ///< id of the other lever
  std::string text;
};

struct Lever {
  std::string_view id;
  std::string_view label;
  bool on = false;
  bool applicable = true;
  std::string reason;   ///< why it is not applicable
  std::string setting;  ///< what it stands for, in words
  /// What turning it on sets, or off where it is on: parameter and text as Scenario::set takes it, "" = the default.
  std::vector<std::pair<std::string_view, std::string>> turn;
  std::optional<double> alone_usd;   ///< saved in a month, against the scenario without levers
  std::optional<double> on_top_usd;  ///< saved on top of the levers in use; of one in use, what is lost without it
  std::optional<double> fair_usd;    ///< its Shapley value among the levers in use and itself
  std::vector<LeverConflict> conflicts;
};

struct Levers {
  std::optional<double> without_usd;  ///< a month without any lever
  std::optional<double> now_usd;      ///< as the scenario is
  std::optional<double> all_usd;      ///< with every applicable lever
  std::vector<Lever> levers;
};

/// Prices the scenario with every set of levers. The savings of the levers in use, as fair shares, sum to
/// without_usd - now_usd. Source: cost model, order of calculation: sequential, and the mean over all orders.
/// @error as Engine::price
[[nodiscard]] Result<Levers> find_levers(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                         Moment today);

}  // namespace tokenbill
