// From a tape to the code of a sweep: which node is computed in which loop, with how many values, and where it stands
// in a worker's memory.

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <set>

#include "tokenbill/sweep_run.h"

namespace tokenbill {

namespace {
std::uint32_t bit(std::size_t axis) { return std::uint32_t{1} << axis; }

/// Cells of a tile: a node's values then fill an eighth of a first-level cache.
constexpr std::size_t most_tile_cells = 512;
/// So much work that starting an item costs nothing, and so little that a cancel is heard soon.
constexpr std::uint64_t least_item_cells = std::uint64_t{1} << 15;
/// Sums are kept by item and model.
constexpr std::uint64_t most_sums = std::uint64_t{1} << 17;

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
    find_model_numbers();
  }

 private:
  /// Axes outside of the tile, and the tile's.
  struct Depends {
    std::uint32_t outer = 0, tile = 0;
  };

  void find_model_numbers() {
    std::set<std::uint32_t> read;
    for (const Instruction& one : p_.model_tile_code_) read.insert(one.in.begin(), one.in.end());
    const auto add_tests = [&](const std::vector<Test>& tests) {
      for (const Test& test : tests) read.insert({test.node, test.most});
    };
    add_tests(p_.limits_);
    for (const Figure& figure : p_.figures_) {
      read.insert(figure.place);
      add_tests(figure.divisors);
    }
    for (const Instruction& one : p_.model_row_code_)
      if (read.contains(one.out)) p_.model_numbers_.push_back(one.out);
  }

