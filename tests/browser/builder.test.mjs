// embed.html: an author chooses, looks, copies; what was copied works in somebody else's page.
import assert from "node:assert/strict";
import test from "node:test";
import { screenshots } from "./support/browser.mjs";
import { amount, axe, cli, frames, hosts, integrity, month, open, packed, ready, scenarioOf, settle, site, values } from "./support/widgets.mjs";

const permissions = ["clipboard-read", "clipboard-write"];
const wide = { width: 1280, height: 1000 };
async function builder(t, fragment = "", options = {}) {
  const page = await open(t, `${site.url}embed.html${fragment}`, { viewport: wide, permissions, ...options });
  // The core has told the inputs' names, or no input is asked for.
  await page.waitForFunction(() => document.querySelectorAll("#b-inputs option").length > 10 || document.querySelector('[data-do="readonly"]')?.checked);
  return page;
}
const lines = (page, id) => page.locator(`#b-${id}`).inputValue();
/** The widget in the example page, with its first figure. */
async function shown(page) {
  await page.locator("tokenbill-widget").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector("tokenbill-widget").shadowRoot?.querySelector("iframe").style.visibility === "");
  return frames(page)[0];
}
/** The lines have the height of the widget in the example page. */
async function measured(page, frame) {
  await page.waitForFunction((height) => document.getElementById("b-frame").value.includes(`height="${height}"`),
    await frame.evaluate(() => Math.ceil(document.getElementById("widget").getBoundingClientRect().height)));
}
const focused = (page) => page.evaluate(() => {
  const one = document.activeElement;
  return one.id || [one.getAttribute("name"), one.getAttribute("value")].filter(Boolean).join("=") || one.getAttribute("aria-label") || one.textContent.trim();
});
async function tabTo(page, wanted, most = 60) {
  for (let i = 0; i < most; i += 1) {
    if ((await focused(page)) === wanted) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${wanted} is not reached by Tab`);
}

test("a journey by keyboard alone: scenario, colours, language, currency, inputs, copy; a reload shows the same", async (t) => {
  const page = await builder(t);
  await tabTo(page, "b-preset");
  await page.keyboard.type("Agent");
  await tabTo(page, "theme=auto");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "density=comfortable");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "b-lang");
  await page.keyboard.type("Deutsch");
  await tabTo(page, "b-currency");
  await page.keyboard.type("eur");
  await tabTo(page, "b-rate");
  await page.keyboard.type("0.5");
  await tabTo(page, "Take Model out");
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "b-control", "the focus is not lost with the button");
  await page.keyboard.type("answer");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".b-chosen li").length === 2);
  const expected = 'preset="agent" theme="dark" lang="de" density="compact" currency="EUR" rate="0.5" controls="conversations_per_day,output_tokens" title="LLM cost: Research agent"';
  assert.ok((await lines(page, "element")).includes(`<tokenbill-widget ${expected}>`), await lines(page, "element"));
  await tabTo(page, "Copy: With Tokenbill’s script");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("announcer").textContent === "Copied.");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await lines(page, "element"));

  const frame = await shown(page);
  await frame.waitForFunction(() => document.querySelector(".in-currency"));
  assert.equal(await frame.locator("input, select").count(), 4, "two inputs, each a field and a slider");
  assert.equal(await frame.evaluate(() => [document.documentElement.dataset.theme, document.documentElement.lang, document.documentElement.dataset.density].join()), "dark,de,compact");

  const before = await lines(page, "frame");
  await page.reload();
  await page.waitForSelector("[data-live]");
  await shown(page);
  await page.waitForFunction((text) => document.getElementById("b-frame").value === text, before);
  assert.ok((await lines(page, "element")).includes(expected));
});

test("the lines with the script work in a strict page of another origin, with their integrity", async (t) => {
  const page = await builder(t, "#preset=article&theme=light&controls=conversations_per_day,caching");
  values.pasted = await lines(page, "element");
  assert.ok(values.pasted.includes(`integrity="${integrity}" crossorigin="anonymous"`));
  const host = await open(t, `${hosts.url}paste.html`);
  const [frame] = await ready(host);
  assert.equal(await month(frame), "15,000");
  assert.equal(await frame.locator("#in-caching").count(), 1);
  assert.equal(await host.locator("tokenbill-widget").evaluate((one) => one.shadowRoot.querySelector("iframe").title), "LLM cost: The articles’ example, as printed");
  // Other bytes than the integrity names are refused; the link stays.
  values.pasted = values.pasted.replace(/sha384-.{8}/, "sha384-AAAAAAAA");
  const refused = await open(t, `${hosts.url}paste.html`, { expect: [/./] });
  assert.ok(await refused.locator("tokenbill-widget a").isVisible());
  assert.match(refused.problems.join(), /integrity/);
  refused.problems.splice(0, Infinity, /./);
  await page.locator('[data-do="pinned"]').uncheck();
  assert.doesNotMatch(await lines(page, "element"), /integrity/);
});

test("the frame and its link work without any script, at the height seen in the example page", async (t) => {
  const page = await builder(t, "#preset=retrieval&readonly=1");
  const frame = await shown(page);
  await measured(page, frame);
  values.pasted = await lines(page, "frame");
  const host = await open(t, `${hosts.url}paste.html`);
  const [pasted] = await ready(host);
  const figure = amount(cli("estimate", scenarioOf("retrieval")).totals.per_month);
  assert.equal(await month(pasted), figure);
  assert.equal(await pasted.locator("input, select").count(), 0);
  assert.equal(await pasted.evaluate(() => document.documentElement.scrollHeight - innerHeight), 0, "nothing to scroll inside");
  assert.equal(await host.locator("iframe").getAttribute("allow"), "clipboard-write");
  const full = await open(t, await host.locator("p a").getAttribute("href"));
  await full.waitForSelector("html[data-ready]");
  assert.equal(await full.locator("#headline .big-number").textContent(), figure);
});

test("the README lines name a picture that is there; its table and oEmbed answer, too", async (t) => {
  const page = await builder(t, "#preset=vision");
  const [, picture, link] = /^\[!\[LLM cost: Receipts\]\((.*)\)\]\((.*)\)$/.exec(await lines(page, "readme"));
  assert.equal(link, `${site.url}index.html${new URL(link).hash}`);
  const beside = await page.locator("#b-readme + p a").evaluateAll((all) => all.map((one) => one.href));
  for (const url of [picture, ...beside]) assert.equal((await page.request.get(url)).status(), 200, url);
});

test("a pasted link becomes the scenario; what is none is refused in a sentence and changes nothing", async (t) => {
  const page = await builder(t, "#preset=agent");
  const scenario = { ...scenarioOf("article"), name: 'A <b>"bot"</b> | [x]', parameters: { ...scenarioOf("article").parameters, conversations_per_day: 20000 } };
  const paste = async (text) => {
    await page.fill("#b-link", text);
    await page.press("#b-link", "Tab");
    await settle(page);
  };
  for (const [text, words] of [["https://example.org/", /no link to a scenario/], ["#1broken", /damaged/], ["#preset=nothing", /no link/], ["#2abc", /newer version/]]) {
    await paste(text);
    await page.waitForSelector("#b-link[aria-invalid]");
    assert.match(await page.locator("#b-link-note").textContent(), words, text);
    assert.equal(await page.locator("#b-link").inputValue(), text, "for the author to correct");
    assert.match(await lines(page, "element"), /preset="agent"/);
  }
  await paste(`https://elsewhere.example/path/index.html${packed({ scenario })}`);
  await page.waitForFunction(() => document.getElementById("b-element").value.includes(" src="));
  assert.equal(await page.locator("#b-link[aria-invalid]").count(), 0);
  assert.ok((await lines(page, "element")).includes(`src="${site.url}index.html#1`), "the link is one to this site");
  const frame = await shown(page);
  await frame.waitForFunction(() => document.querySelector(".big-number")?.textContent === "30,000");
  await page.waitForFunction(() => document.getElementById("b-readme").value !== "");
  const bill = cli("estimate", scenario);
  const line = await lines(page, "readme");
  assert.ok(line.startsWith(`**A  b "bot" /b  \\| \\[x\\]**: ${amount(bill.totals.per_month)} USD a month on openai/gpt-4o, prices as of ${bill.prices_as_of} ([in Tokenbill](${site.url}index.html#1`), line);
  // Pasted elsewhere, the name is text.
  values.pasted = await lines(page, "element");
  const host = await open(t, `${hosts.url}paste.html`);
  await ready(host);
  assert.equal(await host.locator("b").count(), 0);
});

