/** Labels that are marked otherwise than by a colon, written as A1111 writes them. Only words that are labels count. */
import { trimSpace } from '../../prompt/characters';
import { isNumberKey, isWholeNumber } from './number-keys';
import { labelOf } from './words-of-labels';

const WORD = '\\p{L}[\\p{L}\\p{N} _/.-]{0,40}?';
const GAP = '[ \\t]{0,8}';
const ARROW = new RegExp(`^([^\\p{L}\\n]{0,12})(${WORD})${GAP}(?:[→➜➔➡⇒►▶»]|[=-]>)${GAP}`, 'gmu');
/** A field of notes (Obsidian's Dataview). */
const FIELD = new RegExp(`^([ \\t>*([-]{0,8})(${WORD})${GAP}::(?!:)${GAP}([^\\n]*?)([\\])]?)$`, 'gmu');
const BRACKETED = new RegExp(`^[ \\t]{0,8}[[【](${WORD})[\\]】]${GAP}:?${GAP}(?=\\S)`, 'gmu');
/** "Prompt - a cat", "(Prompt) a cat". */
const DASHED = new RegExp(`^([ \\t>*•]{0,8})(${WORD})[ \\t]{1,8}[-–—][ \\t]{1,8}(\\S[^\\n]*)$`, 'gmu');
const ROUND = new RegExp(`^([ \\t]{0,8})\\((${WORD})\\)${GAP}:?${GAP}(\\S[^\\n]*)$`, 'gmu');
/** Both sides by their letters: "W: 640, H: 896". */
const SIDE_LETTERS =
  /(?<![\p{L}\p{N}])w[ \t]{0,4}[:=][ \t]{0,4}(\d{3,5})[ \t,;|/]{1,8}h[ \t]{0,4}[:=][ \t]{0,4}(\d{3,5})(?=[ \t]*$)/giu;
const CODE = new RegExp(`${GAP}(\\*\\*|__)(${WORD})\\1${GAP}\`([^\`\\n]*)\``, 'gu');
const SEVERAL =
  /^((?:[ \t>*-]|\d{1,2}[.)]){0,8})(\p{L}[\p{L} ]{0,20}(?:\/[ \t]?\p{L}[\p{L} ]{0,20}){1,5})[ \t]*:[ \t]*([^\n]{1,200})$/gmu;
/** YAML's mark for the lines below: "prompt: |". */
const SCALAR = new RegExp(`^([ \\t>*-]{0,8}(${WORD})${GAP}:)${GAP}[|>][-+]?${GAP}$`, 'gmu');
const LABELLED = /^[^\p{L}\n]{0,12}(\p{L}[^:\n]{0,40}):/gmu;
const FLAG = /(?<!\S)--([a-z][\w-]{1,30})(?:[ \t]*=[ \t]*|[ \t]+)((?:(?!\s--[a-z])[^\n]){1,2000})/giu;
const LEAST_LINES = 3;
const LEAST_FLAGS = 3;

const isLabel = (word: string): boolean => labelOf(word) !== undefined || isSecondPass(word) || /^loras?$/i.test(word);

/** "Hires. fix". */
export const isSecondPass = (word: string): boolean => /^hi-?res\.?(?: ?fix)?$/i.test(word);

/** The text itself where fewer than three lines have labels then: words of a prompt may look so. */
export function plainLabels(text: string): string {
  const plain = withColons(text);
  if (plain === text) return text;
  const labels = [...plain.matchAll(LABELLED)].filter(({ 1: word }) => isLabel(trimSpace(word)));
  return labels.length >= LEAST_LINES ? plain : text;
}

function withColons(text: string): string {
  return severalLabels(bracketed(markedOtherwise(text)))
    .replace(ARROW, (whole, _: string, word: string) => (isLabel(word) ? `${word}: ` : whole))
    .replace(FIELD, (whole, mark: string, word: string, value: string, end: string) =>
      isLabel(word) ? `${word}: ${/[[(]/.test(mark) ? value : value + end}` : whole,
    )
    .replace(CODE, (whole, _: string, word: string, value: string, at: number) =>
      isLabel(word) ? `${at === 0 ? '' : '\n'}${word}: ${value}` : whole,
    )
    .replace(SCALAR, (whole, label: string, word: string) => (isLabel(word) ? label : whole));
}

