// The entry of embed.html, where authors put the widget together. The widget in its page is the real one, by embed.js.

import { Core } from '../../web/tokenbill';
import type { Description, Scenario } from '../../web/types';
import type { TokenbillBroadcast } from '../embed';
import presets from '../presets.json';
import { most_controls, ownFragment, readChoice, type Choice } from './builder/choice';
import { builder, nameOf, type Builder } from './builder/view';
import { usualHeight } from './embed_frame';
import { decodeLink, encodeLink } from './link';
import type { Preset } from './page';
import { patch } from './vdom';
import { isControl } from './widget/controls';
import { readSettings } from './widget/settings';

const element = document.getElementById('builder')!;
const all = presets.presets as readonly Preset[];
const ids = all.map((one) => one.id);

type State = { -readonly [Key in keyof Builder]: Builder[Key] };
const state: State = {
  choice: readChoice('', ids), presets: all, parameters: [], site: new URL('.', location.href).href, link: '', name: '',
  pinned: true, height: usualHeight(innerWidth), told: null, changed: false, refused: new Map(), draft: null, copied: '',
};
/** The scenario that the widget told first since the choice was made; what differs from it the reader has set. */
let untouched: string | null = null;

const draw = (): void => patch(element, builder(state));
const refuse = (field: string, text: string, why: string | null): void => {
  const refused = new Map(state.refused);
  if (why === null) refused.delete(field);
  else refused.set(field, { text, why });
  state.refused = refused;
};

/** The chosen scenario's name and its link on the full page; a sentence where the link is none. */
async function follow(): Promise<string | null> {
  const { preset, packed } = state.choice;
  let scenario: Scenario | undefined = all.find((one) => one.id === preset)?.scenario;
  if (packed !== null) {
    const decoded = await decodeLink(`#${packed}`);
    if (!decoded || 'problem' in decoded) return decoded?.problem.replace(/ The page shows.*/, '') ?? 'This is no link to a scenario.';
    scenario = decoded.state.scenario;
  }
  const link = await encodeLink({ scenario: scenario! });
  // Another choice may have been made meanwhile.
  if (preset !== state.choice.preset || packed !== state.choice.packed) return null;
  state.link = link;
  state.name = typeof scenario?.name === 'string' ? scenario.name : 'a feature';
  return null;
}

async function choose(change: Partial<Choice>): Promise<void> {
  const before = state.choice;
  state.choice = { ...before, ...change };
  state.copied = '';
  if ('preset' in change || 'packed' in change) {
    untouched = state.told = null;
    state.changed = false;
    const problem = await follow();
    if (problem) {
      refuse('link', `#${change.packed ?? ''}`, problem);
      state.choice = { ...state.choice, preset: before.preset, packed: before.packed };
      await follow();
    }
  }
  try {
    history.replaceState(null, '', ownFragment(state.choice));
  } catch { /* A browser may refuse many in a row; the next one counts. */ }
  draw();
}

/** A pasted link: of the calculator, of a widget or of this page. */
async function paste(text: string): Promise<void> {
  refuse('link', text, null);
  if (text.trim() === '') return state.choice.packed === null ? draw() : choose({ preset: ids[0]!, packed: null });
  const fragment = text.includes('#') ? text.slice(text.indexOf('#')) : '';
  const { packed, preset } = readSettings(fragment);
  if (packed) {
    await choose({ preset: null, packed: packed.slice(1) });
    const refused = state.refused.get('link');
    if (refused) refuse('link', text, refused.why);
  } else if (preset !== null && ids.includes(preset)) await choose({ preset, packed: null });
  else refuse('link', text, 'This is no link to a scenario: behind “#” it would begin with “1”.');
  draw();
}

function add(): void {
  const field = document.getElementById('b-control') as HTMLInputElement;
  const text = field.value.trim().toLowerCase();
  state.draft = null;
  if (text === '') return;
  const known = ['model', ...state.parameters.map((p) => p.id)];
  const id = known.find((one) => nameOf(one, state.parameters).toLowerCase() === text || one === text);
  const chosen = state.choice.controls ?? ['conversations_per_day', 'model'];
  refuse('control', field.value, id ? null : `There is no input with the name “${field.value.trim().slice(0, 40)}”.`);
  if (!id) return draw();
  void choose({ controls: [...new Set([...chosen, id])].slice(0, most_controls) });
}

