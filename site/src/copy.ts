// Text for the clipboard; where the browser does not let the page copy, it stands selected on the page.

import type { Controller } from './controller';

/** @param what begins the sentence that tells of it: "The link" */
export async function copy(app: Controller, text: string, what: string, more = ''): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.tell(`${what} is copied. ${more}`.trim());
  } catch {
    app.ui.message = `${what} could not be copied by the page; copy it here. ${more}`.trim();
    app.ui.linkText = text;
    app.updateNow();
    (document.getElementById('link-text') as HTMLTextAreaElement).select();
  }
}
