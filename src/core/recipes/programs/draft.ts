/** A recipe that is being gathered from the JSON of a program: pairs of an infotext, LoRAs, and what is not carried over. */
import { writeUnit } from '../../recipe/control/infotext';
import type { ControlUnit } from '../../recipe/control/unit';
import type { LoraWeight, Note } from '../../recipe/infotext';

export class Draft {
  readonly pairs: [key: string, value: unknown][] = [];
  readonly loras: LoraWeight[] = [];
  readonly notes: Note[] = [];
  prompt: string | undefined;
  #units = 0;
  negativePrompt = '';

  put(key: string, value: unknown): void {
    if (!isNothing(value)) this.pairs.push([key, FRACTIONS.has(key) ? withPoint(value) : value]);
  }

  lora(name: string, unet: number, text = unet): void {
    if (!this.loras.some((other) => other.name === name)) this.loras.push({ name, unet, text });
  }

  /** One of ControlNet's, with its model by name. */
  unit(unit: ControlUnit): void {
    this.put(`ControlNet ${this.#units++}`, writeUnit(unit, unit.model));
  }

  note(key: string, message: string): void {
    this.notes.push({ key, message });
  }
}

const FRACTIONS: ReadonlySet<string> = new Set(['CFG scale', 'Denoising strength', 'Hires upscale', 'Eta']);

/** "6,5", as programs of many countries write it. */
const withPoint = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/^(\s*-?\d{1,3}),(\d{1,2}\s*)$/, '$1.$2') : value;

const NOTHING: ReadonlySet<unknown> = new Set([
  undefined,
  null,
  '',
  'None',
  'none',
  'null',
  false,
  'False',
  'false',
  'disabled',
]);

/** Whether a value is as good as not said. */
export function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isNothing);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isNothing);
  return NOTHING.has(value);
}

export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'True' || value === 'true';
}

/** The name of a file without folders and ending. */
export function fileStem(path: string): string {
  return (path.split(/[\\/]/).pop() ?? path).replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$/i, '');
}
