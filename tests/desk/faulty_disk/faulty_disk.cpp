// SPDX-License-Identifier: Apache-2.0
#include "desk/faulty_disk/faulty_disk.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cassert>
#include <csignal>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::test {
namespace {

namespace fs = std::filesystem;

file_content read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream all;
  all << in.rdbuf();
  return std::move(all).str();
}

void write_file(const fs::path& path, const file_content& content) {
  if (!content) {
    fs::remove(path);
    return;
  }
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << *content << std::flush;
  if (!out) throw std::runtime_error("cannot write " + path.string());
}

struct tracked {
  explicit tracked(const fs::path& path) : history(read_file(path)) {}

  file_history history;
  std::size_t open{};
  std::uint64_t last_change{};  ///< its number among the changes of the whole disk
};

int failure_code(operation what) {
  switch (what) {
    case operation::open: return SQLITE_CANTOPEN;
    case operation::read: return SQLITE_IOERR_READ;
    case operation::write: return SQLITE_IOERR_WRITE;
    case operation::truncate: return SQLITE_IOERR_TRUNCATE;
    case operation::sync: return SQLITE_IOERR_FSYNC;
    case operation::remove: return SQLITE_IOERR_DELETE;
  }
  return SQLITE_IOERR;
}

std::string next_name() {
  static std::atomic<unsigned> made{0};
  return "faulty-disk-" + std::to_string(++made);
}

}  // namespace

struct faulty_disk::state {
  struct planned {
    fault what{};
    std::uint64_t seen{};
  };

  /// Counts the operation and says which fault strikes it, if any.
  std::optional<effect> struck(operation what, std::string_view path);
  /// An unsynced change of `file` has just been noted.
  void changed(tracked& file) { file.last_change = ++change_number; }
  tracked& at(const std::string& path) { return files.try_emplace(path, path).first->second; }
  void sync_folder_of(const fs::path& path);
  file_content left_of(const tracked& file, power_loss how);

  std::mutex mutex{};
  std::string name{next_name()};
  sqlite3_vfs* real{sqlite3_vfs_find(nullptr)};
  sqlite3_vfs vfs{};
  std::map<std::string, tracked> files{};
  std::vector<planned> plan{};
  std::map<operation, std::uint64_t> counts{};
  std::uint64_t change_number{};
  std::mt19937_64 random{};
  bool power{true};
  bool ignores_syncs{};
  bool is_default{};
};

std::optional<effect> faulty_disk::state::struck(operation what, std::string_view path) {
  ++counts[what];
  std::optional<effect> found;
  for (planned& one : plan) {
    if (!one.what.on.contains(what) || !path.ends_with(one.what.suffix)) continue;
    ++one.seen;
    const bool strikes = one.seen >= one.what.at && one.seen - one.what.at < one.what.times;
    if (strikes && !found) found = one.what.does;
  }
  if (!power) return effect::power_cut;
  if (found == effect::kill) std::raise(SIGKILL);
  return found;
}

void faulty_disk::state::sync_folder_of(const fs::path& path) {
  for (auto& [other, file] : files) {
    if (fs::path(other).parent_path() == path.parent_path()) file.history.sync_name();
  }
}

file_content faulty_disk::state::left_of(const tracked& file, power_loss how) {
  const file_history& history = file.history;
  switch (how.unsynced) {
    case aftermath::lost: return history.lost();
    case aftermath::kept: return history.kept();
    case aftermath::shuffled: return history.shuffled(how.sector, random);
    case aftermath::torn:
      return file.last_change == change_number ? history.torn(how.sector, random) : history.kept();
  }
  return history.lost();
}

/// What SQLite calls: one function for each of sqlite3_vfs and sqlite3_io_methods.
struct vfs_calls {
  struct file {
    sqlite3_file base{};
    faulty_disk::state* disk{};
    const std::string* path{};  ///< the key in `disk->files`
    tracked* known{};           ///< none for SQLite's nameless files
    sqlite3_file* real{};
    bool syncs_folder{};  ///< the system's VFS syncs the folder at a new journal's first sync
  };

