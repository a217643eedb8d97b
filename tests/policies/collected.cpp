// SPDX-License-Identifier: Apache-2.0
#include "policies/collected.hpp"

#include <algorithm>
#include <optional>

namespace leeway::policies_test {
namespace {

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// A date stands for noon UTC of it.
std::string instant_of(const json& date) {
  const auto text = date.get<std::string>();
  return text.find('T') == std::string::npos ? text + "T12:00:00Z" : text;
}

/// The instant so many days of 24 hours before another.
std::string days_before(const std::string& at, const json& days) {
  const instant now = instant::parse(at).value();
  return subtract(now, period{.days = days.get<std::int64_t>()}, time_zone::find("UTC").value())
      .to_string();
}

std::optional<json> in_our_words(const json& value, const target& to, const mapping& m) {
  if (!to.names.empty()) {
    const auto named = to.names.find(text_of(value));
    if (named == to.names.end()) return std::nullopt;
    return named->second;
  }
  switch (to.written) {
    case form::amount: return amount_text(value, m.currency);
    case form::ratio: return text_of(value);
    case form::instant: return instant_of(value);
    default: return value;
  }
}

/// Puts one value; `what` names it to people.
void put(const json& value, const target& to, const mapping& m, const std::string& what, json& in) {
  if (to.written == form::ours || to.written == form::comment || value.is_null()) return;
  if (auto words = in_our_words(value, to, m)) {
    in = *std::move(words);
  } else {
    ADD_FAILURE() << "the mapping has no word for " << what << ' ' << value;
  }
}

/// Puts the members of one object; `prefix` is how the mapping names them.
void put_all(const json& members, const std::string& prefix, const std::set<std::string>& but,
             const mapping& m, json& request) {
  for (const auto& [key, value] : members.items()) {
    if (but.contains(key)) continue;
    const std::string name = prefix + key;
    const auto to = m.facts.find(name);
    if (to == m.facts.end()) {
      ADD_FAILURE() << "the mapping does not know the fact " << name;
      continue;
    }
    const std::string& path = to->second.path;
    const std::size_t dot = path.find('.');
    json put_here;
    put(value, to->second, m, name, put_here);
    if (!put_here.is_null()) request[path.substr(0, dot)][path.substr(dot + 1)] = put_here;
  }
}

json entry_of(const json& one, const mapping& m, const json& request) {
  const std::string at = request.at("at").get<std::string>();
  json entry{{"id", "h-" + std::to_string(request.at("history").size())},
             {"customer.id", "c-1"},
             {"subject.id", "account-1"}};
  const auto kind = m.entries.find(one.value("type", ""));
  if (kind == m.entries.end()) {
    ADD_FAILURE() << "the mapping does not know the history " << one;
  } else {
    entry["kind"] = kind->second;
  }
  if (const json* date = known(one, "date")) entry["at"] = instant_of(*date);
  if (const json* days = known(one, "days_ago")) entry["at"] = days_before(at, *days);
  copy_amount(one, "amount", entry, "amount", m.currency);
  for (const auto& [key, value] : one.items()) {
    if (std::set<std::string>{"type", "date", "days_ago", "amount", "currency"}.contains(key)) {
      continue;
    }
    const auto to = m.entry_facts.find(key);
    if (to == m.entry_facts.end()) {
      ADD_FAILURE() << "the mapping does not know `" << key << "` of history";
    } else {
      json put_here;
      put(value, to->second, m, key, put_here);
      if (!put_here.is_null()) entry[to->second.path] = put_here;
    }
  }
  return entry;
}

template <typename Map>
std::string word(const Map& words, const json& name, const char* what) {
  const auto found = words.find(name.get<std::string>());
  if (found != words.end()) {
    if constexpr (std::is_same_v<typename Map::mapped_type, std::string>) {
      return found->second;
    } else {
      return *found->second.begin();
    }
  }
  ADD_FAILURE() << "the mapping does not know the " << what << ' ' << name;
  return name.get<std::string>();
}

bool wants_approval_of(const decision& d, const std::set<std::string>& roles) {
  return std::ranges::any_of(d.needs, [&](const need& one) {
    std::set<std::string> any_of;
    for (const role_id& role : one.any_of) any_of.insert(role.str());
    return one.what == need::kind::approval && any_of == roles;
  });
}

bool has_obligation(const decision& d, const std::string& id) {
  return std::ranges::any_of(d.obligations, [&](const obligation& one) { return one.id == id; });
}

bool is_one_of(const json& outcomes, std::string_view found) {
  if (!outcomes.is_array()) return outcomes.get<std::string>() == found;
  return std::ranges::any_of(outcomes, [&](const json& one) { return one == found; });
}

const mapping* mapping_of(const json& row, const std::map<std::string, mapping>& mappings) {
  for (const char* key : {"sub_policy", "policy_version"}) {
    const json* part = known(row, key);
    const auto found = part == nullptr ? mappings.end() : mappings.find(part->get<std::string>());
    if (found != mappings.end()) return &found->second;
    // One mapping for all versions is fine; a part that nobody encoded is not.
    if (part != nullptr && !mappings.contains("")) return nullptr;
  }
  const auto usual = mappings.find("");
  return usual == mappings.end() ? nullptr : &usual->second;
}

/// The documents that cases have asked for, loaded once.
class library {
 public:
  /// Of several documents the one in force; where none is, the last, which then says so.
  const policy& choose(const mapping& m, instant as_of) {
    const policy* found = nullptr;
    for (const std::string& name : m.documents) {
      auto by = loaded_.find(name);
      if (by == loaded_.end()) by = loaded_.emplace(name, example(name)).first;
      if (found == nullptr || !found->in_force(as_of)) found = &by->second;
    }
    return *found;
  }

