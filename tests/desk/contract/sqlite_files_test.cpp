// SPDX-License-Identifier: Apache-2.0
// The files of a store in SQLite: whose they are, and what is never written over.
#include "desk/contract/support.hpp"
#include "desk/contract/temporary_folder.hpp"

#include <leeway/desk/sqlite_store.hpp>

#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>

namespace leeway::desk_test {
namespace {

unsigned mode_of(const std::string& file) {
  struct stat about{};
  return ::stat(file.c_str(), &about) == 0 ? about.st_mode & 0777U : 0;
}

/// A umask for as long as this lives.
class masked {
 public:
  explicit masked(mode_t mask) : before_(::umask(mask)) {}
  ~masked() { ::umask(before_); }
  masked(const masked&) = delete;
  masked& operator=(const masked&) = delete;

 private:
  mode_t before_;
};

void decide_something(std::shared_ptr<store> books) {
  auto d = desk::open(std::move(books));
  ASSERT_TRUE(d);
  ASSERT_TRUE((*d)->publish(sample()));
  ASSERT_TRUE((*d)->decide(proposal("r1", 50)));
}

TEST(SqliteFiles, AreTheirOwnersAlone) {
  for (const mode_t mask : {0000U, 0022U, 0077U, 0277U}) {
    const temporary_folder folder;
    const std::string file = folder.file("desk.db");
    const masked now(mask);
    const auto books = open_sqlite_store(file);
    ASSERT_TRUE(books) << books.error().message;
    decide_something(*books);
    ASSERT_TRUE((*books)->backup(folder.file("copy.db")));
    for (const char* name : {"desk.db", "desk.db-wal", "desk.db.lock", "desk.db.mark", "copy.db"}) {
      EXPECT_EQ(mode_of(folder.file(name)), 0600U) << name << " under umask " << mask;
    }
  }
}

TEST(SqliteFiles, KeepTheModeTheyHave) {
  const temporary_folder folder;
  const std::string file = folder.file("desk.db");
  {
    ASSERT_TRUE(open_sqlite_store(file));
  }
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  const auto books = open_sqlite_store(file);
  ASSERT_TRUE(books);
  decide_something(*books);
  EXPECT_EQ(mode_of(file), 0640U);
  EXPECT_EQ(mode_of(file + "-wal"), 0640U);
}

TEST(SqliteFiles, OfOtherProgramsAreLeftAsTheyAre) {
  const temporary_folder folder;
  const std::string file = folder.file("other.db");
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE t (x); INSERT INTO t VALUES (1)", nullptr, nullptr,
                         nullptr),
            SQLITE_OK);
  sqlite3_close(other);
  const auto contents = [&] {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string before = contents();
  for (int i = 0; i < 2; ++i) {
    const auto books = open_sqlite_store(file);
    ASSERT_FALSE(books);
    EXPECT_EQ(books.error().code, "store_unknown_format");
    EXPECT_EQ(contents(), before);
  }
}

TEST(SqliteFiles, AreNotWrittenOverByABackup) {
  const temporary_folder folder;
  const std::string file = folder.file("desk.db");
  const auto books = open_sqlite_store(file);
  ASSERT_TRUE(books);
  decide_something(*books);
  for (const std::string& there : {file, folder.file("other")}) {
    if (there != file) std::ofstream(there) << "something else";
    const auto copied = (*books)->backup(there);
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, "backup_exists");
  }
  const auto wrong = (*books)->check();
  ASSERT_TRUE(wrong);
  EXPECT_TRUE(wrong->empty());
  EXPECT_FALSE((*books)->backup(folder.file("no/such/folder/copy.db")));
}

}  // namespace
}  // namespace leeway::desk_test
