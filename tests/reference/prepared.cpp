// SPDX-License-Identifier: Apache-2.0
#include "reference/prepared.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace leeway::reference {
namespace {

expr_ptr constant(value v) {
  expr e{.what = form::literal, .constant = std::move(v)};
  e.type = type_of(*e.constant);
  return std::make_shared<const expr>(std::move(e));
}

class preparer {
 public:
  explicit preparer(const policy_document& doc) { out_.document = &doc; }

  prepared run() {
    const auto& doc = *out_.document;
    out_.names.calendar = {.money_currency = doc.money_currency,
                           .zone = time_zone::find(doc.time_zone).value(),
                           .working = doc.calendar};
    for (const auto& [name, type] : built_in_names()) {
      out_.names.declared.emplace(name, type_named(type));
    }
    declare(doc.facts, doc.tables, doc.measures);
    for (const auto& o : doc.overlays) declare(o.facts, o.tables, o.measures);
    declare_keys_of_entries();
    define(doc.values);
    for (const auto& o : doc.overlays) define(o.values);
    read_entries(doc);
    for (std::size_t i = 0; i < doc.overlays.size(); ++i) read_overlay(doc.overlays[i], i);
    sort_by_id(out_.grants), sort_by_id(out_.rules), sort_by_id(out_.budgets);
    sort_by_id(out_.entitlements), sort_by_id(out_.discretion);
    for (auto& g : out_.grants) {
      std::ranges::sort(g.narrowed, {}, [&](const auto& n) { return doc.overlays[n.overlay].id; });
    }
    return std::move(out_);
  }

 private:
  // Where several things could be told, the one with the first id is.
  template <class List>
  static void sort_by_id(List& list) {
    std::ranges::sort(list, {}, [](const auto& one) { return one.source->id; });
  }

  expr_ptr read(const expression& text) const {
    return text.empty() ? nullptr : out_.names.read(text);
  }
  expr_ptr read(const std::optional<quantity>& q) const { return q ? read(*q) : nullptr; }
  expr_ptr read(const quantity& q) const {
    if (const auto* number = std::get_if<std::int64_t>(&q)) return constant(*number);
    if (const auto* amount = std::get_if<money>(&q)) return constant(*amount);
    return read(std::get<expression>(q));
  }

  void declare(const std::vector<fact_declaration>& facts,
               const std::vector<table_definition>& tables,
               const std::vector<measure_definition>& measures) {
    for (const auto& f : facts) {
      out_.facts.insert_or_assign(f.name, f);
      out_.names.declared.insert_or_assign(f.name, type_named(f.type));
    }
    for (const auto& t : tables) {
      table made{.entries = t.dated, .dated = !t.dated.empty()};
      if (!made.dated) made.entries.push_back({.rows = t.rows});
      out_.names.tables.emplace(t.name, std::move(made));
    }
    for (const auto& m : measures) {
      const auto* type = m.take == take::count     ? "int"
                         : m.take == take::last_at ? "timestamp"
                                                   : "money";
      out_.names.declared.emplace("usage." + m.id.str(), type_named(type));
    }
  }

  // `where` reads every string fact of the request as the entry has it.
  void declare_keys_of_entries() {
    const auto all = out_.names.declared;
    for (const auto& [name, type] : all) {
      const bool of_request = !name.starts_with("entry.") && !name.starts_with("usage.");
      if (of_request && type.kind == value_kind::string) {
        out_.names.declared.emplace("entry." + name, type);
      }
    }
  }

  // Values may read one another, in any order.
  void define(const std::vector<value_definition>& values) {
    std::vector<const value_definition*> open;
    for (const auto& v : values) open.push_back(&v);
    for (std::size_t tries = open.size(); tries > 0 && !open.empty(); --tries) {
      std::erase_if(open, [&](const auto* v) {
        try {
          out_.names.values.emplace(v->name, out_.names.read(v->definition));
          return true;
        } catch (const std::out_of_range&) {
          return false;  // it reads one that comes later
        }
      });
    }
    if (!open.empty()) throw std::runtime_error("values that read themselves");
  }

