// SPDX-License-Identifier: Apache-2.0
// What libFuzzer does to an input, done to a JSON document: half the time to its bytes, otherwise
// to its tree, so that what comes out is JSON again (members left out, copied, renamed, values
// exchanged, texts changed by libFuzzer with its dictionary). Linked into a fuzzer of documents.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using tree = nlohmann::ordered_json;

class mutator {
 public:
  explicit mutator(unsigned seed) : random_(seed) {}

  void change(tree& root) {
    std::vector<tree*> all;
    collect(root, all);
    for (std::size_t times = 1 + below(3); times > 0; --times) {
      change(all, *all[below(all.size())]);
      all.clear();
      collect(root, all);
    }
  }

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }

  static void collect(tree& root, std::vector<tree*>& out) {
    out.push_back(&root);
    for (std::size_t i = 0; i < out.size(); ++i) {
      tree& one = *out[i];
      if (!one.is_structured()) continue;
      for (tree& inner : one) out.push_back(&inner);
    }
  }

  void change(const std::vector<tree*>& all, tree& at) {
    if (at.is_object() && !at.empty() && below(2) == 0) return change_object(all, at);
    if (at.is_array() && !at.empty() && below(2) == 0) return change_array(at);
    if (at.is_string() && below(3) != 0) return change_text(at);
    switch (below(3)) {
      case 0: at = scalar(); return;
      case 1:
        if (at.is_number_integer()) {
          at = at.get<std::int64_t>() ^ (std::int64_t{1} << below(63));
          return;
        }
        [[fallthrough]];
      default: at = tree(*all[below(all.size())]); return;
    }
  }

  tree scalar() {
    static const std::array<tree, 14> some = {nullptr,
                                              true,
                                              false,
                                              0,
                                              1,
                                              -1,
                                              0.5,
                                              1e300,
                                              "",
                                              "50 USD",
                                              "2026-11-01",
                                              "12.5%",
                                              "P30D",
                                              INT64_C(9223372036854775807)};
    return some[below(some.size())];
  }

  void change_object(const std::vector<tree*>& all, tree& at) {
    auto member = std::next(at.begin(), static_cast<std::ptrdiff_t>(below(at.size())));
    const std::string key = member.key();
    switch (below(3)) {
      case 0: at.erase(key); return;
      case 1: {  // another's member
        const tree& other = *all[below(all.size())];
        if (!other.is_object() || other.empty()) return;
        auto from = std::next(other.begin(), static_cast<std::ptrdiff_t>(below(other.size())));
        const std::string name = from.key();
        tree copied = from.value();
        at[name] = std::move(copied);
        return;
      }
      default: {
        tree name = key;
        change_text(name);
        tree content = member.value();
        at.erase(key);
        at[name.get<std::string>()] = std::move(content);
      }
    }
  }

  void change_array(tree& at) {
    const std::size_t i = below(at.size()), j = below(at.size());
    switch (below(3)) {
      case 0: at.erase(i); return;
      case 1: at.push_back(tree(at[i])); return;
      default: std::swap(at[i], at[j]); return;
    }
  }

  void change_text(tree& at) {
    std::string text = at.get<std::string>();
    const std::size_t size = text.size();
    text.resize(size + 32);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer takes bytes.
    text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
    at = text;
  }

  std::minstd_rand random_;
};

bool is_deep(const std::uint8_t* data, std::size_t size) {
  return std::count_if(data, data + size, [](auto c) { return c == '[' || c == '{'; }) > 2000;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  if (seed % 2 == 0 || is_deep(data, size)) return LLVMFuzzerMutate(data, size, most);
  tree root = tree::parse(data, data + size, nullptr, false, true);
  if (root.is_discarded()) return LLVMFuzzerMutate(data, size, most);
  mutator(seed / 2).change(root);
  const std::string text = root.dump(-1, ' ', false, tree::error_handler_t::ignore);
  if (text.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