 private:
  std::map<std::string, policy> loaded_{};
};

void run_case(const json& row, const std::map<std::string, mapping>& mappings, library& documents) {
  SCOPED_TRACE(row.at("id").get<std::string>() + ": " + row.value("basis", ""));
  const mapping* m = mapping_of(row, mappings);
  ASSERT_NE(m, nullptr) << "no mapping for this part of " << row.at("policy");
  const json request = request_of(row, *m);
  const instant at = instant::parse(request["at"].get<std::string>()).value();
  expect_as_stated(row, *m, decide(documents.choose(*m, at), request));
}

}  // namespace

json request_of(const json& row, const mapping& m) {
  const json* as_of = known(row, "as_of");
  json out{{"id", row.at("id")},
           {"at", as_of ? instant_of(*as_of) : m.at},
           {"agent", {{"id", "a-1"}, {"role", word(m.roles, row.at("agent").at("role"), "role")}}},
           {"customer", {{"id", "c-1"}}},
           {"contact", {{"id", "k-1"}}},
           {"subject", {{"id", "account-1"}}},
           {"action", {{"kind", word(m.actions, row.at("action").at("type"), "action")}}},
           {"history", json::array()}};
  copy_amount(row.at("action"), "amount", out["action"], "amount", m.currency);
  put_all(row.at("facts"), "", {}, m, out);
  put_all(row.at("agent"), "agent.", {"role"}, m, out);
  put_all(row.value("customer", json::object()), "customer.", {}, m, out);
  put_all(row.at("action"), "action.", {"type", "amount", "currency"}, m, out);
  for (const json& one : row.value("history", json::array())) {
    const json entry = entry_of(one, m, out);
    out["history"].push_back(entry);
  }
  if (m.also) m.also(row, out);
  return out;
}

void expect_as_stated(const json& row, const mapping& m, const decision& d) {
  const json& expect = row.at("expect");
  EXPECT_TRUE(is_one_of(expect.at("outcome"), to_string(d.outcome)))
      << to_string(d.outcome) << ", not " << expect.at("outcome") << reasons(d);
  if (const json* to = known(expect, "escalate_to")) {
    const auto roles = m.roles.find(to->get<std::string>());
    ASSERT_NE(roles, m.roles.end()) << "no role is mapped from " << *to;
    EXPECT_TRUE(wants_approval_of(d, roles->second)) << "wanted approval of " << *to << reasons(d);
  }
  if (const json* due = known(expect, "due")) {
    const std::string wanted = amount_text(*due, m.currency);
    ASSERT_TRUE(d.due.has_value()) << "no due, wanted " << wanted << reasons(d);
    EXPECT_EQ(d.due->to_string(), wanted);
  }
  for (const json& record : expect.value("records", json::array())) {
    const auto named = m.records.find(record.get<std::string>());
    const std::string id = named == m.records.end() ? record.get<std::string>() : named->second;
    EXPECT_TRUE(has_obligation(d, id)) << "no obligation for the record " << record;
  }
}

void run_collected(const std::string& number, const std::map<std::string, mapping>& mappings) {
  const auto folder = shared_folder() / "policies";
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "no collected policies in " << folder << "; set LEEWAY_SHARED";
  }
  library documents;
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (!name.starts_with(number) || !name.ends_with(".cases.jsonl")) continue;
    for (const json& row : read_lines(file.path())) {
      run_case(row, mappings, documents);
      ++count;
    }
  }
  if (count == 0) GTEST_SKIP() << "no cases of " << number << " in " << folder;
  ::testing::Test::RecordProperty("cases", static_cast<int>(count));
}

}  // namespace leeway::policies_test
