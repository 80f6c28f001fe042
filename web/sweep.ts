// A sweep as the page asks for it and gets it back: docs/sweep.md.

import type { Scenario } from './types';

export interface SweepAxis {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly scale: 'linear' | 'log';
}

export interface SweepRequest {
  readonly scenario: Scenario;
  readonly today: string;
  readonly axes: readonly SweepAxis[];
  readonly output: string;
  /** A second figure: the answer has the frontier of the two. */
  readonly against?: string;
  /** Keys of models to try in every cell; ["all"] = every model. */
  readonly models?: readonly string[];
  /** Draws of all inputs with a range in every cell; axes may then be empty. */
  readonly samples?: number;
  readonly seed?: number;
  readonly assumptions?: 'given' | 'typical';
  /** Whether the value of every cell is wanted; by default for one model, up to 2^24 cells. */
  readonly cells?: boolean;
  /** How many of the lowest cells to name. */
  readonly lowest?: number;
}

export interface SweepCell {
  readonly cell: number;
  readonly value: number;
  readonly at: Readonly<Record<string, number>>;
  /** Its key, where there are several. */
  readonly model?: string;
}

/** Of the cells with a value; percentiles by their number, 5 to 95. */
export interface Distribution {
  readonly count: number;
  readonly mean?: number;
  readonly deviation?: number;
  readonly percentiles?: Readonly<Record<string, number>>;
}

export interface SweepHeader extends Distribution {
  readonly model: string;
  readonly axes: readonly {
    readonly id: string; readonly label: string; readonly unit_text: string; readonly scale: 'linear' | 'log'; readonly steps: number;
  }[];
  readonly output: { readonly id: string; readonly label: string; readonly unit_text: string };
  readonly cells: number;
  readonly done: number;
  readonly partial: boolean;
  readonly impossible: number;
  readonly unknown: number;
  readonly nodes: number;
  readonly minimum: SweepCell | null;
  readonly maximum: SweepCell | null;
  /** Below which value each whole percent of the cells lies, 0 to 100; absent where no cell has one. */
  readonly curve?: readonly number[];
  readonly lowest: readonly SweepCell[];
  /** Draws in every cell, and what was drawn. */
  readonly samples?: number;
  readonly drawn?: readonly string[];
  readonly against?: { readonly id: string; readonly label: string; readonly unit_text: string };
  /** Cells that no other beats in both figures. */
  readonly frontier?: readonly (SweepCell & { readonly against: number })[];
  readonly models?: readonly (Distribution & {
    readonly key: string; readonly wins: number; readonly minimum: SweepCell | null; readonly maximum: SweepCell | null;
  })[];
  readonly left_out?: readonly { readonly key: string; readonly reason: string }[];
}

/** Cells are row-major, the last axis fastest; NaN where there is no figure, or not yet; none where they were not wanted. */
export interface SweepResult {
  readonly header: SweepHeader;
  readonly values: readonly Float64Array[];
  readonly cells: Float64Array;
}

export interface SweepShader {
  readonly wgsl: string;
  readonly nodes: number;
  readonly axes: readonly { readonly id: string; readonly values: readonly number[] }[];
}

/** A sweep by a graphics processor, with what the core computed anew. */
export interface FinishedSweep {
  readonly header: SweepHeader;
  /** The values of the cells that 32 bits could not tell; null: no figure. */
  readonly unsure: readonly (number | null)[];
}

const magic = 0x57534254;

/** Reads the bytes of a sweep; an answer {"error": …} starts with another byte and comes back as its text. */
export function readSweep(bytes: Uint8Array<ArrayBuffer>): SweepResult | string {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || words.getUint32(0, true) !== magic) return new TextDecoder().decode(bytes);
  if (words.getUint32(4, true) !== 1) throw new Error('The sweep was written by another version.');
  const size = words.getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + size))) as SweepHeader;
  let at = bytes.byteOffset + 16 + size;
  const numbers = (count: number): Float64Array => {
    const array = new Float64Array(bytes.buffer, at, count);
    at += count * 8;
    return array;
  };
  const values = header.axes.map((axis) => numbers(axis.steps));
  return { header, values, cells: numbers((bytes.byteOffset + bytes.length - at) / 8) };
}

/** The same values for each axis of a cell. */
export function pointOf(values: readonly ArrayLike<number>[], cell: number): number[] {
  const point: number[] = [];
  for (let k = values.length - 1; k >= 0; k -= 1) {
    point.unshift(values[k]![cell % values[k]!.length]!);
    cell = Math.floor(cell / values[k]!.length);
  }
  return point;
}
