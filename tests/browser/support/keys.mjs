// The page as somebody without a pointer uses it: every key is pressed, never a click, and wherever the focus lands it must be
// visible, uncovered and somewhere. A test that imports this file walks with Walker.
import assert from "node:assert/strict";
import { settle } from "./reader.mjs";

/** What the page's focus looks like; null where it is on nothing. Runs in the page. */
function look() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  // The handle of a chart shows the focus by its knob, which is else of the colour of the paper.
  const knob = at.querySelector(":scope > .knob");
  const filled = knob !== null && getComputedStyle(knob).fill !== getComputedStyle(document.documentElement).backgroundColor;
  const inside = (value, least, most) => Math.min(Math.max(value, least), most);
  const x = inside(box.left + box.width / 2, 1, innerWidth - 2);
  const uncovered = [0.15, 0.5, 0.85].some((share) => {
    const y = box.top + box.height * share;
    const hit = y > 0 && y < innerHeight ? document.elementFromPoint(x, y) : null;
    return hit !== null && (at.contains(hit) || hit.contains(at));
  });
  return { name: `${at.localName}${at.id ? `#${at.id}` : ""} “${(at.getAttribute("aria-label") ?? at.textContent).trim().slice(0, 40)}”`, outlined: outlined || filled, uncovered };
}

export class Walker {
  constructor(page) { this.page = page; }

  /** Fails where the focus is lost, cannot be seen, or stands below something else. */
  async check(after) {
    let at = await this.page.evaluate(look);
    if (!at?.outlined || !at.uncovered) {
      // A list that opened at a field closes in the frame after the field is left; curves follow once the reader pauses.
      await this.page.waitForTimeout(300);
      await settle(this.page);
      at = await this.page.evaluate(look);
    }
    assert.ok(at, `after ${after} the focus is on nothing`);
    assert.ok(at.outlined, `after ${after} the focus on ${at.name} cannot be seen`);
    assert.ok(at.uncovered, `after ${after} the focus on ${at.name} is covered or out of the window`);
  }

  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      await settle(this.page);
      await this.check(key);
    }
  }

  /** Types over what a field holds, and leaves it with Enter. */
  async type(text) {
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(text);
    await this.press("Enter");
  }

  /** Tab, or Shift+Tab, up to what the selector names; every stop on the way is checked. */
  async to(selector, { back = false, most = 200 } = {}) {
    for (let i = 0; i < most; i += 1) {
      await this.page.keyboard.press(back ? "Shift+Tab" : "Tab");
      const there = await this.page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
      await this.check(`Tab towards ${selector}`);
      if (there) return;
    }
    assert.fail(`${back ? "Shift+Tab" : "Tab"} never reached ${selector}`);
  }

  /** Opens a section: by the arrow keys along the tabs, or by its line of the accordion. */
  async section(id, ready = `#body-${id} > :not(.empty)`) {
    if (await this.page.locator("#tabs").isVisible()) {
      await this.to(".tab");
      for (let i = 0; i < 20 && !(await this.page.evaluate((wanted) => document.activeElement.id === wanted, `tab-${id}`)); i += 1) await this.press("ArrowRight");
    } else {
      await this.to(`#head-${id} button`);
      if (await this.page.evaluate(() => document.activeElement.getAttribute("aria-expanded")) === "false") await this.press("Enter");
    }
    await this.page.waitForSelector(ready);
    await settle(this.page);
    await this.check(`opening ${id}`);
  }

  /** What was last said to those who hear the page, once it says `text`. */
  async hears(text) {
    await this.page.waitForFunction((wanted) => document.getElementById("announcer").textContent.includes(wanted), text, { timeout: 5000 });
  }
}
