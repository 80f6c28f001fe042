#pragma once
// What one model charges for its part of a month's requests: tokens by class and context tier, prefix cache, charges.

#include <array>
#include <string>
#include <vector>

#include "tokenbill/parameter.h"
#include "tokenbill/plans.h"

namespace tokenbill {

/// What the requests are, before any model counts them. Ratios, and counts of one conversation.
struct Workload {
  Expr turns;             ///< requests of a conversation, a cap applied; sub-agents aside
  Expr planned_turns;     ///< requests that a conversation is laid out for: where the cache's mark stands
  Expr requests_per_day;  ///< that reach a model
  Expr trim;              ///< share of text that is kept
  Expr hit, warm;         ///< of the chosen model's cache; for the others, once it is served
  bool trial = false;     ///< to see what so many requests take: no figure is named
};

/// One model's part. Amounts are of one conversation, told per opening request: multiply by conversations a month.
struct Served {
  std::array<Expr, token_class_count> charge;  ///< USD, by class; empty where the class is not used
  Expr input;                                  ///< USD, all input classes
  Expr output;                                 ///< USD, all output classes
  Expr tokens;                                 ///< all of them
  Expr capacity_tokens;                        ///< weighted as provisioned capacity counts them
  Expr storage;                                ///< USD in a month for a stored cache
  Expr keep_warm;                              ///< USD in a month for requests that keep the cache warm
  Expr requests;                               ///< of a conversation, sub-agents included
  Expr largest_prompt;
  Expr hit, warm;  ///< first requests that find the prefix, later ones that come in time
  Expr to_read;    ///< prompt tokens of a mean request that no cache has
  Expr reasoning;  ///< tokens of a request, as this model counts
  Expr answer;
  Expr history_growth;  ///< tokens that each exchange adds to the next prompt
};

/// @param share   part of the requests that this model answers
[[nodiscard]] Served serve(PlanBuilder& plan, const MonthShape& shape, Role role, const Workload& work, Expr share);

/// The token classes of a request.
inline constexpr TokenClass priced_classes[] = {
    TokenClass::input,        TokenClass::cache_read,  TokenClass::cache_write,
    TokenClass::input_image,  TokenClass::input_audio, TokenClass::cache_read_audio,
    TokenClass::input_video,  TokenClass::output,      TokenClass::output_reasoning,
    TokenClass::output_image, TokenClass::output_audio};

}  // namespace tokenbill
