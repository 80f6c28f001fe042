// A conversation in which earlier exchanges are sent again, in closed form.

#include "conversation.h"
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
  const Expr zero = p.constant(0);
  const Ramp ramp(turns, static_prefix + user, user + answer, kept);
  const Expr input = p.name("input_tokens", "Input of the conversation", tokens, ramp.prompts(turns));
  const Expr output = p.name("output_tokens", "Output of the conversation", tokens, turns * answer);
  p.name("last_prompt_tokens", "Prompt of the last turn", tokens, ramp.last_prompt());

  Expr read;
  Expr written;
  if (cache == ConversationCache::append_only) {
    // While nothing is dropped, each turn reads the whole prompt of the turn before; once the window slides, the
    // messages after the static prefix change, and only that prefix hits. Everything not read is written.
    const Expr grown = min(turns, kept + p.constant(1));
    const Expr none = p.constant(0, tokens);
    read = append_only_reads(ramp, grown, static_prefix + user, none, none) + static_prefix * excess(turns, grown);
    written = excess(input, read);
  } else {
    written = above(turns, zero, static_prefix, p.constant(0, tokens));
    read = ramp.later(turns) * static_prefix;
  }
  p.name("cache_write_tokens", "Written to the cache", tokens, written);
  p.name("cache_read_tokens", "Read from the cache", tokens, read);
  const Expr fresh = excess(excess(input, read), written);

  // Prices at the base level: the turns of a conversation are priced one by one where tiers matter.
  const auto usd = [&](TokenClass token_class, Expr amount) {
    return amount *
           p.input(price_input_id(token_class, 0, false), std::string(info(token_class).label),
                   units::usd / units::mtok) /
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
