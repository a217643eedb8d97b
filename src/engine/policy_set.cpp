// SPDX-License-Identifier: Apache-2.0
#include "policy/compiled.hpp"

#include <leeway/engine/policy_set.hpp>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace leeway {
namespace {

failure<diagnostics> refused(std::string code, std::string message, std::string remedy) {
  return fail(diagnostics(diagnostic{.code = std::move(code),
                                     .message = std::move(message),
                                     .remedy = std::move(remedy),
                                     .pointer = "/policy"}));
}

std::string named(const policy& one) {
  return '`' + one.id().str() + "` version `" + one.version() + '`';
}

/// When a version begins; one without a date always has.
instant begins(const policy& one) {
  const auto& from = one.document().effective_from;
  return from ? one.zone().start_of_day(*from) : instant::min();
}

bool before(const policy& a, const policy& b) {
  return std::tuple(a.id().view(), begins(a), std::string_view(a.version())) <
         std::tuple(b.id().view(), begins(b), std::string_view(b.version()));
}

std::string listed(std::span<const policy> from, std::vector<std::size_t> which) {
  constexpr std::size_t most = 8;
  std::ranges::sort(which, [&](auto a, auto b) { return before(from[a], from[b]); });
  std::string out;
  for (std::size_t i = 0; i < which.size() && i < most; ++i) {
    out += (i == 0 ? "" : ", ") + named(from[which[i]]);
  }
  if (which.size() > most) out += " and " + std::to_string(which.size() - most) + " more";
  return out.empty() ? "none" : out;
}

bool asked_for(const policy& one, const request& r) {
  return (r.policy.empty() || one.id() == r.policy) &&
         (r.policy_version.empty() || one.version() == r.policy_version);
}

/// Of the versions of one policy the one that is meant; several: they begin at the same instant.
std::vector<std::size_t> meant(std::span<const policy> from,
                               const std::vector<std::size_t>& versions, instant as_of) {
  std::vector<std::size_t> out;
  for (const std::size_t one : versions) {
    const instant at = begins(from[one]);
    if (at > as_of) continue;
    if (!out.empty() && begins(from[out.front()]) > at) continue;
    if (!out.empty() && begins(from[out.front()]) < at) out.clear();
    out.push_back(one);
  }
  if (!out.empty()) return out;
  // None has begun: the first that will says so best.
  return {*std::ranges::min_element(versions,
                                    [&](auto a, auto b) { return before(from[a], from[b]); })};
}

/// What is switched off is none of several to choose from, but for when all of them are.
void leave_out_suspended(std::span<const policy> from, std::vector<std::size_t>& which) {
  const auto is_off = [&](std::size_t one) {
    return from[one].suspension() || from[one].document().suspended;
  };
  if (!std::ranges::all_of(which, is_off)) std::erase_if(which, is_off);
}

failure<diagnostics> ambiguous(std::span<const policy> from, const std::vector<std::size_t>& which,
                               std::string_view what) {
  return refused("policy_ambiguous", std::string(what) + ": " + listed(from, which),
                 "name one in the request's `policy`");
}

}  // namespace

result<std::size_t, diagnostics> choose_policy(std::span<const policy> from, const request& r) {
  const instant as_of = r.as_of.value_or(r.at);
  std::map<std::string_view, std::vector<std::size_t>> by_id;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < from.size(); ++i) {
    all.push_back(i);
    if (asked_for(from[i], r)) by_id[from[i].id().view()].push_back(i);
  }
  if (by_id.empty()) {
    return refused("policy_unknown", "no policy at hand is the one the request asks for",
                   "at hand: " + listed(from, std::move(all)));
  }
  std::vector<std::size_t> chosen, in_force;
  for (const auto& [id, versions] : by_id) {
    auto of_id = meant(from, versions, as_of);
    leave_out_suspended(from, of_id);
    if (of_id.size() > 1) return ambiguous(from, of_id, "several versions begin together");
    chosen.push_back(of_id.front());
    if (from[of_id.front()].impl().in_dates(as_of)) in_force.push_back(of_id.front());
  }
  leave_out_suspended(from, in_force);
  if (in_force.size() > 1) return ambiguous(from, in_force, "several policies are in force");
  if (!in_force.empty()) return in_force.front();
  // None is in force, and each would say so: the one that was last.
  return *std::ranges::max_element(chosen, {}, [&](std::size_t one) {
    const instant at = begins(from[one]);
    return std::tuple(at <= as_of, at, from[one].id().view());
  });
}

struct policy_set::content {
  struct suspension {
    policy_id id{};
    std::string version{};  ///< empty: every version
    std::string why{};

    bool covers(const policy& one) const {
      return one.id() == id && (version.empty() || one.version() == version);
    }
  };

