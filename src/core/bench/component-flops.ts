/** How much arithmetic one call of a model's component is. */
import type { Target } from '../graph';
import { componentIds, COMPONENTS, type ComponentId, type OpenNetworks } from '../networks';
import { countFlops, type FlopCount } from './count-flops';

/** What a model's graphs are built from. */
export type BenchConfigs = OpenNetworks;

export type BenchComponent = ComponentId;

/** Words that a report has for components. */
export const BENCH_COMPONENTS = Object.fromEntries(componentIds().map((id) => [id, COMPONENTS[id].name])) as Record<
  BenchComponent,
  string
>;

export interface CallShape {
  /** Width of the picture, in pixels. */
  width: number;
  height: number;
  /** Latents or texts in one call: two latents with guidance. */
  batch: number;
}

/** Tokens of one chunk, with start and end. */
const TOKENS = 77;

/** @param target  portable: without channels that fill up fours. @throws RangeError for a component that the model has not */
export function componentFlops(
  component: BenchComponent,
  networks: BenchConfigs,
  { width, height, batch }: CallShape,
  target: Target = 'portable',
): FlopCount {
  const network = networks[component];
  if (!network) throw new RangeError(`this model has no ${COMPONENTS[component].name}`);
  const factor = Object.values(networks).find(({ sizes }) => sizes.autoencoder)?.sizes.autoencoder?.latentFactor ?? 1;
  const bindings = { height: height / factor, width: width / factor, batch, tokens: TOKENS };
  return countFlops(network.build(target), bindings);
}
