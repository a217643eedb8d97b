// SPDX-License-Identifier: Apache-2.0
// Requests and values as JSON trees. Here, not in the engine, because the digest of a request is
// taken over this form.
#pragma once

#include "base/json/text_writer.hpp"

#include <leeway/model/request.hpp>
#include <leeway/model/value.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace leeway::model_json {

/// Which parts of a request are written.
enum class request_part : std::uint8_t {
  everything = 1,
  record = 2,  ///< without history and stated usage: a record carries the usage that was seen
  digest = 3,  ///< what a sign-off answers: see `request_digest`
};

/// A request in its interchange form. What is unknown is left out; so is a number that is not
/// finite, because JSON has none.
nlohmann::json to_tree(const request& r, request_part part);

/// A value as interchange JSON: money, ratios, dates and times as strings, map keys as strings. Not
/// finite numbers become null.
nlohmann::json to_tree(const value& v);

using json::utf8_text;

}  // namespace leeway::model_json
