#include "support/simulation.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "support/shop.h"

using namespace tokenbill;

namespace {

/// A piece of a prompt; pieces of the same id are the same text.
struct Piece {
  int id;
  double text, audio;
};
using Prefix = std::vector<Piece>;

constexpr int system_id = 0;
int id_of(int turn, int what) {
  return 8 * turn + what;
}  // what: 1 retrieved, 2 message, 3 reasoning, 4 answer, 5 line

double text_of(const Prefix& prefix) {
  double sum = 0;
  for (const Piece& piece : prefix) sum += piece.text;
  return sum;
}
double audio_of(const Prefix& prefix) {
  double sum = 0;
  for (const Piece& piece : prefix) sum += piece.audio;
  return sum;
}

bool begins_with(const Prefix& prompt, const Prefix& prefix) {
  return prefix.size() <= prompt.size() && std::equal(prefix.begin(), prefix.end(), prompt.begin(),
                                                      [](const Piece& a, const Piece& b) { return a.id == b.id; });
}

struct Request {
  Prefix prompt;
  Prefix marked;  ///< what of it the cache is asked to keep, from the first token on
  bool dropped = false;
};

class Player {
 public:
  explicit Player(const Talk& talk) : talk_(talk) {}

  std::vector<Request> requests() {
    std::vector<Request> all;
    for (int turn = 1; turn <= talk_.turns; ++turn) all.push_back(request(turn));
    // Where exchanges fall out of the front, everything behind the system prompt moves: only that is worth a mark.
    const bool slides = std::any_of(all.begin(), all.end(), [](const Request& r) { return r.dropped; });
    if (slides || talk_.memory == Memory::none)
      for (Request& r : all) r.marked = {system()};
    return all;
  }
  [[nodiscard]] Piece system() const { return {system_id, talk_.system, 0}; }

  double summary_input = 0, summary_output = 0;

 private:
  [[nodiscard]] Piece message(int turn) const {
    return {id_of(turn, 2), turn == 1 ? talk_.first_message : talk_.message, talk_.heard};
  }
  [[nodiscard]] Piece retrieved(int turn) const { return {id_of(turn, 1), talk_.retrieved, 0}; }

  // A question and its answer, as a later request holds them.
  void put_exchange(int turn, Prefix& to) const {
    if (talk_.retrieved_kept && talk_.retrieved > 0) to.push_back(retrieved(turn));
    to.push_back(message(turn));
    if (talk_.reasoning_kept) to.push_back({id_of(turn, 3), talk_.reasoning, 0});
    to.push_back({id_of(turn, 4), talk_.answer, talk_.spoken});
  }

  Request with_history(int turn, int first_exchange) const {
    Request r;
    r.prompt.push_back(system());
    if (summaries_ > 0) r.prompt.push_back({-summaries_, talk_.summary, 0});
    for (int i = first_exchange; i < turn; ++i) put_exchange(i, r.prompt);
    r.marked = r.prompt;  // up to the end of the history that stays
    if (talk_.retrieved > 0) r.prompt.push_back(retrieved(turn));
    r.prompt.push_back(message(turn));
    if (talk_.retrieved_kept || talk_.retrieved == 0) r.marked = r.prompt;
    if (talk_.line > 0) r.prompt.push_back({id_of(turn, 5), talk_.line, 0});
    return r;
  }

  Request request(int turn) {
    switch (talk_.memory) {
      case Memory::none: {
        Request r;
        r.prompt = {system(),
                    retrieved(turn),
                    {id_of(turn, 2), talk_.first_message, talk_.heard},
                    {id_of(turn, 5), talk_.line, 0}};
        return r;
      }
      case Memory::window: {
        Request r = with_history(turn, std::max(1, turn - talk_.kept));
        r.dropped = turn - 1 > talk_.kept;
        return r;
      }
      case Memory::limit: {
        int first = 1;
        Request r = with_history(turn, first);
        while (first < turn && text_of(r.prompt) + audio_of(r.prompt) > talk_.limit) r = with_history(turn, ++first);
        r.dropped = first > 1;
        return r;
      }
      case Memory::summary: {
        if (turn > 1 && turn - start_ == talk_.every) {
          // The summariser reads the last summary and the exchanges since, and its instructions.
          Prefix read;
          if (summaries_ > 0) read.push_back({-summaries_, talk_.summary, 0});
          for (int i = start_; i < turn; ++i) put_exchange(i, read);
          summary_input += text_of(read) + talk_.summary_prompt;
          summary_output += talk_.summary;
          ++summaries_;
          start_ = turn;
        }
        return with_history(turn, start_);
      }
      case Memory::full:
        break;
    }
    return with_history(turn, 1);
  }

  const Talk& talk_;
  int summaries_ = 0;
  int start_ = 1;  ///< first request since the last summary
};

std::size_t level_of(double prompt, const std::vector<CardLevel>& card) {
  std::size_t level = 0;
  for (std::size_t i = 1; i < card.size(); ++i)
    if (prompt > card[i].threshold || (card[i].inclusive && prompt == card[i].threshold)) level = i;
  return level;
}

}  // namespace

