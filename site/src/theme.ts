// Light, dark or as the system has it. The choice is the one thing that is kept between visits.

import type { Controller } from './controller';

const key = 'tokenbill-theme';

export function setTheme(app: Controller, theme: 'auto' | 'light' | 'dark'): void {
  app.ui.theme = theme;
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'auto') localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch { /* No storage: the choice lasts as long as the page. */ }
  app.update();
}

export function storedTheme(): 'auto' | 'light' | 'dark' {
  try {
    const theme = localStorage.getItem(key);
    return theme === 'light' || theme === 'dark' ? theme : 'auto';
  } catch {
    return 'auto';
  }
}
