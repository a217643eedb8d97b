// SPDX-License-Identifier: Apache-2.0
#include "audit/cosigned_message.hpp"
#include "audit/signer_content.hpp"

#include <leeway/audit/signer_key.hpp>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cassert>
#include <stdexcept>
#include <utility>

namespace leeway::audit {
namespace {

std::string sign_with(EVP_PKEY* key, std::string_view message) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  std::array<unsigned char, ed25519_signature_size> out{};
  std::size_t length = out.size();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes are unsigned.
  const auto* const bytes = reinterpret_cast<const unsigned char*>(message.data());
  const bool done =
      context != nullptr &&
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
      EVP_DigestSign(context.get(), out.data(), &length, bytes, message.size()) == 1 &&
      length == out.size();
  if (!done) throw std::runtime_error("the cryptographic library cannot sign");
  return {out.begin(), out.end()};
}

}  // namespace

signer_key::signer_key(std::unique_ptr<content> c) : content_(std::move(c)) {}
signer_key::signer_key(signer_key&&) noexcept = default;
signer_key& signer_key::operator=(signer_key&&) noexcept = default;
signer_key::~signer_key() = default;

result<signer_key> signer_key::generate(std::string name) {
  seed_memory seed;
  if (RAND_priv_bytes(seed.bytes().data(), static_cast<int>(seed.bytes().size())) != 1) {
    return fail("key_failed", "the system gives no random numbers");
  }
  return from_seed(std::move(name), seed.bytes());
}

result<signer_key> signer_key::from_seed(std::string name, const seed_bytes& seed) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
      EVP_PKEY_free};
  public_key_bytes half{};
  std::size_t length = half.size();
  if (key == nullptr || EVP_PKEY_get_raw_public_key(key.get(), half.data(), &length) != 1 ||
      length != half.size()) {
    return fail("key_failed", "the cryptographic library makes no Ed25519 key");
  }
  auto verifier = verifier_key::make(std::move(name), key_type::ed25519, half);
  if (!verifier) return fail(std::move(verifier).error());
  return signer_key(
      std::make_unique<content>(content{.verifier = *std::move(verifier), .key = std::move(key)}));
}

const verifier_key& signer_key::verifier() const noexcept { return content_->verifier; }

note_signature signer_key::sign(std::string_view text) const {
  return {.name = verifier().name(),
          .key_id = verifier().id(),
          .bytes = sign_with(content_->key.get(), text)};
}

note_signature signer_key::cosign(std::string_view text, std::int64_t time) const {
  assert(time >= 0);
  return {.name = verifier().name(),
          .key_id = verifier().as_cosigner().id(),
          .bytes =
              timestamp_bytes(time) + sign_with(content_->key.get(), cosigned_message(time, text))};
}

}  // namespace leeway::audit
