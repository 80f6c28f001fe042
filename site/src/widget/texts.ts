// The widget's own sentences, by language. What the core says (labels, formulas, problems) is English; `labels` translates the
// inputs and lines that a widget shows most. A language is added by one more entry of `languages`; nothing else knows which there are.

import { ratio_words, unknown, type RatioWords } from '../format';

const english = {
  unknown: unknown as string,
  ratio: ratio_words as RatioWords,
  labels: {} as Readonly<Record<string, string>>,
  your_feature: 'Your feature',
  on: 'on',
  a_month: 'a month',
  units: { per_request: 'a request', per_conversation: 'a conversation', per_year: 'a year' },
  explain: (what: string) => `${what}: explain`,
  of_the_month: (what: string) => `${what} of the month`,
  at_rate: (rate: string, code: string, date: string | null) => `at ${rate} ${code} for a US dollar${date ? `, rate of ${date}` : ', rate as given'}`,
  cheapest: (count: string, whole: boolean) => `The cheapest of ${count}${whole ? '' : ' well-known'} models`,
  chosen: 'chosen',
  prices_as_of: 'Prices as of',
  old: 'old',
  days_old: (days: string) => `The prices are ${days} days old.`,
  open: 'Open in Tokenbill',
  retry: 'Retry',
  copy: 'Copy',
  copy_link: 'Copy link',
  copy_table: 'Copy table',
  link_copied: 'The link is copied. It carries the whole scenario.',
  table_copied: 'The bill is copied as a Markdown table.',
  copy_refused: 'The browser does not let this frame copy. The text is selected: copy it by keyboard or menu.',
  inputs: 'Inputs',
  model: 'Model',
  none: 'none',
  derived: 'derived',
  slider: (label: string) => `${label}, slider`,
  less: (label: string) => `${label}: less`,
  more: (label: string) => `${label}: more`,
  more_models: 'More models …',
  back: '← back',
  explanation: 'Explanation',
  close: 'Close the explanation',
  checked: (date: string) => `checked ${date}`,
  says: 'says',
  origins: { user: 'yours', default: 'default', assumption: 'assumption', seller: 'price list', derived: 'derived' } as Readonly<Record<string, string>>,
  damaged: (problem: string) => problem.replace('The page shows its defaults', 'The widget shows its default'),
  no_preset: (name: string) => `There is no example with the name “${name}”. The widget shows its default instead.`,
  no_input: (name: string) => `There is no input with the name “${name}”.`,
  link_unread: (why: string) => `The link holds no scenario that can be read: ${why}`,
  link_in_part: (what: string) => `The link was read except for: ${what}`,
  message_unread: (why: string) => `The message holds no scenario that can be read: ${why}`,
  message_in_part: (what: string) => `The message was read except for: ${what}`,
  no_object: 'It is not a JSON object.',
  no_rate: (code: string) => `Amounts in ${code} need an exchange rate, and none is given; they stay in US dollars.`,
  bad_rate: (code: string, why: string) => `Amounts stay in US dollars, not ${code}: ${why}`,
  no_start: (why: string) => `The calculator did not start. ${why}`.trim(),
  no_server: (file: string) => `The price list did not arrive: the server did not answer (${file}).`,
  no_file: (file: string, status: number) => `The price list did not arrive: the server answered ${status} (${file}).`,
  no_end: (file: string) => `The price list did not arrive whole (${file}).`,
  unreadable: (why: string) => `The price list cannot be read: ${why}`,
};

export type Texts = typeof english;

