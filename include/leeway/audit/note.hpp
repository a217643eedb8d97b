// SPDX-License-Identifier: Apache-2.0
/// \file
/// Signed notes as c2sp.org/signed-note has them: a text, a blank line, and lines of signatures.
/// Everything is thread-safe.
#pragma once

#include <leeway/audit/verifier_key.hpp>
#include <leeway/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::audit {

/// A longer note is refused, in bytes. It has room for 100 signatures of every assigned type.
inline constexpr std::size_t longest_note = 1U << 20U;
/// A note with more signatures is refused, so that nobody verifies for ever.
inline constexpr std::size_t most_signatures = 100;

/// A note taken apart. Nothing in it may be believed before `open_note` has verified it.
struct signed_note {
  /// Ends with a newline. The blank line behind it is no part of it.
  std::string text{};
  std::vector<note_signature> signatures{};
  friend bool operator==(const signed_note&, const signed_note&) = default;
};

/// Takes a note apart, strictly:
///
/// - well-formed UTF-8, without control characters other than newline;
/// - the text ends with a newline; the last empty line separates it from one to 100 lines `em dash,
///   space, key name, space, base64`, each with a newline, and nothing behind them;
/// - key names are not empty and hold no Unicode space and no plus;
/// - a signature is canonical base64 of five bytes at least.
///
/// What is read is written again by `write_note`, byte for byte. Error: `note_syntax`.
result<signed_note> parse_note(std::string_view bytes);

/// Writes a note. Error: `note_syntax` when it would not be read again.
result<std::string> write_note(const signed_note& note);

/// A signature that holds.
struct verified_signature {
  std::string name{};
  std::uint32_t key_id{};
  /// Of cosignatures: when the tree was seen, in seconds since 1970.
  std::optional<std::int64_t> time{};
  friend bool operator==(const verified_signature&, const verified_signature&) = default;
};

/// A note whose text may be believed.
struct verified_note {
  std::string text{};
  std::vector<verified_signature> verified{};  ///< each key once, in the note's order; at least one
  std::vector<note_signature> unknown{};       ///< of other keys; they say nothing
};

/// Takes a note apart and verifies every signature of a known key. Signatures of unknown keys are
/// ignored, also those that share only a name or only an id with a known one. Errors, by
/// precedence: `note_keys_ambiguous` (two of the known keys have one name and one id),
/// `note_syntax`, `note_signature_invalid` (a known key's signature does not hold; this refuses the
/// whole note, whatever else has signed it, and also when the same key has another that holds),
/// `note_unverifiable` (no known key has signed it).
result<verified_note> open_note(std::string_view bytes, std::span<const verifier_key> known);

}  // namespace leeway::audit
