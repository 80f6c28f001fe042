// "Ranges" in a browser: a range typed into the form, what it does to the month, and every model over it.
import assert from "node:assert/strict";
import test from "node:test";
import { amount, cli, narrow, open, openSection, presetOf, settle, type, value } from "./support/reader.mjs";

const ranged = { ...presetOf("chatbot"), parameters: { ...presetOf("chatbot").parameters, prompt_tokens: 6000 }, ranges: { prompt_tokens: { low: 4000, high: 9000 } } };
const numbers = (text) => text.match(/\d[\d,]*(?:\.\d+)?/g).map((one) => Number(one.replaceAll(",", "")));

/** The chatbot with a range of prompts, and only that: defaults without their documented ranges. */
async function withRange(t, options) {
  const page = await open(t, options);
  await type(page, "#in-prompt_tokens", "4k to 9k");
  await openSection(page, "ranges");
  await page.click('[data-do="ranges-typical"][aria-checked="true"]');
  await settle(page);
  return page;
}

test("a range typed into a field gives low, likely and high, the command line's", async (t) => {
  const page = await withRange(t);
  assert.match(await value(page, "prompt_tokens"), /^4,?000 to 9,?000/);
  const answer = cli("range", ranged, "--assumptions", "given", "--samples", "2048");
  const likely = answer.inputs.find((input) => input.id === "prompt_tokens").likely;
  assert.ok(Math.abs(likely - 6000) < 1);
  const shown = numbers(await page.locator("#headline .spread").textContent());
  assert.equal(shown.length, 3);
  [answer.low, answer.likely, answer.high].forEach((figure, i) => assert.ok(Math.abs(shown[i] / figure - 1) < 1e-3, `${shown[i]} is not ${figure}`));
  assert.ok(shown[0] < shown[1] && shown[1] < shown[2]);
  assert.match(await page.locator("#body-ranges .lead").textContent(), /Of ten months like this nine cost between/);
});

test("the tornado lists the input with its range and its swing, and leads to its field", async (t) => {
  const page = await withRange(t);
  const rows = page.locator(".tornado tbody tr");
  assert.equal(await rows.count(), 1, "nothing else has a range");
  const row = rows.first();
  assert.match(await row.textContent(), /Prompt.*4,?000 to 9,?000/);
  const answer = cli("range", ranged, "--assumptions", "given", "--samples", "2048");
  const [input] = answer.inputs;
  assert.equal((await row.locator("td.amount").first().textContent()).trim(), amount(input.swing));
  const low = await row.locator(".tornado-low").boundingBox();
  const high = await row.locator(".tornado-high").boundingBox();
  assert.ok(low.x < high.x && low.width > 5 && high.width > 5, "the low end lies left of the high end");
  await row.locator("button").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "in-prompt_tokens");
});

test("defaults bring their documented ranges, and can be left out", async (t) => {
  const page = await withRange(t);
  const before = await page.locator("#body-ranges .lead").textContent();
  await page.click('[data-do="ranges-typical"]');
  await settle(page);
  assert.ok(await page.locator(".tornado tbody tr").count() > 3);
  assert.notEqual(await page.locator("#body-ranges .lead").textContent(), before);
  assert.match(await page.locator(".tornado").textContent(), /typical: /);
});

test("every model is priced over the ranges; the shares of the cheapest add up", async (t) => {
  const page = await withRange(t);
  await page.getByRole("button", { name: "Price every model over these ranges" }).click();
  const table = page.locator('[aria-label="Models over the ranges"] table');
  await table.waitFor();
  await page.waitForFunction(() => / 6\d,\d{3} draws/.test(document.querySelector('[aria-label="Models over the ranges"] caption')?.textContent ?? ""));
  // A million more are under way: what is there stays when they are cancelled.
  await page.locator('[data-do="ranges-cancel"]').click();
  await page.locator('[data-do="ranges-cancel"]').waitFor({ state: "detached" });
  assert.match(await table.locator("caption").textContent(), / over [\d,]+ draws, the same for all/);
  const rows = await table.locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
  assert.ok(rows.length > 5);
  assert.ok(rows.some(([name]) => /Sonnet 4\.6.*the chosen model/.test(name)), "the chosen model is always there");
  const shares = rows.map(([, share]) => Number(share.replace(/[<%]/g, "")));
  assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 100) < 2, shares.join(" "));
  for (const [name, , low, likely, high] of rows) {
    const [a, b, c] = [low, likely, high].map((text) => Number(text.replaceAll(",", "")));
    assert.ok(a > 0 && a <= b && b <= c, name);
  }
  // The scenario has changed: the table no longer stands for it.
  await type(page, "#in-prompt_tokens", "5k to 9k");
  await page.getByRole("button", { name: "Price every model over these ranges" }).waitFor();
});

test("a range the wrong way round is refused in words, and nothing is lost", async (t) => {
  const page = await withRange(t);
  const lead = await page.locator("#body-ranges .lead").textContent();
  await type(page, "#in-prompt_tokens", "9k to 4k");
  const field = page.locator("#in-prompt_tokens");
  assert.equal(await field.inputValue(), "9k to 4k", "what was typed stays");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")).split(" ");
  const error = page.locator(`#${described.find((id) => /error/.test(id))}`);
  assert.match(await error.textContent(), /must end above where it begins, found 9.?000 to 4.?000/);
  assert.equal(await page.locator("#body-ranges .lead").textContent(), lead, "the ranges are those of before");
  await type(page, "#in-prompt_tokens", "4k to 8k");
  assert.equal(await field.getAttribute("aria-invalid"), null);
  assert.notEqual(await page.locator("#body-ranges .lead").textContent(), lead);
});

test("on a narrow dark screen nothing overflows", async (t) => {
  const page = await withRange(t, { viewport: narrow, colorScheme: "dark" });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
});
