// SPDX-License-Identifier: Apache-2.0
/// \file
/// Checkpoints as c2sp.org/tlog-checkpoint has them: which log, how many leaves, and the root, in
/// the text of a signed note. Everything is thread-safe.
#pragma once

#include <leeway/audit/merkle_proof.hpp>
#include <leeway/audit/note.hpp>
#include <leeway/audit/trust_policy.hpp>
#include <leeway/base/result.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::audit {

/// The largest number of leaves that is read or written.
inline constexpr std::uint64_t largest_tree = std::numeric_limits<std::int64_t>::max();

/// What a log says of its tree.
struct checkpoint {
  std::string origin{};  ///< names the log; not empty, one line
  tree_head head{};
  /// Opaque lines behind the root, not empty. Leeway writes none: nobody can check them.
  std::vector<std::string> extensions{};
  friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

/// Reads the text of a checkpoint, without signatures, strictly: every line ends with a newline,
/// the size is ASCII decimal without leading zeroes, up to 2^63 - 1, and the root is canonical
/// base64 of 32 bytes. Anybody can write such a text: `open_checkpoint` reads one that is signed.
/// Error: `checkpoint_syntax`.
result<checkpoint> parse_checkpoint(std::string_view text);

/// Writes what `parse_checkpoint` reads. Error: `checkpoint_syntax` when it would not be read
/// again.
result<std::string> write_checkpoint(const checkpoint& what);

/// A checkpoint that is trusted.
struct trusted_checkpoint {
  audit::checkpoint checkpoint{};
  verified_note note{};
};

/// Reads a signed checkpoint: it must be signed by a trusted log whose key's name is its origin,
/// and cosigned by a quorum of witnesses. Errors, by precedence: those of `open_note`,
/// `checkpoint_syntax`, `log_not_trusted` (no log of this origin has signed it), `quorum_missing`.
result<trusted_checkpoint> open_checkpoint(std::string_view note, const trust_policy& trust);

}  // namespace leeway::audit
