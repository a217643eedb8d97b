// SPDX-License-Identifier: Apache-2.0
// A connection to SQLite and its prepared statements.
#pragma once

#include <leeway/base/digest.hpp>
#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace leeway::sqlite {

/// How bad a failure is for the connection.
enum class harm : std::uint8_t {
  none = 0,
  task = 1,   ///< what was attempted failed; the next may succeed
  store = 2,  ///< nothing may be trusted until the file is opened again
};

/// Instants as nanoseconds since 1970, which fit for the years 1678 to 2261; those beyond are put
/// at the ends. Order is kept.
std::int64_t to_column(instant t);
instant to_instant(std::int64_t column);

class connection;

/// A prepared statement. Binds by position from 1; unbinds when it goes out of use. What fails is
/// remembered by the connection.
class statement {
 public:
  statement(connection& on, sqlite3_stmt* of) : on_(&on), of_(of) {}
  ~statement();
  statement(statement&& other) noexcept : on_(other.on_), of_(other.of_) { other.of_ = nullptr; }
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;
  statement& operator=(statement&&) = delete;

  /// Texts must outlive the statement's use.
  statement& bind(std::int64_t v);
  statement& bind(std::string_view text);
  statement& bind(const digest& d);
  statement& bind(const std::optional<std::int64_t>& v);
  statement& null();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  digest digest_at(int column) const;

 private:
  friend class connection;
  void bound(int code);

  connection* on_;
  sqlite3_stmt* of_;
  int next_{1};
};

/// Not synchronised.
class connection {
 public:
  connection() = default;
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  result<void> open(const std::string& file);
  result<void> execute(const char* sql);
  /// Prepares what `command` runs, so that those need no memory later.
  void prepare(const char* sql) { static_cast<void>(use(sql)); }
  /// Runs a statement without rows or parameters, whatever failed before. Its text has static
  /// lifetime. False: it failed.
  bool command(const char* sql);
  /// A statement by its text, which has static lifetime; prepared once.
  statement use(const char* sql);
  /// Steps: true while there is a row. False at the end, or when it failed: see `failed`.
  bool step(statement& s);
  /// The first failure since `forgive`.
  const std::optional<error>& failed() const { return failure_; }
  harm damage() const { return harm_; }
  void forgive();
  /// Remembers a failure that is not SQLite's: what was attempted must be undone.
  void refuse(error why);
  sqlite3* raw() const { return db_; }

 private:
  friend class statement;
  void fail_with(int code);

  sqlite3* db_{};
  std::map<const char*, sqlite3_stmt*> statements_{};
  std::optional<error> failure_{};
  harm harm_{harm::none};
};

}  // namespace leeway::sqlite
