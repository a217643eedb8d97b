// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/proxy.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <deque>
#include <filesystem>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace leeway::test {
namespace {

using clock = std::chrono::steady_clock;

/// A file descriptor, closed at the end.
class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {
    if (number < 0) throw std::runtime_error(std::strerror(errno));
  }
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&&) = delete;
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

sockaddr_un address_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  if (path.size() >= sizeof out.sun_path)
    throw std::runtime_error("too long for a socket: " + path);
  std::memcpy(out.sun_path, path.data(), path.size());
  return out;
}

descriptor unix_socket() { return descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

std::uint32_t length_at(std::string_view bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

/// The text up to the next zero byte; takes it off `bytes`.
std::string take_text(std::string_view& bytes) {
  const auto end = std::min(bytes.find('\0'), bytes.size());
  std::string out(bytes.substr(0, end));
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return out;
}

std::string make_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "leeway-proxy-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return pattern;
}

/// The next whole message of a direction, or nothing. `typed`: it begins with a letter.
std::optional<std::string> take_message(std::string& unread, bool typed) {
  const std::size_t head = typed ? 1 : 0;
  if (unread.size() < head + 4) return std::nullopt;
  const std::size_t size = head + length_at(unread, head);
  if (unread.size() < size) return std::nullopt;
  std::string out = unread.substr(0, size);
  unread.erase(0, size);
  return out;
}

/// What is on its way in one direction.
struct direction {
  struct chunk {
    clock::time_point due{};
    std::string bytes{};
  };
  std::string unread{};  ///< not a whole message yet
  std::deque<chunk> held{};
};

struct session {
  descriptor client;
  descriptor server;
  direction up{};                   ///< from the client to the server
  direction down{};                 ///< from the server to the client
  bool started{};                   ///< the first message, which has no type, has passed
  std::set<std::string> commits{};  ///< names of the prepared statements that commit
  bool withholds{};                 ///< the answer to a COMMIT, at which the cut is
  bool dead{};
};

}  // namespace

class proxy::loop {
 public:
  explicit loop(const std::string& server_socket);
  ~loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  struct settings {
    std::optional<cut> where{};
    std::uint64_t commits_left{};
    bool black_hole{};
    bool refuses{};
    std::chrono::milliseconds delay{};
  };
  struct figures {
    std::uint64_t connections{};
    std::uint64_t commits{};
    std::uint64_t round_trips{};
    std::uint64_t cuts{};
  };

  /// Changes the settings, and wakes the thread.
  template <class Change>
  void set(const Change& change) {
    const std::lock_guard lock(mutex_);
    change(settings_);
    wake();
  }
  void cut_all();
  figures seen() const {
    const std::lock_guard lock(mutex_);
    return figures_;
  }
  const std::string& folder() const { return folder_; }

 private:
  void run();
  void round(const std::vector<pollfd>& watched);
  int timeout() const;
  void accept_client();
  void read(session& s, bool from_client);
  void parse_up(session& s);
  void parse_down(session& s);
  static bool commits(session& s, std::string_view message);
  void strike(session& s);
  void pass(direction& way, std::string bytes) const;
  void deliver(session& s);
  static bool send_due(direction& way, int to, clock::time_point now);
  void wake() const { eventfd_write(wake_.number(), 1); }

  std::string server_socket_;
  std::string folder_;
  descriptor listener_;
  descriptor wake_;
  mutable std::mutex mutex_{};
  settings settings_{};
  figures figures_{};
  std::list<session> sessions_{};
  bool stops_{};
  std::thread thread_{};
};

proxy::loop::loop(const std::string& server_socket)
    : server_socket_(server_socket),
      folder_(make_folder()),
      listener_(unix_socket()),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  const sockaddr_un address = address_of(folder_ + "/.s.PGSQL.5432");
  if (bind(listener_.number(), generic(address), sizeof address) != 0 ||
      listen(listener_.number(), 64) != 0) {
    throw std::runtime_error(std::strerror(errno));
  }
  thread_ = std::thread([this] { run(); });
}

proxy::loop::~loop() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
    wake();
  }
  thread_.join();
  std::filesystem::remove_all(folder_);
}

void proxy::loop::cut_all() {
  const std::lock_guard lock(mutex_);
  sessions_.clear();
  wake();
}

void proxy::loop::run() {
  while (true) {
    std::vector<pollfd> watched;
    int wait = 0;
    {
      const std::lock_guard lock(mutex_);
      if (stops_) return;
      watched.push_back({.fd = wake_.number(), .events = POLLIN, .revents = 0});
      watched.push_back({.fd = listener_.number(), .events = POLLIN, .revents = 0});
      for (const session& s : sessions_) {
        watched.push_back({.fd = s.client.number(), .events = POLLIN, .revents = 0});
        watched.push_back({.fd = s.server.number(), .events = POLLIN, .revents = 0});
      }
      wait = timeout();
    }
    if (poll(watched.data(), watched.size(), wait) < 0 && errno != EINTR) return;
    const std::lock_guard lock(mutex_);
    round(watched);
  }
}

