/** Nodes that give a size by its name: "3:4 portrait 896x1152", "832 x 1216"; width and height beside it are for "custom". */
import type { PromptNode } from './graph';

const NAMES = ['resolution', 'dimensions', 'size', 'ratio', 'aspect_ratio', 'preset'];
const SIZE = /(\d{3,5})\s*[x×*]\s*(\d{3,5})/i;

/** 0 takes the name's. @see cubiq/ComfyUI_essentials misc.py, SDXLEmptyLatentSizePicker */
function overridden(inputs: PromptNode['inputs'], side: 'width' | 'height'): number | undefined {
  const value = Number(inputs.get(`${side}_override`));
  return value > 0 ? value : undefined;
}

/** Undefined where no such name is said, or one that means the numbers beside. */
export function presetSize({ inputs }: PromptNode): { width: number; height: number } | undefined {
  const texts = NAMES.map((name) => inputs.get(name)).filter((value) => typeof value === 'string');
  const text = texts.find((value) => SIZE.test(value) && !/custom/i.test(value));
  const [, first, second] = SIZE.exec(text ?? '') ?? [];
  if (first === undefined) return undefined;
  const isSwapped = [inputs.get('swap_dimensions'), inputs.get('swap')].some(
    (value) => value === 'On' || value === true,
  );
  const [width, height] = isSwapped ? [second, first] : [first, second];
  return {
    width: overridden(inputs, 'width') ?? Number(width),
    height: overridden(inputs, 'height') ?? Number(height),
  };
}
