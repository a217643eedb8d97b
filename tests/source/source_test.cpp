// SPDX-License-Identifier: Apache-2.0
// The sources of this checkout keep the rules.
#include "source/source_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace source_rules {
namespace {

namespace fs = std::filesystem;

const fs::path root{LEEWAY_SOURCE_ROOT};

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void add_files_under(const fs::path& folder, std::vector<source_file>& files) {
  if (!fs::is_directory(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    files.push_back({fs::relative(entry.path(), root).generic_string(), read(entry.path())});
  }
}

/// Every file that people write here, sorted by path.
const std::vector<source_file>& all_files() {
  static const std::vector<source_file> files = [] {
    std::vector<source_file> found;
    for (const auto* folder :
         {"include", "src", "tests", "examples", "bench", "cmake", "scripts", ".ci", "docs"}) {
      add_files_under(root / folder, found);
    }
    for (const auto* file : {"CMakeLists.txt", "README.md", "CHANGELOG.md", "CMakePresets.json"}) {
      if (fs::exists(root / file)) found.push_back({file, read(root / file)});
    }
    std::ranges::sort(found, {}, &source_file::path);
    return found;
  }();
  return files;
}

bool is_code(const source_file& file) {
  const fs::path path{file.path};
  const auto extension = path.extension();
  return extension == ".cpp" || extension == ".hpp" || extension == ".cmake" ||
         path.filename() == "CMakeLists.txt" || file.text.starts_with("#!");
}

template <typename Rule>
void expect_kept(Rule rule) {
  ASSERT_FALSE(all_files().empty()) << "no sources at " << root;
  for (const auto& file : all_files()) {
    for (const auto& broken : rule(file)) {
      ADD_FAILURE_AT(broken.path.c_str(), static_cast<int>(broken.line)) << broken.message;
    }
  }
}

/// The nearest CMakeLists.txt at or above the folder of `file`.
fs::path nearest_cmake(const fs::path& file) {
  auto folder = file.parent_path();
  while (folder != root && !fs::exists(folder / "CMakeLists.txt")) folder = folder.parent_path();
  return folder / "CMakeLists.txt";
}

TEST(Source, IncludesOnlyGoDownTheLayers) { expect_kept(check_layers); }

TEST(Source, PublicHeadersNeedNoOtherLibrary) { expect_kept(check_public_header); }

TEST(Source, HasNoBannedWords) { expect_kept(check_banned_words); }

TEST(Source, HasLicenseLinesAsciiAndColumns) {
  expect_kept([](const source_file& file) {
    return is_code(file) ? check_form(file) : std::vector<finding>{};
  });
}

TEST(Source, NamesNoPlaceOfThisMachine) {
  std::vector<std::string> places{root.generic_string() + "/"};
  const char* shared = std::getenv("LEEWAY_SHARED");
  const auto material = shared != nullptr ? fs::path{shared} : root.parent_path() / "shared";
  if (material.is_absolute()) places.push_back(material.lexically_normal().generic_string());
  expect_kept([&](const source_file& file) { return check_places(file, places); });
}

TEST(Source, EveryCppFileIsListedInCMake) {
  for (const auto& file : all_files()) {
    if (!file.path.ends_with(".cpp")) continue;
    const auto cmake = nearest_cmake(root / file.path);
    const auto relative = fs::relative(root / file.path, cmake.parent_path()).generic_string();
    EXPECT_TRUE(is_listed(read(cmake), relative)) << file.path << " is not in " << cmake;
  }
}

TEST(Source, EveryPublicHeaderIsListedInCMake) {
  for (const auto& file : all_files()) {
    const std::string_view path = file.path;
    if (!path.starts_with("include/leeway/") || path == "include/leeway/leeway.hpp") continue;
    const auto header = path.substr(8);
    const auto module = header.substr(7, header.find('/', 7) - 7);
    const auto cmake = root / "src" / module / "CMakeLists.txt";
    EXPECT_TRUE(is_listed(read(cmake), header)) << file.path << " is not in " << cmake;
  }
}

TEST(Source, ExamplesAreShortEnoughToCopy) {
  for (const auto& file : all_files()) {
    if (!file.path.starts_with("examples/") || !file.path.ends_with(".cpp")) continue;
    EXPECT_LE(std::ranges::count(file.text, '\n'), 80) << file.path;
  }
}

}  // namespace
}  // namespace source_rules
