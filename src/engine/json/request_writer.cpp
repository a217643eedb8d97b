// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "model/request_json.hpp"

#include <leeway/engine/json.hpp>

#include <nlohmann/json.hpp>

namespace leeway {

std::string to_json(const request& r) {
  return json::canonical(model_json::to_tree(r, model_json::request_part::everything));
}

}  // namespace leeway
