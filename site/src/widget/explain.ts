// One figure explained: formula, numbers, what it stands on, sources. It scrolls in itself, so that the open widget has one height.

import { h, type Child, type VElement } from '../vdom';
import { figureText, origin, sentence, source } from '../views/parts';
import type { Explanation, Use } from '../../../web/types';
import type { Widget } from './app';

function value(use: Pick<Use, 'id' | 'value' | 'unit_text'>, w: Widget): string {
  const option = w.description.parameters.find((p) => p.id === use.id)?.options?.find((one) => one.id === use.value);
  return option ? option.label : figureText(use.id, use.value, use.unit_text, w.format);
}

const provenance = (use: Use, w: Widget): Child => h('p', { class: 'quiet' },
  use.origin ? origin(use.origin, w.language.texts.origins) : null,
  use.source ? h('span', { class: 'from' }, source(use.source)) : null,
  use.checked ? h('span', { class: 'from' }, w.language.texts.checked(w.format.date(use.checked))) : null);

const disagreements = (use: Use, w: Widget): Child => (use.disagreements?.length
  ? h('ul', { class: 'disagreements' }, use.disagreements.map((other) => h('li', null,
    source(other.source), ` ${w.language.texts.says} `, h('b', null, w.format.amount(other.value)), other.note ? `: ${other.note}` : ''))) : null);

function body(explanation: Explanation, model: string | undefined, w: Widget): Child {
  const { formula, numbers, condition, note, uses } = explanation;
  const { localize } = w.format;
  return [
    h('p', { class: 'drawer-value' }, value(explanation, w)),
    formula ? h('div', { class: 'formula' }, h('p', null, localize(formula)), h('p', { class: 'mono' }, localize(numbers))) : null,
    condition ? h('p', { class: 'note' }, sentence(localize(condition))) : null,
    explanation.kind === 'input' ? provenance(explanation, w) : null,
    note ? h('p', { class: 'note' }, sentence(localize(note))) : null,
    disagreements(explanation, w),
    uses.length > 0 ? h('ul', { class: 'uses' }, uses.map((use) => h('li', { key: use.id },
      h('button', { type: 'button', class: 'use-line', 'data-do': 'explain-use', 'data-arg': use.id, 'data-model': model },
        h('span', null, use.label), h('b', null, value(use, w))),
      use.kind === 'input' ? provenance(use, w) : null))) : null,
  ];
}

/** What the reader is to copy by hand; in the explanation's place, so that the widget has no third height. */
function toCopy(text: string, w: Widget): VElement {
  const { texts } = w.language;
  return h('section', { class: 'w-explain', key: 'copy', 'aria-labelledby': 'copy-title' },
    h('div', { class: 'drawer-head' }, h('h2', { id: 'copy-title' }, texts.copy),
      h('button', { type: 'button', class: 'close', 'data-do': 'close', 'aria-label': texts.close }, '×')),
    h('div', { class: 'w-explain-body w-to-copy' }, h('label', { for: 'to-copy' }, texts.copy_refused),
      h('textarea', { id: 'to-copy', readonly: true, spellcheck: 'false', dir: 'ltr', value: text })));
}

export function explain(w: Widget): VElement | null {
  if (w.to_copy !== null) return toCopy(w.to_copy, w);
  const door = w.doors.at(-1);
  const answer = w.explanation;
  if (!door || !answer) return null;
  const { texts, tag } = w.language;
  const failed = 'message' in answer;
  const model = door.model ? w.comparison?.models.find((one) => one.key === door.model)?.name : undefined;
  return h('section', { class: 'w-explain', key: 'explain', 'aria-labelledby': 'explain-title' },
    h('div', { class: 'drawer-head' },
      w.doors.length > 1 ? h('button', { type: 'button', class: 'link', key: 'back', 'data-do': 'back' }, texts.back) : null,
      h('h2', { id: 'explain-title', tabindex: -1, key: 'title' },
        failed ? texts.explanation : texts.labels[door.id] ?? answer.label, model ? h('small', null, ` ${model}`) : null),
      h('button', { type: 'button', class: 'close', key: 'close', 'data-do': 'close', 'aria-label': texts.close }, '×')),
    // The core's words are English.
    h('div', { class: 'w-explain-body', key: `${door.id} ${door.model ?? ''}`, tabindex: 0, role: 'group', 'aria-label': texts.explanation,
      lang: tag === 'en' ? null : 'en' },
      failed ? h('p', null, answer.message, ' ', answer.hint) : body(answer, door.model, w)));
}
