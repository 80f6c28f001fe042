#include <utility>

#include "json_reader.h"
#include "text.h"
#include "tokenbill/json_io.h"

namespace tokenbill {

namespace {

constexpr std::string_view scenario_format = "tokenbill-scenario/1";
constexpr std::size_t most_bytes = 1u << 20;
constexpr Size name_size{0, 300};

bool is_text(ParameterKind kind) { return kind == ParameterKind::choice || kind == ParameterKind::reference; }

void read_parameters(JsonReport& report, const JsonValue& table, Scenario& scenario) {
  for (const auto& [id, value] : table.members) {
    if (report.full()) return;
    const JsonStep step(report, id);
    const std::size_t index = parameter_index(id);
    std::optional<Error> error;
    if (index < parameters().size() && is_text(parameters()[index].kind)) {
      if (!expect_kind(report, value, JsonValue::Kind::string)) continue;
      error = value.text.empty()
                  ? Error{Code::bad_value, "", "the text is empty.", "Leave the parameter out for its default."}
                  : scenario.set(id, value.text);
    } else if (index < parameters().size() && !expect_kind(report, value, JsonValue::Kind::number)) {
      continue;
    } else {
      error = scenario.set_number(id, value.number);
    }
    if (error) report.add(error->code, value, std::move(error->message), std::move(error->hint));
  }
}

// After the parameters: a value that is given with a range stays, else it is the range's median.
void read_ranges(JsonReport& report, const JsonValue& table, Scenario& scenario) {
  constexpr Range any{-1e300, 1e300};
  for (const auto& [id, value] : table.members) {
    if (report.full()) return;
    const JsonStep step(report, id);
    const std::size_t before = report.count;
    JsonObject object(report, value);
    InputRange range;
    object.number("low", range.low, Need::required, any);
    object.number("high", range.high, Need::required, any);
    object.number("level", range.level, Need::optional, any);
    object.finish();
    if (report.count != before) continue;
    const std::size_t index = parameter_index(id);
    const std::optional<double> given = index < scenario.values.size() ? scenario.values[index] : std::nullopt;
    if (std::optional<Error> error = scenario.set_range(id, range, given))
      report.add(error->code, value, std::move(error->message), std::move(error->hint));
  }
}

void read_correlations(JsonReport& report, std::span<const JsonValue> pairs, Scenario& scenario) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const JsonStep step(report, "correlations", i);
    if (!expect_kind(report, pairs[i], JsonValue::Kind::array)) continue;
    const std::vector<JsonValue>& parts = pairs[i].items;
    if (parts.size() != 3 || parts[0].kind != JsonValue::Kind::string || parts[1].kind != JsonValue::Kind::string ||
        parts[2].kind != JsonValue::Kind::number) {
      report.add(Code::wrong_type, pairs[i], "expected two ids and a number, such as [\"a\", \"b\", 0.5].");
    } else if (std::optional<Error> error = scenario.correlate(parts[0].text, parts[1].text, parts[2].number)) {
      report.add(error->code, pairs[i], std::move(error->message), std::move(error->hint));
    }
  }
}

}  // namespace

Scenario read_scenario(const JsonValue& value, std::string_view name, std::vector<Error>& problems) {
  Scenario scenario;
  if (std::optional<Error> error = check_format(value, name, scenario_format)) {
    problems.push_back(*std::move(error));
    return scenario;
  }
  JsonReport report{name, problems};
  JsonObject object(report, value);
  object.allow("format");
  object.text("name", scenario.name, Need::optional, name_size);
  object.text("model", scenario.model, Need::optional, name_size);
  object.moment("date", scenario.date, Need::optional);
  if (const JsonValue* table = object.get("parameters", JsonValue::Kind::object, Need::optional)) {
    const JsonStep step(report, "parameters");
    read_parameters(report, *table, scenario);
  }
  if (const JsonValue* table = object.get("ranges", JsonValue::Kind::object, Need::optional)) {
    const JsonStep step(report, "ranges");
    read_ranges(report, *table, scenario);
  }
  read_correlations(report, object.list("correlations", Need::optional, {0, 1000}), scenario);
  object.finish();
  return scenario;
}

Result<Scenario> parse_scenario(std::string_view text, std::string_view name) {
  JsonLimits limits;
  limits.max_bytes = most_bytes;
  const Result<JsonValue> document = parse_json(text, name, limits);
  if (!document.ok()) return document.error();
  std::vector<Error> problems;
  Scenario scenario = read_scenario(*document, name, problems);
  if (!problems.empty()) return std::move(problems.front());
  return scenario;
}

void write_scenario(JsonWriter& writer, const Scenario& scenario) {
  writer.begin_object().member("format", scenario_format);
  if (!scenario.name.empty()) writer.member("name", scenario.name);
  writer.member("model", scenario.model);
  if (scenario.date) writer.member("date", moment_text(*scenario.date));
  writer.key("parameters").begin_object();
  for (std::size_t i = 0; i < scenario.values.size() && i < parameters().size(); ++i) {
    const Parameter& parameter = parameters()[i];
    if (const auto reference = scenario.references.find(i); reference != scenario.references.end())
      writer.member(parameter.id, reference->second);
    if (!scenario.values[i]) continue;
    writer.key(parameter.id);
    if (parameter.kind == ParameterKind::choice) {
      writer.value(scenario.choice(parameter.id));
    } else {
      writer.value(*scenario.values[i]);
    }
  }
  writer.end_object();
  if (!scenario.ranges.empty()) {
    writer.key("ranges").begin_object();
    for (const auto& [index, range] : scenario.ranges) {
      writer.key(parameters()[index].id).begin_object().member("low", range.low).member("high", range.high);
      if (range.level != InputRange::usual_level) writer.member("level", range.level);
      writer.end_object();
    }
    writer.end_object();
  }
  if (!scenario.correlations.empty()) {
    writer.key("correlations").begin_array();
    for (const Correlation& pair : scenario.correlations)
      writer.begin_array().value(parameters()[pair.a].id).value(parameters()[pair.b].id).value(pair.rank).end_array();
    writer.end_array();
  }
  writer.end_object();
}

std::string scenario_text(const Scenario& scenario) {
  JsonWriter writer;
  write_scenario(writer, scenario);
  return writer.take();
}

}  // namespace tokenbill
