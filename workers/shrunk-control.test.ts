/** A ControlNet with Deep Shrink in one picture: it adds to the maps that are as large as its own, as ComfyUI does. */
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import { BUILT_IN_CONTROL } from '../src/core/catalog/built-in-control';
import { PARTS, promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../src/core/comfyui/workflows/testing/prompts';
import type { Pixels } from '../src/core/image';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';

type Nodes = Parameters<typeof promptFrom>[0];

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

/** A white ring. */
const drawing: Pixels = {
  width: 128,
  height: 128,
  data: Uint8ClampedArray.from({ length: 4 * 128 * 128 }, (_, i) => {
    const [x, y] = [(i >> 2) % 128, (i >> 2) >> 7];
    return i % 4 === 3 || Math.abs(Math.hypot(x - 52, y - 64) - 26) < 2 ? 255 : 0;
  }),
};

const SHRINK = {
  ...{ model: ['4', 0], block_number: 2, downscale_factor: 2, start_percent: 0, end_percent: 0.5 },
  ...{ downscale_after_skip: true, downscale_method: 'bicubic', upscale_method: 'bicubic' },
};

interface Asked {
  isControlled?: boolean;
  shrink?: Partial<typeof SHRINK>;
}

async function paint({ isControlled = true, shrink }: Asked): Promise<Pixels> {
  const sides = isControlled ? { positive: ['33', 0], negative: ['33', 1] } : {};
  const nodes: Nodes = {
    ...(shrink && { '14': ['PatchModelAddDownscale', { ...SHRINK, ...shrink }] }),
    '30': ['LoadImage', { image: 'drawing' }],
    '32': ['ControlNetLoader', { control_net_name: BUILT_IN_CONTROL.id }],
    '33': [
      'ControlNetApplyAdvanced',
      {
        ...{ positive: ['6', 0], negative: ['7', 0], control_net: ['32', 0], image: ['30', 0] },
        ...{ strength: 1, start_percent: 0, end_percent: 1 },
      },
    ],
    '3': ['KSampler', { ...SAMPLER, ...PARTS, ...sides, ...(shrink && { model: ['14', 0] }) }],
  };
  const workflow = compiled(promptFrom({ ...TEXT_TO_PICTURE, ...nodes }));
  const inputs = { models: [starter], images: { drawing }, controls: [BUILT_IN_CONTROL] };
  return (await engine.run(workflow, inputs, () => undefined)).images[0];
}

/** Mean difference of levels. */
const apart = (a: Pixels, b: Pixels): number =>
  a.data.reduce((sum, level, i) => sum + Math.abs(level - b.data[i]), 0) / a.data.length;

describe('a ControlNet with Deep Shrink', { timeout: 120_000 }, () => {
  it('acts as without where nothing is made smaller', async () => {
    const alone = await paint({});
    expect(apart(await paint({ shrink: { start_percent: 1, end_percent: 1 } }), alone)).toBeLessThan(0.01);
  });

  it.each([
    ['from the second block on', {}],
    ['from the first, kept small', { block_number: 1, downscale_after_skip: false }],
    ['in every step, by an uneven factor', { block_number: 3, downscale_factor: 1.7, end_percent: 1 }],
  ])('acts on what is whole: %s', async (_, shrink) => {
    const both = await paint({ shrink });
    expect(apart(both, await paint({ isControlled: false, shrink })), 'than without the ControlNet').toBeGreaterThan(
      0.3,
    );
    expect(apart(both, await paint({})), 'than without Deep Shrink').toBeGreaterThan(0.3);
  });
});
