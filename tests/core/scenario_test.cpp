#include "tokenbill/scenario.h"

#include <doctest/doctest.h>

#include <limits>
#include <set>
#include <string>
#include <utility>

#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

Scenario read(std::string_view text) {
  Result<Scenario> scenario = parse_scenario(text);
  if (!scenario.ok()) FAIL(to_text(scenario.error()));
  return std::move(scenario).value();
}

Error error_of(std::string_view text) {
  const Result<Scenario> scenario = parse_scenario(text);
  REQUIRE_FALSE(scenario.ok());
  return scenario.error();
}

std::string with(std::string_view members) {
  return R"({"format":"tokenbill-scenario/1",)" + std::string(members) + "}";
}
std::string with_parameter(std::string_view member) { return with(R"("parameters":{)" + std::string(member) + "}"); }

/// The value that the text stands for, of a parameter of tokens; -1 if it is refused.
double tokens(std::string_view text) {
  Scenario scenario;
  if (scenario.set("prompt_tokens", text)) return -1;
  return scenario.value("prompt_tokens").value_or(-2);
}

double share(std::string_view text) {
  Scenario scenario;
  if (scenario.set("discount_ratio", text)) return -1;
  return scenario.value("discount_ratio").value_or(-2);
}

}  // namespace

TEST_CASE("the table of parameters is sound: unique ids, known groups, defaults within their range, help and source") {
  std::set<std::string_view> ids;
  for (const Parameter& parameter : parameters()) {
    CAPTURE(parameter.id);
    CHECK(ids.insert(parameter.id).second);
    CHECK(parameter.default_value >= parameter.min);
    CHECK(parameter.default_value <= parameter.max);
    CHECK(!parameter.help.empty());
    CHECK(!parameter.source.empty());
    bool grouped = false;
    for (const ParameterGroup& group : parameter_groups()) grouped = grouped || group.id == parameter.group;
    CHECK(grouped);
    CHECK((parameter.kind == ParameterKind::choice) == (parameter.options.size() > 1));
    CHECK(&parameters()[parameter_index(parameter.id)] == &parameter);
  }
  CHECK(parameter_index("no_such") == parameters().size());
  CHECK(parameter_groups().front().label == "Demand");
  CHECK(parameter_groups().size() == 25);
}

TEST_CASE("a choice's options are read from the table, its default among them") {
  const Parameter& tier = parameters()[parameter_index("service_tier")];
  REQUIRE(tier.options.size() == 5);
  CHECK(tier.options[0].id == "standard");
  CHECK(tier.options[1].id == "batch");
  CHECK(tier.options[1].label == "batch (within a day)");
  CHECK(tier.options[4].id == "ultrafast");
  CHECK(tier.max == 4);
  CHECK(tier.default_value == 0);
}

TEST_CASE("units have an id and a text for people") {
  CHECK(unit_id(units::usd / units::month) == "usd/month");
  CHECK(unit_id(units::ratio) == "ratio");
  CHECK(unit_id(units::ratio / units::month) == "1/month");
  CHECK(unit_id(units::usd / units::person / units::year) == "usd/year/person");
  CHECK(unit_text(units::usd / units::month) == "USD per month");
  CHECK(unit_text(units::token / units::request) == "tokens per request");
  CHECK(unit_text(units::usd / units::mtok) == "USD per million tokens");
  CHECK(unit_text(units::ratio / units::month) == "per month");
  CHECK(unit_text(units::person) == "people");
  CHECK(unit_text(units::ratio).empty());
}

