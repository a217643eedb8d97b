// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/diagnostic.hpp>
#include <leeway/base/result.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>
#include <leeway/policy/document.hpp>
#include <leeway/policy/lint.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway {

namespace policy_detail {
struct compiled_policy;
struct loaded_overlay;
}  // namespace policy_detail

/// What a decision computes besides the outcome and its findings.
struct decide_options {
  /// Look for the largest amount and the alternatives; costs further evaluations.
  bool offer{true};
  /// Tell why: findings, and in needs the rules that ask. Else they are left out (not why a request
  /// is not evaluated at all), and once something denies for certain, limits too; all else is the
  /// same. For callers who only gate an action: what is left out cannot be recorded or replayed.
  bool reasons{true};
  /// In which language the protection statement is told: a BCP 47 tag (`es-MX`). Where the policy
  /// does not have it, the tag is shortened from its end (RFC 4647, lookup: `es-MX`, `es`); then
  /// comes `en`, then the first tag in alphabetical order. Empty: `en`, then the first.
  std::string language{};
};

/// A checked policy, ready to decide. Immutable and cheap to copy; share it freely between threads.
///
/// Deciding is a pure function of (policy, request, usage): no clock, no input or output, no
/// exceptions but std::bad_alloc, and std::runtime_error where the system has no SHA-256.
class policy {
 public:
  /// For the loaders below, which are how a policy is made.
  explicit policy(std::shared_ptr<const policy_detail::compiled_policy> impl,
                  diagnostics warnings = {});

  const policy_id& id() const;
  /// Of several versions with one id, which this is; the owner's own text.
  const std::string& version() const;
  /// SHA-256 over the normal form: the same for the same content, however it is laid out.
  const leeway::digest& digest() const;
  /// What it was made from.
  const policy_document& document() const;
  /// The one currency of every amount in it, and in requests to it.
  currency money_currency() const;
  /// In which its days, weeks and months begin and end.
  const time_zone& zone() const;
  /// Warnings found while loading (lints); never errors.
  const diagnostics& warnings() const { return *warnings_; }
  /// Warnings that the policy silences, with its reasons, by place; at most 200.
  const std::vector<silenced_lint>& silenced() const;

  /// Whether the version is in force at an instant (its dates, half-open, midnight in its zone; not
  /// suspended).
  bool in_force(instant as_of) const;

  /// The same version, switched off without editing its document: it denies with
  /// `policy_suspended` and says why. Document and digest stay; records say that it was suspended,
  /// so that they can be replayed.
  [[nodiscard]] policy suspended(std::string why) const;
  /// Why this version was switched off; absent: it was not, or its document says so itself.
  const std::optional<std::string>& suspension() const { return suspension_; }

  /// Decides. `used` is what was used before, as data (`usage::empty()` states: nothing).
  ///
  /// An invalid request (see `check`) is denied with `invalid_request`; it never approves.
  decision decide(const request& r, const usage& used, const decide_options& options = {}) const;
  /// The same, into a decision that was used before: once it is warm, deciding allocates nothing
  /// for what is known and goes by the policy. Several threads need a decision each.
  void decide(const request& r, const usage& used, const decide_options& options,
              decision& into) const;
  /// Decides on the usage that the request itself carries (`history`, `usage`).
  decision decide(const request& r, const decide_options& options = {}) const;

  /// What is wrong with a request for this policy: a fact of a wrong type or outside its `one_of`,
  /// another currency, a negative amount. Errors make the request invalid; warnings name facts the
  /// policy does not declare.
  diagnostics check(const request& r) const;

  /// Every usage that deciding `r` (and its offer) may read.
  std::vector<usage_key> usage_needed(const request& r) const;
  /// Usage as the request's own history and stated usage give it.
  usage usage_of(const request& r) const;
  /// What an approved decision adds to history, for later usage: the action with every key.
  history_entry entry_of(const request& r, const decision& d) const;

  /// For Leeway's own use.
  const policy_detail::compiled_policy& impl() const { return *impl_; }

 private:
  std::shared_ptr<const policy_detail::compiled_policy> impl_;
  std::shared_ptr<const diagnostics> warnings_;
  std::optional<std::string> suspension_{};
};

/// What a site, a partner or a department adds to a policy, from a file of its own
/// (`leeway-overlay/1`). It is checked along with the policy it is for. Immutable and cheap to
/// copy.
class overlay {
 public:
  /// For the loaders below.
  explicit overlay(std::shared_ptr<const policy_detail::loaded_overlay> impl);
  /// Built in C++, for the policy with this id.
  overlay(policy_id of, overlay_definition content);

  const rule_id& id() const;
  const std::string& version() const;
  /// The id of the policy it is for (`for`).
  const policy_id& of() const;
  const overlay_definition& definition() const;
  /// The file it was read from; empty: built in C++.
  const std::string& file() const;

  /// For Leeway's own use.
  const policy_detail::loaded_overlay& impl() const { return *impl_; }

 private:
  std::shared_ptr<const policy_detail::loaded_overlay> impl_;
};

/// Loads an overlay from text. Errors: what is wrong with its form, each with its place. What it
/// names is checked by `with_overlays`.
result<overlay, diagnostics> parse_overlay(std::string_view text,
                                           std::string_view file = "overlay");
/// Loads an overlay from a file.
result<overlay, diagnostics> load_overlay(const std::string& path);

/// The policy with overlays added to those it has. It can only be stricter: for every request the
/// outcome is the policy's own or a stricter one. The digest covers them; their order does not
/// matter. The suspension of a policy stays.
///
/// Errors: everything that is wrong with an overlay, placed in its own file: a name the policy does
/// not have, one it has already, another policy's overlay ...
result<policy, diagnostics> with_overlays(const policy& base, const std::vector<overlay>& overlays);

/// Loads a policy from text (`leeway-policy/1`, JSON with comments). Errors: every diagnostic, with
/// its place; nothing is half loaded.
result<policy, diagnostics> parse_policy(std::string_view text, std::string_view file = "policy");
/// Loads a policy from a file.
result<policy, diagnostics> load_policy(const std::string& path);
/// Checks and compiles a policy built in C++; diagnostics carry JSON pointers.
result<policy, diagnostics> compile_policy(const policy_document& document);

}  // namespace leeway
