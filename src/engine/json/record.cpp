// SPDX-License-Identifier: Apache-2.0
#include "base/json/canonical.hpp"
#include "base/json/reader.hpp"
#include "engine/json/core.hpp"
#include "engine/json/request_reader.hpp"
#include "engine/json/texts.hpp"
#include "model/request_json.hpp"

#include <leeway/engine/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace leeway::engine_json {
namespace {

using json::kind;
using json::node;
using json::object_reader;

constexpr std::string_view record_format = "leeway-record/1";

std::optional<std::pair<std::string, std::string>> read_key(const node& pair) {
  const auto& parts = pair.items();
  if (parts.size() != 2 || !parts[0].is(kind::string) || !parts[1].is(kind::string)) {
    return std::nullopt;
  }
  return std::pair<std::string, std::string>{parts[0].string(), parts[1].string()};
}

std::optional<usage_keys> read_keys(object_reader& in) {
  const node* array = in.optional_array("keys");
  if (array == nullptr) return std::nullopt;
  usage_keys keys;
  for (const node& item : array->items()) {
    auto key = read_key(item);
    if (!key) {
      in.fail_at("keys", "wrong_type", "expected pairs of a fact's name and its value");
      return std::nullopt;
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

usage_value read_usage_value(object_reader in) {
  usage_value v;
  v.amount = in.optional_parsed<money>("amount", money::parse, an_amount);
  v.count = in.optional_int64("count");
  v.last_at = in.optional_parsed<instant>("last_at", instant::parse, an_instant);
  v.resets = in.optional_parsed<instant>("resets", instant::parse, an_instant);
  v.at_least = in.optional_boolean("at_least").value_or(false);
  v.keys = read_keys(in);
  in.finish();
  // INVARIANT: usage never frees budget.
  if (v.amount && v.amount->is_negative()) {
    in.fail_at("amount", "negative_amount", "an amount that was used is never negative");
  }
  if (v.count && *v.count < 0) {
    in.fail_at("count", "negative_count", "a count is never negative");
  }
  return v;
}

usage read_usage(object_reader in) {
  const bool zero = in.required_boolean("zero_by_default").value_or(false);
  usage out = zero ? usage::empty() : usage::unknown();
  if (const node* values = in.required_object("values")) {
    const std::string pointer = in.pointer_of("values");
    for (const auto& [id, span, item] : values->members()) {
      out.set(rule_id(id),
              read_usage_value({in.doc(), item, json::pointer_to(pointer, id), in.out()}));
    }
  }
  in.finish();
  return out;
}

/// The parts of a record, read.
struct record {
  leeway::request request{};
  leeway::usage usage{};
  policy_reference policy{};
  std::string tzdata{};
  const node* core{};
};

void read_constants(object_reader& in, record& out) {
  const auto format = in.required_string("format");
  if (format && *format != record_format) {
    in.fail_at("format", "unknown_format", "expected the format `leeway-record/1`");
  }
  const auto number = in.required_int64("semantics");
  if (number && *number != semantics) {
    in.fail_at("semantics", "other_semantics",
               "decided under semantics number " + std::to_string(*number) + ", this is number " +
                   std::to_string(semantics),
               "replay it with a release of that number");
  }
  out.tzdata = in.required_string("tzdata").value_or(std::string{});
}

policy_reference read_policy(object_reader in) {
  policy_reference out;
  out.id = policy_id(in.required_string("id").value_or(std::string{}));
  out.version = in.required_string("version").value_or(std::string{});
  out.digest = in.parsed<digest>("digest", digest::parse, a_digest).value_or(leeway::digest{});
  out.suspended = in.optional_string("suspended");
  in.finish();
  return out;
}

object_reader inside(object_reader& in, std::string_view key, const node& found) {
  return {in.doc(), found, in.pointer_of(key), in.out()};
}

record read_record(object_reader& in) {
  record out;
  read_constants(in, out);
  if (const node* found = in.required_object("request")) {
    object_reader fields = inside(in, "request", *found);
    out.request = read_request(fields, id_rule::optional);
    fields.finish();
  }
  if (const node* found = in.required_object("usage")) {
    out.usage = read_usage(inside(in, "usage", *found));
  }
  if (const node* found = in.required_object("policy")) {
    out.policy = read_policy(inside(in, "policy", *found));
  }
  out.core = in.required_object("decision");
  in.ignore("desk");  // where the decision took effect: nothing is decided by it
  in.finish();
  return out;
}

/// What stands in a record twice must agree, or the copy that nothing is computed from could be
/// changed unseen.
void check_copies(object_reader& in, const record& r, const policy& under) {
  if (r.policy.id != under.id() || r.policy.version != under.version()) {
    in.fail_at("policy", "record_inconsistent",
               "the policy with this digest is `" + under.id().str() + "` version `" +
                   under.version() + "`",
               "the record was changed after it was written");
  }
  const node* tzdata = r.core->find("tzdata");
  if (tzdata == nullptr || tzdata->string() != r.tzdata) {
    in.fail_at("tzdata", "record_inconsistent", "not the time-zone data of the decision",
               "the record was changed after it was written");
  }
}

/// The first difference of two trees, in the order of the first.
class comparison {
 public:
  explicit comparison(replay_result& out) : out_(out) {}

  bool equal(const node& recorded, const node& replayed, const std::string& at) {
    if (recorded.is(kind::object) && replayed.is(kind::object)) {
      return equal_members(recorded, replayed, at);
    }
    if (recorded.is(kind::array) && replayed.is(kind::array)) {
      return equal_items(recorded, replayed, at);
    }
    std::string before = json::canonical(recorded);
    std::string after = json::canonical(replayed);
    return before == after || differs(at, std::move(before), std::move(after));
  }

 private:
  static constexpr const char* absent = "absent";

  bool differs(const std::string& at, std::string recorded, std::string replayed) {
    out_.pointer = at;
    out_.recorded = std::move(recorded);
    out_.replayed = std::move(replayed);
    return false;
  }

  bool equal_members(const node& recorded, const node& replayed, const std::string& at) {
    for (const auto& [key, span, item] : recorded.members()) {
      const std::string here = json::pointer_to(at, key);
      const node* other = replayed.find(key);
      if (other == nullptr) return differs(here, json::canonical(item), absent);
      if (!equal(item, *other, here)) return false;
    }
    if (recorded.members().size() == replayed.members().size()) return true;
    for (const auto& [key, span, item] : replayed.members()) {
      if (recorded.find(key) == nullptr) {
        return differs(json::pointer_to(at, key), absent, json::canonical(item));
      }
    }
    return true;
  }

  bool equal_items(const node& recorded, const node& replayed, const std::string& at) {
    const auto& a = recorded.items();
    const auto& b = replayed.items();
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      const std::string here = json::pointer_to(at, i);
      if (i >= b.size()) return differs(here, json::canonical(a[i]), absent);
      if (i >= a.size()) return differs(here, absent, json::canonical(b[i]));
      if (!equal(a[i], b[i], here)) return false;
    }
    return true;
  }

  replay_result& out_;
};

/// The instants that a decision used: a desk's clock may have moved the request's own.
model_json::request_instants instants_of(const request& r, const decision& d) {
  model_json::request_instants out{.at = d.at, .as_of = r.as_of};
  if (d.at != r.at && !out.as_of) out.as_of = r.at;
  return out;
}

void write_policy(text_writer& to, const policy_reference& p) {
  to.begin_object();
  put_text(to, "digest", p.digest.to_string());
  put_text(to, "id", p.id.view());
  if (p.suspended) put_text(to, "suspended", *p.suspended);
  put_text(to, "version", p.version);
  to.end_object();
}

/// Keys in the order of canonical JSON. The usage stands in it twice: the core is whole without the
/// rest.
void write_record(text_writer& to, const request& r, const decision& d, std::string_view of_desk) {
  const std::string usage = usage_text(d.usage);
  to.begin_object();
  to.key("decision");
  write_core(to, d, usage);
  if (!of_desk.empty()) {
    to.key("desk");
    to.written(of_desk);
  }
  put_text(to, "format", record_format);
  to.key("policy");
  write_policy(to, d.policy);
  to.key("request");
  model_json::write(to, r, model_json::request_part::record, instants_of(r, d));
  to.key("semantics");
  to.number(semantics);
  put_text(to, "tzdata", time_zone_data_version());
  to.key("usage");
  to.written(usage);
  to.end_object();
}

}  // namespace

}  // namespace leeway::engine_json

namespace leeway {

std::string to_record(const request& r, const decision& d) { return to_record(r, d, {}); }

std::string to_record(const request& r, const decision& d, std::string_view of_desk) {
  constexpr std::size_t usual = 4000;
  std::string out;
  out.reserve(usual);
  json::text_writer to(out);
  engine_json::write_record(to, r, d, of_desk);
  to.finish();
  return out;
}

result<recorded_decision, diagnostics> parse_record(std::string_view line, std::string_view file) {
  auto doc = json::read(line, file);
  if (!doc) return fail(std::move(doc).error());
  diagnostics found;
  json::object_reader in(*doc, doc->root(), {}, found);
  engine_json::record recorded = engine_json::read_record(in);
  if (found.has_errors()) return fail(std::move(found));
  return recorded_decision{.request = std::move(recorded.request),
                           .usage = std::move(recorded.usage),
                           .policy = std::move(recorded.policy),
                           .core = json::canonical(*recorded.core)};
}

result<replay_result, diagnostics> replay_record(
    std::string_view line, std::string_view file,
    const std::function<const leeway::policy*(const digest&)>& find) {
  auto doc = json::read(line, file);
  if (!doc) return fail(std::move(doc).error());
  diagnostics found;
  json::object_reader in(*doc, doc->root(), {}, found);
  const engine_json::record recorded = engine_json::read_record(in);
  if (found.has_errors()) return fail(std::move(found));

  const leeway::policy* under = find(recorded.policy.digest);
  if (under == nullptr) {
    in.fail_at("policy", "policy_missing",
               "no policy with the digest " + recorded.policy.digest.to_string() + " at hand",
               "give the version of the policy that decided");
    return fail(std::move(found));
  }
  engine_json::check_copies(in, recorded, *under);
  if (found.has_errors()) return fail(std::move(found));
  const auto& why = recorded.policy.suspended;
  const decision again = (why ? under->suspended(*why) : *under)
                             .decide(recorded.request, recorded.usage, {.offer = false});
  const auto core = json::read(canonical_core(again), "core");
  if (!core) return fail(core.error());

  replay_result out{.record_id = recorded.request.id.str()};
  out.exact = engine_json::comparison(out).equal(*recorded.core, core->root(), {});
  return out;
}

}  // namespace leeway
