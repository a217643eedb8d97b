// SPDX-License-Identifier: Apache-2.0
// Compiling and evaluating one expression: source text -> tree -> checked tree -> program.
#pragma once

#include "condition/environment.hpp"
#include "condition/type.hpp"

#include <leeway/base/result.hpp>
#include <leeway/base/reusable_vector.hpp>
#include <leeway/model/atom.hpp>
#include <leeway/model/value.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leeway::condition {

/// One thing wrong with an expression. Offsets are bytes of the expression's text; the caller maps
/// them into the document the expression stands in.
struct issue {
  bool warning{};  ///< a lint: the expression still compiles
  std::string
      code{};  ///< stable snake_case id: `syntax_error`, `unknown_name`, `type_mismatch` ...
  std::string message{};
  std::string remedy{};
  std::size_t offset{};
  std::size_t length{};
};
using issues = std::vector<issue>;

struct compile_options {
  std::size_t max_length{16384};  ///< bytes of source
  std::size_t max_depth{100};     ///< nesting of the tree
  std::uint64_t max_cost{
      1000000};  ///< worst-case evaluation steps, with lists as long as `list_limit`
  std::size_t list_limit{1000};  ///< longest list a request may carry
  /// Whether the result itself may be linear in the proposed amount (`of:` expressions, values).
  bool amount_allowed_as_result{};
};

/// What an evaluation came to.
struct evaluation {
  enum class state : std::uint8_t {
    known,    ///< `result` holds the value
    unknown,  ///< it turns on facts that are not known: `missing` names them
    failed,   ///< it cannot be computed: `error` says why (counts as unknown)
  };
  state status{state::unknown};
  std::optional<value> result{};
  std::vector<slot> missing{};  ///< sorted, without repeats; of unknown (and of failed, if both)
  std::string error{};
  std::vector<slot> involved{};  ///< of failed: the facts the failing sub-expression read

  bool is_true() const {
    return status == state::known && result->is(value_kind::boolean) && result->as_bool();
  }
  bool is_false() const {
    return status == state::known && result->is(value_kind::boolean) && !result->as_bool();
  }
  bool is_known() const { return status == state::known; }
};

/// A test that a condition makes of one fact: that it is one of these strings, ints or bools.
struct equality {
  slot fact{};
  std::vector<value> any_of{};  ///< in source order, repeats included
};

struct quick_code;

/// A compiled expression. Immutable; share freely between threads.
class program {
 public:
  struct node;
  program(std::string text, type result, std::shared_ptr<const node> root,
          std::shared_ptr<const quick_code> quick, std::vector<slot> reads, bool reads_amount,
          std::vector<equality> necessary);

  const std::string& text() const { return text_; }
  const type& result_type() const { return result_; }
  /// The facts it may read (through `values` too), sorted.
  const std::vector<slot>& reads() const { return reads_; }
  bool reads(slot s) const { return std::binary_search(reads_.begin(), reads_.end(), s); }
  bool reads_amount() const { return reads_amount_; }
  /// Tests that must all hold for it to be true: when a fact of these is known (and of its declared
  /// type) but none of the constants, it is false, whatever else is known, unknown or fails. There
  /// may be others.
  const std::vector<equality>& necessary() const { return necessary_; }
  const node& root() const { return *root_; }
  /// The form that quick_truth() and its kin run (quick.hpp).
  const quick_code& quick() const { return *quick_; }
  /// A frame must be that long to hold every fact it may read.
  std::size_t least_frame() const { return least_frame_; }

 private:
  std::string text_;
  type result_;
  std::shared_ptr<const node> root_;
  std::shared_ptr<const quick_code> quick_;
  std::vector<slot> reads_;
  bool reads_amount_;
  std::size_t least_frame_;
  std::vector<equality> necessary_;
};

/// The outcome of compiling: `code` is set when there is no error among `found` (warnings may be).
struct compiled {
  std::shared_ptr<const program> code{};
  issues found{};
};

/// Compiles `text`, which must be of one of the `wanted` types (any type when empty). All issues
/// are returned, not just the first. Never throws for any input.
compiled compile(std::string_view text, const environment& env,
                 const std::vector<type>& wanted = {}, const compile_options& options = {});

/// Evaluates. Total, pure and deterministic: three-valued (`false && unknown` is false), checked
/// arithmetic, no exceptions. `env` must be the one compiled against.
evaluation evaluate(const program& p, const environment& env, const frame& f);

/// The atoms that decided a boolean program's outcome on this frame (or that keep it unknown), in
/// source order: of a false `a && b` the false side, of a true one both, and so on; the first 100.
/// They are added to `out`; values stay values, which are told as text when somebody asks.
void explain(const program& p, const environment& env, const frame& f,
             reusable_vector<deciding_atom>& out);

/// Every amount (in minor units) next to which an outcome may change: for each comparison that
/// reads the amount linearly, floor and ceiling of its threshold and their neighbours. `f` must
/// bind the amount's slot; other facts may be unknown (then that comparison yields nothing).
/// Other amounts are tried in it; it is then as before.
void amount_candidates(const program& p, const environment& env, frame& f,
                       std::vector<std::int64_t>& out);
void amount_candidates(const program& p, const environment& env, const frame& f,
                       std::vector<std::int64_t>& out);

}  // namespace leeway::condition
