// The closed forms of conversations and agents against the same played request by request (support/simulation.h): for
// every number of requests, every window and every distance of summaries, by class of tokens and by level of prices.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/random.h"
#include "support/shop.h"
#include "support/simulation.h"
#include "support/thinning.h"

using namespace tokenbill;

namespace {

bool close(double plan, double simulated, double small) {
  return std::abs(plan - simulated) <= 1e-9 * std::abs(simulated) + small;
}

const std::vector<CardLevel> flat = {{0, false, 3, 0.3, 3.75, 15, 12, 32, 3.2, 64}};

// Prices of the levels that no sum of other ones imitates.
std::vector<CardLevel> card_of(const std::vector<std::pair<double, bool>>& thresholds) {
  std::vector<CardLevel> card = flat;
  double factor = 1.37;
  for (const auto& [threshold, inclusive] : thresholds) {
    const CardLevel& base = card.front();
    card.push_back({threshold, inclusive, base.input * factor * 1.11, base.read * factor * 1.23,
                    base.write * factor * 1.31, base.output * factor * 1.43, base.reasoning * factor * 1.59,
                    base.audio * factor * 1.67, base.audio_read * factor * 1.71, base.spoken * factor * 1.83});
    factor *= 1.49;
  }
  return card;
}

std::string text_of(const Talk& t) {
  const auto n = [](std::string_view name, double value) {
    return " " + std::string(name) + " " + std::to_string(value);
  };
  return n("turns", t.turns) + n("memory", static_cast<int>(t.memory)) + n("kept", t.kept) + n("limit", t.limit) +
         n("every", t.every) + n("system", t.system) + n("first", t.first_message) + n("message", t.message) +
         n("answer", t.answer) + n("reasoning", t.reasoning) + n("kept", t.reasoning_kept) +
         n("retrieved", t.retrieved) + n("kept", t.retrieved_kept) + n("heard", t.heard) + n("spoken", t.spoken) +
         n("minimum", t.minimum) + n("found", t.found) + n("in_time", t.in_time) + n("cached", t.cached);
}

/// A talk priced by the plan, whose numbers of requests can be changed without binding it again.
class Planned {
 public:
  Planned(Talk talk, std::vector<CardLevel> card)
      : talk_(talk), card_(std::move(card)), catalog_(catalog_of(talk_, card_)), priced_(price()) {}

  Talk& talk() { return talk_; }
  void compare() {
    priced_.put("turns_per_conversation", talk_.turns);
    priced_.put("kept_exchanges", talk_.kept);
    priced_.put("history_limit_tokens", talk_.limit);
    priced_.put("summary_every_turns", talk_.every);
    REQUIRE_FALSE(engine().reprice(priced_));
    const Played s = played(talk_, card_);
    ++cases;
    const auto tokens = [&](std::string_view id, double simulated) { check(id, simulated, 1e-7); };
    const auto money = [&](std::string_view id, double simulated) { check(id, simulated, 1e-13); };
    tokens("conversation_read_tokens", s.sum.read);
    tokens("conversation_write_tokens", s.sum.written);
    tokens("conversation_uncached_tokens", s.sum.uncached + s.sum.audio);
    tokens("conversation_output_tokens", s.sum.output + s.sum.reasoning + s.sum.spoken);
    tokens("prompt_size", s.longest_prompt);
    money("input.uncached", s.usd.uncached);
    money("input.cache_read", s.usd.read + s.usd.audio_read);
    money("input.cache_write", s.usd.written);
    money("input.audio", s.usd.audio);
    money("output.text", s.usd.output);
    money("output.reasoning", s.usd.reasoning);
    money("output.audio", s.usd.spoken);
    if (talk_.memory == Memory::summary)
      money("helpers.summary", (s.summary_input * card_[0].input + s.summary_output * card_[0].output) / 1e6);
    money("inference_per_conversation",
          s.all_usd + (s.summary_input * card_[0].input + s.summary_output * card_[0].output) / 1e6);
  }
  /// Each class of each level alone: priced at 1, all else at 0.
  void compare_each_level() {
    static constexpr struct {
      std::string_view price;
      double Counted::*what;
    } classes[] = {{"cache_read", &Counted::read},
                   {"cache_write", &Counted::written},
                   {"input", &Counted::uncached},
                   {"output", &Counted::output},
                   {"output_reasoning", &Counted::reasoning}};
    const Played s = played(talk_, card_);
    Engine::Priced alone = priced_;
    const auto put_all = [&](std::string_view id, std::size_t level, double value) {
      const std::string at = "price." + std::string(id) + (level > 0 ? ".tier" + std::to_string(level) : "");
      alone.put(at, value);
    };
    for (const auto& one : classes)
      for (std::size_t level = 0; level < card_.size(); ++level) put_all(one.price, level, 0);
    for (const auto& one : classes)
      for (std::size_t level = 0; level < card_.size(); ++level) {
        put_all(one.price, level, 1);
        REQUIRE_FALSE(engine().reprice(alone));
        const double summaries = talk_.memory == Memory::summary ? alone.figure("helpers.summary").value_or(0) : 0;
        const double tokens = (*alone.figure("inference_per_conversation") - summaries) * 1e6;
        if (!close(tokens, s.by_level[level].*one.what, 1e-6))
          tell(std::string(one.price) + " at level " + std::to_string(level), tokens, s.by_level[level].*one.what);
        put_all(one.price, level, 0);
      }
  }
  static inline int cases = 0;

