/** Simple: every so many entries of the model's own table of sigmas, from its end. */
import type { DiscreteSchedule } from './discrete';
import { endingInZero } from './schedule';

/** @see A1111 modules/sd_schedulers.py simple_scheduler; ComfyUI comfy/samplers.py simple_scheduler */
export function simpleSigmas(steps: number, model: DiscreteSchedule): Float64Array {
  const count = model.sigmas.length;
  const stride = count / steps;
  return endingInZero(Array.from({ length: steps }, (_, i) => model.sigmas[count - 1 - Math.trunc(i * stride)]));
}
