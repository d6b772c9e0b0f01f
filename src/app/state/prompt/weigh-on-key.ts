/** Ctrl+Up and Ctrl+Down in a prompt's box. */

type KeyPress = KeyboardEvent & { currentTarget: HTMLTextAreaElement };

export function weighOnKey(event: KeyPress): void {
  const { key, altKey, shiftKey, isComposing, currentTarget: box } = event;
  const isArrow = key === 'ArrowUp' || key === 'ArrowDown';
  if (!isArrow || !(event.ctrlKey || event.metaKey) || altKey || shiftKey || isComposing) return;
  event.preventDefault();
  weigh(box, key === 'ArrowUp' ? 1 : -1).catch((error: unknown) => console.info('Words cannot be weighed.', error));
}

/** What reads weights is fetched with the first press. */
async function weigh(box: HTMLTextAreaElement, by: 1 | -1): Promise<void> {
  const { weighSelection } = await import('./weigh-selection');
  const { value, selectionStart, selectionEnd } = box;
  const done = weighSelection(value, selectionStart, selectionEnd, by);
  if (!done) return;
  box.setSelectionRange(done.from, done.to);
  typeOver(box, done.insert);
  box.setSelectionRange(done.start, done.end);
}

/**
 * As if typed over the selection. `execCommand` is deprecated and has no successor: whatever else sets the text, Chromium
 * takes it out of Ctrl+Z's hands.
 */
export function typeOver(box: HTMLTextAreaElement, text: string): void {
  const { selectionStart, selectionEnd } = box;
  if (typeof document.execCommand === 'function' && document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, selectionStart, selectionEnd, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}
