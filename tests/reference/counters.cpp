// SPDX-License-Identifier: Apache-2.0
#include "reference/counters.hpp"

namespace leeway::reference {

std::vector<counter_of> counters_of(const prepared& p) {
  std::vector<counter_of> out;
  for (const auto& b : p.budgets) {
    out.push_back({usage_kind::budget,
                   {.id = b.source->id,
                    .kinds = &b.source->actions,
                    .per = &b.source->per,
                    .window = b.source->window,
                    .where = b.where,
                    .goodwill = is_goodwill(*b.source),
                    .wants_amount = b.source->amount.has_value()}});
  }
  for (const auto& m : p.measures) {
    const take how = m.source->take;
    out.push_back({usage_kind::measure,
                   {.id = m.source->id,
                    .kinds = &m.source->kinds,
                    .per = &m.source->per,
                    .window = m.source->window,
                    .where = m.where,
                    .wants_amount = how == take::sum || how == take::max,
                    .largest = how == take::max}});
  }
  for (const auto& g : p.grants) {
    if (!g.source->window) continue;
    out.push_back({usage_kind::grant,
                   {.id = g.source->id,
                    .kinds = &g.source->actions,
                    .per = &g.source->per,
                    .window = *g.source->window}});
  }
  for (const auto& d : p.discretion) {
    out.push_back({usage_kind::discretion,
                   {.id = d.source->id,
                    .kinds = &d.source->actions,
                    .per = &d.source->per,
                    .window = d.source->window,
                    .discretion = true}});
  }
  return out;
}

}  // namespace leeway::reference