  static faulty_disk::state& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<faulty_disk::state*>(vfs->pAppData);
  }
  static file& of(sqlite3_file* base) { return *reinterpret_cast<file*>(base); }
  static const sqlite3_io_methods* real(sqlite3_file* base) { return of(base).real->pMethods; }

  /// An operation that notes a change and does it: `note` on the history, `perform` on the file.
  template <class Note, class Perform>
  static int change(file& f, operation what, const Note& note, const Perform& perform) {
    if (f.known == nullptr) return perform();
    const std::lock_guard lock(f.disk->mutex);
    return change(*f.disk, *f.known, *f.path, what, note, perform);
  }

  template <class Note, class Perform>
  static int change(faulty_disk::state& disk, tracked& known, const std::string& path,
                    operation what, const Note& note, const Perform& perform) {
    const bool had_power = disk.power;
    const std::optional<effect> struck = disk.struck(what, path);
    if (struck == effect::disk_full) return SQLITE_FULL;
    if (struck == effect::io_error) return failure_code(what);
    if (struck == effect::power_cut) {
      disk.power = false;
      if (!had_power) return failure_code(what);
    }
    note(known.history);
    disk.changed(known);
    return struck ? failure_code(what) : perform();
  }

  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* base, int flags,
                  int* out_flags) {
    faulty_disk::state& disk = disk_of(vfs);
    auto& f =
        *new (base) file{.disk = &disk, .real = reinterpret_cast<sqlite3_file*>(&of(base) + 1)};
    f.real->pMethods = nullptr;
    const std::lock_guard lock(disk.mutex);
    if (name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0) {
      if (disk.struck(operation::open, name)) return SQLITE_CANTOPEN;
      const auto at = disk.files.try_emplace(name, name).first;
      f.path = &at->first;
      f.known = &at->second;
    }
    const bool creates = f.known != nullptr && !fs::exists(*f.path);
    const int rc = disk.real->xOpen(disk.real, name, f.real, flags, out_flags);
    if (f.real->pMethods != nullptr) f.base.pMethods = &methods;
    if (f.known != nullptr && f.base.pMethods != nullptr) ++f.known->open;
    if (creates && rc == SQLITE_OK) {
      f.syncs_folder = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
      f.known->history.create();
      disk.changed(*f.known);
    }
    return rc;
  }

  static int close(sqlite3_file* base) {
    const file& f = of(base);
    const std::lock_guard lock(f.disk->mutex);
    if (f.known != nullptr) --f.known->open;
    return f.real->pMethods->xClose(f.real);
  }

  static int read(sqlite3_file* base, void* into, int size, sqlite3_int64 offset) {
    const file& f = of(base);
    if (f.known != nullptr) {
      const std::lock_guard lock(f.disk->mutex);
      if (f.disk->struck(operation::read, *f.path)) return SQLITE_IOERR_READ;
    }
    return f.real->pMethods->xRead(f.real, into, size, offset);
  }

  static int write(sqlite3_file* base, const void* bytes, int size, sqlite3_int64 offset) {
    file& f = of(base);
    const std::string_view text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    return change(
        f, operation::write,
        [&](file_history& h) { h.write(static_cast<std::uint64_t>(offset), text); },
        [&] { return f.real->pMethods->xWrite(f.real, bytes, size, offset); });
  }

  static int truncate(sqlite3_file* base, sqlite3_int64 size) {
    file& f = of(base);
    return change(
        f, operation::truncate,
        [&](file_history& h) { h.truncate(static_cast<std::uint64_t>(size)); },
        [&] { return f.real->pMethods->xTruncate(f.real, size); });
  }

  /// The real file needs no sync: what is safe is this disk's to say.
  static int sync(sqlite3_file* base, int /*flags*/) {
    file& f = of(base);
    if (f.known == nullptr) return SQLITE_OK;
    const std::lock_guard lock(f.disk->mutex);
    if (const auto struck = f.disk->struck(operation::sync, *f.path)) {
      if (*struck == effect::io_error) f.known->history.forget();
      if (*struck == effect::power_cut) f.disk->power = false;
      return *struck == effect::disk_full ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    }
    if (f.disk->ignores_syncs) return SQLITE_OK;
    f.known->history.sync();
    if (std::exchange(f.syncs_folder, false)) f.disk->sync_folder_of(*f.path);
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    faulty_disk::state& disk = disk_of(vfs);
    const std::lock_guard lock(disk.mutex);
    tracked& known = disk.at(name);
    const int rc = change(
        disk, known, name, operation::remove, [](file_history& h) { h.remove(); },
        [&] { return disk.real->xDelete(disk.real, name, 0); });
    if (rc == SQLITE_OK && sync_folder != 0 && !disk.ignores_syncs) known.history.sync();
    return rc;
  }

  static int file_size(sqlite3_file* base, sqlite3_int64* size) {
    return real(base)->xFileSize(of(base).real, size);
  }
  static int lock(sqlite3_file* base, int level) { return real(base)->xLock(of(base).real, level); }
  static int unlock(sqlite3_file* base, int level) {
    return real(base)->xUnlock(of(base).real, level);
  }
  static int check_reserved_lock(sqlite3_file* base, int* held) {
    return real(base)->xCheckReservedLock(of(base).real, held);
  }
  /// A hint of sizes would change the real file unseen.
  static int file_control(sqlite3_file* base, int what, void* argument) {
    if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_NOTFOUND;
    return real(base)->xFileControl(of(base).real, what, argument);
  }
  static int sector_size(sqlite3_file* base) { return real(base)->xSectorSize(of(base).real); }
  static int characteristics(sqlite3_file* base) {
    return real(base)->xDeviceCharacteristics(of(base).real);
  }
  // Shared memory is the machine's, not the disk's.
  static int shm_map(sqlite3_file* base, int page, int size, int extend, volatile void** out) {
    return real(base)->xShmMap(of(base).real, page, size, extend, out);
  }
  static int shm_lock(sqlite3_file* base, int offset, int n, int flags) {
    return real(base)->xShmLock(of(base).real, offset, n, flags);
  }
  static void shm_barrier(sqlite3_file* base) { real(base)->xShmBarrier(of(base).real); }
  static int shm_unmap(sqlite3_file* base, int remove) {
    return real(base)->xShmUnmap(of(base).real, remove);
  }

  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    return disk_of(vfs).real->xAccess(disk_of(vfs).real, name, flags, out);
  }
  static int full_path(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return disk_of(vfs).real->xFullPathname(disk_of(vfs).real, name, size, out);
  }
  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    return disk_of(vfs).real->xRandomness(disk_of(vfs).real, size, out);
  }
  static int sleep(sqlite3_vfs* vfs, int microseconds) {
    return disk_of(vfs).real->xSleep(disk_of(vfs).real, microseconds);
  }
  static int current_time(sqlite3_vfs* vfs, sqlite3_int64* out) {
    return disk_of(vfs).real->xCurrentTimeInt64(disk_of(vfs).real, out);
  }
  static int last_error(sqlite3_vfs* vfs, int size, char* out) {
    return disk_of(vfs).real->xGetLastError(disk_of(vfs).real, size, out);
  }

  static const sqlite3_io_methods methods;
  static sqlite3_vfs vfs_of(faulty_disk::state& disk);
};

