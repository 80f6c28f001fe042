// The menu of what can be taken along: copied, saved, printed.

import { h, type VElement } from '../vdom';

export interface Offered {
  /** The state fits into a link that can be read. */
  readonly short: boolean;
  readonly priced: boolean;
  readonly chart: boolean;
  /** A page on a server can be saved as a file; the file is one already. */
  readonly offline: boolean;
}

export function share({ short, priced, chart, offline }: Offered): VElement {
  const choice = (what: string, label: string, text: string, can = true, why = '') => h('li', { key: what },
    h('button', { type: 'button', class: 'button', 'data-do': 'share-as', 'data-arg': what, 'aria-describedby': `share-${what}`, disabled: !can }, label),
    h('span', { class: 'quiet', id: `share-${what}` }, can ? text : why));
  const unpriced = 'the scenario has no price';
  return h('div', null,
    h('h2', { id: 'share-title' }, 'Share'),
    h('h3', null, 'Copy'),
    h('ul', { class: 'exports' },
      choice('link', 'Link', 'packed; carries everything, other scenarios too'),
      choice('short', 'Short link', 'can be read and changed by hand', short, 'needs one scenario of few plain values: here the packed link only'),
      choice('markdown', 'Markdown', 'the bill as a table with a link', priced, unpriced),
      choice('command', 'Command line', 'the same figures in a terminal')),
    h('h3', null, 'Save'),
    h('ul', { class: 'exports' },
      choice('scenario', 'Scenario', 'JSON, for the command line and the desktop'),
      choice('bill', 'Bill', 'CSV, a row for each line', priced, unpriced),
      choice('models', 'Models', 'CSV, all models with reasons and sources', priced, unpriced),
      choice('chart', 'Chart', 'SVG, the chart in view', chart, 'the open section shows no chart'),
      offline ? choice('offline', 'Offline file', 'HTML, this page with its prices, 3.3 MB; works without a network') : null),
    h('p', { class: 'row' },
      h('button', { type: 'button', class: 'button', 'data-do': 'share-as', 'data-arg': 'print' }, 'Print, or save as PDF'),
      h('button', { type: 'button', class: 'button', 'data-do': 'open-scenario' }, 'Open a scenario file'),
      h('button', { type: 'button', class: 'button', 'data-do': 'share-close' }, 'Close')));
}
