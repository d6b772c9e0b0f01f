/** Self-attention guidance: a picture that is blurred where the model looks, which it is then steered away from. */
import type { Size } from '../image/raster';

export interface SeenPicture {
  /** x0 for the negative prompt, [channels, height, width]. */
  x0: Float32Array;
  latent: Size;
  /** How much each token of the denoiser's middle is seen; 1 on average. */
  seen: Float32Array;
  /** The blur's standard deviation, in cells. */
  sigma: number;
}

/** What is seen more than on average is blurred. */
const THRESHOLD = 1;
/** Cells of the blur on each side; its sigma does not change that. */
const REACH = 4;

/** Smaller latents cannot be blurred: nothing is done there. */
export const isBlurrable = ({ width, height }: Size): boolean => Math.min(width, height) > REACH;

/**
 * Tokens are spread over the latent to the nearest; the blur reaches nine cells and mirrors at the edges.
 *
 * @see Hong et al. 2023, arXiv:2210.00939; ComfyUI comfy_extras/nodes_sag.py; diffusers StableDiffusionSAGPipeline.sag_masking
 */
export function blurWhereSeen({ x0, latent, seen, sigma }: SeenPicture): Float32Array {
  const { width, height } = latent;
  const middle = middleSize(latent, seen.length);
  const blurred = sigma > 0 ? blur(x0, latent, sigma) : x0;
  return x0.map((value, i) => {
    const cell = i % (width * height);
    const row = Math.floor((Math.floor(cell / width) * middle.height) / height);
    const column = Math.floor(((cell % width) * middle.width) / width);
    return seen[row * middle.width + column] > THRESHOLD ? blurred[i] : value;
  });
}

/** The latent halved as often as the tokens say. */
function middleSize(latent: Size, tokens: number): Size {
  for (const round of [Math.ceil, Math.floor]) {
    let { width, height } = latent;
    while (width * height > tokens) [width, height] = [round(width / 2), round(height / 2)];
    if (width * height === tokens) return { width, height };
  }
  throw new RangeError(`${tokens} tokens are no halved ${latent.width} x ${latent.height}`);
}

function blur(planes: Float32Array, { width, height }: Size, sigma: number): Float32Array {
  const weights = Array.from({ length: 2 * REACH + 1 }, (_, i) => Math.exp(-0.5 * ((i - REACH) / sigma) ** 2));
  const sum = weights.reduce((a, b) => a + b, 0);
  const along = (from: ArrayLike<number>, count: number, step: number): Float64Array =>
    Float64Array.from({ length: planes.length }, (_, i) => {
      const at = Math.floor(i / step) % count;
      return weights.reduce((total, weight, k) => {
        const place = mirrored(at + k - REACH, count);
        return total + (weight / sum) * from[i + (place - at) * step];
      }, 0);
    });
  return Float32Array.from(along(along(planes, width, 1), height, width));
}

/** The edge itself is there once. */
const mirrored = (at: number, count: number): number => (at < 0 ? -at : at >= count ? 2 * (count - 1) - at : at);
