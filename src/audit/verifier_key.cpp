// SPDX-License-Identifier: Apache-2.0
#include "audit/base64.hpp"
#include "audit/cosigned_message.hpp"
#include "audit/note_text.hpp"
#include "base/text.hpp"

#include <leeway/audit/verifier_key.hpp>
#include <leeway/base/digest.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace leeway::audit {
namespace {

constexpr std::size_t id_digits = 8;
constexpr std::string_view hex = "0123456789abcdef";

std::string material_of(key_type type, const public_key_bytes& key) {
  std::string out(1, static_cast<char>(type));
  out.append(key.begin(), key.end());
  return out;
}

std::uint32_t id_of(const std::string& name, key_type type, const public_key_bytes& key) {
  const digest hash = digest::of(name + '\n' + material_of(type, key));
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8U | hash.bytes().at(i);
  return out;
}

std::string to_hex(std::uint32_t id) {
  std::string out(id_digits, '0');
  for (std::size_t i = 0; i < id_digits; ++i) out[i] = hex[id >> (4 * (id_digits - 1 - i)) & 0xFU];
  return out;
}

bool is_ed25519_signature(const public_key_bytes& key, std::string_view message,
                          std::string_view signature) {
  if (signature.size() != ed25519_signature_size) return false;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> made{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()),
      EVP_PKEY_free};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  if (made == nullptr || context == nullptr) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, made.get()) != 1) return false;
  const auto bytes = [](std::string_view text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes are unsigned.
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                          message.size()) == 1;
}

failure<error> wrong_syntax(std::string_view text) {
  return fail("key_syntax", detail::quoted(text) +
                                " is not a verifier key; it looks like "
                                "`example.com/log+530d903a+AekyeRrm56hA...`");
}

}  // namespace

std::optional<std::int64_t> cosignature_time(const note_signature& signature) {
  if (signature.bytes.size() != timestamp_size + ed25519_signature_size) return std::nullopt;
  std::uint64_t out = 0;
  for (const char c : std::string_view(signature.bytes).substr(0, timestamp_size)) {
    out = out << 8U | static_cast<unsigned char>(c);
  }
  if (out > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(out);
}

verifier_key::verifier_key(std::string name, key_type type, const public_key_bytes& key)
    : name_(std::move(name)), type_(type), key_(key), id_(id_of(name_, type, key)) {}

result<verifier_key> verifier_key::make(std::string name, key_type type,
                                        const public_key_bytes& key) {
  if (!is_key_name(name)) {
    return fail("key_name", detail::quoted(name) +
                                " cannot name a key: it must not be empty nor hold spaces or `+`; "
                                "use a name like `example.com/log`");
  }
  return verifier_key(std::move(name), type, key);
}

result<verifier_key> verifier_key::parse(std::string_view text) {
  const auto first = text.find('+');
  if (first == std::string_view::npos) return wrong_syntax(text);
  const auto name = text.substr(0, first);
  const auto rest = text.substr(first + 1);
  if (!is_key_name(name) || rest.size() <= id_digits || rest[id_digits] != '+') {
    return wrong_syntax(text);
  }
  const auto material = base64::decode(rest.substr(id_digits + 1));
  if (!material || material->empty()) return wrong_syntax(text);
  const auto type = static_cast<unsigned char>(material->front());
  if (type != static_cast<unsigned>(key_type::ed25519) &&
      type != static_cast<unsigned>(key_type::cosignature)) {
    return fail("key_type", "the key is of type " + std::to_string(type) +
                                "; known are 1 (Ed25519) and 4 (Ed25519 cosignatures)");
  }
  public_key_bytes key{};
  if (material->size() != 1 + key.size()) return wrong_syntax(text);
  std::ranges::transform(material->substr(1), key.begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  verifier_key out(std::string(name), static_cast<key_type>(type), key);
  if (to_hex(out.id_) != rest.substr(0, id_digits)) {
    return fail("key_id", "the id " + detail::quoted(rest.substr(0, id_digits)) +
                              " is not that of this name and key, which is `" + to_hex(out.id_) +
                              "`; copy the key again");
  }
  return out;
}

std::string verifier_key::to_string() const {
  return name_ + '+' + to_hex(id_) + '+' + base64::encode(material_of(type_, key_));
}

bool verifier_key::verifies(std::string_view text, const note_signature& signature) const {
  if (!is_of(signature)) return false;
  if (type_ == key_type::ed25519) return is_ed25519_signature(key_, text, signature.bytes);
  const auto time = cosignature_time(signature);
  if (!time) return false;
  return is_ed25519_signature(key_, cosigned_message(*time, text),
                              std::string_view(signature.bytes).substr(timestamp_size));
}

verifier_key verifier_key::as_cosigner() const { return {name_, key_type::cosignature, key_}; }

}  // namespace leeway::audit
