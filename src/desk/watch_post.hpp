// SPDX-License-Identifier: Apache-2.0
// Whom a store tells of what it does.
#pragma once

#include <leeway/base/clock.hpp>
#include <leeway/desk/store.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace leeway {

/// Thread-safe. Costs next to nothing where nobody watches.
class watch_post {
 public:
  void set(const store_watcher& by) {
    auto made = by ? std::make_shared<const store_watcher>(by) : nullptr;
    const std::lock_guard lock(mutex_);
    by_ = std::move(made);
    is_watched_ = by_ != nullptr;
  }
  bool is_watched() const { return is_watched_.load(std::memory_order_relaxed); }
  void tell(const store_event& what) const {
    if (!is_watched()) return;
    std::shared_ptr<const store_watcher> by;
    {
      const std::lock_guard lock(mutex_);
      by = by_;
    }
    if (by != nullptr) (*by)(what);
  }

 private:
  mutable std::mutex mutex_{};
  std::shared_ptr<const store_watcher> by_{};
  std::atomic<bool> is_watched_{false};
};

/// How long something takes, where somebody watches.
class stopwatch {
 public:
  explicit stopwatch(bool runs) : begun_(runs ? elapsed() : duration{}), runs_(runs) {}
  duration read() const {
    return runs_ ? checked_sub(elapsed(), begun_).value_or(duration{}) : duration{};
  }

 private:
  duration begun_;
  bool runs_;
};

}  // namespace leeway
