// SPDX-License-Identifier: Apache-2.0
/// \file
/// The lints: warnings about what a policy allows but probably does not mean.
#pragma once

#include <leeway/base/diagnostic.hpp>

#include <span>
#include <string>
#include <string_view>

namespace leeway {

/// A kind of warning that loading a policy can give. docs/lints.md has a section on each.
struct lint_text {
  std::string_view code{};     ///< as in `diagnostic::code`; stable
  std::string_view meaning{};  ///< one line: what the policy does
  std::string_view remedy{};   ///< one line: what to do about it
};

/// Every kind there is, by code. Thread-safe.
std::span<const lint_text> all_lints() noexcept;
/// The one with that code; nullptr when there is none. Thread-safe.
const lint_text* find_lint(std::string_view code) noexcept;

/// A warning that the policy itself silences.
struct silenced_lint {
  diagnostic what{};
  std::string because{};  ///< the policy's own reason
};

}  // namespace leeway
