// Which view fills which element of index.html. One list for the build, which writes the markup, and for the page.

import { h, type VElement } from './vdom';
import { sections, type Page } from './page';
import { headline, notices, slim } from './views/headline';
import { bill } from './views/bill';
import { models } from './views/models';
import { form } from './views/form';
import { claims } from './views/claims';
import { later, laterHeadline, laterRanges, laterView } from './lazy';
import { drawer } from './views/drawer';
import { accordionHead, actions, status, tabs } from './views/frame';

export interface Region {
  readonly id: string;
  /** Depends on prices: stays as built while there are none. */
  readonly priced: boolean;
  readonly view: (page: Page) => VElement;
}

/** Sections with something to show, and those of them that read without the script. */
const built: readonly string[] = ['bill', 'models', 'claims'];
export const available: readonly string[] = [...built, 'sweep', ...Object.keys(later)];

export const regions: readonly Region[] = [
  { id: 'actions', priced: true, view: actions },
  { id: 'status', priced: false, view: status },
  { id: 'slim', priced: true, view: slim },
  { id: 'headline', priced: true, view: (page) => headline(page, laterHeadline(page)) },
  { id: 'notices', priced: true, view: notices },
  { id: 'form', priced: true, view: form },
  { id: 'tabs', priced: true, view: (page) => tabs(page, page.live ? available : built) },
  ...sections.map(({ id, label }) => ({ id: `head-${id}`, priced: true, view: (page: Page) => accordionHead(id, label, page) })),
  { id: 'body-bill', priced: true, view: (page) => bill(page, laterRanges(page)) },
  { id: 'body-models', priced: true, view: models },
  { id: 'body-claims', priced: true, view: claims },
  ...Object.keys(later).map((id) => ({ id: `body-${id}`, priced: true, view: (page: Page) => laterView(id, page) })),
  { id: 'drawer', priced: true, view: drawer },
];

/** The element that stands in index.html, with what the view puts into it. */
export const tree = (region: Region, page: Page): VElement => h('div', { id: region.id }, region.view(page));
