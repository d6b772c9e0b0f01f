/** What stands beside weights, wherever these are emitted. */
import { describe, expect, it } from 'vitest';
import { exprTensors, weightKey, type Activations, type Target } from '../graph';
import { BranchWeights, type BranchSource, type LowRank } from '../weights';
import { FAMILY_CONFIGS } from '../families/configs';
import { USUAL_MEASURED } from '../families/configs/measured';
import { componentWeights } from '../packs/component-weights';
import { buildUnet, readUnetConfig } from '.';

const CONFIG = FAMILY_CONFIGS[USUAL_MEASURED].unet;
const RANK = 1;

/** A product beside every matrix and kernel, as LCM's LoRAs and LoCons have them. */
function everywhere(place: number): BranchSource {
  const factors = new Map<string, LowRank>();
  const weights = componentWeights('unet', { file: 'unet', config: CONFIG }).map(({ expr }) => expr);
  for (const { name, shape } of exprTensors(weights)) {
    const [out, ...inner] = shape;
    const columns = inner.reduce((product, n) => product * n, 1);
    if (inner.length === 0) continue;
    factors.set(name, { rank: RANK, down: new Float32Array(columns), up: new Float32Array(out) });
  }
  return { factor: `adapter_${place}`, factors };
}

describe('a U-Net with branches beside everything', () => {
  it.each<[Target, Activations, number]>([
    ['webgpu', 'float16', 1],
    ['webgpu', 'float16', 5],
    ['portable', 'float32', 1],
    ['portable', 'float32', 5],
  ])('%s, %s, of %d LoRAs: builds, time projections among them', (target, activations, count) => {
    const branches = new BranchWeights(Array.from({ length: count }, (_, place) => everywhere(place)));
    const beside = new Set<string>();
    const built = buildUnet(readUnetConfig('unet', CONFIG), {
      target,
      activations,
      branches: (weight) => {
        const found = branches.branches(weight);
        if (found.length > 0) beside.add(weightKey(weight));
        expect(found.length).toBeLessThanOrEqual(1);
        return found;
      },
    });
    expect([...beside].some((key) => key.includes('time_emb_proj'))).toBe(true);
    expect(built.inputs.filter(({ name }) => name.startsWith('adapter_'))).toHaveLength(count);
  });
});
