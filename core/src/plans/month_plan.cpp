// A month of a feature, in the order of calculation of the cost model (section "Order of calculation"): demand,
// response cache, routing, tokens (serve.cpp), failures, fees, commitments and channel = inference; then side services,
// what stands around inference, infrastructure, people, contingency, one-time work, tax. Each dollar once; the terms
// sum to the total.

#include "conversation.h"
#include "parts.h"
#include "serve.h"
#include "tokenbill/parameter.h"
#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
const Unit per_month = units::usd / units::month;
const Unit per_request = units::usd / units::request;
const Unit tokens = units::token / units::request;
const Unit requests_per_month = units::request / units::month;
const Unit units_per_month = units::unit / units::month;

/// The month under construction: its terms are added in order.
class Month {
 public:
  explicit Month(const MonthShape& shape) : shape_(shape) {}
  Result<Plan> build();

 private:
  Expr in(const char* id) { return parameter_input(p, id); }
  Expr flag(const char* id, const char* label) { return p.input(id, label, units::ratio); }
  Expr add(const char* id, const char* label, Category category, Expr value) {
    const Expr term = p.term(id, label, category, per_month, value);
    sum_ = sum_ + term;
    return term;
  }

  Expr reached();
  Expr first_token();
  void lower_cap(Expr& given, Expr& cap);
  void demand();
  void shares();
  void tokens_and_failures();
  void helpers();
  void fees();
  void commitments_and_channel();
  void side_services();
  void around_inference();
  void fixed_cost();
  void totals();
  void value();
  void latency();

  PlanBuilder p;
  MonthShape shape_;
  Expr sum_;

  Expr days_, conversations_, requests_, list_share_;
  Workload work_;
  Expr cut_ratio_;  ///< conversations that a cap ends early
  Expr served_;     ///< share of requests that reach a model
  std::array<Expr, role_count> share_;
  Expr delivered_;           ///< opening requests a month that end with an answer
  Expr failed_, broken_;     ///< opening requests a month that fail and are billed; in part, and in full
  Expr delivered_requests_;  ///< requests a month that end with an answer
  Expr asked_, answered_;    ///< the same without those of sub-agents: asked for, and answered
  std::array<Served, role_count> served_by_;
  std::array<Expr, role_count> charged_;  ///< tokens and request fees of a role in a month
  Expr on_demand_;        ///< share of the chosen model's tokens that provisioned capacity does not serve
  Expr capacity_needed_;  ///< weighted tokens a month
  Expr keep_warm_, stopped_usd_;
  Expr classifier_usd_, lookup_, lookups_, review_, inference_, index_build_;
};

Result<Plan> Month::build() {
  sum_ = p.constant(0, per_month);
  days_ = in("days_per_month");
  list_share_ = complement(in("discount_ratio"));
  if (shape_.caps) shares();  // how far a cap reaches depends on how warm the cache is
  demand();
  if (!shape_.caps) shares();
  tokens_and_failures();
  helpers();
  fees();
  commitments_and_channel();
  side_services();
  around_inference();
  fixed_cost();
  totals();
  value();
  latency();
  return p.build();
}

// Guardrail and response cache keep requests from the models. Source: cost model, response caches: (1 - h) + h e of the
// turns reach a model, with e the share of wrong hits.
Expr Month::reached() {
  const Expr hits = flag("response_cache_on", "Response cache in use") * in("response_cache_hit_ratio");
  return complement(in("guardrail_blocked_ratio")) * (complement(hits) + hits * in("response_cache_wrong_ratio"));
}

// Caps on the tokens or the cost of a conversation are caps on its requests: so many as stay within. Source: cost
// model, agents: max tokens and budget per task. What n requests take is a parabola through 1, 2 and as many as there
// would be without the cap: exactly so where all earlier turns are sent again, or none.
void Month::lower_cap(Expr& given, Expr& cap) {
  const Expr zero = p.constant(0);
  const Expr one_request = p.constant(1, units::request / units::conversation);
  Workload work = work_;
  work.trial = true;
  MonthShape shape = shape_;
  shape.subagents = false;
  const Expr planned = in("turns_per_conversation");
  const Expr most = max(planned / one_request, p.constant(3));
  work.planned_turns = most;
  work.requests_per_day = in("conversations_per_day") * planned * reached();
  work.trim = complement(in("prompt_trim_ratio"));
  std::array<Served, 3> trials;
  const Expr turns[] = {p.constant(1), p.constant(2), most};
  for (std::size_t i = 0; i < trials.size(); ++i) {
    work.turns = turns[i];
    trials[i] = serve(p, shape, Role::chosen, work, share_[0]);
  }
  const auto lower = [&](const char* id, const char* label, Expr is_given, Expr requests) {
    const Expr allowed = p.name(id, label, units::request / units::conversation, requests * one_request);
    cap = above(is_given, zero, above(given, zero, min(cap, allowed), allowed), cap);
    given = max(given, is_given);
  };
  lower("token_cap_requests", "Requests that the cap on tokens allows",
        flag("token_cap_given", "Cap on the tokens of a conversation given"),
        requests_within(in("token_cap") / one_request, trials[0].tokens, trials[1].tokens, trials[2].tokens, most));
  const auto usd = [&](std::size_t i) { return trials[i].input + trials[i].output; };
  lower("usd_cap_requests", "Requests that the cap on cost allows",
        flag("usd_cap_given", "Cap on the cost of a conversation given"),
        requests_within(in("usd_cap") / one_request, usd(0), usd(1), usd(2), most));
}

