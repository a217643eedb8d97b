// SPDX-License-Identifier: Apache-2.0
#include "audit/note_support.hpp"

#include <leeway/audit/signer_key.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>

namespace leeway::audit {
namespace {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "leeway-key-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = (folder_ / "log.key").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string bytes() const {
    std::ifstream in{path_, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream{path_, std::ios::binary | std::ios::trunc} << text;
    ::chmod(path_.c_str(), mode);
  }
  std::string code() const {
    const auto read = signer_key::load(path_);
    return read ? "good" : read.error().code;
  }

  fs::path folder_{};
  std::string path_{};
};

TEST_F(KeyFile, GivesBackTheKey) {
  const auto key = signer_key::generate("example.com/log");
  ASSERT_TRUE(key);
  ASSERT_TRUE(key->save(path_));
  const auto read = signer_key::load(path_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->verifier(), key->verifier());
  EXPECT_TRUE(key->verifier().verifies("text\n", read->sign("text\n")));
  EXPECT_TRUE(bytes().starts_with(key->verifier().to_string() + "\n-----BEGIN PRIVATE KEY-----\n"));
}

TEST_F(KeyFile, IsReadByOpenSslAsItStands) {
  const auto key = test::key_of("example.com/log", 7);
  ASSERT_TRUE(key.save(path_));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path_.c_str(), "r"),
                                                             std::fclose};
  ASSERT_NE(file, nullptr);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> read{
      PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  ASSERT_NE(read, nullptr);
  public_key_bytes half{};
  std::size_t length = half.size();
  ASSERT_EQ(EVP_PKEY_get_raw_public_key(read.get(), half.data(), &length), 1);
  EXPECT_EQ(half, key.verifier().public_key());
}

TEST_F(KeyFile, IsForItsOwnerAloneWhateverTheUmask) {
  const mode_t before = ::umask(0);
  EXPECT_TRUE(test::key_of("a").save(path_));
  ::umask(0777);
  const std::string other = path_ + "2";
  EXPECT_TRUE(test::key_of("a").save(other));
  ::umask(before);
  for (const auto& path : {path_, other}) {
    struct stat found{};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0600U);
  }
}

TEST_F(KeyFile, IsRefusedWhenOthersHaveAnyRight) {
  ASSERT_TRUE(test::key_of("a").save(path_));
  for (const mode_t mode : {0600U, 0400U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(code(), "good") << std::oct << mode;
  }
  for (const mode_t mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U, 0440U, 0666U, 0777U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(code(), "key_file_unsafe") << std::oct << mode;
  }
}

TEST_F(KeyFile, IsRefusedWhenItIsAnothers) {
  ASSERT_TRUE(test::key_of("a").save(path_));
  if (::chown(path_.c_str(), ::geteuid() + 1, static_cast<gid_t>(-1)) != 0) {
    GTEST_SKIP() << "this user cannot give files away";
  }
  EXPECT_EQ(code(), "key_file_unsafe");
}

TEST_F(KeyFile, IsARegularFile) {
  EXPECT_EQ(code(), "key_file_missing");
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(code(), "key_file_unsafe");
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  ASSERT_EQ(::mkdir(path_.c_str(), 0700), 0);
  EXPECT_EQ(code(), "key_file_unsafe");
}

TEST_F(KeyFile, IsNeverOverwritten) {
  write("precious");
  EXPECT_EQ(test::key_of("a").save(path_).error().code, "key_file_exists");
  EXPECT_EQ(bytes(), "precious");
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  ASSERT_EQ(::symlink("elsewhere", path_.c_str()), 0);
  EXPECT_EQ(test::key_of("a").save(path_).error().code, "key_file_exists");
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
  EXPECT_EQ(test::key_of("a").save((folder_ / "no" / "where").string()).error().code,
            "key_file_failed");
}

TEST_F(KeyFile, HasOneForm) {
  ASSERT_TRUE(test::key_of("example.com/log").save(path_));
  const std::string good = bytes();
  write(good);
  ASSERT_EQ(code(), "good");
  // A bit of any byte: it is another form, or the two halves do not belong together.
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(static_cast<unsigned char>(bad[i]) ^ 1U << i % 8);
    write(bad);
    EXPECT_EQ(code(), "key_file_syntax") << i;
  }
  for (std::size_t i = 0; i < good.size(); i += 7) {
    write(good.substr(0, i));
    EXPECT_EQ(code(), "key_file_syntax") << i;
  }
  for (const std::string& bad : {good + "\n", good + good, "\n" + good, std::string(5000, 'x')}) {
    write(bad);
    EXPECT_EQ(code(), "key_file_syntax");
  }
}

TEST(SignerKey, IsNewEachTime) {
  std::set<std::string> made;
  for (int i = 0; i < 20; ++i) made.insert(signer_key::generate("a")->verifier().to_string());
  EXPECT_EQ(made.size(), 20U);
}

TEST(SignerKey, RefusesNamesThatANoteCannotHold) {
  EXPECT_EQ(signer_key::generate("a b").error().code, "key_name");
  EXPECT_EQ(signer_key::from_seed("", {}).error().code, "key_name");
}

TEST(SignerKey, IsMovedNotCopied) {
  auto key = test::key_of("a", 5);
  const verifier_key verifier = key.verifier();
  signer_key other = std::move(key);
  EXPECT_EQ(other.verifier(), verifier);
  other = test::key_of("b", 6);
  EXPECT_EQ(other.verifier().name(), "b");
}

TEST(SignerKey, SignsAsRfc8032Says) {
  // Section 7.1, test 1: the empty message.
  const seed_bytes seed{0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a,
                        0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
                        0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
  const auto key = signer_key::from_seed("a", seed).value();
  EXPECT_EQ(key.verifier().public_key()[0], 0xd7);
  EXPECT_EQ(key.verifier().public_key()[31], 0x1a);
  const std::string made = key.sign("").bytes;
  EXPECT_EQ(made.substr(0, 3), "\xe5\x56\x43");
  EXPECT_EQ(made.substr(61), "\x7a\x10\x0b");
  EXPECT_EQ(made.size(), 64U);
}

}  // namespace
}  // namespace leeway::audit
