/** Pictures developed in tiles against the same developed as a whole, by a real decoder on the CPU. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Checkpoint } from '../../core/checkpoints';
import { bytesSource } from '../../core/formats';
import { cutTile, planTiles, planesToPixels, TiledPicture } from '../../core/image';
import { buildAutoencoderDecoder, latentFactor, readAutoencoderConfig, type LatentSize } from '../../core/networks';
import { fillGraph } from '../../core/weights/testing/fill-graph';
import { gaussian } from '../../core/weights/testing/numbers';
import type { RawSession } from '../../engine/ports';
import { createOrtSession, type Ort } from './ort-session';

const folder = new URL('../../../tools/starter/model/vae/', import.meta.url);
const read = (name: string): Promise<Buffer> => readFile(fileURLToPath(new URL(name, folder)));

/** The starter's, the only trained one here: 16 pixels a cell. */
let decoder: RawSession;
let channels: number;
let factor: number;

beforeAll(async () => {
  const config = readAutoencoderConfig('config.json', JSON.parse(String(await read('config.json'))));
  const name = 'diffusion_pytorch_model.safetensors';
  const checkpoint = await Checkpoint.open([bytesSource(name, new Uint8Array(await read(name)))]);
  const graph = await fillGraph(buildAutoencoderDecoder(config, 'portable'), checkpoint);
  decoder = await createOrtSession(ort as unknown as Ort, ['wasm'], graph);
  [channels, factor] = [config.latentChannels, latentFactor(config)];
});
afterAll(() => decoder.dispose());

const decode = async (data: Float32Array, { width, height }: LatentSize): Promise<Float32Array> =>
  (await decoder.run({ latent: { data, dims: [1, channels, height, width] } }))['image'];

describe('a picture in tiles', () => {
  const size = { width: 36, height: 10 };

  async function psnr(side: number): Promise<number> {
    const latent = gaussian(channels * size.width * size.height, 5);
    const levels = (planes: Float32Array) => planesToPixels(planes, size.width * factor, size.height * factor).data;
    const whole = levels(await decode(latent, size));
    const picture = new TiledPicture(size, { factor, planes: 3 });
    const tiles = planTiles(size, side);
    for (const tile of tiles) picture.add(tile, await decode(cutTile(latent, size, tile), tile));
    const squares = levels(picture.values()).reduce((sum, level, i) => sum + (level - whole[i]) ** 2, 0);
    return 10 * Math.log10((255 ** 2 * 0.75 * whole.length) / squares); // three channels of four
  }

  it('is near the whole: only the statistics of its norms are of another part of the picture', async () => {
    const near = await psnr(32);
    expect(near).toBeGreaterThan(45);
    expect(near).toBeLessThan(Infinity);
  });
});
