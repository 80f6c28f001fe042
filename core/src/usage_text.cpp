#include "usage_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "text.h"

namespace tokenbill {

namespace {
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t count_of(std::string_view text, char c) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), c));
}

/// Takes the first line off a text; without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

constexpr UsageKey countable[] = {UsageKey::prompt_tokens,  UsageKey::completion_tokens,
                                  UsageKey::input_tokens,   UsageKey::output_tokens,
                                  UsageKey::input,          UsageKey::output,
                                  UsageKey::uncached_input, UsageKey::gemini_prompt,
                                  UsageKey::gemini_output,  UsageKey::cost,
                                  UsageKey::amount,         UsageKey::cost_ticks,
                                  UsageKey::usage_details,  UsageKey::usage};
}  // namespace

void UsageText::begin() {
  shape_ = Shape::unknown;
  pending_.clear();
  too_long_ = false;
  lines_ = 0;
  from_line_ = 1;
  scanned_ = depth_ = base_ = 0;
  in_string_ = escaped_ = looked_for_lines_ = false;
}

void UsageText::feed(std::string_view bytes) {
  switch (shape_) {
    case Shape::unknown:
      pending_ += bytes;
      return decide(false);
    case Shape::values:
      return feed_values(bytes);
    default:
      return feed_lines(bytes);
  }
}

void UsageText::finish() {
  if (shape_ == Shape::unknown) decide(true);
  if (shape_ == Shape::values) {
    if (!trimmed(pending_).empty()) fall_back_to_lines();
    return;
  }
  if (!pending_.empty() || too_long_) feed_lines("\n");
}

/// By the first text that is there: a table begins with neither bracket.
void UsageText::decide(bool at_end) {
  std::string_view text = pending_;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  while (!text.empty() && is_blank(text.front())) {
    if (text.front() == '\n') ++lines_;
    text.remove_prefix(1);
  }
  if (text.empty()) {
    pending_.clear();
    return;
  }
  const bool line_ended = text.find('\n') != std::string_view::npos || at_end;
  std::string rest(text);
  from_line_ = lines_ + 1;
  if (text.front() == '[' && !text.starts_with("[DONE]")) {
    shape_ = Shape::values;
    base_ = 1;
  } else if (!line_ended && text.size() < longest) {
    pending_ = std::move(rest);
    return;
  } else {
    std::string_view after = text;
    const std::string_view first = trimmed(take_line(after));
    const bool json = text.front() == '{';
    if (json && !fields_.read_json(first, keys_)) {
      shape_ = Shape::values;
      base_ = 0;
    } else if (json || text.starts_with("data:") || text.starts_with("event:") ||
               first.find('{') != std::string_view::npos) {
      shape_ = Shape::lines;
    } else {
      header(first);
      const std::string_view next = trimmed(after);
      if (columns_.empty() && next.empty() && !at_end) {  // the next line decides, which is still to come
        pending_ = std::move(rest);
        return;
      }
      if (columns_.empty() && next.starts_with("{")) {
        shape_ = Shape::lines;  // a word of its own before JSON lines
      } else {
        shape_ = Shape::table;
        if (columns_.empty())
          refuse_(from_line_, join({"no column counts tokens or money; found ", in_quotes(first),
                                    ". Known are input_tokens, output_tokens, prompt_tokens, cost and many more "
                                    "(docs/usage.md)"}));
        rest.erase(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
        ++lines_;
        from_line_ = lines_ + 1;
      }
    }
  }
  pending_.clear();
  feed(rest);
}

void UsageText::feed_lines(std::string_view bytes) {
  const bool table = shape_ == Shape::table;
  while (!bytes.empty()) {
    const void* const found = std::memchr(bytes.data(), '\n', bytes.size());
    if (found == nullptr) {
      if (pending_.size() + bytes.size() > longest) too_long_ = true;
      if (!too_long_) pending_ += bytes;
      return;
    }
    const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    const std::string_view piece = bytes.substr(0, size);
    bytes.remove_prefix(size + 1);
    ++lines_;
    if (too_long_ || pending_.size() + size > longest) {
      refuse_(from_line_, "longer than 64 MiB");
    } else if (pending_.empty() && !(table && count_of(piece, '"') % 2 == 1)) {
      line(piece);
    } else {
      pending_ += piece;
      if (table && count_of(pending_, '"') % 2 == 1) {  // a cell goes on in the next line
        pending_ += '\n';
        continue;
      }
      line(pending_);
    }
    too_long_ = false;
    pending_.clear();
    from_line_ = lines_ + 1;
  }
}

void UsageText::line(std::string_view text) {
  if (shape_ == Shape::table) return row(text);
  text = trimmed(text);
  if (text.starts_with("data:")) text = trimmed(text.substr(5));
  if (text.empty() || text == "[DONE]" || text.starts_with("event:") || text.front() == ':') return;
  if (fields_.read_json(text, keys_)) return take_(fields_, from_line_);
  // A log's line may have words before the JSON.
  const std::string problem = fields_.problem();
  const std::size_t brace = text.front() == '{' ? std::string_view::npos : text.find('{');
  if (brace != std::string_view::npos && fields_.read_json(text.substr(brace), keys_))
    return take_(fields_, from_line_);
  refuse_(from_line_, join({"not JSON: ", problem, ": ", in_quotes(text)}));
}

void UsageText::value(std::string_view text, std::uint64_t at_line) {
  text = trimmed(text);
  if (text.empty()) return;
  if (fields_.read_json(text, keys_)) return take_(fields_, at_line);
  refuse_(at_line, join({"not JSON: ", fields_.problem(), ": ", in_quotes(text)}));
}

/// Values stand behind one another (base 0), or in one list (base 1) whose items are taken one by one.
void UsageText::feed_values(std::string_view bytes) {
  pending_ += bytes;
  std::size_t begin = 0;
  const std::string_view text = pending_;
  std::size_t at = scanned_;
  std::uint64_t line_at = lines_ + 1;
  const auto end_item = [&](std::size_t end) {
    value(text.substr(begin, end - begin), from_line_);
    begin = end;
    from_line_ = line_at;
  };
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line_at;
    if (in_string_) {
      if (escaped_)
        escaped_ = false;
      else if (c == '\\')
        escaped_ = true;
      else if (c == '"')
        in_string_ = false;
      continue;
    }
    if (c == '"') in_string_ = true;
    if (depth_ == base_ && is_blank(c) && trimmed(text.substr(begin, at - begin)).empty()) from_line_ = line_at;
    if (base_ == 1 && depth_ == 0 && c == '[') {
      depth_ = 1;
      begin = at + 1;
      from_line_ = line_at;
      continue;
    }
    if (base_ == 1 && depth_ == 1 && (c == ',' || c == ']')) {
      end_item(at);
      begin = at + 1;
      if (c == ']') depth_ = 0;
      continue;
    }
    if (c == '{' || c == '[') ++depth_;
    if ((c == '}' || c == ']') && depth_ > base_) {
      --depth_;
      if (depth_ == 0 && base_ == 0) end_item(at + 1);
    }
  }
  lines_ = line_at - 1;
  scanned_ = at - begin;
  pending_.erase(0, begin);
  // A value that has no end: it may be a line that is broken, with sound ones behind it.
  constexpr std::size_t enough = std::size_t{1} << 20;
  if (pending_.size() > enough && !looked_for_lines_) {
    looked_for_lines_ = true;
    std::string_view rest = pending_;
    take_line(rest);
    if (fields_.read_json(trimmed(take_line(rest)), keys_)) return fall_back_to_lines();
  }
  if (pending_.size() > longest) {
    refuse_(from_line_, "longer than 64 MiB: write one record a line, or one list of records");
    pending_.clear();
    scanned_ = 0;
  }
}