void Month::demand() {
  const Expr one_request = p.constant(1, units::request / units::conversation);
  const Expr conversations_per_day = in("conversations_per_day");
  conversations_ = p.name("conversations_per_month", "Conversations a month", units::conversation / units::month,
                          conversations_per_day * days_);
  Expr cap_given = flag("request_cap_given", "Cap on requests given");
  Expr cap = in("request_cap");
  if (shape_.caps) lower_cap(cap_given, cap);
  const Capped turns = capped(cap_given, cap, in("turns_per_conversation"));
  work_.turns = turns.mean / one_request;
  const Unit turns_unit = units::request / units::conversation;
  work_.planned_turns = mix(
      flag("planned_turns_given", "Length that a conversation is laid out for given"),
      p.input("planned_turns", "Requests that a conversation is laid out for", turns_unit) / one_request, work_.turns);
  cut_ratio_ = p.name("cut_conversations_ratio", "Conversations that the cap ends early", units::ratio, turns.cut);
  Expr requests_per_conversation = turns.mean;
  if (shape_.subagents)
    requests_per_conversation = requests_per_conversation + in("subagents_per_conversation") * in("subagent_turns");
  const Expr requests_per_day = p.name("requests_per_day", "Requests a day", units::request / units::day,
                                       conversations_per_day * requests_per_conversation);
  requests_ = p.name("requests_per_month", "Requests a month", requests_per_month, requests_per_day * days_);

  served_ = p.name("served_ratio", "Requests that reach a model", units::ratio, reached());
  // Sub-agents have prompts of their own: they search nothing, ask no index and warm no prefix of others.
  work_.requests_per_day = conversations_per_day * turns.mean * served_;
  asked_ = conversations_per_day * turns.mean * days_;
  work_.trim = complement(in("prompt_trim_ratio"));
  const Expr answer_cut =
      capped(flag("output_cap_given", "Cap on the answer given"), in("output_cap_tokens"), in("output_tokens")).cut;
  p.name("cut_answers_ratio", "Answers that the cap cuts", units::ratio, answer_cut);
  const Expr asked_again = p.constant(1) + answer_cut * in("cut_answer_repeated_ratio");

  // Source: cost model, failures: cost = C successes + billed (C_in + phi C_out) (attempts - successes). A try fails on
  // the way, billed in part, or else its answer may be broken, billed in full.
  const Expr fails = in("failure_ratio");
  const Expr breaks = complement(fails) * in("broken_answer_ratio");
  const Expr either = max(fails + breaks, p.constant(1e-30));
  const Tries outcome = tries(p, fails + breaks, in("retries"));
  const Expr billed = fails / either * in("billed_failure_ratio");
  const Expr asked_once = complement(in("regeneration_ratio"));
  const Expr reach = conversations_ * one_request * served_;
  delivered_ = reach * outcome.successes / asked_once * asked_again;
  failed_ = reach / asked_once * asked_again * outcome.failures * billed;
  broken_ = reach / asked_once * asked_again * outcome.failures * (breaks / either);
  delivered_requests_ = p.name("delivered_requests", "Requests answered, with answers asked for again",
                               requests_per_month, requests_ * served_ * outcome.successes / asked_once * asked_again);
  p.name("billed_failures", "Failed tries that are billed", requests_per_month,
         requests_ * served_ / asked_once * asked_again * outcome.failures * (billed + breaks / either));
  answered_ = asked_ * served_ * outcome.successes / asked_once * asked_again;
}

// Which model answers which share. Source: cost model, routing and cascades: sum of share times cost; a cascade asks
// the cheap model always and the chosen one for the escalated share; misrouted answers cost one of the chosen model
// more.
void Month::shares() {
  const Expr none = p.constant(0);
  const Expr by_shares = flag("routing_shares", "Requests are shared out");
  const Expr cascade = flag("routing_cascade", "The cheap model is asked first");
  Expr others = by_shares * in("route_1_share_ratio");
  Expr first = above(cascade, none, p.constant(1), others);
  static constexpr const char* ids[] = {"route_2_share_ratio", "route_3_share_ratio", "route_4_share_ratio",
                                        "route_5_share_ratio", "route_6_share_ratio", "route_7_share_ratio",
                                        "route_8_share_ratio"};
  for (std::size_t i = 0; i < std::size(ids); ++i) {
    const std::size_t role = static_cast<std::size_t>(Role::route_2) + i;
    if (!shape_.has(static_cast<Role>(role))) continue;
    share_[role] = by_shares * in(ids[i]);
    others = others + share_[role];
  }
  Expr chosen = above(cascade, none, in("escalation_ratio"), complement(others) + others * in("misrouted_ratio"));
  if (shape_.has(Role::route_1))
    share_[static_cast<std::size_t>(Role::route_1)] = first;
  else  // a model that is told by its cost relative to the chosen one
    chosen = chosen + first * flag("route_1_cost_given", "Cost of the other model given") * in("route_1_cost_ratio");
  if (shape_.has(Role::fallback)) {
    const Expr falls = in("fallback_ratio");
    share_[static_cast<std::size_t>(Role::fallback)] = chosen * falls;
    chosen = chosen * complement(falls);
  }
  if (shape_.has(Role::batch)) {
    const Expr waits = in("batch_share_ratio");
    share_[static_cast<std::size_t>(Role::batch)] = chosen * waits;
    chosen = chosen * complement(waits);
  }
  share_[0] = p.name("chosen_share", "Share of requests that the chosen model is paid for", units::ratio, chosen);
}

