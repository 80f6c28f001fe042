// What the core does in a second, natively: all models of a scenario priced, the price list read, and the reference
// sweep (docs/performance.md) on one core and on all. Writes JSON to the standard output; scripts/bench.mjs sets it
// beside its peers, to which it gives the folded tape.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "embedded_prices.h"
#include "files.h"
#include "sweep_pool.h"
#include "tokenbill/engine.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_value.h"
#include "tokenbill/sweep_io.h"

namespace {

using namespace tokenbill;
using Clock = std::chrono::steady_clock;

/// Median of the seconds that `work` takes, over `runs` runs.
template <class Work>
double median_seconds(int runs, Work work) {
  std::vector<double> seconds;
  for (int i = 0; i < runs; ++i) {
    const auto begin = Clock::now();
    work();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

int fail(const Error& error) {
  std::fprintf(stderr, "%s\n", to_text(error).c_str());
  return 2;
}

void write_numbers(JsonWriter& w, std::string_view key, std::span<const double> numbers) {
  w.key(key).begin_array();
  for (const double number : numbers) w.value(number);
  w.end_array();
}

/// The tape, for programs that compute the same in another language.
void write_tape(JsonWriter& w, const Sweep& sweep) {
  w.key("sizes").begin_array();
  for (const std::size_t size : sweep.sizes) w.value(size);
  w.end_array().key("columns").begin_array();
  for (const Sweep::Column& column : sweep.columns) {
    w.begin_object().member("axis", column.axis);
    write_numbers(w, "values", column.values);
    w.end_object();
  }
  w.end_array().key("nodes").begin_array();
  for (const Node& node : sweep.tape) {
    w.begin_object();
    if (node.op == Op::constant) {
      w.member("constant", node.value);
    } else if (node.op == Op::input) {
      w.member("column", node.input);
    } else {
      w.member("op", op_name(node.op)).key("args").begin_array();
      for (int k = 0; k < arity(node.op); ++k) w.value(node.args[static_cast<std::size_t>(k)]);
      w.end_array();
    }
    w.end_object();
  }
  w.end_array().key("limits").begin_array();
  for (const Sweep::Limit& limit : sweep.limits)
    w.begin_object().member("node", limit.node).member("most", limit.most).end_object();
  w.end_array().member("result", sweep.outputs.front().node);
  // Buckets of the histogram: the bits of the number above bit 45.
  const std::uint32_t first = Histogram::bucket(sweep.outputs.front().low);
  w.member("first_bucket", first);
  w.member("buckets", Histogram::bucket(sweep.outputs.front().high) - first + 1);
}

void write_result(JsonWriter& w, std::string_view name, const SweepResult& result, double seconds) {
  std::vector<double> counts;
  std::uint64_t digest = 0;
  for (const std::uint64_t count : result.total.all.histogram.counts()) digest = digest * 31 + count;
  w.key(name).begin_object();
  w.member("seconds", seconds).member("cells", result.of).member("minimum", result.total.all.minimum->value);
  w.member("cell", result.total.all.minimum->cell).member("histogram", static_cast<double>(digest % 9007199254740992U));
  w.end_object();
}

}  // namespace

/// Arguments: the scenario of the reference sweep, then its axes as `tokenbill sweep` takes them.
int main(int count, char** arguments) {
  const Result<Catalog> catalog = parse_catalog(embedded_prices());
  if (!catalog) return fail(catalog.error());
  const Result<Engine> engine = Engine::create();
  if (!engine) return fail(engine.error());
  if (count < 3) {
    std::fprintf(stderr, "Usage: tokenbill-bench SCENARIO.json id=from:to:steps…; ./run bench calls it.\n");
    return 2;
  }
  const Result<std::string> text = read_file(arguments[1]);
  if (!text) return fail(text.error());
  const Result<Scenario> scenario = parse_scenario(*text, arguments[1]);
  if (!scenario) return fail(scenario.error());
  SweepSpec spec;
  for (int i = 2; i < count; ++i) {
    Result<SweepAxis> axis = parse_axis(arguments[i]);
    if (!axis) return fail(axis.error());
    spec.axes.push_back(std::move(axis).value());
  }

  const double compare = median_seconds(51, [&] { (void)engine->compare(*catalog, *scenario, catalog->as_of); });
  const double load = median_seconds(11, [&] { (void)parse_catalog(embedded_prices()); });

  const Result<MonthShape> shape = sweep_shape(*catalog, *scenario, spec);
  if (!shape) return fail(shape.error());
  const auto compile = [&] { return compile_sweep(engine->plan(*shape), *catalog, *scenario, catalog->as_of, spec); };
  const Result<Sweep> sweep = compile();
  if (!sweep) return fail(sweep.error());
  const double compiling = median_seconds(11, [&] { (void)compile(); });
  const SweepProgram program(*sweep, {10, false});
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  SweepResult one, all;
  const double one_seconds = median_seconds(5, [&] { one = run_on_all_cores(program, {.threads = 1}); });
  const double all_seconds = median_seconds(5, [&] { all = run_on_all_cores(program); });

  JsonWriter w;
  w.begin_object().member("models", catalog->models.size()).member("compare_all_models_seconds", compare);
  w.member("load_prices_seconds", load).member("compile_sweep_seconds", compiling).member("cores", cores);
  write_result(w, "native-1", one, one_seconds);
  write_result(w, "native-all", all, all_seconds);
  w.key("tape").begin_object();
  write_tape(w, *sweep);
  w.end_object().end_object();
  std::printf("%s\n", w.take().c_str());
  return 0;
}
