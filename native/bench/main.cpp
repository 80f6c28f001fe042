// What the core does in a second, natively on one core. Prints a table and writes build/bench.json
// (docs/performance.md).

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "embedded_prices.h"
#include "files.h"
#include "tokenbill/engine.h"
#include "tokenbill/json_io.h"
#include "tokenbill/json_value.h"
#include "tokenbill/sweep_run.h"

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

}  // namespace

int main() {
  const Result<Catalog> catalog = parse_catalog(embedded_prices());
  if (!catalog) return fail(catalog.error());
  const Result<Engine> engine = Engine::create();
  if (!engine) return fail(engine.error());
  Scenario scenario;

  const double compare = median_seconds(51, [&] { (void)engine->compare(*catalog, scenario, catalog->as_of); });
  const double load = median_seconds(11, [&] { (void)parse_catalog(embedded_prices()); });

  // 2^20 cells over prompt and answer.
  SweepSpec spec;
  spec.axes = {{"prompt_tokens", 100, 100000, 1024, Scale::log}, {"output_tokens", 10, 10000, 1024, Scale::log}};
  Result<Sweep> sweep = compile_sweep(engine->plan(), *catalog, scenario, catalog->as_of, spec);
  if (!sweep) return fail(sweep.error());
  const std::uint64_t cells = sweep->cells();
  const double seconds = median_seconds(7, [&] {
    SweepJob job(*sweep);
    while (job.step(cells)) {
    }
  });
  const double rate = static_cast<double>(cells) / seconds;

  std::printf("all %zu models of a scenario priced in  %8.3f ms\n", catalog->models.size(), compare * 1e3);
  std::printf("price list read and checked in          %8.3f ms\n", load * 1e3);
  std::printf("sweep, native-1, %llu cells          %8.1f million cells a second (tape of %zu nodes)\n",
              static_cast<unsigned long long>(cells), rate / 1e6, sweep->tape.size());

  JsonWriter w;
  w.begin_object().member("machine", "this machine, one core").member("cells", static_cast<double>(cells));
  w.key("results").begin_array();
  w.begin_object().member("backend", "native-1").member("cells_per_second", rate);
  w.member("note", "two axes: prompt and answer, all cells kept").end_object();
  w.end_array().member("compare_all_models_seconds", compare).member("load_prices_seconds", load).end_object();
  if (auto error = write_file("build/bench.json", w.take() + "\n")) return fail(*error);
  return 0;
}
