#include "run.h"

#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "app.h"
#include "embedded_claims.h"
#include "embedded_hardware.h"
#include "embedded_presets.h"
#include "embedded_prices.h"
#include "files.h"
#include "panels/panels.h"
#include "platform.h"
#include "script.h"
#include "session.h"
#include "tokenbill/json_value.h"
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

namespace {
/// Where open scenarios and layout are kept; empty = nowhere. Pictures, reports and tests begin with the defaults.
std::string session_of(const Options& options, bool ends_by_itself) {
  if (options.session == "none") return "";
  if (!options.session.empty()) return options.session;
  return ends_by_itself ? "" : session_path();
}

// A file of an earlier run that cannot be read is set aside, never overwritten, and told.
void restore(const std::string& path, App& app, View& view, const Options& options) {
  if (path.empty() || !file_exists(path)) return;
  const Result<std::string> text = read_file(path);
  Result<Session> session = text ? parse_session(*text, path) : Result<Session>(text.error());
  if (!session) {
    const Result<std::string> aside = set_aside(path);
    app.tell("What was open before could not be read" + (aside ? ", and is kept as " + *aside : "") + ".");
    return;
  }
  if (options.theme.empty()) view.look.theme = session->theme;
  if (options.scale == 0 && session->scale > 0) view.look.scale = std::clamp(session->scale, 1.0F, 2.0F);
  if (session->form_width > 0) view.form_width = session->form_width;
  if (session->explain_width > 0) view.explain_width = session->explain_width;
  for (const Page& page : pages())
    if (options.tab.empty() && page.id == session->tab) view.tab = page.tab;
  if (session->documents.empty()) return;
  // What was named on the command line is shown beside what was open.
  if (!options.scenario.empty() || !options.preset.empty()) {
    const Document named = app.document();
    const auto open = std::find_if(session->documents.begin(), session->documents.end(), [&](const Document& one) {
      return !named.path.empty() && one.path == named.path && !one.is_modified();
    });
    if (open != session->documents.end()) session->documents.erase(open);
    session->documents.push_back(named);
    session->active = session->documents.size() - 1;
  }
  app.restore(std::move(session->documents), session->active, std::move(session->recent));
}

/// As long as this lives, what is found in the background asks the window for a frame.
class Waking {
 public:
  Waking(App& app, Platform& platform) : app_(app) {
    const auto wake = [&platform] { platform.wake_from_thread(); };
    app_.questions().set_wake(wake);
    app_.sweep().set_wake(wake);
  }
  ~Waking() {
    app_.questions().set_wake({});
    app_.sweep().set_wake({});
  }
  Waking(const Waking&) = delete;
  Waking& operator=(const Waking&) = delete;

 private:
  App& app_;
};

/// Writes what is open when it has changed; a run that is killed loses at most what the last moment brought.
class Keeper {
 public:
  explicit Keeper(std::string path) : path_(std::move(path)) {}
  void keep(const App& app, const View& view) {
    if (path_.empty()) return;
    std::string text = session_text(app, view);
    if (text == kept_) return;
    // A full disk must not keep anybody from working on: the files that the reader saves are told of where they fail.
    (void)write_file(path_, text);
    kept_ = std::move(text);
  }

 private:
  std::string path_;
  std::string kept_;
};

/// When frames were drawn.
class FrameTimes {
 public:
  void begin() { begun_.push_back(now()); }
  /// Of all frames, and of those that began while a sweep was running.
  void running(bool sweeps) {
    if (sweeps) sweeping_.push_back(begun_.size() - 1);
  }
  [[nodiscard]] std::string json() const {
    JsonWriter json;
    json.begin_object();
    json.member("frames", begun_.size());
    json.member("seconds_since_last_frame", begun_.empty() ? 0 : now() - begun_.back());
    std::vector<double> while_sweeping;
    for (const std::size_t frame : sweeping_)
      if (frame > 0) while_sweeping.push_back(begun_[frame] - begun_[frame - 1]);
    std::sort(while_sweeping.begin(), while_sweeping.end());
    const auto at = [&](double share) -> std::optional<double> {
      if (while_sweeping.empty()) return std::nullopt;
      return while_sweeping[static_cast<std::size_t>(share * static_cast<double>(while_sweeping.size() - 1))] * 1000;
    };
    json.key("while_sweeping").begin_object();
    json.member("frames", while_sweeping.size());
    json.member("median_ms", at(0.5));
    json.member("p99_ms", at(0.99));
    json.member("longest_ms", at(1));
    json.end_object();
    json.end_object();
    return json.take() + "\n";
  }

