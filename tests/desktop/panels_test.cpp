// All panels, drawn without a window.

#include <imgui.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "files.h"
#include "fixture.h"
#include "panels/panels.h"
#include "platform.h"
#include "tokenbill/json_io.h"
#include "ui.h"
#include "view.h"

namespace tokenbill::desktop {

namespace {
class Screen {
 public:
  explicit Screen(float scale = 1, Theme theme = Theme::light, int width = 1440, int height = 900) {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    platform_ = open_nothing({"", width, height, 1 << 20});
    view.platform = platform_.get();
    view.look.scale = scale;
    view.look.theme = theme;
  }
  ~Screen() {
    platform_.reset();
    ImGui::DestroyContext();
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  void frame(const Happened& happened = {}) {
    if (view.look_is_new) {
      view.look.apply();
      platform_->take_fonts();
      view.look_is_new = false;
    }
    Happened nothing;
    REQUIRE(platform_->begin_frame(nothing));
    ImGui::NewFrame();
    draw_frame(*app, view, happened);
    ImGui::Render();
    platform_->end_frame();
  }
  /// Each shows what the one before it asked for.
  void frames(int count) {
    for (int i = 0; i < count; ++i) {
      frame();
      app->questions().finish();
    }
  }
  void stroke(char key, bool control = true, bool shift = false) {
    frame({{{key, control, shift}}, {}});
    frame();
  }

  /// Vertices that the window of this name has drawn; 0 if it was not drawn.
  [[nodiscard]] static int vertices(std::string_view window) {
    const ImDrawData* data = ImGui::GetDrawData();
    int count = 0;
    for (int i = 0; i < data->CmdListsCount; ++i) {
      const char* name = data->CmdLists[i]->_OwnerName;
      if (name != nullptr && std::string_view(name).find(window) != std::string_view::npos)
        count += data->CmdLists[i]->VtxBuffer.Size;
    }
    return count;
  }

  std::unique_ptr<App> app = new_app();
  View view;

 private:
  std::unique_ptr<Platform> platform_;
};

void expect_all_panels(const Screen& screen) {
  for (const char* panel : {"/top", "/form", "/centre", "/explain", "/status"}) {
    if (screen.view.narrow && std::string_view(panel) == "/explain") continue;
    CAPTURE(panel);
    CHECK(Screen::vertices(panel) > 50);
  }
  for (const Page& page : pages())
    if (page.tab == screen.view.tab) CHECK(Screen::vertices("/" + std::string(page.id)) > 200);
}
}  // namespace

TEST_CASE("every panel is drawn in light and dark, at every scale, for every preset, with every input shown") {
  for (const Theme theme : {Theme::light, Theme::dark})
    for (const float scale : {scales.front(), scales.back()}) {
      Screen screen(scale, theme);
      for (const Preset& preset : screen.app->presets())
        for (const Page& page : pages()) {
          if (page.tab == Tab::explain) continue;  // where there is room, it stands beside
          CAPTURE(preset.id);
          const std::string tab = page.id;
          CAPTURE(tab);
          CAPTURE(scale);
          screen.app->use_preset(preset.id);
          screen.view.tab = page.tab;
          screen.view.open_group = "all";
          screen.view.zero_lines = !screen.view.zero_lines;
          screen.frames(3);
          expect_all_panels(screen);
        }
    }
}

TEST_CASE("the smallest window has room for every panel") {
  Screen screen(1, Theme::light, 800, 520);
  screen.frames(3);
  CHECK(screen.view.narrow);
  expect_all_panels(screen);
  screen.app->select({Selection::Kind::figure, "output.text"});
  screen.frames(2);
  CHECK(screen.view.tab == Tab::explain);
  CHECK(Screen::vertices("/explain") > 50);
}

TEST_CASE("every tab is drawn in the smallest window of every scale") {
  for (const float scale : {scales.front(), scales.back()}) {
    Screen screen(scale, Theme::light, static_cast<int>(800 * scale), static_cast<int>(520 * scale));
    for (const Page& page : pages()) {
      const std::string tab = page.id;
      CAPTURE(tab);
      CAPTURE(scale);
      screen.view.tab = page.tab;
      screen.frames(3);
      CHECK(Screen::vertices("/" + std::string(page.id)) > 20);
    }
  }
}

TEST_CASE("every figure, line and input of the bill can be explained") {
  Screen screen;
  std::vector<std::string> ids;
  for (const BillItem& item : screen.app->bill()->items) ids.emplace_back(item.id);
  for (const Figure& figure : screen.app->bill()->figures) ids.emplace_back(figure.id);
  for (const BillInput& input : screen.app->bill()->inputs) ids.emplace_back(input.id);
  CHECK(ids.size() > 60);
  for (const std::string& id : ids) {
    CAPTURE(id);
    screen.app->select({Selection::Kind::figure, id});
    screen.frame();
    REQUIRE(screen.app->explanation().has_value());
    CHECK(screen.app->explanation()->ok());
    CHECK(Screen::vertices("/explain") > 50);
  }
}

TEST_CASE("the price list is searched by its words, and shows what is not in force only when asked") {
  Screen screen;
  screen.view.tab = Tab::prices;
  screen.frames(2);
  const PricesView& prices = screen.view.prices;
  std::size_t rows = 0;
  for (const Model& model : screen.app->catalog().models) rows += model.prices.size();
  CHECK(prices.lines.size() == rows);
  const std::size_t in_force = prices.shown.size();
  CHECK(in_force < rows);
  for (const std::size_t i : prices.shown)
    CHECK(row_at(*prices.lines[i].model, prices.lines[i].row->tier, screen.app->today()) == prices.lines[i].row);
  screen.view.prices.in_force_only = false;
  screen.frames(2);
  CHECK(prices.shown.size() == rows);
  screen.view.prices.query = "Anthropic BATCH";
  screen.frames(2);
  CHECK_FALSE(prices.shown.empty());
  for (const std::size_t i : prices.shown) CHECK(prices.lines[i].tier == "batch");
  screen.view.prices.query = "nothing is called so";
  screen.frames(2);
  CHECK(prices.shown.empty());
}

TEST_CASE("the knobs of the budget and of the traffic are dragged, each drag one step of undo") {
  struct Knob {
    Tab tab;
    const char* input;
    float dx, dy;
    bool grows;
  };
  for (const Knob& knob :
       {Knob{Tab::budget, "budget_usd", 0, 60, false}, Knob{Tab::own, "conversations_per_day", 60, 0, true}}) {
    Screen screen(1, Theme::light, 1440, 1900);
    screen.app->set_texts({{"budget_usd", "15000"}, {"own_model", "llama-3.3-70b"}});
    screen.view.tab = knob.tab;
    screen.frames(3);
    const double before = *screen.app->scenario().value(knob.input);
    CAPTURE(knob.input);
    // Where a knob stands depends on the font: it tells by the shape of the pointer.
    ImVec2& mouse = ImGui::GetIO().MousePos;
    bool found = false;
    for (float y = 200; y < 1500 && !found; y += 16)
      for (float x = 380; x < 1120 && !found; x += 16) {
        mouse = {x, y};
        screen.frame();
        found = ImGui::GetMouseCursor() == ImGuiMouseCursor_ResizeAll;
      }
    REQUIRE(found);
    const std::string text = scenario_text(screen.app->scenario());
    ImGui::GetIO().MouseDown[0] = true;
    screen.frames(2);
    for (int i = 0; i < 6; ++i) {
      mouse = {mouse.x + knob.dx / 6, mouse.y + knob.dy / 6};
      screen.frames(1);
    }
    ImGui::GetIO().MouseDown[0] = false;
    screen.frames(2);
    const double after = *screen.app->scenario().value(knob.input);
    CHECK((knob.grows ? after > before * 1.5 : after < before * 0.9));
    screen.app->undo();
    CHECK(scenario_text(screen.app->scenario()) == text);
  }
}

TEST_CASE("every figure of own capacity can be explained") {
  Screen screen;
  screen.app->set_texts({{"own_model", "llama-3.3-70b"}, {"small_model", "llama-3.1-8b"}});
  CHECK(screen.app->input_problem("small_model") == nullptr);
  CHECK(screen.app->scenario().reference("small_model") == "llama-3.1-8b");
  screen.view.tab = Tab::own;
  screen.frames(2);
  const Answer<Decision>& decision = screen.app->questions().decision();
  REQUIRE(decision.is_new());
  REQUIRE(decision.value->ok());
  std::vector<std::string> ids{"own_total", "hybrid/own_total", "replica.first_token", "small/replica.token"};
  for (const BillItem& item : (*decision.value)->own.items) ids.push_back("own/" + std::string(item.id));
  for (const Figure& figure : (*decision.value)->own.figures) ids.push_back("own/" + std::string(figure.id));
  REQUIRE((*decision.value)->small.has_value());
  for (const BillItem& item : (*decision.value)->small->items) ids.push_back("small/" + std::string(item.id));
  CHECK(ids.size() > 20);
  for (const std::string& id : ids) {
    CAPTURE(id);
    screen.app->select({Selection::Kind::own, id});
    screen.frames(2);
    const Answer<Explanation>& answer = screen.app->questions().own_figure(id);
    REQUIRE(answer.is_new());
    CHECK(answer.value->ok());
    CHECK(Screen::vertices("/explain") > 50);
  }
}

TEST_CASE("every model's price list can be shown") {
  Screen screen;
  for (const Model& model : screen.app->catalog().models) {
    screen.app->select({Selection::Kind::model, model.key});
    screen.frame();
    CAPTURE(model.key);
    CHECK(Screen::vertices("/explain") > 50);
  }
}

TEST_CASE("where nothing can be priced, the panels say so") {
  Screen screen;
  for (const char* model : {"nobody/nothing", "openai/gpt-4o"}) {
    screen.app->choose_model(model);
    screen.app->set_text("prompt_tokens", "5M");
    for (const Page& page : pages()) {
      if (page.tab == Tab::explain) continue;
      const std::string tab = page.id;
      CAPTURE(tab);
      screen.view.tab = page.tab;
      screen.frames(3);
      CHECK(Screen::vertices("/centre") > 50);
      CHECK(Screen::vertices("/explain") > 10);
    }
  }
}

TEST_CASE("keys undo, redo, change the scale, search and open the dialogs") {
  Screen screen;
  screen.frames(2);
  const std::string before = scenario_text(screen.app->scenario());
  screen.app->set_text("output_tokens", "1234");
  const std::string after = scenario_text(screen.app->scenario());
  screen.stroke('z');
  CHECK(scenario_text(screen.app->scenario()) == before);
  screen.stroke('z', true, true);
  CHECK(scenario_text(screen.app->scenario()) == after);
  screen.stroke('z', false);
  CHECK(scenario_text(screen.app->scenario()) == after);

  screen.stroke('+');
  CHECK(screen.view.look.scale == scales[1]);
  for (int i = 0; i < 10; ++i) screen.stroke('-');
  CHECK(screen.view.look.scale == scales[0]);

  screen.stroke('o');
  CHECK(screen.view.dialog.kind == Dialog::open);
  CHECK(Screen::vertices("file") > 20);
  screen.stroke('\x1b', false);
  screen.frame();
  CHECK(screen.view.dialog.kind == Dialog::none);
  CHECK(Screen::vertices("file") == 0);

  screen.stroke('s');
  CHECK(screen.view.dialog.kind == Dialog::save);
  screen.stroke('\x1b', false);
  screen.stroke('f');
  CHECK(screen.view.tab == Tab::models);
  screen.frames(2);
  CHECK(ImGui::GetIO().WantTextInput);
}

TEST_CASE("the list of models opens ready for typing, and a click chooses") {
  Screen screen;
  screen.frames(3);
  const auto click = [&](float x, float y) {
    ImGui::GetIO().MousePos = {x, y};
    screen.frame();
    ImGui::GetIO().MouseDown[0] = true;
    screen.frame();
    ImGui::GetIO().MouseDown[0] = false;
    screen.frames(3);
  };
  // Down the form until the list opens: where the field stands depends on the font.
  float y = 300;
  while (Screen::vertices("Popup") == 0 && y < 700) click(150, y += 10);
  REQUIRE(Screen::vertices("Popup") > 100);
  CHECK(ImGui::GetIO().WantTextInput);
  const std::string before = screen.app->scenario().model;
  click(200, y + 90);
  CHECK(screen.app->scenario().model != before);
  CHECK(Screen::vertices("Popup") == 0);
  screen.app->undo();
  CHECK(screen.app->scenario().model == before);
}

TEST_CASE("a file dropped on the window is opened, and one that is no scenario is told") {
  Screen screen;
  const std::string path = (std::filesystem::temp_directory_path() / "tokenbill-dropped.json").string();
  Scenario scenario = screen.app->scenario();
  scenario.name = "Dropped";
  REQUIRE_FALSE(write_file(path, scenario_text(scenario)).has_value());
  screen.frame({{}, {path}});
  CHECK(screen.app->scenario().name == "Dropped");
  REQUIRE_FALSE(write_file(path, "no scenario").has_value());
  screen.frame({{}, {path}});
  screen.frames(2);
  REQUIRE(screen.app->problem() != nullptr);
  CHECK(Screen::vertices("problem") > 20);
  screen.stroke('\x1b', false);
  CHECK(screen.app->problem() == nullptr);
  std::filesystem::remove(path);
}

TEST_CASE("clicking and dragging anywhere does no harm") {
  // Whatever is pressed, files are written into a folder of their own.
  const std::filesystem::path before = std::filesystem::current_path();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "tokenbill-clicks";
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  {
    Screen screen;
    std::uint32_t state = 20261122;
    const auto random = [&](std::uint32_t below) {
      state = state * 1664525U + 1013904223U;
      return (state >> 8U) % below;
    };
    screen.view.open_group = "all";
    screen.frames(2);
    for (int i = 0; i < 3000; ++i) {
      ImGuiIO& io = ImGui::GetIO();
      if (random(3) != 0) io.MousePos = {static_cast<float>(random(1440)), static_cast<float>(random(900))};
      io.MouseDown[0] = random(2) == 0;
      io.MouseWheel = static_cast<float>(random(3)) - 1.0F;
      if (random(200) == 0) screen.stroke("zoyf+-"[random(6)], true, random(2) == 0);
      screen.frame(random(20) == 0 ? Happened{{{'\x1b', false, false}}, {}} : Happened{});
    }
    ImGui::GetIO().MouseDown[0] = false;
    screen.view.dialog.kind = Dialog::none;
    screen.frames(3);
    expect_all_panels(screen);
    // A hundred steps back there is still a bill or a reason for none.
    for (int i = 0; i < 100; ++i) screen.app->undo();
    screen.frame();
    CHECK((screen.app->bill() != nullptr || screen.app->failure() != nullptr));
  }
  std::filesystem::current_path(before);
  std::filesystem::remove_all(folder);
}

}  // namespace tokenbill::desktop
