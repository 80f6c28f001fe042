// Sections whose code is loaded when they are first opened: a line in `later`, a name in page.ts's `sections` and a place in
// index.html make one.

import type { Action } from './actions';
import type { Ranges } from '../../web/types';
import type { Controller } from './controller';
import type { Page } from './page';
import { h, type VElement } from './vdom';

type Actions = Readonly<Record<string, Action>>;

export interface SectionModule {
  readonly view: (page: Page) => VElement;
  /** What it adds to the headline while it is open. */
  readonly headline?: (page: Page) => VElement | null;
  /** Low, likely and high of the bill's lines. */
  readonly ranges?: (page: Page) => Ranges | null;
  /** By data-do, as in actions.ts: clicks, what happens while something is typed or dragged, and when it is settled. */
  readonly clicks?: Actions;
  readonly inputs?: Actions;
  readonly changes?: Actions;
  /** What it needs beside its code, before the first drawing. What fails is told by the view. */
  readonly prepare?: (app: Controller) => Promise<void>;
  /** Once, before the first drawing: for what is none of these (pointers, keys). Events of the section bubble up to `element`. */
  readonly mounted?: (element: HTMLElement, app: Controller) => void;
}

export const later: Readonly<Record<string, () => Promise<SectionModule>>> = {
  caching: () => import('./views/caching'),
  chats: () => import('./views/chats'),
  agent: () => import('./views/agent'),
  budget: () => import('./views/budget'),
  savings: () => import('./views/savings'),
  own: () => import('./views/own'),
  ranges: () => import('./views/ranges'),
  users: () => import('./views/users'),
  scenarios: () => import('./views/scenarios'),
  usage: () => import('./views/usage'),
};

const loaded = new Map<string, SectionModule>();
const under_way = new Map<string, 'loading' | 'failed'>();

export function laterView(id: string, page: Page): VElement {
  const section = loaded.get(id);
  if (section) return section.view(page);
  return h('div', null, h('p', { class: 'empty' }, under_way.get(id) === 'failed'
    ? 'This part of the page could not be loaded. Check the connection, then open the section again.' : 'Loading this part of the page …'));
}

/** An input is a range: then the month and its lines are ranges wherever they are shown. */
export const isRanged = (page: Pick<Page, 'state'>): boolean => Object.keys(page.state.scenario.ranges ?? {}).length > 0;
const ranged = (page: Page): SectionModule | undefined => (isRanged(page) ? loaded.get('ranges') : undefined);

/** What the open section adds to the headline, or what ranges add to it. */
export const laterHeadline = (page: Page): VElement | null => (loaded.get(page.ui.section)?.headline ?? ranged(page)?.headline)?.(page) ?? null;
export const laterRanges = (page: Page): Ranges | null => ranged(page)?.ranges?.(page) ?? null;

/** Loads the section's code, and the operations that it asks for, if it is one of those and not there yet. A failed load is tried again when the section is opened again. */
export async function openLater(id: string, app: Controller): Promise<void> {
  const load = later[id];
  if (!load || loaded.has(id) || under_way.has(id)) return;
  under_way.set(id, 'loading');
  try {
    const [section] = await Promise.all([load(), app.wholeCore()]);
    await section.prepare?.(app);
    section.mounted?.(document.getElementById(`body-${id}`)!, app);
    loaded.set(id, section);
  } catch {
    under_way.set(id, 'failed');
  }
  app.update();
}

/** The section is left: what failed may be tried again. */
export function closeLater(id: string): void {
  if (under_way.get(id) === 'failed') under_way.delete(id);
}

/** What a control of a loaded section does. */
export function laterAction(kind: 'clicks' | 'inputs' | 'changes', name: string): Action | undefined {
  for (const section of loaded.values()) {
    const action = section[kind]?.[name];
    if (action) return action;
  }
  return undefined;
}
