// SPDX-License-Identifier: Apache-2.0
#include "bench/desk/recording_store.hpp"

#include <utility>

namespace leeway_bench {

using namespace leeway;

namespace {

/// Passes a task on, and keeps what it came to.
class listening final : public store_task {
 public:
  explicit listening(store_task& real) : real_(real) {}
  void ask(store_query& into) override {
    real_.ask(into);
    last.query = into;
  }
  leeway::verdict judge(const store_view& view, store_change& change) override {
    const auto wanted = real_.judge(view, change);
    written = wanted == verdict::write;
    last.change = change;
    return wanted;
  }

  recorded_task last{};
  bool written{};

 private:
  store_task& real_;
};

}  // namespace

result<void> recording_store::run(store_task& task) {
  listening one(task);
  auto ran = real_->run(one);
  if (ran && one.written) written_.push_back(std::move(one.last));
  return ran;
}

}  // namespace leeway_bench
