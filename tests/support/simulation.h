#pragma once
// One conversation played request by request, as the words of the cost model tell it: what stands in each prompt, which
// of it the cache finds, and which card prices the request. It shares no formula with the plans.

#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/scenario.h"

/// Which of the earlier exchanges a request sends again.
enum class Memory { none, full, window, limit, summary };

struct Talk {
  int turns = 1;
  double system = 0;         ///< unchanging start
  double first_message = 0;  ///< what follows it in the first request
  double message = 0;        ///< in every later one: a question, or a tool's result
  double answer = 0;
  double reasoning = 0;
  bool reasoning_kept = false;
  double retrieved = 0;  ///< brought to every request anew
  bool retrieved_kept = false;
  double line = 0;               ///< at the end of each prompt, another one each time; it does not stay
  double heard = 0, spoken = 0;  ///< audio of a request and of its answer; it stays in the conversation
  Memory memory = Memory::full;
  int kept = 0;               ///< exchanges of a window
  double limit = 0;           ///< tokens of a prompt
  int every = 1;              ///< requests from one summary to the next
  double summary = 0;         ///< tokens of a summary
  double summary_prompt = 0;  ///< instructions for it
  bool cached = false;
  double minimum = 0;  ///< shorter prefixes are not cached
  double step = 1;     ///< prefixes are found in whole steps
  double found = 0;    ///< chance that others keep the system prompt in the cache
  double in_time = 1;  ///< chance that a later request comes within the cache's lifetime
};

/// Prices of one level of prompt sizes, USD per million tokens.
struct CardLevel {
  double threshold = 0;  ///< of the first level 0
  bool inclusive = false;
  double input = 0, read = 0, write = 0, output = 0, reasoning = 0, audio = 0, audio_read = 0, spoken = 0;
};

struct Counted {
  double uncached = 0, read = 0, written = 0, output = 0, reasoning = 0, audio = 0, audio_read = 0, spoken = 0;
};

struct Played {
  std::vector<Counted> by_level;
  Counted sum;
  double longest_prompt = 0, first_prompt = 0;
  double summary_input = 0, summary_output = 0;  ///< of the requests that sum up
  Counted usd;                                   ///< money by class
  double all_usd = 0;                            ///< summaries aside
};

/// Expected counts over hits and pauses.
[[nodiscard]] Played played(const Talk& talk, const std::vector<CardLevel>& card);

/// The same conversation as a catalog of one model "acme/m" and a scenario with one conversation in a month of one day,
/// in which nothing else is paid.
[[nodiscard]] tokenbill::Catalog catalog_of(const Talk& talk, const std::vector<CardLevel>& card);
[[nodiscard]] tokenbill::Scenario scenario_of(const Talk& talk);
