// Which section is open, told to the elements around the views: tabs and their panels when wide, an accordion when narrow.

import type { Ui } from './page';
import { available } from './regions';

export function frameSections(ui: Ui): void {
  document.body.toggleAttribute('data-drawer', ui.drawer.length > 0);
  for (const section of document.querySelectorAll<HTMLElement>('.section')) {
    const id = section.id.replace('section-', '');
    section.hidden = !available.includes(id);
    section.toggleAttribute('data-open', id === ui.section);
    if (ui.wide) {
      section.setAttribute('role', 'tabpanel');
      section.setAttribute('aria-labelledby', `tab-${id}`);
    } else {
      section.removeAttribute('role');
      section.removeAttribute('aria-labelledby');
    }
  }
}
