// The scenario and its figures as files and text, and the menu that offers them. Loaded when first asked for.

import { answerOr, type Core } from '../../web/tokenbill';
import type { Comparison, Estimate, Scenario } from '../../web/types';
import type { Controller } from './controller';
import { copy } from './copy';
import { fetchText } from './fetch_text';
import { translate } from './language';
import { pack } from './link';
import { failed, sections } from './page';
import { chartInView, pictureOf } from './picture';
import { price_file } from './prices';
import { patch } from './vdom';
import { share } from './views/share';

const longest_prices = 8 * 1024 * 1024;

type Cell = string | number | null | undefined;

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe; numbers stay as they are. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

export const billCsv = (estimate: Estimate): string => csv([
  ['line', 'category', 'usd_per_month', 'usd_per_request', 'share'],
  ...estimate.items.map((item) => [item.label, item.category, item.usd_per_month, item.usd_per_request, item.share]),
  ['Total', '', estimate.totals.per_month, estimate.totals.per_request, estimate.totals.per_month === null ? null : 1],
]);

export const modelsCsv = (comparison: Comparison): string => csv([
  ['rank', 'model', 'name', 'seller', 'status', 'reason', 'usd_per_month', 'usd_per_request', 'input_usd_per_mtok', 'output_usd_per_mtok',
    'context_tokens', 'price_status', 'source', 'checked'],
  ...comparison.models.map((m) => [m.rank, m.key, m.name, m.seller_name, m.status, m.reason, m.usd_per_month, m.usd_per_request,
    m.input_usd_per_mtok, m.output_usd_per_mtok, m.context_tokens, m.price_status, m.source, m.checked]),
]);

/** A table for a ticket or a document; zeros are left out, the link leads back. */
export function billMarkdown(estimate: Estimate, link: string, amount: (value: number | null) => string): string {
  const safe = (text: string) => text.replaceAll('|', '\\|');
  const line = (label: string, value: number | null) => `| ${safe(label)} | ${amount(value)} |`;
  return [
    `**${safe(estimate.scenario.name ?? 'Scenario')}** on ${safe(estimate.model.name)}, prices as of ${estimate.prices_as_of}`, '',
    '| Line | USD a month |', '| --- | ---: |',
    ...estimate.items.filter((item) => item.usd_per_month !== 0).map((item) => line(item.label, item.usd_per_month)),
    line('**Total**', estimate.totals.per_month), '', `[Open in Tokenbill](${link})`, '',
  ].join('\n');
}

export const fileName = (scenario: Scenario): string =>
  (scenario.name ?? 'scenario').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'scenario';

const download = (text: string, name: string, type: string): void => save([text], name, `${type};charset=utf-8`);

