// A month of a feature, in the order of calculation of the cost model (section "Order of calculation"):
// demand, tokens, split by cache, retries, rate card, fees, discounts and channel, overheads, infrastructure, people,
// contingency, one-time work. Each dollar once; the terms sum to the total.

#include "tokenbill/parameter.h"
#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
const Unit per_month = units::usd / units::month;
const Unit per_request = units::usd / units::request;
const Unit tokens = units::token / units::request;
const Unit requests_per_month = units::request / units::month;

/// Failure share to the power of n, and the sums over tries, for 0 to 10 extra tries without a power function.
struct Tries {
  Expr successes;  ///< share of requests that succeed in the end: 1 - p^(R+1)
  Expr failures;   ///< failed tries per request: p + p^2 + ... + p^(R+1) = attempts - successes
};
Tries tries(PlanBuilder& p, Expr failure_ratio, Expr retries) {
  constexpr int most = 10;  // parameters.def: retries <= 10
  Expr power = failure_ratio;
  Expr sum = failure_ratio;
  Expr all_failed = failure_ratio;
  for (int i = 1; i <= most; ++i) {
    power = power * failure_ratio;
    const Expr before = p.constant(i - 0.5);  // R is a whole number: R > i - 0.5 means R >= i
    sum = sum + above(retries, before, power, p.constant(0));
    all_failed = above(retries, before, power, all_failed);
  }
  return {complement(all_failed), sum};
}
}  // namespace

Expr parameter_input(PlanBuilder& plan, std::string_view id) {
  const Parameter& parameter = parameters()[parameter_index(id)];
  return plan.input(parameter.id, parameter.label, parameter.unit);
}

