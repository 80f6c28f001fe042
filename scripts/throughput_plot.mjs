// Draws docs/throughput.svg: measured over predicted throughput, one dot for each row, coloured by load.
//   tokenbill verify --throughput FILE.csv --json | node scripts/throughput_plot.mjs > docs/throughput.svg
// The same input gives the same bytes.
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(0, "utf8"));
const rows = report.rows.filter((row) => row.measured > 0 && row.predicted > 0);

/** Loads in the order of drawing: the many first, so that the few lie on top. */
const loads = [
  ["closed_loop", "closed loop", "#4269d0"],
  ["static_batch", "fixed batch", "#97bbf5"],
  ["offline_max", "offline", "#efb118"],
  ["mlperf_", "MLPerf", "#ff725c"],
  ["prefill_only", "prompt alone", "#3ca951"],
  ["single_stream", "one request", "#a463f2"],
  ["poisson_rate", "arrivals at random", "#9c6b4e"],
];

const width = 760, height = 720, left = 70, right = 45, top = 20, bottom = 60;
const low = Math.floor(Math.log10(Math.min(...rows.flatMap((row) => [row.measured, row.predicted]))));
const high = Math.ceil(Math.log10(Math.max(...rows.flatMap((row) => [row.measured, row.predicted]))));
const short = (value) => String(Math.round(value * 10) / 10);
const x = (value) => left + ((Math.log10(value) - low) / (high - low)) * (width - left - right);
const y = (value) => height - bottom - ((Math.log10(value) - low) / (high - low)) * (height - top - bottom);
const tick = (power) => (power < 6 ? String(10 ** power).replace(/(\d)(?=(\d{3})+$)/g, "$1 ") : `10^${power}`);

const out = [];
out.push(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="title">`,
  `<title id="title">Measured throughput over predicted throughput of ${rows.length} measurements</title>`,
  `<rect width="${width}" height="${height}" fill="#fff"/>`,
);
for (let power = low; power <= high; ++power) {
  const at = 10 ** power;
  out.push(
    `<path d="M${short(x(at))} ${top}V${height - bottom}M${left} ${short(y(at))}H${width - right}" stroke="#ddd"/>`,
    `<text x="${short(x(at))}" y="${height - bottom + 18}" text-anchor="middle" fill="#444">${tick(power)}</text>`,
    `<text x="${left - 8}" y="${short(y(at) + 4)}" text-anchor="end" fill="#444">${tick(power)}</text>`,
  );
}
out.push(
  `<text x="${(left + width - right) / 2}" y="${height - 16}" text-anchor="middle">predicted output tokens a second of one GPU</text>`,
  `<text transform="translate(18 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">measured</text>`,
);

for (const [name, , colour] of loads) {
  const dots = rows.filter((row) => row.load_mode.startsWith(name)).map((row) => `M${short(x(row.predicted))} ${short(y(row.measured))}h0`);
  if (dots.length > 0)
    out.push(`<path d="${dots.join("")}" stroke="${colour}" stroke-width="4" stroke-linecap="round" stroke-opacity="0.55" fill="none"/>`);
}

// The band of closed loops, the wider one of dense models and of those with experts, and the line of agreement.
const closed = report.rows.filter((row) => row.load_mode === "closed_loop" && row.predicted > 0);
const factors = closed.length === 0 ? [] : [Math.min(...closed.map((row) => row.low / row.predicted)), Math.max(...closed.map((row) => row.high / row.predicted))];
const line = (factor) => {
  const from = Math.max(10 ** low, 10 ** low / factor), to = Math.min(10 ** high, 10 ** high / factor);
  return `M${short(x(from))} ${short(y(from * factor))}L${short(x(to))} ${short(y(to * factor))}`;
};
out.push(`<path d="${line(1)}" stroke="#000" fill="none"/>`);
for (const factor of factors) out.push(`<path d="${line(factor)}" stroke="#000" stroke-dasharray="6 5" fill="none"/>`);

let legend = top + 18;
for (const [name, label, colour] of loads) {
  const count = rows.filter((row) => row.load_mode.startsWith(name)).length;
  if (count === 0) continue;
  out.push(`<circle cx="${left + 18}" cy="${legend - 4}" r="5" fill="${colour}"/><text x="${left + 30}" y="${legend}">${label} (${count})</text>`);
  legend += 20;
}
if (factors.length > 0)
  out.push(
    `<path d="M${left + 10} ${legend - 4}h16" stroke="#000" stroke-dasharray="6 5"/>`,
    `<text x="${left + 30}" y="${legend}">band of closed loops: × ${factors[0].toFixed(2)} to × ${factors[1].toFixed(2)}</text>`,
  );
out.push("</svg>");
process.stdout.write(`${out.join("\n")}\n`);
