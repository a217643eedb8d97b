// SPDX-License-Identifier: Apache-2.0
#include "condition/evaluator.hpp"

#include "condition/checker.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

namespace leeway::condition {

namespace {

void unite(std::vector<slot>& into, const std::vector<slot>& more) {
  into.insert(into.end(), more.begin(), more.end());
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

/// Adds what stands in the way of one operand to what stands in the way of the others. The first
/// error in source order is the one told.
void gather(std::optional<trouble>& all, trouble more) {
  if (!all) {
    all = std::move(more);
    return;
  }
  unite(all->missing, more.missing);
  unite(all->involved, more.involved);
  if (all->error.empty()) all->error = std::move(more.error);
}

outcome failed(const node& n, std::string why) {
  return outcome::stop({.missing = {}, .error = std::move(why), .involved = facts_read(n)});
}

const value& truth(bool v) {
  static const value yes(true);
  static const value no(false);
  return v ? yes : no;
}

}  // namespace

outcome evaluator::run(const node& n) {
  switch (n.what) {
    case operation::constant:
      if (!n.constant) return failed(n, "the expression was refused");
      return outcome::borrow(*n.constant);
    case operation::fact: return fact(n);
    case operation::local: return outcome::borrow(*locals_[n.index]);
    case operation::reference: return reference(n);
    case operation::has_fact: return has_fact(n);
    case operation::has_field:
    case operation::field:
    case operation::index: return lookup(n);
    case operation::dated_row: return dated_row(n);
    case operation::call: return call(n);
    case operation::logic_and:
    case operation::logic_or: return connective(n);
    case operation::logic_not: {
      outcome inner = run(*n.args[0]);
      if (!inner.known()) return inner;
      return outcome::borrow(truth(!inner.get().as_bool()));
    }
    case operation::conditional: {
      outcome test = run(*n.args[0]);
      if (test.known()) return run(*n.args[test.get().as_bool() ? 1 : 2]);
      add_needs_of_both_sides(n, test.why());
      return test;
    }
    case operation::make_list:
    case operation::make_map: return make(n);
    case operation::all:
    case operation::exists: return quantifier(n);
    case operation::exists_one: return exists_one(n);
    case operation::filter:
    case operation::transform: return collect(n);
  }
  return failed(n, "the expression was refused");
}

// What both sides of `c ? a : b` need will be asked whatever `c` comes to; what one side alone
// needs may never matter.
void evaluator::add_needs_of_both_sides(const node& n, trouble& of_test) {
  if (of_test.missing.empty()) return;
  const outcome a = run(*n.args[1]);
  const outcome b = run(*n.args[2]);
  if (a.known() || b.known()) return;
  std::vector<slot> shared;
  std::ranges::set_intersection(a.why().missing, b.why().missing, std::back_inserter(shared));
  unite(of_test.missing, shared);
}

outcome evaluator::fact(const node& n) const {
  if (n.index >= frame_.size()) return outcome::stop({.missing = {n.index}});
  const binding& b = frame_.at(n.index);
  if (b.status == binding::state::absent) {
    return failed(n, "`" + env_.at(n.index).path + "` is absent");
  }
  if (b.status == binding::state::unknown || !b.content) {
    return outcome::stop({.missing = {n.index}});
  }
  // The caller binds what it read under the declared types; a slip there must not go unseen.
  if (b.content->kind() != n.static_type.kind()) {
    return failed(n, "`" + env_.at(n.index).path + "` holds a `" +
                         std::string(to_string(b.content->kind())) + "`, not a `" +
                         n.static_type.to_string() + "`");
  }
  if (b.content->is(value_kind::money) && b.content->as_money().cur() != env_.money_currency()) {
    return failed(n, "`" + env_.at(n.index).path + "` is not in the policy's currency");
  }
  return outcome::borrow(*b.content);
}

outcome evaluator::has_fact(const node& n) const {
  if (n.index >= frame_.size()) return outcome::stop({.missing = {n.index}});
  switch (frame_.at(n.index).status) {
    case binding::state::known: return outcome::borrow(truth(true));
    case binding::state::absent: return outcome::borrow(truth(false));
    case binding::state::unknown: break;
  }
  return outcome::stop({.missing = {n.index}});
}

outcome evaluator::reference(const node& n) {
  // The definition has its own macro variables.
  return evaluator(env_, frame_).run(n.definition->root());
}

outcome evaluator::call(const node& n) {
  std::optional<trouble> stopped;
  std::vector<outcome> args;
  args.reserve(n.args.size());
  for (const node_ptr& a : n.args) {
    args.push_back(run(*a));
    if (!args.back().known()) gather(stopped, std::move(args.back().why()));
  }
  if (stopped) return outcome::stop(std::move(*stopped));
  std::array<const value*, 8> few{};
  std::vector<const value*> many;
  std::span<const value*> given(few.data(), std::min(few.size(), args.size()));
  if (args.size() > few.size()) {
    many.resize(args.size());
    given = many;
  }
  for (std::size_t i = 0; i < args.size(); ++i) given[i] = &args[i].get();
  computed out = n.function->run({env_, n}, given);
  if (!out) return failed(n, std::move(out.error()));
  return outcome::own(std::move(*out));
}

outcome evaluator::lookup(const node& n) {
  outcome held = run(*n.args[0]);
  std::optional<outcome> computed_key;
  std::optional<trouble> stopped;
  if (!held.known()) gather(stopped, std::move(held.why()));
  if (n.what == operation::index) {
    computed_key = run(*n.args[1]);
    if (!computed_key->known()) gather(stopped, std::move(computed_key->why()));
  }
  if (stopped) return outcome::stop(std::move(*stopped));
  const value& key = computed_key ? computed_key->get() : *n.constant;
  if (held.get().is(value_kind::list)) {
    const auto& items = held.get().as_list();
    const std::int64_t at = key.as_int();
    if (at < 0 || static_cast<std::uint64_t>(at) >= items.size()) {
      return failed(n, "index " + std::to_string(at) + " is out of range: the list has " +
                           std::to_string(items.size()) + (items.size() == 1 ? " item" : " items"));
    }
    return outcome::own(items[static_cast<std::size_t>(at)]);
  }
  const value* row = held.get().find(key);
  if (n.what == operation::has_field) return outcome::borrow(truth(row != nullptr));
  if (row == nullptr) return failed(n, "no such key: " + key.to_string());
  return outcome::own(*row);
}

outcome evaluator::dated_row(const node& n) {
  const outcome day = run(*n.args[0]);
  if (!day.known()) return outcome::stop(day.why());
  const dated_rows* held = n.dated->on(day.get().as_date());
  if (held != nullptr) return outcome::borrow(held->rows);
  return failed(n, "`tables." + n.dated->name + "` says nothing of " + day.get().to_string());
}

outcome evaluator::connective(const node& n) {
  // One side decides whatever the others are: false for "and", true for "or".
  const bool decisive = n.what == operation::logic_or;
  std::optional<trouble> stopped;
  for (const node_ptr& a : n.args) {
    outcome side = run(*a);
    if (side.is(decisive)) return outcome::borrow(truth(decisive));
    if (!side.known()) gather(stopped, std::move(side.why()));
  }
  if (stopped) return outcome::stop(std::move(*stopped));
  return outcome::borrow(truth(!decisive));
}

outcome evaluator::make(const node& n) {
  std::optional<trouble> stopped;
  value::list_type items;
  items.reserve(n.args.size());
  for (const node_ptr& a : n.args) {
    outcome item = run(*a);
    if (!item.known()) {
      gather(stopped, std::move(item.why()));
    } else if (!stopped) {
      items.push_back(std::move(item).take());
    }
  }
  if (stopped) return outcome::stop(std::move(*stopped));
  if (n.what == operation::make_list) return outcome::own(value::list(std::move(items)));
  value::map_type entries;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    entries.emplace_back(std::move(items[i]), std::move(items[i + 1]));
  }
  const std::size_t written = entries.size();
  value out = value::map(std::move(entries));
  if (out.as_map().size() != written) return failed(n, "a key stands twice in the map");
  return outcome::own(std::move(out));
}

std::vector<const value*> items_of(const value& range) {
  std::vector<const value*> out;
  if (range.is(value_kind::map)) {
    for (const auto& [key, item] : range.as_map()) out.push_back(&key);
  } else {
    for (const value& item : range.as_list()) out.push_back(&item);
  }
  return out;
}

outcome evaluator::quantifier(const node& n) {
  const bool decisive = n.what == operation::exists;
  outcome range = run(*n.args[0]);
  if (!range.known()) return range;
  std::optional<trouble> stopped;
  for (const value* item : items_of(range.get())) {
    locals_.push_back(item);
    outcome side = run(*n.args[1]);
    locals_.pop_back();
    if (side.is(decisive)) return outcome::borrow(truth(decisive));
    if (!side.known()) gather(stopped, std::move(side.why()));
  }
  if (stopped) return outcome::stop(std::move(*stopped));
  return outcome::borrow(truth(!decisive));
}

outcome evaluator::exists_one(const node& n) {
  outcome range = run(*n.args[0]);
  if (!range.known()) return range;
  std::optional<trouble> stopped;
  std::size_t found = 0;
  for (const value* item : items_of(range.get())) {
    locals_.push_back(item);
    outcome side = run(*n.args[1]);
    locals_.pop_back();
    if (!side.known()) {
      gather(stopped, std::move(side.why()));
    } else if (side.get().as_bool()) {
      ++found;
    }
  }
  // Even two that hold do not settle it: an unknown may yet turn out to be an error.
  if (stopped) return outcome::stop(std::move(*stopped));
  return outcome::borrow(truth(found == 1));
}

outcome evaluator::collect(const node& n) {
  outcome range = run(*n.args[0]);
  if (!range.known()) return range;
  const bool filtered = n.what == operation::filter || n.args.size() == 3;
  std::optional<trouble> stopped;
  value::list_type out;
  for (const value* item : items_of(range.get())) {
    locals_.push_back(item);
    outcome kept = filtered ? run(*n.args[1]) : outcome::borrow(truth(true));
    if (!kept.known()) {
      gather(stopped, std::move(kept.why()));
    } else if (kept.get().as_bool()) {
      outcome result = n.what == operation::filter ? outcome::borrow(*item) : run(*n.args.back());
      if (!result.known()) {
        gather(stopped, std::move(result.why()));
      } else {
        out.push_back(std::move(result).take());
      }
    }
    locals_.pop_back();
  }
  if (stopped) return outcome::stop(std::move(*stopped));
  return outcome::own(value::list(std::move(out)));
}

evaluation to_evaluation(outcome o) {
  evaluation out;
  if (o.known()) {
    out.status = evaluation::state::known;
    out.result = std::move(o).take();
    return out;
  }
  trouble& why = o.why();
  out.status = why.missing.empty() ? evaluation::state::failed : evaluation::state::unknown;
  out.missing = std::move(why.missing);
  out.error = std::move(why.error);
  out.involved = std::move(why.involved);
  return out;
}

evaluation evaluate(const program& p, const environment& env, const frame& f) {
  try {
    return to_evaluation(evaluator(env, f).run(p.root()));
  } catch (const std::logic_error& slip) {
    // A fact whose items are not of the declared type, which only a faulty caller can bind.
    evaluation out;
    out.status = evaluation::state::failed;
    out.error = std::string("a fact does not hold what is declared: ") + slip.what();
    out.involved = p.reads();
    return out;
  }
}

}  // namespace leeway::condition
