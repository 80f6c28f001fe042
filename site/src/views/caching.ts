// Does caching pay, with which lifetime, and where may a line stand that changes from request to request?

import { ratioWords } from '../format';
import type { Amount, Estimate } from '../../../web/types';
import type { Controller } from '../controller';
import type { SectionModule } from '../lazy';
import type { Page } from '../page';
import { h, type Child, type VElement } from '../vdom';
import { choiceOf, estimateOf, figureIn, inputs, nothing, numberOf, optionLabel, parameterOf, seriesOf, slowly, useButton, whenPaused, type Changes } from './asked';
import { amounts, crossings, grip, legend, line, lineSign, logarithmic, plot, rings, upright, weavesOf, woven, wovenSwatch, type Frame } from './chart';
import { followHandles, type Rule } from './handles';
import { door, sentence } from './parts';

/** Points of a curve of traffic, and of the closer look at a crossing. */
const points = 33;
/** Requests an hour that the axis shows at least. */
const usual = { from: 0.1, to: 1000 };
/** A line that the page proposes: a time stamp. */
const stamp_tokens = 25;

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly estimate: Estimate | null;
  /** Why the model does not offer it; '' where it does. */
  readonly refused: string;
}

/** The core prices a choice that the model lacks as another one, and says so. */
const refusal = (estimate: Estimate | null): string =>
  estimate?.notices.find(({ kind }) => kind === 'not_offered')?.text ?? '';

const choices = (page: Page): Choice[] => slowly(page, 'caching choices', ['caching'], 0, () => parameterOf(page, 'caching').options!.map(({ id }) => {
  const estimate = estimateOf(page, { caching: id });
  return { id, label: id === 'off' ? 'no cache' : optionLabel(page, 'caching', id), estimate, refused: id === 'off' ? '' : refusal(estimate) };
}));

/** What the picture is drawn for: the scenario's choice, or what stands for it where caching is off or the model lacks it. */
function shownChoice(page: Page, all: readonly Choice[]): Choice {
  const offered = all.filter((choice) => choice.refused === '');
  return offered.find((choice) => choice.id === choiceOf(page, 'caching') && choice.id !== 'off')
    ?? offered.find((choice) => choice.id !== 'off') ?? all[0]!;
}

const perRequest = (estimate: Estimate | null): Amount => figureIn(estimate, 'inference_per_request');
/** A figure within a sentence, with its door. */
const explained = (id: string, text: string): VElement => door(id, text, `${text}: explain`);
const ratio = (value: Amount, to: Amount): number | null => (value === null || to === null || to === 0 ? null : value / to);

// The prompt in blocks

interface Block { readonly id: string; readonly name: string; readonly tokens: number }

/** In order, as sent; the line that changes stands where the scenario puts it. */
function blocks(page: Page, estimate: Estimate): { readonly all: readonly Block[]; readonly total: number; readonly line: number; readonly start: number } {
  const of = (id: string): number => figureIn(estimate, id) ?? 0;
  const total = of('average_prompt_tokens');
  const start = of('static_tokens');
  const tokens = Math.min(numberOf(page, 'changing_line_tokens'), total);
  const given = page.state.scenario.parameters?.['tokens_before_changing_line'];
  const before = typeof given === 'number' ? Math.min(start, given * (1 - numberOf(page, 'prompt_trim_ratio'))) : null;
  const retrieved = of('retrieved_tokens');
  const earlier = Math.max(0, total - of('prompt_text_tokens'));
  const changing: Block = { id: 'line', name: 'the line that changes', tokens };
  const kept = { name: 'instructions, examples and tools', id: 'static' };
  const question = Math.max(0, total - start - tokens - retrieved - earlier);
  const tail: Block[] = [{ id: 'history', name: 'earlier turns', tokens: earlier }, { id: 'retrieved', name: 'retrieved text', tokens: retrieved }];
  const all: Block[] = before === null ? [{ ...kept, tokens: start }, ...tail, changing, { id: 'question', name: 'the question', tokens: question }]
    : [{ ...kept, tokens: before }, changing, { ...kept, id: 'static', name: 'the same, after that line', tokens: start - before }, ...tail,
      { id: 'question', name: 'the question', tokens: question }];
  const placed = all.filter((block) => block.tokens > 0);
  const at = all.slice(0, all.indexOf(changing)).reduce((sum, block) => sum + block.tokens, 0);
  return { all: placed, total, line: at + tokens / 2, start };
}

