// SPDX-License-Identifier: Apache-2.0
// `leeway eval --jsonl`: expressions with their names, a line each.
#include "base/json/object_reader.hpp"
#include "base/json/reader.hpp"
#include "base/json/writer.hpp"
#include "cli/eval_answer.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "cli/typed_value.hpp"
#include "engine/json/request_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace leeway::cli {
namespace {

using json::node;
using json::object_reader;
using nlohmann::ordered_json;

constexpr const char* no_such_name = "give it in `bindings`, or its type in `type_env`";

/// What a line asks.
struct question {
  std::string expression{};
  scope names;
  bool tree{};
};

/// Policies that lines name, each loaded once; the ones not asked for lately are forgotten.
class policy_shelf {
 public:
  const result<policy, diagnostics>& get(const std::string& file) {
    constexpr std::size_t most = 16;
    for (auto at = shelf_.begin(); at != shelf_.end(); ++at) {
      if (at->first != file) continue;
      shelf_.splice(shelf_.begin(), shelf_, at);
      return shelf_.front().second;
    }
    if (shelf_.size() == most) shelf_.pop_back();
    shelf_.emplace_front(file, load_policy(file));
    return shelf_.front().second;
  }

 private:
  std::list<std::pair<std::string, result<policy, diagnostics>>> shelf_{};
};

class stream_run {
 public:
  stream_run(const eval_defaults& defaults, terminal& to)
      : defaults_(defaults), to_(to), progress_(to, "questions") {}

  int run() {
    for (const std::string& path : defaults_.inputs) {
      if (!read(path)) return exit_failure;
    }
    return invalid_ == 0 ? exit_ok : exit_invalid;
  }

 private:
  bool read(const std::string& path) {
    auto opened = input::open(path);
    if (!opened) {
      to_.complain(printable(opened.error().message));
      ++invalid_;
      return true;
    }
    opened->before_waiting([this] { to_.flush(); });
    while (const auto line = opened->next_line()) {
      if (line->text.find_first_not_of(" \t\r") == std::string::npos) continue;
      progress_.step(*opened);
      to_.out(json::dump(answer_to(*opened, *line)) + '\n');
      if (to_.failed()) return false;
    }
    if (!opened->trouble().empty()) to_.complain(printable(opened->trouble()));
    return opened->trouble().empty();
  }

  ordered_json answer_to(const input& in, const piece& line) {
    if (line.too_long) return refuse(too_long(in, line), {});
    const auto doc = json::read(line.text, in.name());
    if (!doc) return refuse(placed(doc.error(), in, line), {});
    diagnostics found;
    object_reader fields(*doc, doc->root(), {}, found);
    const auto asked = read_question(fields, found);
    const node* id = doc->root().find("id");
    if (!asked) return refuse(placed(std::move(found), in, line), with_id(id));
    ordered_json out = with_id(id);
    out.update(tree_of(asked->names.evaluate(asked->expression, no_such_name, asked->tree)));
    return out;
  }

  static ordered_json with_id(const node* id) {
    ordered_json out = ordered_json::object();
    if (id != nullptr) out["id"] = json::to_json(*id);
    return out;
  }

  ordered_json refuse(const diagnostics& why, ordered_json out) {
    ++invalid_;
    to_.err(why);
    out.update(tree_of_refusal(why));
    return out;
  }

  std::optional<question> read_question(object_reader& in, diagnostics& found) {
    question out{.names = defaults_.names};
    if (auto text = in.required_string("expr")) out.expression = *std::move(text);
    out.tree = in.optional_boolean("tree").value_or(false);
    in.ignore("id");
    // A case of a conformance suite may be asked as it stands.
    for (const char* other :
         {"file", "section", "name", "strict", "tags", "value", "error", "deduced_type"}) {
      in.ignore(other);
    }
    read_place(in, out);
    read_types(in, found, out);
    read_bindings(in, found, out);
    in.finish();
    if (found.has_errors()) return std::nullopt;
    return out;
  }

  /// The policy and request, or the currency and zone, of a line.
  void read_place(object_reader& in, question& out) {
    const auto file = in.optional_string("policy");
    if (file) {
      const auto& loaded = policies_.get(*file);
      if (loaded) {
        out.names = scope(*loaded);
      } else {
        const diagnostic& first = loaded.error().front();
        in.fail_at("policy", first.code, "the policy `" + *file + "` is refused: " + first.message);
      }
    }
    read_money_and_zone(in, out);
    if (const auto at =
            in.optional_parsed<instant>("at", instant::parse, engine_json::an_instant)) {
      out.names.set_at(*at);
    }
    read_request(in, out);
  }

