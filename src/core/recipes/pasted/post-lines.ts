/** A line of a post, a note or a README: a label of a prompt, settings, a border between parts, or words. */
import { trimSpace } from '../../prompt/characters';
import { scanPairs, type Pair } from '../../recipe/infotext/scan-pairs';
import { hiresWords } from './hires-words';
import { isSecondPass } from './odd-labels';
import { postSettings, withoutTicks, type PostSettings } from './post-settings';
import { english } from './translated-labels';
import { isIdle, labelOf, type Label } from './words-of-labels';

export type Item =
  | { kind: 'prompt' | 'negative'; value: string; isMarked: boolean; isListed: boolean }
  | ({ kind: 'settings' } & PostSettings)
  | { kind: 'border'; line: string; is: 'fence' | 'rule' | 'heading' | 'settings' }
  /** @property pair what the line is below settings */
  | { kind: 'words'; words: string; pair?: Pair }
  | { kind: 'empty' };

export const FENCE = /^(?:```|~~~)[^`~]*$/;
const SIZE = /^(\d{2,5})[ \t]?[x×*][ \t]?(\d{2,5})(?:[ \t]?(?:px|pixels?))?$/i;
const RULE = /^[-=_*]{3,}$/;
const BORDER_OF_TABLE = /^[ \t:|+-]+$/;
const HEADING = /^(?:#{1,6}[ \t]+|(?=\*\*[^*\n]{1,60}\*\*:?$))(.*)$/;
/** Bullets, numbers, and the small pictures that bots write. */
const MARKS = /^(?:(?:[-+*•▪◦>]|\d{1,2}[.)])[ \t]+){0,3}(?:[^\p{L}\p{N}\s"'`(<[{|#*_~>-]{1,8}[ \t]*)?/u;
const LISTED = /^(?:[-+*•▪◦>]|\d{1,2}[.)])[ \t]/;
const ROW = /^\|([^|\n]{1,60})\|([^|\n]{1,400})\|$/;
const WORD = String.raw`\p{L}[\p{L}\p{N} _/×().-]{0,40}?`;
const LABEL = new RegExp(String.raw`^(${WORD})[ \t]*[:：][ \t]*(.*)$`, 'u');
const EMPHASIS = /^(\*\*|__|\*|`)([^*`\n]{1,60}?)(:?)\1[ \t]*(:?)[ \t]*(.*)$/;
/** "Set prompt", "Prompt used", "Negative prompt overrides": a heading, or a line that ends with its colon. */
const PROMPT_LINE =
  /^(?:set |test |example |full |final |image |the |my )?((?:positive |negative )?prompts?)(?: used| i used| text| example| overrides?)?$/i;
const SETTINGS_LINE =
  /(?:^|[ \t])(?:settings?|parameters|params|details|info|metadata|data|specs?|recommended|config)$/i;
const LONGEST_HEADING = 60;
/** The longest word before a list of settings. */
const LONGEST_NAME = 24;
/** "Prompt 02 - the harbour", above the prompt itself. */
const NUMBERED = /^(?:prompt|image|picture|example|test) ?#?\d{1,4}(?:[ \t]*[-–—:.)][^,:]{0,80})?$/i;
/** "URL: http://localhost:8188". */
export const ADDRESS = /^[\p{L}\p{N}_ -]{1,40}:[ \t]*https?:\/\/\S+$/u;

/** Prompts have labels in other languages, too; of settings those are told where more of the text is known. */
function labelIn(word: string): Label | undefined {
  const label = labelOf(word) ?? labelOf(english(trimSpace(word)));
  return typeof label === 'string' ? label : labelOf(word);
}

