// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which checkpoints are believed: the trust policies of c2sp.org/tlog-policy.
#pragma once

#include <leeway/audit/note.hpp>
#include <leeway/audit/verifier_key.hpp>
#include <leeway/base/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::audit {

/// Trusted logs, witnesses, and how many of those must have cosigned. It has nothing to do with the
/// policies that decide requests. A value; thread-safe.
class trust_policy {
 public:
  /// A policy file is longer than this in bytes, or has more logs, witnesses or groups: it is
  /// refused.
  static constexpr std::size_t longest_file = 1U << 20U;
  static constexpr std::size_t most_of_each = 256;

  /// Trusts these keys of logs, and asks for no witness.
  static trust_policy of_logs(std::vector<verifier_key> logs);

  /// Reads a policy file, line by line:
  ///
  ///     log <vkey> [<url>]
  ///     witness <name> <vkey> [<url>]
  ///     group <name> all|any|<k> <name>...
  ///     quorum <name>|none
  ///
  /// A name is defined once, before it is used, and is a member of one group at most; no two logs
  /// and no two witnesses have one public key; there is one quorum. Keys of logs are of either type
  /// understood here. Those of witnesses are of type 0x04; one of type 0x01 is taken for that of
  /// the same witness's cosignatures, because witnesses publish both. Error: `trust_policy_syntax`,
  /// with the line.
  static result<trust_policy> parse(std::string_view text);

  /// All keys, of logs and witnesses, each once: what `open_note` is to know.
  [[nodiscard]] const std::vector<verifier_key>& keys() const noexcept { return keys_; }
  [[nodiscard]] const std::vector<verifier_key>& logs() const noexcept { return logs_; }

  /// Whether one of the signatures is of a trusted log with this origin: its key's name.
  [[nodiscard]] bool is_signed_by_log(std::string_view origin,
                                      std::span<const verified_signature> signatures) const;
  /// Whether the signatures, all of which hold, are a quorum.
  [[nodiscard]] bool is_quorum(std::span<const verified_signature> signatures) const;

 private:
  friend class trust_policy_reader;

  /// A witness, or a group of those before it.
  struct party {
    std::string name{};
    std::vector<verifier_key> key{};     ///< of a witness: one
    std::vector<std::size_t> members{};  ///< of a group
    std::size_t threshold{};             ///< of a group: so many members must have cosigned
    bool is_member{};                    ///< of a group
  };

  std::vector<verifier_key> logs_{};
  std::vector<verifier_key> keys_{};
  std::vector<party> parties_{};
  std::size_t quorum_{};  ///< into `parties_`; behind the last: none is asked for
};

}  // namespace leeway::audit
