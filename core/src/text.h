#pragma once
// Small helpers for messages: joining, quoting, numbers, and the nearest known name.

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenbill {

[[nodiscard]] std::string join(std::initializer_list<std::string_view> parts);
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
/// `Did you mean "x"?`; empty where nothing is near.
[[nodiscard]] std::string nearest_hint(std::string_view written, std::span<const std::string_view> known);
/// The same, with `Known are: a, b.` where nothing is near.
[[nodiscard]] std::string name_hint(std::string_view written, std::span<const std::string_view> known);

/// The id's index in the list; the list's size if it is not there.
[[nodiscard]] std::size_t index_of(std::span<const std::string_view> ids, std::string_view id);

}  // namespace tokenbill
