// SPDX-License-Identifier: Apache-2.0
#include "model/request_json.hpp"

#include <leeway/model/request.hpp>

namespace leeway {

digest request_digest(const request& r) {
  using namespace model_json;
  return digest::of(canonical_text(r, request_part::digest));
}

}  // namespace leeway
