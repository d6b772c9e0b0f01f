/** A latent consistency model: noise, of whose x0 the more is kept the later it is. @see Luo et al. 2023, arXiv:2310.04378; ComfyUI comfy_extras/nodes_model_advanced.py */
import { epsilon } from './epsilon';
import type { Prediction } from './prediction';

const DATA = 0.5;
const TIMESTEP_SCALE = 10;

/** @param timestepOf  what the network is told of a sigma */
export function lcmPrediction(timestepOf: (sigma: number) => number): Prediction {
  return {
    ...epsilon,
    toDenoised(x, output, sigma) {
      const timestep = timestepOf(sigma) * TIMESTEP_SCALE;
      const size = timestep ** 2 + DATA ** 2;
      const [kept, made] = [DATA ** 2 / size, timestep / Math.sqrt(size)];
      return epsilon.toDenoised(x, output, sigma).map((x0, i) => made * x0 + kept * x[i]);
    },
  };
}