function strip(page: Page, estimate: Estimate): Child {
  const { format } = page;
  const { all, total, line: at, start } = blocks(page, estimate);
  if (total <= 0) return null;
  const share = (tokens: number): string => `${(tokens / total) * 100}%`;
  const of = (id: string): number => figureIn(estimate, id) ?? 0;
  const found = of('cacheable_tokens');
  const frame: Frame = { x: { from: 0, to: total, log: false, marks: [] }, y: { from: 0, to: 1, log: false, marks: [] }, height: 100,
    xTitle: '', yTitle: '', xText: String, yText: String };
  let x = 0;
  const drawn = all.map((block, i) => {
    const from = x;
    x += block.tokens;
    return h('rect', { class: `block block-${block.id}`, x: share(from), y: 28, width: share(block.tokens), height: 40, key: `${block.id}${i}` });
  });
  const billed = ([['cache_read', 'cache_read_tokens'], ['cache_write', 'cache_write_tokens'], ['input', 'uncached_tokens']] as const);
  let y = 0;
  const has_line = numberOf(page, 'changing_line_tokens') > 0;
  const tokens = (value: number): string => `${format.number(value < 100 ? Number(value.toPrecision(3)) : Math.round(value))} tokens`;
  return [
    h('svg', { class: 'plot-area blocks', width: '100%', height: 100, 'data-height': 100, role: 'group', 'aria-label': 'The prompt of a request, on average' },
      h('g', { 'aria-hidden': 'true' },
        found > 0 ? h('g', { class: 'bracket' }, h('rect', { x: 0, y: 18, width: share(Math.min(found, total)), height: 4 }),
          h('text', { x: 0, y: 12 }, `found by other conversations: ${tokens(found)}`)) : h('text', { class: 'none', x: 0, y: 12 }, 'nothing that other conversations could find'),
        drawn,
        billed.map(([hue, id]) => {
          const from = y;
          y += of(id);
          return h('rect', { x: share(from), y: 78, width: share(of(id)), height: 14, fill: woven('caching', hue) });
        })),
      has_line ? grip(frame, { id: 'tokens_before_changing_line', label: 'Place of the line that changes: unchanging text before it', value: at, along: 'x',
        text: `${tokens(at)} before it; ${tokens(found)} can be found in the cache`, least: 0, most: Math.max(1, Math.round(total)) }, Math.min(at, total), 0.52) : null),
    h('dl', { class: 'block-list' }, all.map((block, i) => h('div', { key: `${block.id}${i}` },
      h('dt', null, h('svg', { class: `swatch`, width: 12, height: 12, 'aria-hidden': 'true' }, h('rect', { class: `block-${block.id}`, width: 12, height: 12 })), block.name),
      h('dd', null, tokens(block.tokens))))),
    legend(billed.map(([hue, id]) => [wovenSwatch('caching', hue), [{ cache_read: 'read from the cache ', cache_write: 'written to it ', input: 'at the full price ' }[hue],
      door(id, h('b', null, tokens(of(id))), `${tokens(of(id))}: explain`)]] as const)),
    h('p', { class: 'quiet' }, `One request on average over a conversation: ${tokens(total)} of text, `,
      explained('cached_ratio', `${format.percent(figureIn(estimate, 'cached_ratio'))} of them read from the cache`),
      '. What stands before the first change can be found; all after it is new.',
      has_line && start > 0 ? ' Drag the handle, or move it with the arrow keys.' : ''),
  ];
}

