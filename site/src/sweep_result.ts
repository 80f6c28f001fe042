// A sweep as it came back: which cell lies where on the page, for which model, and in which colour.

import { pointOf, type SweepAxis, type SweepRequest } from '../../web/sweep';
import type { Scenario } from '../../web/types';
import { zeroLine, type Segment } from './contour';
import { colourAt, picture, scaleOf, shareOf, type CellPlace, type Colour, type Panels, type Scale } from './heat_map';
import { withoutRanges } from './scenario_ranges';
import { cheapest, duelAt, ratio, reachOf, tally, winner_colours, type Tally } from './sweep_models';
import type { Outcome } from './sweep_runner';
import type { Place } from './sweep_slots';

/** What a map shows of several models: the cheaper one of two, the cheapest, or the amounts of one. */
export type Showing = { readonly kind: 'duel' } | { readonly kind: 'winner' } | { readonly kind: 'amount'; readonly model: number };

/** What is drawn, made once for each look at a result. */
export interface Drawn {
  readonly pictures: readonly HTMLCanvasElement[];
  readonly lines: readonly (readonly Segment[])[];
  /** Of amounts. */
  readonly scale: Scale | null;
  /** Of many models, by point. */
  readonly winners: Int16Array | null;
  /** Of two models: the ratio of full colour, and who is cheaper how often. */
  readonly reach: number;
  readonly tally: Tally | null;
}

export const winnerColour = (rank: number): Colour => winner_colours[Math.min(rank, winner_colours.length - 1)]!;

export class Swept {
  /** In the order of the cells: those of one model follow those of another. */
  readonly models: readonly string[];
  /** Of each model, by how often it costs least. */
  readonly ranks: readonly number[];
  /** Cells of one model. */
  readonly points: number;

  /** @param places of the axes, from the outermost to the one that runs fastest @param own the scenario's model */
  constructor(readonly outcome: Outcome, readonly request: SweepRequest, readonly places: readonly Place[], own: string) {
    const tried = outcome.header.models;
    this.models = tried?.map((model) => model.key) ?? [own];
    const order = this.models.map((_, model) => model).sort((a, b) => (tried ? tried[b]!.wins - tried[a]!.wins : 0));
    this.ranks = order.map((_, model) => order.indexOf(model));
    this.points = outcome.cells.length / this.models.length;
  }

  cellsOf(model: number): Outcome['cells'] {
    return this.outcome.cells.subarray(model * this.points, (model + 1) * this.points);
  }

  has(place: Place): boolean {
    return this.places.includes(place);
  }

  axis(place: Place): SweepAxis {
    return this.request.axes[this.places.indexOf(place)]!;
  }

  values(place: Place): ArrayLike<number> {
    return this.outcome.values[this.places.indexOf(place)] ?? [];
  }

  /** A cell's value along the axis of a place. */
  valueAt(point: readonly number[], place: Place): number {
    return point[this.places.indexOf(place)]!;
  }

  get panels(): Panels {
    return { columns: this.values('columns').length || 1, rows: this.values('rows').length || 1 };
  }

  /** Cells across and up in a panel. */
  get size(): readonly [number, number] {
    return [this.values('x').length, this.values('y').length];
  }

  /** The index of a cell among those of one model. */
  cellOf({ column, row, x, y }: CellPlace): number {
    const [columns, rows] = this.size;
    return ((row * this.panels.columns + column) * rows + y) * columns + x;
  }

  placeOf(cell: number): CellPlace {
    const [columns, rows] = this.size;
    const panel = Math.floor(cell / (columns * rows));
    const { columns: beside } = this.panels;
    return { x: cell % columns, y: Math.floor(cell / columns) % rows, column: panel % beside, row: Math.floor(panel / beside) };
  }

  pointOf(cell: number): number[] {
    return pointOf(this.outcome.values, cell);
  }

  /** The scenario with a cell's values. */
  scenarioAt(point: readonly number[]): Scenario {
    const { scenario, axes } = this.request;
    const ids = axes.map((axis) => axis.id);
    const values = Object.fromEntries(ids.map((id, k) => [id, point[k]!]));
    return withoutRanges({ ...scenario, parameters: { ...scenario.parameters, ...values } }, ids);
  }

  draw(showing: Showing): Drawn {
    const { cells } = this.outcome;
    const { points, ranks } = this;
    const [columns, rows] = this.size;
    const shown = showing.kind === 'amount' ? this.cellsOf(showing.model) : null;
    const scale = shown ? scaleOf(shown) : null;
    const winners = showing.kind === 'winner' ? cheapest(cells, this.models.length) : null;
    const reach = showing.kind === 'duel' ? reachOf(cells) : 0;
    const colour = (point: number): Colour | null => {
      if (winners) return winners[point]! < 0 ? null : winnerColour(ranks[winners[point]!]!);
      if (shown) return scale === null || Number.isNaN(shown[point]!) ? null : colourAt(shareOf(scale, shown[point]!));
      return duelAt(cells[point]!, cells[points + point]!, reach);
    };
    const firsts = Array.from({ length: this.panels.columns * this.panels.rows }, (_, panel) => panel * columns * rows);
    const line = (first: number) => zeroLine((cell) => ratio(cells[first + cell]!, cells[points + first + cell]!), columns, rows);
    return { scale, winners, reach, tally: showing.kind === 'duel' ? tally(cells) : null, pictures: firsts.map((first) => picture(columns, rows, (cell) => colour(first + cell))), lines: this.models.length === 2 ? firsts.map(line) : [] };
  }
}
