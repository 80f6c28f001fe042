#pragma once
// plan + catalog + scenario + date -> inputs, each with where it came from. The rules for absent prices stand here.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tokenbill/catalog.h"
#include "tokenbill/evaluate.h"
#include "tokenbill/plan.h"
#include "tokenbill/plans.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

enum class Origin : std::uint8_t { user, defaulted, assumption, seller, derived };
[[nodiscard]] std::string_view origin_id(Origin origin);

/// Something that the reader of a figure should know. Kinds: docs/abi.md.
struct Notice {
  std::string_view kind;
  std::string text;
};

/// Whether a model can serve a scenario.
enum class Status : std::uint8_t { ok, unpriced, impossible, unsuitable };
[[nodiscard]] std::string_view status_id(Status status);

/// Where the value of an input was read.
struct InputSource {
  const PriceRow* row = nullptr;  ///< of a price; nullptr where it is not one
  std::string_view source;
  Moment checked;
  std::string_view note;
  TokenClass cache_write_class = TokenClass::cache_write;
};

/// The inputs of a plan for one model, with their origins.
struct Binding {
  const Model* model = nullptr;
  const Seller* seller = nullptr;
  const PriceRow* row = nullptr;                  ///< in force; nullptr where there is none
  const Window* window = nullptr;                 ///< whose prices stand in the peak inputs; nullptr without windows
  std::array<const Model*, role_count> models{};  ///< that answer a part; nullptr where a role has none
  Moment date;
  std::vector<Known> inputs;
  std::vector<Origin> origins;
  std::vector<InputSource> sources;           ///< only with details
  std::vector<std::uint8_t> source_of_input;  ///< only with details: index into sources + 1, 0 = none
  double token_factor = 1;
  Status status = Status::ok;  ///< unsuitable, or unpriced where no row is in force
  std::string reason;          ///< why it is not ok
  std::vector<Notice> notices;
};

/// Where the rate card of a plan has its inputs.
class PriceInputs {
 public:
  /// @param prefix  of the rate card, as role_prefix gives it
  explicit PriceInputs(const Plan& plan, std::string_view prefix = "");
  /// Writes the prices of `row` into the inputs: base prices, tiers, and those of `window` as peak prices.
  /// @param cache_write_class the class whose price stands in "price.cache_write"
  void fill(const PriceRow& row, const Window* window, TokenClass cache_write_class, std::vector<Known>& inputs) const;
  /// The input of this index is a price, of this class; for sources.
  struct Slot {
    std::size_t input;
    TokenClass token_class;
    std::size_t level;
    bool peak;
  };
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }

 private:
  std::vector<Slot> slots_;
  std::array<std::size_t, max_context_tiers> thresholds_{};  ///< inputs().size() where the plan has none
};

/// The parts that a month's plan needs for a scenario.
/// @param chosen  its context tiers count too; nullptr = those of the other models alone
/// @error unknown_model, unsupported, bad_value: a reference names nothing, or not what the parameter asks for; where =
///        id of the parameter
[[nodiscard]] Result<MonthShape> shape_of(const Catalog& catalog, const Scenario& scenario, const Model* chosen);
/// Of one model: tiers of its prices at most.
[[nodiscard]] std::uint8_t tiers_of(const Model& model);

/// Binds many models to one scenario. Keeps references to plan, catalog and scenario.
class Binder {
 public:
  /// @param month_plan of the shape that shape_of gives, or one with more tiers or parts
  /// @param date used where the scenario has none
  Binder(const Plan& month_plan, const Catalog& catalog, const Scenario& scenario, Moment date);
  /// @param chosen the scenario's own model: its tokenizer counted the tokens
  [[nodiscard]] Binding bind(const Model& model, const Model& chosen) const;
  /// The same into memory that is used again; notices and sources only `with_details`.
  void bind_into(const Model& model, const Model& chosen, bool with_details, Binding& binding) const;
  /// Where the plan has the chosen model's prices.
  [[nodiscard]] const PriceInputs& prices() const { return roles_.front().prices; }

 private:
  /// Where a role's inputs are.
  struct RoleSlots {
    RoleSlots(const Plan& plan, Role role);
    Role role;
    PriceInputs prices;
    std::size_t token_factor, cache_on, cache_stored, cache_step, cache_minimum, cache_lifetime, cache_storage,
        peak_share, geography, request_fee, platform_share, tool_prompt, image_each, pdf_page, audio_input,
        audio_output, video, reasoning_kept;
  };
  /// What the scenario wants, looked up once: parameters have names, and there are many models.
  struct Wishes {
    explicit Wishes(const Scenario& scenario);
    ServiceTier tier;
    std::string_view caching, geography, image_detail, reasoning_kept;
    bool same_text;
    std::optional<double> peak_share;
    bool images, pages;
    double image_width, image_height;
    double days;
    std::string container;              ///< id of the fee for the container's size
    std::vector<std::size_t> required;  ///< capabilities that a model must have, as indices into a list of bind.cpp
  };
  /// Where the inputs of fees are, all of the chosen model's seller.
  struct FeeSlots {
    explicit FeeSlots(const Plan& plan);
    std::size_t search, search_free, file_search, file_search_free, session, session_free, code, code_free,
        code_minimum, file_storage, file_storage_free, platform_minimum, judge_input, judge_output, summary_input,
        summary_output;
  };
  struct Draft;
  void bind_flags();
  void bind_helpers();
  void bind_services();
  void bind_role(const RoleSlots& at, const Model& model, ServiceTier tier, Draft& draft) const;
  void bind_fees(const PriceRow& row, Draft& draft) const;
  std::uint8_t add_source(InputSource source);
  void put_shared(std::string_view id, Known value, Origin origin, std::uint8_t source = 0);

  const Plan& plan_;
  const Catalog& catalog_;
  const Scenario& scenario_;
  Moment date_;
  Wishes wishes_;
  FeeSlots fees_;
  std::vector<RoleSlots> roles_;
  std::vector<Known> shared_values_;  ///< the plan's inputs with all filled in that do not depend on the model
  std::vector<Origin> shared_origins_;
  std::vector<InputSource> shared_sources_;
  std::vector<std::uint8_t> shared_source_of_input_;
  std::vector<Notice> shared_notices_;
  std::string shared_problem_;  ///< why no model can serve
  std::array<const Model*, role_count> role_models_{};
  bool judge_is_chosen_ = false, summary_is_chosen_ = false;
};

}  // namespace tokenbill
