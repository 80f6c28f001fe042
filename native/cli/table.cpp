#include "table.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tokenbill::cli {

namespace {
/// Columns that a UTF-8 text takes (no wide characters occur).
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}
}  // namespace

std::string Table::markdown() const {
  std::string out;
  const auto line = [&](const auto& cell) {
    out += "|";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      out += ' ';
      for (const char c : std::string_view(cell(i))) out += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
      out += " |";
    }
    out += "\n";
  };
  line([&](std::size_t i) -> const std::string& { return columns_[i].title; });
  line([&](std::size_t i) { return columns_[i].right ? "---:" : "---"; });
  for (const auto& row : rows_) line([&](std::size_t i) -> const std::string& { return row[i]; });
  return out;
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = width_of(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, width_of(row[i]));
    widths.push_back(width);
  }
  std::string out;
  const auto line = [&](const auto& cell) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& content = cell(i);
      const std::string space(widths[i] - width_of(content), ' ');
      text += (i > 0 ? "  " : "") + (columns_[i].right ? space + content : content + space);
    }
    while (text.ends_with(' ')) text.pop_back();
    out += text + "\n";
  };
  line([&](std::size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) line([&](std::size_t i) -> const std::string& { return row[i]; });
  return out;
}

std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const std::size_t width = width_of(word);
    if (column == 0 || column + 1 + width > 80) {
      out += (column == 0 ? "" : "\n") + std::string(indent, ' ');
      column = indent + width;
    } else {
      out += ' ';
      column += 1 + width;
    }
    out += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

std::string bar(double share, int width) {
  static constexpr const char* eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * width * 8 + 0.5);
  std::string text;
  for (int i = 0; i < filled / 8; ++i) text += "█";
  return text + eighths[filled % 8];
}

}  // namespace tokenbill::cli
