#pragma once
// What it takes to run open models oneself: GPUs, what they rent for, the layout of the models, how well training uses
// a GPU. Plain structs, filled by json_io from pricing/hardware. What is not known is absent, never zero.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// What weights are held in, or multiplied in.
enum class Precision : std::uint8_t { bf16, fp8, fp4, int8, count_ };
inline constexpr std::size_t precision_count = static_cast<std::size_t>(Precision::count_);
[[nodiscard]] std::string_view precision_id(Precision precision);

struct Gpu {
  std::string id;
  std::string name;
  std::vector<std::string> aliases;  ///< spellings of data sets
  std::string vendor;                ///< nvidia, amd
  double memory_gb = 0;              ///< as it is sold
  std::optional<double> usable_gib;  ///< what a published sizing tool reckons with
  double memory_gb_per_second = 0;
  /// Dense peak by Precision; absent = it has no hardware for it, or it is not known.
  std::array<std::optional<double>, precision_count> tflops{};
  bool fp16_only = false;                    ///< what stands under bf16 is fp16: it has no bf16
  std::optional<double> power_watts;         ///< of the card at most
  std::optional<double> all_in_kw;           ///< its share of server, network and cooling included
  std::optional<double> link_gb_per_second;  ///< to other GPUs, one way
  std::optional<double> scale_up_gpus;       ///< that such links connect
  std::optional<double> purchase_low_usd;
  std::optional<double> purchase_high_usd;
  std::string purchase_source;
  std::optional<double> owner_hyperscaler_usd_per_hour;  ///< all that owning one costs: capital, power, hosting
  std::optional<double> owner_neocloud_usd_per_hour;
  std::optional<double> rent_36_months_usd_per_hour;  ///< what the market asks for under a contract of three years
  std::string source;
  Moment checked;
  std::string note;

  [[nodiscard]] std::optional<double> peak(Precision p) const { return tflops[static_cast<std::size_t>(p)]; }
};

/// How a machine is paid for.
enum class RentTerm : std::uint8_t {
  on_demand,
  spot,  ///< may be taken away
  reserved_6_months,
  reserved_12_months,
  reserved_36_months,
  count_
};
inline constexpr std::size_t rent_term_count = static_cast<std::size_t>(RentTerm::count_);
[[nodiscard]] std::string_view rent_term_id(RentTerm term);

/// What kind of offer it is.
enum class RentTier : std::uint8_t {
  listed,       ///< the provider's own machine at its own price
  secure,       ///< the same, where the provider also passes on machines of others
  production,   ///< the same, where the provider also has prototyping
  community,    ///< a machine of somebody else, passed on
  marketplace,  ///< the cheapest offer of many on that day
  market,       ///< not an offer: a median, or an estimate, of what is asked for
  dws,          ///< when a scheduler finds room, or booked by calendar
  prototyping,  ///< a shared or virtual GPU
  count_
};
inline constexpr std::size_t rent_tier_count = static_cast<std::size_t>(RentTier::count_);
[[nodiscard]] std::string_view rent_tier_id(RentTier tier);

struct RentOffer {
  std::string gpu;  ///< Gpu::id
  double gpus = 1;  ///< in the machine
  std::string instance;
  std::vector<std::string> regions;  ///< at the same price; empty = everywhere, or not told
  RentTier tier = RentTier::listed;
  bool includes_host = true;                                          ///< false: processor and memory come on top
  std::array<std::optional<double>, rent_term_count> usd_per_hour{};  ///< by RentTerm, of the whole machine
  std::string source;
  Moment checked;
  std::string note;

  [[nodiscard]] std::optional<double> usd_per_gpu_hour(RentTerm term) const;
};

struct RentProvider {
  std::string id;
  std::string name;
  std::vector<RentOffer> offers;  ///< in file order
};

/// What is kept of each token for the tokens after it.
enum class Attention : std::uint8_t {
  mha,         ///< a key and a value for each head
  gqa,         ///< for each of fewer key heads
  mqa,         ///< for one key head
  mla,         ///< one latent (kv_rank + qk_rope_dim) for all heads
  mla_sparse,  ///< as mla, and a key of the index, by which a part of the tokens is chosen
  compressed,  ///< one entry for every `ratio` tokens beyond the window: DeepSeek V4
  count_
};
[[nodiscard]] std::string_view attention_id(Attention attention);

/// Sizes of latent attention.
struct Latent {
  std::optional<double> q_rank;
  std::optional<double> kv_rank;
  std::optional<double> qk_nope_dim;
  double qk_rope_dim = 0;
  std::optional<double> v_head_dim;
};

/// The index of sparse attention.
struct AttentionIndex {
  double heads = 0;
  double head_dim = 0;
  double top_k = 0;  ///< tokens that are attended to
};

/// Layers that keep one entry for `ratio` tokens.
struct CompressedLayers {
  double layers = 0;
  std::optional<double> ratio;  ///< absent = the window alone
};

/// Layers that keep every token but attend to a part of them.
struct PartialAttention {
  double layers = 0;
  double tokens = 0;    ///< attended to at most
  bool chosen = false;  ///< by comparing with every token; otherwise those of the same chunk
};

