// What an author of a page may ask of the widget (address, language, currency, spacing, copying) and what hosts do to it: slow prices, no
// storage, right to left, print. Then what stands in for it where frames are not allowed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import test from "node:test";
import * as esbuild from "esbuild";
import { root, screenshots, serve } from "./support/browser.mjs";
import { alone, amount, axe, cli, folder, frames, hosts, month, open, packed, presets, ready, scenarioOf, settle, site, told, values, whole } from "./support/widgets.mjs";

const heightsOf = (page) => page.evaluate(() => heard.filter(({ data }) => data?.type === "tokenbill:height").map(({ data }) => data.height));
const figure = (bill, id) => bill.figures.find((one) => one.id === id).value;
const german = new Intl.NumberFormat("de", { maximumFractionDigits: 0 });
const box = (frame) => frame.evaluate(() => document.getElementById("widget").getBoundingClientRect().height);

// Addresses

test("the widget answers at both addresses, under any path, and in a copied folder", async (t) => {
  const parent = mkdtempSync(join(tmpdir(), "tokenbill-path-"));
  cpSync(folder, join(parent, "some/path"), { recursive: true });
  cpSync(folder, join(parent, "some/path/embed/v1.2.3"), { recursive: true });
  const server = await serve(parent);
  t.after(async () => {
    await server.close();
    rmSync(parent, { recursive: true });
  });
  for (const address of ["some/path/embed/v1/", "some/path/widget.html", "some/path/embed/v1.2.3/embed/v1/"]) {
    const page = await open(t, `${server.url}${address}#preset=article`);
    await page.waitForSelector(".big-number");
    assert.equal(await month(page), "15,000", address);
    const full = await page.locator(".w-foot a").getAttribute("href");
    const [, base] = /^(.*)(embed\/v1\/|widget\.html)$/.exec(address);
    assert.ok(full.startsWith(`${server.url}${base}index.html#1`), full);
    assert.ok(page.requests.every((url) => url.startsWith(`${server.url}${base}`) || url.startsWith("data:")), page.requests.join(" "));
  }
});

test("what the widget really loads, cold: at most five files and 210 KB packed, at its lasting address and at the old one", async (t) => {
  for (const address of ["embed/v1/", "widget.html"]) {
    const page = await open(t, `${site.url}${address}#preset=agent`);
    await page.waitForSelector(".big-number");
    const asked = [...new Set(page.requests.filter((url) => !url.startsWith("data:")).map((url) => url.slice(site.url.length).split("#")[0]))];
    assert.ok(asked.length <= 5, asked.join(" "));
    const bytes = asked.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name.endsWith("/") ? `${name}index.html` : name)), { level: 9 }).length, 0);
    assert.ok(bytes <= 210_000, `${bytes} bytes`);
  }
});

test("no rule that the widget or the builder page uses was left out of its styles", async (t) => {
  const selectors = (page, css) => page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const found = [];
    const walk = (rules) => {
      for (const rule of rules) {
        if (rule.selectorText) found.push(...rule.selectorText.split(/,(?![^()]*\))/).map((one) => one.trim()));
        else if (rule.cssRules) walk(rule.cssRules);
      }
    };
    walk(sheet.cssRules);
    return found;
  }, css);
  const bundled = async (name) => (await esbuild.build({ absWorkingDir: root, entryPoints: [`site/${name}`], bundle: true, minify: true, write: false })).outputFiles[0].text;
  const missing = async (page, name) => {
    const kept = new Set(await selectors(page, readFileSync(join(folder, name), "utf8")));
    const left_out = (await selectors(page, await bundled(name))).filter((one) => !kept.has(one));
    assert.ok(left_out.length > 100, `${name}: ${left_out.length} left out`);
    return () => page.evaluate((list) => list.map((one) => one.replace(/:(hover|focus|focus-visible|focus-within|active|enabled|disabled|target)\b|::[\w-]+/g, "") || "*")
      .filter((one) => document.querySelector(one)), left_out);
  };
  const page = await alone(t, "#preset=chatbot&controls=conversations_per_day,model,caching&currency=EUR&rate=2");
  const met = await missing(page, "widget.css");
  assert.deepEqual(await met(), [], "closed");
  await page.locator("#in-conversations_per_day").fill("lots");
  await page.locator(".big .door").click();
  await page.locator(".w-explain .use-line").first().click();
  await settle(page);
  assert.deepEqual(await met(), [], "explained");
  await page.locator('[data-arg="table"]').click();
  await page.waitForSelector("#to-copy");
  assert.deepEqual(await met(), [], "to copy");
  const own = await open(t, `${site.url}embed.html`);
  await own.waitForSelector("[data-live]");
  assert.deepEqual(await (await missing(own, "builder.css"))(), [], "builder");
});

