/** The command line that InvokeAI 1 and 2 keep in pictures: `"a cat [dogs]" -s 24 -S 4711 -W 640 -H 896 -C 6.5 -A k_euler_a`. */
import { readPairs } from '../recipe/infotext/parse';
import type { Note, Recipe } from '../recipe/infotext';
import type { Pair } from '../recipe/infotext/scan-pairs';
import { splitBrackets } from './programs/invoke';

/** @see InvokeAI ldm/invoke/args.py */
const FLAGS: Readonly<Record<string, string>> = {
  s: 'Steps',
  steps: 'Steps',
  S: 'Seed',
  seed: 'Seed',
  W: 'width',
  width: 'width',
  H: 'height',
  height: 'height',
  C: 'CFG scale',
  cfg_scale: 'CFG scale',
  A: 'Sampler',
  sampler: 'Sampler',
  f: 'Denoising strength',
  strength: 'Denoising strength',
};
/** Where files go, and how many. */
const HARMLESS: ReadonlySet<string> = new Set([
  'n',
  'iterations',
  'b',
  'g',
  'o',
  'F',
  'full_precision',
  'N',
  'grid',
  'individual',
  'save_original',
]);

const FLAG = /\s-(?:[sSWHn]\s?\d+|C\s?\d*\.?\d+|f\s?\d*\.?\d+|A\s?k?_?[a-z][\w+]*)(?=\s|$)/g;
const LEAST_FLAGS = 3;

/** NMKD's, without quotes: all flags at the end, and none of them a word. */
function unquoted(text: string): [words: string, flags: string] | undefined {
  const line = text.trim();
  if (line.length > 4000 || line.includes('\n')) return undefined;
  const found = [...line.matchAll(FLAG)];
  const start = found[0]?.index ?? 0;
  const isWhole = line.slice(start).replace(FLAG, '').trim() === '';
  return found.length >= LEAST_FLAGS && start > 0 && isWhole ? [line.slice(0, start), line.slice(start)] : undefined;
}

/** Undefined where the text is no such line. */
export function readDream(text: string): { recipe: Recipe; notes: Note[] } | undefined {
  const match =
    /^\s*(?:dream>\s*)?(?:"((?:\\.|[^"\\])*)"|'([^']*)')((?:\s+--?[A-Za-z_]+(?:[= ][^\s-][^\s]*|\d[^\s]*)?)+)\s*$/.exec(
      text,
    );
  const [words, flags] = match ? [(match[1] ?? match[2]).replace(/\\(.)/g, '$1'), match[3]] : (unquoted(text) ?? []);
  if (words === undefined || flags === undefined) return undefined;
  const { prompt, negativePrompt } = splitBrackets(words);
  const pairs: Pair[] = [];
  const notes: Note[] = [];
  for (const [, long, short, value] of flags.matchAll(
    /(?:--([A-Za-z_]+)|-([A-Za-z]))[= ]?([^\s-][^\s]*|-?\d[\d.]*)?/g,
  )) {
    const flag = long ?? short;
    if (Object.hasOwn(FLAGS, flag)) pairs.push({ key: FLAGS[flag], value: value ?? '' });
    else if (!HARMLESS.has(flag))
      notes.push({
        key: 'Dream',
        message: `"-${flag}${value === undefined ? '' : ` ${value}`}" of InvokeAI is not carried over.`,
      });
  }
  if (pairs.length < 2) return undefined;
  const read = readPairs({ prompt, negativePrompt }, pairs);
  return { recipe: read.recipe, notes: [...read.notes, ...notes] };
}
