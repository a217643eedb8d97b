// SPDX-License-Identifier: Apache-2.0
// The SQL that a store sends to SQLite, listened to, and sent again without a desk.
#ifndef LEEWAY_BENCH_DESK_BARE_SQLITE_HPP
#define LEEWAY_BENCH_DESK_BARE_SQLITE_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace leeway_bench {

using sqlite_blob = std::vector<unsigned char>;
/// What is bound to a parameter.
using sqlite_value = std::variant<std::monostate, std::int64_t, std::string, sqlite_blob>;

/// One statement as it was run.
struct sqlite_statement {
  std::string sql{};
  std::vector<sqlite_value> values{};
};

/// Listens to every connection that is opened while `work` runs, and returns what it was told.
std::vector<sqlite_statement> statements_of(const std::function<void()>& work);

/// A connection of its own that does nothing but bind, step and reset.
class bare_sqlite {
 public:
  /// Opens a file.
  explicit bare_sqlite(const std::string& file);
  ~bare_sqlite();
  bare_sqlite(const bare_sqlite&) = delete;
  bare_sqlite& operator=(const bare_sqlite&) = delete;

  void run(std::span<const sqlite_statement> all);
  /// The first column of the first row.
  std::string told(const char* sql);

 private:
  sqlite3_stmt* prepared(const std::string& sql);
  void run(const sqlite_statement& one);

  sqlite3* db_{};
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_{};
};

}  // namespace leeway_bench

#endif
