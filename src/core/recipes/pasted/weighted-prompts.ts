/** Prompts with a weight each, as NightCafe lists them: those below zero are to be avoided. */
import { labelOf } from './words-of-labels';

/** `"a cat" weight: 1`, `"dogs" (-0.5)`. */
const LINE =
  /^[ \t]{0,8}["“„«]([^"“”„«»\n]{1,4000})["”“»][ \t]{0,4}(?:\((?:weight[ \t]{0,4}[:=]?[ \t]{0,4})?([-−]?\d{0,2}\.?\d{1,3})\)|[,:–-]?[ \t]{0,4}weight[ \t]{0,4}[:=]?[ \t]{0,4}([-−]?\d{0,2}\.?\d{1,3}))[ \t]{0,4},?[ \t]{0,4}$/i;
/** Above them: their label. */
const HEADING = /^[^\p{L}\n]{0,8}(?:text )?prompts?[ \t]*:?[^\p{L}\n]{0,8}$/iu;
const LEAST_LINES = 2;

const isSetting = (line: string): boolean =>
  typeof labelOf(/^[ \t]{0,8}([^:\n]{1,40}):[ \t]*\S/.exec(line)?.[1] ?? '') === 'object';

export interface Weighted {
  text: string;
  /** Some texts count more than others. */
  hasWeights: boolean;
}

/** Undefined where no lines are such a list: several below each other, or any below their label. */
export function weightedPrompts(text: string): Weighted | undefined {
  const lines = text.split('\n');
  const read = lines.map((line) => {
    const [, words, inBrackets, behind] = LINE.exec(line) ?? [];
    return words === undefined
      ? undefined
      : { words: words.trim(), weight: Number((inBrackets ?? behind).replace('−', '-')) };
  });
  const start = read.findIndex((one) => one !== undefined);
  if (start < 0) return undefined;
  let end = start;
  while (read[end] !== undefined) end++;
  const hasHeading = HEADING.test(lines[start - 1] ?? '');
  if (end - start < LEAST_LINES && !hasHeading) return undefined;
  const own = read.slice(start, end).flatMap((one) => one ?? []);
  const joined = (isNegative: boolean): string =>
    own
      .filter(({ weight }) => weight < 0 === isNegative)
      .map(({ words }) => words)
      .join(', ');
  const prompts = [`Prompt: ${joined(false)}`, ...(joined(true) === '' ? [] : [`Negative prompt: ${joined(true)}`])];
  // Settings that nobody knows here would be words of the prompt above them.
  const behind = lines.slice(end);
  const settings = behind.filter(isSetting);
  const rest = behind.filter((line) => !isSetting(line));
  return {
    text: [...lines.slice(0, hasHeading ? start - 1 : start), ...prompts, ...settings, ...rest].join('\n'),
    hasWeights: own.some(({ weight }) => Math.abs(weight) !== 1),
  };
}
