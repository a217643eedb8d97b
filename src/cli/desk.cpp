// SPDX-License-Identifier: Apache-2.0
// `leeway desk`: what happens to decisions after they were made.
#include "cli/desk_page.hpp"
#include "cli/exit_code.hpp"
#include "cli/figures.hpp"
#include "cli/hook.hpp"
#include "cli/policies.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <leeway/desk/desk.hpp>
#include <leeway/desk/open.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace leeway::cli {
namespace {

struct options_of_desk {
  std::string store{};
  std::string id{};
  std::string caller{};
  std::string amount{};
  std::string by{};
  std::vector<std::string> roles{};
  std::string team{};
  std::string department{};
  std::string site{};
  std::string note{};
  std::string verdict{};
  std::string policy{};
  std::string version{};
  std::string file{};
  std::vector<std::string> files{};
  std::string notify{};
  figure_options figures{};
  std::string format{"text"};
  std::size_t most{100};
  bool grant{};
  bool decline{};
  bool resume{};
};

/// One sub-verb's work on an open desk.
class desk_run {
 public:
  desk_run(const options_of_desk& options, terminal& to)
      : options_(options), to_(to), figures_(options.figures, to) {}

  using work = int (desk_run::*)();

  /// `begins`: whether it makes a store where there is none.
  int run(work what, bool begins) {
    if (!begins && !is_there()) return exit_failure;
    auto books = open_store(options_.store);
    if (!books) return complained(books.error());
    books_ = *books;
    desk_options how;
    if (!options_.notify.empty()) {
      how.on_waiting = [this](const standing& s) { call_hook(options_.notify, s, to_); };
    }
    if (!figures_.begin(how)) return exit_failure;
    auto made = desk::open(*std::move(books), std::move(how));
    if (!made) return complained(made.error());
    desk_ = *std::move(made);
    const int code = (this->*what)();
    return figures_.finish(*desk_) || code != exit_ok ? code : int{exit_failure};
  }

  int settle() {
    settlement what{.by = options_.by, .note = options_.note};
    if (const auto amount = read_amount(what.amount); amount != exit_ok) return amount;
    return with_id([&](const decision_id& id) { return desk_->settle(id, what); });
  }
  int void_one() {
    return with_id([&](const decision_id& id) {
      return desk_->void_decision(id, options_.by, options_.note);
    });
  }
  int resolve() {
    if (options_.grant == options_.decline) {
      to_.complain("say `--grant` or `--decline`");
      return exit_invalid;
    }
    if (options_.decline && !options_.amount.empty()) {
      to_.complain("`--amount` is of a grant: declining has none");
      return exit_invalid;
    }
    resolution what{.by = person(), .granted = options_.grant, .note = options_.note};
    if (const auto amount = read_amount(what.amount); amount != exit_ok) return amount;
    return with_id([&](const decision_id& id) { return desk_->resolve(id, what); });
  }
  int ratify() {
    const review what{
        .by = person(),
        .verdict = parse_ratification_state(options_.verdict).value_or(ratification_state::not_due),
        .note = options_.note};
    return with_id([&](const decision_id& id) { return desk_->ratify(id, what); });
  }
  int show() {
    const auto s = find();
    if (!s) return complained(s.error());
    if (options_.format == "records") {
      const auto records = desk_->history(s->id);
      if (!records) return complained(records.error());
      for (const std::string& one : *records) to_.out(one + '\n');
      return exit_ok;
    }
    return tell(*s);
  }
  int expire() {
    const auto changed = desk_->expire(options_.most);
    if (!changed) return complained(changed.error());
    return list(*changed, "nothing was due");
  }
  int inbox() {
    std::vector<role_id> roles(options_.roles.begin(), options_.roles.end());
    if (!are_known(roles)) return exit_invalid;
    const auto found = desk_->inbox(roles, options_.most);
    if (!found) return complained(found.error());
    return list(*found, "nothing waits");
  }
  int budget();
  int metrics() {
    metric_registry registry;
    const auto measured = desk_->measure(registry, survey_depth::all);
    if (!measured) return complained(measured.error());
    to_.out(registry.to_prometheus());
    return exit_ok;
  }
  int publish();
  int suspend() {
    const auto why = options_.resume ? std::nullopt : std::optional(options_.note);
    if (why && why->empty()) {
      to_.complain("say why, with `--note`");
      return exit_invalid;
    }
    const auto done = desk_->suspend(policy_id(options_.policy), options_.version, why);
    if (!done) return complained(done.error());
    to_.out(fmt::format("{} {}\n", options_.policy, options_.resume ? "decides" : "is suspended"));
    return exit_ok;
  }
  int check() {
    const auto wrong = books_->check();
    if (!wrong) return complained(wrong.error());
    for (const std::string& one : *wrong) to_.out(printable(one) + '\n');
    if (wrong->empty()) to_.out("nothing is wrong\n");
    return wrong->empty() ? exit_ok : exit_failure;
  }
  int backup() {
    const auto done = books_->backup(options_.file);
    if (!done) return complained(done.error());
    to_.out(fmt::format("written to {}\n", printable(options_.file)));
    return exit_ok;
  }