// Version 2: without memory mapping, which would go round the disk.
const sqlite3_io_methods vfs_calls::methods{.iVersion = 2,
                                            .xClose = close,
                                            .xRead = read,
                                            .xWrite = write,
                                            .xTruncate = truncate,
                                            .xSync = sync,
                                            .xFileSize = file_size,
                                            .xLock = lock,
                                            .xUnlock = unlock,
                                            .xCheckReservedLock = check_reserved_lock,
                                            .xFileControl = file_control,
                                            .xSectorSize = sector_size,
                                            .xDeviceCharacteristics = characteristics,
                                            .xShmMap = shm_map,
                                            .xShmLock = shm_lock,
                                            .xShmBarrier = shm_barrier,
                                            .xShmUnmap = shm_unmap,
                                            .xFetch = nullptr,
                                            .xUnfetch = nullptr};

sqlite3_vfs vfs_calls::vfs_of(faulty_disk::state& disk) {
  sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(file)) + disk.real->szOsFile;
  vfs.mxPathname = disk.real->mxPathname;
  vfs.zName = disk.name.c_str();
  vfs.pAppData = &disk;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
  vfs.xGetLastError = last_error;
  vfs.xCurrentTimeInt64 = current_time;
  return vfs;
}

faulty_disk::faulty_disk(std::uint64_t seed) : state_(std::make_unique<state>()) {
  state_->random.seed(seed);
  state_->vfs = vfs_calls::vfs_of(*state_);
  sqlite3_vfs_register(&state_->vfs, 0);
}

