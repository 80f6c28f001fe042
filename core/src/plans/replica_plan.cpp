// One replica of an open model: memory of its GPUs, time of one decoding step, time of a prompt, time of a request.
// A step reads the weights and what is kept of the requests in work, multiplies, and pays fixed times for each layer,
// for the links between GPUs and for the host. Prompts of other requests steal time from it. docs/throughput.md says
// each formula in words and compares it with measurements; throughput.cpp fills in the inputs.
// Sources: roofline of decoding and prompt, key-value cache by kind of attention: publications of the models and of
// ai-dynamo/aiconfigurator; the form of the other terms and all constants: fitted on 2488 published measurements.

#include "tokenbill/plans.h"

namespace tokenbill {

namespace {
const Unit per_second = units::ratio / units::second;
const Unit per_token = units::ratio / units::token;
const Unit per_token_pair = per_token / units::token;

class ReplicaPlan {
 public:
  Result<Plan> build();

 private:
  Expr in(const char* id, const char* label, const Unit& unit = units::ratio) { return p.input(id, label, unit); }
  Expr number(double value) { return p.constant(value); }

  void layout();
  void weights();
  void cache();
  void rates();
  void memory();
  void fixed_times();
  void prompt();
  void drafts();
  void step();
  void request();

  [[nodiscard]] Expr seconds_of_links(Expr tokens);
  [[nodiscard]] Expr share_of_experts(Expr tokens);
  [[nodiscard]] Expr matrix_seconds(Expr other_divisor, Expr expert_divisor);
  [[nodiscard]] Expr attention_seconds(Expr divisor);
  [[nodiscard]] Expr activation_seconds(Expr share);
  [[nodiscard]] Expr overlapped(Expr a, Expr b);

