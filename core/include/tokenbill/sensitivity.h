#pragma once
// How far a bill may be off, and which inputs it is due to: percentiles, a tornado, shares of variance, elasticities.

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/engine.h"
#include "tokenbill/result.h"
#include "tokenbill/sampling.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

/// Shares of a figure's variance, one of each input. With inputs that do not depend on each other the first-order ones
/// sum to at most 1, the total ones, which count what an input does together with others, to at least 1.
struct VarianceShares {
  std::vector<double> first, total;
  double variance = 0;
};
/// The estimators of Saltelli et al. 2010 (first order) and Jansen 1999 (total) on a radial design: the points of `a`,
/// those of `b`, and those of `a` with one column of `b`: N (k + 2) evaluations.
/// @param a, b  one column for each input, all of N values, independent of each other
/// @param f     of many points, one column for each input; one whose value is not finite leaves its row out
using Columns = std::span<const std::vector<double>>;
[[nodiscard]] VarianceShares variance_shares(Columns a, Columns b,
                                             const std::function<std::vector<double>(Columns)>& f);

inline constexpr std::array<int, 7> told_percentiles = {5, 10, 25, 50, 75, 90, 95};

/// What draws say of one figure. Empty where none of them has a value.
struct Outcome {
  std::size_t count = 0;  ///< of draws that have a value
  double mean = 0, deviation = 0;
  std::array<double, told_percentiles.size()> percentiles{};
  [[nodiscard]] double low() const { return percentiles.front(); }
  [[nodiscard]] double likely() const { return percentiles[3]; }
  [[nodiscard]] double high() const { return percentiles.back(); }
};
/// Values that are not finite are left out. Between two neighbours a percentile is interpolated.
[[nodiscard]] Outcome outcome_of(std::span<const double> values);

/// One input that has a range.
struct Driver {
  std::string_view id, label;
  Unit unit;
  InputRange range;
  double likely = 0;
  Form form{};
  bool typical = false;
  std::string_view source;
  std::optional<double> at_low, at_high;     ///< the figure with this input there and the others likely
  std::optional<double> swing;               ///< how far these two and the bill are apart
  std::optional<double> first_order, total;  ///< shares of the variance; absent where nothing varies
  std::optional<double> elasticity;          ///< percent more of the figure for a percent more of the input
};

struct FigureRange {
  std::string_view id, label;
  Unit unit;
  bool item = false;            ///< a line of the bill
  std::optional<double> point;  ///< with every input at its likely value
  Outcome outcome;
};

inline constexpr std::size_t max_samples = 65536;  ///< each is evaluated once for every input, and twice

struct RangeSpec {
  std::string output = "total";
  std::size_t samples = 4096;
  std::uint64_t seed = 1;
  Assumptions assumptions = Assumptions::typical;
};

struct Ranges {
  std::string_view output, label;
  Unit unit;
  std::size_t samples = 0;
  std::uint64_t seed = 0;
  Assumptions assumptions{};
  std::optional<double> point;        ///< with every input at its likely value: the figure of the bill
  std::optional<double> point_share;  ///< of draws below it
  Outcome outcome;
  std::size_t impossible = 0;   ///< draws that the model cannot serve, or whose price is not known
  std::vector<Driver> drivers;  ///< the largest swing first; those of typical ranges that move nothing are left out
  std::vector<FigureRange> figures;  ///< items first, in order of calculation, then the figures of the bill
  bool correlated = false;           ///< shares of variance are told as if the inputs did not depend on each other
  std::vector<double> histogram;     ///< share of draws in equal steps from the lowest to the highest value
  double histogram_from = 0, histogram_to = 0;
  std::string sentence;  ///< what dominates
  std::string model;     ///< key
};

/// Percentiles from `samples` draws; shares of variance from a quarter as many points for each input and two.
/// @error unknown_model, unknown_item, too_large, inconsistent (correlations), out_of_range (samples), unpriced,
///        unsupported or impossible where not even the likely values have a bill
[[nodiscard]] Result<Ranges> find_ranges(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                         Moment today, const RangeSpec& spec);

}  // namespace tokenbill
