// The scenario and its figures as files and text. Loaded when first asked for.

import type { Controller } from './controller';
import type { Comparison, Estimate, Scenario } from '../../web/types';

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

/** The same scenario for the terminal: FILE is the exported scenario. */
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

export async function exportAs(app: Controller, what: string): Promise<string> {
  const name = fileName(app.state.scenario);
  const { estimate, comparison } = app;
  if (what === 'scenario') {
    download(`${JSON.stringify(app.state.scenario, null, 2)}\n`, `${name}.json`, 'application/json');
    return `${name}.json is saved. On the command line: tokenbill estimate ${name}.json`;
  }
  if (what === 'models' && comparison) {
    download(modelsCsv(comparison), `${name}-models.csv`, 'text/csv');
    return `${name}-models.csv is saved.`;
  }
  if (what === 'bill' && estimate) {
    download(billCsv(estimate), `${name}-bill.csv`, 'text/csv');
    return `${name}-bill.csv is saved.`;
  }
  if (what === 'markdown' && estimate) {
    const link = `${location.href.split('#')[0]}${await app.link()}`;
    const column = app.format.column(estimate.items.map((item) => item.usd_per_month));
    try {
      await navigator.clipboard.writeText(billMarkdown(estimate, link, column));
      return 'The bill is copied as a Markdown table.';
    } catch {
      return 'The browser does not let the page copy. Export the bill as CSV instead.';
    }
  }
  return 'There is nothing to export yet: the scenario has no price.';
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
