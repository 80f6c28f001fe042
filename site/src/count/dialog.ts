// Counts the tokens of a text that the reader pastes, and puts the count into an input. Loaded when first asked for. The counting
// is done by a worker, so that the page answers meanwhile; the text is neither sent nor stored.

import { goTo } from '../actions';
import type { Controller } from '../controller';
import type { Counted, ToCount } from '../count_worker';
import { newWorker } from '../new_worker';
import { h, patch, type Child, type VElement } from '../vdom';
import { isCountable } from './countable';
import { families, familyOf, isNamed, tokensOf, type Family, type Tokens } from './families';

/** After the last key. */
const rest_ms = 250;
/** Beyond it the browser's patterns run out of memory. */
const most_characters = 8_000_000;

interface Chosen {
  readonly key: string;
  readonly name: string;
  readonly family: Family;
}

/** The scenario's model and its tokenizer, which stands in the price list alone. */
function chosenModel(app: Controller): Chosen {
  const key = app.estimate?.model.key ?? app.state.scenario.model ?? '';
  const at = key.indexOf('/');
  const { providers } = JSON.parse(app.prices_text) as
    { providers: readonly { id: string; models?: readonly { id: string; tokenizer?: { family?: string } }[] }[] };
  const entry = providers.find(({ id }) => id === key.slice(0, at))?.models?.find(({ id }) => id === key.slice(at + 1));
  return { key, name: app.estimate?.model.name ?? key, family: familyOf(entry?.tokenizer?.family ?? null) };
}

class Counter {
  target = '';
  chosen: Chosen;
  result: Counted | null = null;
  problem = '';
  /** Why the core refused the last count that was used. */
  refused = '';
  #worker: Worker | null = null;
  #run = 0;
  #timer = 0;

  constructor(readonly app: Controller, readonly dialog: HTMLDialogElement) {
    this.chosen = chosenModel(app);
    dialog.addEventListener('input', (event) => { if (event.target instanceof HTMLTextAreaElement) this.#changed(event.target.value); });
    dialog.addEventListener('change', (event) => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      this.target = event.target.value;
      this.draw();
    });
    dialog.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-count]');
      if (button?.dataset['count'] === 'close') dialog.close();
      else if (button) this.#use(button.dataset['count']!);
    });
    // The tokenizers take some 50 MB while they are there.
    dialog.addEventListener('close', () => this.#stop());
  }

  open(target: string): void {
    this.target = target;
    this.refused = '';
    this.chosen = chosenModel(this.app);
    this.draw();
    this.dialog.showModal();
    const text = this.dialog.querySelector('textarea')!;
    text.focus();
    text.select();
    if (text.value !== '' && !this.#complete) this.#changed(text.value);
  }

  get #complete(): boolean { return this.result?.done === 1; }

  #stop(): void {
    window.clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#run += 1;
  }

  #changed(text: string): void {
    window.clearTimeout(this.#timer);
    this.#run += 1;
    this.refused = '';
    this.problem = text.length > most_characters
      ? `The text has ${this.app.format.number(text.length)} characters; at most ${this.app.format.number(most_characters)} are counted. Paste a part of it.` : '';
    this.result = text === '' || this.problem ? null : { run: this.#run, done: 0, counts: {} };
    this.draw();
    if (this.result) this.#timer = window.setTimeout(() => this.#ask(text), rest_ms);
  }

  #ask(text: string): void {
    try {
      this.#worker ??= this.#start();
    } catch {
      this.#fail('This browser lets the page start no worker.');
      return;
    }
    this.#worker.postMessage({ run: this.#run, text, first: this.chosen.family.encoding ?? 'o200k_base' } satisfies ToCount);
  }

  #start(): Worker {
    const worker = newWorker('count_worker.js');
    worker.addEventListener('message', ({ data }: MessageEvent<Counted>) => {
      if (data.run !== this.#run) return;
      if (data.problem) {
        this.#fail(data.problem);
        return;
      }
      this.result = data;
      this.draw();
    });
    worker.addEventListener('error', () => this.#fail('A part of the page could not be loaded. Check the connection, then change the text.'));
    return worker;
  }

  #fail(why: string): void {
    this.#stop();
    this.result = null;
    this.problem = `The text could not be counted. ${why}`;
    this.draw();
  }

  #use(value: string): void {
    const { app, target } = this;
    const refused = app.typed(target, value);
    if (refused !== null) {
      this.refused = `${app.description.parameters.find((p) => p.id === target)?.label ?? target}: ${refused}`;
      this.draw();
      return;
    }
    this.dialog.close();
    void goTo(app, target);
  }

  draw(): void {
    patch(this.dialog.firstElementChild!, view(this));
  }
}

/** The chosen model's family first. */
const ordered = (chosen: Family): readonly Family[] => [chosen, ...families.filter((one) => one !== chosen)];

/** OpenAI has not said that the model has its family's tokenizer. */
const assumed = ({ name }: Chosen): string => `that ${name} has it is an assumption`;

