#pragma once
// A sweep on all cores while frames are drawn.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "questions.h"
#include "tokenbill/sweep_run.h"

namespace tokenbill::desktop {

/// What a sweep found, and of what.
struct SweepFound {
  std::shared_ptr<const Subject> subject;
  SweepSpec spec;
  std::shared_ptr<const SweepProgram> program;
  SweepResult result;
  double seconds = 0;

  [[nodiscard]] const Sweep& sweep() const { return program->sweep(); }
};

struct SweepProgress {
  std::uint64_t done = 0, of = 0;  ///< cells; `of` is 0 until the sweep is compiled
  double seconds = 0;
};

/// One sweep at a time, on threads below the priority of the one that draws.
class SweepTask {
 public:
  ~SweepTask();
  SweepTask() = default;
  SweepTask(const SweepTask&) = delete;
  SweepTask& operator=(const SweepTask&) = delete;

  /// @param wake  called from another thread when there is progress or a result; may be empty
  void set_wake(std::function<void()> wake);
  /// Where one is running, it is cancelled, and its part is dropped.
  /// @param keep_cells  whether the values of the cells are wanted; at most max_kept_cells of them
  void start(std::shared_ptr<const Subject> subject, SweepSpec spec, bool keep_cells);
  /// What is done is kept, marked as partial.
  void cancel() { cancelled_ = true; }
  [[nodiscard]] bool is_running() const { return running_; }
  [[nodiscard]] SweepProgress progress() const;
  /// Takes over what was found. False where there was nothing new.
  bool deliver();
  /// Blocks until the sweep is done, and delivers.
  void finish();
  /// The newest result, or why there is none; absent before the first one.
  [[nodiscard]] const std::optional<Result<SweepFound>>& found() const { return found_; }
  /// Grows with each result.
  [[nodiscard]] int results() const { return results_; }

 private:
  void stop();
  Result<SweepFound> run(std::shared_ptr<const Subject> subject, SweepSpec spec, bool keep_cells);
  void wake();

  std::thread thread_;
  std::atomic<bool> cancelled_ = false, running_ = false;
  std::atomic<std::uint64_t> done_ = 0, of_ = 0;
  std::atomic<double> begun_ = 0;
  std::mutex guard_;  ///< of the next two
  std::function<void()> wake_;
  std::optional<Result<SweepFound>> next_;
  std::optional<Result<SweepFound>> found_;
  int results_ = 0;
};

}  // namespace tokenbill::desktop
