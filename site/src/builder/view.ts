// What embed.html shows: the choices, a page like the author's, the lines to paste.

import type { Parameter } from '../../../web/types';
import type { TokenbillChange } from '../../embed';
import { makeFormat } from '../format';
import type { Preset } from '../page';
import { elementSnippet, frameSnippet, lineSnippet, pictureSnippet, titleOf, type Place } from '../snippets';
import { h, type Child, type VElement } from '../vdom';
import { languageOf } from '../widget/texts';
import { attributesOf, fragmentOf, most_controls, type Choice } from './choice';

export interface Builder {
  readonly choice: Choice;
  readonly presets: readonly Preset[];
  /** Inputs that may be left open; empty until the core has told them. */
  readonly parameters: readonly Parameter[];
  /** Of the built site, with its last "/". */
  readonly site: string;
  /** The fragment of the full page with the chosen scenario, and the scenario's name. */
  readonly link: string;
  readonly name: string;
  /** The loader's hash goes into the snippet. */
  readonly pinned: boolean;
  readonly height: number;
  /** What the widget in the page has told last. */
  readonly told: TokenbillChange | null;
  /** The reader has changed inputs in the widget. */
  readonly changed: boolean;
  /** What was typed and could not be taken, by field. */
  readonly refused: ReadonlyMap<string, { readonly text: string; readonly why: string }>;
  /** What is being typed, so that a figure that arrives meanwhile does not take it away. */
  readonly draft: { readonly field: string; readonly text: string } | null;
  readonly copied: string;
}

const written = (b: Builder, field: string, value: string): string =>
  (b.draft?.field === field ? b.draft.text : b.refused.get(field)?.text ?? value);

/** Languages on offer. Those without sentences of their own still write numbers and dates. */
const offered = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt-BR', 'sv', 'tr', 'ja', 'ko', 'zh', 'hi', 'ar', 'he', 'fa'];
const format = makeFormat('en');

const radios = (name: string, label: string, value: string, options: readonly (readonly [string, string])[]): VElement =>
  h('fieldset', { class: 'field', key: name }, h('legend', null, label), h('div', { class: 'b-radios' }, options.map(([id, text]) =>
    h('label', null, h('input', { type: 'radio', name, value: id, checked: id === value, 'data-do': 'set' }), text))));

function typed(b: Builder, id: string, label: string, value: string, hint: string, more: Record<string, string> = {}): VElement {
  const refused = b.refused.get(id);
  return h('div', { class: 'field', key: id }, h('label', { for: `b-${id}` }, label),
    h('input', { id: `b-${id}`, type: 'text', autocomplete: 'off', spellcheck: 'false', 'data-do': 'type', 'data-arg': id, value: written(b, id, value),
      'aria-invalid': refused ? 'true' : null, 'aria-describedby': `b-${id}-note`, ...more }),
    h('p', { class: refused ? 'error' : 'hint', id: `b-${id}-note` }, refused?.why ?? hint));
}

/** As it is searched and shown; eight inputs share a label, so those carry their id. */
export function nameOf(id: string, parameters: readonly Parameter[]): string {
  if (id === 'model') return 'Model';
  const own = parameters.find((p) => p.id === id);
  if (!own) return id;
  return parameters.filter((p) => p.label === own.label).length > 1 ? `${own.label} (${id})` : own.label;
}

function controls(b: Builder): VElement {
  const { choice, parameters } = b;
  const chosen = choice.controls ?? ['conversations_per_day', 'model'];
  const refused = b.refused.get('control');
  const full = chosen.length >= most_controls;
  return h('div', { class: 'field', key: 'controls' }, h('label', { for: 'b-control' }, 'Inputs that readers may change'),
    h('ul', { class: 'b-chosen' }, chosen.map((id) => h('li', { key: id }, nameOf(id, parameters),
      h('button', { type: 'button', class: 'close', 'data-do': 'remove', 'data-arg': id, 'aria-label': `Take ${nameOf(id, parameters)} out` }, '×')))),
    h('div', { class: 'b-row' },
      h('input', { id: 'b-control', type: 'text', list: 'b-inputs', autocomplete: 'off', 'data-do': 'control', 'data-arg': 'control', disabled: full, value: written(b, 'control', ''),
        placeholder: full ? '' : 'search the inputs', 'aria-describedby': 'b-control-note', 'aria-invalid': refused ? 'true' : null }),
      h('button', { type: 'button', class: 'button', 'data-do': 'add', disabled: full }, 'Add')),
    h('datalist', { id: 'b-inputs' }, ['model', ...parameters.map((p) => p.id)].filter((id) => !chosen.includes(id))
      .map((id) => h('option', { value: nameOf(id, parameters), key: id }))),
    h('p', { class: refused ? 'error' : 'hint', id: 'b-control-note' },
      refused?.why ?? (full ? 'Three at most. Take one out to add another.' : 'Three at most, in this order. Type to search, then add.')));
}

