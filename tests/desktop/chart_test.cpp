// Axes of charts, and tables whose columns give way.

#include "chart.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grid.h"
#include "look.h"
#include "platform.h"

namespace tokenbill::desktop {

namespace {
/// One window of a width, drawn without a screen.
class Sheet {
 public:
  explicit Sheet(float width) : width_(width) {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    platform_ = open_nothing({"", 2000, 1000, 1 << 20});
    look.apply();
    platform_->take_fonts();
  }
  ~Sheet() {
    platform_.reset();
    ImGui::DestroyContext();
  }
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  template <class Draw>
  void frame(Draw draw) {
    Happened nothing;
    REQUIRE(platform_->begin_frame(nothing));
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width_, 900});
    ImGui::Begin("sheet", nullptr, ImGuiWindowFlags_NoDecoration);
    draw();
    ImGui::End();
    ImGui::Render();
    platform_->end_frame();
  }
  Look look;

 private:
  float width_;
  std::unique_ptr<Platform> platform_;
};

bool ascends(const std::vector<double>& marks) {
  return std::adjacent_find(marks.begin(), marks.end(), [](double a, double b) { return a >= b; }) == marks.end();
}
}  // namespace

TEST_CASE("an axis of amounts begins at zero and has a few round marks") {
  for (const double largest : {1e-6, 0.003, 1.0, 7.0, 12268.04, 9.9e9}) {
    CAPTURE(largest);
    const Axis axis = amounts_axis("USD", largest);
    CHECK(axis.from == 0);
    CHECK(axis.holds(largest));
    CHECK(axis.marks.front() == 0);
    CHECK(axis.marks.size() >= 3);
    CHECK(axis.marks.size() <= 7);
    CHECK(ascends(axis.marks));
    CHECK(axis.marks.back() <= axis.to);
  }
  CHECK(amounts_axis("USD", 0).to > 0);
}

TEST_CASE("a logarithmic axis says so, marks whole decades or their parts, and has no place for zero") {
  for (const std::pair<double, double>& ends : {std::pair(0.5, 3.0), std::pair(3.0, 40000.0), std::pair(1e-4, 1e12)}) {
    const double low = ends.first, high = ends.second;
    CAPTURE(low);
    for (const bool rounded : {false, true}) {
      const Axis axis = logarithmic_axis("USD", low, high, rounded);
      CHECK(axis.title.find("logarithmic") != std::string::npos);
      CHECK(axis.marks.size() >= 2);
      CHECK(axis.marks.size() <= 9);
      CHECK(ascends(axis.marks));
      CHECK(axis.holds(low));
      CHECK(axis.holds(high));
      for (const double mark : axis.marks) CHECK(axis.value_at(axis.share(mark)) == doctest::Approx(mark));
      CHECK(axis.share(0) < 0);
    }
  }
}

TEST_CASE("a counted axis gives each number a place of its own") {
  for (const int last : {1, 2, 12, 18, 36, 60, 500}) {
    CAPTURE(last);
    const Axis axis = counted_axis("month", 1, last);
    CHECK(axis.share(1) > 0);
    CHECK(axis.share(last) < 1);
    CHECK(axis.marks.front() == 1);
    CHECK(axis.marks.size() <= 14);
    for (const double mark : axis.marks) CHECK(mark == static_cast<double>(static_cast<int>(mark)));
  }
}

TEST_CASE("a chart draws whatever it is given: nothing, gaps, places outside, words without room") {
  for (const float width : {60.0F, 200.0F, 900.0F}) {
    Sheet sheet(width);
    sheet.frame([&] {
      const LineStyle style{0xff000000U, 2, Dash::dash_dotted};
      Chart chart(sheet.look, counted_axis("x", 1, 10), amounts_axis("y", 5), {100, 20, 80});
      chart.line({}, style);
      const std::vector<ChartPoint> points{{1, 1.0}, {2, std::nullopt}, {3, 1e12}, {4, -5.0}, {99, 2.0}};
      chart.line(points, style);
      chart.steps(points, style);
      const std::vector<ChartRange> ranges{{1, 1.0, 2.0}, {2, std::nullopt, 3.0}, {3, 2.0, 1e9}};
      chart.band(ranges, 0x40000000U);
      chart.bar(3, 0.7, 0, 1e9, 0xff000000U);
      chart.empty_bar(4, 0.7, 0, 2, 0xff000000U);
      for (int i = 0; i < 40; ++i) chart.words(chart.at(5, 2), 0xff000000U, "far more words than there is room for");
      chart.level(2, "a level", style);
      chart.level(99, "outside", style);
      chart.upright(2, "upright", style);
      chart.flag(3, "1", "a flag");
      chart.closed_from(8, "closed");
      for (int i = 0; i < 9; ++i) chart.name_end(i, 0xff000000U, "name");
      chart.finish();
    });
    CHECK(ImGui::GetDrawData()->TotalVtxCount > 100);
  }
}

TEST_CASE("columns of a table give way by rank, and no number is left without room") {
  const auto drawn_width = [](float room) {
    Sheet sheet(room);
    float width = 0;
    for (int i = 0; i < 3; ++i)
      sheet.frame([&] {
        Grid grid;
        grid.columns = {{"What", false, 0, 80}, {"first", true}, {"second", true, 1}, {"third", true, 2}};
        for (int row = 0; row < 30; ++row)
          grid.rows.push_back({{"A name of several words"}, {"1 234 567.89"}, {"22.5"}, {"1 000 000 000"}});
        (void)draw_grid(sheet.look, "grid", grid);
        width = ImGui::GetItemRectSize().x;
      });
    return width;
  };
  const float wide = drawn_width(900), middle = drawn_width(420), narrow = drawn_width(300);
  CHECK(wide > middle);
  CHECK(middle > narrow);
  CHECK(middle <= 420);
  CHECK(narrow <= 300);
}

}  // namespace tokenbill::desktop
