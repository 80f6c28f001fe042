#include "json_reader.h"

#include <utility>

#include "text.h"
#include "tokenbill/format.h"

namespace tokenbill {

namespace {

// What was found, for messages: short values as written, others by their kind.
std::string found_text(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::number:
      return value.text;
    case JsonValue::Kind::string:
      return join({"the text ", in_quotes(value.text)});
    case JsonValue::Kind::boolean:
      return value.boolean ? "true" : "false";
    default:
      return std::string(kind_name(value.kind));
  }
}

bool is_small_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::size_t characters_of(std::string_view text) {
  std::size_t count = 0;
  for (char c : text)
    if ((static_cast<unsigned char>(c) & 0xc0u) != 0x80) ++count;
  return count;
}

}  // namespace

void JsonReport::add(Code code, const JsonValue& at, std::string message, std::string hint) {
  ++count;
  if (!full()) errors.push_back({code, json_where(name, at, pointer), std::move(message), std::move(hint)});
}

JsonStep::JsonStep(JsonReport& report, std::string_view key) : report_(report), before_(report.pointer.size()) {
  append_pointer(report.pointer, key);
}

JsonStep::JsonStep(JsonReport& report, std::size_t index) : JsonStep(report, std::to_string(index)) {}

JsonStep::JsonStep(JsonReport& report, std::string_view key, std::size_t index) : JsonStep(report, key) {
  append_pointer(report.pointer, std::to_string(index));
}

bool expect_kind(JsonReport& report, const JsonValue& value, JsonValue::Kind kind) {
  if (value.kind == kind) return true;
  report.add(Code::wrong_type, value, join({"expected ", kind_name(kind), ", found ", found_text(value), "."}));
  return false;
}

std::size_t read_choice(JsonReport& report, const JsonValue& value, std::span<const std::string_view> ids) {
  if (!expect_kind(report, value, JsonValue::Kind::string)) return ids.size();
  const std::size_t index = index_of(ids, value.text);
  if (index == ids.size()) {
    report.add(Code::bad_value, value,
               join({"expected one of ", list_text(ids), "; found ", in_quotes(value.text), "."}),
               nearest_hint(value.text, ids));
  }
  return index;
}

bool check_id(JsonReport& report, const JsonValue& at, std::string_view id, IdStyle style) {
  const bool slug = style == IdStyle::slug;
  const std::string_view marks = slug ? "-_" : "-_.:/@";
  const std::size_t longest = slug ? 300 : 120;
  bool sound = !id.empty() && id.size() <= longest;
  char before = '-';
  for (char c : id) {
    const bool mark = marks.find(c) != std::string_view::npos;
    const bool letter = is_small_alphanumeric(c) || (!slug && c >= 'A' && c <= 'Z');
    // An id begins with a letter or digit; in one of ours no two marks meet.
    sound = sound && (letter || (mark && (slug ? before != '-' && before != '_' : &c != id.data())));
    before = c;
  }
  if (slug && (before == '-' || before == '_')) sound = false;
  if (!sound) {
    report.add(Code::bad_value, at, join({"expected an id, found ", in_quotes(id), "."}),
               slug ? "Use small letters and digits with single - or _ between them."
                    : "Use letters, digits and -_.:/@, at most 120 of them, as the seller's API takes the id.");
  }
  return sound;
}

std::optional<Moment> read_moment(JsonReport& report, const JsonValue& value, bool day_only) {
  if (!expect_kind(report, value, JsonValue::Kind::string)) return std::nullopt;
  Result<Moment> moment = parse_moment(value.text);
  if (!moment.ok()) {
    report.add(moment.error().code, value, moment.error().message, moment.error().hint);
    return std::nullopt;
  }
  if (day_only && value.text.size() > 10) {
    report.add(Code::bad_value, value, join({"expected a date without a time, found ", in_quotes(value.text), "."}),
               "Write 2026-11-22.");
    return std::nullopt;
  }
  return moment.value();
}

bool check_range(JsonReport& report, const JsonValue& value, const Range& range) {
  const double number = value.number;
  const bool positive = range.numbers == Numbers::positive;
  const bool whole = range.numbers == Numbers::whole;
  // Whole numbers are counts: their ranges lie within that of int64.
  if (number >= range.min && number <= range.max && !(positive && number == 0) &&
      !(whole && static_cast<double>(static_cast<std::int64_t>(number)) != number)) {
    return true;
  }
  report.add(
      Code::out_of_range, value,
      join({"expected ", whole ? "a whole number, " : "", positive ? "more than " : "", exact_text(range.min), " to ",
            exact_text(range.max), range.unit.empty() ? "" : " ", range.unit, ", found ", value.text, "."}),
      number < 0 && range.min == 0 ? "Write 0 or more." : "Check the unit and the decimal point.");
  return false;
}

