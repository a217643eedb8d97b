// SPDX-License-Identifier: Apache-2.0
/// \file
/// The keys that sign checkpoints, and the files they are kept in.
#pragma once

#include <leeway/audit/verifier_key.hpp>
#include <leeway/base/result.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace leeway::audit {

/// The private half of an Ed25519 key, as RFC 8032 has it. Whoever holds one erases it.
using seed_bytes = std::array<std::uint8_t, 32>;

/// An Ed25519 key with a name, which signs notes. It is not copied, cannot be printed, and its
/// bytes are erased from memory when it goes. Thread-safe once made.
///
/// A log's key is named as the log's origin (tlog-checkpoint, "Signatures").
class signer_key {
 public:
  /// A new key from the system's random numbers. Errors: `key_name`, `key_failed` (no randomness).
  static result<signer_key> generate(std::string name);
  /// The key of a seed, for what was made elsewhere and for tests. Errors: `key_name`,
  /// `key_failed`.
  static result<signer_key> from_seed(std::string name, const seed_bytes& seed);

  /// Reads a file that `save` has written. The file must be a regular one of the effective user,
  /// and nobody else may have any right to it: mode 0600 or 0400, as of the file that is opened in
  /// the end. Errors: `key_file_missing`, `key_file_unsafe` (another owner, or rights for others),
  /// `key_file_syntax` (another form, or the two lines do not belong together), `key_file_failed`.
  static result<signer_key> load(const std::string& path);
  /// Writes a new file of mode 0600, durably; an existing one is never touched:
  ///
  ///     example.com/log+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
  ///     -----BEGIN PRIVATE KEY-----
  ///     MC4CAQAwBQYDK2VwBCIEI...
  ///     -----END PRIVATE KEY-----
  ///
  /// The first line is the verifier key; it may be given to anybody. What follows is PKCS #8 in PEM
  /// (RFC 5958, RFC 8410, RFC 7468), not encrypted; `openssl pkey -in FILE` reads it. Errors:
  /// `key_file_exists`, `key_file_failed`.
  result<void> save(const std::string& path) const;

  signer_key(signer_key&&) noexcept;
  signer_key& operator=(signer_key&&) noexcept;
  signer_key(const signer_key&) = delete;
  signer_key& operator=(const signer_key&) = delete;
  ~signer_key();

  /// What verifies `sign`; `verifier().as_cosigner()` verifies `cosign`.
  [[nodiscard]] const verifier_key& verifier() const noexcept;

  /// Signs the text of a note (signed-note, "Ed25519 signatures").
  /// \throws std::runtime_error when the cryptographic library is unusable.
  [[nodiscard]] note_signature sign(std::string_view text) const;
  /// Cosigns the text of a checkpoint as seen at a time, in seconds since 1970, not negative
  /// (tlog-cosignature). A key that cosigns must sign nothing else. Throws as `sign`.
  [[nodiscard]] note_signature cosign(std::string_view text, std::int64_t time) const;

 private:
  struct content;
  explicit signer_key(std::unique_ptr<content> c);
  std::unique_ptr<content> content_;
};

}  // namespace leeway::audit
