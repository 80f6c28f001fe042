// A sweep as a file or as a command.

import type { SweepRequest } from '../../web/sweep';
import { csv, fileName } from './export';

export interface SweepColumn { readonly id: string; readonly label: string; readonly unit: string }

const lines_a_part = 4096;
const heading = ({ id, label, unit }: SweepColumn): string => `${label} [${id}]${unit ? `, ${unit}` : ''}`;

/** All cells with their exact values, in parts; a cell without a figure has an empty last column. */
export function cellsCsv(axes: readonly SweepColumn[], figure: SweepColumn, values: readonly ArrayLike<number>[], models: readonly string[], cells: ArrayLike<number>): string[] {
  const several = models.length > 1;
  const parts = [csv([[...(several ? ['model'] : []), ...axes.map(heading), heading(figure)]])];
  const at = values.map(() => 0);
  const points = cells.length / models.length;
  let lines: string[] = [];
  for (let cell = 0; cell < cells.length; cell += 1) {
    const value = cells[cell]!;
    const point = at.map((i, k) => values[k]![i]!).join(',');
    lines.push(`${several ? `${models[Math.floor(cell / points)]!},` : ''}${point},${Number.isNaN(value) ? '' : value}\r\n`);
    for (let k = at.length - 1; k >= 0; k -= 1) {
      at[k] = (at[k]! + 1) % values[k]!.length;
      if (at[k] !== 0) break;
    }
    if (lines.length === lines_a_part || cell + 1 === cells.length) {
      parts.push(lines.join(''));
      lines = [];
    }
  }
  return parts;
}

/** The same sweep for a terminal, with the scenario exported beside it. */
export function sweepCommand(request: SweepRequest): string {
  const axes = request.axes.map(({ id, from, to, steps, scale }) => `--axis ${id}=${from}:${to}:${steps}${scale === 'log' ? ':log' : ''}`);
  return ['tokenbill sweep', `${fileName(request.scenario)}.json`, `--date ${request.today}`, ...axes, `--output ${request.output}`,
    ...(request.against ? [`--against ${request.against}`] : []), ...(request.models ? [`--models ${request.models.join(' ')}`] : [])].join(' ');
}

export const sweepFile = (request: SweepRequest, what: string): string => `${fileName(request.scenario)}-what-if-${request.today}.${what}`;
