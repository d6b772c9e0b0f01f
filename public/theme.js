// What cannot wait for the page's own scripts.

// The theme that was chosen, before anything is painted; none was: the system's. src/app/state/page/theme.ts writes it.
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

// A tab that keeps the main line is loaded again: others see that it is, however long its scripts take, and leave the line to it.
// src/app/state/line/other-lines.ts says which tab that is, and waits for this name; one-tab.ts has the line then.
try {
  if (sessionStorage.getItem('gesso-line') === 'gesso-queue') {
    const asked = new Promise((resolve) => window.addEventListener('gesso-line-asked', resolve, { once: true }));
    navigator.locks
      ?.request('gesso-queue-again', () => asked)
      .catch((error) => console.info('Other tabs cannot know that this one is loaded again.', error));
  }
} catch (error) {
  console.info('Other tabs cannot know that this one is loaded again.', error);
}
