// SPDX-License-Identifier: Apache-2.0
// The disk proved on raw SQLite: a database in WAL mode with synchronous=FULL keeps what it
// acknowledged whatever an honest disk does, and loses it on one that lies.
#include "desk/faulty_disk/faulty_disk.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

using leeway::test::aftermath;
using leeway::test::effect;
using leeway::test::fault;
using leeway::test::faulty_disk;
using leeway::test::operation;
using leeway::test::power_loss;

class database {
 public:
  explicit database(const std::filesystem::path& file) {
    sqlite3* opened = nullptr;
    status_ =
        sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    handle_.reset(opened);
    if (status_ != SQLITE_OK) return;
    status_ =
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY, filler BLOB)");
  }

  int status() const { return status_; }
  int run(const std::string& sql) {
    return sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  }
  int insert(int n) {
    return run("INSERT INTO t VALUES(" + std::to_string(n) + ", zeroblob(6000))");
  }
  std::string text(const std::string& sql) {
    std::string out;
    const auto append = [](void* to, int, char** values, char**) {
      *static_cast<std::string*>(to) += std::string(values[0] ? values[0] : "null") + " ";
      return 0;
    };
    if (sqlite3_exec(handle_.get(), sql.c_str(), append, &out, nullptr) != SQLITE_OK) {
      return sqlite3_errmsg(handle_.get());
    }
    return out;
  }

 private:
  struct closer {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  std::unique_ptr<sqlite3, closer> handle_{};
  int status_{};
};

class FaultyDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "leeway-disk-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// Inserts 1, 2, ... until one fails; the last that was acknowledged.
  int insert_until_failure(int most, const char* between = "") {
    database db(file());
    if (db.status() != SQLITE_OK) return 0;
    for (int n = 1; n <= most; ++n) {
      if (db.insert(n) != SQLITE_OK) return n - 1;
      db.run(between);
    }
    return most;
  }

  /// Everything acknowledged is there, nothing is there in part and nothing beyond the next.
  void expect_recovered(int acknowledged) {
    database db(file());
    ASSERT_EQ(db.status(), SQLITE_OK);
    EXPECT_EQ(db.text("PRAGMA integrity_check"), "ok ");
    const std::string counted = db.text("SELECT count(*) FROM t WHERE length(filler) = 6000");
    EXPECT_GE(std::stoi(counted), acknowledged);
    EXPECT_LE(std::stoi(counted), acknowledged + 1);
  }

  std::filesystem::path file() const { return folder_ / "t.db"; }
  std::filesystem::path wal() const { return folder_ / "t.db-wal"; }
  void start_again() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }

  std::filesystem::path folder_{};
};

TEST_F(FaultyDisk, LosesNothingAcknowledgedWhereverPowerIsCutAndWhateverIsLeft) {
  constexpr const char* checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
  std::uint64_t changes = 0;
  {
    faulty_disk counted;
    counted.make_default();
    ASSERT_EQ(insert_until_failure(3, checkpoint), 3);
    changes = counted.changes();
  }
  const std::vector<power_loss> losses{{aftermath::lost},          {aftermath::kept},
                                       {aftermath::torn, 512},     {aftermath::torn, 4096},
                                       {aftermath::shuffled, 512}, {aftermath::shuffled, 4096}};
  for (std::uint64_t n = 1; n <= changes; ++n) {
    for (const power_loss& loss : losses) {
      SCOPED_TRACE("change " + std::to_string(n) + ", loss " +
                   std::to_string(static_cast<int>(loss.unsynced)));
      start_again();
      faulty_disk disk(n);
      disk.make_default();
      disk.plan({.at = n, .does = effect::power_cut});
      const int acknowledged = insert_until_failure(3, checkpoint);
      ASSERT_FALSE(disk.has_power());
      disk.restore_power(loss);
      expect_recovered(acknowledged);
    }
  }
}

TEST_F(FaultyDisk, LosesWhatWasAcknowledgedWhenSyncsAreIgnored) {
  faulty_disk disk;
  disk.make_default();
  ASSERT_EQ(insert_until_failure(1), 1);
  disk.restore_power({aftermath::lost});
  disk.ignore_syncs(true);
  {
    database db(file());
    ASSERT_EQ(db.insert(2), SQLITE_OK);
    disk.cut_power();
  }
  disk.restore_power({aftermath::lost});
  EXPECT_EQ(database(file()).text("SELECT n FROM t"), "1 ");
}