/** What each place of the line comes to, side by side. */
function places(page: Page, choice: Choice): VElement {
  const { format } = page;
  const tokens = numberOf(page, 'changing_line_tokens') || stamp_tokens;
  const base: Changes = { caching: choice.id };
  const start = figureIn(choice.estimate, 'static_tokens') ?? 0;
  const rows: readonly (readonly [string, string, Changes])[] = [
    ['none', 'no such line', { ...base, changing_line_tokens: 0 }],
    ['end', 'at the end, with the question', { ...base, changing_line_tokens: tokens, tokens_before_changing_line: null }],
    ['after', 'after the unchanging part', { ...base, changing_line_tokens: tokens, tokens_before_changing_line: stop(page, start) }],
    ['front', 'at the very front', { ...base, changing_line_tokens: tokens, tokens_before_changing_line: 0 }],
  ];
  const estimates = slowly(page, 'caching places', ['caching', 'tokens_before_changing_line'], choice.id,
    () => rows.map(([id, label, changes]) => ({ id, label, estimate: estimateOf(page, changes) })));
  const without = perRequest(estimates[0]!.estimate);
  const column = format.column(estimates.map(({ estimate }) => perRequest(estimate)));
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Places of a line that changes' },
    h('table', { class: 'asked' },
      h('caption', null, `What a line of ${format.number(tokens)} tokens that changes from request to request costs by its place, with ${phrase(choice)}`),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Place'), ['can be found', 'read', 'USD a request', 'difference'].map((name) => h('th', { scope: 'col', class: 'amount' }, name)),
        h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, 'Use')))),
      h('tbody', null, estimates.map(({ id, label, estimate }) => h('tr', { key: id }, h('th', { scope: 'row' }, label),
        h('td', { class: 'amount' }, format.number(figureIn(estimate, 'cacheable_tokens'))),
        h('td', { class: 'amount' }, format.percent(figureIn(estimate, 'cached_ratio'))),
        h('td', { class: 'amount' }, column(perRequest(estimate))),
        h('td', { class: 'amount' }, id === 'none' ? '' : ratioWords(ratio(perRequest(estimate), without), format)),
        h('td', { class: 'use-cell' }, useButton('Use', 'line-place', id, `Use this place: ${label}`)))))));
}

// Stops of the handle, as values of the parameter: what it counts is trimmed before it is sent.

const stop = (page: Page, tokens: number): number => Math.max(0, Math.ceil(tokens / (1 - numberOf(page, 'prompt_trim_ratio')) - 1e-9)) || 0;

const rule: Rule = {
  settle(place, app) {
    const start = figureIn(app.estimate, 'static_tokens') ?? 0;
    const total = figureIn(app.estimate, 'average_prompt_tokens') ?? 0;
    if (place > (start + total) / 2) return null;
    return place >= start * 0.98 ? stop(app, start) : stop(app, place < 100 ? Math.round(place) : Number(place.toPrecision(2)));
  },
  step(direction, app) {
    const start = figureIn(app.estimate, 'static_tokens') ?? 0;
    const stops: (number | null)[] = [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => stop(app, start * share))), null];
    const now = app.state.scenario.parameters?.['tokens_before_changing_line'];
    if (typeof now !== 'number') return direction > 0 ? null : stops.at(-2)!;
    const next = direction > 0 ? stops.find((one) => one === null || one > now) : stops.findLast((one) => one !== null && one < now);
    return next === undefined ? now : next;
  },
};

// Cost over traffic

interface Curve { readonly id: string; readonly usd: readonly Amount[]; readonly pays: number | null | 'always' | 'never' }
/** From here on this choice costs less than none, or is the cheapest of all. */
interface Mark { readonly id: string; readonly word: 'pays' | 'is cheapest'; readonly x: number; readonly y: number }
interface Traffic { readonly xs: readonly number[]; readonly curves: readonly Curve[]; readonly marks: readonly Mark[] }

