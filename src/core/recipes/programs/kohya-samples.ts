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
/** Also those that are unknown, or have no value. */
const FLAG = /(?<!\s)\s+--(?=[A-Za-z][\w-]*(?:\s|$))/;

/** Lines of a file, without its comments. */
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

const MOST_LETTERS = 20_000;

/** Undefined where the text is no such line, or lines of which some have no flags. Of several the first is read. */
export function readKohyaSample(text: string): { recipe: Recipe; notes: Note[] } | undefined {
  if (text.length > MOST_LETTERS) return undefined;
  const lines = linesOf(text);
  if (lines.length === 0 || !lines.every((line) => FLAG.test(line))) return undefined;
  const found = readLine(lines[0]);
  const message = `There are ${lines.length} prompts in this text: the first is taken.`;
  return found && lines.length > 1 ? { ...found, notes: [...found.notes, { key: 'Text', message }] } : found;
}

function readLine(line: string): { recipe: Recipe; notes: Note[] } | undefined {
  if (line.length > 4000 || !TELLING.test(line) || MIDJOURNEY.test(line)) return undefined;
  const [prompt, ...parts] = line.split(FLAG);
  const pairs: Pair[] = [];
  const notes: Note[] = [];
  let negativePrompt = '';
  for (const part of parts) {
    const [, flag = '', value = ''] = /^(\S+)\s*([^]*)$/.exec(part.trim()) ?? [];
    // Elsewhere a number behind it is how many pictures there are to be.
    if (flag === 'n' && !/^\d*$/.test(value)) negativePrompt = value;
    else if (Object.hasOwn(FLAGS, flag) && value !== '') pairs.push({ key: FLAGS[flag], value });
    else notes.push({ key: 'Text', message: `"--${`${flag} ${value}`.trim()}" is not carried over.` });
  }
  const numbers = pairs.filter(({ value }) => /^\d*\.?\d+$/.test(value));
  if (numbers.length < 2) return undefined;
  const read = readPairs({ prompt: prompt.trim(), negativePrompt }, pairs);
  return { recipe: read.recipe, notes: [...read.notes, ...notes] };
}
