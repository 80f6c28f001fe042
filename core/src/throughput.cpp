#include "tokenbill/throughput.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "order.h"
#include "text.h"
#include "tokenbill/numeric.h"

namespace tokenbill {

namespace {
namespace fitted {
#define TOKENBILL_FITTED(id, value, unit, belongs_to, meaning) constexpr double id = value;
#define TOKENBILL_BAND(id, low, high)
#include "tokenbill/throughput.def"
#undef TOKENBILL_BAND
#undef TOKENBILL_FITTED
}  // namespace fitted

constexpr FittedConstant constants[] = {
#define TOKENBILL_FITTED(id, value, unit, belongs_to, meaning) {#id, value, unit, belongs_to, meaning},
#define TOKENBILL_BAND(id, low, high)
#include "tokenbill/throughput.def"
#undef TOKENBILL_BAND
#undef TOKENBILL_FITTED
};

constexpr double unlimited = 1e18;  // no GPU reads or multiplies so much in a second

/// What depends on the generation of the software. Those of a run inside one process have no time of a server.
struct Software {
  std::string_view id;
  double layer_seconds;
  double speed;  ///< of bandwidth and arithmetic
  double matrix;
  double request_seconds;
  double first_token_seconds;
  double prompt_launches;
  double first_token;
  bool small_cache;  ///< keeps 8 bits beside weights that are computed in 8 or fewer
};
constexpr std::array<Software, serving_count> software = {{
    {"tensorrt_llm_2024", fitted::layer_tensorrt_llm_2024, 1, fitted::matrix, fitted::request_tensorrt_llm, 0, 0, 1,
     true},
    {"tensorrt_llm", fitted::layer, 1, fitted::matrix, fitted::request_tensorrt_llm, fitted::first_token_server,
     fitted::prompt_launches, 1, true},
    {"vllm_2024", fitted::layer_vllm_2024, 1, fitted::matrix, fitted::request, fitted::first_token_server,
     fitted::prompt_launches, 1, false},
    {"vllm", fitted::layer, 1, fitted::matrix, fitted::request, fitted::first_token_server, fitted::prompt_launches, 1,
     false},
    {"sglang", fitted::layer, 1, fitted::matrix, fitted::request, fitted::first_token_server, fitted::prompt_launches,
     fitted::first_token_sglang, false},
    {"rocm_2024", fitted::layer_rocm_2024, fitted::rocm_2024, fitted::matrix, fitted::request,
     fitted::first_token_server, fitted::prompt_launches, 1, false},
    {"rocm", fitted::layer_rocm, fitted::rocm, fitted::matrix, fitted::request, fitted::first_token_server,
     fitted::prompt_launches, 1, true},
    {"llama_cpp", fitted::layer_llama_cpp, 1, fitted::matrix_llama_cpp, fitted::request, 0, 0, 1, false},
}};

const Software& software_of(Serving serving) {
  return software[std::min(static_cast<std::size_t>(serving), serving_count - 1)];
}

/// Bits of a weight, scales included.
struct Bits {
  double experts = 16;
  double other = 16;
  double head = 16;          ///< tables of the vocabulary
  bool weight_only = false;  ///< unpacked to 16 bits before they are multiplied
  bool small = false;        ///< a recipe of 8 or fewer bits for weights and arithmetic
};

/// Experts in MXFP4 (gpt-oss): whatever the label of a variant says, they stay in it.
bool is_mxfp4(double expert_bits) { return expert_bits > 4 && expert_bits < 4.4; }

Bits bits_of(const OpenModel& model, WeightFormat format, double gguf_bits) {
  const bool experts = model.routed_expert_parameters_b > 0;
  const bool latent = model.attention == Attention::mla || model.attention == Attention::mla_sparse;
  const double native = model.native_expert_bits.value_or(16);
  const bool mxfp4 = is_mxfp4(native);
  Bits bits;
  switch (format) {
    case WeightFormat::bf16:
    case WeightFormat::count_:
      break;
    case WeightFormat::native:
      bits.experts = experts ? native : 16;
      bits.other = mxfp4 ? 16 : model.native_bits;
      bits.weight_only = !mxfp4 && bits.experts > 4 && bits.experts < 5;  // INT4 in groups of 32
      bits.small = !bits.weight_only && (bits.experts <= 8 || bits.other <= 8);
      break;
    case WeightFormat::fp8:
      bits.experts = mxfp4 ? native : 8;
      bits.other = mxfp4 ? 16 : 8;
      bits.small = true;
      break;
    case WeightFormat::fp4:
      // Projections of latent attention are kept wider.
      bits.experts = mxfp4 ? native : 4.5;
      bits.other = mxfp4 ? 16 : latent ? (model.native_bits == 16 ? 16 : 8) : 4.5;
      bits.small = true;
      break;
    case WeightFormat::int4:
      bits.experts = 4.5;
      bits.other = experts ? model.native_bits : 4.5;
      bits.weight_only = true;
      break;
    case WeightFormat::gguf:
      bits.experts = bits.other = bits.head = gguf_bits;
      bits.weight_only = true;
      break;
  }
  return bits;
}

/// The arithmetic that weights of so many bits are multiplied in on a GPU.
struct Product {
  double tflops = 0;
  double bits = 16;
};
Product arithmetic_of(const Gpu& gpu, double half, double bits, bool weight_only) {
  if (!weight_only && bits < 16) {
    const std::optional<double> peak = gpu.peak(bits >= 8 ? Precision::fp8 : Precision::fp4);
    if (peak) return {*peak, bits >= 8 ? 8.0 : 4.0};
  }
  return {half, 16};
}

/// What attention keeps, reads and computes; bytes and operations by token.
struct Cache {
  double held = 0;    ///< bytes kept of each token
  double read = 0;    ///< of them in every step
  double chosen = 0;  ///< in every step, of at most `chosen_tokens`
  double chosen_tokens = 0;
  double window = 0;  ///< kept and read of the last `window_tokens`
  double window_tokens = 0;
  double fixed = 0;                      ///< kept of a request
  double step = 0, step_window = 0;      ///< operations of a step for each held token
  double prompt = 0, prompt_window = 0;  ///< operations of a prompt for each pair of tokens
  double heads = 1;                      ///< that are shared out among GPUs
};

// One latent for all heads. Sparse attention keeps a key of the index beside it, 8 bits a number and a scale of 4
// bytes, reads all of those keys and then only the chosen latents, whose positions stay in 16 bits.
// Source: ai-dynamo/aiconfigurator; its formulas give the published bytes for DeepSeek V3.2 and GLM-5.
void put_latent(Cache& cache, const OpenModel& model, double bytes) {
  const double rank = model.latent->kv_rank.value_or(0), rope = model.latent->qk_rope_dim;
  cache.held = cache.read = model.layers * (rank + rope) * bytes;
  cache.step = model.layers * 2 * model.attention_heads * (2 * rank + rope);
  cache.prompt = model.layers * model.attention_heads * (model.head_dim + model.latent->v_head_dim.value_or(0));
  cache.step_window = cache.prompt_window = 0;
  cache.heads = 1;
  if (model.attention == Attention::mla_sparse) {
    const double latents = model.layers * (rank * bytes + rope * 2), keys = model.layers * (model.index->head_dim + 4);
    cache.held = latents + keys;
    cache.read = keys;
    cache.chosen = latents;
    cache.chosen_tokens = model.index->top_k;
  }
}

// One entry for `ratio` tokens beyond a window; layers of the smallest ratio choose among theirs by an index of 4 bits
// a number. What is not yet a whole entry is kept in 32 bits. Source: ai-dynamo/aiconfigurator (deepseek_v4.py).
void put_compressed(Cache& cache, const OpenModel& model, double bytes) {
  const double dim = model.head_dim;
  double smallest = 0;
  for (const CompressedLayers& part : model.compression)
    if (part.ratio && (smallest == 0 || *part.ratio < smallest)) smallest = *part.ratio;
  const double key = model.index ? model.index->head_dim / 2 : 0;
  cache.held = cache.read = cache.step = 0;
  for (const CompressedLayers& part : model.compression) {
    if (!part.ratio) continue;
    const double ratio = *part.ratio;
    const bool by_index = model.index.has_value() && ratio == smallest;
    const double entries = part.layers * dim * bytes / ratio;
    cache.held += entries;
    cache.step += part.layers / ratio;
    cache.fixed += part.layers * 2 * ratio * (by_index ? 2 : 1) * dim * 4;
    if (by_index) {
      cache.held += part.layers * key / ratio;
      cache.read += part.layers * key / ratio;
      cache.chosen += entries;
      cache.chosen_tokens = model.index->top_k * ratio;
      cache.fixed += part.layers * 2 * ratio * 2 * model.index->head_dim * 4;
    } else {
      cache.read += entries;
    }
  }
  cache.window = model.layers * dim * bytes;
  cache.step = 4 * model.attention_heads * dim * cache.step;
  cache.step_window = cache.prompt_window = 4 * model.attention_heads * dim * model.layers;
  cache.prompt = cache.step / 2;
  cache.heads = 1;
}

Cache cache_of(const OpenModel& model, double bytes) {
  Cache cache;
  const double dim = model.full_head_dim.value_or(model.head_dim);
  const double of_layer = 2 * model.full_kv_heads.value_or(model.kv_heads) * dim * bytes;
  const double full = model.full_attention_layers, windows = model.window_layers;
  cache.held = cache.read = full * of_layer;
  cache.window = windows * 2 * model.kv_heads * model.head_dim * bytes;
  cache.window_tokens = model.window_tokens.value_or(0);
  cache.step = 4 * model.attention_heads * dim * full;
  cache.prompt = 2 * model.attention_heads * dim * full;
  cache.step_window = cache.prompt_window = 4 * model.attention_heads * model.head_dim * windows;
  cache.heads = model.kv_heads;
  if (model.latent && (model.attention == Attention::mla || model.attention == Attention::mla_sparse)) {
    put_latent(cache, model, bytes);
  } else if (model.attention == Attention::compressed) {
    put_compressed(cache, model, bytes);
  } else if (model.partial) {
    const double part = model.partial->layers;
    cache.read = std::max(full - part, 0.0) * of_layer;
    cache.chosen = part * of_layer;
    cache.chosen_tokens = model.partial->tokens;
    if (!model.partial->chosen && windows == 0) {  // arithmetic stays inside the chunk as well
      const double of_all = part / std::max(full, 1.0);
      cache.window_tokens = model.partial->tokens;
      cache.step_window = of_all * cache.step;
      cache.prompt_window = of_all * cache.prompt;
      cache.step -= cache.step_window;
      cache.prompt -= cache.prompt_window;
    }
  }
  return cache;
}

Error unknown_figure(std::string where, std::string message) {
  return {Code::unsupported, std::move(where), std::move(message), "Choose another, or add it to the hardware list."};
}

std::optional<Error> what_is_missing(const OpenModel& model, const Gpu& gpu) {
  if (!gpu.peak(Precision::bf16))
    return unknown_figure(gpu.id, join({"How fast ", gpu.name, " multiplies in 16 bits is not known."}));
  const bool latent = model.attention == Attention::mla || model.attention == Attention::mla_sparse;
  if (latent && (!model.latent || !model.latent->kv_rank || !model.latent->v_head_dim))
    return unknown_figure(model.id, join({"The sizes of the latent attention of ", model.name, " are not known."}));
  if (model.attention == Attention::mla_sparse && !model.index)
    return unknown_figure(model.id, join({"The index of the sparse attention of ", model.name, " is not known."}));
  if (model.routed_expert_parameters_b > 0 && !model.experts)
    return unknown_figure(model.id, join({"How many experts ", model.name, " has is not known."}));
  return std::nullopt;
}

/// GeForce cards add up 16-bit products in 16 bits where llama.cpp multiplies, twice as fast as their sheet's figure.
bool is_geforce(const Gpu& gpu) { return gpu.name.find("GeForce") != std::string::npos; }
}  // namespace

std::span<const FittedConstant> fitted_constants() { return constants; }

std::string_view serving_id(Serving serving) {
  return serving < Serving::count_ ? software[static_cast<std::size_t>(serving)].id : std::string_view("unknown");
}

Serving serving_of(std::string_view engine, std::string_view vendor) {
  if (engine == "llama_cpp") return Serving::llama_cpp;
  if (vendor == "amd") return Serving::rocm;
  return engine == "sglang" ? Serving::sglang : engine == "tensorrt_llm" ? Serving::tensorrt_llm : Serving::vllm;
}

EngineMemory engine_memory(const Replica& replica) {
  const double gib = replica.gpu->memory_gb;
  const bool experts = replica.model->routed_expert_parameters_b > 0;
  const double gpus = replica.tensor_parallel * replica.pipeline_parallel * replica.attention_parallel;
  EngineMemory memory;
  switch (replica.serving) {
    case Serving::llama_cpp:
      memory.fixed_gib = 1;
      memory.source = "llama.cpp: --fit-target, 1024 MiB left free on each GPU";
      memory.share = replica.memory_ratio.value_or(1);
      break;
    case Serving::tensorrt_llm_2024:
    case Serving::tensorrt_llm:
      // Measured at start: what weights and activations leave.
      memory.of_free = replica.memory_ratio.value_or(0.9);
      memory.fixed_gib = 1.4;
      memory.source = "TensorRT-LLM: KvCacheConfig.free_gpu_memory_fraction, 0.9 of what weights and activations leave";
      break;
    case Serving::sglang: {
      // Source: server_args.py. Buckets by memory: tokens of a chunk, requests of the largest graph with fewer than
      // four GPUs and with more.
      struct Bucket {
        double below_gib, tokens, graphs, graphs_of_many;
      };
      constexpr Bucket buckets[] = {{20, 2048, 8, 8},     {35, 2048, 24, 80},    {60, 4096, 32, 160},
                                    {90, 8192, 256, 512}, {160, 8192, 256, 512}, {unlimited, 16384, 512, 512}};
      const Bucket* bucket = buckets;
      while (gib >= bucket->below_gib) ++bucket;
      memory.fixed_gib = 0.5;
      memory.tokens = bucket->tokens;
      memory.token_mib = 1.5;
      memory.requests = gpus < 4 ? bucket->graphs : bucket->graphs_of_many;
      memory.request_mib = 2 + (replica.attention_parallel > 1 ? 3 * replica.attention_parallel : 0);
      memory.gpu_gib = 0.125;
      memory.least_gib = gib > 60 ? 10 : 0;
      if (replica.draft_tokens > 0) memory.fixed_gib += 2;
      memory.source = "SGLang: mem_fraction_static as server_args.py sets it by the GPU's memory";
      if (replica.memory_ratio) {
        memory = {};
        memory.share = *replica.memory_ratio;
        memory.source = "SGLang: mem_fraction_static, given by you";
      }
      break;
    }
    default:  // vLLM, and engines on AMD GPUs, most of which are vLLM
      memory.share = replica.memory_ratio.value_or(0.92);
      memory.tokens = gib >= 70 ? 8192 : 2048;
      // llm-d-planner measured 4.8 to 5.6 GiB of activations on an H100, 7.4 with experts; communication beside it.
      memory.token_mib = (experts ? 7.4 : 5.2) * 1024 / 8192;
      memory.fixed_gib = gpus > 1 ? 0.55 : 0.13;
      memory.source =
          "vLLM: gpu_memory_utilization 0.92 with 8192 tokens at once (2048 below 70 GiB); reserve as llm-d-planner "
          "measured it";
  }
  if (replica.tuned_memory && replica.serving != Serving::llama_cpp) {
    memory = {};
    memory.share = 0.92;
    memory.fixed_gib = 1.5e9 / 1073741824;
  } else if (replica.tuned_memory) {
    memory = {};
    memory.fixed_gib = 0.3e9 / 1073741824;
  }
  return memory;
}

Result<std::vector<Known>> replica_inputs(const Plan& plan, const Replica& replica) {
  const OpenModel& model = *replica.model;
  const Gpu& gpu = *replica.gpu;
  if (auto error = what_is_missing(model, gpu)) return *std::move(error);
  std::vector<Known> inputs(plan.inputs().size(), Known{0, false});
  const auto put = [&](std::string_view id, double value) {
    if (const std::size_t at = plan.input_index(id); at < inputs.size()) inputs[at] = {value, true};
  };
  const Software& engine = software_of(replica.serving);
  const bool llama_cpp = replica.serving == Serving::llama_cpp;
  const bool rocm_2024 = replica.serving == Serving::rocm_2024;

  put("tensor_parallel", std::max(replica.tensor_parallel, 1.0));
  put("pipeline_parallel", std::max(replica.pipeline_parallel, 1.0));
  put("attention_parallel", std::max(replica.attention_parallel, 1.0));
  put("copies", std::max(replica.copies, 1.0));
  put("request_prompt_tokens", replica.prompt_tokens);
  put("request_cached_tokens", std::min(replica.cached_tokens, replica.prompt_tokens));
  put("request_output_tokens", std::max(replica.output_tokens, 1.0));

  // The model. Billions are kept as billions: the tape multiplies.
  const bool has_experts = model.routed_expert_parameters_b > 0;
  const bool latent = model.attention == Attention::mla || model.attention == Attention::mla_sparse;
  const double head = model.vocab * model.hidden / 1e9;
  const double tables = model.tied_embeddings ? 1 : 2;
  const double shared = model.total_parameters_b - model.routed_expert_parameters_b;
  put("model_layers", model.layers);
  put("model_hidden", model.hidden);
  put("model_latent_layers", latent ? model.layers : 0);
  // A layer of experts without a gate has two matrices instead of three, and as much less to start.
  put("model_expert_layers",
      has_experts ? std::max(round_down(model.experts->layers * model.feed_forward_matrices / 3 + 0.5), 1.0) : 0);
  put("model_experts_per_token", has_experts ? model.experts->per_token : 0);
  put("model_expert_share", has_experts ? model.experts->per_token / model.experts->count : 1);
  put("model_expert_parameters", model.routed_expert_parameters_b);
  put("model_active_expert_parameters", has_experts ? std::max(model.active_parameters_b - shared, 0.0) : 0);
  put("model_other_parameters", std::max(shared - head * tables, 0.0));
  put("model_head_parameters", head);
  put("model_tables", tables);

  const Bits bits = bits_of(model, replica.weights, replica.gguf_bits);
  put("weight_expert_bits", bits.experts);
  put("weight_bits", bits.other);
  put("weight_head_bits", bits.head);
  const double cache_bits = replica.kv_bits.value_or(bits.small && engine.small_cache ? 8 : 16);
  const Cache cache = cache_of(model, cache_bits / 8);
  put("model_kv_heads", std::max(cache.heads, 1.0));
  put("model_cache_bytes", cache.held);
  put("model_read_bytes", cache.read);
  put("model_chosen_bytes", cache.chosen);
  put("model_chosen_tokens", cache.chosen_tokens);
  put("model_window_bytes", cache.window);
  put("model_window_tokens", cache.window_tokens);
  put("model_fixed_bytes", cache.fixed);
  put("model_state_bytes", model.fixed_state_mib.value_or(0) * 1048576);
  put("model_operations", cache.step);
  put("model_window_operations", cache.step_window);
  put("model_prompt_operations", cache.prompt);
  put("model_prompt_window_operations", cache.prompt_window);

  // The GPU. What is sold as a gigabyte is 2^30 bytes on every card that was measured.
  const double half = *gpu.peak(Precision::bf16);
  const double twice = llama_cpp && is_geforce(gpu) ? 2 : 1;
  const bool computes_4_bits = gpu.peak(Precision::fp4).has_value();
  const double expert_bits = has_experts ? bits.experts : bits.other;
  Product expert = arithmetic_of(gpu, half, expert_bits, bits.weight_only);
  if (has_experts && is_mxfp4(model.native_expert_bits.value_or(16)))  // 8-bit numbers times 4-bit weights
    expert = arithmetic_of(gpu, half, 8, !computes_4_bits);
  const Product other = arithmetic_of(gpu, half, bits.other, bits.weight_only);
  put("gpu_memory_gib", gpu.memory_gb);
  put("gpu_memory_gb_per_second", gpu.memory_gb_per_second);
  constexpr double amd_link = 400, plain_link = 32;  // where the sheet has none
  const double link = gpu.link_gb_per_second.value_or(gpu.vendor == "amd" ? amd_link : plain_link);
  put("gpu_link_gb_per_second", link);
  put("gpu_tflops", other.tflops * twice);
  put("gpu_expert_tflops", expert.tflops * twice);
  put("gpu_attention_tflops", half * twice);

  // The fitted constants that belong to this software and this arithmetic.
  const auto share_of_peak = [&](const Product& arithmetic, double stored_bits) {
    const bool unpacked = stored_bits < 16 && arithmetic.bits == 16;
    return (arithmetic.bits == 4 ? fitted::matrix_4_bits : engine.matrix) * (unpacked ? fitted::matrix_unpacked : 1);
  };
  put("factor_engine", engine.speed);
  put("factor_weight_bandwidth", fitted::weight_bandwidth);
  put("factor_weight_limit", llama_cpp ? fitted::weights_llama_cpp_at_most : unlimited);
  put("factor_cache_bandwidth", fitted::cache_bandwidth);
  // A fast link is never worse than the fastest of the slow ones.
  constexpr double fastest_slow = 100;
  put("factor_link",
      link > fastest_slow ? std::max(fitted::link_fast, fitted::link_slow * fastest_slow / link) : fitted::link_slow);
  put("factor_matrix", share_of_peak(other, bits.other));
  put("factor_expert_matrix", share_of_peak(expert, expert_bits) * fitted::matrix_experts);
  put("factor_expert_limit", fitted::experts_at_most);
  put("factor_attention_matrix", engine.matrix);
  put("factor_matrix_limit", rocm_2024 ? fitted::matrix_rocm_2024_at_most : unlimited);
  put("factor_overlap", fitted::overlap);
  put("factor_activation_passes", fitted::activation_passes);
  put("factor_layer_seconds", engine.layer_seconds);
  put("factor_hop_seconds", fitted::layer_hop);
  put("factor_latent_layer_seconds", fitted::layer_experts);
  const bool fused = has_experts && bits.experts < 5 && computes_4_bits && !bits.weight_only;
  put("factor_expert_layer_seconds", fused ? fitted::layer_experts_4_bits : fitted::layer_experts);
  put("factor_step_seconds", fitted::step);
  put("factor_request_seconds", engine.request_seconds);
  put("factor_first_token_seconds", engine.first_token_seconds);
  put("factor_first_token", engine.first_token);
  put("factor_prompt_launches", engine.prompt_launches);
  put("factor_prompt_share", fitted::prompt_share);
  put("factor_prompt_wait", replica.lengths_vary ? fitted::wait_varied : fitted::wait_alike);
  // Not fitted: what engines take of the memory and keep for themselves, and the prompt tokens that they compute at
  // once.
  constexpr double mib = 1048576, giga = 1e9, gib_in_gb = 1024 * mib / giga;
  const EngineMemory memory = engine_memory(replica);
  put("factor_memory", memory.share);
  put("factor_free_memory", memory.of_free);
  put("factor_reserve_gb", memory.fixed_gib * gib_in_gb);
  put("factor_reserve_tokens", memory.tokens);
  put("factor_reserve_token_bytes", memory.token_mib * mib);
  put("factor_reserve_requests", memory.requests);
  put("factor_reserve_request_bytes", memory.request_mib * mib);
  put("factor_reserve_gpu_gb", memory.gpu_gib * gib_in_gb);
  put("factor_reserve_least_gb", memory.least_gib * gib_in_gb);
  put("factor_chunk_tokens", llama_cpp ? 512 : 8192);
  put("draft_tokens", replica.draft_tokens);
  put("draft_acceptance_ratio", replica.acceptance);
  put("draft_cost_ratio", replica.draft_share);
  return inputs;
}

// Inside a node of eight GPUs each layer is shared; beyond it stages follow each other. Latent attention is copied by
// tensor parallel ranks, so that they split the requests instead.
void lay_out(Replica& replica, double gpus) {
  constexpr double node = 8;
  gpus = std::max(round_down(gpus), 1.0);
  double stages = round_up(gpus / node);
  while (stages < gpus && round_down(gpus / stages) * stages != gpus) stages += 1;
  const double ranks = gpus / stages;
  const OpenModel& model = *replica.model;
  const bool latent = model.attention == Attention::mla || model.attention == Attention::mla_sparse;
  const bool split_requests = latent && model.routed_expert_parameters_b > 0;
  replica.pipeline_parallel = stages;
  replica.tensor_parallel = split_requests ? 1 : ranks;
  replica.attention_parallel = split_requests ? ranks : 1;
}

Band band(Measured what, const Replica& replica) {
  struct Class {
    std::string_view id;
    Band band;
  };
  constexpr Class classes[] = {
#define TOKENBILL_FITTED(id, value, unit, belongs_to, meaning)
#define TOKENBILL_BAND(id, low, high) {#id, {low, high}},
#include "tokenbill/throughput.def"
#undef TOKENBILL_BAND
#undef TOKENBILL_FITTED
  };
  const bool experts = replica.model->routed_expert_parameters_b > 0;
  const std::string_view id = what == Measured::output ? (experts ? "closed_experts" : "closed_dense")
                                                       : (experts ? "first_token_experts" : "first_token_dense");
  for (const Class& one : classes)
    if (one.id == id) return one.band;
  return {};
}

std::optional<double> absolute_error(std::optional<double> predicted, std::optional<double> measured) {
  if (!predicted || !measured || !(*measured > 0)) return std::nullopt;
  const double error = *predicted / *measured - 1;
  return error < 0 ? -error : error;
}

std::optional<double> quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::nullopt;
  sort_stably(values, [](double a, double b) { return a < b; });
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (at - static_cast<double>(below));
}

}  // namespace tokenbill
