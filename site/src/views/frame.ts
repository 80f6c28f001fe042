// The page's frame: header, tabs or accordion heads, messages, help.

import { h, type Child, type VElement } from '../vdom';
import { sections, type Page } from '../page';

const theme_names = { auto: 'Automatic', light: 'Light', dark: 'Dark' } as const;
const theme_signs = { auto: '◐', light: '○', dark: '●' } as const;

/** Each language is named in its own words, for those who do not read the other one. */
function languageSwitch(page: Page): VElement {
  const [lang, short, name] = page.ui.language === 'en' ? ['de', 'DE', 'DE: diese Seite auf Deutsch'] as const : ['en', 'EN', 'EN: this page in English'] as const;
  return h('button', { type: 'button', class: 'plain', 'data-do': 'language', lang, 'aria-label': name, title: name, disabled: !page.live }, short);
}

export function actions(page: Page): VElement {
  const button = (action: string, label: Child, name: string, disabled = false) =>
    h('button', { type: 'button', class: 'plain', 'data-do': action, 'aria-label': name, title: name, disabled: disabled || !page.live }, label);
  return h('div', { class: 'actions' },
    h('span', { class: 'as-of' }, 'prices as of ', page.estimate ? page.format.date(page.estimate.prices_as_of) : 'unknown'),
    button('undo', '↶', 'Undo', !page.canUndo), button('redo', '↷', 'Redo', !page.canRedo),
    button('copy-link', 'Copy link', 'Copy link to this scenario'),
    button('share', 'Share', 'Share: copy, save or print this scenario'),
    h('a', { class: 'plain docs', href: 'docs/index.html' }, 'Docs'),
    button('theme', theme_signs[page.ui.theme], `Colours: ${theme_names[page.ui.theme]}`),
    languageSwitch(page),
    button('help', '?', 'Keyboard and help'));
}

/** Without the script the tabs are links to the sections, all of which stand below each other. */
export function tabs(page: Page, available: readonly string[]): VElement {
  const live = page.live;
  return h('div', { class: 'tabs', role: live ? 'tablist' : null },
    sections.filter((section) => available.includes(section.id)).map((section) => {
      const active = section.id === page.ui.section;
      return h('a', { href: `#section-${section.id}`, class: 'tab', 'data-do': 'section', 'data-arg': section.id, key: section.id,
        id: `tab-${section.id}`, role: live ? 'tab' : null, 'aria-selected': live ? (active ? 'true' : 'false') : null,
        'aria-controls': live ? `section-${section.id}` : null, tabindex: live && !active ? -1 : null }, section.label);
    }));
}

/** Head of a section on narrow screens: one line of the accordion. */
export function accordionHead(id: string, label: string, page: Page): VElement {
  const open = page.ui.section === id;
  return h('h2', { class: 'section-head' }, page.live
    ? h('button', { type: 'button', 'data-do': 'fold', 'data-arg': id, 'aria-expanded': open ? 'true' : 'false', 'aria-controls': `section-${id}` },
      h('span', null, label), h('span', { 'aria-hidden': 'true' }, open ? '−' : '+'))
    : label);
}

export function status(page: Page): VElement {
  const { prices, ui } = page;
  const left_out = prices.state === 'ready' ? prices.loaded.left_out : [];
  return h('div', null,
    prices.state === 'failed' ? h('div', { class: 'banner', role: 'alert', key: 'failed' },
      h('p', null, h('b', null, 'The prices could not be loaded. '), prices.what, ' ', prices.hint),
      h('p', null, 'The figures below are built in: the first example, as priced when this page was made. They do not follow the inputs.'),
      h('p', { class: 'row' }, h('button', { type: 'button', class: 'button', 'data-do': 'retry' }, 'Retry'),
        h('button', { type: 'button', class: 'button', 'data-do': 'open-file' }, 'Open a local price file'))) : null,
    left_out.length > 0 ? h('details', { class: 'banner', key: 'left-out' },
      h('summary', null, `${left_out.length} ${left_out.length === 1 ? 'entry' : 'entries'} of the price file left out; everything else works`),
      h('ul', null, left_out.map((error) => h('li', null, h('code', null, error.where), ' ', error.message, ' ', error.hint)))) : null,
    ui.message ? h('div', { class: 'banner', role: 'status', key: 'message' }, h('p', null, ui.message),
      ui.linkText ? h('p', null, h('label', { for: 'link-text', class: 'hidden-text' }, 'Text to copy'),
        h('textarea', { id: 'link-text', readonly: true, rows: Math.min(8, ui.linkText.split('\n').length), value: ui.linkText })) : null,
      h('button', { type: 'button', class: 'close', 'data-do': 'dismiss', 'aria-label': 'Close the message' }, '×')) : null);
}

const keys: readonly (readonly [string, string])[] = [
  ['/', 'search the models'], ['Ctrl Z', 'undo (outside text fields)'], ['Ctrl Shift Z', 'redo'], ['Esc', 'close the explanation'],
  ['?', 'this help'],
];

export function help(): VElement {
  return h('div', null,
    h('h2', { id: 'help-title' }, 'Help'),
    h('p', null, 'Start from an example, change what differs. Every figure opens its formula with the numbers, prices and sources. ',
      'Numbers may be typed as 1500, 1.5k, 2M or 3e6; “count …” takes a text and counts its tokens. Any input is found by its name; up to six scenarios stand beside each other. ',
      'The link carries all of them; nothing is sent to a server.'),
    h('p', null, h('span', { class: 'dot', 'aria-hidden': 'true' }), ' an input that differs from its default; ',
      h('span', { class: 'ring', 'aria-hidden': 'true' }), ' a default that is an assumption.'),
    h('p', null, h('a', { href: 'docs/glossary.html' }, 'Glossary'), ': the words of the field in plain sentences.'),
    h('dl', { class: 'keys' }, keys.map(([key, text]) => h('div', null, h('dt', null, h('kbd', null, key)), h('dd', null, text)))),
    h('label', { class: 'check' }, h('input', { type: 'checkbox', id: 'letter-keys', 'data-do': 'letter-keys' }), ' Single-key shortcuts ( / and ? )'),
    h('p', { class: 'row' }, h('button', { type: 'button', class: 'button', 'data-do': 'help-close' }, 'Close')));
}
