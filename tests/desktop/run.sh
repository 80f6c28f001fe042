#!/usr/bin/env bash
# The desktop application: its tests without a window, then the real window on a virtual screen.
#   tests/desktop/run.sh [folder with the programs]
# Pictures are kept in build/screenshots/desktop-*.png. Prints one line per test and `N passed, N failed` at the end.
set -uo pipefail
cd "$(dirname "$0")/../.."
# A screen of its own, large enough for every picture, whatever screen there is already.
if [ -z "${TOKENBILL_TEST_SCREEN:-}" ]; then
  TOKENBILL_TEST_SCREEN=1 exec xvfb-run -a -s "-screen 0 2600x1700x24" bash "$0" "$@"
fi
programs=$(realpath "${1:-build/native-release/bin}")
app=$programs/tokenbill-desktop
command=$programs/tokenbill
pictures=build/screenshots
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$pictures"
rm -f "$pictures"/desktop-*.png
passed=0 failed=0

# test NAME command…
test() {
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok $name"
    passed=$((passed + 1))
  else
    echo "FAILED $name"
    sed 's/^/  | /' "$work/log" | tail -n 40
    failed=$((failed + 1))
  fi
}

# The unit tests count one by one.
unit_tests() {
  local line
  "$programs/tokenbill-desktop-tests" >"$work/unit" 2>&1 </dev/null
  local status=$?
  line=$(sed -n 's/.*test cases: *\([0-9]*\) *| *\([0-9]*\) passed *| *\([0-9]*\) failed.*/\2 \3/p' "$work/unit")
  local good=0 bad=1
  [ -z "$line" ] || read -r good bad <<<"$line"
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
  if [ "$bad" -eq 0 ]; then
    echo "ok $good unit tests of state and panels"
  else
    echo "FAILED $bad unit tests of state and panels"
    sed 's/^/  | /' "$work/unit" | tail -n 60
  fi
}

without_a_window() { env -u DISPLAY -u WAYLAND_DISPLAY "$app" --null --frames 5 --theme "$1" --tab "$2" --group all --report "$work/null.json" && [ -s "$work/null.json" ]; }
refused() {  # refused WORDS command…: ends with status 2 and a sentence that has the words
  local words=$1 status
  shift
  "$@" >"$work/refused" 2>&1
  status=$?
  cat "$work/refused"
  [ "$status" -eq 2 ] && grep -q "$words" "$work/refused"
}

# A picture is drawn: the right size, and many colours rather than one.
picture() {  # picture NAME WIDTH HEIGHT options…
  local file=$pictures/desktop-$1.png width=$2 height=$3
  shift 3
  "$app" --width "$width" --height "$height" --date 2026-11-22 --screenshot "$file" "$@" || return 1
  node - "$file" "$width" "$height" <<'JS'
const { readFileSync } = require("node:fs");
const { inflateSync } = require("node:zlib");
const [file, width, height] = process.argv.slice(2);
const png = readFileSync(file);
const found = [png.readUInt32BE(16), png.readUInt32BE(20)];
if (found.join() !== [width, height].join()) throw new Error(`the picture is ${found.join(" × ")}, expected ${width} × ${height}`);
const parts = [];
for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
  if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
const bytes = inflateSync(Buffer.concat(parts));
const different = new Set();
for (let i = 0; i + 3 < bytes.length; i += 499) different.add(bytes.readUIntBE(i, 3));
console.log(`${different.size} different samples`);
if (different.size < 100) throw new Error("the picture is empty");
JS
}

same_figures() {  # the window and the command line print the same document
  "$app" --null --date 2026-11-22 --report "$work/window.json" "$@" || return 1
  local preset=()
  if [ "$1" = --preset ]; then preset=(--preset "$2"); else preset=("$1"); fi
  "$command" estimate "${preset[@]}" --date 2026-11-22 --json >"$work/command.json" || return 1
  node - "$work/window.json" "$work/command.json" <<'JS'
const { readFileSync } = require("node:fs");
const [window_bill, command_bill] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
require("node:assert").ok(window_bill.totals.per_month > 0, "the window's bill has no total");
for (const key of ["model", "status", "totals", "items", "figures", "inputs"])
  require("node:assert").deepStrictEqual(window_bill[key], command_bill[key], key);
JS
}

