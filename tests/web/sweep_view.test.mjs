// What the heat maps are made of, without a browser: places, cells, the line where two models cost the same, files.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./support/load.mjs";

const { put, resolution } = await load("site/src/sweep_slots.ts");
const { zeroLine } = await load("site/src/contour.ts");
const { cheapest, duelAt, duelColour, ratio, reachOf, tally } = await load("site/src/sweep_models.ts");
const { cellsCsv, sweepCommand, sweepFile } = await load("site/src/sweep_export.ts");
const { boxOf } = await load("site/src/heat_map.ts");

const span = (id) => ({ id, from: 1, to: 9, scale: "linear" });
const ids = (slots) => Object.fromEntries(Object.entries(slots).map(([place, one]) => [place, one?.id ?? null]));

test("a parameter that stands elsewhere changes places; across and up are never empty", () => {
  const start = { x: span("a"), y: span("b"), columns: null, rows: null };
  const place = (slots, into, id) => put(slots, into, id, span, ["a", "b", "c", "d"]);
  assert.deepEqual(ids(place(start, "x", "b")), { x: "b", y: "a", columns: null, rows: null });
  const three = place(start, "columns", "c");
  assert.deepEqual(ids(three), { x: "a", y: "b", columns: "c", rows: null });
  assert.deepEqual(ids(place(three, "rows", "c")), { x: "a", y: "b", columns: null, rows: "c" });
  assert.deepEqual(ids(place(three, "columns", "a")), { x: "c", y: "b", columns: "a", rows: null });
  // What moves away from "across" into an empty place leaves room for the first input that stands nowhere.
  assert.deepEqual(ids(place(start, "rows", "a")), { x: "c", y: "b", columns: null, rows: "a" });
  assert.deepEqual(ids(place(three, "columns", "")), ids(start));
  assert.equal(place(start, "x", ""), start);
  // A span that was typed moves along with its parameter.
  const typed = { ...start, x: { ...span("a"), to: 5 } };
  assert.equal(place(typed, "y", "a").y.to, 5);
});

test("panels share the cells of one map, and many models make them coarser", () => {
  assert.deepEqual(resolution([240, 160], [1, 1], 1), [240, 160]);
  assert.deepEqual(resolution([240, 160], [3, 2], 1), [80, 80]);
  for (const [size, panels, models] of [[[1200, 800], [5, 5], 2], [[1200, 800], [1, 1], 700], [[240, 160], [5, 5], 700]]) {
    const [x, y] = resolution(size, panels, models);
    assert.ok(x >= 2 && y >= 2 && x * y * panels[0] * panels[1] * models <= 2 ** 24, `${x} × ${y}`);
  }
});

test("panels lie beside each other without touching, within the canvas", () => {
  const size = { width: 390, height: 560 };
  const panels = { columns: 5, rows: 2 };
  let right = 0;
  for (let column = 0; column < 5; column += 1) {
    const box = boxOf(size, panels, column, 1);
    assert.ok(box.left > right && box.width > 40);
    right = box.left + box.width;
  }
  assert.ok(right <= 390);
  const [first, second] = [0, 1].map((row) => boxOf(size, panels, 0, row));
  assert.ok(first.top + first.height < second.top && second.top + second.height < 560);
});

test("the line runs where the values are 0, and not where one is missing", () => {
  const columns = 9;
  // The circle of radius 3 around the middle.
  const value = (cell) => Math.hypot((cell % columns) - 4, Math.floor(cell / columns) - 4) - 3;
  const line = zeroLine(value, columns, 9);
  assert.ok(line.length >= 12);
  for (const [x1, y1, x2, y2] of line) for (const [x, y] of [[x1, y1], [x2, y2]]) assert.ok(Math.abs(Math.hypot(x - 4, y - 4) - 3) < 0.1, `${x}, ${y}`);
  // Each end is the start of another piece: the line is closed.
  const ends = line.flatMap(([x1, y1, x2, y2]) => [`${x1},${y1}`, `${x2},${y2}`]);
  for (const end of ends) assert.equal(ends.filter((one) => one === end).length, 2, end);
  assert.deepEqual(zeroLine((cell) => (cell === 0 ? NaN : cell === 3 ? -1 : 1), 2, 2), []);
  assert.equal(zeroLine((cell) => (cell === 0 || cell === 3 ? 1 : -1), 2, 2).length, 2, "a saddle has two lines");
});

test("which of two models is cheaper, where only one serves, and the winner of many", () => {
  const cells = [1, 5, 3, NaN, 7, NaN, /* the second */ 2, 4, 3, 6, NaN, NaN];
  assert.deepEqual(tally(cells), { cheaper: [1, 1], alone: [1, 1], same: 1, of: 5 });
  assert.deepEqual([...cheapest(cells, 2)], [0, 1, 0, 1, 0, -1]);
  const reach = reachOf(cells);
  assert.equal(reach, Math.log(2));
  assert.deepEqual(duelAt(3, 3, reach), duelColour(0.5));
  assert.deepEqual(duelAt(1, 2, reach), duelColour(0));
  assert.deepEqual(duelAt(2, 1, reach), duelColour(1));
  assert.equal(duelAt(NaN, NaN, reach), null);
  assert.notDeepEqual(duelAt(1, NaN, reach), duelColour(0));
  assert.equal(ratio(0, 0), 0);
});

test("cells as CSV: every value exact, the last axis fastest, models named", () => {
  const axes = [{ id: "up", label: "Up, or down", unit: "tokens" }, { id: "across_ratio", label: "Across", unit: "" }];
  const figure = { id: "total", label: "Total", unit: "USD per month" };
  const values = [[1, 2], [0.1, 0.25, 1 / 3]];
  const text = cellsCsv(axes, figure, values, ["a/b"], [1.5, 2, NaN, 0.1 + 0.2, 5e-7, 1e21]).join("");
  assert.equal(text, '"Up, or down [up], tokens",Across [across_ratio],"Total [total], USD per month"\r\n'
    + "1,0.1,1.5\r\n1,0.25,2\r\n1,0.3333333333333333,\r\n2,0.1,0.30000000000000004\r\n2,0.25,5e-7\r\n2,0.3333333333333333,1e+21\r\n");
  const two = cellsCsv(axes, figure, [[1], [0.5]], ["a/b", "c/d"], [1, 2]).join("");
  assert.deepEqual(two.trim().split("\r\n").slice(1), ["a/b,1,0.5,1", "c/d,1,0.5,2"]);
  const many = cellsCsv(axes, figure, [Array.from({ length: 100 }, (_, i) => i), Array.from({ length: 100 }, (_, i) => i)], ["a/b"], new Float64Array(10000)).join("");
  assert.equal(many.split("\r\n").length, 10002);
});

test("the command and the file name say what was asked", () => {
  const request = { scenario: { format: "tokenbill-scenario/1", name: "My bot" }, today: "2026-11-22", output: "total", against: "answer_seconds", models: ["a/b", "c/d"], cells: true,
    axes: [{ id: "failure_ratio", from: 0, to: 0.5, steps: 3, scale: "linear" }, { id: "prompt_tokens", from: 10, to: 1000, steps: 40, scale: "log" }] };
  assert.equal(sweepCommand(request), "tokenbill sweep my-bot.json --date 2026-11-22 --axis failure_ratio=0:0.5:3 --axis prompt_tokens=10:1000:40:log --output total --against answer_seconds --models a/b c/d");
  assert.equal(sweepFile(request, "csv"), "my-bot-what-if-2026-11-22.csv");
});