/** What a request costs with each choice along the conversations a day, and where the cheapest changes. */
function curvesOf(page: Page, ids: readonly string[], from: number, to: number): Traffic {
  const figure = 'inference_per_request';
  const ask = (id: string, low: number, high: number) => seriesOf(page, { caching: id }, { id: 'conversations_per_day', scale: 'log', steps: points, from: low, to: high }, [figure]);
  const series = ids.map((id) => ask(id, from, to));
  const xs = series[0]?.values ?? [];
  const usd = series.map((one) => one?.figures[figure] ?? []);
  const off = usd[0] ?? [];
  /** A crossing between two neighbouring points, looked at again. */
  const refined = (a: string, b: string, x: number) => {
    const after = Math.max(1, xs.findIndex((value) => value >= x));
    const [p, q] = [ask(a, xs[after - 1]!, xs[after]!), ask(b, xs[after - 1]!, xs[after]!)];
    return p && q ? crossings(p.values, p.figures[figure]!, q.figures[figure]!, true)[0] : undefined;
  };
  const marks: Mark[] = [];
  const mark = (id: string, word: Mark['word'], found: { x: number; y: number } | undefined): void => {
    if (found && !marks.some((one) => Math.abs(one.x / found.x - 1) < 0.01)) marks.push({ id, word, x: found.x, y: found.y });
  };
  const curves = ids.map((id, k): Curve => {
    const first = crossings(xs, off, usd[k]!, true).find((one) => one.falls);
    const found = first && (refined('off', id, first.x) ?? first);
    // Of two that are priced alike the one with a name of its own is marked.
    if (id !== 'automatic') mark(id, 'pays', found);
    const [mine, none] = [usd[k]!.at(-1) ?? null, off.at(-1) ?? null];
    return { id, usd: usd[k]!, pays: id === 'off' ? null : found ? found.x : mine !== null && none !== null && mine < none ? 'always' : 'never' };
  });
  const cheapest = xs.map((_, i) => usd.reduce<number | null>((best, values, k) => {
    const value = values[i] ?? null;
    if (value === null || best === null) return value === null ? best : k;
    const lowest = usd[best]![i]!;
    return value < lowest * (1 - 1e-9) || (ids[best] === 'automatic' && value <= lowest * (1 + 1e-9)) ? k : best;
  }, null));
  cheapest.forEach((best, i) => {
    const before = cheapest[i - 1] ?? null;
    if (best !== null && before !== null && best !== before) mark(ids[best]!, 'is cheapest', refined(ids[before]!, ids[best]!, xs[i]!));
  });
  return { xs, curves, marks: marks.sort((a, b) => a.x - b.x) };
}

const styles: Readonly<Record<string, string>> = { off: 'plain', automatic: 'dots', '5m': 'dash', '30m': 'long', '1h': 'dashdot', stored: 'sparse' };