export function itemOf(line: string): Item {
  if (line === '') return { kind: 'empty' };
  if (FENCE.test(line)) return { kind: 'border', line, is: 'fence' };
  if (RULE.test(line) || (line.includes('|') && BORDER_OF_TABLE.test(line)))
    return { kind: 'border', line, is: 'rule' };
  const row = ROW.exec(line);
  if (row) return rowItem(trimSpace(row[1]), trimSpace(row[2])) ?? { kind: 'border', line, is: 'rule' };
  if (NUMBERED.test(line) || ADDRESS.test(line)) return { kind: 'border', line, is: 'heading' };
  const bare = line.replace(MARKS, '');
  const [, heading] = HEADING.exec(bare) ?? [];
  if (heading !== undefined) return headingItem(heading, line);
  const plain = withoutEmphasis(bare);
  const item = labelledItem(plain, plain !== line) ?? wordsItem(line, plain);
  return 'isListed' in item ? { ...item, isListed: LISTED.test(line) } : item;
}

/** `ControlNet 0: "Module: canny, Weight: 1.0"`: what stands in quotes is one value. */
function wordsItem(words: string, plain: string): Item {
  const [, width, height] = SIZE.exec(plain) ?? [];
  if (width !== undefined) return { kind: 'words', words, pair: { key: 'Size', value: `${width}x${height}` } };
  const [pair, ...others] = /^[^":]{2,60}: "/.test(plain) ? scanPairs(plain) : [];
  return pair?.value.endsWith('"') && others.length === 0 ? { kind: 'words', words, pair } : { kind: 'words', words };
}

function rowItem(name: string, value: string): Item | undefined {
  const plain = [name, value].map((cell) => cell.replace(/^\*\*(.*)\*\*$/, '$1'));
  return labelledItem(plain.join(': '), true);
}

function headingItem(heading: string, line: string): Item {
  const words = trimSpace(heading.replace(/\*\*/g, '').replace(/[:：][ \t]*$/, ''));
  return promptItem(words) ?? { kind: 'border', line, is: isOfSettings(words) ? 'settings' : 'heading' };
}

function promptItem(words: string): Item | undefined {
  const [, word = words] = PROMPT_LINE.exec(words) ?? [];
  const label = labelIn(word);
  return label === 'prompt' || label === 'negative'
    ? { kind: label, value: '', isMarked: true, isListed: false }
    : undefined;
}

/** `**Steps:** 30`, `**Steps**: 30`. */
function withoutEmphasis(line: string): string {
  const [, , word, inner, outer, value] = EMPHASIS.exec(line) ?? [];
  return word === undefined || (inner === '' && outer === '') ? line : `${word}: ${value}`;
}

/** @param hasMarks no word of a prompt has marks around it */
function labelledItem(line: string, hasMarks: boolean): Item | undefined {
  const [, word, said = ''] = LABEL.exec(line) ?? [];
  if (word === undefined) return undefined;
  // YAML's mark for the lines below.
  const value = /^[|>][-+]?$/.test(said) ? '' : said;
  const label = labelIn(word);
  // "Positive prompt" is no word of a prompt, as "prompt" may be.
  if (label === 'prompt' || label === 'negative')
    return { kind: label, value: withoutTicks(value), isMarked: hasMarks || word.includes(' '), isListed: false };
  if (isSecondPass(word)) return { kind: 'settings', ...hiresWords(value) };
  if (label !== undefined) return { kind: 'settings', ...postSettings(line) };
  return value === '' ? openingItem(word, line) : listItem(word, withoutTicks(value));
}

/** "Settings: Steps 30, CFG 7", "Other metadata: Steps: 25, Sampler: Euler a". */
function listItem(word: string, value: string): Item | undefined {
  if (word.length > LONGEST_NAME || /prompt/i.test(word) || value.startsWith('"')) return undefined;
  const settings = postSettings(value, { isSpaced: SETTINGS_LINE.test(word) });
  const known = settings.pairs.filter(({ key }) => labelOf(key) !== undefined);
  return known.length > 1 ? { kind: 'settings', ...settings } : undefined;
}

/** A line that ends with its colon opens what stands below it. */
function openingItem(word: string, line: string): Item | undefined {
  if (word.length > LONGEST_HEADING) return undefined;
  return promptItem(word) ?? (isOfSettings(word) ? { kind: 'border', line, is: 'settings' } : undefined);
}

const isOfSettings = (words: string): boolean => isIdle(words) || SETTINGS_LINE.test(words);
