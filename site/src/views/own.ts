// Own GPUs or somebody's API: what each way to buy costs, from which volume it pays, and what would change the choice.

import { ratioWords } from '../format';
import { Decider, type Made } from '../decider';
import { loadHardware } from '../hardware';
import type { Amount, CoreFailure, Decision, Flip, Parameter, VolumeCrossing, WayToBuy } from '../../../web/types';
import type { SectionModule } from '../lazy';
import { failed, isChanged, isRatio, valueOf, type Page } from '../page';
import { idle } from '../relevance';
import { stepped } from '../slider';
import { h, type Child, type VElement } from '../vdom';
import { choiceOf, figureIn, nothing, numberOf, parameterOf, useButton } from './asked';
import { area, around, grip, line, lineSign, logarithmic, plot, rings, upright, valueAt, weavesOf, type Frame, type Scale } from './chart';
import { field } from './form';
import { followHandles, heldScale, type Rule } from './handles';
import { detail, doorOf, figureOfOwn, openDeployments, serves } from './own_detail';
import { door, fieldText } from './parts';

const prefix = 'own';
/** Moved by the handle. */
const volume = 'conversations_per_day';

type Id = WayToBuy['id'];
const short: Readonly<Record<Id, string>> = { api: 'chosen model', hosted: 'hosted', capacity: 'provisioned', own: 'own capacity', small: 'small model', hybrid: 'hybrid' };
const dashes: Readonly<Record<Id, string>> = { api: 'plain', hosted: 'dash', capacity: 'dashdot', own: 'long', small: 'dots', hybrid: 'sparse' };

let decider: Decider | null = null;

/** Where no page is mounted, as in the tests, the core is asked at once. */
function decided(page: Page): { readonly made: Made | null; readonly late: boolean } {
  const { scenario } = page.state;
  if (decider) return decider.ask(scenario, page.prices);
  const answer = page.ask('decide', (core, _, today) => core.decide(scenario, today));
  return { made: answer && { answer, scenario }, late: false };
}

const lineOf = ({ id, allowed }: WayToBuy, best: Decision['best']): string => `${dashes[id]} line-of-${id}${id === best ? ' line-best' : ''}${allowed ? '' : ' line-out'}`;

// In words

