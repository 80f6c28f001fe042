// What every frame of the widget has, whoever writes it: embed.js, the snippets of embed.html, the oEmbed answers.

/** No storage, no worker, no origin; links may open a page and a file may be saved. */
export const sandbox = 'allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads';
export const permissions = 'clipboard-write';

/** Close to what the frame will ask for, so that the text below it hardly moves. */
export const usualHeight = (width: number): number => (width < 600 ? 690 : 500);
