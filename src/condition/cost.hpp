// SPDX-License-Identifier: Apache-2.0
// The worst-case cost of evaluating a node, before anything is known of the request.
#pragma once

#include "condition/node.hpp"

namespace leeway::condition {

/// Sets cost, extent and depth of `n` from its children, which must have theirs.
///
/// A step is about one operation on one scalar. Lists and maps of a request are taken to be
/// `options.list_limit` long, its strings 256 bytes; everything saturates.
void measure(node& n, const compile_options& options);

/// The longest list, map (entries) or string (bytes) at any level of a value, at least 1.
std::uint64_t extent_of(const value& v);

}  // namespace leeway::condition
