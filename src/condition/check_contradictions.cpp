// SPDX-License-Identifier: Apache-2.0
// Conditions that cannot hold together: `x < 3 && x > 5`, and `x != 'a' || x != 'b'`, where one of
// the two always holds.
#include "condition/check.hpp"

#include <limits>
#include <optional>
#include <utility>

namespace leeway::condition {

namespace {

struct limit {
  value at{false};
  bool inclusive{};
};

/// What a subject can still be while some conditions hold.
struct room {
  std::optional<limit> low{};
  std::optional<limit> high{};
  std::optional<std::vector<value>> only{};
  std::vector<value> never{};
};

/// One condition on one subject.
struct demand {
  std::string subject{};
  room left{};
  const tree* written{};
};

std::optional<std::partial_ordering> ordered(const value& a, const value& b) {
  const auto out = compare(a, b);
  if (!out || *out == std::partial_ordering::unordered) return std::nullopt;
  return out;
}

/// Between whole numbers there is nothing: `x > 3` is `x >= 4`.
limit closed(limit from, std::int64_t step) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  if (from.inclusive || !from.at.is(value_kind::integer)) return from;
  const std::int64_t at = from.at.as_int();
  if ((step < 0 && at == least) || (step > 0 && at == most)) return from;
  return {value(at + step), true};
}

bool within(const value& v, const room& r) {
  if (r.low) {
    const auto o = ordered(v, r.low->at);
    if (o && (*o < 0 || (*o == 0 && !r.low->inclusive))) return false;
  }
  if (r.high) {
    const auto o = ordered(v, r.high->at);
    if (o && (*o > 0 || (*o == 0 && !r.high->inclusive))) return false;
  }
  if (r.only && std::ranges::find(*r.only, v) == r.only->end()) return false;
  return std::ranges::find(r.never, v) == r.never.end();
}

bool crossed(const std::optional<limit>& low, const std::optional<limit>& high,
             const std::vector<value>& never) {
  if (!low || !high) return false;
  const limit l = closed(*low, 1), h = closed(*high, -1);
  const auto o = ordered(l.at, h.at);
  if (!o) return false;
  if (*o > 0) return true;
  return *o == 0 && (!l.inclusive || !h.inclusive || std::ranges::find(never, l.at) != never.end());
}

bool nothing_in_both(const room& a, const room& b) {
  const auto none_of = [](const std::vector<value>& some, const room& other) {
    return std::ranges::none_of(some, [&](const value& v) { return within(v, other); });
  };
  if (a.only && none_of(*a.only, b)) return true;
  if (b.only && none_of(*b.only, a)) return true;
  return crossed(a.low, b.high, a.never) || crossed(b.low, a.high, b.never);
}

/// A text without its blanks outside quotes: two writings of one subject.
std::string squeezed(std::string_view text) {
  std::string out;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = '\0';
    } else if (quote != '\0' && c == '\\' && i + 1 < text.size()) {
      out += text[i++];
    }
    out += text[i];
  }
  return out;
}

std::string_view opposite(std::string_view sign) {
  if (sign == "<") return ">=";
  if (sign == "<=") return ">";
  if (sign == ">") return "<=";
  if (sign == ">=") return "<";
  return sign == "==" ? "!=" : "==";
}

room room_of(std::string_view sign, const value& bound) {
  if (sign == "<") return {.high = limit{bound, false}};
  if (sign == "<=") return {.high = limit{bound, true}};
  if (sign == ">") return {.low = limit{bound, false}};
  if (sign == ">=") return {.low = limit{bound, true}};
  if (sign == "==")
    return {.low = limit{bound, true}, .high = limit{bound, true}, .only = std::vector{bound}};
  return {.never = {bound}};
}

/// What must hold for `n` to be `wanted`, when it says something of one subject.
/// `either`: of `||`.
std::optional<demand> demand_of(const tree& t, const node& n, bool wanted, std::string_view source,
                                bool either) {
  const auto text = [&](const tree& of) { return squeezed(source.substr(of.offset, of.length)); };
  if (n.what == operation::logic_not && t.children.size() == 1) {
    auto out = demand_of(*t.children[0], *n.args[0], !wanted, source, either);
    if (out) out->written = &t;
    return out;
  }
  if (!n.static_type.is(value_kind::boolean) || n.what == operation::constant) {
    return std::nullopt;
  }
  if (n.what == operation::logic_and || n.what == operation::logic_or) return std::nullopt;
  const bool relation = n.what == operation::call && t.kind == tree_kind::binary;
  // `entry.reversed || !entry.reversed` says: either way.
  const bool named = t.kind == tree_kind::select || t.kind == tree_kind::name;
  if (either && named) return std::nullopt;
  if (!relation) return demand{text(t), room_of("==", value(wanted)), &t};
  const node &left = *n.args[0], &right = *n.args[1];
  if (t.text == "in") {
    if (!is_constant(right) || !right.constant->is(value_kind::list)) return std::nullopt;
    room left_over;
    (wanted ? left_over.only.emplace() : left_over.never) = right.constant->as_list();
    return demand{text(*t.children[0]), std::move(left_over), &t};
  }
  const bool swapped = is_constant(left);
  const node& bound = swapped ? left : right;
  if (!is_constant(bound) || is_constant(swapped ? right : left)) return std::nullopt;
  // What is not a number is neither below nor above: not `x < 3` does not make it `x >= 3`.
  if (!wanted && bound.static_type.is(value_kind::number)) return std::nullopt;
  std::string_view sign = swapped ? mirrored(t.text) : std::string_view(t.text);
  if (!wanted) sign = opposite(sign);
  return demand{text(*t.children[swapped ? 1 : 0]), room_of(sign, *bound.constant), &t};
}

}  // namespace

void checker::check_contradictions(const tree& t, const node& n) {
  const bool all = n.what == operation::logic_and;
  std::vector<demand> before;
  for (std::size_t i = 0; i < n.args.size(); ++i) {
    auto now = demand_of(*t.children[i], *n.args[i], all, source_, !all);
    if (!now) continue;
    const auto against = std::ranges::find_if(before, [&](const demand& one) {
      return one.subject == now->subject && nothing_in_both(one.left, now->left);
    });
    if (against == before.end()) {
      before.push_back(*std::move(now));
      continue;
    }
    const tree& here = *t.children[i];
    report(
        "constant_condition",
        all ? shown(here) + " never holds together with " + shown(*against->written)
            : "one of " + shown(*against->written) + " and " + shown(here) + " always holds",
        all ? "one of the two is not meant, or `||` is" : "one of the two is not meant, or `&&` is",
        here.offset, here.length, true);
    return;
  }
}

}  // namespace leeway::condition
