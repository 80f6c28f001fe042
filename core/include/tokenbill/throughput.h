#pragma once
// What one replica of an open model does on given GPUs: memory, time to the first token, time for each token after it,
// output. The formulas stand in plans/replica_plan.cpp; here is what goes into them, and what measurements say of them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/evaluate.h"
#include "tokenbill/hardware.h"
#include "tokenbill/plan.h"

namespace tokenbill {

/// The software that serves a model, in the generations whose fixed costs differ.
enum class Serving : std::uint8_t {
  tensorrt_llm_2024,  ///< up to 0.12
  tensorrt_llm,
  vllm_2024,  ///< up to 0.5
  vllm,
  sglang,
  rocm_2024,  ///< engines on AMD GPUs, before October 2024
  rocm,
  llama_cpp,
  count_
};
inline constexpr std::size_t serving_count = static_cast<std::size_t>(Serving::count_);
[[nodiscard]] std::string_view serving_id(Serving serving);
/// The present generation of an engine (an option of serving_engine) on a vendor's GPUs.
[[nodiscard]] Serving serving_of(std::string_view engine, std::string_view vendor);
/// The generation of an engine as files of measurements name it: by version ("0.6.3") and date ("2024-10-30").
[[nodiscard]] Serving serving_of(std::string_view engine, std::string_view version, std::string_view date,
                                 std::string_view vendor);

/// A constant of the model that was fitted on measurements; throughput.def.
struct FittedConstant {
  std::string_view id;
  double value;
  std::string_view unit;
  std::string_view belongs_to;
  std::string_view meaning;
};
[[nodiscard]] std::span<const FittedConstant> fitted_constants();

/// What the weights are stored as; `native` as published.
enum class WeightFormat : std::uint8_t { native, bf16, fp8, fp4, int4, gguf, count_ };

/// A replica, or several alike, on GPUs.
struct Replica {
  const OpenModel* model = nullptr;
  const Gpu* gpu = nullptr;
  Serving serving = Serving::vllm;
  WeightFormat weights = WeightFormat::native;
  double gguf_bits = 16;          ///< of a weight, where the format is gguf
  std::optional<double> kv_bits;  ///< absent: what the engine does with these weights by itself
  double tensor_parallel = 1;
  double pipeline_parallel = 1;
  double attention_parallel = 1;  ///< ranks that split the requests instead of the attention heads
  double copies = 1;              ///< independent replicas among which the concurrency is shared
  double prompt_tokens = 0;       ///< of a request, held in memory
  double cached_tokens = 0;       ///< of them found in the prefix cache: held, not computed
  double output_tokens = 1;
  bool lengths_vary = true;            ///< false: all requests alike, as in some benchmarks
  std::optional<double> memory_ratio;  ///< of the engine's setting for the memory that it takes; absent: its default
  bool tuned_memory = false;           ///< as benchmarks set their engines: with little kept for the engine
  // Speculative decoding:
  double draft_tokens = 0;  ///< proposed in each step; 0 = off
  double acceptance = 0;    ///< share of them that are accepted, each where all before it were
  double draft_share = 0;   ///< of a step and of the weights: a draft token, the draft model
};

/// What an engine takes of a GPU's memory by default. GiB are 2^30 bytes, MiB 2^20.
struct EngineMemory {
  double share = 1;         ///< of the memory: for weights, requests and what it keeps for itself
  double of_free = 1;       ///< of what these leave, for requests
  double fixed_gib = 0;     ///< kept for itself
  double tokens = 0;        ///< that it computes at once
  double token_mib = 0;     ///< activations of each
  double requests = 0;      ///< of its largest graph
  double request_mib = 0;   ///< graphs for each
  double gpu_gib = 0;       ///< for each GPU of the replica
  double least_gib = 0;     ///< kept for itself at least
  std::string_view source;  ///< of all this
};
[[nodiscard]] EngineMemory engine_memory(const Replica& replica);

/// The inputs of replica_plan() but "concurrency", "request_rate".
/// @error unsupported: what of model or GPU is not known
[[nodiscard]] Result<std::vector<Known>> replica_inputs(const Plan& replica_plan, const Replica& replica);

/// How GPUs of a node share a model of this kind: GPUs of one replica -> tensor, pipeline and attention parallel.
void lay_out(Replica& replica, double gpus);

/// How far measurements scatter around the figures: the middle 80 % lie between low and high times the figure.
struct Band {
  double low = 1, high = 1;
};
enum class Measured : std::uint8_t { output, first_token };
[[nodiscard]] Band band(Measured what, const Replica& replica);

/// One row of a file of measurements, predicted.
struct ThroughputRow {
  std::string id, group, load_mode;
  std::string model, gpu, engine, precision;
  std::string_view serving;         ///< generation of the engine
  double model_parameters_b = 0;    ///< 0 where the model is not known
  bool has_experts = false;         ///< the model
  double concurrency = 0;           ///< as published; found where it is not
  std::optional<double> measured;   ///< output tokens a second of one GPU; prefill_only: prompt tokens
  std::optional<double> predicted;  ///< absent where it cannot be predicted
  std::optional<double> low, high;
  std::optional<double> first_token_measured;  ///< seconds; mean, median or not told, never a percentile
  std::optional<double> first_token_predicted, first_token_low, first_token_high;
  std::optional<double> token_measured, token_predicted;  ///< seconds for each token after the first
  std::optional<double> weights_bytes, request_bytes, room_bytes, most_requests;  ///< of one GPU; of a replica
  bool fits = true;                                                               ///< in memory, as predicted
  bool fits_by_default = true;  ///< the same with the memory that the engine takes unless told otherwise
  std::string reason;           ///< why it cannot be predicted
};
struct ThroughputReport {
  std::vector<ThroughputRow> rows;
  bool has_closed_loop = true;                                        ///< false: the next two are of all rows
  std::optional<double> median_abs_error, p90_abs_error;              ///< of closed_loop rows, relative
  std::optional<double> other_median_abs_error, other_p90_abs_error;  ///< of all other load modes
  std::optional<double> inside_band;                                  ///< share of the predicted rows
  std::optional<double> first_token_median_abs_error;
  std::optional<double> first_token_inside_band;
};
/// Predicts each row of a CSV file (docs/formats.md); unknown columns are ignored.
/// @error bad_value: a column that is needed is not there, with its name; a line that is not CSV
/// @error too_large: more rows than can be meant
[[nodiscard]] Result<ThroughputReport> verify_throughput(const Hardware& hardware, std::string_view csv,
                                                         std::string_view name = "throughput");

/// |predicted / measured - 1| where both are known.
[[nodiscard]] std::optional<double> absolute_error(std::optional<double> predicted, std::optional<double> measured);
/// The value below which a share of them lies, between two of them by a straight line; absent for none.
[[nodiscard]] std::optional<double> quantile(std::vector<double> values, double share);

}  // namespace tokenbill
