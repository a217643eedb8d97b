// SPDX-License-Identifier: Apache-2.0
// Several tasks in one transaction and one round trip. Each is judged on what those before it leave
// behind, and the server compares for each alone whether it is so: what it does not confirm is not
// written, and does not keep the others from being written.
#pragma once

#include "desk/postgres/account_memory.hpp"
#include "desk/postgres/account_turns.hpp"
#include "desk/postgres/attempt_at_task.hpp"

#include <cstdint>
#include <vector>

namespace leeway::postgres {

/// Not synchronised.
class shared_transaction {
 public:
  /// Judges all that can be judged without asking the server. The others are left as they are.
  shared_transaction(std::vector<turn*> all, account_memory& memory, const known_desk& desk);

  /// How many tasks are to be written.
  std::size_t size() const { return written_.size(); }
  std::vector<call> calls() const;
  /// Tells each task what came of it. Returns those that were written, in their order.
  std::vector<turn*> ended(const std::vector<rows>& answers);
  /// The connection was lost when it was perhaps committed.
  void lost();

 private:
  bool judge(turn& one, account_memory& memory, const known_desk& desk);
  std::vector<call> locks() const;

  std::vector<turn*> written_{};
  std::vector<call> writes_{};
  std::int64_t records_{};
};

}  // namespace leeway::postgres