 private:
  Engine::Priced price() {
    Result<Engine::Priced> priced = engine().price(catalog_, scenario_of(talk_), today);
    REQUIRE(priced.ok());
    REQUIRE(priced->status == Status::ok);
    return std::move(priced).value();
  }
  void check(std::string_view id, double simulated, double small) {
    const std::optional<double> plan = priced_.figure(id);
    if (!plan || !close(*plan, simulated, small)) tell(std::string(id), plan.value_or(-1), simulated);
  }
  void tell(const std::string& what, double plan, double simulated) {
    if (told_++ > 3) return;  // one fault shows in many figures
    FAIL_CHECK(what << ": the plan has " << plan << ", played it is " << simulated << ";" << text_of(talk_));
  }

  Talk talk_;
  std::vector<CardLevel> card_;
  Catalog catalog_;
  Engine::Priced priced_;
  int told_ = 0;
};

Talk chat(double system, double message, double answer) {
  Talk talk;
  talk.system = system;
  talk.first_message = talk.message = message;
  talk.answer = answer;
  return talk;
}

std::vector<Talk> sizes() {
  std::vector<Talk> all = {chat(3000, 80, 250), chat(0, 120, 300), chat(1000, 0, 300), chat(1000, 100, 0)};
  Talk reasons = chat(1500, 60, 200);
  reasons.reasoning = 700;
  all.push_back(reasons);
  reasons.reasoning_kept = true;
  all.push_back(reasons);
  Talk agent = chat(6000, 0, 200);
  agent.message = 1300;
  all.push_back(agent);
  Talk brings = chat(900, 50, 180);
  brings.retrieved = 2000;
  brings.retrieved_kept = true;
  all.push_back(brings);
  return all;
}

// Below, between and above the prompts, met exactly and not met, reached at the threshold and above it.
std::vector<std::vector<CardLevel>> cards(const Talk& talk) {
  const double first = talk.system + talk.first_message + talk.retrieved;
  const double growth = talk.message + talk.answer + (talk.reasoning_kept ? talk.reasoning : 0) +
                        (talk.retrieved_kept ? talk.retrieved : 0);
  return {flat, card_of({{first - 1, false}}), card_of({{first, false}, {first + 7 * growth, true}}),
          card_of({{first, true}, {first + 3 * growth, false}, {first + 11 * growth + 1, true}}),
          card_of({{first + 2.5 * growth, false},
                   {first + 5 * growth, true},
                   {first + 5 * growth + 1, false},
                   {first + 100 * growth, true}})};
}

std::vector<Talk> caches(Talk talk) {
  std::vector<Talk> all = {talk};
  talk.cached = true;
  talk.found = 0;
  all.push_back(talk);
  talk.found = 0.75;
  all.push_back(talk);
  talk.in_time = 0.6;
  all.push_back(talk);
  talk.minimum = 1024;
  all.push_back(talk);
  talk.in_time = 1;
  talk.minimum = 4096;
  talk.found = 1;
  all.push_back(talk);
  return all;
}

constexpr int most = thinning > 1 ? 15 : 40;

// All combinations of sizes, caches and cards; `play` runs along numbers of requests.
template <class Play>
void each_kind(Memory memory, Play play) {
  int at = 0;
  for (const Talk& size : sizes())
    for (Talk talk : caches(size))
      for (const std::vector<CardLevel>& card : cards(talk)) {
        if (at++ % thinning != 0) continue;
        talk.memory = memory;
        Planned planned(talk, card);
        play(planned);
      }
}

}  // namespace

