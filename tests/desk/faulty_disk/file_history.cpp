// SPDX-License-Identifier: Apache-2.0
#include "desk/faulty_disk/file_history.hpp"

#include <algorithm>
#include <utility>

namespace leeway::test {

std::uint64_t pick(std::uint64_t most, std::mt19937_64& random) {
  return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
}

file_history::file_history(file_content safe) : safe_(std::move(safe)) {}

void file_history::create() { unsynced_.push_back({.what = kind::create}); }

void file_history::write(std::uint64_t offset, std::string_view bytes) {
  unsynced_.push_back({.what = kind::write, .at = offset, .bytes = std::string(bytes)});
}

void file_history::truncate(std::uint64_t size) {
  unsynced_.push_back({.what = kind::truncate, .at = size});
}

void file_history::remove() { unsynced_.push_back({.what = kind::remove}); }

void file_history::sync() {
  for (const change& one : unsynced_) apply(one, safe_);
  unsynced_.clear();
}

void file_history::sync_name() {
  const auto last = std::find_if(unsynced_.rbegin(), unsynced_.rend(), names);
  if (last == unsynced_.rend()) return;
  safe_ = last->what == kind::create ? file_content(std::string()) : std::nullopt;
  unsynced_.erase(unsynced_.begin(), last.base());
}

void file_history::forget() { unsynced_.clear(); }

file_content file_history::kept() const { return after(unsynced_.size()); }

file_content file_history::torn(std::size_t sector, std::mt19937_64& random) const {
  if (unsynced_.empty()) return safe_;
  file_content out = after(unsynced_.size() - 1);
  change last = unsynced_.back();
  if (last.what == kind::write) {
    const std::uint64_t first = last.at / sector;
    const std::uint64_t end = (last.at + last.bytes.size() + sector - 1) / sector;
    const std::uint64_t cut = (first + pick(end - first - 1, random)) * sector;
    if (cut <= last.at) return out;
    last.bytes.resize(cut - last.at);
  } else if (pick(1, random) == 0) {
    return out;
  }
  apply(last, out);
  return out;
}

file_content file_history::shuffled(std::size_t sector, std::mt19937_64& random) const {
  const std::size_t moment = pick(unsynced_.size(), random);
  const file_content shape = after(moment);
  if (!shape) return std::nullopt;

  // Sectors come from the life that the file led at that moment: from a removal to the next.
  const auto removes = [](const change& one) { return one.what == kind::remove; };
  const auto middle = unsynced_.begin() + static_cast<std::ptrdiff_t>(moment);
  const auto before = std::find_if(std::make_reverse_iterator(middle), unsynced_.rend(), removes);
  const auto first = static_cast<std::size_t>(before.base() - unsynced_.begin());
  const auto last =
      static_cast<std::size_t>(std::find_if(middle, unsynced_.end(), removes) - unsynced_.begin());

  std::string out;
  out.reserve(shape->size());
  while (out.size() < shape->size()) {
    out +=
        any_version(out.size(), std::min(sector, shape->size() - out.size()), first, last, random);
  }
  return out;
}

/// What `size` bytes at `from` held at some moment between two changes.
std::string file_history::any_version(std::uint64_t from, std::size_t size, std::size_t first,
                                      std::size_t last, std::mt19937_64& random) const {
  std::vector<const change*> touching;
  for (std::size_t i = first; i < last; ++i) {
    const change& one = unsynced_[i];
    const bool writes =
        one.what == kind::write && one.at < from + size && one.at + one.bytes.size() > from;
    const bool cuts = one.what == kind::truncate && one.at < from + size;
    if (writes || cuts) touching.push_back(&one);
  }
  std::string sector(size, '\0');
  if (first == 0 && safe_ && from < safe_->size()) {
    const std::size_t known = std::min<std::size_t>(size, safe_->size() - from);
    sector.replace(0, known, *safe_, from, known);
  }
  touching.resize(pick(touching.size(), random));
  for (const change* one : touching) apply_within(*one, from, sector);
  return sector;
}

bool file_history::names(const change& one) {
  return one.what == kind::create || one.what == kind::remove;
}

void file_history::apply(const change& one, file_content& to) {
  if (one.what == kind::remove) {
    to.reset();
    return;
  }
  if (!to) to.emplace();
  if (one.what == kind::write) {
    to->resize(std::max<std::size_t>(to->size(), one.at + one.bytes.size()), '\0');
    to->replace(one.at, one.bytes.size(), one.bytes);
  } else if (one.what == kind::truncate) {
    to->resize(one.at, '\0');
  }
}

void file_history::apply_within(const change& one, std::uint64_t from, std::string& sector) {
  const std::uint64_t begin = std::max(one.at, from);
  if (one.what == kind::truncate) {
    std::fill(sector.begin() + static_cast<std::ptrdiff_t>(begin - from), sector.end(), '\0');
    return;
  }
  const std::uint64_t end = std::min(one.at + one.bytes.size(), from + sector.size());
  sector.replace(begin - from, end - begin, one.bytes, begin - one.at, end - begin);
}

file_content file_history::after(std::size_t changes) const {
  file_content out = safe_;
  for (std::size_t i = 0; i < changes; ++i) apply(unsynced_[i], out);
  return out;
}

}  // namespace leeway::test
