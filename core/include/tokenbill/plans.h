#pragma once
// The formulas: what a request and a month cost. docs/model.md says each in words, with its assumptions.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/plan_builder.h"

namespace tokenbill {

/// Ids of the inputs that a rate card adds to a plan, after its prefix; bind fills them from the catalog.
/// Level 0 is the base price, level i the price from context tier i on; the peak inputs hold inside a time window.
[[nodiscard]] std::string price_input_id(TokenClass token_class, std::size_t level, bool peak);
[[nodiscard]] std::string threshold_input_id(std::size_t level);  ///< of context tier 1 .. max_context_tiers
inline constexpr std::string_view peak_share_input_id = "peak_share";
/// The threshold input of a tier that does not exist: no prompt is above it.
inline constexpr double no_threshold = 1e18;

/// The prices of a model by token class, in USD per million tokens, mixed over peak and other hours, at each level of
/// context tiers. Inputs of the plan have the ids above behind `prefix`.
class RateCard {
 public:
  RateCard(PlanBuilder& plan, std::string_view prefix, std::size_t tiers, std::span<const TokenClass> classes);
  [[nodiscard]] std::size_t tiers() const { return thresholds_.size(); }
  [[nodiscard]] Expr price(TokenClass token_class, std::size_t level) const {
    return price_[static_cast<std::size_t>(token_class)][level];
  }
  /// Of a prompt of so many tokens: the highest tier that the whole prompt is above.
  [[nodiscard]] Expr price_for(TokenClass token_class, Expr prompt) const;
  [[nodiscard]] Expr threshold(std::size_t level) const { return thresholds_[level - 1]; }  ///< of level 1 .. tiers()
  /// USD for so many tokens: tokens * price / 1e6. The division by 1e6 rounds once; 1e-6 itself is inexact.
  [[nodiscard]] static Expr charge(Expr tokens, Expr price);

