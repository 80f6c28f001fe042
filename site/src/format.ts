// Numbers as text, in the reader's locale. Rounding happens here and nowhere else; null is the word "unknown".

export const unknown = 'unknown';

export interface Format {
  /** An amount in USD, without the currency: whole from 100 000 on, cents below, two significant digits when tiny. */
  amount(value: number | null): string;
  /** One format for a column of amounts, so that decimal points stand below each other. */
  column(values: readonly (number | null)[]): (value: number | null) => string;
  /** Any other number: thousands grouped, at most six significant digits after the point's first. */
  number(value: number | null): string;
  percent(share: number | null): string;
  /** As short as a chip allows: 1.05M, 128k. */
  short(value: number | null): string;
  date(iso: string): string;
  /** "Nov", or "Nov 2026" */
  month(iso: string, with_year: boolean): string;
  /** A number as an input field shows it. */
  field(value: number): string;
  /** A text typed in this locale's way ("1.234,5" where that is how it is written) as the core reads it. */
  canonical(text: string): string;
  /** A sentence of the core, which groups digits by narrow spaces, with its numbers in this locale's way. */
  localize(text: string): string;
}

/** A number with a point among what the core writes, not a version: it stands in a formula, or its unit follows. */
const decimals = /(?<=[×÷+−] |\()\d+\.\d+(?![\d.])|(?<![\w.\-])\d+\.\d+(?=\u202f?%|×| (?:USD|GiB|[×÷+−=]|s (?:to|for)|times as)(?!\w))/g;

export function makeFormat(locale?: string, unknown_word: string = unknown): Format {
  const by = (options: Intl.NumberFormatOptions): Intl.NumberFormat => new Intl.NumberFormat(locale, options);
  // Made once each: making one takes longer than using it a hundred times.
  const by_digits: Intl.NumberFormat[] = [];
  const fixed = (digits: number): Intl.NumberFormat =>
    (by_digits[digits] ??= by({ minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const plain = by({ maximumSignificantDigits: 12, maximumFractionDigits: 6 });
  const exact = by({ maximumSignificantDigits: 15 });
  const compact = by({ notation: 'compact', maximumSignificantDigits: 3 });
  const whole_percent = by({ style: 'percent' });
  const small_percent = by({ style: 'percent', maximumFractionDigits: 1 });
  const tiny = by({ minimumSignificantDigits: 2, maximumSignificantDigits: 3, maximumFractionDigits: 20 });
  const dated = (options: Intl.DateTimeFormatOptions): ((iso: string) => string) => {
    const by_date = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    return (iso) => {
      const moment = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
      return Number.isNaN(moment) ? iso : by_date.format(moment);
    };
  };
  const months = [dated({ month: 'short' }), dated({ month: 'short', year: 'numeric' })] as const;

  const part = (type: string): string => by({}).formatToParts(-1234567.8).find((p) => p.type === type)?.value ?? '';
  const group = part('group');
  const decimal = part('decimal') || '.';
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const separator = literal(group) || '(?!)';
  // A number does not begin with a group of zeros: "0.125" is left to the core where the point groups digits.
  // Groups of three, in some locales of two before the last.
  const inner = by({}).formatToParts(1234567).filter((p) => p.type === 'integer')[1]?.value.length ?? 3;
  const typed = new RegExp(`^([+-]?)([1-9]\\d{0,2}(?:${separator}\\d{${inner}})*${separator}\\d{3}|\\d+)(?:${literal(decimal)}(\\d+))?(?=\\s*(?:[kKmMbB%]|[eE][+-]?\\d+)?\\s*$)`);
  const percent_sign = whole_percent.formatToParts(0.5).slice(1).map((p) => p.value).join('') || '%';

  const amount = (value: number | null): string => {
    if (value === null) return unknown_word;
    const size = Math.abs(value);
    if (size === 0) return fixed(0).format(0);
    // 0.995 and above would round to 1.00 anyway.
    if (size < 0.995) return tiny.format(value);
    return fixed(size < 1000 && !Number.isInteger(value) ? 2 : 0).format(value);
  };

  return {
    amount,
    column(values) {
      const largest = Math.max(0, ...values.map((v) => Math.abs(v ?? 0)));
      if (largest > 0 && largest < 1) {
        const digits = Math.min(12, 2 - Math.floor(Math.log10(largest)));
        return (value) => (value === null ? unknown_word : fixed(digits).format(value));
      }
      return (value) => {
        if (value === null) return unknown_word;
        return value > 0 && value < 0.005 ? `<${fixed(2).format(0.01)}` : fixed(2).format(value);
      };
    },
    number: (value) => (value === null ? unknown_word : plain.format(value)),
    percent(share) {
      if (share === null) return unknown_word;
      if (share > 0 && share < 0.001) return `<${small_percent.format(0.001)}`;
      return (share < 0.1 && share > 0 ? small_percent : whole_percent).format(share);
    },
    short: (value) => (value === null ? unknown_word : compact.format(value)),
    date: dated({ dateStyle: 'medium' }),
    month: (iso, with_year) => months[with_year ? 1 : 0](iso),
    field: (value) => (Math.abs(value) < 1e15 && (value === 0 || Math.abs(value) >= 1e-9)
      ? exact.format(value) : String(value)),
    canonical: (text) => text.replace(typed, (_, sign: string, whole: string, fraction: string | undefined) =>
      `${sign}${whole.replace(/\D/g, '')}${fraction === undefined ? '' : `.${fraction}`}`),
    localize: (text) => text
      .replace(/\d{1,3}(?:\u202f\d{3})+(?:\.\d+)?/g, (number) => number.replace('.', decimal).replaceAll('\u202f', group))
      .replace(decimals, (number) => number.replace('.', decimal))
      .replace(/(\d)\u202f%/g, `$1${percent_sign}`),
  };
}

export const ratio_words = {
  same: 'the same',
  free: 'free',
  times_dearer: (times: string) => `${times}× dearer`,
  dearer: (share: string) => `${share} dearer`,
  times_cheaper: (times: string) => `${times}× cheaper`,
  cheaper: (share: string) => `${share} cheaper`,
};
export type RatioWords = typeof ratio_words;

/** A cost against a baseline, signed and in words: "3.1× dearer", "62% cheaper". */
export function ratioWords(ratio: number | null, format: Format, words: RatioWords = ratio_words): string {
  if (ratio === null) return '';
  if (Math.abs(ratio - 1) < 0.0005) return words.same;
  if (ratio >= 2) return words.times_dearer(format.number(ratio >= 20 ? Math.round(ratio) : Math.round(ratio * 10) / 10));
  if (ratio > 1) return words.dearer(format.percent(ratio - 1));
  if (ratio === 0) return words.free;
  // "100 % cheaper" would say free.
  return ratio < 0.005 ? words.times_cheaper(format.number(Math.round(1 / ratio))) : words.cheaper(format.percent(1 - ratio));
}

/** Days from one ISO date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
