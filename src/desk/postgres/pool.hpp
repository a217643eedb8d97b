// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/postgres/connection.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace leeway::postgres {

struct pool_options {
  std::string url{};
  /// Most connections open at once. More callers wait their turn.
  std::size_t size{16};
  /// SQL that each new connection begins with: its settings.
  std::string settings{};
  /// Told of each connection that was opened.
  std::function<void()> opened{};
  /// Looks at each new connection before it is lent; what it refuses is closed.
  std::function<attempt<void>(connection&, deadline)> admit{};
};

/// Connections to one database, opened when they are needed and used again. A connection that
/// broke, or whose server went away, is replaced: after a restart of the server callers go on by
/// themselves. Thread-safe.
class pool {
 public:
  /// A connection on loan; goes back when this is destroyed. A transaction still open is the
  /// connection's end, which rolls it back.
  class loan {
   public:
    loan(pool& from, connection taken) : from_(&from), connection_(std::move(taken)) {}
    loan(loan&& other) noexcept
        : from_(std::exchange(other.from_, nullptr)), connection_(std::move(other.connection_)) {}
    loan& operator=(loan&&) = delete;
    loan(const loan&) = delete;
    loan& operator=(const loan&) = delete;
    ~loan() {
      if (from_ != nullptr) from_->give_back(std::move(connection_));
    }

    connection& operator*() { return connection_; }
    connection* operator->() { return &connection_; }

   private:
    pool* from_;
    connection connection_;
  };

  explicit pool(pool_options options) : options_(std::move(options)) {
    // Giving back needs no memory.
    idle_.reserve(options_.size);
  }
  ~pool() = default;
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  /// A connection that works as far as is known. `late` when none is free in time.
  attempt<loan> take(deadline until);

  /// How many are open, on loan or not.
  std::size_t open() const;

 private:
  attempt<connection> connect(deadline until) const;
  void close_one();
  void give_back(connection used);

  const pool_options options_;
  mutable std::mutex mutex_{};
  std::condition_variable returned_{};
  std::vector<connection> idle_{};
  std::size_t open_{};
};

}  // namespace leeway::postgres
