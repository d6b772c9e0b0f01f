/** Tags of extra networks, `<lora:name:0.8>`: taken out of the prompt and read. @see A1111 modules/extra_networks.py */
import { parseFloatStrictly, WORD } from './characters';

export interface NetworkTag {
  /** `unknown` where the word before the first colon is not one that A1111 has. */
  kind: 'lora' | 'hypernet' | 'unknown';
  /** File name or alias, as written. */
  name: string;
  /** Weight of the text encoder's part; a hypernetwork has one weight, which is both. */
  textWeight: number;
  unetWeight: number;
  /** Use only the first ranks; undefined: all. */
  dyn: number | undefined;
  /** `lbw=`: how much of it each block of the denoiser gets, as written. */
  blocks?: string;
  /** Those of its parts that mean nothing here, as written: values that are no number, what other programs' extensions read. */
  unread?: readonly string[];
  /** The whole tag. */
  raw: string;
  /** One sentence, where a value could not be read and its default took its place. */
  problem: string | undefined;
}

/** LyCORIS files are loaded as LoRA, so `lyco` is another word for it. */
const KINDS: Readonly<Record<string, 'lora' | 'hypernet'>> = { lora: 'lora', lyco: 'lora', hypernet: 'hypernet' };

/** A1111 reads tags of the positive prompt only, and deletes each, known or not. */
export function extractNetworks(text: string): { text: string; networks: NetworkTag[] } {
  const networks: NetworkTag[] = [];
  const pattern = new RegExp(`<(${WORD}+):`, 'gu'); // not at the top of the file: who reads no tags need not have it
  let rest = '';
  let at = 0;
  for (let head = pattern.exec(text); head; head = pattern.exec(text)) {
    const end = text.indexOf('>', pattern.lastIndex);
    if (end === -1) break;
    if (end === pattern.lastIndex) continue;
    networks.push(readTag(head[1], text.slice(pattern.lastIndex, end), text.slice(head.index, end + 1)));
    rest += text.slice(at, head.index);
    at = pattern.lastIndex = end + 1;
  }
  return { text: rest + text.slice(at), networks };
}

/** Arguments that are read by name. */
const READ: ReadonlySet<string> = new Set(['te', 'unet', 'dyn', 'lbw']);

/** Positional: name, text weight, U-Net weight, dyn; by name: te, unet, dyn, lbw. */
function readTag(word: string, args: string, raw: string): NetworkTag {
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const arg of args.split(':')) {
    const [key, value, ...more] = arg.split('=');
    if (value === undefined || more.length > 0) positional.push(arg);
    else named.set(key, value);
  }
  const [name = '', ...values] = positional;
  const bad: string[] = [];
  const read = (key: string, index: number, fallback: number): number => {
    const text = named.get(key) ?? values[index];
    const value = text === undefined ? fallback : parseFloatStrictly(text);
    if (value === undefined) bad.push(`"${text}"`);
    return value ?? fallback;
  };
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : 'unknown';
  const textWeight = read('te', 0, 1);
  const unetWeight = kind === 'hypernet' ? textWeight : read('unet', 1, textWeight);
  const dyn = Math.trunc(read('dyn', 2, 0));
  const problem = bad.length > 0 ? `${raw}: ${bad.join(' and ')} should be a number and was left out.` : undefined;
  const blocks = named.get('lbw');
  const unknown = [...named].flatMap(([key, value]) => (READ.has(key) ? [] : [`${key}=${value}`]));
  const unread = [...bad, ...unknown, ...(dyn > 0 ? [`dyn=${dyn}`] : [])];
  return {
    kind,
    name,
    textWeight,
    unetWeight,
    dyn: dyn > 0 ? dyn : undefined,
    ...(blocks !== undefined && { blocks }),
    ...(unread.length > 0 && { unread }),
    raw,
    problem,
  };
}
