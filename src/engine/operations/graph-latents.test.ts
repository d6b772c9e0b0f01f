/** Latents of graphs: sizes that differ, places in pixels, and nothing that is zeros. */
import { describe, expect, it } from 'vitest';
import fixture from '../../core/latents/fixtures/latent-nodes.json';
import { composeLatent, cropLatent, mixLatentsOperation, turnLatent } from './graph-latents';
import type { Implementation, LatentValue } from './implementation';
import type { OperationId } from '../../core/workflow';
import { settingsOf } from '../../core/workflow';

const latent = (width: number, height: number, data?: readonly number[], factor = 8): LatentValue => ({
  ...{ width, height, factor },
  ...(data && { data: Float32Array.from(data) }),
});

async function run<Id extends OperationId>(
  id: Id,
  implementation: Implementation<Id>,
  settings: object,
  inputs: object,
) {
  const node = { id, operation: id, settings: settings as Record<string, unknown>, inputs: {} };
  const task = { key: '', settings: settingsOf(id, node), inputs };
  const [{ outputs }] = await implementation.run([task as never], {} as never);
  return (outputs as { latent: LatentValue }).latent;
}

const { first, other, ofAnotherSize } = fixture.mixed;

describe('mix_latents', () => {
  it.each([
    ['add', 0],
    ['blend', 0.5],
  ] as const)('makes the second as large as the first: %s', async (how, amount) => {
    const inputs = { first: latent(6, 5, first), second: latent(6, 7, other) };
    const { width, height, data } = await run('mix_latents', mixLatentsOperation, { how, amount }, inputs);
    expect([width, height]).toEqual([6, 5]);
    const expected = ofAnotherSize[how];
    expect(Math.max(...expected.map((value, i) => Math.abs(value - (data?.[i] ?? NaN))))).toBeLessThan(2e-5);
  });
});

describe('compose_latent', () => {
  it('counts places in whole cells, and empty latents as zeros', async () => {
    const settings = { x: 31, y: 16 };
    const { data } = await run('compose_latent', composeLatent, settings, {
      to: latent(3, 2, [1, 2, 3, 4, 5, 6], 16),
      from: latent(4, 4, undefined, 16),
    });
    expect([...(data ?? [])]).toEqual([1, 2, 3, 4, 0, 0]);
  });

  it('of nothing is nothing', async () => {
    const empty = latent(3, 2);
    expect(await run('compose_latent', composeLatent, {}, { to: empty, from: empty })).toEqual(empty);
  });
});

describe('crop_latent', () => {
  it('begins no nearer to the end than 64 pixels', async () => {
    const data = Array.from({ length: 10 * 9 }, (_, i) => i);
    const settings = { x: 72, y: 8, width: 1000, height: 64 };
    const cropped = await run('crop_latent', cropLatent, settings, { latent: latent(10, 9, data) });
    expect([cropped.width, cropped.height, cropped.data?.[0]]).toEqual([8, 8, 12]);
  });
});

describe('turn_latent', () => {
  it('turns each plane', async () => {
    const turned = await run('turn_latent', turnLatent, { turn: '90' }, { latent: latent(2, 1, [1, 2, 3, 4]) });
    expect(turned).toEqual(latent(1, 2, [1, 2, 3, 4]));
  });
});
