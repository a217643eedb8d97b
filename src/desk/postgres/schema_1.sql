-- SPDX-License-Identifier: Apache-2.0
-- The books of a desk, version 1. docs/desk-postgresql.md explains every table to an administrator.
-- Instants are nanoseconds since 1970-01-01 UTC, amounts minor units of the policy's currency.

CREATE SCHEMA IF NOT EXISTS leeway;

-- One row: what holds for the whole desk.
CREATE TABLE leeway.desk (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  schema_version int8 NOT NULL,
  publications int8 NOT NULL DEFAULT 0,
  -- Added to the transaction's number in record positions, which must grow also after a restore elsewhere.
  position_base int8 NOT NULL DEFAULT 0
);
INSERT INTO leeway.desk (schema_version) VALUES (1);

CREATE TABLE leeway.decision (
  caller text COLLATE "C" NOT NULL,
  request text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL UNIQUE,
  number int8 NOT NULL CHECK (number > 0),
  state int8 NOT NULL,
  at int8 NOT NULL,
  changed_at int8 NOT NULL,
  due int8,
  queued boolean NOT NULL,
  act text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (caller, request)
) WITH (fillfactor = 80, toast_tuple_target = 8160);
CREATE INDEX decision_queue ON leeway.decision (at, id) WHERE queued;
CREATE INDEX decision_due ON leeway.decision (due, id) WHERE due IS NOT NULL;

-- Which decision holds budget for the requests that supersede each other.
CREATE TABLE leeway.chain (
  caller text COLLATE "C" NOT NULL,
  request text COLLATE "C" NOT NULL,
  holder text COLLATE "C" NOT NULL,
  PRIMARY KEY (caller, request)
);

-- One budget, grant, measure or fund for one key: the total of its entries of `since` and later.
CREATE TABLE leeway.account (
  id bytea PRIMARY KEY,
  -- How often it was changed, and the name of the last change: only both together tell that it is as it was seen.
  version int8 NOT NULL DEFAULT 0,
  changed_by int8 NOT NULL DEFAULT 0,
  since int8 NOT NULL DEFAULT -9223372036854775808,
  minor int8 NOT NULL DEFAULT 0,
  count int8 NOT NULL DEFAULT 0,
  unsure int8 NOT NULL DEFAULT 0,
  -- The sum of all its entries, of whatever instant: while it fits, every total does.
  ever int8 NOT NULL DEFAULT 0,
  changed_at int8 NOT NULL DEFAULT -9223372036854775808
) WITH (fillfactor = 70);

CREATE TABLE leeway.entry (
  account bytea NOT NULL,
  act text COLLATE "C" NOT NULL,
  at int8 NOT NULL,
  minor int8 NOT NULL,
  counts boolean NOT NULL,
  unsure boolean NOT NULL,
  -- Whether the account is read for its greatest amount.
  ranked boolean NOT NULL,
  PRIMARY KEY (account, at, act)
);
CREATE INDEX entry_greatest ON leeway.entry (account, minor) WHERE ranked AND counts;

-- Append only. `position` is the transaction's number and a place within it: it grows in the order in which
-- records may be read without missing one.
CREATE TABLE leeway.record (
  position int8 PRIMARY KEY,
  subject text COLLATE "C" NOT NULL,
  number int8 NOT NULL CHECK (number > 0),
  body text NOT NULL,
  UNIQUE (subject, number)
) WITH (toast_tuple_target = 8160);

CREATE TABLE leeway.policy (
  digest bytea PRIMARY KEY,
  id text NOT NULL,
  version text NOT NULL,
  number int8 NOT NULL,
  suspended text,
  document text NOT NULL
);

-- For people who look into the tables.
CREATE FUNCTION leeway.instant(nanoseconds int8) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE
  AS $$ SELECT to_timestamp(nanoseconds / 1000000000.0) $$;

