// The page's languages. Views and the core speak English; a text is turned into another language where it enters the tree
// (vdom.ts), by a table that is loaded when it is wanted (translation.ts): site/lang/de.json, keyed by the English texts.

import type { Controller } from './controller';
import { fetchText } from './fetch_text';
import { makeFormat } from './format';
import type { Translate } from './translation';
import { translateWith } from './vdom';

export type Tag = 'en' | 'de';

const as_is: Translate = (text) => text;
let current: Translate = as_is;

/** A text that reaches the reader by another way than the tree. */
export const translate: Translate = (text) => current(text);

const key = 'tokenbill-language';

/** As chosen before; else German where the reader's browser asks for it before English. */
export function preferred(): Tag {
  try {
    const stored = localStorage.getItem(key);
    if (stored === 'de' || stored === 'en') return stored;
  } catch { /* No storage: as the browser has it. */ }
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'de' || tag === 'en') === 'de' ? 'de' : 'en';
}

/** How a language writes numbers: as the reader's country does where it speaks it. English has long been for all, with the system's numbers. */
const localeOf = (tag: Tag): string | undefined => (tag === 'en' ? undefined : navigator.languages.find((one) => one.startsWith(`${tag}-`)) ?? tag);

const written = new WeakMap<Node, string>();

/** What stands in index.html itself, outside of the regions that views fill. */
function translateFrame(): void {
  const turn = (node: Node | null): void => {
    if (!node) return;
    const english = written.get(node) ?? node.nodeValue ?? '';
    written.set(node, english);
    node.nodeValue = current(english);
  };
  for (const element of document.querySelectorAll('title, meta[name=description], .skip, .strapline, .page-foot p, .page-foot a, main [aria-label]:not([id] *)')) {
    turn(element.getAttributeNode('aria-label'));
    turn(element.getAttributeNode('content'));
    for (const child of element.childNodes) if (child.nodeType === Node.TEXT_NODE) turn(child);
  }
}

let asked = 0;

/** The page in another language; English until its texts have come. */
export async function setLanguage(app: Controller, tag: Tag): Promise<void> {
  const request = asked += 1;
  let next = as_is;
  try {
    if (tag !== 'en') {
      const [{ makeTranslate }, table] = await Promise.all([import('./translation'), fetchText(`lang/${tag}.json`)]);
      next = makeTranslate(JSON.parse(table) as Record<string, string>);
    }
  } catch {
    if (request === asked) app.tell('The texts in German could not be loaded, so the page stays in English. Check the connection, then choose German again.');
    return;
  }
  // Somebody has chosen again meanwhile.
  if (request !== asked) return;
  current = next;
  translateWith(tag === 'en' ? null : next);
  document.documentElement.lang = tag;
  app.speak(tag, makeFormat(localeOf(tag)));
  translateFrame();
}

/** A choice of the reader's, which is kept. */
export function chooseLanguage(app: Controller, tag: Tag): void {
  try {
    localStorage.setItem(key, tag);
  } catch { /* No storage: the choice lasts as long as the page. */ }
  void setLanguage(app, tag);
}
