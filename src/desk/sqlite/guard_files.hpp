// SPDX-License-Identifier: Apache-2.0
// The files of a store: its own, and the two small ones beside it that tell who has it open and how
// far it was acknowledged.
#pragma once

#include <leeway/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace leeway::sqlite {

/// Makes a file that only its owner can read and write, whatever the umask; SQLite gives those it
/// makes beside it the same mode. A file that is there is left as it is. Error: `store_failed`.
result<void> make_private_file(const std::string& path);

/// Whether a store may be in this file, or be made there: before anything is made beside it.
/// Errors: `store_failed` (no such folder, a folder, not to be read), `store_unknown_format`
/// (another file).
result<void> may_hold_store(const std::string& file);

/// Holds FILE.lock for as long as it lives: one process, and one store in it, has the file open.
/// The system lets go of it when the process ends, however it ends.
class owner_lock {
 public:
  owner_lock() = default;
  ~owner_lock();
  owner_lock(const owner_lock&) = delete;
  owner_lock& operator=(const owner_lock&) = delete;
  /// Errors: `store_in_use`, `store_failed`.
  result<void> take(const std::string& file);

 private:
  int descriptor_{-1};
};

/// FILE.mark: the position of the last record that was acknowledged. It is written after every
/// commit and never synced, so it is never ahead of the file, unless what the disk had confirmed is
/// not there. A mark that cannot be read or written is none.
class high_water_mark {
 public:
  high_water_mark() = default;
  ~high_water_mark();
  high_water_mark(const high_water_mark&) = delete;
  high_water_mark& operator=(const high_water_mark&) = delete;
  void open(const std::string& file);
  std::optional<std::int64_t> read() const;
  void write(std::int64_t position);

 private:
  int descriptor_{-1};
};

}  // namespace leeway::sqlite
