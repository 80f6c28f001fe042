// The page's entry: loads the core and the prices side by side, takes over the markup, listens.

import { Core } from '../../web/tokenbill';
import presets from '../presets.json';
import { changes, clicks, inputs } from './actions';
import { Controller } from './controller';
import { laterAction } from './lazy';
import { preferred, setLanguage } from './language';
import { letterKeys, onKey, setLetterKeys } from './keyboard';
import type { Preset } from './page';
import { fetchPrices, loadPrices, rested } from './prices';
import { setTheme, storedTheme } from './theme';
import { h, patch } from './vdom';
import { help } from './views/frame';
import { printed } from './views/print';

const app = new Controller(presets.presets as readonly Preset[]);

function listen(): void {
  const handle = (kind: 'clicks' | 'inputs' | 'changes', actions: typeof clicks) => (event: Event) => {
    const element = (event.target as Element).closest<HTMLElement>('[data-do]');
    const name = element?.dataset['do'] ?? '';
    const action = actions[name] ?? laterAction(kind, name);
    if (!element || !action) return;
    if (kind === 'clicks' && element instanceof HTMLAnchorElement) event.preventDefault();
    action(app, element);
    app.update();
  };
  document.addEventListener('click', handle('clicks', clicks));
  document.addEventListener('input', handle('inputs', inputs));
  document.addEventListener('change', handle('changes', changes));
  document.addEventListener('keydown', (event) => onKey(app, event));
  // The list must not take the focus from its field before the click arrives.
  document.addEventListener('pointerdown', (event) => {
    if ((event.target as Element).closest('.options')) event.preventDefault();
  });
  document.addEventListener('focusin', (event) => {
    if ((event.target as HTMLElement).dataset['do'] !== 'picker' || app.ui.picker) return;
    app.ui.picker = { query: '', active: -1 };
    app.update();
  });
  document.addEventListener('focusout', (event) => {
    if ((event.target as HTMLElement).dataset['do'] !== 'picker' || !app.ui.picker) return;
    app.ui.picker = null;
    app.update();
  });
  // A fold tells that it is opened by no click alone: a search of the browser opens it, too. The event does not bubble.
  document.addEventListener('toggle', (event) => {
    const fold = event.target as HTMLDetailsElement;
    const group = fold.dataset['group'];
    if (!group || !fold.open || app.ui.groups.has(group)) return;
    app.ui.groups = new Set(app.ui.groups).add(group);
    app.updateNow();
  }, true);
  window.addEventListener('hashchange', () => void app.readLink(location.hash));
  // Before the browser lays out the paper; the menu's "Print" and Ctrl+P alike.
  window.addEventListener('beforeprint', () => {
    app.updateNow();
    patch(document.getElementById('printed')!, h('div', { id: 'printed' }, printed(app, app.address)));
  });
  window.addEventListener('popstate', () => void app.readLink(location.hash));
}

const wide = matchMedia('(min-width: 1000px)');

function watchScreen(): void {
  wide.addEventListener('change', () => {
    app.ui.wide = wide.matches;
    app.update();
  });
  // The line with the number appears when the large number leaves the window.
  new IntersectionObserver(([entry]) => document.body.toggleAttribute('data-scrolled', !entry!.isIntersecting && entry!.boundingClientRect.top < 0))
    .observe(document.getElementById('headline')!);
}

const painted = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/** A section's code that is loaded when the section is first opened. */
function mountWhenOpen(section: string, mount: () => Promise<void>): void {
  const look = () => {
    if (app.ui.section !== section || app.prices.state !== 'ready') return;
    app.listeners.delete(look);
    void mount();
  };
  app.listeners.add(look);
}

async function mountSweep(): Promise<void> {
  const [view] = await Promise.all([import('./views/sweep'), app.wholeCore()]);
  view.mount(document.getElementById('sweep')!, app.core!, app);
}

/** After the frame that shows the number. The place is kept free meanwhile, so that nothing moves; without the chart the table says the same. */
async function mountModelChart(): Promise<void> {
  const place = document.getElementById('models-chart')!;
  place.hidden = false;
  await painted();
  try {
    const view = await import('./views/model_chart');
    view.mount(place, app);
  } catch {
    place.hidden = true;
  }
}

async function start(): Promise<void> {
  const root = document.documentElement;
  root.classList.add('js');
  app.ui.wide = wide.matches;
  app.ui.theme = storedTheme();
  if (app.ui.theme !== 'auto') setTheme(app, app.ui.theme);
  const dialog = document.getElementById('help')!.firstElementChild!;
  patch(dialog, help());
  let { format } = app;
  app.listeners.add(() => {
    if (format !== app.format) patch(dialog, help());
    format = app.format;
  });
  const letters = document.getElementById('letter-keys') as HTMLInputElement;
  letters.checked = letterKeys();
  letters.addEventListener('change', () => setLetterKeys(letters.checked));
  if (preferred() === 'de') void setLanguage(app, 'de');
  const prices = fetchPrices();
  prices.catch(() => {}); // told by loadPrices
  try {
    app.core = await Core.load('core.wasm', __WASM_INTEGRITY__);
  } catch (error) {
    app.prices = { state: 'failed', what: 'The calculator itself did not start.',
      hint: `${error instanceof Error ? error.message : ''} Reload the page, or use a current browser.` };
    app.updateNow();
    // Nothing else works without the core; a click on "Retry" loads the page again.
    document.addEventListener('click', (event) => {
      if ((event.target as Element).closest('[data-do="retry"]')) location.reload();
    });
    return;
  }
  // Each step is a task of its own: what the reader does meanwhile is answered between them.
  await rested();
  app.description = app.core.describe();
  await rested();
  mountWhenOpen('sweep', mountSweep);
  mountWhenOpen('models', mountModelChart);
  await loadPrices(app, prices);
  await rested();
  await app.readLink(location.hash);
  await rested();
  app.updateNow();
  listen();
  watchScreen();
  root.dataset['ready'] = '';
}

void start();