const german: Texts = {
  unknown: 'unbekannt',
  ratio: {
    same: 'gleich teuer',
    free: 'kostenlos',
    times_dearer: (times) => `${times}-mal so teuer`,
    dearer: (share) => `${share} teurer`,
    times_cheaper: (times) => `${times}-mal günstiger`,
    cheaper: (share) => `${share} günstiger`,
  },
  labels: {
    conversations_per_day: 'Gespräche am Tag', turns_per_conversation: 'Anfragen je Gespräch', prompt_tokens: 'Prompt', output_tokens: 'Antwort',
    static_prefix_tokens: 'Fester Anfang', turn_input_tokens: 'Nachricht', reasoning_tokens: 'Denken', caching: 'Prompt-Cache', service_tier: 'Diensttarif',
    'input.uncached': 'Eingabe', 'input.cache_read': 'Aus dem Cache gelesen', 'input.cache_write': 'In den Cache geschrieben',
    'input.image': 'Bildeingabe', 'input.audio': 'Toneingabe', 'output.text': 'Ausgabe', 'output.reasoning': 'Denken', 'media.speech': 'Sprachausgabe',
    'fees.web_search': 'Websuchen', 'retrieval.rerank': 'Ordnen der Fundstellen', 'retrieval.vector_store': 'Vektorspeicher',
    'overheads.evaluation': 'Bewertung', 'overheads.monitoring': 'Überwachung', 'overheads.experiments': 'Versuche', 'overheads.staging': 'Erprobung',
    'overheads.review': 'Prüfung durch Menschen', 'infrastructure.observability': 'Beobachtungswerkzeuge', 'people.operations': 'Personal',
    'contingency.reserve': 'Reserve', 'one_time.development': 'Entwicklung, verteilt', tax: 'Steuer',
    total: 'Gesamt im Monat', total_per_request: 'Gesamt je Anfrage', total_per_conversation: 'Gesamt je Gespräch', total_per_year: 'Gesamt im Jahr',
  },
  your_feature: 'Ihr Vorhaben',
  on: 'mit',
  a_month: 'im Monat',
  units: { per_request: 'je Anfrage', per_conversation: 'je Gespräch', per_year: 'im Jahr' },
  explain: (what) => `${what}: erklären`,
  of_the_month: (what) => `${what} des Monats`,
  at_rate: (rate, code, date) => `zu ${rate} ${code} für einen US-Dollar${date ? `, Kurs vom ${date}` : ', Kurs wie angegeben'}`,
  cheapest: (count, whole) => `Günstigste von ${count}${whole ? '' : ' bekannten'} Modellen`,
  chosen: 'gewählt',
  prices_as_of: 'Preise vom',
  old: 'alt',
  days_old: (days) => `Die Preise sind ${days} Tage alt.`,
  open: 'In Tokenbill öffnen',
  retry: 'Noch einmal',
  copy: 'Kopieren',
  copy_link: 'Link kopieren',
  copy_table: 'Tabelle kopieren',
  link_copied: 'Der Link ist kopiert. Er enthält das ganze Szenario.',
  table_copied: 'Die Rechnung ist als Markdown-Tabelle kopiert.',
  copy_refused: 'Der Browser lässt diesen Rahmen nicht kopieren. Der Text ist markiert: kopieren Sie ihn mit Tastatur oder Menü.',
  inputs: 'Eingaben',
  model: 'Modell',
  none: 'keins',
  derived: 'abgeleitet',
  slider: (label) => `${label}, Regler`,
  less: (label) => `${label}: weniger`,
  more: (label) => `${label}: mehr`,
  more_models: 'Mehr Modelle …',
  back: '← zurück',
  explanation: 'Erklärung',
  close: 'Erklärung schließen',
  checked: (date) => `geprüft am ${date}`,
  says: 'sagt',
  origins: { user: 'Ihre Angabe', default: 'Vorgabe', assumption: 'Annahme', seller: 'Preisliste', derived: 'abgeleitet' },
  damaged: () => 'Dieser Link lässt sich nicht lesen. Stattdessen steht hier das erste Beispiel.',
  no_preset: (name) => `Es gibt kein Beispiel mit dem Namen „${name}“. Stattdessen steht hier das erste.`,
  no_input: (name) => `Es gibt keine Eingabe mit dem Namen „${name}“.`,
  link_unread: (why) => `Der Link enthält kein lesbares Szenario: ${why}`,
  link_in_part: (what) => `Der Link wurde gelesen bis auf: ${what}`,
  message_unread: (why) => `Die Nachricht enthält kein lesbares Szenario: ${why}`,
  message_in_part: (what) => `Die Nachricht wurde gelesen bis auf: ${what}`,
  no_object: 'Es ist kein JSON-Objekt.',
  no_rate: (code) => `Für Beträge in ${code} fehlt ein Wechselkurs; sie bleiben in US-Dollar.`,
  bad_rate: (code, why) => `Die Beträge bleiben in US-Dollar statt ${code}: ${why}`,
  no_start: (why) => `Der Rechner ist nicht gestartet. ${why}`.trim(),
  no_server: (file) => `Die Preisliste ist nicht angekommen: der Server hat nicht geantwortet (${file}).`,
  no_file: (file, status) => `Die Preisliste ist nicht angekommen: der Server hat mit ${status} geantwortet (${file}).`,
  no_end: (file) => `Die Preisliste ist nicht ganz angekommen (${file}).`,
  unreadable: (why) => `Die Preisliste lässt sich nicht lesen: ${why}`,
};

const languages: Readonly<Record<string, Texts>> = { en: english, de: german };

/** Languages that there are texts in. */
export const spoken: readonly string[] = Object.keys(languages);

export interface Language {
  /** Of the texts; English where there are none in the language asked for. */
  readonly tag: string;
  readonly texts: Texts;
  /** How numbers and dates are written; undefined = as the reader's system has it. */
  readonly locale: string | undefined;
  readonly direction: 'ltr' | 'rtl';
}

const right_to_left = /^(ar|arc|ckb|dv|fa|he|ks|ku-arab|pa-arab|ps|sd|ug|ur|yi)\b/i;

/** `asked`: a language tag such as "de" or "pt-BR"; anything else is English with the reader's own numbers. */
export function languageOf(asked: unknown): Language {
  let locale: Intl.Locale | null = null;
  try {
    if (typeof asked === 'string' && asked) locale = new Intl.Locale(asked, { numberingSystem: 'latn' });
  } catch { /* No language tag. */ }
  const tag = locale && Object.hasOwn(languages, locale.language) ? locale.language : 'en';
  return {
    tag,
    texts: languages[tag]!,
    // In Latin digits everywhere, because the fields read no others.
    locale: locale?.toString(),
    direction: locale && right_to_left.test(locale.baseName) ? 'rtl' : 'ltr',
  };
}
