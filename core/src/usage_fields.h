#pragma once
// One record of usage, from JSON or from a row of a table, as a flat list of what matters in it: made for reading a
// million of them a second, so nothing is allocated once the list has grown.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

  /// The members of a log's records stand in the same order: the one at this place of the last record is tried first.
  /// @param at  behind the opening quote; the name's length with the closing one, or 0 if another name stands there
  [[nodiscard]] std::size_t is_expected(std::size_t place, const char* at, const char* end, UsageKey& key) const {
    if (place >= places) return 0;
    const Seen& expected = expected_[place];
    const std::size_t size = expected.size;
    if (size == 0 || static_cast<std::size_t>(end - at) <= size || at[size] != '"' ||
        !is_same(expected, std::string_view(at, size)))
      return 0;
    key = expected.key;
    return size + 1;
  }
  /// What find() made of the name at this place.
  void expect(std::size_t place, std::string_view name, UsageKey key);

 private:
  static constexpr std::size_t places = 128;
  static constexpr std::size_t longest = 47;
  static constexpr std::size_t slots = 1024;
  struct Seen {
    std::uint64_t first = 0, last = 0;  ///< eight letters from either end
    std::array<char, longest> name{};
    std::uint8_t size = 0;
    UsageKey key = UsageKey::other;
  };
  static void set_ends(std::string_view name, std::uint64_t& first, std::uint64_t& last) {
    if (name.size() >= 8) {
      std::memcpy(&first, name.data(), 8);
      std::memcpy(&last, name.data() + name.size() - 8, 8);
    } else {
      first = last = 0;
      for (const char c : name) first = first << 8 | static_cast<unsigned char>(c);
    }
  }
  static bool is_same(const Seen& seen, std::string_view name) {
    std::uint64_t first = 0, last = 0;
    set_ends(name, first, last);
    return seen.size == name.size() && seen.first == first && seen.last == last &&
           (name.size() <= 16 || std::memcmp(seen.name.data(), name.data(), name.size()) == 0);
  }

  std::vector<Seen> seen_ = std::vector<Seen>(slots);
  std::vector<Seen> expected_ = std::vector<Seen>(places);
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