TEST_CASE("requests that send nothing again find the unchanging start at the hit rate, all else is uncached") {
  each_kind(Memory::none, [](Planned& p) {
    for (const int turns : {1, 2, 5, 40}) {
      p.talk().turns = turns;
      p.compare();
    }
    p.compare_each_level();
  });
}

TEST_CASE("the full history: closed form and play agree for 1 to 40 requests") {
  each_kind(Memory::full, [](Planned& p) {
    for (int turns = 1; turns <= most; ++turns) {
      p.talk().turns = turns;
      p.compare();
      if (turns % 13 == 0) p.compare_each_level();
    }
  });
}

TEST_CASE("a window: closed form and play agree for 1 to 40 requests and every window up to their number") {
  int at = 0;
  each_kind(Memory::window, [&](Planned& p) {
    if (p.talk().message != p.talk().first_message) return;  // which message leaves first is told for equal ones alone
    // The whole triangle for some kinds; its edges, and some of its middle, for the others.
    const bool whole = at++ % 30 == 0;
    for (int turns = 1; turns <= most; ++turns)
      for (int kept = 0; kept <= turns; ++kept) {
        if (!whole && (turns + 3 * kept) % 29 != 0 && (kept > 1 || turns % 6 != 0)) continue;
        p.talk().turns = turns;
        p.talk().kept = kept;
        p.compare();
      }
    p.talk().turns = 12;
    p.talk().kept = 5;
    p.compare();
    p.compare_each_level();
  });
}

TEST_CASE("a limit of the prompt: the oldest exchanges leave until it fits") {
  int at = 0;
  each_kind(Memory::limit, [&](Planned& p) {
    if (p.talk().message != p.talk().first_message) return;
    const Talk& t = p.talk();
    const double first = t.system + t.first_message + t.retrieved;
    const double growth =
        t.message + t.answer + (t.reasoning_kept ? t.reasoning : 0) + (t.retrieved_kept ? t.retrieved : 0);
    if (at++ % 4 != 0) return;
    for (const double limit : {1.0, first - 1, first, first + growth - 1, first + growth, first + 4.5 * growth,
                               first + 20 * growth, first + 100 * growth})
      for (int turns = 1; turns <= most; turns += turns < 8 ? 1 : 4) {
        p.talk().limit = std::max(1.0, limit);
        p.talk().turns = turns;
        p.compare();
      }
    p.compare_each_level();
  });
}

TEST_CASE("summaries: closed form and play agree for 1 to 40 requests and every distance up to their number") {
  int at = 0;
  for (const double summary : {0.0, 200.0, 5000.0}) {
    each_kind(Memory::summary, [&](Planned& first) {
      if (at++ % 7 != 0) return;
      if (first.talk().message != first.talk().first_message) return;
      Talk talk = first.talk();
      talk.summary = summary;
      talk.summary_prompt = summary / 2;
      // The card of the first one, thresholds met by other prompts now.
      const double base = talk.system + talk.first_message + talk.retrieved;
      for (const std::vector<CardLevel>& card : {flat, card_of({{base + 600, true}, {base + 2000.5, false}})}) {
        Planned p(talk, card);
        const bool whole = at % 105 == 1;
        for (int turns = 1; turns <= most; ++turns)
          for (int every = 1; every <= turns; ++every) {
            if (!whole && (turns * 3 + every) % 23 != 0 && (every > 1 || turns % 6 != 0)) continue;
            p.talk().turns = turns;
            p.talk().every = every;
            p.compare();
          }
        p.compare_each_level();
      }
    });
  }
}

TEST_CASE("speech stays in a conversation: what was heard and said is heard again by later requests") {
  Talk talk = chat(1000, 0, 0);
  talk.message = 0;
  talk.heard = 100;
  talk.spoken = 240;
  for (const bool cached : {false, true})
    for (const double in_time : {1.0, 0.4}) {
      talk.cached = cached;
      talk.in_time = in_time;
      talk.found = 0.3;
      for (const auto& card : {flat, card_of({{2000, false}}), card_of({{1100, true}, {3480, true}})}) {
        Planned p(talk, card);
        for (int turns = 1; turns <= most; ++turns) {
          p.talk().turns = turns;
          p.compare();
        }
      }
    }
}

