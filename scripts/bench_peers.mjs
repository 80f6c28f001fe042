// The reference sweep in other languages, written out from the folded tape: C++ as a nest of loops with each line in the
// outermost loop in which it is constant, as one would write it by hand; JavaScript like that and as one function of all
// inputs; NumPy like that and with arrays that broadcast over the axes.
// Each prints {"seconds", "minimum", "cell", "histogram"} (the median of its runs), so that the answers can be compared.

const top = 10;

/** The axes that a node depends on, as bits. */
function dependencies(tape) {
  const bits = [];
  tape.nodes.forEach((node, i) => {
    bits[i] = "column" in node ? 1 << tape.columns[node.column].axis : "op" in node ? node.args.reduce((all, arg) => all | bits[arg], 0) : 0;
  });
  return bits;
}

const innermost = (bits) => 31 - Math.clz32(bits);

/** Each line in its loop; `line(i)` is the text of node i, `value(k)` of the value on axis k. */
function nest(tape, { declare, open, close, body, value, spelled }) {
  const bits = dependencies(tape);
  const levels = tape.sizes.map(() => []);
  const outside = [];
  tape.nodes.forEach((node, i) => {
    const text = "constant" in node ? String(node.constant) : "column" in node ? value(node.column) : spelled(node.op, node.args.map((arg) => `v${arg}`));
    (bits[i] === 0 ? outside : levels[innermost(bits[i])]).push(`${declare} v${i} = ${text};`);
  });
  let text = outside.join("\n");
  levels.forEach((lines, axis) => { text += `\n${open(axis)}\n${lines.join("\n")}`; });
  return `${text}\n${body}\n${tape.sizes.map(close).join("")}`;
}

const c_like = (max) => ({
  add: (a, b) => `${a} + ${b}`, mul: (a, b) => `${a} * ${b}`, div: (a, b) => `${a} / ${b}`,
  min: (a, b) => `${b} < ${a} ? ${b} : ${a}`, max: (a, b) => `${a} < ${b} ? ${b} : ${a}`,
  excess: (a, b) => `${a} > ${b} ? ${a} - ${b} : 0`, complement: (a) => `${a} < 1 ? 1 - ${a} : 0`,
  ceil: (a) => `${max}ceil(${a})`, floor: (a) => `${max}floor(${a})`, root: (a) => `${max}sqrt(${a})`, decay: (a) => `${max}exp(-${a})`,
  above: (a, b, c, d) => `${a} > ${b} ? ${c} : ${d}`,
});

const place = (tape) => tape.sizes.reduce((text, size, k) => (k === 0 ? "i0" : `(${text}) * ${size} + i${k}`), "");

/** @param hoisted each line in its loop; else one function of all inputs, called for every cell */
export function javascript(tape, hoisted) {
  const spell = c_like("Math.");
  const spelled = (op, args) => spell[op](...args);
  const open = (k) => `for (let i${k} = 0; i${k} < ${tape.sizes[k]}; i${k}++) {`;
  const body = (total) => `number[0] = ${total};
    let bucket = (high[1] >>> 13) - ${tape.first_bucket};
    histogram[bucket < 0 ? 0 : bucket >= ${tape.buckets} ? ${tape.buckets - 1} : bucket]++;
    if (${total} < worst) {
      let at = lowest.length;
      while (at > 0 && lowest[at - 1].value > ${total}) at--;
      lowest.splice(at, 0, { value: ${total}, cell: ${place(tape)} });
      if (lowest.length > ${top}) lowest.pop();
      if (lowest.length === ${top}) worst = lowest[${top - 1}].value;
    }`;
  let loops = "";
  let cost = "";
  if (hoisted) {
    loops = nest(tape, { declare: "const", open, close: () => "}", value: (column) => `column${column}[i${tape.columns[column].axis}]`, spelled,
      body: body(`v${tape.result}`) });
  } else {
    const lines = tape.nodes.map((node, i) => `  const v${i} = ${"constant" in node ? node.constant : "column" in node ? `x${node.column}` : spelled(node.op, node.args.map((arg) => `v${arg}`))};`);
    cost = `function cost(${tape.columns.map((_, k) => `x${k}`).join(", ")}) {\n${lines.join("\n")}\n  return v${tape.result};\n}`;
    loops = `${tape.sizes.map((_, k) => open(k)).join("\n")}
    const total = cost(${tape.columns.map((column, k) => `column${k}[i${column.axis}]`).join(", ")});
    ${body("total")}
${tape.sizes.map(() => "}").join("")}`;
  }
  return `const number = new Float64Array(1), high = new Uint32Array(number.buffer);
${tape.columns.map((column, k) => `const column${k} = new Float64Array(${JSON.stringify(column.values)});`).join("\n")}
${cost}
function sweep() {
  const histogram = new Float64Array(${tape.buckets}), lowest = [];
  let worst = Infinity;
${loops}
  return { histogram, lowest };
}
const seconds = [];
let result;
for (let run = 0; run < 5; run++) {
  const begun = performance.now();
  result = sweep();
  seconds.push((performance.now() - begun) / 1000);
}
seconds.sort((a, b) => a - b);
console.log(JSON.stringify({ seconds: seconds[2], minimum: result.lowest[0].value, cell: result.lowest[0].cell, histogram: [...result.histogram] }));
`;
}

