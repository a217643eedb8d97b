// SPDX-License-Identifier: Apache-2.0
// A task made of two functions.
#ifndef LEEWAY_TESTS_DESK_CONTRACT_PLAIN_TASK_HPP
#define LEEWAY_TESTS_DESK_CONTRACT_PLAIN_TASK_HPP

#include <leeway/desk/store.hpp>

#include <functional>
#include <utility>

namespace leeway::desk_test {

class plain_task final : public store_task {
 public:
  using asking = std::function<void(store_query&)>;
  using judging = std::function<verdict(const store_view&, store_change&)>;
  plain_task(asking ask, judging judge) : ask_(std::move(ask)), judge_(std::move(judge)) {}
  void ask(store_query& into) override {
    into = {};
    ask_(into);
  }
  verdict judge(const store_view& view, store_change& change) override {
    return judge_(view, change);
  }

 private:
  asking ask_;
  judging judge_;
};

}  // namespace leeway::desk_test

#endif
