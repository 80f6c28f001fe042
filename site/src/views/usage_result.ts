// What came of records of usage: what was used and what it costs, what was left out, and from the estimate to the bill.

import type { Amount, Reconciliation, UsageLine, UsageReport, UsageSizes } from '../../../web/types';
import { failed, type Page } from '../page';
import type { Result, UsageImport } from '../usage_import';
import { classesOf, classWords, leftOutWords, sellerOf } from '../usage_words';
import { h, type Child, type VElement } from '../vdom';
import { barCell, ticks } from './bill';
import { sentence, source } from './parts';

const first_lines = 12;

const span = ({ first, last }: UsageReport, page: Page): string => {
  if (!first || !last) return 'without times';
  const [from, to] = [page.format.date(first), page.format.date(last)];
  return from === to ? from : `${from} to ${to}`;
};

function summary({ report, files, bytes, of }: Result, page: Page): Child {
  const { format } = page;
  const { records, cost_only } = report.read;
  const count = (number: number, one: string, many: string) => `${format.number(number)} ${number === 1 ? one : many}`;
  return [
    h('h3', { class: 'asked-title', id: 'usage-result', tabindex: -1, key: 'title' }, 'What was used, and what it costs'),
    bytes < of ? h('p', { class: 'banner inside', key: 'partial' }, h('b', null, `Cancelled, so this is partial: ${format.percent(bytes / of)} was read. `), 'The line at which it ended may count as broken.') : null,
    h('p', { class: 'big-answer', key: 'answer' }, h('b', { id: 'usage-usd', 'data-value': report.usd }, format.amount(report.usd)), ' USD at the list prices of their days'),
    report.usd === null && report.lines.length > 0 ? h('p', { key: 'known' }, 'Unknown because a price is missing: ', h('b', null, `${format.amount(report.known_usd)} USD`), ' for the lines that have one',
      report.requests === null ? '.' : `; ${count(report.unpriced_requests, 'request has', 'requests have')} none.`) : null,
    h('p', { class: 'lead', key: 'of' }, [count(records, 'record', 'records'), span(report, page), report.days === null ? '' : count(report.days, 'day', 'days'),
      files.length === 1 ? files[0]! : `${files.length} files`].filter(Boolean).join(' · ')),
    report.paid_usd === null && report.cost_report_usd === null ? null : h('dl', { class: 'figures', key: 'paid' },
      report.paid_usd === null ? null : h('div', { key: 'paid' }, h('dt', null, 'Paid, as the records say'), h('dd', null, h('b', null, `${format.amount(report.paid_usd)} USD`))),
      report.cost_report_usd === null ? null : h('div', { key: 'report' }, h('dt', null, `In the cost report, ${count(cost_only, 'line', 'lines')}`), h('dd', null, h('b', null, `${format.amount(report.cost_report_usd)} USD`)))),
    notices(report.read.notices, page, 'notices'),
    leftOut(report, files, page),
  ];
}

const notices = (all: readonly string[], page: Page, key: string): Child => (all.length === 0 ? null
  : h('ul', { class: 'notices', key }, all.map((text) => h('li', { key: text }, page.format.localize(text)))));

/** How many records do not count, and of those that cannot be read where they stand and why. */
function leftOut(report: UsageReport, files: readonly string[], page: Page): Child {
  const { problems, broken } = report.read;
  const words = leftOutWords(report, page.format);
  if (words.length === 0) return null;
  return h('div', { class: 'usage-left-out', key: 'left-out' },
    h('p', null, `Left out: ${words.join('; ')}.`),
    problems.length === 0 ? null : h('details', { class: 'cannot', open: broken <= 5 },
      h('summary', null, 'What could not be read, line by line'),
      h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'What could not be read' },
        h('table', { class: 'asked fits usage-broken' },
          h('caption', { class: 'hidden-text' }, 'Lines that could not be read'),
          h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'File'), h('th', { scope: 'col', class: 'amount' }, 'Line'), h('th', { scope: 'col' }, 'What was found and expected'))),
          h('tbody', null, problems.map(({ file, line, message }, i) => h('tr', { key: i }, h('th', { scope: 'row' }, files[Number(file)] ?? file),
            h('td', { class: 'amount' }, page.format.number(line)), h('td', null, sentence(message))))))),
      broken > problems.length ? h('p', { class: 'quiet' }, `These are the first ${page.format.number(problems.length)} of ${page.format.number(broken)}.`) : null));
}

