/** Noise of graphs on latents, against torch's draws. */
import { describe, expect, it } from 'vitest';
import fixture from '../../core/noise/fixtures/batch-noise.json';
import { settingsOf } from '../../core/workflow';
import { noiseLatent } from './graph-joins';

const SIZE = { height: fixture.shape[1], width: fixture.shape[2], factor: 8 };

async function noised(
  settings: object,
  inputs: { data?: Float32Array; sigmas: number[] },
): Promise<Float32Array | undefined> {
  const node = {
    id: 'n',
    operation: 'noise_latent',
    settings: { seed: fixture.seed, ...settings },
    inputs: {},
  } as const;
  const latent = { ...SIZE, ...(inputs.data && { data: inputs.data }) };
  const task = {
    key: '',
    settings: settingsOf('noise_latent', node),
    inputs: { model: {}, latent, sigmas: Float64Array.from(inputs.sigmas) },
  };
  const context = { models: { get: () => Promise.resolve({ traits: { latentChannels: fixture.shape[0] } }) } };
  const [{ outputs }] = await noiseLatent.run([task as never], context as never);
  return outputs.latent.data;
}

const expectNear = (found: Float32Array | undefined, expected: readonly number[]): void =>
  expect(Math.max(...expected.map((value, i) => Math.abs(value - (found?.[i] ?? NaN))))).toBeLessThan(5e-5);

describe('noise_latent', () => {
  it.each([0, 2])('adds what torch draws for picture %i of a batch, by how far the sigmas lie apart', async (index) => {
    const data = Float32Array.from(fixture.together[index], (_, i) => i / 10);
    const found = await noised({ batchIndex: index, batchSize: 3 }, { data, sigmas: [5, 3, 0.5] });
    expectNear(
      found,
      fixture.together[index].map((value, i) => value * 4.5 + i / 10),
    );
  });

  it('is by the sigma alone where there is one, and of a picture that was taken out of a batch its own', async () => {
    const [, , third] = fixture.oneByOne;
    expectNear(
      await noised({ noiseIndex: 3 }, { sigmas: [2] }),
      third.map((value) => 2 * value),
    );
  });

  it('leaves the latent as it is without sigmas', async () => {
    const data = Float32Array.from(fixture.together[0]);
    expect(await noised({}, { data, sigmas: [] })).toBe(data);
  });
});
