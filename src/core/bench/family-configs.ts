/** The networks that are measured without anybody's weights: the published ones, or the same blocks a tenth as wide. */
import { FAMILY_CONFIGS, type FamilyConfigs } from '../families/configs';
import { MEASURED, type Measured, type MeasuredId } from '../families/configs/measured';
import { componentIds, isPainting, openNetwork } from '../networks';
import { publishedAs } from '../networks/published';
import type { BenchConfigs } from './component-flops';

export type BenchFamily = MeasuredId;

/** Their words, by the name in FAMILY_CONFIGS. */
export const BENCH_FAMILIES = Object.fromEntries(
  Object.entries(MEASURED).map(([id, { label }]) => [id, label]),
) as Record<BenchFamily, string>;

/** @param isNarrow  the same blocks a tenth as wide */
export function familyConfigs(family: BenchFamily, isNarrow = false): BenchConfigs {
  const configs: FamilyConfigs = FAMILY_CONFIGS[family];
  const { narrow }: Measured = MEASURED[family];
  const networks: BenchConfigs = {};
  for (const id of componentIds().filter(isPainting)) {
    const published = publishedAs(id);
    const config = configs[published];
    if (!config) continue;
    const changes = isNarrow ? narrow[published] : {};
    networks[id] = openNetwork(id, { file: `${published}/config.json`, config: { ...config, ...changes } });
  }
  return networks;
}