void Month::tokens_and_failures() {
  for (std::size_t i = 0; i < role_count; ++i)
    if (shape_.has(static_cast<Role>(i))) {
      served_by_[i] = serve(p, shape_, static_cast<Role>(i), work_, share_[i]);
      work_.hit = served_by_[0].hit;
      work_.warm = served_by_[0].warm;
    }
  const Served& chosen = served_by_[0];

  // Provisioned capacity serves a part of the chosen model's tokens. Source: cost model, commitments.
  const Expr minutes = days_ * p.constant(24 * 60, units::minute / units::day);
  const Expr capacity =
      p.name("capacity_tokens", "Tokens that the provisioned capacity can serve", units::token / units::month,
             in("capacity_units") * in("capacity_tokens_per_minute") * minutes * in("capacity_utilisation_ratio"));
  capacity_needed_ = p.name("capacity_tokens_needed", "Tokens wanted of it, weighted", units::token / units::month,
                            delivered_ * share_[0] * chosen.capacity_tokens);
  on_demand_ = p.name("on_demand_ratio", "Share of tokens that capacity does not serve", units::ratio,
                      complement(min(capacity_needed_, capacity) /
                                 max(capacity_needed_, p.constant(1e-9, units::token / units::month))));

  const Expr none = p.constant(0, per_month);
  for (Expr& charged : charged_) charged = none;
  const auto token_term = [&](const char* id, const char* label, Category category,
                              std::initializer_list<TokenClass> classes) {
    Expr value = none;
    for (std::size_t i = 0; i < role_count; ++i) {
      if (!shape_.has(static_cast<Role>(i))) continue;
      for (const TokenClass token_class : classes) {
        Expr part = delivered_ * share_[i] * served_by_[i].charge[static_cast<std::size_t>(token_class)];
        if (i == 0) part = part * on_demand_;
        value = value + part;
        charged_[i] = charged_[i] + part;
      }
    }
    add(id, label, category, value);
  };
  token_term("input.uncached", "Uncached input", Category::input, {TokenClass::input});
  token_term("input.cache_read", "Cache read", Category::cache_read,
             {TokenClass::cache_read, TokenClass::cache_read_audio});
  // A stored cache is written once a day (below), not by requests.
  token_term("input.cache_write", "Cache write", Category::cache_write, {TokenClass::cache_write});
  token_term("input.image", "Image input", Category::media, {TokenClass::input_image});
  token_term("input.audio", "Audio input", Category::media, {TokenClass::input_audio});
  token_term("input.video", "Video input", Category::media, {TokenClass::input_video});
  // Who answers nothing stores nothing, and has nothing kept warm; the batch finds what the same model has for others.
  Expr storage = none;
  keep_warm_ = none;
  const Expr zero = p.constant(0);
  for (std::size_t i = 0; i < role_count; ++i) {
    if (!shape_.has(static_cast<Role>(i))) continue;
    const auto held = [&](Expr value) {
      const Expr used = above(share_[i], zero, value, none);
      return static_cast<Role>(i) == Role::batch ? above(share_[0], zero, none, used) : used;
    };
    const Expr stored = held(served_by_[i].storage);
    storage = storage + stored;
    charged_[i] = charged_[i] + stored;
    if (static_cast<Role>(i) == Role::fallback) continue;  // it starts cold
    const Expr kept_warm = held(served_by_[i].keep_warm);
    keep_warm_ = keep_warm_ + kept_warm;
    charged_[i] = charged_[i] + kept_warm;
  }
  add("input.cache_storage", "Stored cache", Category::cache_write, storage);
  token_term("output.text", "Output", Category::output, {TokenClass::output});
  token_term("output.reasoning", "Reasoning", Category::reasoning, {TokenClass::output_reasoning});
  token_term("output.image", "Image output", Category::media, {TokenClass::output_image});
  token_term("output.audio", "Audio output", Category::media, {TokenClass::output_audio});
  stopped_usd_ = sum_ * in("guardrail_output_blocked_ratio");

  Expr failed = none;
  const Expr failed_output = in("failed_output_ratio");
  for (std::size_t i = 0; i < role_count; ++i) {
    if (!shape_.has(static_cast<Role>(i))) continue;
    const Expr once = served_by_[i].input + failed_output * served_by_[i].output;
    Expr part = failed_ * share_[i] * once + broken_ * share_[i] * (served_by_[i].input + served_by_[i].output);
    // Before another model takes over, the chosen one has failed.
    if (i == 0 && shape_.has(Role::fallback))
      part = part + delivered_ * share_[static_cast<std::size_t>(Role::fallback)] * in("billed_failure_ratio") * once;
    if (i == 0) part = part * on_demand_;
    failed = failed + part;
    charged_[i] = charged_[i] + part;
  }
  add("failures.billed", "Failed requests that are billed", Category::failures, failed);
}

