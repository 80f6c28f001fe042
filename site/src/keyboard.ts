// Keys of the whole page, of the model picker and of the tabs.

import { goTo, useModel } from './actions';
import type { Controller } from './controller';
import { found } from './views/form';
import { offered } from './views/picker';

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  || (target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox');

const letter_key = 'tokenbill-letter-keys';

export function letterKeys(): boolean {
  try {
    return localStorage.getItem(letter_key) !== 'off';
  } catch {
    return true;
  }
}

export function setLetterKeys(on: boolean): void {
  try {
    localStorage.setItem(letter_key, on ? 'on' : 'off');
  } catch { /* No storage: they stay on. */ }
}

function pickerKey(app: Controller, event: KeyboardEvent): boolean {
  const models = offered(app, app.ui.picker?.query ?? '');
  const picker = app.ui.picker;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const chosen = models.findIndex((model) => model.key === app.estimate?.model.key);
    const active = picker ? (picker.active + (event.key === 'ArrowDown' ? 1 : -1) + models.length) % models.length : Math.max(0, chosen);
    app.ui.picker = { query: picker?.query ?? '', active };
  } else if (event.key === 'Enter' && picker) {
    const model = models[picker.active];
    if (model) useModel(app, model.key);
  } else if (event.key === 'Escape' && picker) {
    app.ui.picker = null;
  } else {
    return false;
  }
  app.updateNow();
  document.querySelector('.options .active')?.scrollIntoView({ block: 'nearest' });
  return true;
}

function tabKey(app: Controller, event: KeyboardEvent, tab: HTMLElement): boolean {
  const tabs = [...document.querySelectorAll<HTMLElement>('.tab')];
  const at = tabs.indexOf(tab);
  const to = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at - 1 + tabs.length) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) {
    if (event.key !== ' ') return false;
    tab.click();
    return true;
  }
  app.showSection(tabs[to]!.dataset['arg']!);
  app.updateNow();
  tabs[to]!.focus();
  return true;
}

export function onKey(app: Controller, event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.isComposing || document.querySelector('dialog[open]')) return;
  let done = false;
  if (target.dataset?.['do'] === 'picker') done = pickerKey(app, event);
  else if (target.dataset?.['do'] === 'find' && event.key === 'Enter') {
    const first = found(app)[0];
    if (first) void goTo(app, first.id);
    done = true;
  } else if (target.classList?.contains('tab')) done = tabKey(app, event, target);
  if (!done && event.key === 'Escape' && app.ui.drawer.length > 0) {
    app.closeDrawer();
    done = true;
  }
  if (!done && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !isText(target)) {
    app.step(event.shiftKey ? 'redo' : 'undo');
    done = true;
  }
  if (!done && !event.ctrlKey && !event.metaKey && !event.altKey && !isText(target) && letterKeys()) {
    if (event.key === '/') {
      app.showSection('models');
      app.updateNow();
      document.getElementById('model-search')?.focus();
      done = true;
    } else if (event.key === '?') {
      (document.getElementById('help') as HTMLDialogElement).showModal();
      done = true;
    }
  }
  if (done) event.preventDefault();
}
