// The widget as host pages embed it: another origin, sandboxed, under a strict policy. Figures are compared with the command line's.
import assert from "node:assert/strict";
import test from "node:test";
import { screenshots } from "./support/browser.mjs";
import { alone, amount, axe, cli, frames, hosts, month, open, packed, presets, ready, scenarioOf, settle, short, site, told, whole } from "./support/widgets.mjs";

test("under a strict policy embed.js upgrades the element; the link inside gives way to the frame", async (t) => {
  const page = await open(t, `${hosts.url}element.html`);
  const [frame] = await ready(page);
  assert.equal(await month(frame), "15,000");
  const element = page.locator("tokenbill-widget");
  const attributes = await element.evaluate((one) => Object.fromEntries([...one.shadowRoot.querySelector("iframe").attributes].map(({ name, value }) => [name, value])));
  assert.equal(attributes.sandbox, "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads");
  assert.equal(attributes.allow, "clipboard-write");
  assert.equal(attributes.referrerpolicy, "no-referrer");
  assert.equal(attributes.loading, "lazy");
  assert.equal(attributes.title, "LLM cost: What this costs, in Tokenbill");
  assert.equal(await page.locator("tokenbill-widget a").isVisible(), false);
  await page.screenshot({ path: `${screenshots}/widget-host-strict.png` });
});

test("without the script the element is its link", async (t) => {
  const page = await open(t, `${hosts.url}element.html`, { route: ["**/embed.js", (route) => route.fulfill({ status: 404 })] });
  assert.ok(await page.locator("tokenbill-widget a").isVisible());
});

test("the host hears the command line's figures, bit for bit, and the link leads to the same scenario", async (t) => {
  const page = await open(t, `${hosts.url}element.html`);
  for (const id of ["chatbot", "retrieval", "agent"]) {
    await page.locator("tokenbill-widget").evaluate((one, preset) => one.setAttribute("preset", preset), id);
    await page.waitForFunction((name) => told.some((one) => one.detail?.scenario?.name === name), scenarioOf(id).name);
    const { detail } = await page.evaluate(() => told.findLast((one) => one.name === "tokenbill:change"));
    const bill = cli("estimate", scenarioOf(id));
    assert.equal(detail.usd_per_month, bill.totals.per_month);
    assert.equal(detail.usd_per_request, bill.totals.per_request);
    assert.equal(detail.prices_as_of, bill.prices_as_of);
    assert.equal(await month(frames(page)[0]), amount(bill.totals.per_month));
    const full = await open(t, detail.link);
    await full.waitForSelector("html[data-ready]");
    assert.equal(await full.locator("#headline .big-number").textContent(), amount(bill.totals.per_month));
  }
});

test("the models are the command line's cheapest among those of the short list", async (t) => {
  const page = await alone(t, "#preset=chatbot");
  const known = new Set(short.providers.flatMap((provider) => provider.models.map((model) => `${provider.id}/${model.id}`)));
  const able = cli("compare", scenarioOf("chatbot")).models.filter((model) => model.status === "ok" && known.has(model.key));
  const own = able.find((model) => model.key === scenarioOf("chatbot").model);
  const expected = [...able.slice(0, 4), own].map((model) => [model.name, amount(model.usd_per_month)]);
  const rows = await page.locator(".w-models li").evaluateAll((all) => all.map((row) => [row.querySelector(".w-name").textContent, row.querySelector(".door").textContent]));
  assert.deepEqual(rows, expected);
});

test("a model outside the short list, or an older day, is priced by the whole list", async (t) => {
  const known = new Set(short.providers.flatMap((provider) => provider.models.map((model) => `${provider.id}/${model.id}`)));
  const key = cli("compare", scenarioOf("chatbot")).models.find((model) => model.status === "ok" && !known.has(model.key)).key;
  for (const scenario of [{ ...scenarioOf("chatbot"), model: key }, { ...scenarioOf("article"), date: "2024-09-01" }]) {
    const page = await alone(t, packed({ scenario }));
    assert.equal(await month(page), amount(cli("estimate", scenario).totals.per_month));
    assert.ok(page.requests.some((url) => url.endsWith("/pricing-v1.json")));
    assert.deepEqual(await told(page), []);
  }
});

test("the plain snippet works in its sandbox: nothing is stored, nobody else is asked, five requests", async (t) => {
  const page = await open(t, `${hosts.url}snippet.html`);
  const [frame] = await ready(page);
  assert.equal(await frame.evaluate(() => { try { return localStorage.length; } catch { return "refused"; } }), "refused");
  assert.equal(await month(frame), amount(cli("estimate", scenarioOf("chatbot")).totals.per_month));
  const origins = [site.url, hosts.url];
  assert.deepEqual(page.requests.filter((url) => !origins.some((origin) => url.startsWith(origin)) && !url.startsWith("data:")), []);
  const asked = page.requests.filter((url) => url.startsWith(site.url)).map((url) => url.slice(site.url.length).split("#")[0]);
  assert.deepEqual(asked.sort(), ["core.wasm", "embed/v1/", "pricing-embed-v1.json", "widget.css", "widget.js"]);
});