/** What is worth saying of a line beside its figures. */
function remarks(line: UsageLine, page: Page): string[] {
  const usd = (value: number) => `${page.format.amount(value)} USD`;
  return [
    line.service_tier === 'standard' ? '' : `${line.service_tier} tier${line.saved_by_tier_usd === null ? '' : line.saved_by_tier_usd >= 0 ? `: ${usd(line.saved_by_tier_usd)} less than standard` : `: ${usd(-line.saved_by_tier_usd)} more than standard`}`,
    line.cliff_usd > 0 ? `long prompts: ${usd(line.cliff_usd)} dearer` : '',
    line.peak_usd > 0 ? `peak hours: ${usd(line.peak_usd)} dearer` : '',
    line.fees_usd > 0 ? `fees: ${usd(line.fees_usd)}` : '',
    line.failed > 0 ? `${page.format.number(line.failed)} failed` : '',
    line.web_searches > 0 ? `${page.format.number(line.web_searches)} web searches` : '',
    line.reasoning_tokens > 0 ? `${page.format.number(line.reasoning_tokens)} tokens of reasoning` : '',
  ].filter(Boolean);
}

function lines(usage: UsageImport, report: UsageReport, page: Page): Child {
  const { format } = page;
  const all = report.lines;
  if (all.length === 0) return null;
  const shown = usage.all_lines ? all : all.slice(0, first_lines);
  const classes = classesOf(report.tokens);
  const column = format.column(all.map((line) => line.usd));
  const timed = all.some((line) => line.month !== null);
  const paid = all.some((line) => line.paid_usd !== null);
  const month = (text: string | null) => text ?? 'no time';
  return [
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'What was used, by model and month', key: 'lines' },
      h('table', { class: 'asked usage-lines' },
        h('caption', null, 'Tokens by class and USD at list prices, by model, month and service tier; the dearest first. A line without a price is unknown, not 0.'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Model'), timed ? h('th', { scope: 'col' }, 'Month') : null, h('th', { scope: 'col', class: 'amount' }, 'Requests'),
          classes.map((id) => h('th', { scope: 'col', class: 'amount', key: id }, sentence(classWords(id)))), h('th', { scope: 'col', class: 'amount' }, 'USD'), paid ? h('th', { scope: 'col', class: 'amount' }, 'Paid, USD') : null)),
        h('tbody', null, shown.map((line, i) => h('tr', { key: i },
          h('th', { scope: 'row' }, line.name || 'not named', h('small', null, [sellerOf(line, page.catalog), ...remarks(line, page)].filter(Boolean).join(' · ')),
            line.problem ? h('small', { class: 'item-problem' }, sentence(line.problem)) : null,
            line.source ? h('small', null, 'prices: ', source(line.source)) : null),
          timed ? h('td', null, month(line.month)) : null,
          h('td', { class: 'amount' }, report.requests === null ? format.number(null) : format.number(line.requests)),
          classes.map((id) => h('td', { class: 'amount', key: id }, format.number(line.tokens[id] ?? 0))),
          h('td', { class: 'amount' }, column(line.usd)),
          paid ? h('td', { class: 'amount' }, line.paid_usd === null ? '' : column(line.paid_usd)) : null))))),
    shown.length < all.length ? h('p', { key: 'more' }, h('button', { type: 'button', class: 'link', 'data-do': 'usage-lines' }, `Show all ${format.number(all.length)} lines`)) : null,
  ];
}

/** Sums by month, where there is more than one. */
function months(report: UsageReport, page: Page): Child {
  const { format } = page;
  const { by_month } = report;
  if (by_month.length < 2) return null;
  const column = format.column(by_month.map(({ usd }) => usd));
  const paid = by_month.some(({ paid_usd }) => paid_usd !== null);
  return h('table', { class: 'asked fits usage-months', key: 'months' },
    h('caption', null, 'By month'),
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Month'), ['Requests', 'USD', ...(paid ? ['Paid, USD'] : [])].map((head) => h('th', { scope: 'col', class: 'amount' }, head)))),
    h('tbody', null, by_month.map((month) => h('tr', { key: month.month ?? '' }, h('th', { scope: 'row' }, month.month ?? 'no time'),
      h('td', { class: 'amount' }, format.number(report.requests === null ? null : month.requests)), h('td', { class: 'amount' }, column(month.usd)),
      paid ? h('td', { class: 'amount' }, month.paid_usd === null ? '' : format.amount(month.paid_usd)) : null))));
}

