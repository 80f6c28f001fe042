// A sweep in f32, with a bound for each cell. `main`: one invocation computes 8 cells, and each workgroup keeps what its
// 2048 cells have between them. `collect`, run on the same cells when the host has read the groups: which cells may be among
// the lowest or the highest, or have a figure that 32 bits cannot tell. Those are computed anew in f64 by the core; the
// values themselves only colour the map and fill the histogram.
//
// Buffers, group 0:
//   0  shape        read    see Shape
//   1  axis_values  read    value in f32 and how far that is off, for the first axis, then the second, and so on
//   2  values       write   one per cell of the dispatch, the last axis fastest; negative where there is no figure
//   3  errors       write   of each value: the exact one is no further away
//   4  groups       write   one per workgroup, see Group
//   5  histogram    adds    how many values have these upper 16 bits: 128 buckets to a doubling
//   6  near         adds    see Near
// Dispatch ceil(count / 2048) workgroups in x, for both.

struct Shape {
  count: u32,                      // cells of this dispatch
  low: f32,                        // collect: cells that may be at or below it
  high: f32,                       // or at or above it
  steps: array<u32, axis_count>,   // of each axis
  start: array<u32, axis_count>,   // place of the first cell on each axis
}
struct Group {
  lowest: f32,      // no exact value of the lowest cell lies above it; `none` where no cell has a figure
  highest: f32,     // no exact value of the highest cell lies below it; -1 where no cell has a figure
  mean: f32,
  deviations: f32,  // sum of the squared distances from the mean
  count: u32,       // cells with a figure
  without: u32,     // the impossible ones, and 2^16 times those whose figure does not exist
}
struct NearCell {
  place: u32,  // in the dispatch
  value: f32,  // `unsure` where 32 bits cannot tell
  error: f32,
}
struct Near {
  count: atomic<u32>,  // also of those for which there was no room
  cells: array<NearCell>,
}

@group(0) @binding(0) var<storage, read> shape: Shape;
@group(0) @binding(1) var<storage, read> axis_values: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> values: array<f32>;
@group(0) @binding(3) var<storage, read_write> errors: array<f32>;
@group(0) @binding(4) var<storage, read_write> groups: array<Group>;
@group(0) @binding(5) var<storage, read_write> histogram: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> near: Near;

// No figure is negative: instead of one.
const impossible = -1.0;
const unknown = -2.0;
const unsure = -3.0;

// Bounds. Each function says how far the result of an operation may be off: `v` is the result, `a` an operand and `ea`
// how far that may be off. The rules are those of BoundedLane in the core, for numbers that are themselves f32.
const unit = 1.3e-7;   // 2^-23, and a margin for the rounding of the bounds
const tiny = 1e-30;    // above what may be set to zero below 2^-126
const beyond = 1e37;   // nothing can be said
const most = 1e17;     // the largest value that is kept here: its square still fits
const none = 3e38;

fn rounded(v: f32) -> f32 { return unit * v + tiny; }
fn whole(a: f32, ea: f32) -> bool { return (ea == 0.0) & (a <= 16777216.0) & (floor(a) == a); }
fn exactly(n: f32, a: f32, ea: f32) -> bool { return (a == n) & (ea == 0.0); }
fn apart(a: f32, ea: f32, b: f32, eb: f32) -> bool { return (ea + eb == 0.0) | (abs(a - b) > 1.01 * (ea + eb)); }

// No function has a branch: each is inlined for every operation of a tape.
// `leaves`: the errors of all that is added up, in whatever order; `roundings`: how often a sum of them is rounded.
fn add_error(v: f32, a: f32, ea: f32, b: f32, eb: f32, leaves: f32, roundings: f32) -> f32 {
  let error = min(leaves + roundings * rounded(v + leaves), beyond);
  let exact = whole(a, ea) & whole(b, eb) & (v <= 16777216.0);
  return select(select(select(error, 0.0, exact), ea, exactly(0.0, b, eb)), eb, exactly(0.0, a, ea));
}
fn mul_error(v: f32, a: f32, ea: f32, b: f32, eb: f32) -> f32 {
  let moved = a * eb + b * ea + ea * eb;
  let error = min(select(moved + rounded(v), moved, exactly(1.0, a, ea) | exactly(1.0, b, eb)), beyond);
  return select(error, 0.0, exactly(0.0, a, ea) | exactly(0.0, b, eb));
}
// Beyond 2^126 a divisor's reciprocal is set to zero.
fn div_error(v: f32, a: f32, ea: f32, b: f32, eb: f32) -> f32 {
  let sound = (b > 2.0 * eb) & (b >= tiny) & (b <= 4e37);
  let error = min((ea + v * eb) / (b - eb) + 2.5 * rounded(v), beyond);
  return select(beyond, select(error, 0.0, exactly(0.0, a, ea)), sound);
}
fn min_error(v: f32, a: f32, ea: f32, b: f32, eb: f32) -> f32 {
  return select(max(ea, eb), select(eb, ea, a < b), apart(a, ea, b, eb));
}
fn max_error(v: f32, a: f32, ea: f32, b: f32, eb: f32) -> f32 {
  return select(max(ea, eb), select(ea, eb, a < b), apart(a, ea, b, eb));
}
// No partial sum of a difference is larger than its larger side.
fn excess_error(v: f32, a: f32, ea: f32, b: f32, eb: f32, leaves: f32, roundings: f32) -> f32 {
  let between = leaves + (roundings - 1.0) * rounded(max(a + ea, b + eb));
  let error = between + rounded(abs(a - b) + between);
  let none_left = (b - a > 1.01 * error) | (whole(a, ea) & whole(b, eb));
  return select(select(min(error, beyond), 0.0, none_left), ea, exactly(0.0, b, eb));
}
fn complement_error(v: f32, a: f32, ea: f32, leaves: f32, roundings: f32) -> f32 {
  return excess_error(v, 1.0, 0.0, a, ea, leaves, roundings);
}
fn step_error(v: f32, low: f32, high: f32, ea: f32) -> f32 {
  return select(min(max(high - v, v - low) + select(0.0, rounded(v), v >= 8388608.0), beyond), 0.0, ea == 0.0);
}
fn ceil_error(v: f32, a: f32, ea: f32) -> f32 {
  let off = ea + rounded(a);
  return step_error(v, ceil(max(a - off, 0.0)), ceil(a + off), ea);
}
fn floor_error(v: f32, a: f32, ea: f32) -> f32 {
  let off = ea + rounded(a);
  return step_error(v, floor(max(a - off, 0.0)), floor(a + off), ea);
}
// e^x - 1 is below x + x^2 up to 1; exp has an error of 3 + 2 |x| units.
fn decay_error(v: f32, a: f32, ea: f32) -> f32 {
  let error = 1.01 * v * (ea + ea * ea + (3.0 + 2.0 * (a + ea)) * unit) + tiny;
  return select(1.0 + rounded(1.0), error, ea < 1.0);
}
// sqrt has that of 1 / inverseSqrt.
fn root_error(v: f32, a: f32, ea: f32) -> f32 {
  let moved = select(sqrt(a + ea), ea / v, a > 2.0 * ea);
  return select(min(1.01 * moved + 4.5 * rounded(v) + 1e-18, beyond), 0.0, exactly(0.0, a, ea));
}
fn above_error(v: f32, a: f32, ea: f32, b: f32, eb: f32, c: f32, ec: f32, d: f32, ed: f32) -> f32 {
  let taken = select(ed, ec, a > b);
  let across = abs(c - d) * 1.01 + select(ec, ed, a > b);
  return select(min(max(taken, across), beyond), taken, apart(a, ea, b, eb));
}

