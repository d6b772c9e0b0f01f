/** Contexts of one text: several encoders joined, and the context that says nothing. */
import type { Context } from './encode';

/**
 * Side by side along the channel axis: SDXL reads 768 + 1280 channels of each token. The pooled vector is the last
 * encoder's.
 *
 * @param contexts of the same text, one an encoder, all of the same number of tokens
 */
export function joinChannels(contexts: readonly Context[]): Context {
  const [first, ...rest] = contexts;
  if (rest.length === 0) return first;
  const { tokens } = first;
  const width = contexts.reduce((sum, context) => sum + context.width, 0);
  const data = new Float32Array(tokens * width);
  let start = 0;
  for (const context of contexts) {
    if (context.tokens !== tokens) throw new RangeError(`contexts of ${tokens} and ${context.tokens} tokens`);
    for (let token = 0; token < tokens; token++)
      data.set(context.data.subarray(token * context.width, (token + 1) * context.width), token * width + start);
    start += context.width;
  }
  const { pooled } = contexts[contexts.length - 1];
  return { data, tokens, width, ...(pooled ? { pooled } : {}) };
}

/** A context of the same size, all zeros; what is told of the picture stays. @see ComfyUI nodes.py ConditioningZeroOut */
export function zeroed({ data, tokens, width, pooled, told }: Context): Context {
  return {
    ...(told && { told }),
    data: new Float32Array(data.length),
    tokens,
    width,
    ...(pooled ? { pooled: new Float32Array(pooled.length) } : {}),
  };
}
