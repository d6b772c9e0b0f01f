/** Tags of extra networks where they stand in a prompt, to be changed there: the rest of the text stays to the letter. */
import { parseFloatStrictly } from './characters';
import { extractNetworks, type NetworkTag } from './networks';

export interface PlacedTag extends NetworkTag {
  /** Place of its `<`. */
  start: number;
  /** Place behind its `>`. */
  end: number;
}

/** Which of a tag's strengths: both, or one of them. */
export type StrengthOf = 'both' | 'text' | 'denoiser';

/** Those of a text as it is typed, in its order; what stands in a comment is none. */
export function placedNetworks(text: string): PlacedTag[] {
  const read = text.replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length));
  let at = 0;
  return extractNetworks(read).networks.map((tag) => {
    const start = read.indexOf(tag.raw, at);
    at = start + tag.raw.length;
    return { ...tag, start, end: at };
  });
}

/** Whether its strengths are given apart. */
export const hasTwoStrengths = ({ raw }: Pick<NetworkTag, 'raw'>): boolean => {
  const { positional, named } = argsOf(raw);
  return named.has('unet') || positional.length > 2 || (named.has('te') && positional.length > 1);
};

/** The tag with another strength; what else is in it stays as it is, and strengths that are given apart stay apart. */
export function withStrength(raw: string, which: StrengthOf, value: number): string {
  const head = raw.slice(0, raw.indexOf(':') + 1);
  const { positional, named, all } = argsOf(raw);
  const number = strengthText(value);
  const isApart = hasTwoStrengths({ raw });
  const args = [...all];
  const put = (key: 'te' | 'unet', place: number): void => {
    const at = named.get(key) ?? positional.at(place);
    if (at === undefined) args.push(`${key}=${number}`);
    else args[at] = named.has(key) ? `${key}=${number}` : number;
  };
  if (which !== 'text' && isApart) put('unet', 2);
  if (which === 'denoiser' && !isApart) {
    const rest = all.filter((_, i) => i !== positional[0] && i !== positional[1] && i !== named.get('te'));
    return `${head}${[all[positional[0] ?? 0], textOf(raw), number, ...rest].join(':')}>`;
  }
  if (which !== 'denoiser') {
    if (positional.length < 2 && !named.has('te')) args.splice((positional[0] ?? -1) + 1, 0, number);
    else put('te', 1);
  }
  return `${head}${args.join(':')}>`;
}

/** Two decimals suffice, and no zeros behind them: 0.8. */
export const strengthText = (value: number): string => String(Number(value.toFixed(3)));

/** @returns the text with `raw` in the place of the tag */
export const replaceTag = (text: string, { start, end }: PlacedTag, raw: string): string =>
  text.slice(0, start) + raw + text.slice(end);

/** Two tags in each other's places; `first` stands before `second`. */
export const exchangeTags = (text: string, first: PlacedTag, second: PlacedTag): string =>
  replaceTag(replaceTag(text, second, first.raw), first, second.raw);

/** Takes along one of the spaces around it, and a comma that would stand alone. */
export function removeTag(text: string, { start, end }: PlacedTag): string {
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (/^\s*$/.test(before)) return after.replace(/^[ ,]+/, '');
  if (/,[ ]*$/.test(before) && /^[ ]*(,|$)/.test(after)) return before.replace(/,[ ]*$/, '') + after;
  return before.replace(/ $/, '') + after;
}

/** Puts words behind what is there. */
export function appendWords(text: string, words: string, between = ' '): string {
  const kept = text.replace(/[\s,]+$/, '');
  if (kept === '') return words;
  // What follows in a comment's line would be part of it.
  return /#[^\n]*$/.test(kept) ? `${kept}\n${words}` : `${kept}${between}${words}`;
}

interface Args {
  all: string[];
  /** Places in `all` of those without a name; of the others by their name. */
  positional: number[];
  named: Map<string, number>;
}

/** The tag's arguments as `extractNetworks` reads them. */
function argsOf(raw: string): Args {
  const all = raw.slice(raw.indexOf(':') + 1, -1).split(':');
  const positional: number[] = [];
  const named = new Map<string, number>();
  for (const [i, arg] of all.entries()) {
    const [key, value, ...more] = arg.split('=');
    if (value === undefined || more.length > 0) positional.push(i);
    else named.set(key, i);
  }
  return { all, positional, named };
}

/** The text encoder's strength as it is written. */
function textOf(raw: string): string {
  const { all, positional, named } = argsOf(raw);
  const at = named.get('te') ?? positional.at(1);
  const text = at === undefined ? undefined : all[at].replace(/^te=/, '');
  return text !== undefined && parseFloatStrictly(text) !== undefined ? text : '1';
}
