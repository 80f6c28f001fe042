#pragma once
// Runs a sweep on all cores: one worker a thread, which take items from a common counter. The bits do not depend on the
// number of threads.

#include <atomic>
#include <cstdint>
#include <functional>

#include "tokenbill/sweep_run.h"

namespace tokenbill {

struct PoolOptions {
  unsigned threads = 0;  ///< 0 = as many as there are cores
  /// Called from one thread, about ten times a second. @param done cells so far
  std::function<void(std::uint64_t done)> progress = {};
  /// Set it from any thread: the items at hand are finished, no more are begun.
  const std::atomic<bool>* cancelled = nullptr;
};

/// Blocks until all is done, or until it was cancelled.
[[nodiscard]] SweepResult run_on_all_cores(const SweepProgram& program, const PoolOptions& options = {});

}  // namespace tokenbill
