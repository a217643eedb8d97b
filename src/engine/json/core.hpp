// SPDX-License-Identifier: Apache-2.0
// The canonical core of a decision, and the usage it saw, straight to text. Keys come in the order
// of canonical JSON (RFC 8785).
#pragma once

#include "base/json/text_writer.hpp"

#include <leeway/engine/decision.hpp>
#include <leeway/engine/usage.hpp>

#include <string>
#include <string_view>

namespace leeway::engine_json {

/// `usage`: what `usage_text` makes of the decision's.
void write_core(json::text_writer& to, const decision& d, std::string_view usage);

/// Usage as a record carries it: `{"values": {...}, "zero_by_default": false}`. An id's value holds
/// what is known of `amount`, `at_least`, `count`, `keys`, `last_at` and `resets`.
std::string usage_text(const usage& u);

}  // namespace leeway::engine_json