  template <class Definition>
  coverage cover(const Definition& d) const {
    return {.when = read(d.when),
            .unless = read(d.unless),
            .of = read(d.bounds.of),
            .under = read(d.bounds.under),
            .up_to = read(d.bounds.up_to),
            .over = read(d.bounds.over),
            .at_least = read(d.bounds.at_least),
            .amount = read(d.amount),
            .count = read(d.count),
            .certified = d.certified,
            .from = d.from,
            .until = d.until};
  }

  void rule(const rule_definition& r, std::optional<std::size_t> overlay) {
    out_.rules.push_back(
        {.source = &r, .overlay = overlay, .when = read(r.when), .unless = read(r.unless)});
  }
  void budget(const budget_definition& b, std::optional<std::size_t> overlay) {
    out_.budgets.push_back({.source = &b,
                            .overlay = overlay,
                            .when = read(b.when),
                            .where = read(b.where),
                            .amount = read(b.amount),
                            .count = read(b.count)});
  }
  void entitlement(const entitlement_definition& e) {
    prepared_entitlement made{.source = &e,
                              .when = read(e.when),
                              .due = read(e.due),
                              .minimum = read(e.minimum),
                              .maximum = read(e.maximum)};
    for (const auto& wants : e.required) made.required.push_back(read(wants.that));
    out_.entitlements.push_back(std::move(made));
  }

  void read_entries(const policy_document& doc) {
    for (const auto& g : doc.grants) out_.grants.push_back({.source = &g, .own = cover(g)});
    for (const auto& r : doc.rules) rule(r, std::nullopt);
    for (const auto& b : doc.budgets) budget(b, std::nullopt);
    for (const auto& m : doc.measures) out_.measures.push_back({&m, read(m.where)});
    for (const auto& e : doc.entitlements) entitlement(e);
    for (const auto& d : doc.discretion) {
      out_.discretion.push_back({&d, read(d.when), read(d.up_to), read(d.amount), read(d.count)});
    }
    for (const auto& role : doc.roles) {
      for (const auto& s : role.substitutes) {
        out_.substitutions.push_back({role.id, &s, read(s.when)});
      }
    }
    for (const auto& a : doc.actions) {
      if (!a.fixed.empty()) out_.fixed.emplace(a.id.str(), read(a.fixed));
    }
  }

  void read_overlay(const overlay_definition& o, std::size_t number) {
    out_.applies.push_back(read(o.applies));
    for (const auto& r : o.rules) rule(r, number);
    for (const auto& b : o.budgets) budget(b, number);
    for (const auto& m : o.measures) out_.measures.push_back({&m, read(m.where)});
    for (const auto& n : o.narrow) {
      for (auto& g : out_.grants) {
        if (g.source->id != n.grant) continue;
        auto made = cover(n);
        made.overlay = number;
        g.narrowed.push_back(std::move(made));
      }
    }
  }

  prepared out_{};
};

}  // namespace

const std::map<std::string, std::string>& built_in_names() {
  static const std::map<std::string, std::string> all{
      {"at", "timestamp"},
      {"agent.id", "string"},
      {"agent.role", "string"},
      {"agent.roles", "list<string>"},
      {"agent.team", "string"},
      {"agent.department", "string"},
      {"agent.site", "string"},
      {"agent.certifications", "list<string>"},
      {"customer.id", "string"},
      {"customer.since", "date"},
      {"customer.segment", "string"},
      {"customer.lifetime_value", "money"},
      {"customer.churn_risk", "double"},
      {"customer.flags", "list<string>"},
      {"contact.id", "string"},
      {"contact.channel", "string"},
      {"contact.reason", "string"},
      {"contact.cause", "string"},
      {"subject.id", "string"},
      {"action.kind", "string"},
      {"action.amount", "money"},
      {"action.due", "money"},
      {"request.note", "string"},
      {"request.discretion", "bool"},
      {"entry.id", "string"},
      {"entry.kind", "string"},
      {"entry.amount", "money"},
      {"entry.at", "timestamp"},
      {"entry.reversed", "bool"},
  };
  return all;
}

const action_definition* prepared::action(const action_kind& kind) const {
  for (const auto& a : document->actions) {
    if (a.id == kind) return &a;
  }
  return nullptr;
}

prepared prepare(const policy_document& document) { return preparer(document).run(); }

}  // namespace leeway::reference
