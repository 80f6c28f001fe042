#include "questions.h"

#include <string_view>

#include "cost_api.h"
#include "tokenbill/forecast.h"
#include "tokenbill/json_results.h"
#include "tokenbill/levers.h"
#include "tokenbill/series.h"
#include "tokenbill/sweep_io.h"

namespace tokenbill {

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
  switch (op) {
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
    default:
      return error_json(
          {Code::unsupported, "op", "There is no operation " + std::to_string(op) + ".", "See docs/abi.md."});
  }
}

}  // namespace tokenbill