TEST_CASE("passages that are dropped: a later request finds the history that stays, if a mark stands at its end") {
  // In the prompt they stand behind the history; the question is behind the mark as well, so it is not written.
  for (const Memory memory : {Memory::none, Memory::full, Memory::window, Memory::limit, Memory::summary})
    for (const auto& card : {flat, card_of({{4000, true}})})
      for (Talk talk : caches(chat(1000, 100, 300))) {
        talk.memory = memory;
        talk.retrieved = 2000;
        talk.limit = 5000;
        talk.summary = 150;
        Planned p(talk, card);
        for (int turns = 1; turns <= most; ++turns) {
          p.talk().turns = turns;
          p.talk().kept = turns / 2;
          p.talk().every = 1 + turns / 3;
          p.compare();
        }
      }
}

TEST_CASE("a line that changes, at the end of each prompt, is never found again") {
  for (const Memory memory : {Memory::none, Memory::full, Memory::window, Memory::summary})
    for (Talk talk : caches(chat(3000, 80, 250))) {
      talk.memory = memory;
      talk.line = 25;
      talk.summary = 200;
      Planned p(talk, flat);
      for (int turns = 1; turns <= most; turns += 3) {
        p.talk().turns = turns;
        p.talk().kept = turns / 2;
        p.talk().every = 1 + turns / 3;
        p.compare();
      }
    }
}

TEST_CASE("sub-agents are conversations of their own: nobody else has their prompt in the cache") {
  for (const double in_time : {1.0, 0.6})
    for (const double found : {0.0, 0.8})
      for (const bool tiers : {false, true}) {
        Talk main = chat(2000, 100, 300);
        main.cached = true;
        main.found = found;
        main.in_time = in_time;
        main.turns = 4;
        const std::vector<CardLevel> card = tiers ? card_of({{2500, false}, {4000, true}}) : flat;
        Talk agent = chat(0, 1500, 300);
        agent.message = main.message;
        agent.cached = true;
        agent.found = 0;
        agent.in_time = in_time;
        for (const int turns : {1, 2, 6, 12}) {
          CAPTURE(in_time);
          CAPTURE(found);
          CAPTURE(turns);
          agent.turns = turns;
          Scenario scenario = scenario_of(main);
          REQUIRE_FALSE(scenario.set_number("subagents_per_conversation", 3));
          REQUIRE_FALSE(scenario.set_number("subagent_turns", turns));
          REQUIRE_FALSE(scenario.set_number("subagent_prompt_tokens", 1500));
          const Result<Engine::Priced> priced = engine().price(catalog_of(main, card), scenario, today);
          REQUIRE(priced.ok());
          const Played a = played(main, card);
          const Played b = played(agent, card);
          CHECK(close(*priced->figure("conversation_read_tokens"), a.sum.read + 3 * b.sum.read, 1e-7));
          CHECK(close(*priced->figure("conversation_write_tokens"), a.sum.written + 3 * b.sum.written, 1e-7));
          CHECK(close(*priced->figure("conversation_uncached_tokens"), a.sum.uncached + 3 * b.sum.uncached, 1e-7));
          CHECK(close(*priced->figure("conversation_output_tokens"), a.sum.output + 3 * b.sum.output, 1e-7));
          CHECK(close(*priced->figure("inference_per_conversation"), a.all_usd + 3 * b.all_usd, 1e-13));
          CHECK(*priced->figure("prompt_size") == std::max(a.longest_prompt, b.longest_prompt));
        }
      }
}

TEST_CASE("prefixes found in steps of 128 lose half a step on average") {
  // Each request's prefix ends anywhere in a step: the plan takes the mean, the play each one.
  Talk talk = chat(2048, 80, 250);
  talk.cached = true;
  talk.minimum = 1024;
  talk.step = 128;
  Planned p(talk, flat);
  Scenario scenario = scenario_of(talk);
  for (int turns = 2; turns <= most; ++turns) {
    talk.turns = turns;
    const Result<Engine::Priced> priced = engine().price(catalog_of(talk, flat), scenario_of(talk), today);
    REQUIRE(priced.ok());
    const Played s = played(talk, flat);
    const double difference = *priced->figure("conversation_read_tokens") - s.sum.read;
    CAPTURE(turns);
    CHECK(std::abs(difference) <= 64.0 * (turns - 1));
    if (turns > 20) CHECK(std::abs(difference) <= 8.0 * (turns - 1));
    // Read, written and uncached tokens are all of them, steps or not.
    CHECK(close(*priced->figure("conversation_read_tokens") + *priced->figure("conversation_write_tokens") +
                    *priced->figure("conversation_uncached_tokens"),
                s.sum.read + s.sum.written + s.sum.uncached, 1e-7));
  }
}

