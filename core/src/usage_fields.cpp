#include "usage_fields.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "tokenbill/json_value.h"

namespace tokenbill {

namespace {
struct Names {
  UsageKey key;
  std::string_view names;
};
constexpr Names key_names[] = {
#define TOKENBILL_USAGE_KEY(id, names) {UsageKey::id, names},
#include "tokenbill/usage_keys.def"
#undef TOKENBILL_USAGE_KEY
};

constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a number from the beginning of a text; its length, or 0. A mantissa below 2^53 and a power of ten up to 22 are
/// exact, so one operation rounds correctly (Clinger 1990); the rest is read the slow way.
std::size_t scan_number(const char* begin, const char* end, double& value) {
  const char* at = begin;
  // Most are whole and short.
  if (end - begin > 15 && *begin != '0') {
    std::uint64_t whole = 0;
    while (at - begin < 15 && is_digit(*at)) whole = whole * 10 + static_cast<std::uint64_t>(*at++ - '0');
    if (at > begin && !is_digit(*at) && *at != '.' && *at != 'e' && *at != 'E') {
      value = static_cast<double>(whole);
      return static_cast<std::size_t>(at - begin);
    }
    at = begin;
  }
  const bool negative = at < end && *at == '-';
  if (negative) ++at;
  if (at == end || !is_digit(*at)) return 0;
  std::uint64_t mantissa = 0;
  int digits = 0;
  const auto take = [&](char c) {
    mantissa = mantissa * 10 + static_cast<std::uint64_t>(c - '0');
    if (mantissa != 0) ++digits;
  };
  if (*at == '0')
    ++at;
  else
    for (; at < end && is_digit(*at) && digits < 19; ++at) take(*at);
  int exponent = 0;
  bool plain = at == end || !is_digit(*at);
  while (at < end && is_digit(*at)) ++at;  // longer than any exact one, or a zero in front
  if (begin + (negative ? 1 : 0) < at && *(begin + (negative ? 1 : 0)) == '0' && at - begin > (negative ? 2 : 1))
    return 0;  // 012
  if (at < end && *at == '.') {
    ++at;
    if (at == end || !is_digit(*at)) return 0;
    for (; at < end && is_digit(*at); ++at) {
      if (digits >= 19) {
        plain = false;
        continue;
      }
      take(*at);
      --exponent;
    }
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    ++at;
    const bool minus = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) ++at;
    if (at == end || !is_digit(*at)) return 0;
    int written = 0;
    for (; at < end && is_digit(*at); ++at)
      if (written < 10000) written = written * 10 + (*at - '0');
    exponent += minus ? -written : written;
  }
  const auto size = static_cast<std::size_t>(at - begin);
  if (plain && mantissa < (std::uint64_t{1} << 53) && exponent >= -22 && exponent <= 22) {
    const auto exact = static_cast<double>(mantissa);
    const double power = powers_of_ten[static_cast<std::size_t>(exponent < 0 ? -exponent : exponent)];
    value = exponent < 0 ? exact / power : exact * power;
    if (negative) value = -value;
    return size;
  }
  const Result<JsonValue> slow = parse_json(std::string_view(begin, size), "number");
  if (!slow || slow->kind != JsonValue::Kind::number) return 0;
  value = slow->number;
  return size;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}
}  // namespace

std::optional<double> read_number(std::string_view text) {
  double value = 0;
  const std::size_t size = scan_number(text.data(), text.data() + text.size(), value);
  if (size == 0 || size != text.size()) return std::nullopt;
  return value;
}

std::optional<double> read_cell_number(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > 40) return std::nullopt;
  if (text.front() == '$') text = trimmed(text.substr(1));
  if (const auto plain = read_number(text)) return plain;
  // Thousands in groups of three: "1,234.50", "1 234".
  std::string digits;
  std::size_t since_group = 4;  // no group yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ',' || c == ' ') {
      if (i == 0 || (since_group != 4 && since_group != 3) || i > 3 + (since_group == 4 ? 0 : i)) return std::nullopt;
      since_group = 0;
      continue;
    }
    if (since_group < 3 && !is_digit(c)) return std::nullopt;
    if (since_group == 3 && is_digit(c)) return std::nullopt;
    if (since_group < 3) ++since_group;
    if (since_group == 3 && c == '.') since_group = 5;
    digits += c;
  }
  if (since_group < 3) return std::nullopt;
  return read_number(digits);
}

