#pragma once
// The distribution that a range stands for.

#include <cstdint>
#include <optional>
#include <string_view>

#include "tokenbill/range.h"

namespace tokenbill {

/// The quantile of the standard normal distribution, p in (0, 1). Wichura, Algorithm AS 241, PPND16 (Applied Statistics
/// 37, 1988): about 16 digits.
[[nodiscard]] double normal_quantile(double p);

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

 private:
  Form form_;
  double least_, most_;  ///< of the parameter
  double median_ = 0;
  double centre_ = 0;             ///< the median, of the logarithm where log-normal
  double below_ = 0, above_ = 0;  ///< standard deviations on either side of it
  double low_ = 0, high_ = 0, tail_ = 0, a_ = 0, b_ = 0, log_beta_ = 0;  ///< of a beta distribution
};

}  // namespace tokenbill