export function save(content: BlobPart[], name: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(content, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The same figures on the command line. Null = flags cannot say it: correlations, and ranges whose likely value is another than their middle. */
export function commandLine(scenario: Scenario, core: Pick<Core, 'set'>, today: string, prices_file = ''): string | null {
  const { format, model, date, parameters = {}, ranges = {} } = scenario;
  const text = (id: string, value: string | number): string => {
    const range = ranges[id];
    return range ? `${range.low} to ${range.high}${range.level === undefined ? '' : `@${Number((range.level * 100).toPrecision(12))}`}` : String(value);
  };
  const given = Object.entries(parameters).map(([id, value]) => [id, text(id, value)] as const);
  const again = answerOr(() => given.reduce<Scenario>((made, [id, value]) => core.set(made, id, value), { format, parameters: {} }));
  const sorted = (one: object = {}) => JSON.stringify(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (failed(again) || (scenario.correlations?.length ?? 0) > 0 || sorted(again.parameters) !== sorted(parameters) || sorted(again.ranges) !== sorted(ranges)) return null;
  return ['tokenbill', Object.keys(ranges).length > 0 ? 'range' : 'estimate', ...(model ? ['--model', shellWord(model)] : []),
    ...given.flatMap(([id, value]) => ['--set', shellWord(`${id}=${value}`)]), ...dated(date ?? today, prices_file)].join(' ');
}

const shellWord = (text: string): string => (/^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The page prices on the day of its price list, the command line on today's, unless it is told. */
const dated = (date: string, prices_file: string): readonly string[] => ['--date', date, ...(prices_file ? ['--prices', shellWord(prices_file)] : [])];

/** offline.html with what the reader sees in it: the state, where the page is at home, and prices of the reader's own. */
export function offlineFile(html: string, link: string, home: string, prices: string | null): string {
  const quoted = home.replace(/[&"<]/g, (c) => `&#${c.charCodeAt(0)};`);
  const begun = html.replace('<html ', () => `<html data-link="${link}" data-home="${quoted}" `);
  return prices === null ? begun : begun.replace(/(<script [^>]*id="file-pricing-v1\.json">)[^<]*/, (_, tag: string) => tag + prices);
}

const dialog = (): HTMLDialogElement => document.getElementById('share') as HTMLDialogElement;

/** Prices other than those that came with the page. */
const own_prices = (app: Controller): string => (app.prices.state === 'ready' && app.prices.source !== price_file ? app.prices.source : '');

export async function openShare(app: Controller): Promise<void> {
  const short = await app.shortLink();
  patch(dialog().firstElementChild!, share({ short: short !== null, priced: app.estimate !== null, chart: chartInView() !== null,
    offline: document.getElementById(`file-${price_file}`) === null }));
  dialog().showModal();
}

export async function shareAs(app: Controller, what: string): Promise<void> {
  // The chart is drawn as it stands on the page, and paper shows no dialog.
  dialog().close();
  const { estimate, comparison } = app;
  const { scenario } = app.state;
  const name = fileName(scenario);
  const saved = (file: string, text: string, type: string, more = ''): void => {
    download(text, file, type);
    app.tell(`${file} is saved. ${more}`.trim());
  };
  switch (what) {
    case 'link': return copy(app, app.address + await app.link(), 'The link', 'It carries the whole scenario.');
    case 'short': return copy(app, await app.sharedLink(), 'The short link', 'It carries the whole scenario.');
    case 'command': {
      const command = commandLine(scenario, app.core!, app.today, own_prices(app));
      return copy(app, command ?? ['tokenbill', 'range', `${name}.json`, ...dated(scenario.date ?? app.today, own_prices(app))].join(' '), 'The command',
        command === null ? `Flags cannot say this scenario: save ${name}.json from the same menu, too.` : '');
    }
    case 'scenario': return saved(`${name}.json`, `${JSON.stringify(scenario, null, 2)}\n`, 'application/json', `On the command line: tokenbill estimate ${name}.json`);
    case 'print': return window.print();
    case 'offline': {
      const packed = own_prices(app) ? await pack(app.prices_text, longest_prices) : null;
      return saved(`${name}-tokenbill.html`, offlineFile(await fetchText('offline.html'), await app.link(), app.address, packed), 'text/html',
        'Open it from the disk: it has the prices of today and needs no network.');
    }
    case 'chart': {
      const chart = chartInView();
      if (!chart) break;
      const section = sections.find(({ id }) => id === app.ui.section)?.label ?? '';
      const head = [`${translate(scenario.name ?? 'Scenario')}${translate(' on ')}${estimate?.model.name ?? scenario.model ?? translate('the default model')}`, translate(section)];
      return saved(`${name}-${app.ui.section}.svg`, pictureOf(chart, head, translate(`Prices as of ${app.format.date(estimate?.prices_as_of ?? app.today)}. Tokenbill, ${app.address}`)), 'image/svg+xml');
    }
  }
  if (what === 'models' && comparison) return saved(`${name}-models.csv`, modelsCsv(comparison), 'text/csv');
  if (what === 'bill' && estimate) return saved(`${name}-bill.csv`, billCsv(estimate), 'text/csv');
  if (what === 'markdown' && estimate) {
    const column = app.format.column(estimate.items.map((item) => item.usd_per_month));
    return copy(app, billMarkdown(estimate, await app.sharedLink(), column), 'The bill as a Markdown table');
  }
  app.tell('There is nothing to take along yet: the scenario has no price.');
}

/** A scenario file of the reader's. */
export function openScenario(app: Controller): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > 1024 * 1024) app.tell(`${file.name} is larger than 1 MiB; a scenario has a few lines.`);
    else {
      let scenario: unknown;
      try {
        scenario = JSON.parse(await file.text());
      } catch (error) {
        app.tell(`${file.name} is not JSON: ${error instanceof Error ? error.message : ''}`);
        return;
      }
      app.takeScenario(scenario as Scenario, file.name);
    }
  });
  input.click();
}
