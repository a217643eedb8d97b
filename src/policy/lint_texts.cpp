// SPDX-License-Identifier: Apache-2.0
// The one table of lints. docs/lints.md explains each, and tests/policy/lint has its cases.
#include <leeway/policy/lint.hpp>

#include <algorithm>
#include <array>

namespace leeway {
namespace {

constexpr std::array<lint_text, 24> texts{{
    {"constant_condition", "a condition, or a part of one, comes out the same whatever is asked",
     "say what was meant, or leave it out"},
    {"constant_fails", "constants that can never be computed, such as a division by zero",
     "correct the constants"},
    {"hidden_name", "the variable of a macro hides a name of the policy",
     "choose another name for the variable"},
    {"lint_absorbed_error",
     "a part of a denial that may fail, and goes unseen where another part decides",
     "ask first whether it can be computed, or give it a rule of its own"},
    {"lint_bound_repeats_due",
     "a bound repeats what an entitlement owes before its requirements: they take nothing away",
     "bound it by `action.due`"},
    {"lint_never_binds", "a limit that another one always reaches first",
     "lower it, raise the other, or leave it out"},
    {"lint_no_source", "entries do not say where they stand in your own policy",
     "give each a `source`; decisions quote it"},
    {"lint_nobody_may", "no grant covers an action, so it is always denied",
     "grant it to a role, or remove it"},
    {"lint_old_holidays", "the policy begins after the last holiday of its calendar",
     "list the holidays of the years in which it is in force"},
    {"lint_redundant_grant", "a grant covers nothing that another does not cover already",
     "remove it, or correct its roles, condition or bounds"},
    {"lint_redundant_rule", "a rule denies what another rule always denies",
     "remove it, or give the other a condition"},
    {"lint_shrinking_authority", "a role asks another that may do less",
     "raise the other's grant, let it include the role, or escalate elsewhere"},
    {"lint_splittable",
     "a limit for one act, and no budget that holds a contact: a claim can be split",
     "add a budget with \"per\": [\"contact.id\"]"},
    {"lint_unknown_kind", "a measure counts a kind of entry that is nearly an action's name",
     "write the action's name"},
    {"lint_unreachable_role", "a role without grants that nothing escalates to or names",
     "give it a grant, let a role escalate to it, or remove it"},
    {"lint_unused_calendar", "a calendar, and nothing counts working days",
     "remove it, or count with `working_days_between`"},
    {"lint_unused_fact", "a fact that nothing reads", "remove it, or read it"},
    {"lint_unused_measure", "a measure that nothing reads", "remove it, or read it"},
    {"lint_unused_silence", "a silence that silences nothing", "remove it"},
    {"lint_unused_table", "a table that nothing reads", "remove it, or read it"},
    {"lint_unused_value", "a value that nothing reads", "remove it, or read it"},
    {"never_this_value", "a comparison with a value that the fact's `one_of` does not have",
     "use one of the fact's values, or add this one"},
    {"row_not_always", "a row that only some entries of a dated table have",
     "give every entry of the table this row"},
    {"zero_based", "a month or day that counts from 0 is compared with a number",
     "count from 1: `month(x)`, `getDate()`"},
}};

}  // namespace

std::span<const lint_text> all_lints() noexcept { return texts; }

const lint_text* find_lint(std::string_view code) noexcept {
  const auto at = std::find_if(texts.begin(), texts.end(),
                               [&](const lint_text& one) { return one.code == code; });
  return at == texts.end() ? nullptr : &*at;
}

}  // namespace leeway
