// SPDX-License-Identifier: Apache-2.0
// What a signer key is made of.
#pragma once

#include "audit/erased.hpp"

#include <leeway/audit/signer_key.hpp>

#include <openssl/evp.h>

#include <memory>

namespace leeway::audit {

using seed_memory = erased<std::uint8_t, 32>;

struct signer_key::content {
  verifier_key verifier;
  // OpenSSL overwrites the private half when it frees a key.
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key;
};

}  // namespace leeway::audit
