/** Light, dark, or as the system has it. public/theme.js reads the choice before anything is painted. */

export const THEMES = {
  system: { label: 'As the system' },
  light: { label: 'Light' },
  dark: { label: 'Dark' },
} as const;
export type Theme = keyof typeof THEMES;

const KEY = 'gesso-theme';
/** What the window's frame has on phones and when installed: --ground of app.css. */
const GROUNDS = { light: '#f7f5f1', dark: '#161618' } as const;

export function currentTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Uses a theme from now on and at every visit. */
export function useTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]'))
    meta.content =
      GROUNDS[theme === 'system' ? (meta.getAttribute('media')?.includes('dark') ? 'dark' : 'light') : theme];
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch (error) {
    console.info('The theme lasts until the page is closed.', error);
  }
}