test("by itself, where storage is allowed, it stores nothing", async (t) => {
  const page = await alone(t, "#preset=agent&theme=dark");
  await page.locator('[data-do="step"]').first().click();
  await settle(page);
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie,
    (await indexedDB.databases()).length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]);
  assert.deepEqual(kept, [0, 0, "", 0, 0, 0]);
});

test("the height is told and applied, and changes only between closed and explained", async (t) => {
  const page = await open(t, `${hosts.url}element.html`);
  const [frame] = await ready(page);
  const heights = () => page.evaluate(() => heard.filter(({ data }) => data?.type === "tokenbill:height").map(({ data }) => data.height));
  const applied = () => page.locator("tokenbill-widget").evaluate((one) => one.shadowRoot.querySelector("iframe").getBoundingClientRect().height);
  const closed = (await heights()).at(-1);
  assert.equal(await applied(), closed);
  assert.equal(await frame.evaluate(() => document.documentElement.scrollHeight - innerHeight), 0, "nothing to scroll inside");
  const slider = frame.locator("[data-do=slide]");
  for (const position of [100, 400, 900, 650]) {
    await slider.evaluate((one, value) => { one.value = value; one.dispatchEvent(new Event("input", { bubbles: true })); }, String(position));
    await settle(frame);
  }
  assert.deepEqual(await heights(), [closed], "a slider moves nothing");
  await frame.locator(".big .door").click();
  await page.waitForFunction(() => heard.filter(({ data }) => data?.type === "tokenbill:height").length === 2);
  const explained = await applied();
  await frame.locator(".w-explain .use-line").first().click();
  await settle(frame);
  await frame.locator(".w-explain [data-do=back]").click();
  await frame.locator(".w-explain [data-do=close]").click();
  await page.waitForFunction(() => heard.filter(({ data }) => data?.type === "tokenbill:height").length === 3);
  assert.deepEqual(await heights(), [closed, explained, closed]);
  const embedly = await page.evaluate(() => heard.filter(({ data }) => typeof data === "string").map(({ data }) => JSON.parse(data)));
  assert.deepEqual(embedly.map(({ context, height }) => [context, height]), [closed, explained, closed].map((height) => ["iframe.resize", height]));
});

test("a host that answers every height with another width does not make it swing for ever", async (t) => {
  const page = await open(t, `${hosts.url}nagging.html`);
  await ready(page);
  const count = () => page.evaluate(() => heard.filter(({ data }) => data?.type === "tokenbill:height").length);
  let last = -1;
  for (let second = 0; second < 30 && (await count()) !== last; second += 1) {
    last = await count();
    await page.waitForTimeout(2500);
  }
  assert.equal(await count(), last, "it has come to rest");
  // Three times 20 on an idle machine; a test machine may stall, which looks like a rest.
  assert.ok(last <= 200, `${last} heights`);
});

test("commands pass over the channel; a scenario is checked by the core", async (t) => {
  const page = await open(t, `${hosts.url}element.html`);
  const [frame] = await ready(page);
  const element = page.locator("tokenbill-widget");
  await element.evaluate((one) => one.setAttribute("theme", "dark"));
  await frame.waitForSelector("html[data-theme=dark]");
  await element.evaluate((one, scenario) => one.setScenario(scenario), scenarioOf("agent"));
  await frame.waitForFunction(() => document.querySelector(".w-title").textContent.startsWith("Research agent"));
  assert.equal(await month(frame), amount(cli("estimate", scenarioOf("agent")).totals.per_month));
  await element.evaluate((one) => one.setScenario({ format: "tokenbill-scenario/1", model: "openai/gpt-4o", parameters: { promt_tokens: 5, output_tokens: 700 } }));
  await page.waitForFunction(() => told.some((one) => one.name === "tokenbill:error"));
  const { detail } = await page.evaluate(() => told.find((one) => one.name === "tokenbill:error"));
  assert.match(detail.message, /promt_tokens/);
  // What is sound is taken.
  await page.waitForFunction(() => told.findLast((one) => one.name === "tokenbill:change").detail.scenario.parameters.output_tokens === 700);
  const before = await month(frame);
  await element.evaluate((one) => one.setScenario("<img src=x onerror=alert(1)>"));
  await page.waitForFunction(() => told.filter((one) => one.name === "tokenbill:error").length >= 2);
  assert.equal(await month(frame), before);
  assert.equal(await frame.locator("img").count(), 0);
});

