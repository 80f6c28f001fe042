// tokenbill check and tokenbill diff: figures, exit codes, forms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, program, root, run, tokenbill } from "./support.mjs";

const work = folder();
const date = "2026-11-22";
const write = (name, parameters, model = "openai/gpt-4o", extra = {}) => {
  const path = join(work, name);
  writeFileSync(path, JSON.stringify({ format: "tokenbill-scenario/1", name: name.replace(".json", ""), model, date, parameters, ...extra }));
  return path;
};
const small = write("small.json", { conversations_per_day: 1000 });
const large = write("large.json", { conversations_per_day: 1000, prompt_tokens: 6000 });
const too_long = write("too_long.json", { prompt_tokens: 9000000 });
const month = (path) => JSON.parse(tokenbill(["estimate", path, "--json"]).stdout).totals.per_month;
const json = (args) => JSON.parse(tokenbill([...args, "--json"]).stdout);

/** The price list with one price taken away: gpt-4o's output. */
const dark_prices = () => {
  const path = join(work, "dark-prices.json");
  const list = JSON.parse(readFileSync(join(root, "build/native-release/pricing-v1.json"), "utf8"));
  const seller = list.providers?.find((each) => each.id === "openai") ?? list.sellers.find((each) => each.id === "openai");
  for (const model of seller.models) if (model.id === "gpt-4o") for (const row of model.prices) delete row.usd_per_mtok.output;
  writeFileSync(path, JSON.stringify(list));
  return path;
};

test("check adds the months of all scenarios and shows each", () => {
  const sum = month(small) + month(large);
  const { status, stdout } = tokenbill(["check", small, large, "--budget", String(Math.ceil(sum))]);
  assert.equal(status, 0);
  for (const word of ["small", "large", "All", "are within the budget"]) assert.match(stdout, new RegExp(word));
  const gate = json(["check", small, large, "--budget", "1"]);
  assert.equal(gate.usd_per_month, sum);
  assert.deepEqual(gate.scenarios.map((each) => each.usd_per_month), [month(small), month(large)]);
  assert.equal(gate.left_usd, 1 - sum);
});

test("check ends with 1 above the budget, and with 0 at the cent", () => {
  const exact = String(month(small));
  assert.equal(tokenbill(["check", small, "--budget", exact]).status, 0);
  assert.equal(tokenbill(["check", small, "--budget", String(month(small) - 0.001)]).status, 1);
  assert.equal(tokenbill(["check", small, "--budget-per-request", "0.000001"]).status, 1);
});

test("a cost that is not known is never within a budget", () => {
  const prices = dark_prices();
  const { status, stdout } = tokenbill(["check", small, "--budget", "1e12", "--prices", prices]);
  assert.equal(status, 1);
  assert.match(stdout, /not known, so it is not within/);
  assert.equal(json(["check", small, "--budget", "1e12", "--prices", prices]).usd_per_month, null);
  const changed = tokenbill(["diff", small, "--old-prices", prices, "--max-increase", "1000"]);
  assert.equal(changed.status, 1);
  assert.match(changed.stdout, /unknown/);
});

test("bad input ends with 2: no such request, file, budget or option", () => {
  for (const args of [["check", too_long, "--budget", "1e12"], ["check", join(work, "absent.json"), "--budget", "1"], ["check", small],
    ["check", small, "--budget", "cheap"], ["check", small, "--budget", "1", "--percentile", "42"], ["diff", join(work, "absent.json"), small],
    ["diff", small, too_long], ["diff", small, "--set", "prompt=1"], ["estimate", small, "--preset", "chatbot"],
    ["diff", small, large, "--preset", "chatbot"], ["check", small, "--budget", "1", "--preset", "chatbot"]]) assert.equal(tokenbill(args).status, 2, args.join(" "));
});

