// SPDX-License-Identifier: Apache-2.0
// People who do at random whatever can be done at a desk, under random policies.
#ifndef LEEWAY_TESTS_DESK_FAULTS_ACTORS_HPP
#define LEEWAY_TESTS_DESK_FAULTS_ACTORS_HPP

#include "reference/generate_policies.hpp"

#include <leeway/desk/desk.hpp>

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace leeway::desk_test {

using reference::dice;

/// A random policy that approves now and then, under this version.
policy random_policy_of(dice& d, int version, instant now);

/// What they were told, and what they know of each other's doings. Thread-safe.
class actors {
 public:
  /// `name` begins the ids of requests.
  explicit actors(std::string name) : name_(std::move(name)) {}

  /// Does one thing: proposes (new, again, several as one), settles, voids, resolves, ratifies,
  /// lets expire. What is refused is refused.
  void act(desk& at, dice& d);

  /// The answers to proposals, by request.
  std::map<std::string, std::string> answers() const;
  /// Answers to one request that were not the same.
  std::vector<std::string> contradictions() const;
  std::size_t approved() const;

 private:
  void propose(desk& at, dice& d);
  void propose_together(desk& at, dice& d);
  void resolve(desk& at, dice& d);
  void told(const request& r, const answer& a);
  request next(dice& d);
  decision_id any(dice& d) const;

  const std::string name_;
  mutable std::mutex mutex_{};
  std::vector<request> proposed_{};
  std::vector<decision_id> decisions_{};
  std::map<std::string, std::string> answers_{};
  std::vector<std::string> contradictions_{};
  std::size_t approved_{};
};

}  // namespace leeway::desk_test

#endif
