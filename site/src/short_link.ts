// The link that a person can type: "#m=openai/gpt-5.5&in=1200&out=300&n=1000" (docs/formats.md). Loaded when such a link is
// opened and when a link is copied. Every value is read by the core, as it reads a typed one.

import { answerOr, type Core } from '../../web/tokenbill';
import type { Scenario } from '../../web/types';
import type { LinkState } from './link';
import { failed, sections, type Preset } from './page';

/** Short names; whatever else is the id of a parameter is understood, too. */
const aliases: Readonly<Record<string, string>> = {
  in: 'prompt_tokens', out: 'output_tokens', n: 'conversations_per_day', turns: 'turns_per_conversation', cache: 'caching', tier: 'service_tier',
};
/** What is no parameter. */
const others = ['m', 'preset', 'name', 'date', 'view'];
/** A link with more entries is no longer read by anybody: then the packed one is made. */
const most_entries = 12;
/** Where chat programs begin to cut, less some room. */
export const longest_link = 1900;
const longest_read = 64 * 1024;

const format = 'tokenbill-scenario/1';

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let k = 1; k <= b.length; k += 1) next[k] = Math.min(row[k]! + 1, next[k - 1]! + 1, row[k - 1]! + (a[i - 1] === b[k - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

/** "; did you mean …?", where one of them is near enough to be meant. */
function nearest(written: string, known: readonly string[]): string {
  const near = known.map((name) => ({ name, off: distance(written.toLowerCase(), name) })).sort((a, b) => a.off - b.off)[0];
  return near && near.off <= Math.max(1, Math.floor(near.name.length / 3)) ? `; did you mean “${near.name}”?` : '.';
}

/** Entries without the percent signs of an address. URLSearchParams leaves a lone "%" alone: share=10% is ten percent. */
const entriesOf = (fragment: string): readonly (readonly [string, string])[] => [...new URLSearchParams(fragment.replace(/^#/, ''))];

export interface Parameters { readonly id: string }

/** @param today null while there are no prices: then the model is not looked up. `told` is what could not be taken, in sentences. */
export function readShort(fragment: string, core: Core, parameters: readonly Parameters[], presets: readonly Preset[], today: string | null):
    { readonly state: LinkState; readonly told: string } | { readonly problem: string } {
  if (fragment.length > longest_read) return { problem: 'This link is longer than 64 KiB and was not read. The page shows its defaults instead.' };
  const ids = new Set(parameters.map((p) => p.id));
  const known = [...others, ...Object.keys(aliases), ...ids];
  const entries = entriesOf(fragment);
  const told: string[] = [];
  const kept: string[] = [];
  const seen = new Set<string>();
  let scenario: Scenario = { format, parameters: {} };
  let section: string | undefined;

  const preset = entries.find(([key]) => key === 'preset');
  if (preset) {
    const base = presets.find(({ id }) => id === preset[1]);
    if (base) scenario = base.scenario;
    else told.push(`There is no example “${preset[1]}”${nearest(preset[1], presets.map(({ id }) => id))}`);
    if (base) kept.push('preset');
  }
  for (const [written, text] of entries) {
    const key = written.trim();
    const id = Object.hasOwn(aliases, key) ? aliases[key]! : key;
    if (!others.includes(id) && !ids.has(id)) {
      told.push(`There is no input “${key.slice(0, 80)}”${nearest(key.slice(0, 80), known)}`);
      continue;
    }
    if (seen.has(id)) {
      told.push(`“${key}” stands in the link twice; the first counts.`);
      continue;
    }
    seen.add(id);
    if (id === 'preset') continue;
    const problem = take(id, text.trim());
    if (problem === null) kept.push(key);
    else told.push(`“${key}”: ${problem}`);
  }
  if (kept.length === 0) return { problem: `This link holds nothing that can be read. ${told.join(' ')} The page shows its defaults instead.` };
  return { state: { scenario, section }, told: told.length > 0 ? `${told.join(' ')} Kept: ${kept.join(', ')}.` : '' };

  /** Null, or why it is not taken. */
  function take(id: string, text: string): string | null {
    if (id === 'view') {
      if (!sections.some((one) => one.id === text)) return `there is no section “${text.slice(0, 80)}”${nearest(text.slice(0, 80), sections.map((one) => one.id))}`;
      section = text;
      return null;
    }
    if (id === 'm') {
      const model = today === null ? null : answerOr(() => core.estimate({ format, model: text }, today));
      if (model && failed(model)) return `${model.message} ${model.hint}`.trim();
      // An alias, or an id without its seller, becomes the key that the rest of the page knows.
      scenario = { ...scenario, model: model?.model.key ?? text };
      return null;
    }
    if (id === 'name' || id === 'date') {
      const next = { ...scenario, [id]: text };
      const checked = answerOr(() => core.check(next));
      const problem = failed(checked) ? checked : checked.problems[0];
      if (problem) return `${problem.message} ${problem.hint}`.trim();
      scenario = next;
      return null;
    }
    const set = answerOr(() => core.set(scenario, id, text));
    if (failed(set)) return `${set.message} ${set.hint}`.trim();
    scenario = set;
    return null;
  }
}

/** The readable link to a state that is one scenario of few plain values; null = only the packed link holds it. What it writes is
 *  written out, never told as "preset": an example may change, a link that was given to somebody may not. */
export function writeShort(state: LinkState, core: Core, parameters: readonly Parameters[], presets: readonly Preset[]): string | null {
  const { scenario, section, baseline } = state;
  if (baseline || (state.others?.length ?? 0) > 0 || Object.keys(scenario.ranges ?? {}).length > 0 || (scenario.correlations?.length ?? 0) > 0) return null;
  const short = new Map(Object.entries(aliases).map(([alias, id]) => [id, alias]));
  const entries: (readonly [string, string])[] = [];
  const add = (key: string, value: string | number | undefined) => { if (value !== undefined) entries.push([key, String(value)]); };
  add('m', scenario.model);
  for (const [id, value] of Object.entries(scenario.parameters ?? {})) add(short.get(id) ?? id, value);
  add('date', scenario.date);
  add('name', scenario.name);
  add('view', section);
  if (entries.length === 0 || entries.length > most_entries) return null;
  const readable = (text: string): string => encodeURIComponent(text).replace(/%(?:2F|3A|40|2C)/g, decodeURIComponent).replaceAll('%20', '+');
  const fragment = `#${entries.map(([key, value]) => `${key}=${readable(value)}`).join('&')}`;
  // It must lead to the very same scenario; a value that a text cannot carry (a blank at its end) goes into the packed link.
  const again = readShort(fragment, core, parameters, presets, null);
  if ('problem' in again || again.told !== '') return null;
  const sorted = ({ parameters: given, ...rest }: Scenario) => JSON.stringify([...Object.entries(rest), ...Object.entries(given ?? {})].sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted({ ...again.state.scenario, format }) === sorted({ ...scenario, format }) ? fragment : null;
}
