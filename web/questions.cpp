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

/// A sweep request, compiled.
struct PreparedSweep {
  Sweep sweep;
  SweepAsk ask;
};
Result<PreparedSweep> prepare_sweep(const Engine& engine, const Catalog& catalog, const Scenario& scenario,
                                    Moment today, const JsonValue& document) {
  const Result<SweepSpec> spec = read_sweep_spec(document);
  if (!spec) return spec.error();
  const Result<MonthShape> shape = sweep_shape(catalog, scenario, *spec);
  if (!shape) return shape.error();
  Result<Sweep> sweep = compile_sweep(engine.plan(*shape), catalog, scenario, today, *spec);
  if (!sweep) return sweep.error();
  const Result<SweepAsk> ask = read_sweep_ask(document, *sweep);
  if (!ask) return ask.error();
  return PreparedSweep{std::move(sweep).value(), *ask};
}

class SweepingJob final : public Job {
 public:
  explicit SweepingJob(PreparedSweep prepared) : job_(std::move(prepared.sweep), prepared.ask) {}
  bool step(double cells) override { return job_.step(count(cells)); }
  double progress() const override { return job_.progress(); }
  void cancel() override { job_.cancel(); }
  std::string response() const override { return sweep_bytes(job_.sweep(), job_.result()); }
  double items() const override { return static_cast<double>(job_.program().items()); }
  void run(double first, double end) override { job_.run_items(count(first), count(end)); }
  std::string part() override { return part_bytes(job_); }
  std::string so_far() const override { return sweep_bytes(job_.sweep(), job_.so_far()); }
  bool merge(std::string_view part) override { return !merge_part(job_, part); }

 private:
  /// Out of range, a double has no defined count.
  static std::uint64_t count(double number) {
    constexpr auto most = static_cast<double>(max_sweep_cells);
    return static_cast<std::uint64_t>(number >= 0 ? (number < most ? number : most) : 0);
  }
  SweepJob job_;
};
}  // namespace

Result<std::unique_ptr<Job>> start_job(std::uint32_t op, const Engine& engine, const Catalog& catalog,
                                       const Scenario& scenario, Moment today, const JsonValue& document) {
  if (op != TB_SWEEP) return Error{Code::unsupported, "op", "Only a sweep runs as a job here.", "Use tb_call."};
  Result<PreparedSweep> prepared = prepare_sweep(engine, catalog, scenario, today, document);
  if (!prepared) return prepared.error();
  return std::unique_ptr<Job>(std::make_unique<SweepingJob>(std::move(prepared).value()));
}

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
    case TB_SWEEP: {
      Result<PreparedSweep> prepared = prepare_sweep(engine, catalog, scenario, today, document);
      if (!prepared) return error_json(prepared.error());
      SweepingJob job(std::move(prepared).value());
      while (job.step(static_cast<double>(max_sweep_cells))) {
      }
      return job.response();
    }
    case TB_SWEEP_SHADER: {
      const Result<PreparedSweep> prepared = prepare_sweep(engine, catalog, scenario, today, document);
      if (!prepared) return error_json(prepared.error());
      const Result<std::string> shader = sweep_shader_json(prepared->sweep, text("skeleton"));
      return shader ? *shader : error_json(shader.error());
    }
    case TB_SWEEP_FINISH: {
      const Result<PreparedSweep> prepared = prepare_sweep(engine, catalog, scenario, today, document);
      if (!prepared) return error_json(prepared.error());
      const Result<Screened> kept = read_screened(document, prepared->sweep);
      if (!kept) return error_json(kept.error());
      return finished_json(prepared->sweep, finish_screened(prepared->sweep, prepared->ask, *kept));
    }
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
