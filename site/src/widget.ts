// The widget's entry. It runs in a frame without an origin of its own: no storage, no worker, nothing from the host but
// what its address and the messages of docs/widget.md say.

import { Core } from '../../web/tokenbill';
import presets from '../presets.json';
import type { Preset } from './page';
import { valueOf } from './page';
import { slid, stepped } from './slider';
import { Widget } from './widget/app';
import { all_models } from './widget/controls';
import { place } from './widget/place';
import { fetchShort } from './widget/prices';
import { readSettings } from './widget/settings';

const element = document.getElementById('widget')!;
const app = new Widget(presets.presets as readonly Preset[], element);

type Action = (target: HTMLElement, argument: string) => void;
const text = (target: HTMLElement): string => (target as HTMLInputElement).value;
const parameter = (id: string) => app.description.parameters.find((p) => p.id === id);
const current = (id: string): number => {
  const p = parameter(id)!;
  const value = valueOf(app.scenario, p);
  return typeof value === 'number' ? value : Number(p.default);
};
const withoutError = (id: string): void => {
  const errors = new Map(app.errors);
  errors.delete(id);
  app.errors = errors;
};

const clicks: Readonly<Record<string, Action>> = {
  explain: (target, id) => app.openDoor({ id, model: target.dataset['model'] }, false),
  'explain-use': (target, id) => app.openDoor({ id, model: target.dataset['model'] }, true),
  back: () => app.back(false),
  close: () => app.back(true),
  retry: () => void app.loadPrices(),
  copy: (_, what) => void app.copy(what === 'link' ? 'link' : 'table'),
  step(target, id) {
    withoutError(id);
    app.setParameter(id, stepped(parameter(id)!, current(id), target.dataset['direction'] === '1' ? 1 : -1));
  },
};

const inputs: Readonly<Record<string, Action>> = {
  slide(target, id) {
    withoutError(id);
    app.setParameter(id, slid(parameter(id)!, Number(text(target)), current(id), target.matches(':active')));
  },
  type(target, id) {
    withoutError(id);
    app.draft = { id, text: text(target) };
    // What can be read counts at once; what cannot is told when the field is left.
    if (text(target).trim() !== '') app.typed(id, text(target));
    app.update();
  },
};

const changes: Readonly<Record<string, Action>> = {
  type(target, id) {
    const error = app.typed(id, text(target));
    if (error) app.errors = new Map(app.errors).set(id, { text: text(target), error });
    app.draft = null;
    app.update();
  },
  choose: (target, id) => app.setParameter(id, text(target)),
  model: (target) => void (text(target) === all_models ? app.loadAllModels() : app.useModel(text(target))),
};

function listen(): void {
  const by = (actions: Readonly<Record<string, Action>>) => (event: Event) => {
    const target = (event.target as Element).closest<HTMLElement>('[data-do]');
    if (target) actions[target.dataset['do']!]?.(target, target.dataset['arg'] ?? '');
  };
  document.addEventListener('click', by(clicks));
  document.addEventListener('input', by(inputs));
  document.addEventListener('change', by(changes));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') app.back(true);
  });
  window.addEventListener('hashchange', () => void app.readFragment(location.hash));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', app.relook);
}

async function start(): Promise<void> {
  app.settings = readSettings(location.hash);
  app.setTheme(app.settings.theme);
  app.setLanguage(app.settings.lang);
  const prices = fetchShort();
  prices.catch(() => {}); // told by loadPrices
  try {
    app.core = await Core.load(place('core.wasm'), __WASM_INTEGRITY__);
    app.description = app.core.describe();
    await app.readFragment(location.hash);
    await app.loadPrices(prices);
  } catch (error) {
    app.fail((texts) => texts.no_start(error instanceof Error ? error.message : ''), false);
    app.updateNow();
  }
  listen();
  app.host.watch(element);
  app.host.ready();
}

void start();
