// SPDX-License-Identifier: Apache-2.0
#include "cli/facts_file.hpp"

#include "base/json/reader.hpp"
#include "cli/typed_value.hpp"
#include "policy/literals.hpp"

#include <fmt/format.h>

#include <optional>

namespace leeway::cli {
namespace {

using json::kind;
using json::node;

class facts_reader {
 public:
  facts_reader(scope& names, const json::document& doc, diagnostics& found)
      : names_(names), doc_(doc), found_(found), literals_(doc, doc.root(), {}, found) {}

  void read(const node& from, const std::string& prefix, const std::string& pointer) {
    for (const json::member& one : from.members()) {
      fact(std::string(prefix).append(one.key), one.value, json::pointer_to(pointer, one.key));
    }
  }

 private:
  void fact(const std::string& name, const node& from, const std::string& pointer) {
    const auto* known = names_.env().find(name);
    const bool declared = known != nullptr && (names_.has_policy() || name == "at");
    // A declaration tells a map from a group of facts.
    if (from.is(kind::object) && !declared) {
      if (!says_its_type(from)) return read(from, name + ".", pointer);
    }
    if (from.is(kind::null)) {
      if (declared) tell(from, pointer, names_.set(name, known->static_type, std::nullopt));
      return;
    }
    std::optional<condition::type> wanted;
    if (declared) wanted = known->static_type;
    const bool typed = says_its_type(from) && !(declared && wanted->is(value_kind::map));
    std::optional<value> content;
    if (typed) {
      content = typed_reader(doc_, found_).value_at(from, pointer);
    } else {
      if (!wanted) wanted = looks(from, pointer);
      if (wanted) content = policy_detail::read_literal(literals_, from, pointer, *wanted);
    }
    if (content) tell(from, pointer, names_.set_known(name, wanted, *content));
  }

  static bool says_its_type(const node& from) {
    return from.is(kind::object) && from.members().size() == 1 &&
           is_value_kind(from.members().front().key);
  }

  std::optional<condition::type> looks(const node& from, const std::string& pointer) {
    auto out = type_as_it_looks(from);
    if (!out) {
      found_.add(doc_.at(from, pointer, "wrong_value",
                         "its items are not of one type, or there is a null"));
    }
    return out;
  }

  void tell(const node& from, const std::string& pointer, const result<void>& done) {
    if (done) return;
    found_.add(doc_.at(from, pointer, done.error().code, done.error().message));
  }

  scope& names_;
  const json::document& doc_;
  diagnostics& found_;
  policy_detail::fields literals_;
};

}  // namespace

diagnostics bind_facts(scope& names, const std::string& text, const std::string& file) {
  const auto doc = json::read(text, file, {.comments = true});
  if (!doc) return doc.error();
  diagnostics found;
  if (!doc->root().is(kind::object)) {
    found.add(doc->at(doc->root(), {}, "wrong_type", "expected an object of facts",
                      "as in {\"contact\": {\"hours_late\": 4}}"));
    return found;
  }
  facts_reader(names, *doc, found).read(doc->root(), {}, {});
  return found;
}

}  // namespace leeway::cli
