// Undo and redo: snapshots of the state; changes of one kind that follow each other within 500 ms are one step.

export class Undo<State> {
  #past: State[] = [];
  #future: State[] = [];
  #kind = '';
  #time = -Infinity;

  constructor(readonly limit = 500, readonly coalesce_ms = 500) {}

  get canUndo(): boolean { return this.#past.length > 0; }
  get canRedo(): boolean { return this.#future.length > 0; }

  /** Call before a change: `state` is what the change leaves behind, `kind` says what changes (an input's id). */
  record(state: State, kind: string, now: number): void {
    const joins = kind === this.#kind && now - this.#time < this.coalesce_ms && this.#past.length > 0;
    this.#kind = kind;
    this.#time = now;
    this.#future = [];
    if (joins) return;
    this.#past.push(state);
    if (this.#past.length > this.limit) this.#past.shift();
  }

  undo(current: State): State | null {
    return this.#move(this.#past, this.#future, current);
  }

  redo(current: State): State | null {
    return this.#move(this.#future, this.#past, current);
  }

  #move(from: State[], to: State[], current: State): State | null {
    const state = from.pop();
    if (state === undefined) return null;
    to.push(current);
    this.#kind = '';
    return state;
  }
}