 private:
  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  std::vector<double> begun_;
  std::vector<std::size_t> sweeping_;
};

void take_picture(App& app, View& view, Platform& platform) {
  const std::string path = std::exchange(view.picture, "");
  if (const auto error = platform.screenshot(path))
    app.report_problem(*error);
  else
    app.tell("Written to " + path + ".");
}
}  // namespace

int run(const Options& asked) {
  Options options = asked;
  const bool ends_by_itself =
      !options.screenshot.empty() || !options.report.empty() || options.null_platform || !options.script.empty();
  if (ends_by_itself && options.frames == 0) options.frames = options.script.empty() ? 4 : 1 << 30;

  Result<std::unique_ptr<App>> app = create_app(options);
  if (!app) return fail(app.error());
  std::optional<Script> script;
  if (!options.script.empty()) {
    const Result<std::string> text = read_file(options.script);
    if (!text) return fail(text.error());
    Result<Script> parsed = Script::parse(*text, options.script);
    if (!parsed) return fail(parsed.error());
    script = std::move(parsed).value();
  }
  const Context context;
  int status = 0;
  const std::unique_ptr<Platform> platform = open_platform(options, status);
  if (platform == nullptr) return status;

  const Waking waking(**app, *platform);
  View view;
  view.platform = platform.get();
  if (!options.page.empty()) view.page = options.page;
  view.look.scale =
      options.scale > 0 ? static_cast<float>(std::clamp(options.scale, 1.0, 2.0)) : platform->preferred_scale();
  std::string session = session_of(options, ends_by_itself);
  std::error_code ignored;
  if (!session.empty()) std::filesystem::create_directories(std::filesystem::path(session).parent_path(), ignored);
  const FileLock lock(session);
  if (!session.empty() && !lock.held()) {
    (*app)->tell("Another window keeps what is open; this one keeps only what you save.");
    session.clear();
  }
  restore(session, **app, view, options);
  if (!options.theme.empty()) view.look.theme = options.theme == "dark" ? Theme::dark : Theme::light;
  for (const Page& page : pages())
    if (page.id == options.tab) view.tab = page.tab;
  view.open_group = options.group;
  Keeper keeper(session);

  FrameTimes times;
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
    if (!options.measure.empty()) {
      times.begin();
      times.running((*app)->sweep().is_running());
    }
    ImGui::NewFrame();
    // Counted frames are for pictures and figures: they show what panels asked for. A script waits where it says so.
    if (options.frames > 0 && !script) (*app)->finish();
    if (script) {
      if (const auto error = script->step(**app, view)) return fail(*error);
    }
    const bool has_picture = !view.picture.empty();
    if (has_picture) platform->keep_next_frame();
    if (draw_frame(**app, view, happened)) platform->wake();
    ImGui::Render();
    platform->end_frame();
    if (has_picture) take_picture(**app, view, *platform);
    if (!ImGui::GetIO().MouseDown[0]) keeper.keep(**app, view);
    if (script && script->ended()) break;
  }
  keeper.keep(**app, view);
  if (!options.measure.empty())
    if (const auto error = write_file(options.measure, times.json())) return fail(*error);

  if (!options.report.empty())
    if (const auto error = write_file(options.report, (*app)->report() + "\n")) return fail(*error);
  if (!options.screenshot.empty())
    if (const auto error = platform->screenshot(options.screenshot)) return fail(*error);
  return 0;
}

}  // namespace tokenbill::desktop
