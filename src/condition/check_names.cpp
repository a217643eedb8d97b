// SPDX-License-Identifier: Apache-2.0
// Names, fields, and `has`.
#include "condition/check.hpp"

#include <leeway/base/diagnostic.hpp>

#include <algorithm>
#include <utility>

namespace leeway::condition {

std::pair<const tree*, std::vector<segment>> checker::path_of(const tree& t) {
  std::vector<segment> names;
  const tree* at = &t;
  while (at->kind == tree_kind::select) {
    names.push_back({at->text, at->name_offset, at->name_length});
    at = at->children[0].get();
  }
  if (at->kind == tree_kind::name) names.push_back({at->text, at->name_offset, at->name_length});
  std::reverse(names.begin(), names.end());
  return {at, std::move(names)};
}

std::string checker::joined(const std::vector<segment>& names, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : ".") + names[i].text;
  return out;
}

node_ptr checker::selection(const tree& t) {
  const auto [base, names] = path_of(t);
  if (base->kind != tree_kind::name) {
    // Not a dotted name: a field of some other expression.
    node_ptr target = check(*t.children[0]);
    return field(std::move(target), {t.text, t.name_offset, t.name_length}, *t.children[0]);
  }
  std::size_t used = 0;
  node_ptr out = root_name(*base, names, used);
  if (out == nullptr) return refused();
  for (; used < names.size(); ++used) {
    tree shown_so_far;
    shown_so_far.offset = base->offset;
    shown_so_far.length = names[used - 1].offset + names[used - 1].length - base->offset;
    out->offset = shown_so_far.offset;
    out->length = shown_so_far.length;
    measure(*out, options_);
    out = field(std::move(out), names[used], shown_so_far);
  }
  return out;
}

node_ptr checker::root_name(const tree& base, const std::vector<segment>& names,
                            std::size_t& used) {
  if (!base.rooted) {
    for (std::size_t i = scope_.size(); i-- > 0;) {
      if (scope_[i].name != names[0].text) continue;
      used = 1;
      node_ptr out = make(operation::local, scope_[i].held);
      out->index = static_cast<std::uint32_t>(i);
      out->extent = scope_[i].extent;
      return out;
    }
  }
  std::size_t plain = 0;
  while (plain < names.size() && !names[plain].quoted()) ++plain;
  for (std::size_t n = plain; n > 0; --n) {
    const auto s = env_.slot_of(joined(names, n));
    if (!s) continue;
    used = n;
    return fact(*s, names[0].offset, names[n - 1].offset + names[n - 1].length - names[0].offset);
  }
  if (names.size() >= 2) {
    used = 2;
    if (names[0].text == "values") return reference(names);
    if (names[0].text == "tables") return table(names);
  }
  unknown_name(names);
  return nullptr;
}

node_ptr checker::fact(slot s, std::size_t offset, std::size_t length) {
  const declaration& d = env_.at(s);
  if (d.protected_attribute) {
    report("protected_attribute",
           "`" + d.path + "` is a protected attribute: no condition may read it",
           "decide on what the customer is owed, not on who they are", offset, length);
    return nullptr;
  }
  if (d.optional && !guards_.contains(s)) {
    report("optional_unguarded", "`" + d.path + "` is optional: it may be absent here",
           "guard it: `has(" + d.path + ") && ...`", offset, length);
  }
  node_ptr out = make(operation::fact, d.static_type);
  out->index = s;
  out->amount = d.amount ? amount_use::linear : amount_use::none;
  return out;
}

node_ptr checker::reference(const std::vector<segment>& names) {
  const auto* definition = env_.find_value(names[1].text);
  if (definition == nullptr || *definition == nullptr) {
    unknown_name(names);
    return nullptr;
  }
  node_ptr out = make(operation::reference, (*definition)->result_type());
  out->definition = *definition;
  out->amount = (*definition)->root().amount;
  return out;
}

node_ptr checker::table(const std::vector<segment>& names) {
  const auto* rows = env_.find_table(names[1].text);
  if (rows == nullptr) {
    unknown_name(names);
    return nullptr;
  }
  const std::string whole = joined(names, 2);
  if (rows->dated != nullptr) {
    const std::size_t offset = names[0].offset;
    report("dated_table", "`" + whole + "` is a dated table: say of which day",
           "write `" + whole + "[date(at)]` for the day of the decision, or the date of a fact",
           offset, names[1].offset + names[1].length - offset);
    return nullptr;
  }
  node_ptr out = constant(value::map({}), rows->table_type);
  out->constant = rows->rows;
  out->extent = rows->extent;
  out->table = true;
  return out;
}

void checker::unknown_name(const std::vector<segment>& names) {
  const std::string whole = joined(names, names.size());
  const std::size_t offset = names.front().offset;
  const std::size_t length = names.back().offset + names.back().length - offset;
  std::vector<std::string> known = env_.names();
  for (const std::string& name : known) {
    if (!name.starts_with(whole + ".")) continue;
    return report("unknown_name", "`" + whole + "` is a group of names, not a value",
                  "name one of them, such as `" + name + "`", offset, length);
  }
  for (const local& l : scope_) known.push_back(l.name);
  std::string remedy = unknown_remedy(names, whole, known);
  report("unknown_name", "unknown name `" + whole + "`", std::move(remedy), offset, length);
}

