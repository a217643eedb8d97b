// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/result.hpp>
#include <leeway/desk/store.hpp>

#include <memory>
#include <string>

namespace leeway {

/// Opens a store by its URL: `memory:` (of this process), `sqlite:FILE`, `postgres://...`. Errors:
/// `store_url` (no such kind of store, or not in this build), and those of the store.
result<std::shared_ptr<store>> open_store(const std::string& url);

}  // namespace leeway