function languageName(tag: string): string {
  const own = new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  return languageOf(tag).tag === new Intl.Locale(tag).language ? own : `${own}: numbers and dates, English sentences`;
}

function form(b: Builder): VElement {
  const { choice } = b;
  const languages = offered.includes(choice.lang) || choice.lang === '' ? offered : [...offered, choice.lang];
  return h('form', { class: 'b-form', 'aria-label': 'Choices', key: 'form' },
    h('div', { class: 'field', key: 'preset' }, h('label', { for: 'b-preset' }, 'Scenario'),
      h('select', { id: 'b-preset', 'data-do': 'preset' },
        b.presets.map((one) => h('option', { value: one.id, key: one.id, selected: choice.packed === null && one.id === choice.preset }, one.name)),
        h('option', { value: '', key: 'own', selected: choice.packed !== null, disabled: choice.packed === null }, 'from your link'))),
    typed(b, 'link', 'or a link of your own', choice.packed === null ? '' : `${b.site}index.html#${choice.packed}`,
      'In the calculator, “Copy link”; paste it here.', { inputmode: 'url' }),
    radios('theme', 'Colours', choice.theme, [['auto', 'as the reader’s system'], ['light', 'light'], ['dark', 'dark']]),
    h('div', { class: 'field', key: 'accent' }, h('label', { for: 'b-accent' }, 'Accent'),
      h('div', { class: 'b-row' },
        h('input', { id: 'b-accent', type: 'color', 'data-do': 'accent', value: `#${choice.accent ?? '0b5a66'}` }),
        choice.accent === null ? h('span', { class: 'quiet', key: 'own' }, 'Tokenbill’s own')
          : [h('code', { key: 'code' }, `#${choice.accent}`), h('button', { type: 'button', class: 'link', 'data-do': 'no-accent', key: 'none' }, 'Tokenbill’s own')])),
    radios('density', 'Spacing', choice.density, [['comfortable', 'comfortable'], ['compact', 'compact']]),
    h('div', { class: 'field', key: 'lang' }, h('label', { for: 'b-lang' }, 'Language'),
      h('select', { id: 'b-lang', 'data-do': 'lang' },
        h('option', { value: '', selected: choice.lang === '' }, 'English, numbers as the reader has them'),
        languages.map((tag) => h('option', { value: tag, key: tag, selected: tag === choice.lang, lang: tag }, languageName(tag))))),
    h('div', { class: 'b-pair', key: 'currency' },
      typed(b, 'currency', 'Another currency', choice.currency, 'Three letters, such as EUR', { maxlength: '3' }),
      typed(b, 'rate', 'One US dollar is', choice.rate, 'Your exchange rate, such as 0.92', { inputmode: 'decimal' })),
    h('div', { class: 'field', key: 'readonly' }, h('label', { class: 'b-check' },
      h('input', { type: 'checkbox', 'data-do': 'readonly', checked: choice.readonly }), 'Readers change nothing')),
    choice.readonly ? null : controls(b));
}

