// SPDX-License-Identifier: Apache-2.0
#include "desk/observing/exposition.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

namespace leeway::desk_test {
namespace {

using labels = std::vector<std::pair<std::string, std::string>>;

bool is_name(const std::string& text, bool colons) {
  const auto first = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
  };
  return !text.empty() && first(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return first(c) || (c >= '0' && c <= '9'); });
}

/// A number in plain digits, or `+Inf`.
std::optional<double> number(const std::string& text) {
  if (text == "+Inf") return HUGE_VAL;
  if (text.empty() || text.find_first_not_of("0123456789.-") != std::string::npos) return {};
  char* end = nullptr;
  const double out = std::strtod(text.c_str(), &end);
  return *end == '\0' ? std::optional(out) : std::nullopt;
}

/// One metric, as its lines come.
struct family {
  std::string name{};
  std::string type{};
  std::string help{};
  std::map<std::string, std::vector<std::pair<double, double>>> buckets{};  ///< by other labels
  std::map<std::string, double> counts{};
  std::set<std::string> sums{};
};

class reader {
 public:
  exposition read(const std::string& text) {
    if (!text.empty() && text.back() != '\n') wrong("the last line has no end");
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      line_ = line;
      if (line.empty()) continue;
      line.starts_with('#') ? comment() : sample();
    }
    close();
    return std::move(out_);
  }

 private:
  void wrong(const std::string& why) { out_.wrong.push_back(why + ": " + line_); }

  void comment() {
    std::istringstream in(line_);
    std::string hash;
    std::string what;
    std::string name;
    in >> hash >> what >> name;
    if (what != "HELP" && what != "TYPE") return wrong("a comment that says nothing");
    if (!is_name(name, true)) wrong("no name");
    if (name != now_.name) {
      close();
      if (!seen_.insert(name).second) wrong("its lines do not stand together");
      now_ = family{.name = name};
    }
    std::string rest;
    std::getline(in >> std::ws, rest);
    std::string& to = what == "HELP" ? now_.help : now_.type;
    if (!to.empty()) wrong("told twice");
    to = rest;
    if (what == "TYPE" && rest != "counter" && rest != "gauge" && rest != "histogram") {
      wrong("no such type");
    }
    out_.types[name] = now_.type;
    out_.help[name] = now_.help;
  }

  void sample() {
    const auto end = std::min(line_.find('{'), line_.find(' '));
    const std::string name = line_.substr(0, end);
    if (!is_name(name, true)) return wrong("no name");
    std::size_t at = name.size();
    labels read;
    if (at < line_.size() && line_[at] == '{' && !read_labels(at, read)) return;
    if (at >= line_.size() || line_[at] != ' ') return wrong("no value");
    const std::string key = line_.substr(0, at);
    const std::string value = line_.substr(at + 1);
    const auto parsed = number(value);
    if (!parsed) return wrong("no number");
    if (!out_.samples.emplace(key, value).second) wrong("a sample twice");
    belongs(name, read, *parsed);
  }

  bool read_labels(std::size_t& at, labels& into) {
    std::set<std::string> names;
    ++at;
    while (at < line_.size() && line_[at] != '}') {
      const auto equals = line_.find('=', at);
      if (equals == std::string::npos || line_[equals + 1] != '"') return wrong("no label"), false;
      const std::string name = line_.substr(at, equals - at);
      if (!is_name(name, false) || name.starts_with("__")) wrong("no label name");
      if (!names.insert(name).second) wrong("a label twice");
      at = equals + 2;
      std::string value;
      if (!read_value(at, value)) return false;
      into.emplace_back(name, value);
      if (at < line_.size() && line_[at] == ',') ++at;
    }
    ++at;
    return true;
  }

  bool read_value(std::size_t& at, std::string& value) {
    for (; at < line_.size() && line_[at] != '"'; ++at) {
      if (line_[at] != '\\') {
        value += line_[at];
        continue;
      }
      const char next = ++at < line_.size() ? line_[at] : ' ';
      if (next != '\\' && next != '"' && next != 'n') return wrong("no such escape"), false;
      value += next == 'n' ? '\n' : next;
    }
    ++at;
    return at <= line_.size() || (wrong("a value without end"), false);
  }

  /// Whether the sample is one of the metric that was announced.
  void belongs(const std::string& name, const labels& read, double value) {
    if (now_.type.empty()) return wrong("its type was not told before");
    if (now_.type != "histogram") {
      if (name != now_.name) wrong("of another metric");
      if (now_.type == "counter" && !name.ends_with("_total")) wrong("a counter without _total");
      if (now_.type == "counter" && value < 0) wrong("a counter below nothing");
      return;
    }
    std::string others;
    std::optional<double> upper;
    for (const auto& [label, text] : read) {
      if (label == "le") {
        upper = number(text);
      } else {
        others.append(label).append("=").append(text).append("\n");
      }
    }
    if (name == now_.name + "_bucket" && upper) {
      now_.buckets[others].emplace_back(*upper, value);
    } else if (name == now_.name + "_count" && !upper) {
      now_.counts[others] = value;
    } else if (name == now_.name + "_sum" && !upper) {
      now_.sums.insert(others);
    } else {
      wrong("of another metric");
    }
  }

  void close() {
    if (now_.name.empty()) return;
    line_ = now_.name;
    if (now_.help.empty()) wrong("no help");
    if (now_.type.empty()) wrong("no type");
    if (now_.type != "counter" && now_.name.ends_with("_total")) wrong("_total is of counters");
    for (const auto& [others, all] : now_.buckets) {
      if (!std::ranges::is_sorted(all, {}, [](const auto& b) { return b.first; })) {
        wrong("buckets out of order");
      }
      if (!std::ranges::is_sorted(all, {}, [](const auto& b) { return b.second; })) {
        wrong("buckets that do not add up");
      }
      if (all.back().first != HUGE_VAL) wrong("no bucket +Inf");
      if (!now_.counts.contains(others) || now_.counts[others] != all.back().second) {
        wrong("the count is not that of +Inf");
      }
      if (!now_.sums.contains(others)) wrong("no sum");
    }
    now_ = {};
  }

  exposition out_{};
  std::set<std::string> seen_{};
  family now_{};
  std::string line_{};
};

}  // namespace

exposition read_exposition(const std::string& text) { return reader().read(text); }

}  // namespace leeway::desk_test
