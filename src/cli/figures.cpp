// SPDX-License-Identifier: Apache-2.0
#include "cli/figures.hpp"

#include "cli/terminal.hpp"

#include <leeway/base/clock.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace leeway::cli {
namespace {

constexpr std::int64_t seconds_between = 5;

/// Whether there is no such file, or an empty one, or one of figures.
bool may_replace(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return true;
  std::array<char, 7> begin{};
  const std::size_t got = std::fread(begin.data(), 1, begin.size(), file);
  std::fclose(file);
  return got == 0 || std::string_view(begin.data(), got) == "# HELP ";
}

}  // namespace

void add_event_option(CLI::App& command, figure_options& options) {
  command.add_option("--events", options.events,
                     "A file to append what happens to, a line of JSON each");
}

void add_figure_options(CLI::App& command, figure_options& options, const char* written) {
  command.add_option("--metrics", options.metrics,
                     std::string("A file of figures for Prometheus, written ") + written);
  add_event_option(command, options);
}

std::string replace_figures(const std::string& path, const std::string& text) {
  if (!may_replace(path)) {
    return fmt::format("cannot write figures to `{}`: it holds something else", printable(path));
  }
  const std::string part = path + ".part";
  errno = 0;
  std::FILE* file = std::fopen(part.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) good = std::fclose(file) == 0 && good;
  good = good && std::rename(part.c_str(), path.c_str()) == 0;
  if (good) return {};
  const std::string why = std::strerror(errno);
  if (file != nullptr) std::remove(part.c_str());
  return fmt::format("cannot write `{}`: {}", printable(path), why);
}

bool figures::begin(desk_options& how) {
  if (!options_.events.empty()) {
    auto opened = event_file::open(options_.events);
    if (!opened) {
      to_.complain(printable(opened.error().message));
      return false;
    }
    events_ = *std::move(opened);
    how.events = sink_to(events_);
  }
  if (options_.metrics.empty()) return true;
  registry_ = std::make_shared<metric_registry>();
  how.metrics = registry_;
  written_ = elapsed();
  // Better before anything is decided than after.
  if (const std::string why = replace_figures(options_.metrics, ""); !why.empty()) {
    to_.complain(why);
    return false;
  }
  return true;
}

void figures::step(const desk& d) {
  if (registry_ == nullptr) return;
  const auto passed = checked_sub(elapsed(), written_);
  if (passed && passed->seconds() < seconds_between) return;
  static_cast<void>(write(d));
}

bool figures::finish(const desk& d) {
  bool good = registry_ == nullptr || write(d);
  if (events_ != nullptr && events_->lost() > 0) {
    to_.complain(fmt::format("{} events could not be written to `{}`", events_->lost(),
                             printable(options_.events)));
    good = false;
  }
  return good;
}

bool figures::write(const desk& d) {
  // What the store cannot tell now is left as it was.
  static_cast<void>(d.measure(*registry_));
  written_ = elapsed();
  const std::string why = replace_figures(options_.metrics, registry_->to_prometheus());
  if (!why.empty()) to_.complain(why);
  return why.empty();
}

}  // namespace leeway::cli
