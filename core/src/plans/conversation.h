#pragma once
// Closed forms of a conversation or an agent's loop, in which every request sends earlier exchanges again.
// Source: cost model, conversations and agents: T (S+x+u) + h (K(K+1)/2 + K (T-1-K)); append-only prefix caches.

#include <optional>

#include "tokenbill/plan_builder.h"

namespace tokenbill {

/// Requests 1 .. `turns` of a conversation; request t sends first + min(t - 1, kept) * growth tokens.
/// All counts are plain ratios (one conversation); tokens are per request of it, summed.
class Ramp {
 public:
  /// @param kept  earlier exchanges that are sent again; absent = all of them
  Ramp(Expr turns, Expr first, Expr growth, std::optional<Expr> kept = std::nullopt);

  [[nodiscard]] Expr turns() const { return turns_; }
  [[nodiscard]] Expr growth() const { return growth_; }
  /// 1 where earlier exchanges drop out of the window before request `planned`, else 0.
  [[nodiscard]] Expr slides(Expr planned) const;
  /// Requests after the first one.
  [[nodiscard]] Expr later(Expr n) const;
  /// Of the first n requests: how many earlier exchanges they send again, all together.
  [[nodiscard]] Expr repeats(Expr n) const;
  /// Tokens of the first n prompts.
  [[nodiscard]] Expr prompts(Expr n) const;
  /// The longest prompt, that of the last request.
  [[nodiscard]] Expr last_prompt() const;
  /// How many requests have a prompt of at most `limit` tokens.
  [[nodiscard]] Expr up_to(Expr limit) const;

 private:
  Expr turns_, first_, growth_;
  std::optional<Expr> kept_;
};

/// What the first n requests of an append-only conversation find in the prefix cache when no pause is too long: request
/// t reads `base` + (t - 2) * growth tokens, unless that is not more than `below`.
/// @param step  prefixes are cached in steps of so many tokens: half a step is lost on average
[[nodiscard]] Expr append_only_reads(const Ramp& ramp, Expr n, Expr base, Expr below, Expr step);

/// How many times a conversation of so many turns is replaced by a summary, which happens before every further request
/// once `every` of them have passed.
[[nodiscard]] Expr summaries(Expr turns, Expr every);

/// The most requests whose sum stays within `limit`, at least 1 and at most 10,001, of a conversation of which one
/// request takes `first`, two take `second`, and `turns` of them, three or more, take `all`: each later request takes
/// more than the one before by the same amount. Whole.
[[nodiscard]] Expr requests_within(Expr limit, Expr first, Expr second, Expr all, Expr turns);

/// Expected length and share cut when lengths are spread exponentially around `mean` and end at `cap`:
/// E[min(X, cap)] = mean (1 - e^(-cap/mean)), P(X > cap) = e^(-cap/mean).
struct Capped {
  Expr mean;
  Expr cut;
};
[[nodiscard]] Capped capped(Expr given, Expr cap, Expr mean);

}  // namespace tokenbill
