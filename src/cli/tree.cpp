// SPDX-License-Identifier: Apache-2.0
#include "cli/tree.hpp"

#include "cli/terminal.hpp"
#include "cli/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace leeway::cli {
namespace {

/// What a part of an expression came to.
std::string value_in_words(const expression_part& p) {
  if (p.status == expression_part::state::known) return printable(p.found);
  if (p.status == expression_part::state::unknown) return "not known";
  return "cannot be computed: " + printable(p.error);
}

/// A name of the policy, which means the same wherever it stands.
bool is_value(const expression_part& p) {
  return p.text.starts_with("values.") && std::ranges::all_of(p.text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '.';
         });
}

}  // namespace

void tree_printer::add(const std::string& label, const expression_part& p, std::size_t indent,
                       std::string& out) {
  std::string line = std::string(indent, ' ') + label;
  if (!p.item.empty()) line += "[" + printable(p.item) + "] ";
  line += on_one_line(p.text) + " = " + value_in_words(p);
  if (!p.decides) line = on_.painted(line + "  (decides nothing)", paint::dim);
  const bool again = is_value(p) && !told_.insert(p.text).second;
  if (again && !p.parts.empty()) {
    out += line + "  (as above)\n";
    return;
  }
  out += line + '\n';
  for (const auto& part : p.parts) add({}, part, indent + 2, out);
  if (p.left_out != 0) {
    out += fmt::format("{}... and {} more\n", std::string(indent + 2, ' '), p.left_out);
  }
}

}  // namespace leeway::cli
