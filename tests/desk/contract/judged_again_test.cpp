// SPDX-License-Identifier: Apache-2.0
// A store may judge a task on what it remembers, find that something has changed, and judge it
// again without asking: only the last judgement counts.
#include "desk/contract/support.hpp"

#include <leeway/desk/memory_store.hpp>

#include <functional>
#include <utility>

namespace leeway::desk_test {
namespace {

/// Takes a query once, and has what is judged of it written or thrown away.
class kept_query final : public store_task {
 public:
  explicit kept_query(store_task& task) : task_(task) { task_.ask(query_); }
  void throw_away(bool it) { throw_away_ = it; }

  void ask(store_query& into) override {
    if (again_) task_.ask(query_);
    again_ = false;
    into = query_;
  }
  verdict judge(const store_view& view, store_change& change) override {
    store_change wanted;
    const verdict v = task_.judge(view, throw_away_ ? wanted : change);
    again_ = v == verdict::read_again;
    return throw_away_ && !again_ ? verdict::done : v;
  }

 private:
  store_task& task_;
  store_query query_{};
  bool again_{};
  bool throw_away_{};
};

/// In memory; where `between` is set the next task is judged, then that happens, then it is judged
/// again.
class hasty_store final : public store {
 public:
  result<void> run(store_task& task) override {
    if (!between) return real_->run(task);
    const auto meanwhile = std::exchange(between, nullptr);
    kept_query twice(task);
    twice.throw_away(true);
    static_cast<void>(real_->run(twice));
    meanwhile();
    twice.throw_away(false);
    return real_->run(twice);
  }
  std::function<void()> between{};

  result<std::optional<stored_decision>> find(const decision_id& id) override {
    return real_->find(id);
  }
  result<std::optional<stored_decision>> find(const request_key& key) override {
    return real_->find(key);
  }
  result<std::vector<stored_decision>> queue(const std::optional<decision_place>& after,
                                             std::size_t most) override {
    return real_->queue(after, most);
  }
  result<std::vector<stored_decision>> due(instant until, std::size_t most) override {
    return real_->due(until, most);
  }
  result<std::vector<stored_record>> records(const std::string& subject) override {
    return real_->records(subject);
  }
  result<std::vector<stored_record>> records_after(std::int64_t position,
                                                   std::size_t most) override {
    return real_->records_after(position, most);
  }
  result<std::vector<stored_policy>> policies() override { return real_->policies(); }
  result<balance> read(const account_query& account) override { return real_->read(account); }
  result<std::vector<std::string>> check() override { return real_->check(); }
  result<void> backup(const std::string& path) override { return real_->backup(path); }
  store_figures figures() const override { return real_->figures(); }

 private:
  std::shared_ptr<store> real_ = make_memory_store();
};

class JudgedAgain : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = desk::open(books_, {.clock = clock_.clocks()});
    ASSERT_TRUE(made);
    desk_ = *std::move(made);
    ASSERT_TRUE(desk_->publish(sample()));
  }
  hand_clock clock_{"2026-03-10T12:00:00Z"};
  std::shared_ptr<hasty_store> books_ = std::make_shared<hasty_store>();
  std::unique_ptr<desk> desk_{};
};

TEST_F(JudgedAgain, ForgetsWhatWasWrongBefore) {
  const auto first = desk_->decide(proposal("r1", 50));
  ASSERT_TRUE(first);
  request second = proposal("r2", 40);
  second.supersedes = "r1";
  books_->between = [&] { ASSERT_TRUE(desk_->void_decision(first->id)); };
  const auto a = desk_->decide(second);
  ASSERT_TRUE(a) << render(a.error());
  EXPECT_EQ(a->state, decision_state::approved);
  EXPECT_EQ(used(*desk_, "B1", "customer.id", "c-1"), 40'00);
}

TEST_F(JudgedAgain, FindsWhatIsWrongNow) {
  const auto first = desk_->decide(proposal("r1", 50));
  ASSERT_TRUE(first);
  books_->between = [&] { ASSERT_TRUE(desk_->settle(first->id, {.amount = usd(30)})); };
  EXPECT_EQ(code_of(desk_->settle(first->id, {.amount = usd(20)})), "is_settled");
  EXPECT_EQ(used(*desk_, "B1", "customer.id", "c-1"), 30'00);
  EXPECT_EQ(desk_->history(first->id)->size(), 2U);
}

TEST_F(JudgedAgain, ReadsPoliciesThatWerePublishedMeanwhile) {
  books_->between = [&] { ASSERT_TRUE(desk_->suspend("p", "", "stop")); };
  const auto a = desk_->decide(proposal("r1", 50));
  ASSERT_TRUE(a) << render(a.error());
  EXPECT_EQ(a->decision.outcome, outcome::deny);
}

}  // namespace
}  // namespace leeway::desk_test
