// SPDX-License-Identifier: Apache-2.0
// Recomputes, from the records and the published policies alone, what was ever held, and finds what
// must not be. It shares nothing with the desk: it reads the lines as JSON, counts with the
// reference evaluator of tests/reference, and adds up.
#ifndef LEEWAY_TESTS_DESK_FAULTS_AUDITOR_HPP
#define LEEWAY_TESTS_DESK_FAULTS_AUDITOR_HPP

#include "reference/counters.hpp"

#include <leeway/base/time.hpp>
#include <leeway/desk/desk.hpp>
#include <leeway/desk/store.hpp>
#include <leeway/engine/json.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leeway::desk_test {

/// Of every record it checks: its number; that its event is one that the state before allows; that
/// time does not run backwards; that a request has one decision and of those that supersede each
/// other one holds budget. Of every record that decides: that the usage of every budget, measure,
/// grant with a total and fund is what the records before it come to at that instant; that deciding
/// again with that usage gives the same core, and the reference evaluator the same outcome; and
/// that what was approved leaves every hard budget within its limit.
///
/// Requests with a history or usage of their own are beyond it: records do not hold those.
class auditor {
 public:
  /// `one_clock`: all was decided by one process at a time, so no record is of an earlier instant
  /// than one before it. (Of several, that holds for those that have an account in common.)
  explicit auditor(bool one_clock = true);
  ~auditor();
  auditor(const auditor&) = delete;
  auditor& operator=(const auditor&) = delete;

  /// Reads everything. What is wrong, a line each; empty: nothing.
  std::vector<std::string> audit(store& books);
  /// Holds what a desk says of every budget, grant, measure and fund, for each key under which
  /// anything was ever counted, against the records; `at` is the instant the desk gives out next.
  std::vector<std::string> compare(const desk& d, instant at) const;
  /// What the records come to for a key, in minor units.
  std::int64_t used(const policy_id& of, const rule_id& id, const usage_keys& keys,
                    instant at) const;

  std::size_t approvals() const { return approvals_; }
  std::size_t records() const { return records_; }
  /// The decision of a request, and its state; empty where there is none.
  std::string decision_of(const std::string& caller, const std::string& request) const;
  std::string state_of(const std::string& decision) const;
  /// The latest instant of a record.
  instant latest() const { return latest_; }

 private:
  struct version;  ///< of a policy
  struct event;
  /// What was approved: as its agent's own, then as each approver's.
  struct act {
    std::vector<history_entry> views{};
    bool holds{true};  ///< false: voided or expired
  };

  void read(const stored_record& one);
  void read_policy(const nlohmann::json& desk);
  void step(const event& e);
  void decide(const event& e);
  void take_effect(const event& e, const recorded_decision& recorded);
  void hold_together(const event& e, const request& asked);
  void limits_hold(const event& e, const version& under, const request& asked, const usage& before);
  void check_usage(const version& under, const request& asked, const usage& told, usage& counted);

  /// `with_keyless`: also, of limits, what lacks a part of the key.
  reference::used count(const version& under, const reference::counter_of& c, const request& key,
                        instant at, bool with_keyless = true) const;
  std::vector<history_entry> entries_for(const reference::counter_of& c) const;
  bool has_unplaced(const version& under, const reference::counter_of& c, instant at) const;
  std::map<std::string, std::string, std::less<>> keys_of(const version& under,
                                                          const request& asked) const;
  void wrong(const std::string& what);

  std::vector<std::unique_ptr<version>> versions_{};  ///< in the order of publication
  std::map<digest, std::string> documents_{};
  std::map<std::string, act> acts_{};              ///< by decision: approved ones
  std::map<std::string, std::int64_t> numbers_{};  ///< by subject: its last record
  std::map<std::string, std::string> states_{};    ///< by decision
  std::map<std::string, std::string> requests_{};  ///< by caller and request: its decision
  std::map<std::string, std::string> chains_{};    ///< by caller and request: one it supersedes
  std::map<std::string, std::vector<agent>> approvers_{};  ///< by decision
  std::vector<std::string> found_{};
  std::string place_{};  ///< of the record that is read
  const bool one_clock_;
  std::size_t approvals_{};
  std::size_t records_{};
  instant latest_{instant::min()};
  std::int64_t position_{};
};

}  // namespace leeway::desk_test

#endif