 private:
  int complained(const error& why) {
    to_.err(diagnostics(diagnostic{.code = why.code, .message = why.message}));
    return exit_failure;
  }
  /// A mistyped name must not look like a desk at which nothing waits.
  bool is_there() const {
    constexpr std::string_view sqlite = "sqlite:";
    const std::string& url = options_.store;
    if (url == "memory:") {
      to_.complain(
          "a store in memory ends with its process; name `sqlite:FILE` or `postgres://...`");
      return false;
    }
    if (!url.starts_with(sqlite) || url.size() == sqlite.size()) return true;
    const std::string file = url.substr(sqlite.size());
    std::error_code none;
    if (std::filesystem::exists(file, none)) return true;
    to_.complain(
        fmt::format("there is no store `{0}`; `leeway desk publish POLICY --store sqlite:{0}` "
                    "makes one",
                    printable(file)));
    return false;
  }
  int complained(const diagnostics& why) {
    to_.err(why);
    return exit_failure;
  }

  agent person() const {
    agent out{.id = options_.by};
    for (const std::string& role : options_.roles) out.roles.emplace_back(role);
    if (!options_.team.empty()) out.team = options_.team;
    if (!options_.department.empty()) out.department = options_.department;
    if (!options_.site.empty()) out.site = options_.site;
    return out;
  }

  /// Nothing waits for a role that there is not, and that would be no news.
  bool are_known(const std::vector<role_id>& roles) const {
    std::vector<std::string> known;
    for (const policy& p : desk_->policies()) {
      for (const role_definition& one : p.document().roles) known.push_back(one.id.str());
    }
    for (const role_id& one : roles) {
      if (known.empty() || std::ranges::find(known, one.str()) != known.end()) continue;
      const std::string near = suggestion(one.str(), known);
      to_.complain(fmt::format("no published policy has a role `{}`{}{}", printable(one.view()),
                               near.empty() ? "" : "; ", near));
      return false;
    }
    return true;
  }

  int read_amount(std::optional<money>& into) {
    if (options_.amount.empty()) return exit_ok;
    const auto read = money::parse(options_.amount);
    if (!read) {
      to_.complain(printable(read.error().message));
      return exit_invalid;
    }
    into = *read;
    return exit_ok;
  }

  /// A decision by its own id, or by that of its request.
  result<standing, diagnostics> find() const {
    const request_key key{options_.caller, request_id(options_.id)};
    if (!options_.id.starts_with("dec-")) return desk_->show(key);
    auto found = desk_->show(decision_id(options_.id));
    // Requests may be called like that, too.
    if (!found && found.error().front().code == "decision_unknown") {
      if (auto named = desk_->show(key)) return named;
    }
    return found;
  }
  template <class Change>
  int with_id(const Change& change) {
    const auto found = find();
    if (!found) return complained(found.error());
    const auto changed = change(found->id);
    if (!changed) return complained(changed.error());
    return tell(*changed);
  }

  int tell(const standing& s) {
    to_.out(options_.format == "json" ? to_json(s) + '\n' : standing_page(s, to_));
    return exit_ok;
  }
  int list(const std::vector<standing>& all, const char* nothing) {
    bool first = true;
    for (const standing& s : all) {
      if (!first && options_.format != "json") to_.out("\n");
      first = false;
      tell(s);
    }
    if (all.empty() && options_.format != "json") to_.out(std::string(nothing) + '\n');
    return exit_ok;
  }

