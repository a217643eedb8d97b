// SPDX-License-Identifier: Apache-2.0
// Smaller expressions, for shrinking.
#ifndef LEEWAY_TESTS_REFERENCE_SMALLER_HPP
#define LEEWAY_TESTS_REFERENCE_SMALLER_HPP

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::reference {

/// The expression with one part replaced by a part of it, or by a constant; the largest steps
/// first. Many do not type-check: whoever tries them must see.
std::vector<std::string> smaller(std::string_view text);

/// The smallest expression found, by such steps, of which `fails` still holds.
std::string smallest(std::string text, const std::function<bool(const std::string&)>& fails);

}  // namespace leeway::reference

#endif
