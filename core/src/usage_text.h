#pragma once
// Where in a stream of text the records begin and end.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "usage_fields.h"

namespace tokenbill {

/// Cuts text that arrives in pieces into lines, JSON values or rows, and reads each into fields.
class UsageText {
 public:
  /// Longest line, value or row that is read; of longer ones only the length is told.
  static constexpr std::size_t longest = std::size_t{64} << 20;

  using Take = std::function<void(const UsageFields& fields, std::uint64_t line)>;
  using Refuse = std::function<void(std::uint64_t line, std::string message)>;
  UsageText(Take take, Refuse refuse) : take_(std::move(take)), refuse_(std::move(refuse)) {}

  void begin();
  void feed(std::string_view bytes);
  void finish();
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

 private:
  enum class Shape : std::uint8_t { unknown, lines, values, table };
  void decide(bool at_end);
  void feed_lines(std::string_view bytes);
  void feed_values(std::string_view bytes);
  void line(std::string_view text);
  void value(std::string_view text, std::uint64_t at_line);
  void row(std::string_view text);
  void header(std::string_view text);
  bool split(std::string_view text, char separator);
  void fall_back_to_lines();

  Take take_;
  Refuse refuse_;
  UsageKeys keys_;
  UsageFields fields_;
  Shape shape_ = Shape::unknown;
  std::string pending_;          ///< what has no end yet
  bool too_long_ = false;        ///< the rest of it is passed over
  std::uint64_t lines_ = 0;      ///< ended so far
  std::uint64_t from_line_ = 1;  ///< where `pending_` begins
  // JSON values: where the scan of pending_ stands.
  std::size_t scanned_ = 0, depth_ = 0, base_ = 0;
  bool in_string_ = false, escaped_ = false, looked_for_lines_ = false;
  // Tables.
  char separator_ = ',';
  std::vector<UsageKey> columns_;
  std::vector<std::string> cells_;
  std::size_t cell_count_ = 0;
};

}  // namespace tokenbill
