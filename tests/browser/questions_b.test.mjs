// The sections on caching, longer chats, agents and budgets in a browser: what they print is what the command line answers,
// and their handles do what the form's inputs do.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../web/support/load.mjs";
import { axe, cli, figureOf, narrow, open, openSection, settle, unfold, value, wide } from "./support/reader.mjs";

const { encodeLink } = await load("site/src/link.ts");
const { makeFormat } = await load("site/src/format.ts");
const format = makeFormat("en-US");

const scenario = (parameters, model = "anthropic/claude-sonnet-4-6") => ({ format: "tokenbill-scenario/1", model, parameters });
/** An append-only chat: 3,000 tokens that never change, 80 asked and 250 answered in each of 8 turns. */
const chat = scenario({ history: "full", prompt_tokens: 3080, static_prefix_tokens: 3000, turn_input_tokens: 80, output_tokens: 250, turns_per_conversation: 8,
  caching: "5m", cache_hit_ratio: 0, long_gap_ratio: 0, failure_ratio: 0, kept_exchanges: 2 });
/** Single questions over an unchanging start: others' traffic keeps the cache warm. */
const single = scenario({ conversations_per_day: 100, turns_per_conversation: 1, prompt_tokens: 6000, static_prefix_tokens: 5000, caching: "5m", failure_ratio: 0 });
const worker = scenario({ history: "full", prompt_tokens: 6000, static_prefix_tokens: 6000, output_tokens: 200, turn_input_tokens: 1300, turns_per_conversation: 12,
  caching: "5m", cache_hit_ratio: 0, long_gap_ratio: 0, failure_ratio: 0 });

const changed = (from, parameters) => ({ ...from, parameters: Object.fromEntries(Object.entries({ ...from.parameters, ...parameters }).filter(([, one]) => one !== null)) });
const planned = changed(chat, { growth_ratio: 0.05, budget_usd: 45000, price_decline_ratio: 0.4, replatform_months: 6 });
const at = async (t, section, from, options = {}) => {
  const page = await open(t, { path: await encodeLink({ scenario: from }), ...options });
  await openSection(page, section, `#body-${section} .question`);
  return page;
};
/** Curves follow once the reader pauses. */
const calm = async (page) => {
  await page.waitForTimeout(250);
  await settle(page);
};
const said = async (page, selector) => (await page.locator(selector).innerText()).replace(/\s+/g, " ");
const rows = (page, selector) => page.locator(`${selector} tbody tr`).evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
const grip = (page, id) => page.locator(`[data-grip="${id}"]`);

/** Takes a handle by the pointer and moves it by pixels, in a few steps. */
async function drag(page, id, dx, dy) {
  await grip(page, id).scrollIntoViewIfNeeded();
  const box = await grip(page, id).locator(".knob").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= 4; i += 1) await page.mouse.move(x + (dx * i) / 4, y + (dy * i) / 4);
  await page.mouse.up();
  await calm(page);
}

test("caching: the sentence, the blocks and the table are those of the command line", async (t) => {
  const page = await at(t, "caching", single);
  const [with_cache, without] = [cli("estimate", single), cli("estimate", changed(single, { caching: "off" }))];
  const sentence = await said(page, "#body-caching .sentence");
  assert.ok(sentence.startsWith(`Caching pays. With a cache of 5 minutes a request takes ${format.amount(figureOf(with_cache, "inference_per_request"))} USD of inference, without ${format.amount(figureOf(without, "inference_per_request"))}`), sentence);
  const tokens = (id) => `${format.number(Math.round(figureOf(with_cache, id)))} tokens`;
  const billed = await said(page, "#body-caching .legend >> nth=0");
  assert.equal(billed, `read from the cache ${tokens("cache_read_tokens")} written to it ${tokens("cache_write_tokens")} at the full price ${tokens("uncached_tokens")}`);
  assert.match(await said(page, ".block-list"), /instructions, examples and tools 5,000 tokens the question 1,000 tokens/);
  const ways = (await rows(page, '[aria-label="Ways to cache"]')).map(([name, usd, , pays]) => [name, usd, pays]);
  const costs = ["off", "automatic", "5m", "1h"].map((caching) => figureOf(cli("estimate", changed(single, { caching })), "inference_per_request"));
  const column = format.column(costs);
  assert.deepEqual(ways.map(([name, usd]) => [name, usd]), [["no cache", column(costs[0])], ["as the seller does it", column(costs[1])], ["5 minutes", column(costs[2])], ["1 hour", column(costs[3])]]);
  // A request every 20.4 and every 80.3 minutes: 5 / -ln(1 - 0.25 / 1.15) and 60 / -ln(1 - 1 / 1.9).
  assert.deepEqual(ways.map(([, , pays]) => pays), ["", "2.94 an hour", "2.94 an hour", "0.747 an hour"]);
  assert.deepEqual((await page.locator("#body-caching .around .over").allTextContents()).filter((text) => / from /.test(text)), ["1 hour pays from 0.747 an hour", "5 minutes pays from 2.94 an hour"]);
  assert.match(await said(page, "#body-caching"), /30 minutes: Claude Sonnet 4\.6 does not offer this lifetime.*Stored cache, by the hour: Claude Sonnet 4\.6 sells no cache by the hour/);
});

