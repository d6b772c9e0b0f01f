/** What the way through messages and pages did to a text, undone. Each step leaves a sound text as it is. */
import { trimSpace } from '../../prompt/characters';
import { KEYS } from '../../recipe/infotext/keys';
import { withoutTags } from './html';
import { looseLists, OF_A1111 } from './loose-lists';
import { plainLabels, withoutFlags } from './odd-labels';
import { spacedLines, spacedPairs } from './spaced-pairs';
import { wordsFor } from './translated-labels';
import { isIdle, labelOf } from './words-of-labels';

/** Marks of direction, joiners and soft hyphens: no letters, and never meant at the ends of a line. */
const INVISIBLE = '[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]';
const LINE_ENDS = new RegExp(`^${INVISIBLE}+|(?<!${INVISIBLE})${INVISIBLE}+$`, 'gmu');
const ODD_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

/** A word of letters, as labels are. */
const WORD = '\\p{L}[\\p{L}\\p{N} _/-]{0,40}?';
/** Not any number: two runs beside each other would be cut in every way. */
const GAP = '[ \\t]{0,8}';
const BOLD = new RegExp(`(\\*\\*|__|\\*|\`)${GAP}(${WORD})${GAP}(:?)${GAP}\\1${GAP}(:?)`, 'gu');
const BOLD_NEXT = new RegExp(`(?<=\\S)[ \\t]+\\*\\*(${WORD})${GAP}:?${GAP}\\*\\*${GAP}:?`, 'gu');
const CODE_VALUE = /(:\*\*|\*\*:)[ \t]*`([^`\n]*)`/g;
const BULLET = new RegExp(`^[^\\p{L}\\p{N}\\n"'(<[{]{1,12}(?=(${WORD})${GAP}[:：=])`, 'gmu');
const WIDE_COLON = new RegExp(`(${WORD})${GAP}：[ \\t]*`, 'gu');
const EQUALS = new RegExp(`(?<![\\p{L}\\p{N}])(${WORD})${GAP}=${GAP}(?=[^\\s=])`, 'gu');

const ifLabel = (whole: string, word: string, mended: string): string => (labelOf(word) === undefined ? whole : mended);

/** @param isBold a step may take more for labels and marks: its reading counts only where it says more */
type Step = (text: string, isBold: boolean) => string;

/** Full-width letters and digits, as input methods of East Asia write them, where a value of settings has them. */
function halfWidth(text: string): string {
  if (!/[:：=＝][ \t]*[０-９]/.test(text)) return text;
  const lines = text.split('\n');
  return lines
    .map((line) =>
      /[:：=＝][ \t]*[０-９]/.test(line) && !/[（［]/.test(line)
        ? line.replace(/[！-～]/g, (one) => one.normalize('NFKC'))
        : line,
    )
    .join('\n');
}

const STEPS: readonly Step[] = [
  (text, isBold) => (isBold ? halfWidth(text) : text),
  (text) => text.replace(LINE_ENDS, '').replace(ODD_SPACES, ' '),
  (text, isBold) => withoutTags(text, isBold),
  (text) => (isQuoted(text) || hasQuotedSteps(text) ? withoutQuotes(text) : text),
  // A fence around all of it, or around a part.
  fenced,
  plainLabels,
  (text, isBold) =>
    isBold ? withNegativeSigns(text, looseLists(spacedPairs(spacedLines(headings(withoutFlags(text)))))) : text,
  secondPass,
  // Several labels on one line, their values as code.
  (text) =>
    text
      .replace(BOLD_NEXT, (whole, word: string) => ifLabel(whole, word, whole.replace(/^[ \t]+/, '\n')))
      .replace(CODE_VALUE, '$1 $2'),
  promptReader,
  (text) =>
    text.replace(BOLD, (whole: string, _: string, word: string, inner: string, outer: string) =>
      ifLabel(whole, word, inner === '' && outer === '' ? word : `${word}:`),
    ),
  (text) => text.replace(BULLET, (whole, word: string) => ifLabel(whole, word, '')),
  (text) =>
    text
      .replace(WIDE_COLON, (whole, word: string) => ifLabel(whole, word, `${word}: `))
      .replace(/，(?=\s*\p{L}[\p{L}\p{N} _/-]*:)/gu, ', '),
  (text) =>
    /(?<![\p{L}\p{N}])steps\s*=\s*\d/iu.test(text)
      ? text.replace(EQUALS, (whole, word: string) => ifLabel(whole, word, `${word}: `))
      : text,
  onePerLine,
  withPromptLabels,
  // Mochi Diffusion's caption, all on one line.
  (text) => (/^Include in Image:/i.test(text) ? text.replace(/;\s*(?=\p{Lu}[\p{L} ]{1,30}:)/gu, '\n') : text),
  (text) => text.replace(/(?<=:\s{0,4})[“”„«]([^“”„«»"\n]*)[“”»](?=\s*(?:,|$))/gm, '"$1"'),
];

/**
 * @param options.isBold takes more for labels and marks than is sure, and leaves out the words of a post before its first label:
 * for readings that count only where they say more
 */
export function mendText(text: string, { isBold = false } = {}): string {
  return STEPS.reduce((mended, step) => step(mended, isBold), text);
}

const NEXT_KEY = KEYS.map(({ key }) => key.replace('/', '\\/')).join('|');
const PROMPT_FIRST = /^(?:positive )?prompt[ \t]*:/i;
const NEGATIVE_INSIDE = /[ \t]negative prompt[ \t]*:/gi;
const KEY_INSIDE = new RegExp(
  `(?<=[ \\t])(?:${NEXT_KEY}|Fooocus V2 Expansion|Styles|Performance|Resolution|Guidance Scale)[ \\t]*:`,
  'gi',
);
const MOST_OF_ONE_LINE = 10_000;
/** Python's lists and pairs, which have commas inside. */
const BARE_LIST = /(?<=:[ \t]{0,4})(\([^()"\n]{1,200}\)|\[[^[\]"\n]{1,400}\])(?=[ \t]*(?:,|$))/gm;

/** "Prompt: a cat, Negative Prompt: dogs, Steps: 30, Resolution: (1152, 896)": all of it on one line. */
function onePerLine(text: string): string {
  const label = text.length > MOST_OF_ONE_LINE ? undefined : PROMPT_FIRST.exec(text)?.[0].length;
  if (label === undefined) return text;
  const [line] = text.split('\n', 1);
  // One place after the other: a pattern for all of it tries every run of spaces with every other.
  const negative = placeOf(NEGATIVE_INSIDE, line, label);
  const key = negative && placeOf(KEY_INSIDE, line, negative.end);
  if (!key) return text;
  const prompts = [line.slice(label, negative.start), line.slice(negative.end, key.start)].map(withoutLastMark);
  return `${prompts[0]}\nNegative prompt: ${prompts[1]}\n${text.slice(key.start).replace(BARE_LIST, '"$1"')}`;
}

/** The first place from there on. */
function placeOf(pattern: RegExp, line: string, from: number): { start: number; end: number } | undefined {
  pattern.lastIndex = from;
  const match = pattern.exec(line);
  return match ? { start: match.index, end: match.index + match[0].length } : undefined;
}

const withoutLastMark = (piece: string): string => trimSpace(piece).replace(/[,;]$/, '');

const LABELLED = new RegExp(`^(${WORD})${GAP}:[ \\t]*`, 'gmu');

const EMPHASISED = /^([^:\n]{1,40}:[ \t]*)([*_]{1,3})([^*_\n]+)\2[ \t]*$/gm;

/** "Positive: …", then "Negative: …": both together are labels, one alone may be words. */
function withPromptLabels(text: string, isBold: boolean): string {
  const labels = [...text.matchAll(LABELLED)]
    .map(({ 1: word }) => labelOf(word))
    .filter((label) => label !== undefined || !isBold);
  const isBoth = labels[0] === 'prompt' && labels.includes('negative');
  if (!isBoth || /^negative prompt:/im.test(text)) return text;
  const own = isBold ? text.slice(wordsOfPost(text).length).replace(EMPHASISED, '$1$3') : text;
  return own.replace(LABELLED, (whole, word: string) => {
    const label = labelOf(word);
    return label === 'prompt' ? '' : label === 'negative' ? 'Negative prompt: ' : whole;
  });
}

/** What a post says before the first label of a prompt: an empty line parts it from that. Empty where nothing does. */
export function wordsOfPost(text: string): string {
  const first = [...text.matchAll(LABELLED)].find(({ 1: word }) => labelOf(word) === 'prompt')?.index ?? 0;
  const before = text.slice(0, first);
  return /\n[ \t]*\n$/.test(before) ? before : '';
}

const READER = /^positive\n([^]*?)\nnegative\n([^]*?)\nsettings?\n(?=[^]*steps\s*:)/i;

/** SD Prompt Reader copies its three fields under their names. */
function promptReader(text: string): string {
  if (text.length > MOST_OF_ONE_LINE) return text;
  return text.replace(READER, '$1\nNegative prompt: $2\n');
}

/** Mails and forums begin each line of a quote with ">". */
function isQuoted(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every(isMarked);
}

/** Only some lines may be quoted: the marks are no words where all that have the parameters have them. */
function hasQuotedSteps(text: string): boolean {
  const lines = text.split('\n');
  const own = lines.filter((line) => HAS_STEPS.test(line));
  return lines.filter(isMarked).length > 1 && own.length > 0 && own.every(isMarked);
}
const HAS_STEPS = /(?<![\p{L}\p{N}])steps["*]{0,3}[ \t]*[:=：][ \t]*["*]{0,3}[ \t]*\d/iu;
const isMarked = (line: string): boolean => /^\s*>/.test(line);
const withoutQuotes = (text: string): string => text.replace(/^[ \t]*(?:>[ \t]?)+/gm, '');

/** What stands in the fence that has the parameters. */
function fenced(text: string, isBold: boolean): string {
  const inner = [...text.matchAll(/^[ \t]*```[\w-]*[ \t]*\n([^]*?)\n?[ \t]*```[ \t]*$/gm)].map(([, block]) => block);
  const own = inner.find((block) => /steps\s*[:=]\s*\d/i.test(block));
  // The prompts may stand in fences of their own.
  const isPart = isBold && own !== undefined && inner.length > 1 && /^\s*steps\s*[:=]/i.test(own);
  return isPart ? text.replace(/^```[\w-]*[ \t]*(?:\n|$)/gm, '') : (own ?? text);
}

/** A1111's form calls them so below "Hires. fix", and beside "Hires steps". */
function secondPass(text: string): string {
  return /^[^\p{L}\n]{0,8}hi-?res\.?[ \t]?(?:fix[ \t]*:?[ \t]*$|steps[ \t]*:)/imu.test(text) && !OF_A1111.test(text)
    ? text.replace(/^([^\p{L}\n]{0,8})(upscaler|upscale by)(?=[ \t]{0,8}:)/gimu, '$1Hires $2')
    : text;
}

/** A cross before what is not to be seen, and some sign before the prompt above it. */
function withNegativeSigns(text: string, read: string): string {
  const isMeant =
    !OF_A1111.test(text) && HAS_STEPS.test(read) && /^\s*[^❌🚫⛔✖👎\s][^\n]*\n[^]*^[❌🚫⛔✖👎]/mu.test(read);
  if (!isMeant) return read;
  return read
    .replace(/^[❌🚫⛔✖👎]\uFE0F?[ \t]*(?![^\n]{0,20}:)/mu, 'Negative prompt: ')
    .replace(/^[^\p{L}\p{N}\s"'`(<[{|#*_~>-]{1,8}[ \t]*/u, '');
}

const HEADING = new RegExp(`^#{1,6}[ \\t]+(${WORD})${GAP}:?[ \\t]*$`, 'gmu');

/** "## Prompt", the words below. */
function headings(text: string): string {
  return text.replace(HEADING, (whole, word: string) => (labelOf(word) === undefined && !isIdle(word) ? whole : word));
}

/** Keys whose numbers have fractions, and which no program writes with a comma. */
const FRACTIONS = [
  'cfg scale|cfg|guidance scale|denoising strength|hires upscale|hires cfg scale|variation seed strength|refiner switch at|eta',
  ...['CFG scale', 'Denoising strength', 'Hires upscale'].flatMap(wordsFor),
].join('|');
const DECIMAL = new RegExp(
  String.raw`(?<=(?:${FRACTIONS})[ \t]{0,4}[:：][ \t]{0,4}\d{1,3}),(\d{1,3})(?=[ \t]*(?:[,;|\n]|$))`,
  'giu',
);

/** `CFG scale: 6,5, Seed: 7`. A key stands behind the next comma, so that no number is lost. */
export function withDecimalPoints(text: string): string {
  return text.replace(DECIMAL, '.$1');
}
