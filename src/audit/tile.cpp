// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <leeway/audit/tile.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace leeway::audit {
namespace {

constexpr std::string_view root_folder = "tile/";
constexpr std::string_view entries_folder = "entries/";
constexpr std::string_view partial_mark = ".p/";
constexpr unsigned highest_level = 63;
constexpr unsigned level_bits = 8;
constexpr std::size_t length_bytes = 2;

/// 1234067 as x001/x234/067.
std::string index_path(std::uint64_t index) {
  std::string digits = std::to_string(index);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 3) {
    const bool is_last = i + 3 == digits.size();
    if (!is_last) out += 'x';
    out.append(digits, i, 3);
    if (!is_last) out += '/';
  }
  return out;
}

/// A number as it is written without anything superfluous; nothing when it is above `most`.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t most) {
  if (!detail::is_plain_number(text)) return std::nullopt;
  std::uint64_t out = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, out).ec != std::errc{} || out > most) return std::nullopt;
  return out;
}

/// The digits of an index path; that it is written as it should be is checked by writing it again.
std::optional<std::uint64_t> parse_index(std::string_view path) {
  std::string digits;
  for (const char c : path) {
    if (detail::is_digit(c)) digits += c;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) digits = "0";
  return number(digits, UINT64_MAX);
}

std::optional<tile_id> read_path(std::string_view path) {
  tile_id out;
  if (!path.starts_with(root_folder)) return std::nullopt;
  path.remove_prefix(root_folder.size());
  if (path.starts_with(entries_folder)) {
    out.kind = tile_kind::entries;
    path.remove_prefix(entries_folder.size());
  } else {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto level = number(path.substr(0, slash), highest_level);
    if (!level) return std::nullopt;
    out.level = static_cast<unsigned>(*level);
    path.remove_prefix(slash + 1);
  }
  if (const auto mark = path.find(partial_mark); mark != std::string_view::npos) {
    const auto width = number(path.substr(mark + partial_mark.size()), tile_width - 1);
    if (!width || *width == 0) return std::nullopt;
    out.width = static_cast<unsigned>(*width);
    path = path.substr(0, mark);
  }
  const auto index = parse_index(path);
  if (!index) return std::nullopt;
  out.index = *index;
  return out;
}

/// The number of subtrees of 256^level leaves that a tree has complete.
std::uint64_t row_length(unsigned level, std::uint64_t size) {
  return level < 8 ? size >> (level_bits * level) : 0;
}

bool visit_row(tile_id id, std::uint64_t from, std::uint64_t to, const tile_visitor& visit) {
  for (std::uint64_t index = from / tile_width; index <= (to - 1) / tile_width; ++index) {
    id.index = index;
    id.width = static_cast<unsigned>(std::min<std::uint64_t>(to - index * tile_width, tile_width));
    if (!visit(id)) return false;
  }
  return true;
}

std::size_t length_at(std::string_view bytes) {
  const auto byte = [&](std::size_t i) {
    return std::size_t{static_cast<unsigned char>(bytes[i])};
  };
  return byte(0) << 8U | byte(1);
}

}  // namespace

std::string tile_path(const tile_id& id) {
  std::string out{root_folder};
  out +=
      id.kind == tile_kind::entries ? std::string{entries_folder} : std::to_string(id.level) + '/';
  out += index_path(id.index);
  if (id.width < tile_width) {
    out += partial_mark;
    out += std::to_string(id.width);
  }
  return out;
}

result<tile_id> parse_tile_path(std::string_view path) {
  // Nothing longer is written, so nothing longer is looked at.
  constexpr std::size_t longest = 64;
  const auto read = path.size() <= longest ? read_path(path) : std::nullopt;
  if (!read || tile_path(*read) != path) {
    return fail("tile_path",
                detail::quoted(path) +
                    " is not the path of a tile; it looks like tile/0/x001/x234/067.p/8");
  }
  return *read;
}

