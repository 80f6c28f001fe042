// Four of the questions that the page answers, each walked as a reader does: what a feature costs and why (1), which model
// (2), which savings (6), what to charge (9). Figures are compared with the command line's.
import assert from "node:assert/strict";
import test from "node:test";
import { amount, axe, cents, cli, figureOf, headline, narrow, open, openSection, presetOf, settle, type, unfold, value, whole, wide } from "./support/reader.mjs";

const with_ = (scenario, parameters) => ({ ...scenario, parameters: { ...scenario.parameters, ...parameters } });
const numbers = (texts) => texts.map((text) => text.replace(/\s+/g, " ").trim());
/** As the page shows an amount by itself. */
const shown = (value) => (Math.abs(value) >= 1000 || Number.isInteger(value) ? whole.format(value) : cents.format(value));

test("1: a preset for each kind of feature has a bill that adds up and that every line of explains", async (t) => {
  const page = await open(t);
  for (const id of ["chatbot", "retrieval", "agent", "batch", "voice", "vision", "classification", "content"]) {
    await page.click(`.chip[data-arg="${id}"]`);
    await settle(page);
    const bill = cli("estimate", presetOf(id));
    assert.equal(bill.status, "ok", id);
    assert.equal(await headline(page), whole.format(bill.totals.per_month), id);
    const lines = await page.locator(".bill tbody tr:not(.sum) td.amount:nth-of-type(2)").allTextContents();
    assert.deepEqual(lines, bill.items.filter((item) => item.usd_per_month !== 0).map((item) => amount(item.usd_per_month)), id);
  }
  await page.click('.chip[data-arg="agent"]');
  await settle(page);
  await page.click('.bill .door[data-arg="input.cache_read"]');
  const explained = cli("explain", presetOf("agent"), "input.cache_read");
  assert.equal(await page.locator("#drawer-title").textContent(), explained.label);
  assert.match(await page.locator(".drawer .mono").textContent(), /÷ 1,000,000/);
});

test("1: the five sliders, typed and dragged, move the bill with the command line's figures", async (t) => {
  const page = await open(t);
  assert.equal(await page.locator(".main-fields > .field").count(), 5);
  await type(page, "#in-conversations_per_day", "2.5k");
  await type(page, "#in-turns_per_conversation", "8");
  await type(page, "#in-prompt_tokens", "3k");
  await type(page, "#in-output_tokens", "250");
  await page.fill("#in-model", "gpt-5-mini");
  await page.locator("#in-model").press("Enter");
  await settle(page);
  const scenario = { ...with_(presetOf("chatbot"), { conversations_per_day: 2500, turns_per_conversation: 8, prompt_tokens: 3000, output_tokens: 250, caching: "automatic" }), model: "openai/gpt-5-mini" };
  await page.fill("#find-input", "prefix cache");
  await page.locator("#find-input").press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "in-caching", "an input is found by name");
  await page.selectOption("#in-caching", "automatic");
  await settle(page);
  const bill = cli("estimate", scenario);
  assert.equal(await headline(page), whole.format(bill.totals.per_month));
  assert.deepEqual(numbers(await page.locator("#headline .per b").allTextContents()).slice(2), [shown(bill.totals.per_day), shown(bill.totals.per_year)]);
});

test("1: an input that names an entry of the price list is found by name, refused when there is none, and taken back", async (t) => {
  const page = await open(t);
  await page.click('.chip[data-arg="retrieval"]');
  await page.fill("#find-input", "rerank model");
  await page.locator(".found").first().click();
  const field = page.locator("#in-rerank_model");
  assert.ok(await field.evaluate((one) => one === document.activeElement && one.closest("details").open));
  assert.match(await field.inputValue(), /Cohere/);
  await type(page, "#in-rerank_model", "no such model");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.match(await page.locator("#in-error-rerank_model").textContent(), /no “no such model”/);
  await type(page, "#in-rerank_model", "voyage/rerank-2.5");
  assert.equal(await field.getAttribute("aria-invalid"), null);
  assert.equal(await headline(page), whole.format(cli("estimate", with_(presetOf("retrieval"), { rerank_model: "voyage/rerank-2.5" })).totals.per_month));
  await type(page, "#in-rerank_model", "none");
  const { rerank_model: _, ...parameters } = presetOf("retrieval").parameters;
  assert.equal(await headline(page), whole.format(cli("estimate", { ...presetOf("retrieval"), parameters }).totals.per_month));
  assert.equal(await field.getAttribute("placeholder"), "none");
  assert.equal(await page.locator("#in-reranked_documents").locator("xpath=ancestor::details[contains(@class,'resting')]").count(), 1, "what counts with a rerank model alone rests");
});