struct Experts {
  double count = 0;  ///< routed, in one layer
  double per_token = 0;
  double shared = 0;  ///< that every token passes
  double layers = 0;  ///< that have experts
  double intermediate = 0;
};

/// The layout of a model with open weights.
struct OpenModel {
  std::string id;
  std::string name;
  std::string hugging_face;
  std::vector<std::string> aliases;           ///< further names, of models with the same layout as well
  double total_parameters_b = 0;              ///< billions, embeddings included
  double active_parameters_b = 0;             ///< billions that a token passes
  double routed_expert_parameters_b = 0;      ///< billions; 0 without experts
  double layers = 0;                          ///< all of them
  double full_attention_layers = 0;           ///< whose cache grows with every token
  double window_layers = 0;                   ///< whose cache holds the last `window_tokens`
  std::optional<double> window_tokens;        ///< there is one where there are window_layers
  std::vector<CompressedLayers> compression;  ///< of Attention::compressed
  Attention attention = Attention::gqa;
  double hidden = 0;
  double attention_heads = 0;
  double kv_heads = 0;
  double head_dim = 0;                  ///< of latent attention: of query and key, not of what is kept
  std::optional<double> full_kv_heads;  ///< of layers without a window, where they have another shape
  std::optional<double> full_head_dim;  ///< likewise
  std::optional<Latent> latent;         ///< of mla, mla_sparse, compressed
  std::optional<AttentionIndex> index;  ///< of mla_sparse, compressed
  std::optional<PartialAttention> partial;
  std::optional<Experts> experts;  ///< absent = dense
  std::optional<double> dense_intermediate;
  double feed_forward_matrices = 3;  ///< 2 without a gate
  double vocab = 0;
  bool tied_embeddings = false;              ///< input and output share one table
  std::optional<double> native_expert_bits;  ///< of a weight as published, scales included
  double native_bits = 16;                   ///< of all other weights
  std::optional<double> context_tokens;
  std::optional<double> kv_bytes_per_token;  ///< in 2-byte numbers, every layer at full length: an upper bound
  std::optional<double> fixed_state_mib;     ///< of a sequence, whatever its length
  std::vector<std::string> hosted;           ///< keys of the catalog's models that are this model
  std::string hosted_note;
  std::string source;
  Moment checked;
  std::string note;
};

enum class TrainingJob : std::uint8_t { full, lora, count_ };
[[nodiscard]] std::string_view training_job_id(TrainingJob job);

/// What share of a GPU's peak the training of a model uses: model FLOPs utilisation.
struct TrainingEfficiency {
  TrainingJob job = TrainingJob::full;
  Precision precision = Precision::bf16;
  std::vector<std::string> gpus;   ///< Gpu::id of those measured
  bool has_experts = false;        ///< of the models measured
  double flops_per_parameter = 6;  ///< and token: 6 where all weights are trained, 4 where only adapters are
  double low_ratio = 0;            ///< of the peak at this precision
  double likely_ratio = 0;
  double high_ratio = 0;
  double measured_rows = 0;
  std::string source;
  Moment checked;
  std::string note;
};

struct Hardware {
  Moment as_of;
  std::vector<Gpu> gpus;
  std::vector<RentProvider> rent;  ///< by id
  std::vector<OpenModel> models;
  std::vector<TrainingEfficiency> training;
  std::vector<Error> left_out;  ///< what could not be used, while the rest was loaded

  /// By id or alias, whatever the case; the error (bad_value) lists the nearest ids.
  [[nodiscard]] Result<const Gpu*> find_gpu(std::string_view name) const;
  /// By id, alias or name on Hugging Face, whatever the case; the error (unknown_model) lists the nearest ids.
  [[nodiscard]] Result<const OpenModel*> find_open_model(std::string_view name) const;
};

/// A price of one GPU and whose it is.
struct RentPrice {
  double usd_per_gpu_hour = 0;
  const RentProvider* provider = nullptr;
  const RentOffer* offer = nullptr;
};
struct RentRange {
  RentPrice low;
  RentPrice median;  ///< of an even number the lower one of the middle, so that it is a price somebody asks for
  RentPrice high;
  std::size_t offers = 0;
};

/// Whether one can rent it whenever one wants and for as long as one wants: listed, secure, production.
[[nodiscard]] bool is_firm(const RentOffer& offer);
/// Whether nothing newer is known of the same provider, machine, tier and region for this term.
[[nodiscard]] bool is_newest(const RentProvider& provider, const RentOffer& offer, RentTerm term);
/// The newest prices of one GPU under a term over all providers; absent where nobody has one.
/// @param counts  which offers to look at
[[nodiscard]] std::optional<RentRange> rent_range(const Hardware& hardware, const Gpu& gpu, RentTerm term,
                                                  bool (*counts)(const RentOffer& offer) = is_firm);
/// The catalog's models that are this open model, on sale at the moment: neither retired nor without a price then.
[[nodiscard]] std::vector<const Model*> hosted_at(const OpenModel& model, const Catalog& catalog, Moment moment);

}  // namespace tokenbill
