// SPDX-License-Identifier: Apache-2.0
#include "bench/instructions.hpp"

#if defined(__linux__)
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace leeway_bench {
namespace {

#if defined(__linux__)

/// A counter of the thread that opens it.
class counter {
 public:
  counter() {
    perf_event_attr what{};
    what.type = PERF_TYPE_HARDWARE;
    what.size = sizeof what;
    what.config = PERF_COUNT_HW_INSTRUCTIONS;
    what.exclude_kernel = 1;
    what.exclude_hv = 1;
    file_ = static_cast<int>(syscall(SYS_perf_event_open, &what, 0, -1, -1, 0));
  }
  counter(const counter&) = delete;
  counter& operator=(const counter&) = delete;
  ~counter() {
    if (file_ >= 0) close(file_);
  }

  [[nodiscard]] std::optional<std::uint64_t> now_at() const {
    std::uint64_t count = 0;
    if (file_ < 0 || read(file_, &count, sizeof count) != sizeof count) return std::nullopt;
    return count;
  }

 private:
  int file_{-1};
};

std::optional<std::uint64_t> count() {
  thread_local const counter of_this_thread;
  return of_this_thread.now_at();
}

#else

std::optional<std::uint64_t> count() { return std::nullopt; }

#endif

}  // namespace

std::optional<std::uint64_t> instructions() { return count(); }

void counted(const std::function<void()>& work) { work(); }

}  // namespace leeway_bench