test("1: the month in the reader's currency, with rate and date", async (t) => {
  const page = await open(t);
  await page.locator("details.group, details.resting").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  await type(page, "#in-currency_code", "eur");
  assert.match(await page.locator(".in-currency").textContent(), /one for one/);
  await type(page, "#in-currency_rate", "0.9");
  await page.fill("#in-currency_date", "2026-11-20");
  await settle(page);
  const bill = cli("estimate", with_(presetOf("chatbot"), { currency_code: "EUR", currency_rate: 0.9, currency_date: "2026-11-20" }));
  assert.equal(numbers([await page.locator(".in-currency").textContent()])[0],
    `${shown(figureOf(bill, "total_in_currency"))} EUR a month at 0.9 EUR for a US dollar, rate of Nov 20, 2026`);
  await type(page, "#in-currency_code", "Euros");
  assert.match(await page.locator("#in-error-currency_code").textContent(), /EUR/);
});

test("2: the cheapest model for the workload is first, its difference told, and taken over with a click", async (t) => {
  const page = await open(t);
  await page.click('.chip[data-arg="vision"]');
  await openSection(page, "models", ".models tbody tr");
  const { models } = cli("compare", presetOf("vision"));
  const able = models.filter((model) => model.status === "ok");
  const first = page.locator(".models tbody tr").first();
  assert.equal(await first.locator(".use").textContent(), able[0].name);
  assert.equal(await first.locator(".month").textContent(), shown(able[0].usd_per_month));
  assert.match(await first.locator(".difference").textContent(), /cheaper$/);
  assert.equal(await page.locator(".reasons tbody tr").count(), models.length - able.length);
  await first.locator(".use").click();
  await settle(page);
  assert.equal(await headline(page), whole.format(cli("estimate", { ...presetOf("vision"), model: able[0].key }).totals.per_month));
});

test("2: two models as two scenarios beside each other, in the link and in undo", async (t) => {
  const page = await open(t);
  await page.click('[data-do="scenario-add"]');
  await settle(page);
  assert.deepEqual(await page.locator(".scenarios .chip").allTextContents(), ["Support chatbot", "Support chatbot 2"]);
  await page.fill("#in-model", "gpt-5-mini");
  await page.locator("#in-model").press("Enter");
  await page.locator("body").press("Escape");
  await openSection(page, "scenarios", ".scenario-table");
  const bills = [cli("estimate", presetOf("chatbot")), null];
  const second = { ...presetOf("chatbot"), model: "openai/gpt-5-mini" };
  bills[1] = cli("estimate", second);
  // The lifetime of five minutes is Anthropic's own: what another seller makes of it is the core's to say.
  const totals = await page.locator(".scenario-table .sum td").allTextContents();
  assert.deepEqual(totals, bills.map((bill) => (bill.totals.per_month === null ? "unknown" : shown(bill.totals.per_month))));
  await unfold(page, "caching");
  await page.selectOption("#in-caching", "automatic");
  await settle(page);
  bills[1] = cli("estimate", with_(second, { caching: "automatic" }));
  assert.deepEqual(await page.locator(".scenario-table .sum td").allTextContents(), bills.map((bill) => shown(bill.totals.per_month)));
  const less = bills[0].totals.per_month - bills[1].totals.per_month;
  const [, against] = await page.locator(".scenario-table tr", { hasText: "Against the first" }).locator("td").allTextContents();
  assert.equal(against, `−${shown(less)}${Math.round((1 - bills[1].totals.per_month / bills[0].totals.per_month) * 100)}% cheaper`);
  const differing = await page.locator(".scenario-table tbody tr").evaluateAll((all) => all.map((row) => row.querySelector("th")?.firstChild.textContent));
  for (const label of ["Model", "Prefix cache"]) assert.ok(differing.includes(label), label);
  assert.ok(!differing.includes("Prompt"), "what is the same is left out");

  await page.locator("#scenario-1").fill("Small model");
  await page.locator("#scenario-1").press("Enter");
  await settle(page);
  await page.waitForTimeout(900);
  const other = await open(t, { path: new URL(page.url()).hash });
  await other.waitForSelector(".scenario-table");
  assert.deepEqual(await other.locator(".scenarios .chip").allTextContents(), ["Support chatbot", "Small model"]);
  assert.equal(await other.locator('.scenarios .chip[aria-pressed="true"]').textContent(), "Small model");
  assert.equal(await headline(other), await headline(page));
  await page.locator('[data-do="scenario-remove"]').first().click();
  await settle(page);
  assert.equal(await page.locator(".scenario-table thead .scenario-name").count(), 1);
  await page.click('[data-do="undo"]');
  await settle(page);
  assert.equal(await page.locator(".scenario-table thead .scenario-name").count(), 2);
  for (let i = 0; i < 4; i += 1) await page.locator(".scenarios [data-do='scenario-add']").click();
  await settle(page);
  assert.equal(await page.locator(".scenario-table thead .scenario-name").count(), 6);
  assert.ok(await page.locator(".scenarios [data-do='scenario-add']").isDisabled());
});