  std::vector<policy> versions{};  ///< as they were written
  std::vector<suspension> suspensions{};
  std::vector<policy> effective{};  ///< `versions` in order, suspensions applied

  auto find(const policy_id& id, const std::string& version) {
    return std::ranges::find_if(
        versions, [&](const policy& p) { return p.id() == id && p.version() == version; });
  }
  auto find_suspension(const policy_id& id, const std::string& version) {
    return std::ranges::find_if(
        suspensions, [&](const suspension& s) { return s.id == id && s.version == version; });
  }

  void apply() {
    std::ranges::sort(versions, before);
    effective = versions;
    for (policy& one : effective) {
      // A reason that was given for the version itself says more than one for all of them.
      const suspension* by = nullptr;
      for (const suspension& s : suspensions) {
        if (s.covers(one) && (by == nullptr || by->version.empty())) by = &s;
      }
      if (by != nullptr) one = one.suspended(by->why);
    }
  }
};

policy_set::policy_set() : content_(std::make_shared<const content>()) {}
policy_set::~policy_set() = default;

std::shared_ptr<const policy_set::content> policy_set::current() const {
  const std::lock_guard lock(reading_);
  return content_;
}

template <class Change>
bool policy_set::change(Change how) {
  const std::lock_guard one_writer(writing_);
  auto next = std::make_shared<content>(*current());
  const bool answer = how(*next);
  next->apply();
  std::shared_ptr<const content> done = std::move(next);
  {
    const std::lock_guard lock(reading_);
    content_.swap(done);
  }
  return answer;  // what was there before is let go of here, outside the lock
}

result<void, diagnostics> policy_set::add(policy one) {
  std::string name = named(one);
  const bool added = change([&](content& c) {
    const auto same = c.find(one.id(), one.version());
    if (same != c.versions.end()) {
      if (same->digest() != one.digest()) return false;
      // Whoever adds a version switched off does not mean the one that decides.
      if (one.suspension()) *same = std::move(one);
      return true;
    }
    c.versions.push_back(std::move(one));
    return true;
  });
  if (added) return {};
  return refused("version_reused", "another content of " + name + " is here already",
                 "a version stands for one content: give a changed policy a new version");
}

bool policy_set::replace(policy one) {
  return change([&](content& c) {
    const auto same = c.find(one.id(), one.version());
    const bool there = same != c.versions.end();
    if (there) {
      *same = std::move(one);
    } else {
      c.versions.push_back(std::move(one));
    }
    return there;
  });
}

bool policy_set::remove(const policy_id& id, const std::string& version) {
  return change([&](content& c) {
    const auto same = c.find(id, version);
    if (same == c.versions.end()) return false;
    c.versions.erase(same);
    return true;
  });
}

bool policy_set::suspend(const policy_id& id, const std::string& version, std::string why) {
  return change([&](content& c) {
    auto same = c.find_suspension(id, version);
    if (same == c.suspensions.end()) same = c.suspensions.insert(same, {id, version, {}});
    same->why = std::move(why);
    return std::ranges::any_of(c.versions, [&](const policy& p) { return same->covers(p); });
  });
}

bool policy_set::resume(const policy_id& id, const std::string& version) {
  return change([&](content& c) {
    const auto same = c.find_suspension(id, version);
    if (same == c.suspensions.end()) return false;
    c.suspensions.erase(same);
    return true;
  });
}

std::vector<policy> policy_set::all() const { return current()->effective; }

std::optional<policy> policy_set::find(const leeway::digest& of) const {
  const auto here = current();
  const auto found =
      std::ranges::find_if(here->versions, [&](const policy& p) { return p.digest() == of; });
  if (found == here->versions.end()) return std::nullopt;
  return *found;
}

result<policy, diagnostics> policy_set::choose(const request& r) const {
  const auto here = current();
  const auto chosen = choose_policy(here->effective, r);
  if (!chosen) return fail(chosen.error());
  return here->effective[*chosen];
}

namespace {

decision undecided(const request& r, const diagnostics& why) {
  decision d;
  d.request = r.id;
  d.at = r.at;
  for (const diagnostic& one : why) {
    finding f;
    f.code = reason_code::invalid_request;
    f.outcome = outcome::deny;
    f.part = finding_part::request;
    f.detail = one.message;
    f.remedy = one.remedy;
    d.findings.push_back(std::move(f));
  }
  return d;
}

}  // namespace

decision policy_set::decide(const request& r, const usage& used,
                            const decide_options& options) const {
  const auto chosen = choose(r);
  return chosen ? chosen->decide(r, used, options) : undecided(r, chosen.error());
}

decision policy_set::decide(const request& r, const decide_options& options) const {
  const auto chosen = choose(r);
  return chosen ? chosen->decide(r, options) : undecided(r, chosen.error());
}

}  // namespace leeway