/// What began as a JSON value and has no end is read line by line: all that is sound in it is kept.
void UsageText::fall_back_to_lines() {
  const std::string text = std::move(pending_);
  pending_.clear();
  scanned_ = depth_ = 0;
  in_string_ = escaped_ = false;
  lines_ = from_line_ - 1;
  shape_ = Shape::lines;
  std::string_view rest = text;
  // In a list that is cut off, items end with commas.
  while (!rest.empty()) {
    const bool whole = rest.find('\n') != std::string_view::npos;
    std::string_view one = trimmed(take_line(rest));
    if (one.ends_with(',')) one.remove_suffix(1);
    feed_lines(one);
    if (whole || !rest.empty()) feed_lines("\n");
  }
  if (!pending_.empty()) feed_lines("\n");
}

/// Cuts a row into cells_; false where quotes do not match.
bool UsageText::split(std::string_view text, char separator) {
  cell_count_ = 0;
  const auto next_cell = [&]() -> std::string& {
    if (cell_count_ == cells_.size()) cells_.emplace_back();
    cells_[cell_count_].clear();
    return cells_[cell_count_++];
  };
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  std::size_t at = 0;
  for (;;) {
    std::string& cell = next_cell();
    while (at < text.size() && text[at] == ' ') ++at;
    if (at < text.size() && text[at] == '"') {
      ++at;
      for (;;) {
        const std::size_t quote = text.find('"', at);
        if (quote == std::string_view::npos) return false;
        cell += text.substr(at, quote - at);
        at = quote + 1;
        if (at == text.size() || text[at] != '"') break;
        cell += '"';
        ++at;
      }
      while (at < text.size() && text[at] != separator) ++at;
    } else {
      const std::size_t end = std::min(text.find(separator, at), text.size());
      cell += text.substr(at, end - at);
      at = end;
    }
    if (at == text.size()) return true;
    ++at;
  }
}

void UsageText::header(std::string_view text) {
  columns_.clear();
  separator_ = ',';
  for (const char c : {';', '\t', '|'})
    if (count_of(text, c) > count_of(text, separator_)) separator_ = c;
  if (!split(text, separator_)) return;
  bool counts = false;
  std::vector<UsageKey> columns;
  for (std::size_t i = 0; i < cell_count_; ++i) {
    columns.push_back(keys_.find(cells_[i]));
    counts |= std::find(std::begin(countable), std::end(countable), columns.back()) != std::end(countable);
  }
  // JSON in a cell may hold the usage: its column's title can be anything.
  if (counts) columns_ = std::move(columns);
}

void UsageText::row(std::string_view text) {
  if (columns_.empty() || trimmed(text).empty()) return;
  if (!split(text, separator_)) return refuse_(from_line_, join({"quotes do not match: ", in_quotes(text)}));
  if (cell_count_ != columns_.size() && !(cell_count_ == columns_.size() + 1 && cells_[cell_count_ - 1].empty()))
    return refuse_(from_line_, join({"has ", std::to_string(cell_count_), " cells, the header has ",
                                     std::to_string(columns_.size())}));
  fields_.begin_row();
  for (std::size_t i = 0; i < columns_.size(); ++i) fields_.add_cell(columns_[i], cells_[i], keys_);
  fields_.end_row();
  take_(fields_, from_line_);
}

}  // namespace tokenbill