/** The core's verdict without what buttons tell below it, a host by its name instead of its key. */
function verdict(decision: Decision, page: Page): Child {
  const host = decision.choices.find(({ id, what }) => id === 'hosted' && what !== '');
  const told = host ? decision.verdict.replaceAll(host.what, page.catalog?.models.find(({ key }) => key === host.what)?.name ?? host.what) : decision.verdict;
  const [first, ...more] = page.format.localize(told).split(/(?<=\.) (?=Own capacity costs|With ")/);
  return [h('p', { class: 'sentence' }, first), more.filter((text) => decision.flips.length === 0 || !text.startsWith('With "')).map((text) => h('p', null, text))];
}

// The ways to buy

const same = (a: Amount, b: Amount): boolean => a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** The amount with the door to where it comes from; an amount that no figure stands for has none. */
function amountOf(choice: WayToBuy, text: string, page: Page): Child {
  const name = `${choice.label}: ${text} USD a month: explain`;
  if (choice.usd_per_month === null) return text;
  if (choice.id === 'hosted' && numberOf(page, 'capacity_units') === 0) return door('inference_per_month', text, name, choice.what);
  if ((choice.id === 'api' || choice.id === 'capacity') && same(choice.usd_per_month, figureIn(page.estimate, 'inference_per_month'))) return door('inference_per_month', text, name);
  if ((choice.id !== 'own' && choice.id !== 'small' && choice.id !== 'hybrid') || choice.usd_on_gpus === null) return text;
  const explained = doorOf(choice.id);
  const band = bandOf(choice, page);
  const between = band === '' ? null : h('small', { class: 'between', title: 'With the throughput between which 80 % of measurements lie' }, band);
  if (same(choice.usd_per_month, choice.usd_on_gpus)) return [explained('own_total', text, name), between];
  const part = `${page.format.amount(choice.usd_on_gpus)} USD`;
  return [text, h('small', null, 'of it ', explained('own_total', part, `${choice.label}: ${part} a month: explain`), ` on GPUs`), between];
}

/** "17 900 to 24 100", empty where both are the same: whole replicas absorb a little more or less. */
const bandOf = ({ usd_low: low, usd_high: high }: WayToBuy, { format }: Page): string =>
  (low === null || high === null || same(low, high) ? '' : `${format.amount(low)} to ${format.amount(high)}`);

/** Of a host the name in the price list. */
function whatOf({ id, what }: WayToBuy, page: Page): string {
  const model = id === 'hosted' ? page.catalog?.models.find(({ key }) => key === what) : undefined;
  const seller = page.catalog?.sellers.find((one) => one.id === model?.seller);
  return model ? `${model.name} · ${seller?.name ?? model.seller}` : page.format.localize(what);
}

function choices(decision: Decision, page: Page): VElement {
  const { format } = page;
  const column = format.column(decision.choices.map(({ usd_per_month }) => usd_per_month));
  const cheapest = decision.choices.find(({ id }) => id === decision.best)?.usd_per_month ?? null;
  return h('table', { class: 'asked fits ways' },
    h('caption', null, `Ways to buy ${format.number(Math.round(decision.requests_per_month))} requests a month, inference with tools and helper requests`),
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Way'), h('th', { scope: 'col', class: 'amount' }, 'USD a month'), h('th', { scope: 'col', class: 'amount' }, 'against the cheapest'))),
    h('tbody', null, decision.choices.map((choice) => {
      const best = choice.id === decision.best;
      const usd = choice.usd_per_month;
      const out = !choice.allowed || usd === null;
      return h('tr', { key: choice.id, class: best ? 'chosen' : out ? 'excluded' : null },
        h('th', { scope: 'row' }, h('span', { class: 'way' }, lineSign(lineOf(choice, decision.best)), choice.label, best ? [' ', h('span', { class: 'tag' }, 'cheapest')] : null, choice.allowed ? null : [' ', h('span', { class: 'tag' }, 'out')]),
          choice.what ? h('small', null, whatOf(choice, page)) : null,
          choice.reason ? h('small', { class: 'reason' }, format.localize(choice.reason)) : null,
          choice.note ? h('small', null, format.localize(choice.note)) : null),
        h('td', { class: 'amount' }, amountOf(choice, column(usd), page)),
        h('td', { class: 'amount against' }, best || usd === null || cheapest === null || cheapest === 0 ? '' : ratioWords(usd / cheapest, format)));
    })));
}

// The picture

/** Whole decades around what is drawn: they stay as they are while somebody moves within one. */
function decades(values: readonly number[], outwards: boolean): Scale {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  const [from, to] = outwards ? [Math.floor(low), Math.max(Math.floor(low) + 1, Math.ceil(high))] : [Math.round(low), Math.round(high)];
  return logarithmic(10 ** from, 10 ** to);
}

const clamped = ({ from, to }: Pick<Scale, 'from' | 'to'>, value: number): number => Math.min(Math.max(value, from), to);
/** Ways that are drawn with their band; the hybrid's is that of own capacity, made narrower. */
const banded: readonly Id[] = ['own', 'small'];

const within = ({ from, to }: Pick<Scale, 'from' | 'to'>, value: number): boolean => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9);

/** Requests a month for each conversation a day: what the handle's place means. */
let per_conversation = 1;

/** Of two ways that cross several times, since capacity grows by whole GPUs, only the last crossing is told in the picture. */
const lasting = (crossings: readonly VolumeCrossing[]): VolumeCrossing[] => {
  const pair = ({ below, above }: VolumeCrossing): string => [below, above].sort().join();
  return crossings.filter((one, i) => !crossings.slice(i + 1).some((later) => pair(later) === pair(one)));
};

const requests = (value: number, page: Page): string => page.format.short(Number(value.toPrecision(3)));

function chart(made: Made, decision: Decision, page: Page): Child {
  const { format } = page;
  const then = made.scenario.parameters?.[volume];
  const conversations = typeof then === 'number' ? then : Number(parameterOf(page, volume).default);
  const { volumes, crossings, best } = decision;
  const all = decision.choices.filter(({ curve }) => curve.some((usd) => usd !== null && usd > 0));
  if (volumes.length === 0 || conversations <= 0 || all.length === 0) return h('p', { class: 'empty' }, 'Without traffic nothing can be compared. Give the conversations a day.');
  per_conversation = decision.requests_per_month / conversations;
  const here = numberOf(page, volume) * per_conversation;
  const held = heldScale(volume);
  const x = held ? logarithmic(held.from, held.to) : decades([volumes[0]!, volumes.at(-1)!], false);
  const points = all.map(({ curve }) => volumes.flatMap((at, i) => (within(x, at) ? [[at, curve[i] ?? null] as const] : [])));
  const known = points.flat().flatMap(([, usd]) => (usd !== null && usd > 0 ? [usd] : []));
  const y = decades(known.length > 0 ? known : [1], true);
  const frame: Frame = { x, y, height: 340, xTitle: 'requests a month, logarithmic', yTitle: 'USD a month, logarithmic', xText: (v) => format.short(v), yText: (v) => format.short(v) };
  const seen = crossings.filter((one) => within(x, one.requests_per_month) && within(y, one.usd_per_month));
  const said = [...lasting(seen)].sort((a, b) => a.requests_per_month - b.requests_per_month);
  const text = `${format.number(Number(here.toPrecision(3)))} requests a month, ${format.number(numberOf(page, volume))} conversations a day`;
  return [
    plot(frame, 'USD a month by requests a month, for each way to buy', [
      all.map((choice) => banded.includes(choice.id) && area(frame, volumes.flatMap((at, i) => {
        const [low, high] = [choice.curve_low[i] ?? null, choice.curve_high[i] ?? null];
        return within(x, at) && low !== null && high !== null && low > 0 ? [[at, clamped(y, low), clamped(y, high)] as const] : [];
      }), `of-${choice.id}`)),
      all.map((choice, i) => line(frame, points[i]!.map(([at, usd]) => [at, usd !== null && within(y, usd) ? usd : null] as const), lineOf(choice, best))),
      seen.filter((one) => !said.includes(one)).map((one) => around(frame, one.requests_per_month, one.usd_per_month, h('circle', { class: 'crossing', r: 3.5 }))),
      rings(frame, said.map((one) => ({ x: one.requests_per_month, y: one.usd_per_month, 
        // On narrow screens the table below tells the names.
        text: `${page.ui.wide ? `${short[one.above]} below ${short[one.below]} from ` : ''}${requests(one.requests_per_month, page)}` }))),
      within(x, here) ? [upright(frame, here, `you are here: ${requests(here, page)}`, 'here'),
        all.map(({ id, usd_per_month: usd }) => (usd !== null && within(y, usd) && !held && numberOf(page, volume) === conversations
          ? around(frame, here, usd, h('circle', { class: `way-dot way-${id}`, r: 4 })) : null)),
        grip(frame, { id: volume, label: 'Traffic', value: here, text, along: 'x', least: x.from, most: x.to }, here, valueAt(y, 0.93))] : null,
    ], all.map((choice, i) => ({ name: short[choice.id], value: points[i]!.findLast(([, usd]) => usd !== null && within(y, usd))?.[1] ?? null, strong: choice.id === best }))),
    h('p', { class: 'quiet' }, 'Own capacity grows by whole replicas, so its line has steps and may cross another more than once. The area around it: the throughput between which 80 % of measurements lie. Drag the handle, or move it with the arrow keys.'),
    tables(decision, all, page),
  ];
}

const rule: Rule = {
  settle(place, app) {
    const p = parameterOf(app, volume);
    const value = place / per_conversation;
    return Math.min(p.max, Math.max(p.min, value < 100 ? Math.round(value) : Number(value.toPrecision(2))));
  },
  step: (direction, app) => stepped(parameterOf(app, volume), numberOf(app, volume), direction),
};

/** Every so many of the curve's points stand in the table. */
const every = 10;

function tables(decision: Decision, all: readonly WayToBuy[], page: Page): Child {
  const { format } = page;
  const { volumes, crossings } = decision;
  const number = (value: number) => format.number(Number(value.toPrecision(3)));
  return [
    crossings.length === 0 ? h('p', null, 'Own capacity crosses the price by the token nowhere between a hundredth and ten thousand times your traffic.')
      : h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Where two ways cost the same' },
        h('table', { class: 'asked fits crossings' }, h('caption', null, 'Where two ways cost the same'),
          h('thead', null, h('tr', null, ['requests a month', 'USD a month'].map((name) => h('th', { scope: 'col', class: 'amount' }, name)), h('th', { scope: 'col' }, 'cheaper below'), h('th', { scope: 'col' }, 'cheaper above'))),
          h('tbody', null, crossings.map((one) => h('tr', { key: `${one.requests_per_month} ${one.above}` }, h('th', { scope: 'row', class: 'amount' }, number(one.requests_per_month)), h('td', { class: 'amount' }, format.amount(one.usd_per_month)),
            h('td', null, short[one.below]), h('td', null, short[one.above])))))),
    h('details', { class: 'stands-on' }, h('summary', null, 'The picture as a table'),
      h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'USD a month by requests a month' },
        h('table', { class: 'asked curves' }, h('caption', null, 'USD a month, by requests a month'),
          h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Requests a month'), all.map((choice) => h('th', { scope: 'col', class: 'amount' }, short[choice.id])))),
          h('tbody', null, volumes.flatMap((at, i) => (i % every !== 0 ? [] : [h('tr', { key: i, class: same(at, decision.requests_per_month) ? 'chosen' : null },
            h('th', { scope: 'row' }, number(at)), all.map(({ curve, curve_low: low, curve_high: high }) => h('td', { class: 'amount' }, format.amount(curve[i] ?? null),
              same(low[i] ?? null, high[i] ?? null) || low[i] == null || high[i] == null ? null : h('small', null, `${format.amount(low[i]!)} to ${format.amount(high[i]!)}`))))])))))),
  ];
}

