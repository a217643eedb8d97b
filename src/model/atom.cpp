// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

#include <leeway/model/atom.hpp>

namespace leeway {
namespace {

constexpr std::size_t longest_text = 160;

std::string shortened(std::string text) {
  if (text.size() <= longest_text) return text;
  text.resize(utf8::beginning(text, longest_text).size());
  return text + "...";
}

}  // namespace

std::string atom_side::to_string() const {
  std::string out = sign;
  if (content) {
    if (!out.empty()) out += ' ';
    out += shortened(content->to_string());
  } else if (!out.empty() && !note.empty()) {
    out += ' ';
  }
  return out.append(note);
}

void atom_side::clear() {
  sign.clear();
  content.reset();
  note.clear();
}

void deciding_atom::clear() {
  expression.clear();
  actual.clear();
  bound.clear();
  result.reset();
}

}  // namespace leeway
