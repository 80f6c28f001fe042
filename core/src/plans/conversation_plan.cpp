// A conversation in which earlier exchanges are sent again, in closed form.

#include "tokenbill/plans.h"

namespace tokenbill {

Result<Plan> conversation_plan(ConversationCache cache) {
  PlanBuilder p;
  const Unit tokens = units::token;
  const Expr static_prefix = p.input("static_prefix", "Static prefix", tokens);
  const Expr user = p.input("user", "User message", tokens);
  const Expr answer = p.input("answer", "Answer", tokens);
  const Expr turns = p.input("turns", "Turns", units::ratio);
  const Expr kept = p.input("kept", "Earlier exchanges sent again", units::ratio);
  const Expr one = p.constant(1);
  const Expr two = p.constant(2);
  const Expr earlier = excess(turns, one);
  const Expr window = min(kept, earlier);  // K
  const Expr exchange = user + answer;     // h

  // T(S+u) + h (K(K+1)/2 + K(T-1-K)): the window grows over K turns, then stays full.
  const Expr input = p.name(
      "input_tokens", "Input of the conversation", tokens,
      turns * (static_prefix + user) + exchange * (window * (window + one) / two + window * excess(earlier, window)));
  const Expr output = p.name("output_tokens", "Output of the conversation", tokens, turns * answer);
  p.name("last_prompt_tokens", "Prompt of the last turn", tokens, static_prefix + window * exchange + user);

  Expr read;
  Expr written;
  if (cache == ConversationCache::append_only) {
    // While nothing is dropped (turns 2 to K+1), each turn reads the whole prompt of the turn before; once the window
    // slides, the messages after the static prefix change, and only that prefix hits. Everything not read is written.
    read = window * (static_prefix + user) + exchange * (window * excess(window, one) / two) +
           static_prefix * excess(earlier, window);
    written = excess(input, read);
  } else {
    written = static_prefix;
    read = earlier * static_prefix;
  }
  p.name("cache_write_tokens", "Written to the cache", tokens, written);
  p.name("cache_read_tokens", "Read from the cache", tokens, read);
  const Expr fresh = excess(excess(input, read), written);

  // Prices at the base level: the turns of a conversation are priced one by one where tiers matter.
  const auto usd = [&](TokenClass token_class, Expr amount) {
    return amount * p.input(price_input_id(token_class, 0, false), info(token_class).label, units::usd / units::mtok) /
           p.constant(1e6, units::token / units::mtok);
  };
  const Expr output_usd = usd(TokenClass::output, output);
  p.name("uncached_usd", "Without cache", units::usd, usd(TokenClass::input, input) + output_usd);
  p.name("cached_usd", "With cache", units::usd,
         usd(TokenClass::input, fresh) + usd(TokenClass::cache_read, read) + usd(TokenClass::cache_write, written) +
             output_usd);
  return p.build();
}

}  // namespace tokenbill