function certainty({ family, likely, low, high }: Tokens, chosen: Chosen, text: (value: number | null) => string): Child {
  if (likely === null) return null;
  if (!family.encoding) return `estimate: ${text(low)} to ${text(high)}${family.basis === 'assumed' ? ', not measured' : ''}`;
  return family === chosen.family && !isNamed(chosen.key) ? `exact for ${family.encoding}; ${assumed(chosen)}` : 'exact';
}

function row(family: Family, counter: Counter, label: string): VElement {
  const { app, chosen, result } = counter;
  const tokens = tokensOf(family, result?.counts ?? {}, result?.size?.script ?? 'english');
  const text = app.format.number;
  const { likely, low, high } = tokens;
  const button = (value: string, words: string, name: string) =>
    h('button', { type: 'button', class: 'button', 'data-count': value, 'aria-label': name }, words);
  const of = family === chosen.family ? '' : `, as ${family.name.split(':')[0]} counts`;
  return h('tr', { key: family.name, class: family === chosen.family ? 'chosen' : null },
    h('th', { scope: 'row' }, family.name, family === chosen.family ? h('small', null, ` your model: ${chosen.name}`) : null),
    h('td', { class: 'tokens' }, likely === null ? '…' : family.encoding ? text(likely) : `about ${text(likely)}`),
    h('td', { class: 'sure' }, certainty(tokens, chosen, text)),
    h('td', null, likely === null ? null : h('div', { class: 'uses-count' },
      button(String(likely), `Use ${text(likely)}`, `Use ${text(likely)} as ${label}${family.encoding ? '' : ', an estimate'}${of}`),
      family.encoding ? null : button(`${low} to ${high}`, 'Use the range', `Use the range ${text(low)} to ${text(high)} as ${label}${of}`))));
}

function status(counter: Counter): string {
  const { app, chosen, problem, refused, result } = counter;
  if (problem || refused) return problem || refused;
  if (!result) return 'Its tokens will stand here, by model family.';
  const { family, likely, low, high } = tokensOf(chosen.family, result.counts, result.size?.script ?? 'english');
  if (result.done < 1 || likely === null) return 'Counting …';
  const text = app.format.number;
  if (family.encoding && !isNamed(chosen.key)) return `By ${family.encoding}: ${text(likely)} tokens; ${assumed(chosen)}.`;
  return `For ${chosen.name}: ${family.encoding ? `${text(likely)} tokens.` : `about ${text(likely)} tokens, ${text(low)} to ${text(high)}.`}`;
}

function view(counter: Counter): VElement {
  const { app, chosen, result } = counter;
  const { parameters, groups } = app.description;
  const label = parameters.find((p) => p.id === counter.target)?.label ?? '';
  const text = app.format.number;
  const members = groups.map((group) => ({ group, inputs: parameters.filter((p) => p.group === group.id && isCountable(p)) }));
  return h('div', null,
    h('h2', { id: 'count-title' }, 'Tokens of a text'),
    h('p', { class: 'quiet' }, 'The text stays in this page: it is not sent, not stored, not part of the link. The first count loads the tokenizers, 1.4 MB.'),
    h('label', { for: 'count-text', class: 'count-label' }, 'Text'),
    h('textarea', { id: 'count-text', rows: 8, spellcheck: 'false', autocomplete: 'off', 'aria-describedby': 'count-status',
      placeholder: 'A system prompt, a question, an answer, the definition of a tool …' }),
    h('p', { class: 'count-size' }, result?.size ? `${text(result.size.characters)} characters, ${text(result.size.words)} words` : null,
      result && result.done > 0 && result.done < 1 ? h('span', { 'aria-hidden': 'true' }, ` · ${app.format.percent(result.done)} counted`) : null),
    h('p', { id: 'count-status', role: 'status', class: counter.problem || counter.refused ? 'error' : null }, status(counter)),
    h('p', { class: 'count-target' }, h('label', { for: 'count-target' }, 'Use the count as'),
      h('select', { id: 'count-target' }, members.filter(({ inputs }) => inputs.length > 0).map(({ group, inputs }) =>
        h('optgroup', { label: group.label }, inputs.map((p) => h('option', { value: p.id, selected: p.id === counter.target }, p.label)))))),
    result ? h('table', { class: 'counts' },
      h('caption', { class: 'hidden-text' }, 'Tokens of the text by model family'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Model family'), h('th', { scope: 'col', class: 'tokens' }, 'Tokens'),
        h('th', { scope: 'col' }, 'How sure'), h('td', null))),
      h('tbody', null, ordered(chosen.family).map((family) => row(family, counter, label)))) : null,
    h('p', { class: 'quiet' }, 'An estimate is the count of o200k_base times what was measured or published for the family. ',
      'Chat formats add 3 to 4 tokens a message for its role, and tools are counted as the seller writes them down: neither is in these counts. ',
      'A model named for a task, such as routing or judging, may be of another family than yours: use its line.'),
    h('p', { class: 'row' }, h('button', { type: 'button', class: 'button', 'data-count': 'close' }, 'Close')));
}

let counter: Counter | null = null;

/** @param target the input that the count is for */
export function openCount(app: Controller, target: string): void {
  counter ??= new Counter(app, document.getElementById('count') as HTMLDialogElement);
  counter.open(target);
}