/// Until the next chunk is due, in milliseconds; -1: until something comes.
int proxy::loop::timeout() const {
  if (settings_.black_hole) return -1;
  std::optional<clock::time_point> first;
  for (const session& s : sessions_) {
    for (const direction* way : {&s.up, &s.down}) {
      if (way->held.empty()) continue;
      first = std::min(first.value_or(way->held.front().due), way->held.front().due);
    }
  }
  if (!first) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

void proxy::loop::round(const std::vector<pollfd>& watched) {
  eventfd_t wakings = 0;
  eventfd_read(wake_.number(), &wakings);
  const auto readable = [&](const descriptor& d) {
    return std::ranges::any_of(
        watched, [&](const pollfd& p) { return p.fd == d.number() && p.revents != 0; });
  };
  if (readable(listener_)) accept_client();
  for (session& s : sessions_) {
    if (!settings_.black_hole && readable(s.client)) read(s, true);
    if (!settings_.black_hole && !s.dead && readable(s.server)) read(s, false);
    if (!settings_.black_hole && !s.dead) deliver(s);
  }
  sessions_.remove_if([](const session& s) { return s.dead; });
}

void proxy::loop::accept_client() {
  const int client = accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  descriptor mine(client);
  if (settings_.refuses) return;
  descriptor server = unix_socket();
  const sockaddr_un address = address_of(server_socket_);
  // Where there is no server the client finds its connection closed.
  if (connect(server.number(), generic(address), sizeof address) != 0) return;
  ++figures_.connections;
  sessions_.push_back({.client = std::move(mine), .server = std::move(server)});
}

void proxy::loop::read(session& s, bool from_client) {
  std::array<char, 65536> buffer{};
  const int from = (from_client ? s.client : s.server).number();
  const ssize_t got = recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    s.dead = true;
    return;
  }
  direction& way = from_client ? s.up : s.down;
  way.unread.append(buffer.data(), static_cast<std::size_t>(got));
  if (from_client) {
    parse_up(s);
  } else {
    parse_down(s);
  }
}

void proxy::loop::parse_up(session& s) {
  while (!s.dead) {
    auto message = take_message(s.up.unread, s.started);
    if (!message) return;
    if (!std::exchange(s.started, true)) {
      pass(s.up, *std::move(message));
      continue;
    }
    if (message->front() == 'S' || message->front() == 'Q') ++figures_.round_trips;
    if (commits(s, *message)) {
      ++figures_.commits;
      if (settings_.where && --settings_.commits_left == 0) strike(s);
      if (s.dead) return;
    }
    pass(s.up, *std::move(message));
  }
}

/// The planned cut is at the COMMIT that comes now.
void proxy::loop::strike(session& s) {
  ++figures_.cuts;
  if (*std::exchange(settings_.where, std::nullopt) == cut::before_commit) {
    send_due(s.up, s.server.number(), clock::time_point::max());
    s.dead = true;
  } else {
    s.withholds = true;
  }
}

/// Whether a message runs a COMMIT: as text, or by binding a statement prepared with that text.
bool proxy::loop::commits(session& s, std::string_view message) {
  std::string_view rest = message.substr(5);
  switch (message.front()) {
    case 'Q': return rest.starts_with("COMMIT");
    case 'P': {
      const std::string name = take_text(rest);
      if (rest.starts_with("COMMIT")) s.commits.insert(name);
      return false;
    }
    case 'B': {
      take_text(rest);  // the portal
      return s.commits.contains(take_text(rest));
    }
    default: return false;
  }
}

void proxy::loop::parse_down(session& s) {
  while (auto message = take_message(s.down.unread, true)) {
    const std::string_view body = std::string_view(*message).substr(5);
    if (s.withholds && message->front() == 'C' && body.starts_with("COMMIT")) {
      s.dead = true;
      return;
    }
    if (message->front() == 'Z') s.withholds = false;  // it came to no commit
    pass(s.down, *std::move(message));
  }
}

void proxy::loop::pass(direction& way, std::string bytes) const {
  way.held.push_back({.due = clock::now() + settings_.delay, .bytes = std::move(bytes)});
}

void proxy::loop::deliver(session& s) {
  const auto now = clock::now();
  if (!send_due(s.up, s.server.number(), now)) s.dead = true;
  if (!s.withholds && !send_due(s.down, s.client.number(), now)) s.dead = true;
}

bool proxy::loop::send_due(direction& way, int to, clock::time_point now) {
  while (!way.held.empty() && way.held.front().due <= now) {
    const std::string& bytes = way.held.front().bytes;
    if (send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
      return false;
    }
    way.held.pop_front();
  }
  return true;
}

proxy::proxy(const std::string& server_socket) : loop_(std::make_unique<loop>(server_socket)) {}
proxy::~proxy() = default;

const std::string& proxy::folder() const { return loop_->folder(); }

void proxy::cut_at_commit(cut where, std::uint64_t nth) {
  loop_->set([&](loop::settings& s) {
    s.where = where;
    s.commits_left = nth;
  });
}

void proxy::cut_all() { loop_->cut_all(); }

void proxy::refuse(bool on) {
  loop_->set([&](loop::settings& s) { s.refuses = on; });
}

void proxy::black_hole(bool on) {
  loop_->set([&](loop::settings& s) { s.black_hole = on; });
}

void proxy::delay(std::chrono::milliseconds each_way) {
  loop_->set([&](loop::settings& s) { s.delay = each_way; });
}

std::uint64_t proxy::connections() const { return loop_->seen().connections; }
std::uint64_t proxy::commits() const { return loop_->seen().commits; }
std::uint64_t proxy::round_trips() const { return loop_->seen().round_trips; }
std::uint64_t proxy::cuts() const { return loop_->seen().cuts; }

}  // namespace leeway::test
