// SPDX-License-Identifier: Apache-2.0
#ifndef LEEWAY_TESTS_DESK_CONTRACT_TEMPORARY_FOLDER_HPP
#define LEEWAY_TESTS_DESK_CONTRACT_TEMPORARY_FOLDER_HPP

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace leeway::desk_test {

/// A folder of its own, gone with this.
class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "leeway-desk-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_{};
};

}  // namespace leeway::desk_test

#endif
