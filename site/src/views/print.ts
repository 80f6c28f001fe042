// What paper has beside the cost and the open section: the inputs that were given, how each line comes about, and what the
// figures stand on, with sources and dates.

import { answerOr } from '../../../web/tokenbill';
import type { InputInForce } from '../../../web/types';
import { h, type Child, type VElement } from '../vdom';
import { failed, type Page } from '../page';
import { figureText } from './parts';

function table(heads: readonly string[], rows: readonly (readonly Child[])[]): VElement {
  return h('table', null,
    h('thead', null, h('tr', null, heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', null, rows.map(([name, ...cells]) => h('tr', null, h('th', { scope: 'row' }, name), cells.map((cell) => h('td', null, cell))))));
}

/** @param address where the page is at home: paper carries no link */
export function printed(page: Page, address: string): VElement {
  const { estimate, format } = page;
  if (!estimate) return h('div', null);
  const value = (input: InputInForce): string => {
    const option = page.description.parameters.find((p) => p.id === input.id)?.options?.find((one) => one.id === input.value);
    return option?.label ?? figureText(input.id, input.value, input.unit_text, format);
  };
  const given = estimate.inputs.filter((input) => input.origin === 'user');
  // What follows from other inputs has no source of its own.
  const known = estimate.inputs.filter((input) => input.origin !== 'user' && input.origin !== 'derived');
  const lines = estimate.items.filter((item) => item.usd_per_month !== 0).map((item) => {
    const answer = page.ask(`printed:${item.id}`, (core, scenario, today) => answerOr(() => core.explain(scenario, today, item.id)));
    return { item, how: answer && !failed(answer) ? answer : null };
  });
  return h('div', null,
    h('p', null, `Tokenbill, ${address}. Priced on ${format.date(estimate.date)}, prices as of ${format.date(estimate.prices_as_of)}. `,
      'List prices in US dollars; unknown prices are called unknown and never count as 0.'),
    given.length > 0 ? [h('h2', null, 'What was given'), table(['Input', 'Value'], given.map((input) => [input.label, value(input)]))] : null,
    lines.length > 0 ? [h('h2', null, 'How each line comes about'), lines.map(({ item, how }) => h('div', { class: 'printed-line' },
      h('h3', null, h('span', null, item.label), h('span', null, `${format.amount(item.usd_per_month)} USD a month`)),
      how?.formula ? h('p', null, format.localize(how.formula)) : null,
      how?.numbers ? h('p', { class: 'mono' }, format.localize(how.numbers)) : null))] : null,
    h('h2', null, 'What else it stands on'),
    table(['Input', 'Value', 'Origin', 'Source', 'Checked'], known.map((input) =>
      [input.label, value(input), input.origin, input.source, input.checked ? format.date(input.checked) : ''])));
}
