// SPDX-License-Identifier: Apache-2.0
#include "base/json/text_writer.hpp"

#include <leeway/desk/events.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace leeway {
namespace {

void put(json::text_writer& to, const std::string& text) { to.text(text); }
void put(json::text_writer& to, std::int64_t number) { to.number(number); }
void put(json::text_writer& to, const std::vector<std::string>& all) {
  to.begin_array();
  for (const std::string& one : all) to.text(one);
  to.end_array();
}

}  // namespace

std::string_view to_string(event_level level) {
  switch (level) {
    case event_level::info: return "info";
    case event_level::warning: return "warning";
    case event_level::error: break;
  }
  return "error";
}

std::string_view to_string(event_id id) {
  switch (id) {
    case event_id::started: return "started";
    case event_id::decided: return "decided";
    case event_id::transition: return "transition";
    case event_id::refused: return "refused";
    case event_id::policy_published: return "policy_published";
    case event_id::policy_suspended: return "policy_suspended";
    case event_id::policy_resumed: return "policy_resumed";
    case event_id::clock_jumped: return "clock_jumped";
    case event_id::clock_accepted: return "clock_accepted";
    case event_id::store_connected: return "store_connected";
    case event_id::store_retry: return "store_retry";
    case event_id::store_failed: return "store_failed";
    case event_id::store_closed: break;
  }
  return "store_closed";
}

const std::vector<event_id>& all_event_ids() {
  static const std::vector<event_id> all{
      event_id::started,         event_id::decided,          event_id::transition,
      event_id::refused,         event_id::policy_published, event_id::policy_suspended,
      event_id::policy_resumed,  event_id::clock_jumped,     event_id::clock_accepted,
      event_id::store_connected, event_id::store_retry,      event_id::store_failed,
      event_id::store_closed};
  return all;
}

std::string to_json(const event& e) {
  std::string out;
  json::text_writer to(out);
  to.begin_object();
  to.key("at");
  to.text(e.at.to_string());
  to.key("level");
  to.text(to_string(e.level));
  to.key("event");
  to.text(to_string(e.what));
  for (const event_field& one : e.fields) {
    to.key(one.name);
    std::visit([&](const auto& value) { put(to, value); }, one.value);
  }
  to.end_object();
  to.finish();
  return out;
}

struct event_file::content {
  int descriptor{-1};
  std::atomic<std::int64_t> lost{0};
};

result<std::shared_ptr<event_file>> event_file::open(const std::string& path) {
  auto made = std::make_unique<content>();
  made->descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (made->descriptor < 0) {
    return fail("events_unwritable",
                "cannot write events to `" + path + "`: " + std::strerror(errno));
  }
  return std::shared_ptr<event_file>(new event_file(std::move(made)));
}

event_file::event_file(std::unique_ptr<content> c) : content_(std::move(c)) {}
event_file::~event_file() { ::close(content_->descriptor); }

// One call a line: what is appended by one call is not torn apart by another's.
void event_file::write(const event& e) {
  const std::string line = to_json(e) + '\n';
  ssize_t done = -1;
  do {
    done = ::write(content_->descriptor, line.data(), line.size());
  } while (done < 0 && errno == EINTR);
  if (done != static_cast<ssize_t>(line.size())) ++content_->lost;
}

std::int64_t event_file::lost() const { return content_->lost; }

event_sink sink_to(std::shared_ptr<event_file> file) {
  return [file = std::move(file)](const event& e) { file->write(e); };
}

}  // namespace leeway