faulty_disk::~faulty_disk() {
  assert(open_files() == 0);
  sqlite3_vfs_unregister(&state_->vfs);
  if (state_->is_default) sqlite3_vfs_register(state_->real, 1);
}

const char* faulty_disk::vfs() const { return state_->name.c_str(); }

void faulty_disk::make_default() {
  sqlite3_vfs_register(&state_->vfs, 1);
  state_->is_default = true;
}

void faulty_disk::plan(fault one) {
  const std::lock_guard lock(state_->mutex);
  state_->plan.push_back({.what = std::move(one)});
}

void faulty_disk::mend() {
  const std::lock_guard lock(state_->mutex);
  state_->plan.clear();
}

void faulty_disk::ignore_syncs(bool ignore) {
  const std::lock_guard lock(state_->mutex);
  state_->ignores_syncs = ignore;
}

void faulty_disk::cut_power() {
  const std::lock_guard lock(state_->mutex);
  state_->power = false;
}

bool faulty_disk::has_power() const {
  const std::lock_guard lock(state_->mutex);
  return state_->power;
}

void faulty_disk::restore_power(power_loss how) {
  if (open_files() != 0) throw std::logic_error("files are still open on the faulty disk");
  const std::lock_guard lock(state_->mutex);
  for (const auto& [path, file] : state_->files) write_file(path, state_->left_of(file, how));
  // The real files are the truth now, and are read again when they are opened.
  state_->files.clear();
  state_->plan.clear();
  state_->power = true;
}

std::uint64_t faulty_disk::count(operation what) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->counts.find(what);
  return found == state_->counts.end() ? 0 : found->second;
}

std::uint64_t faulty_disk::changes() const {
  return count(operation::write) + count(operation::truncate) + count(operation::sync) +
         count(operation::remove);
}

std::size_t faulty_disk::open_files() const {
  const std::lock_guard lock(state_->mutex);
  std::size_t open = 0;
  for (const auto& [path, file] : state_->files) open += file.open;
  return open;
}

void flip_bit(const fs::path& file, std::uint64_t offset, unsigned bit) {
  file_content content = read_file(file);
  if (!content || offset >= content->size()) throw std::out_of_range(file.string());
  char& byte = (*content)[offset];
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << bit));
  write_file(file, content);
}

void copy_block(const fs::path& file, std::uint64_t from, std::uint64_t to, std::size_t size) {
  file_content content = read_file(file);
  if (!content || from + size > content->size() || to + size > content->size()) {
    throw std::out_of_range(file.string());
  }
  content->replace(to, size, content->substr(from, size));
  write_file(file, content);
}

}  // namespace leeway::test