TEST_CASE("without a value the default holds, and an optional number is absent") {
  Scenario scenario;
  CHECK(scenario.value("prompt_tokens") == 2000);
  CHECK_FALSE(scenario.value("cache_hit_ratio").has_value());
  CHECK_FALSE(scenario.value("no_such").has_value());
  CHECK(scenario.choice("service_tier") == "standard");
  CHECK(scenario.choice("no_such").empty());
  CHECK_FALSE(scenario.set("cache_hit_ratio", "0.9").has_value());
  CHECK(scenario.value("cache_hit_ratio") == 0.9);
  CHECK_FALSE(scenario.set("cache_hit_ratio", "").has_value());
  CHECK_FALSE(scenario.value("cache_hit_ratio").has_value());
  CHECK_FALSE(scenario.set("service_tier", "batch").has_value());
  CHECK(scenario.choice("service_tier") == "batch");
  CHECK_FALSE(scenario.set("service_tier", " ").has_value());
  CHECK(scenario.choice("service_tier") == "standard");
  CHECK(scenario == Scenario());
}

TEST_CASE("numbers are read as people write them") {
  const std::pair<std::string_view, double> cases[] = {
      {"1500", 1500},
      {" 1500 ", 1500},
      {"+1500", 1500},
      {"0", 0},
      {"-0", 0},
      {"007", 7},
      {"1.5k", 1500},
      {"1.5 K", 1500},
      {"2M", 2e6},
      {"0.002b", 2e6},
      {"3e6", 3e6},
      {"3E+6", 3e6},
      {"15e-1", 1.5},
      {"1 000", 1000},
      {"1 000 000", 1e6},
      {"1\u202f000", 1000},
      {"1\u00a0000", 1000},
      {"1\u2009000,5", 1000.5},
      {"1'000", 1000},
      {"1_000", 1000},
      {"1,000.5", 1000.5},
      {"1.000,5", 1000.5},
      {"1,000,000", 1e6},
      {"1.000.000", 1e6},
      {"1.234", 1.234},
      {"1,5", 1.5},
      {"1,2345", 1.2345},
      {"0,125", 0.125},
      {".5", 0.5},
      {",5", 0.5},
      {"1.500k", 1500},
      {"12345.678", 12345.678},
      {"0.1", 0.1},
      {"1e1", 10},
      {"1234,567.0", -1},
      {"1,000", -1},
      {"12,345", -1},
      {"1,000k", -1},
      {"", 2000},
  };
  for (const auto& test : cases) {
    CAPTURE(test.first);
    CHECK(tokens(test.first) == test.second);
  }
}

TEST_CASE("percent are read for shares only") {
  CHECK(share("30 %") == 0.3);
  CHECK(share("30%") == 0.3);
  CHECK(share("12,5 %") == 0.125);
  CHECK(share("0.3") == 0.3);
  CHECK(share("100%") == 1);
  CHECK(share("101%") == -1);
  CHECK(share("30") == -1);
  CHECK(tokens("30 %") == -1);
}

TEST_CASE("what is no number is refused") {
  for (std::string_view text :
       {"abc",           "k",     "%",        "-",     "+",     ".",     ",",     "1..2",         "1,,2",
        "1 2",           "1 00",  "1 0000",   "10 00", "1,0,0", "1.2.3", "1e",    "1e+",          "e5",
        "1e5k",          "1kk",   "0x10",     "1.",    "1,",    "--1",   "+-1",   "1-",           "nan",
        "NaN",           "inf",   "Infinity", "1/2",   "1e400", "-1",    "-1k",   "1e9999999999", "1\n2",
        "1;2",           "½",     "१",        "1 ,5",  "1. 5",  "$5",    "5 usd", "1'00",         "1,000'000",
        "1 000,000 000", "1,00.5"}) {
    CAPTURE(text);
    CHECK(tokens(text) == -1);
  }
  CHECK(tokens(std::string(100000, '1')) == -1);
}

TEST_CASE("an ambiguous number is refused with both readings") {
  Scenario scenario;
  const std::optional<Error> error = scenario.set("prompt_tokens", "1,000");
  REQUIRE(error.has_value());
  CHECK(error->code == Code::bad_value);
  CHECK(error->message == "\"1,000\" may be 1000 or 1.000.");
  CHECK(scenario == Scenario());
}

