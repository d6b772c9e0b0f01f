/** The page's keys: one table for the handler and for the help that `?` opens. */

export const KEYS = [
  { keys: ['Ctrl', 'Enter'], does: 'Generate; while one is under way: put another in line' },
  { keys: ['Esc'], does: 'Cancel' },
  { keys: ['←', '→'], does: 'Walk through the pictures' },
  { keys: ['?'], does: 'This list' },
] as const;

export type KeyAction = 'generate' | 'cancel' | 'newer' | 'older' | 'help';

/** What a key press asks for; undefined where it belongs to the control that has the focus. */
export function keyAction(event: KeyboardEvent): KeyAction | undefined {
  if (event.defaultPrevented || event.isComposing || event.altKey) return undefined;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return event.repeat ? undefined : 'generate';
  if (event.ctrlKey || event.metaKey) return undefined;
  if (event.key === 'Escape') return 'cancel';
  if (usesKeys(event.target)) return undefined;
  if (event.key === '?') return 'help';
  if (event.key === 'ArrowLeft') return 'newer';
  if (event.key === 'ArrowRight') return 'older';
  return undefined;
}

function usesKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