// {{cost}}

/// What the exact value of a cell may be off, and the rounding of value ± bound.
fn reach(value: f32, error: f32) -> f32 { return select(error + rounded(value), 0.0, error == 0.0); }

fn cell_at(place: u32) -> vec2f {
  // The last axis runs fastest, so it is taken off first; its values stand last.
  var end = arrayLength(&axis_values);
  var rest = place;
  var x: array<vec2f, axis_count>;
  for (var k = axis_count; k > 0u; k--) {
    let steps = shape.steps[k - 1u];
    rest += shape.start[k - 1u];
    end -= steps;
    x[k - 1u] = axis_values[end + rest % steps];
    rest /= steps;
  }
  return cost(x);
}

const threads = 256u;
const cells_each = 8u;

var<workgroup> lows: array<f32, threads>;
var<workgroup> highs: array<f32, threads>;
var<workgroup> sums: array<f32, threads>;
var<workgroup> counts: array<u32, threads>;
var<workgroup> withouts: array<u32, threads>;

@compute @workgroup_size(threads)
fn main(@builtin(local_invocation_index) at: u32, @builtin(workgroup_id) group: vec3u) {
  let first = group.x * threads * cells_each + at;
  let end = min(shape.count, first + threads * cells_each);
  var low = none;
  var high = -1.0;
  var sum = 0.0;
  var count = 0u;
  var without = 0u;
  for (var place = first; place < end; place += threads) {
    let cell = cell_at(place);
    values[place] = cell.x;
    errors[place] = cell.y;
    if (cell.x >= 0.0) {
      let off = reach(cell.x, cell.y);
      low = min(low, cell.x + off);
      high = max(high, cell.x - off);
      sum += cell.x;
      count += 1u;
      atomicAdd(&histogram[(bitcast<u32>(cell.x) & 0x7fffffffu) >> 16u], 1u);
    } else {
      without += select(0u, 1u, cell.x == impossible) + select(0u, 65536u, cell.x == unknown);
    }
  }
  lows[at] = low;
  highs[at] = high;
  sums[at] = sum;
  counts[at] = count;
  withouts[at] = without;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (at < half) {
      lows[at] = min(lows[at], lows[at + half]);
      highs[at] = max(highs[at], highs[at + half]);
      sums[at] += sums[at + half];
      counts[at] += counts[at + half];
      withouts[at] += withouts[at + half];
    }
  }
  workgroupBarrier();
  let mean = sums[0] / max(1.0, f32(counts[0]));
  workgroupBarrier();
  sum = 0.0;
  for (var place = first; place < end; place += threads) {
    let value = values[place];
    sum += select(0.0, (value - mean) * (value - mean), value >= 0.0);
  }
  sums[at] = sum;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (at < half) { sums[at] += sums[at + half]; }
  }
  if (at == 0u) { groups[group.x] = Group(lows[0], highs[0], mean, sums[0], counts[0], withouts[0]); }
}

@compute @workgroup_size(threads)
fn collect(@builtin(local_invocation_index) at: u32, @builtin(workgroup_id) group: vec3u) {
  let first = group.x * threads * cells_each + at;
  let end = min(shape.count, first + threads * cells_each);
  for (var place = first; place < end; place += threads) {
    let value = values[place];
    let off = reach(value, errors[place]);
    if (value == unsure || (value >= 0.0 && (value - off <= shape.low || value + off >= shape.high))) {
      let slot = atomicAdd(&near.count, 1u);
      if (slot < arrayLength(&near.cells)) { near.cells[slot] = NearCell(place, value, errors[place]); }
    }
  }
}
