// SPDX-License-Identifier: Apache-2.0
// Proofs, tiles, bundles and kept trees: what is read has one form; numbers of a hostile proof cost
// nothing and never lead to a root that is another's.
#include "fuzz/must.hpp"

#include <leeway/audit/tile.hpp>
#include <leeway/audit/tlog_proof.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace leeway::audit;
using leeway::digest;

void check_proof(std::string_view text) {
  const auto read = parse_proof(text);
  if (!read) return;
  const auto written = write_proof(*read);
  must(written && *written == text);
  must(!verify_proof(*read, leaf_hash(text), trust_policy::of_logs({})));
}

void check_path(std::string_view text) {
  const auto read = parse_tile_path(text);
  if (read) must(tile_path(*read) == text);
}

void check_bundle(std::string_view bytes) {
  for (unsigned width = 1; width <= 4; ++width) {
    const auto read = parse_bundle(bytes, width);
    if (!read) continue;
    std::string again;
    for (const auto entry : *read) must(append_entry(again, entry).has_value());
    must(again == bytes);
  }
}

void check_frontier(std::string_view bytes) {
  auto read = frontier::from_bytes(bytes);
  if (!read) return;
  must(read->to_bytes() == bytes);
  const std::uint64_t size = read->size();
  static_cast<void>(read->root());
  if (size == UINT64_MAX) return;
  read->append(leaf_hash(bytes));
  must(read->size() == size + 1);
}

/// The first bytes are numbers, the rest hashes.
void check_numbers(std::string_view bytes) {
  std::uint64_t numbers[2]{};
  if (bytes.size() < sizeof numbers) return;
  std::memcpy(numbers, bytes.data(), sizeof numbers);
  bytes.remove_prefix(sizeof numbers);
  const auto width = static_cast<unsigned>(bytes.size() / digest::size);
  const auto hashes = parse_tile(bytes.substr(0, width * digest::size), width).value();
  const digest leaf = leaf_hash({});
  const auto root = root_of_inclusion(leaf, numbers[0], numbers[1], hashes);
  if (root) {
    must(verify_inclusion(leaf, numbers[0], numbers[1], hashes, *root).has_value());
    must(!verify_inclusion(*root, numbers[0], numbers[1], hashes, leaf) || hashes.empty());
  }
  must(!verify_consistency({.size = numbers[0], .root = leaf}, {.size = numbers[1], .root = {}},
                           hashes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer gives bytes.
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check_proof(text);
  check_path(text);
  check_bundle(text);
  check_frontier(text);
  check_numbers(text);
  return 0;
}
