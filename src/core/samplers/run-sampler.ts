/** Runs a sampler for a model that speaks float32. */
import type { SamplerOptions } from './options';
import type { Latent, RunnableSampler, SamplerRun } from './sampler';

/**
 * The latent stays in float64 between the model's calls; all that leaves and enters is float32.
 *
 * @param options of those that the sampler honours; its own defaults for what is absent
 */
export async function runSampler(
  sampler: RunnableSampler,
  run: SamplerRun,
  options: Partial<SamplerOptions> = {},
): Promise<Float32Array> {
  const { denoise, denoiseBoth, brownian } = run;
  const result = await sampler.sample(
    {
      ...run,
      x: widened(run.x),
      denoise: async (x, sigma) => widened(await denoise(rounded(x), sigma)),
      denoiseBoth:
        denoiseBoth &&
        (async (x, sigma) => {
          const { denoised, uncond } = await denoiseBoth(rounded(x), sigma);
          return { denoised: widened(denoised), uncond: widened(uncond) };
        }),
      noise: () => widened(run.noise()),
      brownian: brownian && ((sigma, sigmaNext) => widened(brownian(sigma, sigmaNext))),
      onStep: (step) => run.onStep({ ...step, x: rounded(step.x), denoised: rounded(step.denoised) }),
    },
    options,
  );
  return rounded(result);
}

function widened(values: Float32Array): Latent {
  return Float64Array.from(values);
}

function rounded(values: Latent): Float32Array {
  return Float32Array.from(values);
}