function traffic(page: Page, all: readonly Choice[], shown: Choice): Child {
  const { format } = page;
  const conversations = numberOf(page, 'conversations_per_day');
  const a_day = figureIn(page.estimate, 'requests_per_day');
  if (a_day === null || conversations <= 0) return h('p', { class: 'empty' }, 'Without traffic there is no cost of a request. Give the conversations a day.');
  // The axis is conversations a day; people think of requests an hour.
  const hourly = a_day / conversations / numberOf(page, 'active_hours_per_day');
  const here = conversations * hourly;
  const span = { from: Math.min(usual.from, 10 ** Math.floor(Math.log10(here))), to: Math.max(usual.to, 10 ** Math.ceil(Math.log10(here) + 0.01)) };
  const offered = all.filter((choice) => choice.refused === '');
  const { xs, curves, marks } = slowly(page, 'caching traffic', ['conversations_per_day', 'caching'], span,
    () => curvesOf(page, offered.map(({ id }) => id), span.from / hourly, Math.min(1e9, span.to / hourly)));
  const names = Object.fromEntries(all.map(({ id, label }) => [id, label]));
  const now = choiceOf(page, 'caching');
  const estimates = new Map(all.map(({ id, estimate }) => [id, estimate]));
  // Without traffic a stored cache costs any amount a request: its line may leave the picture.
  const all_usd = curves.flatMap(({ usd }) => usd.map((value) => value ?? 0));
  const largest = Math.min(Math.max(0, ...all_usd), 3 * Math.max(0, ...(curves[0]?.usd ?? []).map((value) => value ?? 0)));
  const frame: Frame = { x: logarithmic(span.from, span.to), y: amounts(largest), height: 260,
    xTitle: 'requests an hour while there is traffic, logarithmic', yTitle: 'USD of inference a request', xText: (v) => format.short(v), yText: (v) => format.short(v) };
  const style = (id: string): string => `${styles[id] ?? 'plain'}${id === shown.id ? ' line-here' : ''}`;
  const rateText = (value: number): string => `${format.number(Number(value.toPrecision(3)))} an hour`;
  const costs = curves.map(({ id }) => perRequest(estimates.get(id) ?? null));
  const column = format.column(costs);
  const cell = (text: string) => h('td', { class: 'amount' }, text);
  return [
    h('h3', { class: 'asked-title' }, 'Does it pay at your traffic?'),
    plot(frame, 'USD of inference a request, by requests an hour, for each way to cache', [
      curves.map((curve) => line(frame, curve.usd.map((usd, i) => [xs[i]! * hourly, usd !== null && usd > frame.y.to ? null : usd] as const), style(curve.id))),
      upright(frame, here, `you are here: ${rateText(here)}`, 'here'),
      rings(frame, marks.map((mark) => ({ x: mark.x * hourly, y: mark.y, text: `${names[mark.id]} ${mark.word} from ${rateText(mark.x * hourly)}` }))),
    ], curves.map((curve) => ({ name: names[curve.id]!, value: curve.usd.at(-1) ?? null, strong: curve.id === shown.id }))),
    legend(curves.map((curve) => [lineSign(style(curve.id)), names[curve.id]] as const)),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Ways to cache' },
      h('table', { class: 'asked' }, h('caption', null, `A request at ${rateText(here)}; a cache pays from the traffic at which it becomes cheaper than none`),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Prefix cache'),
          ['USD a request', 'against none', 'pays from', 'from a hit rate', 'from uses', 'hit rate now'].map((name) => h('th', { scope: 'col', class: 'amount' }, name)),
          h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, 'Use')))),
        h('tbody', null, curves.map(({ id, pays }, k) => {
          const estimate = estimates.get(id) ?? null;
          const by_use = id !== 'off' && id !== 'stored';
          return h('tr', { key: id, class: id === now ? 'chosen' : null }, h('th', { scope: 'row' }, names[id]),
            cell(column(costs[k]!)), cell(id === 'off' ? '' : ratioWords(ratio(costs[k]!, costs[0]!), format)),
            cell(pays === null ? '' : typeof pays === 'number' ? rateText(pays * hourly) : pays === 'always' ? 'any traffic' : 'no traffic'),
            cell(by_use ? format.percent(figureIn(estimate, 'cache_break_even_hit_ratio')) : ''), cell(by_use ? format.number(figureIn(estimate, 'cache_break_even_uses')) : ''),
            cell(id === 'off' || figureIn(estimate, 'cacheable_tokens') === 0 ? '' : format.percent(figureIn(estimate, 'hit_ratio'))),
            h('td', { class: 'use-cell' }, id === now ? 'in use' : useButton('Use', 'use-caching', id, `Use: ${names[id]}`)));
        })))),
    h('ul', { class: 'quiet' }, all.filter((choice) => choice.refused !== '').map((choice) => h('li', { key: choice.id }, `${sentence(choice.label)}: ${format.localize(choice.refused)}`))),
  ];
}

/** In a sentence: "with …". */
const phrase = ({ id, label }: Choice): string => ({ automatic: 'the seller’s own cache', stored: 'a stored cache' }[id] ?? `a cache of ${label}`);

