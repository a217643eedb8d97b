// SPDX-License-Identifier: Apache-2.0
#include "reference/smaller.hpp"

#include "reference/expression.hpp"

#include <algorithm>
#include <charconv>
#include <exception>

namespace leeway::reference {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string printed(const value& v) {
  if (v.is(value_kind::string)) return quoted(v.as_string());
  if (!v.is(value_kind::number)) return v.to_string();
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v.as_double()).ptr;
  std::string out(buffer, end);
  return out.find_first_of(".en") == std::string::npos ? out + ".0" : out;
}

std::string print(const expr& e);

std::string listed(const std::vector<expr_ptr>& args, std::size_t from, std::size_t step = 1) {
  std::string out;
  for (std::size_t i = from; i < args.size(); i += step) {
    out += (out.empty() ? "" : ", ") + print(*args[i]);
    if (step == 2) out += ": " + print(*args[i + 1]);
  }
  return out;
}

std::string print(const expr& e) {
  auto arg = [&](std::size_t i) { return print(*e.args[i]); };
  switch (e.what) {
    case form::literal: return printed(*e.constant);
    case form::field: return arg(0) + "." + e.text;
    case form::index: return arg(0) + "[" + arg(1) + "]";
    case form::call: return e.text + "(" + listed(e.args, 0) + ")";
    case form::method: return arg(0) + "." + e.text + "(" + listed(e.args, 1) + ")";
    case form::operation:
      return e.text == "neg" ? "(-" + arg(0) + ")"
                             : "(" + arg(0) + " " + e.text + " " + arg(1) + ")";
    case form::conjunction: return "(" + arg(0) + " && " + arg(1) + ")";
    case form::disjunction: return "(" + arg(0) + " || " + arg(1) + ")";
    case form::negation: return "!" + arg(0);
    case form::choice: return "(" + arg(0) + " ? " + arg(1) + " : " + arg(2) + ")";
    case form::list: return "[" + listed(e.args, 0) + "]";
    case form::map: return "{" + listed(e.args, 0, 2) + "}";
    case form::macro:
      return arg(0) + "." + e.text + "(" + e.variable + ", " + listed(e.args, 1) + ")";
    case form::presence: return "has(" + arg(0) + ")";
    default: return e.text;
  }
}

// Every tree that differs from this one in a single step.
void variants(const expr_ptr& e, const std::function<void(expr_ptr)>& out) {
  for (const auto& arg : e->args) out(arg);
  const bool is_constant = e->what == form::literal;
  if (!is_constant) {
    for (const value& v : {value(true), value(false), value(0), value(1), value("a")}) {
      out(std::make_shared<const expr>(expr{.what = form::literal, .constant = v}));
    }
  }
  for (std::size_t i = 0; i < e->args.size(); ++i) {
    variants(e->args[i], [&](const expr_ptr& smaller) {
      expr changed = *e;
      changed.args[i] = smaller;
      out(std::make_shared<const expr>(std::move(changed)));
    });
  }
}

}  // namespace

std::vector<std::string> smaller(std::string_view text) {
  std::vector<std::string> out;
  try {
    variants(parse_expression(text), [&](const expr_ptr& e) { out.push_back(print(*e)); });
  } catch (const std::exception&) {
    return out;
  }
  std::erase_if(out, [&](const auto& one) { return one.size() >= text.size(); });
  std::ranges::stable_sort(out, {}, &std::string::size);
  return out;
}

std::string smallest(std::string text, const std::function<bool(const std::string&)>& fails) {
  for (bool again = true; again;) {
    again = false;
    for (auto& one : smaller(text)) {
      if (!fails(one)) continue;
      text = std::move(one);
      again = true;
      break;
    }
  }
  return text;
}

}  // namespace leeway::reference
