// SPDX-License-Identifier: Apache-2.0
/// \file
/// Verifier keys as c2sp.org/signed-note has them: what a signature in a note is checked with.
#pragma once

#include <leeway/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leeway::audit {

/// The signature types that are understood here. The values are those that signed-note assigns.
enum class key_type : std::uint8_t {
  ed25519 = 0x01,      ///< RFC 8032, over the note's text
  cosignature = 0x04,  ///< Ed25519 with the time, of a witness (c2sp.org/tlog-cosignature)
};

/// The public half of an Ed25519 key, as RFC 8032 encodes it.
using public_key_bytes = std::array<std::uint8_t, 32>;

/// One signature of a note, not verified.
struct note_signature {
  std::string name{};      ///< of the key
  std::uint32_t key_id{};  ///< of the key; not a strong hash
  std::string bytes{};     ///< what the key has made, without the id
  friend bool operator==(const note_signature&, const note_signature&) = default;
};

/// The time in a cosignature, in seconds since 1970 (tlog-cosignature, "Format"); nothing when the
/// bytes have not the length of an Ed25519 cosignature, or the time is above 2^63 - 1.
[[nodiscard]] std::optional<std::int64_t> cosignature_time(const note_signature& signature);

/// Names a key and verifies what it signed. A value; thread-safe.
class verifier_key {
 public:
  /// A key from its parts. Error: `key_name` (empty, or with a Unicode space, a plus or a control
  /// character).
  static result<verifier_key> make(std::string name, key_type type, const public_key_bytes& key);

  /// Reads `<name>+<id>+<key>`: the id as eight lower-case hex digits, the key as base64 of its
  /// type and its bytes. Errors: `key_syntax`, `key_type` (of a type that is not understood here),
  /// `key_id` (the id is not that of the name and the key).
  static result<verifier_key> parse(std::string_view text);

  /// What `parse` reads.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The first four bytes of SHA-256(name || 0x0A || type || public key), big-endian.
  [[nodiscard]] std::uint32_t id() const noexcept { return id_; }
  [[nodiscard]] key_type type() const noexcept { return type_; }
  [[nodiscard]] const public_key_bytes& public_key() const noexcept { return key_; }

  /// Whether a signature carries this key's name and id.
  [[nodiscard]] bool is_of(const note_signature& signature) const noexcept {
    return signature.key_id == id_ && signature.name == name_;
  }
  /// Whether this key has signed the text of a note. Of cosignatures, what is signed is a header,
  /// the time and the text (tlog-cosignature, "Ed25519 signed message").
  [[nodiscard]] bool verifies(std::string_view text, const note_signature& signature) const;

  /// The same name and public key for cosignatures, which has another id.
  [[nodiscard]] verifier_key as_cosigner() const;

  friend bool operator==(const verifier_key&, const verifier_key&) = default;

 private:
  verifier_key(std::string name, key_type type, const public_key_bytes& key);

  std::string name_{};
  key_type type_{key_type::ed25519};
  public_key_bytes key_{};
  std::uint32_t id_{};
};

}  // namespace leeway::audit