TEST_CASE("caps on tokens and cost allow as many requests as a play of them does") {
  Random random(20261123);
  for (int i = 0; i < 600 / thinning; ++i) {
    CAPTURE(i);
    Talk talk = chat(random.chance(0.2) ? 0 : random.count(20000), random.count(2000), random.count(3000));
    talk.memory = random.chance(0.3) ? Memory::none : Memory::full;
    if (random.chance(0.3)) talk.reasoning = random.count(3000);
    talk.reasoning_kept = random.chance(0.5);
    if (random.chance(0.3)) {
      talk.retrieved = random.count(5000);
      talk.retrieved_kept = random.chance(0.5);
    }
    if (talk.memory == Memory::full && (talk.retrieved_kept || talk.retrieved == 0)) talk.message = random.count(4000);
    talk.cached = random.chance(0.7);
    talk.found = random.unit();
    talk.in_time = random.unit();
    talk.turns = 1 + static_cast<int>(random.below(most));
    Scenario scenario = scenario_of(talk);
    Talk allowed = talk;
    allowed.turns = 1 + static_cast<int>(random.below(most));
    const Played within = played(allowed, flat);
    const Counted& sum = within.sum;
    const double tokens = sum.uncached + sum.read + sum.written + sum.output + sum.reasoning;
    const auto requests = [&](double part) {
      REQUIRE_FALSE(scenario.set_number("token_cap", std::max(1.0, tokens * part)));
      REQUIRE_FALSE(scenario.set_number("usd_cap", within.all_usd * part));
      const auto priced = engine().price(catalog_of(talk, flat), scenario, today);
      REQUIRE(priced.ok());
      return std::pair(priced->figure("token_cap_requests"), priced->figure("usd_cap_requests"));
    };
    CHECK(requests(1 + 1e-9) == std::pair(std::optional<double>(allowed.turns), std::optional<double>(allowed.turns)));
    const double fewer = std::max(1, allowed.turns - 1);
    CHECK(requests(1 - 1e-9) == std::pair(std::optional<double>(fewer), std::optional<double>(fewer)));
  }
}

TEST_CASE("random conversations of all kinds agree with their play") {
  Random random(20261122);
  const int rounds = 3000 / thinning;
  const int before = Planned::cases;
  for (int i = 0; i < rounds; ++i) {
    CAPTURE(i);
    Talk talk = chat(random.chance(0.2) ? 0 : random.count(20000), random.count(2000), random.count(3000));
    if (random.chance(0.3)) talk.reasoning = random.count(3000);
    talk.reasoning_kept = random.chance(0.5);
    if (random.chance(0.3)) {
      talk.retrieved = random.count(5000);
      talk.retrieved_kept = random.chance(0.5);
    }
    talk.cached = random.chance(0.7);
    talk.found = random.unit();
    talk.in_time = random.chance(0.3) ? 1 : random.unit();
    if (random.chance(0.4)) talk.minimum = random.count(8000);
    talk.turns = 1 + static_cast<int>(random.below(most));
    talk.memory = static_cast<Memory>(random.below(5));
    talk.kept = static_cast<int>(random.below(static_cast<std::uint32_t>(talk.turns) + 2));
    talk.limit = random.count(100000);
    talk.every = 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(talk.turns)));
    talk.summary = random.count(1000);
    talk.summary_prompt = random.count(500);
    if (talk.memory == Memory::full && (talk.retrieved_kept || talk.retrieved == 0) && random.chance(0.5))
      talk.message = random.count(4000);
    std::vector<std::pair<double, bool>> thresholds;
    double threshold = 0;
    for (std::uint32_t n = random.below(5); n > 0; --n)
      thresholds.emplace_back(threshold += random.count(30000), random.chance(0.5));
    Planned p(talk, card_of(thresholds));
    for (int change = 0; change < 10; ++change) {
      p.compare();
      p.talk().turns = 1 + static_cast<int>(random.below(most));
      p.talk().kept = static_cast<int>(random.below(static_cast<std::uint32_t>(most)));
      p.talk().every = 1 + static_cast<int>(random.below(most));
      p.talk().limit = random.count(100000);
    }
  }
  CHECK(Planned::cases - before == 10 * rounds);
}
