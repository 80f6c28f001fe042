#pragma once
// What sellers charge: plain structs, filled by json_io from provider files or the price bundle.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/plan.h"
#include "tokenbill/result.h"

namespace tokenbill {

/// A moment: seconds since 1970-01-01T00:00:00Z (proleptic Gregorian, no leap seconds).
struct Moment {
  std::int64_t seconds = 0;
  friend constexpr auto operator<=>(const Moment&, const Moment&) = default;
};
/// Reads "2026-11-22" or "2026-11-22T02:30:00Z" (years 1970 to 9999).
[[nodiscard]] Result<Moment> parse_moment(std::string_view text);
/// Midnight of a date; absent if there is no such day (years 1970 to 9999).
[[nodiscard]] std::optional<Moment> date_moment(int year, int month, int day);
/// "2026-11-22", with the time of day only where it is not midnight.
[[nodiscard]] std::string moment_text(Moment moment);
[[nodiscard]] int weekday(Moment moment);         ///< 0 = Monday .. 6 = Sunday, UTC
[[nodiscard]] std::int64_t day_number(Moment m);  ///< whole days since 1970-01-01, UTC

enum class TokenClass : std::uint8_t {
#define TOKENBILL_CLASS(id, label, direction, category) id,
#include "tokenbill/token_classes.def"
#undef TOKENBILL_CLASS
  count_
};
inline constexpr std::size_t token_class_count = static_cast<std::size_t>(TokenClass::count_);
struct TokenClassInfo {
  std::string_view id;
  std::string_view label;
  bool is_input;
  Category category;
};
[[nodiscard]] const TokenClassInfo& info(TokenClass token_class);
[[nodiscard]] std::optional<TokenClass> token_class_of(std::string_view id);

/// USD per million tokens by class; absent = unknown (see `resolve` for the fallbacks), 0 = free.
using Prices = std::array<std::optional<double>, token_class_count>;

/// The price of a class after the fallbacks of docs/formats.md: a missing cache read costs as much as input, a missing
/// modality as much as text of its direction, and so on; absent if nothing stands in for it.
[[nodiscard]] std::optional<double> resolve(const Prices& prices, TokenClass token_class);

enum class ServiceTier : std::uint8_t { standard, batch, flex, fast, ultrafast, count_ };
[[nodiscard]] std::string_view service_tier_id(ServiceTier tier);
[[nodiscard]] std::optional<ServiceTier> service_tier_of(std::string_view id);

enum class PriceStatus : std::uint8_t { list, promotional, announced, cancelled };
[[nodiscard]] std::string_view price_status_id(PriceStatus status);

inline constexpr std::size_t max_context_tiers = 4;

/// From `threshold` tokens of prompt on, the whole request is billed at these prices.
struct ContextTier {
  double threshold = 0;    ///< tokens
  bool inclusive = false;  ///< true: reached at the threshold (>=), false: above it (>)
  Prices prices;           ///< classes not named keep the price of the level below
};

/// Prices that hold on some days between two times of day.
struct Window {
  std::uint8_t days = 0;  ///< bit 0 = Monday .. bit 6 = Sunday, in the window's zone
  int from_minute = 0;    ///< minutes after midnight, inclusive
  int to_minute = 0;      ///< exclusive; 1440 = midnight; never wraps
  int zone_minutes = 0;   ///< offset from UTC
  std::string except;     ///< calendar of the seller whose dates are excluded; may be empty
  Prices prices;
};

struct Fee {
  std::string id;
  std::string name;
  std::string per;  ///< request, search, call, image, second, minute, hour, character, page, gb_day, session
  double usd = 0;   ///< per one
  double free_per_month = 0;
  double minimum = 0;  ///< units billed at least
  double free_per_day = 0;
};

struct Disagreement {
  std::string source;
  Prices prices;
  std::string note;
};

/// One row of the rate card: (seller, model, service tier, period).
struct PriceRow {
  ServiceTier tier = ServiceTier::standard;
  std::optional<Moment> from;   ///< inclusive
  std::optional<Moment> until;  ///< exclusive
  PriceStatus status = PriceStatus::list;
  Prices prices;
  std::optional<double> cache_storage_usd_per_mtok_hour;
  std::vector<ContextTier> context_tiers;  ///< ascending
  std::vector<Window> windows;
  std::vector<Fee> fees;
  std::string source;
  Moment checked;
  std::string note;
  std::vector<Disagreement> disagreements;
};

enum class ModelKind : std::uint8_t { chat, embedding, rerank, image, audio, video };
[[nodiscard]] std::string_view model_kind_id(ModelKind kind);

struct PrefixCache {
  bool automatic = false;
  bool explicit_markers = false;
  double minimum_tokens = 0;
  double step_tokens = 1;
  std::map<std::string, double, std::less<>> lifetime_minutes;  ///< automatic, 5m, 30m, 1h
};

struct Geography {
  std::string id;
  std::string name;
  double factor = 1;  ///< on token charges, not on fees
  std::string source;
  Moment checked;
};

/// How a seller turns an image into tokens. The functions of plans.h of the same name do the counting.
enum class ImageAlgorithm : std::uint8_t { patch28, patch32, tile512, tile768, fixed };
[[nodiscard]] std::string_view image_algorithm_id(ImageAlgorithm algorithm);

/// The detail, or media resolution, that a request asks for; `automatic` ("auto") is what holds if it asks for none.
enum class ImageDetail : std::uint8_t { automatic, low, medium, high, original, count_ };
inline constexpr std::size_t image_detail_count = static_cast<std::size_t>(ImageDetail::count_);
[[nodiscard]] std::string_view image_detail_id(ImageDetail detail);

/// The numbers of one detail; those that its algorithm does not use keep these values.
struct ImageNumbers {
  double max_edge = 0;     ///< pixels: patch28; patch32, where 0 = no limit
  double max_patches = 0;  ///< patch28; patch32, where 0 = no limit
  double multiplier = 1;   ///< tokens per patch: patch32
  double base_tokens = 0;  ///< tile512
  double tile_tokens = 0;  ///< per tile: tile512, tile768
  double tokens = 0;       ///< fixed: of any image
};

struct ImageTokenRule {
  ImageAlgorithm algorithm = ImageAlgorithm::fixed;
  /// By ImageDetail; `automatic` is always there and stands in for those that are not.
  std::array<std::optional<ImageNumbers>, image_detail_count> details;
};

struct Model {
  std::uint32_t seller = 0;  ///< index into Catalog::sellers
  std::string id;
  std::string key;  ///< "seller/id", unique
  std::string name;
  ModelKind kind = ModelKind::chat;
  std::vector<std::string> aliases;
  std::optional<Moment> released;
  std::optional<Moment> retires;
  std::optional<double> context_tokens;
  std::optional<double> max_output_tokens;
  std::vector<std::string> capabilities;
  std::string tokenizer_family;
  std::optional<double> tokenizer_ratio;  ///< tokens for the same English text, OpenAI o200k = 1
  std::string tokenizer_note;
  std::optional<PrefixCache> cache;
  std::vector<Geography> geographies;
  std::vector<PriceRow> prices;
  // What it counts as tokens apart from text; absent = unknown. media.h answers the questions.
  std::optional<ImageTokenRule> image_tokens;
  std::optional<double> audio_input_tokens_per_second;
  std::optional<double> audio_output_tokens_per_second;
  std::optional<double> video_tokens_per_second;  ///< input: one frame and the sound of a second
  std::optional<double> pdf_page_tokens;          ///< of a page's picture, beside its text, where the seller lists them
  std::optional<double> tool_prompt_tokens;       ///< hidden prompt once a tool is declared, tool choice auto
  bool keeps_reasoning = false;                   ///< the reasoning of earlier turns stays in the input of later ones
  std::string counting_source;                    ///< of all of these; empty if none is known
  Moment counting_checked;
  std::string counting_note;
  // Of a model passed on by a reseller:
  std::string resold_from;          ///< key of the original; empty for a model of its own
  double platform_share_ratio = 0;  ///< charged on everything
  double minimum_fee_usd = 0;       ///< per purchase; a note only
  std::string resale_source;        ///< of the terms
  Moment resale_checked;
  std::string resale_note;
};

struct Seller {
  std::string id;
  std::string name;
  std::string kind;                                                         ///< developer, cloud, reseller
  std::map<std::string, std::vector<std::int64_t>, std::less<>> calendars;  ///< sorted day numbers (UTC)
};

/// What a service counts in a month.
enum class Metric : std::uint8_t {
#define TOKENBILL_METRIC(id, label) id,
#include "tokenbill/metrics.def"
#undef TOKENBILL_METRIC
  count_
};
inline constexpr std::size_t metric_count = static_cast<std::size_t>(Metric::count_);
[[nodiscard]] std::string_view metric_id(Metric metric);
[[nodiscard]] std::string_view metric_label(Metric metric);
[[nodiscard]] std::optional<Metric> metric_of(std::string_view id);

struct ServiceRate {
  double usd = 0;       ///< per one of the metric
  double included = 0;  ///< of the metric, a month, before the rate applies
};

/// What a service costs in a period: max(minimum_usd, base_usd + sum of usd * max(0, quantity - included)) a month.
struct ServiceRow {
  std::optional<Moment> from;   ///< inclusive
  std::optional<Moment> until;  ///< exclusive
  PriceStatus status = PriceStatus::list;
  double base_usd = 0;                                           ///< a month, always
  double minimum_usd = 0;                                        ///< a month at least, base and rates together
  std::array<std::optional<ServiceRate>, metric_count> rates{};  ///< by Metric; absent = not charged for
  std::string source;
  Moment checked;
  std::string note;
};

/// Something beside a model that a feature pays for: where its vectors, its cached answers or its traces are kept.
struct Service {
  std::string id;
  std::string key;  ///< "vendor/id", unique
  std::string name;
  std::string kind;  ///< vector_store, response_cache, observability, guardrail
  std::vector<ServiceRow> rows;
};

struct Catalog {
  Moment as_of;
  std::vector<Seller> sellers;
  std::vector<Model> models;      ///< by seller, in file order
  std::vector<Service> services;  ///< by vendor, in file order
  std::vector<Error> left_out;    ///< what could not be used, while the rest was loaded

  /// By key, or by id or alias where only one seller has it; the error lists the nearest names.
  [[nodiscard]] Result<const Model*> find_model(std::string_view name) const;
  /// By key, or by id where only one vendor has it; the error (bad_value) lists the nearest keys.
  [[nodiscard]] Result<const Service*> find_service(std::string_view name) const;
};

/// The row in force: this tier, this moment, not cancelled; nullptr if there is none.
[[nodiscard]] const PriceRow* row_at(const Model& model, ServiceTier tier, Moment moment);
/// The row of a service in force: this moment, not cancelled; nullptr if there is none.
[[nodiscard]] const ServiceRow* row_at(const Service& service, Moment moment);
/// The window in force at this moment; nullptr outside every window.
[[nodiscard]] const Window* window_at(const Seller& seller, const PriceRow& row, Moment moment);
/// Share of the hours of a week that fall into the row's windows (0 without windows; holidays ignored): the share of
/// tokens that flat traffic sends at window prices.
[[nodiscard]] double window_share_of_week(const PriceRow& row);
/// Level 0 = base prices, level i = prices from context tier i on, with the classes it does not name carried over.
[[nodiscard]] Prices prices_at_level(const PriceRow& row, const Window* window, std::size_t level);

}  // namespace tokenbill
