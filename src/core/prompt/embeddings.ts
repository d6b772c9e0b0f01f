/** Textual inversion: names in a prompt that stand for vectors of their own. */
import { trimSpace } from './characters';
import type { Tokenizer } from '../tokenizer';

/** An embedding that the caller has. */
export interface Embedding {
  name: string;
  /** Token positions it takes, at least 1. */
  vectors: number;
}

export interface TokenMatch {
  embedding: Embedding;
  /** How many tokens the name has. */
  length: number;
}

/** What ComfyUI writes before a name. */
const PREFIX = 'embedding:';

/** Finds a name at a place of a segment's ids. */
export type TokenMatcher = (ids: readonly number[], at: number) => TokenMatch | undefined;

/**
 * A1111 knows an embedding by the tokens of its bare name, so that case does not matter; the longest name wins, of equals the first.
 * ComfyUI's way of writing is understood too, as prompts mix both: `embedding:` goes with the name that follows it.
 */
export function createTokenMatcher(embeddings: readonly Embedding[], tokenizer: Tokenizer): TokenMatcher {
  const byFirst = new Map<number, { ids: number[]; embedding: Embedding }[]>();
  for (const embedding of embeddings)
    for (const written of [embedding.name, PREFIX + embedding.name]) {
      const ids = tokenizer.encode(written);
      if (ids.length > 0) byFirst.set(ids[0], [...(byFirst.get(ids[0]) ?? []), { ids, embedding }]);
    }
  for (const named of byFirst.values()) named.sort((a, b) => b.ids.length - a.ids.length);
  return (ids, at) => {
    const found = byFirst.get(ids[at])?.find((candidate) => candidate.ids.every((id, i) => ids[at + i] === id));
    return found && { embedding: found.embedding, length: found.ids.length };
  };
}

const EXTENSION = /\.(?:safetensors|pt|bin)$/i;

export type ComfyWord = { text: string } | { embedding: Embedding } | { unknown: string };

/**
 * A segment's text, parted at `embedding:name`, which stands at its start or after a space or line break. The name ends at
 * white space; a comma that touches it is text where the name is only known without. Case and extension do not matter.
 *
 * @see ComfyUI comfy/sd1_clip.py SDTokenizer
 */
export function splitComfyWords(text: string, embeddings: readonly Embedding[]): ComfyWord[] {
  const [first, ...others] = text.split(new RegExp(`[ \\n]${PREFIX}`));
  const words = [first, ...others.map((word) => PREFIX + word)].filter((word) => word !== '');
  return words.flatMap((word) => (word.startsWith(PREFIX) ? readWord(word, embeddings) : [{ text: word }]));
}

function readWord(word: string, embeddings: readonly Embedding[]): ComfyWord[] {
  const [written, ...others] = trimSpace(word.slice(PREFIX.length)).split(/\s+/);
  if (written === '') return [{ text: word }];
  const bare = written.replace(/^,+|,+$/g, '');
  const find = (name: string): Embedding | undefined => embeddings.find((one) => isSameName(one.name, name));
  const whole = find(written);
  const commas = whole ? '' : written.slice(bare.length);
  const embedding = whole ?? find(bare);
  const leftover = [commas, ...others].filter((part) => part !== '').join(' ');
  return [embedding ? { embedding } : { unknown: bare }, ...(leftover === '' ? [] : [{ text: leftover }])];
}

/** Compares names as ComfyUI takes them: whatever the case, with an ending or without. */
export const isSameName = (a: string, b: string): boolean => plainName(a) === plainName(b);

function plainName(name: string): string {
  return name.toLowerCase().replace(EXTENSION, '');
}