test("what is set in the widget can be taken over", async (t) => {
  const page = await builder(t, "#preset=article");
  const frame = await shown(page);
  assert.equal(await page.locator('[data-do="keep"]').count(), 0);
  await frame.locator("#in-conversations_per_day").fill("20000");
  await frame.locator("#in-conversations_per_day").press("Enter");
  await page.locator('[data-do="keep"]').click();
  await page.waitForFunction(() => document.getElementById("b-element").value.includes(" src="));
  assert.equal(await page.locator('[data-do="keep"]').count(), 0);
  const again = await open(t, page.url(), { viewport: wide });
  const kept = await shown(again);
  assert.equal(await month(kept), "30,000");
});

test("at most three inputs, found by name; unknown names, currencies and rates are refused beside their field", async (t) => {
  const page = await builder(t);
  const add = async (text) => {
    await page.fill("#b-control", text);
    await page.press("#b-control", "Enter");
    await settle(page);
  };
  await add("nothing like that");
  assert.match(await page.locator("#b-control-note").textContent(), /no input with the name “nothing like that”/);
  await add("Requests in a conversation");
  assert.deepEqual(await page.locator(".b-chosen li").allTextContents(), ["Conversations a day×", "Model×", "Requests in a conversation×"]);
  assert.ok(await page.locator("#b-control").isDisabled());
  assert.match(await lines(page, "frame"), /controls=conversations_per_day,model,turns_per_conversation"/);
  const offered = await page.locator("#b-inputs option").evaluateAll((all) => all.map((one) => one.value));
  assert.equal(new Set(offered).size, offered.length, "each name stands once");
  assert.ok(!offered.includes("Currency"), "what no slider can set is not offered");
  for (const [id, text, words] of [["currency", "euro", /three letters/], ["rate", "much", /a number/]]) {
    await page.locator(`#b-${id}`).evaluate((one) => one.removeAttribute("maxlength"));
    await page.fill(`#b-${id}`, text);
    await page.press(`#b-${id}`, "Tab");
    assert.match(await page.locator(`#b-${id}-note`).textContent(), words);
    assert.doesNotMatch(await lines(page, "element"), /currency|rate=/);
  }
  await page.locator('[data-do="readonly"]').check();
  assert.equal(await page.locator(".b-chosen").count(), 0);
  assert.match(await lines(page, "element"), / readonly /);
});

test("a bad fragment gives the defaults", async (t) => {
  for (const fragment of ["#preset=nothing&theme=plaid&lang=%00&accent=red&host=blue", "#1broken", "#&&&=%"]) {
    const page = await builder(t, fragment);
    await page.waitForSelector("[data-live]");
    assert.match(await lines(page, "frame"), /embed\/v1\/#preset=chatbot/, fragment);
  }
});

test("where copying is refused the lines are selected", async (t) => {
  const page = await builder(t, "", { script: () => Object.defineProperty(navigator, "clipboard", { value: undefined }) });
  await measured(page, await shown(page));
  await page.locator('[data-do="copy"][data-arg="frame"]').click();
  assert.equal(await page.evaluate(() => String(document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd))), await lines(page, "frame"));
  assert.match(await page.locator("#announcer").textContent(), /selected/);
});

test("nothing is stored, nobody else is asked", async (t) => {
  const page = await builder(t, "#preset=agent");
  await shown(page);
  await page.check('input[name="host"][value="dark"]');
  await page.check('input[name="width"][value="narrow"]');
  await settle(page);
  assert.ok((await page.locator(".b-page").boundingBox()).width <= 344);
  assert.match(page.url(), /host=dark&width=narrow$/);
  assert.deepEqual(page.requests.filter((url) => !url.startsWith(site.url) && !url.startsWith("data:")), []);
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length]);
  assert.deepEqual(kept, [0, 0, "", 0, 0]);
});

