// SPDX-License-Identifier: Apache-2.0
// What the desks of the benchmarks decide, and helpers around them.
#ifndef LEEWAY_BENCH_DESK_WORKLOAD_HPP
#define LEEWAY_BENCH_DESK_WORKLOAD_HPP

#include <leeway/desk/desk.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace leeway_bench {

/// Whose budgets a request charges. Each decision charges four: a customer's amount and number over
/// 90 days, an agent's day, a team's month. None of them is ever used up.
struct charged {
  std::string customer{};
  std::string agent{};
  std::string team{};
};
/// Of one caller, and of nobody else.
charged of_caller(std::size_t caller);
/// As before, but that the team is everybody's.
charged in_one_team(std::size_t caller);

/// A desk with the policy published. Throws std::runtime_error, as all here do when something is
/// not as it should be.
std::unique_ptr<leeway::desk> open_desk(std::shared_ptr<leeway::store> books);

/// A proposal that is approved.
leeway::request proposal(const std::string& id, const charged& whose);

/// Has it approved, durably.
void approve(leeway::desk& d, const std::string& id, const charged& whose);

/// An id nobody had yet in this process.
std::string new_id();

/// What a store was opened as; throws where it was not.
std::shared_ptr<leeway::store> opened(leeway::result<std::shared_ptr<leeway::store>> store);

/// A folder of its own on a disk, gone with this.
class disk_folder {
 public:
  disk_folder();
  ~disk_folder();
  disk_folder(const disk_folder&) = delete;
  disk_folder& operator=(const disk_folder&) = delete;

  std::string file(const char* name) const { return (path_ / name).string(); }
  /// Why nothing durable can be measured where temporary files are; empty: it can.
  static std::string unfit();

 private:
  std::filesystem::path path_{};
};

}  // namespace leeway_bench

#endif
