// The closed forms of a conversation against the same conversation played turn by turn.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "support/shop.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/plans.h"

using namespace tokenbill;

namespace {

struct Turns {
  double static_prefix, user, answer;
  int turns, kept;
};
struct Rates {
  double input, cache_read, cache_write, output;
};
struct Conversation {
  double input = 0, output = 0, last_prompt = 0, read = 0, written = 0, uncached_usd = 0, cached_usd = 0;
};

const Plan& plan_of(ConversationCache cache) {
  static const Result<Plan> append = conversation_plan(ConversationCache::append_only);
  static const Result<Plan> prefix = conversation_plan(ConversationCache::static_prefix_only);
  const Result<Plan>& plan = cache == ConversationCache::append_only ? append : prefix;
  REQUIRE(plan.ok());
  return *plan;
}

Conversation closed_form(ConversationCache cache, const Turns& t, const Rates& rates) {
  const Plan& plan = plan_of(cache);
  std::vector<Known> inputs(plan.inputs().size(), Known{0, false});
  const auto put = [&](std::string_view id, double value) { inputs[plan.input_index(id)] = {value, true}; };
  put("static_prefix", t.static_prefix);
  put("user", t.user);
  put("answer", t.answer);
  put("turns", t.turns);
  put("kept", t.kept);
  put("price.input", rates.input);
  put("price.cache_read", rates.cache_read);
  put("price.cache_write", rates.cache_write);
  put("price.output", rates.output);
  const Result<Evaluation> evaluation = evaluate(plan, inputs);
  REQUIRE(evaluation.ok());
  const auto get = [&](std::string_view id) {
    const Known value = evaluation->of(plan.find(id)->node);
    CHECK(value.known);
    return value.value;
  };
  return {get("input_tokens"),       get("output_tokens"), get("last_prompt_tokens"), get("cache_read_tokens"),
          get("cache_write_tokens"), get("uncached_usd"),  get("cached_usd")};
}

// A prompt is the static prefix, the kept exchanges in order, and the new message. What it shares with the prompt
// before it, from the first token on, is read from the cache; the rest is written (append_only) or sent uncached.
Conversation played(ConversationCache cache, const Turns& t, const Rates& rates) {
  Conversation sum;
  int first_before = 0;  // first exchange in the prompt before
  for (int turn = 1; turn <= t.turns; ++turn) {
    const int first = std::max(0, turn - 1 - t.kept);
    const int exchanges = turn - 1 - first;
    const double prompt = t.static_prefix + exchanges * (t.user + t.answer) + t.user;
    double read = 0;
    double written = 0;
    if (turn == 1) {
      written = cache == ConversationCache::append_only ? prompt : t.static_prefix;
    } else if (cache == ConversationCache::static_prefix_only || first != first_before) {
      // Nothing but the static prefix is where it was.
      read = t.static_prefix;
      written = cache == ConversationCache::append_only ? prompt - read : 0;
    } else {
      read = t.static_prefix + (exchanges - 1) * (t.user + t.answer) + t.user;  // the whole prompt before
      written = prompt - read;
    }
    first_before = first;
    sum.input += prompt;
    sum.output += t.answer;
    sum.last_prompt = prompt;
    sum.read += read;
    sum.written += written;
    sum.uncached_usd += (prompt * rates.input + t.answer * rates.output) / 1e6;
    sum.cached_usd += (read * rates.cache_read + written * rates.cache_write + (prompt - read - written) * rates.input +
                       t.answer * rates.output) /
                      1e6;
  }
  return sum;
}

void check_equal(ConversationCache cache, const Turns& t, const Rates& rates) {
  CAPTURE(t.turns);
  CAPTURE(t.kept);
  CAPTURE(static_cast<int>(cache));
  const Conversation formula = closed_form(cache, t, rates);
  const Conversation simulated = played(cache, t, rates);
  CHECK(formula.input == simulated.input);
  CHECK(formula.output == simulated.output);
  CHECK(formula.last_prompt == simulated.last_prompt);
  CHECK(formula.read == simulated.read);
  CHECK(formula.written == simulated.written);
  CHECK(same(formula.uncached_usd, simulated.uncached_usd));
  CHECK(same(formula.cached_usd, simulated.cached_usd));
}

constexpr Rates sonnet{3, 0.3, 3.75, 15};
constexpr int all = 1000;

}  // namespace

