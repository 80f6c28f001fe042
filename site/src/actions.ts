// What each control does: the value of its data-do, called with its element. One listener for the whole page.

import type { Controller } from './controller';
import type { Door, SortColumn } from './page';
import { copy } from './copy';
import { leadTo } from './focus';
import { chooseLanguage } from './language';
import { openLater } from './lazy';
import { valueOf } from './page';
import { belongsToOwn } from './relevance';
import { addScenario, showScenario } from './scenarios';
import { slid, stepped } from './slider';
import { setTheme } from './theme';
import { loadPrices, openPriceFile } from './prices';
import { offered } from './views/picker';

export type Action = (app: Controller, element: HTMLElement) => void;

const argument = (element: HTMLElement): string => element.dataset['arg'] ?? '';
const parameter = (app: Controller, element: HTMLElement) => app.description.parameters.find((p) => p.id === argument(element));
const text = (element: HTMLElement): string => (element as HTMLInputElement).value;
const dialog = (): HTMLDialogElement => document.getElementById('help') as HTMLDialogElement;

function usePreset(app: Controller, id: string, recomputed: boolean): void {
  const preset = app.presets.find((one) => one.id === id);
  const scenario = recomputed ? preset?.recomputed?.scenario : preset?.scenario;
  if (!scenario) return;
  app.ui.errors = new Map();
  app.change({ scenario }, `preset:${id}`);
}

export function useModel(app: Controller, key: string): void {
  app.ui.picker = null;
  app.change({ scenario: { ...app.state.scenario, model: key } }, 'model');
}

