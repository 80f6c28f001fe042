#pragma once
// Published figures and the scenarios that recompute them, of claims/claims.json: the same for the page and the command
// line. A recomputed figure is always asked of the engine.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

struct Claim {
  /// One reading of the claim as a scenario; the first of a claim is the one that counts.
  struct Reading {
    std::string label;
    std::string text;
    std::string figure;  ///< id of a figure or item of the bill
    Scenario scenario;
  };

  std::string id;
  std::string title;
  std::vector<std::string> sources;
  std::string printed;
  std::optional<double> printed_usd;  ///< in the unit of the first reading's figure
  std::string verdict;
  std::string reason;
  std::vector<Reading> readings;  ///< none where nothing can be recomputed
};

/// @error bad_json, or the first thing that is wrong with a claim
[[nodiscard]] Result<std::vector<Claim>> parse_claims(std::string_view text);

/// The figure or item of that id; its value is absent where a price is unknown or the request impossible.
[[nodiscard]] Figure figure_of(const Bill& bill, std::string_view id);

}  // namespace tokenbill
