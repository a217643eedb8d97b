// SPDX-License-Identifier: Apache-2.0
// Files that tell others what a desk does while the program runs: figures and events.
#pragma once

#include <leeway/desk/desk.hpp>

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace leeway::cli {

class terminal;

struct figure_options {
  std::string metrics{};  ///< a file for Prometheus
  std::string events{};   ///< a file of JSON lines
};

/// Adds `--metrics` and `--events`; the help of `--metrics` says when it is written.
void add_figure_options(CLI::App& command, figure_options& options, const char* written);
/// Adds `--events`.
void add_event_option(CLI::App& command, figure_options& options);

/// Writes the files that were asked for. `begin` before the desk is opened, `finish` at the end.
class figures {
 public:
  figures(const figure_options& options, terminal& to) : options_(options), to_(to) {}

  /// Opens the files and has the desk tell. False: one cannot be written, and that was told.
  bool begin(desk_options& how);
  /// Writes the figures anew where that was some seconds ago.
  void step(const desk& d);
  /// Writes the figures. False: something could not be written.
  bool finish(const desk& d);

 private:
  bool write(const desk& d);

  const figure_options& options_;
  terminal& to_;
  std::shared_ptr<metric_registry> registry_{};
  std::shared_ptr<event_file> events_{};
  duration written_{};
};

/// Puts figures in the place of a file at once: who reads it sees the old or the new ones. What
/// went wrong; empty: nothing. A file that holds something else than figures is left alone.
std::string replace_figures(const std::string& path, const std::string& text);

}  // namespace leeway::cli
