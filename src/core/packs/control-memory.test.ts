import { describe, expect, it } from 'vitest';
import { openControl } from '../checkpoints/open-control';
import { readFixture, virtualSafetensors, type Shapes } from '../checkpoints/testing/layouts';
import type { ControlPart } from '../networks';
import { createFamilyMemory } from './family-memory';

/** tools/fixtures/make_control_shapes.py */
const published = readFixture<Record<string, { shapes: Shapes }>>('control-shapes.json.gz');

async function partsOf(id: string): Promise<ControlPart[]> {
  const { components, config } = await openControl([virtualSafetensors('x.safetensors', published[id].shapes)]);
  return components.map((component) => ({ component, config: { file: id, config } }));
}

const MB = 1e6;
const AT_512 = { width: 512, height: 512 };
const AT_1024 = { width: 1024, height: 1024 };

describe('the memory of pictures under control', () => {
  it.each([
    ['sd15', 'sd15', AT_512, 722.6],
    ['sdxl', 'sdxl', AT_1024, 2502],
    ['sdxl', 'sdxl-mid', AT_1024, 542],
    ['sdxl', 'sdxl-small', AT_1024, 320],
  ] as const)('of %s with %s holds the ControlNet beside the U-Net', async (family, id, size, megabytes) => {
    const plain = createFamilyMemory(family, 'float16', 'float16')(size);
    const controlled = createFamilyMemory(family, 'float16', 'float16', { controls: await partsOf(id) })(size);
    // the hint's encoder is gone before the steps: two or three megabytes
    const steps = (controlled.weightsBytes - plain.weightsBytes) / MB;
    expect(steps).toBeLessThan(megabytes);
    expect(steps).toBeGreaterThan(megabytes - 4);
    expect(controlled.peakInTurnBytes).toBeGreaterThan(plain.peakInTurnBytes);
    expect(controlled.peakBytes - plain.peakBytes).toBeGreaterThanOrEqual(0.99 * steps * MB);
  });

  it('of two units is more than of one, and less stored in 8 bits', async () => {
    const parts = await partsOf('sd15');
    const one = createFamilyMemory('sd15', 'float16', 'float16', { controls: parts })(AT_512);
    const two = createFamilyMemory('sd15', 'float16', 'float16', { controls: [...parts, ...parts] })(AT_512);
    const packed = createFamilyMemory('sd15', 'q8', 'float16', { controls: parts })(AT_512);
    expect(two.weightsBytes - one.weightsBytes).toBeGreaterThan(700 * MB);
    expect(packed.peakBytes).toBeLessThan(one.peakBytes);
  });

  it('is about the same where only the size of a ControlNet’s weights is known', async () => {
    const parts = await partsOf('sd15');
    const known = createFamilyMemory('sd15', 'float16', 'float16', { controls: parts })(AT_512);
    const told = createFamilyMemory('sd15', 'float16', 'float16')({ ...AT_512, besideBytes: 722.6 * MB });
    expect(told.weightsBytes / known.weightsBytes).toBeCloseTo(1, 2);
    expect(told.peakInTurnBytes / known.peakInTurnBytes).toBeCloseTo(1, 1);
  });

  it('of an adapter is what it takes before the steps, and no more in them', async () => {
    const plain = createFamilyMemory('sdxl', 'float16', 'float16')(AT_1024);
    const adapted = createFamilyMemory('sdxl', 'float16', 'float16', { controls: await partsOf('t2i-xl') })(AT_1024);
    expect(adapted.weightsBytes).toBe(plain.weightsBytes);
    expect(adapted.peakInTurnBytes).toBe(plain.peakInTurnBytes);
  });
});

describe('memory of a denoiser that tells where it looks', () => {
  it('counts what every cell of its middle sees of every other', () => {
    const at = { width: 2048, height: 2048 };
    const plain = createFamilyMemory('sdxl', 'float16', 'float16')(at);
    const told = createFamilyMemory('sdxl', 'float16', 'float16', { tellsAttention: true })(at);
    // 20 heads of both prompts, 64 × 64 cells squared, in half precision: 1342 MB beside less than the block before holds
    expect((told.peakInTurnBytes - plain.peakInTurnBytes) / MB).toBeCloseTo(1078, -1);
  });
});
