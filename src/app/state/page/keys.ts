/** The page's keys: one table for the handler and for the help that `?` opens. */

/** A chord is pressed together; any of an entry's chords does what it says. */
export const SHORTCUTS = [
  { chords: [['Ctrl', 'Enter']], does: 'Generate; while one is under way: put another in line' },
  { chords: [['Esc']], does: 'Cancel, while no text is being written' },
  {
    chords: [
      ['Ctrl', '↑'],
      ['Ctrl', '↓'],
    ],
    does: 'In a prompt: more or less weight for the selection, or the word at the caret',
  },
  { chords: [['←'], ['→']], does: 'Walk through the pictures' },
  {
    chords: [['+'], ['−'], ['0'], ['1']],
    does: 'The picture larger, smaller, fitted, one to one; arrows move a large one',
  },
  { chords: [['g']], does: 'The gallery; in it: f marks, Space selects, Delete deletes' },
  { chords: [['Ctrl', 'z']], does: 'Undo, also a cancel and what the app changed in the form' },
  { chords: [['?']], does: 'This list' },
] as const satisfies readonly { chords: readonly (readonly string[])[]; does: string }[];

export type KeyAction = 'generate' | 'cancel' | 'newer' | 'older' | 'help' | 'gallery' | 'undo';

/** What a key press asks for; undefined where it belongs to the control that has the focus. */
export function keyAction(event: KeyboardEvent): KeyAction | undefined {
  if (event.defaultPrevented || event.isComposing || event.altKey) return undefined;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return event.repeat ? undefined : 'generate';
  if (event.ctrlKey || event.metaKey) return event.key === 'z' && !usesKeys(event.target) ? 'undo' : undefined;
  if (usesKeys(event.target)) return undefined;
  if (event.key === 'Escape') return 'cancel';
  if (event.key === '?') return 'help';
  if (event.key === 'g') return 'gallery';
  if (event.key === 'ArrowLeft') return 'newer';
  if (event.key === 'ArrowRight') return 'older';
  return undefined;
}

function usesKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
