// What happens when chats get longer: keep everything, keep a window, keep what fits, or sum up. Turn by turn.

import { ratioWords } from '../format';
import type { Amount, Turn, Turns } from '../../../web/types';
import type { SectionModule } from '../lazy';
import type { Page } from '../page';
import { h, type Child, type VElement } from '../vdom';
import { choiceOf, estimateOf, figureIn, given, inputs, nothing, numberOf, optionLabel, slowly, turnsOf, useButton, useHistory, whenPaused, type Changes } from './asked';
import { amounts, counted, crossing, grip, legend, line, lineSign, plot, stacks, upright, weavesOf, wovenSwatch, type Frame, type Grip, type Part } from './chart';
import { followHandles } from './handles';
import { door } from './parts';

/** So many turns are drawn at most. */
const most_turns = 60;
/** And so many are asked for. */
const most_asked = 500;

interface Strategy {
  readonly id: 'full' | 'window' | 'cap' | 'summary';
  readonly name: string;
  readonly short: string;
  readonly style: string;
  readonly inputs: readonly string[];
}

const strategies: readonly Strategy[] = [
  { id: 'full', name: 'Everything is sent again', short: 'everything', style: 'plain', inputs: ['turn_input_tokens'] },
  { id: 'window', name: 'The last exchanges are kept', short: 'window', style: 'dash', inputs: ['kept_exchanges'] },
  { id: 'summary', name: 'Summed up every few turns', short: 'summaries', style: 'dashdot', inputs: ['summary_every_turns', 'summary_tokens'] },
  { id: 'cap', name: 'As much as fits into a limit', short: 'limit', style: 'dots', inputs: ['history_limit_tokens'] },
];

/** What the bars count. */
let counts: 'usd' | 'tokens' = 'usd';

const token_parts: readonly (readonly [hue: string, of: (turn: Turn) => number, name: string])[] = [
  ['cache_read', (turn) => turn.read_tokens, 'read from the cache'], ['cache_write', (turn) => turn.write_tokens, 'written to it'],
  ['input', (turn) => turn.uncached_tokens, 'at the full price'], ['output', (turn) => turn.output_tokens, 'output'],
];

/** A strategy's turns, as the scenario caches and as it does not. */
interface Told extends Strategy { readonly turns: Turns | null; readonly other: Turns | null }

/** Whether the core takes back something of earlier turns in this one: where a window begins to slide, it counts only the unchanging start
 *  as cached from the beginning. That is no part of a bar. */
const restates = (turn: Turn): boolean => Object.values(turn.by_category).some((usd) => (usd ?? 0) < -1e-12);

/** A turn's bar: the parts of its cost in the bill's order, or its tokens. */
const partsOf = (turn: Turn, hues: readonly string[]): Part[] => (counts === 'tokens' ? token_parts.map(([hue, of]) => ({ hue, size: of(turn) }))
  : restates(turn) ? [{ hue: 'none', size: Math.max(0, turn.usd ?? 0) }] : hues.map((hue) => ({ hue, size: turn.by_category[hue] ?? 0 })));

const cumulative = (turns: Turns | null, turn: number): Amount => turns?.turns[turn - 1]?.cumulative_usd ?? null;

/** The first turn from which b costs less in all than a, or no longer less; in order. */
export function overtakes(a: readonly Turn[], b: readonly Turn[]): { readonly turn: number; readonly cheaper: boolean }[] {
  const found: { turn: number; cheaper: boolean }[] = [];
  let side = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const [p, q] = [a[i]!.cumulative_usd, b[i]!.cumulative_usd];
    if (p === null || q === null) break;
    const now = Math.abs(p - q) <= 1e-9 * Math.max(p, q) ? side : Math.sign(q - p);
    if (now !== side && now !== 0) found.push({ turn: a[i]!.turn, cheaper: now < 0 });
    side = now;
  }
  return found;
}

/** In words, against sending everything. */
export function overtakeWords(name: string, found: ReturnType<typeof overtakes>, last: number): string {
  const [first, second] = found;
  if (!first) return `${name}: the same as sending everything, up to turn ${last}.`;
  const start = first.cheaper ? 'cheaper' : 'dearer';
  if (!second) return `${name}: ${start} in all than sending everything from turn ${first.turn} on, as far as is shown (turn ${last}).`;
  return `${name}: ${start} at first, ${second.cheaper ? 'cheaper' : 'dearer'} in all from turn ${second.turn} on.`;
}

