#include "tokenbill/json_value.h"

#include <algorithm>
#include <array>
#include <limits>

#include "text.h"
#include "tokenbill/format.h"

// Only the parser is used: no streams, no conversions of files' paths, no exceptions.
#ifndef JSON_NOEXCEPTION
#define JSON_NOEXCEPTION
#endif
#define JSON_NO_IO
#define JSON_HAS_FILESYSTEM 0
#define JSON_HAS_EXPERIMENTAL_FILESYSTEM 0
#define JSON_HAS_RANGES 0
#define JSON_HAS_THREE_WAY_COMPARISON 0
#include <nlohmann/json.hpp>

#include "order.h"

namespace tokenbill {

namespace {

constexpr std::string_view syntax_hint =
    "JSON wants double quotes around keys and text, no comments, and no comma before a closing bracket.";

std::string position_text(std::string_view name, std::size_t line, std::size_t column, std::string_view pointer) {
  return join({name, ":", std::to_string(line), ":", std::to_string(column), pointer.empty() ? "" : " ", pointer});
}

// Builds the tree from the events. The events carry no positions; but between two tokens there is nothing but white
// space, commas and colons, so each token is found again in the text, from where the one before it ended.
class TreeBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  TreeBuilder(std::string_view text, std::string_view name, const JsonLimits& limits)
      : text_(text), name_(name), limits_(limits) {}

  bool null() { return add(JsonValue::Kind::null) != nullptr; }
  bool boolean(bool value) {
    JsonValue* added = add(JsonValue::Kind::boolean);
    if (added != nullptr) added->boolean = value;
    return added != nullptr;
  }
  bool number_integer(number_integer_t value) { return number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) { return number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t& /*spelled by the locale*/) { return number(value); }
  bool string(string_t& value) {
    if (!no_nul(value)) return false;
    JsonValue* added = add(JsonValue::Kind::string);
    if (added != nullptr) added->text = std::move(value);
    return added != nullptr;
  }
  bool binary(binary_t& /*never sent for text*/) { return false; }

  bool start_object(std::size_t /*unknown*/) { return open(JsonValue::Kind::object); }
  bool start_array(std::size_t /*unknown*/) { return open(JsonValue::Kind::array); }
  bool end_array() { return close(); }
  bool end_object() { return no_duplicates(*open_.back()) && close(); }
  bool key(string_t& value) {
    if (!no_nul(value)) return false;
    skip_string();
    open_.back()->members.emplace_back(std::move(value), JsonValue{});
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::detail::exception& problem) {
    // what() is "[…] … syntax error while parsing X - DETAIL; last read: 'Y'"; Y can be as long as the document.
    const std::string_view what = problem.what();
    if (problem.id == 406) {
      next_token();
      return too_large_number();
    }
    std::string_view detail = what;
    if (const std::size_t dash = detail.find(" - "); dash != std::string_view::npos) detail.remove_prefix(dash + 3);
    detail = detail.substr(0, detail.find("; last read"));
    const std::size_t offset = std::min(position == 0 ? 0 : position - 1, text_.size());
    return fail(offset, join({"not JSON: ", detail, "."}), std::string(syntax_hint));
  }

  /// Notes what is wrong at this byte; returns false, which ends the parsing.
  bool fail(std::size_t offset, std::string message, std::string hint) {
    std::size_t line = 1;
    std::size_t line_start = 0;
    for (std::size_t i = 0; i < offset; ++i) {
      if (text_[i] != '\n') continue;
      ++line;
      line_start = i + 1;
    }
    error_ = Error{Code::bad_json, position_text(name_, line, offset - line_start + 1, pointer()), std::move(message),
                   std::move(hint)};
    return false;
  }

  [[nodiscard]] JsonValue& root() { return root_; }
  [[nodiscard]] Error& error() { return error_; }

