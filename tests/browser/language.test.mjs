// The page in German: nothing is left in English, nothing runs over where texts are longer, numbers are read as they are shown,
// the choice is kept, and English comes back whole.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { root } from "./support/browser.mjs";
import { axe, browser, headline, narrow, open, openSection, settle, site, type, value, wide } from "./support/reader.mjs";
import { closeDialogs, openWhole, sections, walk } from "./support/walk.mjs";

const german = JSON.parse(readFileSync(`${root}/site/lang/de.json`, "utf8"));
const inGerman = async (page) => {
  await page.click("[data-do=language]");
  await page.waitForSelector("html[lang=de]");
  await settle(page);
};
/** The page with a made-up language in the place of German: each text between brackets. */
const made = (of) => ["**/lang/de.json", (route) => route.fulfill({ json: Object.fromEntries(Object.entries(german).map(([key, text]) =>
  [key, text.replace(/^(\s*)(.*?)(\s*)$/s, (_, before, middle, after) => `${before}⟦${of(middle)}⟧${after}`)])) })];

/** Texts that a reader sees or hears and that did not come from the table, with where they stand. */
const strangers = () => {
  const found = [];
  const seen = (element) => element.closest("[hidden], [lang=en], code, script, style, noscript, option, datalist, .mono.command, h1.wordmark") === null;
  const check = (text, where) => {
    let rest = text;
    for (let before = ""; before !== rest;) [before, rest] = [rest, rest.replace(/⟦[^⟦⟧]*⟧/g, " ")];
    if (/\p{L}{2}/u.test(rest)) found.push([rest.replace(/\s+/g, " ").trim(), where]);
  };
  for (const element of document.body.querySelectorAll("*")) {
    // A closed section is brought in line when it opens; what Plot calls its groups is hidden from those who hear the page.
    if (!seen(element) || element.getClientRects().length === 0) continue;
    for (const child of element.childNodes) if (child.nodeType === Node.TEXT_NODE) check(child.nodeValue, element.tagName + "." + element.getAttribute("class"));
    if (element.closest("[aria-hidden=true]") === null) for (const name of ["aria-label", "title", "placeholder", "aria-valuetext"]) check(element.getAttribute(name) ?? "", `${element.tagName} ${name}`);
  }
  return found;
};

