// Several scenarios side by side. One is the page's: every other view knows only that one.

import type { Scenario } from '../../web/types';
import type { State } from './page';

/** As many columns as can be read beside each other. */
export const most_scenarios = 6;

export const nameOf = (scenario: Scenario): string => scenario.name || 'Your feature';

/** All of them in order; the page's stands at `state.at`. */
export const allScenarios = ({ others, at, scenario }: State): readonly Scenario[] => [...others.slice(0, at), scenario, ...others.slice(at)];

const among = (state: State, all: readonly Scenario[], at: number): State =>
  ({ ...state, scenario: all[at]!, others: all.filter((_, i) => i !== at), at });

export const showScenario = (state: State, at: number): State => {
  const all = allScenarios(state);
  return at === state.at || !all[at] ? state : among(state, all, at);
};

/** A copy of the page's one behind it, which the page shows from then on. */
export function addScenario(state: State): State {
  const all = allScenarios(state);
  if (all.length >= most_scenarios) return state;
  const base = nameOf(state.scenario).replace(/ \d+$/, '');
  let number = 2;
  while (all.some((one) => nameOf(one) === `${base} ${number}`)) number += 1;
  const at = state.at + 1;
  return among(state, [...all.slice(0, at), { ...state.scenario, name: `${base} ${number}` }, ...all.slice(at)], at);
}

/** The last one stays. */
export function removeScenario(state: State, at: number): State {
  const all = allScenarios(state);
  if (all.length === 1 || !all[at]) return state;
  const rest = all.filter((_, i) => i !== at);
  return among(state, rest, Math.min(at < state.at ? state.at - 1 : state.at, rest.length - 1));
}

export function renameScenario(state: State, at: number, text: string): State {
  const name = text.trim();
  const all = allScenarios(state);
  if (!all[at] || name === all[at].name) return state;
  const { name: _, ...unnamed } = all[at];
  return among(state, all.map((one, i) => (i === at ? (name ? { ...unnamed, name } : unnamed) : one)), state.at);
}
