// Taking hold of a chart's handle, by pointer or by keys: the same as moving the input's slider in the form.

import type { Controller } from '../controller';
import { valueOf } from '../page';
import { stepped } from '../slider';
import type { Parameter } from '../../../web/types';
import { valueAt, type Scale } from './chart';

type Span = Pick<Scale, 'from' | 'to' | 'log'>;

/** For handles whose places are not simply the values of their parameter. null = derived. */
export interface Rule {
  settle(place: number, app: Controller): number | null;
  step(direction: 1 | -1, app: Controller): number | null;
}

interface Held extends Span { readonly element: HTMLElement; readonly id: string; readonly along: string; readonly offset: number; readonly least: number; readonly most: number }

let held: Held | null = null;

/** The scale of a handle in somebody's hand: while it is moved its axis must stay, or it would run from under the hand. */
export const heldScale = (id: string): Span | null => (held?.id === id ? held : null);

function hold(element: HTMLElement): Held {
  const { grip = '', along = 'x', from, to, log, offset, least, most } = element.dataset;
  return { element, id: grip, along, from: Number(from), to: Number(to), log: log === 'true', offset: Number(offset), least: Number(least), most: Number(most) };
}

/** As fine as a hand can point: whole numbers, from 100 on two digits. */
function settled(p: Parameter, value: number, { least, most }: Held): number {
  const fine = p.step < 1 ? Math.round(value / p.step) * p.step : value < 100 ? Math.round(value) : Number(value.toPrecision(2));
  return Math.min(p.max, most, Math.max(p.min, least, Number(fine.toPrecision(12))));
}

/** The value under the pointer; null where the handle's chart is gone. */
function place(event: PointerEvent, { element, along, offset, ...span }: Held): number | null {
  const area = element.closest<SVGElement>('.plot-area');
  if (!area) return null;
  const box = area.getBoundingClientRect();
  const share = along === 'x' ? (event.clientX - box.left) / box.width : 1 - (event.clientY - box.top) / Number(area.dataset['height']);
  return valueAt(span, Math.min(1, Math.max(0, share))) - offset;
}

export function followHandles(element: HTMLElement, app: Controller, rules: Readonly<Record<string, Rule>> = {}): void {
  const parameter = (id: string) => app.description.parameters.find((p) => p.id === id);
  const set = (id: string, value: number | null, kind: string) => {
    const p = parameter(id);
    if (p && value !== valueOf(app.state.scenario, p)) app.setParameter(id, value, `${kind}:${id}`);
  };
  element.addEventListener('pointerdown', (event) => {
    const target = (event.target as Element).closest<HTMLElement>('[data-grip]');
    if (!target || event.button !== 0) return;
    held = hold(target);
    element.setPointerCapture(event.pointerId);
    target.focus({ preventScroll: true });
    event.preventDefault();
  });
  element.addEventListener('pointermove', (event) => {
    const p = held && parameter(held.id);
    const to = held && place(event, held);
    if (!held || !p || to === null) return;
    const rule = rules[held.id];
    set(held.id, rule ? rule.settle(to, app) : settled(p, to, held), 'drag');
  });
  const release = () => {
    if (!held) return;
    held = null;
    app.update();
  };
  element.addEventListener('pointerup', release);
  element.addEventListener('pointercancel', release);
  // What stands above the chart may grow with the new value and push the handle out of the window.
  const stay = () => {
    app.updateNow();
    document.activeElement?.scrollIntoView({ block: 'nearest' });
  };
  element.addEventListener('keydown', (event) => {
    const target = (event.target as Element).closest<HTMLElement>('[data-grip]');
    if (!target || event.ctrlKey || event.metaKey || event.altKey) return;
    const handle = hold(target);
    const p = parameter(handle.id);
    const direction = ({ ArrowRight: 1, ArrowUp: 1, PageUp: 1, ArrowLeft: -1, ArrowDown: -1, PageDown: -1 } as const)[event.key];
    const end = event.key === 'Home' ? handle.least : event.key === 'End' ? handle.most : null;
    if (!p || (direction === undefined && end === null)) return;
    event.preventDefault();
    const rule = rules[handle.id];
    if (end !== null) {
      set(handle.id, rule ? rule.settle(end, app) : end, 'keys');
      stay();
      return;
    }
    const now = Number(target.getAttribute('aria-valuenow'));
    let to = now;
    for (let i = event.key.startsWith('Page') ? 5 : 1; i > 0; i -= 1) to = stepped(p, to, direction!);
    set(handle.id, rule ? rule.step(direction!, app) : Math.min(handle.most, Math.max(handle.least, to)), 'keys');
    stay();
  });
}
