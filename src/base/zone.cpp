// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "base/tzif.hpp"

#include <leeway/base/time.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <utility>

namespace leeway {
namespace detail {

class zone_data {
 public:
  zone_data(std::string name, tz_rules rules) : name_(std::move(name)), rules_(std::move(rules)) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] offset_span at(std::int64_t t) const noexcept { return rules_.at(t); }

 private:
  std::string name_;
  tz_rules rules_;
};

}  // namespace detail

namespace {

using detail::offset_span;
using detail::quoted;
using detail::zone_data;

constexpr std::int64_t seconds_per_day = 86'400;
/// No zone is ever farther from UTC (checked when a file is read).
constexpr std::int64_t largest_offset = 26 * 3600;

// ---- where the rules are

std::filesystem::path find_directory() {
  std::error_code ignored;
  // The environment variable of the C library and zic, so that all programs of a host agree.
  if (const char* set = std::getenv("TZDIR"); set != nullptr && *set != '\0') return set;
  constexpr std::array<const char*, 4> usual = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo",
                                                "/usr/share/lib/zoneinfo", "/etc/zoneinfo"};
  for (const char* path : usual) {
    if (std::filesystem::is_directory(path, ignored)) return path;
  }
  return usual[0];
}

const std::filesystem::path& directory() {
  static const std::filesystem::path found = find_directory();
  return found;
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string out{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return out;
}

std::string first_line(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string read_version() {
  for (const char* file : {"+VERSION", "version"}) {
    std::string line = first_line(directory() / file);
    if (!line.empty()) return line;
  }
  // Debian has neither; its one-file form of the rules begins with `# version 2026f`.
  const std::string line = first_line(directory() / "tzdata.zi");
  constexpr std::string_view prefix = "# version ";
  if (line.starts_with(prefix) && line.size() > prefix.size()) return line.substr(prefix.size());
  return "unknown";
}

// ---- names

/// A relative path of words that begin with a capital, as all names of zones are: never a way out
/// of the directory, nor `localtime`, `posixrules`, or the `right/` zones that count leap seconds.
bool is_zone_name(std::string_view name) noexcept {
  bool at_start = true;
  for (const char c : name) {
    if (at_start && !detail::is_upper(c)) return false;
    at_start = c == '/';
    const bool plain = detail::is_upper(c) || detail::is_lower(c) || detail::is_digit(c);
    if (!plain && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  return !at_start && name.size() <= 64;
}

/// Whether a text means to be a fixed offset: no zone's name begins so.
bool looks_like_offset(std::string_view name) noexcept {
  return name.starts_with('+') || name.starts_with('-') ||
         (!name.empty() && detail::is_digit(name.front()));
}

result<std::int32_t> parse_offset(std::string_view text) {
  std::string_view body = text;
  const bool negative = body.starts_with('-');
  if (negative || body.starts_with('+')) body.remove_prefix(1);
  const bool shaped = body.size() == 5 && body[2] == ':' && detail::all_digits(body.substr(0, 2)) &&
                      detail::all_digits(body.substr(3, 2));
  const std::int64_t hours = shaped ? *detail::to_int64(body.substr(0, 2)) : 24;
  const std::int64_t minutes = shaped ? *detail::to_int64(body.substr(3, 2)) : 60;
  if (hours > 23 || minutes > 59) {
    return fail("zone_syntax",
                quoted(text) + " is not an offset from UTC; write it like `+05:30` or `-07:00`");
  }
  const auto seconds = static_cast<std::int32_t>((hours * 60 + minutes) * 60);
  return negative ? -seconds : seconds;
}

std::string offset_name(std::int32_t seconds) {
  std::string out = seconds < 0 ? "-" : "+";
  const std::int32_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
  detail::append_padded(out, minutes / 60, 2);
  out += ':';
  detail::append_padded(out, minutes % 60, 2);
  return out;
}

result<detail::tz_rules> load_rules(std::string_view name) {
  const auto bytes = is_zone_name(name) ? read_file(directory() / name) : std::nullopt;
  if (bytes) return detail::tz_rules::parse(*bytes);
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory(), ignored)) {
    return fail("zone_data", "no time-zone data in `" + directory().string() +
                                 "`; install the system's tzdata package");
  }
  return fail("zone_unknown", quoted(name) +
                                  " is not a time zone; use a name of the IANA list, "
                                  "like `America/Denver`, or an offset, like `+05:30`");
}

/// Every zone asked for, for as long as the process lives: time_zone points into it. Never
/// destroyed, so that zones of static lifetime stay good.
class registry {
 public:
  static registry& get() {
    static auto* const made = new registry;
    return *made;
  }

  const zone_data* find(std::string_view name) const {
    const std::shared_lock lock(mutex_);
    const auto at = zones_.find(name);
    return at == zones_.end() ? nullptr : at->second.get();
  }

  const zone_data* insert(std::string name, detail::tz_rules rules) {
    auto made = std::make_unique<const zone_data>(name, std::move(rules));
    const std::unique_lock lock(mutex_);
    // Another thread may have been first; its zone is the one that counts.
    return zones_.try_emplace(std::move(name), std::move(made)).first->second.get();
  }

 private:
  mutable std::shared_mutex mutex_{};
  std::map<std::string, std::unique_ptr<const zone_data>, std::less<>> zones_{};
};

// ---- local time

offset_span span_at(const zone_data* data, std::int64_t t) noexcept {
  return data == nullptr ? offset_span{} : data->at(t);
}

/// Local seconds since 1970-01-01T00:00 on the wall.
std::int64_t local_seconds(const zone_data* data, instant t) noexcept {
  return std::clamp(t.seconds() + span_at(data, t.seconds()).offset, instant::min_seconds,
                    instant::max_seconds);
}

std::int64_t floor_days(std::int64_t seconds) noexcept {
  return seconds / seconds_per_day - (seconds % seconds_per_day < 0 ? 1 : 0);
}

instant clamped(std::int64_t seconds, std::int32_t nanos) noexcept {
  if (seconds < instant::min_seconds) return instant::min();
  return instant::make(seconds, nanos).value_or(instant::max());
}

}  // namespace

result<time_zone> time_zone::find(std::string_view name) {
  if (name == "UTC") return time_zone();
  registry& zones = registry::get();
  if (const zone_data* known = zones.find(name)) return time_zone(known);
  if (looks_like_offset(name)) {
    const auto offset = parse_offset(name);
    if (!offset) return fail(offset.error());
    return time_zone(zones.insert(offset_name(*offset), detail::tz_rules(*offset)));
  }
  auto rules = load_rules(name);
  if (!rules) return fail(rules.error());
  return time_zone(zones.insert(std::string(name), *std::move(rules)));
}

std::string_view time_zone::name() const noexcept {
  return data_ == nullptr ? std::string_view("UTC") : data_->name();
}

zone_offset time_zone::offset_at(instant t) const noexcept {
  const offset_span span = span_at(data_, t.seconds());
  zone_offset out;
  out.seconds = span.offset;
  out.begins = clamped(span.begins, 0);
  if (span.ends <= instant::max_seconds) out.ends = clamped(span.ends, 0);
  return out;
}

local_time time_zone::to_local(instant t) const noexcept {
  const std::int64_t local = local_seconds(data_, t);
  const std::int64_t days = floor_days(local);
  const auto rest = static_cast<int>(local - days * seconds_per_day);
  return {*civil_date::from_days(days), rest / 3600, rest / 60 % 60, rest % 60, t.nanos()};
}

civil_date time_zone::date_of(instant t) const noexcept {
  return *civil_date::from_days(floor_days(local_seconds(data_, t)));
}

instant time_zone::to_instant(civil_date date, std::int32_t seconds_of_day,
                              std::int32_t nanos) const noexcept {
  const std::int64_t wanted = days_from_civil(date) * seconds_per_day + seconds_of_day;
  // Walk the stretches from one that surely comes before: the first whose clocks reach the wanted
  // time has the earlier of two, and one whose clocks begin beyond it follows a gap.
  offset_span span = span_at(data_, wanted - largest_offset);
  while (true) {
    const std::int64_t t = wanted - span.offset;
    if (t < span.begins) return clamped(span.begins, 0);
    if (t < span.ends) return clamped(t, nanos);
    span = span_at(data_, span.ends);
  }
}

instant time_zone::start_of_day(civil_date date) const noexcept { return to_instant(date); }

std::string time_zone_data_version() {
  static const std::string version = read_version();
  return version;
}

}  // namespace leeway