std::optional<Error> check_format(const JsonValue& document, std::string_view name, std::string_view format) {
  std::vector<Error> errors;
  JsonReport report{name, errors};
  if (expect_kind(report, document, JsonValue::Kind::object)) {
    const JsonValue* found = document.find("format");
    const std::string expected = join({"expected \"format\": ", in_quotes(format)});
    if (found == nullptr) {
      report.add(Code::bad_format, document, expected + ", found no \"format\".", "Give the document its format.");
    } else if (found->kind != JsonValue::Kind::string || found->text != format) {
      const JsonStep step(report, "format");
      const std::string_view kind = format.substr(0, format.find('/') + 1);
      const bool other_version = found->kind == JsonValue::Kind::string && found->text.starts_with(kind);
      report.add(
          Code::bad_format, *found, join({expected, ", found ", found_text(*found), "."}),
          other_version ? "Use a version of the program that reads this format." : "Open a document of this kind.");
    }
  }
  if (errors.empty()) return std::nullopt;
  return std::move(errors.front());
}

bool claims_format(const JsonValue& document, std::string_view format) {
  const JsonValue* found = document.find("format");
  return found != nullptr && found->kind == JsonValue::Kind::string &&
         found->text.starts_with(format.substr(0, format.find('/') + 1));
}

void write_bundled(JsonWriter& writer, const JsonValue& document) {
  writer.begin_object();
  for (const auto& [key, value] : document.members)
    if (key != "format") writer.key(key).value(value);
  writer.end_object();
}

JsonObject::JsonObject(JsonReport& report, const JsonValue& value) : report_(report), value_(value) {
  (void)expect_kind(report, value, JsonValue::Kind::object);
}

const JsonValue* JsonObject::get(std::string_view key, JsonValue::Kind kind, Need need) {
  known_.push_back(key);
  if (value_.kind != JsonValue::Kind::object) return nullptr;
  const JsonValue* member = value_.find(key);
  if (member == nullptr) {
    if (need == Need::required) {
      report_.add(Code::missing_key, value_, join({"the key ", in_quotes(key), " is missing."}),
                  join({"Add it: ", kind_name(kind), "."}));
    }
    return nullptr;
  }
  const JsonStep step(report_, key);
  return expect_kind(report_, *member, kind) ? member : nullptr;
}

void JsonObject::text(std::string_view key, std::string& out, Need need, const Size& characters) {
  const JsonValue* member = get(key, JsonValue::Kind::string, need);
  if (member == nullptr) return;
  const std::size_t count = characters_of(member->text);
  if (count >= characters.least && count <= characters.most) {
    out = member->text;
    return;
  }
  const JsonStep step(report_, key);
  report_.add(Code::out_of_range, *member,
              join({"expected a text of ", std::to_string(characters.least), " to ", std::to_string(characters.most),
                    " characters, found ", std::to_string(count), "."}),
              count < characters.least ? "Fill it in." : "Shorten it.");
}

void JsonObject::id(std::string_view key, std::string& out, Need need, IdStyle style) {
  const JsonValue* member = get(key, JsonValue::Kind::string, need);
  if (member == nullptr) return;
  const JsonStep step(report_, key);
  if (check_id(report_, *member, member->text, style)) out = member->text;
}

void JsonObject::number(std::string_view key, std::optional<double>& out, Need need, const Range& range) {
  const JsonValue* member = get(key, JsonValue::Kind::number, need);
  if (member == nullptr) return;
  const JsonStep step(report_, key);
  if (check_range(report_, *member, range)) out = member->number;
}

void JsonObject::number(std::string_view key, double& out, Need need, const Range& range) {
  std::optional<double> found;
  number(key, found, need, range);
  if (found) out = *found;
}

void JsonObject::moment(std::string_view key, std::optional<Moment>& out, Need need) {
  const JsonValue* member = get(key, JsonValue::Kind::string, need);
  if (member == nullptr) return;
  const JsonStep step(report_, key);
  out = read_moment(report_, *member, false);
}

void JsonObject::day(std::string_view key, std::optional<Moment>& out, Need need) {
  const JsonValue* member = get(key, JsonValue::Kind::string, need);
  if (member == nullptr) return;
  const JsonStep step(report_, key);
  out = read_moment(report_, *member, true);
}

void JsonObject::day(std::string_view key, Moment& out, Need need) {
  std::optional<Moment> found;
  day(key, found, need);
  if (found) out = *found;
}

void JsonObject::choice(std::string_view key, std::size_t& out, Need need, std::span<const std::string_view> ids) {
  const JsonValue* member = get(key, JsonValue::Kind::string, need);
  if (member == nullptr) return;
  const JsonStep step(report_, key);
  const std::size_t index = read_choice(report_, *member, ids);
  if (index < ids.size()) out = index;
}

std::span<const JsonValue> JsonObject::list(std::string_view key, Need need, const Size& items) {
  const JsonValue* member = get(key, JsonValue::Kind::array, need);
  if (member == nullptr) return {};
  const std::size_t count = member->items.size();
  if (count >= items.least && count <= items.most) return member->items;
  const JsonStep step(report_, key);
  report_.add(count < items.least ? Code::out_of_range : Code::too_large, *member,
              join({"expected ", std::to_string(items.least), " to ", std::to_string(items.most), " items, found ",
                    std::to_string(count), "."}),
              count < items.least ? "Remove the empty list." : "Remove what is not needed.");
  return {};
}

void JsonObject::finish() {
  for (const auto& [key, member] : value_.members) {
    if (index_of(known_, key) < known_.size()) continue;
    const JsonStep step(report_, key);
    report_.add(Code::unknown_key, member, join({"the key ", in_quotes(key), " is not known here."}),
                report_.full() ? std::string() : name_hint(key, known_));
  }
}

}  // namespace tokenbill