Played played(const Talk& talk, const std::vector<CardLevel>& card) {
  Player player(talk);
  const std::vector<Request> requests = player.requests();
  Played result;
  result.by_level.resize(card.size());
  result.summary_input = player.summary_input;
  result.summary_output = player.summary_output;
  const auto cacheable = [&](double text) {
    return talk.cached && text > 0 && text >= talk.minimum ? std::floor(text / talk.step) * talk.step : 0.0;
  };
  const Prefix system = {player.system()};
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Request& r = requests[i];
    const double text = text_of(r.prompt);
    const double prompt = text + audio_of(r.prompt);
    result.longest_prompt = std::max(result.longest_prompt, prompt);
    if (i == 0) result.first_prompt = prompt;

    // What others keep warm is the system prompt. A request in time also finds what the one before it has left there.
    const double of_system = cacheable(talk.system);
    double read = talk.found * of_system;
    double audio_read = 0;
    if (i > 0 && talk.memory != Memory::none) {
      double in_time = of_system;
      double audio_in_time = 0;
      const Prefix& left = requests[i - 1].marked;
      if (begins_with(r.prompt, left) && cacheable(text_of(left)) >= in_time) {
        in_time = cacheable(text_of(left));
        if (in_time > 0) audio_in_time = audio_of(left);
      }
      read = talk.in_time * in_time + (1 - talk.in_time) * read;
      audio_read = talk.in_time * audio_in_time;
    }
    const double marked = text_of(r.marked);
    const double kept = talk.cached && marked > 0 && marked >= talk.minimum ? marked : 0;
    Counted c;
    c.read = read;
    c.written = std::max(0.0, kept - read);
    c.uncached = text - c.read - c.written;
    c.audio_read = audio_read;
    c.audio = audio_of(r.prompt) - audio_read;
    c.output = talk.answer;
    c.reasoning = talk.reasoning;
    c.spoken = talk.spoken;

    const std::size_t level = level_of(prompt, card);
    const CardLevel& prices = card[level];
    Counted& at = result.by_level[level];
    const auto add = [&](double Counted::*what, double price) {
      at.*what += c.*what;
      result.sum.*what += c.*what;
      result.usd.*what += c.*what * price / 1e6;
      result.all_usd += c.*what * price / 1e6;
    };
    add(&Counted::uncached, prices.input);
    add(&Counted::read, prices.read);
    add(&Counted::written, prices.write);
    add(&Counted::output, prices.output);
    add(&Counted::reasoning, prices.reasoning);
    add(&Counted::audio, prices.audio);
    add(&Counted::audio_read, prices.audio_read);
    add(&Counted::spoken, prices.spoken);
  }
  return result;
}

Catalog catalog_of(const Talk& talk, const std::vector<CardLevel>& card) {
  const auto prices = [](const CardLevel& level) {
    return prices_of({{TokenClass::input, level.input},
                      {TokenClass::cache_read, level.read},
                      {TokenClass::cache_write, level.write},
                      {TokenClass::output, level.output},
                      {TokenClass::output_reasoning, level.reasoning},
                      {TokenClass::input_audio, level.audio},
                      {TokenClass::cache_read_audio, level.audio_read},
                      {TokenClass::output_audio, level.spoken}});
  };
  Model model = model_of("m", 1, 1);
  PriceRow& row = model.prices.front();
  row.prices = prices(card.front());
  for (std::size_t i = 1; i < card.size(); ++i)
    row.context_tiers.push_back({card[i].threshold, card[i].inclusive, prices(card[i])});
  model.cache = cache_of({{"automatic", 5}});
  model.cache->minimum_tokens = talk.minimum;
  model.cache->step_tokens = talk.step;
  return catalog_of({model});
}

Scenario scenario_of(const Talk& talk) {
  static constexpr std::string_view memories[] = {"given", "full", "window", "cap", "summary"};
  Scenario scenario = bare("m", {{"conversations_per_day", "1"}, {"days_per_month", "1"}});
  const auto number = [&](std::string_view id, double value) {
    if (const auto error = scenario.set_number(id, value)) FAIL_CHECK(to_text(*error));
  };
  const auto choice = [&](std::string_view id, std::string_view option) {
    if (const auto error = scenario.set(id, option)) FAIL_CHECK(to_text(*error));
  };
  number("turns_per_conversation", talk.turns);
  number("prompt_tokens", talk.system + talk.first_message);
  number("static_prefix_tokens", talk.system);
  number("turn_input_tokens", talk.message);
  number("output_tokens", talk.answer);
  number("reasoning_tokens", talk.reasoning);
  choice("reasoning_kept", talk.reasoning_kept ? "yes" : "no");
  number("chunks_per_request", talk.retrieved > 0 ? 1 : 0);
  number("chunk_tokens", std::max(1.0, talk.retrieved));
  choice("retrieved_kept", talk.retrieved_kept ? "yes" : "no");
  number("changing_line_tokens", talk.line);
  number("audio_input_tokens", talk.heard);
  number("audio_output_tokens", talk.spoken);
  choice("history", memories[static_cast<std::size_t>(talk.memory)]);
  number("kept_exchanges", talk.kept);
  number("history_limit_tokens", std::max(1.0, talk.limit));
  number("summary_every_turns", talk.every);
  number("summary_tokens", talk.summary);
  number("summary_prompt_tokens", talk.summary_prompt);
  choice("caching", talk.cached ? "automatic" : "off");
  number("cache_hit_ratio", talk.found);
  number("long_gap_ratio", 1 - talk.in_time);
  // Retrieval embeds each question, which is no part of the conversation.
  number("query_tokens", 0);
  return scenario;
}
