#pragma once
// Strict JSON reading into a small value tree that keeps where each value stood, and the writer.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tokenbill/result.h"

namespace tokenbill {

struct JsonMember;

/// A JSON value with its position. Objects keep the order of their keys.
struct JsonValue {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::string text;  ///< of a string; of a number: as written
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;
  std::uint32_t line = 0;    ///< 1-based, where the value begins
  std::uint32_t column = 0;  ///< 1-based, in bytes

  [[nodiscard]] const JsonValue* find(std::string_view key) const;
};
/// Not a std::pair: of a pair of an incomplete type, not every library makes a vector.
struct JsonMember {
  std::string key;
  JsonValue value;

  JsonMember(std::string k, JsonValue v) : key(std::move(k)), value(std::move(v)) {}
};

[[nodiscard]] std::string_view kind_name(JsonValue::Kind kind);

struct JsonLimits {
  std::size_t max_bytes = 8u << 20;
  int max_depth = 32;
  std::size_t max_values = 1u << 20;  ///< a value takes about 100 bytes of memory, however short it is written
};

/// Reads one RFC 8259 document under strict rules: UTF-8 without BOM, no NUL (not even escaped), no lone surrogates, no
/// duplicate keys, no trailing text; numbers are the nearest double, and those beyond its range are refused (1e400, and
/// 1e-400, which would turn into a free price); -0 is 0. @param name prefix of Error::where (a file's name).
/// @error bad_json with line, column and what to do; the text is never partly used.
[[nodiscard]] Result<JsonValue> parse_json(std::string_view text, std::string_view name, const JsonLimits& limits = {});

/// "file:3:7 /models/0/id": the position of a value for Error::where.
[[nodiscard]] std::string json_where(std::string_view name, const JsonValue& value, std::string_view pointer);

/// Writes JSON text; numbers shortest round trip, non-finite numbers as null, bytes that are not UTF-8 as U+FFFD.
/// Calls must nest properly.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view key);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(double number);
  JsonWriter& value(bool boolean);
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) JsonWriter& value(T number) {
    return value(static_cast<double>(number));
  }
  JsonWriter& value(const JsonValue& value);
  /// null where it is absent
  JsonWriter& value(const std::optional<double>& number) { return number ? value(*number) : null(); }
  JsonWriter& null();
  /// A value that is JSON text already.
  JsonWriter& raw(std::string_view json);
  /// key + value
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    key(name);
    return value(v);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void comma();
  std::string out_;
  bool first_ = true;
};

}  // namespace tokenbill
