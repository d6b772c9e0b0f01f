/** Pictures of the starter by torch, diffusers and k-diffusion: what was asked for (tools/starter/golden_picture.py). */
import type { GenerationRequest } from '../../src/core/recipe/request';

export interface Golden {
  prompt: string;
  negative_prompt: string;
  sampler: GenerationRequest['sampler'];
  schedule: GenerationRequest['schedule'];
  noise: GenerationRequest['noise'];
  steps: number;
  cfg_scale: number;
  seed: number;
  /** Name of the file with its pixels. */
  png: string;
}

export function goldenRequest(
  golden: Golden,
  rest: Pick<GenerationRequest, 'model' | 'width' | 'height'>,
): GenerationRequest {
  const {
    prompt,
    negative_prompt: negativePrompt,
    sampler,
    schedule,
    noise,
    steps,
    cfg_scale: cfgScale,
    seed,
  } = golden;
  return { prompt, negativePrompt, sampler, schedule, noise, steps, cfgScale, seed, ...rest };
}