-- Positions below this are final: no transaction that is still open can add one. Of the transactions that the
-- statement's snapshot sees open, only those that hold the desk's lock write records; one that is gone meanwhile may
-- have been such a one.
CREATE FUNCTION leeway.horizon() RETURNS int8 LANGUAGE sql STABLE AS $$
  WITH locks AS MATERIALIZED (
    SELECT l.locktype, l.database, l.classid, l.objid, l.transactionid, l.virtualtransaction, l.mode
    FROM pg_catalog.pg_locks l WHERE l.granted
  ), desks AS (
    SELECT l.virtualtransaction FROM locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND l.classid = 1280657751 AND l.objid = 1
      AND d.datname = current_database()
  ), others AS (
    SELECT l.transactionid FROM locks l
    WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.transactionid IS NOT NULL
      AND l.virtualtransaction NOT IN (SELECT d.virtualtransaction FROM desks d)
  )
  SELECT (coalesce((SELECT min(x::text::int8) FROM pg_snapshot_xip(pg_current_snapshot()) AS x
                      WHERE x::xid NOT IN (SELECT o.transactionid FROM others o)),
                   pg_snapshot_xmax(pg_current_snapshot())::text::int8) + d.position_base) << 16
  FROM leeway.desk d
$$;

-- What accounts come to from an instant on. The running total is moved to that instant by the entries between;
-- so the cost does not grow with the number of entries that count.
CREATE FUNCTION leeway.balances(
    ids bytea[], froms int8[], greatests boolean[],
    OUT i int8, OUT version int8, OUT minor int8, OUT count int8, OUT unsure int8,
    OUT most int8, OUT oldest int8, OUT newest int8, OUT changed_at int8, OUT changed_by int8)
  RETURNS SETOF record LANGUAGE sql VOLATILE AS $$
  SELECT q.i, coalesce(a.version, 0),
         coalesce(a.minor, 0) + coalesce(m.minor, 0),
         coalesce(a.count, 0) + coalesce(m.count, 0),
         coalesce(a.unsure, 0) + coalesce(m.unsure, 0),
         CASE WHEN q.wanted THEN (SELECT e.minor FROM leeway.entry e
            WHERE e.account = q.id AND e.ranked AND e.counts AND e.at >= q.since
            ORDER BY e.minor DESC LIMIT 1) END,
         (SELECT e.at FROM leeway.entry e
            WHERE e.account = q.id AND e.counts AND e.at >= q.since ORDER BY e.at LIMIT 1),
         (SELECT e.at FROM leeway.entry e
            WHERE e.account = q.id AND e.counts AND e.at >= q.since ORDER BY e.at DESC LIMIT 1),
         coalesce(a.changed_at, -9223372036854775808), coalesce(a.changed_by, 0)
  FROM unnest(ids, froms, greatests) WITH ORDINALITY AS q (id, since, wanted, i)
  LEFT JOIN leeway.account a ON a.id = q.id
  LEFT JOIN LATERAL (
    SELECT CASE WHEN q.since > a.since THEN -1 ELSE 1 END * sum(e.minor) FILTER (WHERE e.counts) AS minor,
           CASE WHEN q.since > a.since THEN -1 ELSE 1 END * count(*) FILTER (WHERE e.counts) AS count,
           CASE WHEN q.since > a.since THEN -1 ELSE 1 END * count(*) FILTER (WHERE e.unsure) AS unsure
    FROM leeway.entry e
    WHERE e.account = q.id AND e.at >= least(q.since, a.since) AND e.at < greatest(q.since, a.since)
  ) m ON q.since <> a.since
$$;

-- Keeps everybody else from decisions.
CREATE FUNCTION leeway.lock_decisions(ids text[]) RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT pg_advisory_xact_lock(q.key)
  FROM (SELECT DISTINCT hashtextextended(d, 0) AS key FROM unnest(ids) AS d ORDER BY 1) q
$$;

