// SPDX-License-Identifier: Apache-2.0
// Tree to resolved tree: names, types, overloads, guards of optional names, use of the amount.
#pragma once

#include "condition/node.hpp"
#include "condition/tree.hpp"

#include <string_view>

namespace leeway::condition {

/// Resolves and checks the whole tree, reporting everything wrong with it. The node is meaningful
/// only when no error was added to `found`. Never nullptr.
node_ptr check(const tree& root, std::string_view source, const environment& env,
               const compile_options& options, issues& found);

/// The facts a tree reads, through references too: sorted, without repeats.
std::vector<slot> facts_read(const node& root);

}  // namespace leeway::condition