// What is English on purpose: names, sources and notes of the price list, of the list of GPUs and of claims; units; what the test typed.
const plain = (text) => text.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, "").replace(/[\d.,\u202f\s]+/g, " ").trim().toLowerCase();
const pieces = (text) => text.split(/\s*[·;:,()“”"„‚…×÷+−=/]\s*/);
const strings = (value, key = "") => (typeof value === "string" ? [[key, value]] : Object.entries(value ?? {}).flatMap(([name, one]) => strings(one, Array.isArray(value) ? key : name)));
const given = ["pricing-v1.json", "hardware-v1.json", "claims.json"].flatMap((name) => strings(JSON.parse(readFileSync(`${root}/build/site/${name}`, "utf8"))));
const names = new Set(given.flatMap(([key, text]) => [plain(text), ...(/name|id|seller|title/.test(key) ? pieces(text).map(plain) : [])]));
const sentences = given.map(([, text]) => plain(text)).join("\n");
const allowed = /^(?:USD|EUR|GiB|GB|MB|KB|ms|Mio|Mrd|TFLOPS|API|JSON|CSV|vLLM|SGLang|abc|Jan|Feb|Mär|März|Apr|Mai|Jun|Juni|Jul|Juli|Aug|Sept?|Okt|Nov|Dez|[\w.-]+\.[a-z]{2,}|[\w-]+\/[\w./-]+|[^\p{L}]+|LiteLLM|Helicone|\{"timestamp".*)$/iu;
/** Notes are shown in parts; three words in a row are no accident. */
const isKnown = (text) => allowed.test(text) || names.has(plain(text)) || pieces(text).every((piece) => {
  const words = plain(piece);
  return words.length < 2 || names.has(words) || words.split(" ").every((word) => allowed.test(word) || names.has(word)) || (words.split(" ").length >= 3 && sentences.includes(words));
});

test("wherever a reader goes, no text is left in English", { timeout: 300_000 }, async (t) => {
  const page = await open(t, { route: made((text) => text) });
  await inGerman(page);
  const left = new Map();
  await walk(page, async (where) => {
    for (const [text, element] of await page.evaluate(strangers)) if (!isKnown(text) && !left.has(text)) left.set(text, `${where}: ${element}`);
  }, { presets: ["chatbot", "agent"] });
  assert.deepEqual([...left], []);
});

for (const [name, viewport] of [["390 px", narrow], ["a desk", wide]]) {
  test(`texts two fifths longer run over nowhere, on ${name}`, { timeout: 120_000 }, async (t) => {
    const page = await open(t, { viewport, route: made((text) => `${text}${" läng".repeat(Math.ceil((text.length * 0.4) / 5))}`) });
    await inGerman(page);
    const problems = [];
    for (const id of sections) {
      await openWhole(page, id);
      problems.push(...await page.evaluate((id) => {
        const found = [];
        if (document.documentElement.scrollWidth > innerWidth) found.push(`${id}: the page is ${document.documentElement.scrollWidth} wide`);
        for (const element of document.querySelectorAll("button, label, h2, h3, h4, p, summary, th, td, dt, dd, legend, a")) {
          // Tables scroll by themselves; what is hidden from sight has no place.
          if (element.closest(".scroller, .hidden-text, [hidden], .options") || element.getClientRects().length === 0) continue;
          const style = getComputedStyle(element);
          if (style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) found.push(`${id}: cut: ${element.textContent.slice(0, 60)}`);
          if (element.getBoundingClientRect().right > innerWidth + 1) found.push(`${id}: runs over: ${element.tagName} ${element.textContent.slice(0, 60)}`);
        }
        return found;
      }, id));
    }
    for (const action of ["help", "share"]) {
      await page.click(`[data-do=${action}]`);
      await page.waitForSelector(`dialog#${action}[open]`);
      if (await page.evaluate((name) => { const dialog = document.getElementById(name); return dialog.scrollWidth > dialog.clientWidth + 1; }, action)) problems.push(`${action} runs over`);
      await closeDialogs(page);
    }
    assert.deepEqual([...new Set(problems)], []);
  });
}

test("a number is read as German shows it", async (t) => {
  const page = await open(t);
  await inGerman(page);
  const field = "#in-prompt_tokens";
  for (const [typed, shown] of [["1.500", "1.500"], ["2,5k", "2.500"], ["1.234,0", "1.234"], ["3000", "3.000"]]) {
    await type(page, field, typed);
    assert.equal(await value(page, "prompt_tokens"), shown, typed);
    // What is shown means the same when it is typed again.
    const month = await headline(page);
    await type(page, field, shown);
    assert.equal(await headline(page), month);
  }
  await type(page, "#in-turns_per_conversation", "1,5");
  assert.equal(await value(page, "turns_per_conversation"), "1,5");
  await type(page, field, "1k bis 4k");
  assert.equal(await value(page, "prompt_tokens"), "1.000 bis 4.000");
  await type(page, field, "1,2,3");
  assert.match(await page.textContent("#in-error-prompt_tokens"), /^erwartet: eine Zahl/);
  await openSection(page, "sweep", "#sweep-report");
  await type(page, "[name=x-from]", "1.500,5");
  assert.equal(await page.inputValue("[name=x-from]"), "1.500,5");
});

test("an input is found by its German name, and by its English one", async (t) => {
  const page = await open(t);
  await inGerman(page);
  for (const words of ["wartezeit", "longest wait"]) {
    await page.fill("[data-do=find]", words);
    await settle(page);
    assert.match(await page.locator(".found").first().textContent(), /Längste Wartezeit auf das erste Token/, words);
  }
});

test("German is chosen by a button, kept, and no part of the link; English comes back whole", async (t) => {
  const page = await open(t);
  const texts = () => page.evaluate(() => [document.title, document.documentElement.lang, ...[...document.querySelectorAll("header *, main *, footer *")].filter((element) => element.children.length === 0 && element.getClientRects().length > 0)
    .map((element) => `${element.textContent}|${element.getAttribute("aria-label") ?? ""}|${element.getAttribute("title") ?? ""}|${element.getAttribute("placeholder") ?? ""}`)]);
  assert.equal(page.requests.filter((url) => url.includes("/lang/")).length, 0, "English loads no table");
  for (const id of ["models", "sweep", "bill"]) await openWhole(page, id);
  const english = await texts();
  const address = page.url();
  assert.equal(await page.getAttribute("[data-do=language]", "lang"), "de");
  await page.locator("[data-do=language]").press("Enter");
  await page.waitForSelector("html[lang=de]");
  await settle(page);
  assert.equal(page.url(), address);
  assert.equal(await page.textContent("#tab-bill"), "Die Rechnung");
  assert.equal(await page.title(), german["Tokenbill: what an LLM feature costs"]);
  assert.match(await page.textContent(".page-foot"), /Listenpreise/);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.do), "language", "the button keeps the focus");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 100)]), []);
  await page.click("[data-do=language]");
  await page.waitForSelector("html[lang=en]");
  await settle(page);
  assert.deepEqual(await texts(), english);
  await page.click("[data-do=language]");
  await page.waitForSelector("html[lang=de]");
  await page.reload();
  await page.waitForSelector("html[data-ready][lang=de]");
  await page.click("[data-do=language]");
  await page.waitForSelector("html[lang=en]");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  assert.equal(await page.getAttribute("html", "lang"), "en");
});

test("who prefers German to English reads German at once, others English; a table that does not come is told", async (t) => {
  const visit = async (locale, fails = false) => {
    const context = await browser.newContext({ viewport: wide, locale });
    t.after(() => context.close());
    const page = await context.newPage();
    if (fails) await page.route("**/lang/de.json", (route) => route.fulfill({ status: 404 }));
    await page.goto(site.url);
    await page.waitForSelector("html[data-ready]");
    return page;
  };
  const austrian = await visit("de-AT");
  await austrian.waitForSelector("html[lang=de]");
  assert.equal(await (await visit("fr")).getAttribute("html", "lang"), "en");
  const without = await visit("de-DE", true);
  await without.waitForSelector("#status .banner");
  assert.match(await without.textContent("#status .banner"), /^The texts in German could not be loaded, so the page stays in English\./);
  assert.equal(await without.getAttribute("html", "lang"), "en");
});