unsigned tile_width_at(unsigned level, std::uint64_t index, std::uint64_t size) noexcept {
  const std::uint64_t row = row_length(level, size);
  if (index > row / tile_width) return 0;
  return static_cast<unsigned>(std::min<std::uint64_t>(row - index * tile_width, tile_width));
}

bool each_new_tile(std::uint64_t from, std::uint64_t to, const tile_visitor& visit) {
  if (from >= to) return true;
  if (!visit_row({.kind = tile_kind::entries}, from, to, visit)) return false;
  for (unsigned level = 0; row_length(level, to) != 0; ++level) {
    const std::uint64_t before = row_length(level, from);
    const std::uint64_t after = row_length(level, to);
    if (before < after && !visit_row({.level = level}, before, after, visit)) return false;
  }
  return true;
}

std::string tile_bytes(std::span<const digest> hashes) {
  std::string out;
  out.reserve(hashes.size() * digest::size);
  for (const digest& one : hashes) out.append(one.bytes().begin(), one.bytes().end());
  return out;
}

result<std::vector<digest>> parse_tile(std::string_view bytes, unsigned width) {
  if (bytes.size() != std::size_t{width} * digest::size) {
    return fail("tile_size", "expected a tile of " + std::to_string(width) + " hashes, not " +
                                 std::to_string(bytes.size()) + " bytes");
  }
  std::vector<digest> out;
  out.reserve(width);
  for (std::size_t i = 0; i < width; ++i) {
    std::array<std::uint8_t, digest::size> one{};
    const auto from = bytes.substr(i * digest::size, digest::size);
    std::ranges::transform(from, one.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    out.emplace_back(one);
  }
  return out;
}

result<void> append_entry(std::string& bundle, std::string_view entry) {
  if (entry.size() > longest_entry) {
    return fail("entry_too_long", "an entry of " + std::to_string(entry.size()) +
                                      " bytes does not fit; the longest has 65535");
  }
  bundle += static_cast<char>(entry.size() >> 8U);
  bundle += static_cast<char>(entry.size() & 0xFFU);
  bundle += entry;
  return {};
}

result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, unsigned width) {
  const auto refuse = [&] {
    return fail("bundle_size",
                "expected exactly " + std::to_string(width) + " entries in the bundle");
  };
  std::vector<std::string_view> out;
  out.reserve(width);
  while (!bytes.empty()) {
    if (out.size() == width || bytes.size() < length_bytes) return refuse();
    const std::size_t length = length_at(bytes);
    bytes.remove_prefix(length_bytes);
    if (bytes.size() < length) return refuse();
    out.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (out.size() != width) return refuse();
  return out;
}

result<digest> tile_nodes::operator()(const tree_node& node) {
  if (!is_complete(node, size_)) {
    return fail("tree_node", "no complete subtree of level " + std::to_string(node.level) +
                                 " and index " + std::to_string(node.index) + " in a tree of " +
                                 std::to_string(size_) + " leaves");
  }
  const unsigned level = node.level / level_bits;
  const unsigned height = node.level % level_bits;
  const std::uint64_t first = node.index << height;
  const std::uint64_t index = first / tile_width;
  auto& kept = kept_.at(level);
  if (!kept || kept->index != index) {
    const tile_id id{.level = level, .index = index, .width = tile_width_at(level, index, size_)};
    auto bytes = read_(id);
    if (!bytes) return fail(std::move(bytes).error());
    auto hashes = parse_tile(*bytes, id.width);
    if (!hashes) return fail(std::move(hashes).error());
    kept = kept_tile{.index = index, .hashes = *std::move(hashes)};
  }
  frontier subtree;
  const auto offset = static_cast<std::size_t>(first % tile_width);
  for (std::size_t i = 0; i < (std::size_t{1} << height); ++i) {
    subtree.append(kept->hashes[offset + i]);
  }
  return subtree.root();
}

}  // namespace leeway::audit
