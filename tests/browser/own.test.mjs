// The section on own GPUs in a browser: what it prints is what the command line answers, its handle, switches and buttons
// do what the form's inputs do, and its figures can be explained.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../web/support/load.mjs";
import { axe, cli, headline, narrow, open, openSection, presetOf, settle, value, wide } from "./support/reader.mjs";

const { encodeLink } = await load("site/src/link.ts");
const { makeFormat } = await load("site/src/format.ts");
const format = makeFormat("en-US");

const chatbot = presetOf("chatbot");
/** Somebody's model by the token against an open one that is good enough. */
const scenario = { ...chatbot, parameters: { ...chatbot.parameters, own_model: "llama-3.3-70b" } };
/** An open model that somebody hosts, and the same on GPUs of one's own. */
const hosted = { ...chatbot, model: "fireworks/llama-v3p3-70b-instruct" };
const traffic = scenario.parameters.conversations_per_day;
const changed = (from, parameters) => ({ ...from, parameters: Object.fromEntries(Object.entries({ ...from.parameters, ...parameters }).filter(([, one]) => one !== null)) });
const at = async (t, from = scenario, options = {}) => {
  const page = await open(t, { path: await encodeLink({ scenario: from }), ...options });
  await openSection(page, "own", "#body-own .question");
  await calm(page);
  return page;
};
/** The decision is made beside the page and follows. */
const calm = async (page) => {
  await settle(page);
  await page.waitForSelector("#body-own .question:not([aria-busy])");
  await settle(page);
};
const said = async (page, selector) => (await page.locator(selector).innerText()).replace(/\s+/g, " ");
const rows = (page, selector) => page.locator(`${selector} tbody tr`).evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
const grip = (page) => page.locator('[data-grip="conversations_per_day"]');
const number = (value) => format.number(Number(value.toPrecision(3)));
const number_of = async (page, id) => Number((await value(page, id)).replaceAll(",", ""));

async function sameAsTheCommandLine(page, from) {
  const decision = cli("selfhost", from);
  const ways = await rows(page, ".ways");
  const column = format.column(decision.choices.map((one) => one.usd_per_month));
  assert.equal(ways.length, decision.choices.length);
  decision.choices.forEach((choice, i) => {
    assert.ok(ways[i][0].startsWith(choice.label), ways[i][0]);
    assert.ok(ways[i][1].startsWith(column(choice.usd_per_month)), `${choice.id}: ${ways[i][1]}`);
    assert.equal(ways[i][0].includes("cheapest"), choice.id === decision.best, choice.id);
    if (choice.reason) assert.ok(ways[i][0].includes(choice.reason), ways[i][0]);
  });
  return decision;
}

test("ways to buy, crossings, bill and GPUs are those of the command line", async (t) => {
  const page = await at(t);
  const decision = await sameAsTheCommandLine(page, scenario);
  const label = (id) => ({ api: "chosen model", own: "own capacity", small: "small model" })[id] ?? id;
  assert.ok(decision.crossings.length > 0, "the scenario is to have a crossing");
  assert.deepEqual(await rows(page, ".crossings"), decision.crossings.map((one) => [number(one.requests_per_month), format.amount(one.usd_per_month), label(one.below), label(one.above)]));
  const { own } = decision;
  await sameAsTheCommandLine(await at(t, hosted), hosted);
  const items = own.items.filter((item) => item.usd_per_month > 0);
  const column = format.column([...items.map((item) => item.usd_per_month), own.per_month]);
  assert.deepEqual((await rows(page, "#body-own .bill")).map((row) => [row[0], row[2]]), [...items.map((item) => [item.label, column(item.usd_per_month)]), ["Total", column(own.per_month)]]);
  const able = own.deployments.filter((one) => !one.reason);
  if (able.length > 8) {
    await page.click('[data-do="own-all"]');
    await settle(page);
  }
  const amounts = format.column(able.map((one) => one.usd_per_month));
  assert.deepEqual((await rows(page, ".deployments")).map((row) => [row[0], row[1], row[5], row[6], row[7]]),
    able.map((one) => [`${one.gpus_per_replica} × ${one.gpu_name}`, format.number(one.concurrency), format.number(one.gpus_at_peak), format.percent(one.utilisation), amounts(one.usd_per_month)]));
  const unable = own.deployments.filter((one) => one.reason);
  await page.locator("#body-own .cannot summary").first().click();
  assert.deepEqual((await rows(page, "#body-own .cannot >> nth=0 >> .reasons")).map(([name]) => name), unable.map((one) => `${one.gpus_per_replica} × ${one.gpu_name}`));
  await page.locator("#body-own summary", { hasText: "The picture as a table" }).click();
  const curves = await rows(page, ".curves");
  assert.equal(curves.length, 13);
  const between = (low, high) => (low === undefined || low === high ? "" : `${format.amount(low)} to ${format.amount(high)}`);
  assert.deepEqual(curves[12].slice(1), decision.choices.filter(({ curve }) => curve.some((usd) => usd > 0))
    .map(({ curve, curve_low: low, curve_high: high }) => `${format.amount(curve[120])}${between(low[120], high[120])}`));
});

