#pragma once
// Formulas written as arithmetic. The builder records a tape, shares equal nodes, and refuses a formula whose units
// do not fit: dollars added to tokens, or a price per million used as if it were per token, do not build a plan.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tokenbill/plan.h"
#include "tokenbill/result.h"

namespace tokenbill {

class PlanBuilder;

/// A value of a plan under construction: a node of one builder. Copies are cheap; valid while the builder lives.
class Expr {
 public:
  Expr() = default;
  [[nodiscard]] NodeId node() const { return node_; }
  [[nodiscard]] PlanBuilder* builder() const { return builder_; }

 private:
  friend class PlanBuilder;
  Expr(PlanBuilder* builder, NodeId node) : builder_(builder), node_(node) {}
  PlanBuilder* builder_ = nullptr;
  NodeId node_ = no_node;
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
[[nodiscard]] Expr above(Expr a, Expr threshold, Expr then, Expr otherwise);  ///< a > threshold ? then : otherwise
/// share * a + (1 - share) * b
[[nodiscard]] Expr mix(Expr share, Expr a, Expr b);

class PlanBuilder {
 public:
  PlanBuilder() = default;
  PlanBuilder(const PlanBuilder&) = delete;
  PlanBuilder& operator=(const PlanBuilder&) = delete;

  /// An input; ids are unique, asking again for the same id gives the same node.
  Expr input(std::string_view id, std::string_view label, Unit unit);
  Expr constant(double value, Unit unit = units::ratio);
  /// Gives a figure its permanent id and label: it can be explained, and formulas that use it show its name.
  /// `expected` is the unit that the formula claims; another unit is an error of build().
  Expr name(std::string_view id, std::string_view label, Unit expected, Expr value);
  /// A line item of the bill, in order of calculation.
  Expr term(std::string_view id, std::string_view label, Category category, Unit expected, Expr value);

  /// The finished plan, or the first unit mistake with the names of both sides. The builder is empty afterwards.
  /// The order of its nodes depends on the formulas alone, not on the compiler.
  [[nodiscard]] Result<Plan> build();

  /// For the operators above.
  Expr node(Op op, std::initializer_list<Expr> args);

 private:
  [[nodiscard]] static Plan in_canonical_order(Plan from);
  NodeId push(const Node& node, const Unit& unit);
  void fail(std::string where, std::string message);
  [[nodiscard]] std::string describe(NodeId node) const;

  Plan plan_;
  std::unordered_map<std::string, NodeId> shared_;
  std::vector<Error> errors_;
};

}  // namespace tokenbill
