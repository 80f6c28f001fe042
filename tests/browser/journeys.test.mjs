// The ten questions of the page, answered by keyboard alone, on a desk and in a pocket: each journey reaches its figure, which
// is the command line's; the focus is seen at every stop and never lost; the new month is told to those who hear the page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { load } from "../web/support/load.mjs";
import { root } from "./support/browser.mjs";
import { Walker } from "./support/keys.mjs";
import { cli, date, figureOf, headline, narrow, open, presetOf, settle, whole, wide } from "./support/reader.mjs";

const { makeFormat } = await load("site/src/format.ts");
const { exampleRecords } = await load("site/src/usage_example.ts");
const format = makeFormat("en-US");
const chatbot = presetOf("chatbot");
const changed = (from, parameters) => ({ ...from, parameters: { ...from.parameters, ...parameters } });
const month = (scenario) => whole.format(cli("estimate", scenario).totals.per_month);
const said = async (page, selector) => (await page.locator(selector).first().innerText()).replace(/\s+/g, " ");

/** Runs a journey wide and narrow, each from a fresh page. */
function journey(name, walk) {
  for (const [screen, viewport] of Object.entries({ wide, narrow })) {
    test(`${name} (${screen})`, async (t) => {
      const page = await open(t, { viewport });
      await walk(page, new Walker(page));
    });
  }
}

/** The page's month is the scenario's, and it is heard. */
async function costs(page, keys, scenario) {
  const expected = month(scenario);
  await page.waitForFunction((wanted) => document.querySelector("#headline .big-number").textContent === wanted, expected, { timeout: 5000 }).catch(() => {});
  assert.equal(await headline(page), expected);
  await keys.hears(`${expected} USD a month with `);
}

journey("1: what a feature costs a month, and why", async (page, keys) => {
  await keys.to(".skip");
  await keys.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "cost");
  await keys.to('.chip[data-arg="agent"]');
  await keys.press("Enter");
  await costs(page, keys, presetOf("agent"));
  await keys.to('input[type="range"][data-arg="output_tokens"]');
  const answer = async () => Number((await page.locator("#in-output_tokens").inputValue()).replaceAll(",", ""));
  const before = await answer();
  await keys.press("ArrowRight", "ArrowRight", "ArrowRight");
  const tokens = await answer();
  assert.ok(tokens > before);
  const scenario = changed(presetOf("agent"), { output_tokens: tokens });
  await costs(page, keys, scenario);
  await keys.section("bill", ".bill");
  await keys.to('.bill .door[data-arg="total"]');
  await keys.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "drawer-title");
  assert.equal(await page.locator(".drawer-value").innerText(), `${format.amount(cli("estimate", scenario).totals.per_month)} USD per month`);
  await keys.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.arg), "total");
});

journey("2: which model is cheapest", async (page, keys) => {
  await keys.to('.chip[data-arg="retrieval"]');
  await keys.press("Enter");
  await keys.section("models", ".models tbody tr");
  await keys.to(".models .use");
  const { models } = cli("compare", presetOf("retrieval"));
  const [first] = models.filter((model) => model.status === "ok");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), first.name);
  await keys.press("Enter");
  await costs(page, keys, { ...presetOf("retrieval"), model: first.key });
  await keys.hears(first.name);
});

journey("3: does caching pay, and with which lifetime", async (page, keys) => {
  await keys.section("caching", "#body-caching .question");
  assert.match(await said(page, "#body-caching .sentence"), /^Caching pays\. With a cache of 5 minutes a request takes /);
  await keys.to('[data-do="use-cache"][data-arg="1h"], [data-do][data-arg="1h"]');
  await keys.press("Enter");
  await costs(page, keys, changed(chatbot, { caching: "1h" }));
});

journey("4: what happens when chats get longer", async (page, keys) => {
  await keys.section("chats", "#body-chats .question");
  await keys.to('[data-grip="kept_exchanges"]');
  await keys.press("ArrowLeft", "ArrowLeft");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-valuetext")), "2 exchanges kept");
  await keys.to('[data-do="use-history"][data-arg="window"]', { back: true });
  await keys.press("Enter");
  await costs(page, keys, changed(chatbot, { history: "window", kept_exchanges: 2 }));
});

journey("5: what an agent costs per solved task, and where to cap its steps", async (page, keys) => {
  await keys.to('.chip[data-arg="agent"]');
  await keys.press("Enter");
  await keys.section("agent", "#body-agent .question");
  await keys.to("#agent-success_ratio");
  await keys.type("80");
  await keys.to('[data-grip="request_cap"]');
  await keys.press("Home", "PageUp", "ArrowRight");
  await page.waitForTimeout(250);
  const cap = Number(await page.evaluate(() => document.activeElement.getAttribute("aria-valuenow")));
  assert.ok(cap > 1);
  const scenario = changed(presetOf("agent"), { success_ratio: 0.8, request_cap: cap });
  assert.equal(await said(page, '#body-agent .door[data-arg="total_per_success"]'), `${format.amount(figureOf(cli("estimate", scenario), "total_per_success"))} USD`);
  await costs(page, keys, scenario);
});

