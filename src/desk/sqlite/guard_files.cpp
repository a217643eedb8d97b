// SPDX-License-Identifier: Apache-2.0
#include "desk/sqlite/guard_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

namespace leeway::sqlite {
namespace {

constexpr std::size_t mark_size = 21;  // 20 digits and a line end

constexpr mode_t owner_only = 0600;

/// Opens a file, or makes one. Whoever may see a store's may see who was given what.
int open_file(const std::string& path) {
  const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only);
  if (made < 0) return errno == EEXIST ? ::open(path.c_str(), O_RDWR | O_CLOEXEC) : made;
  // An unusual umask must not keep the owner out.
  static_cast<void>(::fchmod(made, owner_only));
  return made;
}

/// The whole number that a file begins with.
std::optional<std::int64_t> number_in(int descriptor) {
  std::array<char, mark_size> bytes{};
  const auto got = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  if (got <= 0) return std::nullopt;
  std::int64_t out = 0;
  const char* end = bytes.data() + got;
  const auto read = std::from_chars(bytes.data(), end, out);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != '\n') return std::nullopt;
  return out;
}

/// Needs no memory: what it tells of is done.
bool write_number(int descriptor, std::int64_t number) noexcept {
  std::array<char, mark_size> text{};
  text.fill('0');
  text.back() = '\n';
  for (std::size_t at = mark_size - 1; at-- > 0 && number > 0; number /= 10) {
    text[at] = static_cast<char>('0' + number % 10);
  }
  return ::pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

}  // namespace

result<void> may_hold_store(const std::string& file) {
  constexpr std::string_view begins("SQLite format 3\0", 16);
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) {
    if (errno != ENOENT) {
      return fail("store_failed", "cannot open `" + file + "`: " + std::strerror(errno));
    }
    const std::string folder = std::filesystem::path(file).parent_path().string();
    if (folder.empty() || std::filesystem::is_directory(folder)) return {};
    return fail("store_failed",
                "cannot make `" + file + "`: there is no folder `" + folder + "`; make it first");
  }
  std::array<char, begins.size()> bytes{};
  const auto got = ::pread(opened, bytes.data(), bytes.size(), 0);
  const bool is_folder = got < 0 && errno == EISDIR;
  ::close(opened);
  if (is_folder) return fail("store_failed", "`" + file + "` is a folder; name a file in it");
  // A store whose first page was torn is mended from its log; it has a lock beside it.
  if (got <= 0 || std::string_view(bytes.data(), static_cast<std::size_t>(got)) == begins ||
      ::access((file + ".lock").c_str(), F_OK) == 0) {
    return {};
  }
  return fail(
      "store_unknown_format",
      "`" + file + "` is no store, but another kind of file; give a store a file of its own");
}

result<void> make_private_file(const std::string& path) {
  const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only);
  if (made < 0) {
    if (errno == EEXIST) return {};
    return fail("store_failed", "cannot make `" + path + "`: " + std::strerror(errno));
  }
  static_cast<void>(::fchmod(made, owner_only));
  ::close(made);
  return {};
}

owner_lock::~owner_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

result<void> owner_lock::take(const std::string& file) {
  const std::string path = file + ".lock";
  const int opened = open_file(path);
  if (opened < 0) {
    return fail("store_failed", "cannot open `" + path + "`: " + std::strerror(errno));
  }
  if (::flock(opened, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    const std::string why = std::strerror(errno);
    const auto owner = number_in(opened);
    ::close(opened);
    if (!held) return fail("store_failed", "cannot lock `" + path + "`: " + why);
    return fail("store_in_use",
                "`" + file + "` is open in another process" +
                    (owner ? " (" + std::to_string(*owner) + ")" : std::string()) +
                    "; a store in a file belongs to one process, PostgreSQL serves several");
  }
  descriptor_ = opened;
  static_cast<void>(write_number(opened, ::getpid()));
  return {};
}

high_water_mark::~high_water_mark() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void high_water_mark::open(const std::string& file) { descriptor_ = open_file(file + ".mark"); }

std::optional<std::int64_t> high_water_mark::read() const {
  return descriptor_ < 0 ? std::nullopt : number_in(descriptor_);
}

void high_water_mark::write(std::int64_t position) {
  if (descriptor_ >= 0) static_cast<void>(write_number(descriptor_, position));
}

}  // namespace leeway::sqlite
