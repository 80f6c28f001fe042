#pragma once
// A plan is the model of cost: a tape of nodes in evaluation order, built once, never changed.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenbill/unit.h"

namespace tokenbill {

enum class Op : std::uint8_t {
  constant,
  input,
#define TOKENBILL_OP(name, arity, meaning, wgsl) name,
#include "tokenbill/op.def"
#undef TOKENBILL_OP
};

/// Number of operands; 0 for constant and input.
[[nodiscard]] int arity(Op op);
[[nodiscard]] std::string_view op_name(Op op);
/// WGSL spelling with {0}.. for operands; empty for constant and input.
[[nodiscard]] std::string_view op_wgsl(Op op);

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xffffffffu;

struct Node {
  Op op = Op::constant;
  std::array<NodeId, 4> args{no_node, no_node, no_node, no_node};  ///< earlier nodes
  double value = 0;                                                ///< of a constant
  std::uint32_t input = 0;                                         ///< index into Plan::inputs() of an input
};

/// What a component of the bill is; one hue each, everywhere.
enum class Category : std::uint8_t {
#define TOKENBILL_CATEGORY(name, label) name,
#include "tokenbill/categories.def"
#undef TOKENBILL_CATEGORY
};
[[nodiscard]] std::string_view category_id(Category category);
[[nodiscard]] std::string_view category_label(Category category);

/// A node that people see: its permanent id (dotted nouns), label and unit.
struct Named {
  std::string id;
  std::string label;
  NodeId node = no_node;
  Unit unit;
};

struct PlanInput {
  std::string id;
  std::string label;
  Unit unit;
  NodeId node = no_node;
};

/// A line item of the bill, in USD per month (plan of a month) or USD per request (plan of a request).
struct Term {
  std::string id;
  std::string label;
  Category category{};
  NodeId node = no_node;
};

class Plan {
 public:
  [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }
  [[nodiscard]] std::span<const Unit> units() const { return units_; }  ///< one per node
  [[nodiscard]] std::span<const PlanInput> inputs() const { return inputs_; }
  [[nodiscard]] std::span<const Term> terms() const { return terms_; }  ///< in order of calculation
  [[nodiscard]] std::span<const Named> named() const {
    return named_;
  }  ///< named figures, terms and inputs, by node order

  /// The figure, term or input of this id; nullptr if there is none.
  [[nodiscard]] const Named* find(std::string_view id) const;
  /// The name of a node; nullptr for an anonymous one.
  [[nodiscard]] const Named* name_of(NodeId node) const;
  /// Index of the input of this id; inputs().size() if there is none.
  [[nodiscard]] std::size_t input_index(std::string_view id) const;

 private:
  friend class PlanBuilder;
  Plan() = default;
  std::vector<Node> nodes_;
  std::vector<Unit> units_;
  std::vector<PlanInput> inputs_;
  std::vector<Term> terms_;
  std::vector<Named> named_;
  std::vector<std::uint32_t> name_index_;   ///< node -> index into named_, or no_node
  std::vector<std::uint32_t> named_by_id_;  ///< indices into named_, sorted by id
};

}  // namespace tokenbill
