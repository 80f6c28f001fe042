#pragma once
// Reads the fields of JSON objects and reports everything that is wrong with them, each finding with its position.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/json_value.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// Where errors go, and the JSON pointer of the value being read.
struct JsonReport {
  std::string_view name;  ///< of the document
  std::vector<Error>& errors;
  std::string pointer{};
  std::size_t count = 0;  ///< of errors, told or not: after the first thousand the rest is only counted

  void add(Code code, const JsonValue& at, std::string message, std::string hint = {});
  /// Nothing more will be told, so looking for hints would only take time: in a hostile document, hours.
  [[nodiscard]] bool full() const { return errors.size() >= 1000; }
};

/// Steps into a member or item for as long as it lives.
class JsonStep {
 public:
  JsonStep(JsonReport& report, std::string_view key);
  JsonStep(JsonReport& report, std::size_t index);
  JsonStep(JsonReport& report, std::string_view key, std::size_t index);
  ~JsonStep() { report_.pointer.resize(before_); }
  JsonStep(const JsonStep&) = delete;
  JsonStep& operator=(const JsonStep&) = delete;

 private:
  JsonReport& report_;
  std::size_t before_;
};

enum class Need : bool { optional, required };

enum class Numbers : unsigned char { any, positive, whole };

struct Range {
  double min;
  double max;
  std::string_view unit{};
  Numbers numbers = Numbers::any;
};

/// How many characters a text has, or items a list.
struct Size {
  std::size_t least;
  std::size_t most;
};

/// Two kinds of ids: our own, in lower case, and those of models, as their seller's API takes them.
enum class IdStyle : bool { slug, model };

/// The fields of one object. Each getter reports a missing or unfit field and then leaves the variable alone;
/// finish() reports the keys that nobody asked for.
class JsonObject {
 public:
  JsonObject(JsonReport& report, const JsonValue& value);

  /// The member if it is there and of this kind, else nullptr.
  const JsonValue* get(std::string_view key, JsonValue::Kind kind, Need need);
  void text(std::string_view key, std::string& out, Need need, const Size& characters);
  void id(std::string_view key, std::string& out, Need need, IdStyle style);
  void number(std::string_view key, double& out, Need need, const Range& range);
  void number(std::string_view key, std::optional<double>& out, Need need, const Range& range);
  void moment(std::string_view key, std::optional<Moment>& out, Need need);
  /// A moment without a time of day.
  void day(std::string_view key, std::optional<Moment>& out, Need need);
  void day(std::string_view key, Moment& out, Need need);
  /// Index of the text among the ids.
  void choice(std::string_view key, std::size_t& out, Need need, std::span<const std::string_view> ids);
  /// The items of a list; none if it is absent.
  std::span<const JsonValue> list(std::string_view key, Need need, const Size& items);
  /// Allows a key that the caller reads by itself.
  void allow(std::string_view key) { known_.push_back(key); }

  void finish();
  [[nodiscard]] const JsonValue& value() const { return value_; }

 private:
  JsonReport& report_;
  const JsonValue& value_;
  std::vector<std::string_view> known_;
};

/// For the items of lists; they report like the getters of JsonObject.
[[nodiscard]] bool expect_kind(JsonReport& report, const JsonValue& value, JsonValue::Kind kind);
/// Index among the ids; the ids' size, reported, if it is none of them.
[[nodiscard]] std::size_t read_choice(JsonReport& report, const JsonValue& value,
                                      std::span<const std::string_view> ids);
/// Whether the text is an id (reported if not).
[[nodiscard]] bool check_id(JsonReport& report, const JsonValue& at, std::string_view id, IdStyle style);
/// Reads a moment; absent, reported, if it is none.
[[nodiscard]] std::optional<Moment> read_moment(JsonReport& report, const JsonValue& value, bool day_only);
/// Whether the number lies in the range (reported if not).
[[nodiscard]] bool check_range(JsonReport& report, const JsonValue& value, const Range& range);

/// Whether the document is an object with this "format"; what else it may be is told.
[[nodiscard]] std::optional<Error> check_format(const JsonValue& document, std::string_view name,
                                                std::string_view format);
/// Whether the document says that it is of this format, in whatever version: "tokenbill-gpus/1" and "…/2" alike.
[[nodiscard]] bool claims_format(const JsonValue& document, std::string_view format);

/// A file as it stands in a bundle: without its "format".
void write_bundled(JsonWriter& writer, const JsonValue& document);

}  // namespace tokenbill
