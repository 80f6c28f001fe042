#pragma once
// The questions that views ask, answered from one month plan: what does it cost, what would every model cost, why.
// A view shows these values; it never computes money.

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/bind.h"
#include "tokenbill/catalog.h"
#include "tokenbill/plan.h"
#include "tokenbill/result.h"
#include "tokenbill/scenario.h"

namespace tokenbill {

/// One line of the bill. Absent amounts are unknown.
struct BillItem {
  std::string_view id;
  std::string_view label;
  Category category{};
  std::optional<double> usd_per_month;
  std::optional<double> usd_per_request;
  std::optional<double> share;  ///< of the month
};

struct Figure {
  std::string_view id;
  std::string_view label;
  std::optional<double> value;
  Unit unit;
};

struct BillInput {
  std::string_view id;
  std::string_view label;
  std::optional<double> value;
  Unit unit;
  Origin origin{};
  std::string source;             ///< of a price or a default
  std::optional<Moment> checked;  ///< of a price
};

/// The bill of a scenario. Items in order of calculation; they sum, left to right, exactly to per_month.
struct Bill {
  const Model* model = nullptr;
  const Seller* seller = nullptr;
  Moment date;
  Status status = Status::ok;
  std::optional<Error> problem;
  std::optional<double> per_request, per_conversation, per_day, per_month, per_year;
  std::optional<double> inference_per_month, inference_per_request;
  std::vector<BillItem> items;
  std::vector<Figure> figures;
  std::vector<BillInput> inputs;
  std::vector<Notice> notices;
  std::string sentence;  ///< what dominates
};

/// One model for a scenario.
struct ComparisonRow {
  const Model* model = nullptr;
  const Seller* seller = nullptr;
  const PriceRow* row = nullptr;
  Status status = Status::ok;
  std::string reason;
  int rank = 0;  ///< from 1; 0 = cannot serve
  std::optional<double> usd_per_month, inference_usd_per_month, usd_per_request, inference_usd_per_request,
      ratio_to_baseline;
  double token_factor = 1;
};

struct Comparison {
  Moment date;
  const Model* baseline = nullptr;
  std::vector<ComparisonRow> rows;  ///< those that can serve first, cheapest first (ties by key)
};

/// A named figure or input that a formula stands on.
struct Use {
  std::string_view id;
  std::string_view label;
  std::optional<double> value;
  Unit unit;
  bool is_input = false;
  Origin origin{};
  std::string source;
  std::optional<Moment> checked;
  std::string note;
  struct Other {
    std::string source;
    double value;
    std::string note;
  };
  std::vector<Other> disagreements;
};

struct Explanation {
  Use subject;
  std::string formula;  ///< in names
  std::string numbers;  ///< the same with the numbers
  std::vector<Use> uses;
  std::string note;  ///< which tier was reached and why
};

/// Holds the plans of months, each built when a scenario first needs its shape. Stateless otherwise: catalog, scenario
/// and date are arguments. Not to be shared between threads.
class Engine {
 public:
  /// @error bad_plan never in a released build: tests build every shape
  [[nodiscard]] static Result<Engine> create();

  /// @error unknown_model. A model that cannot serve gives a Bill with its status and problem.
  [[nodiscard]] Result<Bill> estimate(const Catalog& catalog, const Scenario& scenario, Moment today) const;
  /// @error unknown_model (the scenario's own model, which is the baseline)
  [[nodiscard]] Result<Comparison> compare(const Catalog& catalog, const Scenario& scenario, Moment today) const;
  /// @error unknown_model, unknown_item with the nearest ids, impossible, unpriced
  [[nodiscard]] Result<Explanation> explain(const Catalog& catalog, const Scenario& scenario, Moment today,
                                            std::string_view item) const;

  /// One scenario with its plan and its inputs, evaluated; to be evaluated again with other inputs.
  struct Priced {
    const Plan* plan = nullptr;
    std::shared_ptr<const void> held;  ///< what the plan belongs to
    Binding binding;
    Evaluation evaluation;
    Status status = Status::ok;
    std::string reason;
    /// Absent where it is unknown or the model cannot serve.
    [[nodiscard]] std::optional<double> figure(std::string_view id) const;
    /// Sets an input by id; nothing where the plan has none.
    void put(std::string_view id, double value);
  };
  /// @error unknown_model, and what shape_of refuses
  [[nodiscard]] Result<Priced> price(const Catalog& catalog, const Scenario& scenario, Moment today) const;
  /// After inputs were changed.
  [[nodiscard]] std::optional<Error> reprice(Priced& priced) const;
  /// The same where only inputs changed on which `nodes`, and no others, stand.
  [[nodiscard]] std::optional<Error> reprice(Priced& priced, std::span<const NodeId> nodes) const;

  /// The plan of a shape; valid until most_plans other shapes have been asked for.
  [[nodiscard]] const Plan& plan(const MonthShape& shape = {}) const { return month(shape)->plan; }

 private:
  struct Nodes {
    NodeId total, per_request, per_conversation, per_day, per_year, inference, inference_per_request, requests,
        cacheable, hit, break_even_hit;
    std::array<NodeId, role_count> prompt, output;  ///< no_node where the shape lacks the role
  };
  struct Month {
    MonthShape shape;
    Plan plan;
    Nodes nodes;
  };
  Engine() = default;
  [[nodiscard]] std::optional<Error> build(const MonthShape& shape) const;
  [[nodiscard]] std::shared_ptr<const Month> month(const MonthShape& shape) const;
  static void settle(const Month& month, Binding& binding, Evaluation& evaluation);
  static void add_notices(const Month& month, const Scenario& scenario, const Binding& binding,
                          const Evaluation& evaluation, std::vector<Notice>& notices);
  [[nodiscard]] static Use describe(const Month& month, const Binding& binding, const Evaluation& evaluation,
                                    const PriceInputs& prices, const Named& named);

  /// A person meets a handful of shapes, a program that tries them all would else fill its memory with plans.
  static constexpr std::size_t most_plans = 32;
  mutable std::vector<std::shared_ptr<const Month>> months_;  ///< the one that was asked for last comes first
};

}  // namespace tokenbill
