/** Emphasis: a prompt's text, without its brackets, with weights. */
import type { Dialect } from './dialect';
import { parseA1111Emphasis } from './emphasis-a1111';
import { parseComfyEmphasis } from './emphasis-comfy';
import type { Segment } from './segment';

const PARSERS: Record<Dialect, (text: string) => Segment[]> = {
  a1111: parseA1111Emphasis,
  comfyui: parseComfyEmphasis,
};

/** Reads emphasis; never throws. Each segment is to be tokenized alone: words do not merge across them. */
export function parseEmphasis(text: string, dialect: Dialect): Segment[] {
  return PARSERS[dialect](text);
}
