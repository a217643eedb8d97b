// SPDX-License-Identifier: Apache-2.0
#include "base/json/text_writer.hpp"

#include <leeway/desk/metrics.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <utility>

namespace leeway {
namespace {

using label_texts = std::span<const std::string_view>;

std::size_t hash_of(label_texts labels) {
  std::size_t out = 0;
  for (const std::string_view one : labels) {
    out = std::rotl(out, 7) * 31 + std::hash<std::string_view>{}(one);
  }
  return out;
}

/// A number with so many digits behind the point, without those that say nothing.
std::string decimal(std::int64_t value, int digits) {
  const bool negative = value < 0;
  const std::uint64_t size =
      negative ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  std::string out = std::to_string(size);
  if (digits > 0) {
    const auto behind = static_cast<std::size_t>(digits);
    if (out.size() <= behind) out.insert(0, behind + 1 - out.size(), '0');
    out.insert(out.size() - behind, 1, '.');
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
  }
  return negative ? "-" + out : out;
}

std::string number_in(metric_unit unit, std::int64_t value) {
  switch (unit) {
    case metric_unit::nanosecond: return decimal(value, 9);
    case metric_unit::millionth: return decimal(value, 6);
    case metric_unit::one: break;
  }
  return decimal(value, 0);
}

std::string escaped(std::string_view text, bool with_quotes) {
  std::string out;
  for (const char c : json::utf8_text(text)) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || (with_quotes && c == '"')) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view type_of(metric_kind kind) {
  switch (kind) {
    case metric_kind::counter: return "counter";
    case metric_kind::gauge: return "gauge";
    case metric_kind::histogram: break;
  }
  return "histogram";
}

/// One series. Its values only grow by atomic operations; nobody is ever kept waiting.
struct series {
  std::vector<std::string> labels{};
  std::atomic<std::int64_t> value{0};  ///< of a histogram: the sum
  std::vector<std::atomic<std::int64_t>> buckets{};

  bool is_of(label_texts wanted) const { return std::ranges::equal(labels, wanted); }
};

}  // namespace

/// The series of one metric, in a table that is read without a lock: places are filled once and
/// never emptied.
class metric_registry::family {
 public:
  family(const metric& of, std::size_t most)
      : of_(of), most_(most), places_(std::bit_ceil(2 * most + 2)) {}

  void measured(label_texts labels, std::int64_t value) {
    series& s = find(labels);
    if (of_.kind == metric_kind::gauge) {
      s.value.store(value, std::memory_order_relaxed);
      return;
    }
    s.value.fetch_add(value, std::memory_order_relaxed);
    if (of_.kind != metric_kind::histogram) return;
    const auto bucket = std::ranges::lower_bound(of_.bounds, value) - of_.bounds.begin();
    s.buckets[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  }

  void write(std::string& out) const;

 private:
  static constexpr std::size_t longest_label = 200;

  series& find(label_texts labels);
  series& add(label_texts labels, std::size_t hash);
  void write_one(const series& s, std::string& out) const;
  void write_histogram(const series& s, const std::string& labels, std::string& out) const;

  const metric& of_;
  const std::size_t most_;
  std::vector<std::atomic<series*>> places_;
  mutable std::mutex adding_{};  ///< guards `all_`
  std::vector<std::unique_ptr<series>> all_{};
};

series& metric_registry::family::find(label_texts given) {
  std::array<std::string_view, 8> cut{};
  const std::size_t size = std::min(of_.labels.size(), cut.size());
  for (std::size_t i = 0; i < size && i < given.size(); ++i)
    cut[i] = given[i].substr(0, longest_label);
  const label_texts labels(cut.data(), size);
  const std::size_t hash = hash_of(labels);
  for (std::size_t i = hash;; ++i) {
    series* at = places_[i % places_.size()].load(std::memory_order_acquire);
    if (at == nullptr) return add(labels, hash);
    if (at->is_of(labels)) return *at;
  }
}

series& metric_registry::family::add(label_texts labels, std::size_t hash) {
  const std::lock_guard lock(adding_);
  const std::vector<std::string_view> others(labels.size(), "other");
  if (all_.size() >= most_ && !std::ranges::equal(labels, others)) {
    labels = others;
    hash = hash_of(labels);
  }
  std::size_t i = hash;
  for (;; ++i) {
    series* at = places_[i % places_.size()].load(std::memory_order_acquire);
    if (at == nullptr) break;
    if (at->is_of(labels)) return *at;
  }
  auto made = std::make_unique<series>();
  made->labels.assign(labels.begin(), labels.end());
  if (of_.kind == metric_kind::histogram) {
    made->buckets = std::vector<std::atomic<std::int64_t>>(of_.bounds.size() + 1);
  }
  series* const out = made.get();
  all_.push_back(std::move(made));
  places_[i % places_.size()].store(out, std::memory_order_release);
  return *out;
}

void metric_registry::family::write(std::string& out) const {
  std::vector<const series*> sorted;
  {
    const std::lock_guard lock(adding_);
    for (const auto& one : all_) sorted.push_back(one.get());
  }
  if (sorted.empty()) return;
  std::ranges::sort(sorted, {}, [](const series* s) { return s->labels; });
  const std::string name(of_.name);
  out += "# HELP " + name + ' ' + escaped(of_.help, false) + '\n';
  out += "# TYPE " + name + ' ' + std::string(type_of(of_.kind)) + '\n';
  for (const series* s : sorted) write_one(*s, out);
}

void metric_registry::family::write_one(const series& s, std::string& out) const {
  std::string labels;
  for (std::size_t i = 0; i < s.labels.size(); ++i) {
    if (i > 0) labels += ',';
    labels += std::string(of_.labels[i]) + "=\"" + escaped(s.labels[i], true) + '"';
  }
  if (of_.kind == metric_kind::histogram) return write_histogram(s, labels, out);
  out += of_.name;
  if (!labels.empty()) out += '{' + labels + '}';
  out += ' ' + number_in(of_.unit, s.value.load(std::memory_order_relaxed)) + '\n';
}

// The count is the sum of the buckets as they are read, so that it always is that of `+Inf`.
void metric_registry::family::write_histogram(const series& s, const std::string& labels,
                                              std::string& out) const {
  const std::string name(of_.name);
  const std::string before = labels.empty() ? "" : labels + ',';
  std::int64_t count = 0;
  for (std::size_t i = 0; i < s.buckets.size(); ++i) {
    count += s.buckets[i].load(std::memory_order_relaxed);
    const std::string end =
        i < of_.bounds.size() ? number_in(of_.unit, of_.bounds[i]) : std::string("+Inf");
    out.append(name).append("_bucket{").append(before).append("le=\"").append(end);
    out.append("\"} ").append(std::to_string(count)).append("\n");
  }
  const std::string within = labels.empty() ? "" : '{' + labels + '}';
  out += name + "_sum" + within + ' ' +
         number_in(of_.unit, s.value.load(std::memory_order_relaxed)) + '\n';
  out += name + "_count" + within + ' ' + std::to_string(count) + '\n';
}

metric_registry::metric_registry(metric_registry_options options) {
  const std::size_t most = std::clamp<std::size_t>(options.most_series, 1, 10'000);
  for (const metric& one : all_metrics()) families_.push_back(std::make_unique<family>(one, most));
}
metric_registry::~metric_registry() = default;

void metric_registry::measured(metric_id what, label_texts labels, std::int64_t value) {
  families_[static_cast<std::size_t>(what)]->measured(labels, value);
}

std::string metric_registry::to_prometheus() const {
  std::string out;
  for (const auto& one : families_) one->write(out);
  return out;
}

}  // namespace leeway