TEST_CASE("the closed form of a conversation equals playing it, for every number of turns and kept exchanges") {
  for (const auto cache : {ConversationCache::append_only, ConversationCache::static_prefix_only})
    for (int turns = 1; turns <= 40; ++turns)
      for (int kept = 0; kept <= 40; ++kept) check_equal(cache, {3000, 80, 250, turns, kept}, sonnet);
}

TEST_CASE("the closed form holds without a static prefix, without answers and without messages") {
  for (const auto cache : {ConversationCache::append_only, ConversationCache::static_prefix_only})
    for (const int turns : {1, 2, 3, 7})
      for (const int kept : {0, 1, 2, 6, 7, all}) {
        check_equal(cache, {0, 80, 250, turns, kept}, sonnet);
        check_equal(cache, {3000, 0, 250, turns, kept}, sonnet);
        check_equal(cache, {3000, 80, 0, turns, kept}, sonnet);
      }
}

TEST_CASE("ten turns with the full history") {
  // 10 * 1,100 + 400 * 45 = 29,000 in, 3,000 out; 29,000 * 2.5 + 3,000 * 10 = 102,500 per million
  const Conversation c = closed_form(ConversationCache::append_only, {1000, 100, 300, 10, all}, {2.5, 0, 0, 10});
  CHECK(c.input == 29000);
  CHECK(c.output == 3000);
  CHECK(c.last_prompt == 4700);
  CHECK(same(c.uncached_usd, 0.1025));
}

TEST_CASE("ten turns of which the last two exchanges are kept") {
  // 10 * 1,100 + 400 * (3 + 2 * 7) = 17,800
  const Conversation c = closed_form(ConversationCache::append_only, {1000, 100, 300, 10, 2}, {2.5, 0, 0, 10});
  CHECK(c.input == 17800);
  CHECK(c.last_prompt == 1900);
  CHECK(same(c.uncached_usd, 0.0745));
}

TEST_CASE("an append-only conversation writes its last prompt once and reads all others") {
  const Conversation c = closed_form(ConversationCache::append_only, {3000, 80, 250, 8, all}, sonnet);
  CHECK(c.input == 33880);
  CHECK(c.written == 5390);
  CHECK(c.written == c.last_prompt);
  CHECK(c.read == 28490);
  CHECK(same(c.uncached_usd, 0.13164));
  CHECK(same(c.cached_usd, 0.0587595));
}

TEST_CASE("a sliding window is dearer than the uncut conversation when both are cached") {
  const Conversation window = closed_form(ConversationCache::static_prefix_only, {3000, 80, 250, 8, 2}, sonnet);
  const Conversation uncut = closed_form(ConversationCache::append_only, {3000, 80, 250, 8, all}, sonnet);
  CHECK(window.input == 28930);
  CHECK(window.read == 21000);
  CHECK(window.written == 3000);
  CHECK(same(window.cached_usd, 0.06234));
  CHECK(window.input < uncut.input);
  CHECK(window.cached_usd > uncut.cached_usd);
}

TEST_CASE("a price that a conversation does not use may be unknown") {
  const Plan& plan = plan_of(ConversationCache::static_prefix_only);
  std::vector<Known> inputs(plan.inputs().size(), Known{0, false});
  const auto put = [&](std::string_view id, double value) { inputs[plan.input_index(id)] = {value, true}; };
  put("static_prefix", 0);
  put("user", 100);
  put("answer", 50);
  put("turns", 1);
  put("kept", 5);
  put("price.input", 2);
  put("price.output", 8);
  const Result<Evaluation> evaluation = evaluate(plan, inputs);
  REQUIRE(evaluation.ok());
  const Known usd = evaluation->of(plan.find("cached_usd")->node);
  CHECK(usd.known);
  CHECK(same(usd.value, 0.0006));
}
