// SPDX-License-Identifier: Apache-2.0
#include "condition/trace.hpp"

#include "condition/support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace leeway::condition::test {
namespace {

// `text = value`, two spaces a level; `~` before a part that decides nothing.
void write(const traced& t, std::size_t indent, std::string& out) {
  out.append(indent, ' ');
  if (!t.decides) out += "~ ";
  if (!t.item.empty()) out += "[" + t.item + "] ";
  out += t.text + " = ";
  switch (t.status) {
    case evaluation::state::known: out += t.found; break;
    case evaluation::state::unknown: out += "unknown"; break;
    case evaluation::state::failed: out += "failed: " + t.error; break;
  }
  out += "\n";
  for (const auto& part : t.parts) write(part, indent + 2, out);
  if (t.left_out != 0) out += std::string(indent + 2, ' ') + std::to_string(t.left_out) + " more\n";
}

std::string traced_text(const world& w, const std::string& text, const frame& f,
                        const trace_limits& limits = {}) {
  const auto out = w.build(text);
  EXPECT_TRUE(out.code) << text;
  if (!out.code) return {};
  std::string shown;
  write(trace(*out.code, w.env(), f, limits), 0, shown);
  return shown;
}

frame with(const world& w, std::string_view path, value v) {
  frame f = w.full();
  f.set(*w.env().slot_of(path), std::move(v));
  return f;
}

TEST(Trace, TellsEveryPartWithItsValue) {
  const world w;
  const auto f = with(w, "contact.hours_late", 2);
  EXPECT_EQ(traced_text(w, "contact.hours_late + 1 >= 3 && !(contact.hours_late > 2)", f),
            "contact.hours_late + 1 >= 3 && !(contact.hours_late > 2) = true\n"
            "  contact.hours_late + 1 >= 3 = true\n"
            "    contact.hours_late + 1 = 3\n"
            "      contact.hours_late = 2\n"
            "  !(contact.hours_late > 2) = true\n"
            "    contact.hours_late > 2 = false\n"
            "      contact.hours_late = 2\n");
}

TEST(Trace, ExpandsANamedValueUnderItsName) {
  const world w;
  const auto f = with(w, "contact.hours_late", 2);
  EXPECT_EQ(traced_text(w, "values.late", f),
            "values.late = false\n"
            "  contact.hours_late >= 3 = false\n"
            "    contact.hours_late = 2\n");
}

TEST(Trace, SaysWhichSideDecidedNothing) {
  const world w;
  const auto f = with(w, "contact.hours_late", 2);
  EXPECT_EQ(traced_text(w, "contact.hours_late > 5 && contact.hours_late > 1", f),
            "contact.hours_late > 5 && contact.hours_late > 1 = false\n"
            "  contact.hours_late > 5 = false\n"
            "    contact.hours_late = 2\n"
            "  ~ contact.hours_late > 1 = true\n"
            "    contact.hours_late = 2\n");
}

TEST(Trace, TellsWhatIsNotKnown) {
  const world w;
  EXPECT_EQ(traced_text(w, "contact.hours_late > 5", w.blank()),
            "contact.hours_late > 5 = unknown\n"
            "  contact.hours_late = unknown\n");
}

TEST(Trace, NamesTheItemsThatDecidedAMacro) {
  const world w;
  const auto f = with(w, "contact.delays", value::list({1, 7, 2, 9}));
  EXPECT_EQ(traced_text(w, "contact.delays.exists(d, d > 5)", f),
            "contact.delays.exists(d, d > 5) = true\n"
            "  contact.delays = [1, 7, 2, 9]\n"
            "  [d = 7] d > 5 = true\n"
            "    d = 7\n"
            "  [d = 9] d > 5 = true\n"
            "    d = 9\n");
  EXPECT_EQ(traced_text(w, "contact.delays.all(d, d < 8)", f),
            "contact.delays.all(d, d < 8) = false\n"
            "  contact.delays = [1, 7, 2, 9]\n"
            "  [d = 9] d < 8 = false\n"
            "    d = 9\n");
}

TEST(Trace, SaysHowMuchItCut) {
  const world w;
  value::list_type many;
  for (int i = 0; i < 900; ++i) many.emplace_back(i);
  const auto f = with(w, "contact.delays", value::list(many));
  const auto shown = traced_text(w, "contact.delays.all(d, d >= 0)", f);
  EXPECT_NE(shown.find("897 more"), std::string::npos) << shown;
  EXPECT_LT(shown.size(), 600U) << shown;
  EXPECT_NE(traced_text(w, "contact.hours_late > 5", f, {.depth = 0}).find("2 more"),
            std::string::npos);
}

}  // namespace
}  // namespace leeway::condition::test
