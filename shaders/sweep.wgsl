// One invocation computes one cell of a sweep: cell index -> place on each axis -> value of each axis -> cost.
// All in f32, for colours and ranks; a number that is shown is computed anew in f64 by the core.
//
// Buffers, group 0:
//   0  shape        u32, read    first cell of this dispatch, number of its cells, then the steps of each axis
//   1  axis_values  f32, read    the values of the first axis, then those of the second, and so on
//   2  cells        f32, write   one per cell of this dispatch, the last axis fastest; no_figure where a request is
//                                impossible or the figure does not exist
// Dispatch ceil(count / 256) workgroups in x.

@group(0) @binding(0) var<storage, read> shape: array<u32>;
@group(0) @binding(1) var<storage, read> axis_values: array<f32>;
@group(0) @binding(2) var<storage, read_write> cells: array<f32>;

// No cost is negative.
const no_figure = -1.0;

// {{cost}}

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= shape[1]) { return; }
  // The last axis runs fastest, so it is taken off first; its values stand last.
  var end = arrayLength(&axis_values);
  var rest = shape[0] + id.x;
  var x: array<f32, axis_count>;
  for (var k = axis_count; k > 0u; k--) {
    let steps = shape[1u + k];
    end -= steps;
    x[k - 1u] = axis_values[end + rest % steps];
    rest /= steps;
  }
  cells[id.x] = cost(x);
}
