// SPDX-License-Identifier: Apache-2.0
// Facts from a file: `leeway eval --facts FILE`.
#pragma once

#include "cli/scope.hpp"

#include <leeway/base/diagnostic.hpp>

#include <string>

namespace leeway::cli {

/// Gives the names of a scope their values from a JSON object (with comments): `{"contact":
/// {"hours_late": 4}, "customer.flags": ["new"]}`. Groups and dots mean the same. A value is
/// written as a policy writes a constant, or says its type (`{"int": "4"}`); null is not known.
/// Without a policy its type is as it looks. Errors: all of them, each with its place.
diagnostics bind_facts(scope& names, const std::string& text, const std::string& file);

}  // namespace leeway::cli
