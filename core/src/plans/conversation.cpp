#include "conversation.h"

namespace tokenbill {

namespace {
Expr number(Expr like, double value) { return like.builder()->constant(value); }
/// n (n - 1) / 2
Expr pairs(Expr n) { return n * excess(n, number(n, 1)) / number(n, 2); }
/// Keeps a quotient finite where nothing grows: the branch that uses it is not reached then.
Expr at_least_a_trifle(Expr value) {
  PlanBuilder& plan = *value.builder();
  return max(value, plan.constant(1e-9, plan.unit_of(value)));
}
}  // namespace

Ramp::Ramp(Expr turns, Expr first, Expr growth, std::optional<Expr> kept)
    : turns_(turns), first_(first), growth_(growth), kept_(kept) {}

Expr Ramp::later(Expr n) const { return excess(n, number(n, 1)); }

Expr Ramp::repeats(Expr n) const {
  const Expr before = later(n);
  if (!kept_) return pairs(n);
  // The window grows over K requests, then stays full.
  const Expr window = min(*kept_, before);
  return window * (window + number(n, 1)) / number(n, 2) + window * excess(before, window);
}

Expr Ramp::prompts(Expr n) const { return n * first_ + repeats(n) * growth_; }

Expr Ramp::last_prompt() const {
  const Expr before = later(turns_);
  return first_ + (kept_ ? min(*kept_, before) : before) * growth_;
}

Expr Ramp::slides(Expr planned) const {
  const Expr never = number(turns_, 0);
  return kept_ ? above(later(planned), *kept_, number(turns_, 1), never) : never;
}

Expr Ramp::up_to(Expr limit) const {
  const Expr none = number(turns_, 0);
  const Expr growing = min(turns_, floor(excess(limit, first_) / at_least_a_trifle(growth_)) + number(turns_, 1));
  return above(last_prompt(), limit, above(first_, limit, none, growing), turns_);
}

Expr append_only_reads(const Ramp& ramp, Expr n, Expr base, Expr below, Expr step) {
  const Expr growth = ramp.growth();
  const Expr later = ramp.later(n);
  const Expr none = number(n, 0);
  const Expr one = number(n, 1);
  // The first requests after the opening one whose prefix is too short to be cached.
  const Expr too_short =
      above(base, below, none, min(later, floor(excess(below, base) / at_least_a_trifle(growth)) + one));
  const Expr all = later * base + pairs(later) * growth;
  const Expr missed = too_short * base + pairs(too_short) * growth;
  const Expr half_step = excess(step, n.builder()->constant(1, n.builder()->unit_of(step))) / number(n, 2);
  return excess(excess(all, missed), excess(later, too_short) * half_step);
}

Expr summaries(Expr turns, Expr every) { return floor(excess(turns, number(turns, 1)) / every); }

Expr requests_within(Expr limit, Expr first, Expr second, Expr all, Expr turns) {
  // n requests take first + m d + g m (m - 1) / 2, m = n - 1. With B the limit less the first request and e = d - g /
  // 2, m = 2 B / (e + sqrt(e^2 + 2 g B)).
  PlanBuilder& plan = *limit.builder();
  const Expr unit = plan.constant(1, plan.unit_of(limit));
  const Expr later = excess(turns, number(turns, 1));
  const Expr d = max(excess(second, first) / unit, number(turns, 1e-15));
  const Expr g = excess(excess(all, first) / unit, later * d) / pairs(later);
  const Expr left = excess(limit, first) / unit;
  const Expr one = number(turns, 1);
  const Expr two = number(turns, 2);
  const Expr e = excess(d, g / two);
  const Expr m = two * left / (e + root(e * e + two * g * left));
  return one + floor(min(m, number(turns, 10000)) * number(turns, 1 + 1e-12));
}

Capped capped(Expr given, Expr cap, Expr mean) {
  const Expr over = decay(cap / at_least_a_trifle(mean));
  return {mix(given, mean * complement(over), mean), given * over};
}

}  // namespace tokenbill
