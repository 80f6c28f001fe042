#include "tokenbill/plan.h"

#include <algorithm>

namespace tokenbill {

namespace {
struct OpInfo {
  int arity;
  std::string_view name;
  std::string_view wgsl;
};
constexpr OpInfo op_table[] = {
    {0, "constant", ""},
    {0, "input", ""},
#define TOKENBILL_OP(name, arity, meaning, wgsl) {arity, #name, wgsl},
#include "tokenbill/op.def"
#undef TOKENBILL_OP
};
constexpr std::string_view category_ids[] = {
#define TOKENBILL_CATEGORY(name, label) #name,
#include "tokenbill/categories.def"
#undef TOKENBILL_CATEGORY
};
constexpr std::string_view category_labels[] = {
#define TOKENBILL_CATEGORY(name, label) label,
#include "tokenbill/categories.def"
#undef TOKENBILL_CATEGORY
};
}  // namespace

int arity(Op op) { return op_table[static_cast<std::size_t>(op)].arity; }
std::string_view op_name(Op op) { return op_table[static_cast<std::size_t>(op)].name; }
std::string_view op_wgsl(Op op) { return op_table[static_cast<std::size_t>(op)].wgsl; }
std::string_view category_id(Category category) { return category_ids[static_cast<std::size_t>(category)]; }
std::string_view category_label(Category category) { return category_labels[static_cast<std::size_t>(category)]; }

const Named* Plan::find(std::string_view id) const {
  const auto found =
      std::lower_bound(named_by_id_.begin(), named_by_id_.end(), id,
                       [&](std::uint32_t at, std::string_view wanted) { return named_[at].id < wanted; });
  return found == named_by_id_.end() || named_[*found].id != id ? nullptr : &named_[*found];
}

const Named* Plan::name_of(NodeId node) const {
  return name_index_[node] == no_node ? nullptr : &named_[name_index_[node]];
}

std::size_t Plan::input_index(std::string_view id) const {
  const Named* named = find(id);
  if (named == nullptr || nodes_[named->node].op != Op::input) return inputs_.size();
  return nodes_[named->node].input;
}

}  // namespace tokenbill
