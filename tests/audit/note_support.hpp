// SPDX-License-Identifier: Apache-2.0
// Keys and notes for tests.
#pragma once

#include <leeway/audit/checkpoint.hpp>
#include <leeway/audit/signer_key.hpp>

#include <string>
#include <utility>
#include <vector>

namespace leeway::audit::test {

/// A key that is the same in every run; `number` tells keys apart.
inline signer_key key_of(const std::string& name, std::uint8_t number = 1) {
  seed_bytes seed{};
  seed.fill(number);
  return signer_key::from_seed(name, seed).value();
}

inline std::string note_of(const std::string& text, std::vector<note_signature> signatures) {
  return write_note({.text = text, .signatures = std::move(signatures)}).value();
}

/// The checkpoint of a tree, signed.
inline std::string checkpoint_of(const signer_key& log, const tree_head& head) {
  const std::string text =
      write_checkpoint({.origin = log.verifier().name(), .head = head}).value();
  return note_of(text, {log.sign(text)});
}

}  // namespace leeway::audit::test