async function copy(id: string): Promise<void> {
  const field = document.getElementById(`b-${id}`) as HTMLTextAreaElement;
  const announcer = document.getElementById('announcer')!;
  try {
    await navigator.clipboard.writeText(field.value);
    state.copied = id;
    announcer.textContent = 'Copied.';
    draw();
  } catch {
    field.select();
    announcer.textContent = 'The browser does not let the page copy. The lines are selected: copy them by keyboard or menu.';
  }
}

type Action = (target: HTMLInputElement, argument: string) => void;

const clicks: Readonly<Record<string, Action>> = {
  'no-accent': () => void choose({ accent: null }).then(() => document.getElementById('b-accent')?.focus()),
  add,
  remove(_, id) {
    const chosen = state.choice.controls ?? ['conversations_per_day', 'model'];
    void choose({ controls: chosen.filter((one) => one !== id) }).then(() => document.getElementById('b-control')?.focus());
  },
  keep: () => void choose({ preset: null, packed: new URL(state.told!.link).hash.slice(1) }),
  copy: (_, id) => void copy(id),
};

const changes: Readonly<Record<string, Action>> = {
  preset: ({ value }) => {
    refuse('link', '', null);
    void choose({ preset: value, packed: null });
  },
  set: ({ name, value }) => void choose({ [name]: value }),
  accent: ({ value }) => void choose({ accent: value.slice(1) }),
  lang: ({ value }) => void choose({ lang: value }),
  readonly: ({ checked }) => void choose({ readonly: checked }),
  pinned({ checked }) {
    state.pinned = checked;
    state.copied = '';
    draw();
  },
  control: add,
  type({ value }, id) {
    state.draft = null;
    if (id === 'link') return void paste(value);
    const text = value.trim();
    const upper = text.toUpperCase();
    if (id === 'currency') {
      refuse(id, value, text === '' || /^[A-Z]{3}$/.test(upper) ? null : 'Write three letters, such as EUR.');
      if (!state.refused.has(id)) void choose({ currency: upper });
    } else {
      // The core reads the number; what it refuses, the widget says.
      refuse(id, value, text === '' || /^\d+([.,]\d+)?$/.test(text) ? null : 'Write a number, such as 0.92.');
      if (!state.refused.has(id)) void choose({ rate: text.replace(',', '.') });
    }
    draw();
  },
};

function listen(): void {
  const by = (actions: Readonly<Record<string, Action>>) => (event: Event) => {
    const target = (event.target as Element).closest<HTMLInputElement>('[data-do]');
    if (target) actions[target.dataset['do']!]?.(target, target.dataset['arg'] ?? '');
  };
  document.addEventListener('click', by(clicks));
  document.addEventListener('change', by(changes));
  document.addEventListener('input', ({ target }) => {
    const { dataset, value } = target as HTMLInputElement;
    if (dataset['do'] === 'type' || dataset['do'] === 'control') state.draft = { field: dataset['arg']!, text: value };
  });
  // Enter takes what was typed also where the browser's list of suggestions is open.
  document.addEventListener('keydown', ({ key, target }) => {
    if (key === 'Enter' && (target as Element).id === 'b-control') add();
  });
  // Enter in a field would send the form, which goes nowhere.
  document.addEventListener('submit', (event) => event.preventDefault());
  window.addEventListener('hashchange', () => {
    void choose(readChoice(location.hash, ids));
  });
  element.addEventListener('tokenbill:change', ({ detail }) => {
    const text = JSON.stringify(detail.scenario);
    untouched ??= text;
    state.told = detail;
    state.changed = text !== untouched;
    draw();
  });
  window.addEventListener('message', ({ source, data }: MessageEvent<TokenbillBroadcast | null>) => {
    const frame = element.querySelector('tokenbill-widget')?.shadowRoot?.querySelector('iframe');
    if (source === null || source !== frame?.contentWindow || data?.type !== 'tokenbill:height') return;
    state.height = data.height;
    draw();
  });
}

async function start(): Promise<void> {
  listen();
  await choose(readChoice(location.hash, ids));
  const core = await Core.load('core.wasm', __WASM_INTEGRITY__);
  const { parameters }: Description = core.describe();
  state.parameters = parameters.filter(isControl);
  draw();
}

void start();
