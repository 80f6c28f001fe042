#pragma once
// Plain tables for terminals: columns as wide as their widest cell, amounts right-aligned.

#include <string>
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

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// A bar of block characters, `width` cells long for a share of 1.
[[nodiscard]] std::string bar(double share, int width);

}  // namespace tokenbill::cli
