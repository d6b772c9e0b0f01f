// The theme that was chosen, before anything is painted; none was: the system's. src/app/state/theme.ts writes it.
try {
  const theme = localStorage.getItem('gesso-theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
    for (const meta of document.querySelectorAll('meta[name=theme-color]'))
      meta.content = theme === 'dark' ? '#161618' : '#f7f5f1';
  }
} catch (error) {
  console.info('The theme is the system’s: the browser keeps nothing here.', error);
}
