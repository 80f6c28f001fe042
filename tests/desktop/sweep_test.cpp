// Sweeps in the background and the maps that are drawn of them.

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "fixture.h"
#include "heat_map.h"
#include "sweep_csv.h"
#include "tokenbill/sweep_io.h"

namespace tokenbill::desktop {

namespace {
SweepSpec spec_of(std::initializer_list<const char*> axes) {
  SweepSpec spec;
  for (const char* axis : axes) spec.axes.push_back(*parse_axis(axis));
  return spec;
}
}  // namespace

TEST_CASE("a cell of a sweep has the bill of its scenario, to the last bit") {
  const auto app = new_app();
  app->sweep().start(app->questions().subject(),
                     spec_of({"output_tokens=10:2000:9:log", "prompt_tokens=100,1000,50000"}), true);
  app->sweep().finish();
  const auto& found = app->sweep().found();
  REQUIRE(found.has_value());
  REQUIRE(found->ok());
  const SweepFound& one = **found;
  CHECK_FALSE(one.result.partial);
  CHECK(one.result.cells.size() == 27);
  for (std::size_t cell = 0; cell < one.result.cells.size(); cell += 4) {
    const std::vector<double> point = one.sweep().point(cell);
    app->adopt({{"output_tokens", point[0]}, {"prompt_tokens", point[1]}});
    app->update();
    CHECK(one.result.cells[cell] == *app->bill()->per_month);
  }
}

TEST_CASE("a sweep that is cancelled ends at once, keeps what is done, and says that it is partial") {
  using Clock = std::chrono::steady_clock;
  const auto app = new_app();
  app->sweep().start(app->questions().subject(),
                     spec_of({"output_tokens=10:2000:60000:log", "prompt_tokens=100:20000:60000"}), false);
  CHECK(app->sweep().is_running());
  while (app->sweep().progress().done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  app->sweep().cancel();
  const Clock::time_point asked = Clock::now();
  app->sweep().finish();
  // Milliseconds; the bound only tells it from the minute that the whole would take.
  CHECK(Clock::now() - asked < std::chrono::seconds(5));
  REQUIRE(app->sweep().found()->ok());
  const SweepFound& one = **app->sweep().found();
  CHECK(one.result.partial);
  CHECK(one.result.total.done > 0);
  CHECK(one.result.total.done < one.result.of);
  CHECK(one.result.total.all.minimum.has_value());
}

TEST_CASE("of two sweeps that follow each other the second one answers") {
  const auto app = new_app();
  app->sweep().start(app->questions().subject(),
                     spec_of({"output_tokens=10:2000:60000:log", "prompt_tokens=100:20000:60000"}), false);
  app->sweep().start(app->questions().subject(), spec_of({"output_tokens=10:2000:3", "prompt_tokens=100:200:2"}), true);
  app->sweep().finish();
  REQUIRE(app->sweep().found()->ok());
  CHECK((*app->sweep().found())->result.of == 6);
  CHECK(app->sweep().results() == 1);
}

TEST_CASE("a sweep that cannot be compiled says why") {
  const auto app = new_app();
  app->sweep().start(app->questions().subject(), spec_of({"output_tokens=10:2000:3", "output_tokens=10:200:2"}), true);
  app->sweep().finish();
  REQUIRE(app->sweep().found().has_value());
  REQUIRE_FALSE(app->sweep().found()->ok());
  CHECK(app->sweep().found()->error().code == Code::inconsistent);
}

TEST_CASE("values taken over from a map are one step of undo, and one that is refused changes nothing") {
  const auto app = new_app();
  const Scenario before = app->scenario();
  app->adopt({{"prompt_tokens", 4321}, {"output_tokens", 123}}, "openai/gpt-4o");
  CHECK(app->scenario().value("prompt_tokens") == 4321.0);
  CHECK(app->scenario().model == "openai/gpt-4o");
  app->undo();
  CHECK(app->scenario() == before);
  app->adopt({{"prompt_tokens", 4321}, {"output_tokens", -5}});
  CHECK(app->scenario() == before);
  CHECK(app->input_problem("prompt_tokens") != nullptr);
}

TEST_CASE("a scale of colours leaves out what is no figure, and is logarithmic from thirtyfold on") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(ColourScale::of(std::vector<double>{none, none}).has_value());
  const auto linear = ColourScale::of(std::vector<double>{none, 10, 20, 299});
  REQUIRE(linear.has_value());
  CHECK_FALSE(linear->log);
  CHECK(linear->share(10) == 0);
  CHECK(linear->share(299) == 1);
  const auto log = ColourScale::of(std::vector<double>{1, 100, none});
  REQUIRE(log.has_value());
  CHECK(log->log);
  CHECK(log->share(10) == doctest::Approx(0.5));
  CHECK(ColourScale::of(std::vector<double>{7, 7})->share(7) == 0.5);
  CHECK_FALSE(ColourScale::of(std::vector<double>{0, 100})->log);
}

TEST_CASE("colours grow brighter, and of two models the cheaper one's hue wins") {
  const auto light = [](ImU32 colour) {
    return 0.2126 * ((colour >> IM_COL32_R_SHIFT) & 255U) + 0.7152 * ((colour >> IM_COL32_G_SHIFT) & 255U) +
           0.0722 * ((colour >> IM_COL32_B_SHIFT) & 255U);
  };
  for (int i = 0; i < 100; ++i) CHECK(light(colour_at(i / 100.0)) < light(colour_at((i + 1) / 100.0)) + 1e-9);
  const auto blue = [](ImU32 colour) { return (colour >> IM_COL32_B_SHIFT) & 255U; };
  const auto red = [](ImU32 colour) { return (colour >> IM_COL32_R_SHIFT) & 255U; };
  CHECK(blue(duel_colour(0)) > red(duel_colour(0)));
  CHECK(red(duel_colour(1)) > blue(duel_colour(1)));
  CHECK(duel_colour(0.5) != duel_colour(0.51));
}

}  // namespace tokenbill::desktop
