// Gets the list of GPUs, their rent and open models, when a section first needs it.

import { CoreError } from '../../web/tokenbill';
import type { Controller } from './controller';
import { fetchText } from './fetch_text';
import { withHardware } from './references';

const url = 'hardware-v1.json';

/** Into the core with all operations, which must be there. What fails is kept in words; asked again, it is tried again. */
export async function loadHardware(app: Controller): Promise<void> {
  if (app.hardware) return;
  app.hardware_problem = '';
  try {
    const text = await fetchText(url);
    app.hardware = app.core!.loadHardware(text);
    app.hardware_text = text;
    if (app.catalog) app.catalog = withHardware(app.catalog, app.hardware);
  } catch (error) {
    const failure = error instanceof CoreError ? error.failure : null;
    app.hardware_problem = failure ? `${url}: ${failure.where ? `${failure.where}: ` : ''}${failure.message} ${failure.hint}`
      : error instanceof Error ? error.message : String(error);
  }
}