// What would change it

/** Three digits, rounded away from the present value, so that the choice is past its turn. */
export function beyond(p: Pick<Parameter, 'min' | 'max'>, { from, to }: Pick<Flip, 'from' | 'to'>): number {
  if (to === 0) return to;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(to))) - 2);
  const round = Number(((to > from ? Math.ceil : Math.floor)(Number((to / unit).toPrecision(12))) * unit).toPrecision(12));
  return round >= p.min && round <= p.max ? round : to;
}

function flips(decision: Decision, page: Page): Child {
  const { format } = page;
  const of = (p: Parameter, value: number): string => `${fieldText(p, Number(value.toPrecision(6)), format)}${isRatio(p.id) ? ' %' : p.unit_text ? ` ${p.unit_text}` : ''}`;
  const way = (id: Id): string => decision.choices.find((one) => one.id === id)?.label ?? short[id];
  return [
    h('h3', { class: 'asked-title' }, 'What would change it'),
    decision.flips.length === 0 ? h('p', null, 'Nothing that was tried: traffic, prompt and answer, rent, peaks, people, spares and discount, each alone, up to a hundredfold.')
      : h('ul', { class: 'changes' }, decision.flips.map((flip) => {
        const p = parameterOf(page, flip.parameter);
        const to = beyond(p, flip);
        return h('li', { key: flip.parameter }, h('span', null, `“${p.label}” at `, h('b', null, of(p, to)), ` instead of ${of(p, flip.from)}: `, h('b', null, way(flip.choice)), ' is the cheapest.'),
          h('button', { type: 'button', class: 'button', 'data-do': 'own-try', 'data-arg': p.id, 'data-value': to, 'aria-label': `Try it: ${p.label} at ${of(p, to)}` }, 'Try it'));
      })),
  ];
}