// Requests to other models that help: they are priced as requests of their own, without a cache.
void Month::helpers() {
  const Expr one = p.constant(1);
  const Expr sent = asked_ * complement(in("guardrail_blocked_ratio"));
  add("helpers.keep_warm", "Keeping the cache warm", Category::cache_read, keep_warm_);
  if (shape_.history == History::summary) {
    // One request at the end of each cycle: what the cycle holds, and instructions.
    const Expr every = in("summary_every_turns") / p.constant(1, units::request / units::conversation);
    const Expr cycles = summaries(work_.turns, every);
    const Expr length = in("summary_tokens");
    const Expr input =
        cycles * (every * served_by_[0].history_growth + in("summary_prompt_tokens")) + excess(cycles, one) * length;
    add("helpers.summary", "Summaries", Category::tools,
        delivered_ * helper_request(p, "summary", "Summary", input, cycles * length) * list_share_);
  }
  classifier_usd_ =
      helper_request(p, "classifier", "Routing model", in("classifier_input_tokens"), in("classifier_output_tokens"));
  const Expr routed =
      max(flag("routing_shares", "Requests are shared out"), flag("routing_cascade", "The cheap model is asked first"));
  add("helpers.routing", "Routing or checking", Category::tools,
      asked_ * served_ * routed * classifier_usd_ * list_share_);
  const Expr whole = in("prompt_tokens") + in("chunks_per_request") * in("chunk_tokens");
  add("helpers.shortening", "Shortening of prompts", Category::tools,
      asked_ * served_ * helper_request(p, "compressor", "Shortening", whole, whole * work_.trim) * list_share_);
  const Expr question = excess(in("prompt_tokens"), in("static_prefix_tokens"));
  add("helpers.guard", "Guard model", Category::tools,
      asked_ * helper_request(p, "guard", "Guard", question + in("guard_prompt_tokens"), p.constant(5, tokens)) *
          list_share_);

  // Response cache. Source: cost model, response caches: a lookup for every turn; a semantic one embeds the question.
  const Expr on = flag("response_cache_on", "Response cache in use");
  const Expr lookup =
      p.name("response_cache_lookup", "A lookup in the response cache", per_request,
             in("response_cache_lookup_usd") +
                 flag("response_cache_semantic", "Questions are embedded") *
                     helper_request(p, "embedding", "Embedding", in("query_tokens"), p.constant(0, tokens)));
  lookup_ = lookup;
  lookups_ = add("helpers.response_cache", "Lookups in the response cache", Category::tools, sent * on * lookup);
}

void Month::fees() {
  const Unit usd_per_unit = units::usd / units::unit;
  Expr request_fees = p.constant(0, per_month);
  for (std::size_t i = 0; i < role_count; ++i) {
    if (!shape_.has(static_cast<Role>(i))) continue;
    const std::string id = std::string(role_prefix(static_cast<Role>(i))) + "fee.request";
    const Expr part =
        delivered_ * share_[i] * served_by_[i].requests * p.input(id, "Fee for a request", per_request) * list_share_;
    request_fees = request_fees + part;
    charged_[i] = charged_[i] + part;
  }
  add("fees.request", "Fee for each request", Category::tools, request_fees);
  // So many a month, less those that are free. Items are "fees.<kind>", their prices "fee.<kind>".
  const auto counted = [&](const std::string& kind, const std::string& label, Expr amount, const Unit& unit) {
    const std::string item = "fees." + kind;
    add(item.c_str(), label.c_str(), Category::tools,
        excess(amount, p.input("fee." + kind + ".free", label + ", free in a month", unit / units::month)) *
            p.input("fee." + kind, "Fee: " + label, units::usd / unit) * list_share_);
  };
  const Expr searches =
      p.name("searches_per_month", "Web searches a month", units_per_month, answered_ * in("web_searches_per_request"));
  counted("web_search", "Web searches", searches * complement(in("failed_searches_ratio")), units::unit);
  const Expr code = in("code_minutes_per_conversation");
  const Expr no_time = p.constant(0, units::minute / units::conversation);
  const Expr least = p.input("fee.code.minimum", "Least time of a container", units::minute / units::conversation);
  counted("code", "Code execution", conversations_ * above(code, no_time, max(code, least), no_time), units::minute);
  counted("file_search", "File searches", answered_ * in("file_searches_per_request"), units::unit);
  const Expr gigabyte_days =
      excess(in("file_storage_gb"), p.input("fee.file_storage.free", "Free storage", units::unit)) * days_;
  add("fees.file_storage", "Stored files", Category::tools,
      gigabyte_days * p.input("fee.file_storage", "Storage of a gigabyte for a day", usd_per_unit / units::day) *
          list_share_);
  counted("session", "Managed agent running", conversations_ * in("session_minutes_per_conversation"), units::minute);

  const auto media = [&](const std::string& kind, const std::string& label, Expr amount, const Unit& unit) {
    add(("media." + kind).c_str(), label.c_str(), Category::media,
        amount * p.input("fee." + kind, "Price: " + label, units::usd / unit));
  };
  media("transcription", "Speech to text", asked_ * in("transcription_minutes_per_request"), units::minute);
  const Expr delivered = complement(in("guardrail_output_blocked_ratio"));
  media("speech", "Text to speech", answered_ * delivered * in("speech_characters_per_request"), units::unit);
  media("image_generation", "Generated images", answered_ * in("generated_images_per_request"), units::unit);
  media("video_generation", "Generated video", answered_ * in("generated_video_seconds_per_request"), units::second);
}