// Language

test("lang=de: German sentences, numbers and dates; the language is the document's", async (t) => {
  const page = await alone(t, "#preset=chatbot&lang=de");
  const bill = cli("estimate", scenarioOf("chatbot"));
  assert.equal(await month(page), german.format(bill.totals.per_month));
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  assert.match(await page.locator(".big").textContent(), /USD im Monat/);
  assert.equal(await page.locator('label[for="in-conversations_per_day"]').textContent(), "Gespräche am Tag");
  assert.match(await page.locator("#models-title").textContent(), /^Günstigste von \d+ bekannten Modellen/);
  assert.match(await page.locator(".w-foot").textContent(), /Preise vom \d{2}\.\d{2}\.\d{4}.*In Tokenbill öffnen/);
  const field = page.locator("#in-conversations_per_day");
  await field.fill("12.500,5");
  await field.press("Enter");
  await settle(page);
  assert.equal(await field.inputValue(), "12.500,5", "read and written the German way");
  assert.doesNotMatch(await page.locator(".w").innerText(), /\b(the|a month|cheaper|Prices|Copy)\b/);
  await page.locator(".big .door").click();
  assert.equal(await page.locator(".w-explain-body").getAttribute("lang"), "en", "the core's words are English and say so");
  const broken = await alone(t, "#1broken&lang=de");
  assert.match((await told(broken)).join(), /lässt sich nicht lesen/);
});

test("a language without texts is English in that language's numbers; what is no language is ignored", async (t) => {
  const total = cli("estimate", scenarioOf("chatbot")).totals.per_month;
  const french = await alone(t, "#preset=chatbot&lang=fr-CH");
  assert.equal(await month(french), new Intl.NumberFormat("fr-CH", { maximumFractionDigits: 0 }).format(total));
  assert.equal(await french.evaluate(() => document.documentElement.lang), "en", "of the sentences, for those who hear them");
  assert.match(await french.locator(".big").textContent(), /USD a month/);
  for (const lang of ["nonsense-nonsense-nonsense", "__proto__", "x", ""]) {
    const page = await alone(t, `#preset=chatbot&lang=${lang}`);
    assert.equal(await month(page), amount(total), lang);
    assert.equal(await page.evaluate(() => document.documentElement.dir), "ltr");
  }
});

test("set-lang changes the language and keeps what the reader has set; so does the attribute", async (t) => {
  const page = await open(t, `${hosts.url}element.html`);
  const [frame] = await ready(page);
  const field = frame.locator("#in-conversations_per_day");
  await field.fill("20000");
  await field.press("Enter");
  await page.locator("tokenbill-widget").evaluate((one) => one.setAttribute("lang", "de"));
  await frame.waitForSelector('html[lang="de"]');
  await settle(frame);
  assert.equal(await month(frame), "30.000");
  assert.equal(await field.inputValue(), "20.000");
  await page.locator("tokenbill-widget").evaluate((one) => one.removeAttribute("lang"));
  await frame.waitForSelector('html[lang="en"]');
  await settle(frame);
  assert.equal(await month(frame), "30,000");
});