std::string checker::unknown_remedy(const std::vector<segment>& names, const std::string& whole,
                                    std::vector<std::string>& known) const {
  if (whole == "True" || whole == "TRUE" || whole == "yes") return "write `true`";
  if (whole == "False" || whole == "FALSE" || whole == "no") return "write `false`";
  if (auto near = suggestion(whole, known); !near.empty()) return near;
  std::string foreign = foreign_name_remedy(names.back().text, joined(names, names.size() - 1),
                                            type::nothing(), env_.zone().name());
  if (!foreign.empty()) return foreign;
  if (names.size() > 1) {
    // `minutes_late` of the wrong group: the last name alone may be known elsewhere.
    for (const std::string& name : known) {
      if (name.ends_with("." + names.back().text)) return "did you mean `" + name + "`?";
    }
  } else {
    for (const std::string& name : known) {
      if (name.ends_with("." + whole)) return "did you mean `" + name + "`?";
    }
    return "declare it under `facts`, or put quotes around it if it is text";
  }
  return "declare it under `facts`";
}

node_ptr checker::field(node_ptr target, const segment& name, const tree& written) {
  const type& t = target->static_type;
  if (refused_side(*target)) return refused();
  if (!t.is(value_kind::map) && !t.is_nothing()) {
    std::string remedy =
        foreign_name_remedy(name.text, std::string(text(written)), t, env_.zone().name());
    if (remedy.empty() && is_function(name.text, true)) {
      remedy = "call it: `" + std::string(text(written)) + "." + name.text +
               (name.text == "contains" || name.text.ends_with("With") ? "('...')`" : "()`");
    }
    if (remedy.empty()) {
      remedy = suggestion(std::string(text(written)) + "." + name.text, env_.names());
    }
    if (remedy.empty()) remedy = "only a map has fields";
    report("no_field", shown(t) + " has no field `" + name.text + "`", std::move(remedy),
           name.offset, name.length);
    return refused();
  }
  if (t.key() != nullptr && !t.key()->is(value_kind::string)) {
    report("type_mismatch", "the keys of this map are " + shown(*t.key()) + ", not names",
           "write `" + std::string(text(written)) + "[key]`", name.offset, name.length);
    return refused();
  }
  if (!row_exists(*target, value(name.text), name.offset, name.length)) return refused();
  refuse_amount(*target, written, "a field");
  node_ptr out = make(operation::field, t.element_or_nothing());
  out->constant = value(name.text);
  out->args.push_back(std::move(target));
  return out;
}

node_ptr checker::has(const tree& t) {
  if (t.children.size() != 1 ||
      (t.children[0]->kind != tree_kind::select && t.children[0]->kind != tree_kind::name)) {
    const bool indexed = t.children.size() == 1 && t.children[0]->kind == tree_kind::index;
    report("has_argument", "`has` takes one name or field",
           indexed ? "write `" + std::string(text(*t.children[0]->children[1])) + " in " +
                         std::string(text(*t.children[0]->children[0])) + "`"
                   : "write `has(name)`, and join conditions outside of it",
           t);
    return refused();
  }
  const tree& target = *t.children[0];
  const auto [base, names] = path_of(target);
  if (base->kind == tree_kind::name && (base->rooted || !is_local(names[0].text))) {
    if (const auto s = env_.slot_of(joined(names, names.size()))) return has_name(*s, target);
  }
  if (target.kind == tree_kind::name) {
    if (is_local(target.text)) {
      report("has_not_optional", shown(target) + " is always there", "leave `has` out", target);
    } else {
      unknown_name(names);
    }
    return refused();
  }
  // A field of a map: checked as the field would be, then asked for.
  const std::size_t before = found_.size();
  node_ptr read = check(target);
  if (read->what != operation::field) {
    if (found_.size() == before) {
      report("has_not_optional", shown(target) + " is always there", "leave `has` out", target);
    }
    return refused();
  }
  read->what = operation::has_field;
  read->static_type = value_kind::boolean;
  return read;
}

namespace {

std::string as_written(const value& v) {
  return v.is(value_kind::string) ? "'" + v.as_string() + "'" : v.to_string();
}

std::string left_out(const declaration& d) {
  return d.left_out ? ": left out of a request it is `" + as_written(*d.left_out) + "`" : "";
}

std::string instead_of_has(const declaration& d) {
  if (!d.left_out) return {};
  if (d.left_out->is(value_kind::boolean)) return "; read it as it is: `" + d.path + "`";
  return "; whether it was given is `" + d.path + " != " + as_written(*d.left_out) + "`";
}

}  // namespace

node_ptr checker::has_name(slot s, const tree& target) {
  const declaration& d = env_.at(s);
  if (d.protected_attribute) {
    fact(s, target.offset, target.length);
    return refused();
  }
  if (d.always) {
    report("has_not_optional", "`" + d.path + "` is always known" + left_out(d),
           "leave `has` out" + instead_of_has(d), target);
    return refused();
  }
  if (!d.optional) {
    report(
        "has_not_optional",
        "`" + d.path + "` is not declared optional: while it is missing it is unknown, not absent",
        "leave `has` out, or declare it `\"optional\": true`", target);
    return refused();
  }
  node_ptr out = make(operation::has_fact, value_kind::boolean);
  out->index = s;
  return out;
}

}  // namespace leeway::condition
