// Tells the host how tall the widget is. A host that changes the frame's width in answer to its height could make the two
// chase each other for ever; so after 20 changes without a second's rest there is a pause until the height has been still
// for a second, and after three such pauses in a row there is silence. A window dragged wider pauses once and rests then.

const least = 120;
const most = 4000;
const ignored = 2;
const changes_without_rest = 20;
const pauses = 3;
const rest_ms = 1000;

export class HeightReporter {
  #changes = 0;
  #last = -Infinity;
  #posted = -Infinity;
  #wanted = 0;
  #paused = 0;
  #frozen = false;
  #timer: unknown;

  constructor(
    private readonly post: (height: number) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly later: (run: () => void) => unknown = (run) => setTimeout(run, rest_ms),
    private readonly forget: (timer: unknown) => void = (timer) => clearTimeout(timer as number),
  ) {}

  changed(measured: number): void {
    this.#wanted = Math.min(most, Math.max(least, Math.ceil(measured)));
    if (this.#frozen) return this.#wait();
    if (Math.abs(this.#wanted - this.#posted) < ignored) return;
    const now = this.now();
    if (now - this.#last >= rest_ms) this.#changes = this.#paused = 0;
    this.#last = now;
    if (this.#changes >= changes_without_rest) {
      this.#frozen = true;
      this.#paused += 1;
      return this.#wait();
    }
    this.#changes += 1;
    this.#posted = this.#wanted;
    this.post(this.#wanted);
  }

  #wait(): void {
    this.forget(this.#timer);
    if (this.#paused >= pauses) return;
    this.#timer = this.later(() => {
      this.#frozen = false;
      this.#changes = 0;
      // This rest was ours, not the host's.
      this.#last = this.now();
      this.changed(this.#wanted);
    });
  }
}
