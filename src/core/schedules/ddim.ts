/** DDIM: every so many entries of the model's table, counted from timestep 1 up to below the last. */
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

/**
 * The whole-numbered stride makes for other counts than asked: 30 steps of 1000 timesteps are 31, and it never starts at
 * pure noise.
 *
 * @see A1111 modules/sd_schedulers.py ddim_scheduler; ComfyUI comfy/samplers.py ddim_scheduler
 */
export function ddimSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const stride = Math.max(Math.floor(model.sigmas.length / steps), 1);
  return endingInZero(model.sigmas.filter((_, t) => t >= 1 && (t - 1) % stride === 0).reverse());
}