test("caching: the line that changes, dragged to the front or moved by keys, takes the cached part with it; undo brings it back", async (t) => {
  const page = await at(t, "caching", changed(single, { changing_line_tokens: 25 }));
  const found = () => page.locator(".blocks text").first().textContent();
  const read = async (before) => format.percent(figureOf(cli("estimate", changed(single, { changing_line_tokens: 25, tokens_before_changing_line: before })), "cached_ratio"));
  assert.equal(await found(), "found by other conversations: 5,000 tokens");
  await drag(page, "tokens_before_changing_line", -2000, 0);
  assert.equal(await found(), "nothing that other conversations could find");
  assert.equal(await value(page, "tokens_before_changing_line"), "0");
  assert.match(await said(page, "#body-caching"), new RegExp(`${await read(0)} of them read`));
  await grip(page, "tokens_before_changing_line").focus();
  await page.keyboard.press("ArrowRight");
  await calm(page);
  assert.equal(await value(page, "tokens_before_changing_line"), "1,250");
  assert.equal(await found(), "found by other conversations: 1,250 tokens");
  assert.match(await said(page, "#body-caching"), new RegExp(`${await read(1250)} of them read`));
  assert.ok(await grip(page, "tokens_before_changing_line").evaluate((one) => one === document.activeElement), "the handle keeps the focus");
  await page.waitForTimeout(600); // changes of one kind within half a second are one step of undo
  await page.keyboard.press("End");
  await calm(page);
  assert.equal(await value(page, "tokens_before_changing_line"), "");
  await page.click('[data-do="undo"]');
  await calm(page);
  assert.equal(await found(), "found by other conversations: 1,250 tokens");
  // The places told in the table are the command line's too.
  const places = await rows(page, '[aria-label="Places of a line that changes"]');
  const expected = [{ changing_line_tokens: 0 }, { changing_line_tokens: 25 }, { changing_line_tokens: 25, tokens_before_changing_line: 5000 }, { changing_line_tokens: 25, tokens_before_changing_line: 0 }]
    .map((parameters) => figureOf(cli("estimate", changed(single, parameters)), "inference_per_request"));
  const column = format.column(expected);
  assert.deepEqual(places.map(([, , , usd]) => usd), expected.map(column));
});

test("caching: a choice is used with one click, and the first figure of the page follows", async (t) => {
  const page = await at(t, "caching", single);
  await page.click('[data-do="use-caching"][data-arg="1h"]');
  await calm(page);
  await unfold(page, "caching");
  assert.equal(await value(page, "caching"), "1h");
  assert.equal(await page.locator("#headline .big-number").textContent(), format.amount(cli("estimate", changed(single, { caching: "1h" })).totals.per_month));
});

test("chats: the published conversation costs 0.132 uncached, 0.0588 cached and 0.0623 with a window of two", async (t) => {
  const page = await at(t, "chats", chat);
  const table = await rows(page, ".chats-table");
  const ids = ["full", "window", "summary", "cap"];
  const total = (parameters) => cli("turns", changed(chat, parameters)).turns.at(-1).cumulative_usd;
  const cached = ids.map((history) => total({ history }));
  const plain = ids.map((history) => total({ history, caching: "off" }));
  const months = ids.map((history) => figureOf(cli("estimate", changed(chat, { history })), "inference_per_month"));
  assert.deepEqual(table.map((row) => row[1]), cached.map(format.column(cached)));
  assert.deepEqual(table.map((row) => row[3]), plain.map(format.column(plain)));
  assert.deepEqual(table.map((row) => row[4]), months.map(format.column(months)));
  assert.deepEqual([table[0][3], table[0][1], table[1][1]], ["0.132", "0.0588", "0.0623"]);
  assert.match(await said(page, "#body-chats .sentence"), /cheapest with everything sent again: 0\.0588 USD/);
});