/** Opens the folds around an input, in the form or in the section that it belongs to, and puts the focus into it. */
export async function goTo(app: Controller, id: string): Promise<void> {
  app.ui.find = '';
  const p = app.description.parameters.find((one) => one.id === id);
  const own = belongsToOwn(p);
  if (p) app.ui.groups = new Set(app.ui.groups).add(p.group);
  if (own) {
    app.showSection('own');
    await openLater('own', app);
  }
  app.updateNow();
  const input = document.getElementById(`${own ? 'own' : 'in'}-${id}`);
  for (let fold = input?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
  input?.focus();
  input?.scrollIntoView({ block: 'center' });
}

/** Calls what export.ts has, which is loaded when something is first taken along. */
async function withExports(app: Controller, use: (module: typeof import('./export')) => void | Promise<void>): Promise<void> {
  try {
    await use(await import('./export'));
  } catch (error) {
    app.tell(`That did not work: ${error instanceof Error ? error.message : String(error)} Check the connection and try again.`);
  }
}

async function countText(app: Controller, id: string): Promise<void> {
  try {
    const { openCount } = await import('./count/dialog');
    openCount(app, id);
  } catch {
    app.tell('The part of the page that counts tokens could not be loaded. Check the connection, then try again.');
  }
}

const doorOf = (e: HTMLElement): Door => ({ kind: e.dataset['own'] === undefined ? 'item' : 'own', id: argument(e), model: e.dataset['model'] });

/** Clicks, and Enter or Space on what the browser clicks by itself. */
export const clicks: Readonly<Record<string, Action>> = {
  explain: (app, e) => app.openDoor(doorOf(e), false),
  'explain-use': (app, e) => app.openDoor(doorOf(e), true),
  'model-card': (app, e) => app.openDoor({ kind: 'model', id: argument(e) }, false),
  'drawer-back': (app) => app.back(),
  'drawer-close': (app) => app.closeDrawer(),
  // By hand: the address holds the scenario, and a jump would put another text there.
  skip: () => document.getElementById('cost')?.focus(),
  preset: (app, e) => usePreset(app, argument(e), false),
  scenario: (app, e) => app.changeScenarios(showScenario(app.state, Number(argument(e))), 'scenario'),
  'scenario-add': (app) => app.changeScenarios(addScenario(app.state), 'scenario-add'),
  'go-to': (app, e) => void goTo(app, argument(e)),
  recomputed: (app, e) => usePreset(app, argument(e), true),
  claim: (app, e) => app.openClaim(argument(e)),
  'claims-retry': (app) => void app.loadClaims(),
  reset(app, e) {
    const errors = new Map(app.ui.errors);
    errors.delete(argument(e));
    app.ui.errors = errors;
    app.setParameter(argument(e), null, `reset:${argument(e)}`);
    e.closest('.field')?.querySelector<HTMLElement>('input, select')?.focus();
  },
  step(app, e) {
    const p = parameter(app, e);
    if (!p) return;
    const value = valueOf(app.state.scenario, p);
    app.setParameter(p.id, stepped(p, typeof value === 'number' ? value : Number(p.default), e.dataset['direction'] === '1' ? 1 : -1), `step:${p.id}`);
  },
  section: (app, e) => app.showSection(argument(e)),
  'to-section'(app, e) {
    app.showSection(argument(e));
    app.updateNow();
    document.getElementById(`section-${argument(e)}`)?.scrollIntoView();
    leadTo(argument(e))?.focus({ preventScroll: true });
  },
  fold(app, e) {
    // The section above that closes must not take the line from under the reader's hand.
    const { top } = e.getBoundingClientRect();
    app.showSection(app.ui.section === argument(e) ? '' : argument(e));
    app.updateNow();
    window.scrollBy(0, e.getBoundingClientRect().top - top);
  },
  'zero-items': (app) => { app.ui.zeroItems = !app.ui.zeroItems; },
  'all-models': (app) => { app.ui.allModels = true; },
  'use-model': (app, e) => useModel(app, argument(e)),
  pick: (app, e) => useModel(app, argument(e)),
  pin: (app, e) => app.change({ baseline: app.state.baseline === argument(e) ? null : argument(e) }, 'pin'),
  sort(app, e) {
    const column = argument(e) as SortColumn;
    const { sort } = app.ui;
    app.ui.sort = { column, descending: sort.column === column ? !sort.descending : column === 'context_tokens' };
  },
  undo: (app) => app.step('undo'),
  redo: (app) => app.step('redo'),
  'copy-link': (app) => void app.sharedLink().then((link) => copy(app, link, 'The link', 'It carries the whole scenario.')),
  share: (app) => void withExports(app, ({ openShare }) => openShare(app)),
  'share-close': () => (document.getElementById('share') as HTMLDialogElement).close(),
  'share-as': (app, e) => void withExports(app, ({ shareAs }) => shareAs(app, argument(e))),
  'open-scenario': (app) => void withExports(app, ({ openScenario }) => openScenario(app)),
  'count-text': (app, e) => void countText(app, argument(e)),
  theme: (app) => setTheme(app, ({ auto: 'light', light: 'dark', dark: 'auto' } as const)[app.ui.theme]),
  language: (app) => chooseLanguage(app, app.ui.language === 'en' ? 'de' : 'en'),
  help: () => dialog().showModal(),
  'help-close': () => dialog().close(),
  dismiss: (app) => { app.ui.message = ''; app.ui.linkText = ''; },
  retry: (app) => void loadPrices(app),
  'open-file': (app) => openPriceFile(app),
  date(app, e) {
    if (!(e instanceof HTMLButtonElement)) return;
    setDate(app, '');
    document.getElementById('in-date')?.focus();
  },
};

function setDate(app: Controller, date: string): void {
  const { date: _, ...rest } = app.state.scenario;
  app.change({ scenario: date ? { ...rest, date } : rest }, 'date');
}

/** While something is typed or dragged. */
export const inputs: Readonly<Record<string, Action>> = {
  type(app, e) {
    const errors = new Map(app.ui.errors);
    errors.delete(argument(e));
    app.ui.errors = errors;
    app.ui.draft = { id: argument(e), text: text(e), error: null };
    // What can be read already counts already; what cannot is told when the field is left.
    if (text(e).trim() !== '') app.typed(argument(e), text(e));
  },
  slide(app, e) {
    const p = parameter(app, e);
    if (!p) return;
    const value = valueOf(app.state.scenario, p);
    const to = slid(p, Number(text(e)), typeof value === 'number' ? value : Number(p.default), e.matches(':active'));
    if (to !== value) app.setParameter(p.id, to, `slide:${p.id}`);
  },
  query: (app, e) => { app.ui.query = text(e); },
  find: (app, e) => { app.ui.find = text(e); },
  picker: (app, e) => { app.ui.picker = { query: text(e), active: offered(app, text(e)).length > 0 ? 0 : -1 }; },
};

/** A field is left: its text counts, or the sentence that refuses it stands below. */
function settle(app: Controller, id: string, typed: string, error: string | null): void {
  const errors = new Map(app.ui.errors);
  if (error) errors.set(id, { text: typed, error });
  else errors.delete(id);
  app.ui.errors = errors;
  app.ui.draft = null;
}

/** When a value is settled. */
export const changes: Readonly<Record<string, Action>> = {
  type(app, e) {
    const id = argument(e);
    settle(app, id, text(e), app.typed(id, text(e)));
  },
  refer(app, e) {
    const p = parameter(app, e);
    if (p) settle(app, p.id, text(e), app.refer(p, text(e)));
  },
  choose: (app, e) => app.setParameter(argument(e), text(e), `choose:${argument(e)}`),
  date: (app, e) => setDate(app, text(e)),
  seller: (app, e) => { app.ui.seller = text(e); },
  capability: (app, e) => { app.ui.capability = text(e); },
  context: (app, e) => { app.ui.context = Number(text(e)); },
  'claims-source': (app, e) => { app.ui.claims = { ...app.ui.claims, source: text(e) }; },
  'claims-verdict': (app, e) => { app.ui.claims = { ...app.ui.claims, verdict: text(e) }; },
};