// Controls

const main = ['own_model', 'own_gpu', 'gpus_per_replica', 'gpu_payment', 'gpu_usd_per_hour', 'scaling', 'peak_multiple', 'peak_hours_per_day', 'first_token_limit_seconds',
  'token_limit_seconds', 'server_people_fte', 'spare_replicas', 'own_share_ratio', 'utilisation_ratio'];
/** Choices of two, of which the first option is the default: shown as switches that are on at `on`. */
const switches = [['data_must_stay', 'yes'], ['gpu_people', 'yes']] as const;

/** What an input without a value comes to. */
function derived(decision: Decision | null, page: Page): Readonly<Record<string, string | undefined>> {
  const { format } = page;
  const own = decision?.own;
  const first = own?.deployments.find(serves);
  if (!own || !first) return {};
  const value = (id: string): Amount => figureOfOwn(own, id)?.value ?? null;
  const rent = choiceOf(page, 'gpu_payment') === 'owned' ? null : value('own_base_price');
  return { own_model: own.model?.name, own_gpu: `the cheapest: ${first.gpu_name}`, gpus_per_replica: `derived: ${format.number(first.gpus_per_replica)}`,
    gpu_usd_per_hour: rent === null ? undefined : `derived: ${format.amount(rent)} USD per GPU and hour`, utilisation_ratio: `derived: ${format.percent(value('utilisation'))}` };
}

