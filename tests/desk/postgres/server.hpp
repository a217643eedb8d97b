// SPDX-License-Identifier: Apache-2.0
// PostgreSQL servers for tests. tests/desk/postgres/server, the script, says how one is started.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace leeway::test {

/// A server of a test's own, to stop and to kill. It ends with this object, and with this process
/// however it ends.
class own_server {
 public:
  enum class disk { fast, durable };
  explicit own_server(disk waits = disk::fast);
  ~own_server();
  own_server(const own_server&) = delete;
  own_server& operator=(const own_server&) = delete;

  /// Why there is no server; then nothing else may be called.
  const std::optional<std::string>& missing() const { return missing_; }

  /// Of its database `postgres`.
  std::string url() const;
  /// The folder of its socket.
  const std::string& folder() const { return folder_; }
  std::string socket() const { return folder_ + "/.s.PGSQL.5432"; }

  void start();
  /// As an administrator in a hurry: clients are thrown out, what is under way is lost.
  void stop_immediately();
  /// SIGKILL to every process of the server.
  void kill();
  /// Of a server that is stopped: keeps a copy of its data, and puts it in the data's place.
  void keep_copy();
  void restore_copy();

 private:
  std::string folder_{};
  std::optional<std::string> missing_{};
};

/// The URL of the server that ctest's fixture has started, else of one that ends with this process;
/// nothing: no server can be had.
std::optional<std::string> shared_server();

/// An empty database on a server, dropped again at the end.
class fresh_database {
 public:
  explicit fresh_database(const std::string& server_url);
  ~fresh_database();
  fresh_database(const fresh_database&) = delete;
  fresh_database& operator=(const fresh_database&) = delete;

  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }

 private:
  std::string server_{};
  std::string name_{};
  std::string url_{};
};

/// Runs SQL on a connection of its own, and returns the first column of the last result. Throws
/// std::runtime_error with the server's message.
std::vector<std::string> query(const std::string& url, const std::string& sql);
/// The first of them; empty when there is none.
std::string query_one(const std::string& url, const std::string& sql);

/// `url` with another host: a folder of sockets, or an address.
std::string with_host(const std::string& url, const std::string& host);

}  // namespace leeway::test

/// Ends the test as skipped where no server can be had.
#define LEEWAY_NEEDS_POSTGRESQL()                                                      \
  if (!leeway::test::shared_server()) {                                                \
    GTEST_SKIP() << "no PostgreSQL server can be had; install the package postgresql"; \
  }                                                                                    \
  static_assert(true)
