/** A prompt, read up to its texts: comments, networks, composition, schedule; then each text to rows. */
import type { Tokenizer } from '../tokenizer';
import { chunkSegments, type ChunkOptions, type Chunks } from './chunk-segments';
import { stripComments } from './comments';
import { splitComposition } from './composition';
import type { Dialect, EmphasisMode } from './dialect';
import { parseEmphasis } from './emphasis';
import { extractNetworks, type NetworkTag } from './networks';
import { parseSchedule, type TimelineEntry, type TimelineOptions } from './schedule';

export interface PlanOptions extends TimelineOptions {
  dialect: Dialect;
  /** Tags of networks and AND are read in the positive prompt alone. */
  isNegative?: boolean;
  /** A1111's option: `#` begins a comment. */
  hasComments?: boolean;
}

export interface PromptPlan {
  /** Parts, at least one; just one of weight 1 in a negative prompt and in ComfyUI's dialect. */
  parts: { weight: number; schedule: TimelineEntry[] }[];
  networks: NetworkTag[];
}

/** ComfyUI knows none of this: there the text is the text. */
export function planPrompt(text: string, options: PlanOptions): PromptPlan {
  const { dialect, isNegative = false, hasComments = true } = options;
  if (dialect === 'comfyui')
    return { parts: [{ weight: 1, schedule: [{ until: options.calls, text }] }], networks: [] };
  const plain = hasComments ? stripComments(text) : text;
  if (isNegative) return { parts: [{ weight: 1, schedule: parseSchedule(plain, options) }], networks: [] };
  const { text: rest, networks } = extractNetworks(plain);
  const parts = splitComposition(rest).map((part) => ({
    weight: part.weight,
    schedule: parseSchedule(part.text, options),
  }));
  return { parts, networks };
}

export interface ReadingOptions extends ChunkOptions {
  dialect: Dialect;
  /** How A1111's dialect applies weights; no other dialect has a choice. */
  emphasis?: EmphasisMode;
}

/** One text of a schedule, to rows. */
export function chunkText(text: string, tokenizer: Tokenizer, options: ReadingOptions): Chunks {
  const { dialect, emphasis = 'original' } = options;
  const isLiteral = dialect === 'a1111' && emphasis === 'none';
  const segments = isLiteral ? [{ text, weight: 1 }] : parseEmphasis(text, dialect);
  return chunkSegments(segments, tokenizer, dialect, options);
}