function fields(ids: readonly string[], page: Page, known: ReturnType<typeof derived>): Child {
  return ids.map((id) => {
    const p = parameterOf(page, id);
    return field(p, page, { prefix, idle: idle(id, page.state.scenario, page.description), derived: known[id], note: id === 'utilisation_ratio' ? 'Replaces what is computed from load, peaks and whole replicas.' : undefined });
  });
}

/** Those that count, and folded away those that do not. */
function rest(ids: readonly string[], page: Page, key: string): Child {
  const why = (id: string) => idle(id, page.state.scenario, page.description);
  const resting = ids.filter((id) => why(id) !== null);
  return [h('div', { class: 'own-fields', key: `${key}-fields` }, fields(ids.filter((id) => why(id) === null), page, {})),
    resting.length === 0 ? null : h('details', { class: 'resting', key: `${key}-resting` }, h('summary', null, `${resting.length} more without effect in the present choice`),
      h('div', { class: 'own-fields' }, fields(resting, page, {})))];
}

function controls(decision: Decision | null, page: Page): Child {
  const { scenario } = page.state;
  const more = page.description.parameters.filter((p) => p.group === 'own' && !main.includes(p.id) && !switches.some(([id]) => id === p.id));
  const changed = more.filter((p) => isChanged(scenario, p)).length;
  return [
    h('h3', { class: 'asked-title' }, 'What it depends on'),
    h('div', { class: 'row switches' }, switches.map(([id, yes]) => {
      const p = parameterOf(page, id);
      const is = valueOf(scenario, p) === yes;
      return h('button', { type: 'button', role: 'switch', class: 'switch', key: id, 'data-do': 'own-switch', 'data-arg': id, 'aria-checked': is ? 'true' : 'false', title: p.help },
        h('span', { class: 'track', 'aria-hidden': 'true' }), p.label);
    })),
    h('div', { class: 'own-fields', key: 'main' }, fields(main, page, derived(decision, page))),
    more.length === 0 ? null : h('details', { class: 'stands-on', key: 'more' },
      h('summary', null, `More: ${more.length} inputs of own capacity${changed > 0 ? `, ${changed} changed` : ''}`), rest(more.map(({ id }) => id), page, 'more')),
  ];
}

// The small model

