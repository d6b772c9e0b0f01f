/** Segments to rows of token ids with a weight for each position. */
import { chunkCapacity, COMMA_BACKTRACK, splitPieces, toRow, type Piece, type Tokenizer } from '../tokenizer';
import type { Dialect } from './dialect';
import { createTokenMatcher, splitComfyWords, type Embedding } from './embeddings';
import { isBreak, type Segment } from './segment';
import { splitGroups } from './split-groups';

export interface ChunkOptions {
  /** A1111's comma_padding_backtrack, 0 to break wherever a chunk is full. */
  commaBacktrack?: number;
  /** Those that can be applied. */
  embeddings?: readonly Embedding[];
}

/** A row of the text encoder. */
export interface Chunk {
  /** [contextLength], specials and padding included; 0 where a vector of an embedding goes. */
  ids: number[];
  /** [contextLength]; 1 for specials and padding. */
  weights: number[];
  /** Positions of the row whose token embedding is to be replaced. */
  vectors: { position: number; name: string; index: number }[];
}

export interface Chunks {
  /** Chunks, at least one. */
  chunks: Chunk[];
  /** A1111's count: every chunk but the last is full, and so is one that a BREAK closed. */
  tokens: number;
  /** Names after `embedding:` that the caller does not have; they are left out, as in ComfyUI. */
  unknown: string[];
}

interface Item {
  id: number;
  weight: number;
  vector?: { name: string; index: number };
}

/** @throws AppError 'bad-file' when the context has no room for text */
export function chunkSegments(
  segments: readonly Segment[],
  tokenizer: Tokenizer,
  dialect: Dialect,
  options: ChunkOptions = {},
): Chunks {
  return (dialect === 'comfyui' ? chunkComfy : chunkA1111)(segments, tokenizer, options);
}

/** @see A1111 modules/sd_hijack_clip.py tokenize_line, process_tokens */
function chunkA1111(segments: readonly Segment[], tokenizer: Tokenizer, options: ChunkOptions): Chunks {
  const { commaBacktrack = COMMA_BACKTRACK, embeddings = [] } = options;
  const match = createTokenMatcher(embeddings, tokenizer);
  const pieces = segments.flatMap((segment): Piece<Item>[] => {
    if (isBreak(segment)) return ['break'];
    const { text, weight } = segment;
    const ids = tokenizer.encode(text);
    const found: Piece<Item>[] = [];
    for (let at = 0; at < ids.length;) {
      const name = match(ids, at);
      const isComma = ids[at] === tokenizer.commaId;
      found.push({ items: name ? vectorItems(name.embedding, weight) : [{ id: ids[at], weight }], isComma });
      at += name?.length ?? 1;
    }
    return found;
  });
  const capacity = chunkCapacity(tokenizer);
  const parts = splitPieces(pieces, { capacity, backtrack: commaBacktrack });
  const chunks = parts.map((part) => toChunk(part, tokenizer));
  for (const chunk of chunks) padAfterEnd(chunk.ids, tokenizer);
  const last = pieces.at(-1) === 'break' ? capacity : parts[parts.length - 1].length;
  return { chunks, tokens: (parts.length - 1) * capacity + last, unknown: [] };
}

/** An end token that was written in the prompt ends the text, where padding is another token. */
function padAfterEnd(row: number[], { endId, padId }: Tokenizer): void {
  if (padId !== endId) row.fill(padId, row.indexOf(endId) + 1);
}

/** @see ComfyUI comfy/sd1_clip.py SDTokenizer.tokenize_with_weights */
function chunkComfy(segments: readonly Segment[], tokenizer: Tokenizer, { embeddings = [] }: ChunkOptions): Chunks {
  const unknown: string[] = [];
  const groups = segments.flatMap(({ text, weight }) =>
    splitComfyWords(text, embeddings).map((word): Item[] => {
      if ('embedding' in word) return vectorItems(word.embedding, weight);
      if ('text' in word) return tokenizer.encode(word.text).map((id) => ({ id, weight }));
      unknown.push(word.unknown);
      return [];
    }),
  );
  const capacity = chunkCapacity(tokenizer);
  const parts = splitGroups(groups, capacity);
  const tokens = (parts.length - 1) * capacity + parts[parts.length - 1].length;
  return { chunks: parts.map((part) => toChunk(part, tokenizer)), tokens, unknown: [...new Set(unknown)] };
}

function vectorItems({ name, vectors }: Embedding, weight: number): Item[] {
  return Array.from({ length: vectors }, (_, index) => ({ id: 0, weight, vector: { name, index } }));
}

function toChunk(items: readonly Item[], tokenizer: Tokenizer): Chunk {
  const ids = toRow(
    items.map(({ id }) => id),
    tokenizer,
  );
  const weights = new Array<number>(ids.length).fill(1);
  items.forEach(({ weight }, i) => (weights[i + 1] = weight));
  const vectors = items.flatMap(({ vector }, i) => (vector ? [{ position: i + 1, ...vector }] : []));
  return { ids, weights, vectors };
}
