// SPDX-License-Identifier: Apache-2.0
// What a disk knows of one file: the content that is safe, and the changes that were not synced,
// in their order; and what a power cut may leave of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::test {

/// Nothing: there is no such file.
using file_content = std::optional<std::string>;

/// Not synchronised.
class file_history {
 public:
  /// Begins with a file that is safe as it stands.
  explicit file_history(file_content safe);

  void create();
  void write(std::uint64_t offset, std::string_view bytes);
  void truncate(std::uint64_t size);
  void remove();

  /// Every change so far is safe.
  void sync();
  /// The folder was synced: creation and removal are safe, and no content.
  void sync_name();
  /// A sync has failed: what was not synced never will be, although a later sync succeeds. Linux
  /// marks the pages clean, so a program that tries again is told that all is well.
  void forget();

  std::size_t unsynced() const { return unsynced_.size(); }

  /// Power was cut and no unsynced change was kept.
  const file_content& lost() const { return safe_; }
  /// Power was cut and every change was kept: the program died, the machine did not.
  file_content kept() const;
  /// All are kept but the last, a write of which only some whole sectors at its beginning arrived.
  /// A last change of another kind arrived or did not.
  file_content torn(std::size_t sector, std::mt19937_64& random) const;
  /// The disk kept no order: each sector holds what it held at any moment since the last sync, and
  /// the file's size and existence are those of any moment.
  file_content shuffled(std::size_t sector, std::mt19937_64& random) const;

 private:
  enum class kind : std::uint8_t { create, write, truncate, remove };
  struct change {
    kind what{};
    std::uint64_t at{};  ///< offset of a write, size of a truncation
    std::string bytes{};
  };

  static bool names(const change& one);
  static void apply(const change& one, file_content& to);
  static void apply_within(const change& one, std::uint64_t from, std::string& sector);
  file_content after(std::size_t changes) const;
  std::string any_version(std::uint64_t from, std::size_t size, std::size_t first, std::size_t last,
                          std::mt19937_64& random) const;

  file_content safe_;
  std::vector<change> unsynced_{};
};

/// 0 to `most`, both included.
std::uint64_t pick(std::uint64_t most, std::mt19937_64& random);

}  // namespace leeway::test
