/** One Brownian path, sampled where it is asked for: between known points by the Brownian bridge. */
import type { NoiseSource } from '../../noise';
import type { BrownianNoise, Latent } from '../sampler';

interface Point {
  sigma: number;
  value: Latent;
}

export function createBrownianPath(source: NoiseSource, count: number, lowest: number): BrownianNoise<Latent> {
  const known: Point[] = [{ sigma: lowest, value: new Float64Array(count) }];
  const draw = (scale: number): Latent => Float64Array.from(source.next(count), (value) => value * scale);

  function at(sigma: number): Latent {
    const index = known.findIndex((point) => point.sigma >= sigma);
    if (index >= 0 && known[index].sigma === sigma) return known[index].value;
    const value =
      index === -1 ? beyond(known[known.length - 1], sigma) : between(known[index - 1], known[index], sigma);
    known.splice(index === -1 ? known.length : index, 0, { sigma, value });
    return value;
  }

  function beyond(last: Point, sigma: number): Latent {
    const step = draw(Math.sqrt(sigma - last.sigma));
    return step.map((value, i) => value + last.value[i]);
  }

  function between(low: Point, high: Point, sigma: number): Latent {
    const share = (sigma - low.sigma) / (high.sigma - low.sigma);
    const bridge = draw(Math.sqrt(share * (high.sigma - sigma)));
    return bridge.map((value, i) => value + low.value[i] + share * (high.value[i] - low.value[i]));
  }

  return (sigma, sigmaNext) => {
    const [from, to] = [at(sigma), at(sigmaNext)];
    return from.map((value, i) => (to[i] - value) / Math.sqrt(sigma - sigmaNext));
  };
}