function caching(page: Page): { readonly other: string; readonly label: string } {
  const now = choiceOf(page, 'caching');
  return now === 'off' ? { other: 'automatic', label: 'with the seller’s cache' } : { other: 'off', label: 'without a cache' };
}

/** What belongs to one strategy alone; left out for the others, whose answers it does not change. */
const own_inputs: Readonly<Record<string, readonly string[]>> = {
  window: ['kept_exchanges'], cap: ['history_limit_tokens'], summary: ['summary_every_turns', 'summary_tokens', 'summary_prompt_tokens', 'summary_model'],
};

function tell(page: Page, turns: number): Told[] {
  const { other } = caching(page);
  return strategies.map((strategy) => {
    const spare = Object.fromEntries(Object.entries(own_inputs).flatMap(([id, ids]) => (id === strategy.id ? [] : ids.map((one) => [one, null] as const))));
    const changes: Changes = { ...spare, history: strategy.id };
    return { ...strategy, ...slowly(page, `chats ${strategy.id}`, ['history', ...Object.keys(spare)], turns,
      () => ({ turns: turnsOf(page, changes, turns), other: turnsOf(page, { ...changes, caching: other }, turns) })) };
  });
}

const shared = (page: Page, shown: number): Pick<Frame, 'x' | 'xTitle' | 'xText'> =>
  ({ x: counted(1, shown), xTitle: 'turn of the conversation', xText: (v) => page.format.number(v) });

function lines(page: Page, told: readonly Told[], shown: number, turn: number): Child {
  const { format } = page;
  const all = told.flatMap(({ turns }) => turns?.turns.map((one) => one.cumulative_usd ?? 0) ?? []);
  const frame: Frame = { ...shared(page, shown), y: amounts(Math.max(0, ...all)), height: 240, yTitle: 'USD of inference for the conversation so far', yText: (v) => format.short(v) };
  const full = told[0]!.turns?.turns ?? [];
  const now = choiceOf(page, 'history');
  const style = (one: Told): string => `${one.style}${one.id === now ? ' line-here' : ''}`;
  return [
    plot(frame, 'USD for the conversation so far, by turn, for each way to treat earlier turns', [
      told.map((one) => line(frame, one.turns?.turns.map((t) => [t.turn, t.cumulative_usd] as const) ?? [], style(one))),
      turn <= shown ? upright(frame, turn, `yours: ${format.number(turn)} turns`, 'here') : null,
      told.slice(1).flatMap((one) => overtakes(full, one.turns?.turns ?? []).slice(1).map((found) =>
        crossing(frame, found.turn, cumulative(one.turns, found.turn) ?? 0, `${one.short}: turn ${format.number(found.turn)}`))),
    ], told.map((one) => ({ name: one.short, value: one.turns?.turns.at(-1)?.cumulative_usd ?? null, strong: one.id === now }))),
    legend(told.map((one) => [lineSign(style(one)), one.short] as const)),
  ];
}

const hasHandle: Readonly<Record<string, { readonly id: string; readonly offset: number; readonly label: string; readonly text: (n: string) => string; readonly mark: (n: string) => string }>> = {
  window: { id: 'kept_exchanges', offset: 1.5, label: 'Exchanges kept by the window', text: (n) => `${n} exchanges kept`, mark: (n) => `keeps ${n}` },
  summary: { id: 'summary_every_turns', offset: 0.5, label: 'Requests between summaries', text: (n) => `a summary after every ${n} requests`, mark: (n) => `after every ${n}` },
};