test("messages from elsewhere are ignored on both sides", async (t) => {
  const page = await open(t, `${hosts.url}element.html`);
  const [frame] = await ready(page);
  const height = () => page.locator("tokenbill-widget").evaluate((one) => one.shadowRoot.querySelector("iframe").height);
  const before = [await height(), await month(frame)];
  await page.evaluate(() => {
    postMessage({ type: "tokenbill:height", height: 3333 }, "*");
    document.body.append(document.createElement("iframe"));
  });
  const stranger = page.frames().find((one) => one !== page.mainFrame() && one !== frame);
  // Another frame of the host: to the host it is not the widget, to the widget it is not the host.
  await stranger.evaluate((scenario) => {
    parent.postMessage({ type: "tokenbill:height", height: 3333 }, "*");
    const { port1, port2 } = new MessageChannel();
    window.answers = [];
    port1.onmessage = ({ data }) => window.answers.push(data);
    port1.postMessage({ type: "set-scenario", scenario });
    parent.frames[0].postMessage({ type: "tokenbill:connect", version: 1 }, "*", [port2]);
  }, scenarioOf("agent"));
  await page.waitForTimeout(500);
  assert.deepEqual([await height(), await month(frame)], before);
  assert.deepEqual(await stranger.evaluate(() => window.answers), []);
});

test("three widgets on a page keep to themselves", async (t) => {
  const page = await open(t, `${hosts.url}three.html`, { viewport: { width: 1200, height: 900 } });
  await ready(page, 3);
  const names = ["chatbot", "retrieval", "agent"];
  const shown = await Promise.all(frames(page).map(async (frame) => [await frame.locator(".w-title").textContent(), await month(frame)]));
  assert.deepEqual(shown.map(([, number]) => number).sort(), names.map((id) => amount(cli("estimate", scenarioOf(id)).totals.per_month)).sort());
  const heights = await page.locator("tokenbill-widget").evaluateAll((all) => all.map((one) => one.shadowRoot.querySelector("iframe").height));
  assert.ok(heights[1] > heights[0] && heights[0] > heights[2], `three inputs, two, none: ${heights}`);
  const agent = frames(page).find((frame) => frame.url().includes("preset=agent"));
  assert.equal(await agent.locator("input, select").count(), 0, "readonly");
  await page.screenshot({ path: `${screenshots}/widget-three.png`, fullPage: true });
});

test("missing or broken prices are told in a sentence; Retry helps once they are back", async (t) => {
  for (const [name, broken, words] of [
    ["missing", (route) => route.fulfill({ status: 404, headers: { "Access-Control-Allow-Origin": "*" } }), /did not arrive.*404/],
    ["corrupt", (route) => route.fulfill({ body: '{"format": "tokenbill-prices/1", "as_of": }', headers: { "Access-Control-Allow-Origin": "*" } }), /cannot be read.*column|cannot be read.*:1:/],
    ["silent", (route) => route.abort(), /did not answer/],
  ]) {
    let there = false;
    const page = await open(t, `${hosts.url}element.html`, { route: ["**/pricing-embed-v1.json", (route) => (there ? route.continue() : broken(route))] });
    const [frame] = await ready(page);
    assert.match((await told(frame)).join(), words, name);
    assert.equal(await frame.locator(".big-number").count(), 0, "no figure without prices");
    assert.match(await page.evaluate(() => told.find((one) => one.name === "tokenbill:error").detail.message), words);
    await page.screenshot({ path: `${screenshots}/widget-prices-${name}.png` });
    there = true;
    await frame.locator('[data-do="retry"]').click();
    await frame.waitForSelector(".big-number");
    assert.equal(await month(frame), "15,000");
  }
});

test("a bad fragment gives the default and one sentence; unknown parameters are ignored", async (t) => {
  const usual = amount(cli("estimate", presets[0].scenario).totals.per_month);
  for (const [fragment, words] of [
    ["#1broken", /damaged/], ["#2abc", /newer version/], ["#hello", /not one of Tokenbill/], ["#preset=nothing", /no example.*nothing/],
    ["#preset=chatbot&controls=everything", /no input.*everything/], ["#preset=chatbot&controls=currency_code", /no input.*currency_code/],
  ]) {
    const page = await alone(t, fragment);
    const sentences = await told(page);
    assert.equal(sentences.length, 1, fragment);
    assert.match(sentences[0], words);
    assert.equal(await month(page), usual, fragment);
  }
  const host = await open(t, `${hosts.url}element.html`);
  await ready(host);
  await host.locator("tokenbill-widget").evaluate((one) => {
    const other = one.cloneNode(true);
    other.setAttribute("src", "https://elsewhere.example/page#1broken");
    one.replaceWith(other);
  });
  await host.waitForFunction(() => told.some((one) => one.name === "tokenbill:error"));
  assert.match(await host.evaluate(() => told.find((one) => one.name === "tokenbill:error").detail.message), /damaged/);
  assert.ok(frames(host)[0].url().startsWith(site.url), "the frame is the script's own");
  const page = await alone(t, "#density=low&lang=%2F%2F&preset=article&theme=plaid&accent=url(x)&currency=&frames=3");
  assert.deepEqual(await told(page), []);
  assert.equal(await month(page), "15,000");
});

