/** Keys while a mask is painted: the usual ones of painting programs. */
import type { MaskEditor } from './mask-editor.svelte';
import type { SketchEditor } from './sketch-editor.svelte';
import type { Strokes, Tool } from './strokes.svelte';

/** What moves the view. */
export interface KeyView {
  fit(): void;
  zoom(factor: number): void;
}

/** Keys of the mask as the list of keys shows them, beside the page's own. */
export const MASK_KEYS = [
  { chords: [['b'], ['e'], ['x']], does: 'Brush, eraser, switch between them' },
  { chords: [['l'], ['u'], ['h']], does: 'Lasso, rectangle, hand' },
  { chords: [['['], [']']], does: 'Brush smaller, larger' },
  { chords: [['{'], ['}']], does: 'Brush harder, softer' },
  { chords: [['+'], ['-'], ['0']], does: 'Zoom in, zoom out, whole picture' },
  { chords: [['Ctrl', 'i']], does: 'Invert the mask' },
  {
    chords: [
      ['Ctrl', 'z'],
      ['Ctrl', 'y'],
    ],
    does: 'Undo, redo the last stroke',
  },
] as const satisfies readonly { chords: readonly (readonly string[])[]; does: string }[];

/** Keys where there are colours beside the mask. */
export const SKETCH_KEYS = [
  { chords: [['m'], ['s']], does: 'Paint the mask, sketch in colour' },
  { chords: [['i']], does: 'Take a colour from the picture' },
] as const satisfies readonly { chords: readonly (readonly string[])[]; does: string }[];

export type Painted = 'mask' | 'sketch';

/** Which of the two is painted, and the editors of both. */
export interface Canvas {
  painted: Painted;
  readonly editors: { mask: MaskEditor; sketch: SketchEditor } | undefined;
}

/** Keys of a canvas with both. @returns whether the key means something */
export function canvasKey(event: KeyboardEvent, canvas: Canvas, view: KeyView): boolean {
  if (!canvas.editors) return false;
  const { mask, sketch } = canvas.editors;
  const key = event.key.toLowerCase();
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isNumber(event.target);
  if (isPlain && key === 'm') canvas.painted = 'mask';
  else if (isPlain && key === 's') canvas.painted = 'sketch';
  else if (isPlain && key === 'i') {
    canvas.painted = 'sketch';
    sketch.takePicker();
  } else return maskKey(event, canvas.painted === 'mask' ? mask : sketch, view);
  return true;
}

const isNumber = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type === 'number';

const TOOL_KEYS: Readonly<Record<string, Tool>> = { b: 'brush', e: 'eraser', l: 'lasso', u: 'rectangle', h: 'hand' };
const SIZE_STEP = 1.2;
const SOFTNESS_STEP = 0.25;
const ZOOM = 1.4;

/** What keys do in an editor; only a mask can be inverted. */
type Keyed = Strokes & { invert?: () => void };

/** @returns whether the key means something */
export function maskKey(event: KeyboardEvent, editor: Keyed, view: KeyView): boolean {
  const key = event.key.toLowerCase();
  // Brackets are typed with AltGr on many keyboards, which Windows reports as Ctrl and Alt, and with Option on a Mac.
  if (event.altKey || event.getModifierState('AltGraph')) return bracketKey(key, editor);
  if (event.ctrlKey || event.metaKey) return commandKey(key, event.shiftKey, editor);
  if (isNumber(event.target)) return false;
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

function bracketKey(key: string, editor: Keyed): boolean {
  if (key === '[' || key === ']') resize(editor, key === ']');
  else if (key === '{' || key === '}') soften(editor, key === '}');
  else return false;
  return true;
}

function commandKey(key: string, isShift: boolean, editor: Keyed): boolean {
  if (key === 'z' && !isShift) editor.undo();
  else if (key === 'z' || key === 'y') editor.redo();
  else if (key === 'i' && editor.invert) editor.invert();
  else return false;
  return true;
}

function resize(editor: Keyed, isLarger: boolean): void {
  const next = editor.diameter * (isLarger ? SIZE_STEP : 1 / SIZE_STEP);
  const rounded = isLarger ? Math.ceil(next) : Math.floor(next);
  editor.diameter = Math.min(editor.mostDiameter, Math.max(1, rounded));
}

function soften(editor: Keyed, isSofter: boolean): void {
  editor.softness = Math.min(1, Math.max(0, editor.softness + (isSofter ? SOFTNESS_STEP : -SOFTNESS_STEP)));
}
