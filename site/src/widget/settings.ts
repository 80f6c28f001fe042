// What the fragment of embed/v1/ says: "#1…" (a scenario, as the page links it) or "#preset=ID", each with further
// parameters behind "&". What is not known here is left alone: later versions may know it.

export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

export interface Settings {
  /** The part that link.ts decodes, with its "#"; null = none. */
  readonly packed: string | null;
  readonly preset: string | null;
  readonly theme: Theme;
  /** "rrggbb" or null. */
  readonly accent: string | null;
  readonly density: Density;
  /** A language tag, not yet looked at; null = English with the reader's numbers. */
  readonly lang: string | null;
  /** A currency's code, what a US dollar is in it, and the day of that rate, as written. */
  readonly currency: string | null;
  readonly rate: string | null;
  readonly rate_date: string | null;
  /** Ids of inputs that the reader may change; "model" is one of them. */
  readonly controls: readonly string[];
}

const default_controls = ['conversations_per_day', 'model'];
const most_controls = 3;

export const themeOf = (value: unknown): Theme => (value === 'light' || value === 'dark' ? value : 'auto');

function accentOf(value: string | null): string | null {
  const hex = value?.replace(/^#/, '').toLowerCase() ?? '';
  if (/^[0-9a-f]{6}$/.test(hex)) return hex;
  return /^[0-9a-f]{3}$/.test(hex) ? hex.replace(/./g, '$&$&') : null;
}

export function readSettings(fragment: string): Settings {
  const parts = fragment.replace(/^#/, '').split('&');
  const packed = parts[0] && !parts[0].includes('=') ? parts.shift()! : null;
  const named = new URLSearchParams(parts.join('&'));
  const readonly = named.has('readonly') && !/^(0|false|no)$/.test(named.get('readonly')!);
  const listed = named.get('controls')?.split(',').map((id) => id.trim()).filter(Boolean) ?? default_controls;
  return {
    packed: packed === null ? null : `#${packed}`,
    preset: named.get('preset'),
    theme: themeOf(named.get('theme')),
    accent: accentOf(named.get('accent')),
    density: named.get('density') === 'compact' ? 'compact' : 'comfortable',
    lang: named.get('lang'),
    currency: named.get('currency')?.toUpperCase() || null,
    rate: named.get('rate') || null,
    rate_date: named.get('rate_date') || null,
    controls: readonly ? [] : [...new Set(listed)].slice(0, most_controls),
  };
}
