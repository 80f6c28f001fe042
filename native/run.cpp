#include "run.h"

#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "app.h"
#include "embedded_claims.h"
#include "embedded_hardware.h"
#include "embedded_presets.h"
#include "embedded_prices.h"
#include "files.h"
#include "panels/panels.h"
#include "platform.h"
#include "ui.h"
#include "view.h"

namespace tokenbill::desktop {

namespace {
int fail(const Error& error) {
  std::fprintf(stderr, "tokenbill-desktop: %s\n", to_text(error).c_str());
  return 2;
}

Moment day_of_today() {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return {std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count()};
}

/// Dear ImGui's state lives as long as this.
struct Context {
  Context() {
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;  // no file is written unasked
    ImGui::GetIO().LogFilename = nullptr;
  }
  ~Context() { ImGui::DestroyContext(); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

Result<std::unique_ptr<App>> create_app(const Options& options) {
  Sources sources{std::string(embedded_prices()),  "built in",
                  std::string(embedded_presets()), std::string(embedded_hardware()),
                  std::string(embedded_claims()),  day_of_today()};
  if (!options.prices.empty()) {
    Result<std::string> text = read_file(options.prices);
    if (!text) return text.error();
    sources.prices = std::move(text).value();
    sources.prices_name = options.prices;
  }
  if (!options.date.empty()) {
    const Result<Moment> date = parse_moment(options.date);
    if (!date) return date.error();
    sources.today = *date;
  }
  Result<std::unique_ptr<App>> app = App::create(std::move(sources));
  if (!app) return app;
  if (!options.preset.empty()) (*app)->use_preset(options.preset);
  if (!options.scenario.empty()) (*app)->open(options.scenario);
  // A file named on the command line that cannot be used is told where it was named.
  if ((*app)->problem() != nullptr) return *(*app)->problem();
  if (!options.explain.empty()) (*app)->select({Selection::Kind::figure, options.explain});
  (*app)->forget_history();
  return app;
}

std::unique_ptr<Platform> open_platform(const Options& options, int& status) {
  const PlatformOptions wanted{"Tokenbill", options.width, options.height, options.frames};
  if (options.null_platform) return open_nothing(wanted);
  Result<std::unique_ptr<Platform>> window = open_window(wanted);
  if (window) return std::move(window).value();
  status = fail(window.error());
  return nullptr;
}
}  // namespace

int run(const Options& asked) {
  Options options = asked;
  const bool ends_by_itself = !options.screenshot.empty() || !options.report.empty() || options.null_platform;
  if (ends_by_itself && options.frames == 0) options.frames = 4;

  Result<std::unique_ptr<App>> app = create_app(options);
  if (!app) return fail(app.error());
  const Context context;
  int status = 0;
  const std::unique_ptr<Platform> platform = open_platform(options, status);
  if (platform == nullptr) return status;

  const auto wake = [&platform] { platform->wake_from_thread(); };
  (*app)->questions().set_wake(wake);
  (*app)->sweep().set_wake(wake);
  View view;
  view.platform = platform.get();
  view.look.theme = options.theme == "dark" ? Theme::dark : Theme::light;
  view.look.scale =
      options.scale > 0 ? static_cast<float>(std::clamp(options.scale, 1.0, 2.0)) : platform->preferred_scale();
  for (const Page& page : pages())
    if (page.id == options.tab) view.tab = page.tab;
  view.open_group = options.group;

  Happened happened;
  while (true) {
    // Fonts can only be built between frames.
    if (view.look_is_new) {
      view.look.apply();
      platform->take_fonts();
      platform->wake();
      view.look_is_new = false;
    }
    if (!platform->begin_frame(happened)) break;
    ImGui::NewFrame();
    // Counted frames are for pictures and figures: they show what panels asked for.
    if (options.frames > 0) (*app)->finish();
    if (draw_frame(**app, view, happened)) platform->wake();
    ImGui::Render();
    platform->end_frame();
  }

  (*app)->questions().set_wake({});
  (*app)->sweep().set_wake({});
  if (!options.report.empty())
    if (const auto error = write_file(options.report, (*app)->report() + "\n")) return fail(*error);
  if (!options.screenshot.empty())
    if (const auto error = platform->screenshot(options.screenshot)) return fail(*error);
  return 0;
}

}  // namespace tokenbill::desktop
