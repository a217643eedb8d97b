// SPDX-License-Identifier: Apache-2.0
// A disk with faults, for tests of what stands on SQLite: a VFS around the system's own. Files are
// the real ones and every change goes to them at once, as it goes to the system's page cache; the
// disk remembers besides what was synced. When power is cut every call fails; when it is restored
// the real files hold what a disk would have kept.
//
//   faulty_disk disk;
//   disk.make_default();
//   disk.plan({.at = n, .does = effect::power_cut});       // at the n-th change from now
//   { store s(path); ... }                                 // note what was acknowledged
//   disk.restore_power({.unsynced = aftermath::lost});     // all files are closed by now
//   store s(path);                                         // nothing acknowledged may be missing
#pragma once

#include "desk/faulty_disk/file_history.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <set>
#include <string>

namespace leeway::test {

enum class operation : std::uint8_t { open, read, write, truncate, sync, remove };

/// What happens instead of the operation.
enum class effect : std::uint8_t {
  io_error,   ///< it fails; after a sync that fails what was not synced is gone for ever
  disk_full,  ///< SQLITE_FULL, and nothing is written
  power_cut,  ///< the operation is under way and may arrive, wholly or in part; all later ones fail
  kill,       ///< SIGKILL to this process before the operation
};

struct fault {
  /// Which operations it strikes; unless told, those that change the disk.
  std::set<operation> on{operation::write, operation::truncate, operation::sync, operation::remove};
  /// Only files whose name ends so: "-wal"; empty for all, but for SQLite's nameless ones.
  std::string suffix{};
  /// The first one struck, counted from 1, from now.
  std::uint64_t at{1};
  effect does{effect::io_error};
  /// How many are struck.
  std::uint64_t times{1};

  static constexpr std::uint64_t for_ever = std::numeric_limits<std::uint64_t>::max();
};

/// What a power cut leaves of the changes that were not synced.
enum class aftermath : std::uint8_t {
  lost,      ///< nothing
  kept,      ///< everything: the process died, the machine did not
  torn,      ///< everything but some sectors at the end of the very last write
  shuffled,  ///< any sector as of any moment since its file's last sync: subsets, other orders
};

struct power_loss {
  aftermath unsynced{aftermath::lost};
  /// What the disk writes whole: 512 or 4096 bytes.
  std::size_t sector{512};
};

/// Counts are of operations on files with a name, whether they succeeded or not. Thread-safe; files
/// are those of one folder or many. A database opened by another process is seen as it stands when
/// the first connection of this one opens it.
class faulty_disk {
 public:
  /// The seed chooses what is torn and shuffled.
  explicit faulty_disk(std::uint64_t seed = 1);
  /// Every database must be closed by then.
  ~faulty_disk();
  faulty_disk(const faulty_disk&) = delete;
  faulty_disk& operator=(const faulty_disk&) = delete;

  /// For the last argument of sqlite3_open_v2.
  const char* vfs() const;
  /// Databases opened without naming a VFS are on this disk, until it is destroyed.
  void make_default();

  /// Adds a fault. Of several that strike the same operation the first one planned does.
  void plan(fault one);
  /// Forgets every fault: space is back, the cable is in. Power stays off when it is.
  void mend();
  /// Syncs succeed and make nothing safe, from now on or no longer.
  void ignore_syncs(bool ignore);
  void cut_power();
  bool has_power() const;

  /// Every file must be closed. Real files now hold what was left, and that is safe. Also without a
  /// cut before it: then power was cut now.
  void restore_power(power_loss how);

  std::uint64_t count(operation what) const;
  /// Writes, truncations, syncs and removals: what a fault strikes unless told otherwise.
  std::uint64_t changes() const;
  std::size_t open_files() const;

 private:
  struct state;
  friend struct vfs_calls;  // what SQLite calls

  std::unique_ptr<state> state_;
};

// --- Damage to a file that nobody has open, done behind the disk's back -------------------------

/// Flips one bit of the byte at `offset`.
void flip_bit(const std::filesystem::path& file, std::uint64_t offset, unsigned bit);
/// Copies `size` bytes over others of the same file, as a misdirected write does.
void copy_block(const std::filesystem::path& file, std::uint64_t from, std::uint64_t to,
                std::size_t size);

}  // namespace leeway::test
