// Light, dark, the accent and how dense: all that a host may say about the widget's looks.

import type { Settings, Theme } from './settings';

type Rgb = readonly [number, number, number];

const parse = (hex: string): Rgb => {
  const at = (i: number) => parseInt(hex.slice(i, i + 2), 16);
  return [at(0), at(2), at(4)];
};
const text = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance and contrast as WCAG 2 defines them. */
const luminance = (rgb: Rgb): number => {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: Rgb, b: Rgb): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** The nearest mixture of accent and ink that can be read on the paper: 4.5 to 1. Colours as "rrggbb". */
export function readable(accent: string, paper: string, ink: string): string {
  const [from, ground, to] = [parse(accent), parse(paper), parse(ink)];
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = from.map((part, i) => part + (to[i]! - part) * share) as unknown as Rgb;
    if (contrast(mixed, ground) >= 4.5) return text(mixed);
  }
  return text(to);
}

export function applyLook(theme: Theme, { accent, density }: Pick<Settings, 'accent' | 'density'>): void {
  const root = document.documentElement;
  root.dataset['density'] = density;
  if (theme === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  root.toggleAttribute('data-accent', accent !== null);
  root.style.removeProperty('--accent');
  if (accent === null) return;
  const style = getComputedStyle(root);
  const colour = (name: string) => style.getPropertyValue(name).trim().slice(1);
  root.style.setProperty('--accent', readable(accent, colour('--paper'), colour('--ink')));
}
