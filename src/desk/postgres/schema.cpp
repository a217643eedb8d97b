// SPDX-License-Identifier: Apache-2.0
#include "desk/postgres/schema.hpp"

#include <array>
#include <string>

namespace leeway::postgres {
namespace {

constexpr std::int64_t known_version = 1;

// Not by to_regclass, which may answer from a cache that is older than the lock.
constexpr statement find_desk{
    "find_desk",
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
    "ON n.oid = c.relnamespace WHERE n.nspname = 'leeway' AND c.relname = 'desk')"};
constexpr statement read_version{"read_version", "SELECT schema_version FROM leeway.desk"};
constexpr statement read_encoding{"read_encoding", "SELECT current_setting('server_encoding')"};
// A database that was restored elsewhere begins with lower transaction numbers again.
constexpr statement lift_positions{
    "lift_positions",
    "UPDATE leeway.desk SET position_base = position_base + 1 + last - next "
    "FROM (SELECT coalesce(max(position) >> 16, 0) FROM leeway.record) AS l (last), "
    "(SELECT pg_snapshot_xmax(pg_current_snapshot())::text::int8) AS n (next) "
    "WHERE last >= next + position_base"};

attempt<bool> exists(connection& c, deadline until) {
  auto found = c.run(call{&find_desk, {}}, until);
  if (!found) return fail(std::move(found).error());
  return found->boolean(0, 0);
}

/// In one transaction, by one host.
attempt<void> create(connection& c, deadline until) {
  auto locked = c.run_script(
      "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(1280657751, 2)", until);
  if (!locked) return locked;
  const auto meanwhile = exists(c, until);
  if (!meanwhile) return fail(meanwhile.error());
  if (!*meanwhile) {
    if (auto made = c.run_script(schema_1, until); !made) return made;
  }
  return c.run_script("COMMIT", until);
}

/// What whoever runs the desk can do about it.
std::string remedy_of(const sql_error& e) {
  const std::string& state = e.sqlstate;
  if (state == "3D000") return "; create the database, or name another in the URL";
  if (state == "28P01") return "; give the password by PGPASSWORD or ~/.pgpass";
  if (state == "28000") return "; create the role, or let it in by pg_hba.conf";
  if (state == "25006") return "; point the URL at the primary: target_session_attrs=read-write";
  if (state == "42501") {
    return "; have the owner make the tables and grant the role what docs/desk-postgresql.md lists";
  }
  if (e.message.find("no password supplied") != std::string::npos) {
    return "; give one by PGPASSWORD or ~/.pgpass";
  }
  if (e.message.find("could not translate host name") != std::string::npos) {
    return "; look at the host in the URL";
  }
  return {};
}

}  // namespace

result<void> open_schema(connection& c, deadline until) {
  const auto encoding = c.run(call{&read_encoding, {}}, until);
  if (!encoding) return fail(store_error(encoding.error()));
  if (encoding->bytes(0, 0) != "UTF8") {
    return fail("store_failed", "the database's encoding is `" +
                                    std::string(encoding->bytes(0, 0)) +
                                    "`; create one with ENCODING 'UTF8'");
  }
  const auto there = exists(c, until);
  if (!there) return fail(store_error(there.error()));
  if (!*there) {
    if (auto made = create(c, until); !made) return fail(store_error(made.error()));
  }
  const std::array<call, 2> calls{call{&read_version, {}}, call{&lift_positions, {}}};
  const auto found = c.run(calls, until);
  if (!found) return fail(store_error(found.error()));
  const std::int64_t version = found->front().integer(0, 0);
  if (version == known_version) return {};
  return fail("store_failed", "the tables are of version " + std::to_string(version) +
                                  ", this program knows version " + std::to_string(known_version) +
                                  "; use the program that made them, or a newer one");
}

error store_error(const sql_error& from) {
  const std::string& state = from.sqlstate;
  const auto is = [&](auto... codes) { return ((state == codes) || ...); };
  const std::string told = from.message + (state.empty() ? "" : " (SQLSTATE " + state + ")");
  // Timeouts, conflicts that did not end, too many connections.
  if (from.what == trouble::late || is("55P03", "57014", "40001", "40P01", "53300", "25P03")) {
    const char* why =
        from.what == trouble::late ? "PostgreSQL did not answer in time" : "PostgreSQL is busy";
    return {"store_busy", std::string(why) + ", and nothing was done: " + told};
  }
  if (is("53100", "53200")) return {"store_full", "PostgreSQL has no space: " + told};
  if (is("22003")) return {"store_conflict", "the sum of an account does not fit: " + told};
  if (is("LW002")) return {"store_regressed", from.message};
  if (is("23505", "23514", "LW001")) {
    return {"store_conflict", "a change contradicts what is stored: " + told};
  }
  return {"store_failed", "PostgreSQL: " + told + remedy_of(from)};
}

}  // namespace leeway::postgres
