#include "text.h"

#include <algorithm>

namespace tokenbill {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (std::string_view part : parts) text += part;
  return text;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

std::string list_text(std::span<const std::string_view> names) {
  std::string text;
  for (std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size();) {
    if (at >= longest) {
      result += "…";
      break;
    }
    const std::size_t length = utf8_length(text, at);
    const bool control = static_cast<unsigned char>(text[at]) < 0x20 || text[at] == 0x7f;
    if (length == 0 || control) {
      result += '?';
    } else {
      result += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return result + '"';
}

void append_pointer(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  // The second byte's range rules out overlong forms, surrogates and what lies beyond U+10FFFF.
  unsigned low = 0x80;
  unsigned high = 0xbf;
  std::size_t length = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  } else {
    return 0;
  }
  if (byte(at + 1) < low || byte(at + 1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte(at + i) & 0xc0u) != 0x80) return 0;
  return length;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t shorter = std::min(a.size(), b.size());
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer - shorter > limit) return limit + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return std::min(row[b.size()], limit + 1);
}

std::size_t typing_errors_expected(std::string_view written) {
  return std::min<std::size_t>(1 + written.size() / 3, 6);
}

std::string nearest_hint(std::string_view written, std::span<const std::string_view> known) {
  std::size_t best = written.size() > 100 ? 0 : typing_errors_expected(written) + 1;
  std::string_view nearest;
  for (std::string_view name : known) {
    if (best == 0) break;
    const std::size_t distance = edit_distance(written, name, best - 1);
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  return nearest.empty() ? std::string() : join({"Did you mean \"", nearest, "\"?"});
}

std::string name_hint(std::string_view written, std::span<const std::string_view> known) {
  std::string hint = nearest_hint(written, known);
  return hint.empty() && !known.empty() ? join({"Known are: ", list_text(known), "."}) : hint;
}

void NearestNames::offer(std::string_view name, std::size_t distance) {
  // A part of a name is a hint as good as a typing error: "gpt-4" or "sonnet".
  if (distance > limit_ && written_.size() >= 3 && name.find(written_) != std::string_view::npos) distance = limit_;
  if (distance > limit_) return;
  const std::pair candidate(distance, name);
  near_.insert(std::upper_bound(near_.begin(), near_.end(), candidate), candidate);
  if (near_.size() > 3) near_.pop_back();
}

std::string NearestNames::text() const {
  std::string text;
  for (const auto& [distance, name] : near_) text += join({text.empty() ? "" : ", ", name});
  return text;
}

std::size_t index_of(std::span<const std::string_view> ids, std::string_view id) {
  std::size_t index = 0;
  while (index < ids.size() && ids[index] != id) ++index;
  return index;
}

}  // namespace tokenbill