void Month::commitments_and_channel() {
  const Expr fixed = add("commitment.capacity", "Provisioned capacity", Category::channel,
                         in("capacity_units") * in("capacity_unit_usd_per_month"));
  const Expr by_capacity = excess(capacity_needed_, capacity_needed_ * on_demand_);
  const Expr tokens_per_mtok = p.constant(1e6, units::token / units::mtok);
  p.name("capacity_usd_per_mtok", "Provisioned capacity, price of a million tokens served", units::usd / units::mtok,
         fixed / (by_capacity / tokens_per_mtok));
  // The same tokens on demand: what the chosen model charges for a weighted token.
  const Expr on_demand_price = (served_by_[0].input + served_by_[0].output) / served_by_[0].capacity_tokens;
  const Expr whole =
      in("capacity_units") * in("capacity_tokens_per_minute") * days_ * p.constant(24 * 60, units::minute / units::day);
  p.name("capacity_break_even_ratio", "Use of the capacity from which it pays", units::ratio,
         fixed / (whole * on_demand_price));

  const Expr charged = sum_;
  const Expr committed = in("committed_usd_per_month");
  const Expr nothing = p.constant(0, per_month);
  add("commitment.shortfall", "Up to the spending agreed", Category::channel,
      above(committed, nothing, excess(committed, charged), nothing));
  const Expr paid = sum_;
  const Expr markup = in("channel_markup_ratio");
  const Expr marked_up = add("channel.markup", "Markup of the channel", Category::channel, paid * markup);
  Expr all_tokens = p.constant(0, requests_per_month * tokens);
  for (std::size_t i = 0; i < role_count; ++i)
    if (shape_.has(static_cast<Role>(i))) all_tokens = all_tokens + delivered_ * share_[i] * served_by_[i].tokens;
  const Expr by_token = add("channel.tokens", "Fee of the channel on tokens", Category::channel,
                            all_tokens / tokens_per_mtok * in("channel_usd_per_mtok"));
  // A platform takes its share of all that is paid through it, at least its minimum for each purchase. The other
  // models' platforms take theirs of what those models charge.
  Expr elsewhere = p.constant(0, per_month);
  Expr platforms = p.constant(0, per_month);
  for (std::size_t i = 1; i < role_count; ++i)
    if (shape_.has(static_cast<Role>(i))) {
      const std::string id = std::string(role_prefix(static_cast<Role>(i))) + "platform_share";
      elsewhere = elsewhere + charged_[i];
      platforms = platforms + charged_[i] * (p.constant(1) + markup) *
                                  p.input(id.c_str(), "Share that the platform takes", units::ratio);
    }
  const Expr through = excess(paid + marked_up + by_token, elsewhere * (p.constant(1) + markup));
  const Expr least = in("credit_purchases_per_month") *
                     p.input("platform_minimum", "Least that the platform takes of a purchase", per_month);
  add("channel.platform_share", "Share of the platform", Category::channel,
      max(through * p.input("platform_share", "Share that the platform takes", units::ratio), least) + platforms);
  inference_ = p.name("inference_per_month", "Inference", per_month, sum_);
  p.name("inference_per_request", "Inference for a request", per_request, inference_ / requests_);
  p.name("inference_per_conversation", "Inference for a conversation", units::usd / units::conversation,
         inference_ / conversations_);
  // Source: cost model, response caches: it pays from a hit rate of lookup / cost of a turn on.
  p.name("response_cache_break_even_ratio", "Hit rate from which the response cache pays", units::ratio,
         lookup_ / (excess(charged, lookups_) / (requests_ * served_)));
  if (shape_.has(Role::route_1)) {
    // Source: cost model, cascades: it pays while e < 1 - (C_cheap + C_check) / C_strong.
    const auto cost = [&](Role role) {
      const Served& served = served_by_[static_cast<std::size_t>(role)];
      return (served.input + served.output) / served.requests;
    };
    const Expr strong =
        p.name("chosen_cost_per_request", "Tokens of a request to the chosen model", per_request, cost(Role::chosen));
    const Expr cheap = p.name("route_1_cost_per_request", "Tokens of a request to the first other model", per_request,
                              cost(Role::route_1));
    p.name("cascade_break_even_ratio", "Share passed on up to which a cascade pays", units::ratio,
           complement((cheap + classifier_usd_ * list_share_) / strong));
  }
}

