#include "background.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace tokenbill::desktop {

void lower_priority() {
#ifdef __linux__
  // Linux counts niceness by thread; elsewhere it would slow down the whole program.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
#endif
}

Background::Background(std::function<void()> wake) : wake_(std::move(wake)), thread_([this] { run(); }) {}

Background::~Background() {
  {
    const std::lock_guard lock(guard_);
    ends_ = true;
  }
  asked_.notify_all();
  thread_.join();
}

void Background::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(guard_);
  wake_ = std::move(wake);
}

void Background::ask(std::string kind, Work work) {
  {
    const std::lock_guard lock(guard_);
    const auto same =
        std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& waiting) { return waiting.first == kind; });
    if (same != waiting_.end())
      same->second = std::move(work);
    else
      waiting_.emplace_back(std::move(kind), std::move(work));
  }
  asked_.notify_all();
}

bool Background::deliver() {
  std::vector<Delivery> found;
  {
    const std::lock_guard lock(guard_);
    found.swap(found_);
  }
  for (const Delivery& one : found) one();
  return !found.empty();
}

void Background::finish() {
  {
    std::unique_lock lock(guard_);
    idle_.wait(lock, [this] { return waiting_.empty() && !at_work_; });
  }
  deliver();
}

void Background::run() {
  lower_priority();
  std::unique_lock lock(guard_);
  while (true) {
    asked_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    if (ends_) return;
    const Work work = std::move(waiting_.front().second);
    waiting_.erase(waiting_.begin());
    at_work_ = true;
    lock.unlock();
    Delivery delivery = work();
    lock.lock();
    found_.push_back(std::move(delivery));
    at_work_ = false;
    if (wake_) wake_();
    if (waiting_.empty()) idle_.notify_all();
  }
}

}  // namespace tokenbill::desktop
