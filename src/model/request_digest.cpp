// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "model/request_json.hpp"

#include <leeway/model/request.hpp>

#include <nlohmann/json.hpp>

namespace leeway {

digest request_digest(const request& r) {
  using namespace model_json;
  return digest::of(json::canonical(to_tree(r, request_part::digest)));
}

}  // namespace leeway
