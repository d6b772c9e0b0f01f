/** Upscalers on ONNX Runtime's wasm provider: the one that ships with the app, and pictures whose sides do not fit, against spandrel and torch. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_UPSCALER } from '../src/core/catalog/built-in-upscaler';
import { openUpscaler } from '../src/core/checkpoints/open-upscaler';
import { bytesSource, readSafetensors } from '../src/core/formats';
import type { Pixels } from '../src/core/image';
import { planPatches, readPatch } from '../src/core/image/patches';
import { psnr } from '../src/core/image/testing/psnr';
import { openNetwork } from '../src/core/networks';
import { fillGraph } from '../src/core/weights/testing/fill-graph';
import { relativeError } from '../src/core/weights/testing/numbers';
import { openBundledPack } from '../src/engine/models/bundled-pack';
import { Upscaler } from '../src/engine/models/upscaler';
import type { OperationContext } from '../src/engine/operations/implementation';
import { upscaleImage } from '../src/engine/operations/upscale-image';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';

const ROOT = new URL('../', import.meta.url);
const FIXTURES = 'src/core/networks/fixtures/';
const read = async (path: string) => new Uint8Array(await readFile(fileURLToPath(new URL(path, ROOT))));

async function picture(path: string): Promise<Pixels> {
  const { width, height, data } = PNG.sync.read(Buffer.from(await read(path)));
  return { width, height, data: Uint8ClampedArray.from(data) };
}

/** Enlarges as the operation does, in patches of that side. */
async function upscaled(pixels: Pixels, side: number): Promise<{ pixels: Pixels; patches: number }> {
  const entry = BUILT_IN_UPSCALER;
  const files = createNodePorts().createFiles(entry, '');
  const open = await openBundledPack({ files, name: entry.name, onProgress: () => undefined, hasExtras: false });
  const upscaler = new Upscaler({ entry, open, runtime: createNodeRuntime(), room: { side, isWide: false } });
  let patches = 0;
  const context: Pick<OperationContext, 'upscalers' | 'pause' | 'onEvent'> = {
    upscalers: { get: () => Promise.resolve(upscaler), revisionOf: () => Promise.resolve('') },
    pause: () => Promise.resolve(),
    onEvent: ({ type }) => {
      if (type === 'tile') patches++;
    },
  };
  const task = { key: '', settings: { upscaler: entry.id }, inputs: { image: { pixels, tiles: 1 } } };
  const [{ outputs }] = await upscaleImage.run([task], context as OperationContext);
  await upscaler.dispose();
  return { pixels: outputs.image.pixels, patches };
}

describe('the upscaler of the app', () => {
  let small: Pixels;
  let whole: Pixels;
  beforeAll(async () => {
    small = await picture('tools/starter/fixtures/golden-green-apple-blue-euler.png');
    whole = (await upscaled(small, 256)).pixels;
  });

  it('makes of a picture what torch makes of it with the published weights', async () => {
    const expected = await picture(`${FIXTURES}upscaler-compact/green-apple.png`);
    expect([whole.width, whole.height]).toEqual([expected.width, expected.height]);
    expect(psnr(whole.data, expected.data)).toBeGreaterThan(60);
    expect(greatestDifference(whole, expected)).toBeLessThanOrEqual(1);
  });

  it('makes the same in patches', async () => {
    const { pixels, patches } = await upscaled(small, 96);
    expect(patches).toBe(4);
    expect(greatestDifference(pixels, whole)).toBeLessThanOrEqual(1);
  });
});

const greatestDifference = (a: Pixels, b: Pixels): number =>
  a.data.reduce((most, level, i) => Math.max(most, Math.abs(level - b.data[i])), 0);

describe('a picture whose sides are no multiples', () => {
  it.each(['rrdb-x2', 'rrdb-x1'])('is mirrored beyond its right and bottom, as spandrel does: %s', async (name) => {
    const folder = `${FIXTURES}upscaler-${name}/`;
    const { tensors, source } = await readSafetensors(bytesSource('io', await read(`${folder}io_odd.safetensors`)));
    const values = async (key: string) => {
      const { offset = 0, byteLength = 0, shape = [] } = tensors.get(key) ?? {};
      return { data: new Float32Array((await source.read(offset, byteLength)).buffer), shape };
    };
    const [image, expected] = [await values('image'), await values('upscaled')];
    const [, , height, width] = image.shape;
    const opened = await openUpscaler(bytesSource('weights', await read(`${folder}weights.safetensors`)));
    const { scale, multiple } = opened.sizes;
    const graph = openNetwork(opened.component, { file: name, config: opened.config }).build('portable');
    const session = await createNodeRuntime().createSession(await fillGraph(graph, opened.tensors));
    const [patch] = planPatches({ width, height }, { side: 64, halo: 16, multiple });
    const data = readPatch(interleaved(image.data, width, height), patch);
    const made = (await session.run({ image: { data, dims: [1, 3, patch.height, patch.width] } }))['upscaled'];
    await session.dispose();
    const [across, down] = [patch.width * scale, patch.height * scale];
    const cut = Float32Array.from(expected.data, (_, i) => {
      const [row, x] = [Math.floor(i / (width * scale)), i % (width * scale)];
      const [plane, y] = [Math.floor(row / (height * scale)), row % (height * scale)];
      return made[(plane * down + y) * across + x];
    });
    expect([width % multiple, height % multiple]).not.toEqual([0, 0]);
    expect(relativeError(cut, expected.data)).toBeLessThan(1e-4);
  });
});

/** RGB in 0…1 in steps of a level, planar. */
function interleaved(planes: Float32Array, width: number, height: number): Pixels {
  const count = width * height;
  const data = Uint8ClampedArray.from({ length: 4 * count }, (_, i) =>
    i % 4 === 3 ? 255 : 255 * planes[(i % 4) * count + (i >> 2)],
  );
  return { width, height, data };
}
