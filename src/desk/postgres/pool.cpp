// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/pool.hpp"

namespace leeway::postgres {

attempt<pool::loan> pool::take(deadline until) {
  {
    std::unique_lock lock(mutex_);
    const auto something = [&] { return !idle_.empty() || open_ < options_.size; };
    if (!returned_.wait_until(lock, until, something)) {
      return fail(sql_error{.what = trouble::late, .message = "every connection is in use"});
    }
    // The last one used is the likeliest to work, and the others may close.
    while (!idle_.empty()) {
      connection last = std::move(idle_.back());
      idle_.pop_back();
      if (last.is_usable()) return loan(*this, std::move(last));
      --open_;
    }
    ++open_;
  }
  try {
    auto made = connect(until);
    if (made) return loan(*this, *std::move(made));
    close_one();
    return fail(std::move(made).error());
  } catch (...) {
    close_one();
    throw;
  }
}

/// Room for another one.
void pool::close_one() {
  {
    const std::lock_guard lock(mutex_);
    --open_;
  }
  returned_.notify_one();
}

attempt<connection> pool::connect(deadline until) const {
  auto made = connection::open(options_.url, until);
  if (made && options_.opened) options_.opened();
  if (!made) return made;
  if (!options_.settings.empty()) {
    auto set = made->run_script(options_.settings, until);
    if (!set) return fail(std::move(set).error());
  }
  if (options_.admit) {
    auto admitted = options_.admit(*made, until);
    if (!admitted) return fail(std::move(admitted).error());
  }
  return made;
}

void pool::give_back(connection used) {
  // Closing takes a round trip of its own at most, and nobody waits for it under the lock.
  const bool keep = used.is_usable();
  {
    const std::lock_guard lock(mutex_);
    if (keep) {
      idle_.push_back(std::move(used));
    } else {
      --open_;
    }
  }
  returned_.notify_one();
}

std::size_t pool::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

}  // namespace leeway::postgres
