#include "questions.h"

#include <optional>
#include <string_view>

#include "cost_api.h"
#include "tokenbill/forecast.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_ranges.h"
#include "tokenbill/json_results.h"
#include "tokenbill/levers.h"
#include "tokenbill/selfhost.h"
#include "tokenbill/series.h"
#include "tokenbill/sweep_io.h"

namespace tokenbill {

namespace {
/// What the questions about own capacity need besides the prices.
struct OwnCapacityLists {
  std::optional<SelfHost> plans;
  std::optional<Hardware> hardware;
};
OwnCapacityLists& lists() {
  static OwnCapacityLists only;
  return only;
}
}  // namespace

std::string load_hardware(std::string_view text) {
  Result<Hardware> read = parse_hardware(text);
  if (!read) return error_json(read.error());
  if (!lists().plans) {
    Result<SelfHost> plans = SelfHost::create();
    if (!plans) return error_json(plans.error());
    lists().plans.emplace(std::move(plans).value());
  }
  lists().hardware = std::move(read).value();
  return hardware_json(*lists().hardware);
}

std::string answer_question(std::uint32_t op, const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                            Moment today, const JsonValue& document) {
  const auto answer = [](const auto& result, const auto& to_json) {
    return result ? to_json(*result) : error_json(result.error());
  };
  const auto number = [&](std::string_view key) {
    const JsonValue* value = document.find(key);
    return value != nullptr && value->kind == JsonValue::Kind::number ? value->number : 0;
  };
  const auto text = [&](std::string_view key) {
    const JsonValue* value = document.find(key);
    return value != nullptr && value->kind == JsonValue::Kind::string ? std::string_view(value->text)
                                                                      : std::string_view();
  };
  if ((op == TB_DECIDE || op == TB_EXPLAIN_OWN) && !lists().hardware)
    return error_json({Code::unsupported, "hardware", "No list of hardware is loaded.",
                       "Call load_hardware with hardware-v1.json first."});
  switch (op) {
    case TB_DECIDE:
      return answer(lists().plans->decide(engine, catalog, *lists().hardware, scenario, today), decision_json);
    case TB_EXPLAIN_OWN:
      return answer(lists().plans->explain(engine, catalog, *lists().hardware, scenario, today, text("item")),
                    explanation_json);
    case TB_FORECAST:
      return answer(forecast(engine, catalog, scenario, today), forecast_json);
    case TB_LEVERS:
      return answer(find_levers(engine, catalog, scenario, today), levers_json);
    case TB_SOLVE:
      return answer(solve(engine, catalog, scenario, today, text("parameter"), text("figure"), number("at_most")),
                    solution_json);
    case TB_TURNS: {
      const double turns = number("turns");
      return answer(turn_by_turn(engine, catalog, scenario, today,
                                 turns >= 1 && turns <= max_turns ? static_cast<int>(turns) : 0),
                    turns_json);
    }
    case TB_SERIES: {
      const Result<SeriesSpec> spec = read_series_spec(document);
      return spec ? answer(series(engine, catalog, scenario, today, *spec), series_json) : error_json(spec.error());
    }
    case TB_RANGE: {
      const Result<RangeSpec> spec = read_range_spec(document);
      return spec ? answer(find_ranges(engine, catalog, scenario, today, *spec), ranges_json)
                  : error_json(spec.error());
    }
    default:
      return error_json(
          {Code::unsupported, "op", "There is no operation " + std::to_string(op) + ".", "See docs/abi.md."});
  }
}

}  // namespace tokenbill
