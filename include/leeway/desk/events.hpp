// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a desk tells a log: what happened, by ids and codes. docs/desk-observability.md lists every
/// event with its fields.
#pragma once

#include <leeway/base/result.hpp>
#include <leeway/base/time.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace leeway {

/// How much an event matters to whoever runs a desk.
enum class event_level : std::uint8_t {
  info = 1,     ///< as it should be
  warning = 2,  ///< a refusal that somebody may have to look at, or trouble that mended itself
  error = 3,    ///< the desk cannot work as it is
};
/// `info`, `warning` or `error`.
std::string_view to_string(event_level level);

/// What happened.
enum class event_id : std::uint8_t {
  started = 1,
  decided = 2,
  transition = 3,
  refused = 4,
  policy_published = 5,
  policy_suspended = 6,
  policy_resumed = 7,
  clock_jumped = 8,
  clock_accepted = 9,
  store_connected = 10,
  store_retry = 11,
  store_failed = 12,
  store_closed = 13,
};
/// Stable names: `started`, `decided` ...
std::string_view to_string(event_id id);
/// Every event there is, in numeric order.
const std::vector<event_id>& all_event_ids();

/// One fact of an event.
struct event_field {
  std::string_view name{};
  std::variant<std::string, std::int64_t, std::vector<std::string>> value{};
};

/// Something that happened at a desk.
///
/// It holds ids, codes and numbers only: no customer, no agent, no approver, no fact of a request
/// and nothing that somebody wrote by hand. Who may see those looks at the decision by its id.
struct event {
  instant at{};  ///< by the desk's clock, as it is
  event_level level{event_level::info};
  event_id what{event_id::started};
  std::vector<event_field> fields{};
};

/// An event as one line of JSON, without a line end.
std::string to_json(const event& e);

/// Where events go. Called on the thread on which something happened, by many at once. It must not
/// call the desk; what it throws is ignored.
using event_sink = std::function<void(const event&)>;

/// A file of events, a line of JSON each. Thread-safe: a line is written whole, behind what is
/// there, also where several processes write the same file. Nothing of it is synced.
class event_file {
 public:
  /// Opens a file, or makes it, readable to its owner alone. Error: `events_unwritable`.
  static result<std::shared_ptr<event_file>> open(const std::string& path);
  ~event_file();
  event_file(const event_file&) = delete;
  event_file& operator=(const event_file&) = delete;

  void write(const event& e);
  /// How many events could not be written.
  std::int64_t lost() const;

 private:
  struct content;
  explicit event_file(std::unique_ptr<content> c);
  std::unique_ptr<content> content_;
};

/// A sink that writes to the file, which lives as long as the sink.
event_sink sink_to(std::shared_ptr<event_file> file);

}  // namespace leeway