TEST_CASE("a refused value changes nothing and says why") {
  Scenario scenario;
  REQUIRE_FALSE(scenario.set("discount_ratio", "0.25").has_value());
  const Scenario before = scenario;
  std::optional<Error> error = scenario.set("discount_ratio", "30");
  REQUIRE(error.has_value());
  CHECK(error->code == Code::out_of_range);
  CHECK(error->where == "discount_ratio");
  CHECK(error->message == "expected 0 to 1, found 30.");
  CHECK(error->hint == "For percent write 30 % or 0.3.");
  error = scenario.set("prompt_tokens", "1e8");
  CHECK(error->message == "expected 0 to 10000000 tokens per request, found 100000000.");
  error = scenario.set("service_tier", "bach");
  CHECK(error->code == Code::bad_value);
  CHECK(error->hint == "Did you mean \"batch\"?");
  error = scenario.set("promt_tokens", "1");
  CHECK(error->code == Code::unknown_parameter);
  CHECK(error->hint == "Did you mean \"prompt_tokens\"?");
  CHECK(scenario.set_number("service_tier", 1)->code == Code::wrong_type);
  CHECK(scenario.set_number("no_such", 1)->code == Code::unknown_parameter);
  CHECK(scenario == before);
}

TEST_CASE("each parameter takes both ends of its range and nothing beyond") {
  for (const Parameter& parameter : parameters()) {
    if (parameter.kind == ParameterKind::choice || parameter.kind == ParameterKind::reference) continue;
    CAPTURE(parameter.id);
    Scenario scenario;
    CHECK_FALSE(scenario.set_number(parameter.id, parameter.min).has_value());
    CHECK_FALSE(scenario.set_number(parameter.id, parameter.max).has_value());
    CHECK(scenario.value(parameter.id) == parameter.max);
    const double step = (parameter.max - parameter.min) * 1e-9;
    CHECK(scenario.set_number(parameter.id, parameter.max + step)->code == Code::out_of_range);
    CHECK(scenario.set_number(parameter.id, parameter.min - step)->code == Code::out_of_range);
    CHECK(scenario.set_number(parameter.id, std::numeric_limits<double>::quiet_NaN()).has_value());
    CHECK(scenario.set_number(parameter.id, std::numeric_limits<double>::infinity()).has_value());
    CHECK(scenario.value(parameter.id) == parameter.max);
  }
}

