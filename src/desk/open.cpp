// SPDX-License-Identifier: Apache-2.0
#include <leeway/desk/memory_store.hpp>
#include <leeway/desk/open.hpp>
#include <leeway/desk/postgres_store.hpp>
#include <leeway/desk/sqlite_store.hpp>

#include <string_view>

namespace leeway {

result<std::shared_ptr<store>> open_store(const std::string& url) {
  constexpr std::string_view sqlite = "sqlite:";
  if (url == "memory:") return make_memory_store();
  if (url.starts_with(sqlite) && url.size() > sqlite.size()) {
    return open_sqlite_store(url.substr(sqlite.size()));
  }
  if (url.starts_with("postgres://") || url.starts_with("postgresql://")) {
    return open_postgres_store({.url = url});
  }
  return fail("store_url", "no store `" + url +
                               "`; there are `memory:`, `sqlite:FILE` and "
                               "`postgres://user@host/database`");
}

#ifndef LEEWAY_SQLITE
result<std::shared_ptr<store>> open_sqlite_store(const std::string& /*file*/,
                                                 const sqlite_options& /*options*/) {
  return fail("store_url", "this build has no SQLite: build it with LEEWAY_WITH_SQLITE=ON");
}
#endif

#ifndef LEEWAY_POSTGRESQL
result<std::shared_ptr<store>> open_postgres_store(const postgres_options& /*options*/) {
  return fail("store_url", "this build has no PostgreSQL: build it where libpq is (libpq-dev)");
}
#endif

}  // namespace leeway