test("chats: bars are the turns of the command line, in USD and in tokens", async (t) => {
  const page = await at(t, "chats", chat);
  const { turns } = cli("turns", chat);
  /** Heights of the parts of a bar, as shares of the first bar's. */
  const heights = (turn) => page.locator(`.panel >> nth=0 >> .plot-area g[aria-hidden] > g >> nth=${turn - 1}`).evaluate((bar) => [...bar.children].map((part) => Number(part.getAttribute("height"))));
  const shares = (all, first) => all.map((one) => one / first);
  const first = (await heights(1)).reduce((sum, one) => sum + one, 0);
  for (const turn of [1, 2, 8]) {
    const parts = Object.values(turns[turn - 1].by_category).filter((usd) => usd > 0);
    shares(await heights(turn), first).forEach((share, i) => assert.ok(Math.abs(share - parts[i] / turns[0].usd) < 0.02, `turn ${turn}, part ${i}: ${share}`));
  }
  await page.click("#body-chats .stands-on summary");
  const shown = (await rows(page, '[aria-label="Cost of each turn by strategy"]')).map((row) => row[1]);
  const exact = cli("turns", chat, "--turns", "12").turns.map((turn) => turn.usd);
  assert.equal(shown.length, 12);
  shown.forEach((one, i) => assert.ok(Math.abs(Number(one) - exact[i]) < 0.00006, `turn ${i + 1}: ${one}`));
  await page.click('[data-do="chats-count"][data-arg="tokens"]');
  await settle(page);
  const tokens = ({ read_tokens, write_tokens, uncached_tokens, output_tokens }) => [read_tokens, write_tokens, uncached_tokens, output_tokens].filter((one) => one > 0);
  const all = tokens(turns[0]).reduce((sum, one) => sum + one, 0);
  const drawn = (await heights(1)).reduce((sum, one) => sum + one, 0);
  shares(await heights(8), drawn).forEach((share, i) => assert.ok(Math.abs(share - tokens(turns[7])[i] / all) < 0.02, `tokens of turn 8, part ${i}: ${share}`));
  assert.equal(await page.locator('[data-do="chats-count"][data-arg="tokens"]').getAttribute("aria-pressed"), "true");
});

test("chats: handles of window and summary change the scenario; a strategy is used in one step of undo", async (t) => {
  const page = await at(t, "chats", changed(chat, { caching: "off" }));
  await grip(page, "kept_exchanges").focus();
  await page.keyboard.press("ArrowRight");
  await calm(page);
  assert.equal(await value(page, "kept_exchanges"), "3");
  assert.equal(await grip(page, "kept_exchanges").getAttribute("aria-valuetext"), "3 exchanges kept");
  await drag(page, "kept_exchanges", -2000, 0);
  assert.equal(await value(page, "kept_exchanges"), "0");
  await page.keyboard.press("End");
  await calm(page);
  assert.equal(await value(page, "kept_exchanges"), "11");
  await page.keyboard.press("ArrowLeft");
  await calm(page);
  assert.equal(await value(page, "kept_exchanges"), "10", "the handle can be taken back from its end");
  const before = await value(page, "summary_every_turns");
  await drag(page, "summary_every_turns", -60, 0);
  assert.ok(Number(await value(page, "summary_every_turns")) < Number(before));
  await page.click('[data-do="use-history"][data-arg="window"]');
  await calm(page);
  await unfold(page, "conversation");
  assert.equal(await value(page, "history"), "window");
  await page.click('[data-do="undo"]');
  await calm(page);
  assert.equal(await value(page, "history"), "full");
});

test("chats: a history that is given is explained and changed with one click", async (t) => {
  const page = await at(t, "chats", changed(chat, { history: null }));
  assert.match(await said(page, "#body-chats .banner"), /In your scenario nothing grows/);
  await page.click('#body-chats .banner [data-do="use-history"]');
  await calm(page);
  assert.equal(await page.locator("#body-chats .banner").count(), 0);
  await unfold(page, "conversation");
  assert.equal(await value(page, "history"), "full");
});

