// parse_scenario and Scenario::set: never crash; whatever they accept lies in its range and survives writing.

#include "fuzz/fuzz_support.h"
#include "tokenbill/json_io.h"

using namespace tokenbill;

namespace {

void expect_sound(const Scenario& scenario) {
  for (std::size_t i = 0; i < parameters().size(); ++i) {
    const Parameter& parameter = parameters()[i];
    if (!scenario.values[i]) continue;
    const double value = *scenario.values[i];
    EXPECT(value >= parameter.min && value <= parameter.max);
    EXPECT(scenario.value(parameter.id) == value);
    EXPECT(parameter.kind != ParameterKind::choice || !scenario.choice(parameter.id).empty());
  }
  const std::string written = scenario_text(scenario);
  const Result<Scenario> back = parse_scenario(written);
  EXPECT(back.ok());
  EXPECT(*back == scenario);
  EXPECT(scenario_text(*back) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const Result<Scenario> read = parse_scenario(text);
  if (read.ok()) {
    expect_sound(*read);
  } else {
    expect_clean(read.error());
  }
  if (const Result<JsonValue> value = parse_json(text, "fuzz"); value.ok()) {
    std::vector<Error> problems;
    const Scenario kept = read_scenario(*value, "fuzz", problems);
    EXPECT(problems.empty() == read.ok());
    for (const Error& problem : problems) expect_clean(problem);
    expect_sound(kept);
  }
  for (std::string_view id : {"prompt_tokens", "discount_ratio", "cache_hit_ratio", "service_tier"}) {
    Scenario scenario;
    if (const std::optional<Error> error = scenario.set(id, text)) {
      expect_clean(*error);
      EXPECT(scenario == Scenario());
    }
    expect_sound(scenario);
  }
  const std::size_t equals = text.find('=');
  if (equals != std::string_view::npos) {
    Scenario scenario;
    if (const std::optional<Error> error = scenario.set(text.substr(0, equals), text.substr(equals + 1)))
      expect_clean(*error);
    expect_sound(scenario);
  }
  return 0;
}