 private:
  std::vector<Expr> thresholds_;
  std::array<std::array<Expr, max_context_tiers + 1>, token_class_count> price_;
};

/// One request with its tokens by exclusive class ("usage.<class>"), a factor on token charges ("multiplier") and
/// `fees` fees ("fee.<i>.quantity" times "fee.<i>.usd"). Figures: input_usd, output_usd, fees_usd, total. USD per
/// request.
[[nodiscard]] Result<Plan> request_plan(std::size_t fees);

/// What of earlier turns a request sends again; options of the parameter `history`.
enum class History : std::uint8_t { given, full, window, cap, summary };

/// Other models than the chosen one that answer a part of the requests. The chosen model's inputs have no prefix.
enum class Role : std::uint8_t {
  chosen,
  route_1,
  route_2,
  route_3,
  route_4,
  route_5,
  route_6,
  route_7,
  route_8,
  batch,
  fallback,
  count_
};
inline constexpr std::size_t role_count = static_cast<std::size_t>(Role::count_);
/// "" or "route_1." and so on: what stands before the ids of the inputs and figures of a role.
[[nodiscard]] std::string_view role_prefix(Role role);

/// Which parts a month's plan has. A plan without the parts that a scenario does not use is shorter and gives the same
/// figures, bit for bit.
struct MonthShape {
  History history = History::given;
  std::uint8_t tiers = max_context_tiers;  ///< context tiers of the models at most
  std::uint16_t roles = 1;                 ///< bit i: role i answers requests; the chosen one always
  bool subagents = false;
  bool caps = false;  ///< on the tokens or the cost of a conversation
  [[nodiscard]] bool has(Role role) const { return (roles >> static_cast<unsigned>(role) & 1u) != 0; }
  friend auto operator<=>(const MonthShape&, const MonthShape&) = default;
};

/// A month of the feature that a scenario describes. Terms in USD per month in order of calculation; figure "total".
[[nodiscard]] Result<Plan> month_plan(const MonthShape& shape = {});

/// Helper requests and media that are priced by a model of their own: their inputs are "<id>.price.input",
/// "<id>.price.output" and "<id>.token_factor", or "fee.<id>" for those paid by the unit.
inline constexpr std::string_view helper_ids[] = {"summary", "classifier", "compressor", "guard",
                                                  "judge",   "embedding",  "rerank"};
inline constexpr std::string_view unit_fee_ids[] = {"rerank", "transcription", "speech", "image_generation",
                                                    "video_generation"};
/// Services of the catalog: their inputs are "<id>.base", "<id>.minimum", "<id>.usd.<metric>",
/// "<id>.included.<metric>".
inline constexpr std::string_view service_ids[] = {"vector_store", "guardrail", "response_cache_service",
                                                   "observability"};

/// One replica of an open model on its GPUs, at the input "concurrency" (requests in work) and, for arrivals at random,
/// "request_rate". Figures: replica.fits, replica.most_requests, replica.first_token and replica.token (seconds),
/// replica.request_seconds, replica.output_per_gpu (tokens a second), replica.prompt_share, replica.weights_gb, and
/// memory.* in GiB of one GPU. replica_inputs (throughput.h) fills in the other inputs.
[[nodiscard]] Result<Plan> replica_plan();

/// A month of own capacity: load of a day -> replicas -> GPU hours -> USD. Terms "own.*" and "training.*" in USD per
/// month; figures replicas_at_peak, utilisation, own_total, own_usd_per_mtok_input, own_usd_per_mtok_output. Inputs
/// apart from the parameters: "offered.requests_per_month", "offered.input_tokens_per_month",
/// "offered.output_tokens_per_month"; of one replica "replica.concurrency", "replica.seconds" (of a request at it),
/// "replica.gpus", "replica.prompt_share", "replica.weights_gb"; rents "gpu.base", "gpu.peak", "gpu.spot",
/// "gpu.training"; "training.flops_per_token" (1e9), "training.gpu_tflops"; flags.
[[nodiscard]] Result<Plan> fleet_plan();

/// The plan input of a numeric scenario parameter, with the id, label and unit of the table.
[[nodiscard]] Expr parameter_input(PlanBuilder& plan, const char* id);

/// One conversation in which earlier exchanges are sent again. Inputs: static_prefix, user, answer (tokens a turn),
/// turns, kept (earlier exchanges sent again), and the prices of the classes used; figures: input_tokens,
/// output_tokens, last_prompt_tokens, uncached_usd, cache_read_tokens, cache_write_tokens, cached_usd.
/// Source: cost model, conversations: T(S+u) + h (K(K+1)/2 + K(T-1-K)), K = min(kept, T-1), h = u + a.
enum class ConversationCache : std::uint8_t {
  append_only,        ///< a turn reads the prompt of the turn before as far as it is unchanged, and writes the rest
  static_prefix_only  ///< earlier messages change, so only the static prefix hits
};
[[nodiscard]] Result<Plan> conversation_plan(ConversationCache cache);

/// Image tokens; exact integer rules of the sellers, so plain functions rather than plans. All sizes in pixels, >= 1.
struct ImageTokens {
  double tokens = 0;
  double width = 0;  ///< after scaling
  double height = 0;
  double patches = 0;  ///< or tiles
};
/// Claude: 28-pixel patches after scaling to the largest size whose padded sides fit `max_edge` and whose patches fit
/// `max_tokens`.
[[nodiscard]] ImageTokens image_tokens_patch28(double width, double height, double max_edge, double max_tokens);
/// OpenAI patches of 32 pixels: longest side at most `max_dimension`, at most `patch_budget` patches (0 = no such
/// limit).
[[nodiscard]] ImageTokens image_tokens_patch32(double width, double height, double max_dimension, double patch_budget,
                                               double multiplier);
/// OpenAI tiles of 512 pixels. `low` detail costs the base alone.
[[nodiscard]] ImageTokens image_tokens_tile512(double width, double height, double base_tokens, double tile_tokens,
                                               bool low);
/// Gemini 1.5 to 2.5: 258 if both sides are at most 384, else 258 for each tile of 768.
[[nodiscard]] ImageTokens image_tokens_tile768(double width, double height, double tile_tokens);

}  // namespace tokenbill
