// SPDX-License-Identifier: Apache-2.0
#include <leeway/desk/memory_store.hpp>
#include <leeway/desk/open.hpp>
#include <leeway/desk/sqlite_store.hpp>

#include <string_view>

namespace leeway {

result<std::shared_ptr<store>> open_store(const std::string& url) {
  constexpr std::string_view sqlite = "sqlite:";
  if (url == "memory:") return make_memory_store();
  if (url.starts_with(sqlite) && url.size() > sqlite.size()) {
    return open_sqlite_store(url.substr(sqlite.size()));
  }
  return fail("store_url", "no store `" + url + "`; there are `memory:` and `sqlite:FILE`");
}

}  // namespace leeway
