// "Your bill": records of usage that the reader pastes or opens, priced, and why that is not what the scenario says.

import type { Controller } from '../controller';
import type { SectionModule } from '../lazy';
import type { Page } from '../page';
import { exampleRecords } from '../usage_example';
import { pasted_name, UsageImport, type OptionId } from '../usage_import';
import { h, type Child, type VElement } from '../vdom';
import { usageResult } from './usage_result';

let held: UsageImport | null = null;

const accepted = '.json,.jsonl,.ndjson,.csv,.tsv,.txt,.log';
const textArea = (): HTMLTextAreaElement => document.getElementById('usage-text') as HTMLTextAreaElement;

const button = (action: string, label: string, disabled = false): VElement =>
  h('button', { type: 'button', class: 'button', 'data-do': action, disabled, key: action }, label);

function given(usage: UsageImport): VElement {
  return h('div', { class: 'usage-given', key: 'given' },
    h('label', { for: 'usage-text' }, 'Usage records'),
    // Its text stays in the field alone: the tree never holds it.
    h('textarea', { id: 'usage-text', rows: 6, spellcheck: 'false', autocomplete: 'off', wrap: 'off', 'aria-describedby': 'usage-hint',
      placeholder: '{"timestamp": "2026-11-02T08:00:00Z", "model": "…", "usage": {"prompt_tokens": …' }),
    h('p', { class: 'row' }, button('usage-read', 'Read the text'), button('usage-open', 'Open files …'), button('usage-example', 'Try with example records'),
      usage.result || usage.problem ? button('usage-clear', 'Forget these records', usage.reading) : null,
      h('span', { class: 'quiet', id: 'usage-hint' }, 'JSON, JSON lines or CSV, packed by gzip or not; files of any size can also be dropped here.')));
}

const options: readonly (readonly [id: OptionId, label: string, unit: string, hint: string])[] = [
  ['paid', 'Amount paid for these days', 'USD', 'As the invoice says, where the records do not.'],
  ['model', 'Model of records without one', '', 'Empty: such records have no price.'],
  ['days', 'Days that the records cover', 'days', 'Empty: from the first record’s day to the last one’s.'],
];

function optionFields(usage: UsageImport): VElement {
  return h('div', { class: 'own-fields', key: 'options' }, options.map(([id, label, unit, hint]) => {
    const { text, error } = usage.options[id];
    const model = id === 'model';
    return h('div', { class: 'field', key: id },
      h('div', { class: 'field-head' }, h('label', { for: `usage-${id}` }, label)),
      h('div', { class: 'entry' },
        h('input', { id: `usage-${id}`, class: model ? 'reference' : 'number', type: 'text', list: model ? 'list-chat' : null, inputmode: model ? null : 'decimal', autocomplete: 'off',
          spellcheck: 'false', 'data-do': 'usage-option', 'data-arg': id, value: text, 'aria-invalid': error ? 'true' : null, 'aria-describedby': `${error ? `usage-error-${id} ` : ''}usage-hint-${id}` }),
        unit ? h('span', { class: 'unit' }, unit) : null),
      error ? h('p', { class: 'error', id: `usage-error-${id}` }, error) : null,
      h('p', { class: 'hint', id: `usage-hint-${id}` }, hint));
  }));
}

const bytesText = (bytes: number, page: Page): string => (bytes < 1e6 ? `${page.format.number(Math.ceil(bytes / 1e3))} KB` : `${page.format.number(Number((bytes / 1e6).toFixed(1)))} MB`);

function progress(usage: UsageImport, page: Page): Child {
  const { so_far: at } = usage;
  const { format } = page;
  const share = at && at.of > 0 ? at.bytes / at.of : 0;
  return h('div', { class: 'usage-progress', key: 'progress' },
    h('p', { class: 'row progress' },
      h('progress', { max: 1, value: share, 'aria-label': 'Progress of reading' }),
      button('usage-cancel', 'Cancel')),
    h('p', { class: 'quiet' }, at ? [`${bytesText(at.bytes, page)} of ${bytesText(at.of, page)}, ${format.number(Math.ceil((at.ms / Math.max(share, 1e-6)) * (1 - share) / 1000))} s left · `,
      `${format.number(at.report.read.records)} records so far · `, h('b', null, `${format.amount(at.report.known_usd)} USD`), ' so far',
      at.report.usd === null ? ', without those that have no price' : ''] : 'Starting …'));
}

