// SPDX-License-Identifier: Apache-2.0
// Requests and values as canonical JSON (RFC 8785). Here, not in the engine, because the digest of
// a request is taken over this form.
#pragma once

#include "base/json/text_writer.hpp"

#include <leeway/base/time.hpp>
#include <leeway/model/request.hpp>
#include <leeway/model/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace leeway::model_json {

/// Which parts of a request are written.
enum class request_part : std::uint8_t {
  everything = 1,
  record = 2,  ///< without history and stated usage: a record carries the usage that was seen
  digest = 3,  ///< what a sign-off answers: see `request_digest`
};

/// The instants of a request.
struct request_instants {
  instant at{};
  std::optional<instant> as_of{};
};

/// A request in its interchange form. What is unknown is left out; so is a number that is not
/// finite, because JSON has none.
void write(json::text_writer& to, const request& r, request_part part);
/// The same with other instants than its own.
void write(json::text_writer& to, const request& r, request_part part,
           const request_instants& when);
std::string canonical_text(const request& r, request_part part);

/// A value as interchange JSON: money, ratios, dates and times as strings, map keys as strings. Not
/// finite numbers become null.
void write(json::text_writer& to, const value& v);

}  // namespace leeway::model_json