test("axe finds nothing and nothing is too wide: light and dark, desk and pocket; targets are large enough to touch", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390, 320]) {
      const page = await builder(t, "#preset=retrieval&accent=aa3377", { colorScheme, viewport: { width, height: 900 } });
      await shown(page);
      await page.fill("#b-link", "no link");
      await page.press("#b-link", "Tab");
      await page.check(`input[name="host"][value="${colorScheme === "dark" ? "light" : "dark"}"]`);
      await settle(page);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)]), [], `${width} ${colorScheme}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width} is too wide`);
      const small = await page.evaluate(() => [...document.querySelectorAll("main :is(button, select, input, textarea)")].filter((one) => {
        const target = one.closest("label") ?? one;
        const { width, height } = target.getBoundingClientRect();
        return width < 24 || height < 24;
      }).map((one) => one.outerHTML.slice(0, 80)));
      assert.deepEqual(small, []);
      await page.screenshot({ path: `${screenshots}/builder-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
});

test("the calculator's page leads here, and here leads back", async (t) => {
  const page = await open(t, site.url, { viewport: wide });
  await page.click('.page-foot a[href="embed.html"]');
  await page.waitForSelector("#builder[data-live]");
  await page.click(".wordmark a");
  await page.waitForSelector("html[data-ready]");
});
