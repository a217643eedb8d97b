// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/result.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/model/request.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leeway {

/// Which of `from` is meant by a request, as its position in `from`.
///
/// The request's `policy` and `policy_version` come first: what they do not name is left out. Then,
/// of each policy, the version with the latest `effective.from` that is not after `as_of` (absent:
/// `at`) is meant; its own `until` and a suspension are honoured by deciding under it, so an older
/// version never comes back. Of several policies the one in force is meant. A version that was
/// named, or is all there is, is chosen even when it is not in force: it answers so itself.
///
/// Errors: `policy_unknown` (nothing is what the request names), `policy_ambiguous` (several
/// policies are in force, or two versions begin at the same instant, not counting those that are
/// suspended). The order of `from` does not matter.
result<std::size_t, diagnostics> choose_policy(std::span<const policy> from, const request& r);

/// Several policies, and several versions of one, of which each request is decided under one.
///
/// Thread-safe. A reader works on the set as it was when it asked, whatever is changed meanwhile; a
/// change is one step that later readers see. Readers wait for nobody: a lock is held only while a
/// pointer is copied.
///
/// Example: `set.replace(*load_policy(path)); auto d = set.decide(r);`
class policy_set {
 public:
  policy_set();
  ~policy_set();
  policy_set(const policy_set&) = delete;
  policy_set& operator=(const policy_set&) = delete;

  /// Adds a version. The same version once more is no change, except that it stays switched off
  /// when either was (`policy::suspended`); another content under an id and version that is here
  /// already is the error `version_reused`, and the set stays as it was.
  result<void, diagnostics> add(policy one);
  /// Puts a version in the place of the one with its id and version, or adds it. Returns whether
  /// there was one.
  bool replace(policy one);
  /// Takes a version out. Returns whether it was there.
  bool remove(const policy_id& id, const std::string& version);

  /// Switches a version off at once, or every version of a policy (`version` empty), without
  /// editing its document: from now on it denies with `policy_suspended` and says `why`. No other
  /// version takes its place. It holds for what is added later, too. Returns whether a version that
  /// is here is meant.
  bool suspend(const policy_id& id, const std::string& version, std::string why);
  /// Takes a suspension back, as it was given: of one version, or of every version (`version`
  /// empty; suspensions of single versions stay). Returns whether there was one.
  bool resume(const policy_id& id, const std::string& version);

  /// Every version, by id and then by its beginning, suspensions applied.
  [[nodiscard]] std::vector<policy> all() const;
  /// The version with this digest as it was added, whatever the set suspends: replay needs it so.
  [[nodiscard]] std::optional<policy> find(const digest& of) const;

  /// The policy that `choose_policy` chooses for a request, suspension applied.
  [[nodiscard]] result<policy, diagnostics> choose(const request& r) const;

  /// Decides under the chosen policy. Where none can be chosen the request is invalid: denied with
  /// `invalid_request`, the decision names no policy.
  [[nodiscard]] decision decide(const request& r, const usage& used,
                                const decide_options& options = {}) const;
  /// Decides on the usage that the request itself carries (`history`, `usage`).
  [[nodiscard]] decision decide(const request& r, const decide_options& options = {}) const;

 private:
  struct content;

  std::shared_ptr<const content> current() const;
  template <class Change>
  bool change(Change how);

  mutable std::mutex reading_{};  ///< held while the pointer is copied or exchanged
  std::mutex writing_{};          ///< held by a change from its first look to its exchange
  std::shared_ptr<const content> content_;
};

}  // namespace leeway