-- Keeps everybody else from accounts that may be changed, and from changing those that are only looked at.
CREATE FUNCTION leeway.lock_accounts(keys int8[], alone boolean[]) RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN q.alone THEN pg_advisory_xact_lock(q.key) ELSE pg_advisory_xact_lock_shared(q.key) END
  FROM unnest(keys, alone) AS q (key, alone)
$$;

-- One decision, in one call: looks whether everything is still as it was seen, under the locks that keep it so,
-- and writes. Returns one row with i = -1 and the position of its last record (as `version`) when it has written.
-- What has changed since is told instead of written: the balances when accounts have, else one row with i = 0.
--
-- `p_record_place` is how many records the transaction has written before.
--
-- Locks are taken in one order by everybody: the desk's, then of requests, of decisions, of accounts, each by its
-- hash; rows last. So nobody who has a transaction number waits for another, and numbers, which are the positions of
-- records, are in the order in which changes saw each other.
CREATE FUNCTION leeway.write(
    p_publications int8, p_alone boolean, p_keys int8[], p_account_keys int8[], p_account_alone boolean[],
    p_absent_callers text[], p_absent_requests text[],
    p_seen_decisions text[], p_seen_numbers int8[],
    p_chain_callers text[], p_chain_requests text[], p_chain_holders text[],
    p_accounts bytea[], p_versions int8[], p_changes int8[], p_froms int8[], p_greatests boolean[],
    p_glanced_accounts bytea[], p_glanced_changes int8[],
    p_at int8, p_change int8,
    p_set_accounts bytea[], p_set_froms int8[], p_set_minors int8[], p_set_counts int8[], p_set_unsures int8[],
    p_set_added int8[],
    p_entry_accounts bytea[], p_entry_acts text[], p_entry_fresh boolean[], p_entry_present boolean[],
    p_entry_ats int8[], p_entry_minors int8[], p_entry_counts boolean[], p_entry_unsures boolean[],
    p_entry_ranked boolean[],
    p_blind_accounts bytea[],
    p_callers text[], p_requests text[], p_ids text[], p_numbers int8[], p_states int8[], p_ats int8[],
    p_dues int8[], p_queued boolean[], p_acts text[], p_bodies text[],
    p_free_callers text[], p_free_requests text[],
    p_hold_callers text[], p_hold_requests text[], p_hold_holders text[],
    p_record_place int8, p_record_subjects text[], p_record_numbers int8[], p_record_bodies text[],
    p_policy_digests bytea[], p_policy_ids text[], p_policy_versions text[], p_policy_numbers int8[],
    p_policy_suspended text[], p_policy_documents text[],
    OUT i int8, OUT version int8, OUT minor int8, OUT count int8, OUT unsure int8,
    OUT most int8, OUT oldest int8, OUT newest int8, OUT changed_at int8, OUT changed_by int8)
  RETURNS SETOF record LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  publications_now int8;
  base int8;
  found_now int8;
  old record;
