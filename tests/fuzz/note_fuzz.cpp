// SPDX-License-Identifier: Apache-2.0
// Signed notes, checkpoints, verifier keys and trust policies: what is read has one form, and what
// was not signed is never believed.
#include "fuzz/must.hpp"

#include <leeway/audit/checkpoint.hpp>
#include <leeway/audit/signer_key.hpp>
#include <leeway/audit/trust_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace leeway::audit;

void check_told(const leeway::error& why) {
  must(!why.code.empty() && !why.message.empty() && why.message.size() < 500 + longest_note);
}

void check_key(std::string_view text) {
  const auto read = verifier_key::parse(text);
  if (!read) return check_told(read.error());
  must(read->to_string() == text);
}

void check_checkpoint(std::string_view text) {
  const auto read = parse_checkpoint(text);
  if (!read) return check_told(read.error());
  const auto written = write_checkpoint(*read);
  must(written && *written == text);
}

void check_note(std::string_view text) {
  const auto read = parse_note(text);
  if (!read) return check_told(read.error());
  const auto written = write_note(*read);
  must(written && *written == text);
  check_checkpoint(read->text);
}

/// The text of the input, signed by a key that is known: it is believed as it stands. The input
/// itself is not, because nobody has signed it.
void check_signed(std::string_view text) {
  static const auto key = signer_key::from_seed("example.com/log", {}).value();
  static const auto trust = trust_policy::of_logs({key.verifier()});
  must(!open_note(text, trust.keys()) || text.find("example.com/log") != std::string_view::npos);
  const auto made = write_note({.text = std::string(text), .signatures = {key.sign(text)}});
  if (!made) return;
  const auto opened = open_note(*made, trust.keys());
  must(opened && opened->text == text && opened->verified.size() == 1);
  const auto checkpoint = open_checkpoint(*made, trust);
  must(!checkpoint || checkpoint->checkpoint.origin == "example.com/log");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer gives bytes.
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check_note(text);
  check_checkpoint(text);
  check_key(text);
  check_signed(text);
  const auto trust = trust_policy::parse(text);
  if (trust) must(!trust->keys().empty() || trust->is_quorum({}));
  return 0;
}
