// From a tape to the code of a sweep: which node is computed in which loop, with how many values, and where it stands
// in a worker's memory.

#include <algorithm>
#include <bit>
#include <map>

#include "tokenbill/sweep_run.h"

namespace tokenbill {

namespace {
std::uint32_t bit(std::size_t axis) { return std::uint32_t{1} << axis; }

/// Cells of a tile: a node's values then fill a quarter of a first-level cache.
constexpr std::size_t most_tile_cells = 1024;
/// So much work that starting an item costs nothing, and so little that a cancel is heard soon.
constexpr std::uint64_t least_item_cells = std::uint64_t{1} << 15;
/// Sums are kept by item.
constexpr std::uint64_t most_items = std::uint64_t{1} << 17;

constexpr std::size_t lanes = 8;
std::size_t padded(std::size_t count) { return (count + lanes - 1) / lanes * lanes; }
}  // namespace

class SweepProgram::Builder {
 public:
  explicit Builder(SweepProgram& program) : p_(program), sweep_(program.sweep_) {}

  void build() {
    p_.row_code_.resize(p_.first_tile_axis_ + 1);
    full_ = bit(p_.sweep_.sizes.size() - p_.first_tile_axis_) - 1;
    p_.shapes_ = {0};
    places_.resize(sweep_.tape.size());
    depends_.resize(sweep_.tape.size());
    count_uses();
    for (NodeId id = 0; id < sweep_.tape.size(); ++id) depend(id);
    for (NodeId id = 0; id < sweep_.tape.size(); ++id) inside_[id] = find_inside(id);
    for (NodeId id = 0; id < sweep_.tape.size(); ++id)
      if (!is_inside_[id]) add(id);
    for (const Sweep::Output& output : sweep_.outputs) {
      Figure figure;
      figure.place = spread(output.node, full_);
      for (const NodeId divisor : output.divisors) figure.divisors.push_back(test(divisor, no_node));
      p_.figures_.push_back(std::move(figure));
    }
    for (const Sweep::Limit& limit : sweep_.limits) p_.limits_.push_back(test(limit.node, limit.most));
    p_.memory_ = next_;
  }

 private:
  /// Axes outside of the tile, and the tile's.
  struct Depends {
    std::uint32_t outer = 0, tile = 0;
  };

  std::size_t count(std::uint32_t mask) const {
    std::size_t values = 1;
    for (std::size_t k = 0; k < sweep_.sizes.size() - p_.first_tile_axis_; ++k)
      if ((mask & bit(k)) != 0) values *= k == 0 ? p_.chunk_ : sweep_.sizes[p_.first_tile_axis_ + k];
    return values;
  }
  std::uint32_t place_for(std::uint32_t mask) {
    if (mask == 0) return static_cast<std::uint32_t>(next_++);
    const std::size_t aligned = padded(next_);  // tiles of values begin at a multiple of the lanes
    next_ = aligned + padded(count(mask));
    return static_cast<std::uint32_t>(aligned);
  }
  std::uint32_t shape_of(std::uint32_t mask) {
    const auto found = std::find(p_.shapes_.begin(), p_.shapes_.end(), mask);
    if (found == p_.shapes_.end()) p_.shapes_.push_back(mask);
    return static_cast<std::uint32_t>(std::find(p_.shapes_.begin(), p_.shapes_.end(), mask) - p_.shapes_.begin());
  }
  [[nodiscard]] bool of_models(const Depends& depends) const { return sweep_.by_model() && (depends.outer & 1) != 0; }
  Code& code_of(const Depends& depends) {
    if (depends.tile == 0)
      return of_models(depends) ? p_.model_row_code_
                                : p_.row_code_[static_cast<std::size_t>(std::bit_width(depends.outer))];
    if (of_models(depends)) return p_.model_tile_code_;
    return depends.outer != 0 ? p_.cell_code_ : p_.tile_code_;
  }

  void count_uses() {
    uses_.assign(sweep_.tape.size(), 0);
    for (const Node& node : sweep_.tape)
      for (const NodeId arg : node.args)
        if (arg != no_node) ++uses_[arg];
    for (const Sweep::Output& output : sweep_.outputs) {
      ++uses_[output.node];
      for (const NodeId divisor : output.divisors) ++uses_[divisor];
    }
    for (const Sweep::Limit& limit : sweep_.limits) ++uses_[limit.node];
    inside_.resize(sweep_.tape.size());
    is_inside_.assign(sweep_.tape.size(), false);
  }