function panel(page: Page, one: Told, hues: readonly string[], shown: number, turn: number, largest: number): VElement {
  const { format } = page;
  const frame: Frame = { ...shared(page, shown), y: amounts(largest), height: 150, yTitle: counts === 'usd' ? 'USD a turn' : 'tokens a turn', yText: (v) => format.short(v) };
  const restated = one.turns?.turns.find(restates)?.turn;
  const handle = hasHandle[one.id];
  const value = handle ? numberOf(page, handle.id) : 0;
  const held: Grip | null = handle ? { id: handle.id, label: handle.label, value, text: handle.text(format.number(value)), along: 'x',
    least: one.id === 'window' ? 0 : 1, most: shown - 1, offset: handle.offset } : null;
  const mark = handle ? value + handle.offset : 0;
  return h('figure', { class: 'panel', key: one.id },
    h('figcaption', null, h('b', null, one.name), one.id === choiceOf(page, 'history') ? [' ', h('span', { class: 'tag' }, 'in use')] : null, ' ', h('code', null, one.id)),
    plot(frame, `${one.name}: ${counts === 'usd' ? 'USD' : 'tokens'} of each turn, in parts`, [
      h('g', { 'aria-hidden': 'true' }, stacks(frame, one.turns?.turns.map((t) => ({ at: t.turn, parts: partsOf(t, hues), faded: t.turn > turn })) ?? [], 'chats')),
      held && mark <= shown + 0.5 ? [upright(frame, mark, handle!.mark(format.number(value)), 'grip'), grip(frame, held, mark, largest * 0.5)] : null,
    ]),
    restated === undefined || counts === 'tokens' ? null : h('p', { class: 'quiet' }, `From turn ${format.number(restated)} on earlier text is dropped, and only the unchanging start counts as cached, from the first turn on: `,
      'the hatched bar makes up for what the turns before it had read from the cache.'),
    one.turns?.problem ? h('p', { class: 'error' }, format.localize(one.turns.problem.message)) : null,
    held && mark > shown + 0.5 ? h('p', { class: 'quiet' }, `${held.text}: more than the turns that are shown, so nothing is dropped.`) : null,
    inputs(page, `chats-${one.id}`, one.inputs));
}

function totals(page: Page, told: readonly Told[], turn: number): VElement {
  const { format } = page;
  const other = caching(page);
  const now = choiceOf(page, 'history');
  const base = cumulative(told[0]!.turns, turn);
  const first = format.column(told.map((one) => cumulative(one.turns, turn)));
  const second = format.column(told.map((one) => cumulative(one.other, turn)));
  const months = told.map((one) => estimateOf(page, { history: one.id }));
  const month = format.column(months.map((estimate) => figureIn(estimate, 'inference_per_month')));
  const words = (a: Amount, b: Amount): string => (a === null || b === null || b === 0 ? '' : ratioWords(a / b, format));
  const amount = (turns: Turns | null, column: (v: Amount) => string): string => {
    const usd = cumulative(turns, turn);
    return usd === null && turns?.problem ? 'impossible' : column(usd);
  };
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Cost of a conversation by strategy' },
    h('table', { class: 'asked chats-table' },
      h('caption', null, `Inference for a conversation of ${format.number(turn)} turns, and of the month with your mean of ${format.number(numberOf(page, 'turns_per_conversation'))}`),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Earlier turns'),
        [`USD, ${choiceOf(page, 'caching') === 'off' ? 'without a cache' : `cache: ${optionLabel(page, 'caching', choiceOf(page, 'caching'))}`}`, 'against everything', `USD, ${other.label}`, 'USD a month'].map((name) => h('th', { scope: 'col', class: 'amount' }, name)),
        h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, 'Use')))),
      h('tbody', null, told.map((one, i) => {
        const text = month(figureIn(months[i]!, 'inference_per_month'));
        return h('tr', { key: one.id, class: one.id === now ? 'chosen' : null },
          h('th', { scope: 'row' }, one.name, h('small', null, ' ', h('code', null, one.id))),
          h('td', { class: 'amount' }, amount(one.turns, first)),
          h('td', { class: 'amount' }, one.id === 'full' ? '' : words(cumulative(one.turns, turn), base)),
          h('td', { class: 'amount' }, amount(one.other, second)),
          h('td', { class: 'amount' }, one.id === now ? door('inference_per_month', text, `${text} USD of inference a month: explain`) : text),
          h('td', { class: 'use-cell' }, one.id === now ? 'in use' : useButton('Use', 'use-history', one.id, `Use this strategy: ${one.name}`)));
      }))));
}

const in_words: Readonly<Record<Strategy['id'], string>> = { full: 'everything sent again', window: 'a window', cap: 'a limit', summary: 'summaries' };

/** Which strategy costs least, and what that leaves out. */
function verdict(page: Page, told: readonly Told[], turn: number): Child {
  const { format } = page;
  const known = told.flatMap((one) => {
    const usd = cumulative(one.turns, turn);
    return usd === null ? [] : [{ id: one.id, usd }];
  }).sort((a, b) => a.usd - b.usd);
  const [best, dearest] = [known[0], known.at(-1)];
  if (!best || !dearest) return null;
  const amount = `${format.amount(best.usd)} USD of inference`;
  if (dearest.usd - best.usd <= 1e-9 * dearest.usd) return h('p', { class: 'sentence' }, `In ${format.number(turn)} turns nothing is dropped yet: a conversation costs ${amount}, whatever the strategy.`);
  return [h('p', { class: 'sentence' }, `A conversation of ${format.number(turn)} turns is cheapest with ${in_words[best.id]}: ${amount}.`),
    best.id === 'full' ? null : h('p', { class: 'quiet' }, 'What is no longer sent is forgotten: what that does to the answers is not counted.')];
}

