// The page as one file: opened from the disk without a network it computes what the served page does.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { browser, headline, open, openSection, prices, site, type, wide } from "./support/reader.mjs";
import { root } from "./support/browser.mjs";

const folder = join(tmpdir(), `tokenbill-offline-${process.pid}`);
mkdirSync(folder);
after(() => rmSync(folder, { recursive: true }));

/** The file as a reader opens it: from the disk, the network off. */
async function openFile(t, path, fragment = "", options = {}) {
  const context = await browser.newContext({ viewport: wide, locale: "en-US", offline: true, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const errors = [];
  const requests = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(path).href + fragment);
  await page.waitForSelector("html[data-ready]");
  t.after(async () => {
    assert.deepEqual(errors, []);
    assert.deepEqual(requests.filter((url) => !/^(blob|data):/.test(url)), [pathToFileURL(path).href], "nothing but the file itself");
    await context.close();
  });
  return page;
}
async function saveFrom(page) {
  await page.click('[data-do="share"]');
  const [file] = await Promise.all([page.waitForEvent("download"), page.click('#share [data-arg="offline"]')]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}
const bill = (page) => page.locator("table.bill tbody tr").allTextContents();
const first = (page) => page.locator("table.models tbody tr").first().textContent();

test("three scenarios: the same month, bill and models as the served page", async (t) => {
  for (const fragment of ["#preset=chatbot", "#preset=agent&out=900", "#m=openai/gpt-4o&in=4k&out=1.2k&n=250&turns=3&cache=5m"]) {
    const [served, file] = [await open(t, { path: fragment }), await openFile(t, `${root}/build/site/offline.html`, fragment)];
    assert.equal(await headline(file), await headline(served));
    assert.deepEqual(await bill(file), await bill(served));
    for (const page of [served, file]) await openSection(page, "models", "#models-chart svg");
    assert.equal(await first(file), await first(served));
  }
});

test("the menu saves it with the state on screen; links lead back to the site", async (t) => {
  const page = await open(t);
  await type(page, "#in-conversations_per_day", "1234");
  await openSection(page, "savings", "#body-savings table, #body-savings svg");
  const path = await saveFrom(page);
  const file = await openFile(t, path, "", { permissions: ["clipboard-read", "clipboard-write"] });
  assert.equal(await headline(file), await headline(page));
  assert.equal(await file.locator("#section-savings").getAttribute("data-open"), "");
  await file.waitForSelector("#body-savings table, #body-savings svg");
  await file.click('[data-do="copy-link"]');
  await file.waitForSelector(".banner");
  assert.ok((await file.evaluate(() => navigator.clipboard.readText())).startsWith(`${site.url}#m=`));
  await file.click('[data-do="share"]');
  assert.equal(await file.locator('#share [data-arg="offline"]').count(), 0, "the file is one already");
  await file.keyboard.press("Escape");
  // A change stays in the file's own address, and another fragment counts more than what was saved.
  await type(file, "#in-conversations_per_day", "99");
  await file.waitForFunction(() => location.hash.startsWith("#1"));
  const again = await openFile(t, path, await file.evaluate(() => location.hash));
  assert.equal(await headline(again), await headline(file));
});

test("prices of the reader's own go into the file", async (t) => {
  const page = await open(t);
  const dearer = JSON.parse(prices);
  const rows = dearer.providers.flatMap(({ models = [] }) => models).flatMap((model) => model.prices ?? []);
  for (const { usd_per_mtok } of rows) if (usd_per_mtok?.output) usd_per_mtok.output *= 2;
  const own = join(folder, "own.json");
  writeFileSync(own, JSON.stringify(dearer));
  const before = await headline(page);
  await page.evaluate(() => { const button = document.createElement("button"); button.dataset.do = "open-file"; button.id = "own-prices"; document.body.append(button); });
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("#own-prices")]);
  await chooser.setFiles(own);
  await page.waitForFunction((before) => document.querySelector(".big-number").textContent !== before, before);
  const file = await openFile(t, await saveFrom(page));
  assert.equal(await headline(file), await headline(page));
});

test("every section works, with workers of its own", async (t) => {
  const file = await openFile(t, `${root}/build/site/offline.html`, "#preset=chatbot");
  for (const id of ["caching", "chats", "agent", "own", "ranges", "budget", "users", "scenarios", "sweep", "claims"]) {
    await openSection(file, id, id === "sweep" ? "#heat" : undefined);
    await file.waitForFunction((id) => !/Loading this part|could not be loaded/.test(document.getElementById(`section-${id}`).textContent), id);
  }
  await openSection(file, "sweep", "#heat");
  await file.waitForFunction(() => /worker/.test(document.getElementById("sweep").textContent));
  await openSection(file, "own", "#body-own table");
});

test("it speaks German without a network", async (t) => {
  const file = await openFile(t, `${root}/build/site/offline.html`, "", { locale: "de-DE" });
  await file.waitForSelector("html[lang=de]");
  assert.match(await file.textContent("#tab-bill"), /Die Rechnung/);
});

test("a text is counted and usage is read without a network", async (t) => {
  const file = await openFile(t, `${root}/build/site/offline.html`, "#preset=chatbot");
  await file.click('[data-do="count-text"]');
  await file.fill("#count-text", "hello world, hello world");
  await file.waitForFunction(() => document.querySelectorAll("table.counts tbody tr").length > 1
    && !/…/.test(document.querySelector("table.counts tbody").textContent));
  assert.match(await file.locator("table.counts").textContent(), /o200k: [^0-9]*GPT-4o.*?5exact/);
  await file.keyboard.press("Escape");
  await openSection(file, "usage", "#usage-text");
  await file.fill("#usage-text", '{"model":"gpt-4o","usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000}}\n');
  await file.click('[data-do="usage-read"]');
  await file.waitForFunction(() => /2[.,]50/.test(document.getElementById("section-usage").textContent));
});

test("the file admits no script but its own, and no connection", () => {
  const html = readFileSync(`${root}/build/site/offline.html`, "utf8");
  const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html);
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-[^']+';/);
  assert.doesNotMatch(policy, /unsafe-inline|connect-src|'self'/);
  assert.doesNotMatch(html, /<(?:link|script|img|iframe)[^>]*\s(?:src|href)="(?!data:)/);
});
