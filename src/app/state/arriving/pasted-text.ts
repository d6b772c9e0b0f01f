/** Whether pasted text may be a recipe, known before the reader of recipes is loaded. */

/** True for every recipe: settings, JSON, links, options; a size or a seed where pages have no colons. Most ordinary text has none of these signs. */
export function mayBeRecipe(text: string): boolean {
  return /[:：=＝#{[]|(?:^|\s)--?[a-z]|steps|\d{3}/i.test(text);
}

/** Where the caret is, so that the browser's own undo takes it back. */
export function insertText(text: string): void {
  document.execCommand('insertText', false, text);
}
