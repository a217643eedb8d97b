// SPDX-License-Identifier: Apache-2.0
// Reads requests, as documents of their own and as part of others (records, test cases).
#pragma once

#include "base/json/object_reader.hpp"

#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/request.hpp>

#include <string_view>

namespace leeway::engine_json {

/// Whether a request must say its id, and one that is not empty.
enum class id_rule { required, optional };

/// Whether a request must say which action is proposed.
enum class action_rule { required, optional };

/// Reads the fields of a request from an open object, reporting to the reader's diagnostics. Keys
/// that are no request's are left for the caller, who calls `finish()`. With errors reported, what
/// is returned is only what could be understood.
request read_request(json::object_reader& fields, id_rule id = id_rule::required,
                     action_rule action = action_rule::required);

/// An instant, or a date, which stands for its midnight UTC.
result<instant> parse_instant_or_date(std::string_view text);

/// What the readers of this folder call the type of an amount, an instant ... in messages.
inline constexpr std::string_view an_amount = "an amount of money such as \"49.99 USD\"";
inline constexpr std::string_view an_instant = "an instant such as \"2026-11-21T15:04:05Z\"";
inline constexpr std::string_view an_instant_or_date =
    "an instant such as \"2026-11-21T15:04:05Z\" or a date such as \"2026-11-21\"";
inline constexpr std::string_view a_digest = "a digest such as \"sha256:...\"";

}  // namespace leeway::engine_json