  const options_of_desk& options_;
  terminal& to_;
  figures figures_;
  std::shared_ptr<store> books_{};
  std::unique_ptr<desk> desk_{};
};

int desk_run::budget() {
  usage_keys keys;
  for (const std::string& one : options_.files) {
    const auto equals = one.find('=');
    if (equals == std::string::npos) {
      to_.complain(fmt::format("`{}` is no key; write it like customer.id=c-901", printable(one)));
      return exit_invalid;
    }
    keys.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  const auto found = desk_->budget(policy_id(options_.policy), rule_id(options_.id), keys);
  if (!found) return complained(found.error());
  for (const auto& [fact, text] : keys) {
    if (std::ranges::find(found->keys, fact, &usage_keys::value_type::first) != found->keys.end()) {
      continue;
    }
    to_.complain(fmt::format("`{}` is not kept by `{}`", printable(options_.id), printable(fact)));
    return exit_invalid;
  }
  to_.out(budget_page(*found, options_.format == "json"));
  return exit_ok;
}

int desk_run::publish() {
  policy_files files;
  if (!files.load_all(options_.files, to_)) return exit_invalid;
  for (const loaded_policy& one : files.all()) {
    const auto done = desk_->publish(one.policy);
    if (!done) return complained(done.error());
    to_.out(fmt::format("{} {} {}\n", printable(one.policy.id().str()),
                        printable(one.policy.version()), one.policy.digest().to_string()));
  }
  return exit_ok;
}

/// The sub-verbs, with what each takes.
class desk_verbs {
 public:
  explicit desk_verbs(CLI::App& program)
      : command_(program.add_subcommand("desk", "Work on decisions where they take effect")) {
    command_->require_subcommand(1);
    command_->footer(
        "Exit: 0 done, 1 refused (the code says why) or the store failed, 3 invalid command "
        "line.\nLEEWAY_STORE names the store where --store does not; a password belongs there, or "
        "in\nPGPASSWORD or ~/.pgpass.\n\n"
        "Examples:\n"
        "  leeway desk inbox --store sqlite:desk.db --role team_lead\n"
        "  leeway desk resolve req-7 --store sqlite:desk.db --by l-1 --role team_lead --grant\n"
        "  leeway desk settle req-7 --store sqlite:desk.db --amount '30 USD'");
  }

  verb made() {
    add_life();
    add_lists();
    add_policies();
    const auto ways = ways_;
    const auto options = options_;
    return {command_, [ways, options](terminal& to) {
              for (const way& one : ways) {
                if (one.command->parsed()) return desk_run(*options, to).run(one.what, one.begins);
              }
              return int{exit_invalid};
            }};
  }

 private:
  struct way {
    CLI::App* command{};
    desk_run::work what{};
    bool begins{};
  };

  CLI::App* add(const char* name, const char* about, desk_run::work what) {
    CLI::App* sub = command_->add_subcommand(name, about);
    sub->add_option("--store", options_->store, "sqlite:FILE or postgres://...")
        ->required()
        ->envname("LEEWAY_STORE");
    sub->footer(std::string("Example:\n  leeway desk ") + example_of(name));
    ways_.push_back({.command = sub, .what = what, .begins = std::string_view(name) == "publish"});
    return sub;
  }
  static const char* example_of(std::string_view verb) {
    for (const auto& [name, example] : examples) {
      if (name == verb) return example;
    }
    return "";
  }
  CLI::App* add_of_one(const char* name, const char* about, desk_run::work what) {
    CLI::App* sub = add(name, about, what);
    sub->add_option("ID", options_->id, "The decision (dec-...), or its request")->required();
    sub->add_option("--caller", options_->caller, "Whose request id it is");
    return sub;
  }
  void take_format(CLI::App* sub, std::vector<std::string> known = {"text", "json"}) {
    sub->add_option("--format", options_->format, "text or json")
        ->check(CLI::IsMember(std::move(known)));
  }
  void take_person(CLI::App* sub) {
    sub->add_option("--by", options_->by, "Who: the agent id of the approver")->required();
    sub->add_option("--role", options_->roles, "A role they hold; may be repeated")
        ->required()
        ->allow_extra_args(false);
    sub->add_option("--team", options_->team, "Their team, where a budget is kept by it");
    sub->add_option("--department", options_->department, "Their department");
    sub->add_option("--site", options_->site, "Their site");
  }

  void add_life() {
    CLI::App* sub =
        add_of_one("settle", "Charge the actual cost of what was approved", &desk_run::settle);
    sub->add_option("--amount", options_->amount, "Not above what is held; left out: all of it");
    sub->add_option("--by", options_->by, "Who settles");
    sub->add_option("--note", options_->note, "Kept with it");
    take_format(sub);
    add_event_option(*sub, options_->figures);
    sub = add_of_one("void", "Release what was approved, or withdraw what waits",
                     &desk_run::void_one);
    sub->add_option("--by", options_->by, "Who voids");
    sub->add_option("--note", options_->note, "Why");
    take_format(sub);
    add_event_option(*sub, options_->figures);
    sub = add_of_one("resolve", "Grant or decline what waits, as an approver", &desk_run::resolve);
    take_person(sub);
    sub->add_flag("--grant", options_->grant, "Approve it");
    sub->add_flag("--decline", options_->decline, "Say no; needs --note");
    sub->add_option("--amount", options_->amount, "Grant less than was proposed");
    sub->add_option("--note", options_->note, "The reason; of declining required");
    sub->add_option("--notify", options_->notify,
                    "A command to run when others must approve too, or review it");
    take_format(sub);
    add_event_option(*sub, options_->figures);
    sub = add_of_one("ratify", "Review an act of discretion", &desk_run::ratify);
    take_person(sub);
    sub->add_option("--verdict", options_->verdict, "upheld, coached or not_upheld")
        ->required()
        ->check(CLI::IsMember({"upheld", "coached", "not_upheld"}));
    sub->add_option("--note", options_->note, "What the agent should know");
    take_format(sub);
    add_event_option(*sub, options_->figures);
    sub = add("expire", "Do what is due: expire holds, pass on what waited too long",
              &desk_run::expire);
    sub->add_option("--most", options_->most, "At most so many at once; default 100");
    sub->add_option("--notify", options_->notify, "A command to run for each that passes on");
    take_format(sub);
    add_figure_options(*sub, options_->figures, "at the end");
  }

  void add_lists() {
    CLI::App* sub = add("inbox", "What waits for a person, the oldest first", &desk_run::inbox);
    sub->add_option("--role", options_->roles, "Only what somebody in this role can resolve")
        ->allow_extra_args(false);
    sub->add_option("--most", options_->most, "At most so many; default 100");
    take_format(sub);
    sub = add_of_one("show", "Where a decision stands", &desk_run::show);
    take_format(sub, {"text", "json", "records"});
    sub = add("budget", "Where a budget, grant, measure or fund stands", &desk_run::budget);
    sub->add_option("ID", options_->id, "Its id in the policy")->required();
    sub->add_option("KEY", options_->files, "What it is kept by: customer.id=c-901");
    sub->add_option("--policy-id", options_->policy, "Which policy's; left out: the only one");
    take_format(sub);
    add("metrics", "Write what waits and what is used up, as figures for Prometheus",
        &desk_run::metrics);
    add("check", "Look through the whole store for damage", &desk_run::check);
    sub = add("backup", "Copy the store into a new file", &desk_run::backup);
    sub->add_option("FILE", options_->file, "The copy")->required();
  }

  void add_policies() {
    CLI::App* sub = add("publish", "Publish versions of policies", &desk_run::publish);
    sub->add_option("POLICY", options_->files, "Policies, or folders of *.policy.json")->required();
    add_event_option(*sub, options_->figures);
    sub = add("suspend", "Switch a published policy off, or on again", &desk_run::suspend);
    sub->add_option("POLICY", options_->policy, "Its id")->required();
    sub->add_option("VERSION", options_->version, "Only this version");
    sub->add_option("--note", options_->note, "Why");
    sub->add_flag("--resume", options_->resume, "Switch it on again");
    add_event_option(*sub, options_->figures);
  }

  CLI::App* command_;
  std::shared_ptr<options_of_desk> options_ = std::make_shared<options_of_desk>();
  std::vector<way> ways_{};

  static constexpr std::array<std::pair<std::string_view, const char*>, 13> examples{{
      {"settle", "settle req-7 --store sqlite:desk.db --amount '30 USD' --by till-4"},
      {"void", "void req-7 --store sqlite:desk.db --note 'customer declined'"},
      {"resolve",
       "resolve req-7 --store sqlite:desk.db --by l-1 --role team_lead --grant\n"
       "  leeway desk resolve req-7 --store sqlite:desk.db --by l-1 --role team_lead --decline \\\n"
       "      --note 'not our delay'"},
      {"ratify", "ratify req-7 --store sqlite:desk.db --by m-1 --role manager --verdict upheld"},
      {"expire", "expire --store sqlite:desk.db --notify ./tell-the-team"},
      {"inbox", "inbox --store sqlite:desk.db --role team_lead"},
      {"show", "show req-7 --store sqlite:desk.db --format records"},
      {"budget", "budget B1 customer.id=c-901 --store sqlite:desk.db"},
      {"metrics", "metrics --store postgres://db/desk > desk.prom"},
      {"check", "check --store sqlite:desk.db"},
      {"backup", "backup desk-monday.db --store sqlite:desk.db"},
      {"publish", "publish northwind.policy.json --store sqlite:desk.db"},
      {"suspend", "suspend northwind-goodwill --store sqlite:desk.db --note 'under review'"},
  }};
};

}  // namespace

verb add_desk(CLI::App& program) { return desk_verbs(program).made(); }

}  // namespace leeway::cli
