// SPDX-License-Identifier: Apache-2.0
// `leeway decide`: decides one request or a stream of them.
#include "cli/exit_code.hpp"
#include "cli/figures.hpp"
#include "cli/hook.hpp"
#include "cli/render.hpp"
#include "cli/requests.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <leeway/desk/desk.hpp>
#include <leeway/desk/open.hpp>
#include <leeway/engine/json.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leeway::cli {
namespace {

struct options_of_decide : request_options {
  std::string store{};
  std::string caller{};
  std::string notify{};
  std::string record{};
  figure_options figures{};
  std::string format{"text"};
  std::string language{};
  bool no_offer{};
};

/// Where records go; a decision is told only after its record was written.
class record_file {
 public:
  bool open(const std::string& path, terminal& to) {
    path_ = path;
    if (path == "-") return true;
    file_.reset(std::fopen(path.c_str(), "ab"));
    if (!file_) complain(to);
    return file_ != nullptr;
  }
  bool is_stdout() const { return path_ == "-"; }

  bool write(const std::string& line, terminal& to) {
    if (path_.empty()) return true;
    if (is_stdout()) {
      to.out(line + '\n');
      return !to.failed();
    }
    errno = 0;
    const bool good =
        std::fputs((line + '\n').c_str(), file_.get()) >= 0 && std::fflush(file_.get()) == 0;
    if (!good) complain(to);
    return good;
  }

 private:
  struct closer {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  void complain(terminal& to) const {
    to.complain(
        fmt::format("cannot write records to `{}`: {}", printable(path_), std::strerror(errno)));
  }

  std::string path_{};
  std::unique_ptr<std::FILE, closer> file_{};
};

class decide_run {
 public:
  decide_run(const options_of_decide& options, terminal& to)
      : options_(options), to_(to), requests_(to, parse_request), figures_(options.figures, to) {}

  int run() {
    if (!requests_.load(options_)) return exit_invalid;
    if (!options_.store.empty() && !open_desk()) {
      // That it failed is a figure, too.
      if (desk_ != nullptr) static_cast<void>(figures_.finish(*desk_));
      return exit_failure;
    }
    if (desk_ == nullptr && !(options_.figures.metrics + options_.figures.events).empty()) {
      to_.complain("`--metrics` and `--events` tell of a desk: give one with `--store`");
      return exit_invalid;
    }
    if (requests_.policies().empty()) {
      to_.complain("no policy: give one with `--policy`");
      return exit_invalid;
    }
    if (!options_.record.empty() && !records_.open(options_.record, to_)) return exit_failure;
    const bool went_on =
        desk_ == nullptr
            ? requests_.each(options_.requests,
                             [this](const policy& p, const request& r) { return decide(p, r); })
            : requests_.each_of_desk(options_.requests,
                                     [this](const request& r) { return decide_at_desk(r); });
    if (desk_ != nullptr && !figures_.finish(*desk_)) return exit_failure;
    if (!went_on) return exit_failure;
    if (!requests_.all_answered()) return exit_invalid;
    return requests_.answered() == 1 ? int{exit_} : int{exit_ok};
  }

 private:
  bool open_desk() {
    const bool lasts = options_.store != "memory:";
    if (lasts && !options_.suspended.empty()) {
      to_.complain("`--suspend` is of this run alone; in a store use `leeway desk suspend`");
      return false;
    }
    auto books = open_store(options_.store);
    if (!books) {
      const error& why = books.error();
      return complained(diagnostics(diagnostic{.code = why.code, .message = why.message}));
    }
    desk_options how{.how = {.offer = !options_.no_offer, .language = options_.language}};
    // What lasts a run only is for going through what has happened: there requests tell the time.
    how.time = lasts ? desk_time::clock : desk_time::request;
    if (!options_.notify.empty()) {
      how.on_waiting = [this](const standing& s) { call_hook(options_.notify, s, to_); };
    }
    if (!figures_.begin(how)) return false;
    auto made = desk::open(*std::move(books), std::move(how));
    if (!made) return complained(made.error());
    desk_ = *std::move(made);
    for (const policy& one : requests_.policies()) {
      if (auto done = desk_->publish(one); !done) return complained(done.error());
    }
    for (const policy& one : desk_->policies()) requests_.add(one);
    return true;
  }
  bool complained(const diagnostics& why) {
    to_.err(why);
    return false;
  }