test("right to left: the frame's order turns, its English sentences do not, nothing is too wide, axe finds nothing", async (t) => {
  for (const width of [340, 760]) {
    const page = await open(t, `${hosts.url}rtl.html`, { viewport: { width, height: 900 } });
    const [frame] = await ready(page);
    assert.deepEqual(await frame.evaluate(() => [document.documentElement.dir, document.documentElement.lang]), ["rtl", "en"]);
    assert.match(await month(frame), /^[\d.,٬]+$/u, "in digits that the fields read");
    const [label, number] = await Promise.all(['label[for="in-conversations_per_day"]', "#in-conversations_per_day"].map((one) => frame.locator(one).boundingBox()));
    assert.ok(label.x > number.x, "the label stands on the right of its field");
    // The full stop of an English sentence stands at its right end.
    const stop = await frame.evaluate(() => {
      const { firstChild } = document.querySelector(".sentence");
      const at = (i) => { const range = document.createRange(); range.setStart(firstChild, i); range.setEnd(firstChild, i + 1); return range.getBoundingClientRect(); };
      return at(firstChild.length - 1).left >= at(firstChild.length - 2).left;
    });
    assert.ok(stop, "punctuation");
    assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width}`);
    await frame.evaluate(axe);
    const { violations } = await frame.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].failureSummary]), []);
    await page.screenshot({ path: `${screenshots}/widget-rtl-${width}.png` });
  }
});

// Currency

test("with a rate the month stands in the other currency, too: the core's figure, with rate and day", async (t) => {
  const page = await alone(t, "#preset=chatbot&currency=eur&rate=0.92&rate_date=2026-11-20");
  const scenario = { ...scenarioOf("chatbot"), parameters: { ...scenarioOf("chatbot").parameters, currency_code: "EUR", currency_rate: 0.92, currency_date: "2026-11-20" } };
  const bill = cli("estimate", scenario);
  assert.match(await page.locator(".in-currency").textContent(), new RegExp(`^${amount(figure(bill, "total_in_currency"))} EUR a month at 0\\.92 EUR for a US dollar, rate of Nov 20, 2026$`));
  assert.equal(await month(page), amount(bill.totals.per_month), "dollars stay the first number");
  await page.locator(".in-currency .door").click();
  assert.match(await page.locator(".w-explain").textContent(), /0\.92/);
  const full = await open(t, await page.locator(".w-foot a").getAttribute("href"));
  await full.waitForSelector("html[data-ready]");
  assert.match(await full.locator(".in-currency").textContent(), /EUR a month/);
});

test("a currency without a rate, or with one that is none, is told in a sentence; no amount is guessed", async (t) => {
  const own = { ...scenarioOf("chatbot"), parameters: { ...scenarioOf("chatbot").parameters, currency_code: "CHF", currency_rate: 0.8 } };
  const unrated = { ...own, parameters: { ...own.parameters, currency_rate: undefined } };
  for (const [fragment, words] of [
    ["#preset=chatbot&currency=EUR", /EUR need an exchange rate/],
    ["#preset=chatbot&currency=EUR&rate=much", /not EUR: .*number/i],
    ["#preset=chatbot&currency=EUR&rate=-1", /not EUR/],
    ["#preset=chatbot&currency=EUROS&rate=1", /three capital letters|currency/i],
    ["#preset=chatbot&currency=EUR&rate=0.9&rate_date=yesterday", /not EUR/],
    // The scenario's rate is one of francs.
    [`${packed({ scenario: own })}&currency=EUR`, /EUR need an exchange rate/],
    [packed({ scenario: unrated }), /CHF need an exchange rate/],
  ]) {
    const page = await alone(t, fragment);
    assert.match((await told(page)).join(), words, fragment);
    assert.equal(await page.locator(".in-currency").count(), 0, fragment);
    assert.equal(await month(page), amount(cli("estimate", scenarioOf("chatbot")).totals.per_month));
  }
  const franc = await alone(t, packed({ scenario: own }));
  assert.match(await franc.locator(".in-currency").textContent(), /CHF a month at 0\.8 CHF for a US dollar, rate as given/);
  assert.deepEqual(await told(franc), []);
  const dollars = await alone(t, `${packed({ scenario: own })}&currency=USD`);
  assert.equal(await dollars.locator(".in-currency").count(), 0);
  assert.deepEqual(await told(dollars), []);
});

test("a scenario that the host gives stays in the author's currency", async (t) => {
  values.pasted = '<tokenbill-widget preset="chatbot" currency="EUR" rate="0.5"><a href="#">Tokenbill</a></tokenbill-widget>'
    + `<script src="${site.url}embed.js" crossorigin defer></script>`;
  const page = await open(t, `${hosts.url}paste.html`);
  const [frame] = await ready(page);
  await page.locator("tokenbill-widget").evaluate((one, scenario) => one.setScenario(scenario), scenarioOf("article"));
  await frame.waitForFunction(() => document.querySelector(".big-number").textContent === "15,000");
  assert.match(await frame.locator(".in-currency").textContent(), /^7,500 EUR a month/);
});

// Spacing

test("compact is lower, shows the same, and axe finds nothing in it", async (t) => {
  for (const width of [320, 680]) {
    const [roomy, compact] = [await alone(t, "#preset=agent", { width }), await alone(t, "#preset=agent&density=compact", { width })];
    assert.ok((await box(compact)) < (await box(roomy)) - 50, `${await box(compact)} against ${await box(roomy)}`);
    const text = (page) => page.locator("#widget").innerText();
    assert.equal(await text(compact), await text(roomy));
    await compact.evaluate(axe);
    const { violations } = await compact.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].failureSummary]), []);
    await compact.screenshot({ path: `${screenshots}/widget-compact-${width}.png` });
  }
});

// Copying

test("link and table are copied where the browser allows it, from the sandbox as documented, too", async (t) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const bill = cli("estimate", scenarioOf("chatbot"));
  const page = await alone(t, "#preset=chatbot", { permissions });
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.locator('[data-arg="link"]').click();
  await page.waitForSelector("[data-on]");
  assert.equal(await clipboard(), await page.locator(".w-foot a").getAttribute("href"));
  assert.match(await page.locator("#announcer").textContent(), /link is copied/);
  await page.locator('[data-arg="table"]').click();
  await page.waitForSelector('[data-arg="table"] [data-on]');
  const table = await clipboard();
  assert.match(table, /^\*\*Support chatbot\*\* on Claude Sonnet 4\.6, prices as of /);
  const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  for (const item of bill.items.filter((one) => one.usd_per_month !== 0)) assert.ok(table.includes(`| ${item.label} | ${cents.format(item.usd_per_month)} |`), item.label);
  assert.ok(table.includes(`| **Total** | ${cents.format(bill.totals.per_month)} |`));
  // The sign goes once it would no longer be true.
  await page.locator('[data-do="step"]').first().click();
  await settle(page);
  assert.equal(await page.locator("[data-on]").count(), 0);

  const host = await open(t, `${hosts.url}snippet.html`, { permissions });
  const [frame] = await ready(host);
  await frame.locator('[data-arg="link"]').click();
  await frame.waitForSelector("[data-on], #to-copy");
  assert.equal(await frame.locator("#to-copy").count(), 0, "the documented frame may copy");
});

test("where the browser refuses, the text is selected, in the place and height of an explanation", async (t) => {
  const page = await open(t, `${hosts.url}element.html`, { script: () => Object.defineProperty(navigator, "clipboard", { value: undefined }) });
  const [frame] = await ready(page);
  await frame.locator(".big .door").click();
  await page.waitForFunction(() => heard.filter(({ data }) => data?.type === "tokenbill:height").length === 2);
  const [closed, explained] = await heightsOf(page);
  const button = frame.locator('[data-arg="table"]');
  await button.focus();
  await page.keyboard.press("Enter");
  await frame.waitForSelector("#to-copy");
  await settle(frame);
  const [selected, whole_text] = await frame.evaluate(() => {
    const field = document.getElementById("to-copy");
    return [field.value.slice(field.selectionStart, field.selectionEnd), field.value];
  });
  assert.ok(whole_text.includes("| **Total** | 15,000.00 |"), whole_text);
  assert.equal(selected, whole_text);
  assert.equal(await frame.evaluate(() => document.activeElement.id), "to-copy");
  await page.keyboard.press("Escape");
  await settle(frame);
  assert.equal(await frame.locator("#to-copy").count(), 0);
  assert.ok(await button.evaluate((one) => one === document.activeElement), "the button has the focus again");
  await page.waitForTimeout(300);
  assert.deepEqual([...new Set(await heightsOf(page))], [closed, explained]);
});

// What hosts and networks do

test("slow prices: the link stays until there is a figure, no figure stands before, none is zero", async (t) => {
  let release;
  const held = new Promise((done) => { release = done; });
  const page = await open(t, `${hosts.url}element.html`, { route: ["**/pricing-embed-v1.json", async (route) => { await held; await route.continue(); }] });
  await page.waitForFunction(() => document.querySelector("tokenbill-widget").shadowRoot !== null);
  await page.waitForTimeout(1500);
  assert.ok(await page.locator("tokenbill-widget a").isVisible());
  assert.equal(await page.evaluate(() => heard.length), 0, "it has told nothing yet");
  assert.equal(await frames(page)[0].locator(".big-number").count(), 0);
  release();
  const [frame] = await ready(page);
  assert.equal(await month(frame), "15,000");
  assert.equal(await page.locator("tokenbill-widget a").isVisible(), false);
});

test("where storage is blocked, nothing breaks: figures, inputs, explanation, copying", async (t) => {
  const block = () => {
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("refused", "SecurityError"); } });
    }
    Object.defineProperty(document, "cookie", { get() { throw new DOMException("refused", "SecurityError"); }, set() { throw new DOMException("refused", "SecurityError"); } });
    window.Worker = class { constructor() { throw new DOMException("refused", "SecurityError"); } };
  };
  const page = await alone(t, "#preset=article", { script: block });
  await page.locator('[data-do="step"]').last().click();
  await settle(page);
  assert.notEqual(await month(page), "15,000");
  await page.locator(".big .door").click();
  await page.locator('[data-arg="link"]').click();
  await page.waitForSelector("#to-copy, [data-on]");
  const builder = await open(t, `${site.url}embed.html`, { script: block });
  await builder.waitForSelector("[data-live]");
  await builder.check('input[name="theme"][value="dark"]');
  assert.match(await builder.locator("#b-element").inputValue(), /theme="dark"/);
});

test("a widget that follows the system is readable on a page that does not: dark page, light system and the other way round", async (t) => {
  for (const [colorScheme, body] of [["light", "dark"], ["dark", ""]]) {
    values.pasted = `<div class="${body}"><tokenbill-widget preset="article"><a href="#">Tokenbill</a></tokenbill-widget></div>`
      + `<script src="${site.url}embed.js" crossorigin defer></script>`;
    const page = await open(t, `${hosts.url}paste.html`, { colorScheme });
    const [frame] = await ready(page);
    const [ground, ink] = await frame.evaluate(() => [getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector(".big-number")).color]);
    assert.deepEqual([ground, ink], colorScheme === "dark" ? ["rgb(20, 22, 26)", "rgb(235, 232, 225)"] : ["rgb(251, 250, 247)", "rgb(21, 24, 28)"], "opaque ground, its own ink");
    await frame.evaluate(axe);
    const { violations } = await frame.evaluate(() => axe.run(document, { runOnly: ["color-contrast"] }));
    assert.deepEqual(violations, []);
    await page.screenshot({ path: `${screenshots}/widget-auto-${colorScheme}-system.png` });
  }
});

test("printed, a dark widget is dark ink on white, its figures and models stay, what can only be pressed goes", async (t) => {
  for (const [fragment, colorScheme] of [["#preset=chatbot&theme=dark&accent=ffcc00", "light"], ["#preset=chatbot", "dark"]]) {
    const page = await alone(t, fragment, { colorScheme });
    await page.emulateMedia({ media: "print", colorScheme });
    const colours = await page.evaluate(() => [getComputedStyle(document.documentElement).backgroundColor,
      ...[".big-number", ".w-name", ".w-foot", ".w-foot a"].map((one) => getComputedStyle(document.querySelector(one)).color)]);
    assert.deepEqual(colours, ["rgb(255, 255, 255)", "rgb(21, 24, 28)", "rgb(21, 24, 28)", "rgb(88, 92, 99)", "rgb(11, 90, 102)"]);
    assert.equal(await page.locator(".w-copy").isVisible(), false);
    assert.equal(await page.locator(".slide").first().isVisible(), false);
    assert.equal(await page.locator(".w-models li").first().isVisible(), true);
    await page.screenshot({ path: `${screenshots}/widget-print-${colorScheme}.png` });
  }
  const host = await open(t, `${hosts.url}dark.html`);
  await ready(host);
  assert.ok((await host.pdf()).length > 10_000);
});

test("the height never swings: one message for each change, none while nothing changes", async (t) => {
  const page = await open(t, `${hosts.url}element.html`);
  const [frame] = await ready(page);
  const element = page.locator("tokenbill-widget");
  const slider = frame.locator("[data-do=slide]");
  const changes = [
    () => slider.evaluate((one) => { one.value = "900"; one.dispatchEvent(new Event("input", { bubbles: true })); }),
    () => frame.locator(".w-models .door").first().click(),
    () => frame.locator('[data-do="close"]').click(),
    () => element.evaluate((one) => one.setAttribute("preset", "retrieval")),
    () => element.evaluate((one) => one.setAttribute("density", "compact")),
    () => element.evaluate((one) => one.setAttribute("lang", "de")),
    () => element.evaluate((one) => { one.style.width = "360px"; }),
    () => element.evaluate((one) => one.setAttribute("readonly", "")),
  ];
  for (const [i, change] of changes.entries()) {
    const before = (await heightsOf(page)).length;
    await change();
    await page.waitForTimeout(700);
    const after = (await heightsOf(page)).slice(before);
    // A changed fragment is first read, then priced: two heights at the most, and never one of them twice.
    assert.ok(after.length <= 2 && new Set(after).size === after.length, `change ${i}: ${after}`);
  }
  const rest = (await heightsOf(page)).length;
  await page.waitForTimeout(2500);
  assert.equal((await heightsOf(page)).length, rest, "at rest");
  const [told_last, applied, needed] = [(await heightsOf(page)).at(-1), await element.evaluate((one) => one.shadowRoot.querySelector("iframe").getBoundingClientRect().height), Math.ceil(await box(frame))];
  assert.deepEqual([told_last, applied], [needed, needed]);
});

// Where frames are not allowed

const examples = presets.map(({ id }) => id);
const stored = (name) => readFileSync(join(folder, "embed/v1", name), "utf8");

test("each example has a picture with its figures as text, in light and dark, that asks for nothing", async (t) => {
  const blank = await open(t, "about:blank");
  for (const id of examples) {
    const bill = cli("estimate", scenarioOf(id));
    const svg = stored(`${id}.svg`);
    const read = await blank.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      return { broken: parsed.querySelector("parsererror")?.textContent ?? null, title: parsed.querySelector("title")?.textContent, desc: parsed.querySelector("desc")?.textContent,
        texts: [...parsed.querySelectorAll("text")].map((one) => one.textContent), names: [...new Set([...parsed.querySelectorAll("*")].map((one) => one.localName))],
        labelled: parsed.documentElement.getAttribute("aria-labelledby").split(" ").every((one) => parsed.getElementById(one)) };
    }, svg);
    assert.equal(read.broken, null, id);
    assert.ok(read.labelled);
    assert.equal(read.title, `LLM cost: ${bill.scenario.name}, ${amount(bill.totals.per_month)} USD a month`);
    assert.ok(read.desc.includes(bill.model.name) && read.desc.includes("Prices as of"));
    assert.ok(read.texts.some((text) => text.startsWith(amount(bill.totals.per_month))), id);
    const largest = [...bill.items].sort((a, b) => b.share - a.share)[0];
    assert.ok(read.texts.includes(largest.label));
    assert.ok(read.texts.includes(new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(largest.usd_per_month)), id);
    assert.deepEqual(read.names.sort(), ["desc", "g", "rect", "style", "svg", "text", "title", "tspan"]);
    assert.doesNotMatch(svg.replace("http://www.w3.org/2000/svg", ""), /https?:|url\(|@import|<script|\son\w+=/);
  }
  const grounds = [];
  for (const colorScheme of ["light", "dark"]) {
    values.pasted = `<img src="${site.url}embed/v1/chatbot.svg" alt="">`;
    const page = await open(t, `${hosts.url}paste.html`, { colorScheme });
    await page.waitForFunction(() => document.querySelector("img").complete);
    assert.equal(await page.evaluate(() => document.querySelector("img").naturalWidth), 640);
    grounds.push((await page.locator("img").screenshot({ path: `${screenshots}/widget-picture-${colorScheme}.png` })).toString("base64"));
  }
  assert.notEqual(grounds[0], grounds[1], "light and dark");
});

test("each example has its bill as a Markdown table, and a link that leads to it", async () => {
  const cents = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  for (const id of examples) {
    const bill = cli("estimate", scenarioOf(id));
    const table = stored(`${id}.md`);
    for (const item of bill.items.filter((one) => one.usd_per_month !== 0)) {
      assert.ok(table.includes(`| ${item.label} | ${item.usd_per_month < 0.005 ? "<0.01" : cents.format(item.usd_per_month)} |`), `${id} ${item.label}`);
    }
    assert.ok(table.includes(`| **Total** | ${cents.format(bill.totals.per_month)} |`), id);
    assert.ok(table.includes(`prices as of ${whole.as_of}`));
    assert.ok(table.includes(`(../../index.html${packed({ scenario: scenarioOf(id) })})`));
  }
});

test("oEmbed: rich, version 1.0, with the documented frame; absolute where the build knows the address", async (t) => {
  const out = mkdtempSync(join(tmpdir(), "tokenbill-base-"));
  t.after(() => rmSync(out, { recursive: true }));
  const build = (...args) => execFileSync(process.execPath, [`${root}/scripts/build_site.mjs`, "--out", join(out, "site"), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  build("--base", "https://example.org/costs");
  for (const id of examples) {
    const answer = JSON.parse(readFileSync(join(out, "site/embed/v1", `${id}.json`), "utf8"));
    assert.deepEqual([answer.type, answer.version, answer.provider_name, answer.provider_url, answer.cache_age], ["rich", "1.0", "Tokenbill", "https://example.org/costs/index.html", 86400]);
    assert.equal(answer.title, `LLM cost: ${scenarioOf(id).name}`);
    assert.ok(answer.html.startsWith(`<iframe src="https://example.org/costs/embed/v1/#preset=${id}" title="LLM cost: `));
    assert.ok(answer.html.includes(`height="${answer.height}"`) && answer.html.includes('sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads" allow="clipboard-write"'));
    assert.ok(Number.isInteger(answer.width) && Number.isInteger(answer.height));
    assert.match(stored(`${id}.json`), /"html": "<iframe src=\\"\.\.\/\.\.\/embed\/v1\/#preset=/);
  }
  assert.match(readFileSync(join(out, "site/embed/v1/chatbot.md"), "utf8"), /\(https:\/\/example\.org\/costs\/index\.html#1/);
  assert.throws(() => build("--base", "example.org"), /is not the address of a site/);
});