function sizes(report: UsageReport, page: Page): Child {
  const { format } = page;
  const rows: readonly (readonly [string, UsageSizes])[] = ([['Prompts', report.prompts], ['Answers', report.outputs]] as const).filter(([, of]) => of.requests > 1);
  if (rows.length === 0) return null;
  const round = (value: number | null) => format.number(value === null ? null : Math.round(Number(value.toPrecision(3))));
  return h('table', { class: 'asked fits usage-sizes', key: 'sizes' },
    h('caption', null, 'Tokens of single requests: how many are below'),
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Of'), ['5 %', 'half', '95 %', '99 %', 'mean'].map((head) => h('th', { scope: 'col', class: 'amount' }, head)))),
    h('tbody', null, rows.map(([label, of]) => h('tr', { key: label }, h('th', { scope: 'row' }, label), [of.p5, of.median, of.p95, of.p99, of.mean].map((value) => h('td', { class: 'amount' }, round(value)))))));
}

/** Bars from the estimate to what was measured and paid; none from the first unknown amount on. */
function waterfall(found: Reconciliation, page: Page): VElement {
  const { estimated_usd_per_month: estimated, measured_usd_per_month: measured, paid_usd_per_month: paid, paid_above_list_usd_per_month: above, steps } = found;
  const ends = steps.reduce<Amount[]>((all, step) => {
    const before = all.at(-1)!;
    return [...all, before === null || step.usd_per_month === null ? null : before + step.usd_per_month];
  }, [estimated]);
  const known = [...ends, measured, paid].filter((value): value is number => value !== null);
  const high = Math.max(1e-9, ...known);
  const marks = ticks(high);
  const grid = marks.map((mark) => (mark / high) * 100);
  const column = page.format.column([...known, ...steps.map((step) => step.usd_per_month)]);
  const bar = (from: Amount, to: Amount, hue: string) => barCell(from === null || to === null ? null
    : { start: (Math.min(from, to) / high) * 100, width: (Math.abs(to - from) / high) * 100, hue }, grid);
  const sum = (label: string, value: Amount, key: string) => h('tr', { class: 'sum', key },
    h('th', { scope: 'row' }, label), bar(value === null ? null : 0, value, 'sum'), h('td', { class: 'amount' }, column(value)));
  const signed = (value: Amount) => (value === null ? column(null) : value < 0 ? `−${column(-value)}` : `+${column(value)}`);
  const step = (label: string, words: string, value: Amount, from: Amount, to: Amount, key: string) => h('tr', { key },
    h('th', { scope: 'row' }, label, words ? h('small', null, page.format.localize(words)) : null), bar(from, to, (value ?? 0) < 0 ? 'saved' : 'failures'), h('td', { class: 'amount' }, signed(value)));
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'From the estimate to the bill', key: 'waterfall' },
    h('table', { class: 'bill steps usage-steps' },
      h('caption', null, `USD of a month of ${page.format.number(found.days_in_month)} days: tokens and fees of requests, without people and infrastructure. Each step sets one thing of the scenario to what was measured; they add up exactly.`),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Step'),
        h('th', { scope: 'col', class: 'axis' }, h('span', { class: 'hidden-text' }, 'Waterfall'),
          h('svg', { width: '100%', height: 16, 'aria-hidden': 'true' }, grid.map((x, i) => h('text', { x: `${x}%`, y: 12, 'text-anchor': x < 3 ? 'start' : x > 94 ? 'end' : 'middle' }, page.format.short(marks[i]!))))),
        h('th', { scope: 'col', class: 'amount' }, 'USD a month'))),
      h('tbody', null, sum('Estimated', estimated, 'estimated'),
        steps.map((one, i) => step(one.label, one.words, one.usd_per_month, ends[i]!, ends[i + 1]!, one.id)),
        sum('Measured, at list prices', measured, 'measured'),
        paid === null ? null : [step(above !== null && above < 0 ? 'Paid below list prices' : 'Paid above list prices', 'discounts, taxes, fees and rounding that records do not hold', above, measured, paid, 'above'), sum('Paid', paid, 'paid')])));
}