 private:
  // Moves to the first byte of the next token.
  void next_token() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r' && c != ',' && c != ':') {
        break;
      }
    }
  }

  // Moves past the string at at_, which the parser has found well-formed.
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }

  // Moves past the number or literal at at_ and returns it.
  std::string_view skip_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool word =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '.' || c == '-' || c == '+';
      if (!word) break;
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  JsonValue* add(JsonValue::Kind kind) {
    next_token();
    if (++count_ > limits_.max_values) {
      fail(at_, join({"more than ", std::to_string(limits_.max_values), " values."}), "Split the document.");
      return nullptr;
    }
    JsonValue* added = &root_;
    if (!open_.empty()) {
      JsonValue& parent = *open_.back();
      // The vector of an open container grows only while none of its values is open, so open_ stays valid.
      added = parent.kind == JsonValue::Kind::array ? &parent.items.emplace_back() : &parent.members.back().value;
    }
    added->kind = kind;
    added->line = line_;
    added->column = static_cast<std::uint32_t>(at_ - line_start_ + 1);
    switch (kind) {
      case JsonValue::Kind::string:
        skip_string();
        break;
      case JsonValue::Kind::number:
        added->text = skip_word();
        break;
      case JsonValue::Kind::object:
      case JsonValue::Kind::array:
        ++at_;
        break;
      default:
        skip_word();
    }
    return added;
  }

  bool number(double value) {
    JsonValue* added = add(JsonValue::Kind::number);
    if (added == nullptr) return false;
    const std::string_view written = added->text;
    const std::string_view digits = written.substr(0, written.find_first_of("eE"));
    if (value == 0 && digits.find_first_of("123456789") != std::string_view::npos) {
      return fail(
          at_ - written.size(),
          join({"the number ", in_quotes(written), " is not 0, but nearer to 0 than a number can be (5e-324)."}),
          "Write 0, or use a larger unit.");
    }
    added->number = value == 0 ? 0 : value;
    return true;
  }

  bool too_large_number() {
    const std::size_t begin = at_;
    const std::string_view written = skip_word();
    return fail(begin, join({"the number ", in_quotes(written), " is larger than a number can be (1.8e308)."}),
                "Check the exponent.");
  }

  bool open(JsonValue::Kind kind) {
    JsonValue* added = add(kind);
    if (added == nullptr) return false;
    if (open_.size() >= static_cast<std::size_t>(limits_.max_depth)) {
      return fail(at_ - 1, join({"nested more than ", std::to_string(limits_.max_depth), " levels deep."}),
                  "Remove the inner brackets.");
    }
    open_.push_back(added);
    return true;
  }

  bool close() {
    next_token();
    ++at_;
    open_.pop_back();
    return true;
  }

  bool no_nul(std::string_view value) {
    next_token();
    if (value.find('\0') == std::string_view::npos) return true;
    return fail(at_, "the text contains the character NUL.", "Remove \\u0000.");
  }

  // Sorted, because looking for each key among all others takes hours where an object has a million of them.
  bool no_duplicates(const JsonValue& object) {
    const auto& members = object.members;
    const std::vector<std::uint32_t> order =
        sorted_order(members.size(), [&](std::uint32_t a, std::uint32_t b) { return members[a].key < members[b].key; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      const auto& [key, value] = members[order[i]];
      if (members[order[i - 1]].key != key) continue;
      std::string where = pointer();
      where.erase(where.rfind('/'));
      append_pointer(where, key);
      error_ = Error{Code::bad_json, position_text(name_, value.line, value.column, where),
                     join({"the key ", in_quotes(key), " stands twice in one object."}), "Keep one of them."};
      return false;
    }
    return true;
  }

  // The value that was begun last, as a JSON pointer.
  [[nodiscard]] std::string pointer() const {
    std::string pointer;
    for (const JsonValue* container : open_) {
      if (container->kind == JsonValue::Kind::array) {
        if (!container->items.empty()) append_pointer(pointer, std::to_string(container->items.size() - 1));
      } else if (!container->members.empty()) {
        append_pointer(pointer, container->members.back().key);
      }
    }
    return pointer;
  }

  std::string_view text_;
  std::string_view name_;
  const JsonLimits& limits_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::size_t count_ = 0;
  JsonValue root_;
  std::vector<JsonValue*> open_;
  Error error_;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

std::string_view kind_name(JsonValue::Kind kind) {
  constexpr std::array<std::string_view, 6> names = {"null",   "true or false", "a number",
                                                     "a text", "a list",        "an object"};
  return names[static_cast<std::size_t>(kind)];
}

std::string json_where(std::string_view name, const JsonValue& value, std::string_view pointer) {
  return position_text(name, value.line, value.column, pointer);
}

Result<JsonValue> parse_json(std::string_view text, std::string_view name, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{Code::bad_json, std::string(name),
                 join({"the document has ", std::to_string(text.size()), " bytes, more than the ",
                       std::to_string(limits.max_bytes), " that are read."}),
                 "Split it or remove what is not needed."};
  }
  TreeBuilder builder(text, name, limits);
  // The parser skips a byte-order mark, takes a NUL for the end, and calls any other byte a wrong literal.
  if (text.starts_with("\xef\xbb\xbf")) {
    builder.fail(0, "the document begins with a byte-order mark.", "Save it as UTF-8 without BOM.");
    return std::move(builder.error());
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = text[at] == '\0' ? 0 : utf8_length(text, at);
    if (length == 0) {
      builder.fail(at, text[at] == '\0' ? "the document contains a NUL byte." : "the bytes here are not UTF-8.",
                   "Save the document as UTF-8 text.");
      return std::move(builder.error());
    }
    at += length;
  }
  if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &builder)) return std::move(builder.error());
  return std::move(builder.root());
}

