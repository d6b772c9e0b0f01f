/** Ctrl+Z and Ctrl+Shift+Z in a prompt's box, where the app and not the keyboard has changed it. */
import type { FormHistory } from '../settings/form-history.svelte';

type KeyPress = KeyboardEvent & { currentTarget: HTMLTextAreaElement };

/** What was typed belongs to the browser's own undo, which forgets everything when a text is set from outside. */
export function undoOnKey(event: KeyPress, form: FormHistory, field: 'prompt' | 'negativePrompt'): void {
  if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  const isRedo = key === 'y' || (key === 'z' && event.shiftKey);
  if (!isRedo && key !== 'z') return;
  const { value } = event.currentTarget;
  if (isRedo ? !form.redoesText(field, value) : !form.undoesText(field, value)) return;
  event.preventDefault();
  if (isRedo) form.redo();
  else form.undo();
}
