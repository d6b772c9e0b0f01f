/** Keys while a mask is painted: those of other canvases. */
import type { MaskEditor, Tool } from './mask-editor.svelte';

/** What moves the view. */
export interface KeyView {
  fit(): void;
  zoom(factor: number): void;
}

/** As the list of keys shows them, beside the page's own. */
export const MASK_KEYS = [
  { chords: [['b'], ['e'], ['x']], does: 'Brush, eraser, the other of the two' },
  { chords: [['l'], ['u'], ['h']], does: 'Lasso, rectangle, hand' },
  { chords: [['['], [']']], does: 'Brush smaller, larger' },
  { chords: [['{'], ['}']], does: 'Brush harder, softer' },
  { chords: [['+'], ['-'], ['0']], does: 'Nearer, further, all of the picture' },
  { chords: [['Ctrl', 'i']], does: 'Invert the mask' },
  {
    chords: [
      ['Ctrl', 'z'],
      ['Ctrl', 'y'],
    ],
    does: 'Take the last stroke back, make it again',
  },
] as const satisfies readonly { chords: readonly (readonly string[])[]; does: string }[];

const TOOL_KEYS: Readonly<Record<string, Tool>> = { b: 'brush', e: 'eraser', l: 'lasso', u: 'rectangle', h: 'hand' };
const SIZE_STEP = 1.2;
const SOFTNESS_STEP = 0.25;
const ZOOM = 1.4;

/** @returns whether the key means something */
export function maskKey(event: KeyboardEvent, editor: MaskEditor, view: KeyView): boolean {
  const key = event.key.toLowerCase();
  // Brackets are typed with AltGr on many keyboards, which Windows reports as Ctrl and Alt, and with Option on a Mac.
  if (event.altKey || event.getModifierState('AltGraph')) return bracketKey(key, editor);
  if (event.ctrlKey || event.metaKey) return commandKey(key, event.shiftKey, editor);
  if (event.target instanceof HTMLInputElement && event.target.type === 'number') return false;
  const tool = TOOL_KEYS[key] as Tool | undefined;
  if (tool) editor.tool = tool;
  else if (key === 'x') editor.tool = editor.tool === 'eraser' ? 'brush' : 'eraser';
  else if (bracketKey(key, editor)) return true;
  else if (key === '+' || key === '=') view.zoom(ZOOM);
  else if (key === '-') view.zoom(1 / ZOOM);
  else if (key === '0') view.fit();
  else return false;
  return true;
}

function bracketKey(key: string, editor: MaskEditor): boolean {
  if (key === '[' || key === ']') resize(editor, key === ']');
  else if (key === '{' || key === '}') soften(editor, key === '}');
  else return false;
  return true;
}

function commandKey(key: string, isShift: boolean, editor: MaskEditor): boolean {
  if (key === 'z' && !isShift) editor.undo();
  else if (key === 'z' || key === 'y') editor.redo();
  else if (key === 'i') editor.invert();
  else return false;
  return true;
}

function resize(editor: MaskEditor, isLarger: boolean): void {
  const next = editor.diameter * (isLarger ? SIZE_STEP : 1 / SIZE_STEP);
  const rounded = isLarger ? Math.ceil(next) : Math.floor(next);
  editor.diameter = Math.min(editor.mostDiameter, Math.max(1, rounded));
}

function soften(editor: MaskEditor, isSofter: boolean): void {
  editor.softness = Math.min(1, Math.max(0, editor.softness + (isSofter ? SOFTNESS_STEP : -SOFTNESS_STEP)));
}
