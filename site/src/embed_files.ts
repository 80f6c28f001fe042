// Runs at build time: what each example is where no frame is allowed. A picture for READMEs, a Markdown table, an oEmbed answer.
// Every amount is the command line's.

import type { Estimate } from '../../web/types';
import { usualHeight } from './embed_frame';
import { billMarkdown } from './export';
import { makeFormat } from './format';
import type { Preset } from './page';
import { frameSnippet, titleOf } from './snippets';
import { h, toHtml, type VElement } from './vdom';

export interface Example {
  readonly preset: Preset;
  readonly estimate: Estimate;
  /** "#1…": the scenario in the link. */
  readonly fragment: string;
  /** style.css, whose palette the picture has. */
  readonly styles: string;
  /** The site's address, or the way to it from embed/v1/. */
  readonly base: string;
}

const format = makeFormat('en');
const width = 640;
const margin = 20;
const row = 22;
const rows_shown = 6;
/** A day: the prices change no faster. */
const cache_seconds = 86_400;

/** The palette's colours by name: those of the first block, and those that the dark one puts in their place. */
function palettes(styles: string): readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>] {
  const block = (start: RegExp) => new Map([...(start.exec(styles)?.[1] ?? '').matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)]
    .map((found) => [found[1]!, found[2]!] as const));
  return [block(/^:root \{([^}]*)\}/m), block(/^ *:root\[data-theme="dark"\] \{([^}]*)\}/m)];
}

function picture({ estimate, styles }: Example): VElement {
  const month = format.amount(estimate.totals.per_month);
  const name = estimate.scenario.name ?? 'A feature';
  const items = estimate.items.filter((item) => (item.share ?? 0) > 0);
  const shown = [...items].sort((a, b) => b.share! - a.share!).slice(0, rows_shown);
  const more = items.length - shown.length;
  const column = format.column(shown.map((item) => item.usd_per_month));
  const first = 172;
  const foot = first + row * (shown.length + (more > 0 ? 1 : 0)) + 12;
  const height = foot + 32;

  const [light, dark] = palettes(styles);
  const names = ['paper', 'ink', 'muted', 'line', 'line-strong', ...new Set(items.map((item) => item.category))];
  const colours = (palette: ReadonlyMap<string, string>) => names.map((one) => `.f-${one}{fill:${palette.get(one) ?? '#888888'}}`).join('')
    + `.frame{stroke:${palette.get('line') ?? '#888888'}}.bar{stroke:${palette.get('paper') ?? '#ffffff'}}`;
  const style = `text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;font-size:14px;`
    + `font-variant-numeric:tabular-nums}.end{text-anchor:end}.small{font-size:13px}.title{font-size:15px;font-weight:600}`
    + `.big{font-size:46px;font-weight:650;letter-spacing:-1px}.unit{font-size:18px;letter-spacing:0;font-weight:400}`
    + `${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;

  let start = margin;
  const bars = items.map((item) => {
    const x = start;
    const wide = item.share! * (width - 2 * margin);
    start += wide;
    return h('rect', { class: `bar f-${item.category}`, x: x.toFixed(2), y: 128, width: wide.toFixed(2), height: 12 });
  });
  const text = (x: number, y: number, kind: string, ...words: (string | VElement)[]) => h('text', { x, y, class: kind }, words);
  const per = (['per_request', 'per_conversation', 'per_year'] as const)
    .map((id, i) => `${format.amount(estimate.totals[id])} USD ${['a request', 'a conversation', 'a year'][i]!}`);
  const as_of = `Prices as of ${format.date(estimate.prices_as_of)}`;
  const told = estimate.problem ? [estimate.problem.message, estimate.problem.hint] : [estimate.sentence];
  return h('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': 'title desc' },
    h('title', { id: 'title' }, `${titleOf(name)}, ${month} USD a month`),
    h('desc', { id: 'desc' }, [`${name} on ${estimate.model.name}: ${per.join(', ')}.`, ...told, `${as_of}.`].join(' ')),
    h('style', null, style),
    h('rect', { class: 'frame f-paper', x: 0.5, y: 0.5, width: width - 1, height: height - 1 }),
    h('rect', { class: 'f-line-strong', width, height: 3 }),
    text(margin, 34, 'title f-ink', name, h('tspan', { class: 'small f-muted', dx: 8, 'font-weight': 400 }, `on ${estimate.model.name}`)),
    text(margin, 86, 'big f-ink', month, h('tspan', { class: 'unit f-muted', dx: 10 }, 'USD a month')),
    text(margin, 112, 'small f-muted', estimate.problem ? estimate.problem.message : per.join(' · ')),
    bars,
    shown.map((item, i) => {
      const y = first + i * row;
      return h('g', null,
        h('rect', { class: `f-${item.category}`, x: margin, y: y - 10, width: 10, height: 10 }),
        text(margin + 20, y, 'f-ink', item.label),
        text(width - margin - 130, y, 'end f-muted', format.percent(item.share)),
        text(width - margin, y, 'end f-ink', column(item.usd_per_month)));
    }),
    more > 0 ? text(margin + 20, first + shown.length * row, 'small f-muted', `and ${more} smaller ${more === 1 ? 'line' : 'lines'}`) : null,
    h('rect', { class: 'f-line', x: margin, y: foot - 8, width: width - 2 * margin, height: 1 }),
    text(margin, foot + 14, 'small f-muted', as_of),
    text(width - margin, foot + 14, 'small f-muted end', 'Tokenbill'));
}

/** By their endings. */
export function filesOf(example: Example): Readonly<Record<'svg' | 'md' | 'json', string>> {
  const { preset, estimate, fragment, base } = example;
  const link = `${base}index.html${fragment}`;
  const title = titleOf(preset.scenario.name ?? preset.name);
  const height = usualHeight(width);
  return {
    svg: `<?xml version="1.0" encoding="UTF-8"?>\n${toHtml(picture(example))}\n`,
    md: billMarkdown(estimate, link, format.column(estimate.items.map((item) => item.usd_per_month))),
    json: `${JSON.stringify({
      type: 'rich', version: '1.0', title, provider_name: 'Tokenbill', provider_url: `${base}index.html`, cache_age: cache_seconds,
      html: frameSnippet({ site: base, title, link }, `preset=${encodeURIComponent(preset.id)}`, height), width, height,
    }, null, 2)}\n`,
  };
}
