// What records of usage came to, as text and files. Loaded when first asked for.

import type { Amount, Reconciliation, UsageReport } from '../../web/types';
import type { Controller } from './controller';
import { csv, fileName, save } from './export';
import type { Format } from './format';
import type { UsageImport } from './usage_import';
import { classesOf, leftOutWords } from './usage_words';

/** All lines with exact values; an unknown price is an empty cell with its reason beside it. */
export function linesCsv(report: UsageReport): string {
  const classes = classesOf(report.tokens);
  return csv([
    ['model', 'name', 'service_tier', 'month', 'requests', 'failed', ...classes.map((id) => `${id}_tokens`), 'web_searches', 'usd', 'paid_usd', 'prices', 'problem'],
    ...report.lines.map((line) => [line.model, line.name, line.service_tier, line.month, report.requests === null ? null : line.requests, line.failed,
      ...classes.map((id) => line.tokens[id] ?? 0), line.web_searches, line.usd, line.paid_usd, line.source, line.problem]),
  ]);
}

export function usageMarkdown(report: UsageReport, reconciliation: Reconciliation | null, format: Format): string {
  const safe = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const usd = format.column(report.lines.map((line) => line.usd));
  const left_out = leftOutWords(report, format);
  const text = [
    `**Usage**${report.first && report.last ? ` from ${format.date(report.first)} to ${format.date(report.last)}` : ''}: ${format.number(report.read.records)} records, ${format.amount(report.usd)} USD at the list prices of their days`
      + (report.usd === null ? ` (${format.amount(report.known_usd)} USD for those with a price)` : ''),
    ...(left_out.length > 0 ? ['', `Left out: ${left_out.join('; ')}.`] : []), '',
    '| Model | Month | Tier | Requests | USD |', '| --- | --- | --- | ---: | ---: |',
    ...report.lines.map((line) => `| ${safe(line.name || 'not named')} | ${line.month ?? ''} | ${line.service_tier} | ${format.number(report.requests === null ? null : line.requests)} | ${usd(line.usd)} |`), ''];
  if (!reconciliation) return text.join('\n');
  const { estimated_usd_per_month: estimated, measured_usd_per_month: measured, paid_usd_per_month: paid, paid_above_list_usd_per_month: above, steps } = reconciliation;
  const column = format.column([estimated, measured, paid, ...steps.map((step) => step.usd_per_month)]);
  const signed = (value: Amount) => (value === null ? column(null) : `${value < 0 ? '−' : '+'}${column(Math.abs(value))}`);
  const row = (label: string, value: string, words = '') => `| ${safe(label)} | ${value} | ${safe(format.localize(words))} |`;
  return [...text, format.localize(reconciliation.sentence), '',
    '| Tokens and fees of a month | USD | |', '| --- | ---: | --- |', row('**Estimated**', column(estimated)),
    ...steps.map((step) => row(step.label, signed(step.usd_per_month), step.words)), row('**Measured, at list prices**', column(measured)),
    ...(paid === null ? [] : [row(above !== null && above < 0 ? 'Paid below list prices' : 'Paid above list prices', signed(above)), row('**Paid**', column(paid))]), ''].join('\n');
}

/** @return a sentence about what was done */
export async function exportUsage(app: Controller, usage: UsageImport, what: string): Promise<string> {
  const { result, reconciliation } = usage;
  if (!result) return '';
  const { report } = result;
  const name = `${fileName(app.state.scenario)}-usage`;
  if (what === 'csv') {
    save([linesCsv(report)], `${name}.csv`, 'text/csv;charset=utf-8');
    return `${name}.csv is saved.`;
  }
  if (what === 'json') {
    save([`${JSON.stringify({ ...report, reconciliation }, null, 2)}\n`], `${name}.json`, 'application/json;charset=utf-8');
    return `${name}.json is saved.`;
  }
  try {
    await navigator.clipboard.writeText(usageMarkdown(report, reconciliation, app.format));
    return 'What was used is copied as Markdown tables.';
  } catch {
    return 'The browser does not let the page copy. Save the lines as CSV instead.';
  }
}
