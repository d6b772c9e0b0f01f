/** Cuts a prompt's tokens into rows of the text encoder's length, preferring to break after a comma. */
import { AppError } from '../errors';
import type { Tokenizer } from './tokenizer';

/** How many tokens back from a full chunk a comma may lie to break there. A1111's option comma_padding_backtrack. */
export const COMMA_BACKTRACK = 20;

export interface TokenCount {
  /** Tokens as A1111 counts them: every chunk but the last is full. */
  tokens: number;
  /** Up to where the text may grow before it takes one chunk more: 75, 150, … */
  limit: number;
}

/** Text tokens a chunk holds: 75 of 77. @throws AppError 'bad-file' when there is no room for any */
export function chunkCapacity(tokenizer: Tokenizer): number {
  const capacity = tokenizer.contextLength - 2;
  if (Number.isInteger(capacity) && capacity >= 1) return capacity;
  throw new AppError('bad-file', `The tokenizer's context of ${tokenizer.contextLength} has no room for text.`);
}

/** What fills chunks: items that belong together (a token; the vectors of an embedding), or the end of a chunk. */
export type Piece<T> = { items: readonly T[]; isComma?: boolean } | 'break';

/**
 * A1111's way: at least one chunk, of at most `capacity` items. A break at the start leaves an empty chunk, one at the end adds none. A
 * piece goes to the next chunk where it does not fit; only one that is longer than a chunk is parted.
 *
 * @see A1111 modules/sd_hijack_clip.py tokenize_line
 */
export function splitPieces<T>(
  pieces: Iterable<Piece<T>>,
  { capacity, backtrack = COMMA_BACKTRACK }: { capacity: number; backtrack?: number },
): T[][] {
  const chunks: T[][] = [];
  let chunk: T[] = [];
  let commaIndex: number | undefined;
  const close = (rest: T[] = []): void => {
    chunks.push(chunk);
    chunk = rest;
    commaIndex = undefined;
  };
  const add = (items: readonly T[]): void => {
    if (chunk.length > 0 && chunk.length + items.length > capacity) close();
    for (const item of items) {
      if (chunk.length === capacity) close();
      chunk.push(item);
    }
  };
  for (const piece of pieces) {
    if (piece === 'break') {
      close();
      continue;
    }
    const isFull = chunk.length === capacity;
    // A comma that meets a full chunk opens the next one and is no place to break there.
    if (piece.isComma) commaIndex = isFull ? undefined : chunk.length;
    else if (isFull && commaIndex !== undefined && capacity - commaIndex <= backtrack)
      close(chunk.splice(commaIndex + 1));
    add(piece.items);
  }
  if (chunk.length > 0 || chunks.length === 0) close();
  return chunks;
}

/** Start, the ids, end, padding. @param ids at most the capacity */
export function toRow(ids: readonly number[], tokenizer: Tokenizer): number[] {
  const row = [tokenizer.startId, ...ids, tokenizer.endId];
  return row.concat(new Array<number>(tokenizer.contextLength - row.length).fill(tokenizer.padId));
}
