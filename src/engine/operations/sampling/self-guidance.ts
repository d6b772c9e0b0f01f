/** Guidance away from weaker answers of the model itself, after that by the prompts. */
import { blurWhereSeen, cfg, isBlurrable, type Guide } from '../../../core/guidance';
import type { LatentSize } from '../../../core/networks';
import type { SettingsOf } from '../../../core/workflow';

export type SelfGuidance = Pick<SettingsOf<'sample'>, 'pagScale' | 'sagScale' | 'sagBlur'>;

/**
 * Perturbed-attention guidance, in place: by how far each prompt's answer is from that without attention in the middle.
 *
 * @param perturbed  of the prompts, in their order
 * @see Ahn et al. 2024, arXiv:2403.17377; ComfyUI comfy_extras/nodes_pag.py
 */
export function addPerturbed(
  guided: Float32Array,
  { conds, perturbed, scale }: { conds: readonly Guide[]; perturbed: readonly Float32Array[]; scale: number },
): void {
  conds.forEach(({ output, weight }, k) => {
    for (let i = 0; i < guided.length; i++) guided[i] += scale * weight * (output[i] - perturbed[k][i]);
  });
}

export interface Degrading {
  x: Float32Array;
  latent: LatentSize;
  /** x0 for what is guided away from. */
  uncond: Float32Array;
  /** What the denoiser told of its middle when it was asked for that. */
  seen: Float32Array;
  /** x0 for what is guided away from, of another x. */
  answer(x: Float32Array): Promise<Float32Array>;
}

/**
 * Self-attention guidance, in place: away from what becomes of a picture that is blurred where the model looks.
 *
 * @see Hong et al. 2023, arXiv:2210.00939; ComfyUI comfy_extras/nodes_sag.py
 */
export async function addDegraded(
  guided: Float32Array,
  { x, latent, uncond, seen, answer: ask }: Degrading,
  { sagScale: scale, sagBlur: sigma }: SelfGuidance,
): Promise<void> {
  if (!isBlurrable(latent)) return;
  const blurred = blurWhereSeen({ x0: uncond, latent, seen, sigma });
  const noised = blurred.map((value, i) => value + x[i] - uncond[i]);
  const answer = await ask(noised);
  for (let i = 0; i < guided.length; i++) guided[i] += scale * (blurred[i] - answer[i]);
}

/** The answer to all prompts together, without guidance. */
export const plainOf = (conds: readonly Guide[], uncond: Float32Array): Float32Array =>
  cfg({ uncond, conds, scale: 1 });
