// Where the focus goes when what had it is gone: to what is nearest in place and meaning, never to nowhere.

const reachable = ':is(a[href], button, input, select, textarea, summary, [tabindex="0"]):not(:disabled)';

const shown = (element: Element | null | undefined): element is HTMLElement | SVGElement =>
  (element instanceof HTMLElement || element instanceof SVGElement) && element.isConnected && element.checkVisibility();

const focusable = (element: Element | null | undefined): element is HTMLElement | SVGElement => shown(element) && element.matches(reachable);

/** What leads to a section: its tab, or its line of the accordion. */
export function leadTo(section: string): HTMLElement | null {
  const tab = document.getElementById(`tab-${section}`);
  return shown(tab) ? tab as HTMLElement : document.querySelector<HTMLElement>(`#head-${section} button`);
}

/** The elements around `element`, before it may be taken out of the page. */
export function trail(element: Element | null): readonly Element[] {
  const around: Element[] = [];
  for (let one = element; one && one !== document.body; one = one.parentElement) around.push(one);
  return around;
}

/** The nearest that can have the focus after an update, if what had it cannot any more. */
export function rescueFocus(around: readonly Element[]): void {
  const [lost] = around;
  const now = document.activeElement;
  if (!lost || (now === lost ? !lost.matches(':disabled') : now !== document.body)) return;
  const left = around.filter((one) => one !== lost && shown(one));
  // What it stands in, such as a table that can be scrolled, or else what stands beside it.
  const section = left.find((one) => one.matches('.section'))?.id.replace('section-', '');
  for (const one of left) {
    const near = focusable(one) ? one : one.matches('.section') ? leadTo(section!) : [...one.querySelectorAll(reachable)].find(focusable);
    if (near) return (near as HTMLElement).focus();
  }
  document.querySelector<HTMLElement>('#headline .door')?.focus();
}
