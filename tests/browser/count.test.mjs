// Counting the tokens of a pasted text, in the built page.
import assert from "node:assert/strict";
import test from "node:test";
import { countTokens as cl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as o200k } from "gpt-tokenizer/encoding/o200k_base";
import { axe, headline, narrow, open, settle, site, value, whole, wide } from "./support/reader.mjs";

const prompt = "You are the assistant of a shop. Answer in three sentences; don't promise a date that the warehouse has not confirmed.\n".repeat(20);
const model = (name) => `#m=${name}`;
const opened = (page, input = "prompt_tokens") => page.click(`.field [data-do="count-text"][data-arg="${input}"]`).then(() => page.waitForSelector("#count[open]"));
const counted = (page) => page.waitForFunction(() => /tokens/.test(document.querySelector("#count-status").textContent));
const line = (page, name) => page.locator(".counts tr", { hasText: name });
const number = (n) => whole.format(n);

async function paste(page, text) {
  await page.fill("#count-text", text);
  await counted(page);
}

test("a pasted text is counted exactly, becomes an input and changes the bill; undo restores both", async (t) => {
  const page = await open(t, { path: model("openai/gpt-4o") });
  const [before, cost] = [await value(page, "prompt_tokens"), await headline(page)];
  await opened(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), "count-text");
  await paste(page, prompt);
  const exact = o200k(prompt);
  assert.equal(await page.locator("#count-status").textContent(), `For GPT-4o: ${number(exact)} tokens.`);
  assert.match(await page.locator(".counts tbody tr").first().textContent(), new RegExp(`o200k.*your model: GPT-4o${number(exact)}exact`));
  await page.waitForFunction((text) => document.querySelector(".counts").textContent.includes(`embeddings${text}exact`), number(cl100k(prompt)));
  assert.match(await page.locator(".count-size").textContent(), new RegExp(`^${number(prompt.length)} characters, ${number(prompt.match(/\S+/g).length)} words$`));
  await page.getByRole("button", { name: `Use ${number(exact)} as Prompt`, exact: true }).click();
  assert.equal(await page.locator("#count[open]").count(), 0);
  await settle(page);
  assert.equal(await value(page, "prompt_tokens"), number(exact));
  assert.equal(await page.evaluate(() => document.activeElement.id), "in-prompt_tokens");
  assert.notEqual(await headline(page), cost);
  await page.click('[data-do="undo"]');
  await settle(page);
  assert.equal(await value(page, "prompt_tokens"), before);
  assert.equal(await headline(page), cost);
});

test("without a public tokenizer there is an estimate, called so, with a range that the input can take", async (t) => {
  const page = await open(t, { path: model("anthropic/claude-sonnet-4-6") });
  await opened(page, "output_tokens");
  await paste(page, prompt);
  const told = await page.locator("#count-status").textContent();
  assert.match(told, /^For Claude .*: about [\d,]+ tokens, [\d,]+ to [\d,]+\.$/);
  const [about, low, high] = told.match(/[\d,]+(?= t|\.$)/g).map((text) => Number(text.replaceAll(",", "")));
  assert.ok(low < about && about < high, told);
  for (const text of await page.locator(".counts tbody tr").allTextContents()) assert.match(text, /OpenAI.*exact|about .*estimate: /);
  await page.getByRole("button", { name: /^Use the range [\d,]+ to [\d,]+ as Answer$/ }).click();
  await settle(page);
  assert.match(await value(page, "output_tokens"), new RegExp(`${number(low)}.*${number(high)}`));
});

test("where the seller has not said which tokenizer a model has, the count says so", async (t) => {
  const page = await open(t, { path: model("openai/gpt-6-sol") });
  await opened(page);
  await paste(page, "hello world");
  assert.equal(await page.locator("#count-status").textContent(), "By o200k_base: 2 tokens; that GPT-6 Sol has it is an assumption.");
  assert.match(await page.locator(".counts tbody tr").first().textContent(), /exact for o200k_base; that GPT-6 Sol has it is an assumption/);
});

test("a count goes to another input than the one it was asked at, into a fold", async (t) => {
  const page = await open(t);
  await opened(page);
  await paste(page, "one two three");
  await page.selectOption("#count-target", "classifier_output_tokens");
  await page.getByRole("button", { name: /^Use 3 as Output of the routing model, as OpenAI o200k counts$/ }).click();
  await settle(page);
  assert.equal(await value(page, "classifier_output_tokens"), "3");
  assert.ok(await page.locator("#in-classifier_output_tokens").isVisible());
});