Result<Plan> month_plan() {
  PlanBuilder p;
  const auto in = [&](std::string_view id) { return parameter_input(p, id); };

  // Demand.
  const Expr requests_per_day = p.name("requests_per_day", "Requests a day", units::request / units::day,
                                       in("conversations_per_day") * in("turns_per_conversation"));
  const Expr requests =
      p.name("requests_per_month", "Requests a month", requests_per_month, requests_per_day * in("days_per_month"));

  // Tokens of one request, as this model counts them.
  const Expr factor = p.input("token_factor", "Tokens of this model for one token counted", units::ratio);
  const Expr text = p.name("prompt_text_tokens", "Text in a prompt", tokens, in("prompt_tokens") * factor);
  const Expr image = in("image_input_tokens");
  const Expr audio = in("audio_input_tokens");
  const Expr video = in("video_input_tokens");
  const Expr prompt = p.name("prompt_size", "Prompt, all input tokens", tokens, text + image + audio + video);
  const Expr answer = p.name("answer_tokens", "Answer, as this model counts", tokens, in("output_tokens") * factor);
  const Expr reasoning = p.name("billed_reasoning_tokens", "Hidden reasoning, as this model counts", tokens,
                                in("reasoning_tokens") * factor);
  const Expr image_out = in("image_output_tokens");
  const Expr audio_out = in("audio_output_tokens");
  p.name("output_size", "Output, all output tokens", tokens, answer + reasoning + image_out + audio_out);

  // Split of the prompt by the prefix cache. Source: cost model, prefix caching: nothing is cached below a minimum,
  // then in steps; at random arrivals the chance of a request within the lifetime is 1 - e^(-rate * lifetime).
  const Expr none = p.constant(0, tokens);
  const Expr prefix = min(in("static_prefix_tokens") * factor, text);
  const Expr step = p.input("cache_step_tokens", "Step in which prefixes are cached", tokens);
  const Expr below_minimum = p.input("cache_minimum_tokens", "Longest prefix that is not cached", tokens);
  const Expr cache_on = p.input("cache_on", "Prefix cache in use", units::ratio);
  const Expr cacheable = p.name("cacheable_tokens", "Prefix that can be cached", tokens,
                                cache_on * above(prefix, below_minimum, floor(prefix / step) * step, none));
  const Expr arrivals =
      p.name("arrivals_in_lifetime", "Requests expected within the cache's lifetime", units::ratio,
             requests_per_day / in("active_hours_per_day") *
                 p.input("cache_lifetime_hours", "Lifetime of the cache", units::hour) / p.constant(1, units::request));
  const Expr derived_hit =
      p.name("derived_hit_ratio", "Hit rate from traffic and lifetime", units::ratio, complement(decay(arrivals)));
  const Expr stored = p.input("cache_stored", "Stored cache in use", units::ratio);
  const Expr hit = p.name("hit_ratio", "Requests that find the prefix cached", units::ratio,
                          max(stored, mix(p.input("cache_hit_given", "Hit rate given by you", units::ratio),
                                          in("cache_hit_ratio"), derived_hit)));
  const Expr read = p.name("cache_read_tokens", "Prompt tokens read from the cache", tokens, cacheable * hit);
  const Expr written =
      p.name("cache_write_tokens", "Prompt tokens written to the cache", tokens, cacheable * complement(hit));
  const Expr uncached = p.name("uncached_tokens", "Prompt tokens at the full price", tokens, excess(text, cacheable));

  // Failures. Source: cost model, failures: cost = C successes + billed (C_in + phi C_out) (attempts - successes).
  const Tries outcome = tries(p, in("failure_ratio"), in("retries"));
  const Expr delivered =
      p.name("delivered_requests", "Requests answered, with answers asked for again", requests_per_month,
             requests * outcome.successes / complement(in("regeneration_ratio")));
  const Expr billed_failures =
      p.name("billed_failures", "Failed tries that are billed", requests_per_month,
             requests / complement(in("regeneration_ratio")) * outcome.failures * in("billed_failure_ratio"));

  // Rate card.
  static constexpr TokenClass classes[] = {
      TokenClass::input,        TokenClass::cache_read,  TokenClass::cache_write, TokenClass::input_image,
      TokenClass::input_audio,  TokenClass::input_video, TokenClass::output,      TokenClass::output_reasoning,
      TokenClass::output_image, TokenClass::output_audio};
  const RateCard rates(p, prompt, classes);
  // When a cache pays, from the prices alone. Source: cost model, prefix caching: break-even hit rate (w - 1) / (w -
  // r). Unknown where writing costs no more than reading, or reading no less than plain input.
  const Expr plain_price = rates.price(TokenClass::input);
  const Expr read_price = rates.price(TokenClass::cache_read);
  const Expr write_price = rates.price(TokenClass::cache_write);
  p.name("cache_break_even_hit_ratio", "Hit rate from which the cache pays", units::ratio,
         excess(write_price, plain_price) / excess(write_price, read_price));
  p.name("cache_break_even_uses", "Uses of a prefix from which the cache pays", units::ratio,
         ceil(excess(write_price, read_price) / excess(plain_price, read_price)));
  const Expr list_share = complement(in("discount_ratio"));
  const Expr token_factor =
      p.name("charge_factor", "Factor on token charges: geography and discount", units::ratio,
             p.input("geography_factor", "Factor of the place where it runs", units::ratio) * list_share);
  const auto charge = [&](TokenClass token_class, Expr amount) {
    return rates.charge(token_class, amount) * token_factor;
  };

  Expr input_charge = p.constant(0, per_request);
  Expr output_charge = p.constant(0, per_request);
  Expr sum = p.constant(0, per_month);
  const auto add = [&](std::string_view id, std::string_view label, Category category, Expr value) {
    const Expr term = p.term(id, label, category, per_month, value);
    sum = sum + term;
    return term;
  };
  const auto token_term = [&](std::string_view id, std::string_view label, TokenClass token_class, Expr amount) {
    const Expr one = charge(token_class, amount);
    (info(token_class).is_input ? input_charge : output_charge) =
        (info(token_class).is_input ? input_charge : output_charge) + one;
    add(id, label, info(token_class).category, delivered * one);
  };
  token_term("input.uncached", "Uncached input", TokenClass::input, uncached);
  token_term("input.cache_read", "Cache read", TokenClass::cache_read, read);
  // A stored cache is written once a day (below), not by requests.
  token_term("input.cache_write", "Cache write", TokenClass::cache_write, written);
  token_term("input.image", "Image input", TokenClass::input_image, image);
  token_term("input.audio", "Audio input", TokenClass::input_audio, audio);
  token_term("input.video", "Video input", TokenClass::input_video, video);
  // A stored cache is created at the input price at the start of each day and pays storage while traffic lasts.
  const Expr stored_tokens = stored * cacheable * p.constant(1, units::request);
  const Expr days = in("days_per_month");
  add("input.cache_storage", "Stored cache", Category::cache_write,
      (stored_tokens * days * p.constant(1, units::ratio / units::day) * rates.price(TokenClass::input) /
           p.constant(1e6, units::token / units::mtok) +
       stored_tokens * in("active_hours_per_day") * days *
           p.input("price.cache_storage", "Storage of a cache", units::usd / units::mtok / units::hour) /
           p.constant(1e6, units::token / units::mtok)) *
          token_factor);
  token_term("output.text", "Output", TokenClass::output, answer);
  token_term("output.reasoning", "Reasoning", TokenClass::output_reasoning, reasoning);
  token_term("output.image", "Image output", TokenClass::output_image, image_out);
  token_term("output.audio", "Audio output", TokenClass::output_audio, audio_out);
  add("failures.billed", "Failed requests that are billed", Category::failures,
      billed_failures * (input_charge + in("failed_output_ratio") * output_charge));

  // Fees.
  add("fees.request", "Fee for each request", Category::tools,
      delivered * p.input("fee.request", "Fee for a request", per_request) * list_share);
  const Expr searches = p.name("searches_per_month", "Web searches a month", units::unit / units::month,
                               delivered * in("web_searches_per_request"));
  const Expr free_searches = p.input("fee.web_search.free", "Free web searches a month", units::unit / units::month);
  add("fees.web_search", "Web searches", Category::tools,
      excess(searches, free_searches) * p.input("fee.web_search", "Fee for a web search", units::usd / units::unit) *
          list_share);

  // Channel: on everything so far.
  const Expr charged = sum;
  const Expr markup =
      add("channel.markup", "Markup of the channel", Category::channel, charged * in("channel_markup_ratio"));
  add("channel.platform_share", "Share of the platform", Category::channel,
      (charged + markup) * p.input("platform_share", "Share that the platform takes", units::ratio));
  const Expr inference = p.name("inference_per_month", "Inference", per_month, sum);
  p.name("inference_per_request", "Inference for a request", per_request, inference / requests);

  // Around inference. Source: cost model, everything around inference: percentages apply once, to inference, and add
  // up; `compound` applies each to all before it, `growth_on_all` the growth buffer alone.
  const Expr compound = p.input("overheads_compound", "Percentages compound", units::ratio);
  const Expr growth_on_all = p.input("growth_on_all", "Growth buffer on the sum of all", units::ratio);
  Expr before = p.constant(0, per_month);
  const auto overhead = [&](std::string_view id, std::string_view label, std::string_view ratio, Expr share_of_before) {
    before = before + add(id, label, Category::overheads, (inference + share_of_before * before) * in(ratio));
  };
  overhead("overheads.retries", "Retries as a flat rate", "retry_overhead_ratio", compound);
  overhead("overheads.evaluation", "Evaluation", "evaluation_ratio", compound);
  overhead("overheads.monitoring", "Monitoring", "monitoring_ratio", compound);
  overhead("overheads.experiments", "Experiments", "experiments_ratio", compound);
  overhead("overheads.staging", "Staging and tests", "staging_ratio", compound);
  overhead("overheads.growth", "Growth buffer", "growth_buffer_ratio", growth_on_all);

  // Fixed infrastructure, contingency on all that recurs without people, people, one-time work.
  add("infrastructure.vector_database", "Vector database", Category::infrastructure, in("vector_database_usd"));
  add("infrastructure.observability", "Observability tools", Category::infrastructure, in("observability_usd"));
  add("infrastructure.other", "Other infrastructure", Category::infrastructure, in("other_infrastructure_usd"));
  const Expr recurring = sum;
  add("people.operations", "People", Category::people,
      in("people_fte") * in("person_usd_per_year") / p.constant(12, units::month / units::year));
  add("contingency.reserve", "Contingency", Category::contingency, recurring * in("contingency_ratio"));
  add("one_time.development", "Development, spread", Category::one_time,
      inference * in("development_months") / in("amortisation_months"));

  const Expr total = p.name("total", "Total a month", per_month, sum);
  p.name("total_per_day", "Total a day", units::usd / units::day, total / days);
  p.name("total_per_year", "Total a year", units::usd / units::year,
         total * p.constant(12, units::month / units::year));
  p.name("total_per_conversation", "Total for a conversation", units::usd / units::conversation,
         total / days / in("conversations_per_day"));
  p.name("total_per_request", "Total for a request", per_request, total / requests);
  return p.build();
}

}  // namespace tokenbill