const LEAST_SETTINGS = 3;
const LEAST_NUMBERS = 2;

/** Only where all of them are settings with the values that they have: words of prompts look so, too. */
function markedOtherwise(text: string): string {
  return [DASHED, ROUND].reduce((plain, pattern) => {
    const labels = [...plain.matchAll(pattern)].flatMap(({ 2: word, 3: value }) => {
      const label = labelOf(word);
      return typeof label === 'object' ? [{ key: label.key, value }] : [];
    });
    const numbers = labels.filter(({ key }) => isNumberKey(key) || key === 'Size');
    const isMeant =
      labels.length >= LEAST_SETTINGS &&
      numbers.length >= LEAST_NUMBERS &&
      numbers.every(({ value }) => /^-?\d[\d.,]*(?:[ \t]?[x×*][ \t]?\d+)?$/.test(trimSpace(value)));
    return isMeant
      ? plain.replace(pattern, (whole, mark: string, word: string, value: string) =>
          isLabel(word) ? `${mark}${word}: ${value}` : whole,
        )
      : plain;
  }, withSides(text));
}

/** On the line of the steps, or alone. */
function withSides(text: string): string {
  return text.replace(/^[^\n]*$/gm, (line) =>
    /(?<!\p{L})steps[ \t]{0,4}[:=][ \t]{0,4}\d/iu.test(line) || /^[^\p{L}\n]{0,8}w[ \t]{0,4}[:=]/iu.test(line)
      ? line.replace(SIDE_LETTERS, 'Size: $1x$2')
      : line,
  );
}

/** "[Steps] 25": a prompt may begin with brackets, too. */
function bracketed(text: string): string {
  const words = [...text.matchAll(BRACKETED)].filter(({ 1: word }) => isLabel(word));
  if (words.length < LEAST_LINES) return text;
  return text.replace(BRACKETED, (whole, word: string) => (isLabel(word) ? `${word}: ` : whole));
}

/** "Sampler/Steps/CFG: Euler a / 25 / 7", "W/H: 768/512". */
function severalLabels(text: string): string {
  return text.replace(SEVERAL, (whole, mark: string, names: string, said: string) => {
    const words = names.split('/').map((word) => SIDES.get(trimSpace(word).toLowerCase()) ?? trimSpace(word));
    const values = said.split('/').map(trimSpace);
    if (
      words.length !== values.length ||
      values.includes('') ||
      !words.every((word) => typeof labelOf(word) === 'object')
    )
      return whole;
    return words.map((word, i) => `${mark}${word}: ${values[i]}`).join('\n');
  });
}

const SIDES: ReadonlyMap<string, string> = new Map([
  ['w', 'width'],
  ['h', 'height'],
]);

/** "a cat --neg dogs --steps 25 --sampler Euler a": flags behind the prompt, with values that may have no quotes. */
export function withoutFlags(text: string): string {
  const found = [...text.matchAll(FLAG)].map(({ 1: flag, 2: value, index }) => ({
    label: labelOf(flag.replace(/[-_]/g, ' ')),
    value: trimSpace(value).replace(/^(["'])(.*)\1$/, '$2'),
    index,
  }));
  const known = found.filter(({ label }) => label !== undefined);
  const names = new Set(known.map(({ label }) => (typeof label === 'object' ? label.key : label)));
  const isNumber = ({ label, value }: (typeof found)[number]): boolean =>
    typeof label !== 'object' || !isNumberKey(label.key) || isWholeNumber(value);
  if (known.length < LEAST_FLAGS || names.size < found.length || !found.every(isNumber)) return text;
  const prompt = trimSpace(text.slice(0, found[0].index));
  const of = (kind: 'prompt' | 'negative') => found.filter(({ label }) => label === kind).map(({ value }) => value);
  const pairs = found.flatMap(({ label, value }) =>
    typeof label === 'object' ? [`${label.key}: ${value.includes(',') ? JSON.stringify(value) : value}`] : [],
  );
  const negative = of('negative').map((words) => `Negative prompt: ${words}`);
  const steps = pairs.filter((pair) => pair.startsWith('Steps:'));
  const settings = [...steps, ...pairs.filter((pair) => !steps.includes(pair))].join(', ');
  return [prompt, ...of('prompt'), ...negative, settings].filter((line) => line !== '').join('\n');
}
