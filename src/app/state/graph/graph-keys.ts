/** Keys of the graph, as in ComfyUI where it has them. */
import type { GraphEditor } from './editor.svelte';
import {
  bypassChosen,
  chooseAll,
  collapseChosen,
  duplicateChosen,
  frameChosen,
  muteChosen,
  removeChosen,
} from './edits';
import { isTyped } from './typed';

type Command = (editor: GraphEditor) => void;

const addNode: Command = (editor) => (editor.adding = {});

/** Commands by the modifiers and the key. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'ctrl+z': (editor) => editor.undo(),
  'ctrl+shift+z': (editor) => editor.redo(),
  'ctrl+y': (editor) => editor.redo(),
  delete: removeChosen,
  backspace: removeChosen,
  m: muteChosen,
  'ctrl+m': muteChosen,
  'ctrl+b': bypassChosen,
  'alt+c': collapseChosen,
  'ctrl+g': frameChosen,
  'ctrl+d': duplicateChosen,
  'ctrl+a': chooseAll,
  a: addNode,
  insert: addNode,
};

/** What the help says of them. */
export const KEY_WORDS: readonly (readonly [keys: string, does: string])[] = [
  ['A, or a double click', 'Add a node'],
  ['Delete', 'Remove what is chosen'],
  ['Ctrl+C, Ctrl+X, Ctrl+V', 'Copy, cut, paste; also from and to ComfyUI'],
  ['Ctrl+D', 'Duplicate'],
  ['M', 'Mute'],
  ['Ctrl+B', 'Bypass'],
  ['Alt+C', 'Collapse'],
  ['Ctrl+G', 'Frame'],
  ['Ctrl+A, Shift and drag, Ctrl and click', 'Choose several'],
  ['Arrows', 'Move what is chosen'],
  ['Tab, Space, Enter, Esc', 'To the next node, choose it, into it, out of it'],
  ['Ctrl+Z, Ctrl+Shift+Z', 'Undo, redo'],
];

/** @returns whether it was one of the graph's */
export function onGraphKey(event: KeyboardEvent, editor: GraphEditor): boolean {
  if (event.defaultPrevented || event.isComposing) return false;
  if (isTyped(event.target) || event.target instanceof HTMLSelectElement) return false;
  const command = COMMANDS[chordOf(event)];
  if (event.key === 'Escape' && editor.chosen.size + editor.chosenLinks.size > 0) editor.choose([]);
  else if (command) command(editor);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** Alt writes other letters on some keyboards: there the key counts. */
function chordOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const letter = altKey && code.startsWith('Key') ? code.slice(3) : key;
  const parts = [(ctrlKey || metaKey) && 'ctrl', altKey && 'alt', shiftKey && 'shift', letter.toLowerCase()];
  return parts.filter((part) => part !== false).join('+');
}