test("code and list of hardware are loaded when the section is opened", async (t) => {
  const page = await open(t, { path: await encodeLink({ scenario }) });
  const asked = () => page.requests.filter((url) => /chunk-own|hardware-v1/.test(url)).length;
  assert.equal(asked(), 0);
  await openSection(page, "own", "#body-own .question");
  assert.ok(asked() >= 2);
});

test("the handle moves the traffic by pointer and by keys; undo brings it back", async (t) => {
  const page = await at(t);
  const decision = cli("selfhost", scenario);
  assert.equal(Number(await grip(page).getAttribute("aria-valuenow")), decision.requests_per_month);
  await grip(page).scrollIntoViewIfNeeded();
  const box = await grip(page).locator(".knob").boundingBox();
  const area = await page.locator("#body-own .plot-area").first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  // A sixth of the axis, which spans six decades: ten times the traffic.
  for (let i = 1; i <= 4; i += 1) await page.mouse.move(box.x + box.width / 2 + (area.width / 6) * (i / 4), box.y + box.height / 2);
  await page.mouse.up();
  await calm(page);
  const moved = await number_of(page, "conversations_per_day");
  assert.ok(Math.abs(moved / (10 * traffic) - 1) < 0.06, String(moved));
  await sameAsTheCommandLine(page, changed(scenario, { conversations_per_day: moved }));
  assert.ok(await grip(page).evaluate((one) => one === document.activeElement), "the handle keeps the focus");
  await page.waitForTimeout(600); // changes of one kind within half a second are one step of undo
  await page.keyboard.press("ArrowLeft");
  await calm(page);
  assert.ok(await number_of(page, "conversations_per_day") < moved);
  await page.click('[data-do="undo"]');
  await calm(page);
  assert.equal(await number_of(page, "conversations_per_day"), moved);
  await page.click('[data-do="undo"]');
  await calm(page);
  assert.equal(await number_of(page, "conversations_per_day"), traffic);
});

test("requirements decide without money: what is out says why", async (t) => {
  const page = await at(t);
  for (const [id, given, option] of [["data_must_stay", "yes", "yes"], ["gpu_people", "no", "no"]]) {
    await page.click(`[data-do="own-switch"][data-arg="${id}"]`);
    await calm(page);
    const decision = await sameAsTheCommandLine(page, changed(scenario, { [id]: given }));
    assert.ok(decision.choices.some((choice) => !choice.allowed), `${id} puts nothing out of the question`);
    assert.equal(await page.locator(".ways .excluded").count(), decision.choices.filter((choice) => !choice.allowed || choice.usd_per_month === null).length, option);
    await page.click('[data-do="undo"]');
    await calm(page);
  }
});

test("a figure opens its formula, with what it stands on, and Escape gives the focus back", async (t) => {
  const page = await at(t);
  const { own } = cli("selfhost", scenario);
  const figure = page.locator('#body-own [data-own][data-arg="own_total"]').first();
  await figure.focus();
  await page.keyboard.press("Enter");
  await settle(page);
  assert.equal(await page.locator(".drawer-value").textContent(), `${format.amount(own.per_month)} USD per month`);
  assert.ok((await page.locator(".drawer .formula").count()) > 0);
  await page.locator(".drawer .use-line").first().click();
  await settle(page);
  assert.equal(await page.locator(".drawer-value").count(), 1, "what it stands on is explained by own capacity too");
  await page.keyboard.press("Escape");
  await settle(page);
  assert.ok(await figure.evaluate((one) => one === document.activeElement));
  // Doors to the bill stay doors to the bill, and a host's bill is the host's.
  await page.locator('.ways [data-do="explain"][data-arg="inference_per_month"]').first().click();
  await settle(page);
  assert.match(await said(page, ".drawer-value"), /USD per month$/);
});

test("every figure of the section can be explained", async (t) => {
  const page = await at(t);
  const doors = await page.locator("#body-own [data-do=explain]").count();
  assert.ok(doors > 12, String(doors));
  for (let i = 0; i < doors; i += 1) {
    const one = page.locator("#body-own [data-do=explain]").nth(i);
    const id = await one.getAttribute("data-arg");
    await one.evaluate((element) => element.click());
    await settle(page);
    assert.equal(await page.locator(".drawer-value").count(), 1, id);
  }
});