  PlanBuilder p;
  Expr one_, one_token_;
  Expr tensor_, pipeline_, attention_, copies_, ranks_, gpus_;
  Expr layers_, hidden_, experts_per_token_;
  Expr expert_bytes_, read_bytes_, held_bytes_, expert_share_;
  Expr other_operations_, head_operations_, expert_operations_;
  Expr prompt_, cached_, computed_, output_;
  Expr kv_share_, window_, window_bytes_, state_bytes_;
  Expr bandwidth_, weight_rate_, cache_rate_, link_rate_, other_rate_, expert_rate_, attention_rate_, rate_limit_;
  Expr prompt_flops_, prompt_window_flops_;
  Expr passes_, overlap_;
  Expr most_requests_, layer_seconds_;
  Expr draft_tokens_, draft_cost_, verified_, gained_;
  Expr in_work_, waiting_, busy_, alone_, own_, prompt_seconds_, step_;
};

Result<Plan> ReplicaPlan::build() {
  one_ = number(1);
  one_token_ = p.constant(1, units::token);
  layout();
  weights();
  cache();
  rates();
  memory();
  fixed_times();
  prompt();
  drafts();
  step();
  request();
  return p.build();
}

// GPUs of one replica are tensor parallel x pipeline stages x attention ranks. Attention ranks split the requests and
// hold the same attention weights; the routed experts are split among all ranks of a stage.
void ReplicaPlan::layout() {
  tensor_ = in("tensor_parallel", "GPUs that share each layer");
  pipeline_ = in("pipeline_parallel", "Pipeline stages");
  attention_ = in("attention_parallel", "Ranks that split the requests");
  copies_ = in("copies", "Replicas that share the requests");
  ranks_ = tensor_ * attention_;
  gpus_ = p.name("replica.gpu_count", "GPUs of a replica", units::ratio, tensor_ * pipeline_ * attention_);
  layers_ = in("model_layers", "Layers");
  hidden_ = in("model_hidden", "Numbers that describe a token between layers", per_token);
  experts_per_token_ = in("model_experts_per_token", "Experts that a token passes in a layer");
  draft_tokens_ = in("draft_tokens", "Tokens that a draft proposes in a step; 0 = none");
  draft_cost_ = in("draft_cost_ratio", "A draft token over a plain step; the draft's weights over the model's");
}

// The input table is looked up, not read; the output table (head) is read whole in each step.
void ReplicaPlan::weights() {
  const Expr giga = number(1e9), bits = number(8);
  const Expr experts = in("model_expert_parameters", "Parameters of the routed experts, billions");
  const Expr other = in("model_other_parameters", "Parameters of all else but the tables of the vocabulary, billions");
  const Expr head = in("model_head_parameters", "Parameters of one table of the vocabulary, billions");
  const Expr tables = in("model_tables", "Tables of the vocabulary: one for input and output, or two");
  const Expr expert_bits = in("weight_expert_bits", "Bits of a weight of the routed experts");
  const Expr other_bits = in("weight_bits", "Bits of any other weight");
  const Expr head_bits = in("weight_head_bits", "Bits of a weight of the vocabulary's tables");
  expert_bytes_ =
      p.name("replica.expert_bytes", "Bytes of the routed experts", units::ratio, experts * giga * expert_bits / bits);
  read_bytes_ = p.name("replica.read_bytes", "Bytes of weights that every step reads", units::ratio,
                       (other * other_bits + head * head_bits) * giga / bits);
  held_bytes_ = p.name("replica.held_bytes", "Bytes of weights but the routed experts", units::ratio,
                       (other * other_bits + head * tables * head_bits) * giga / bits);
  p.name("replica.weights_gb", "Size of the weights, GB", units::ratio, (expert_bytes_ + held_bytes_) / giga);
  expert_share_ = in("model_expert_share", "Share of the experts of a layer that a token passes", per_token);
  // A weight is multiplied and added once for each token.
  const Expr two = p.constant(2, per_token);
  other_operations_ =
      p.name("token.operations", "Operations for a token, experts and head apart", per_token, two * (other * giga));
  head_operations_ =
      p.name("token.head_operations", "Operations of the head for a token", per_token, two * (head * giga));
  expert_operations_ = p.name(
      "token.expert_operations", "Operations of routed experts for a token", per_token,
      two *
          (in("model_active_expert_parameters", "Parameters of routed experts that a token passes, billions") * giga));
}

// What is kept of a request: for each token, for the last tokens of windows, and a state of fixed size. Key heads that
// do not divide among GPUs are copied.
void ReplicaPlan::cache() {
  prompt_ = in("request_prompt_tokens", "Tokens of a prompt", units::token);
  cached_ = in("request_cached_tokens", "Tokens of it found in the prefix cache", units::token);
  output_ = in("request_output_tokens", "Tokens of an answer", units::token);
  computed_ =
      p.name("prompt.computed_tokens", "Tokens of a prompt that are computed", units::token, excess(prompt_, cached_));
  const Expr heads = in("model_kv_heads", "Key heads");
  kv_share_ = p.name("replica.cache_share", "Share of a request's cache that a GPU of its rank holds", units::ratio,
                     ceil(heads / tensor_) / heads);
  window_ = in("model_window_tokens", "Tokens of a window", units::token);
  window_bytes_ = in("model_window_bytes", "Bytes kept of each token inside windows", per_token);
  state_bytes_ = in("model_state_bytes", "Bytes of recurrent state");
}

// What the hardware gives of what its sheet says. The two ways of experts' work that limit each other add up their
// times.
void ReplicaPlan::rates() {
  const Expr giga = p.constant(1e9, per_second), tera = p.constant(1e12, per_second);
  const Expr speed = in("factor_engine", "Share of bandwidth and arithmetic that the software stack reaches");
  bandwidth_ = p.name("gpu.bandwidth", "Bytes a second from memory, as the software stack sees it", per_second,
                      in("gpu_memory_gb_per_second", "Memory bandwidth, GB a second") * giga * speed);
  weight_rate_ = p.name("gpu.weight_rate", "Bytes of weights a second", per_second,
                        min(in("gpu_memory_gb_per_second", "Memory bandwidth, GB a second") * giga *
                                in("factor_weight_bandwidth", "Share of bandwidth that reading weights reaches"),
                            in("factor_weight_limit", "Most bytes of weights a second", per_second)) *
                            speed);
  cache_rate_ = p.name("gpu.cache_rate", "Bytes of cache a second", per_second,
                       bandwidth_ * in("factor_cache_bandwidth", "Share of bandwidth that reading cache reaches"));
  link_rate_ = p.name("gpu.link_rate", "Bytes a second between GPUs", per_second,
                      in("gpu_link_gb_per_second", "Link between GPUs, GB a second one way") * giga *
                          in("factor_link", "Share of the link that collective operations reach"));
  other_rate_ = p.name("gpu.matrix_rate", "Operations a second, experts apart", per_second,
                       in("gpu_tflops", "Peak for weights but experts, TFLOPS") * tera *
                           in("factor_matrix", "Share of it that matrix work reaches") * speed);
  const Expr expert_peak = in("gpu_expert_tflops", "Peak for experts, TFLOPS") * tera *
                           in("factor_expert_matrix", "Share of it that matrix work of experts reaches") * speed;
  expert_rate_ = p.name("gpu.expert_rate", "Operations of experts a second", per_second,
                        expert_peak / (one_ + expert_peak / in("factor_expert_limit",
                                                               "Most operations of experts a second", per_second)));
  attention_rate_ = p.name("gpu.attention_rate", "Operations of attention a second", per_second,
                           in("gpu_attention_tflops", "Peak in 16 bits, TFLOPS") * tera *
                               in("factor_attention_matrix", "Share of it that attention reaches") * speed);
  rate_limit_ = in("factor_matrix_limit", "Most operations a second in a step", per_second);
  passes_ = in("factor_activation_passes", "Passes over the numbers between layers, for each layer");
  overlap_ = in("factor_overlap", "Part of the shorter of reading and multiplying that the longer does not hide");
}

void ReplicaPlan::memory() {
  const Expr gib = number(1073741824), giga = number(1e9);
  const Expr draft = p.name("memory.draft_share", "Weights of the draft, over those of the model", units::ratio,
                            above(draft_tokens_, number(0), draft_cost_, number(0)));
  const Expr weights = (expert_bytes_ / ranks_ + held_bytes_ / tensor_) / pipeline_ * (one_ + draft);
  const Expr tokens = prompt_ + output_;
  const Expr of_request =
      (in("model_cache_bytes", "Bytes kept of each token", per_token) * tokens + window_bytes_ * min(tokens, window_) +
       in("model_fixed_bytes", "Bytes kept of a request") + state_bytes_) *
      kv_share_ / pipeline_;
  const Expr capacity = in("gpu_memory_gib", "Memory of a GPU, GiB") * gib;
  const Expr usable = capacity * in("factor_memory", "Share of the memory that the engine takes");
  // What the engine keeps for itself: a fixed part, activations of the tokens that it computes at once, graphs of
  // so many requests, communication between the GPUs.
  const Expr fixed = in("factor_reserve_gb", "Memory of the engine itself, GB");
  const Expr tokens_at_once =
      in("factor_reserve_tokens", "Tokens that the engine computes at once, at most", units::token);
  const Expr of_token = in("factor_reserve_token_bytes", "Bytes of activations for each of them", per_token);
  const Expr graph_requests = in("factor_reserve_requests", "Requests of the largest graph");
  const Expr of_graph = in("factor_reserve_request_bytes", "Bytes of graphs for each of them");
  const Expr of_gpu = in("factor_reserve_gpu_gb", "Memory for each GPU of the replica, GB");
  const Expr least = in("factor_reserve_least_gb", "Memory kept at least, GB");
  const Expr reserve =
      max(fixed * giga + tokens_at_once * of_token + graph_requests * of_graph + of_gpu * gpus_ * giga, least * giga);
  const Expr of_free = in("factor_free_memory", "Share of what is free that the engine takes for requests");
  const Expr room = excess(usable, weights + reserve) * of_free;
  p.name("memory.capacity_gib", "Memory of a GPU, GiB", units::ratio, capacity / gib);
  p.name("memory.usable_gib", "of which the engine takes, GiB", units::ratio, usable / gib);
  p.name("memory.weights_gib", "Weights on a GPU, GiB", units::ratio, weights / gib);
  p.name("memory.reserve_gib", "Activations, graphs and buffers, GiB", units::ratio, reserve / gib);
  p.name("memory.room_gib", "Room for requests, GiB", units::ratio, room / gib);
  p.name("memory.request_gib", "One request on a GPU, GiB", units::ratio, of_request / gib);
  most_requests_ = p.name("replica.places", "Requests that the memory of a replica holds, at least one", units::ratio,
                          max(floor(room / of_request) * attention_, one_));
  // With a small reserve instead of the usual one, so that nothing is called impossible that was measured.
  const Expr needed = weights + number(0.3e9) + of_request / attention_;
  const Expr fits =
      p.name("replica.fits", "The model and one request fit", units::ratio, above(needed, capacity, number(0), one_));
  p.name("replica.most_requests", "Requests that the memory of a replica holds", units::ratio, fits * most_requests_);
}

// Two exchanges (all-reduce) of one 16-bit vector for each token and layer; in a ring 2 (r - 1) / r of it pass each
// link.
Expr ReplicaPlan::seconds_of_links(Expr tokens) {
  return number(8) * hidden_ * tokens * excess(ranks_, one_) / ranks_ / link_rate_;
}

// Each token chooses its experts by itself: after n tokens a share of e^-(n k/E) is untouched.
Expr ReplicaPlan::share_of_experts(Expr tokens) {
  return max(complement(decay(tokens * expert_share_)), expert_share_ * one_token_);
}

Expr ReplicaPlan::overlapped(Expr a, Expr b) { return max(a, b) + overlap_ * min(a, b); }

// The start of each kernel, for each layer; ranks that exchange wait for each other at every doubling of their number.
void ReplicaPlan::fixed_times() {
  Expr doublings = above(ranks_, one_, one_, number(0));
  for (const double ranks : {2.0, 4.0, 8.0, 16.0, 32.0})
    doublings = doublings + above(ranks_, number(ranks), one_, number(0));
  const Unit second = units::second;
  layer_seconds_ =
      p.name("step.layers", "Fixed time of all layers", second,
             layers_ * (in("factor_layer_seconds", "Fixed time of a layer", second) +
                        in("factor_hop_seconds", "Fixed time of a layer for each doubling of ranks", second) *
                            p.name("replica.doublings", "Doublings of ranks", units::ratio, doublings)) +
                 in("model_latent_layers", "Layers with latent attention") *
                     in("factor_latent_layer_seconds", "Fixed time of latent attention in a layer", second) +
                 in("model_expert_layers", "Layers with experts") *
                     in("factor_expert_layer_seconds", "Fixed time of the experts of a layer", second));
}

Expr ReplicaPlan::matrix_seconds(Expr other_divisor, Expr expert_divisor) {
  return computed_ *
         (other_operations_ / other_divisor / other_rate_ + expert_operations_ / expert_divisor / expert_rate_);
}
// Each computed token attends to those before it: half of the square, or what the window leaves of it.
Expr ReplicaPlan::attention_seconds(Expr divisor) {
  return (prompt_flops_ * computed_ * (prompt_ + cached_) + prompt_window_flops_ * computed_ * min(prompt_, window_)) /
         divisor / attention_rate_;
}
Expr ReplicaPlan::activation_seconds(Expr share) {
  return layers_ * passes_ * hidden_ * number(2) * computed_ * share / bandwidth_;
}

// A busy replica works on many prompts, so that all GPUs share each. A prompt alone is spread over the tensor parallel
// GPUs, passes one pipeline stage after the other in chunks, and waits for the weights if it is short.
void ReplicaPlan::prompt() {
  prompt_flops_ =
      in("model_prompt_operations", "Operations of attention for a pair of tokens of a prompt", per_token_pair);
  prompt_window_flops_ =
      in("model_prompt_window_operations", "Operations of attention for a token of a prompt and a token of its window",
         per_token_pair);
  const Expr unsharded = number(0.3), sharded = number(0.7), quarter = number(4);
  const auto part = [&](const char* id, const char* label, Expr value) {
    return p.name(id, label, units::second, value);
  };
  // One after the other: a compiler may begin with either operand of a sum, and names stand in the order of their
  // making.
  const Expr busy_matrix =
      part("prompt.busy_matrix", "Matrix work of a prompt, by all GPUs", matrix_seconds(gpus_, gpus_));
  const Expr busy_attention =
      part("prompt.busy_attention", "Attention of a prompt, by all GPUs", attention_seconds(gpus_));
  const Expr busy_links =
      part("prompt.busy_links", "Links, of a stage", layers_ / pipeline_ * seconds_of_links(computed_));
  const Expr busy_activations = part("prompt.busy_activations", "Numbers between layers of a prompt, by all GPUs",
                                     activation_seconds((unsharded + sharded / tensor_) / pipeline_ / attention_ +
                                                        experts_per_token_ / gpus_ / quarter));
  busy_ =
      part("prompt.busy", "A prompt on a busy replica", busy_matrix + busy_attention + busy_links + busy_activations);
  const Expr chunks = p.name(
      "prompt.chunks", "Chunks of a prompt", units::ratio,
      max(ceil(computed_ / in("factor_chunk_tokens", "Tokens of a prompt that are computed at once", units::token)),
          one_));
  const Expr filled =
      p.name("prompt.pipeline_share", "Share of the time of one stage that a prompt takes in a pipeline", units::ratio,
             (pipeline_ + excess(chunks, one_)) / (pipeline_ * chunks));
  const Expr read = part("prompt.weights", "Reading the weights for a prompt",
                         (read_bytes_ / tensor_ + expert_bytes_ * share_of_experts(computed_) / ranks_) / weight_rate_);
  const Expr matrix = part("prompt.matrix", "Matrix work of a prompt alone", matrix_seconds(tensor_, ranks_));
  const Expr read_and_matrix =
      part("prompt.weights_and_matrix", "Reading weights and matrix work of a prompt, partly at once",
           overlapped(matrix, read));
  const Expr attention = part("prompt.attention", "Attention of a prompt alone", attention_seconds(tensor_));
  const Expr links = part("prompt.links", "Links between GPUs for a prompt", layers_ * seconds_of_links(computed_));
  const Expr activations =
      part("prompt.activations", "Numbers between layers of a prompt alone",
           activation_seconds(unsharded + sharded / tensor_ + experts_per_token_ / ranks_ / quarter));
  const Expr work =
      part("prompt.alone_work", "Work on a prompt alone", (read_and_matrix + attention + links + activations) * filled);
  own_ = part("prompt.alone", "A prompt on an idle replica: time to the first token",
              in("factor_first_token_seconds", "Fixed time of the server for a request", units::second) + work +
                  (one_ + in("factor_prompt_launches",
                             "Further fixed times of all layers, as kernels of a prompt start one by one")) *
                      layer_seconds_);
  prompt_seconds_ = p.name("prompt.work", "Time that a prompt takes from a replica", units::second,
                           min(busy_, work + layer_seconds_));
}

// Speculative decoding: a small model proposes some tokens, and one step of the model checks them all. Each counts only
// if all before it were accepted, so that a step gives 1 + a + a^2 + ... + a^k tokens, which is (1 - a^(k+1)) / (1 -
// a). Source: Leviathan, Kalman and Matias, Fast Inference from Transformers via Speculative Decoding, ICML 2023,
// eq. 1.
void ReplicaPlan::drafts() {
  const Expr acceptance = in("draft_acceptance_ratio", "Accepted draft tokens");
  verified_ =
      p.name("step.verified_tokens", "Tokens of a request that a step computes", units::ratio, one_ + draft_tokens_);
  constexpr int most = 8;
  Expr sum = one_, power = acceptance;
  for (int i = 0; i < most; ++i) {
    if (i > 0) power = power * acceptance;
    sum = sum + power * min(excess(draft_tokens_, number(i)), one_);
  }
  gained_ = p.name("step.tokens", "Tokens that a step gives a request, on average", units::ratio, sum);
}

// One step gives a token, or what is accepted of a draft, to each request in work; a request holds its prompt and half
// of its answer on average. Checking a draft reads weights and cache once, but multiplies for each of its tokens: the
// more requests there are, the less it gains.
void ReplicaPlan::step() {
  const Expr asked = max(in("concurrency", "Requests at once, all replicas together") / copies_, one_);
  waiting_ = p.name("replica.asked", "Requests at once for a replica", units::ratio, asked);
  in_work_ = p.name("replica.in_work", "Requests in work", units::ratio, min(asked, most_requests_));
  const Expr of_stage = max(in_work_ / pipeline_, one_);
  const Expr of_rank = max(of_stage / attention_, one_);
  const Expr held = p.name("request.held_tokens", "Tokens held of a request, on average", units::token,
                           prompt_ + output_ / number(2));
  const Expr kept = in("model_read_bytes", "Bytes read of each token", per_token) * held +
                    in("model_chosen_bytes", "Bytes read of each chosen token", per_token) *
                        min(held, in("model_chosen_tokens", "Tokens that are chosen", units::token)) +
                    window_bytes_ * min(held, window_) + number(2) * state_bytes_;
  const Expr of_held = in("model_operations", "Operations of attention for a held token", per_token_pair);
  const Expr of_window =
      in("model_window_operations", "Operations of attention for a held token of a window", per_token_pair);
  const Expr attention_operations = of_held * held + of_window * min(held, window_);
  const Expr host =
      p.name("step.host", "Host", units::second,
             in("factor_step_seconds", "Fixed time of the host for a step", units::second) +
                 in("factor_request_seconds", "Time of the host for each request in a step", units::second) * in_work_ /
                     attention_);
  // The time of a step that computes so many tokens of each request; parts are named where `named`.
  const auto seconds_for = [&](Expr tokens, bool named) {
    const auto part = [&](const char* id, const char* label, Expr value) {
      return named ? p.name(id, label, units::second, value) : value;
    };
    const Expr stage_tokens = of_stage * tokens * one_token_;
    const Expr rank_tokens = of_rank * tokens * one_token_;
    const Expr weights =
        part("step.weights", "Reading weights",
             pipeline_ * ((read_bytes_ / tensor_ + expert_bytes_ * share_of_experts(stage_tokens) / ranks_) /
                          pipeline_ / weight_rate_));
    const Expr matrix = part(
        "step.matrix", "Matrix work",
        pipeline_ * ((rank_tokens * (other_operations_ + head_operations_) / tensor_ / min(other_rate_, rate_limit_) +
                      stage_tokens * expert_operations_ / ranks_ / min(expert_rate_, rate_limit_)) /
                     pipeline_));
    const Expr both =
        part("step.weights_and_matrix", "Reading weights and matrix work, partly at once", overlapped(weights, matrix));
    const Expr cache = part("step.cache", "Reading the cache of the requests",
                            pipeline_ * (of_rank * (kept * kv_share_) / pipeline_ / cache_rate_));
    const Expr attended =
        part("step.attention", "Arithmetic of attention",
             pipeline_ * (rank_tokens * attention_operations / tensor_ / pipeline_ / attention_rate_));
    const Expr cache_and_attention = part("step.cache_and_attention", "The longer of the two", max(cache, attended));
    const Expr links =
        part("step.links", "Links between GPUs", pipeline_ * (layers_ / pipeline_ * seconds_of_links(stage_tokens)));
    const Expr activations = part("step.activations", "Numbers between layers",
                                  pipeline_ * (layers_ / pipeline_ * passes_ * hidden_ * number(2) *
                                               (rank_tokens * (number(0.3) + number(0.7) / tensor_) +
                                                stage_tokens * experts_per_token_ / ranks_ / number(4)) /
                                               bandwidth_));
    return both + cache_and_attention + layer_seconds_ + links + activations + host;
  };
  const Expr plain = p.name("step.plain_seconds", "A step without a draft", units::second, seconds_for(one_, false));
  const Expr checking =
      p.name("step.checking_seconds", "A step that checks a draft", units::second, seconds_for(verified_, true));
  const Expr drafting = p.name("step.draft", "The draft model", units::second, draft_tokens_ * draft_cost_ * plain);
  step_ = p.name("step.seconds", "One step", units::second, checking + drafting);
}

// While a request is in work, each of the others passes its prompt once. A new request waits for a part of those
// prompts; requests that arrive at random wait as at a counter that serves one after the other (M/D/1).
void ReplicaPlan::request() {
  const Expr half = number(0.5);
  const Expr steps = excess(output_, one_token_) / one_token_;
  const Expr decode = p.name("request.steps_seconds", "Steps of an answer", units::second, steps * step_ / gained_);
  const Expr others = excess(in_work_, one_);
  const Expr stolen =
      p.name("request.prompts_of_others", "Prompts of others while a request is in work", units::second,
             in("factor_prompt_share", "Part of prompts that does not hide behind steps") * others * prompt_seconds_);
  const Expr whole =
      p.name("request.alone_seconds", "A request in work, from start to end", units::second, own_ + stolen + decode);
  const Expr rate = in("request_rate", "Requests a second, arriving at random; 0 = a fixed number at once",
                       units::request / units::second);
  const Expr load = p.name("prompt.load", "Share of the time that prompts fill", units::ratio,
                           rate / copies_ * prompt_seconds_ / p.constant(1, units::request));
  const Expr in_line =
      p.name("prompt.wait", "Waiting for prompts of others", units::second,
             above(rate, p.constant(0, units::request / units::second),
                   prompt_seconds_ * load / (number(2) * max(complement(load), number(0.05))),
                   min(in("factor_prompt_wait", "Part of the prompts of others that a new request waits for") * others *
                           prompt_seconds_,
                       stolen)));
  const Expr started = (own_ + in_line + half * step_ * above(in_work_, number(1.5), one_, number(0))) *
                       in("factor_first_token", "Time to the first token, times");
  const Expr first = p.name("replica.first_token_in_work", "Time to the first token of a request in work",
                            units::second, min(started, excess(whole, half * decode)));
  const Expr token = p.name("replica.token", "Time for each token after the first", units::second,
                            excess(whole, first) / max(steps, one_));
  const Expr seconds = first + steps * token;
  const Expr queue =
      p.name("replica.queue", "Waiting for memory", units::second, excess(waiting_ / in_work_, one_) * seconds);
  p.name("replica.first_token", "Time to the first token", units::second, first + queue);
  p.name("replica.request_seconds", "Time of a request", units::second, queue + seconds);
  p.name("replica.output_per_gpu", "Output tokens a second of one GPU", units::token / units::second,
         in_work_ * output_ / seconds / gpus_);
  p.name("replica.prompt_share", "Share of a replica's time that goes into prompts", units::ratio,
         prompt_seconds_ / (prompt_seconds_ + decode / in_work_));
}

}  // namespace

Result<Plan> replica_plan() { return ReplicaPlan().build(); }

}  // namespace tokenbill
