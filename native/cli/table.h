#pragma once
// Plain tables for terminals: columns as wide as their widest cell, amounts right-aligned.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenbill::cli {

struct Column {
  std::string title;
  bool right = false;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] std::string text() const;
  /// The same as a table of Markdown.
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// The text in lines of at most 80 columns, each after `indent` spaces.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent);

/// A bar of block characters, `width` cells long for a share of 1.
[[nodiscard]] std::string bar(double share, int width);

}  // namespace tokenbill::cli