  void read_money_and_zone(object_reader& in, question& out) {
    const auto code = in.optional_string("currency");
    const auto zone = in.optional_string("zone");
    if (!code && !zone) return;
    if (out.names.has_policy()) {
      in.fail_at(code ? "currency" : "zone", "policy_has_one", "the policy says this");
      return;
    }
    const condition::environment& usual = defaults_.names.env();
    const auto money_currency =
        code ? currency::find(*code) : std::optional(usual.money_currency());
    const auto clock = zone ? time_zone::find(*zone) : result<time_zone>(usual.zone());
    if (!money_currency) in.fail_at("currency", "currency_unknown", "unknown currency");
    if (!clock) in.fail_at("zone", clock.error().code, clock.error().message);
    if (money_currency && clock) out.names = scope(*money_currency, *clock);
  }

  static void read_request(object_reader& in, question& out) {
    const node* given = in.optional_object("request");
    if (given == nullptr) return;
    if (!out.names.has_policy()) {
      in.fail_at("request", "needs_policy", "a request needs a policy, which declares its facts");
      return;
    }
    object_reader fields(in.doc(), *given, in.pointer_of("request"), in.out());
    const request r = engine_json::read_request(fields, engine_json::id_rule::optional);
    fields.finish();
    if (in.out().has_errors()) return;
    for (const diagnostic& one : out.names.bind(r)) {
      if (one.level == severity::error) in.fail_at("request", one.code, one.message, one.remedy);
    }
  }

  static void read_types(object_reader& in, diagnostics& found, question& out) {
    const node* types = in.optional_object("type_env");
    if (types == nullptr) return;
    typed_reader reader(in.doc(), found);
    for (const json::member& one : types->members()) {
      const std::string pointer = json::pointer_to(in.pointer_of("type_env"), one.key);
      const auto t = reader.type_at(one.value, pointer);
      if (!t) continue;
      tell(in, one, pointer, out.names.set(std::string(one.key), t, std::nullopt));
    }
  }

  static void read_bindings(object_reader& in, diagnostics& found, question& out) {
    const node* bindings = in.optional_object("bindings");
    const node* types = in.object().find("type_env");
    if (bindings == nullptr) return;
    typed_reader reader(in.doc(), found);
    for (const json::member& one : bindings->members()) {
      const std::string pointer = json::pointer_to(in.pointer_of("bindings"), one.key);
      const auto v = reader.value_at(one.value, pointer);
      if (!v) continue;
      std::optional<condition::type> t;
      const bool typed = types != nullptr && types->find(one.key) != nullptr;
      // An empty list says nothing of its items, and the declaration does.
      const auto* known = out.names.env().find(one.key);
      if (known != nullptr && (typed || out.names.has_policy())) t = known->static_type;
      tell(in, one, pointer, out.names.set(std::string(one.key), t, v));
    }
  }

  static void tell(object_reader& in, const json::member& at, const std::string& pointer,
                   const result<void>& done) {
    if (done) return;
    in.out().add(in.doc().at(at, pointer, done.error().code, done.error().message));
  }

  const eval_defaults& defaults_;
  terminal& to_;
  progress progress_;
  policy_shelf policies_{};
  std::size_t invalid_{};
};

/// As an explanation writes it: docs/formats/explanation.md.
ordered_json tree_of(const expression_part& part) {
  using state = expression_part::state;
  ordered_json out = ordered_json::object();
  out["text"] = part.text;
  if (!part.item.empty()) out["item"] = part.item;
  if (part.truth) {
    out["value"] = *part.truth;
  } else {
    out["value"] = part.status == state::known ? ordered_json(part.found) : ordered_json(nullptr);
  }
  if (part.status == state::failed) out["error"] = part.error;
  if (!part.decides) out["decides"] = false;
  for (const expression_part& one : part.parts) out["parts"].push_back(tree_of(one));
  if (part.left_out != 0) out["left_out"] = part.left_out;
  return out;
}

}  // namespace

ordered_json tree_of(const answer& a) {
  ordered_json out = ordered_json::object();
  if (!a.code.code) {
    const condition::issue* first = nullptr;
    for (const condition::issue& one : a.code.found) {
      if (first == nullptr && !one.warning) first = &one;
    }
    if (first == nullptr) return {{"error", "refused"}};
    out["error"] = first->message;
    out["code"] = first->code;
    out["offset"] = first->offset;
    out["length"] = first->length;
    if (!first->remedy.empty()) out["remedy"] = first->remedy;
    return out;
  }
  switch (a.outcome.status) {
    case condition::evaluation::state::known: out["value"] = typed(*a.outcome.result); break;
    case condition::evaluation::state::unknown: out["unknown"] = a.missing; break;
    case condition::evaluation::state::failed: out["error"] = a.outcome.error; break;
  }
  out["type"] = a.code.code->result_type().to_string();
  if (a.tree) out["tree"] = tree_of(*a.tree);
  return out;
}

ordered_json tree_of_refusal(const diagnostics& why) {
  ordered_json out = ordered_json::object();
  out["error"] = why.empty() ? "refused" : why.front().message;
  out["code"] = why.empty() ? "refused" : why.front().code;
  return out;
}

int eval_stream(const eval_defaults& defaults, terminal& to) {
  return stream_run(defaults, to).run();
}

}  // namespace leeway::cli