journey("6: which savings are real", async (page, keys) => {
  await keys.section("savings", ".levers");
  await keys.to('.switch[data-arg="trimming"]');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-checked")), "false");
  await keys.press(" ");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-checked")), "true");
  await costs(page, keys, changed(chatbot, { prompt_trim_ratio: 0.3 }));
  await keys.press("Control+z");
  await costs(page, keys, chatbot);
});

journey("7: from which volume own capacity pays", async (page, keys) => {
  await keys.section("own", "#body-own .question:not([aria-busy])");
  await keys.to("#own-missing-own_model");
  await page.keyboard.insertText("Llama 3.3 70B");
  const model = cli("selfhost", changed(chatbot, { own_model: "llama-3.3-70b" }));
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(model.own.model.name);
  await keys.press("Enter");
  await page.waitForSelector("#body-own .question:not([aria-busy])");
  await keys.to('[data-grip="conversations_per_day"]');
  await keys.press("PageUp");
  await page.waitForTimeout(250);
  await page.waitForSelector("#body-own .question:not([aria-busy])");
  const traffic = Number((await page.locator("#in-conversations_per_day").inputValue()).replaceAll(",", ""));
  assert.ok(traffic > chatbot.parameters.conversations_per_day);
  const { choices } = cli("selfhost", changed(chatbot, { own_model: "llama-3.3-70b", conversations_per_day: traffic }));
  const column = format.column(choices.map((one) => one.usd_per_month));
  const shown = await page.locator(".ways tbody td:nth-child(2)").allTextContents();
  choices.forEach((choice, i) => assert.ok(shown[i].startsWith(column(choice.usd_per_month)), `${choice.label}: ${shown[i]}`));
});

journey("8: next year's budget, and when its alarms fire", async (page, keys) => {
  await keys.section("budget", "#body-budget .question");
  await keys.to('#body-budget [data-do="set-budget"], #body-budget .button');
  await keys.press("Enter");
  await keys.to("#budget-growth_ratio");
  await keys.type("5");
  await keys.to('[data-grip="budget_usd"]', { back: true });
  await keys.press("ArrowUp");
  await page.waitForTimeout(250);
  const budget = Number((await page.locator("#budget-budget_usd").inputValue()).replaceAll(",", ""));
  const planned = cli("forecast", changed(chatbot, { growth_ratio: 0.05, budget_usd: budget }));
  assert.match(await said(page, "#body-budget .big-answer"), new RegExp(`^${format.amount(planned.total_usd)} USD for 12 months`));
  assert.match(await said(page, "#body-budget .sentence"), new RegExp(`breaks in month ${planned.budget.breaks_month}, which begins on `));
});

journey("9: cost per user, and what must be charged", async (page, keys) => {
  await keys.section("users", ".users");
  await keys.to("#per-price_usd");
  await keys.type("9");
  await keys.to("#per-active_users");
  await keys.type("4000");
  const sold = cli("estimate", changed(chatbot, { price_usd: 9, active_users: 4000 }));
  assert.match(await said(page, "#body-users .verdict"), new RegExp(`^A margin of ${Math.round(figureOf(sold, "margin_ratio") * 100)}%`));
  await keys.to('.limits [data-arg="output_tokens"]');
  const most = Number(await page.evaluate(() => document.activeElement.dataset.value));
  await keys.press("Enter");
  await costs(page, keys, changed(chatbot, { price_usd: 9, active_users: 4000, output_tokens: most }));
});

journey("10: why the bill is not what was estimated", async (page, keys) => {
  await keys.section("usage", "#usage-text");
  await keys.to('[data-do="usage-example"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector(".usage-result:not([aria-busy])");
  await page.waitForFunction(() => document.activeElement.id === "usage-result" && !document.querySelector("#body-usage [aria-busy]"));
  await keys.check("reading the records");
  const file = join(tmpdir(), `tokenbill-journey-${process.pid}`);
  writeFileSync(`${file}.txt`, exampleRecords(date));
  writeFileSync(`${file}.json`, JSON.stringify(chatbot));
  try {
    const report = JSON.parse(execFileSync(`${root}/build/native-release/bin/tokenbill`, ["import", `${file}.txt`, "--scenario", `${file}.json`, "--date", date, "--json"], { encoding: "utf8" }));
    assert.equal(await said(page, "#usage-usd"), format.amount(report.usd));
    assert.equal(await said(page, ".usage-result .verdict"), format.localize(report.reconciliation.sentence).replace(/\s+/g, " "));
  } finally {
    rmSync(`${file}.txt`);
    rmSync(`${file}.json`);
  }
  const before = await headline(page);
  await keys.to('[data-do="usage-adopt"]');
  await keys.press("Enter");
  assert.notEqual(await headline(page), before);
  await keys.hears(await headline(page));
});