function turnsTable(page: Page, told: readonly Told[], shown: number): VElement {
  const { format } = page;
  const usd = (one: Told, turn: number): Amount => one.turns?.turns[turn - 1]?.usd ?? null;
  const column = format.column(told.flatMap((one) => one.turns?.turns.map((turn) => turn.usd) ?? []));
  return h('details', { class: 'stands-on' }, h('summary', null, `The ${format.number(shown)} turns as a table`),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Cost of each turn by strategy' },
      h('table', { class: 'asked' }, h('caption', null, 'USD of inference for each turn'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Turn'), told.map((one) => h('th', { scope: 'col', class: 'amount' }, one.short)))),
        h('tbody', null, Array.from({ length: shown }, (_, i) => i + 1).map((turn) => h('tr', { key: turn }, h('th', { scope: 'row' }, format.number(turn)),
          told.map((one) => h('td', { class: 'amount' }, usd(one, turn) === null && one.turns?.problem ? 'impossible' : column(usd(one, turn))))))))));
}

export function view(page: Page): VElement {
  const none = nothing(page, 'Conversations turn by turn appear here as soon as the scenario can be priced.');
  if (none) return none;
  const turn = Math.min(most_asked, Math.max(1, Math.round(numberOf(page, 'turns_per_conversation'))));
  const shown = Math.min(most_turns, Math.max(12, Math.ceil(turn * 1.5)));
  const told = tell(page, Math.max(shown, turn));
  const drawn = told.map((one) => ({ ...one, turns: one.turns && { ...one.turns, turns: one.turns.turns.slice(0, shown) } }));
  const each = drawn.flatMap(({ turns }) => turns?.turns ?? []);
  const hues = page.description.categories.map(({ id }) => id).filter((id) => each.some((t) => (t.by_category[id] ?? 0) > 0));
  const largest = Math.max(0, ...each.map((t) => partsOf(t, hues).reduce((sum, { size }) => sum + Math.max(0, size), 0)));
  const names = Object.fromEntries(page.description.categories.map(({ id, label }) => [id, label]));
  const used = counts === 'usd' ? hues.map((hue) => [hue, names[hue] ?? hue] as const) : token_parts.map(([hue, , name]) => [hue, name] as const);
  const full = drawn[0]!.turns?.turns ?? [];
  return h('div', { class: 'question' },
    weavesOf('chats', ['none', ...used.map(([hue]) => hue)]),
    given(page, 'chats', 'The pictures show what the scenario would cost if they were sent again.'),
    verdict(page, told, turn),
    h('h3', { class: 'asked-title' }, 'The conversation so far'),
    lines(page, drawn, shown, turn),
    h('ul', { class: 'overtakes' }, drawn.slice(1).map((one) => h('li', { key: one.id }, overtakeWords(one.short.charAt(0).toUpperCase() + one.short.slice(1), overtakes(full, one.turns?.turns ?? []), shown)))),
    totals(page, told, turn),
    inputs(page, 'chats', ['turns_per_conversation']),
    h('h3', { class: 'asked-title' }, 'Turn by turn, on one scale'),
    h('div', { class: 'row chips', role: 'group', 'aria-label': 'What the bars count' }, (['usd', 'tokens'] as const).map((id) =>
      h('button', { type: 'button', class: 'chip', 'data-do': 'chats-count', 'data-arg': id, 'aria-pressed': counts === id ? 'true' : 'false' }, id === 'usd' ? 'USD' : 'Tokens'))),
    legend(used.map(([hue, name]) => [wovenSwatch('chats', hue), name] as const)),
    h('p', { class: 'quiet' }, 'Turns beyond yours are pale. Drag the handles, or move them with the arrow keys.'),
    h('div', { class: 'panels' }, drawn.map((one) => panel(page, one, hues, shown, turn, largest))),
    turnsTable(page, drawn, shown));
}

export const clicks: Required<SectionModule>['clicks'] = {
  'use-history': useHistory,
  'chats-count': (_, e) => { counts = e.dataset['arg'] === 'tokens' ? 'tokens' : 'usd'; },
};

export const mounted: Required<SectionModule>['mounted'] = (element, app) => {
  whenPaused(() => app.update());
  followHandles(element, app);
};

