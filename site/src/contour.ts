// Where a grid of numbers changes its sign, by marching squares between the centres of cells.

/** From one point to another, in cells: (0, 0) is the centre of the first. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

/** @param value of a cell, row-major; where a corner is NaN there is no line */
export function zeroLine(value: (cell: number) => number, columns: number, rows: number): Segment[] {
  const segments: Segment[] = [];
  for (let y = 0; y + 1 < rows; y += 1) {
    for (let x = 0; x + 1 < columns; x += 1) {
      const at = y * columns + x;
      // Anticlockwise from the first corner.
      const corners = [value(at), value(at + 1), value(at + columns + 1), value(at + columns)] as const;
      const signs = corners.map((corner) => corner >= 0);
      if (corners.some(Number.isNaN) || signs.every((sign) => sign === signs[0])) continue;
      const crossed = edges.filter(([from, to]) => signs[from] !== signs[to]).map(([from, to]) => {
        const share = corners[from]! / (corners[from]! - corners[to]!);
        const [a, b] = [places[from]!, places[to]!];
        return [x + a[0] + (b[0] - a[0]) * share, y + a[1] + (b[1] - a[1]) * share] as const;
      });
      // Of a saddle, two lines: edges follow each other, so neighbours belong together.
      for (let k = 0; k + 1 < crossed.length; k += 2) segments.push([...crossed[k]!, ...crossed[k + 1]!]);
    }
  }
  return segments;
}

const places = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;
const edges = [[0, 1], [1, 2], [2, 3], [3, 0]] as const;
