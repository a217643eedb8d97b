// SPDX-License-Identifier: Apache-2.0
// Tasks of one process that change the same accounts take turns here rather than at the server,
// where each would hold a connection and find out that its guess was wrong. Those that wait for the
// same turn go together.
//
// Nothing is right or wrong because of it: the server alone keeps tasks apart.
#pragma once

#include "desk/postgres/deadline.hpp"

#include <leeway/base/digest.hpp>

#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace leeway::postgres {

class attempt_at_task;

/// One task that waits for its turn. It stays where it is until its turn is over.
struct turn {
  explicit turn(attempt_at_task& of) : task(&of) {}

  attempt_at_task* task;
  std::vector<digest> accounts{};  ///< that it may change
  bool alone{};                    ///< it goes with nobody
  /// What came of it, when another led: whether that is known.
  enum class fate : std::uint8_t { not_done, done, unsure };
  fate ended{fate::not_done};

  // What follows is for `account_turns` alone.
  enum class place : std::uint8_t { waits, follows, leads, over };
  place at{place::waits};
  std::set<digest> taken{};  ///< by all that it leads
  std::vector<turn*> followers{};
  std::condition_variable moved{};
};

/// Thread-safe.
class account_turns {
 public:
  enum class role : std::uint8_t {
    leads,  ///< it is its turn, and that of its followers; `leave` ends it
    led,    ///< another had it, and says what came of it
    late,   ///< the deadline passed
  };

  role wait(turn& mine, deadline until);
  /// Of one that leads.
  const std::vector<turn*>& followers(const turn& mine) const { return mine.followers; }
  /// The end of its turn, and of its followers'.
  void leave(turn& mine) noexcept;

 private:
  static constexpr std::size_t most_followers = 63;

  using waiting_place = std::list<turn*>::iterator;
  /// Turns that are to be taken together.
  struct group {
    std::optional<waiting_place> leader{};
    std::vector<waiting_place> followers{};
    std::set<digest> taken{};
    // Memory for what `begin` leaves behind.
    std::set<digest> copy{};
    std::vector<turn*> all{};
  };

  void call_next();
  group* group_for(const turn& one, std::vector<group>& called) const;
  void begin(group& of) noexcept;

  std::mutex mutex_{};
  std::list<turn*> waiting_{};  ///< who came first is first
  std::set<digest> taken_{};    ///< by those whose turn it is
};

}  // namespace leeway::postgres
