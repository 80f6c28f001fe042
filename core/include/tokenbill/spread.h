#pragma once
// The distribution that a range stands for.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tokenbill/range.h"

namespace tokenbill {

/// The quantile of the standard normal distribution, p in (0, 1). Wichura, Algorithm AS 241, PPND16 (Applied Statistics
/// 37, 1988): about 16 digits.
[[nodiscard]] double normal_quantile(double p);

/// The chance of a standard normal number below z: 1/2 + phi(z) (z + z^3 / 3 + z^5 / (3 * 5) + ...), Marsaglia 2004.
[[nodiscard]] double normal_below(double z);

/// The family of a range's distribution.
enum class Form : std::uint8_t {
  log_normal,  ///< low > 0, and the parameter may be above 1: amounts, counts, times
  beta,        ///< a share, low > 0 and high < 1
  normal       ///< low = 0, a share up to 1, or a share whose beta distribution would be narrower than a + b = 100,000
};
[[nodiscard]] std::string_view form_id(Form form);

/// A range as a distribution whose two quantiles are low and high. Values beyond the parameter's range are cut off at
/// its ends. Where a likely value is given that lies inside the range and is not the median, it becomes the median: of
/// both halves of a normal distribution (of the logarithm, where the form is log-normal) each gets a width of its own.
/// Same bits on every platform: +, -, *, / and the square root alone.
class Spread {
 public:
  /// @param range  sound: Scenario::set_range has accepted it
  Spread(const Parameter& parameter, const InputRange& range, std::optional<double> likely = {});

  [[nodiscard]] Form form() const { return form_; }
  [[nodiscard]] double median() const { return median_; }
  /// @param u  in (0, 1)
  [[nodiscard]] double quantile(double u) const;
  /// Of a beta distribution: how fast its quantile rises with the normal number of the same chance, at the value x.
  [[nodiscard]] double slope(double z, double x) const;

 private:
  Form form_;
  double least_, most_;  ///< of the parameter
  double median_ = 0;
  double centre_ = 0;             ///< the median, of the logarithm where log-normal
  double below_ = 0, above_ = 0;  ///< standard deviations on either side of it
  double low_ = 0, high_ = 0, tail_ = 0, a_ = 0, b_ = 0, log_beta_ = 0;  ///< of a beta distribution
};

/// The quantiles of a distribution, for many draws. Those of a beta distribution, each a search for a root, are read
/// off a table by cubic interpolation with exact slopes, within 1e-7 of the value.
class Quantiles {
 public:
  explicit Quantiles(const Spread& spread);
  /// @param u  in (0, 1): an odd multiple of 2^-33
  [[nodiscard]] double at(double u) const;

 private:
  Spread spread_;
  struct Node {
    double value, slope;
  };
  std::vector<Node> nodes_;  ///< by the normal number of the chance, in equal steps; empty where none are needed
};

}  // namespace tokenbill
