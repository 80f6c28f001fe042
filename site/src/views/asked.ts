// What a view asks the core about the scenario with something changed in it, and the form's inputs beside a picture.

import type { SweepAxis } from '../../../web/sweep';
import type { Amount, Estimate, Parameter, Scenario, Series, Turns } from '../../../web/types';
import type { Action } from '../actions';
import type { Core } from '../../../web/tokenbill';
import { failed, valueOf, type Page, type Prices, type State } from '../page';
import { withoutRanges } from '../scenario_ranges';
import { h, type Child, type VElement } from '../vdom';
import { field } from './form';
import { figureOf } from './parts';

/** null = back to the default. */
export type Changes = Readonly<Record<string, number | string | null>>;

export function changed(scenario: Scenario, changes: Changes): Scenario {
  const parameters = Object.fromEntries(Object.entries({ ...scenario.parameters, ...changes }).filter(([, value]) => value !== null)) as Record<string, number | string>;
  return { ...withoutRanges(scenario, Object.keys(changes)), parameters };
}

// Answers are kept by what was asked, so that moving along an axis does not ask for the same curve again.

const most_kept = 400;
const kept = new Map<string, unknown>();
/** Answers that are slow to come, by the place that shows them. */
const slots = new Map<string, { readonly key: string; readonly answer: unknown }>();
let kept_for: Prices | null = null;

function forgetOld(prices: Prices): void {
  if (kept_for === prices) return;
  kept.clear();
  slots.clear();
  kept_for = prices;
}

function remembered<Answer extends object>(page: Page, kind: string, scenario: Scenario, more: unknown, question: (core: Core, today: string) => Answer): Answer | null {
  forgetOld(page.prices);
  const key = JSON.stringify([kind, scenario, more]);
  if (!kept.has(key)) {
    if (kept.size >= most_kept) kept.clear();
    const answer = page.ask<Answer>(key, (core, _, today) => question(core, today));
    kept.set(key, answer && !failed(answer) ? answer : null);
  }
  return kept.get(key) as Answer | null;
}

export function estimateOf(page: Page, changes: Changes): Estimate | null {
  const scenario = changed(page.state.scenario, changes);
  return remembered(page, 'estimate', scenario, 0, (core, today) => core.estimate(scenario, today));
}

export function turnsOf(page: Page, changes: Changes, turns: number): Turns | null {
  const scenario = changed(page.state.scenario, changes);
  return remembered(page, 'turns', scenario, turns, (core, today) => core.turns(scenario, today, turns));
}

export function seriesOf(page: Page, changes: Changes, axis: SweepAxis, figures: readonly string[]): Series | null {
  const scenario = changed(page.state.scenario, { ...changes, [axis.id]: null });
  return remembered(page, 'series', scenario, [axis, figures], (core, today) => core.series(scenario, today, axis, figures));
}

// Curves of several series take longer than a frame: while the scenario changes the last ones stay, and new ones come once
// the reader pauses.

const pause_ms = 120;
let due: State | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let again = (): void => {};

/** What to do when a pause has come: draw anew. */
export const whenPaused = (draw: () => void): void => { again = draw; };

/** @param free  parameters that the answer does not depend on
 *  @param more  what it depends on besides the scenario */
export function slowly<Answer>(page: Page, slot: string, free: readonly string[], more: unknown, question: () => Answer): Answer {
  const scenario = changed(page.state.scenario, Object.fromEntries(free.map((id) => [id, null])));
  const key = JSON.stringify([scenario, more]);
  forgetOld(page.prices);
  const known = slots.get(slot);
  if (known?.key === key) return known.answer as Answer;
  if (known && due !== page.state) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      due = page.state;
      again();
    }, pause_ms);
    return known.answer as Answer;
  }
  const answer = question();
  slots.set(slot, { key, answer });
  return answer;
}

// The scenario's values

export const figureIn = (estimate: Estimate | null, id: string): Amount => figureOf(estimate, id).value;

export const parameterOf = (page: Page, id: string): Parameter => page.description.parameters.find((p) => p.id === id)!;

/** The value in force, of a number. */
export const numberOf = (page: Page, id: string): number => {
  const p = parameterOf(page, id);
  const value = valueOf(page.state.scenario, p);
  return typeof value === 'number' ? value : Number(p.default);
};

export const choiceOf = (page: Page, id: string): string => String(valueOf(page.state.scenario, parameterOf(page, id)));

export const optionLabel = (page: Page, id: string, option: string): string => parameterOf(page, id).options?.find((one) => one.id === option)?.label ?? option;

// Pieces of these views

/** Inputs of the form, beside the picture that they change; `prefix` starts their ids. */
export const inputs = (page: Page, prefix: string, ids: readonly string[]): VElement =>
  h('div', { class: 'own-fields' }, ids.map((id) => field(parameterOf(page, id), page, { prefix })));

/** Why there is no picture. */
export function nothing(page: Page, what: string): VElement | null {
  const { estimate, failure, format } = page;
  if (estimate?.status === 'ok' && !failure) return null;
  const problem = failure ?? estimate?.problem;
  return h('div', null, h('p', { class: 'empty' }, problem ? `${format.localize(problem.message)} ${problem.hint} ` : '', what));
}

export const useButton = (label: Child, action: string, argument: string, name?: string): VElement =>
  h('button', { type: 'button', class: 'button', 'data-do': action, 'data-arg': argument, 'aria-label': name }, label);

/** A history that is "given" does not grow: what to say instead, and how to change it. */
export function given(page: Page, place: string, what: string): VElement | null {
  if (choiceOf(page, 'history') !== 'given') return null;
  return h('div', { class: 'banner inside', key: 'given' },
    h('p', null, h('b', null, 'In your scenario nothing grows. '), `Earlier turns are “${optionLabel(page, 'history', 'given')}”: each request is as long as the prompt that you give. `, what),
    h('p', null, 'Once they are sent again, an exchange adds three things to the next prompt: the new text of a later request, the answer, and the reasoning if the model keeps it. '
      + 'The prompt is then that of the first request alone: take out of it what earlier turns had added.'),
    h('p', { class: 'row' }, useButton('Send all earlier turns again', 'use-history', 'full')),
    inputs(page, `${place}-given`, ['prompt_tokens', 'turn_input_tokens', 'output_tokens', 'reasoning_kept']));
}

/** What the button of `given` does, and those that choose a strategy. */
export const useHistory: Action = (app, e) => app.setParameter('history', e.dataset['arg']!, 'history');