void Month::side_services() {
  // Retrieval. Source: cost model, retrieval: documents * passages * tokens * (1 + overlap) * price.
  const Expr once_a_month = p.constant(1, units::ratio / units::month);
  const Expr nothing = p.constant(0, units::unit / units::request);
  const Expr records =
      p.name("index_records", "Passages in the index", units::unit, in("documents") * in("chunks_per_document"));
  const Expr no_output = p.constant(0, tokens);
  const Expr one_per_request = p.constant(1, units::unit / units::request);
  const Expr one_request = p.constant(1, units::request);
  const Expr index_tokens = p.name("index_tokens", "Tokens of the index", units::token,
                                   records * in("chunk_tokens") * (p.constant(1) + in("chunk_overlap_ratio")));
  index_build_ =
      p.name("index_build_usd", "Embedding the whole index once", units::usd,
             helper_request(p, "embedding", "Embedding", index_tokens / one_request, no_output) * one_request);
  const Expr rebuilds = in("index_rebuilds_per_year") / p.constant(12) * once_a_month;
  const Expr changes = in("documents_changed_ratio") * once_a_month;
  add("retrieval.rebuilds", "Rebuilds of the index", Category::retrieval, index_build_ * rebuilds);
  add("retrieval.updates", "Changed documents", Category::retrieval, index_build_ * changes);
  const Expr queries =
      p.name("index_queries", "Questions to the index in a month", requests_per_month,
             above(in("chunks_per_request"), nothing, asked_ * served_, p.constant(0, requests_per_month)));
  add("retrieval.queries", "Embedding of questions", Category::retrieval,
      queries * helper_request(p, "embedding", "Embedding", in("query_tokens"), no_output));
  const Expr hundred = p.constant(100, units::unit / units::request);
  // By the unit of search, or by the tokens of the question with each passage, as the model is sold.
  const Expr ranked = in("reranked_documents") * p.constant(1, units::request / units::unit);
  add("retrieval.rerank", "Ranking of passages", Category::retrieval,
      queries * (ceil(in("reranked_documents") / hundred) * p.constant(1, units::unit / units::request) *
                     p.input("fee.rerank", "Ranking, price of a unit of search", units::usd / units::unit) +
                 helper_request(p, "rerank", "Ranking",
                                ranked * (in("query_tokens") + in("chunk_tokens") * one_per_request), no_output)));

  // Vector store, by what each seller counts. Source: cost model, retrieval: a record is 4 bytes a dimension, metadata
  // and id; a query reads the namespace it searches, at least a quarter of a gigabyte; memory is 1.5 times the vectors.
  const Expr dimensions = in("embedding_dimensions");
  const Expr vector_bytes = dimensions * p.constant(4);
  const Expr record_bytes = vector_bytes + in("record_metadata_bytes");
  const Expr bytes_per_gb = p.constant(1e9);
  const Expr stored =
      p.name("index_gb", "Size of the index in gigabytes", units::unit, records * record_bytes / bytes_per_gb);
  const Expr read = p.name("read_units_per_query", "Read units of a question", units::unit / units::request,
                           max(stored / in("namespaces"), p.constant(0.25, units::unit)) / one_request);
  const Expr written = records * (rebuilds + changes) * record_bytes / p.constant(1000);
  const Expr hours = p.constant(730, units::ratio / units::month);
  add("retrieval.vector_store", "Vector store", Category::retrieval,
      service_charge(p, "vector_store", "Vector store",
                     {{Metric::storage_gb, stored * once_a_month},
                      {Metric::read_units, queries * read},
                      {Metric::write_units, written},
                      {Metric::vector_dimensions, records * dimensions * once_a_month},
                      {Metric::memory_gb_hours, records * vector_bytes * p.constant(1.5) / bytes_per_gb * hours}}));

  // A token is about four characters; a text unit is a thousand.
  const Expr units_of_text = p.constant(4.0 / 1000, units::unit / units::token);
  const auto text_units = [&](Expr text) { return ceil(text * units_of_text); };
  const Expr question = excess(in("prompt_tokens"), in("static_prefix_tokens"));
  const Expr passed = complement(in("guardrail_blocked_ratio"));
  add("retrieval.guardrail", "Guardrail service", Category::retrieval,
      service_charge(
          p, "guardrail", "Guardrail",
          {{Metric::text_units, asked_ * (text_units(question) + passed * text_units(in("output_tokens")))}}));
  const Expr on = flag("response_cache_on", "Response cache in use");
  add("retrieval.response_cache", "Service of the response cache", Category::infrastructure,
      service_charge(
          p, "response_cache_service", "Response cache",
          {{Metric::storage_gb, on * in("response_cache_storage_gb") * once_a_month},
           {Metric::commands, on * asked_ * (passed + served_) * p.constant(1, units::unit / units::request)}}));
}

