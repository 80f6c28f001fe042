// Tells the host how tall the widget is. A host that changes the frame's width in answer to its height could make the two
// chase each other for ever; so after 20 changes within a second there is a pause until the height has been still for a
// second, and after the third such pause there is silence.

const least = 120;
const most = 4000;
const ignored = 2;
const changes_per_second = 20;
const pauses = 3;

export class HeightReporter {
  readonly #times: number[] = [];
  #posted = -Infinity;
  #wanted = 0;
  #paused = 0;
  #frozen = false;
  #timer: unknown;

  constructor(
    private readonly post: (height: number) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly later: (run: () => void) => unknown = (run) => setTimeout(run, 1000),
    private readonly forget: (timer: unknown) => void = (timer) => clearTimeout(timer as number),
  ) {}

  changed(measured: number): void {
    this.#wanted = Math.min(most, Math.max(least, Math.ceil(measured)));
    if (this.#frozen) return this.#wait();
    if (Math.abs(this.#wanted - this.#posted) < ignored) return;
    const now = this.now();
    while (this.#times.length > 0 && now - this.#times[0]! >= 1000) this.#times.shift();
    if (this.#times.length >= changes_per_second) {
      this.#frozen = true;
      this.#paused += 1;
      return this.#wait();
    }
    this.#times.push(now);
    this.#posted = this.#wanted;
    this.post(this.#wanted);
  }

  #wait(): void {
    this.forget(this.#timer);
    if (this.#paused >= pauses) return;
    this.#timer = this.later(() => {
      this.#frozen = false;
      this.changed(this.#wanted);
    });
  }
}
