// SPDX-License-Identifier: Apache-2.0
#include "desk/sqlite/schema.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace leeway::sqlite {
namespace {

/// "Lway": says whose file it is (PRAGMA application_id).
constexpr std::int64_t application = 0x4C776179;

// Instants are nanoseconds since 1970, amounts minor units. Bodies come last in their rows, so that
// what is looked at is found without them.
constexpr const char* version_1 = R"(
  CREATE TABLE decision (
    caller TEXT NOT NULL, request TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
    number INTEGER NOT NULL, state INTEGER NOT NULL, at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL, due INTEGER, queued INTEGER NOT NULL, act TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (caller, request)) STRICT;
  CREATE INDEX decision_queued ON decision (at, id) WHERE queued = 1;
  CREATE INDEX decision_due ON decision (due, id) WHERE due IS NOT NULL;
  CREATE TABLE chain (
    caller TEXT NOT NULL, request TEXT NOT NULL, holder TEXT NOT NULL,
    PRIMARY KEY (caller, request)) STRICT, WITHOUT ROWID;
  CREATE TABLE account (
    account BLOB PRIMARY KEY NOT NULL, counted_from INTEGER NOT NULL, minor INTEGER NOT NULL,
    count INTEGER NOT NULL, unsure INTEGER NOT NULL, ever INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (
    account BLOB NOT NULL, at INTEGER NOT NULL, act TEXT NOT NULL, minor INTEGER NOT NULL,
    counts INTEGER NOT NULL, unsure INTEGER NOT NULL,
    PRIMARY KEY (account, at, act)) STRICT, WITHOUT ROWID;
  CREATE TABLE peak (
    account BLOB NOT NULL, at INTEGER NOT NULL, act TEXT NOT NULL, minor INTEGER NOT NULL,
    PRIMARY KEY (account, at, act)) STRICT, WITHOUT ROWID;
  CREATE TABLE record (
    position INTEGER PRIMARY KEY, subject TEXT NOT NULL, number INTEGER NOT NULL,
    body TEXT NOT NULL, UNIQUE (subject, number)) STRICT;
  CREATE TABLE policy (
    digest BLOB PRIMARY KEY NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL,
    number INTEGER NOT NULL, suspended TEXT, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE clock (one INTEGER PRIMARY KEY CHECK (one = 1), latest INTEGER NOT NULL) STRICT;
  INSERT INTO clock VALUES (1, -9223372036854775808);
)";

/// Each brings a file from the version before to its own: from none to 1, from 1 to 2 ...
constexpr std::array<const char*, 1> steps{version_1};

result<std::int64_t> pragma(connection& db, const char* sql) {
  statement s = db.use(sql);
  if (!db.step(s)) return fail(db.failed().value_or(error{"store_failed", "no answer"}));
  return s.integer(0);
}

}  // namespace

result<void> recognise(connection& db) {
  const auto whose = pragma(db, "PRAGMA application_id");
  if (!whose) return fail(whose.error());
  const auto version = pragma(db, "PRAGMA user_version");
  if (!version) return fail(version.error());
  const auto tables = pragma(db, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return fail(tables.error());
  const bool is_new = *tables == 0 && *version == 0;
  if (!is_new && *whose != application) {
    return fail("store_unknown_format",
                "the file is a database of another program; give a store a file of its own");
  }
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (*version > newest) {
    return fail("store_unknown_format", "the file has version " + std::to_string(*version) +
                                            ", this release knows " + std::to_string(newest) +
                                            "; open it with a newer release");
  }
  return {};
}

result<void> prepare_schema(connection& db) {
  const auto version = pragma(db, "PRAGMA user_version");
  if (!version) return fail(version.error());
  for (auto at = static_cast<std::size_t>(*version); at < steps.size(); ++at) {
    // All of a step is one transaction, so a crash leaves one version or the other.
    const std::string sql = "BEGIN IMMEDIATE;" + std::string(steps[at]) +
                            "PRAGMA application_id = " + std::to_string(application) +
                            "; PRAGMA user_version = " + std::to_string(at + 1) + "; COMMIT;";
    if (auto done = db.execute(sql.c_str()); !done) return done;
  }
  return {};
}

}  // namespace leeway::sqlite
