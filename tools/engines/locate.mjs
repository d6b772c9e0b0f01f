/** Finds a control as a screen reader would name it: the same for all engines, and run inside of the page. */

/**
 * What can be asked for: a role and the exact name.
 * @typedef {['button' | 'field' | 'dialog' | 'img' | 'region' | 'article', string]} Target
 */

/**
 * Goes to the page as text: nothing of this file may be used in it.
 *
 * @param {Target[0]} role @param {string} name @returns {Element | null} the first that is seen, brought into view; a file's field need not be seen
 */
export function locate(role, name) {
  const selectors = {
    button: 'button, a[href], summary, [role=button], [role=menuitem]',
    field: 'input, textarea, select',
    dialog: 'dialog, [role=dialog]',
    img: 'img, [role=img]',
    region: 'section, [role=region]',
    article: 'article',
  };
  const tidy = (/** @type {string | null | undefined} */ text) => text?.replace(/\s+/g, ' ').trim() ?? '';
  const named = (/** @type {Element} */ node) => {
    const by = node.getAttribute('aria-labelledby')?.split(' ') ?? [];
    const { labels } = /** @type {{ labels?: NodeListOf<HTMLLabelElement> | null }} */ (/** @type {unknown} */ (node));
    return [
      node.getAttribute('aria-label'),
      by.map((id) => document.getElementById(id)?.textContent).join(' '),
      node.getAttribute('alt'),
      ...[...(labels ?? [])].map((label) => label.textContent),
      role === 'button' ? node.textContent : '',
    ].some((text) => tidy(text) === name);
  };
  const isSeen = (/** @type {Element} */ node) =>
    (node instanceof HTMLInputElement && node.type === 'file') || node.getClientRects().length > 0;
  const found = [...document.querySelectorAll(selectors[role])].find((node) => named(node) && isSeen(node)) ?? null;
  found?.scrollIntoView({ block: 'center', behavior: 'instant' });
  return found;
}

/**
 * @typedef {object} Driven  a browser with one page
 * @property {string} version
 * @property {string[]} errors  of the console, where the engine tells of them
 * @property {(url: string) => Promise<void>} goto  to the end of the page's load
 * @property {() => Promise<void>} reload
 * @property {<T, A extends unknown[]>(work: (...args: A) => T | Promise<T>, ...args: A) => Promise<T>} run  in the page; what goes in and out is JSON
 * @property {(target: Target) => Promise<void>} click  as a mouse does
 * @property {(target: Target, text: string) => Promise<void>} type  in the place of what stands in a field, key by key
 * @property {(target: Target, paths: string[]) => Promise<void>} upload
 * @property {() => Promise<Buffer>} screenshot  PNG of what is seen
 * @property {(width: number, height: number) => Promise<void>} resize  CSS pixels of the page, or nearly so
 * @property {() => Promise<void>} close
 */
