// SPDX-License-Identifier: Apache-2.0
// One connection to a PostgreSQL server: several statements in one round trip, never waiting past a
// deadline, every failure a value that says what is known of it.
#pragma once

#include "desk/postgres/deadline.hpp"
#include "desk/postgres/parameters.hpp"

#include <leeway/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace leeway::postgres {

/// Why there is no answer.
enum class trouble : std::uint8_t {
  refused,  ///< the server answered with an error; what it was asked to do did not happen
  lost,     ///< the connection is gone; whether the server did it is not known
  late,     ///< the deadline passed; whether the server did it is not known
};

struct sql_error {
  trouble what{trouble::refused};
  std::string sqlstate{};  ///< five characters; empty when the server did not say
  std::string message{};   ///< for people, in one line
};

template <class T>
using attempt = result<T, sql_error>;

/// The rows of one statement. Columns are counted from 0 and read as their type is declared in the
/// statement; a wrong type is a mistake of the program (std::logic_error).
class rows {
 public:
  explicit rows(pg_result* owned);

  std::size_t size() const;
  bool is_null(std::size_t row, std::size_t column) const;
  std::int64_t integer(std::size_t row, std::size_t column) const;
  bool boolean(std::size_t row, std::size_t column) const;
  /// Of text and bytea; lives as long as these rows.
  std::string_view bytes(std::size_t row, std::size_t column) const;
  std::optional<std::int64_t> maybe_integer(std::size_t row, std::size_t column) const;
  std::optional<std::string> maybe_text(std::size_t row, std::size_t column) const;

 private:
  struct freed {
    void operator()(pg_result* r) const;
  };
  std::string_view value(std::size_t row, std::size_t column, std::size_t size) const;

  std::unique_ptr<pg_result, freed> result_;
};

/// SQL with `$1 ...`, prepared on each connection when it is first used there. Lives for ever.
struct statement {
  const char* name{};
  const char* sql{};
};

/// A statement to run.
struct call {
  const statement* what{};
  parameters with{};
};

/// Not thread-safe: one thread at a time.
class connection {
 public:
  /// Connects. `url` is libpq's: `postgres://user@host:port/database?option=value`, or several
  /// hosts.
  static attempt<connection> open(const std::string& url, deadline until);

  /// Runs all of it in one round trip, in order. The first that is refused ends it: those behind it
  /// are not run. Statements are not in a transaction unless BEGIN is among them; what is open
  /// after an error is rolled back by the next call of `roll_back`, or with the connection.
  ///
  /// After `lost` and `late` the connection is broken.
  attempt<std::vector<rows>> run(std::span<const call> calls, deadline until);
  attempt<rows> run(const call& one, deadline until);
  /// Runs SQL without parameters, several statements together: for schemas and settings.
  attempt<void> run_script(const std::string& sql, deadline until);

  /// Ends what is open after a refusal.
  attempt<void> roll_back(deadline until);

  /// Whether it may be used again, as far as can be known without asking the server: a server that
  /// went away is noticed.
  bool is_usable();
  bool is_broken() const { return broken_; }
  bool in_transaction() const;
  /// The number of the server's process, which serves this connection.
  int server_process() const;

 private:
  struct finished {
    void operator()(pg_conn* c) const;
  };
  using handle = std::unique_ptr<pg_conn, finished>;

  explicit connection(handle open) : handle_(std::move(open)) {}

  /// One answer that is awaited.
  struct step {
    const statement* prepares{};  ///< it only prepares that statement
  };

  bool send(std::span<const call> calls, std::vector<step>& steps);
  attempt<std::vector<rows>> receive(const std::vector<step>& steps, deadline until);
  attempt<pg_result*> next_result(deadline until);
  attempt<void> flush(deadline until);
  failure<sql_error> broken(sql_error why);
  failure<sql_error> lost();
  failure<sql_error> late();

  handle handle_;
  std::set<const statement*> prepared_{};
  bool broken_{};
  bool busy_{};  ///< answers are still to come; so it stays where memory ran out on the way
};

}  // namespace leeway::postgres
