// SPDX-License-Identifier: Apache-2.0
// Tokens to tree: the grammar of the Common Expression Language (langdef.md, "Syntax").
#pragma once

#include "condition/program.hpp"
#include "condition/tree.hpp"

#include <string_view>

namespace leeway::condition {

/// Reads one expression:
///
///     expr   = or ["?" or ":" expr]
///     or     = and {"||" and}            and  = rel {"&&" rel}
///     rel    = add {("<" | "<=" | ">" | ">=" | "==" | "!=" | "in") add}
///     add    = mul {("+" | "-") mul}     mul  = unary {("*" | "/" | "%") unary}
///     unary  = member | "!" {"!"} member | "-" {"-"} member
///     member = primary {"." field | "." name "(" [args] ")" | "[" expr "]"}
///     primary = ["."] name ["(" [args] ")"] | "(" expr ")" | "[" [args [","]] "]"
///             | "{" [expr ":" expr {"," expr ":" expr} [","]] "}" | literal
///
/// Everything wrong is reported, not only the first; what could not be read is `invalid` in the
/// tree. Never nullptr.
tree_ptr parse(std::string_view source, const compile_options& options, issues& found);

}  // namespace leeway::condition
