/** Pasted text, before what reads recipes is here. */

/** True of all recipes: settings, JSON, addresses, options. Most words have none of these signs. */
export function mayBeRecipe(text: string): boolean {
  return /[:=#{[]|\s--?[a-z]/i.test(text);
}

/** Where the caret is, so that the browser's own undo takes it back. */
export function insertText(text: string): void {
  document.execCommand('insertText', false, text);
}