BEGIN
  IF p_alone THEN
    PERFORM pg_advisory_xact_lock(1280657751, 1);
  ELSE
    PERFORM pg_advisory_xact_lock_shared(1280657751, 1);
  END IF;
  PERFORM pg_advisory_xact_lock(k) FROM unnest(p_keys) AS k;
  IF cardinality(p_seen_decisions) > 0 THEN
    PERFORM leeway.lock_decisions(p_seen_decisions);
  END IF;
  PERFORM leeway.lock_accounts(p_account_keys, p_account_alone);
  SELECT d.publications, d.position_base INTO publications_now, base FROM leeway.desk d;
  IF publications_now <> p_publications
     OR EXISTS (SELECT FROM unnest(p_absent_callers, p_absent_requests) AS q (caller, request)
                JOIN leeway.decision d USING (caller, request))
     OR EXISTS (SELECT FROM unnest(p_chain_callers, p_chain_requests, p_chain_holders)
                  AS q (caller, request, holder)
                LEFT JOIN leeway.chain c USING (caller, request)
                WHERE c.holder IS DISTINCT FROM q.holder)
     -- What is only looked at.
     OR EXISTS (SELECT FROM unnest(p_glanced_accounts, p_glanced_changes) AS q (id, changed_by)
                LEFT JOIN leeway.account a USING (id)
                WHERE coalesce(a.changed_by, 0) <> q.changed_by) THEN
    i := 0;
    RETURN NEXT;
    RETURN;
  END IF;
  IF cardinality(p_seen_decisions) > 0 THEN
    SELECT count(*) INTO found_now
      FROM (SELECT d.id, d.number FROM leeway.decision d
              WHERE d.id = ANY (p_seen_decisions) ORDER BY d.id FOR NO KEY UPDATE) d
      JOIN unnest(p_seen_decisions, p_seen_numbers) AS q (id, number) USING (id, number);
    IF found_now <> cardinality(p_seen_decisions) THEN
      i := 0;
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;

  IF 0 = ANY (p_versions) THEN
    INSERT INTO leeway.account (id)
      SELECT q.id FROM unnest(p_accounts, p_versions) AS q (id, version) WHERE q.version = 0
      ORDER BY q.id
      ON CONFLICT DO NOTHING;
  END IF;
  SELECT count(*) INTO found_now
    FROM (SELECT a.id, a.version, a.changed_by FROM leeway.account a
            WHERE a.id = ANY (p_accounts) ORDER BY a.id FOR NO KEY UPDATE) a
    JOIN unnest(p_accounts, p_versions, p_changes) AS q (id, version, changed_by)
      USING (id, version, changed_by);
  IF found_now <> cardinality(p_accounts) THEN
    RETURN QUERY SELECT b.* FROM leeway.balances(p_accounts, p_froms, p_greatests) b;
    RETURN;
  END IF;

  UPDATE leeway.account a
    SET version = a.version + 1, changed_by = p_change, since = q.since, minor = q.minor, count = q.count, unsure = q.unsure,
        ever = a.ever + q.added, changed_at = p_at
    FROM unnest(p_set_accounts, p_set_froms, p_set_minors, p_set_counts, p_set_unsures, p_set_added)
      AS q (id, since, minor, count, unsure, added)
    WHERE a.id = q.id;
  -- Accounts that were not read, because a policy was published: nobody else writes now.
  IF cardinality(p_blind_accounts) > 0 THEN
    INSERT INTO leeway.account (id) SELECT unnest(p_blind_accounts) ON CONFLICT DO NOTHING;
  END IF;
  IF NOT (true = ALL (p_entry_fresh)) THEN
    FOR old IN
      DELETE FROM leeway.entry e USING unnest(p_entry_accounts, p_entry_ats, p_entry_acts, p_entry_fresh)
          AS q (account, at, act, fresh)
        WHERE e.account = q.account AND e.at = q.at AND e.act = q.act AND NOT q.fresh
        RETURNING e.account, e.at, e.minor, e.counts, e.unsure
    LOOP
      UPDATE leeway.account a
        SET minor = a.minor - CASE WHEN old.counts AND old.at >= a.since THEN old.minor ELSE 0 END,
            count = a.count - CASE WHEN old.counts AND old.at >= a.since THEN 1 ELSE 0 END,
            unsure = a.unsure - CASE WHEN old.unsure AND old.at >= a.since THEN 1 ELSE 0 END,
            ever = a.ever - CASE WHEN old.counts THEN old.minor ELSE 0 END
        WHERE a.id = old.account;
    END LOOP;
  END IF;
  INSERT INTO leeway.entry (account, act, at, minor, counts, unsure, ranked)
    SELECT q.account, q.act, q.at, q.minor, q.counts, q.unsure, q.ranked
    FROM unnest(p_entry_accounts, p_entry_acts, p_entry_present, p_entry_ats, p_entry_minors,
                p_entry_counts, p_entry_unsures, p_entry_ranked)
      AS q (account, act, present, at, minor, counts, unsure, ranked)
    WHERE q.present;
  IF cardinality(p_blind_accounts) > 0 THEN
    UPDATE leeway.account a
      SET version = a.version + 1, changed_by = p_change, minor = a.minor + s.minor, count = a.count + s.count,
          unsure = a.unsure + s.unsure, ever = a.ever + s.ever, changed_at = p_at
      FROM (SELECT b.id,
                   coalesce(sum(q.minor) FILTER (WHERE q.counts AND q.at >= b.since), 0) AS minor,
                   count(*) FILTER (WHERE q.counts AND q.at >= b.since) AS count,
                   count(*) FILTER (WHERE q.unsure AND q.at >= b.since) AS unsure,
                   coalesce(sum(q.minor) FILTER (WHERE q.counts), 0) AS ever
            FROM leeway.account b
            LEFT JOIN unnest(p_entry_accounts, p_entry_present, p_entry_ats, p_entry_minors, p_entry_counts,
                             p_entry_unsures) AS q (account, present, at, minor, counts, unsure)
              ON q.account = b.id AND q.present
            WHERE b.id = ANY (p_blind_accounts)
            GROUP BY b.id) s
      WHERE a.id = s.id;
  END IF;

  INSERT INTO leeway.decision AS d (caller, request, id, number, state, at, changed_at, due, queued, act, body)
    SELECT q.caller, q.request, q.id, q.number, q.state, q.at, p_at, q.due, q.queued, q.act, q.body
    FROM unnest(p_callers, p_requests, p_ids, p_numbers, p_states, p_ats, p_dues, p_queued, p_acts, p_bodies)
      AS q (caller, request, id, number, state, at, due, queued, act, body)
    ON CONFLICT (caller, request) DO UPDATE
      SET number = excluded.number, state = excluded.state, at = excluded.at,
          changed_at = excluded.changed_at, due = excluded.due, queued = excluded.queued,
          act = excluded.act, body = excluded.body
      WHERE d.number < excluded.number AND d.id = excluded.id;
  GET DIAGNOSTICS found_now = ROW_COUNT;
  IF found_now <> cardinality(p_ids) THEN
    RAISE EXCEPTION 'a decision was changed' USING ERRCODE = 'LW001';
  END IF;

  IF cardinality(p_free_callers) > 0 THEN
    DELETE FROM leeway.chain c USING unnest(p_free_callers, p_free_requests) AS q (caller, request)
      WHERE c.caller = q.caller AND c.request = q.request;
  END IF;
  IF cardinality(p_hold_callers) > 0 THEN
    INSERT INTO leeway.chain (caller, request, holder)
      SELECT * FROM unnest(p_hold_callers, p_hold_requests, p_hold_holders)
      ON CONFLICT (caller, request) DO UPDATE SET holder = excluded.holder;
  END IF;

  INSERT INTO leeway.record (position, subject, number, body)
    SELECT ((pg_current_xact_id()::text::int8 + base) << 16) + p_record_place + q.i, q.subject, q.number, q.body
    FROM unnest(p_record_subjects, p_record_numbers, p_record_bodies)
      WITH ORDINALITY AS q (subject, number, body, i);

  IF cardinality(p_policy_ids) > 0 THEN
    INSERT INTO leeway.policy (digest, id, version, number, suspended, document)
      SELECT * FROM unnest(p_policy_digests, p_policy_ids, p_policy_versions, p_policy_numbers,
                           p_policy_suspended, p_policy_documents)
      ON CONFLICT (digest) DO UPDATE
        SET number = excluded.number, suspended = excluded.suspended;
    UPDATE leeway.desk d SET publications = d.publications + cardinality(p_policy_ids);
  END IF;
  i := -1;
  version := ((pg_current_xact_id()::text::int8 + base) << 16) + p_record_place + cardinality(p_record_subjects);
  RETURN NEXT;
END
$$;
