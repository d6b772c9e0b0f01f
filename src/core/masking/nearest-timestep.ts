/** Where a noise level stands among those that a model was trained on. */
import type { DiscreteSchedule } from '../schedules';

/** Index of the trained sigma whose logarithm is nearest. @see ComfyUI comfy/model_sampling.py, timestep */
export function nearestTimestep({ sigmas }: DiscreteSchedule, sigma: number): number {
  const distance = (i: number): number => Math.abs(Math.log(sigmas[i] / sigma));
  let nearest = 0;
  for (let i = 1; i < sigmas.length; i++) if (distance(i) < distance(nearest)) nearest = i;
  return nearest;
}