function adoption(usage: UsageImport, found: Reconciliation, page: Page): Child {
  const { changes } = found;
  if (changes.length === 0) return h('p', { key: 'adopted' }, 'The scenario has the measured values already.');
  const ranged = Object.keys(found.adopted.ranges ?? {}).map((id) => page.description.parameters.find((p) => p.id === id)?.label ?? id);
  return h('div', { class: 'usage-adopt', key: 'adopt' },
    h('p', { class: 'row' }, h('button', { type: 'button', class: 'button', 'data-do': 'usage-adopt', disabled: usage.reading }, 'Adopt measured values'),
      h('span', { class: 'quiet' }, `Sets ${page.format.number(changes.length)} ${changes.length === 1 ? 'input' : 'inputs'} of the scenario to what was measured. `,
        ranged.length > 0 ? `${ranged.join(', ')}: with the range between quiet and busy days. ` : '', 'Undo brings yours back.')),
    h('details', { class: 'stands-on' }, h('summary', null, 'What would change'),
      h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'What would change' },
        h('table', { class: 'asked' }, h('caption', { class: 'hidden-text' }, 'Inputs that would change'),
          h('thead', null, h('tr', null, ['Input', 'In the scenario', 'Measured'].map((label) => h('th', { scope: 'col' }, label)))),
          h('tbody', null, changes.map(({ id, label, before, after }) => h('tr', { key: id }, h('th', { scope: 'row' }, label), h('td', null, page.format.localize(before)), h('td', null, page.format.localize(after)))))))));
}

function difference(usage: UsageImport, page: Page): Child {
  const { reconciliation: found, late } = usage.compared(page.state.scenario, page.prices);
  if (!found && !late) return null;
  return h('div', { class: 'usage-difference', key: 'difference', 'aria-busy': late ? 'true' : null },
    h('h3', { class: 'asked-title' }, 'From the estimate to the bill'),
    !found ? h('p', { class: 'empty' }, 'Comparing with the scenario …')
      : failed(found) ? h('p', { class: 'empty' }, page.format.localize(`${found.message} ${found.hint}`))
        : [h('p', { class: 'verdict', key: 'sentence' }, page.format.localize(found.sentence)), waterfall(found, page), notices(found.notices, page, 'found'), adoption(usage, found, page)]);
}

const exported = (usage: UsageImport): VElement => h('div', { class: 'usage-exported', key: 'exports' },
  h('h3', { class: 'asked-title' }, 'Take it along'),
  h('p', { class: 'row' }, ([['markdown', 'Copy as Markdown'], ['csv', 'Lines as CSV'], ['json', 'All of it as JSON']] as const).map(([what, label]) =>
    h('button', { type: 'button', class: 'button', 'data-do': 'usage-export', 'data-arg': what, key: what }, label)), h('output', { class: 'quiet' }, usage.told)));

/** Text of which nothing could be made. */
function nothing(report: UsageReport, files: readonly string[], page: Page): VElement {
  const { lines: read, without_usage } = report.read;
  return h('div', { class: 'usage-nothing', key: 'nothing' },
    h('h3', { class: 'asked-title', id: 'usage-result', tabindex: -1 }, 'No record of usage was found'),
    h('p', null, read === 0 ? 'What was given is empty. ' : `${page.format.number(read)} ${read === 1 ? 'line was' : 'lines were'} read${without_usage > 0 ? `; ${page.format.number(without_usage)} are records that count neither tokens nor money` : ''}. `,
      'Expected are records that count tokens, such as “usage”: {“prompt_tokens”: 1200, …}, or a table whose header names them. ', h('a', { href: 'docs/usage.html#files' }, 'Which forms are read'), '.'),
    leftOut(report, files, page));
}

export function usageResult(usage: UsageImport, result: Result, page: Page): VElement {
  const { report, files } = result;
  const found = report.read.records + report.read.cost_only > 0;
  return h('div', { class: 'usage-result', key: 'result', 'aria-busy': usage.reading ? 'true' : null }, found
    ? [summary(result, page), lines(usage, report, page), months(report, page), sizes(report, page), difference(usage, page), exported(usage),
      h('p', { class: 'quiet', key: 'docs' }, h('a', { href: 'docs/usage.html' }, 'How records are counted, priced and compared'), '.')]
    : nothing(report, files, page));
}