same_colours() {  # native/colours.def and site/style.css
  node - <<'JS'
const { readFileSync } = require("node:fs");
const css = readFileSync("site/style.css", "utf8");
const dark_at = css.indexOf("prefers-color-scheme: dark");
const read = (text) => Object.fromEntries([...text.matchAll(/--([a-z_-]+): *#([0-9a-f]{6});/g)].reverse().map((m) => [m[1].replaceAll("-", "_"), m[2]]));
const light = read(css.slice(0, dark_at));
const dark = read(css.slice(dark_at));
const wrong = [];
let count = 0;
for (const [, name, l, d] of readFileSync("native/colours.def", "utf8").matchAll(/^TOKENBILL_COLOUR\((\w+), 0x(\w{6}), 0x(\w{6})\)/gm)) {
  count += 1;
  if (light[name] !== l) wrong.push(`${name}: ${l} in the window, ${light[name]} on the page (light)`);
  if (dark[name] !== d) wrong.push(`${name}: ${d} in the window, ${dark[name]} on the page (dark)`);
}
if (count < 20 || wrong.length > 0) throw new Error(wrong.join("\n") || "no colours were found");
JS
}

# An open window that nobody touches draws nothing for ten seconds; told to end, it keeps what was open.
idle() {
  "$app" --date 2026-11-22 --session "$work/idle-session.json" --measure "$work/idle.json" &
  local process=$!
  sleep 13
  kill -TERM "$process"
  wait "$process" || return 1
  cat "$work/idle.json"
  node - "$work/idle.json" "$work/idle-session.json" <<'JS'
const { readFileSync } = require("node:fs");
const [times, session] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
if (!(times.frames > 0)) throw new Error("no frame was drawn");
if (!(times.seconds_since_last_frame >= 10)) throw new Error(`the last frame was drawn ${times.seconds_since_last_frame} s ago`);
if (session.scenarios.length !== 1) throw new Error("what was open was not kept");
JS
}

# A reader's session in a real window: a preset, other inputs, a sweep of 10^8 cells, another one cancelled in the middle, saved,
# opened again. Its figures are those of the command line.
session() {
  local saved=$work/session.json
  cat >"$work/session.script" <<SCRIPT
preset agent
set prompt_tokens 3k
set output_tokens 600
tab sweep
frames 5
sweep x prompt_tokens 100 20000
sweep y output_tokens 10 2000
sweep size huge
sweep run
frames 10
picture $pictures/desktop-sweep-running.png
wait
frames 2
picture $pictures/desktop-sweep-huge.png
sweep-report $work/whole.json
sweep run
frames 10
cancel
wait
frames 2
picture $pictures/desktop-sweep-partial.png
sweep-report $work/part.json
tab bill
save $saved
preset chatbot
do duplicate
open $saved
frames 3
report $work/reopened.json
link $work/link.txt
SCRIPT
  "$app" --width 1440 --height 900 --date 2026-11-22 --script "$work/session.script" --measure "$work/frames.json" || return 1
  "$command" estimate --preset agent --set prompt_tokens=3k --set output_tokens=600 --date 2026-11-22 --json >"$work/estimated.json" || return 1
  "$command" estimate "$saved" --date 2026-11-22 --json >"$work/saved-estimated.json" || return 1
  "$command" sweep "$saved" --axis output_tokens=10:2000:10000:log --axis prompt_tokens=100:20000:10000:log --date 2026-11-22 --json >"$work/swept.json" || return 1
  node - "$work" <<'JS'
const { readFileSync } = require("node:fs");
const assert = require("node:assert");
const { inflateRawSync } = require("node:zlib");
const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
const [reopened, estimated, again, whole, swept, part, frames] = ["reopened", "estimated", "saved-estimated", "whole", "swept", "part", "frames"].map(read);
for (const key of ["model", "totals", "items", "figures"]) {
  assert.deepStrictEqual(reopened[key], estimated[key], key);
  assert.deepStrictEqual(reopened[key], again[key], key);
}
for (const key of ["cells", "done", "partial", "minimum", "maximum", "mean", "percentiles"]) assert.deepStrictEqual(whole[key], swept[key], `of the sweep: ${key}`);
assert.equal(whole.cells, 1e8);
assert.equal(whole.done, 1e8);
assert.equal(part.partial, true);
assert.ok(part.done > 0 && part.done < 1e8, `${part.done} cells are done`);
// While the sweep ran, frames were drawn; how fast is a matter of benchmarks.
assert.ok(frames.while_sweeping.frames >= 15, "the window stood still while it swept");
console.log("frames while sweeping", frames.while_sweeping);
const link = readFileSync(`${folder}/link.txt`, "utf8").trim();
assert.match(link, /^http:\/\/localhost:8080\/#1[A-Za-z0-9_-]+$/);
const state = JSON.parse(inflateRawSync(Buffer.from(link.split("#1")[1], "base64url")).toString());
assert.equal(state.scenario.parameters.prompt_tokens, 3000);
assert.equal(state.scenario.format, "tokenbill-scenario/1");
JS
}

# A session that was kept and then damaged is set aside, and told; the application starts all the same.
damaged_session() {
  echo '{ "format": "tokenbill-desk' >"$work/broken.json"
  "$app" --null --session "$work/broken.json" --frames 3 || return 1
  [ -s "$work/broken.json.damaged" ] && grep -q '"tokenbill-desktop/1"' "$work/broken.json"
}

# What was open stays open where a file is named on the command line.
named_beside_open() {
  local kept=$work/kept.json
  "$app" --null --frames 3 --preset agent --session "$kept" || return 1
  printf '{ "format": "tokenbill-scenario/1", "name": "Named", "model": "openai/gpt-4o", "parameters": {} }' >"$work/named.json"
  "$app" --null --frames 3 "$work/named.json" --session "$kept" || return 1
  "$app" --null --frames 3 "$work/named.json" --session "$kept" || return 1
  node -e '
    const { scenarios, active } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const names = scenarios.map((one) => JSON.parse(one.scenario).name);
    require("node:assert").deepStrictEqual(names, ["Research agent", "Named"]);
    require("node:assert").equal(active, 1);' "$kept"
}

own_scenario() {
  cat >"$work/own.json" <<'JSON'
{ "format": "tokenbill-scenario/1", "name": "Own", "model": "openai/gpt-4o", "parameters": { "prompt_tokens": 4321, "service_tier": "standard", "people_fte": 0 } }
JSON
  same_figures "$work/own.json"
}

# Traffic that grows, prices that fall, a budget for a month.
cat >"$work/growing.json" <<'JSON'
{ "format": "tokenbill-scenario/1", "name": "Growing", "model": "openai/gpt-4o",
  "parameters": { "growth_ratio": 0.1, "price_decline_ratio": 0.4, "replatform_months": 6, "forecast_months": 18, "budget_usd": 40000 } }
JSON
# An open model on own GPUs, and a small one beside it.
cat >"$work/open.json" <<'JSON'
{ "format": "tokenbill-scenario/1", "name": "Open", "model": "openai/gpt-4o",
  "parameters": { "own_model": "llama-3.3-70b", "small_model": "llama-3.1-8b", "conversations_per_day": 20000 } }
JSON

unit_tests
for theme in light dark; do
  for tab in bill models conversation savings own ranges budget scenarios sweep claims prices; do test "without a window: $tab, $theme" without_a_window "$theme" "$tab"; done
done
test "picture of the default preset" picture bill 1440 900
test "picture in dark" picture bill-dark 1440 900 --theme dark --explain input.uncached
test "picture of the models" picture models 1440 900 --tab models
test "picture of the models in dark, with inputs" picture models-dark 1920 1080 --tab models --theme dark --group price
test "picture of a conversation" picture conversation 1440 900 --tab conversation --preset agent
test "picture of a conversation in dark, in the smallest window" picture conversation-smallest 800 520 --tab conversation --theme dark
test "picture of the savings" picture savings 1440 900 --tab savings --preset agent
test "picture of the savings in a narrow window" picture savings-narrow 1000 900 --tab savings
test "picture of own GPUs" picture own 1440 900 --tab own "$work/open.json"
test "picture of own GPUs in dark, at 200 %" picture own-200 2560 1600 --tab own --theme dark --scale 2 "$work/open.json"
test "picture of the budget" picture budget 1440 900 --tab budget "$work/growing.json"
test "picture of the budget in dark, in a narrow window" picture budget-dark 1000 900 --tab budget --theme dark "$work/growing.json"
test "picture of the claims" picture claims 1440 900 --tab claims
test "picture of the claims in dark, in the smallest window" picture claims-smallest 800 520 --tab claims --theme dark
test "picture of the prices" picture prices 1440 900 --tab prices
test "picture of the prices in dark, in the smallest window" picture prices-smallest 800 520 --tab prices --theme dark
test "picture of the ranges" picture ranges 1440 900 --tab ranges
test "picture of a map" picture sweep 1440 900 --tab sweep
test "picture of a map in dark" picture sweep-dark 1920 1080 --tab sweep --theme dark
test "picture of open scenarios" picture scenarios 1440 900 --tab scenarios
test "picture at 150 %" picture bill-150 2160 1350 --scale 1.5 --preset agent
test "picture at 200 %" picture bill-200 2560 1600 --scale 2 --preset batch --explain price.output
test "picture of the smallest window" picture smallest 800 520
test "the window and the command line agree: first preset" same_figures --preset chatbot
test "the window and the command line agree: an agent with caching and searches" same_figures --preset agent
test "the window and the command line agree: a scenario file" own_scenario
test "colours are those of the page" same_colours
test "a scenario file that does not exist is refused" refused "absent.json" "$app" --null "$work/absent.json"
test "a preset that does not exist is refused" refused "chatbot" "$app" --null --preset nothing
test "a price file that is none is refused" refused "README" "$app" --null --prices LICENSE/README
test "without a screen the reason is told" refused "window" env -u DISPLAY -u WAYLAND_DISPLAY "$app"
test "a script with a word that no line begins with is refused" refused "begins with" "$app" --null --script README.md
test "a session in the window ends with the figures of the command line" session
test "a damaged file of what was open is set aside" damaged_session
test "a file named on the command line is shown beside what was open" named_beside_open
test "killed in the middle of saving a hundred times, no file is lost or damaged" bash tests/desktop/kill.sh "$programs" 100
test "a window that nobody touches draws no frame for ten seconds" idle

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
