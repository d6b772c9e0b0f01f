/** How ComfyUI-seamless-tiling's nodes say which edges are joined. */
import type { TilingId } from '../recipe/tiling-field';

const WORDS: Readonly<Record<string, TilingId | undefined>> = {
  ...{ enable: 'both', x_only: 'x', y_only: 'y', disable: 'none' },
};

/** Undefined for what they do not say. */
export const tilingOfNode = (word: string): TilingId | undefined =>
  Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
