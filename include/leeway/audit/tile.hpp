// SPDX-License-Identifier: Apache-2.0
/// \file
/// Tiles and entry bundles as c2sp.org/tlog-tiles has them: their names, what is in them, and
/// proofs made from them. Pure functions: reading and writing files is the caller's.
///
/// A tile holds up to 256 consecutive hashes of one height; a full one takes 8,192 bytes. A bundle
/// holds the entries (the records themselves) of one tile of level 0. Everything is thread-safe
/// unless it says otherwise.
#pragma once

#include <leeway/audit/merkle.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::audit {

/// Hashes in a full tile.
inline constexpr unsigned tile_width = 256;
/// The longest entry of a bundle, in bytes.
inline constexpr std::size_t longest_entry = 65535;

/// What a file of a tile directory holds. The values are not stored.
enum class tile_kind : std::uint8_t {
  hashes = 1,   ///< a tile proper
  entries = 2,  ///< an entry bundle; its level is 0
};

/// Names a tile, or a bundle.
struct tile_id {
  tile_kind kind{tile_kind::hashes};
  unsigned level{};            ///< 0 to 63; its hashes are of subtrees of 256^level leaves
  std::uint64_t index{};       ///< within the level
  unsigned width{tile_width};  ///< hashes or entries in it: 1 to 256; below 256 it is partial
  friend auto operator<=>(const tile_id&, const tile_id&) = default;
};

/// Its path below the log's prefix: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, with the
/// index in groups of three digits: tile/0/x001/x234/067.p/8. The id must be within its bounds.
[[nodiscard]] std::string tile_path(const tile_id& id);

/// Reads what `tile_path` writes, nothing else: one tile has one name. Error: `tile_path`.
result<tile_id> parse_tile_path(std::string_view path);

/// How wide a tile is in a tree of `size` leaves: 0 when it is not there, 256 when it is full.
[[nodiscard]] unsigned tile_width_at(unsigned level, std::uint64_t index,
                                     std::uint64_t size) noexcept;

/// Told of one tile. False stops.
using tile_visitor = std::function<bool(const tile_id&)>;

/// Names every tile and bundle that a tree of `to` leaves has and that of `from` leaves had not:
/// what is to be written when a log grows. Level by level, by index; the bundles first. Returns
/// whether it was not stopped.
bool each_new_tile(std::uint64_t from, std::uint64_t to, const tile_visitor& visit);

/// The bytes of a tile of these hashes.
[[nodiscard]] std::string tile_bytes(std::span<const digest> hashes);
/// Reads a tile that must be `width` hashes wide, to the byte. Error: `tile_size`.
result<std::vector<digest>> parse_tile(std::string_view bytes, unsigned width);

/// Appends an entry to the bytes of a bundle: its length in two bytes, big-endian, and itself.
/// Error: `entry_too_long`; nothing is appended.
result<void> append_entry(std::string& bundle, std::string_view entry);
/// The entries of a bundle that must hold `width` of them, to the byte; views into `bytes`. Error:
/// `bundle_size`.
result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, unsigned width);

/// Gives the bytes of a tile from wherever it is kept.
using tile_reader = std::function<result<std::string>(const tile_id&)>;

/// The hashes of a tree of `size` leaves, read from its tiles: a `node_reader` for proofs. It keeps
/// one tile of each level, so a proof reads each tile once and needs 64 KiB at most.
///
/// It believes the tiles: whoever makes a proof with it verifies it against the checkpoint's root.
/// Not synchronised. Errors: `tile_size`, `tree_node` (not a complete subtree of this tree), those
/// of the reader.
class tile_nodes {
 public:
  tile_nodes(std::uint64_t size, tile_reader read) : size_(size), read_(std::move(read)) {}

  result<digest> operator()(const tree_node& node);

 private:
  struct kept_tile {
    std::uint64_t index{};
    std::vector<digest> hashes{};
  };
  static constexpr std::size_t levels = 8;  // of 8 bits each

  std::uint64_t size_;
  tile_reader read_;
  std::array<std::optional<kept_tile>, levels> kept_{};
};

}  // namespace leeway::audit
