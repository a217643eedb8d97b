// SPDX-License-Identifier: Apache-2.0
#include "audit/note_text.hpp"
#include "base/text.hpp"

#include <leeway/audit/trust_policy.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace leeway::audit {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view no_quorum = "none";

std::vector<std::string_view> items_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    if (line.empty()) return out;
    const auto end = std::min(line.find_first_of(blanks), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

bool is_of(const verifier_key& key, const verified_signature& one) {
  return key.id() == one.key_id && key.name() == one.name;
}

bool has_public_key(std::span<const verifier_key> keys, const verifier_key& wanted) {
  return std::ranges::find(keys, wanted.public_key(), &verifier_key::public_key) != keys.end();
}

/// Octets other than the control characters but tab ("Character set").
bool is_policy_text(std::string_view line) {
  return std::ranges::none_of(line, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

}  // namespace

/// Reads the lines one after another. What is wrong is told of the first line that is wrong.
class trust_policy_reader {
 public:
  result<trust_policy> read(std::string_view text) {
    if (text.size() > trust_policy::longest_file) return refuse("the file is too long");
    while (!text.empty()) {
      ++line_;
      const auto line = take_line(text);
      if (!line) return refuse("the last line does not end");
      if (!is_policy_text(*line)) return refuse("a control character");
      const auto items = items_of(*line);
      if (items.empty() || items.front().starts_with('#')) continue;
      if (auto done = take(items); !done) return fail(std::move(done).error());
    }
    if (!quorum_) return refuse("no line `quorum`; `quorum none` asks for no witness");
    out_.quorum_ = *quorum_;
    return std::move(out_);
  }

 private:
  using words = std::span<const std::string_view>;

  failure<error> refuse(const std::string& message) const {
    return fail("trust_policy_syntax", "line " + std::to_string(line_) + ": " + message);
  }

  result<void> take(words line) {
    const auto what = line.front();
    const auto rest = line.subspan(1);
    if (what == "log") return take_log(rest);
    if (what == "witness") return take_witness(rest);
    if (what == "group") return take_group(rest);
    if (what == "quorum") return take_quorum(rest);
    return refuse(detail::quoted(what) + " is none of `log`, `witness`, `group` and `quorum`");
  }

  result<void> take_log(words rest) {
    if (rest.empty() || rest.size() > 2) return refuse("expected `log <key> [<url>]`");
    auto key = verifier_key::parse(rest[0]);
    if (!key) return refuse(key.error().message);
    if (has_public_key(out_.logs_, *key)) return refuse("two logs have this key");
    if (out_.logs_.size() == trust_policy::most_of_each) return refuse("too many logs");
    out_.logs_.push_back(*key);
    add_key(*key);
    return {};
  }

  result<void> take_witness(words rest) {
    if (rest.size() < 2 || rest.size() > 3) {
      return refuse("expected `witness <name> <key> [<url>]`");
    }
    if (auto good = check_new(rest[0]); !good) return good;
    const auto given = verifier_key::parse(rest[1]);
    if (!given) return refuse(given.error().message);
    const verifier_key key = given->as_cosigner();
    if (has_public_key(witnesses_, key)) return refuse("two witnesses have this key");
    if (witnesses_.size() == trust_policy::most_of_each) return refuse("too many witnesses");
    witnesses_.push_back(key);
    add_key(key);
    out_.parties_.push_back({.name = std::string(rest[0]), .key = {key}});
    return {};
  }

  result<void> take_group(words rest) {
    if (rest.size() < 3) return refuse("expected `group <name> all|any|<number> <name>...`");
    if (auto good = check_new(rest[0]); !good) return good;
    if (++groups_ > trust_policy::most_of_each) return refuse("too many groups");
    trust_policy::party group{.name = std::string(rest[0])};
    const auto names = rest.subspan(2);
    for (const auto name : names) {
      const auto at = find(name);
      if (!at) return refuse(detail::quoted(name) + " is not defined before");
      if (out_.parties_[*at].is_member) {
        return refuse(detail::quoted(name) + " is a member of a group already");
      }
      out_.parties_[*at].is_member = true;
      group.members.push_back(*at);
    }
    const auto threshold = rest[1] == "all"   ? std::optional<std::uint64_t>(names.size())
                           : rest[1] == "any" ? std::optional<std::uint64_t>(1)
                                              : decimal(rest[1]);
    if (!threshold || *threshold == 0 || *threshold > names.size()) {
      return refuse(detail::quoted(rest[1]) + " is neither `all`, `any` nor a number of members");
    }
    group.threshold = static_cast<std::size_t>(*threshold);
    out_.parties_.push_back(std::move(group));
    return {};
  }

  result<void> take_quorum(words rest) {
    if (rest.size() != 1) return refuse("expected `quorum <name>` or `quorum none`");
    if (quorum_) return refuse("a second quorum");
    if (rest[0] == no_quorum) {
      quorum_ = nobody;
      return {};
    }
    quorum_ = find(rest[0]);
    if (!quorum_) return refuse(detail::quoted(rest[0]) + " is not defined before");
    return {};
  }

  result<void> check_new(std::string_view name) const {
    if (name == no_quorum) return refuse("`none` cannot be a name");
    if (find(name)) return refuse(detail::quoted(name) + " is defined twice");
    return {};
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    const auto at = std::ranges::find(out_.parties_, name, &trust_policy::party::name);
    if (at == out_.parties_.end()) return std::nullopt;
    return static_cast<std::size_t>(at - out_.parties_.begin());
  }

  void add_key(const verifier_key& key) {
    if (std::ranges::find(out_.keys_, key) == out_.keys_.end()) out_.keys_.push_back(key);
  }

  static constexpr std::size_t nobody = SIZE_MAX;

  trust_policy out_{};
  std::vector<verifier_key> witnesses_{};
  std::optional<std::size_t> quorum_{};
  std::size_t groups_{};
  std::size_t line_{};
};

trust_policy trust_policy::of_logs(std::vector<verifier_key> logs) {
  trust_policy out;
  out.keys_ = logs;
  out.logs_ = std::move(logs);
  return out;
}

result<trust_policy> trust_policy::parse(std::string_view text) {
  return trust_policy_reader().read(text);
}

bool trust_policy::is_signed_by_log(std::string_view origin,
                                    std::span<const verified_signature> signatures) const {
  return std::ranges::any_of(logs_, [&](const verifier_key& key) {
    return key.name() == origin &&
           std::ranges::any_of(signatures, [&](const auto& one) { return is_of(key, one); });
  });
}

bool trust_policy::is_quorum(std::span<const verified_signature> signatures) const {
  if (quorum_ >= parties_.size()) return true;
  // Members come before their groups, so one pass knows them all.
  std::vector<bool> has(parties_.size());
  for (std::size_t i = 0; i <= quorum_; ++i) {
    const party& one = parties_[i];
    if (one.key.empty()) {
      const auto count = std::ranges::count_if(one.members, [&](std::size_t m) { return has[m]; });
      has[i] = static_cast<std::size_t>(count) >= one.threshold;
    } else {
      has[i] =
          std::ranges::any_of(signatures, [&](const auto& s) { return is_of(one.key.front(), s); });
    }
  }
  return has[quorum_];
}

}  // namespace leeway::audit
