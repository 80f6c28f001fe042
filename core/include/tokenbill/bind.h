#pragma once
// plan + catalog + scenario + date -> inputs, each with where it came from. The rules for absent prices stand here.

#include <array>
#include <memory>
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

/// The inputs of a plan for one model, with their origins.
struct Binding {
  const Model* model = nullptr;
  const Seller* seller = nullptr;
  const PriceRow* row = nullptr;   ///< in force; nullptr where there is none
  const Window* window = nullptr;  ///< whose prices stand in the peak inputs; nullptr without windows
  Moment date;
  std::vector<Known> inputs;
  std::vector<Origin> origins;
  TokenClass cache_write_class = TokenClass::cache_write;
  double token_factor = 1;
  Status status = Status::ok;  ///< unsuitable, or unpriced where no row is in force
  std::string reason;          ///< why it is not ok
  std::vector<Notice> notices;
};

/// Where the rate card of a plan has its inputs.
class PriceInputs {
 public:
  explicit PriceInputs(const Plan& plan);
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
  std::array<std::size_t, max_context_tiers> thresholds_{};
};

/// Binds many models to one scenario. Keeps references to plan, catalog and scenario.
class Binder {
 public:
  /// @param date used where the scenario has none
  Binder(const Plan& month_plan, const Catalog& catalog, const Scenario& scenario, Moment date);
  /// @param chosen the scenario's own model: its tokenizer counted the tokens
  [[nodiscard]] Binding bind(const Model& model, const Model& chosen) const;
  /// The same into memory that is used again; notices only where `with_notices`.
  void bind_into(const Model& model, const Model& chosen, bool with_notices, Binding& binding) const;
  /// Where the plan has its prices.
  [[nodiscard]] const PriceInputs& prices() const { return prices_; }

 private:
  struct Slots;
  const Plan& plan_;
  const Catalog& catalog_;
  const Scenario& scenario_;
  Moment date_;
  PriceInputs prices_;
  std::vector<Known> parameter_values_;  ///< the plan's inputs with the parameters filled in
  std::vector<Origin> parameter_origins_;
  std::shared_ptr<const Slots> slots_;
};

}  // namespace tokenbill
