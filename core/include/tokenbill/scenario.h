#pragma once
// What the user asks: a model and values of parameters.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/parameter.h"
#include "tokenbill/range.h"
#include "tokenbill/result.h"

namespace tokenbill {

struct Scenario {
  std::string name;
  std::string model = "openai/gpt-4o";  ///< key, or id or alias where only one seller has it
  std::optional<Moment> date;           ///< absent = the date the caller gives
  /// One per parameter, in the table's order; absent = default. A choice holds the index of its option.
  std::vector<std::optional<double>> values = std::vector<std::optional<double>>(parameters().size());
  std::map<std::size_t, std::string> references;  ///< by index of the parameter; those given, never empty texts

  /// What is known of inputs that nobody knows exactly, by index of the parameter; each has a value, its likely one.
  std::map<std::size_t, InputRange> ranges;
  std::vector<Correlation> correlations;  ///< in order of a and b, each pair once; one of an input without range rests

  /// The value in force: given, or the default; absent only for an optional number that was not given.
  [[nodiscard]] std::optional<double> value(std::string_view id) const;
  /// The option in force of a choice.
  [[nodiscard]] std::string_view choice(std::string_view id) const;

  /// What a reference names: given, or the default, which may be empty.
  [[nodiscard]] std::string_view reference(std::string_view id) const;

  /// Sets a parameter from text ("1.5k", "2M", "0.3", "30 %", "1 000", "1,000.5", an option's id; "" = back to the
  /// default), as a flag or a form gives it. "1,000" is refused: it may be 1000 or 1. Nothing changes on error.
  /// A range is "4k to 9k", "4k~9k" or "4k–9k", "@80" behind it another level in percent; its median becomes the value.
  /// Any other value drops the range.
  /// @error unknown_parameter, bad_value, out_of_range
  [[nodiscard]] std::optional<Error> set(std::string_view id, std::string_view text);
  /// Sets a numeric parameter. @error unknown_parameter, wrong_type, out_of_range
  [[nodiscard]] std::optional<Error> set_number(std::string_view id, double value);
  /// Sets a range, and its value: `likely`, which lies in it, or the median.
  /// @error unknown_parameter, wrong_type (not a number), out_of_range, inconsistent (low is not below high)
  [[nodiscard]] std::optional<Error> set_range(std::string_view id, const InputRange& range,
                                               std::optional<double> likely = {});
  /// @error unknown_parameter, wrong_type, out_of_range, inconsistent (the same parameter or pair twice)
  [[nodiscard]] std::optional<Error> correlate(std::string_view a, std::string_view b, double rank);

  friend bool operator==(const Scenario&, const Scenario&) = default;
};

}  // namespace tokenbill
