// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a log changes its key so that whoever trusts the old one can come to trust the new one: the
/// change is a record in the log, and the evidence of it a tlog-proof like any other.
/// docs/design/0018-audit-log.md says why. Everything is thread-safe.
#pragma once

#include <leeway/audit/tlog_proof.hpp>
#include <leeway/audit/verifier_key.hpp>
#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::audit {

/// What happens to a key of a log.
enum class key_event : std::uint8_t {
  added = 1,    ///< `log_key_added`: from the first checkpoint over this record on it signs
  retired = 2,  ///< `log_key_retired`: from the first checkpoint over this record on it does not
};

/// A key of a log comes or goes.
struct key_change {
  key_event event{key_event::added};
  verifier_key key;
  instant at{};
  std::int64_t number{};  ///< 1, 2, 3 ... within the log
  friend bool operator==(const key_change&, const key_change&) = default;
};

/// The change as a record: `leeway-record/1`, canonical JSON.
[[nodiscard]] std::string to_record(const key_change& change);

/// Reads a record that `to_record` wrote. Nothing for a record of any other event. Error:
/// `key_change_syntax` (an event of a key, in another form).
result<std::optional<key_change>> parse_key_change(std::string_view record);

/// The keys with which a log of one origin signs, as its records say. It begins with the keys that
/// are trusted from outside, and is shown every record, in order. A value.
class key_history {
 public:
  /// The keys trusted from outside, which sign from the first leaf on. Errors: `key_change_origin`
  /// (a key of another name), `key_change_none` (no key).
  static result<key_history> begin(std::string origin, std::vector<verifier_key> keys);

  /// Takes the change of the record at `index`; indexes grow. Errors: `key_change_origin`,
  /// `key_change_known` (added twice, or retired without being in force), `key_change_none` (nobody
  /// would be left who signs), `key_change_order` (an index that is not behind the last).
  result<void> take(const key_change& change, std::uint64_t index);

  /// The keys that must all have signed a checkpoint of this size.
  [[nodiscard]] std::vector<verifier_key> keys_at(std::uint64_t size) const;

  /// Checks who has signed a checkpoint, of which every record below its size was shown: every key
  /// in force, and at least one that was in force at the checkpoint before, so that no key vouches
  /// for itself alone. `before` is the size of that one; 0: it is the first. Errors: those of
  /// `open_checkpoint`, `key_missing_signature`.
  result<trusted_checkpoint> open(std::string_view note, std::uint64_t before) const;

 private:
  struct entry {
    verifier_key key;
    std::uint64_t from{};                  ///< in force for sizes above
    std::optional<std::uint64_t> until{};  ///< and up to this one; absent: for ever
    [[nodiscard]] bool is_in_force(std::uint64_t size) const {
      return size >= from && (!until || size <= *until);
    }
  };

  std::string origin_{};
  std::vector<entry> entries_{};
  std::optional<std::uint64_t> last_{};
};

/// For who has no log at hand, only keys it trusts: a proof whose extra bytes are the record of an
/// added key, under a checkpoint that a trusted key and the added one have both signed. Returns the
/// added key. Errors: those of `verify_proof`, `key_change_syntax` (no such record in the proof),
/// `key_change_origin`, `key_missing_signature` (the added key has not signed).
result<verifier_key> follow_key_change(const tlog_proof& proof, const trust_policy& trust);

}  // namespace leeway::audit
