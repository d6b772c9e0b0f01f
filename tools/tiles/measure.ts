/** How far a picture developed, or read, in tiles is from the same picture as a whole: by the starter's autoencoder, the only trained one here. */
import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import { PNG } from 'pngjs';
import { Checkpoint } from '../../src/core/checkpoints';
import { cutTile, planTiles, planesToPixels, TiledPicture } from '../../src/core/image';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  latentFactor,
  readAutoencoderConfig,
  type AutoencoderConfig,
} from '../../src/core/networks';
import { fillGraph } from '../../src/core/weights/testing/fill-graph';
import { relativeError } from '../../src/core/weights/testing/numbers';
import type { RawSession } from '../../src/engine/ports';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { STARTER_MODEL } from '../lib/paths.mjs';
import { openSources } from '../../src/core/testing/open-sources';

interface Size {
  width: number;
  height: number;
}

interface Subject {
  decoder: RawSession;
  encoder: RawSession;
  config: AutoencoderConfig;
  latent: Float32Array;
  /** RGB in −1…1, planar. */
  planes: Float32Array;
  size: Size;
}

/** Cells along a side of the tiles that are tried. */
const SIDES = [24, 32, 40, 48, 64];

/** @param path  a PNG whose sides are multiples of 16: it is made a latent by the starter's encoder, and developed from that @yields lines of a table */
export async function* measureTiles(path: string): AsyncGenerator<string> {
  yield '| latent | tiles of | tiles | PSNR | largest difference, of 255 | of pixels, 1 or less |';
  yield '| --- | --- | --- | --- | --- | --- |';
  const subject = await starterSubject(path);
  yield* measured(subject);
  yield '';
  yield '| latent | read in tiles of | tiles | latent, relative L2 | PSNR of the picture that it develops to |';
  yield '| --- | --- | --- | --- | --- |';
  yield* measuredReading(subject);
  await subject.encoder.dispose();
  await subject.decoder.dispose();
}

/** The same decoder shows, as a whole, the latent that was read in tiles and the one that was not. */
async function* measuredReading({ decoder, encoder, config, latent, planes, size }: Subject): AsyncGenerator<string> {
  const factor = latentFactor(config);
  const show = async (data: Float32Array): Promise<Uint8ClampedArray> => {
    const dims = [1, config.latentChannels, size.height, size.width];
    const { image } = await decoder.run({ latent: { data, dims } });
    return planesToPixels(image, size.width * factor, size.height * factor).data;
  };
  const whole = await show(latent);
  const pixels = { width: size.width * factor, height: size.height * factor };
  for (const side of SIDES.filter((cells) => cells < Math.max(size.width, size.height))) {
    const read = new TiledPicture(size, { factor: 1, planes: config.latentChannels });
    const tiles = planTiles(size, side);
    for (const tile of tiles) {
      const [x, y, width, height] = [tile.x, tile.y, tile.width, tile.height].map((cells) => cells * factor);
      const data = cutTile(planes, pixels, { x, y, width, height });
      const { moments } = await encoder.run({ image: { data, dims: [1, 3, height, width] } });
      read.add(tile, moments.subarray(0, moments.length / 2));
    }
    const values = read.values();
    const { psnr } = compare(await show(values), whole);
    const cells = `${size.width} × ${size.height}`;
    yield `| ${cells} | ${side} | ${tiles.length} | ${relativeError(values, latent).toExponential(1)} | ${psnr.toFixed(1)} dB |`;
  }
}

async function* measured({ decoder, config, latent, size }: Subject): AsyncGenerator<string> {
  const decode = async (data: Float32Array, part: Size): Promise<Float32Array> =>
    (await decoder.run({ latent: { data, dims: [1, config.latentChannels, part.height, part.width] } }))['image'];
  const factor = latentFactor(config);
  const levels = (planes: Float32Array): Uint8ClampedArray =>
    planesToPixels(planes, size.width * factor, size.height * factor).data;
  const whole = levels(await decode(latent, size));
  for (const side of SIDES.filter((cells) => cells < Math.max(size.width, size.height))) {
    const picture = new TiledPicture(size, { factor, planes: 3 });
    const tiles = planTiles(size, side);
    for (const tile of tiles) picture.add(tile, await decode(cutTile(latent, size, tile), tile));
    const { psnr, largest, alike } = compare(levels(picture.values()), whole);
    const cells = `${size.width} × ${size.height}`;
    yield `| ${cells} | ${side} | ${tiles.length} | ${psnr.toFixed(1)} dB | ${largest} | ${(100 * alike).toFixed(1)} % |`;
  }
}

function compare(actual: Uint8ClampedArray, expected: Uint8ClampedArray) {
  let [squares, largest, alike, count] = [0, 0, 0, 0];
  actual.forEach((level, i) => {
    if (i % 4 === 3) return; // opaque
    const difference = Math.abs(level - expected[i]);
    squares += difference ** 2;
    largest = Math.max(largest, difference);
    alike += difference <= 1 ? 1 : 0;
    count += 1;
  });
  return { psnr: 10 * Math.log10((255 ** 2 * count) / squares), largest, alike: alike / count };
}

async function starterSubject(path: string): Promise<Subject> {
  const { sources } = await openSources(STARTER_MODEL);
  const json = sources.find(({ name }) => name === 'vae/config.json');
  if (!json) throw new Error('the starter has no autoencoder');
  const config = readAutoencoderConfig(
    'config.json',
    JSON.parse(new TextDecoder().decode(await json.read(0, json.size))),
  );
  const checkpoint = await Checkpoint.open(
    sources.filter(({ name }) => name === 'vae/diffusion_pytorch_model.safetensors'),
  );
  const encoder = await session(await fillGraph(buildAutoencoderEncoder(config, 'portable'), checkpoint));
  const png = PNG.sync.read(await readFile(path));
  const [pixels, factor] = [png.width * png.height, latentFactor(config)];
  const planes = Float32Array.from(
    { length: 3 * pixels },
    (_, i) => png.data[4 * (i % pixels) + Math.floor(i / pixels)] / 127.5 - 1,
  );
  const { moments } = await encoder.run({ image: { data: planes, dims: [1, 3, png.height, png.width] } });
  const decoder = await session(await fillGraph(buildAutoencoderDecoder(config, 'portable'), checkpoint));
  const size = { width: png.width / factor, height: png.height / factor };
  return { decoder, encoder, config, latent: moments.slice(0, moments.length / 2), planes, size };
}

const session = (graph: Parameters<typeof createOrtSession>[2]): Promise<RawSession> =>
  createOrtSession(ort as unknown as Ort, ['wasm'], graph);
