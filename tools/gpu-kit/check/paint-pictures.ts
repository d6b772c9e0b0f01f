/** Whole pictures of the built-in model through the app's own engine, against those of torch, diffusers and k-diffusion. */
import manifest from '../../../models-manifest.json';
import { bundledPath, parseCatalog, type ModelEntry } from '../../../src/core/catalog';
import type { PictureRow } from '../../../src/core/bench';
import { AppError } from '../../../src/core/errors';
import { bytesSource } from '../../../src/core/formats';
import type { GenerationRequest } from '../../../src/core/recipe/request';
import { Engine } from '../../../src/engine/engine';
import type { Ports } from '../../../src/engine/ports';
import { createClipTokenizer } from '../../../src/platform/text/clip-tokenizer';
import type { CheckHost } from './check-host';
import type { CheckDevice } from './open-device';

/** As tools/starter/golden_picture.py writes it; its pixels lie beside it, three bytes each. */
interface Golden {
  prompt: string;
  negative_prompt: string;
  sampler: GenerationRequest['sampler'];
  schedule: GenerationRequest['schedule'];
  noise: GenerationRequest['noise'];
  steps: number;
  cfg_scale: number;
  seed: number;
  width: number;
  height: number;
}

/** In half precision 66 to 70 dB were seen on Mesa's lavapipe. */
export const MIN_PSNR_DB = 50;

const [STARTER] = parseCatalog(manifest).models;

/** A row for each picture; each is painted twice, for the first compiles. */
export async function paintPictures(
  { runtime, device }: CheckDevice,
  { host, onRow }: { host: Pick<CheckHost, 'read' | 'now' | 'tell'>; onRow(row: PictureRow): void },
): Promise<void> {
  const halfPrecision = device.features.has('shader-f16');
  const activations = halfPrecision ? 'float16' : 'float32';
  const engine = new Engine(
    createPorts(host, { ...runtime, device: { provider: 'webgpu', adapter: '', halfPrecision } }),
  );
  const names = JSON.parse(new TextDecoder().decode(await host.read('pictures/names.json'))) as string[];
  for (const name of names) {
    await host.tell({ type: 'progress', text: `picture, ${name}` });
    const row = { name, activations, limit: MIN_PSNR_DB } as const;
    try {
      const golden = JSON.parse(new TextDecoder().decode(await host.read(`pictures/${name}.json`))) as Golden;
      const expected = await host.read(`pictures/${name}.rgb`);
      const request = requestOf(golden, STARTER);
      const start = host.now();
      await engine.generate(request, STARTER, () => undefined);
      const between = host.now();
      const { pixels, timings } = await engine.generate(request, STARTER, () => undefined);
      onRow({
        ...row,
        firstSeconds: (between - start) / 1000,
        seconds: (host.now() - between) / 1000,
        denoiseSeconds: timings.denoiseSeconds,
        steps: golden.steps,
        psnr: psnr(pixels.data, expected),
      });
    } catch (thrown) {
      onRow({ ...row, failure: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }
}

function requestOf(golden: Golden, model: ModelEntry): GenerationRequest {
  const { prompt, negative_prompt, sampler, schedule, noise, steps, cfg_scale, seed, width, height } = golden;
  const same = { prompt, sampler, schedule, noise, steps, seed, width, height };
  return { ...same, model: model.id, negativePrompt: negative_prompt, cfgScale: cfg_scale };
}

function createPorts(
  { read, now }: Pick<CheckHost, 'read' | 'now'>,
  runtime: Awaited<ReturnType<Ports['createRuntime']>>,
): Ports {
  const nothing = (): Promise<void> => Promise.resolve();
  const rest = (ms?: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const folder = bundledPath(STARTER) ?? '';
  return {
    // of the kit, which closes it
    createRuntime: () => Promise.resolve({ ...runtime, dispose: nothing }),
    createFiles: () => ({ open: async (path) => bytesSource(path, await read(`${folder}${path}`)) }),
    packs: { open: (id) => Promise.reject(new AppError('missing-file', `${id}: no such pack`)) },
    createTokenizer: createClipTokenizer,
    createClipTokenizer: () => Promise.reject(new AppError('missing-file', 'The built-in model brings its own words.')),
    calls: { read: () => Promise.resolve([]), write: nothing, remove: nothing },
    now,
    breathe: () => rest(),
    rest,
  };
}

/** Of pixels with alpha against such without. In decibels; ∞ where they are the same. */
export function psnr(rgba: ArrayLike<number>, rgb: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < rgb.length; i++) sum += (rgba[4 * Math.floor(i / 3) + (i % 3)] - rgb[i]) ** 2;
  return sum === 0 ? Infinity : 10 * Math.log10(255 ** 2 / (sum / rgb.length));
}
