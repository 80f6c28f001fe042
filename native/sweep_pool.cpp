#include "sweep_pool.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace tokenbill {

SweepResult run_on_all_cores(const SweepProgram& program, const PoolOptions& options) {
  SweepResult result;
  result.of = program.sweep().cells();
  if (program.ask().cells) result.cells.assign(static_cast<std::size_t>(result.of), unknown_number);
  const std::span<double> cells(result.cells);
  const unsigned wanted = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  const auto threads = static_cast<unsigned>(std::min<std::uint64_t>(wanted, program.items()));

  std::atomic<std::uint64_t> next{0}, done{0};
  std::vector<SweepTotal> totals(threads);
  const auto work = [&](unsigned index, bool tells) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point told = Clock::now();
    SweepWorker worker(program);
    for (;;) {
      if (options.cancelled != nullptr && options.cancelled->load(std::memory_order_relaxed)) break;
      const std::uint64_t item = next.fetch_add(1);
      if (item >= program.items()) break;
      worker.run(item, {&cells, 1});
      const std::uint64_t now = done += program.cells_of(item);
      if (tells && Clock::now() - told >= std::chrono::milliseconds(100)) {
        told = Clock::now();
        options.progress(now);
      }
    }
    totals[index] = worker.total();
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work, i, false);
  work(0, static_cast<bool>(options.progress));
  for (std::thread& thread : others) thread.join();

  result.total = program.nothing();
  for (const SweepTotal& total : totals) result.total.merge(total, program.ask());
  program.finish(result.total);
  result.partial = result.total.done < result.of;
  return result;
}

}  // namespace tokenbill