  void depend(NodeId id) {
    const Node& node = sweep_.tape[id];
    Depends& depends = depends_[id];
    if (node.op == Op::input) {
      const std::size_t axis = sweep_.columns[node.input].axis;
      if (axis < p_.first_tile_axis_)
        depends.outer = bit(axis);
      else
        depends.tile = bit(axis - p_.first_tile_axis_);
    }
    for (const NodeId arg : node.args)
      if (arg != no_node) {
        depends.outer |= depends_[arg].outer;
        depends.tile |= depends_[arg].tile;
      }
  }

  /// Operands of a sum or product that nothing else uses, of the same loop, so that they can be computed in its stead.
  struct Inside {
    bool first = false, second = false;
  };
  Inside find_inside(NodeId id) {
    const Node& node = sweep_.tape[id];
    Inside inside;
    if ((node.op != Op::add && node.op != Op::mul) || depends_[id].tile == 0) return inside;
    const auto fits = [&](NodeId arg) {
      const Op op = sweep_.tape[arg].op;
      return (op == Op::add || op == Op::mul) && uses_[arg] == 1 && depends_[arg].tile == depends_[id].tile &&
             &code_of(depends_[arg]) == &code_of(depends_[id]) && !inside_[arg].first && !inside_[arg].second;
    };
    inside.first = fits(node.args[0]);
    inside.second = fits(node.args[1]);
    // Both only where it is a sum of two products.
    const bool both = inside.first && inside.second && node.op == Op::add && sweep_.tape[node.args[0]].op == Op::mul &&
                      sweep_.tape[node.args[1]].op == Op::mul;
    if (inside.first && inside.second && !both) inside.second = false;
    if (inside.first) is_inside_[node.args[0]] = true;
    if (inside.second) is_inside_[node.args[1]] = true;
    return inside;
  }

  void add(NodeId id) {
    const Node& node = sweep_.tape[id];
    const Depends& depends = depends_[id];
    Instruction in;
    in.op = node.op;
    in.shape = shape_of(depends.tile);
    if (node.op == Op::constant) {
      in.out = places_[id] = place_for(0);
      p_.constants_.emplace_back(in.out, node.value);
      return;
    }
    const auto operand = [&](std::size_t k, NodeId arg) {
      if (depends_[arg].tile == 0) in.single = static_cast<std::uint8_t>(in.single | bit(k));
      in.in[k] = depends_[arg].tile == 0 ? places_[arg] : spread(arg, depends.tile);
    };
    if (node.op == Op::input) {
      in.kind = Instruction::Kind::load;
      in.column = node.input;
    } else if (const Inside inside = inside_[id]; inside.first || inside.second) {
      in.kind = Instruction::Kind::fused;
      const Node& first = sweep_.tape[node.args[inside.first ? 0 : 1]];
      operand(0, first.args[0]);
      operand(1, first.args[1]);
      if (inside.first && inside.second) {
        in.fused = Fused::mul_mul_add;
        operand(2, sweep_.tape[node.args[1]].args[0]);
        operand(3, sweep_.tape[node.args[1]].args[1]);
      } else {
        // Sums and products have the same bits whichever operand comes first.
        in.fused = first.op == Op::mul ? (node.op == Op::mul ? Fused::mul_mul : Fused::mul_add)
                                       : (node.op == Op::mul ? Fused::add_mul : Fused::add_add);
        operand(2, node.args[inside.first ? 1 : 0]);
      }
    } else {
      for (std::size_t k = 0; k < static_cast<std::size_t>(arity(node.op)); ++k) operand(k, node.args[k]);
    }
    in.out = places_[id] = place_for(depends.tile);
    code_of(depends).push_back(in);
  }

  /// Where the node's values stand spread over the axes of `mask`.
  std::uint32_t spread(NodeId id, std::uint32_t mask) {
    const Depends& depends = depends_[id];
    if (depends.tile == mask) return places_[id];
    const auto [found, fresh] = spreads_.emplace(std::pair(id, mask), 0);
    if (!fresh) return found->second;
    Instruction in;
    in.kind = Instruction::Kind::spread;
    in.single = depends.tile == 0 ? 1 : 0;
    in.shape = shape_of(mask);
    in.from_shape = shape_of(depends.tile);
    in.in[0] = places_[id];
    in.out = found->second = place_for(mask);
    const std::uint32_t missing = mask & ~depends.tile;
    if (depends.tile == 0) {
    } else if (std::countr_zero(missing) > static_cast<int>(std::bit_width(depends.tile)) - 1) {
      in.run = static_cast<std::uint32_t>(count(missing));
    } else if (std::countr_zero(depends.tile) > static_cast<int>(std::bit_width(missing)) - 1) {
      in.cycles = true;
    } else {
      in.table = table(depends.tile, mask);
    }
    // One number for the whole tile is filled in for each row and tile.
    (depends.tile != 0 ? code_of(depends) : of_models(depends) ? p_.model_tile_code_ : p_.cell_code_).push_back(in);
    return found->second;
  }