UsageKeys::UsageKeys() {
  for (const Names& names : key_names) {
    std::string_view rest = names.names;
    while (!rest.empty()) {
      const std::size_t bar = std::min(rest.find('|'), rest.size());
      known_.emplace_back(rest.substr(0, bar), names.key);
      rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
  }
  std::sort(known_.begin(), known_.end());
}

UsageKey UsageKeys::find(std::string_view name) {
  if (name.empty() || name.size() > longest) return UsageKey::other;
  std::uint64_t first = 0, last = 0;
  set_ends(name, first, last);
  const std::uint64_t mixed =
      (first * 0x9E3779B97F4A7C15u) ^ (last * 0xC2B2AE3D27D4EB4Fu) ^ (std::uint64_t{name.size()} << 32);
  Seen& seen = seen_[static_cast<std::size_t>((mixed ^ (mixed >> 29)) % slots)];
  if (is_same(seen, name)) return seen.key;

  std::array<char, longest> folded{};
  std::size_t size = 0;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z')
      folded[size++] = static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || is_digit(c))
      folded[size++] = c;
  }
  const std::string_view key(folded.data(), size);
  const auto found = std::lower_bound(known_.begin(), known_.end(), key,
                                      [](const auto& a, std::string_view b) { return a.first < b; });
  seen.key = found != known_.end() && found->first == key ? found->second : UsageKey::other;
  seen.size = static_cast<std::uint8_t>(name.size());
  seen.first = first;
  seen.last = last;
  std::memcpy(seen.name.data(), name.data(), name.size());
  return seen.key;
}

void UsageKeys::expect(std::size_t place, std::string_view name, UsageKey key) {
  if (place >= places || name.empty() || name.size() > longest) return;
  Seen& expected = expected_[place];
  expected.key = key;
  expected.size = static_cast<std::uint8_t>(name.size());
  set_ends(name, expected.first, expected.last);
  std::memcpy(expected.name.data(), name.data(), name.size());
}

/// Reads JSON without recursion. What no key of ours names is checked, and left out unless it is an object, which may
/// hold what we look for.
class UsageFields::Reader {
 public:
  Reader(UsageFields& out, std::string_view text, UsageKeys& keys)
      : out_(out), keys_(keys), begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  /// The member `key` of the record is the value that the text holds.
  bool read(UsageKey key) {
    blanks();
    if (!value(key, true)) return false;
    while (depth_ > 0)
      if (!step()) return false;
    blanks();
    return at_ == end_ || fail("text behind the value");
  }

 private:
  static constexpr std::size_t deepest = 64;
  struct Open {
    std::uint32_t field;  ///< `none` where it is not kept
    bool object;
    bool first = true;
  };

  bool fail(const char* what) {
    const auto byte = static_cast<std::size_t>(at_ - begin_) + 1;
    out_.problem_ = at_ >= end_ ? std::string("it ends in the middle") : what;
    out_.problem_ += " (byte " + std::to_string(byte) + ")";
    return false;
  }
  void blanks() {
    if (at_<end_&& static_cast<unsigned char>(*at_)> ' ') return;  // the most of it
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }

