// SPDX-License-Identifier: Apache-2.0
#include "reference/evaluator.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace leeway::reference {

void add_trouble(answer& a, const answer& b) {
  a.missing.insert(b.missing.begin(), b.missing.end());
  a.involved.insert(b.involved.begin(), b.involved.end());
  a.failed = a.failed || b.failed;
}

answer both(answer a, const answer& b) {
  if (a.is(false) || b.is(false)) return answer::of(false);
  if (a.known()) return b;
  if (!b.known()) add_trouble(a, b);
  return a;
}

answer not_of(answer a) {
  if (a.known()) a.result = value(!a.result->as_bool());
  return a;
}

answer either(answer a, const answer& b) { return not_of(both(not_of(std::move(a)), not_of(b))); }

namespace {

using kind = value_kind;

class evaluation {
 public:
  evaluation(const scope& names, const facts& known) : names_(names), known_(known) {}

  answer run(const expr& e) {
    switch (e.what) {
      case form::literal: return answer::of(*e.constant);
      case form::name: return answer::of(local(e.text));
      case form::fact: return fact(e.text);
      case form::defined: return defined(e);
      case form::row_of: return answer::of(names_.tables.at(e.text).entries.front().rows);
      case form::conjunction: return both(run(*e.args[0]), run(*e.args[1]));
      case form::disjunction: return either(run(*e.args[0]), run(*e.args[1]));
      case form::negation: return not_of(run(*e.args[0]));
      case form::choice: return choice(e);
      case form::macro: return macro(e);
      case form::presence: return presence(*e.args[0]);
      default: return of_all(e);
    }
  }

 private:
  const value& local(const std::string& name) const {
    for (std::size_t i = locals_.size(); i-- > 0;) {
      if (locals_[i].first == name) return locals_[i].second;
    }
    throw std::runtime_error("no variable " + name);
  }

  answer fact(const std::string& name) const {
    const auto found = known_.find(name);
    if (found == known_.end()) return answer::unknown(name);
    if (!found->second.absent) return found->second;
    return {.failed = true, .involved = {name}};
  }

  // A named value stands as it does by itself: it sees no variable of a macro around it.
  answer defined(const expr& e) {
    auto around = std::exchange(locals_, {});
    auto out = run(*e.definition);
    locals_ = std::move(around);
    return out;
  }

  answer choice(const expr& e) {
    auto test = run(*e.args[0]);
    if (test.is(true)) return run(*e.args[1]);
    if (test.is(false)) return run(*e.args[2]);
    if (test.missing.empty()) return test;
    // What one side alone needs is asked for once the test is known.
    const auto yes = run(*e.args[1]);
    const auto no = run(*e.args[2]);
    std::ranges::set_intersection(yes.missing, no.missing,
                                  std::inserter(test.missing, test.missing.end()));
    return test;
  }

  answer presence(const expr& of) {
    if (of.what == form::fact) {
      const auto found = known_.find(of.text);
      if (found == known_.end()) return answer::unknown(of.text);
      if (found->second.absent) return answer::of(false);
      return found->second.known() ? answer::of(true) : found->second;
    }
    auto in = run(*of.args[0]);
    if (!in.known()) return in;
    auto key = of.what == form::field ? answer::of(of.text) : run(*of.args[1]);
    if (!key.known()) return key;
    return answer::of(in.result->find(*key.result) != nullptr);
  }

  answer of_all(const expr& e) {
    const bool row = (e.what == form::index) && e.args[0]->what == form::row_of &&
                     names_.tables.at(e.args[0]->text).dated;
    std::vector<value> args;
    answer trouble;
    bool known = true;
    for (const auto& arg : e.args) {
      auto found = run(*arg);
      known = known && found.known();
      if (!found.known()) {
        add_trouble(trouble, found);
      } else if (known) {
        args.push_back(*std::move(found.result));
      }
    }
    if (!known) return trouble;
    auto out = row ? dated_row(names_.tables.at(e.args[0]->text), args[1]) : apply(e, args);
    if (out) return answer::of(*std::move(out));
    return {.failed = true, .involved = facts_in(e)};
  }

  std::optional<value> apply(const expr& e, std::vector<value>& args) const {
    switch (e.what) {
      case form::field: return item_of(args[0], value(e.text));
      case form::index: return item_of(args[0], args[1]);
      case form::list: return value::list(std::move(args));
      case form::operation:
        return e.text == "neg" ? negated(args[0]) : operate(e.text, args[0], args[1]);
      case form::map: {
        value::map_type rows;
        for (std::size_t i = 0; i + 1 < args.size(); i += 2)
          rows.emplace_back(args[i], args[i + 1]);
        return value::map(std::move(rows));
      }
      default: return call(e.text, args, names_.calendar, e.type.kind, e.pattern.get());
    }
  }

  static std::optional<value> dated_row(const table& of, const value& day) {
    const dated_entry* best = nullptr;
    for (const auto& entry : of.entries) {
      if (entry.from && *entry.from > day.as_date()) continue;
      if (best == nullptr || !best->from || (entry.from && *entry.from > *best->from)) {
        best = &entry;
      }
    }
    if (best == nullptr || (best->until && *best->until <= day.as_date())) return std::nullopt;
    return best->rows;
  }

  answer macro(const expr& e) {
    auto range = run(*e.args[0]);
    if (!range.known()) return range;
    std::vector<value> items;
    if (range.result->is(kind::list)) {
      items = range.result->as_list();
    } else {
      for (const auto& row : range.result->as_map()) items.push_back(row.first);
    }
    if (e.text == "all" || e.text == "exists") return quantified(e, items);
    return collected(e, items);
  }

  answer with_item(const expr& e, const std::string& variable, const value& item) {
    locals_.emplace_back(variable, item);
    auto out = run(e);
    locals_.pop_back();
    return out;
  }

  answer quantified(const expr& e, const std::vector<value>& items) {
    const bool all = e.text == "all";
    auto out = answer::of(all);
    for (const auto& item : items) {
      const auto found = with_item(*e.args[1], e.variable, item);
      out = all ? both(std::move(out), found) : either(std::move(out), found);
    }
    return out;
  }

  // `exists_one`, `filter` and `map` need to know of every item.
  answer collected(const expr& e, const std::vector<value>& items) {
    std::vector<value> out;
    answer trouble;
    bool known = true;
    auto note = [&](const answer& found) {
      if (found.known()) return true;
      add_trouble(trouble, found);
      return known = false;
    };
    const bool maps = e.text == "map";
    for (const auto& item : items) {
      if (!maps || e.args.size() == 3) {
        const auto wanted = with_item(*e.args[1], e.variable, item);
        if (!note(wanted) || wanted.is(false)) continue;
      }
      const auto made = maps ? with_item(*e.args.back(), e.variable, item) : answer::of(item);
      if (note(made)) out.push_back(*made.result);
    }
    if (!known) return trouble;
    if (e.text == "exists_one") return answer::of(out.size() == 1);
    return answer::of(value::list(std::move(out)));
  }

  const scope& names_;
  const facts& known_;
  std::vector<std::pair<std::string, value>> locals_{};
};

}  // namespace

answer evaluate(const expr_ptr& e, const scope& names, const facts& known) {
  return evaluation(names, known).run(*e);
}

}  // namespace leeway::reference
