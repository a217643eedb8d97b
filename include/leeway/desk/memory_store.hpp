// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/desk/store.hpp>

#include <memory>

namespace leeway {

/// A store in memory, which ends with the process: for tests, trying out, and deciding a file of
/// requests one after another. It keeps the same promises as the others, but that nothing of it is
/// durable. Where memory runs out in the middle of a change it is closed. Thread-safe.
std::shared_ptr<store> make_memory_store();

}  // namespace leeway
