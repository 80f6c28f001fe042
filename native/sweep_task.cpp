#include "sweep_task.h"

#include <chrono>
#include <utility>

#include "sweep_pool.h"

namespace tokenbill::desktop {

namespace {
double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
}  // namespace

SweepTask::~SweepTask() { stop(); }

void SweepTask::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(guard_);
  wake_ = std::move(wake);
}

void SweepTask::wake() {
  const std::lock_guard lock(guard_);
  if (wake_) wake_();
}

// Items are short: a cancelled sweep ends within a few milliseconds.
void SweepTask::stop() {
  cancelled_ = true;
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(guard_);
  next_.reset();
}

void SweepTask::start(std::shared_ptr<const Subject> subject, SweepSpec spec, bool keep_cells) {
  stop();
  cancelled_ = false;
  running_ = true;
  done_ = of_ = 0;
  begun_ = now();
  thread_ = std::thread([this, subject = std::move(subject), spec = std::move(spec), keep_cells]() mutable {
    lower_priority();
    Result<SweepFound> found = run(std::move(subject), std::move(spec), keep_cells);
    {
      const std::lock_guard lock(guard_);
      next_ = std::move(found);
    }
    running_ = false;
    wake();
  });
}

Result<SweepFound> SweepTask::run(std::shared_ptr<const Subject> subject, SweepSpec spec, bool keep_cells) {
  const double begun = now();
  const Result<Engine> engine = Engine::create();
  if (!engine) return engine.error();
  const Result<MonthShape> shape = sweep_shape(*subject->catalog, subject->scenario, spec);
  if (!shape) return shape.error();
  Result<Sweep> compiled =
      compile_sweep(engine->plan(*shape), *subject->catalog, subject->scenario, subject->today, spec);
  if (!compiled) return compiled.error();
  of_ = compiled->cells();
  SweepAsk ask;
  ask.cells = keep_cells;
  auto program = std::make_shared<const SweepProgram>(std::move(compiled).value(), ask);
  PoolOptions options;
  options.cancelled = &cancelled_;
  options.progress = [this](std::uint64_t done) {
    done_ = done;
    wake();
  };
  SweepResult result = run_on_all_cores(*program, options);
  return SweepFound{std::move(subject), std::move(spec), std::move(program), std::move(result), now() - begun};
}

SweepProgress SweepTask::progress() const { return {done_, of_, now() - begun_}; }

bool SweepTask::deliver() {
  const std::lock_guard lock(guard_);
  if (!next_) return false;
  found_ = std::move(next_);
  next_.reset();
  ++results_;
  return true;
}

void SweepTask::finish() {
  if (thread_.joinable()) thread_.join();
  deliver();
}

}  // namespace tokenbill::desktop
