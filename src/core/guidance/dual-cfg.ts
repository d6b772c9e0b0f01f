/** Guidance by two scales: from a second text to the first, and from the negative one to the second. */

export const DUAL_STYLES = ['regular', 'nested'] as const;
export type DualStyle = (typeof DUAL_STYLES)[number];

/**
 * The two as parts of one prompt, whose weights make 1: `cfg` with the scale `negative` then gives ComfyUI's sum, which is
 * against + negative · (second − against) + conds · (first − second), or nested, with the last within the brackets.
 * Undefined where no weights do: a regular one whose scale against the negative is 0.
 *
 * @see ComfyUI comfy_extras/nodes_custom_sampler.py Guider_DualCFG
 */
export function dualWeights(
  style: DualStyle,
  { conds, negative }: { conds: number; negative: number },
): { first: number; second: number } | undefined {
  if (style === 'nested') return { first: conds, second: 1 - conds };
  return negative === 0 ? undefined : { first: conds / negative, second: 1 - conds / negative };
}
