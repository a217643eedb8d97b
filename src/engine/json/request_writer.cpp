// SPDX-License-Identifier: Apache-2.0
#include "model/request_json.hpp"

#include <leeway/engine/json.hpp>

namespace leeway {

std::string to_json(const request& r) {
  return model_json::canonical_text(r, model_json::request_part::everything);
}

}  // namespace leeway
