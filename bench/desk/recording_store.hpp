// SPDX-License-Identifier: Apache-2.0
// A store that hands everything on, and keeps what tasks asked for and what they changed.
#ifndef LEEWAY_BENCH_DESK_RECORDING_STORE_HPP
#define LEEWAY_BENCH_DESK_RECORDING_STORE_HPP

#include <leeway/desk/store.hpp>

#include <memory>
#include <vector>

namespace leeway_bench {

/// A task that was written.
struct recorded_task {
  leeway::store_query query{};
  leeway::store_change change{};
};

/// Not synchronised.
class recording_store final : public leeway::store {
 public:
  explicit recording_store(std::shared_ptr<leeway::store> real) : real_(std::move(real)) {}

  const std::vector<recorded_task>& written() const { return written_; }

  leeway::result<void> run(leeway::store_task& task) override;

  leeway::result<std::optional<leeway::stored_decision>> find(
      const leeway::decision_id& id) override {
    return real_->find(id);
  }
  leeway::result<std::optional<leeway::stored_decision>> find(
      const leeway::request_key& key) override {
    return real_->find(key);
  }
  leeway::result<std::vector<leeway::stored_decision>> queue(
      const std::optional<leeway::decision_place>& after, std::size_t most) override {
    return real_->queue(after, most);
  }
  leeway::result<std::vector<leeway::stored_decision>> due(leeway::instant until,
                                                           std::size_t most) override {
    return real_->due(until, most);
  }
  leeway::result<std::vector<leeway::stored_record>> records(const std::string& subject) override {
    return real_->records(subject);
  }
  leeway::result<std::vector<leeway::stored_record>> records_after(std::int64_t position,
                                                                   std::size_t most) override {
    return real_->records_after(position, most);
  }
  leeway::result<std::vector<leeway::stored_policy>> policies() override {
    return real_->policies();
  }
  leeway::result<leeway::balance> read(const leeway::account_query& account) override {
    return real_->read(account);
  }
  leeway::result<std::vector<std::string>> check() override { return real_->check(); }
  leeway::result<void> backup(const std::string& path) override { return real_->backup(path); }
  leeway::store_figures figures() const override { return real_->figures(); }

 private:
  std::shared_ptr<leeway::store> real_;
  std::vector<recorded_task> written_{};
};

}  // namespace leeway_bench

#endif
