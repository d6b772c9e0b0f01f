/** Lines of prompts for samples while training: `a cat --n dogs --w 512 --h 768 --d 7 --l 6.5 --s 30`. */
import type { Note, Recipe } from '../../recipe/infotext';
import { readPairs } from '../../recipe/infotext/parse';
import type { Pair } from '../../recipe/infotext/scan-pairs';

/** @see kohya-ss/sd-scripts library/train_util.py, line_to_prompt_dict */
const FLAGS: Readonly<Record<string, string>> = {
  w: 'width',
  h: 'height',
  d: 'Seed',
  s: 'Steps',
  l: 'CFG scale',
  ss: 'Sampler',
  g: 'Distilled CFG Scale',
};
/** Midjourney has some of the others. */
const TELLING = /\s--(?:d|h|l|n|ss)\s/;
const MIDJOURNEY = /\s--(?:ar|v|niji|sref|stylize|chaos)\b/;

/** Undefined where the text is no such line. */
export function readKohyaSample(text: string): { recipe: Recipe; notes: Note[] } | undefined {
  const line = text.trim();
  if (line.length > 4000 || line.includes('\n') || !TELLING.test(line) || MIDJOURNEY.test(line)) return undefined;
  const [prompt, ...parts] = line.split(/\s+--(?=[a-z]{1,3}\s)/);
  const pairs: Pair[] = [];
  const notes: Note[] = [];
  let negativePrompt = '';
  for (const part of parts) {
    const [, flag = '', value = ''] = /^([a-z]{1,3})\s+([^]*)$/.exec(part.trim()) ?? [];
    if (flag === 'n') negativePrompt = value.trim();
    else if (Object.hasOwn(FLAGS, flag)) pairs.push({ key: FLAGS[flag], value: value.trim() });
    else notes.push({ key: 'Text', message: `"--${flag} ${value}" is not carried over.` });
  }
  const numbers = pairs.filter(({ value }) => /^\d*\.?\d+$/.test(value));
  if (numbers.length < 2) return undefined;
  const read = readPairs({ prompt: prompt.trim(), negativePrompt }, pairs);
  return { recipe: read.recipe, notes: [...read.notes, ...notes] };
}