/** Which exports are read, and where they are found. */
const exports: readonly (readonly [name: string, how: string])[] = [
  ['OpenAI', 'The usage of each response as your application logs it (chat, responses, batch results), or the export of the Usage page of the platform, or the answers of its usage and costs interfaces.'],
  ['Anthropic', 'The usage of each message, results of batches, the logs of Claude Code, or the usage and cost reports of the Console and of its admin interface.'],
  ['Gemini', 'The usageMetadata of each response.'],
  ['DeepSeek, Mistral', 'The usage of each response; so too of xAI, Moonshot, Groq, Cohere, Perplexity and all that answer in OpenAI’s form.'],
  ['Amazon Bedrock', 'The log of model invocations, switched on in Bedrock’s settings; or answers of Converse.'],
  ['LiteLLM', 'Spend logs: the answer of /spend/logs, or the table of that name as CSV.'],
  ['Langfuse', 'Observations: the export of the traces’ page, or the answer of /api/public/observations.'],
  ['Helicone', 'Requests: the export of the page of that name.'],
  ['OpenRouter', 'Activity: the export of the page of that name, or the usage of each response.'],
];

function empty(): VElement {
  return h('div', { class: 'usage-empty', key: 'empty' },
    h('p', { class: 'empty' }, 'Here will stand what was used and what it costs at the prices of its days, what could not be read, and step by step why it is not what the scenario says. ',
      h('a', { href: 'docs/usage.html' }, 'How records are counted, priced and compared'), '.'),
    h('h3', { class: 'asked-title' }, 'What can be read, and where to find it'),
    h('dl', { class: 'usage-exports' }, exports.map(([name, how]) => h('div', { key: name }, h('dt', null, name), h('dd', null, how)))));
}

export function view(page: Page): VElement {
  const usage = held;
  if (!usage) return h('div', null);
  return h('div', { class: 'question usage' },
    h('p', { class: 'lead' }, 'Why is the bill not what was estimated? Give records of what was used: each is priced at the prices of its own day, and the scenario of the form is changed step by step into what was measured. ',
      h('b', null, 'Everything is read in this browser: nothing is sent anywhere, and nothing is stored.')),
    given(usage),
    usage.reading && usage.slow ? progress(usage, page) : null,
    optionFields(usage),
    h('p', { class: 'hidden-text', role: 'status', key: 'spoken' }, usage.spoken),
    usage.problem ? h('div', { class: 'banner inside', role: 'alert', id: 'usage-problem', tabindex: -1, key: 'problem' },
      h('p', null, h('b', null, 'The records could not be read. '), usage.problem),
      h('p', { class: 'row' }, button('usage-again', 'Try again'))) : null,
    usage.result ? usageResult(usage, usage.result, page) : usage.problem || usage.reading ? null : empty());
}

function openFiles(usage: UsageImport): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = accepted;
  input.addEventListener('change', () => {
    if (input.files?.length) void usage.read([...input.files]);
  });
  input.click();
}

function readText(app: Controller, usage: UsageImport): void {
  const field = textArea();
  if (field.value.trim() === '') {
    app.tell('There is nothing to read yet. Paste records of usage, open files, or try the example records.');
    field.focus();
    return;
  }
  void usage.read([new File([field.value], pasted_name)]);
}

export const clicks: Required<SectionModule>['clicks'] = {
  'usage-read': (app) => readText(app, held!),
  'usage-open': () => openFiles(held!),
  'usage-example'(app) {
    textArea().value = exampleRecords(app.today);
    readText(app, held!);
  },
  'usage-cancel': () => held!.cancel(),
  'usage-again': () => held!.again(true),
  'usage-clear'() {
    held!.forget();
    textArea().value = '';
    textArea().focus();
  },
  'usage-lines': () => { held!.all_lines = true; },
  'usage-adopt': () => held!.adopt(),
  'usage-export': (app, e) => void import('../usage_export').then(async ({ exportUsage }) => {
    held!.told = await exportUsage(app, held!, e.dataset['arg']!);
    app.update();
  }),
};

const option = (element: HTMLElement): readonly [OptionId, string] => [element.dataset['arg'] as OptionId, (element as HTMLInputElement).value];

export const inputs: Required<SectionModule>['inputs'] = {
  'usage-option': (_, e) => held!.typing(...option(e)),
};

export const changes: Required<SectionModule>['changes'] = {
  'usage-option': (_, e) => held!.set(...option(e)),
};

export const mounted: Required<SectionModule>['mounted'] = (element, app) => {
  held = new UsageImport(app);
  const usage = held;
  const over = (event: DragEvent, is: boolean) => {
    if (!event.dataTransfer?.types.includes('Files')) return false;
    event.preventDefault();
    element.querySelector('.usage-given')?.toggleAttribute('data-over', is);
    return true;
  };
  element.addEventListener('dragover', (event) => over(event, true));
  element.addEventListener('dragleave', (event) => over(event, element.contains(event.relatedTarget as Node | null)));
  element.addEventListener('drop', (event) => {
    if (over(event, false) && event.dataTransfer!.files.length > 0) void usage.read([...event.dataTransfer!.files]);
  });
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target === textArea()) readText(app, usage);
    else if (event.key === 'Escape' && usage.reading) usage.cancel();
  });
};
