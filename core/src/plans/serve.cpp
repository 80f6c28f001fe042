#include "serve.h"

#include "conversation.h"

namespace tokenbill {

namespace {
const Unit tokens = units::token / units::request;
const Unit usd_per_request = units::usd / units::request;

/// How a prefix is cached.
struct Cache {
  Expr on;      ///< 1 or 0
  Expr stored;  ///< 1 or 0
  Expr below;   ///< the longest prefix that is not cached
  Expr step;
  Expr hit;           ///< chance that the static prefix is found by the first request
  Expr warm;          ///< chance that a later request comes within the lifetime
  Expr static_read;   ///< tokens of the static prefix that can be found
  Expr static_write;  ///< tokens of it that are written when it is not
  Expr cut;           ///< 1 where a changing line cuts the prefix off before the history
};

/// A run of requests, and how often it occurs in a conversation.
struct Run {
  Ramp text;
  Ramp size;  ///< with images, sound and video
  Expr times;
  Expr base;         ///< what the second request finds of the first
  Expr unwritten;    ///< at the end of each prompt, from what is dropped before the next on
  Expr opening_hit;  ///< chance that its first request finds the static prefix
  Expr static_read;  ///< tokens of the static prefix that can be found
  Expr static_write;
  bool append_only;
  bool has_media;
};
}  // namespace

std::string_view role_prefix(Role role) {
  static constexpr std::string_view prefixes[] = {"",         "route_1.", "route_2.", "route_3.",
                                                  "route_4.", "route_5.", "route_6.", "route_7.",
                                                  "route_8.", "batch.",   "fallback."};
  return prefixes[static_cast<std::size_t>(role)];
}

Served serve(PlanBuilder& p, const MonthShape& shape, Role role, const Workload& work, Expr share) {
  const std::string prefix(role_prefix(role));
  const bool chosen = role == Role::chosen && !work.trial;
  const auto in = [&](const char* id) { return parameter_input(p, id); };
  const auto bound = [&](const char* id, const char* label, const Unit& unit) {
    return p.input((prefix + id).c_str(), label, unit);
  };
  // The chosen model's figures are named; of the others only what their limits and shares need.
  const auto figure = [&](const char* id, const char* label, const Unit& unit, Expr value) {
    return chosen ? p.name(id, label, unit, value) : value;
  };
  const auto of_role = [&](const char* id, const char* label, const Unit& unit, Expr value) {
    return work.trial ? value : p.name((prefix + id).c_str(), label, unit, value);
  };
  const Expr zero = p.constant(0);
  const Expr one = p.constant(1);
  const Expr none = p.constant(0, tokens);
  const bool grows = shape.history != History::given;

  // Tokens of a request, as this model counts them.
  const Expr factor = bound("token_factor", "Tokens of this model for one token counted", units::ratio);
  const Expr kept_text = work.trim * factor;
  const Expr prompt_text = in("prompt_tokens") * kept_text;
  const Expr tools = in("tools");
  const Expr tool_prompt =
      tools * in("tool_schema_tokens") * factor +
      above(tools, zero, bound("tool_prompt_tokens", "Tool prompt that the seller adds", tokens), none);
  const Expr prefix_text = min(in("static_prefix_tokens") * kept_text, prompt_text);
  const Expr static_text =
      figure("static_tokens", "Unchanging start of the prompt, tools included", tokens, prefix_text + tool_prompt);
  const Expr line = in("changing_line_tokens") * factor;
  const Expr fresh = excess(prompt_text, prefix_text) + line;
  const Expr brought = figure(
      "retrieved_tokens", "Text that retrieval and tools bring to a request", tokens,
      (in("chunks_per_request") * in("chunk_tokens") * work.trim +
       in("web_searches_per_request") * complement(in("failed_searches_ratio")) * in("search_result_tokens") +
       in("web_fetches_per_request") * in("page_tokens") + in("pdf_pages_per_request") * in("pdf_page_text_tokens")) *
          factor);
  const Expr text = figure("prompt_text_tokens", "Text of the first prompt", tokens, static_text + fresh + brought);
  const Expr image = figure(
      "image_tokens", "Images in a request, as this model counts", tokens,
      in("image_input_tokens") +
          in("images_per_request") * bound("image_tokens_each", "Tokens of one image", units::token / units::unit) +
          in("pdf_pages_per_request") *
              bound("pdf_page_tokens", "Tokens of the picture of a page", units::token / units::unit));
  const Unit per_second = units::token / units::second;
  const Expr audio = in("audio_input_tokens") +
                     in("audio_input_seconds") * bound("audio_input_rate", "Tokens of a second heard", per_second);
  const Expr video = in("video_input_tokens") +
                     in("video_input_seconds") * bound("video_rate", "Tokens of a second of video", per_second);
  const Expr media = image + audio + video;

  const Capped answer_text = capped(p.input("output_cap_given", "Cap on the answer given", units::ratio),
                                    in("output_cap_tokens"), in("output_tokens"));
  const Expr answer = figure("answer_tokens", "Answer, as this model counts", tokens, answer_text.mean * factor);
  const Expr reasoning = figure("billed_reasoning_tokens", "Hidden reasoning, as this model counts", tokens,
                                in("reasoning_tokens") * factor);
  const Expr image_out = in("image_output_tokens");
  const Expr audio_out =
      in("audio_output_tokens") +
      in("audio_output_seconds") * bound("audio_output_rate", "Tokens of a second spoken", per_second);
  of_role("output_size", "Output, all output tokens", tokens, answer + reasoning + image_out + audio_out);

  // What an exchange adds to the next prompt.
  const Expr brought_kept = p.input("retrieved_sent_again", "Retrieved text is sent again", units::ratio);
  const Expr reasoning_kept = bound("reasoning_sent_again", "Reasoning of earlier turns is sent again", units::ratio);
  const Expr dropped = brought * complement(brought_kept);
  const Expr step = mix(p.input("turn_input_given", "New text in a later request given", units::ratio),
                        in("turn_input_tokens") * kept_text, excess(prompt_text, prefix_text)) +
                    answer + reasoning * reasoning_kept;
  const Expr growth = figure("history_growth_tokens", "What an exchange adds to the next prompt", tokens,
                             grows ? step + brought * brought_kept : none);
  const Expr audio_growth = audio + audio_out;

  // Prefix cache. Source: cost model, prefix caching: nothing is cached below a minimum, then in steps; at random
  // arrivals the chance of a request within the lifetime is 1 - e^(-rate * lifetime).
  Cache cache;
  cache.on = bound("cache_on", "Prefix cache in use", units::ratio);
  cache.stored = bound("cache_stored", "Stored cache in use", units::ratio);
  cache.step = bound("cache_step_tokens", "Step in which prefixes are cached", tokens);
  cache.below = bound("cache_minimum_tokens", "Longest prefix that is not cached", tokens);
  const Expr lifetime = bound("cache_lifetime_hours", "Lifetime of the cache", units::hour);
  const auto cacheable = [&](Expr part) {
    return cache.on * above(part, cache.below, floor(part / cache.step) * cache.step, none);
  };
  const Expr line_placed = p.input("changing_line_placed", "Place of the changing line given", units::ratio);
  cache.cut = above(line * line_placed, none, one, zero);
  const Expr before_line = in("tokens_before_changing_line") * kept_text;
  cache.static_read = figure("cacheable_tokens", "Prefix that can be cached", tokens,
                             cacheable(above(line * line_placed, none, min(before_line, static_text), static_text)));
  cache.static_write = above(line * line_placed, none, cacheable(static_text), cache.static_read);
  const Expr arrivals =
      figure("arrivals_in_lifetime", "Requests expected within the cache's lifetime", units::ratio,
             work.requests_per_day * share / in("active_hours_per_day") * lifetime / p.constant(1, units::request));
  // Requests that keep the cache warm come evenly, the others at random: one finds nothing when neither came in time.
  const Expr pings = in("keep_warm_per_hour");
  const Expr covered = min(one, pings * lifetime / p.constant(1, units::request));
  const Expr alone = decay(arrivals);
  const Expr derived_hit = figure("derived_hit_ratio", "Hit rate from traffic and lifetime", units::ratio,
                                  complement(complement(covered) * alone));
  if (role == Role::fallback) {
    // It starts cold; what a refund gives back is priced as the cache that the chosen model had.
    const Expr refunded = in("fallback_refund_ratio");
    cache.hit = refunded * work.hit;
    cache.warm = refunded * work.warm;
  } else {
    cache.hit = figure("hit_ratio", "Requests that find the prefix cached", units::ratio,
                       max(cache.stored, mix(p.input("cache_hit_given", "Hit rate given by you", units::ratio),
                                             in("cache_hit_ratio"), derived_hit)));
    const Expr pause = in("turn_gap_minutes") / p.constant(60, units::minute / units::hour);
    cache.warm = !grows && !shape.subagents
                     ? zero
                     : figure("warm_ratio", "Later requests within the cache's lifetime", units::ratio,
                              complement(mix(p.input("long_gap_given", "Share of long pauses given", units::ratio),
                                             in("long_gap_ratio"), decay(lifetime / pause))));
  }

  // The runs of requests that a conversation consists of.
  const Expr later_hit = cache.warm + complement(cache.warm) * cache.hit;
  const Expr base = above(dropped, none, static_text, excess(text, line));
  const Expr unwritten = above(dropped, none, brought + fresh, line);
  std::vector<Run> runs;
  const Expr first = text + media;
  if (shape.history == History::summary) {
    // Cycles of m requests; the first starts from nothing, the others from a summary of s tokens.
    const Expr every = in("summary_every_turns") / p.constant(1, units::request / units::conversation);
    const Expr summary = in("summary_tokens") * factor;
    const Expr cycles = summaries(work.turns, every);
    const Expr opening = min(work.turns, every);
    const Expr last = excess(work.turns, cycles * every);
    const auto cycle = [&](Expr turns, Expr from, Expr times, Expr hit) {
      runs.push_back({Ramp(turns, text + from, growth), Ramp(turns, first + from, growth + audio_growth), times,
                      base + from, unwritten, hit, cache.static_read, cache.static_write, true, true});
    };
    cycle(opening, none, one, cache.hit);
    cycle(every, summary, excess(cycles, one), later_hit);
    cycle(last, summary, min(cycles, one), later_hit);
  } else if (grows) {
    std::optional<Expr> kept;
    if (shape.history == History::window) kept = in("kept_exchanges");
    if (shape.history == History::cap)
      kept = floor(excess(in("history_limit_tokens") * factor, first) / max(growth, p.constant(1e-9, tokens)));
    runs.push_back({Ramp(work.turns, text, growth, kept), Ramp(work.turns, first, growth + audio_growth, kept), one,
                    base, unwritten, cache.hit, cache.static_read, cache.static_write, true, true});
  } else {
    runs.push_back({Ramp(work.turns, text, none), Ramp(work.turns, first, none), one, base, unwritten, cache.hit,
                    cache.static_read, cache.static_write, false, true});
  }
  if (shape.subagents) {
    const Expr turns = in("subagent_turns") / p.constant(1, units::request / units::conversation);
    const Expr task = in("subagent_prompt_tokens") * kept_text + tool_prompt;
    // Each with a prefix of its own, so that its first request finds nothing.
    const Ramp ramp(turns, task, step);
    runs.push_back({ramp, ramp, in("subagents_per_conversation"), task, none, zero, none, none, true, false});
  }

  // Charges by class and tier.
  const RateCard rates(p, prefix, shape.tiers, priced_classes);
  const Expr charge_factor = of_role(
      "charge_factor", "Factor on token charges: geography, discount, decline of prices", units::ratio,
      bound("geography_factor", "Factor of the place where it runs", units::ratio) * complement(in("discount_ratio")) *
          p.input("price_factor", "What moving to newer models has made of prices", units::ratio));
  Served served;
  served.history_growth = growth;
  served.reasoning = reasoning;
  served.answer = answer;
  served.hit = cache.hit;
  served.warm = cache.warm;
  served.requests = zero;
  Expr largest = none;
  Expr input_tokens = none;
  Expr read_tokens = none;
  Expr written_tokens = none;
  Expr media_tokens = none;
  Expr heard_again = none;                                  // sound of earlier turns that is found in the cache
  const Expr flows = above(cache.stored, zero, zero, one);  // requests write a cache that is not stored

  // Tokens of the first n requests of a run.
  struct Sums {
    Expr n, text, media_audio, read, written, audio_read;
  };
  const auto sums = [&](const Run& run, Expr n) {
    Sums s;
    s.n = n;
    const Expr later = run.text.later(n);
    const Expr opened = min(n, one);
    s.text = run.text.prompts(n);
    s.media_audio = grows ? n * audio + run.text.repeats(n) * audio_growth : n * audio;
    // Only the static prefix is marked: where nothing else stays, and where a window slides.
    const Expr static_reads =
        (grows ? opened * run.opening_hit + later * later_hit : n * run.opening_hit) * run.static_read;
    const Expr static_writes = excess(n * run.static_write, static_reads) * flows;
    s.audio_read = none;
    if (!run.append_only) {
      s.read = static_reads;
      s.written = static_writes;
      return s;
    }
    const Expr grown = append_only_reads(run.text, n, run.base, cache.below, cache.step) * cache.on;
    const Expr whole_reads =
        opened * run.opening_hit * run.static_read + mix(cache.warm, grown, later * cache.hit * run.static_read);
    const Expr too_short = min(n, run.text.up_to(cache.below + run.unwritten));
    const Expr writable = excess(s.text, n * run.unwritten);
    const Expr unwritable = excess(run.text.prompts(too_short), too_short * run.unwritten);
    const Expr whole_writes = excess(excess(writable, unwritable) * cache.on, whole_reads);
    // A stored cache, a changing line before the history and a window that slides leave only the static prefix.
    const Expr static_only = max(max(cache.stored, cache.cut), run.text.slides(work.planned_turns));
    s.read = above(static_only, zero, static_reads, whole_reads);
    s.written = above(static_only, zero, static_writes, whole_writes);
    s.audio_read =
        above(static_only, zero, none,
              above(run.size.last_prompt(), cache.below,
                    cache.on * cache.warm * (later * audio + later * excess(later, one) / p.constant(2) * audio_growth),
                    none));
    return s;
  };

  const auto add = [&](TokenClass token_class, Expr amount, Expr price) {
    Expr& charge = served.charge[static_cast<std::size_t>(token_class)];
    const Expr usd = RateCard::charge(amount, price) * charge_factor;
    charge = charge.builder() == nullptr ? usd : charge + usd;
  };
  for (const Run& run : runs) {
    served.requests = served.requests + run.times * run.text.turns();
    largest = max(largest, above(run.times, zero, run.size.last_prompt(), none));
    const Sums all = sums(run, run.text.turns());
    const auto rest = [&](const Sums& s) { return excess(excess(s.text, s.read), s.written); };
    input_tokens = input_tokens + run.times * all.text;
    read_tokens = read_tokens + run.times * all.read;
    written_tokens = written_tokens + run.times * all.written;
    if (run.has_media) {
      media_tokens = media_tokens + run.times * (all.n * (image + video) + all.media_audio);
      heard_again = heard_again + run.times * all.audio_read;
    }
    // Amounts of one level of tiers, all requests of which have the same prices.
    const auto bill = [&](const Sums& s, const auto& price) {
      const auto put = [&](TokenClass token_class, Expr amount) {
        add(token_class, run.times * amount, price(token_class));
      };
      put(TokenClass::input, rest(s));
      put(TokenClass::cache_read, s.read);
      put(TokenClass::cache_write, s.written);
      if (run.has_media) {
        put(TokenClass::input_image, s.n * image);
        put(TokenClass::input_audio, excess(s.media_audio, s.audio_read));
        put(TokenClass::cache_read_audio, s.audio_read);
        put(TokenClass::input_video, s.n * video);
      }
      put(TokenClass::output, s.n * answer);
      put(TokenClass::output_reasoning, s.n * reasoning);
      put(TokenClass::output_image, s.n * image_out);
      put(TokenClass::output_audio, s.n * audio_out);
    };
    if (!run.append_only || shape.tiers == 0) {
      bill(all, [&](TokenClass token_class) { return rates.price_for(token_class, run.size.last_prompt()); });
      continue;
    }
    // Prompts only grow: the requests of each level follow one another.
    Sums lower = sums(run, run.size.up_to(rates.threshold(1)));
    bill(lower, [&](TokenClass token_class) { return rates.price(token_class, 0); });
    for (std::size_t level = 1; level <= shape.tiers; ++level) {
      const Sums upper = level == shape.tiers ? all : sums(run, run.size.up_to(rates.threshold(level + 1)));
      Sums between;
      between.n = excess(upper.n, lower.n);
      between.text = excess(upper.text, lower.text);
      between.media_audio = excess(upper.media_audio, lower.media_audio);
      between.read = excess(upper.read, lower.read);
      between.written = excess(upper.written, lower.written);
      between.audio_read = excess(upper.audio_read, lower.audio_read);
      bill(between, [&](TokenClass token_class) { return rates.price(token_class, level); });
      lower = upper;
    }
  }
  served.largest_prompt = of_role("prompt_size", "Longest prompt, all input tokens", tokens, largest);

  // A stored cache is created at the input price at the start of each day and pays storage while traffic lasts.
  const Expr days = in("days_per_month");
  const Expr stored_tokens = cache.stored * cache.static_read * p.constant(1, units::request);
  const Expr created = stored_tokens * days * p.constant(1, units::ratio / units::day);
  const Expr held = stored_tokens * in("active_hours_per_day") * days;
  served.storage = (RateCard::charge(created, rates.price_for(TokenClass::input, text)) +
                    held * bound("price.cache_storage", "Storage of a cache", units::usd / units::mtok / units::hour) /
                        p.constant(1e6, units::token / units::mtok)) *
                   charge_factor;

  // Source: cost model, prefix caching: one read in a lifetime keeps a cache; each is a request with one token of
  // output. One that comes too late for the one before writes, unless another request came in time.
  const Expr hours = above(p.input("keep_warm_always", "The cache is kept warm day and night", units::ratio), zero,
                           p.constant(24, units::hour / units::day), in("active_hours_per_day"));
  const Expr sent = figure(
      "keep_warm_requests", "Requests that keep the cache warm, a month", units::request / units::month,
      above(cache.static_read, none, pings * hours * days, p.constant(0, units::request / units::month)) * flows);
  const auto price_of = [&](TokenClass token_class) { return rates.price_for(token_class, cache.static_read); };
  const Expr found = above(one, covered, complement(alone), one);
  served.keep_warm = sent * charge_factor *
                     (RateCard::charge(cache.static_read, mix(found, price_of(TokenClass::cache_read),
                                                              price_of(TokenClass::cache_write))) +
                      RateCard::charge(p.constant(1, tokens), price_of(TokenClass::output)));

  served.input = p.constant(0, usd_per_request);
  served.output = p.constant(0, usd_per_request);
  for (const TokenClass token_class : priced_classes) {
    Expr& sum = info(token_class).is_input ? served.input : served.output;
    sum = sum + served.charge[static_cast<std::size_t>(token_class)];
  }
  const Expr output_tokens = served.requests * (answer + reasoning + image_out + audio_out);
  served.tokens = input_tokens + media_tokens + output_tokens;
  served.capacity_tokens = excess(input_tokens, read_tokens) + read_tokens * in("capacity_cached_weight") +
                           excess(media_tokens, heard_again) + output_tokens * in("capacity_output_weight");
  served.to_read =
      (excess(input_tokens, read_tokens) + excess(media_tokens, heard_again)) / max(served.requests, p.constant(1e-9));
  if (!chosen) return served;

  p.name("tokens_to_read", "Prompt tokens of a request that the model has to read", tokens, served.to_read);
  // What a request has on average, and when a cache pays, from the prices alone. Source: cost model, prefix caching:
  // break-even hit rate (w - 1) / (w - r). Unknown where writing costs no more than reading, or reading no less than
  // plain input.
  p.name("conversation_read_tokens", "Read from the cache in a conversation", tokens, read_tokens);
  p.name("conversation_write_tokens", "Written to the cache in a conversation", tokens, written_tokens);
  p.name("conversation_uncached_tokens", "Input at the full price in a conversation", tokens,
         excess(excess(input_tokens, read_tokens), written_tokens) + excess(media_tokens, heard_again));
  p.name("conversation_output_tokens", "Output of a conversation", tokens, output_tokens);
  p.name("average_prompt_tokens", "Prompt of a request on average, text", tokens, input_tokens / served.requests);
  p.name("cache_read_tokens", "Prompt tokens read from the cache", tokens, read_tokens / served.requests);
  p.name("cache_write_tokens", "Prompt tokens written to the cache", tokens, written_tokens / served.requests);
  p.name("uncached_tokens", "Prompt tokens at the full price", tokens,
         excess(excess(input_tokens, read_tokens), written_tokens) / served.requests);
  p.name("cached_ratio", "Share of the prompts read from the cache", units::ratio, read_tokens / input_tokens);
  const Expr plain_price = rates.price_for(TokenClass::input, text);
  const Expr read_price = rates.price_for(TokenClass::cache_read, text);
  const Expr write_price = rates.price_for(TokenClass::cache_write, text);
  p.name("cache_break_even_hit_ratio", "Hit rate from which the cache pays", units::ratio,
         excess(write_price, plain_price) / excess(write_price, read_price));
  p.name("cache_break_even_uses", "Uses of a prefix from which the cache pays", units::ratio,
         ceil(excess(write_price, read_price) / excess(plain_price, read_price)));
  return served;
}

}  // namespace tokenbill
