/** IPNDM_V: IPNDM with weights for uneven steps, as ComfyUI and Forge compute them; one model call a step. */
import { sampleLinearMultistep } from './linear-multistep';
import type { Latent, LatentRun } from './sampler';

/** @see ComfyUI sample_ipndm_v, max_order 4; from zju-pi/diff-sampler */
export function sampleIpndmV(run: LatentRun): Promise<Latent> {
  return sampleLinearMultistep(run, (sigmas, index) => {
    const length = sigmas[index + 1] - sigmas[index];
    return weights(sigmas, index).map((weight) => length * weight);
  });
}

/**
 * Newton's form of Adams-Bashforth, with two mistakes of the original, since other programs' pictures have them; neither matters on even steps.
 * In `second` a bracket closes too late (`1 − a · b` where `(1 − a) · b` is meant), and the oldest weight has the ratio
 * h1/h2 where h2/h3 is meant, so that the weights add up to 1 only where steps shrink evenly.
 */
function weights(sigmas: Float64Array, index: number): number[] {
  if (index === 0) return [1];
  const length = (age: number): number => sigmas[index + 1 - age] - sigmas[index - age];
  const [h0, h1] = [length(0), length(1)];
  const first = h0 / h1 / 2;
  if (index === 1) return [1 + first, -first];

  const h2 = length(2);
  const part = h0 / (3 * (h0 + h1));
  const second = (1 - (part * (h0 * (h0 + h1))) / (h1 * (h1 + h2))) / 2;
  const r12 = h1 / h2;
  const order3 = [1 + first + second, -first - (1 + r12) * second, r12 * second];
  if (index === 2) return order3;

  const h3 = length(3);
  const third =
    (((1 - part) / 2 + ((1 - h0 / (2 * (h0 + h1))) * h0) / (6 * (h0 + h1 + h2))) * (h0 * (h0 + h1) * (h0 + h1 + h2))) /
    (h1 * (h1 + h2)) /
    (h1 + h2 + h3);
  const older = (h1 * (h1 + h2)) / (h2 * (h2 + h3));
  return [
    order3[0] + third,
    order3[1] - (1 + r12 + older) * third,
    order3[2] + (r12 + older * (1 + h2 / h3)) * third,
    -older * r12 * third,
  ];
}