test("check --percentile takes the ranges, --forecast the dearest month", () => {
  const uncertain = write("uncertain.json", {}, "openai/gpt-4o", { ranges: { output_tokens: { low: 300, high: 2000 } } });
  const likely = json(["check", uncertain, "--budget", "1"]).usd_per_month;
  const dear = json(["check", uncertain, "--budget", "1", "--percentile", "90"]);
  assert.ok(dear.usd_per_month > likely);
  assert.equal(dear.percentile, 90);
  const growing = write("growing.json", { growth_ratio: 0.1 });
  const ahead = json(["check", growing, "--budget", "1", "--forecast"]);
  assert.ok(ahead.usd_per_month > month(growing));
  assert.match(ahead.scenarios[0].note, /Month \d+ of the forecast/);
});

test("check and diff read standard input", () => {
  const input = readFileSync(small);
  assert.equal(tokenbill(["check", "-", "--budget", "1e9"], { input }).status, 0);
  assert.match(tokenbill(["diff", "-", large], { input }).stdout, /dearer/);
});

test("Markdown is a table that a pull request shows", () => {
  const gate = tokenbill(["check", small, large, "--budget", "1", "--markdown"]);
  assert.equal(gate.status, 1);
  assert.match(gate.stdout, /^### Tokenbill: above the budget\n\n.*\n\n\| scenario \| model \| USD a month \| USD a request \|\n\| --- \| --- \| ---: \| ---: \|\n\| small \|/);
  const changed = tokenbill(["diff", small, large, "--markdown"]).stdout;
  assert.match(changed, /\| Prompt \| 2\u202f000 tokens per request \| 6\u202f000 tokens per request \|/);
  for (const table of changed.matchAll(/(?:^\|.*\n)+/gm)) {
    const widths = new Set(table[0].trim().split("\n").map((line) => line.split("|").length));
    assert.equal(widths.size, 1, "every line of a table has as many cells");
  }
});

test("diff names what changed, with the bills' own figures", () => {
  const found = json(["diff", small, large]);
  assert.deepEqual(found.inputs.filter((each) => each.id !== "name").map((each) => each.id), ["prompt_tokens"]);
  assert.equal(found.prices.length, 0);
  const total = found.totals.find((each) => each.id === "per_month");
  assert.equal(total.before_usd, month(small));
  assert.equal(total.after_usd, month(large));
  assert.equal(total.difference_usd, month(large) - month(small));
  const bill = JSON.parse(tokenbill(["estimate", large, "--json"]).stdout);
  for (const item of found.items) assert.equal(item.after_usd, bill.items.find((each) => each.id === item.id).usd_per_month);
});

test("the differences of the lines add up to that of the total", () => {
  for (const change of [["--set", "prompt_tokens=6000"], ["--model", "google/gemini-3.5-flash-lite"], ["--set", "caching=off"], ["--set", "web_searches_per_request=1"]]) {
    const found = json(["diff", "--preset", "chatbot", ...change]);
    const sum = found.items.reduce((all, item) => all + item.difference_usd, 0);
    const total = found.totals.find((each) => each.id === "per_month").difference_usd;
    assert.notEqual(total, 0, change.join(" "));
    assert.ok(Math.abs(sum - total) <= 1e-9 * Math.max(Math.abs(total), 1), `${change.join(" ")}: ${sum} and ${total}`);
  }
});

test("diff prices each side on its date and from its list", () => {
  const prices = readFileSync(join(root, "build/native-release/pricing-v1.json"), "utf8");
  const dearer = join(work, "dearer.json");
  const list = JSON.parse(prices);
  for (const seller of list.providers) for (const model of seller.models) if (model.id === "gpt-4o") for (const row of model.prices) row.usd_per_mtok.output *= 2;
  writeFileSync(dearer, JSON.stringify(list));
  const found = json(["diff", small, "--old-prices", dearer]);
  assert.deepEqual(found.prices.map((each) => each.id), ["price.output"]);
  assert.deepEqual(found.inputs, []);
  assert.ok(found.totals[0].difference_usd < 0);
  assert.deepEqual(JSON.parse(tokenbill(["diff", small, "--prices", "-", "--json"], { input: prices }).stdout), json(["diff", small]), "the list that is compiled in, from standard input");
  const dates = json(["diff", small, "--date", "2026-11-22", "--old-date", "2026-06-01"]);
  assert.deepEqual(dates.inputs.map((each) => [each.before, each.after]), [["2026-06-01", "2026-11-22"]]);
});

test("diff without NEW tells what a change of the scenario would cost", () => {
  const found = json(["diff", small, "--set", "prompt_tokens=6000"]);
  assert.equal(found.totals[0].after_usd, month(large));
  const same = tokenbill(["diff", small, small]);
  assert.match(same.stdout, /as before/);
  assert.equal(same.status, 0);
});

test("limits of diff end with 1", () => {
  const grown = (month(large) / month(small) - 1) * 100;
  assert.equal(tokenbill(["diff", small, large, "--max-increase", String(grown + 0.01)]).status, 0);
  assert.equal(tokenbill(["diff", small, large, "--max-increase", String(grown - 0.01)]).status, 1);
  assert.equal(tokenbill(["diff", small, large, "--budget", String(month(small))]).status, 1);
  assert.equal(json(["diff", small, large, "--budget", "1"]).broken_limits[0].kind, "budget");
});

test("a scenario that is new adds all that it costs", () => {
  for (const old of [join(work, "absent.json"), "/dev/null", "-"]) {
    const found = json(["diff", old, small, "--allow-missing-old"]);
    assert.equal(found.before, null);
    assert.equal(found.totals[0].before_usd, null);
    assert.equal(found.totals[0].difference_usd, month(small));
    assert.equal(tokenbill(["diff", old, small]).status, 2, `${old} is refused without the option`);
  }
  assert.equal(tokenbill(["diff", "/dev/null", small, "--allow-missing-old", "--max-increase", "1"]).status, 0);
  assert.equal(tokenbill(["diff", "/dev/null", small, "--allow-missing-old", "--budget", "1"]).status, 1);
});

test("a mistyped command or option gets the one that was meant", () => {
  assert.match(tokenbill(["estimat"]).stderr, /Did you mean "estimate"\?/);
  assert.match(tokenbill(["check", "--buget", "1"]).stderr, /Did you mean "--budget"\?/);
  assert.match(tokenbill(["estimate", "a.json", "b.json"]).stderr, /one argument too many/);
  const refused = tokenbill(["estimate", "--prest", "--json"]);
  assert.equal(refused.status, 2);
  assert.match(JSON.parse(refused.stdout).error.hint, /--preset/);
});

test("a long sweep shows a bar on a terminal only, and keeps what is done when it is interrupted", { skip: run("sh", ["-c", "command -v script"]).status !== 0 && "script is not here" }, () => {
  const words = ["sweep", "--preset", "chatbot", "--axis", "prompt_tokens=1:100000:60000", "--axis", "output_tokens=1:10000:60000", "--threads", "1"];
  const terminal = run("script", ["-qec", `timeout -s INT 2.5 ${program} ${words.join(" ")}`, "/dev/null"]);
  assert.match(terminal.stdout, /\d of 3\u202f600\u202f000\u202f000 cells, [\d\u202f]+ a second, [\d\u202f]+ s left/);
  assert.match(terminal.stdout, /PARTIAL: stopped after/);
  const piped = run("timeout", ["-s", "INT", "1.5", program, ...words]);
  assert.equal(piped.stderr, "");
  assert.match(piped.stdout, /PARTIAL: stopped after/);
});

test("sweep --csv - writes the cells to standard output", () => {
  const { stdout } = tokenbill(["sweep", "--axis", "prompt_tokens=1000,2000", "--csv", "-"]);
  assert.match(stdout, /^prompt_tokens,total\r\n1000,[\d.]+\r\n2000,[\d.]+\r\n$/);
});
