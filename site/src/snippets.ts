// What an author pastes into a page: text, never run here. Shared by the builder page and the build's oEmbed answers.

import { permissions, sandbox } from './embed_frame';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const quoted = (text: string): string => `"${text.replace(/[&<>"]/g, (c) => escapes[c]!)}"`;

/** Text of a Markdown link or picture. */
const linked = (text: string): string => text.replace(/[\\[\]|]/g, '\\$&').replace(/[<>\r\n]/g, ' ');

export interface Place {
  /** Of the built site, with its last "/". */
  readonly site: string;
  /** What the frame is called for those who do not see it. */
  readonly title: string;
  /** The full calculator with the same scenario. */
  readonly link: string;
}

const fallback = ({ link }: Place): string => `<a href=${quoted(link)}>What this costs, in Tokenbill</a>`;

export const frameSnippet = (place: Place, fragment: string, height: number): string => [
  `<iframe src=${quoted(`${place.site}embed/v1/#${fragment}`)} title=${quoted(place.title)} width="100%" height="${height}" loading="lazy"`,
  `  referrerpolicy="no-referrer" sandbox="${sandbox}" allow="${permissions}"`,
  '  style="border:0;color-scheme:light dark"></iframe>',
  `<p>${fallback(place)}</p>`,
].join('\n');

/** `attributes`: those of the element; an empty value is an attribute without one. */
export const elementSnippet = (place: Place, attributes: readonly (readonly [string, string])[], integrity: string): string => [
  `<script src=${quoted(`${place.site}embed.js`)}${integrity ? ` integrity="${integrity}"` : ''} crossorigin="anonymous" defer></script>`,
  '',
  `<tokenbill-widget${attributes.map(([name, value]) => (value ? ` ${name}=${quoted(value)}` : ` ${name}`)).join('')} title=${quoted(place.title)}>`,
  `  ${fallback(place)}`,
  '</tokenbill-widget>',
].join('\n');

export const pictureSnippet = (place: Place, preset: string): string =>
  `[![${linked(place.title)}](${place.site}embed/v1/${preset}.svg)](${place.link})`;

/** One line of figures, for a scenario that has no picture. */
export const lineSnippet = (place: Place, name: string, figures: string): string =>
  `**${linked(name)}**: ${linked(figures)} ([in Tokenbill](${place.link}))`;

export const titleOf = (name: string): string => `LLM cost: ${name}`;
