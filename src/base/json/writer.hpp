// SPDX-License-Identifier: Apache-2.0
// The way JSON goes out. Implementations need <nlohmann/json.hpp>, callers of this header do not.
#ifndef LEEWAY_SRC_BASE_JSON_WRITER_HPP
#define LEEWAY_SRC_BASE_JSON_WRITER_HPP

#include "base/json/node.hpp"

#include <leeway/base/diagnostic.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace leeway::json {

/// The value of a node, keys in document order. Positions are lost; `1.0` stays a floating number.
[[nodiscard]] nlohmann::ordered_json to_json(const node& value);

/// An object: severity, code, message, and where known remedy, file, pointer, line, column, offset,
/// length. Bytes that are not UTF-8 are replaced by U+FFFD.
[[nodiscard]] nlohmann::ordered_json to_json(const diagnostic& one);
/// An array of them.
[[nodiscard]] nlohmann::ordered_json to_json(const diagnostics& all);

/// One line without white space (JSON Lines). Never throws for bad text: U+FFFD replaces what is
/// not UTF-8. Not canonical: keys stay in their order.
[[nodiscard]] std::string dump(const nlohmann::ordered_json& value);
/// For people: two spaces a level, and a newline at the end.
[[nodiscard]] std::string dump_pretty(const nlohmann::ordered_json& value);

}  // namespace leeway::json

#endif