export function cpp(tape) {
  const spell = c_like("std::");
  const loops = nest(tape, {
    declare: "const double", open: (k) => `for (unsigned i${k} = 0; i${k} < ${tape.sizes[k]}; ++i${k}) {`, close: () => "}",
    value: (column) => `column${column}[i${tape.columns[column].axis}]`,
    spelled: (op, args) => spell[op](...args).replace(/: 0$/, ": 0.0"),
    body: `std::uint64_t bits;
    std::memcpy(&bits, &v${tape.result}, 8);
    long bucket = static_cast<long>(bits >> 45) - ${tape.first_bucket};
    ++histogram[bucket < 0 ? 0 : bucket >= ${tape.buckets} ? ${tape.buckets - 1} : bucket];
    if (v${tape.result} < worst) {
      std::size_t at = count < ${top} ? count++ : ${top - 1};
      while (at > 0 && lowest[at - 1].value > v${tape.result}) { lowest[at] = lowest[at - 1]; --at; }
      lowest[at] = {v${tape.result}, ${place(tape)}};
      if (count == ${top}) worst = lowest[${top - 1}].value;
    }`,
  });
  return `#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>
struct Low { double value; unsigned long cell; };
${tape.columns.map((column, k) => `static const double column${k}[] = {${column.values.join(", ")}};`).join("\n")}
static std::vector<std::uint64_t> histogram;
static Low lowest[${top}];
__attribute__((noinline)) static void sweep() {
  histogram.assign(${tape.buckets}, 0);
  std::size_t count = 0;
  double worst = 1e300;
${loops}
}
int main() {
  double seconds[5];
  for (double& one : seconds) {
    const auto begun = std::chrono::steady_clock::now();
    sweep();
    one = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }
  std::sort(seconds, seconds + 5);
  std::printf("{\\"seconds\\": %.9f, \\"minimum\\": %.17g, \\"cell\\": %lu, \\"histogram\\": [", seconds[2], lowest[0].value, lowest[0].cell);
  for (std::size_t i = 0; i < histogram.size(); ++i) std::printf("%s%llu", i ? "," : "", static_cast<unsigned long long>(histogram[i]));
  std::printf("]}\\n");
}
`;
}

/** @param broadcast arrays of the axes that a line depends on; else one function of all inputs, over arrays of cells */
export function numpy(tape, broadcast) {
  const axes = tape.sizes.length;
  const bits = dependencies(tape);
  const spell = {
    add: (a, b) => `${a} + ${b}`, mul: (a, b) => `${a} * ${b}`, div: (a, b) => `${a} / ${b}`,
    min: (a, b) => `np.minimum(${a}, ${b})`, max: (a, b) => `np.maximum(${a}, ${b})`, excess: (a, b) => `np.maximum(${a} - ${b}, 0.0)`,
    complement: (a) => `np.maximum(1.0 - ${a}, 0.0)`, ceil: (a) => `np.ceil(${a})`, floor: (a) => `np.floor(${a})`, root: (a) => `np.sqrt(${a})`,
    decay: (a) => `np.exp(-${a})`, above: (a, b, c, d) => `np.where(${a} > ${b}, ${c}, ${d})`,
  };
  const line = (i, value) => {
    const node = tape.nodes[i];
    return `v${i} = ${"constant" in node ? `np.float64(${node.constant})` : "column" in node ? value(node.column) : spell[node.op](...node.args.map((arg) => `v${arg}`))}`;
  };
  const all = tape.nodes.map((_, i) => i);
  const shaped = (column) => (tape.columns[column].axis === 0 ? `column${column}[i0]`
    : `column${column}.reshape(${JSON.stringify(Array.from({ length: axes - 1 }, (_, k) => (k + 1 === tape.columns[column].axis ? -1 : 1)))})`);
  const rest = tape.sizes.slice(1);
  const chunk = rest.reduce((product, size) => product * size, 1);
  const parts = 16; // of a chunk: arrays that stay in the cache
  const reduce = (indent) => [`total = np.ascontiguousarray(total)`, `bucket = np.clip((total.view(np.int64) >> 45) - ${tape.first_bucket}, 0, ${tape.buckets - 1})`,
    `histogram += np.bincount(bucket, minlength=${tape.buckets})`, `for at in np.argpartition(total, ${top})[:${top}]:`, `    lowest.append((total[at], first + int(at)))`]
    .map((text) => `${" ".repeat(indent)}${text}`).join("\n");
  const loops = broadcast ? `${all.filter((i) => (bits[i] & 1) === 0).map((i) => `    ${line(i, shaped)}`).join("\n")}
    for i0 in range(${tape.sizes[0]}):
${all.filter((i) => (bits[i] & 1) !== 0).map((i) => `        ${line(i, shaped)}`).join("\n")}
        first = i0 * ${chunk}
        total = np.broadcast_to(v${tape.result}, ${JSON.stringify(rest)}).ravel()
${reduce(8)}`
    : `    for part in range(${tape.sizes[0] * parts}):
        first = part * ${chunk / parts}
        at = np.unravel_index(np.arange(first, first + ${chunk / parts}), ${JSON.stringify(tape.sizes)})
        total = cost(${tape.columns.map((column, k) => `column${k}[at[${column.axis}]]`).join(", ")})
${reduce(8)}`;
  return `import json, time
import numpy as np
${tape.columns.map((column, k) => `column${k} = np.array(${JSON.stringify(column.values)})`).join("\n")}
${broadcast ? "" : `def cost(${tape.columns.map((_, k) => `x${k}`).join(", ")}):
${all.map((i) => `    ${line(i, (column) => `x${column}`)}`).join("\n")}
    return v${tape.result}
`}def sweep():
    histogram = np.zeros(${tape.buckets}, dtype=np.int64)
    lowest = []
${loops}
    lowest.sort()
    return histogram, lowest[:${top}]
seconds = []
for run in range(3):
    begun = time.perf_counter()
    histogram, lowest = sweep()
    seconds.append(time.perf_counter() - begun)
seconds.sort()
print(json.dumps({"seconds": seconds[1], "minimum": float(lowest[0][0]), "cell": lowest[0][1], "histogram": histogram.tolist()}))
`;
}