  std::size_t count(std::uint32_t mask) const {
    std::size_t values = 1;
    for (std::size_t k = 0; k < sweep_.sizes.size() - p_.first_tile_axis_; ++k)
      if ((mask & bit(k)) != 0) values *= k == 0 ? p_.chunk_ : sweep_.sizes[p_.first_tile_axis_ + k];
    return values;
  }
  /// For what an instruction of `code` gives, where an earlier one's result is no longer needed.
  std::uint32_t place_for(std::uint32_t mask, const Code& code) {
    if (mask == 0) return static_cast<std::uint32_t>(next_++);
    if (std::vector<std::uint32_t>& left = left_[{&code, mask}]; !left.empty()) {
      const std::uint32_t place = left.back();
      left.pop_back();
      return place;
    }
    const std::size_t aligned = padded(next_);  // tiles of values begin at a multiple of the lanes
    next_ = aligned + padded(count(mask));
    return static_cast<std::uint32_t>(aligned);
  }
  /// One use of the node, by an instruction of `code`, is done.
  void used(NodeId id, const Code& code) {
    // What is needed in another code as well is read after this one has ended.
    if (user_[id] == nullptr) user_[id] = &code;
    if (user_[id] != &code) uses_[id] = std::numeric_limits<std::uint32_t>::max();
    if (--uses_[id] > 0) return;
    if (depends_[id].tile != 0 && &code_of(depends_[id]) == &code)
      left_[{&code, depends_[id].tile}].push_back(places_[id]);
    for (auto spread = spreads_.lower_bound({id, 0}); spread != spreads_.end() && spread->first.first == id; ++spread)
      if (&code_of_spread(id) == &code) left_[{&code, spread->first.second}].push_back(spread->second);
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

  /// One number for the whole tile is filled in for each row and tile.
  Code& code_of_spread(NodeId id) {
    const Depends& depends = depends_[id];
    return depends.tile != 0 ? code_of(depends) : of_models(depends) ? p_.model_tile_code_ : p_.cell_code_;
  }

  void count_uses() {
    uses_.assign(sweep_.tape.size(), 0);
    user_.assign(sweep_.tape.size(), nullptr);
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
      in.out = places_[id] = place_for(0, code_of(depends));
      p_.constants_.emplace_back(in.out, node.value);
      return;
    }
    Code& code = code_of(depends);
    std::array<NodeId, 4> operands{no_node, no_node, no_node, no_node};
    const auto operand = [&](std::size_t k, NodeId arg) {
      operands[k] = arg;
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
    in.out = places_[id] = place_for(depends.tile, code);
    code.push_back(in);
    for (const NodeId arg : operands)
      if (arg != no_node) used(arg, code);
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
    Code& code = code_of_spread(id);
    in.out = found->second = place_for(mask, code);
    const std::uint32_t missing = mask & ~depends.tile;
    if (depends.tile == 0) {
    } else if (std::countr_zero(missing) > static_cast<int>(std::bit_width(depends.tile)) - 1) {
      in.run = static_cast<std::uint32_t>(count(missing));
    } else if (std::countr_zero(depends.tile) > static_cast<int>(std::bit_width(missing)) - 1) {
      in.cycles = true;
    } else {
      in.table = table(depends.tile, mask);
    }
    code.push_back(in);
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
  std::vector<std::uint32_t> uses_;  ///< to come
  std::vector<const Code*> user_;    ///< the code that uses the node
  /// Places of values that are no longer needed, by the code that may have them and the axes of a value.
  std::map<std::pair<const Code*, std::uint32_t>, std::vector<std::uint32_t>> left_;
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
  find_twins();
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
  const std::uint64_t wanted =
      std::max(least_item_cells, sweep_.cells() / std::max<std::uint64_t>(1, most_sums / models_));
  tiles_an_item_ = std::max<std::uint64_t>(1, wanted / unit);
  items_ = (rows_ * tiles_ + tiles_an_item_ - 1) / tiles_an_item_;
  Builder(*this).build();
}

void SweepProgram::find_twins() {
  twins_.resize(models_);
  std::map<std::vector<double>, std::size_t> first_with;
  for (std::size_t model = 0; model < models_; ++model) {
    std::vector<double> values;
    if (sweep_.by_model())
      for (const Sweep::Column& column : sweep_.columns)
        if (column.axis == 0 && column.drawn == no_draw) values.push_back(column.values[model]);
    const auto [first, is_first] = first_with.emplace(std::move(values), model);
    if (is_first)
      first_models_.push_back(model);
    else
      twins_[first->second].push_back(model);
  }
}

std::uint64_t SweepProgram::units_before(std::uint64_t item) const {
  return std::min(item * tiles_an_item_, rows_ * tiles_);
}

// The last tile may be shorter.
std::size_t SweepProgram::tile_cells(std::uint64_t tile) const {
  const std::size_t begin = static_cast<std::size_t>(tile) * chunk_;
  return std::min(chunk_, sweep_.sizes[first_tile_axis_] - begin) * inner_;
}

std::uint64_t SweepProgram::first_cell(const Unit& unit, std::size_t model) const {
  return ((model * rows_ + unit.row) * sweep_.sizes[first_tile_axis_] + unit.tile * chunk_) * inner_;
}

std::uint64_t SweepProgram::cells_of(std::uint64_t item) const {
  const std::uint64_t begin = units_before(item);
  const std::uint64_t end = units_before(item + 1);
  const std::uint64_t last_tile = (tiles_ - 1) * rows_;
  const std::uint64_t in_last = end - std::clamp(last_tile, begin, end);
  return (in_last * tile_cells(tiles_ - 1) + (end - begin - in_last) * tile_cells(0)) * models_;
}

void SweepProgram::add_spans(std::uint64_t item, std::vector<Span>& spans) const {
  for (std::size_t model = 0; model < models_; ++model)
    for (std::uint64_t index = units_before(item); index < units_before(item + 1); ++index) {
      const Unit of = unit(index);
      const Span span{first_cell(of, model), tile_cells(of.tile)};
      if (!spans.empty() && spans.back().first + spans.back().count == span.first)
        spans.back().count += span.count;
      else
        spans.push_back(span);
    }
}

SweepTotal SweepProgram::nothing() const {
  SweepTotal total;
  if (sweep_.by_model()) {
    total.models.assign(models_, total.all);
    total.wins.assign(models_, 0);
  }
  return total;
}

}  // namespace tokenbill