function small(decision: Decision, page: Page): Child {
  const ids = page.description.parameters.filter((p) => p.group === 'tuning').map(({ id }) => id);
  return [
    h('h3', { class: 'asked-title' }, 'A fine-tuned small model'),
    decision.small ? detail(decision.small, page, doorOf('small'), false) : h('p', null, 'No small model is named. Name an open model that could be trained to do the feature’s one task, and it stands beside the others:'),
    decision.small ? rest(ids, page, 'small') : h('div', { class: 'own-fields', key: 'small-model' }, fields(['small_model'], page, {})),
  ];
}

function missing(problem: CoreFailure, page: Page): VElement {
  return h('div', { class: 'banner inside', key: 'missing' },
    h('p', null, h('b', null, page.format.localize(problem.message)), ` ${problem.hint}`),
    h('div', { class: 'own-fields' }, field(parameterOf(page, 'own_model'), page, { prefix: 'own-missing', derived: 'an open model of the list' })));
}

export function view(page: Page): VElement {
  if (!page.hardware) {
    return h('div', null, h('p', { class: 'empty' }, page.hardware_problem ? ['The list of GPUs and open models could not be loaded. ', page.hardware_problem, ' '] : 'Loading the list of GPUs and open models …'),
      page.hardware_problem ? h('p', { class: 'row' }, useButton('Try again', 'own-retry', '')) : null);
  }
  const none = nothing(page, 'The ways to buy appear here as soon as the scenario can be priced.');
  if (none) return none;
  const { made, late } = decided(page);
  if (!made) return h('div', null, h('p', { class: 'empty' }, 'Comparing the ways to buy …'));
  const { answer } = made;
  if (failed(answer)) {
    return h('div', { class: 'question' }, h('p', { class: 'empty' }, page.format.localize(`${answer.message} ${answer.hint}`)), controls(null, page));
  }
  const { hardware, format } = page;
  return h('div', { class: 'question', 'aria-busy': late ? 'true' : null },
    weavesOf('own', ['weights', 'reserve', 'room']),
    verdict(answer, page),
    answer.own.problem && !answer.own.model ? missing(answer.own.problem, page) : null,
    choices(answer, page),
    h('h3', { class: 'asked-title' }, 'From which volume does it pay?'),
    chart(made, answer, page),
    flips(answer, page),
    controls(answer, page),
    answer.own.model ? [h('h3', { class: 'asked-title' }, 'Own capacity in detail'), detail(answer.own, page, doorOf('own'), true)] : null,
    small(answer, page),
    h('p', { class: 'quiet' }, `GPUs, rents and open models as of ${format.date(hardware.as_of)}. Models differ in quality: compare only those that are good enough.`,
      hardware.left_out.length > 0 ? ` ${format.number(hardware.left_out.length)} entries of the list could not be read and are left out: ${hardware.left_out.map(({ where, message }) => `${where}: ${message}`).join(' ')}` : ''));
}

export const prepare: Required<SectionModule>['prepare'] = loadHardware;

export const clicks: Required<SectionModule>['clicks'] = {
  'own-try': (app, e) => app.setParameter(e.dataset['arg']!, Number(e.dataset['value']), `try:${e.dataset['arg']}`),
  'own-switch'(app, e) {
    const p = parameterOf(app, e.dataset['arg']!);
    const now = valueOf(app.state.scenario, p);
    app.setParameter(p.id, p.options!.find(({ id }) => id !== now)!.id, `switch:${p.id}`);
  },
  'own-gpu'(app, e) {
    const [gpu, count] = e.dataset['arg']!.split(' ');
    app.setParameters({ own_gpu: gpu!, gpus_per_replica: Number(count) }, 'own-gpu');
  },
  'own-all': (_, e) => openDeployments(e.dataset['arg']!),
  'own-retry': (app) => void loadHardware(app).then(() => app.update()),
};

export const mounted: Required<SectionModule>['mounted'] = (element, app) => {
  decider = new Decider(app);
  followHandles(element, app, { [volume]: rule });
};
