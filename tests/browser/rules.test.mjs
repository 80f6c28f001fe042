// What a first visit must not cost: nothing moves, the largest text is in the markup, nothing is fetched for nothing, letters can be
// read and targets be hit. Counts and places, no times.
import assert from "node:assert/strict";
import test from "node:test";
import { browser, narrow, open, settle, site, wide } from "./support/reader.mjs";

for (const [screen, viewport] of Object.entries({ wide, narrow })) {
  test(`a first visit: nothing moves, the largest text was in the markup, few elements: ${screen}`, async (t) => {
    const context = await browser.newContext({ viewport, locale: "en-US" });
    t.after(() => context.close());
    const page = await context.newPage();
    const told = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && told.push(message.text()));
    await page.addInitScript(() => {
      globalThis.seen = { shift: 0, largest: null };
      new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) seen.shift += one.value; }).observe({ type: "layout-shift", buffered: true });
      new PerformanceObserver((list) => { const one = list.getEntries().at(-1); seen.largest = { tag: one.element?.localName, text: one.element?.textContent ?? "" }; }).observe({ type: "largest-contentful-paint", buffered: true });
    });
    const html = await (await context.request.get(site.url)).text();
    await page.goto(site.url);
    await page.waitForSelector("html[data-ready]");
    await settle(page);
    // A preload that is not used is told on the console after a few seconds.
    await page.waitForTimeout(3500);
    const { shift, largest } = await page.evaluate(() => seen);
    assert.ok(shift <= 0.02, `things moved by ${shift}`);
    const plain = (text) => text.replace(/<[^>]*>/g, "").replace(/&#39;|&rsquo;/g, "’").replace(/\s+/g, " ").trim();
    assert.ok(largest.text && plain(html).includes(plain(largest.text)), `${largest.tag}: ${largest.text.slice(0, 80)}`);
    assert.deepEqual(told, []);
    assert.ok(await page.locator("*").count() <= 1700, `${await page.locator("*").count()} elements`);
  });

  test(`letters are large enough, targets can be hit, pictures keep their place: ${screen}`, async (t) => {
    const page = await open(t, { viewport });
    const { small, tight, loose } = await page.evaluate(() => {
      const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1;
      const all = [...document.body.querySelectorAll("*")].filter(seen);
      const words = all.filter((one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
      // A link within a sentence is as high as its line; what is 24 px wide and high, or has as much room around its middle, can be hit.
      const targets = all.filter((one) => one.matches("a[href], button, input, select, textarea, summary, [role=slider]"));
      const inline = (one) => one.localName === "a" && getComputedStyle(one).display === "inline";
      const box = (one) => one.getBoundingClientRect();
      const middle = (one) => [box(one).left + box(one).width / 2, box(one).top + box(one).height / 2];
      const near = (one) => targets.some((other) => other !== one && !other.contains(one) && !one.contains(other) && Math.hypot(middle(one)[0] - middle(other)[0], middle(one)[1] - middle(other)[1]) < 24);
      return {
        small: words.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 11).map((one) => one.textContent.slice(0, 30)),
        tight: targets.filter((one) => !inline(one) && (box(one).width < 24 || box(one).height < 24) && near(one)).map((one) => one.outerHTML.slice(0, 100)),
        loose: [...document.images].filter((one) => !one.hasAttribute("width") || !one.hasAttribute("height")).map((one) => one.src),
      };
    });
    assert.deepEqual({ small, tight, loose }, { small: [], tight: [], loose: [] });
  });
}

test("each page says what it is: language, title, description, viewport, one first heading", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const descriptions = new Set();
  for (const name of ["index.html", "embed.html", "model.html", "docs/index.html", "docs/glossary.html"]) {
    const html = await (await context.request.get(site.url + name)).text();
    assert.match(html, /<html lang="en">/, name);
    assert.match(html, /<title>[^<]{8,70}<\/title>/, name);
    const [, description] = /<meta name="description" content="([^"]{40,})">/.exec(html) ?? [];
    assert.ok(description, name);
    descriptions.add(description);
    assert.match(html, /<meta name="viewport" content="width=device-width, initial-scale=1">/, name);
    assert.equal(html.match(/<h1\b/g).length, 1, name);
    for (const [, file] of html.matchAll(/<link rel="preload" href="([^"]+)"/g)) assert.ok((await context.request.get(new URL(file, site.url + name).href)).ok(), file);
  }
  assert.equal(descriptions.size, 5, "each has words of its own");
});
