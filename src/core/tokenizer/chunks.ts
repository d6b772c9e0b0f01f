/** Cuts a prompt's tokens into rows of the text encoder's length, preferring to break after a comma. */
import { AppError } from '../errors';
import type { Tokenizer } from './tokenizer';

/** How many tokens back from a full chunk a comma may lie to break there. A1111's option comma_padding_backtrack. */
const COMMA_BACKTRACK = 20;

/**
 * @param ids of the whole text, without specials
 * @returns one row for each chunk, of contextLength ids: start, up to contextLength − 2 of the text, end, padding. An empty
 *   text gives one row without text.
 * @throws AppError 'bad-file' when the context has no room for text
 * @see A1111 modules/sd_hijack_clip.py tokenize_line
 */
export function chunkTokens(ids: readonly number[], tokenizer: Tokenizer): number[][] {
  return splitIds(ids, tokenizer).map((part) => toRow(part, tokenizer));
}

export interface TokenCount {
  /** As A1111 counts: every chunk but the last is full. */
  tokens: number;
  /** Up to where the text may grow before it takes one chunk more: 75, 150, … */
  limit: number;
}

export function countTokens(ids: readonly number[], tokenizer: Tokenizer): TokenCount {
  const parts = splitIds(ids, tokenizer);
  const capacity = chunkCapacity(tokenizer);
  const full = (parts.length - 1) * capacity;
  return { tokens: full + (parts.at(-1)?.length ?? 0), limit: full + capacity };
}

/** Text tokens a chunk holds: 75 of 77. */
function chunkCapacity(tokenizer: Tokenizer): number {
  const capacity = tokenizer.contextLength - 2;
  if (Number.isInteger(capacity) && capacity >= 1) return capacity;
  throw new AppError('bad-file', `The tokenizer's context of ${tokenizer.contextLength} has no room for text.`);
}

function splitIds(ids: readonly number[], tokenizer: Tokenizer): number[][] {
  const capacity = chunkCapacity(tokenizer);
  const parts: number[][] = [];
  let part: number[] = [];
  let commaIndex: number | undefined;
  const close = (rest: number[]) => {
    parts.push(part);
    part = rest;
    commaIndex = undefined;
  };
  for (const id of ids) {
    if (part.length === capacity) {
      // A comma that meets a full chunk opens the next one and is no place to break there.
      const breaksAtComma =
        id !== tokenizer.commaId && commaIndex !== undefined && capacity - commaIndex <= COMMA_BACKTRACK;
      close(breaksAtComma && commaIndex !== undefined ? part.splice(commaIndex + 1) : []);
    } else if (id === tokenizer.commaId) commaIndex = part.length;
    part.push(id);
  }
  if (part.length > 0 || parts.length === 0) close([]);
  return parts;
}

function toRow(part: readonly number[], tokenizer: Tokenizer): number[] {
  const row = [tokenizer.startId, ...part, tokenizer.endId];
  return row.concat(new Array<number>(tokenizer.contextLength - row.length).fill(tokenizer.padId));
}
