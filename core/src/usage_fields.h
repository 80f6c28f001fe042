#pragma once
// One record of usage, from JSON or from a row of a table, as a flat list of what matters in it: made for reading a
// million of them a second, so nothing is allocated once the list has grown.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenbill {

enum class UsageKey : std::uint8_t {
  other,
#define TOKENBILL_USAGE_KEY(id, names) id,
#include "tokenbill/usage_keys.def"
#undef TOKENBILL_USAGE_KEY
  count_
};
inline constexpr std::size_t usage_key_count = static_cast<std::size_t>(UsageKey::count_);
static_assert(usage_key_count <= 128);

/// What a key or a column's title means. Remembers the spellings it has met, so it is not const; a table of fixed size.
class UsageKeys {
 public:
  UsageKeys();
  [[nodiscard]] UsageKey find(std::string_view name);

 private:
  static constexpr std::size_t longest = 47;
  static constexpr std::size_t slots = 1024;
  struct Seen {
    std::uint64_t first = 0, last = 0;  ///< eight letters from either end
    std::array<char, longest> name{};
    std::uint8_t size = 0;
    UsageKey key = UsageKey::other;
  };
  std::vector<Seen> seen_ = std::vector<Seen>(slots);
  std::vector<std::pair<std::string_view, UsageKey>> known_;  ///< sorted by name
};

/// The keys of an object's members.
struct UsageKeySet {
  std::array<std::uint64_t, 2> bits{};
  void add(UsageKey key) {
    const auto i = static_cast<std::size_t>(key);
    bits[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  [[nodiscard]] bool has(UsageKey key) const {
    const auto i = static_cast<std::size_t>(key);
    return (bits[i / 64] >> (i % 64) & 1) != 0;
  }
};

struct UsageField {
  enum class Kind : std::uint8_t { null, boolean, number, text, array, object };
  UsageKey key = UsageKey::other;  ///< of a member; `other` for items of arrays
  Kind kind = Kind::null;
  std::uint32_t end = 0;  ///< index behind the last field that lies in this one
  double number = 0;      ///< of a number; a boolean is 0 or 1
  std::string_view text;  ///< of a text, without escapes
  UsageKeySet keys;       ///< of an object
};

/// A record's fields in the order of the text; members whose keys say nothing are left out unless they hold others.
/// Texts are those of the record's own text, which has to outlive it.
class UsageFields {
 public:
  /// Reads one JSON value: RFC 8259, except that bytes in texts need not be UTF-8. False, and problem() says why and
  /// where, if it is none.
  [[nodiscard]] bool read_json(std::string_view text, UsageKeys& keys);
  /// Begins a record that is a row of a table; its cells follow, empty ones left out.
  void begin_row();
  /// A cell: a number where it reads as one ("$1,234.50", too), an object where it holds JSON, a text otherwise.
  void add_cell(UsageKey key, std::string_view text, UsageKeys& keys);
  void end_row();

  [[nodiscard]] const std::vector<UsageField>& fields() const { return fields_; }
  /// Whether any object has such a member: most questions end here.
  [[nodiscard]] bool has(UsageKey key) const { return keys_.has(key); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

  static constexpr std::uint32_t none = UINT32_MAX;
  /// Index of the member of the object at `object`, or `none`.
  [[nodiscard]] std::uint32_t find(std::uint32_t object, UsageKey key) const;
  /// A member's number, or a text's that reads as one; absent where there is none.
  [[nodiscard]] std::optional<double> number(std::uint32_t object, UsageKey key) const;
  [[nodiscard]] std::string_view text(std::uint32_t object, UsageKey key) const;

 private:
  class Reader;
  void add_to_row(UsageKey key);
  std::vector<UsageField> fields_;
  UsageKeySet keys_;
  std::deque<std::string> unescaped_;
  std::string problem_;
};

/// A number as JSON writes it, all of the text; absent if it is none.
[[nodiscard]] std::optional<double> read_number(std::string_view text);
/// A number as tables write it: "$1,234.50", "1 234", "12.5".
[[nodiscard]] std::optional<double> read_cell_number(std::string_view text);

}  // namespace tokenbill
