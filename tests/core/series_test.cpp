// Figures along a parameter, backwards from a figure, and turn by turn.

#include "tokenbill/series.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

Catalog shop() { return catalog_of({model_of("m", 2.5, 10)}); }

Scenario thousand(Given given = {}) {
  Scenario s = bare("m", {{"conversations_per_day", "1000"}, {"days_per_month", "1"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

SeriesSpec along(std::string id, double from, double to, std::uint32_t steps, std::vector<std::string> figures) {
  SeriesSpec spec;
  spec.axis = {std::move(id), from, to, steps, Scale::linear};
  spec.figures = std::move(figures);
  return spec;
}

// Eight turns: 3,000 unchanging, 80 asked, 250 answered.
Catalog cached_shop() {
  Model model = model_of("m", {{TokenClass::input, 3},
                               {TokenClass::cache_read, 0.3},
                               {TokenClass::cache_write, 3.75},
                               {TokenClass::output, 15}});
  model.cache = cache_of({{"5m", 5}});
  return catalog_of({model});
}
Scenario chat(Given given = {}) {
  Scenario s = thousand({{"conversations_per_day", "1"},
                         {"turns_per_conversation", "8"},
                         {"history", "full"},
                         {"prompt_tokens", "3080"},
                         {"static_prefix_tokens", "3000"},
                         {"output_tokens", "250"},
                         {"caching", "5m"},
                         {"cache_hit_ratio", "0"},
                         {"long_gap_ratio", "0"}});
  for (const auto& [id, text] : given) REQUIRE_FALSE(s.set(id, text));
  return s;
}

Turns turns_of(const Catalog& catalog, const Scenario& scenario, int count) {
  Result<Turns> turns = turn_by_turn(engine(), catalog, scenario, today, count);
  if (!turns) FAIL(to_text(turns.error()));
  return std::move(turns).value();
}

}  // namespace

TEST_CASE("a series holds each figure at each value") {
  const auto s = series(engine(), shop(), thousand(), today,
                        along("prompt_tokens", 1000, 3000, 3, {"total", "input.uncached", "output.text"}));
  REQUIRE(s.ok());
  CHECK(s->values == std::vector<double>{1000, 2000, 3000});
  CHECK(same(s->figures[0][0], 7.5));
  CHECK(same(s->figures[0][2], 12.5));
  CHECK(same(s->figures[1][1], 5));
  CHECK(same(s->figures[2][1], 5));
}

TEST_CASE("a series may run along what changes the plan") {
  // Sub-agents of five steps: a plan with them, and one without at 0.
  const Scenario s = thousand({{"conversations_per_day", "1"},
                               {"prompt_tokens", "0"},
                               {"output_tokens", "0"},
                               {"turn_input_tokens", "0"},
                               {"subagent_turns", "5"},
                               {"subagent_prompt_tokens", "2000"}});
  const auto r = series(engine(), shop(), s, today, along("subagents_per_conversation", 0, 2, 3, {"total"}));
  REQUIRE(r.ok());
  CHECK(r->figures[0][0] == 0);
  CHECK(same(r->figures[0][1], 5 * 2000 * 2.5 / 1e6));
  CHECK(same(r->figures[0][2], 2 * 5 * 2000 * 2.5 / 1e6));
}

TEST_CASE("where the model cannot serve, a series has no figure") {
  Catalog catalog = shop();
  catalog.models[0].context_tokens = 2500;
  const auto s = series(engine(), catalog, thousand(), today, along("prompt_tokens", 1000, 3000, 3, {"total"}));
  REQUIRE(s.ok());
  CHECK(s->figures[0][1].has_value());
  CHECK_FALSE(s->figures[0][2].has_value());
}

TEST_CASE("turn by turn there is no cap, whatever it counts") {
  const Turns without = turns_of(cached_shop(), chat(), 8);
  const Turns with =
      turns_of(cached_shop(), chat({{"token_cap", "9000"}, {"usd_cap", "0.02"}, {"request_cap", "3"}}), 8);
  REQUIRE(with.turns.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) CHECK(with.turns[i].cumulative_usd == without.turns[i].cumulative_usd);
}

TEST_CASE("a series refuses what it cannot run along or show") {
  const auto code = [](const SeriesSpec& spec) {
    const auto s = series(engine(), shop(), thousand(), today, spec);
    REQUIRE_FALSE(s.ok());
    return s.error().code;
  };
  CHECK(code(along("nothing", 0, 1, 2, {"total"})) == Code::unknown_parameter);
  CHECK(code(along("caching", 0, 1, 2, {"total"})) == Code::wrong_type);
  CHECK(code(along("vector_store", 0, 1, 2, {"total"})) == Code::wrong_type);
  CHECK(code(along("prompt_tokens", 0, 1, 1, {"total"})) == Code::too_large);
  CHECK(code(along("prompt_tokens", 2, 1, 2, {"total"})) == Code::out_of_range);
  CHECK(code(along("prompt_tokens", 0, 1, 2, {"nothing"})) == Code::unknown_item);
}

TEST_CASE("backwards: the largest value with which a figure is at most so much") {
  // 5 USD of answers leave 7 for the prompt: 2,800 tokens
  const auto s = solve(engine(), shop(), thousand(), today, "prompt_tokens", "total", 12);
  REQUIRE(s.ok());
  CHECK(s->status == SolutionStatus::found);
  CHECK(std::abs(*s->value - 2800) <= 1);
  CHECK(*s->figure_value <= 12);
  CHECK(*s->value == static_cast<double>(static_cast<int>(*s->value)));  // counted in whole numbers
}

TEST_CASE("backwards: a share is found to the accuracy of what people enter") {
  // 10 (0.3 + 0.7 r) = 4
  const Scenario s = thousand({{"routing", "shares"}, {"route_1_share_ratio", "0.7"}, {"route_1_cost_ratio", "0.5"}});
  const auto r = solve(engine(), shop(), s, today, "route_1_cost_ratio", "total", 4);
  REQUIRE(r.ok());
  CHECK(std::abs(*r->value - 1.0 / 7) < 1e-8);
}

TEST_CASE("backwards: all values fit, or none does") {
  const auto all =
      solve(engine(), shop(), thousand({{"conversations_per_day", "0"}}), today, "prompt_tokens", "total", 1);
  CHECK(all->status == SolutionStatus::all);
  CHECK(*all->value == parameters()[parameter_index("prompt_tokens")].max);
  const auto none = solve(engine(), shop(), thousand(), today, "prompt_tokens", "total", 4.99);
  CHECK(none->status == SolutionStatus::none);
  CHECK_FALSE(none->value.has_value());
}

TEST_CASE("backwards: what the model cannot serve is too much") {
  Catalog catalog = shop();
  catalog.models[0].context_tokens = 2300;
  const auto s = solve(engine(), catalog, thousand(), today, "prompt_tokens", "total", 1000);
  REQUIRE(s.ok());
  CHECK(s->status == SolutionStatus::found);
  CHECK(*s->value == 1800);
  CHECK_FALSE(solve(engine(), shop(), thousand(), today, "prompt_tokens", "nothing", 1).ok());
  CHECK_FALSE(solve(engine(), shop(), thousand(), today, "caching", "total", 1).ok());
}

TEST_CASE("turn by turn: each reads the prompt before it and writes what is new") {
  const Turns t = turns_of(cached_shop(), chat(), 8);
  REQUIRE(t.turns.size() == 8);
  CHECK_FALSE(t.problem.has_value());
  double cumulative = 0;
  for (int turn = 1; turn <= 8; ++turn) {
    CAPTURE(turn);
    const Turn& one = t.turns[static_cast<std::size_t>(turn - 1)];
    const double read = turn == 1 ? 0 : 3080 + (turn - 2) * 330;
    const double written = turn == 1 ? 3080 : 330;
    CHECK(one.turn == turn);
    CHECK(one.read_tokens == read);
    CHECK(one.write_tokens == written);
    CHECK(one.uncached_tokens == 0);
    CHECK(one.output_tokens == 250);
    const double usd = (read * 0.3 + written * 3.75 + 250 * 15) / 1e6;
    cumulative += usd;
    CHECK(std::abs(*one.usd - usd) < 1e-15);
    CHECK(std::abs(*one.cumulative_usd - cumulative) < 1e-15);
    double by_category = 0;
    for (const auto& [category, part] : one.by_category) by_category += part;
    CHECK(std::abs(by_category - *one.usd) < 1e-15);
  }
  CHECK(same(t.turns[7].cumulative_usd, 0.0587595));
}

TEST_CASE("turn by turn: an answer that no longer fits ends the conversation and says why") {
  Catalog catalog = cached_shop();
  catalog.models[0].context_tokens = 4000;  // 3,080 + 2 * 330 + 250 = 3,990 is the last that fits
  const Turns t = turns_of(catalog, chat(), 8);
  CHECK(t.turns.size() == 3);
  REQUIRE(t.problem.has_value());
  CHECK(t.problem->code == Code::impossible);
}

TEST_CASE("turn by turn: the turns of a window sum to the conversation") {
  // Two exchanges kept: from the first turn on only the 3,000 unchanging tokens are written and read (0.06234 USD).
  const Scenario s = chat({{"history", "window"}, {"kept_exchanges", "2"}});
  const Turns t = turns_of(cached_shop(), s, 8);
  REQUIRE(t.turns.size() == 8);
  double read = 0, written = 0, uncached = 0;
  for (const Turn& one : t.turns) {
    CAPTURE(one.turn);
    read += one.read_tokens;
    written += one.write_tokens;
    uncached += one.uncached_tokens;
    CHECK(one.usd.value_or(-1) > 0);
  }
  CHECK(read == 21000);
  CHECK(written == 3000);
  CHECK(uncached == 28930 - 24000);
  CHECK(same(t.turns[7].cumulative_usd, 0.06234));
}

TEST_CASE("turn by turn: from 1 to 500") {
  CHECK_FALSE(turn_by_turn(engine(), shop(), thousand(), today, 0).ok());
  CHECK_FALSE(turn_by_turn(engine(), shop(), thousand(), today, max_turns + 1).ok());
  CHECK(turns_of(shop(), thousand(), max_turns).turns.size() == 500);
}
