// SPDX-License-Identifier: Apache-2.0
// Recomputes from the records alone what was ever held, and finds what must not be. It shares
// nothing with the desk: it reads the lines as JSON and adds up.
#ifndef LEEWAY_TESTS_DESK_FAULTS_AUDITOR_HPP
#define LEEWAY_TESTS_DESK_FAULTS_AUDITOR_HPP

#include <leeway/base/time.hpp>
#include <leeway/desk/store.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace leeway::desk_test {

/// Of the policy `sample()`: its budget B1, of 100 dollars in 90 days for one customer.
class auditor {
 public:
  /// Reads every record. What is wrong, a line each; empty: nothing.
  std::vector<std::string> audit(store& books);
  /// What a customer has used, in cents, in the window that ends at an instant.
  std::int64_t used(const std::string& customer, instant at) const;
  std::size_t approvals() const { return approvals_; }
  /// The latest instant of a record.
  instant latest() const { return latest_; }

 private:
  struct act {
    std::string customer{};
    instant at{};
    std::int64_t cents{};
  };
  void read(const stored_record& one);
  void wrong(const stored_record& at, const std::string& what);

  std::map<std::string, act> acts_{};              ///< by decision
  std::map<std::string, std::int64_t> numbers_{};  ///< by decision: its last record
  std::map<std::string, std::string> requests_{};  ///< by caller and request: its decision
  std::map<std::string, std::string> customers_{};
  std::vector<std::string> found_{};
  std::size_t approvals_{};
  instant latest_{instant::min()};
  std::int64_t last_position_{};
};

}  // namespace leeway::desk_test

#endif
