// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leeway/base/result.hpp>
#include <leeway/desk/store.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace leeway {

struct sqlite_options {
  /// Waiting tasks that share one commit, at most.
  std::size_t largest_batch{256};
  /// Looks through the whole file for damage when it is opened and no larger than this.
  std::size_t check_up_to_bytes{std::size_t{64} << 20U};
};

/// Opens the store in a file, or makes one. The file belongs to one process, and to one connection
/// in it, which writes and checkpoints; so the write-ahead-log fault of SQLite before 3.51.3, which
/// takes two, cannot happen.
///
/// Beside FILE there are FILE-wal (SQLite's), FILE.lock (who has it open) and FILE.mark (how far it
/// was acknowledged; it finds a file that is older than it should be). Files that are made, backups
/// too, are their owner's alone (mode 0600) whatever the umask; those that are there keep theirs.
///
/// Errors: `store_in_use` (another process has it open, or another store of this one);
/// `store_unknown_format` (no store, or one of a newer release); `store_damaged`; `store_regressed`
/// (acknowledged records are missing: an old copy was put back, or the disk lost what it had
/// confirmed); `store_failed`; `store_url`: this build has no SQLite. Thread-safe.
result<std::shared_ptr<store>> open_sqlite_store(const std::string& file,
                                                 const sqlite_options& options = {});

}  // namespace leeway
