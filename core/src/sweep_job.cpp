// Running a compiled sweep: the loops over its cells. Built for speed on every target.

#include <algorithm>
#include <bit>

#include "tokenbill/lane.h"
#include "tokenbill/sweep.h"

namespace tokenbill {

namespace {
std::uint32_t bit(std::size_t axis) { return std::uint32_t{1} << axis; }

/// One operation of a tape on any lane; operand(k) is its k-th operand.
template <class Lane, class Operand>
typename Lane::Value apply(Op op, const Operand& operand) {
  switch (op) {
#define TOKENBILL_CALL_1(name) return Lane::name(operand(0))
#define TOKENBILL_CALL_2(name) return Lane::name(operand(0), operand(1))
#define TOKENBILL_CALL_4(name) return Lane::name(operand(0), operand(1), operand(2), operand(3))
#define TOKENBILL_OP(name, arity, meaning, wgsl) \
  case Op::name:                                 \
    TOKENBILL_CALL_##arity(name);
#include "tokenbill/op.def"
#undef TOKENBILL_OP
#undef TOKENBILL_CALL_1
#undef TOKENBILL_CALL_2
#undef TOKENBILL_CALL_4
    case Op::constant:
    case Op::input:
      break;
  }
  return {};
}
}  // namespace

SweepJob::SweepJob(Sweep sweep) : sweep_(std::move(sweep)) {
  const std::size_t axes = sweep_.values.size();
  const std::size_t nodes = sweep_.tape.size();
  inner_ = sweep_.values.back().size();
  const std::size_t blocks = (inner_ + block_size - 1) / block_size;
  const std::uint32_t innermost = bit(axes - 1);
  result_.cells.assign(sweep_.cells(), unknown_number);
  when_.resize(nodes);
  level_.resize(nodes);
  rows_.resize(axes);
  scalars_.resize(nodes);
  now_.resize(nodes);
  column_.resize(nodes);
  position_.assign(axes, 0);
  std::vector<std::uint32_t> depends(nodes, 0);
  for (std::size_t i = 0; i < nodes; ++i) {
    const Node& node = sweep_.tape[i];
    if (node.op == Op::input) depends[i] = bit(node.input);
    for (const NodeId arg : node.args)
      if (arg != no_node) depends[i] |= depends[arg];
    const auto id = static_cast<NodeId>(i);
    if ((depends[i] & innermost) == 0) {
      when_[i] = When::row;
      level_[i] = static_cast<std::size_t>(std::bit_width(depends[i]));
      rows_[level_[i]].push_back(id);
    } else if (depends[i] == innermost) {
      when_[i] = When::column;
      columns_.push_back(id);
      column_[i].resize(blocks);
    } else {
      when_[i] = When::block;
      blocks_.push_back(id);
    }
  }
  run_row_nodes(0);
  start_row(0);
}

// The nodes of the loop over axis `level - 1`, outside of all loops for 0.
void SweepJob::run_row_nodes(std::size_t level) {
  for (const NodeId id : rows_[level]) {
    const Node& node = sweep_.tape[id];
    if (node.op == Op::constant)
      scalars_[id] = node.value;
    else if (node.op == Op::input)
      scalars_[id] = sweep_.values[node.input][position_[node.input]];
    else
      scalars_[id] = apply<DoubleLane>(node.op, [&](std::size_t k) { return scalars_[node.args[k]]; });
    now_[id].fill(scalars_[id]);
  }
}

void SweepJob::start_row(std::size_t row) {
  std::size_t first = row == 0 ? 0 : position_.size();  // the outermost axis that moved
  std::size_t rest = row;
  for (std::size_t k = position_.size() - 1; k-- > 0;) {
    const std::size_t at = rest % sweep_.values[k].size();
    rest /= sweep_.values[k].size();
    if (at != position_[k]) first = std::min(first, k);
    position_[k] = at;
  }
  for (std::size_t level = first + 1; level < rows_.size(); ++level) run_row_nodes(level);
}

const SweepJob::Block& SweepJob::of(NodeId node, std::size_t block) const {
  return when_[node] == When::column ? column_[node][block] : now_[node];
}

void SweepJob::run_block(NodeId id, std::size_t block) {
  const Node& node = sweep_.tape[id];
  Block& out = when_[id] == When::column ? column_[id][block] : now_[id];
  if (node.op == Op::input) {
    // The last block is padded with the axis's last value.
    const std::vector<double>& values = sweep_.values[node.input];
    for (std::size_t i = 0; i < block_size; ++i) out[i] = values[std::min(block * block_size + i, values.size() - 1)];
    return;
  }
  out = apply<BlockLane<double, block_size>>(node.op,
                                             [&](std::size_t k) -> const Block& { return of(node.args[k], block); });
}

void SweepJob::store(std::size_t block) {
  const std::size_t begin = block * block_size;
  const std::size_t count = std::min(block_size, inner_ - begin);
  const std::size_t base = row_ * inner_ + begin;
  const Block& value = of(sweep_.result, block);
  for (std::size_t i = 0; i < count; ++i) {
    const bool impossible = std::any_of(sweep_.limits.begin(), sweep_.limits.end(), [&](const Sweep::Limit& limit) {
      return of(limit.node, block)[i] > limit.most;
    });
    const bool unknown = std::any_of(sweep_.divisors.begin(), sweep_.divisors.end(),
                                     [&](NodeId node) { return of(node, block)[i] == 0; });
    if (impossible || unknown) {
      result_.impossible += impossible ? 1 : 0;
      result_.unknown += impossible ? 0 : 1;
      continue;
    }
    result_.cells[base + i] = value[i];
    if (!result_.minimum || value[i] < result_.minimum->value) result_.minimum = SweepCell{base + i, value[i]};
    if (!result_.maximum || value[i] > result_.maximum->value) result_.maximum = SweepCell{base + i, value[i]};
  }
  result_.done += count;
}

bool SweepJob::step(std::size_t cells) {
  const std::size_t blocks = (inner_ + block_size - 1) / block_size;
  const std::size_t goal = result_.done + std::min(cells, result_.cells.size() - result_.done);
  while (!cancelled_ && result_.done < goal) {
    if (row_ == 0)
      for (const NodeId id : columns_) run_block(id, block_);
    for (const NodeId id : blocks_) run_block(id, block_);
    store(block_);
    if (++block_ < blocks) continue;
    block_ = 0;
    if (result_.done < result_.cells.size()) start_row(++row_);
  }
  return !cancelled_ && result_.done < result_.cells.size();
}

double SweepJob::progress() const {
  return static_cast<double>(result_.done) / static_cast<double>(result_.cells.size());
}

void SweepJob::cancel() {
  cancelled_ = true;
  result_.partial = result_.done < result_.cells.size();
}

}  // namespace tokenbill
