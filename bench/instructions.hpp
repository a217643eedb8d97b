// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace leeway_bench {

/// The instructions this thread has retired in user mode; nothing where the machine does not count
/// them (virtual machines often do not) or does not let us ask.
std::optional<std::uint64_t> instructions();

/// Does the work. A tool that counts instructions by function is told this one's name.
void counted(const std::function<void()>& work);

}  // namespace leeway_bench