JsonWriter& JsonWriter::begin_object() {
  comma();
  out_ += '{';
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  comma();
  out_ += '[';
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view key) {
  value(key);
  out_ += ':';
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  comma();
  out_ += '"';
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; };
  for (std::size_t at = 0; at < text.size();) {
    // Most of a text goes over as it is, in one piece.
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end])) ++end;
    out_.append(text.data() + at, end - at);
    at = end;
    if (at == text.size()) break;
    const char c = text[at];
    const std::size_t length = utf8_length(text, at);
    const std::string_view sequence = text.substr(at, std::max<std::size_t>(length, 1));
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (c == '\n') {
      out_ += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out_ += "\\u00";
      out_ += digits[static_cast<unsigned char>(c) >> 4];
      out_ += digits[static_cast<unsigned char>(c) & 15];
    } else if (sequence == "\u2028") {  // line breaks to a script that the text is pasted into
      out_ += "\\u2028";
    } else if (sequence == "\u2029") {
      out_ += "\\u2029";
    } else if (length == 0) {
      out_ += "\\ufffd";
    } else {
      out_ += sequence;
    }
    at += sequence.size();
  }
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  constexpr double largest = std::numeric_limits<double>::max();
  if (!(number >= -largest && number <= largest)) return null();
  comma();
  out_ += exact_text(number);
  return *this;
}

JsonWriter& JsonWriter::value(bool boolean) {
  comma();
  out_ += boolean ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  comma();
  out_ += json;
  return *this;
}
JsonWriter& JsonWriter::null() {
  comma();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::value(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::null:
      return null();
    case JsonValue::Kind::boolean:
      return this->value(value.boolean);
    case JsonValue::Kind::number:
      return this->value(value.number);
    case JsonValue::Kind::string:
      return this->value(std::string_view(value.text));
    case JsonValue::Kind::array:
      begin_array();
      for (const JsonValue& item : value.items) this->value(item);
      return end_array();
    case JsonValue::Kind::object:
      break;
  }
  begin_object();
  for (const auto& [name, member] : value.members) key(name).value(member);
  return end_object();
}

void JsonWriter::comma() {
  if (!first_) out_ += ',';
  first_ = false;
}

}  // namespace tokenbill