// Source: cost model, everything around inference: percentages apply once, to inference, and add up; `compound` applies
// each to all before it, `growth_on_all` the growth buffer alone.
void Month::around_inference() {
  const Expr zero = p.constant(0);
  const Expr compound = p.input("overheads_compound", "Percentages compound", units::ratio);
  const Expr growth_on_all = p.input("growth_on_all", "Growth buffer on the sum of all", units::ratio);
  const Expr judge =
      p.name("judge_request", "A judge request", per_request,
             helper_request(p, "judge", "Judge", in("judge_input_tokens"), in("judge_output_tokens")) * list_share_);
  const Expr by_runs = flag("evaluation_by_runs", "Evaluation by runs of test cases");
  const Expr by_samples = flag("monitoring_by_samples", "Monitoring by samples");
  const Expr candidate = inference_ / requests_;
  const Expr runs = in("evaluation_runs_per_month") * p.constant(1, units::ratio / units::month) *
                    in("evaluation_cases") * (candidate + judge);
  const Expr samples = answered_ * in("monitored_ratio") * judge;
  Expr before = p.constant(0, per_month);
  const auto put = [&](const char* id, const char* label, Expr value) {
    before = before + add(id, label, Category::overheads, value);
  };
  const auto by_ratio = [&](const char* ratio, Expr share_of_before) {
    return (inference_ + share_of_before * before) * in(ratio);
  };
  put("overheads.retries", "Retries as a flat rate", by_ratio("retry_overhead_ratio", compound));
  put("overheads.evaluation", "Evaluation", above(by_runs, zero, runs, by_ratio("evaluation_ratio", compound)));
  put("overheads.monitoring", "Monitoring", above(by_samples, zero, samples, by_ratio("monitoring_ratio", compound)));
  put("overheads.experiments", "Experiments", by_ratio("experiments_ratio", compound));
  put("overheads.staging", "Staging and tests", by_ratio("staging_ratio", compound));
  put("overheads.growth", "Growth buffer", by_ratio("growth_buffer_ratio", growth_on_all));
  review_ = add("overheads.review", "Review by people", Category::people,
                answered_ * in("reviewed_ratio") * in("review_minutes") / p.constant(60, units::minute / units::hour) *
                    in("reviewer_usd_per_hour"));
}

// What the cache has need not be read again. Source: cost model, latency: a cached prefix shortens it.
Expr Month::first_token() {
  return in("first_token_seconds") + flag("reading_speed_given", "Speed of reading given") *
                                         (served_by_[0].to_read / in("reading_tokens_per_second"));
}

void Month::fixed_cost() {
  const Expr one_unit = p.constant(1, units::unit / units::request);
  add("infrastructure.vector_database", "Vector database", Category::infrastructure, in("vector_database_usd"));
  add("infrastructure.observability", "Observability tools", Category::infrastructure, in("observability_usd"));
  add("infrastructure.observability_service", "Observability service", Category::infrastructure,
      service_charge(p, "observability", "Observability",
                     {{Metric::traces, requests_ * in("traced_ratio") * one_unit},
                      {Metric::seats, in("observability_seats") * p.constant(1, units_per_month / units::person)}}));
  add("infrastructure.gateway", "Gateway and logging", Category::infrastructure,
      requests_ * in("gateway_usd_per_request"));
  // Open connections: arrivals times the time of an answer (Little's law). Source: cost model, latency.
  const Expr output = served_by_[0].answer + served_by_[0].reasoning;
  const Expr seconds = p.name("answer_seconds", "Time to the end of an answer", units::second / units::request,
                              first_token() + output / in("tokens_per_second"));
  const Expr arrivals =
      p.name("peak_requests_per_second", "Requests a second at the peak", units::request / units::second,
             requests_ / days_ / in("active_hours_per_day") / p.constant(3600, units::second / units::hour) *
                 in("peak_multiple"));
  const Expr connections =
      p.name("peak_connections", "Answers being written at the peak", units::ratio, arrivals * seconds);
  add("infrastructure.web_servers", "Web servers", Category::infrastructure,
      ceil(connections / in("connections_per_instance")) * p.constant(1, units::unit) *
          in("web_instance_usd_per_month"));
  add("infrastructure.other", "Other infrastructure", Category::infrastructure, in("other_infrastructure_usd"));
  const Expr recurring = excess(sum_, review_);  // people aside
  add("people.operations", "People", Category::people,
      in("people_fte") * in("person_usd_per_year") / p.constant(12, units::month / units::year));
  add("contingency.reserve", "Contingency", Category::contingency, recurring * in("contingency_ratio"));
  const Expr months = in("amortisation_months");
  add("one_time.development", "Development, spread", Category::one_time,
      inference_ * in("development_months") / months);
  add("one_time.index", "First build of the index, spread", Category::one_time, index_build_ / months);
  add("one_time.other", "Other one-time cost, spread", Category::one_time, in("development_usd") / months);
  add("tax", "Tax", Category::tax, sum_ * in("tax_ratio"));
}

