// What an author has chosen. It stands in the fragment of embed.html in the widget's own words (docs/widget.md), with two more for the
// page around it: `host` and `width`.

import { readSettings, type Density, type Theme } from '../widget/settings';

export interface Choice {
  /** Id of an example; null = `packed`. */
  readonly preset: string | null;
  /** "1…", a scenario of the author's own. */
  readonly packed: string | null;
  readonly theme: Theme;
  /** "rrggbb"; null = the widget's own. */
  readonly accent: string | null;
  readonly density: Density;
  /** A language tag; "" = English sentences, numbers as the reader has them. */
  readonly lang: string;
  readonly currency: string;
  readonly rate: string;
  /** null = the widget's default. */
  readonly controls: readonly string[] | null;
  readonly readonly: boolean;
  readonly host: 'light' | 'dark';
  readonly width: 'wide' | 'narrow';
}

export const most_controls = 3;

function languageTag(text: string): string {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? '';
  } catch {
    return '';
  }
}

export function readChoice(fragment: string, presets: readonly string[]): Choice {
  const settings = readSettings(fragment);
  const named = new URLSearchParams(fragment.replace(/^#/, '').replace(/^[^=&]*(&|$)/, ''));
  const readonly = named.has('readonly') && settings.controls.length === 0;
  const preset = settings.preset !== null && presets.includes(settings.preset) ? settings.preset : presets[0]!;
  return {
    preset: settings.packed === null ? preset : null,
    packed: settings.packed?.slice(1) ?? null,
    theme: settings.theme,
    accent: settings.accent,
    density: settings.density,
    lang: settings.lang ? languageTag(settings.lang) : '',
    currency: settings.currency ?? '',
    rate: settings.rate ?? '',
    controls: named.has('controls') && !readonly ? settings.controls : null,
    readonly,
    host: named.get('host') === 'dark' ? 'dark' : 'light',
    width: named.get('width') === 'narrow' ? 'narrow' : 'wide',
  };
}

/** What differs from the widget's defaults, as names and values; an empty value is a name that stands alone in an attribute. */
function differences(choice: Choice): (readonly [string, string])[] {
  const said: (readonly [string, string | null])[] = [
    ['theme', choice.theme === 'auto' ? null : choice.theme],
    ['lang', choice.lang || null],
    ['accent', choice.accent],
    ['density', choice.density === 'compact' ? 'compact' : null],
    ['currency', choice.currency || null],
    ['rate', choice.currency && choice.rate ? choice.rate : null],
    ['controls', choice.readonly || !choice.controls ? null : choice.controls.join(',')],
    ['readonly', choice.readonly ? '' : null],
  ];
  return said.filter((one): one is readonly [string, string] => one[1] !== null);
}

/** Of <tokenbill-widget>. `site`: whose link a scenario of one's own is. */
export const attributesOf = (choice: Choice, site: string): (readonly [string, string])[] => [
  choice.packed === null ? ['preset', choice.preset!] : ['src', `${site}index.html#${choice.packed}`],
  ...differences(choice),
];

/** Of embed/v1/, without its "#". */
export function fragmentOf(choice: Choice): string {
  const values = differences(choice).map(([name, value]) => `${name}=${encodeURIComponent(name === 'readonly' ? '1' : value).replaceAll('%2C', ',')}`);
  return [choice.packed ?? `preset=${encodeURIComponent(choice.preset!)}`, ...values].join('&');
}

/** Of embed.html. */
export function ownFragment(choice: Choice): string {
  return `#${fragmentOf(choice)}${choice.host === 'dark' ? '&host=dark' : ''}${choice.width === 'narrow' ? '&width=narrow' : ''}`;
}
