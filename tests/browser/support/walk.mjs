// Goes through the whole page as a curious reader would: every example, section, fold, explanation and dialog.
import { openSection, settle } from "./reader.mjs";

export const sections = ["bill", "models", "caching", "chats", "agent", "savings", "own", "ranges", "budget", "users", "scenarios", "sweep", "usage", "claims"];

const unfold = (page) => page.evaluate(() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});

/** Opens a section with all its folds, once what it computes has come. */
export async function openWhole(page, id) {
  await openSection(page, id, id === "sweep" ? "#sweep-report" : undefined);
  if (id === "models") await page.waitForSelector("#models-chart svg");
  if (id === "own") await page.waitForSelector("#body-own .ways, #body-own .empty");
  await page.waitForFunction(() => !document.querySelector(".section[data-open] [aria-busy=true]"));
  await unfold(page);
  await settle(page);
}

/** Selectors of the controls of this kind that were not met before. */
async function fresh(page, kind, seen) {
  const all = await page.locator(kind).evaluateAll((elements) => elements.map(({ dataset }) => `[data-do=${dataset.do}][data-arg="${dataset.arg}"]${dataset.own === undefined ? "" : "[data-own]"}`));
  return [...new Set(all)].filter((one) => {
    const figure = one.replace(/^\[data-do=[\w-]+\]/, "");
    return !seen.has(figure) && seen.add(figure);
  });
}

export async function closeDialogs(page) {
  await page.evaluate(() => document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()));
}

/** `visit(where)` is called wherever there is something new to read. */
export async function walk(page, visit, { presets = ["chatbot"], explain = true } = {}) {
  const seen = new Set();
  for (const preset of presets) {
    await page.click(`[data-do=preset][data-arg="${preset}"]`);
    await settle(page);
    for (const id of sections) {
      await openWhole(page, id);
      await visit(`${preset}, ${id}`);
      if (!explain) continue;
      for (const door of await fresh(page, `.section[data-open] [data-do=explain], #headline [data-do=explain]`, seen)) {
        await page.evaluate((door) => document.querySelector(`.section[data-open] ${door}, #headline ${door}`)?.click(), door);
        await settle(page);
        await visit(`${preset}, ${id}, ${door}`);
        for (const use of await fresh(page, "#drawer [data-do=explain-use]", seen)) {
          await page.evaluate((use) => document.querySelector(`#drawer ${use}`).click(), use);
          await settle(page);
          await visit(`${preset}, ${id}, ${door}, its part ${use}`);
          await page.click("#drawer [data-do=drawer-back]");
          await settle(page);
        }
        await page.keyboard.press("Escape");
      }
    }
  }
  // A row of the table of models.
  await openWhole(page, "models");
  await page.locator("[data-do=model-card]").nth(2).click();
  await settle(page);
  await visit("a model");
  await page.keyboard.press("Escape");
  for (const [open, name] of [["help", "help"], ["share", "share"]]) {
    await page.click(`[data-do=${open}]`);
    await page.waitForSelector(`dialog#${name}[open]`);
    await visit(name);
    await closeDialogs(page);
  }
  // Counting a text.
  await page.locator("[data-do=count-text]").first().click();
  await page.waitForSelector("dialog#count[open]");
  await page.fill("#count textarea", "What does this cost?");
  await page.waitForSelector("#count table");
  await settle(page);
  await visit("count");
  await closeDialogs(page);
  // What is refused, and what is told.
  for (const text of ["abc", "-5", "99999999999999", "4k 9k"]) {
    await page.fill("#in-prompt_tokens", text);
    await page.locator("#in-prompt_tokens").press("Enter");
    await settle(page);
    await visit(`typed ${text}`);
  }
  await page.locator("#in-prompt_tokens").evaluate((e) => e.closest(".field").querySelector("[data-do=reset]")?.click());
  await page.click("[data-do=copy-link]");
  await page.waitForSelector("#status .banner");
  await visit("copied");
  // Paper.
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await visit("paper");
  await page.emulateMedia({ media: "screen" });
  // Ranges.
  await page.fill("#in-prompt_tokens", "1k to 4k");
  await page.locator("#in-prompt_tokens").press("Enter");
  await settle(page);
  await openWhole(page, "ranges");
  await visit("a range");
  await openWhole(page, "bill");
  await visit("a range, bill");
  await page.click("[data-do=undo]");
  // A budget, a margin, a currency, scenarios beside each other.
  await page.evaluate(() => { for (const [id, text] of [["budget_usd", "5000"], ["price_usd", "20"], ["active_users", "1000"], ["currency_code", "EUR"], ["currency_rate", "0.9"]]) {
    const input = document.querySelector(`#in-${id}`);
    if (!input) throw new Error(id);
    input.value = text;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  } });
  await settle(page);
  await page.locator("[data-do=scenario-add]").first().click();
  await settle(page);
  for (const id of ["budget", "users", "scenarios", "savings"]) {
    await openWhole(page, id);
    await visit(`more inputs, ${id}`);
  }
  // Usage.
  await openWhole(page, "usage");
  await page.click("[data-do=usage-example]");
  await page.waitForSelector(".usage-lines");
  await page.waitForSelector(".usage-steps");
  await unfold(page);
  await visit("usage, read");
}