TEST_F(FaultyDisk, LosesWhatWasAcknowledgedWithoutASync) {
  faulty_disk disk;
  disk.make_default();
  ASSERT_EQ(insert_until_failure(1), 1);
  {
    database db(file());
    ASSERT_EQ(db.run("PRAGMA synchronous=NORMAL"), SQLITE_OK);
    ASSERT_EQ(db.insert(2), SQLITE_OK);
    disk.cut_power();
  }
  disk.restore_power({aftermath::lost});
  EXPECT_EQ(database(file()).text("SELECT n FROM t"), "1 ");
}

TEST_F(FaultyDisk, LosesWhatWasWrittenBeforeAFailedSyncThoughALaterOneSucceeds) {
  faulty_disk disk;
  disk.make_default();
  {
    database db(file());
    ASSERT_EQ(db.insert(1), SQLITE_OK);
    disk.plan({.on = {operation::sync}, .suffix = "-wal"});
    EXPECT_NE(db.insert(2), SQLITE_OK);
    EXPECT_EQ(db.insert(3), SQLITE_OK);
    disk.cut_power();
  }
  disk.restore_power({aftermath::lost});
  database db(file());
  ASSERT_EQ(db.status(), SQLITE_OK);
  EXPECT_EQ(db.text("SELECT n FROM t WHERE n < 3"), "1 ");
}

TEST_F(FaultyDisk, IsFullAtAnyWriteAndThenHasSpaceAgain) {
  for (std::uint64_t n = 1; n <= 40; ++n) {
    SCOPED_TRACE("write " + std::to_string(n));
    start_again();
    faulty_disk disk;
    disk.make_default();
    database db(file());
    ASSERT_EQ(db.insert(1), SQLITE_OK);
    disk.plan(
        {.on = {operation::write}, .at = n, .does = effect::disk_full, .times = fault::for_ever});
    int next = 2;
    while (next < 50 && db.insert(next) == SQLITE_OK) ++next;
    ASSERT_LT(next, 50);
    disk.mend();
    EXPECT_EQ(db.insert(next), SQLITE_OK);
    EXPECT_EQ(db.text("SELECT count(*) FROM t"), std::to_string(next) + " ");
  }
}

TEST_F(FaultyDisk, FailsReadsAndOpens) {
  faulty_disk disk;
  disk.make_default();
  ASSERT_EQ(insert_until_failure(1), 1);
  disk.plan({.on = {operation::open}});
  EXPECT_EQ(database(file()).status(), SQLITE_CANTOPEN);
  disk.plan({.on = {operation::read}, .times = fault::for_ever});
  EXPECT_NE(database(file()).status(), SQLITE_OK);
  disk.mend();
  EXPECT_EQ(database(file()).text("SELECT n FROM t"), "1 ");
}

TEST_F(FaultyDisk, KillsTheProcessAtTheChosenChange) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    faulty_disk disk;
    disk.make_default();
    database db(file());
    db.insert(1);
    disk.plan({.at = 2, .does = effect::kill});
    db.insert(2);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  expect_recovered(1);
}

TEST_F(FaultyDisk, DamagesFilesSoThatTheCheckSeesIt) {
  ASSERT_EQ(insert_until_failure(3), 3);
  const auto size = std::filesystem::file_size(file());
  ASSERT_GT(size, 3 * 4096);
  leeway::test::flip_bit(file(), 4096 + 3, 0);
  EXPECT_NE(database(file()).text("PRAGMA integrity_check"), "ok ");
  leeway::test::flip_bit(file(), 4096 + 3, 0);
  EXPECT_EQ(database(file()).text("PRAGMA integrity_check"), "ok ");
  leeway::test::copy_block(file(), 4096, 2 * 4096, 4096);
  EXPECT_NE(database(file()).text("PRAGMA integrity_check"), "ok ");
}

TEST_F(FaultyDisk, ChoosesTheSameForTheSameSeed) {
  const auto left = [&](std::uint64_t seed) {
    start_again();
    faulty_disk disk(seed);
    sqlite3* db = nullptr;
    sqlite3_open_v2(file().c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.vfs());
    sqlite3_exec(db, "PRAGMA synchronous=OFF; CREATE TABLE t(a); INSERT INTO t VALUES(1)", nullptr,
                 nullptr, nullptr);
    sqlite3_close(db);
    disk.restore_power({aftermath::shuffled, 512});
    return std::filesystem::exists(file()) ? std::filesystem::file_size(file()) : 0;
  };
  for (std::uint64_t seed = 1; seed < 20; ++seed) EXPECT_EQ(left(seed), left(seed));
}

}  // namespace
