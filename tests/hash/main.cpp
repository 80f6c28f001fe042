// Prints one line: the FNV-1a hash over the bits of every node of the month plan, in 10,000 random scenarios of made-up
// catalogs, and of sweeps with draws over all their models. The line must be the same from every compiler, at every
// optimisation, and as WebAssembly.

#include <cstdint>
#include <cstdio>

#include "support/bits.h"
#include "support/random.h"
#include "tokenbill/bind.h"
#include "tokenbill/engine.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/plans.h"
#include "tokenbill/sweep_run.h"

using namespace tokenbill;

namespace {
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325u;
  void add(std::uint64_t bits) {
    for (int i = 0; i < 8; ++i) {
      value ^= bits & 0xff;
      value *= 0x100000001b3u;
      bits >>= 8;
    }
  }
};

/// A sweep of every model over an axis and draws: its cells and what is kept of them.
bool add_sweep(Hash& hash, const Engine& engine, const Catalog& catalog, const Scenario& scenario) {
  SweepSpec spec;
  spec.axes = {{"conversations_per_day", 1, 1e5, 5, Scale::log}};
  spec.models = {"all"};
  spec.samples = 24;
  const Result<MonthShape> shape = sweep_shape(catalog, scenario, spec);
  if (!shape) return false;
  Result<Sweep> sweep = compile_sweep(engine.plan(*shape), catalog, scenario, random_today, spec);
  if (!sweep) return false;
  SweepJob job(std::move(sweep).value());
  while (job.step(1000)) {
  }
  for (const double cell : job.result().cells) hash.add(bits_of(cell));
  const Distribution& all = job.result().total.all;
  hash.add(bits_of(all.mean));
  hash.add(bits_of(all.variance));
  for (const std::uint64_t count : all.histogram.counts()) hash.add(count);
  for (const std::uint64_t wins : job.result().total.wins) hash.add(wins);
  return true;
}
}  // namespace

int main() {
  const Result<Engine> engine = Engine::create();
  if (!engine) {
    std::fputs("the month plan does not build\n", stderr);
    return 1;
  }
  Hash hash;
  Random random(20261122);
  Binding binding;
  Evaluation evaluation;
  int swept = 0;
  for (int i = 0; i < 1000; ++i) {
    const Catalog catalog = random_catalog(random);
    if (i % 5 == 0 && add_sweep(hash, *engine, catalog, random_scenario(random, catalog))) ++swept;
    for (int j = 0; j < 10; ++j) {
      const Scenario scenario = random_scenario(random, catalog);
      const Result<const Model*> chosen = catalog.find_model(scenario.model);
      if (!chosen) return 1;
      const Model& model = catalog.models[random.below(static_cast<std::uint32_t>(catalog.models.size()))];
      Result<MonthShape> shape = shape_of(catalog, scenario, &model);
      if (!shape) return 1;
      const Plan& plan = engine->plan(*shape);
      const Binder binder(plan, catalog, scenario, random_today);
      binder.bind_into(model, **chosen, false, binding);
      hash.add(static_cast<std::uint64_t>(binding.status));
      if (binding.row == nullptr) continue;
      if (evaluate_into(plan, binding.inputs, evaluation)) return 1;
      for (const Known& known : evaluation.values) {
        hash.add(bits_of(known.value));
        hash.add(known.known ? 1 : 0);
      }
    }
  }
  if (swept < 50) {
    std::fprintf(stderr, "only %d sweeps could be compiled\n", swept);
    return 1;
  }
  std::printf("%08lx%08lx\n", static_cast<unsigned long>(hash.value >> 32),
              static_cast<unsigned long>(hash.value & 0xffffffffu));
  return 0;
}
