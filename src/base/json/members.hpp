// SPDX-License-Identifier: Apache-2.0
// The members of a JSON object whose names are not known beforehand.
#ifndef LEEWAY_SRC_BASE_JSON_MEMBERS_HPP
#define LEEWAY_SRC_BASE_JSON_MEMBERS_HPP

#include "base/json/text_writer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace leeway::json {

/// Takes members in any order and writes them in that of canonical JSON (RFC 8785). Of two with one
/// name the first counts. Names and texts are told as `utf8_text` does.
class members {
 public:
  void text(std::string_view name, std::string_view value);
  /// A value that is canonical JSON already.
  void json(std::string_view name, std::string value);

  bool empty() const { return all_.empty(); }
  /// The object.
  void write(text_writer& to);

 private:
  struct member {
    std::string name{};
    std::string value{};
  };
  std::vector<member> all_{};
};

}  // namespace leeway::json

#endif
