// SPDX-License-Identifier: Apache-2.0
// The SQL of the store, but for what schema_1.sql has as functions.
#pragma once

#include "desk/postgres/connection.hpp"

namespace leeway::postgres::sql {

// INVARIANT: every transaction names its isolation: under REPEATABLE READ what is read after
// waiting for a lock would be older than the lock.
inline constexpr statement begin{"begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"};
inline constexpr statement commit{"commit", "COMMIT"};
inline constexpr statement roll_back{"roll_back", "ROLLBACK"};

// --- Locks, in the order in which everybody takes them; leeway.write takes them likewise.
inline constexpr statement lock_shared{"lock_shared",
                                       "SELECT pg_advisory_xact_lock_shared(1280657751, 1)"};
// Who works alone takes as long as it takes to count everything; others do not wait for it longer
// than they would for anybody.
inline constexpr statement lock_alone{
    "lock_alone",
    "SELECT set_config(s, '15min', true), pg_advisory_xact_lock(1280657751, 1) FROM unnest(ARRAY["
    "'statement_timeout', 'idle_in_transaction_session_timeout']) s"};
inline constexpr statement lock_keys{"lock_keys",
                                     "SELECT pg_advisory_xact_lock(k) FROM unnest($1::int8[]) k"};
inline constexpr statement lock_accounts{"lock_accounts",
                                         "SELECT leeway.lock_accounts($1::int8[], $2::boolean[])"};
inline constexpr statement lock_decisions{
    "lock_decisions",
    "SELECT leeway.lock_decisions(ARRAY(SELECT unnest($1::text[]) UNION ALL "
    "SELECT d.id FROM unnest($2::text[], $3::text[]) q (caller, request) "
    "JOIN leeway.decision d USING (caller, request)))"};
inline constexpr statement lock_decision_rows{
    "lock_decision_rows",
    "SELECT 1 FROM leeway.decision d WHERE d.id IN (SELECT unnest($1::text[]) UNION ALL "
    "SELECT f.id FROM unnest($2::text[], $3::text[]) q (caller, request) "
    "JOIN leeway.decision f USING (caller, request)) ORDER BY d.id FOR NO KEY UPDATE"};
inline constexpr statement open_accounts{
    "open_accounts",
    "INSERT INTO leeway.account (id) SELECT u FROM unnest($1::bytea[]) u "
    "WHERE NOT EXISTS (SELECT FROM leeway.account a WHERE a.id = u) ORDER BY u "
    "ON CONFLICT DO NOTHING"};
inline constexpr statement lock_account_rows{
    "lock_account_rows",
    "SELECT 1 FROM leeway.account WHERE id = ANY ($1::bytea[]) ORDER BY id FOR NO KEY UPDATE"};

// --- What a task reads
inline constexpr statement read_desk{
    "read_desk",
    "SELECT publications, (extract(epoch FROM clock_timestamp()) * 1000000000)::int8 "
    "FROM leeway.desk"};

#define LEEWAY_DECISION                                                                  \
  "d.caller, d.request, d.id, d.number, d.state, d.at, d.due, d.queued, d.act, d.body, " \
  "d.changed_at"
inline constexpr statement requests{
    "requests", "SELECT q.i, " LEEWAY_DECISION
                " FROM unnest($1::text[], $2::text[]) WITH ORDINALITY q (caller, request, i) "
                "JOIN leeway.decision d ON d.caller = q.caller AND d.request = q.request"};
inline constexpr statement decisions{"decisions",
                                     "SELECT q.i, " LEEWAY_DECISION
                                     " FROM unnest($1::text[]) WITH ORDINALITY q (id, i) "
                                     "JOIN leeway.decision d ON d.id = q.id"};
inline constexpr statement chains{
    "chains",
    "SELECT q.i, c.holder "
    "FROM unnest($1::text[], $2::text[]) WITH ORDINALITY q (caller, request, i) "
    "JOIN leeway.chain c ON c.caller = q.caller AND c.request = q.request"};
inline constexpr statement balances{
    "balances",
    "SELECT i, version, minor, count, unsure, most, oldest, newest, changed_at, changed_by "
    "FROM leeway.balances($1, $2, $3)"};
// An act can be much later than its decision, but never than the last change of it.
inline constexpr statement acts{
    "acts", "SELECT act FROM leeway.decision WHERE act <> '' AND changed_at >= $1::int8"};

inline constexpr statement write{
    "write",
    "SELECT i, version, minor, count, unsure, most, oldest, newest, changed_at, changed_by FROM "
    "leeway.write("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, "
    "$39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, "
    "$57, $58, $59, $60, $61, $62)"};

// --- What is read outside of tasks
inline constexpr statement queue_first{
    "queue_first", "SELECT 1::int8, " LEEWAY_DECISION
                   " FROM leeway.decision d WHERE queued ORDER BY at, id LIMIT $1"};
inline constexpr statement queue_after{
    "queue_after", "SELECT 1::int8, " LEEWAY_DECISION
                   " FROM leeway.decision d WHERE queued AND (at, id) > ($2::int8, $3::text) "
                   "ORDER BY at, id LIMIT $1"};
inline constexpr statement due{
    "due", "SELECT 1::int8, " LEEWAY_DECISION
           " FROM leeway.decision d WHERE due <= $2::int8 ORDER BY due, id LIMIT $1"};
#undef LEEWAY_DECISION
inline constexpr statement records{
    "records",
    "SELECT position, subject, number, body FROM leeway.record WHERE subject = $1 ORDER BY number"};
// Not what a transaction that is still open might yet come before.
inline constexpr statement records_after{
    "records_after",
    "SELECT position, subject, number, body FROM leeway.record WHERE position > $1::int8 "
    "AND position < (SELECT leeway.horizon()) ORDER BY position LIMIT $2"};
inline constexpr statement same_records{
    "same_records",
    "SELECT count(*), coalesce(max(r.position), 0) FROM leeway.record r "
    "JOIN unnest($1::text[], $2::int8[], $3::text[]) "
    "AS q (subject, number, body) USING (subject, number, body)"};
inline constexpr statement has_position{
    "has_position", "SELECT EXISTS (SELECT FROM leeway.record WHERE position = $1::int8)"};
inline constexpr statement policies{
    "policies", "SELECT digest, id, version, number, suspended, document FROM leeway.policy"};

inline constexpr statement survey{
    "survey",
    "SELECT q.waiting, q.oldest_waiting, q.reviews, q.oldest_review, d.overdue, d.oldest FROM "
    "(SELECT count(*) FILTER (WHERE state = 2) AS waiting, "
    "min(at) FILTER (WHERE state = 2) AS oldest_waiting, "
    "count(*) FILTER (WHERE state <> 2) AS reviews, "
    "min(at) FILTER (WHERE state <> 2) AS oldest_review "
    "FROM leeway.decision WHERE queued) q, "
    "(SELECT count(*) AS overdue, min(due) AS oldest FROM leeway.decision "
    "WHERE due <= $1::int8) d"};
inline constexpr statement survey_states{
    "survey_states", "SELECT state, count(*) FROM leeway.decision GROUP BY state ORDER BY state"};

// --- What must hold between the tables; a line each for what does not
inline constexpr statement check{
    "check",
    "SELECT 'account ' || encode(a.id, 'hex') || ': its total is not that of its entries' "
    "FROM leeway.account a LEFT JOIN leeway.entry e ON e.account = a.id AND e.at >= a.since "
    "GROUP BY a.id HAVING a.minor <> coalesce(sum(e.minor) FILTER (WHERE e.counts), 0) "
    "OR a.count <> count(*) FILTER (WHERE e.counts) "
    "OR a.unsure <> count(*) FILTER (WHERE e.unsure) "
    "UNION ALL SELECT 'account ' || encode(a.id, 'hex') || ': its sum is not that of all entries' "
    "FROM leeway.account a LEFT JOIN leeway.entry e ON e.account = a.id "
    "GROUP BY a.id HAVING a.ever <> coalesce(sum(e.minor) FILTER (WHERE e.counts), 0) "
    "UNION ALL SELECT 'account ' || encode(e.account, 'hex') || ': it has entries and is missing' "
    "FROM leeway.entry e LEFT JOIN leeway.account a ON a.id = e.account WHERE a.id IS NULL "
    "UNION ALL SELECT 'decision ' || d.id || ': its last record is missing' "
    "FROM leeway.decision d LEFT JOIN leeway.record r ON r.subject = d.id AND r.number = d.number "
    "WHERE r.subject IS NULL "
    "UNION ALL SELECT 'record ' || r.number || ' of ' || r.subject || ': the one before is "
    "missing' "
    "FROM leeway.record r LEFT JOIN leeway.record b "
    "ON b.subject = r.subject AND b.number = r.number - 1 "
    "WHERE r.number > 1 AND b.subject IS NULL "
    "UNION ALL SELECT 'request ' || c.request || ': what holds budget for it is missing' "
    "FROM leeway.chain c LEFT JOIN leeway.decision d ON d.id = c.holder WHERE d.id IS NULL"};

}  // namespace leeway::postgres::sql