  /// For each cell of `to` the place among the values of `from`, whose axes are some of those of `to`.
  std::uint32_t table(std::uint32_t from, std::uint32_t to) {
    const auto [found, fresh] = tables_.emplace(std::pair(from, to), static_cast<std::uint32_t>(p_.tables_.size()));
    if (!fresh) return found->second;
    std::vector<std::uint32_t> places(count(to));
    for (std::size_t cell = 0; cell < places.size(); ++cell) {
      std::size_t rest = cell, place = 0, stride = 1;
      for (std::size_t k = sweep_.sizes.size() - p_.first_tile_axis_; k-- > 0;) {
        if ((to & bit(k)) == 0) continue;
        const std::size_t steps = k == 0 ? p_.chunk_ : sweep_.sizes[p_.first_tile_axis_ + k];
        if ((from & bit(k)) != 0) {
          place += rest % steps * stride;
          stride *= steps;
        }
        rest /= steps;
      }
      places[cell] = static_cast<std::uint32_t>(place);
    }
    p_.tables_.push_back(std::move(places));
    return found->second;
  }

  /// @param most  one number for the whole tile; no_node = a divisor
  Test test(NodeId node, NodeId most) {
    Test test;
    test.shape = shape_of(depends_[node].tile);
    test.node = places_[node];
    if (most != no_node) test.most = places_[most];
    if (depends_[node].tile != 0 && depends_[node].tile != full_) test.table = table(depends_[node].tile, full_);
    return test;
  }

  SweepProgram& p_;
  const Sweep& sweep_;
  std::uint32_t full_ = 0;
  std::size_t next_ = 0;
  std::vector<std::uint32_t> places_;
  std::vector<Depends> depends_;
  std::vector<std::uint32_t> uses_;
  std::vector<Inside> inside_;
  std::vector<bool> is_inside_;  ///< computed within another node's loop
  std::map<std::pair<NodeId, std::uint32_t>, std::uint32_t> spreads_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> tables_;
};

SweepProgram::SweepProgram(Sweep sweep, SweepAsk ask) : sweep_(std::move(sweep)), ask_(ask) {
  const std::vector<std::size_t>& sizes = sweep_.sizes;
  const std::size_t outermost = sweep_.by_model() ? 1 : 0;
  models_ = sweep_.models.size();
  if (!sweep_.by_model()) models_ = 1;
  first_tile_axis_ = sizes.size() - 1;
  chunk_ = std::min(sizes.back(), most_tile_cells);
  while (chunk_ == sizes[first_tile_axis_] && first_tile_axis_ > outermost) {
    const std::size_t cells = inner_ * chunk_;
    const std::size_t more = std::min(sizes[first_tile_axis_ - 1], most_tile_cells / cells);
    if (more < 2) break;
    inner_ = cells;
    chunk_ = more;
    --first_tile_axis_;
  }
  tiles_ = (sizes[first_tile_axis_] + chunk_ - 1) / chunk_;
  for (std::size_t k = outermost; k < first_tile_axis_; ++k) rows_ *= sizes[k];
  const std::uint64_t unit = static_cast<std::uint64_t>(chunk_) * inner_ * models_;
  const std::uint64_t wanted = std::max(least_item_cells, sweep_.cells() / most_items);
  tiles_an_item_ = std::max<std::uint64_t>(1, wanted / unit);
  items_ = (rows_ * tiles_ + tiles_an_item_ - 1) / tiles_an_item_;
  Builder(*this).build();
}

std::uint64_t SweepProgram::cells_of(std::uint64_t item) const {
  std::uint64_t cells = 0;
  for (std::uint64_t unit = item * tiles_an_item_; unit < std::min((item + 1) * tiles_an_item_, rows_ * tiles_);
       ++unit) {
    const std::uint64_t begin = unit % tiles_ * chunk_;
    cells += std::min<std::uint64_t>(chunk_, sweep_.sizes[first_tile_axis_] - begin) * inner_ * models_;
  }
  return cells;
}

std::uint64_t SweepProgram::first_cell_of(std::uint64_t item) const {
  const std::uint64_t unit = item * tiles_an_item_;
  return (unit / tiles_ * sweep_.sizes[first_tile_axis_] + unit % tiles_ * chunk_) * inner_;
}

SweepTotal SweepProgram::nothing() const {
  SweepTotal total;
  const Sweep::Output& output = sweep_.outputs.front();
  total.all.histogram = Histogram(output.low, output.high);
  if (sweep_.by_model()) {
    total.models.assign(models_, total.all);
    total.wins.assign(models_, 0);
  }
  return total;
}

}  // namespace tokenbill
