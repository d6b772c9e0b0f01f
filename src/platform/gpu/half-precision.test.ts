/** What keeps graphs inside half precision: runs in float32 show how large its values would be. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { Checkpoint } from '../../core/checkpoints';
import { bytesSource } from '../../core/formats';
import { floatSafetensors } from '../../core/formats/testing/safetensors-bytes';
import type { BuiltGraph } from '../../core/graph';
import { buildAutoencoderDecoder, readAutoencoderConfig } from '../../core/networks';
import { fillGraph } from '../../core/weights/testing/fill-graph';
import { createOrtSession, type Ort } from './ort-session';

const HALF_MAX = 65504;

const fixture = async (file: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../../core/networks/fixtures/autoencoder/${file}`, import.meta.url)));

/** The fixture's weights, its middle writing a million times as much into the residual stream. */
async function loudCheckpoint(graph: BuiltGraph): Promise<Checkpoint> {
  const quiet = await Checkpoint.open([bytesSource('weights.safetensors', await fixture('weights.safetensors'))]);
  quiet.assertFits(graph);
  const tensors: Parameters<typeof floatSafetensors>[0] = {};
  for (const name of quiet.names()) {
    const factor = name.startsWith('decoder.mid_block.resnets.1.conv2') ? 1e6 : 1;
    const values = [...(await quiet.read(name))].map((value) => value * factor);
    tensors[name] = { shape: [...quiet.shape(name)], values };
  }
  return Checkpoint.open([bytesSource('loud.safetensors', floatSafetensors(tensors))]);
}

/** The greatest magnitude that convolutions and residual sums write, and the image. */
async function runLoud(config: object): Promise<{ greatest: number; image: Float32Array }> {
  const json = JSON.parse((await fixture('config.json')).toString()) as object;
  const built = buildAutoencoderDecoder(readAutoencoderConfig('config.json', { ...json, ...config }), 'portable');
  const convolved = new Set(built.nodes.filter(({ op }) => op === 'Conv').flatMap(({ outputs }) => outputs));
  const sums = built.nodes.filter(({ op, inputs }) => op === 'Add' && convolved.has(inputs[1]));
  const seen = [...convolved, ...sums.flatMap(({ outputs: out }) => out)];
  const extra = seen.map((name) => ({ name, dims: ['b', 'c', 'h', 'w'], type: 'float32' as const }));
  const outputs = [...built.outputs, ...extra];
  const filled = await fillGraph({ ...built, outputs }, await loudCheckpoint(built));
  const session = await createOrtSession(ort as unknown as Ort, ['wasm'], filled);
  const data = Float32Array.from({ length: 4 * 6 * 10 }, (_, i) => Math.sin(i));
  const results = await session.run({ latent: { data, dims: [1, 4, 6, 10] } });
  await session.dispose();
  let greatest = 0;
  for (const values of Object.values(results))
    for (const value of values) greatest = Math.max(greatest, Math.abs(value));
  return { greatest, image: results.image };
}

describe('the SDXL autoencoder', () => {
  it('keeps every value within half precision where it would pass 65504, and paints the same', async () => {
    const plain = await runLoud({ force_upcast: false });
    const small = await runLoud({ force_upcast: true, scaling_factor: 0.13025 });
    expect(plain.greatest).toBeGreaterThan(2 * HALF_MAX);
    expect(small.greatest).toBeLessThan(HALF_MAX / 2);
    const apart = Math.max(...small.image.map((value, i) => Math.abs(value - plain.image[i])));
    expect(apart).toBeLessThan(1e-4 * Math.max(...plain.image.map(Math.abs)));
  });
});