test("an unknown price is the word, not a number", async (t) => {
  const models = whole.providers.flatMap((p) => p.models.filter((m) => m.kind === "chat" && m.prices.every((row) => row.usd_per_mtok?.output === undefined)).map((m) => `${p.id}/${m.id}`));
  const scenario = { ...scenarioOf("article"), model: models[0] ?? "openai/gpt-99" };
  const page = await alone(t, packed({ scenario }));
  assert.equal(await month(page), "unknown");
  assert.ok((await page.locator(".problem").textContent()).length > 10);
  await page.screenshot({ path: `${screenshots}/widget-unknown.png` });
});

test("numbers are typed as people write them, and more models can be asked for", async (t) => {
  const page = await alone(t, "#preset=article");
  const field = page.locator("#in-conversations_per_day");
  await field.fill("20k");
  await field.press("Enter");
  await settle(page);
  assert.equal(await field.inputValue(), "20,000");
  assert.equal(await month(page), "30,000");
  await field.fill("lots");
  await field.press("Tab");
  await settle(page);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.match(await page.locator(`#${await field.getAttribute("aria-describedby")}`).textContent(), /number/);
  const few = await page.locator("#in-model option").count();
  await page.selectOption("#in-model", "*");
  await page.waitForFunction((few) => document.querySelectorAll("#in-model option").length > few, few);
  assert.equal(await page.locator("#in-model").inputValue(), "openai/gpt-4o");
  assert.match(await page.locator("#models-title").textContent(), /^The cheapest of \d+ models/);
  await page.selectOption("#in-model", "anthropic/claude-haiku-4-5");
  await settle(page);
  const scenario = { ...scenarioOf("article"), model: "anthropic/claude-haiku-4-5", parameters: { ...scenarioOf("article").parameters, conversations_per_day: 20000 } };
  assert.equal(await month(page), amount(cli("estimate", scenario).totals.per_month));
});

test("a figure explains itself inside, by keyboard too", async (t) => {
  const page = await alone(t, "#preset=chatbot");
  const door = page.locator(".legend .door").first();
  await door.focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "explain-title");
  assert.match(await page.locator(".w-explain .formula").textContent(), /×/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".w-explain").count(), 0);
  assert.ok(await door.evaluate((one) => one === document.activeElement), "the figure has the focus again");
});

test("an accent too pale or too dark to read is moved towards the ink", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const accent of ["ffee00", "101010", "7b2ff7"]) {
      const page = await alone(t, `#accent=${accent}`, { colorScheme });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ["color-contrast"] }));
      assert.deepEqual(violations.map(({ nodes }) => nodes.map((node) => node.failureSummary)), [], `${accent} ${colorScheme}`);
    }
  }
});

test("axe finds nothing, and nothing is too wide: widths, themes, closed and explained", async (t) => {
  for (const width of [320, 420, 520, 720]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await alone(t, "#preset=retrieval&controls=conversations_per_day,model,caching", { width, height: 900, colorScheme });
      const check = async (what) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]), [], `${width} ${colorScheme} ${what}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `${width} ${what}: ${over} px too wide`);
        await page.screenshot({ path: `${screenshots}/widget-${width}-${colorScheme}-${what}.png` });
      };
      await check("closed");
      await page.locator(".w-models .door").first().click();
      await settle(page);
      await check("explained");
    }
  }
});

test("a dark host gets a dark widget: by the address on a light system, by the system otherwise", async (t) => {
  const page = await open(t, `${hosts.url}dark.html`);
  const [frame] = await ready(page);
  const ground = (one) => one.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(await ground(frame), "rgb(20, 22, 26)");
  await page.screenshot({ path: `${screenshots}/widget-host-dark.png` });
  const automatic = await alone(t, "", { colorScheme: "dark" });
  assert.equal(await ground(automatic), "rgb(20, 22, 26)");
  const forced = await alone(t, "#theme=light", { colorScheme: "dark" });
  assert.equal(await ground(forced), "rgb(251, 250, 247)");
});
