// SPDX-License-Identifier: Apache-2.0
#include <leeway/audit/merkle.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>

namespace leeway::audit {
namespace {

constexpr unsigned char leaf_prefix = 0x00;
constexpr unsigned char node_prefix = 0x01;
constexpr std::size_t size_bytes = 8;

// Looked up once and never freed, as in base/digest.cpp.
const EVP_MD* sha256() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

using context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

}  // namespace

digest leaf_hash(std::string_view record) {
  // Not by copying the record behind its prefix: records are long, and there are millions.
  const context c{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  std::array<std::uint8_t, digest::size> out{};
  unsigned int length = 0;
  const bool done = c != nullptr && sha256() != nullptr &&
                    EVP_DigestInit_ex(c.get(), sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(c.get(), &leaf_prefix, 1) == 1 &&
                    EVP_DigestUpdate(c.get(), record.data(), record.size()) == 1 &&
                    EVP_DigestFinal_ex(c.get(), out.data(), &length) == 1 && length == digest::size;
  if (!done) throw std::runtime_error("the cryptographic library cannot compute SHA-256");
  return digest{out};
}

digest node_hash(const digest& left, const digest& right) {
  std::array<char, 1 + 2 * digest::size> bytes{static_cast<char>(node_prefix)};
  auto* to = std::ranges::copy(left.bytes(), bytes.begin() + 1).out;
  std::ranges::copy(right.bytes(), to);
  return digest::of({bytes.data(), bytes.size()});
}

digest empty_root() { return digest::of({}); }

void frontier::append(const digest& leaf, const on_complete& complete) {
  digest hash = leaf;
  tree_node node{.level = 0, .index = size_};
  if (complete) complete(node, hash);
  // Each low bit that is set is a complete subtree that waits for one of its size to its right.
  while ((node.index & 1U) != 0) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
    node = {.level = node.level + 1, .index = node.index >> 1U};
    if (complete) complete(node, hash);
  }
  hashes_.push_back(hash);
  ++size_;
}

digest frontier::root() const {
  if (hashes_.empty()) return empty_root();
  digest out = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i-- > 0;) out = node_hash(hashes_[i], out);
  return out;
}

std::string frontier::to_bytes() const {
  std::string out;
  out.reserve(size_bytes + hashes_.size() * digest::size);
  for (std::size_t i = size_bytes; i-- > 0;) out += static_cast<char>(size_ >> (8 * i) & 0xFFU);
  for (const digest& one : hashes_) out.append(one.bytes().begin(), one.bytes().end());
  return out;
}

result<frontier> frontier::from_bytes(std::string_view bytes) {
  const auto refuse = [] {
    return fail("frontier_syntax", "expected a size of 8 bytes and a hash for each of its bits");
  };
  if (bytes.size() < size_bytes) return refuse();
  frontier out;
  for (const char c : bytes.substr(0, size_bytes)) {
    out.size_ = out.size_ << 8U | static_cast<unsigned char>(c);
  }
  bytes.remove_prefix(size_bytes);
  const auto count = static_cast<std::size_t>(std::popcount(out.size_));
  if (bytes.size() != count * digest::size) return refuse();
  for (std::size_t i = 0; i < count; ++i) {
    std::array<std::uint8_t, digest::size> one{};
    const auto from = bytes.substr(i * digest::size, digest::size);
    std::ranges::transform(from, one.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    out.hashes_.emplace_back(one);
  }
  return out;
}

}  // namespace leeway::audit