test("chats: the turn from which summaries cost less in all is the command line's", async (t) => {
  const long = changed(chat, { caching: "off", turns_per_conversation: 25, output_tokens: 600 });
  const page = await at(t, "chats", long);
  const sums = (history) => cli("turns", changed(long, { history }), "--turns", "38").turns.map((turn) => turn.cumulative_usd);
  const [full, summary] = [sums("full"), sums("summary")];
  const dearer = full.findIndex((usd, i) => summary[i] > usd * (1 + 1e-9));
  const turn = full.findIndex((usd, i) => i > dearer && summary[i] < usd) + 1;
  assert.match(await said(page, ".overtakes"), new RegExp(`Summaries: dearer at first, cheaper in all from turn ${turn} on\\.`));
  assert.equal(await page.locator("#body-chats .over", { hasText: `summaries: turn ${turn}` }).count(), 1);
});

test("agent: twelve steps cost 0.549 uncached and 0.165 cached; the table is the command line's", async (t) => {
  const page = await at(t, "agent", worker);
  assert.match(await said(page, "#body-agent .sentence"), /^12 steps cost 0\.549 USD of inference not cached and 0\.165 cached, 70% cheaper\./);
  await page.locator("#body-agent .stands-on summary").first().click();
  const table = await rows(page, '[aria-label="Cost of an attempt by steps"]');
  const steps = table.map(([n]) => Number(n));
  assert.deepEqual(steps, [1, 2, 5, 10, 12, 15, 20, 30, 40, 60]);
  for (const [k, parameters] of [[1, { caching: "off" }], [2, {}], [3, { caching: "off", history: "given" }]]) {
    const costs = steps.map((n) => figureOf(cli("estimate", changed(worker, { ...parameters, turns_per_conversation: n })), "inference_per_conversation"));
    assert.deepEqual(table.map((row) => row[k]), costs.map(format.column(costs)));
  }
});

test("agent: the handle sets the steps; success, cap and what is cut are the command line's", async (t) => {
  const of = changed(worker, { success_ratio: 0.7, attempts: 2, request_cap: 15 });
  const page = await at(t, "agent", of);
  const facts = async () => Object.fromEntries(await page.locator("#body-agent .figures .door").evaluateAll((all) => all.map((one) => [one.dataset.arg, one.textContent])));
  const expected = (bill) => Object.fromEntries(["total_per_success", "total_per_conversation", "inference_per_conversation"].map((id) => [id, `${format.amount(figureOf(bill, id))} USD`])
    .concat(["success_per_attempt", "cut_conversations_ratio", "unsolved_ratio"].map((id) => [id, format.percent(figureOf(bill, id))])));
  assert.deepEqual(await facts(), expected(cli("estimate", of)));
  await grip(page, "turns_per_conversation").focus();
  await page.keyboard.press("ArrowRight");
  await calm(page);
  assert.equal(await value(page, "turns_per_conversation"), "13");
  assert.deepEqual(await facts(), expected(cli("estimate", changed(of, { turns_per_conversation: 13 }))));
  await drag(page, "turns_per_conversation", 2000, 0);
  assert.equal(await value(page, "turns_per_conversation"), "60");
  await grip(page, "request_cap").focus();
  await page.keyboard.press("End");
  await calm(page);
  assert.equal(await value(page, "request_cap"), "");
  assert.equal(await grip(page, "request_cap").getAttribute("aria-valuetext"), "no cap");
  await page.keyboard.press("ArrowLeft");
  await calm(page);
  assert.equal(await value(page, "request_cap"), "59");
});

test("agent: where the context ends and the long-context price begins, as the command line says", async (t) => {
  const long = scenario({ history: "full", prompt_tokens: 60000, output_tokens: 250, turn_input_tokens: 20000, turns_per_conversation: 10, failure_ratio: 0 }, "openai/gpt-5.4");
  const page = await at(t, "agent", long);
  const bill = (n) => cli("estimate", changed(long, { turns_per_conversation: n }));
  const marks = await page.locator("#body-agent .plot-area").first().textContent();
  const last = Number(/above (\d+) steps the context is full/.exec(marks)[1]);
  assert.equal(bill(last).status, "ok");
  assert.throws(() => bill(last + 1), ({ stdout }) => JSON.parse(stdout).status === "impossible");
  const first = Number(/long-context price from (\d+) steps on/.exec(marks)[1]);
  const cliff = (n) => bill(n).notices.some(({ kind }) => kind === "cliff");
  assert.deepEqual([cliff(first - 1), cliff(first)], [false, true]);
});