  bool step() {
    Open& open = open_[depth_ - 1];
    blanks();
    if (at_ == end_) return fail("");
    if (*at_ == (open.object ? '}' : ']')) {
      ++at_;
      if (open.field != none) out_.fields_[open.field].end = static_cast<std::uint32_t>(out_.fields_.size());
      --depth_;
      return true;
    }
    if (!open.first) {
      if (*at_ != ',') return fail("a comma or a closing bracket is expected");
      ++at_;
      blanks();
    }
    open.first = false;
    if (!open.object) return value(UsageKey::other, open.field != none);
    if (at_ == end_ || *at_ != '"') return fail("a key in double quotes is expected");
    UsageKey key = UsageKey::other;
    const std::size_t place = members_++;
    if (const std::size_t size = keys_.is_expected(place, at_ + 1, end_, key)) {
      at_ += size + 1;
    } else {
      std::string_view name;
      bool escaped = false;
      if (!string(name, escaped)) return false;
      if (!escaped) keys_.expect(place, name, key = keys_.find(name));
    }
    blanks();
    if (at_ == end_ || *at_ != ':') return fail("a colon is expected");
    ++at_;
    blanks();
    if (open.field == none) return value(UsageKey::other, false);
    if (key != UsageKey::other) {
      out_.fields_[open.field].keys.add(key);
      out_.keys_.add(key);
    }
    return value(key, true);
  }

  /// @param kept  false inside of what is left out
  bool value(UsageKey key, bool kept) {
    if (at_ == end_) return fail("");
    const bool item = depth_ > 0 && !open_[depth_ - 1].object;
    const bool named = kept && (key != UsageKey::other || depth_ == 0 || item);
    switch (*at_) {
      case '{':
        return open(true, kept && key != UsageKey::running_total, key);
      case '[':
        return open(false, named, key);
      case '"': {
        bool escaped = false;
        std::string_view text;
        if (!string(text, escaped)) return false;
        if (named) add(key, UsageField::Kind::text).text = escaped ? unescape(text) : text;
        return true;
      }
      case 't':
        if (named) add(key, UsageField::Kind::boolean).number = 1;
        return word("true");
      case 'f':
        if (named) add(key, UsageField::Kind::boolean);
        return word("false");
      case 'n':
        return word("null");  // as good as absent
      default: {
        double number = 0;
        const std::size_t size = scan_number(at_, end_, number);
        if (size == 0) return fail("a value is expected");
        at_ += size;
        if (named) add(key, UsageField::Kind::number).number = number;
        return true;
      }
    }
  }

  UsageField& add(UsageKey key, UsageField::Kind kind) {
    UsageField& field = out_.fields_.emplace_back();
    field.key = key;
    field.kind = kind;
    field.end = static_cast<std::uint32_t>(out_.fields_.size());
    return field;
  }

  bool open(bool object, bool kept, UsageKey key) {
    if (depth_ == deepest) return fail("brackets nest too deeply");
    Open& open = open_[depth_++];
    open = Open{none, object};
    ++at_;
    if (!kept) return true;
    open.field = static_cast<std::uint32_t>(out_.fields_.size());
    add(key, object ? UsageField::Kind::object : UsageField::Kind::array);
    return true;
  }

  bool word(std::string_view expected) {
    if (static_cast<std::size_t>(end_ - at_) < expected.size() ||
        std::memcmp(at_, expected.data(), expected.size()) != 0)
      return fail("a value is expected");
    at_ += expected.size();
    return true;
  }