function host(b: Builder): VElement {
  const { choice } = b;
  return h('section', { class: 'b-preview', key: 'host', 'aria-labelledby': 'b-sight' },
    h('div', { class: 'b-sight' }, h('h2', { id: 'b-sight' }, 'In a page like yours'),
      radios('host', 'Page', choice.host, [['light', 'light'], ['dark', 'dark']]), radios('width', 'Column', choice.width, [['wide', 'wide'], ['narrow', 'narrow']])),
    choice.theme === 'auto' ? h('p', { class: 'quiet', key: 'theme' },
      'The widget follows the reader’s system here. Choose light or dark for a page that has one look only.') : null,
    h('div', { class: 'b-host', 'data-host': choice.host, 'data-width': choice.width, role: 'group', 'aria-label': 'Example page' }, h('div', { class: 'b-page' },
      h('p', null, 'What our assistant costs'),
      h('p', null, 'Your text before the widget. Its type and colours are yours; the widget takes neither over.'),
      h('tokenbill-widget', { ...Object.fromEntries(attributesOf(choice, b.site).map(([name, value]) => [name, value || true])), title: titleOf(b.name), key: 'widget' },
        h('a', { href: `${b.site}index.html${b.link}` }, 'What this costs, in Tokenbill')),
      h('p', null, 'Your text after it.'))),
    b.changed ? h('p', { class: 'row', key: 'keep' }, h('button', { type: 'button', class: 'button', 'data-do': 'keep' }, 'Take over the values set in the widget')) : null);
}

function snippet(b: Builder, id: string, title: string, text: string, rows: number, ...notes: Child[]): VElement {
  return h('section', { key: id, 'aria-labelledby': `b-${id}-title` },
    h('div', { class: 'b-row' }, h('h3', { id: `b-${id}-title` }, title),
      h('button', { type: 'button', class: 'button', 'data-do': 'copy', 'data-arg': id, 'aria-label': `Copy: ${title}` }, b.copied === id ? 'Copied' : 'Copy')),
    h('textarea', { id: `b-${id}`, readonly: true, spellcheck: 'false', rows, 'aria-labelledby': `b-${id}-title`, value: text }), notes);
}

function snippets(b: Builder): VElement {
  const { choice, told } = b;
  const title = titleOf(b.name);
  const place: Place = { site: b.site, title, link: `${b.site}index.html${b.link}` };
  const month = told && `${format.amount(told.usd_per_month)} USD a month on ${told.model ?? 'an unknown model'}, prices as of ${told.prices_as_of ?? 'unknown'}`;
  return h('section', { class: 'b-snippets', key: 'snippets', 'aria-labelledby': 'b-paste' },
    h('h2', { id: 'b-paste' }, 'Lines to paste'),
    snippet(b, 'element', 'With Tokenbill’s script', elementSnippet(place, attributesOf(choice, b.site), b.pinned ? __EMBED_INTEGRITY__ : ''), 6,
      h('label', { class: 'b-check' }, h('input', { type: 'checkbox', 'data-do': 'pinned', checked: b.pinned }), 'Only this very script (integrity)'),
      h('p', { class: 'quiet' }, 'The frame takes the height that it needs, and the page hears its figures. ',
        b.pinned ? 'With another version of the script the browser refuses it, and readers find the link instead: choose this where you keep a copy of one release.'
          : 'The page takes over what comes with later versions of the script.')),
    snippet(b, 'frame', 'A frame without any script', frameSnippet(place, fragmentOf(choice), b.height), 6,
      h('p', { class: 'quiet' }, `Its height stays at ${format.number(b.height)}, as in the page above: choose the column’s width there.`)),
    choice.packed === null
      ? snippet(b, 'readme', 'A picture for a README', pictureSnippet(place, choice.preset!), 3,
        h('p', { class: 'quiet' }, 'The bill as a picture in the reader’s light or dark, as it was when this site was built. The same as a ',
          h('a', { href: `embed/v1/${choice.preset!}.md` }, 'Markdown table'), ' and for ', h('a', { href: `embed/v1/${choice.preset!}.json` }, 'oEmbed'), '.'))
      : snippet(b, 'readme', 'A line for a README', month ? lineSnippet({ ...place, link: told.link }, told.scenario.name ?? 'A feature', month) : '', 3,
        h('p', { class: 'quiet' }, month ? 'Pictures exist of the examples; the calculator’s “Export” has the bill of any scenario as a table.'
          : 'It will appear with the widget’s first figure.')));
}

export function builder(b: Builder): VElement {
  return h('main', { id: 'builder', 'data-live': 'true' },
    h('h1', { key: 'title' }, 'Put it in your documentation'),
    h('p', { class: 'lead', key: 'lead' }, 'Choose, look, copy. The widget stores nothing, asks no other server and sends no figures anywhere.'),
    h('div', { class: 'b-layout', key: 'layout' }, form(b), h('div', { class: 'b-result', key: 'result' }, host(b), snippets(b))));
}