void Month::totals() {
  const Expr total = p.name("total", "Total a month", per_month, sum_);
  p.name("total_per_day", "Total a day", units::usd / units::day, total / days_);
  p.name("total_per_year", "Total a year", units::usd / units::year,
         total * p.constant(12, units::month / units::year));
  p.name("total_per_conversation", "Total for a conversation", units::usd / units::conversation,
         total / conversations_);
  p.name("total_per_request", "Total for a request", per_request, total / requests_);
  p.name("total_in_currency", "Total a month in your currency", units::ratio / units::month,
         total / p.constant(1, units::usd) * in("currency_rate"));
}

// Unit economics. Source: cost model, unit economics: cost per success = cost per attempt / success rate; a cap on
// attempts changes only the share of unsolved tasks, (1 - s)^R.
void Month::value() {
  const Expr total = sum_;
  const Expr users = in("active_users");
  const Expr per_user =
      p.name("total_per_user", "Total for a user", units::usd / units::user / units::month, total / users);
  const Expr heavy = in("heavy_user_ratio");
  const Expr multiple = in("heavy_user_multiple");
  const Expr light = p.name("total_per_light_user", "Total for a light user", units::usd / units::user / units::month,
                            per_user / (complement(heavy) + heavy * multiple));
  p.name("total_per_heavy_user", "Total for a heavy user", units::usd / units::user / units::month, light * multiple);
  const Expr stopped = in("guardrail_output_blocked_ratio");
  p.name("stopped_answers", "Answers stopped after they were paid, a month", requests_per_month, answered_ * stopped);
  p.name("stopped_answers_usd", "Tokens of answers that nobody received", per_month, stopped_usd_);
  p.name("total_per_accepted_answer", "Total for an accepted answer", per_request,
         total / (requests_ * in("accepted_ratio") * complement(stopped)));

  // A cap on a user's month. Source: cost model, budgets: caps by user, a cheaper model above them.
  const Expr light_use = inference_ / users / (complement(heavy) + heavy * multiple);
  const Expr most = in("user_cap_usd_per_month");
  const Expr cut =
      p.name("user_cap_cut_usd", "Inference above the cap on a user's month", per_month,
             users * (heavy * excess(light_use * multiple, most) + complement(heavy) * excess(light_use, most)));
  p.name("user_cap_cut_ratio", "Share of use above the cap", units::ratio, cut / inference_);
  p.name("user_cap_inference", "Inference that the cap leaves", per_month,
         excess(inference_, cut) + cut * in("over_cap_cost_ratio"));
  const Expr success = p.name("success_per_attempt", "Conversations that succeed, within the cap", units::ratio,
                              in("success_ratio") * complement(cut_ratio_));
  p.name("total_per_success", "Total for a solved task", units::usd / units::conversation,
         total / (conversations_ * success));
  p.name("inference_per_success", "Inference for a solved task", units::usd / units::conversation,
         inference_ / (conversations_ * success));
  p.name("unsolved_ratio", "Tasks given up after all attempts", units::ratio,
         complement(tries(p, complement(success), excess(in("attempts"), p.constant(1))).successes));

  const Expr price = in("price_usd");
  const Expr sold =
      p.name("sold_per_month", "What the price is charged for, in a month", units::ratio / units::month,
             flag("price_per_user", "Charged by the user") * users / p.constant(1, units::user * units::month) +
                 flag("price_per_conversation", "Charged by the conversation") * conversations_ /
                     p.constant(1, units::conversation) +
                 flag("price_per_success", "Charged by the solved task") * conversations_ * success /
                     p.constant(1, units::conversation) +
                 flag("price_per_request", "Charged by the request") * requests_ / p.constant(1, units::request));
  const Expr revenue = p.name("revenue_per_month", "Revenue", per_month, price * sold);
  const Expr profit = p.name("profit_per_month", "What remains of the revenue", per_month, excess(revenue, total));
  const Expr loss = p.name("loss_per_month", "What is missing to break even", per_month, excess(total, revenue));
  p.name("margin_ratio", "Margin", units::ratio, profit / revenue);
  p.name("loss_ratio", "Loss, as a share of revenue", units::ratio, loss / revenue);
  const Expr least = p.name("break_even_price_usd", "Price that covers the cost", units::usd, total / sold);
  p.name("target_price_usd", "Price that leaves the margin wanted", units::usd,
         least / complement(in("target_margin_ratio")));
  p.name("affordable_usd_per_month", "Cost that leaves the margin wanted", per_month,
         revenue * complement(in("target_margin_ratio")));
}

void Month::latency() {
  p.name("first_visible_seconds", "Time to the first visible word", units::second / units::request,
         first_token() + served_by_[0].reasoning / in("tokens_per_second"));
  p.name("peak_tokens_per_minute", "Prompt tokens a minute at the peak", units::token / units::minute,
         requests_ / days_ / in("active_hours_per_day") / p.constant(60, units::minute / units::hour) *
             in("peak_multiple") * served_by_[0].largest_prompt);
}

}  // namespace

Expr parameter_input(PlanBuilder& plan, const char* id) {
  const Parameter& parameter = parameters()[parameter_index(id)];
  return plan.input(std::string(parameter.id), std::string(parameter.label), parameter.unit);
}

Result<Plan> month_plan(const MonthShape& shape) { return Month(shape).build(); }

}  // namespace tokenbill