test("what would change it is tried with one click, and does change it", async (t) => {
  // Nobody sells this one by the token.
  const from = changed(chatbot, { own_model: "qwen3-14b" });
  const page = await at(t, from);
  const { flips, choices } = cli("selfhost", from);
  assert.ok(flips.length > 0);
  assert.equal(await page.locator('[data-do="own-try"]').count(), flips.length);
  for (const flip of flips) {
    await page.click(`[data-do="own-try"][data-arg="${flip.parameter}"]`);
    await calm(page);
    const cheapest = await page.locator(".ways .chosen th").textContent();
    assert.ok(cheapest.startsWith(choices.find((one) => one.id === flip.choice).label), `${flip.parameter}: ${cheapest}`);
    await page.click('[data-do="undo"]');
    await calm(page);
  }
});

test("a GPU is named from the list, or taken from the table; an unknown one is refused", async (t) => {
  const page = await at(t);
  const second = cli("selfhost", scenario).own.deployments[1];
  await page.click(`[data-do="own-gpu"][data-arg="${second.gpu} ${second.gpus_per_replica}"]`);
  await calm(page);
  assert.equal(await page.inputValue("#own-own_gpu"), second.gpu_name);
  await sameAsTheCommandLine(page, changed(scenario, { own_gpu: second.gpu, gpus_per_replica: second.gpus_per_replica }));
  await page.fill("#own-own_gpu", "abacus");
  await page.press("#own-own_gpu", "Enter");
  await settle(page);
  assert.match(await said(page, "#own-error-own_gpu"), /The list has no “abacus”/);
});

test("a model that is not open says so, and another is named in its place; a small one stands beside it", async (t) => {
  const page = await at(t, chatbot);
  assert.match(await said(page, "#body-own .banner"), /is not among the open models/);
  await page.fill("#own-missing-own_model", cli("selfhost", scenario).own.model.name);
  await page.press("#own-missing-own_model", "Enter");
  await calm(page);
  const named = changed(chatbot, { own_model: cli("selfhost", scenario).own.model.id });
  await sameAsTheCommandLine(page, named);
  const before = await headline(page);
  await page.fill("#own-small_model", "qwen3-8b");
  await page.press("#own-small_model", "Enter");
  await calm(page);
  const { small } = await sameAsTheCommandLine(page, changed(named, { small_model: "qwen3-8b" }));
  assert.match(await said(page, "#body-own"), new RegExp(`Data and first training, spread.*${format.column([1e6])(small.items.find((item) => item.id === "training.first").usd_per_month)}`));
  assert.equal(await headline(page), before, "the bill does not depend on it");
});

test("a list that does not come is told, and asked for again", async (t) => {
  let fail = true;
  const page = await open(t, { path: await encodeLink({ scenario }), route: ["**/hardware-v1.json", (route) => (fail ? route.fulfill({ status: 404 }) : route.continue())] });
  await openSection(page, "own", '#body-own [data-do="own-retry"]');
  assert.match(await said(page, "#body-own"), /could not be loaded\. hardware-v1\.json: the server answered 404/);
  fail = false;
  await page.click('[data-do="own-retry"]');
  await page.waitForSelector("#body-own .question");
});

test("the form has one line for it, and the search finds its inputs here", async (t) => {
  const page = await open(t, { path: await encodeLink({ scenario }) });
  await page.locator('[data-do="to-section"][data-arg="own"]').click();
  await page.waitForSelector("#body-own .question");
  await page.fill("#find-input", "spare replicas");
  await page.press("#find-input", "Enter");
  await page.waitForFunction(() => document.activeElement?.id === "own-spare_replicas");
  await page.fill("#find-input", "electricity");
  await page.press("#find-input", "Enter");
  await page.waitForFunction(() => document.activeElement?.id === "own-electricity_usd_per_kwh");
});

test("axe finds nothing, ids are unique and nothing runs off the window: wide and narrow, light and dark", async (t) => {
  const cases = [["named", changed(scenario, { small_model: "qwen3-8b" })], ["not open", chatbot]];
  for (const [name, viewport] of Object.entries({ wide, narrow })) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [what, from] of cases) {
        const page = await at(t, from, { viewport, colorScheme });
        await page.evaluate(() => document.querySelectorAll("#body-own details").forEach((one) => { one.open = true; }));
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run("#section-own", { resultTypes: ["violations"] }));
        const where = `${what} ${name} ${colorScheme}`;
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]), [], where);
        const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
        assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], where);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, where);
      }
    }
  }
});
