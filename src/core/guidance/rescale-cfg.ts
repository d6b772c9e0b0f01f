/** CFG rescale: gives guided output the contrast of the positive prompt's alone, which a high scale exaggerates. */
import { standardDeviation } from '../math';

export interface RescaleTerms {
  /** One image's prediction after guidance. */
  guided: Float32Array;
  /** Before: what the model made of the positive prompt; of several, their sum at scale 1. */
  positive: Float32Array;
  /** 0 is off, 1 all the way; 0.7 is the paper's and ComfyUI's. */
  phi: number;
}

export interface RescaleInVTerms extends RescaleTerms {
  /** The latent of the call, in σ-space. */
  x: Float32Array;
  sigma: number;
}

/**
 * guided · (φ · σ(positive)/σ(guided) + 1 − φ), standard deviations over the whole image. In the space of its inputs:
 * diffusers' `guidance_rescale` takes the U-Net's output, noise or v.
 *
 * @see Lin et al. 2023, arXiv:2305.08891, equations 15 and 16; diffusers rescale_noise_cfg
 */
export function rescaleCfg({ guided, positive, phi }: RescaleTerms): Float32Array {
  const factor = rescaleFactor(guided, positive, phi);
  return guided.map((value) => value * factor);
}

/**
 * The same on v, whatever the model predicts, for predictions of x0: what ComfyUI's RescaleCFG does.
 *
 * @param terms `guided` and `positive` are x0
 * @returns x0
 * @see ComfyUI comfy_extras/nodes_model_advanced.py RescaleCFG
 */
export function rescaleCfgInV({ x, sigma, guided, positive, phi }: RescaleInVTerms): Float32Array {
  const variance = sigma * sigma + 1;
  // v = (x/(σ² + 1) − x0) · √(σ² + 1)/σ
  const toV = Math.sqrt(variance) / sigma;
  const velocity = (x0: Float32Array): Float32Array => x0.map((value, i) => (x[i] / variance - value) * toV);
  const factor = rescaleFactor(velocity(guided), velocity(positive), phi);
  return guided.map((value, i) => x[i] / variance - (x[i] / variance - value) * factor);
}

/** 1 for output that does not spread at all, where there is no contrast to restore. */
function rescaleFactor(guided: Float32Array, positive: Float32Array, phi: number): number {
  const spread = standardDeviation(guided);
  return spread === 0 ? 1 : (phi * standardDeviation(positive)) / spread + 1 - phi;
}