  /// False: the run cannot go on.
  result<bool, diagnostics> decide(const policy& under, const request& r) {
    const decide_options how{.offer = !options_.no_offer, .language = options_.language};
    const decision d = under.decide(r, how);
    if (!options_.record.empty() && !records_.write(to_record(r, d), to_)) return false;
    if (!records_.is_stdout()) {
      if (options_.format == "json") {
        to_.out(to_json(d) + '\n');
      } else {
        show(under, r, d, std::nullopt);
      }
    }
    exit_ = exit_code_of(d.outcome);
    return true;
  }

  result<bool, diagnostics> decide_at_desk(const request& r) {
    const auto answered = desk_->decide(r, options_.caller);
    figures_.step(*desk_);
    if (!answered) return fail(answered.error());
    if (!options_.record.empty()) {
      // The desk's own: its clock set the instant, not the request.
      const auto records = desk_->history(answered->id);
      if (!records) return fail(records.error());
      if (!records->empty() && !records_.write(records->front(), to_)) return false;
    }
    if (!records_.is_stdout()) show(r, *answered);
    exit_ = exit_code_of(answered->state);
    return true;
  }

  void show(const request& r, const leeway::answer& a) {
    if (options_.format == "json") {
      to_.out(to_json(a) + '\n');
      return;
    }
    const desk_place at{.state = a.state,
                        .next = a.next,
                        .amount = a.amount,
                        .due = a.due,
                        .id = a.id,
                        .repeated = a.repeated,
                        .supersedes_unknown = a.supersedes_unknown};
    for (const policy& one : desk_->policies()) {
      if (one.digest() == a.decision.policy.digest) return show(one, r, a.decision, at);
    }
  }

  void show(const policy& under, const request& r, const decision& d,
            const std::optional<desk_place>& at) {
    const bool first = requests_.answered() == 0;
    if (options_.format == "table") {
      if (first) to_.out(table_head(to_));
      to_.out(table_row(r, d, to_, at));
    } else {
      if (!first) to_.out("\n");
      to_.out(render(under, r, d, to_, at));
    }
  }

  const options_of_decide& options_;
  terminal& to_;
  request_run requests_;
  record_file records_{};
  figures figures_;
  std::unique_ptr<desk> desk_{};
  exit_code exit_{exit_deny};  ///< of the last that was answered
};

}  // namespace

verb add_decide(CLI::App& program) {
  auto options = std::make_shared<options_of_decide>();
  CLI::App* command = program.add_subcommand("decide", "Decide one request or a stream of them");
  add_request_options(*command, *options);
  command->get_option("--policy")->required(false);  // a store has policies of its own
  command->add_option(
      "--store", options->store,
      "Where decisions take effect: memory: (this run), sqlite:FILE, postgres://...");
  command->add_option("--caller", options->caller,
                      "With --store: whose request ids these are; ids of two callers may be equal");
  command->add_option("--notify", options->notify,
                      "With --store: a command to run when something waits for a person, which "
                      "reads it as JSON");
  command->add_option("--record", options->record,
                      "Append a record of each decision; `-`: records instead of decisions");
  add_figure_options(*command, options->figures, "with --store every few seconds and at the end");
  command
      ->add_option("--format", options->format, "text (every reason), table (a line each) or json")
      ->check(CLI::IsMember({"text", "table", "json"}));
  command->add_option("--language", options->language,
                      "Of the protection statement: a language tag such as es-MX; default en");
  command->add_flag("--no-offer", options->no_offer, "Do not look for what could be offered");
  command->footer(
      "Exit of a single request: 0 approve, 4 escalate, 2 deny, 3 invalid; with --store by where\n"
      "the decision stands now. A stream exits with 0 when every line was answered, with 3 when\n"
      "one was invalid.\n\n"
      "Examples:\n"
      "  leeway decide --policy northwind.policy.json request.json\n"
      "  leeway decide --policy northwind.policy.json --store memory: --format json day.jsonl\n"
      "  leeway decide --policy northwind.policy.json --format table day.jsonl\n"
      "  leeway decide --policy v1.policy.json --policy v2.policy.json --record audit.jsonl -");
  return {command, [options](terminal& to) { return decide_run(*options, to).run(); }};
}

}  // namespace leeway::cli
