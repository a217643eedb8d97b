// SPDX-License-Identifier: Apache-2.0
// What is told of a part of a request.
#pragma once

#include <leeway/base/diagnostic.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace leeway::engine {

/// An error about the part of a request with this dotted name; the pointer is made from the name.
inline diagnostic wrong(const std::string& name, std::string code, std::string message,
                        std::string remedy) {
  diagnostic d;
  d.code = std::move(code);
  d.message = std::move(message);
  d.remedy = std::move(remedy);
  d.pointer = "/" + name;
  std::replace(d.pointer.begin(), d.pointer.end(), '.', '/');
  return d;
}

}  // namespace leeway::engine
