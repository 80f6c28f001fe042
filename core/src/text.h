#pragma once
// Small helpers for messages: joining, quoting, numbers, and the nearest known name.

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenbill/nearest.h"

namespace tokenbill {

[[nodiscard]] std::string join(std::initializer_list<std::string_view> parts);
/// The text with the letters A to Z made small.
[[nodiscard]] std::string lower_case(std::string_view text);
/// "a, b, c"
[[nodiscard]] std::string list_text(std::span<const std::string_view> names);
/// The text in quotes, on one line, shortened where it is long.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// Adds "/key" to a JSON pointer.
void append_pointer(std::string& pointer, std::string_view key);

/// Length in bytes of the UTF-8 sequence at `at`; 0 if the bytes there are not well-formed UTF-8.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t at);

/// Letters to add, drop or change to turn one name into the other, without regard to case; at most `limit` + 1.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);
/// How far a name may be from what was written to be offered as what was meant.
[[nodiscard]] std::size_t typing_errors_expected(std::string_view written);
/// As nearest_hint, with `Known are: a, b.` where nothing is near.
[[nodiscard]] std::string name_hint(std::string_view written, std::span<const std::string_view> known);

/// The names that are nearest to what was written; at most three. Each is offered with its distance, which may be that
/// of another name of the same thing.
class NearestNames {
 public:
  static constexpr std::size_t longest = 200;  ///< of what was written: beyond it, looking would only take time

  explicit NearestNames(std::string_view written) : written_(written), limit_(typing_errors_expected(written)) {}
  [[nodiscard]] std::size_t distance(std::string_view name) const { return edit_distance(written_, name, limit_); }
  void offer(std::string_view name, std::size_t distance);
  /// "a, b, c"; empty where nothing is near.
  [[nodiscard]] std::string text() const;

 private:
  std::string_view written_;
  std::size_t limit_;
  std::vector<std::pair<std::size_t, std::string_view>> near_;
};

/// The id's index in the list; the list's size if it is not there.
[[nodiscard]] std::size_t index_of(std::span<const std::string_view> ids, std::string_view id);

}  // namespace tokenbill
