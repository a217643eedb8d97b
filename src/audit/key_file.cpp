// SPDX-License-Identifier: Apache-2.0
// Signer keys in files. All that holds the private half is overwritten, whatever happens.
#include "audit/base64.hpp"
#include "audit/erased.hpp"
#include "audit/note_text.hpp"
#include "audit/signer_content.hpp"

#include <leeway/audit/signer_key.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace leeway::audit {
namespace {

constexpr std::string_view begin_line = "-----BEGIN PRIVATE KEY-----";
constexpr std::string_view end_line = "-----END PRIVATE KEY-----";
// RFC 8410, section 7: the one form of an Ed25519 key without attributes; the seed follows.
constexpr std::string_view der_prefix{
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16};
constexpr std::size_t longest_file = 4096;
constexpr mode_t rights_of_others = S_IRWXG | S_IRWXO;

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string quoted(const std::string& path) { return '`' + path + '`'; }

failure<error> failed(const char* what, const std::string& path) {
  return fail("key_file_failed",
              std::string("cannot ") + what + ' ' + quoted(path) + ": " + std::strerror(errno));
}

result<void> check_rights(int file, const std::string& path) {
  struct stat found{};
  if (::fstat(file, &found) != 0) return failed("look at", path);
  if (!S_ISREG(found.st_mode)) {
    return fail("key_file_unsafe", quoted(path) + " is not a regular file");
  }
  if (found.st_uid != ::geteuid()) {
    return fail("key_file_unsafe", quoted(path) +
                                       " belongs to another user; a key is used by its "
                                       "owner only");
  }
  if ((found.st_mode & rights_of_others) != 0) {
    return fail("key_file_unsafe", quoted(path) +
                                       " can be used by others; take their rights away "
                                       "with `chmod 600`, and replace the key if they may "
                                       "have read it");
  }
  return {};
}

using file_memory = erased<char, longest_file>;

result<std::string_view> read_all(int file, const std::string& path, file_memory& into) {
  std::size_t length = 0;
  while (length < into.bytes().size()) {
    const auto got = ::read(file, into.bytes().data() + length, into.bytes().size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", path);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  return std::string_view(into.bytes().data(), length);
}

bool copy_seed(std::string_view pem, seed_memory& into) {
  auto der = base64::decode(pem);
  if (!der) return false;
  const eraser erase(*der);
  const bool good =
      der->size() == der_prefix.size() + into.bytes().size() && der->starts_with(der_prefix);
  if (!good) return false;
  std::ranges::transform(std::string_view(*der).substr(der_prefix.size()), into.bytes().begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  return true;
}

/// The verifier key of the first line and, in `seed`, the private half of what follows.
std::optional<verifier_key> take_apart(std::string_view text, seed_memory& seed) {
  const auto first = take_line(text);
  if (!first || take_line(text) != begin_line) return std::nullopt;
  const auto pem = take_line(text);
  if (!pem || take_line(text) != end_line || !text.empty()) return std::nullopt;
  auto verifier = verifier_key::parse(*first);
  if (!verifier || !copy_seed(*pem, seed)) return std::nullopt;
  return *std::move(verifier);
}

result<void> write_all(int file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fsync(file) != 0) return failed("write", path);
  return {};
}

/// A new name is durable when its folder is.
result<void> sync_folder(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() < 0 || ::fsync(opened.number()) != 0) return failed("write", folder);
  return {};
}

}  // namespace

result<signer_key> signer_key::load(const std::string& path) {
  // Without waiting: a pipe in the place of the file must not stop the program.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) {
    if (errno == ENOENT) return fail("key_file_missing", "there is no file " + quoted(path));
    return failed("open", path);
  }
  if (auto good = check_rights(file.number(), path); !good) return fail(std::move(good).error());
  file_memory memory;
  const auto text = read_all(file.number(), path, memory);
  if (!text) return fail(text.error());
  seed_memory seed;
  const auto verifier = take_apart(*text, seed);
  if (!verifier) {
    return fail("key_file_syntax", quoted(path) +
                                       " is not a key file; expected a verifier key and "
                                       "an Ed25519 key as PKCS #8 in PEM");
  }
  auto out = from_seed(verifier->name(), seed.bytes());
  if (out && out->verifier() != *verifier) {
    return fail("key_file_syntax",
                "the verifier key in " + quoted(path) + " is not that of the private key in it");
  }
  return out;
}

result<void> signer_key::save(const std::string& path) const {
  seed_memory seed;
  std::size_t length = seed.bytes().size();
  if (EVP_PKEY_get_raw_private_key(content_->key.get(), seed.bytes().data(), &length) != 1) {
    return fail("key_file_failed", "the cryptographic library does not give the key");
  }
  // Each string is made as long as it gets at once: no copies are left behind by growing.
  std::string der;
  der.reserve(der_prefix.size() + seed.bytes().size());
  der.append(der_prefix).append(seed.bytes().begin(), seed.bytes().end());
  const eraser erase_der(der);
  std::string pem = base64::encode(der);
  const eraser erase_pem(pem);

  const descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.number() < 0) {
    if (errno == EEXIST) {
      return fail("key_file_exists", quoted(path) + " is there already, and is left as it is");
    }
    return failed("create", path);
  }
  if (::fchmod(file.number(), 0600) != 0) return failed("protect", path);
  const std::string head = verifier().to_string() + '\n' + std::string(begin_line) + '\n';
  const std::string foot = '\n' + std::string(end_line) + '\n';
  for (const std::string_view part :
       {std::string_view(head), std::string_view(pem), std::string_view(foot)}) {
    if (auto done = write_all(file.number(), path, part); !done) return done;
  }
  return sync_folder(path);
}

}  // namespace leeway::audit
