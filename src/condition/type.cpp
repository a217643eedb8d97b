// SPDX-License-Identifier: Apache-2.0
#include "condition/type.hpp"

#include <array>
#include <optional>
#include <utility>

namespace leeway::condition {

namespace {

constexpr int deepest = 8;

/// Reads the grammar of type::parse: name, `list<T>` or `map<K, V>`, with free spaces between.
class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  std::optional<type> whole() {
    auto out = one(0);
    skip();
    return rest_.empty() ? out : std::nullopt;
  }

 private:
  void skip() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool take(char c) {
    skip();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view word() {
    skip();
    std::size_t n = 0;
    while (n < rest_.size() && rest_[n] >= 'a' && rest_[n] <= 'z') ++n;
    const std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }
  std::optional<type> one(int depth) {
    if (depth > deepest) return std::nullopt;
    const std::string_view name = word();
    if (name == "list") {
      if (!take('<')) return std::nullopt;
      auto element = one(depth + 1);
      if (!element || !take('>')) return std::nullopt;
      return type::list_of(*element);
    }
    if (name == "map") return map(depth);
    static constexpr std::array scalars = {
        value_kind::boolean, value_kind::integer,   value_kind::number,
        value_kind::string,  value_kind::timestamp, value_kind::duration,
        value_kind::date,    value_kind::money,     value_kind::ratio};
    for (const value_kind kind : scalars) {
      if (name == leeway::to_string(kind)) return type(kind);
    }
    return std::nullopt;
  }
  std::optional<type> map(int depth) {
    if (!take('<')) return std::nullopt;
    auto key = one(depth + 1);
    if (!key || !key->can_be_key() || !take(',')) return std::nullopt;
    auto element = one(depth + 1);
    if (!element || !take('>')) return std::nullopt;
    return type::map_of(*key, *element);
  }

  std::string_view rest_;
};

}  // namespace

type type::list_of(type element) {
  type out(value_kind::list);
  if (!element.is_nothing()) out.element_ = std::make_shared<const type>(std::move(element));
  return out;
}

type type::map_of(type key, type element) {
  type out(value_kind::map);
  if (!key.is_nothing()) out.key_ = std::make_shared<const type>(std::move(key));
  if (!element.is_nothing()) out.element_ = std::make_shared<const type>(std::move(element));
  return out;
}

type type::empty_list() { return type(value_kind::list); }
type type::empty_map() { return type(value_kind::map); }
type type::nothing() { return type(value_kind{}); }

result<type> type::parse(std::string_view text) {
  if (text.size() <= 256) {
    if (auto out = reader(text).whole()) return *out;
  }
  return fail("type_syntax",
              "`" + std::string(text.substr(0, 64)) +
                  "` is not a type: write bool, int, double, string, timestamp, duration, date, "
                  "money, ratio, list<T> or map<K, T> with K string, int or bool");
}

type type::element_or_nothing() const { return element_ ? *element_ : nothing(); }
type type::key_or_nothing() const { return key_ ? *key_ : nothing(); }

std::string type::to_string() const {
  std::string out(leeway::to_string(kind_));
  if (is(value_kind::list) && element_) out += "<" + element_->to_string() + ">";
  if (is(value_kind::map) && (key_ || element_)) {
    out += "<" + key_or_nothing().to_string() + ", " + element_or_nothing().to_string() + ">";
  }
  return out;
}

bool operator==(const type& a, const type& b) {
  const auto same = [](const std::shared_ptr<const type>& x, const std::shared_ptr<const type>& y) {
    return x == y || (x && y && *x == *y);
  };
  return a.kind_ == b.kind_ && same(a.key_, b.key_) && same(a.element_, b.element_);
}

bool type::fits(const type& wanted) const {
  if (is_nothing()) return true;
  if (kind_ != wanted.kind_) return false;
  const auto inside = [](const std::shared_ptr<const type>& mine,
                         const std::shared_ptr<const type>& theirs) {
    return !mine || (theirs && mine->fits(*theirs));
  };
  return inside(key_, wanted.key_) && inside(element_, wanted.element_);
}

std::optional<type> join(const type& a, const type& b) {
  if (a.is_nothing()) return b;
  if (b.is_nothing()) return a;
  if (a.kind() != b.kind()) return std::nullopt;
  if (!a.is(value_kind::list) && !a.is(value_kind::map)) return a;
  const auto element = join(a.element_or_nothing(), b.element_or_nothing());
  if (!element) return std::nullopt;
  if (a.is(value_kind::list)) return type::list_of(*element);
  const auto key = join(a.key_or_nothing(), b.key_or_nothing());
  if (!key) return std::nullopt;
  return type::map_of(*key, *element);
}

}  // namespace leeway::condition
