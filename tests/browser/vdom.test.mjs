// The virtual tree against a real browser's elements: markup of the build taken over, patches equal to fresh markup.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { bundle } from "../web/support/load.mjs";
import { launch } from "./support/browser.mjs";

let browser;
let page;
before(async () => {
  browser = await launch();
  page = await browser.newPage();
  await page.addScriptTag({ content: await bundle("site/src/vdom.ts", { format: "iife", globalName: "vdom" }) });
});
after(() => browser?.close());

test("a patch leads to the same markup as writing it anew, whatever stood there before", async () => {
  const failures = await page.evaluate(() => {
    const { h, patch, toHtml } = vdom;
    // Small trees from a fixed sequence of numbers; a failure prints both markups.
    let seed = 42;
    const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    const tree = (depth) => {
      const keyed = random(2);
      const keys = [...Array(8).keys()].sort(() => random(3) - 1);
      const children = Array.from({ length: depth ? random(6) : 0 }, (_, i) => (random(4) === 0 ? `text <${random(5)}>`
        : (() => { const child = tree(depth - 1); return keyed ? { ...child, key: String(keys[i]) } : child; })()));
      return h(["div", "span", "b", "i"][random(4)], { class: random(2) ? `c${random(3)}` : null, title: random(3) ? null : `"${random(9)}` }, children);
    };
    const wrong = [];
    for (let round = 0; round < 300; round += 1) {
      const host = document.createElement("div");
      const trees = Array.from({ length: 4 }, () => h("div", null, tree(3)));
      for (const one of trees) {
        patch(host, one);
        const fresh = document.createElement("div");
        patch(fresh, one);
        if (host.outerHTML !== fresh.outerHTML || !host.isEqualNode(fresh)) wrong.push([host.outerHTML, fresh.outerHTML]);
        const parsed = new DOMParser().parseFromString(toHtml(one), "text/html").body.firstChild;
        if (!parsed.isEqualNode(fresh)) wrong.push([parsed.outerHTML, fresh.outerHTML]);
      }
    }
    return wrong.slice(0, 3);
  });
  assert.deepEqual(failures, []);
});

test("markup of the build keeps its elements when it is taken over", async () => {
  const result = await page.evaluate(() => {
    const { h, patch, toHtml } = vdom;
    const view = (n) => h("div", null, h("p", { class: "a" }, "one ", n), h("ul", null, [1, 2, 3].map((k) => h("li", { key: k }, k))),
      h("svg", { width: "100%" }, h("rect", { x: "1%" })));
    const host = new DOMParser().parseFromString(toHtml(view(1)), "text/html").body.firstChild;
    document.body.append(document.adoptNode(host));
    const elements = [...host.querySelectorAll("*")];
    const observed = new MutationObserver(() => {});
    observed.observe(host, { subtree: true, childList: true, characterData: true, attributes: true });
    patch(host, view(1));
    const untouched = observed.takeRecords().length;
    patch(host, view(2));
    return { untouched, changes: observed.takeRecords().length, kept: elements.every((element) => host.contains(element)), text: host.textContent };
  });
  assert.deepEqual(result, { untouched: 0, changes: 1, kept: true, text: "one 2123" });
});

test("rows that change places are moved, not made anew", async () => {
  const kept = await page.evaluate(() => {
    const { h, patch } = vdom;
    const host = document.createElement("ul");
    const list = (keys) => h("ul", null, keys.map((key) => h("li", { key }, key)));
    patch(host, list(["a", "b", "c", "d"]));
    const before = new Map([...host.children].map((child) => [child.textContent, child]));
    patch(host, list(["d", "b", "x", "a"]));
    return [[...host.children].map((child) => child.textContent).join(""), before.get("d") === host.children[0], before.get("b") === host.children[1], before.get("a") === host.children[3]];
  });
  assert.deepEqual(kept, ["dbxa", true, true, true]);
});

test("a field shows the state's value, also after somebody has typed into it", async () => {
  const values = await page.evaluate(() => {
    const { h, patch } = vdom;
    const host = document.createElement("div");
    const view = (value, option) => h("div", null, h("input", { value }), h("select", null, ["a", "b"].map((id) => h("option", { value: id, selected: id === option }, id))));
    patch(host, view("1", "a"));
    const [input, select] = [host.querySelector("input"), host.querySelector("select")];
    input.value = "typed";
    select.value = "b";
    patch(host, view("1", "b"));
    const first = [input.value, select.value];
    patch(host, view("1", "a"));
    return [...first, select.value];
  });
  assert.deepEqual(values, ["1", "b", "a"]);
});
