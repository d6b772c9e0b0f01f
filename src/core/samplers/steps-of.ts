/** Some of a run's steps: a sampler that goes on where another stopped, or stops for another. */
import { startScale } from '../predictions';
import type { Start } from './start';

export interface StepRange {
  /** The first that is taken, from 0. */
  startStep: number;
  /** The first that is not taken. */
  endStep: number;
  /** Where steps are left over, so is their noise; else the last step that is taken ends without. */
  keepsNoise: boolean;
}

/**
 * The same where all steps are taken. @param sigmaMax  of the model
 * @see ComfyUI comfy/samplers.py KSampler.sample: the noise of a part is scaled as that of a whole run from its first sigma
 */
export function stepsOf(start: Start, { startStep, endStep, keepsNoise }: StepRange, sigmaMax: number): Start {
  const count = start.sigmas.length - 1;
  const end = Math.min(endStep, count);
  if (startStep === 0 && end === count) return start;
  const sigmas = start.sigmas.slice(Math.min(startStep, end), end + 1);
  if (!keepsNoise && end < count) sigmas[sigmas.length - 1] = 0;
  const noiseScale = startScale({ sigma: sigmas[0], sigmaMax, rule: 'comfyui' });
  return { ...start, sigmas, path: sigmas, noiseScale: startStep === 0 ? start.noiseScale : noiseScale };
}