test("budget: months, sum, alarms and the month that breaks are those of the command line", async (t) => {
  const page = await at(t, "budget", planned);
  const forecast = cli("forecast", planned);
  assert.match(await said(page, ".big-answer"), new RegExp(`^${format.amount(forecast.total_usd)} USD for 12 months`));
  const { budget } = forecast;
  assert.ok(budget.breaks_month > 1);
  assert.match(await said(page, "#body-budget .sentence"), new RegExp(`breaks in month ${budget.breaks_month}, which begins on ${format.date(forecast.months[budget.breaks_month - 1].date)}`));
  assert.deepEqual(await rows(page, ".alarms"), budget.levels.map((one) => [format.percent(one.share), format.amount(one.usd), one.date ? format.date(one.date) : "not in this month", one.day === null ? "" : format.number(one.day)]));
  await page.click("#body-budget .stands-on summary");
  const usd = forecast.months.map((month) => month.usd);
  assert.deepEqual((await rows(page, "#body-budget .stands-on table")).map((row) => row[3]), usd.map(format.column(usd)));
  assert.match(await said(page, ".flags"), /Move to a newer model/);
  assert.match(await said(page, "#body-budget"), new RegExp(`the month ends at ${format.amount(budget.month_end_usd)} USD`));
});

test("budget: the line is dragged and moved by keys; the month that breaks follows; the axis stays in the hand", async (t) => {
  const page = await at(t, "budget", planned);
  const forecast = (usd) => cli("forecast", changed(planned, { budget_usd: usd })).budget;
  await drag(page, "budget_usd", 0, 60);
  const lower = Number((await value(page, "budget_usd")).replaceAll(",", ""));
  // 60 of 280 pixels of the axis, whose end is a little above the larger of budget and months.
  assert.ok(lower < 45000 && lower > 25000, String(lower));
  assert.match(await said(page, "#body-budget .sentence"), new RegExp(`breaks in month ${forecast(lower).breaks_month},`));
  assert.ok(await grip(page, "budget_usd").evaluate((one) => one === document.activeElement), "the handle keeps the focus");
  await page.keyboard.press("ArrowUp");
  await calm(page);
  assert.equal(Number((await value(page, "budget_usd")).replaceAll(",", "")), lower + 1000);
  await page.click('[data-do="budget-picture"][data-arg="sum"]');
  await settle(page);
  assert.match(await said(page, "#body-budget"), /its line stands in the picture of the months/);
});

test("budget: spending to date replaces the plan", async (t) => {
  const spent = changed(planned, { spent_usd: 20000, days_passed: 10 });
  const page = await at(t, "budget", spent);
  const { budget } = cli("forecast", spent);
  assert.equal(budget.run_rate_from, "spent");
  assert.match(await said(page, "#body-budget"), new RegExp(`At ${format.amount(budget.run_rate_usd_per_day)} USD a day, the rate of what is spent so far, the month ends at ${format.amount(budget.month_end_usd)} USD`));
});

const sections = [["caching", changed(single, { changing_line_tokens: 25, tokens_before_changing_line: 2000 })], ["chats", chat], ["agent", changed(worker, { request_cap: 20 })], ["budget", planned]];

test("these sections are loaded when they are opened, and every figure in them can be explained", async (t) => {
  for (const [section, from] of sections) {
    const page = await open(t, { path: await encodeLink({ scenario: from }) });
    assert.ok(!page.requests.some((url) => url.includes(`chunk-${section}`)), `${section} is loaded too early`);
    await openSection(page, section, `#body-${section} .question`);
    const items = [...new Set(await page.locator(`#body-${section} [data-do=explain]`).evaluateAll((all) => all.map((one) => one.dataset.arg)))];
    assert.ok(section === "budget" || items.length > 0, section);
    for (const item of items) {
      await page.locator(`#body-${section} [data-do=explain][data-arg="${item}"]`).first().evaluate((one) => one.click());
      await settle(page);
      assert.equal(await page.locator(".drawer-value").count(), 1, `${section} ${item}`);
    }
  }
});

test("axe finds nothing, ids are unique and nothing runs off the window: wide and narrow, light and dark", async (t) => {
  for (const [name, viewport] of Object.entries({ wide, narrow })) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [section, from] of sections) {
        const page = await at(t, section, from, { viewport, colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate((id) => axe.run(`#section-${id}`, { resultTypes: ["violations"] }), section);
        const where = `${section} ${name} ${colorScheme}`;
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]), [], where);
        const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
        assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], where);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, where);
      }
    }
  }
});