test("nothing of it is loaded before a text is counted, and all of it from the page's own site", async (t) => {
  const page = await open(t);
  const rank_files = () => page.requests.filter((url) => /_base|count_worker/.test(url)).length;
  await page.click("#tab-models");
  await settle(page);
  assert.ok(!page.requests.some((url) => /chunk-dialog/.test(url)));
  await opened(page);
  assert.equal(rank_files(), 0);
  await paste(page, "hello world");
  await page.waitForFunction(() => !document.querySelector(".counts").textContent.includes("…"));
  assert.equal(rank_files(), 3);
  assert.deepEqual(page.requests.filter((url) => !url.startsWith(site.url)), []);
  // Opened again, it still has the text, selected, and counts without asking for anything but its own files.
  await page.keyboard.press("Escape");
  await opened(page);
  assert.equal(await page.evaluate(() => getSelection().toString()), "hello world");
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]));
  assert.ok(!/hello/.test(stored));
});

test("a megabyte is counted while the page answers, and a newer text ends the count of the older one", async (t) => {
  const page = await open(t);
  await opened(page);
  const big = "The quick brown fox jumps over the lazy dog; Größe 3.14159 and 中文字符。\n".repeat(14_000);
  await page.evaluate((text) => navigator.clipboard.writeText(text), big);
  const pasteAll = async () => {
    await page.focus("#count-text");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Control+V");
  };
  await pasteAll();
  // The page draws and its controls work while the worker counts.
  await page.waitForFunction(() => /Counting/.test(document.querySelector("#count-status").textContent));
  await page.selectOption("#count-target", "output_tokens");
  assert.equal(await page.locator("#count-target").inputValue(), "output_tokens");
  await page.evaluate(() => navigator.clipboard.writeText("hello world"));
  await pasteAll();
  await counted(page);
  assert.match(await line(page, "OpenAI o200k").textContent(), /2exact/);
  await page.waitForTimeout(600);
  assert.match(await line(page, "OpenAI o200k").textContent(), /2exact/);
  // Left to itself, it is counted to the end. Pasting over it once more is a matter of moments, not of a minute.
  await page.evaluate((text) => navigator.clipboard.writeText(text), big);
  await pasteAll();
  await page.waitForFunction((text) => document.querySelector(".counts")?.textContent.includes(`gpt-oss${text}exact`), number(o200k(big)));
  await page.evaluate(() => navigator.clipboard.writeText("one"));
  await pasteAll();
  await page.waitForFunction(() => /gpt-oss1exact/.test(document.querySelector(".counts")?.textContent), null, { timeout: 15_000 });
});

test("special tokens are text, and an empty text has no count, not 0", async (t) => {
  const page = await open(t);
  await opened(page);
  await paste(page, "<|endoftext|>");
  assert.match(await line(page, "OpenAI o200k").textContent(), new RegExp(`${o200k("<|endoftext|>", { disallowedSpecial: new Set() })}exact`));
  await page.fill("#count-text", "");
  await settle(page);
  assert.equal(await page.locator(".counts").count(), 0);
  assert.equal(await page.locator("#count-status").textContent(), "Its tokens will stand here, by model family.");
});

test("what the core refuses is told in the dialog, and nothing changes", async (t) => {
  const page = await open(t);
  await opened(page);
  await paste(page, "a ".repeat(120_000));
  await page.selectOption("#count-target", "tool_schema_tokens");
  const before = await headline(page);
  await page.locator(".counts [data-count]").first().click();
  await settle(page);
  assert.ok(await page.locator("#count[open]").isVisible());
  assert.match(await page.locator("#count-status.error").textContent(), /^Schema of a tool: .*100000/);
  assert.equal(await headline(page), before);
});

test("tokenizers that do not arrive are told, and counting is tried again with the next text", async (t) => {
  const page = await open(t);
  await page.context().route("**/chunk-*_base-*", (route) => route.abort());
  await opened(page);
  await page.fill("#count-text", "hello");
  await page.waitForSelector("#count-status.error");
  assert.match(await page.locator("#count-status").textContent(), /could not be counted/);
  assert.equal(await page.locator(".counts").count(), 0);
  await page.context().unroute("**/chunk-*_base-*");
  await paste(page, "hello world");
  assert.match(await line(page, "OpenAI o200k").textContent(), /2exact/);
});

test("by keyboard alone: open, count, use", async (t) => {
  const page = await open(t, { path: model("openai/gpt-4o") });
  await page.focus('[data-do="count-text"][data-arg="output_tokens"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector("#count[open]");
  await page.keyboard.insertText("hello world");
  await counted(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "count-target");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await settle(page);
  assert.equal(await value(page, "output_tokens"), "2");
});

test("axe finds nothing, wide and narrow, light and dark; nothing is cut at 390 px", async (t) => {
  for (const viewport of [wide, narrow]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(t, { viewport, colorScheme });
      await opened(page);
      await paste(page, prompt);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], `${viewport.width} ${colorScheme}`);
      const wider = await page.locator("#count").evaluate((box) => box.scrollWidth - box.clientWidth);
      assert.ok(wider <= 0, `${viewport.width}: ${wider} px wider than it shows`);
    }
  }
});