TEST_CASE("a scenario is read with all that it says") {
  const Scenario scenario = read(with(R"("name":"Support bot","model":"anthropic/claude","date":"2026-11-22",
      "parameters":{"conversations_per_day":10000,"service_tier":"batch","cache_hit_ratio":0.5})"));
  CHECK(scenario.name == "Support bot");
  CHECK(scenario.model == "anthropic/claude");
  CHECK(scenario.date == *parse_moment("2026-11-22"));
  CHECK(scenario.value("conversations_per_day") == 10000);
  CHECK(scenario.choice("service_tier") == "batch");
  CHECK(scenario.value("cache_hit_ratio") == 0.5);
  CHECK(read(R"({"format":"tokenbill-scenario/1"})") == Scenario());
}

TEST_CASE("a bad scenario is refused with the parameter and its range") {
  const std::pair<std::string, Code> cases[] = {
      {"", Code::bad_json},
      {"[]", Code::wrong_type},
      {"{}", Code::bad_format},
      {R"({"format":"tokenbill-scenario/2"})", Code::bad_format},
      {with(R"("modle":"x")"), Code::unknown_key},
      {with(R"("model":1)"), Code::wrong_type},
      {with(R"("date":"tomorrow")"), Code::bad_value},
      {with(R"("parameters":[])"), Code::wrong_type},
      {with_parameter(R"("prompt_token":1)"), Code::unknown_parameter},
      {with_parameter(R"("prompt_tokens":"1k")"), Code::wrong_type},
      {with_parameter(R"("prompt_tokens":null)"), Code::wrong_type},
      {with_parameter(R"("prompt_tokens":-1)"), Code::out_of_range},
      {with_parameter(R"("prompt_tokens":1e400)"), Code::bad_json},
      {with_parameter(R"("prompt_tokens":1,"prompt_tokens":1)"), Code::bad_json},
      {with_parameter(R"("service_tier":"quick")"), Code::bad_value},
      {with_parameter(R"("service_tier":"")"), Code::bad_value},
      {with_parameter(R"("service_tier":1)"), Code::wrong_type},
      {with("\"name\":\"" + std::string(301, 'x') + "\""), Code::out_of_range},
      {with("\"name\":\"" + std::string(1 << 20, 'x') + "\""), Code::bad_json},
  };
  for (const auto& test : cases) {
    CAPTURE(test.first.substr(0, 100));
    CHECK(code_name(error_of(test.first).code) == code_name(test.second));
  }
  const Error error = error_of(with_parameter("\n\"failure_ratio\":2"));
  CHECK(error.where == "scenario:2:17 /parameters/failure_ratio");
  CHECK(error.message == "expected 0 to 0.99, found 2.");
  CHECK(error_of(with_parameter(R"("prompt_token":1)")).hint == "Did you mean \"prompt_tokens\"?");
}

TEST_CASE("of a scenario inside another document, what is sound is kept and every problem is told") {
  const Result<JsonValue> value =
      parse_json(with(R"("name":"n","date":"?","parameters":{"retries":99,"prompt_tokens":7,"x":1})"), "request");
  REQUIRE(value.ok());
  std::vector<Error> problems;
  const Scenario scenario = read_scenario(*value, "request", problems);
  CHECK(scenario.name == "n");
  CHECK(scenario.value("prompt_tokens") == 7);
  CHECK_FALSE(scenario.date.has_value());
  CHECK(problems.size() == 3);
}

TEST_CASE("writing a scenario and reading it back gives the same, bit for bit") {
  std::uint64_t state = 0x2545f4914f6cdd1du;
  const auto random = [&] {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<double>(state >> 11) * 0x1p-53;
  };
  for (int round = 0; round < 2000; ++round) {
    Scenario scenario;
    if (random() < 0.5) scenario.name = "a \"b\" \u00e9\n";
    if (random() < 0.5) scenario.model = "x/y";
    if (random() < 0.5) scenario.date = Moment{static_cast<std::int64_t>(random() * 4e9)};
    for (const Parameter& parameter : parameters()) {
      if (random() < 0.5) continue;
      if (parameter.kind == ParameterKind::reference) {
        const bool date = parameter.what == "date";
        const std::string_view text = date ? "2026-11-22" : parameter.what == "currency" ? "EUR" : "acme/\u00e9 \"x\"";
        REQUIRE_FALSE(scenario.set(parameter.id, text).has_value());
      } else if (parameter.kind == ParameterKind::choice) {
        const auto option = static_cast<std::size_t>(random() * static_cast<double>(parameter.options.size()));
        REQUIRE_FALSE(scenario.set(parameter.id, parameter.options[option].id).has_value());
      } else {
        REQUIRE_FALSE(
            scenario.set_number(parameter.id, parameter.min + random() * (parameter.max - parameter.min)).has_value());
      }
    }
    CAPTURE(round);
    CAPTURE(scenario_text(scenario));
    REQUIRE(read(scenario_text(scenario)) == scenario);
  }
}

TEST_CASE("only what was given is written, a default that was given included") {
  Scenario scenario;
  CHECK(scenario_text(scenario) == R"({"format":"tokenbill-scenario/1","model":"openai/gpt-4o","parameters":{}})");
  REQUIRE_FALSE(scenario.set("prompt_tokens", "2000").has_value());
  REQUIRE_FALSE(scenario.set("caching", "5m").has_value());
  CHECK(
      scenario_text(scenario) ==
      R"({"format":"tokenbill-scenario/1","model":"openai/gpt-4o","parameters":{"prompt_tokens":2000,"caching":"5m"}})");
}