/** Whether it pays now, in a sentence or two. */
function verdict(page: Page, all: readonly Choice[], shown: Choice, without: Estimate | null): VElement {
  const { format } = page;
  const [on, off] = [perRequest(shown.estimate), perRequest(without)];
  if (shown.id === 'off') return h('p', { class: 'sentence' }, format.localize(all.find((choice) => choice.refused !== '')?.refused ?? 'This model offers no prefix cache.'));
  const pays = on !== null && off !== null && on < off;
  const now = choiceOf(page, 'caching') !== 'off';
  const hits = figureIn(shown.estimate, 'cache_break_even_hit_ratio');
  const uses = figureIn(shown.estimate, 'cache_break_even_uses');
  const words = ratioWords(ratio(on, off), format);
  return h('div', { class: 'answer' },
    h('p', { class: 'sentence' }, pays ? (now ? 'Caching pays. ' : 'Caching would pay. ') : now ? 'Caching does not pay here. ' : 'Caching would not pay here. ',
      `With ${phrase(shown)} a request takes `, now ? explained('inference_per_request', `${format.amount(on)} USD`) : `${format.amount(on)} USD`,
      ` of inference, without ${format.amount(off)}`, words && words !== 'the same' ? `: ${words}.` : '.'),
    h('p', null, shown.id === 'stored' ? 'A stored cache is paid by the hour, however often it is used: traffic decides.'
      : hits === 0 ? 'Writing costs no more than plain input here: it pays from the first request that finds the prefix.'
        : [`A prefix written once pays from `, now ? explained('cache_break_even_uses', `${format.number(uses)} uses`) : `${format.number(uses)} uses`,
          ' within its lifetime on, or from a hit rate of ', now ? explained('cache_break_even_hit_ratio', format.percent(hits)) : format.percent(hits), '.'],
    figureIn(shown.estimate, 'cacheable_tokens') === 0 ? ' But no other conversation can find anything of this prompt: what stands before its first change is shorter than the model caches.'
      : [' The first request of a conversation finds the prefix with a chance of ',
        now ? explained('hit_ratio', format.percent(figureIn(shown.estimate, 'hit_ratio'))) : format.percent(figureIn(shown.estimate, 'hit_ratio')),
        page.state.scenario.parameters?.['cache_hit_ratio'] === undefined ? ', which follows from traffic and lifetime.' : ', as you give it.']),
    now || !pays ? null : h('p', { class: 'row' }, useButton(`Use ${phrase(shown)}`, 'use-caching', shown.id)));
}

export function view(page: Page): VElement {
  const none = nothing(page, 'The prompt in blocks and what a cache saves appear here as soon as the scenario can be priced.');
  if (none) return none;
  const all = choices(page);
  const found = shownChoice(page, all);
  const asked = choiceOf(page, 'caching');
  const now = asked !== 'off';
  // The others may be of a moment ago.
  const shown = { ...found, estimate: now ? page.estimate : estimateOf(page, { caching: found.id }) };
  const off = asked === 'off' ? page.estimate : estimateOf(page, { caching: 'off' });
  const cached = shown.id !== 'off';
  return h('div', { class: 'question' },
    weavesOf('caching', ['cache_read', 'cache_write', 'input']),
    verdict(page, all, shown, off),
    h('h3', { class: 'asked-title' }, 'The prompt, in the order in which it is sent'),
    !cached || asked === shown.id ? null : h('p', { class: 'note' }, now ? page.format.localize(all.find(({ id }) => id === asked)?.refused ?? '')
      : `Caching is off in your scenario: all of it is paid in full. The picture shows ${phrase(shown)}.`),
    shown.estimate ? strip(page, shown.estimate) : null,
    numberOf(page, 'changing_line_tokens') > 0 ? null : h('p', { class: 'row' },
      useButton(`Put a time stamp of ${stamp_tokens} tokens at the front`, 'line-place', 'front'), useButton('… or at the end', 'line-place', 'end', `… or at the end: a time stamp of ${stamp_tokens} tokens`)),
    cached ? places(page, shown) : null,
    inputs(page, 'caching', ['static_prefix_tokens', 'changing_line_tokens', 'tokens_before_changing_line', 'cache_hit_ratio']),
    traffic(page, all, shown),
    inputs(page, 'caching', ['conversations_per_day', 'active_hours_per_day', 'turn_gap_minutes']));
}

function placeLine(app: Controller, place: string): void {
  const start = figureIn(app.estimate, 'static_tokens') ?? 0;
  const tokens = numberOf(app, 'changing_line_tokens') || stamp_tokens;
  const at = { front: 0, after: stop(app, start), end: null, none: null }[place] ?? null;
  app.setParameters({ changing_line_tokens: place === 'none' ? 0 : tokens, tokens_before_changing_line: at }, `line:${place}`);
}

export const clicks: Required<SectionModule>['clicks'] = {
  'use-caching': (app, e) => app.setParameter('caching', e.dataset['arg']!, 'caching'),
  'line-place': (app, e) => placeLine(app, e.dataset['arg']!),
};

export const mounted: Required<SectionModule>['mounted'] = (element, app) => {
  whenPaused(() => app.update());
  followHandles(element, app, { tokens_before_changing_line: rule });
};
