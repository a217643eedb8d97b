// SPDX-License-Identifier: Apache-2.0
// A network with faults between a client and a PostgreSQL server: it knows enough of the protocol
// to see a COMMIT pass by.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace leeway::test {

/// Where a connection is cut.
enum class cut : std::uint8_t {
  before_commit,  ///< the server gets what comes before the COMMIT, and then the end
  after_commit,   ///< the server has committed; the client never hears of it
};

/// Listens on a unix socket in a folder of its own and passes everything on to the server's. All
/// settings hold for connections there are and those to come. Thread-safe.
class proxy {
 public:
  /// `server_socket` is the path of the server's unix socket.
  explicit proxy(const std::string& server_socket);
  /// Cuts everything.
  ~proxy();
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;

  /// The folder of its socket: clients name it as their host.
  const std::string& folder() const;

  /// Cuts the connection on which the n-th COMMIT from now is sent; later ones pass.
  void cut_at_commit(cut where, std::uint64_t nth = 1);
  /// Cuts every connection now.
  void cut_all();
  /// Closes new connections at once while on.
  void refuse(bool on);
  /// Swallows everything while on: connections stay open, and silent. What came meanwhile is passed
  /// on when it is switched off.
  void black_hole(bool on);
  /// Everything takes that much longer, each way.
  void delay(std::chrono::milliseconds each_way);

  std::uint64_t connections() const;  ///< that clients have opened so far
  std::uint64_t commits() const;      ///< that clients have sent
  std::uint64_t round_trips() const;  ///< how often a client sent something and waited for answers
  std::uint64_t cuts() const;         ///< planned ones that have struck

 private:
  class loop;
  std::unique_ptr<loop> loop_;
};

}  // namespace leeway::test
