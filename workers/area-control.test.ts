/** Texts of parts of the picture under a ControlNet: its hint is fitted to each part, as ComfyUI does. */
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import { BUILT_IN_CONTROL } from '../src/core/catalog/built-in-control';
import { PARTS, promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../src/core/comfyui/workflows/testing/prompts';
import type { Pixels } from '../src/core/image';
import { Engine } from '../src/engine/engine';
import { compiled } from './testing/compiled';
import { createNodePorts } from './testing/node-ports';

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

type Nodes = Parameters<typeof promptFrom>[0];

/** White lines: a ring left of the middle, and a bar on the right. */
const drawing: Pixels = {
  width: 128,
  height: 128,
  data: Uint8ClampedArray.from({ length: 4 * 128 * 128 }, (_, i) => {
    const [x, y] = [(i >> 2) % 128, (i >> 2) >> 7];
    const ring = Math.abs(Math.hypot(x - 52, y - 64) - 26) < 2;
    return i % 4 === 3 || ring || (x > 100 && x < 104) ? 255 : 0;
  }),
};

async function paint(changes: Nodes): Promise<Pixels> {
  const workflow = compiled(promptFrom({ ...TEXT_TO_PICTURE, ...changes }));
  const inputs = { models: [starter], images: { drawing }, controls: [BUILT_IN_CONTROL] };
  return (await engine.run(workflow, inputs, () => undefined)).images[0];
}

/** Both texts in a part, under a hint that may be cut before. @param width  of the part, from the left */
const controlled = (width: number | undefined, cut?: { x: number; width: number }): Nodes => {
  const area = (text: string): Nodes[string] => [
    'ConditioningSetArea',
    { conditioning: [text, 0], width: width ?? 0, height: 128, x: 0, y: 0, strength: 1 },
  ];
  const sides = width === undefined ? { positive: ['6', 0], negative: ['7', 0] } : { positive: ['20', 0], negative: ['21', 0] }; // prettier-ignore
  return {
    ...(width !== undefined && { '20': area('6'), '21': area('7') }),
    '30': ['LoadImage', { image: 'drawing' }],
    ...(cut && { '31': ['ImageCrop', { image: ['30', 0], y: 0, height: 128, ...cut }] }),
    '32': ['ControlNetLoader', { control_net_name: BUILT_IN_CONTROL.id }],
    '33': [
      'ControlNetApplyAdvanced',
      {
        ...{ ...sides, control_net: ['32', 0], image: [cut ? '31' : '30', 0] },
        ...{ strength: 1, start_percent: 0, end_percent: 1 },
      },
    ],
    '3': ['KSampler', { ...SAMPLER, ...PARTS, positive: ['33', 0], negative: ['33', 1] }],
  };
};

const isSame = (a: Pixels, b: Pixels): boolean => Buffer.from(a.data.buffer).equals(Buffer.from(b.data.buffer));

describe('texts of parts under a ControlNet', { timeout: 120_000 }, () => {
  it('are as without where the part is the whole', async () => {
    const [whole, area] = [await paint(controlled(undefined)), await paint(controlled(128))];
    expect(isSame(whole, area)).toBe(true);
    expect(isSame(whole, await paint({}))).toBe(false);
  });

  it('see of the hint its middle, cut to the part’s shape', async () => {
    const half = await paint(controlled(64));
    expect(isSame(half, await paint(controlled(64, { x: 32, width: 64 })))).toBe(true);
    expect(isSame(half, await paint(controlled(64, { x: 0, width: 64 })))).toBe(false);
  });
});
