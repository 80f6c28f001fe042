// Which parameters vary: across and up in a map, and from panel to panel. At most four, each once.

export type Place = 'x' | 'y' | 'columns' | 'rows';
export const places = ['x', 'y', 'columns', 'rows'] as const;

export interface Span { readonly id: string; readonly from: number; readonly to: number; readonly scale: 'linear' | 'log' }
/** Across and up there is always something; panels only where they are wanted. */
export interface Slots { readonly x: Span; readonly y: Span; readonly columns: Span | null; readonly rows: Span | null }

/** What the page keeps of a sweep, in cells; the core's limit. */
const most_cells = 2 ** 24;

/** A parameter into a place; "" empties it. One that stands elsewhere changes places with what is there.
    @param fresh a parameter's usual span @param spare what may stand across or up when its parameter moves to an empty place */
export function put(slots: Slots, into: Place, id: string, fresh: (id: string) => Span, spare: readonly string[]): Slots {
  if (slots[into]?.id === id) return slots;
  if (id === '') return into === 'columns' || into === 'rows' ? { ...slots, [into]: null } : slots;
  const from = places.find((place) => slots[place]?.id === id);
  if (!from) return { ...slots, [into]: fresh(id) };
  const left = slots[into] ?? (from === 'x' || from === 'y' ? fresh(spare.find((one) => places.every((place) => slots[place]?.id !== one))!) : null);
  return { ...slots, [into]: slots[from], [from]: left };
}

/** Cells across and up in each panel: panels share those of one map, and models make it coarser where there would be too many. */
export function resolution(size: readonly [number, number], panels: readonly [number, number], models: number, most = most_cells): [number, number] {
  const shrink = Math.min(1, Math.sqrt(most / (size[0] * size[1] * models)));
  return [0, 1].map((k) => Math.max(2, Math.floor((size[k]! / panels[k]!) * shrink))) as [number, number];
}
