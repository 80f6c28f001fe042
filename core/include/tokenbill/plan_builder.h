#pragma once
// Formulas written as arithmetic. The builder records a tape, shares equal nodes, and refuses a formula whose units
// do not fit: dollars added to tokens, or a price per million used as if it were per token, do not build a plan.

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/plan.h"
#include "tokenbill/result.h"

namespace tokenbill {

class PlanBuilder;

/// A value of a plan under construction: a node of one builder. Copies are cheap; valid while the builder lives.
class Expr {
 public:
  Expr() = default;
  [[nodiscard]] NodeId node() const { return place_ != nullptr ? place_->node : no_node; }
  [[nodiscard]] PlanBuilder* builder() const { return place_ != nullptr ? place_->builder : nullptr; }

 private:
  friend class PlanBuilder;
  /// A single pointer travels in a register, on WebAssembly too, where formulas would else be mostly copying.
  struct Place {
    PlanBuilder* builder;
    NodeId node;
  };
  explicit Expr(const Place& place) : place_(&place) {}
  const Place* place_ = nullptr;
};

[[nodiscard]] Expr operator+(Expr a, Expr b);
[[nodiscard]] Expr operator*(Expr a, Expr b);
[[nodiscard]] Expr operator/(Expr a, Expr b);  ///< b > 0; a quotient by 0 is unknown
[[nodiscard]] Expr min(Expr a, Expr b);
[[nodiscard]] Expr max(Expr a, Expr b);
[[nodiscard]] Expr excess(Expr a, Expr b);  ///< max(a - b, 0)
[[nodiscard]] Expr complement(Expr ratio);  ///< 1 - ratio, 0 for a ratio above 1
[[nodiscard]] Expr ceil(Expr a);
[[nodiscard]] Expr floor(Expr a);
[[nodiscard]] Expr decay(Expr ratio);                                         ///< e^-ratio
[[nodiscard]] Expr root(Expr ratio);                                          ///< square root
[[nodiscard]] Expr above(Expr a, Expr threshold, Expr then, Expr otherwise);  ///< a > threshold ? then : otherwise
/// share * a + (1 - share) * b
[[nodiscard]] Expr mix(Expr share, Expr a, Expr b);

class PlanBuilder {
 public:
  PlanBuilder() = default;
  PlanBuilder(const PlanBuilder&) = delete;
  PlanBuilder& operator=(const PlanBuilder&) = delete;

  /// An input; ids are unique, asking again for the same id gives the same node.
  Expr input(const char* id, const char* label, const Unit& unit);
  Expr input(const std::string& id, const std::string& label, const Unit& unit) {
    return input(id.c_str(), label.c_str(), unit);
  }
  Expr constant(double value, const Unit& unit = units::ratio);
  /// Gives a figure its permanent id and label: it can be explained, and formulas that use it show its name.
  /// `expected` is the unit that the formula claims; another unit is an error of build().
  Expr name(const char* id, const char* label, const Unit& expected, Expr value);
  /// A line item of the bill, in order of calculation.
  Expr term(const char* id, const char* label, Category category, const Unit& expected, Expr value);

  /// The finished plan, or the first unit mistake with the names of both sides. The builder is empty afterwards.
  /// The order of its nodes depends on the formulas alone, not on the compiler.
  [[nodiscard]] Result<Plan> build();

  /// The unit of a value of this builder; a ratio where a unit mistake was made before.
  [[nodiscard]] Unit unit_of(Expr value) const { return plan_.units_[value.node()]; }

  /// For the operators above.
  Expr node(Op op, std::initializer_list<Expr> args);

 private:
  [[nodiscard]] static Plan in_canonical_order(Plan from);
  Expr push(const Node& node, const Unit& unit);
  [[nodiscard]] Expr at(NodeId node) const { return Expr(places_[node]); }
  void fail(std::string where, std::string message);
  [[nodiscard]] std::string describe(NodeId node) const;

  Plan plan_;
  std::deque<Expr::Place> places_;  ///< one per node
  std::map<std::string, NodeId> shared_;
  std::map<std::string, NodeId, std::less<>> ids_;  ///< of figures, terms and inputs
  std::vector<Error> errors_;
};

}  // namespace tokenbill
