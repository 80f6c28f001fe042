// The documentation as pages: links lead somewhere, each page reads well in light and dark, wide and on a phone.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { axe, narrow, open, site } from "./support/reader.mjs";
import { root, screenshots } from "./support/browser.mjs";

mkdirSync(screenshots, { recursive: true });
const folder = `${root}/build/site`;
const names = ["model.html", ...readdirSync(`${folder}/docs`).filter((name) => name.endsWith(".html")).map((name) => `docs/${name}`)];
const read = (name) => readFileSync(join(folder, name), "utf8");

test("every link between documents, and from the page to them, leads to a place that exists", () => {
  let links = 0;
  for (const name of ["index.html", "embed.html", ...names]) {
    for (const [, target] of read(name).matchAll(/<(?:a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g)) {
      if (/^[a-z]+:/.test(target)) {
        assert.match(target, /^(https:|data:)/, `${name}: ${target}`);
        continue;
      }
      const [path, anchor] = target.split("#");
      const file = path === "" ? name : normalize(join(dirname(name), path));
      assert.ok(existsSync(join(folder, file)), `${name}: ${target}`);
      if (anchor) assert.ok(read(file).includes(` id="${anchor}"`), `${name}: ${target}`);
      links += 1;
    }
    const ids = [...read(name).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], name);
  }
  assert.ok(links > 500, String(links));
});

test("each document is in the list of all, which marks the one that is open", () => {
  for (const name of names) {
    const [, list] = /<nav id="pages"[^>]*>(.*?)<\/nav>/s.exec(read(name));
    assert.equal(list.match(/<a /g).length, names.length, name);
    assert.equal(list.match(/aria-current="page"/g).length, 1, name);
    assert.doesNotMatch(read(name).replace(/<(pre|code).*?<\/\1>/gs, ""), /\*\*|```|^\||<!--|\]\(/m, name);
  }
});

for (const colorScheme of ["light", "dark"]) {
  test(`each document by axe, and no wider than its window, ${colorScheme}`, async (t) => {
    const page = await open(t, { path: names[0], colorScheme, ready: false });
    for (const name of names) {
      for (const viewport of [{ width: 1280, height: 900 }, narrow]) {
        await page.setViewportSize(viewport);
        await page.goto(site.url + name);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} at ${viewport.width}`);
        if (["docs/index.html", "docs/formats.html", "docs/throughput.html", "docs/command-line.html"].includes(name)) {
          await page.screenshot({ path: `${screenshots}/${name.replace(/\W/g, "-")}-${viewport.width}-${colorScheme}.png` });
        }
      }
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [name, id, nodes[0].html]), []);
    }
  });
}

test("from the page to the documentation and back, by keyboard", async (t) => {
  const page = await open(t);
  await page.locator(".docs").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/docs\/index\.html$/);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null));
  await page.click('.doc-links a[href$="index.html"]');
  await page.waitForSelector("html[data-ready]");
});
