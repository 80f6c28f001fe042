#pragma once
// Work that takes longer than a frame: one thread that answers what panels ask, so that no frame waits for it.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tokenbill::desktop {

/// Hands over what was found, on the thread that asked.
using Delivery = std::function<void()>;
using Work = std::function<Delivery()>;

/// The thread runs below the priority of the one that draws. Everything but the work itself happens on the thread that
/// made the object.
class Background {
 public:
  /// @param wake  called from the other thread when something was found; may be empty
  explicit Background(std::function<void()> wake = {});
  /// Waits for what is at work; what has not begun is dropped.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void set_wake(std::function<void()> wake);
  /// Takes the place of work of the same kind that has not begun.
  void ask(std::string kind, Work work);
  /// Hands over all that was found since the last call. False where there was nothing.
  bool deliver();
  /// Blocks until all work is done, and delivers.
  void finish();

 private:
  void run();

  std::mutex guard_;
  std::condition_variable asked_, idle_;
  std::function<void()> wake_;
  std::vector<std::pair<std::string, Work>> waiting_;
  std::vector<Delivery> found_;
  bool at_work_ = false;
  bool ends_ = false;
  std::thread thread_;
};

/// Lets the thread that calls it give way to the one that draws.
void lower_priority();

}  // namespace tokenbill::desktop
