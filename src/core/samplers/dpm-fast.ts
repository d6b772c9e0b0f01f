/** DPM fast: DPM-Solver with even steps in ln σ, of order 3 as long as the model calls suffice; ends above 0. */
import { addNoise, derivative } from './arithmetic';
import { dpmFastOrders } from './dpm-fast-orders';
import { firstOrder, secondOrder, sigmaAt, solverSpan, solverSplit, thirdOrder } from './dpm-solver';
import { ANCESTRAL, chosen, type SamplerOptions } from './options';
import type { Latent, LatentRun } from './sampler';

/** Takes the ends of the sigmas and their count, which is its number of model calls. @see k-diffusion sample_dpm_fast */
export async function sampleDpmFast(run: LatentRun, options: Partial<SamplerOptions> = {}): Promise<Latent> {
  const { eta, sNoise } = chosen(ANCESTRAL, options);
  const { start, last } = solverSpan(run);
  const orders = dpmFastOrders(run.sigmas.length - 1);
  const length = (last - start) / orders.length;
  let x = run.x;
  for (const [index, order] of orders.entries()) {
    const time = start + index * length;
    const next = index + 1 < orders.length ? time + length : last;
    const sigma = sigmaAt(time);
    const denoised = await run.denoise(x, sigma);
    await run.onStep({ index, sigma, denoised, x });
    const { end, sigmaUp } = solverSplit(time, next, last, eta);
    const step = { x, time, end, eps: derivative(x, denoised, sigma) };
    if (order === 1) x = firstOrder(step);
    else if (order === 2) x = await secondOrder(run, step);
    else x = (await thirdOrder(run, step)).high;
    if (sigmaUp > 0) x = addNoise(x, run.noise(), sNoise * sigmaUp);
  }
  return x;
}