test("2: parts of a link that are not known are told and stay in the link", async (t) => {
  const page = await open(t);
  const pack = (state) => page.evaluate(async (text) => {
    const packed = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")));
    return btoa(String.fromCharCode(...new Uint8Array(await packed.arrayBuffer()))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }, JSON.stringify(state));
  const packed = await pack({ scenario: { ...presetOf("chatbot"), name: "Mine" }, others: [with_(presetOf("agent"), { no_such_input: 3 })], at: 1, notes: "of a later version" });
  const other = await open(t, { path: `#1${packed}` });
  const told = await other.locator("#status").textContent();
  assert.match(told, /also holds notes/);
  assert.match(told, /no_such_input/);
  assert.deepEqual(await other.locator(".scenarios .chip").allTextContents(), ["Research agent", "Mine"]);
  assert.equal(await headline(other), await headline(page));
  await type(other, "#in-output_tokens", "310");
  await other.waitForTimeout(900);
  const again = await open(t, { path: new URL(other.url()).hash });
  assert.match(await again.locator("#status").textContent(), /also holds notes/);
});

test("6: each saving alone, on top and as a fair share, as the command line has them; a switch is one step of undo", async (t) => {
  const page = await open(t);
  await openSection(page, "savings", ".levers");
  const rows = () => page.locator(".levers tbody tr").evaluateAll((all) => all.map((row) => [row.querySelector(".switch").textContent,
    row.querySelector(".switch").getAttribute("aria-checked") === "true", ...[...row.querySelectorAll("td.amount")].map((cell) => cell.textContent)]));
  const expected = (levers) => levers.levers.filter((lever) => lever.applicable).map((lever) =>
    [lever.label, lever.on, ...[lever.alone_usd, lever.on_top_usd, lever.fair_usd].map((v) => (v === null ? "unknown" : v < 0 ? `costs ${amount(-v)} more` : amount(v)))]);
  const levers = cli("levers", presetOf("chatbot"));
  assert.deepEqual(await rows(), expected(levers));
  const conflicts = await page.locator(".levers .conflict").allTextContents();
  assert.equal(conflicts.length, levers.levers.filter((lever) => lever.applicable).flatMap((lever) => lever.conflicts).length);
  assert.equal(await page.locator(".savings .reasons tbody tr").count(), levers.levers.filter((lever) => !lever.applicable).length);
  const before = await headline(page);
  await page.click('.switch[data-arg="trimming"]');
  await settle(page);
  const trimmed = with_(presetOf("chatbot"), { prompt_trim_ratio: 0.3 });
  assert.equal(await headline(page), whole.format(cli("estimate", trimmed).totals.per_month));
  const now = cli("levers", trimmed);
  assert.deepEqual(await rows(), expected(now));
  // The steps: from without to now, and their shares add up.
  const steps = await page.locator(".steps tbody tr").evaluateAll((all) => all.map((row) => row.querySelector(".amount").textContent));
  assert.equal(steps[0], amount(now.without_usd));
  assert.equal(steps.at(-1), amount(now.now_usd));
  const shares = now.levers.filter((lever) => lever.on).map((lever) => lever.fair_usd);
  assert.deepEqual(steps.slice(1, -1), shares.map((share) => `−${amount(share)}`));
  assert.ok(Math.abs(shares.reduce((sum, share) => sum - share, now.without_usd) - now.now_usd) < 1e-6);
  await page.locator('.switch[data-arg="trimming"]').focus();
  await page.keyboard.press("Control+z");
  await settle(page);
  assert.equal(await headline(page), before);
  await page.click('.switch[data-arg="caching"]');
  await settle(page);
  assert.equal(await headline(page), whole.format(levers.without_usd), "switched off, the month is the one without any saving");
});

test("6: while a slider is dragged the savings wait, and once it rests they are those of its value", async (t) => {
  const page = await open(t);
  await openSection(page, "savings", ".levers");
  await page.locator("[data-do=slide][data-arg=prompt_tokens]").evaluate(async (slider) => {
    for (let i = 0; i < 8; i += 1) {
      slider.value = String(500 + 20 * i);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise(requestAnimationFrame);
    }
  });
  const prompt_tokens = Number((await value(page, "prompt_tokens")).replaceAll(",", ""));
  const levers = cli("levers", with_(presetOf("chatbot"), { prompt_tokens }));
  await page.waitForFunction((text) => document.querySelector(".steps tbody tr .amount")?.textContent === text, amount(levers.without_usd));
  assert.equal(await headline(page), whole.format(levers.now_usd));
});

test("1: on a narrow screen the sections follow the five inputs, and a search opens what is folded", async (t) => {
  const page = await open(t, { viewport: narrow });
  assert.equal(await page.locator("details.rest").evaluate((one) => one.open), false);
  await page.click("details.rest > summary");
  await page.fill("#find-input", "latency");
  await settle(page);
  await page.locator(".found").first().click();
  assert.ok(await page.evaluate(() => document.activeElement.id.startsWith("in-") && document.activeElement.closest("details.group").open));
  await openSection(page, "users", ".users");
  const doors = [...new Set(await page.locator(".users .door").evaluateAll((all) => all.map((one) => one.dataset.arg)))];
  assert.ok(doors.length >= 5, String(doors.length));
  for (const id of doors) {
    await page.locator(`.users .door[data-arg="${id}"]`).first().evaluate((one) => one.click());
    await settle(page);
    assert.equal(await page.locator(".drawer-value").count(), 1, id);
    assert.notEqual(await page.locator(".drawer-value").textContent(), "unknown", id);
  }
});

test("6: a section whose code cannot be loaded says so, the rest works, and opening it again helps", async (t) => {
  let there = false;
  const page = await open(t, { route: ["**/chunk-savings*", (route) => (there ? route.continue() : route.abort())] });
  await page.click("#tab-savings");
  await page.waitForFunction(() => /could not be loaded/.test(document.getElementById("body-savings").textContent));
  await page.click("#tab-bill");
  there = true;
  await openSection(page, "savings", ".levers");
});

test("9: what one of each costs, the margin, and the prices that cover and that leave the margin", async (t) => {
  const page = await open(t);
  await openSection(page, "users", ".users");
  const bill = cli("estimate", presetOf("chatbot"));
  assert.match(await page.locator(".unit-figure").textContent(), new RegExp(`^${cents.format(figureOf(bill, "total_per_conversation")).slice(0, 4)}`));
  await page.click('.users .chip[data-arg="total_per_user"]');
  await settle(page);
  assert.match(await page.locator(".unit-figure").textContent(), /unknown.*active users/);
  await type(page, "#per-active_users", "4000");
  await type(page, "#per-price_usd", "8");
  const scenario = with_(presetOf("chatbot"), { active_users: 4000, price_usd: 8 });
  const sold = cli("estimate", scenario);
  const figure = (id) => figureOf(sold, id);
  assert.equal(await page.locator(".unit-figure b").textContent(), shown(figure("total_per_user")));
  const [margin] = numbers(await page.locator(".verdict").allTextContents());
  assert.equal(margin, `A margin of ${Math.round(figure("margin_ratio") * 100)}%: ${shown(figure("profit_per_month"))} USD of ${shown(figure("revenue_per_month"))} USD a month remain.`);
  const priced = await page.locator(".users .facts").first().locator("b").allTextContents();
  assert.deepEqual(priced, [`${shown(figure("break_even_price_usd"))} USD`, `${shown(figure("target_price_usd"))} USD`]);
  const spread = await page.locator(".spread .door").allTextContents();
  assert.deepEqual(spread, ["total_per_light_user", "total_per_user", "total_per_heavy_user"].map((id) => amount(figure(id))));
  await type(page, "#per-price_usd", "1");
  assert.match(await page.locator(".verdict").textContent(), /A loss of .* are missing/);
  await page.locator('[data-do="take-value"][data-arg="price_usd"]').last().click();
  await settle(page);
  assert.match(await page.locator(".verdict").textContent(), /A margin of 70%/);
  for (const id of ["first_visible_seconds", "peak_tokens_per_minute"]) {
    await page.locator(`.users .door[data-arg="${id}"]`).click();
    await settle(page);
    assert.equal(await page.locator(".drawer-value").count(), 1, id);
  }
});

test("9: backwards, each limit is the command line's, keeps the margin when taken over, and the next larger value does not", async (t) => {
  const page = await open(t);
  await openSection(page, "users", ".users");
  const scenario = with_(presetOf("chatbot"), { active_users: 4000, price_usd: 12, target_margin_ratio: 0.6 });
  await page.click('.users .chip[data-arg="total_per_user"]');
  await settle(page);
  await type(page, "#per-active_users", "4000");
  await type(page, "#per-price_usd", "12");
  await type(page, "#per-target_margin_ratio", "60");
  const affordable = figureOf(cli("estimate", scenario), "affordable_usd_per_month");
  for (const id of ["prompt_tokens", "turns_per_conversation", "output_tokens"]) {
    const solved = cli("solve", scenario, "--parameter", id, "--figure", "total", "--at-most", String(affordable));
    assert.equal(solved.status, "found", id);
    const button = page.locator(`.limits [data-arg="${id}"]`);
    const taken = Number(await button.getAttribute("data-value"));
    assert.ok(taken <= solved.value && taken > solved.value * 0.99, `${id}: ${taken} of ${solved.value}`);
    await button.click();
    await settle(page);
    const after = cli("estimate", with_(scenario, { [id]: taken }));
    assert.equal(await headline(page), whole.format(after.totals.per_month), id);
    assert.ok(after.totals.per_month <= affordable, `${id}: ${after.totals.per_month} is above ${affordable}`);
    assert.ok(cli("estimate", with_(scenario, { [id]: Math.ceil(solved.value * 1.02) + 1 })).totals.per_month > affordable, `${id}: more would do`);
    await page.click('[data-do="undo"]');
    await settle(page);
  }
  const able = cli("compare", scenario).models.filter((model) => model.status === "ok");
  const within = able.filter((model) => model.usd_per_month <= affordable);
  assert.match(await page.locator(".limits .part td").textContent(), new RegExp(`^${within.length} of ${able.length} `));
  const names = await page.locator('.limits [data-do="use-model"]').evaluateAll((all) => all.map((one) => one.dataset.arg));
  assert.equal(names[0], within.at(-1).key);
});

test("axe finds nothing and nothing scrolls sideways in the sections of these questions", async (t) => {
  for (const [viewport, colorScheme] of [[wide, "light"], [wide, "dark"], [narrow, "light"], [narrow, "dark"], [{ width: 320, height: 800 }, "light"]]) {
    const page = await open(t, { viewport, colorScheme });
    await page.click('[data-do="scenario-add"]');
    await type(page, "#in-output_tokens", "600");
    await page.locator("details.rest, details.group, details.resting").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
    await type(page, "#in-active_users", "4000");
    await type(page, "#in-price_usd", "9");
    for (const [section, part] of [["savings", ".levers"], ["users", ".limits"], ["scenarios", ".scenario-table"]]) {
      await openSection(page, section, part);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${viewport.width} px, ${section}: ${over} px too wide`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]), [], `${viewport.width} ${colorScheme} ${section}`);
    }
  }
});