  /// At an opening quote. Eight bytes at a time: the texts of prompts and answers are long.
  bool string(std::string_view& text, bool& escaped) {
    const char* const first = at_ + 1;
    const char* at = first;  // not the member: what is written through it costs a store each time
    constexpr std::uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    for (;;) {
      while (end_ - at >= 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, at, 8);
        const std::uint64_t quote = eight ^ (ones * '"'), slash = eight ^ (ones * '\\');
        // A byte of zero, or below 32, sets its highest bit (Mycroft 1987); bytes from 128 on are let through by
        // ~eight.
        const std::uint64_t stop =
            (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((eight - ones * 32) & ~eight)) & highs;
        if (stop == 0) {
          at += 8;
          continue;
        }
        // A borrow can set the bits of bytes behind the first one that stops, never of those before it.
        if constexpr (std::endian::native == std::endian::little) at += std::countr_zero(stop) / 8;
        break;
      }
      while (at < end_ && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 32) ++at;
      at_ = at;
      if (at == end_) return fail("");
      if (*at == '"') {
        text = std::string_view(first, static_cast<std::size_t>(at - first));
        ++at_;
        return true;
      }
      if (*at != '\\') return fail("a control character in a text");
      escaped = true;
      at_ = ++at;
      if (at == end_) return fail("");
      if (*at == 'u') {
        for (int i = 1; i <= 4; ++i)
          if (end_ - at <= i || !is_hex(at[i])) return fail("four hexadecimal digits are expected behind \\u");
        at += 5;
      } else if (*at != '\0' && std::strchr("\"\\/bfnrt", *at) != nullptr) {
        ++at;
      } else {
        return fail("an unknown escape in a text");
      }
    }
  }
  static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

  /// Names of models and ids have escapes of slashes at most; other escapes become a "?", as nobody computes with them.
  std::string_view unescape(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        plain += text[i];
        continue;
      }
      ++i;
      if (text[i] == '"' || text[i] == '\\' || text[i] == '/') {
        plain += text[i];
      } else {
        plain += '?';
        if (text[i] == 'u') i += 4;
      }
    }
    return out_.unescaped_.emplace_back(std::move(plain));
  }

  UsageFields& out_;
  UsageKeys& keys_;
  const char* begin_;
  const char* at_;
  const char* end_;
  std::array<Open, deepest> open_;
  std::size_t depth_ = 0, members_ = 0;
};

bool UsageFields::read_json(std::string_view text, UsageKeys& keys) {
  fields_.clear();
  keys_ = {};
  unescaped_.clear();
  return Reader(*this, text, keys).read(UsageKey::other);
}

void UsageFields::begin_row() {
  fields_.clear();
  keys_ = {};
  unescaped_.clear();
  UsageField root;
  root.kind = UsageField::Kind::object;
  fields_.push_back(root);
}

void UsageFields::add_cell(UsageKey key, std::string_view text, UsageKeys& keys) {
  text = trimmed(text);
  if (text.empty() || text == "null" || text == "None") return;
  if (text.front() == '{') {
    const std::size_t before = fields_.size();
    const std::string& kept = unescaped_.emplace_back(text);
    if (Reader(*this, kept, keys).read(key)) {
      if (key != UsageKey::other) add_to_row(key);
      return;
    }
    fields_.resize(before);  // a text that only looks like it
  }
  if (key == UsageKey::other) return;
  UsageField field;
  field.key = key;
  if (const auto number = read_cell_number(text)) {
    field.kind = UsageField::Kind::number;
    field.number = *number;
  } else {
    field.kind = UsageField::Kind::text;
  }
  field.text = text;
  field.end = static_cast<std::uint32_t>(fields_.size()) + 1;
  fields_.push_back(field);
  add_to_row(key);
}

void UsageFields::add_to_row(UsageKey key) {
  fields_.front().keys.add(key);
  keys_.add(key);
}

void UsageFields::end_row() { fields_.front().end = static_cast<std::uint32_t>(fields_.size()); }

std::uint32_t UsageFields::find(std::uint32_t object, UsageKey key) const {
  if (!fields_[object].keys.has(key)) return none;
  for (std::uint32_t i = object + 1; i < fields_[object].end; i = fields_[i].end)
    if (fields_[i].key == key) return i;
  return none;
}

std::optional<double> UsageFields::number(std::uint32_t object, UsageKey key) const {
  const std::uint32_t at = find(object, key);
  if (at == none) return std::nullopt;
  const UsageField& field = fields_[at];
  if (field.kind == UsageField::Kind::number) return field.number;
  if (field.kind == UsageField::Kind::text) return read_number(field.text);
  return std::nullopt;
}

std::string_view UsageFields::text(std::uint32_t object, UsageKey key) const {
  const std::uint32_t at = find(object, key);
  return at == none ? std::string_view() : fields_[at].text;
}

}  // namespace tokenbill
