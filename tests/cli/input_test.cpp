// SPDX-License-Identifier: Apache-2.0
#include "cli/input.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using leeway::cli::document_stream;
using leeway::cli::input;
using leeway::cli::piece;

class DocumentStream : public ::testing::Test {
 protected:
  std::vector<piece> pieces_of(const std::string& text) {
    // Its own: tests run side by side.
    const auto path = std::filesystem::path(testing::TempDir()) /
                      ("leeway_input_test." + std::to_string(getpid()) + ".txt");
    std::ofstream(path, std::ios::binary) << text;
    auto in = input::open(path.string());
    EXPECT_TRUE(in);
    std::vector<piece> out;
    document_stream stream(*in);
    while (auto one = stream.next()) out.push_back(*std::move(one));
    std::filesystem::remove(path);
    return out;
  }
};

TEST_F(DocumentStream, TakesEachLineAsADocument) {
  const auto all = pieces_of("{\"a\":1}\r\n\n  \n{\"b\":2}\n{\"c\":3}");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].text, "{\"a\":1}");
  EXPECT_EQ(all[1].line, 4U);
  EXPECT_EQ(all[2].text, "{\"c\":3}");
}

TEST_F(DocumentStream, TakesAPrettyPrintedDocumentWhole) {
  const auto all = pieces_of("\n{\n  \"a\": [\n\n1]\n}\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].line, 2U);
  EXPECT_EQ(all[0].text, "{\n  \"a\": [\n\n1]\n}");
}

TEST_F(DocumentStream, GoesOnAfterABrokenFirstLine) {
  const auto all = pieces_of("{\"a\":1\n{\"b\":2}\nx\n{\"c\":\"}\"}\n");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].text, "{\"a\":1");
  EXPECT_EQ(all[3].text, "{\"c\":\"}\"}");
}

TEST_F(DocumentStream, CutsWhatIsTooLong) {
  std::string text(leeway::cli::longest_text + 10, 'x');
  text += "\n{}\n";
  const auto all = pieces_of(text);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].too_long);
  EXPECT_EQ(all[0].text.size(), leeway::cli::longest_text);
  EXPECT_FALSE(all[1].too_long);
  EXPECT_EQ(all[1].line, 2U);
}

TEST_F(DocumentStream, KeepsNulBytes) {
  const auto all = pieces_of(std::string("a\0b\n", 4));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].text, std::string("a\0b", 3));
}

TEST_F(DocumentStream, IsEmptyForNothing) {
  EXPECT_TRUE(pieces_of("").empty());
  EXPECT_TRUE(pieces_of("\n\n").empty());
}

TEST(Input, TellsWhyAFileCannotBeRead) {
  const auto in = input::open("does-not-exist.json");
  ASSERT_FALSE(in);
  EXPECT_EQ(in.error().code, "cannot_read");
}

}  // namespace
