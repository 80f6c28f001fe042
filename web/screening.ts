// What a graphics processor's reductions leave: counts, a histogram, and the cells that the core computes anew. Groups and
// cells are those that shaders/sweep.wgsl writes.

/** As the operation sweep_finish takes it: docs/sweep.md. */
export interface Kept {
  readonly done: number;
  readonly impossible: number;
  readonly unknown: number;
  readonly count: number;
  readonly mean: number;
  readonly deviations: number;
  readonly buckets: readonly (readonly [value: number, times: number])[];
  readonly near: readonly number[];
  readonly unsure: readonly number[];
}

/** 32-bit words of one of the shader's groups, and of one of its near cells. */
export const group_words = 6;
export const near_words = 3;
/** By the upper 16 bits of a number that is not negative. */
export const bucket_count = 1 << 15;

const no_value = 3e38;
const unsure = -3;

interface NearCell {
  readonly cell: number;
  readonly value: number;
  readonly error: number;
}

/** Adds up the reductions of all dispatches. */
export class Screening {
  #done = 0;
  #impossible = 0;
  #unknown = 0;
  #count = 0;
  #mean = 0;
  #deviations = 0;
  #buckets = new Float64Array(bucket_count);
  #near: NearCell[] = [];
  #unsure: number[] = [];
  /** The least bounds from above of that many groups, ascending: each of them has a cell that is no higher. */
  #lows: number[] = [];
  #high = -1;

  /** @param lowest how many of the lowest cells are wanted */
  constructor(readonly lowest: number) {}

  /** Of the lowest cells none lies above it. */
  get low(): number {
    return this.#lows.length < Math.max(1, this.lowest) ? no_value : this.#lows[this.#lows.length - 1]!;
  }

  /** The highest cell does not lie below it. */
  get high(): number { return this.#high; }

  /** How many cells the core has to compute anew. */
  get waiting(): number { return this.#near.length + this.#unsure.length; }

  /** The groups of a dispatch of `cells` cells. */
  addGroups(bytes: ArrayBuffer, cells: number): void {
    const numbers = new Float32Array(bytes);
    const words = new Uint32Array(bytes);
    this.#done += cells;
    for (let at = 0; at < words.length; at += group_words) {
      const count = words[at + 4]!;
      this.#impossible += words[at + 5]! & 65535;
      this.#unknown += words[at + 5]! >>> 16;
      if (count === 0) continue;
      this.#offer(numbers[at]!);
      this.#high = Math.max(this.#high, numbers[at + 1]!);
      const together = this.#count + count;
      const apart = numbers[at + 2]! - this.#mean;
      this.#mean += (apart * count) / together;
      this.#deviations += numbers[at + 3]! + (apart * apart * this.#count * count) / together;
      this.#count = together;
    }
  }

  #offer(low: number): void {
    const wanted = Math.max(1, this.lowest);
    if (this.#lows.length === wanted && low >= this.#lows[wanted - 1]!) return;
    let place = this.#lows.length;
    while (place > 0 && this.#lows[place - 1]! > low) place -= 1;
    this.#lows.splice(place, 0, low);
    if (this.#lows.length > wanted) this.#lows.pop();
  }

  /** Near cells of a dispatch that began with cell `first`. */
  addNear(bytes: ArrayBuffer, first: number): void {
    const numbers = new Float32Array(bytes);
    const words = new Uint32Array(bytes);
    for (let at = 0; at < words.length; at += near_words) {
      const cell = first + words[at]!;
      if (numbers[at + 1] === unsure) this.#unsure.push(cell);
      else this.#near.push({ cell, value: numbers[at + 1]!, error: numbers[at + 2]! });
    }
    // What was near the best of the cells before may be far from the best of all.
    this.#near = this.#near.filter(({ value, error }) => value - error <= this.low || value + error >= this.#high);
  }

  addHistogram(bytes: ArrayBuffer): void {
    new Uint32Array(bytes).forEach((times, bucket) => { this.#buckets[bucket]! += times; });
  }

  kept(): Kept {
    const least = new Float32Array(Uint32Array.from(this.#buckets, (_, bucket) => bucket << 16).buffer);
    const buckets: [number, number][] = [];
    this.#buckets.forEach((times, bucket) => { if (times > 0) buckets.push([least[bucket]!, times]); });
    const ascending = (cells: number[]) => cells.sort((a, b) => a - b);
    return { done: this.#done, impossible: this.#impossible, unknown: this.#unknown, count: this.#count, mean: this.#mean, deviations: this.#deviations,
      buckets, near: ascending(this.#near.map(({ cell }) => cell)), unsure: ascending([...this.#unsure]) };
  }
}
