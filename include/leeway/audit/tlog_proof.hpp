// SPDX-License-Identifier: Apache-2.0
/// \file
/// Evidence that a record is in a log, as c2sp.org/tlog-proof has it: one text that is checked
/// offline with the log's verifier key. Everything is thread-safe.
#pragma once

#include <leeway/audit/checkpoint.hpp>
#include <leeway/audit/trust_policy.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::audit {

/// A longer proof is refused, in bytes.
inline constexpr std::size_t longest_proof = 1U << 22U;
/// A tree of up to 2^64 - 1 leaves needs no more hashes.
inline constexpr std::size_t most_proof_hashes = 64;

/// A proof taken apart. Its form is right; nothing in it may be believed before `verify_proof`.
struct tlog_proof {
  /// Opaque, and not covered by any signature. Not empty when it is there.
  std::optional<std::string> extra{};
  std::uint64_t index{};         ///< of the leaf
  std::vector<digest> hashes{};  ///< from the leaf's sibling upwards
  std::string checkpoint{};      ///< a signed note, as the log gave it; not looked into yet
  friend bool operator==(const tlog_proof&, const tlog_proof&) = default;
};

/// Reads the form of a proof, strictly: what is read is written again by `write_proof`, byte for
/// byte. Error: `proof_syntax`.
result<tlog_proof> parse_proof(std::string_view text);

/// Writes a proof. Error: `proof_syntax` when it would not be read again.
result<std::string> write_proof(const tlog_proof& proof);

/// Checks that the leaf with this hash is in a log that is trusted, at the proof's index. Errors,
/// by precedence: those of `open_checkpoint`, those of `verify_inclusion`.
result<trusted_checkpoint> verify_proof(const tlog_proof& proof, const digest& leaf,
                                        const trust_policy& trust);

}  // namespace leeway::audit
