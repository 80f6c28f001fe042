// What can be taken along from the page: the menu, its texts, its files.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { axe, browser, cli, headline, narrow, open, openSection, type, whole } from "./support/reader.mjs";
import { root, screenshots } from "./support/browser.mjs";

mkdirSync(screenshots, { recursive: true });
const choose = async (page, what) => {
  await page.click('[data-do="share"]');
  await page.click(`#share [data-arg="${what}"]`);
};
const copied = async (page, what) => {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await choose(page, what);
  await page.waitForFunction(async () => await navigator.clipboard.readText() !== "");
  return page.evaluate(() => navigator.clipboard.readText());
};
const saved = async (page, what) => {
  const [file] = await Promise.all([page.waitForEvent("download"), choose(page, what)]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
};
/** A command that the page wrote, run as a shell reads it. */
const run = (command) => JSON.parse(execFileSync("bash", ["-c", `${command} --json`], { encoding: "utf8", maxBuffer: 1 << 28,
  env: { ...process.env, PATH: `${root}/build/native-release/bin:${process.env.PATH}` } }));

test("both links, the command and the table lead to the same month", async (t) => {
  const page = await open(t);
  await type(page, "#in-conversations_per_day", "2500");
  const month = await headline(page);
  const short = await copied(page, "short");
  assert.match(short, /#m=.*n=2500/);
  const packed = await copied(page, "link");
  assert.match(packed, /#1[\w-]+$/);
  const markdown = await copied(page, "markdown");
  assert.match(markdown, /\| \*\*Total\*\* \|/);
  assert.ok(markdown.includes(`](${short})`), markdown);
  const command = await copied(page, "command");
  assert.match(command, /^tokenbill estimate --model /);
  assert.equal(whole.format(run(command).totals.per_month), month);
  for (const link of [short, packed]) {
    const other = await open(t, { path: new URL(link).hash });
    assert.equal(await headline(other), month);
  }
});

test("ranges go into the command as text; what flags cannot say names a file", async (t) => {
  const page = await open(t);
  await type(page, "#in-output_tokens", "300 to 900");
  const command = await copied(page, "command");
  assert.match(command, /^tokenbill range .*'output_tokens=300 to 900/);
  assert.match(JSON.stringify(run(command)), /"low"/);
  await page.click('[data-do="share"]');
  assert.equal(await page.locator('#share [data-arg="short"]').isDisabled(), true);
});

test("files: the scenario is the command line's, tables have all rows, the chart stands by itself", async (t) => {
  const page = await open(t);
  const scenario = await saved(page, "scenario");
  assert.equal(scenario.name, "support-chatbot.json");
  assert.equal(whole.format(cli("estimate", JSON.parse(scenario.text)).totals.per_month), await headline(page));
  assert.match((await saved(page, "bill")).text, /^line,category,/);
  assert.ok((await saved(page, "models")).text.split("\r\n").length > 400);

  for (const section of ["bill", "models", "caching", "sweep"]) {
    await openSection(page, section, section === "sweep" ? "#heat" : section === "models" ? "#models-chart svg" : undefined);
    await page.evaluate((id) => document.getElementById(`section-${id}`).scrollIntoView(), section);
    const chart = await saved(page, "chart");
    assert.equal(chart.name, `support-chatbot-${section}.svg`);
    assert.doesNotMatch(chart.text.replace(/base64,[^"]*/g, ""), /<(script|style|foreignObject)|\sclass=|\son\w+=|NaN/);
    assert.ok(chart.text.length < 400_000, `${section}: ${chart.text.length} characters`);
    const picture = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await picture.setContent(chart.text);
    const box = await picture.locator("svg").first().boundingBox();
    assert.ok(box.width > 300 && box.height > 80, `${section}: ${box.width} × ${box.height}`);
    await picture.screenshot({ path: `${screenshots}/share-chart-${section}.png` });
    await picture.close();
  }
});

test("the menu by keyboard, for screen readers, narrow, light and dark", async (t) => {
  for (const [viewport, colorScheme] of [[undefined, "light"], [narrow, "dark"]]) {
    const page = await open(t, { ...(viewport ? { viewport } : {}), colorScheme });
    await page.focus('[data-do="share"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector("#share[open]");
    await page.screenshot({ path: `${screenshots}/share-menu-${colorScheme}.png` });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run("#share"));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
    assert.ok(await page.evaluate(() => document.getElementById("share").scrollWidth <= innerWidth));
    assert.equal(await page.evaluate(() => document.activeElement.dataset.arg), "link");
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.do), "share");
  }
});

test("where the browser lets no page copy, the text stands selected", async (t) => {
  const page = await open(t);
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("no")); });
  await choose(page, "markdown");
  await page.waitForSelector("#link-text");
  const text = await page.inputValue("#link-text");
  assert.match(text, /^\*\*Support chatbot\*\*[\s\S]*\n\| \*\*Total\*\* \|/);
  assert.equal(await page.evaluate(() => document.activeElement.selectionEnd), text.length);
});

test("printed, the page is a report: cost, open section, inputs, derivation, sources, dates; no controls, dark ink", async (t) => {
  for (const [path, least, most] of [["", 2, 5], ["#preset=agent&view=models", 4, 8], ["#preset=retrieval&view=caching", 2, 6]]) {
    const page = await open(t, { path, colorScheme: "dark" });
    const month = await headline(page);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const pages = pdf.match(/\/Type \/Page\b/g).length;
    assert.ok(pages >= least && pages <= most, `${path}: ${pages} pages`);
    assert.match(pdf, /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/, "A4");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.deepEqual(await page.locator("input, select, textarea, summary, .tab, .page-head button, .area-form, .page-foot").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML)), []);
    const text = await page.locator("#printed").innerText();
    for (const part of ["What was given", "How each line comes about", "What else it stands on", "Nov 22, 2026", "× "]) assert.ok(text.includes(part), `${path}: ${part}`);
    assert.ok(await page.locator("#headline .big-number").isVisible());
    assert.equal(await headline(page), month);
    assert.equal(await page.locator(".big-number").evaluate((one) => getComputedStyle(one).color), "rgb(21, 24, 28)");
    await page.setViewportSize({ width: 690, height: 1000 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path}: wider than the paper`);
    await page.screenshot({ path: `${screenshots}/share-print${path.replace(/\W+/g, "-")}.png`, fullPage: true });
  }
});
