// Inputs that are ranges: how they are typed and shown, and that a value which replaces one drops it.

import type { InputRange, Parameter, Scenario } from '../../web/types';
import type { Format } from './format';
import { translate } from './language';
import { fieldText } from './views/parts';

/** The scenario without the ranges of these inputs: what is set to a plain value is no range any more. */
export function withoutRanges(scenario: Scenario, ids: readonly string[]): Scenario {
  if (!scenario.ranges || !ids.some((id) => id in scenario.ranges!)) return scenario;
  const { ranges, ...rest } = scenario;
  const kept = Object.entries(ranges).filter(([id]) => !ids.includes(id));
  return kept.length > 0 ? { ...rest, ranges: Object.fromEntries(kept) } : rest;
}

export const withRange = (scenario: Scenario, id: string, range: InputRange): Scenario =>
  ({ ...scenario, ranges: { ...scenario.ranges, [id]: range } });

/** Turns both ends of "4k to 9k", or a text that is no range as a whole; the level behind stays. */
export function eachEnd(text: string, turn: (end: string) => string): string {
  const parts = /^(.*?)(\s+(?:to|bis)\s+|\s*[~–]\s*)(.*?)(\s*@.*)?$/.exec(text);
  return parts ? `${turn(parts[1]!.trim())} to ${turn(parts[3]!.trim())}${parts[4] ?? ''}` : turn(text);
}

/** A range as its field shows it: "4,000 to 9,000", with its level where it is not the usual one. */
export function rangeText(p: Parameter, range: InputRange, format: Format): string {
  const level = range.level === undefined || range.level === 0.9 ? '' : ` @${format.field(Number((range.level * 100).toPrecision(12)))}`;
  return `${fieldText(p, range.low, format)}${translate(' to ')}${fieldText(p, range.high, format)}${level}`;
}
